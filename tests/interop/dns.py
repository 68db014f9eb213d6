#!/usr/bin/env python3
"""dns.py - `resolve`, `host` and `dns` against knot, with dig beside them as the measure; and a few faults from a server of our own."""
import contextlib
import re
import os
import socket
import struct
import subprocess
import threading
import time

from harness import Machine, Skip, folder, free_port, main, need, process, run, run_json, wait_until

ZONE = """
$ORIGIN zone.test.
$TTL 300
@        SOA   ns1 admin.zone.test. 2026112101 3600 600 86400 60
@        NS    ns1
@        MX    10 mail
@        MX    20 mail2.zone.test.
@        TXT   "v=spf1 -all" "second string"
@        CAA   0 issue "ca.example"
ns1      A     127.0.0.1
www      A     192.0.2.80
www      AAAA  2001:db8::80
www2     A     192.0.2.81
only4    A     192.0.2.4
alias    CNAME www
alias2   CNAME alias
mail     A     192.0.2.25
_http._tcp SRV 5 10 80 www
ttl      7 A   192.0.2.7
odd\\.dot A    192.0.2.9
evil     TXT   "\\027[31mred\\000\\155\\226\\128\\174" "%s%n"
big      TXT   "{big}"
{many}
generic  TYPE65281 \\# 3 010203
xn--bcher-kva A 192.0.2.66
nodata   TXT   "no address here"
"""
REVERSE = """
$ORIGIN 2.0.192.in-addr.arpa.
$TTL 300
@  SOA ns1.zone.test. admin.zone.test. 1 3600 600 86400 60
@  NS  ns1.zone.test.
80 PTR www.zone.test.
80 PTR web.zone.test.
"""
CONFIG = """
server:
    rundir: {path}
    listen: [127.0.0.1@{port}, "::1@{port}"]
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: error
database:
    storage: {path}
template:
  - id: default
    storage: {path}
    zonefile-load: whole
    semantic-checks: false
zone:
  - domain: zone.test
    file: zone.test.zone
  - domain: 2.0.192.in-addr.arpa
    file: reverse.zone
"""


def answers(port):
    probe = b"\x12\x34\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04zone\x04test\x00\x00\x06\x00\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(0.2)
        s.connect(("127.0.0.1", port))
        try:
            s.send(probe)
            return s.recv(512)[3] & 15 == 0
        except OSError:
            return False


def port_for_all():
    """A port that is free for UDP and TCP, IPv4 and IPv6."""
    for _ in range(100):
        port = free_port(socket.SOCK_DGRAM)
        try:
            for host, kind in [(h, k) for h in ("127.0.0.1", "::1") for k in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]:
                with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as s:
                    s.bind((host, port))
            return port
        except OSError:
            continue
    raise AssertionError("no port is free")


@contextlib.contextmanager
def knot(config=CONFIG):
    need("knotd")
    with folder() as path:
        port = port_for_all()
        many = "\n".join(f"many A 198.51.100.{i}" for i in range(1, 120))
        (path / "zone.test.zone").write_text(ZONE.format(big="x" * 200, many=many))
        (path / "reverse.zone").write_text(REVERSE)
        (path / "knot.conf").write_text(config.format(path=path, port=port))
        env = {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin"}
        with open(path / "log", "w") as log, process("knotd", "-c", path / "knot.conf", env=env, stderr=log):
            assert wait_until(lambda: answers(port), 10), (path / "log").read_text()
            yield port


def dig(port, *args):
    done = subprocess.run(["dig", "+short", "+norecurse", "-p", str(port), "@127.0.0.1", *args], capture_output=True, text=True, timeout=20)
    return sorted(done.stdout.splitlines())


def ask(port, *args):
    code, objects = run_json("dns", f"@127.0.0.1:{port}", *args)
    assert len(objects) == 1, objects
    return code, objects[0]


def test_types_as_dig():
    need("dig")
    with knot() as port:
        for name, kind in [("www.zone.test", "A"), ("www.zone.test", "AAAA"), ("alias2.zone.test", "A"), ("alias.zone.test", "CNAME"),
                           ("zone.test", "MX"), ("zone.test", "TXT"), ("_http._tcp.zone.test", "SRV"), ("zone.test", "CAA"),
                           ("zone.test", "SOA"), ("zone.test", "NS"), ("generic.zone.test", "TYPE65281"), ("evil.zone.test", "TXT"),
                           ("odd\\.dot.zone.test", "A"), ("many.zone.test", "A")]:
            done = run("dns", name, kind.lower(), "--short", f"@127.0.0.1:{port}")
            expected = dig(port, name, kind)
            assert done.returncode == 0, (name, kind, done)
            assert expected and sorted(done.stdout.splitlines()) == expected, (name, kind, done.stdout, expected)
        done = run("dns", "-x", "192.0.2.80", "--short", "--server", f"127.0.0.1:{port}")
        assert sorted(done.stdout.splitlines()) == dig(port, "-x", "192.0.2.80") == ["web.zone.test.", "www.zone.test."], done


def test_short_as_kdig():
    """Line by line: aliases on the way, records in the order in which they came, nothing where there is nothing."""
    need("kdig")
    names = ("www", "www2", "alias", "alias2", "only4", "mail", "ttl", "big", "evil", "generic", "nodata", "none", "_http._tcp", "xn--bcher-kva", "odd\\.dot")
    with knot() as port:
        for name in [f"{name}.zone.test" for name in names] + ["zone.test"]:
            for kind in ("A", "AAAA", "CNAME", "TXT", "MX", "SOA", "NS", "SRV", "CAA", "TYPE65281"):
                done = subprocess.run(["kdig", "@127.0.0.1", "-p", str(port), name, kind, "+short", "+norec"], capture_output=True, text=True, timeout=20)
                ours = run("dns", name, kind, "--short", f"@127.0.0.1:{port}")
                assert [line.rstrip(" ") for line in done.stdout.splitlines()] == ours.stdout.splitlines(), (name, kind, done, ours)
                assert ours.returncode == (0 if kind_is_there(ours.stdout, kind) else 1), (name, kind, ours)


def kind_is_there(text, kind):
    """Whether there is more than the way to it."""
    lines = text.splitlines()
    return bool(lines) and (kind == "CNAME" or not lines[-1] == "www.zone.test.")


def test_json():
    with knot() as port:
        code, answer = ask(port, "www.zone.test")
        assert code == 0 and answer["rcode"] == "NOERROR" and answer["server"] == f"127.0.0.1:{port}", answer
        assert 0 < answer["query_seconds"] < 1, answer
        found = {(r["section"], r["name"], r["type"], r["class"], r["ttl"], r["data"]) for r in answer["records"]}
        assert ("answer", "www.zone.test.", "A", "IN", 300, "192.0.2.80") in found, found
        assert ("answer", "www.zone.test.", "AAAA", "IN", 300, "2001:db8::80") in found, found
        assert answer["types"] == ["A", "AAAA"] and answer["outcome"] == "ok", answer
        code, answer = ask(port, "ttl.zone.test", "a")
        assert answer["records"][0]["ttl"] == 7
        code, answer = ask(port, "192.0.2.80")
        assert code == 0 and answer["types"] == ["PTR"] and answer["records"][0]["type"] == "PTR", answer
        code, answer = ask(port, "only4.zone.test")
        assert code == 0 and [q["outcome"] for q in answer["questions"]] == ["ok", "nodata"], answer
        code, answer = ask(port, "WWW.zone.TEST", "mx", "A", "txt")
        assert code == 0 and answer["types"] == ["MX", "A", "TXT"], answer
        code, objects = run_json("dns", "www.zone.test", f"@[::1]:{port}")
        assert code == 0 and objects[0]["server"] == f"[::1]:{port}", objects


def test_negative_answers():
    with knot() as port:
        code, answer = ask(port, "missing.zone.test")
        assert code == 1 and answer["rcode"] == "NXDOMAIN" and answer["outcome"] == "nxdomain", answer
        assert any(r["section"] == "authority" and r["type"] == "SOA" for r in answer["records"]), answer
        code, answer = ask(port, "nodata.zone.test", "A")
        assert code == 1 and answer["rcode"] == "NOERROR" and answer["outcome"] == "nodata", answer
        code, answer = ask(port, "www.elsewhere.test")
        assert code == 1 and answer["rcode"] == "REFUSED" and answer["outcome"] == "refused", answer
        done = run("dns", "missing.zone.test", "--short", f"@127.0.0.1:{port}")
        assert done.returncode == 1 and done.stdout == "", done
        for command in ("resolve", "host"):
            done = run(command, "missing.zone.test", "--server", f"127.0.0.1:{port}")
            assert done.returncode == 1 and done.stdout == "" and "NXDOMAIN" in done.stderr and done.stderr.count("\n") == 1, done


def test_truncation_and_tcp():
    with knot() as port:
        code, answer = ask(port, "many.zone.test", "A")
        assert code == 0 and sum(r["type"] == "A" and r["section"] == "answer" for r in answer["records"]) == 119, answer
        assert answer["questions"][0]["transport"] == "tcp" and answer["questions"][0]["truncated"], answer["questions"]
        code, answer = ask(port, "www.zone.test", "A", "--tcp")
        assert code == 0 and answer["questions"][0]["transport"] == "tcp" and not answer["questions"][0]["truncated"], answer["questions"]
        code, answer = ask(port, "www.zone.test", "A")
        assert answer["questions"][0]["transport"] == "udp" and answer["questions"][0]["edns"], answer["questions"]


def test_resolve():
    with knot() as port:
        server = ("--server", f"127.0.0.1:{port}")
        code, objects = run_json("resolve", "-4", "www.zone.test:http", *server)
        assert code == 0 and len(objects) == 1, objects
        assert (objects[0]["address"], objects[0]["port"]) == ("192.0.2.80", 80), objects
        code, objects = run_json("resolve", "-6", "alias2.zone.test:443", *server)
        assert (objects[0]["address"], objects[0]["port"], objects[0]["canonical_name"]) == ("2001:db8::80", 443, "www.zone.test"), objects
        code, objects = run_json("resolve", "only4.zone.test", *server)
        assert code == 0 and objects[0]["address"] == "192.0.2.4" and objects[0]["port"] is None, objects
        done = run("resolve", "-6", "only4.zone.test", *server)
        assert done.returncode == 1 and done.stdout == "", done
        code, objects = run_json("resolve", "only4.zone.test:1", "missing.zone.test:2", "www.zone.test:3", "-4", *server)
        assert code == 1 and [(o["port"], o["outcome"]) for o in objects] == [(1, "ok"), (2, "nxdomain"), (3, "ok")], objects
        code, objects = run_json("resolve", "b\u00fccher.zone.test", *server)
        assert code == 0 and objects[0]["address"] == "192.0.2.66" and objects[0]["canonical_name"] == "xn--bcher-kva.zone.test", objects


def test_resolve_without_a_server():
    for args, address, port in [(("[::1]:23",), "::1", 23), (("127.0.0.1:telnet",), "127.0.0.1", 23), ((":80",), "::", 80), (("-4", ":80"), "0.0.0.0", 80),
                                (("::1",), "::1", None)]:
        code, objects = run_json("resolve", *args)
        assert code == 0 and (objects[0]["address"], objects[0]["port"]) == (address, port), objects
        assert objects[0]["wildcard"] == args[-1].startswith(":8"), objects
    for bad in ("127.0.0.1:65536", "x:nosuchservice", "[::1", "a..b", ""):
        done = run("resolve", bad)
        assert done.returncode in (1, 2) and done.stdout == "" and done.stderr.count("\n") == 1, (bad, done)
    assert run("resolve", "127.0.0.1:65536").returncode == 2
    code, objects = run_json("resolve", "-4", "localhost")
    assert code == 0 and objects[0]["address"] == "127.0.0.1", objects


def test_host():
    with knot() as port:
        server = ("--server", f"127.0.0.1:{port}")
        code, objects = run_json("host", "alias2.zone.test", *server)
        assert code == 0 and len(objects) == 1, objects
        assert objects[0]["canonical_name"] == "www.zone.test", objects
        assert objects[0]["aliases"] == ["alias2.zone.test", "alias.zone.test"], objects
        found = {(a["address"], a["ttl"]) for a in objects[0]["addresses"]}
        assert found == {("192.0.2.80", 300), ("2001:db8::80", 300)}, objects
        code, objects = run_json("host", "192.0.2.80", *server)
        assert code == 0 and {objects[0]["canonical_name"], *objects[0]["aliases"]} == {"www.zone.test", "web.zone.test"}, objects
        done = run("host", "alias.zone.test", *server)
        assert done.returncode == 0 and "www.zone.test" in done.stdout and "192.0.2.80" in done.stdout, done
        assert run("host", "192.0.2.99", *server).returncode == 1


def test_repeats():
    with knot() as port:
        code, objects = run_json("dns", "www.zone.test", "A", f"@127.0.0.1:{port}", "--interval", "50ms", "-c", "5")
        probes = [o for o in objects if o["type"] == "probe"]
        assert code == 0 and len(probes) == 5 and [o["sequence"] for o in probes] == [1, 2, 3, 4, 5], objects
        assert all(o["rcode"] == "NOERROR" and o["answer"] == "192.0.2.80" and o["answers"] == 1 and o["ttl"] == 300 for o in probes), objects
        assert objects[-1]["type"] == "summary" and objects[-1]["received"] == 5, objects


def test_bad_text():
    for args in (("x.test", "bogus"), ("x.test", "TYPE65536"), (), ("-x", "x.test"), ("x.test", "@ns1..test"), ("x.test", "@127.0.0.1:99999"),
                 ("a..b",), ("x.test", "--timeout", "never")):
        done = run("dns", *args)
        assert done.returncode == 2 and done.stdout == "" and done.stderr.strip(), (args, done)
    assert "unknown type 'bogus'" in run("dns", "x.test", "bogus").stderr


def test_A1_control_bytes_stay_visible():
    with knot() as port:
        for args in (("--short",), (), ("--json",)):
            done = run("dns", "evil.zone.test", "TXT", f"@127.0.0.1:{port}", *args)
            assert done.returncode == 0 and "%s%n" in done.stdout and "\\027" in done.stdout.replace("\\\\", "\\"), done
            assert not any(ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160 for c in done.stdout), done


@contextlib.contextmanager
def scripted(respond):
    """A UDP name server whose answer to the n-th question is respond(n, question)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        s.settimeout(0.1)
        over = threading.Event()
        asked = []

        def serve():
            while not over.is_set():
                try:
                    question, sender = s.recvfrom(2048)
                except TimeoutError:
                    continue
                asked.append(question)
                answer = respond(len(asked), question)
                if answer:
                    s.sendto(answer, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield s.getsockname()[1], asked
        finally:
            over.set()
            thread.join()


def with_rcode(rcode):
    def respond(_, question):
        end = question.index(b"\0", 12) + 5
        return question[:2] + bytes([0x81, 0x80 | rcode]) + struct.pack(">HHHH", 1, 0, 0, 0) + question[12:end]
    return respond


def test_B1_rcodes_have_their_own_texts():
    texts = set()
    for rcode, word, code in [(0, "NOERROR", 1), (1, "FORMERR", 2), (2, "SERVFAIL", 2), (3, "NXDOMAIN", 1), (4, "NOTIMP", 2), (5, "REFUSED", 1)]:
        with scripted(with_rcode(rcode)) as (port, _):
            done = run("dns", "x.test", "A", f"@127.0.0.1:{port}")
            assert done.returncode == code, (word, done)
            texts.add((done.stdout + done.stderr).replace(str(port), ""))
            if code == 1:
                assert ask(port, "x.test", "A")[1]["rcode"] == word
            else:
                assert word in done.stderr and done.stderr.count("\n") == 1, done
    with scripted(lambda *_: None) as (port, _):
        done = run("dns", "x.test", "A", f"@127.0.0.1:{port}", "--timeout", "400ms")
        assert done.returncode == 1, done
        texts.add((done.stdout + done.stderr).replace(str(port), ""))
    assert len(texts) == 7, texts


def test_B2_silence_takes_its_time_and_no_more():
    with scripted(lambda *_: None) as (port, asked), Machine() as machine:
        start = time.monotonic()
        done = run("dns", "x.test", "A", f"@127.0.0.1:{port}", "--timeout", "1s")
        took = time.monotonic() - start
        assert done.returncode == 1 and "no answer" in done.stdout + done.stderr and "2 tries" in done.stdout + done.stderr, done
        assert 0.95 < took < 1 + machine.within(0.5), took
        assert len(asked) == 2, asked
    with Machine() as machine:
        start = time.monotonic()
        done = run("dns", "x.test", f"@127.0.0.1:{free_port(socket.SOCK_DGRAM)}")
        assert done.returncode == 1 and "port closed" in done.stdout + done.stderr, done
        assert time.monotonic() - start < machine.within(1)


@contextlib.contextmanager
def truncating(over_tcp):
    """A name server whose answers by UDP are all truncated; by TCP over_tcp(question, answer) is what goes out, as it is."""
    def answer(question, *records):
        end = question.index(b"\0", 12) + 5
        return question[:2] + bytes([0x81, 0x80]) + struct.pack(">HHHH", 1, len(records), 0, 0) + question[12:end] + b"".join(records)

    def cut(_, question):
        wire = bytearray(answer(question))
        wire[2] |= 2
        return bytes(wire)

    with contextlib.ExitStack() as kept:
        for _ in range(50):  # until the port that UDP got is free by TCP, too
            with contextlib.ExitStack() as tried, contextlib.suppress(OSError):
                port, _ = tried.enter_context(scripted(cut))
                listener = tried.enter_context(socket.socket())
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(("127.0.0.1", port))
                listener.listen(5)
                kept.push(tried.pop_all())
                break

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    with client:
                        size = struct.unpack(">H", client.recv(2, socket.MSG_WAITALL))[0]
                        question = client.recv(size, socket.MSG_WAITALL)
                        record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + bytes([10, 1, 2, 3])
                        client.sendall(over_tcp(answer(question, record)))
                        while client.recv(4096):
                            pass

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield port
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def test_KN17_empty_messages_over_tcp():
    """Messages too short to answer anything, before the answer, are passed over; alone they are silence, and no closed port."""
    framed = lambda wire: struct.pack(">H", len(wire)) + wire
    for before in (b"\0\0", b"\0\0" * 3, b"\0\1x", b"\0\0\0\1x\0\0"):
        with truncating(lambda wire, before=before: before + framed(wire)) as port:
            done = run("dns", "x.test", "A", f"@127.0.0.1:{port}", "--short")
            assert (done.returncode, done.stdout) == (0, "10.1.2.3\n"), (before, done)
    with truncating(lambda wire: b"\0\0") as port:
        done = run("dns", "x.test", "A", f"@127.0.0.1:{port}", "--timeout", "400ms")
        assert done.returncode == 1 and "no answer" in done.stdout and "closed" not in done.stdout, done


def test_KN18_an_address_is_its_reverse_name():
    """Whatever types are asked for."""
    for words in (("-x", "10.2.3.4", "MX"), ("10.2.3.4", "PTR", "TXT"), ("-x", "10.2.3.4"), ("10.2.3.4", "SOA")):
        with scripted(with_rcode(3)) as (port, asked):
            done = run("dns", *words, f"@127.0.0.1:{port}")
            assert done.returncode == 1 and "4.3.2.10.in-addr.arpa" in done.stdout, done
            assert asked and all(b"\x014\x013\x012\x0210\x07in-addr\x04arpa\0" in question for question in asked), asked


def test_KN19_half_an_answer_is_none():
    """Whatever allocation fails, what `dns` prints and ends well with is the whole answer."""
    shim = os.environ.get("FAILMALLOC", "")
    if not os.path.exists(shim):
        raise Skip("no failmalloc at hand (FAILMALLOC)")

    def respond(_, question):
        end = question.index(b"\0", 12) + 5
        data = bytes([10, 1, 2, 3]) if question[end - 3] == 1 else bytes(15) + b"\7"
        record = b"\xc0\x0c" + question[end - 4:end] + struct.pack(">IH", 60, len(data)) + data
        return question[:2] + bytes([0x81, 0x80]) + struct.pack(">HHHH", 1, 1, 0, 0) + question[12:end] + record

    with scripted(respond) as (port, _), folder() as path:
        command = ("dns", "x.test", f"@127.0.0.1:{port}", "--timeout", "2s")
        count = path / "count"
        run(*command, env={"LD_PRELOAD": shim, "FAILMALLOC_COUNT": str(count)})
        total, wrong = int(count.read_text().split()[-1]), []
        for at in range(1, total + 1, max(1, total // 200)):
            done = run(*command, env={"LD_PRELOAD": shim, "FAILMALLOC_AT": str(at), "FAILMALLOC_SPARE": "uv_loop_init"})
            whole = all(text in done.stdout for text in ("10.1.2.3", "::7", "NOERROR from"))
            if not (done.returncode == 0 and whole or done.returncode == 2 and done.stderr):
                wrong.append(f"{at} of {total}: {done.returncode} {done.stdout!r} {done.stderr!r}")
        assert not wrong, "\n".join(wrong[:9])


def test_a_link_local_server_needs_its_interface():
    for command in (("dns", "x.test", "@fe80::53"), ("dns", "x.test", "@[fe80::53]:5353"), ("host", "x.test", "--server", "fe80::53")):
        done = run(*command)
        assert done.returncode == 2 and done.stdout == "" and "needs its interface, as in fe80::53%eth0" in done.stderr, done


def test_KN21_datagrams_larger_than_asked_for():
    """A server that sends more by UDP than the question allows is read whole, as dig does."""
    for count in (80, 300, 4000):
        def respond(_, question, count=count):
            end = question.index(b"\0", 12) + 5
            records = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + bytes([10, 1, i >> 8, i & 255]) for i in range(count))
            return question[:2] + bytes([0x81, 0x80]) + struct.pack(">HHHH", 1, count, 0, 0) + question[12:end] + records
        with scripted(respond) as (port, asked):
            done = run("dns", "x.test", "A", f"@127.0.0.1:{port}", "--short")
            assert done.returncode == 0 and done.stdout.count("\n") == count and len(asked) == 1, (count, done.stdout[-200:], done.stderr)


def test_short_waits_are_no_zero():
    """What is told of a wait is no figure that is 0. There are two tries, unless this host is so slow that all the time is over at the first one's end."""
    with scripted(lambda *_: None) as (port, _):
        for command in (("dns", "x.test", "A"), ("host", "x.test"), ("resolve", "x.test")):
            for _ in range(40):
                done = run(*command, "--server", f"127.0.0.1:{port}", "--timeout", "20ms")
                said = re.search(r"no answer from \S+ in ([1-9][0-9.]*) (m?s), (1 try|2 tries)\b", done.stdout + done.stderr)
                assert done.returncode == (1 if command[0] == "dns" else 2) and said, done
                if said[3] == "2 tries":
                    break
                assert said[2] == "s" or float(said[1]) >= 20, done
            else:
                raise AssertionError(f"never a second try: {done}")


def test_lines_of_stdin():
    """Blanks and a carriage return around a name are none of it."""
    with scripted(with_rcode(3)) as (port, _):
        done = run("host", "-", "--server", f"127.0.0.1:{port}", stdin="a.test  \n\tb.test\t\r\n   \n  # none\nc.test")
        *lines, count = done.stderr.splitlines()
        assert done.returncode == 1 and sorted(line.split(": ")[1] for line in lines) == ["a.test", "b.test", "c.test"], done
        assert count.startswith("sounder: 3 lines: 0 with data, 3 without, 0 failed; "), count


if __name__ == "__main__":
    main(globals())
