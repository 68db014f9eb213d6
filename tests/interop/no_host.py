#!/usr/bin/env python3
"""no_host.py - texts that are no host (no_host.tsv) in all commands that take one: exit 2, one line on stderr that says why, nothing on stdout, and
not one packet on any interface. In a namespace of its own, with a name server that would answer. Rows KH1 to KH8."""
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


# What is more than a host in a command's own grammar is another matter there: a port behind a colon, a network, an option.
OTHERWISE = {"ping": rb"^-", "host": rb"^-", "dns": rb"^-|^\.$", "resolve": rb":|^-|^\[|^$", "tcp": rb":|^-|^\[", "echo": rb":|^-|^\[", "daytime": rb":|^-|^\[",
             "head": rb"[/?#@:]|^-|^\[|^$"}


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
    said = done.stderr.decode(errors="replace")
    if done.returncode != 2 or done.stdout or said.count("\n") != 1 or not any(word in said for word in wanted):
        return f"{name} {text!r}: exit {done.returncode}, stdout {done.stdout[:60]!r}, stderr {said[:200]!r}; wanted {wanted}"
    return None


def test_KH1_KH2_KH3_KH4_KH6_KH7_KH8_nothing_leaves():
    if not os.environ.get(INSIDE):
        done = subprocess.run(["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, __file__],
                              env={**os.environ, INSIDE: "1"}, timeout=200)
        assert done.returncode == 0
        return
    wire = Wire()
    asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asked.bind(("127.0.0.1", 53))
    faults, runs = [], 0
    for text, wanted, skip in texts():
        for name, arguments in commands(text):
            if name in skip or re.search(OTHERWISE[name], text):
                continue
            runs += 1
            before = wire.count
            fault = check(name, text, wanted + ["no URL may hold"] * (name == "head"), run_one(arguments))
            if wire.count != before:
                fault = f"{name} {text!r}: {wire.count - before} packets left, the last {wire.last[:90]!r}"
            if fault:
                faults.append(fault)
    print(f"  {runs} runs, {wire.count} packets")
    for fault in faults[:60]:
        print("  " + fault)
    assert not faults, f"{len(faults)} of {runs}"
    assert runs > 2000


if __name__ == "__main__":
    harness.main(globals())
