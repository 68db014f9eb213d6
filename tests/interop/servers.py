#!/usr/bin/env python3
"""Daytime and echo with their peers, in both directions: nc, socat and python's sockets against ours; ours against xinetd's own."""
import calendar
import contextlib
import hashlib
import os
import random
import socket
import subprocess
import threading
import time

import serving
from harness import SOUNDER, folder, free_port, in_namespace, main, need, process, run, run_json, wait_port, wait_until


class Serving(serving.Serving):
    """With `port("echo", "tcp", "127.0.0.1")` of each socket."""

    def port(self, service, transport, address="127.0.0.1"):
        def look():
            return [event["port"] for event in self.of("listening") if (event["service"], event["transport"], event["address"]) == (service, transport, address)]
        found = wait_until(look)
        assert found, (service, transport, address, self.events)
        return found[0]


@contextlib.contextmanager
def both(*more):
    with Serving("daytime", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0", "--tcp", "[::1]:0", "--udp", "[::1]:0",
                 "echo", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0", "--tcp", "[::1]:0", "--udp", "[::1]:0", *more) as serving:
        yield serving


def is_now(text, since):
    """ctime's form, local time, between `since` and now, to the second: however long the client took."""
    assert text.endswith("\r\n") and len(text) == 26, text
    return int(since) <= time.mktime(time.strptime(text.strip())) <= time.time()


def test_nc_reads_our_daytime():
    need("nc")
    with both() as serving:
        for address in "127.0.0.1", "::1":
            since = time.time()
            done = subprocess.run(["nc", address, str(serving.port("daytime", "tcp", address))], capture_output=True, timeout=10, input=b"junk\n" * 1000)
            assert is_now(done.stdout.decode(), since), done
            done = subprocess.run(["nc", "-u", "-w", "1", address, str(serving.port("daytime", "udp", address))], capture_output=True, timeout=10, input=b"?")
            assert is_now(done.stdout.decode(), since), done


def test_socat_echoes_after_half_close():
    need("socat")
    data = random.Random(1).randbytes(3_000_000)
    with both() as serving:
        for address in "127.0.0.1", "[::1]":
            port = serving.port("echo", "tcp", address.strip("[]"))
            done = subprocess.run(["socat", "-t10", "-", f"TCP:{address}:{port}"], input=data, capture_output=True, timeout=30)
            assert done.stdout == data, len(done.stdout)


def test_socat_echoes_datagrams():
    need("socat")
    with both() as serving:
        for family, address in ("4", "127.0.0.1"), ("6", "[::1]"):
            port = serving.port("echo", "udp", address.strip("[]"))
            done = subprocess.run(["socat", "-t1", "-", f"UDP{family}:{address}:{port}"], input=b"x" * 1400, capture_output=True, timeout=30)
            assert done.stdout == b"x" * 1400, done


def test_many_clients_at_once():
    with both() as serving:
        port = serving.port("echo", "tcp")
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        for i, client in enumerate(clients):
            client.sendall(b"%d\n" % i)
        for i, client in enumerate(clients):
            client.settimeout(10)
            assert client.recv(100) == b"%d\n" % i
            client.close()


def test_events_and_counters():
    with both() as serving:
        port = serving.port("echo", "tcp")
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"hello")
            assert client.recv(5, socket.MSG_WAITALL) == b"hello"
        assert wait_until(lambda: serving.of("closed")), serving.events
        assert serving.stop() == 0
    closed = serving.of("closed")[0]
    assert closed["service"] == "echo" and closed["transport"] == "tcp" and closed["port"] == port, closed
    for key in "event", "service", "transport", "address", "port":
        assert all(key in event for event in serving.events), serving.events
    assert len(serving.of("listening")) == 8


def test_nothing_named_serves_both_on_loopback():
    """In a namespace of its own: the ports are fixed, and another server may hold them here."""
    child = in_namespace('exec timeout -s TERM 1 "$SOUNDER" serve')
    rows = [line.split() for line in child.stdout.splitlines() if line.startswith("listening ")]
    got = {(row[1], row[2], row[3].rsplit(":", 1)[0]) for row in rows}
    assert got == {(s, t, a) for s in ("daytime", "echo") for t in ("tcp", "udp") for a in ("127.0.0.1", "[::1]")}, child
    assert {int(row[3].rsplit(":", 1)[1].rstrip(":")) for row in rows} in ({7, 13}, {10007, 10013}), child.stdout
    assert child.stderr == "", child.stderr


XINETD = """
defaults
{{
    log_type = FILE {folder}/log
    instances = 60
}}
service daytime
{{
    type = INTERNAL UNLISTED
    id = daytime-stream
    socket_type = stream
    protocol = tcp
    wait = no
    user = {user}
    port = {daytime_tcp}
    bind = 127.0.0.1
}}
service daytime
{{
    type = INTERNAL UNLISTED
    id = daytime-dgram
    socket_type = dgram
    protocol = udp
    wait = yes
    user = {user}
    port = {daytime_udp}
    bind = 127.0.0.1
}}
service echo
{{
    type = INTERNAL UNLISTED
    id = echo-stream
    socket_type = stream
    protocol = tcp
    wait = no
    user = {user}
    port = {echo_tcp}
    bind = 127.0.0.1
}}
service echo
{{
    type = INTERNAL UNLISTED
    id = echo-dgram
    socket_type = dgram
    protocol = udp
    wait = yes
    user = {user}
    port = {echo_udp}
    bind = 127.0.0.1
}}
"""


@contextlib.contextmanager
def xinetd():
    need("xinetd")
    import pwd
    udp = socket.SOCK_DGRAM
    ports = {"daytime_tcp": free_port(), "daytime_udp": free_port(udp), "echo_tcp": free_port(), "echo_udp": free_port(udp)}
    with folder() as path:
        (path / "conf").write_text(XINETD.format(folder=path, user=pwd.getpwuid(os.getuid()).pw_name, **ports))
        program = "/usr/sbin/xinetd" if os.path.exists("/usr/sbin/xinetd") else "xinetd"
        with process(program, "-dontfork", "-f", path / "conf", "-pidfile", path / "pid"):
            wait_port(ports["daytime_tcp"])
            wait_port(ports["echo_tcp"])
            yield ports


def test_daytime_of_xinetd():
    with xinetd() as ports:
        for words in (f"127.0.0.1:{ports['daytime_tcp']}",), ("--udp", f"127.0.0.1:{ports['daytime_udp']}"):
            code, lines = run_json("daytime", *words)
            assert code == 0 and len(lines) == 1, lines
            assert lines[0]["outcome"] == "ok" and lines[0]["form"] == "xinetd", lines
            assert abs(lines[0]["clock_offset_seconds"]) < 3, lines
            when = time.strptime(lines[0]["text"].rsplit(" ", 1)[0], "%d %b %Y %H:%M:%S")
            assert abs(calendar.timegm(when) - time.time()) < 15 * 3600, lines
        done = run("daytime", f"127.0.0.1:{ports['daytime_tcp']}")
        assert done.returncode == 0 and "the clocks agree" in done.stdout, done.stdout


def test_echo_of_xinetd():
    with xinetd() as ports:
        for words in (f"127.0.0.1:{ports['echo_tcp']}",), ("--size", "100000", f"127.0.0.1:{ports['echo_tcp']}"), ("--udp", f"127.0.0.1:{ports['echo_udp']}"):
            code, lines = run_json("echo", *words)
            assert code == 0 and len(lines) == 1 and lines[0]["outcome"] == "ok", lines
            assert lines[0]["bytes_received"] == (100000 if "--size" in words else 64), lines
        code, lines = run_json("tcp", f"127.0.0.1:{ports['echo_tcp']}", "-c", "3", "-i", "0.05")
        assert code == 0 and lines[-1]["type"] == "summary" and lines[-1]["received"] == 3, lines


def test_ours_against_ours():
    with both() as serving:
        for address in "127.0.0.1", "[::1]":
            bare = address.strip("[]")
            for service in "daytime", "echo":
                for transport in "tcp", "udp":
                    words = (["--udp"] if transport == "udp" else []) + [f"{address}:{serving.port(service, transport, bare)}"]
                    code, lines = run_json(service, *words)
                    assert code == 0 and lines[0]["outcome"] == "ok", lines
        code, lines = run_json("daytime", f"127.0.0.1:{serving.port('daytime', 'tcp')}")
        assert lines[0]["form"] == "ctime" and lines[0]["zone_assumed"] is True, lines


def test_locale_does_not_change_the_text():
    with Serving("daytime", "--tcp", "127.0.0.1:0", env={"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kolkata"}) as serving:
        with socket.create_connection(("127.0.0.1", serving.port("daytime", "tcp"))) as client:
            text = client.makefile("rb").read().decode()
        assert text[:3] in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), text
        expected = time.time() + 5.5 * 3600
        assert abs(calendar.timegm(time.strptime(text.strip())) - expected) < 3, text


def test_options_belong_to_the_word_before_them():
    with Serving("echo", "--tcp", "127.0.0.1:0", "--idle", "500ms", "echo", "--tcp", "[::1]:0") as serving:
        hasty = socket.create_connection(("127.0.0.1", serving.port("echo", "tcp")))
        patient = socket.create_connection(("::1", serving.port("echo", "tcp", "::1")))
        hasty.settimeout(10)
        assert hasty.recv(1) == b""
        time.sleep(0.7)
        patient.settimeout(10)
        patient.sendall(b"x")
        assert patient.recv(1) == b"x"
        hasty.close()
        patient.close()
    with Serving("--max-clients", "1", "echo", "--tcp", "127.0.0.1:0") as serving:
        port = serving.port("echo", "tcp")
        with socket.create_connection(("127.0.0.1", port)) as first:
            first.sendall(b"x")
            assert first.recv(1) == b"x"
            try:
                with socket.create_connection(("127.0.0.1", port)) as second:
                    assert second.recv(1) == b""
            except ConnectionResetError:
                pass
            assert wait_until(lambda: serving.of("refused")), serving.events


def test_usage_errors_name_what_is_wrong():
    for words, part in ((["--tcp", "127.0.0.1:0"], "which service"), (["chargen"], "no such service"), (["echo", "--tcp", "nowhere:1"], "an address of this host"),
                        (["echo", "--tcp", "127.0.0.1:70000"], "70000"), (["echo", "--udp", "224.0.0.1:9999"], "group"), (["echo", "--idle", "x"], "--idle")):
        done = run("serve", *words)
        assert done.returncode == 2 and not done.stdout and part in done.stderr and len(done.stderr.splitlines()) == 1, (words, done)


def test_refused_and_silent():
    code, lines = run_json("tcp", f"127.0.0.1:{free_port()}")
    assert code == 1 and lines[0]["outcome"] == "refused", lines
    code, lines = run_json("echo", "--udp", f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}")
    assert code == 1 and lines[0]["outcome"] == "refused", lines
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        code, lines = run_json("echo", "--udp", "--timeout", "300ms", f"127.0.0.1:{silent.getsockname()[1]}")
        assert code == 1 and lines[0]["outcome"] == "timeout", lines


def test_big_stream_by_digest():
    """64 MiB through echo: the digest of what comes back is that of what was sent."""
    block = random.Random(2).randbytes(1 << 20)
    sent, back = hashlib.sha256(), hashlib.sha256()
    with both() as serving, socket.create_connection(("127.0.0.1", serving.port("echo", "tcp"))) as client:
        client.settimeout(30)

        def send():
            for _ in range(64):
                sent.update(block)
                client.sendall(block)
            client.shutdown(socket.SHUT_WR)
        sender = threading.Thread(target=send)
        sender.start()
        while data := client.recv(1 << 16):
            back.update(data)
        sender.join()
    assert sent.digest() == back.digest()


if __name__ == "__main__":
    main(globals())
