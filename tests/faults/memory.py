#!/usr/bin/env python3
"""memory.py - commands, the dashboard and servers under valgrind; torture.py has allocations fail."""
import concurrent.futures
import contextlib
import os
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time

import harness
from harness import SOUNDER, Skip
from terminal import Screen
from web_peer import Peer

WEB = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

LIMIT = 60  # seconds; a command that takes longer hangs, also on a machine that does much else


def environment(**more):
    full = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "SSL_CERT_FILE")}
    return {**full, "LC_ALL": "C.UTF-8", **{k: str(v) for k, v in more.items()}}


@contextlib.contextmanager
def name_server():
    """Answers every question for A with 127.0.0.1 and 127.0.0.2, for AAAA with ::1, on a free UDP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)
        done = threading.Event()

        def serve():
            while not done.is_set():
                with contextlib.suppress(OSError):
                    asked, peer = server.recvfrom(4096)
                    end = asked.index(0, 12) + 5
                    kind = asked[end - 3]
                    data = [b"\x7f\0\0\1", b"\x7f\0\0\2"] if kind == 1 else [bytes(15) + b"\1"] if kind == 28 else []
                    answer = b"".join(b"\xc0\x0c\0" + bytes([kind]) + b"\0\1\0\0\0\x3c\0" + bytes([len(d)]) + d for d in data)
                    server.sendto(asked[:2] + b"\x85\x80\0\1\0" + bytes([len(data)]) + b"\0\0\0\0" + asked[12:end] + answer, peer)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            done.set()
            thread.join()


@contextlib.contextmanager
def commands():
    """{name: (arguments, exit codes of a run with all the memory it wants)}"""
    with Peer(lambda c, _: c.sendall(WEB)) as peer, name_server() as names, tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "sounder.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("set frame-rate 4\n")
        with harness.process(SOUNDER, "serve", "echo", "--tcp", "127.0.0.1:0", stdout=subprocess.PIPE, text=True) as server:
            echo = server.stdout.readline().split()[-1]
            yield {
                "mask": (["mask", "10.1.2.3/23"], (0,)),
                "ip": (["ip", "10.1.2.3", "2001:db8::1", "--json"], (0,)),
                "port": (["port", "ssh"], (0,)),
                "protocol": (["protocol", "6"], (0,)),
                "help": (["help", "ping"], (0,)),
                "resolve": (["resolve", "127.0.0.1:80"], (0,)),
                "dns": (["dns", "db1.test.", "--server", f"127.0.0.1:{names}"], (0,)),
                "host": (["host", "db1.test", "--server", f"127.0.0.1:{names}"], (0,)),
                "head": (["head", f"http://127.0.0.1:{peer.port}/"], (0,)),
                "get": (["get", f"http://127.0.0.1:{peer.port}/", "--json"], (0,)),
                "tcp": (["tcp", f"127.0.0.1:{peer.port}"], (0,)),
                "echo": (["echo", echo], (0,)),
                "ping all": (["ping", "--all-addresses", "--tcp", f"{peer.port}", "-c", "1", "db1.test", "--server", f"127.0.0.1:{names}"], (1,)),
                "ping": (["-f", config, "ping", "-c", "1", "127.0.0.1"], (0, 2)),  # 2: no permission here
            }


def ended(arguments, env, prefix=()):
    """Runs sounder and returns (exit code, text); the code is None for one that had to be killed."""
    try:
        done = subprocess.run([*prefix, SOUNDER, *arguments], capture_output=True, text=True, errors="replace", timeout=LIMIT * (4 if prefix else 1),
                              env=env, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, "had to be killed"
    return done.returncode, done.stdout + done.stderr


def sanitized():
    with open(SOUNDER, "rb") as file:
        return b"__asan_init" in file.read()


def each(cases, check):
    """Runs check(name, case) for all at once as far as there are processors; returns the complaints."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [words for words in pool.map(lambda case: check(*case), cases) if words]


def valgrind(*more):
    """The command that runs another under valgrind: exit code 99 where something is wrong."""
    harness.need("valgrind")
    if sanitized():
        raise Skip("built with a sanitizer")
    # Valgrind does not know TIOCSTI, which puts back what was typed while the terminal's last answer came.
    return ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite", "--error-exitcode=99", "--sim-hints=lax-ioctls",
            "--child-silent-after-fork=yes", *more]


def test_valgrind():
    prefix = valgrind()

    def check(name, case):
        code, text = ended(case[0], environment(), prefix)
        return "" if code in case[1] else f"{name}: exit {code}\n{text[-3000:]}"

    with commands() as cases:
        found = each(cases.items(), check)
    assert not found, "\n".join(found)


def test_valgrind_dashboard():
    """Each panel, targets that answer and that don't, a server, help, another size; then it quits."""
    with harness.folder() as folder:
        log = folder / "valgrind"
        inside = [*harness.namespace(), "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]  # what a dashboard asks by itself stays in there
        with Screen(rows=40, columns=120, prefix=[*inside, *valgrind(f"--log-file={log}")]) as screen:
            screen.read_until(b"Overview", 20)
            for line in ("serve echo --tcp 127.0.0.1:10007", "echo 127.0.0.1:10007 -i 200ms", "tcp 127.0.0.1:9 -i 200ms", "ping 127.0.0.1",
                         "dns db1.test --server 127.0.0.1:9", "head http://127.0.0.1:9/", "nonsense"):
                screen.send(b":" + line.encode() + b"\r")
                screen.read(0.3)
            for keys in (b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9", b"1", b"?", b"\033"):
                screen.send(keys)
                screen.read(0.4)
            screen.resize(12, 50)
            screen.read(0.5)
            screen.send(b":quit\r")
            end = time.monotonic() + 20
            while screen.process.poll() is None and time.monotonic() < end:
                screen.read(0.2)
            code = screen.process.poll()
        output = log.read_text(errors="replace") if log.exists() else ""
    assert code == 0 and not output, f"exit {code}\n{output[-3000:]}"


def test_valgrind_serve():
    """Both services over both transports, clients that stay, leave and reset, then SIGTERM."""
    ports = harness.free_port(), harness.free_port()
    words = ["serve"]
    for service, port in zip(("echo", "daytime"), ports):
        words += [service, "--tcp", f"127.0.0.1:{port}", "--udp", f"127.0.0.1:{port}"]
    with harness.folder() as folder, harness.process(*valgrind(f"--log-file={folder}/valgrind"), SOUNDER, *words) as server:
        for port in ports:
            harness.wait_port(port, seconds=20)
        with socket.create_connection(("127.0.0.1", ports[0])) as stays:
            for port in ports:
                with socket.create_connection(("127.0.0.1", port)) as client, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                    client.settimeout(10)
                    datagrams.settimeout(10)
                    client.sendall(b"hello")
                    assert client.recv(100)
                    datagrams.sendto(b"hello", ("127.0.0.1", port))
                    assert datagrams.recv(100)
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stays.sendall(b"x" * 100000)
            server.terminate()
            code = server.wait(20)
        output = (folder / "valgrind").read_text(errors="replace")
    assert code == 0 and not output, f"exit {code}\n{output[-3000:]}"


if __name__ == "__main__":
    harness.main(globals())
