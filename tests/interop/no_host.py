#!/usr/bin/env python3
"""no_host.py - texts that are no host (no_host.tsv) in all commands that take one: exit 2, one line on stderr with the reason, nothing on stdout, and
not one packet on any interface. In a namespace of its own, with a name server that would answer. Rows KH1 to KH8."""
import concurrent.futures
import os
import re
import socket
import subprocess
import sys
import threading

import harness

INSIDE = "NO_HOST_INSIDE"
WIRE_ALL = 3  # ETH_P_ALL


def texts():
    for line in (harness.TESTS / "interop" / "no_host.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            text, wanted, skip = line.split("\t")
            raw = re.sub(rb"\\x([0-9a-f]{2})|\\(\\)", lambda m: bytes([int(m[1], 16)]) if m[1] else b"\\", text.encode())
            yield raw, wanted.split("|"), skip.split()


def commands(text):
    """(name, arguments) of each command that takes a host."""
    server = ["--server", "127.0.0.1", "-W", "1"]
    yield "ping", ["ping", "-c", "1", *server, "--", text]
    yield "host", ["host", *server, "--", text]
    yield "dns", ["dns", *server, "--", text]
    yield "resolve", ["resolve", *server, "--", text]
    yield "tcp", ["tcp", *server, "--", text + b":80"]
    yield "echo", ["echo", *server, "--", text + b":7"]
    yield "daytime", ["daytime", *server, "--", text + b":13"]
    yield "head", ["head", *server, "--", b"http://" + text + b"/"]
    yield "get", ["get", *server, "--", b"http://" + text + b"/"]
    yield "ping --tcp", ["ping", "--tcp", "9", "-c", "1", *server, "--", text]
    yield "--server", ["dns", "--server", text, "-W", "1", "--", "db1.example"]


# What is more than a host in a command's own grammar is another matter there: a port behind a colon, a network, an option.
OTHERWISE = {"ping": rb"^-", "host": rb"^-", "dns": rb"^-|^\.$", "resolve": rb":|^-|^\[|^$", "tcp": rb":|^-|^\[", "echo": rb":|^-|^\[", "daytime": rb":|^-|^\[",
             "head": rb"[/?#@:]|^-|^\[|^$", "get": rb"[/?#@:]|^-|^\[|^$", "ping --tcp": rb"^-", "--server": rb"^-|^$"}


# Those that read their word as another one does, a text each by turns.
BY_TURNS = ["echo", "daytime", "get", "ping --tcp", "--server"]


class Wire:
    """Counts packets of all interfaces."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(WIRE_ALL))
        self.count, self.last = 0, b""
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            self.last = self.socket.recv(65536)
            self.count += 1


def run_one(arguments):
    return subprocess.run([harness.SOUNDER.encode(), *[a if isinstance(a, bytes) else a.encode() for a in arguments]], capture_output=True, timeout=10,
                          stdin=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"})


def check(name, text, wanted, done):
    output = done.stderr.decode(errors="replace")
    if done.returncode != 2 or done.stdout or output.count("\n") != 1 or not any(word in output for word in wanted):
        return f"{name} {text!r}: exit {done.returncode}, stdout {done.stdout[:60]!r}, stderr {output[:200]!r}; wanted {wanted}"
    return None


def nothing_leaves():
    wire = Wire()
    asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asked.bind(("127.0.0.1", 53))
    jobs = [(name, arguments, text, wanted) for number, (text, wanted, skip) in enumerate(texts()) for name, arguments in commands(text)
            if (name not in BY_TURNS or BY_TURNS[number % len(BY_TURNS)] == name) and name.split(" ")[0] not in skip and not (name == "get" and "head" in skip) and not re.search(OTHERWISE[name], text)]

    def work(job):
        name, arguments, text, wanted = job
        more = ["no URL may hold"] if name in ("head", "get") else ["name server", "address", "no host or port"] if name == "--server" else []
        return check(name, text, wanted + more, run_one(arguments))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        faults, runs = [fault for fault in pool.map(work, jobs) if fault], len(jobs)
    if wire.count:
        faults.append(f"{wire.count} packets left, the last {wire.last[:90]!r}")
    print(f"  {len(list(texts()))} texts, {runs} runs, {wire.count} packets")
    for fault in faults[:60]:
        print("  " + fault)
    assert not faults, f"{len(faults)} of {runs}"
    assert runs > 2500


def test_KH1_KH2_KH3_KH4_KH6_KH7_KH8_nothing_leaves():
    if not os.environ.get(INSIDE):
        done = subprocess.run(["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, __file__],
                              env={**os.environ, INSIDE: "1"}, timeout=200)
        assert done.returncode == 0
    else:
        nothing_leaves()


if __name__ == "__main__":
    harness.main(globals())
