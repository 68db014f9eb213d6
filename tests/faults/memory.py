#!/usr/bin/env python3
"""memory.py - commands under valgrind, and with allocations that fail (fault row H13)."""
import concurrent.futures
import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import harness
from harness import SOUNDER, Skip

SAMPLES = int(os.environ.get("FAILMALLOC_SAMPLES", "14"))  # allocations of a command that are made to fail, spread over all
SPARED = "libldns,uv_loop_init"  # ldns uses what it could not allocate, libuv aborts where pthread_atfork fails
LIMIT = 15  # seconds; a command that takes longer hangs


def environment(**more):
    full = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "SSL_CERT_FILE")}
    return {**full, "LC_ALL": "C.UTF-8", **{k: str(v) for k, v in more.items()}}


@contextlib.contextmanager
def web_server():
    """Answers any request over HTTP on a free port, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    client = listener.accept()[0]
                    with client, contextlib.suppress(OSError):
                        client.settimeout(2)
                        client.recv(4096)
                        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def name_server():
    """Answers every question with one A record, 127.0.0.1, on a free UDP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)
        done = threading.Event()

        def serve():
            while not done.is_set():
                with contextlib.suppress(OSError):
                    asked, peer = server.recvfrom(4096)
                    end = asked.index(0, 12) + 5
                    is_a = asked[end - 3] == 1
                    answer = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if is_a else b""
                    server.sendto(asked[:2] + b"\x85\x80\0\1\0" + bytes([is_a]) + b"\0\0\0\0" + asked[12:end] + answer, peer)
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
    with web_server() as web, name_server() as names, tempfile.TemporaryDirectory() as folder:
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
                "head": (["head", f"http://127.0.0.1:{web}/"], (0,)),
                "get": (["get", f"http://127.0.0.1:{web}/", "--json"], (0,)),
                "tcp": (["tcp", f"127.0.0.1:{web}"], (0,)),
                "echo": (["echo", echo], (0,)),
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


def test_valgrind():
    harness.need("valgrind")
    if sanitized():
        raise Skip("built with a sanitizer")
    prefix = ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite", "--error-exitcode=99",
              "--child-silent-after-fork=yes"]

    def check(name, case):
        code, text = ended(case[0], environment(), prefix)
        return "" if code in case[1] else f"{name}: exit {code}\n{text[-3000:]}"

    with commands() as cases:
        found = each(cases.items(), check)
    assert not found, "\n".join(found)


def shim():
    path = os.environ.get("FAILMALLOC", "")
    if not os.path.exists(path):
        raise Skip("no failmalloc at hand (FAILMALLOC)")
    if sanitized():
        raise Skip("built with a sanitizer")
    return path


def allocations(arguments, folder, name):
    """How many allocations a command makes when none fails."""
    path = os.path.join(folder, name)
    ended(arguments, environment(LD_PRELOAD=shim(), FAILMALLOC_COUNT=path))
    with open(path, encoding="ascii") as file:
        return int(file.read().split()[-1])


def check_failure(name, case, at, goes_on):
    """One run with one allocation (or all from it on) failing: ends by itself, by no signal, with its result or with 2 and a message."""
    more = {"FAILMALLOC_ON": 1} if goes_on else {}
    code, text = ended(case[0], environment(LD_PRELOAD=shim(), FAILMALLOC_AT=at, FAILMALLOC_SPARE=SPARED, **more))
    if code in (0, 1, 2) and (code == 0 or text.strip()):
        return ""
    return f"{name}, allocation {at}{' and all after it' if goes_on else ''}: exit {code}: {text[-600:]}"


def torture(cases, goes_on):
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for name, case in cases.items():
            count = allocations(case[0], folder, name)
            step = max(1, count // SAMPLES)
            runs += [(name, case, at, goes_on) for at in sorted({*range(1, min(count, SAMPLES // 2) + 1), *range(1, count + 1, step)})]
        found = each(runs, check_failure)
        print(f"{len(runs)} runs")
    assert not found, f"{len(found)} of {len(runs)}:\n" + "\n".join(found[:30])


def test_H13_one_allocation_fails():
    shim()
    with commands() as cases:
        torture(cases, False)


def test_H13_all_from_one_on_fail():
    shim()
    with commands() as cases:
        torture(cases, True)


if __name__ == "__main__":
    harness.main(globals())
