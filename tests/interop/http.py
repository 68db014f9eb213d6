#!/usr/bin/env python3
"""http.py - `head` and `get` against nginx, plain and TLS, with curl beside them as the measure."""
import contextlib
import getpass
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time

from harness import folder, free_port, main, need, process, run, run_json, wait_port
from web_peer import Peer

CONFIG = """
{user}
worker_processes 1;
pid {path}/nginx.pid;
error_log {path}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log {path}/access.log;
    client_body_temp_path {path}/tmp; proxy_temp_path {path}/tmp; fastcgi_temp_path {path}/tmp;
    uwsgi_temp_path {path}/tmp; scgi_temp_path {path}/tmp;
    server {{
        listen 127.0.0.1:{plain};
        listen [::1]:{plain};
        listen 127.0.0.1:{tls} ssl http2;
        server_name www.test;
        ssl_certificate {path}/www.pem;
        ssl_certificate_key {path}/www.key;
        root {path}/root;
        location = /moved {{ return 301 /index.html; }}
        location = /broken {{ return 503; }}
        location = /hello {{ add_header X-Host $http_host; return 200 "hello from $server_protocol\\n"; }}
    }}
}}
"""
TIMES = ["time_namelookup", "time_connect", "time_appconnect", "time_pretransfer", "time_starttransfer", "time_total"]


def openssl(path, *args):
    subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=path)


def certify(path):
    """An authority and what it signs for www.test."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(path, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority", "-days", "30")
    openssl(path, "req", *key, "-keyout", "www.key", "-out", "www.csr", "-subj", "/CN=www.test")
    (path / "www.ext").write_text("subjectAltName=DNS:www.test\n")
    openssl(path, "x509", "-req", "-in", "www.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "www.pem",
            "-days", "20", "-extfile", "www.ext")


class Site:
    def __init__(self, path, plain, tls):
        self.path, self.plain, self.tls = path, plain, tls
        self.url = f"http://127.0.0.1:{plain}"
        self.secure = ["--cacert", path / "ca.pem", "--connect-to", f"::127.0.0.1:{tls}"]


@contextlib.contextmanager
def site():
    need("nginx", "openssl", "curl")
    with folder() as path:
        (path / "root").mkdir()
        (path / "root" / "index.html").write_text("<h1>It works</h1>\n")
        (path / "root" / "data").write_bytes(os.urandom(300_000))
        (path / "tmp").mkdir()
        certify(path)
        plain, tls = free_port(), free_port()
        user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        (path / "nginx.conf").write_text(CONFIG.format(path=path, plain=plain, tls=tls, user=user))
        nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        with process(nginx, "-p", path, "-c", path / "nginx.conf", "-e", path / "error.log", "-g", "daemon off;"):
            wait_port(plain)
            wait_port(tls)
            yield Site(path, plain, tls)


def curl(*args):
    return subprocess.run(["curl", "-s", *map(str, args)], capture_output=True, text=True, check=True, timeout=20).stdout


def test_head_as_curl_sees_it():
    with site() as s:
        for path in ("/index.html", "/data", "/moved", "/none", "/broken", "/hello"):
            theirs = curl("-I", s.url + path).splitlines()
            code, (answer,) = run_json("head", s.url + path)
            names = [line.split(": ", 1) for line in theirs[1:] if line]
            skip = ("Date",)
            assert answer["status_line"].split()[:2] == theirs[0].split()[:2], (answer["status_line"], theirs[0])
            ours = [[h["name"], h["value"]] for h in answer["headers"]]
            assert [h for h in ours if h[0] not in skip] == [h for h in names if h[0] not in skip], (ours, names)
            status = answer["status_code"]
            assert code == (1 if status >= 400 else 0), (path, code, status)
            assert answer["outcome"] == ("http_error" if status >= 400 else "ok"), answer
            text = run("head", s.url + path)
            lines = text.stdout.splitlines()
            assert text.returncode == code and lines[0] == answer["status_line"], text
            assert lines[1:1 + len(ours)] == [f"{n}: {v}" if n not in skip else lines[1 + i] for i, (n, v) in enumerate(ours)], text.stdout
            assert "Connect" in lines[-1] and "Total" in lines[-1], text.stdout


def test_json_keys_and_phases():
    with site() as s:
        code, (answer,) = run_json("head", s.url + "/index.html")
        keys = {"outcome", "target", "http_version", "status_code", "headers", "remote_address", "remote_port", "curl_code", *TIMES}
        assert code == 0 and keys <= set(answer), keys - set(answer)
        assert (answer["http_version"], answer["status_code"], answer["curl_code"]) == ("1.1", 200, 0), answer
        assert (answer["remote_address"], answer["remote_port"], answer["time_appconnect"]) == ("127.0.0.1", s.plain, None), answer
        for url, options in ((s.url, []), ("https://www.test", s.secure)):
            code, (answer,) = run_json("get", url + "/data", *options)
            times = [answer[name] for name in TIMES if answer[name] is not None]
            assert code == 0 and times == sorted(times) and 0 < times[0] and times[-1] < 5, answer
            assert answer["body_bytes"] == 300_000 and len(times) == (5 if options else 4), answer
            phases = [v for k, v in answer["phases"].items() if k != "total_seconds" and v is not None]
            assert abs(sum(phases) - answer["time_total"]) < 1e-6, answer["phases"]


def test_versions():
    with site() as s:
        rows = [([s.url + "/hello"], "1.1", "HTTP/1.1"), (["-0", s.url + "/hello"], "1.1", "HTTP/1.0"),
                (["https://www.test/hello", *s.secure], "2", "HTTP/2.0")]
        for args, answered, asked in rows:
            code, (answer,) = run_json("get", *args)
            assert (code, answer["http_version"]) == (0, answered), answer
            assert run("get", *args).stdout == f"hello from {asked}\n", args
        code, (answer,) = run_json("head", "https://www.test/hello", *s.secure)
        assert [h["value"] for h in answer["headers"] if h["name"] == "x-host"] == ["www.test"], answer["headers"]


def test_get_streams_the_bytes():
    with site() as s:
        whole = (s.path / "root" / "data").read_bytes()
        for url, options in ((s.url, []), ("https://www.test", s.secure)):
            for limit, cut in ((None, False), (100_000, True), (300_000, False)):
                done = subprocess.run([os.environ["SOUNDER"], "get", url + "/data", *map(str, options),
                                       *(["--max-body", str(limit)] if limit else [])], capture_output=True, timeout=20)
                assert done.returncode == 0 and done.stdout == whole[:limit], (limit, len(done.stdout), done.stderr)
                assert (b"cut at 100000 bytes" in done.stderr) == cut, done.stderr
        done = run("get", s.url + "/none")
        assert done.returncode == 1 and "404 Not Found" in done.stdout and "404 Not Found" in done.stderr, done


def test_the_end_of_a_tls_connection():
    """What comes after a transfer's end is nobody's: libcurl from 8.12 on keeps the connection a while, whose handle is gone."""
    def serve(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        for _ in range(200):
            connection.sendall(b"more")
            time.sleep(0.001)

    with folder() as path:
        certify(path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path / "www.pem", path / "www.key")
        with Peer(serve, context=context) as peer:
            for _ in range(4):
                done = run("get", f"https://127.0.0.1:{peer.port}/", "--insecure", env={"MALLOC_PERTURB_": "25"})
                assert (done.returncode, done.stdout) == (0, "ok"), done


def test_tls():
    with site() as s:
        code, (answer,) = run_json("head", "https://www.test/", *s.secure)
        assert code == 0 and answer["status_code"] == 200 and answer["tls"].startswith("TLSv1."), answer
        certificate = answer["certificate"]
        assert "www.test" in certificate["subject"] and "Test authority" in certificate["issuer"], certificate
        assert certificate["expires_in_days"] in (19, 20) and certificate["names"] == "DNS:www.test", certificate
        code, (answer,) = run_json("head", "https://www.test/", *s.secure[2:])
        assert (code, answer["outcome"], answer["failed_at"], answer["curl_code"]) == (1, "tls", "tls", 60), answer
        code, (answer,) = run_json("head", "https://www.test/", *s.secure[2:], "--insecure")
        assert (code, answer["status_code"]) == (0, 200), answer
        code, (answer,) = run_json("head", f"https://localhost:{s.tls}/", "-4", *s.secure[:2])
        assert (code, answer["outcome"]) == (1, "tls") and "www.test" in answer["why"], answer
        done = run("head", "https://www.test/", "--cacert", s.path / "nothing.pem", *s.secure[2:])
        assert done.returncode == 2 and done.stdout == "" and "CA certificates" in done.stderr, done


def test_names_and_families():
    with site() as s:
        code, (answer,) = run_json("head", f"http://[::1]:{s.plain}/")
        assert (code, answer["remote_address"]) == (0, "::1"), answer
        for option, address in (("-4", "127.0.0.1"), ("-6", "::1")):
            code, objects = run_json("head", f"http://localhost:{s.plain}/hello", option)
            if code == 0:
                assert objects[0]["remote_address"] == address, objects
                assert {"name": "X-Host", "value": f"localhost:{s.plain}"} in objects[0]["headers"], objects
        code, (answer,) = run_json("http", s.url + "/hello", "-H", "Host: else.test")
        assert {"name": "X-Host", "value": "else.test"} in answer["headers"], answer
        code, objects = run_json("head", "http://nothing.invalid/")
        assert code in (1, 2), objects


def name_server(delay, rcode=0):
    """A name server that answers each A query with 127.0.0.1 after `delay` seconds, all else with nothing; returns its socket."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                query, peer = server.recvfrom(1500)
                end = query.index(b"\0", 12) + 5
                is_a = query[end - 4:end - 2] == b"\0\1" and rcode == 0
                record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if is_a else b""
                time.sleep(delay if is_a else 0)
                server.sendto(query[:2] + bytes([0x81, 0x80 | rcode, 0, 1, 0, is_a, 0, 0, 0, 0]) + query[12:end] + record, peer)
    threading.Thread(target=serve, daemon=True).start()
    return server


def test_our_lookup_is_in_curls_times():
    with site() as s, name_server(0.2) as server:
        ask = ["--server", f"127.0.0.1:{server.getsockname()[1]}"]
        code, (answer,) = run_json("head", f"http://web.example:{s.plain}/hello", *ask)
        times = [answer[name] for name in TIMES if answer[name] is not None]
        assert code == 0 and times == sorted(times) and 0.2 <= times[0] < 2, answer
        assert {"name": "X-Host", "value": f"web.example:{s.plain}"} in answer["headers"], answer
        assert 0.2 <= answer["phases"]["lookup_seconds"] and answer["phases"]["connect_seconds"] < answer["phases"]["lookup_seconds"], answer["phases"]
        code, (answer,) = run_json("head", "https://www.test/", *s.secure[:2], "--connect-to", f"::web.example:{s.tls}", *ask)
        assert (code, answer["status_code"]) == (0, 200) and answer["time_namelookup"] >= 0.2, answer
    for rcode, exit_code in ((3, 1), (2, 2)):
        with name_server(0, rcode) as server:
            for command in ("head", "get"):
                done = run(command, "http://web.example/", "--server", f"127.0.0.1:{server.getsockname()[1]}")
                assert done.returncode == exit_code, (rcode, done)
                assert command == "head" and rcode == 3 or (done.stdout == "" and len(done.stderr.splitlines()) == 1), (rcode, done)


def listener(requests, reply):
    """Answers any number of connections with `reply`, keeping the bytes each sent; returns the listening socket."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection:
                    connection.settimeout(5)
                    data = b""
                    while b"\r\n\r\n" not in data:
                        data += connection.recv(4096)
                    requests.append(data)
                    connection.sendall(reply)
    threading.Thread(target=serve, daemon=True).start()
    return server


def test_request_bytes():
    requests = []
    with listener(requests, b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nbody of a HEAD") as server:
        target = f"127.0.0.1:{server.getsockname()[1]}"
        code, (answer,) = run_json("head", target, "--bare")
        assert requests[-1] == b"HEAD / HTTP/1.0\r\n\r\n", requests
        assert (code, answer["http_version"], answer["body_bytes"]) == (0, "1.0", 14), answer
        run("get", f"http://{target}/a?b#c", "--bare")
        assert requests[-1] == b"GET /a?b HTTP/1.0\r\n\r\n", requests
        run("head", target)
        lines = requests[-1].decode().splitlines()
        assert lines[0] == "HEAD / HTTP/1.0", lines
        assert all(re.match("(Host|Accept): ", line) for line in lines[1:] if line), lines
        done = run("get", target)
        assert requests[-1].startswith(b"GET / HTTP/1.0\r\n") and done.stdout == "body of a HEAD", done
        run("head", f"http://{target}/", "-H", "X-One: 1", "-H", "Accept:", "-H", "X-Two: 2")
        assert b"\r\nX-One: 1\r\nX-Two: 2\r\n" in requests[-1] and b"Accept" not in requests[-1], requests[-1]


def test_failures_and_exit_codes():
    closed = free_port()
    code, (answer,) = run_json("head", f"127.0.0.1:{closed}")
    assert (code, answer["outcome"], answer["failed_at"], answer["errno"]) == (1, "refused", "connect", "ECONNREFUSED"), answer
    assert (answer["curl_code"], answer["status_code"], answer["headers"]) == (7, None, []), answer
    for args, word in ((["example.com"], "example.com"), (["ftp://h/"], "ftp://h/"), (["http://h:99999/"], "h:99999"), ([], "URL"),
                       (["http://h x/"], "http://h x/"), (["http://h/", "-H", "nocolon"], "nocolon"),
                       (["http://h/", "-H", "A: b\r\nC: d"], "A: b"), (["http://h/", "--connect-to", "a:b"], "a:b"),
                       (["http://h/", "--proxy", "ftp://p"], "ftp://p"), (["http://h/", "--max-body", "0"], "max-body")):
        for command in ("head", "get", "http"):
            done = run(command, *args)
            assert done.returncode == 2 and done.stdout == "" and word in done.stderr, (command, args, done)


def test_proxy():
    requests = []
    with site() as s, listener(requests, b"HTTP/1.1 200 OK\r\nVia: 1.1 p\r\nContent-Length: 0\r\n\r\n") as proxy:
        port = proxy.getsockname()[1]
        for spelled in (f"127.0.0.1:{port}", f"http://localhost:{port}"):
            code, (answer,) = run_json("head", "http://elsewhere.invalid/x", "--proxy", spelled, "-4")
            assert (code, answer["status_code"], answer["remote_port"]) == (0, 200, port), answer
            assert requests[-1].startswith(b"HEAD http://elsewhere.invalid/x HTTP/1.1\r\n"), requests
        code, (answer,) = run_json("head", "https://www.test/", "--proxy", f"127.0.0.1:{port}")
        assert code == 1 and requests[-1].startswith(b"CONNECT www.test:443 "), (answer, requests[-1])
    with listener(requests, b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        code, (answer,) = run_json("head", "https://www.test/", "--proxy", f"127.0.0.1:{proxy.getsockname()[1]}")
        assert (code, answer["outcome"], answer["failed_at"]) == (1, "refused", "connect") and answer["why"].startswith("proxy: ") and "407" in answer["why"], answer
    code, (answer,) = run_json("head", "http://www.test/", "--proxy", "127.0.0.1:1")
    assert (code, answer["outcome"]) == (1, "refused") and answer["why"].startswith("connect to the proxy: "), answer
    with listener(requests, b"") as silent:
        for url, proxy in (("https://www.test/", ""), ("http://www.test/", "socks5h://")):
            code, (answer,) = run_json("head", url, "-W", "1", "--proxy", f"{proxy}127.0.0.1:{silent.getsockname()[1]}")
            assert code == 1 and "proxy" in answer["why"], answer


def test_repeated():
    with site() as s:
        code, objects = run_json("head", s.url + "/hello", "--interval", "50ms", "-c", "3")
        assert code == 0 and [o["type"] for o in objects] == ["probe"] * 3 + ["summary"], objects
        assert [o["status_code"] for o in objects[:3]] == [200] * 3 and objects[3]["received"] == 3, objects
        done = run("head", s.url + "/hello", "--csv", "-c", "2", "--interval", "50ms")
        lines = done.stdout.splitlines()
        assert done.returncode == 0 and "status_code" in lines[0] and len(lines) >= 3, done.stdout


if __name__ == "__main__":
    main(globals())
