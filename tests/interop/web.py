#!/usr/bin/env python3
"""web.py - `head` and `get` where earlier versions went wrong: names with dead addresses, certificates, secrets, bytes of URLs, peers that speak
something else, 1xx answers (rows KW of the catalogue). Peers are scripted here, or openssl's."""
import base64
import contextlib
import os
import socket
import ssl
import struct
import subprocess
import threading
import time

from harness import SOUNDER, Machine, Skip, folder, free_port, main, need, process, run, run_json, wait_port, wait_until
from terminal import Screen
from web_peer import OK, Peer

def sends(*pieces, gap=0.0, hold=0.0):
    def serve(connection, _):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(gap)
        time.sleep(hold)
    return serve


class Names:
    """A name server: answers every name with records(), a list of addresses, of that time to live; rcode where there is one."""

    def __init__(self, records, ttl=60, rcode=0):
        self.records, self.ttl, self.rcode, self.asked = records, ttl, rcode, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.at = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                query, peer = self.socket.recvfrom(1500)
                end = query.index(b"\0", 12) + 5
                six = query[end - 4:end - 2] == b"\0\x1c"
                self.asked += 1
                found = [] if self.rcode else [a for a in self.records() if (":" in a) == six]
                body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", 28 if six else 1, 1, self.ttl, 16 if six else 4) +
                                socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, a) for a in found)
                head = query[:2] + struct.pack(">HHHHH", 0x8180 | self.rcode, 1, len(found), 0, 0)
                self.socket.sendto(head + query[12:end] + body, peer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


# ---- W1, A2: addresses and names ----

def test_KW1_one_address_lives():
    eight = [f"127.1.0.{n}" for n in range(1, 9)]
    for alive in (0b00000001, 0b10000000, 0b00010000, 0b10100100, 0b01111110, 0b11111111):
        port = free_port(host="127.1.0.1")
        with contextlib.ExitStack() as stack:
            names = stack.enter_context(Names(lambda: eight))
            for n, address in enumerate(eight):
                if alive >> n & 1:
                    stack.enter_context(Peer(host=address, port=port))
            for command in ("head", "get"):
                code, (answer,) = run_json(command, f"http://eight.example:{port}/", "-4", "--server", names.at)
                assert code == 0 and answer["outcome"] == "ok" and answer["status_code"] == 200, answer
                tries = answer["attempts"]
                winner = [t for t in tries if t["outcome"] == "ok"]
                assert len(winner) == 1 and winner[0]["address"] == f"{answer['remote_address']}:{port}", tries
                dead = [t["address"].split(":")[0] for t in tries if t["outcome"] == "refused"]
                assert all(a in answer["why"] for a in dead) and (dead or not answer["why"]), answer["why"]
                assert all(t["errno"] == "ECONNREFUSED" for t in tries if t["outcome"] == "refused"), tries
                phases = answer["phases"]
                assert abs(sum(v for k, v in phases.items() if k != "total_seconds" and v) - answer["time_total"]) < 1e-6, phases
                text = run(command, f"http://eight.example:{port}/", "-4", "--server", names.at)
                printed = text.stdout if command == "head" else text.stderr
                assert text.returncode == 0 and (not dead or dead[0] in printed), text


def test_KW1_one_family_dead():
    with Peer() as peer, Names(lambda: ["::1", "127.0.0.1"]) as names:
        start = time.monotonic()
        code, (answer,) = run_json("head", f"http://two.example:{peer.port}/", "--server", names.at)
        assert code == 0 and answer["remote_address"] == "127.0.0.1" and time.monotonic() - start < 3, answer
        if len(answer["attempts"]) > 1:  # which comes first is this host's affair (RFC 6724)
            assert "::1" in answer["why"] and "127.0.0.1 answered" in answer["why"], answer["why"]
        secure = ["--proxy", f"two.example:{peer.port}", "--server", names.at]
        code, (answer,) = run_json("head", "http://else.invalid/x", *secure)
        assert code == 0 and peer.requests[-1].startswith(b"HEAD http://else.invalid/x "), answer
        code, (answer,) = run_json("head", "https://else.invalid/x", *secure)
        assert peer.requests[-1].startswith(b"CONNECT else.invalid:443 "), (answer, peer.requests)


def test_KW1_a_silent_address_is_overtaken():
    port = free_port(host="127.1.0.2")
    with contextlib.ExitStack() as stack:
        silent = stack.enter_context(socket.socket())
        silent.bind(("127.1.0.1", port))
        silent.listen(0)
        for _ in range(4):  # its queue is full: what comes now is dropped
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.1.0.1", port))
        stack.enter_context(Peer(host="127.1.0.2", port=port))
        names = stack.enter_context(Names(lambda: ["127.1.0.1", "127.1.0.2"]))
        code, (answer,) = run_json("head", f"http://two.example:{port}/", "-4", "--server", names.at)
        assert code == 0 and answer["remote_address"] == "127.1.0.2", answer
        if answer["attempts"][0]["address"].startswith("127.1.0.1"):
            assert answer["waited_seconds"] >= 0.2 and answer["phases"]["connect_seconds"] < answer["waited_seconds"], answer
            assert answer["time_connect"] >= 0.2 and "127.1.0.1" in answer["why"], answer


def test_KW1_all_dead_each_with_its_reason():
    port = free_port()
    with Names(lambda: ["127.1.0.1", "127.1.0.2", "127.1.0.3"]) as names:
        code, (answer,) = run_json("head", f"http://dead.example:{port}/", "-4", "--server", names.at)
        assert (code, answer["outcome"], answer["failed_at"], answer["errno"]) == (1, "refused", "connect", "ECONNREFUSED"), answer
        assert all(f"127.1.0.{n}" in answer["why"] for n in (1, 2, 3)) and len(answer["attempts"]) == 3, answer
        assert answer["curl_code"] == 7 and answer["remote_address"] is None and answer["time_connect"] is None, answer


def test_KA2_a_dead_resolver_is_not_the_target():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for command in ("head", "get"):
        done = run(command, "http://web.example/", "--server", f"127.0.0.1:{port}")
        assert done.returncode == 2 and "refused by" not in done.stdout and "web.example" in done.stdout + done.stderr, done
        code, objects = run_json(command, "http://web.example/", "--server", f"127.0.0.1:{port}")
        assert code == 2 and all(o["outcome"] == "resolve_failed" for o in objects), objects
    with Names(lambda: [], rcode=5) as names:
        code, objects = run_json("head", "http://web.example/", "--server", names.at)
        assert code == 2 and all(o["outcome"] == "resolve_failed" for o in objects), objects


def test_KC11_nothing_was_looked_up():
    with Peer() as peer, Names(lambda: ["127.0.0.1"]) as names:
        code, (answer,) = run_json("head", peer.url())
        assert code == 0 and answer["time_namelookup"] is None and answer["phases"]["lookup_seconds"] is None, answer
        assert "lookup" not in run("head", peer.url()).stdout.lower()
        code, objects = run_json("head", f"http://w.example:{peer.port}/", "-4", "--server", names.at, "-c", 3, "-i", "50ms")
        times = {o["sequence"]: o["time_namelookup"] for o in objects if o["type"] == "probe"}  # the order is that of the answers
        assert times[1] > 0 and (times[2], times[3]) == (None, None), objects


# ---- W3: a watch asks again ----

def test_KW3_asked_again_when_the_ttl_is_over():
    now = ["127.1.0.1"]
    port = free_port(host="127.1.0.1")
    with Names(lambda: now, ttl=5) as names, Peer(host="127.1.0.1", port=port) as old, Peer(host="127.1.0.2", port=port) as new:
        args = ["head", f"http://moves.example:{port}/", "-4", "--server", names.at, "-i", "250ms", "-w", "12", "--json"]
        with subprocess.Popen([SOUNDER, *args], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as child:
            try:
                assert wait_until(lambda: old.connections >= 2, 5)
                now[0] = "127.1.0.2"
                assert wait_until(lambda: new.connections >= 2, 10), (old.connections, new.connections)
                before = old.connections
                time.sleep(0.8)
                assert old.connections <= before + 1 and names.asked <= 6, (old.connections, names.asked)
            finally:
                child.terminate()
                child.wait(5)


# ---- W4: bytes of a URL ----

def test_KW4_only_ascii_leaves():
    with Peer() as peer:
        rows = [("/?q=größe", b"/?q=gr%C3%B6%C3%9Fe"), ("/größe", b"/gr%C3%B6%C3%9Fe"), ("/a b", b"/a%20b"), ("/?x=a|b", b"/?x=a%7Cb"),
                ("/\x1b[2J", b"/%1B%5B2J"), ("/%C3%B6?%20", b"/%C3%B6?%20"), ("/50%", b"/50%25"), ("/?日本", b"/?%E6%97%A5%E6%9C%AC"),
                ("/a#ü", b"/a")]
        for path, sent in rows:
            code, (answer,) = run_json("head", peer.url(path))
            assert code == 0 and peer.requests[-1].split(b" ")[1] == sent, (path, peer.requests[-1])
            assert all(31 < c < 127 or c in b"\r\n" for c in peer.requests[-1]), peer.requests[-1]
            assert answer["target"] == peer.url(path), answer["target"]
        for host in ("\u00ad", "\u00ad\u200b", "a\u00ad", "ho%7Fst", "h\x7f"):
            before = len(peer.requests)
            done = run("head", f"http://{host}/", "--connect-to", f"::127.0.0.1:{peer.port}")
            assert done.returncode == 2 and done.stdout == "" and len(peer.requests) == before, (host, done)


# ---- W5: what is no HTTP ----

def test_KW5_shown_whole_with_a_guess():
    http2 = b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\0\x10\0\0\0\x05\0\0\x40\0"
    rows = [((b"SSH-2.0-OpenSSH_9.2\r\n",), "SSH", "SSH-2.0-OpenSSH_9.2"), ((http2,), "HTTP/2", "\\x00\\x00\\x12\\x04\\x00"),
            ((b"\x15\x03\x01\0\x02\x02\x46",), "TLS", "\\x15\\x03\\x01\\x00\\x02\\x02F"), ((b"220 mail ", b"ESMTP ready\r\n"), "SMTP", "220 mail ESMTP"),
            ((b"abc\0def\0", b"ghi"), None, "abc\\x00def\\x00ghi"), ((b"a" * 700 + b"\0" + b"z" * 200,), None, "zzz")]
    for pieces, guess, text in rows:
        with Peer(sends(*pieces, gap=0.05, hold=0.3), read=False) as peer:
            for command in ("head", "get"):
                code, (answer,) = run_json(command, peer.url())
                assert (code, answer["outcome"]) == (1, "malformed") and answer["looks_like"] == guess, answer
                assert text in answer["first_bytes"] and text in answer["why"], answer
                assert guess is None or f"looks like {guess}" in answer["why"], answer["why"]
                printed = run(command, peer.url())
                printed = printed.stdout if command == "head" else printed.stderr
                assert text in printed and not any(c < " " and c != "\n" for c in printed), printed
    with Peer(sends(b"http/1.1 200 ok\r\nX: y\r\n\r\n")) as peer:  # libcurl takes that for HTTP
        code, (answer,) = run_json("head", peer.url())
        assert (code, answer["outcome"]) == (1, "malformed") and "not HTTP: http/1.1 200 ok" in answer["why"], answer
    with Peer(lambda c, _: (c.recv(1), time.sleep(0.05), sends(b"HTTP/1.1 400 Bad Request\r\n\r\n", hold=0.3)(c, _)), read=False) as peer:
        code, (answer,) = run_json("head", f"https://127.0.0.1:{peer.port}/")
        assert (code, answer["outcome"], answer["looks_like"]) == (1, "tls", "HTTP without TLS"), answer
    with Peer(lambda c, _: (c.recv(1), time.sleep(0.05), sends(b"SSH-2.0-x\r\n", hold=0.3)(c, _)), read=False) as peer:
        code, (answer,) = run_json("head", f"https://127.0.0.1:{peer.port}/")
        assert (code, answer["outcome"], answer["looks_like"]) == (1, "tls", "SSH") and "SSH-2.0-x" in answer["why"], answer


# ---- W6: secrets ----

USER, PASSWORD, TOKEN = "zuseruserz", "zpasspassz", "ztokentokenz"


def clean(what, *texts):
    for text in texts:
        for secret in (USER, PASSWORD, TOKEN, base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()):
            assert secret not in text, f"{what}: {secret} in {text[:600]}"


def test_KW6_credentials_are_sent():
    basic = b"Basic " + base64.b64encode(b"us er:p@ss:w%rd")
    with Peer() as peer:
        for url in (f"http://us%20er:p%40ss:w%25rd@127.0.0.1:{peer.port}/", f"us%20er:p%40ss:w%25rd@127.0.0.1:{peer.port}"):
            code, (answer,) = run_json("head", url)
            assert code == 0 and b"Authorization: " + basic in peer.requests[-1], peer.requests[-1]
            assert b"@" not in peer.requests[-1], peer.requests[-1]
        code, (answer,) = run_json("head", "http://h.invalid/", "--proxy", f"http://us%20er:p%40ss:w%25rd@127.0.0.1:{peer.port}")
        assert code == 0 and b"Proxy-Authorization: " + basic in peer.requests[-1], peer.requests[-1]
        run("head", peer.url(), "-H", f"X-Auth-Token: {TOKEN}")
        assert TOKEN.encode() in peer.requests[-1], peer.requests[-1]


def test_KW6_no_secret_in_any_output():
    secret = f"{USER}:{PASSWORD}"
    with Peer() as peer, Peer(sends(b"SSH-2.0-x\r\n"), read=False) as other, Peer(lambda c, r: c.sendall(r)) as mirror:
        at, closed = f"127.0.0.1:{peer.port}", free_port()
        heads = ["-H", f"Authorization: Bearer {TOKEN}", "-H", f"Cookie: a={TOKEN}", "-H", f"X-Api-Key: {TOKEN}"]
        good = [[f"http://{secret}@{at}/?a|b", *heads], [f"{secret}@{at}", *heads], [f"http://{TOKEN}@{at}/"],
                ["http://h.invalid/", "--proxy", f"http://{secret}@{at}"], ["http://h.invalid/", "--proxy", f"{secret}@{at}", *heads]]
        bad = [[f"http://{secret}@127.0.0.1:{closed}/"], [f"http://{secret}@127.0.0.1:{other.port}/"],
               [f"http://{secret}@127.0.0.1:{mirror.port}/", *heads], [f"https://{secret}@{at}/"],
               [f"http://{secret}@nothing.invalid/", "--server", f"127.0.0.1:{closed}", "-W", "1"],
               [f"http://{secret}@{at}/", "--proxy", f"http://{secret}@127.0.0.1:{closed}"]]
        refused = [[f"http://{secret}@{at}9999/"], [f"http://{secret}@/"], [f"ftp://{secret}@h/"], [f"http://{USER}:{PASSWORD[:4]}/{PASSWORD}@h/"],
                   [f"http://{USER}:{PASSWORD}#@h/"], [f"http://{secret}%00@h/"], [f"http://{secret}@a b/"], [f"http://{secret}@\u00ad/"],
                   [f"http://h/", "--proxy", f"ftp://{secret}@h"], ["http://h/", "--proxy", f"{secret}@h/x"],
                   ["http://h/", "--proxy", f"http://{secret}@010.0.0.1"], ["http://h/", "-H", f"Authorization Bearer {TOKEN}"],
                   ["http://h/", "-H", f"Cookie: a\r\nb: {TOKEN}"], ["http://h/", f"http://{secret}@h/"], [f"http://{secret}@h/", "--nosuch"],
                   [f"http://{secret}@{'h' * 300}/"], [f"http://{USER}:{'x' * 400}{PASSWORD}@h:99999/"]]
        for command in ("head", "get"):
            for args in good + bad + refused:
                forms = ([], ["--json"], ["--csv"], ["-c", "2", "-i", "10ms", "--json"])
                for form in forms if args in good else forms[:2]:
                    done = run(command, *args, *form)
                    assert (done.returncode == 0) == (args in good) and (done.returncode == 2 or args not in refused), (command, args, form, done)
                    clean((command, args, form), done.stdout, done.stderr)
        for command in ("ping", "tcp", "host", "resolve", "dns", "ip", "route", "echo", "daytime", "port"):
            done = run(command, f"http://{secret}@h/")
            clean(command, done.stdout.replace(f"its host is {USER}", ""), done.stderr.replace(f"its host is {USER}", ""))


def test_KW6_no_secret_on_the_screen_in_logs_or_configs():
    secret = f"{USER}:{PASSWORD}"
    with Peer() as peer, folder() as path:
        closed, log, saved = free_port(), path / "log", path / "saved.conf"
        (path / "c").write_text(f"head http://{secret}@127.0.0.1:{peer.port}/ -H 'Authorization: Bearer {TOKEN}' --interval 100ms\n"
                                f"head http://{secret}@127.0.0.1:{closed}/ --interval 100ms\n")
        with Screen("-f", str(path / "c"), "--log", str(log), rows=40, columns=160, keep=False) as screen:
            assert wait_until(lambda: len(peer.requests) >= 3, 10), peer.requests
            for keys in (b"1", b"Y", b"y", b"\r", b"\x1b", b"6", b"\r", b"8", b"1", b"e", b"\x1b"):
                screen.send(keys)
                screen.read(0.3)
            screen.send(f":write-config {saved}\r".encode())
            assert wait_until(saved.exists, 5)
            screen.read(0.5)
            shown = screen.output.decode(errors="replace")
            screen.send(b"q")
            screen.read(1)
        copied = "".join(base64.b64decode(part + "==", validate=False).decode(errors="replace") for part in
                         (piece.split(";")[1].split("\x07")[0].split("\x1b")[0] for piece in shown.split("\x1b]52;")[1:] if ";" in piece))
        clean("screen", shown)
        clean("copies", copied)
        clean("config", saved.read_text())
        clean("log", log.read_text() if log.exists() else "")
        assert "***" in saved.read_text(), saved.read_text()
        assert f"Bearer {TOKEN}".encode() in peer.requests[0] and b"@" not in peer.requests[0], peer.requests[0]
        done = run("head", f"http://***@127.0.0.1:{peer.port}/")
        assert done.returncode == 2 and "***" in done.stderr, done


# ---- W7, W8: certificates and handshakes ----

def openssl(path, *args, ago=""):
    subprocess.run([*(["faketime", ago] if ago else []), "openssl", *args], check=True, capture_output=True, cwd=path)


def sign(path, name, subject, issuer=None, ext="", days=30, ago="", key=("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"), digest="sha256"):
    """Makes NAME.pem and NAME.key, signed by `issuer` or itself."""
    request = [*key, "-nodes", "-keyout", f"{name}.key", "-subj", f"/CN={subject}"]
    (path / f"{name}.ext").write_text(ext or f"subjectAltName=DNS:{subject}\n")
    openssl(path, "req", *request, "-out", f"{name}.csr")
    by = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial"] if issuer else ["-signkey", f"{name}.key"]
    openssl(path, "x509", "-req", "-in", f"{name}.csr", *by, "-out", f"{name}.pem", "-days", str(days), f"-{digest}", "-extfile", f"{name}.ext", ago=ago)


CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n"


@contextlib.contextmanager
def authorities():
    """root signs middle signs www; middle ends first."""
    need("openssl", "faketime")
    with folder() as path:
        sign(path, "root", "Web root", ext=CA, days=300)
        sign(path, "middle", "Web middle", "root", ext=CA, days=9)
        sign(path, "www", "www.test", "middle", days=40)
        (path / "full.pem").write_text((path / "www.pem").read_text() + (path / "middle.pem").read_text())
        yield path


def tls_peer(path, name, chain=None, change=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path / f"{chain or name}.pem", path / f"{name}.key")
    if change:
        change(context)
    return Peer(context=context)


def asks(peer, path, host="www.test", *more, trust="root"):
    return run_json("head", f"https://{host}/", "--connect-to", f"::127.0.0.1:{peer.port}", "--cacert", path / f"{trust}.pem", *more)


def test_KW7_the_whole_chain():
    with authorities() as path, tls_peer(path, "www", "full") as peer:
        code, (answer,) = asks(peer, path)
        chain = answer["chain"]
        assert code == 0 and len(chain) == 2, answer
        for link, name in zip(chain, ("www", "middle")):
            facts = subprocess.run(["openssl", "x509", "-in", f"{name}.pem", "-noout", "-fingerprint", "-sha256"], cwd=path, capture_output=True, text=True)
            assert link["sha256"] == facts.stdout.split("=")[1].strip().replace(":", "").lower(), (link, facts.stdout)
            assert set(link) == {"subject", "issuer", "begins", "expires", "expires_in_days", "key", "signature", "names", "sha256"}, link
            assert link["key"] == "EC P-256" and link["signature"] == "ecdsa-with-SHA256", link
        assert chain[0]["subject"] == "CN=www.test" and chain[0]["issuer"] == chain[1]["subject"] == "CN=Web middle", chain
        assert chain[0]["names"] == ["www.test"] and chain[1]["issuer"] == "CN=Web root", chain
        assert chain[0]["expires_in_days"] in (39, 40) and chain[1]["expires_in_days"] in (8, 9), chain
        assert answer["chain_earliest_expiry"] == chain[1]["expires"] and answer["chain_earliest_subject"] == "CN=Web middle", answer
        assert answer["chain_earliest_index"] == 1, answer
        text = run("head", "https://www.test/", "--connect-to", f"::127.0.0.1:{peer.port}", "--cacert", path / "root.pem").stdout
        assert "CN=Web middle" in text and "expires in" in text.splitlines()[-1], text


def test_KW7_a_missing_intermediate_is_named():
    with authorities() as path, tls_peer(path, "www") as peer:
        code, (answer,) = asks(peer, path)
        assert (code, answer["outcome"], answer["failed_at"]) == (1, "tls", "tls"), answer
        assert "intermediate" in answer["why"] and "CN=Web middle" in answer["why"], answer["why"]
        assert len(answer["chain"]) == 1 and answer["phases"]["tls_seconds"] > 0, answer
        assert not any(peer.requests), "a request was sent to a peer that was not accepted"


def test_KW8_causes_a_person_can_act_on():
    def wants(context):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(path / "root.pem")

    def wants_by_12(context):
        wants(context)
        context.maximum_version = ssl.TLSVersion.TLSv1_2

    with authorities() as path:
        sign(path, "old", "www.test", "root", ago="20 days ago", days=10)
        sign(path, "new", "www.test", "root", ago="+20 days")
        sign(path, "self", "www.test")
        sign(path, "other", "other.test", "root")
        sign(path, "weak", "www.test", "root", key=("-newkey", "rsa:1024"))
        sign(path, "client", "www.test", "root", ext="extendedKeyUsage=clientAuth\nsubjectAltName=DNS:www.test\n")
        sign(path, "plain", "www.test", "root")
        rows = [("old", None, "expired 10 days ago"), ("new", None, "not yet valid"), ("self", None, "self-signed"),
                ("other", None, "DNS:other.test"), ("client", None, "another purpose"), ("plain", lambda c: wants(c), "client certificate"),
                ("plain", lambda c: wants_by_12(c), "client certificate")]
        reasons = set()
        for name, change, why in rows:
            with tls_peer(path, name, change=change) as peer:
                code, (answer,) = asks(peer, path)
                assert (code, answer["outcome"], answer["failed_at"]) == (1, "tls", "tls"), (name, answer)
                assert why in answer["why"], (name, answer["why"])
                assert answer["phases"]["tls_seconds"] > 0 and answer["time_total"] > 0, answer["phases"]
                reasons.add(answer["why"])
                text = run("head", "https://www.test/", "--connect-to", f"::127.0.0.1:{peer.port}", "--cacert", path / "root.pem").stdout
                assert why in text and "  TLS " in text, text
        assert len(reasons) == 6, reasons


def s_server(path, *args):
    port = free_port()
    return port, process("openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", path / args[0], "-key", path / args[1], "-www", "-quiet",
                         *args[2:], stdin=subprocess.DEVNULL)


def test_KW8_old_and_weak():
    with authorities() as path:
        sign(path, "plain", "www.test", "root")
        sign(path, "weak", "www.test", "root", key=("-newkey", "rsa:1024"))
        rows = [(["plain.pem", "plain.key", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], "protocol too old"),
                (["weak.pem", "weak.key", "-cipher", "ALL:@SECLEVEL=0"], "too weak")]
        for args, why in rows:
            port, server = s_server(path, *args)
            with server:
                wait_port(port)
                code, (answer,) = run_json("head", "https://www.test/", "--connect-to", f"::127.0.0.1:{port}", "--cacert", path / "root.pem")
                assert (code, answer["outcome"]) == (1, "tls") and why in answer["why"], (args, answer["why"])
                assert answer["phases"]["tls_seconds"] > 0, answer["phases"]


# ---- W2: the system's certificates are read once ----

def test_KW2_the_bundle_is_read_once():
    need("strace")
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    if not os.path.exists(bundle):
        raise Skip("no bundle of certificates here")
    with authorities() as path, tls_peer(path, "www", "full") as peer:
        for cacert in ([], ["--cacert", path / "root.pem"]):
            trace = path / "trace"
            subprocess.run(["strace", "-f", "-e", "trace=openat,open", "-o", trace, SOUNDER, "head", "https://www.test/", "--connect-to",
                            f"::127.0.0.1:{peer.port}", *cacert, "-c", "20", "-i", "10ms", "--json"], capture_output=True, timeout=60)
            if not trace.exists() or not peer.connections:
                raise Skip("strace can't trace here")
            seen = trace.read_text()
            assert peer.connections >= 20, peer.connections
            read = seen.count(f'"{cacert[1]}"' if cacert else f'"{bundle}"')
            assert 1 <= read <= 3 and "/etc/ssl/certs/" not in seen.replace(bundle, ""), (read, seen[-800:])
            peer.connections = 0


def test_KW2_the_loop_stays_free():
    """What it takes to read a large bundle is no part of the handshake: it is read before, and not on the loop."""
    with authorities() as path, tls_peer(path, "www", "full") as peer:
        with open("/etc/ssl/certs/ca-certificates.crt", "rb") as f:
            (path / "large.pem").write_bytes(f.read() * 4 + (path / "root.pem").read_bytes())
        start = time.monotonic()
        code, (answer,) = asks(peer, path, trust="large")
        took = time.monotonic() - start
        assert code == 0 and answer["time_appconnect"] < took / 2, (took, answer)


# ---- W9: early answers ----

def test_KW9_early_answers_have_their_own_time():
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    with Peer(sends(b"HTTP/1.1 100 Continue\r\n\r\n", early, OK, gap=0.2)) as peer, Machine() as machine:
        for command in ("head", "get"):
            code, (answer,) = run_json(command, peer.url())
            assert (code, answer["status_code"]) == (0, 200), answer
            assert [e["status_code"] for e in answer["early"]] == [100, 103], answer["early"]
            hundred, hints = answer["early"]
            assert hints["headers"] == [{"name": "Link", "value": "</a.css>; rel=preload"}], hints
            late = 0.05 + 2 * machine.late  # either may be seen so much later than it was sent
            assert hundred["at_seconds"] < 0.1 + late and 0.2 - late < hints["at_seconds"] - hundred["at_seconds"] < 2 + late, answer["early"]
            assert answer["time_starttransfer"] >= hints["at_seconds"] + 0.2 - late, answer
    with Peer(sends(early * 40, OK)) as peer:
        code, (answer,) = run_json("head", peer.url())
        assert code == 0 and len(answer["early"]) == 16, answer
    with Peer(sends(early)) as peer:
        code, (answer,) = run_json("head", peer.url())
        assert code == 1 and answer["time_starttransfer"] is None, answer


if __name__ == "__main__":
    main(globals())
