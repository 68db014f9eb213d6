#!/usr/bin/env python3
"""http_faults.py - web servers that do what none should, each scripted by a few lines, and how they are reported (rows C of the catalogue)."""
import contextlib
import gzip
import os
import socket
import ssl
import struct
import subprocess
import time

from harness import folder, main, need, run, run_json
from web_peer import Peer

START = 0.7  # seconds that starting the program may take on a loaded machine


def sends(*pieces):
    """A server that sends the pieces and closes."""
    return lambda connection, _: [connection.sendall(piece) for piece in pieces]


def goes_on(first, again):
    """A server that never stops."""
    def serve(connection, _):
        connection.sendall(first)
        while True:
            connection.sendall(again)
    return serve


def ask(peer, *options, command="head", url=None):
    """Asks once with --json; returns (exit code, object, seconds)."""
    start = time.monotonic()
    code, objects = run_json(command, url or peer.url(), *options)
    seconds = time.monotonic() - start
    assert len(objects) == 1, objects
    return code, objects[0], seconds


def check(peer, outcome, why, *options, **kwargs):
    """Asks by HEAD and GET; both must fail with that outcome, soon, with `why`. Returns the last object."""
    for command in ("head", "get"):
        code, answer, seconds = ask(peer, *options, command=command, **kwargs)
        assert code == 1, (command, code, answer)
        assert answer["outcome"] == outcome, (command, answer["outcome"], answer["why"])
        assert why in answer["why"], (command, answer["why"])
        assert seconds < START + 0.5, seconds
        text = run(command, kwargs.get("url") or peer.url(), *options)
        output = text.stdout if command == "head" else text.stderr
        assert text.returncode == 1 and why in output, (command, text)
        assert not any(c < " " and c != "\n" for c in text.stdout + text.stderr), text
    return answer


def test_C1_endless_headers():
    for again in (b"X-A: " + b"a" * 200 + b"\r\n", b"X: b\r\n"):
        with Peer(goes_on(b"HTTP/1.1 200 OK\r\n", again * 100)) as peer:
            check(peer, "malformed", "headers")
    with Peer(goes_on(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100)) as peer:
        check(peer, "malformed", "too many headers")


def test_C2_endless_header_line():
    with Peer(goes_on(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 10000)) as peer:
        answer = check(peer, "malformed", "a header line over 100 KB")
        assert "memory" not in answer["why"], answer


def test_C3_tiny_headers():
    with Peer(goes_on(b"HTTP/1.1 200 OK\r\n", b"A:b\r\n" * 1000)) as peer:
        check(peer, "malformed", "over 1,000 lines")


def test_C4_endless_body():
    with Peer(goes_on(b"HTTP/1.1 200 OK\r\n\r\n", b"b" * 10007)) as peer:
        code, answer, _ = ask(peer, url=f"127.0.0.1:{peer.port}")
        assert (code, answer["outcome"], answer["body_bytes"], answer["body_cut"]) == (0, "ok", 1 << 20, True), answer
        code, answer, _ = ask(peer, "--max-body", 100000, command="get")
        assert (code, answer["body_bytes"], answer["body_cut"]) == (0, 100000, True), answer
        done = run("get", peer.url(), "--max-body", 100000)
        assert done.returncode == 0 and done.stdout == "b" * 100000 and "cut at 100000 bytes" in done.stderr, done.stderr
        code, answer, _ = ask(peer, command="get")
        assert (code, answer["body_bytes"], answer["body_cut"]) == (0, 64 << 20, True), answer


def test_C5_bombs_are_not_unpacked():
    bomb = gzip.compress(bytes(50_000_000))
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Encoding: %s\r\n\r\n"
    for encoding in (b"gzip", b", ".join([b"gzip"] * 20)):
        with Peer(sends(head % (len(bomb), encoding), bomb)) as peer:
            code, answer, _ = ask(peer, command="get")
            assert (code, answer["outcome"], answer["body_bytes"]) == (0, "ok", len(bomb)), answer
            assert b"ccept-encoding" not in peer.requests[0].lower(), peer.requests


def test_C6_slow_and_silent():
    def slow(connection, _):
        for byte in b"HTTP/1.1 200 OK\r\nServer: slow\r\n\r\n":
            connection.sendall(bytes([byte]))
            time.sleep(0.2)
    for serve in (slow, lambda *_: time.sleep(5)):
        with Peer(serve) as peer:
            code, answer, seconds = ask(peer, "--timeout", "1")
            assert (code, answer["outcome"]) == (1, "timeout"), answer
            assert answer["why"].startswith("no response in 1") and "(connected in" in answer["why"], answer["why"]
            assert answer["time_connect"] is not None and answer["failed_at"] == "read", answer
            assert seconds <= 1.5 + START, seconds


def test_C7_redirects_are_not_followed():
    with Peer(lambda c, _: c.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n")) as peer:
        code, answer, _ = ask(peer)
        assert (code, answer["status_code"], peer.connections) == (0, 302, 1), answer
    for location in (b"file:///etc/passwd", b"gopher://127.0.0.1:1/x"):
        with Peer(sends(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")) as peer:
            done = run("get", peer.url())
            assert done.returncode == 0 and done.stdout == "" and location.decode() in done.stderr, done


def test_C8_not_http():
    with Peer(sends(b"SSH-2.0-OpenSSH\x1b]0;owned\x07\xff\r\n"), read=False) as peer:
        check(peer, "malformed", "not HTTP: SSH-2.0-OpenSSH")
        assert "\\x1b]0;owned" in run("head", peer.url()).stdout
    with Peer(sends(b"HTTP/1.1 99999 What\r\n\r\n")) as peer:
        check(peer, "malformed", "not HTTP")
    with Peer(sends(b"HTTP/9.9 200 OK\r\n\r\n")) as peer:
        check(peer, "malformed", "HTTP version")


def test_C9_bad_headers():
    rows = [(b"Content-Length: -5", "Content-Length"), (b"Content-Length: 1" + b"0" * 23, "Content-Length"),
            (b"Content-Length: 5\r\nContent-Length: 6", "two Content-Length"), (b"X: a\0b", "header")]
    for header, why in rows:
        with Peer(sends(b"HTTP/1.1 200 OK\r\n" + header + b"\r\n\r\nhello")) as peer:
            check(peer, "malformed", why)


def reset(connection, _=None):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_C10_reset_and_closed_early():
    with Peer(reset) as peer:
        answer = check(peer, "reset", "reset by peer")
        assert (answer["failed_at"], answer["errno"]) == ("read", "ECONNRESET"), answer
    with Peer(sends()) as peer:
        check(peer, "malformed", "closed without an answer")
    with Peer(sends(b"HTTP/1.1 200 OK\r\nServer: x")) as peer:
        check(peer, "malformed", "closed early, within the headers")
    with Peer(sends(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")) as peer:
        code, answer, _ = ask(peer, command="get")
        assert (code, answer["outcome"], answer["why"]) == (1, "malformed", "closed early at 5 of 50 bytes"), answer


def certify(path, name, host, authority=None, days_ago=0, days=30):
    """Makes NAME.pem and NAME.key for `host`, signed by `authority` or by itself."""
    when = ["faketime", f"{days_ago} days ago"] if days_ago else []
    def openssl(*args):
        subprocess.run([*when, "openssl", *args], check=True, capture_output=True, cwd=path)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-subj", f"/CN={host}"]
    if not authority:
        openssl("req", "-x509", *key, "-out", f"{name}.pem", "-days", str(days), "-addext", f"subjectAltName=DNS:{host}")
        return
    openssl("req", *key, "-out", f"{name}.csr")
    (path / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\n")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial",
            "-out", f"{name}.pem", "-days", str(days), "-extfile", f"{name}.ext")


class TlsPeer(Peer):
    """A server that speaks TLS with NAME.pem; with `names` it knows no other and no client that names none."""

    def __init__(self, path, name, names=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path / f"{name}.pem", path / f"{name}.key")
        if names:
            context.sni_callback = lambda _, asked, __: None if asked in names else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        super().__init__(sends(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), context=context)


def test_C11_tls_errors_are_distinguished():
    need("openssl", "faketime")
    with folder() as path:
        certify(path, "ca", "ca.test")
        certify(path, "good", "ex.test", "ca")
        certify(path, "other", "other.test", "ca")
        certify(path, "old", "ex.test", "ca", days_ago=12, days=9)
        certify(path, "self", "ex.test")
        trust = ["--cacert", path / "ca.pem"]
        reasons = set()
        for name, why in (("old", "expired 3 days ago"), ("other", "DNS:other.test"), ("self", "self-signed")):
            with TlsPeer(path, name) as peer:
                options = [*trust, "--connect-to", f"::127.0.0.1:{peer.port}"]
                answer = check(peer, "tls", why, *options, url="https://ex.test/")
                reasons.add(answer["why"])
                assert answer["failed_at"] == "tls" and answer["certificate"]["expires_in_days"] is not None, answer
                assert not any(peer.requests), "a request was sent to a peer that was not accepted"
                code, answer, _ = ask(peer, *options, "--insecure", url="https://ex.test/")
                assert (code, answer["status_code"]) == (0, 200), answer
        with TlsPeer(path, "good", names=["ex.test"]) as peer:
            options = [*trust, "--connect-to", f"::127.0.0.1:{peer.port}"]
            code, answer, _ = ask(peer, *options, url="https://ex.test/")
            assert (code, answer["status_code"]) == (0, 200) and answer["tls"].startswith("TLSv1"), answer
            reasons.add(check(peer, "tls", "unrecognized name", "--insecure", url=f"https://127.0.0.1:{peer.port}/")["why"])
        with Peer(lambda c, _: (c.recv(1), reset(c)), read=False) as peer:
            reasons.add(check(peer, "reset", "reset during the TLS handshake", url=f"https://127.0.0.1:{peer.port}/")["why"])
        # What closes before the hello is read resets the connection: that peer would be another row.
        with Peer(lambda c, _: (c.recv(65536), c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")), read=False) as peer:
            reasons.add(check(peer, "tls", "not TLS", url=f"https://127.0.0.1:{peer.port}/")["why"])
        assert len(reasons) == 6, reasons


def test_C13_environment_is_ignored():
    with Peer(sends(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as peer, Peer(sends(b"HTTP/1.1 502 Proxy\r\n\r\n")) as proxy, folder() as home:
        (home / ".netrc").write_text("machine 127.0.0.1 login user password secret\n")
        os.chmod(home / ".netrc", 0o600)
        (home / ".curlrc").write_text(f'proxy = "http://127.0.0.1:{proxy.port}"\n')
        there = f"http://127.0.0.1:{proxy.port}"
        env = {name: there for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")}
        env |= {"HOME": str(home), "CURL_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        code, objects = run_json("head", peer.url(), env=env)
        assert (code, objects[0]["status_code"], proxy.connections) == (0, 200, 0), objects
        assert b"uthorization" not in peer.requests[0], peer.requests
        code, objects = run_json("head", peer.url(), "--proxy", there, env={**env, "no_proxy": "*"})
        assert (code, objects[0]["status_code"], proxy.connections) == (1, 502, 1), objects
        assert proxy.requests[0].startswith(b"HEAD http://127.0.0.1:"), proxy.requests


def test_C15_unsolicited_data():
    def serve(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + b"HTTP/1.1 500 Evil\r\nContent-Length: 0\r\n\r\n" * 3)
        with contextlib.suppress(OSError):
            connection.recv(1)  # keeps the connection open until the client closes
    with Peer(serve) as peer:
        for command in ("head", "get"):
            code, objects = run_json(command, peer.url(), "--interval", "10ms", "-c", 200)
            probes = [o for o in objects if o["type"] == "probe"]
            assert code == 0 and len(probes) == 200 and all(o["status_code"] == 200 for o in probes), objects[-1]
        assert peer.connections == 400, peer.connections


if __name__ == "__main__":
    main(globals())
