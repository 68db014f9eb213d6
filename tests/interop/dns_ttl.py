#!/usr/bin/env python3
"""dns_ttl.py - how long an answer may be kept, and `dns --watch`, which asks again when that is over and never sooner. RFC 2181 sec. 8, RFC 2308,
RFC 6672."""
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "faults"))

from dns_answers import A, AAAA, CNAME, Answers, kind_of, soa  # noqa: E402
from dns_wire import header, name, record, u16  # noqa: E402
from harness import SOUNDER, Machine, main, run_json  # noqa: E402

DNAME, NS = 39, 2
ZONE = name("test")


def rr(kind, data, ttl, owner=b"\xc0\x0c"):
    return owner + u16(kind, 1) + ttl.to_bytes(4, "big") + u16(len(data)) + data


def ttl_of(make, *words):
    """The TTL that `dns` has for it: as one view, and as one of several; both have to be the same."""
    with Answers(make) as one, Answers(make) as two:
        code, rows = run_json("dns", "x.test", *words, f"@127.0.0.1:{one.port}")
        _, tables = run_json("dns", "x.test", *words, f"@127.0.0.1:{one.port}", f"@127.0.0.1:{two.port}")
    row, views = rows[0], tables[0]["views"]
    assert views[0]["ttl"] == views[1]["ttl"] == row["ttl"], (row["ttl"], views)
    assert (views[0]["expires"] is None) == (row["ttl"] is None), views
    return row["ttl"]


def test_six_chains():
    address = b"\x0a\0\0\x09"
    alias = name("y.test")
    assert ttl_of(lambda q: header(0x8180, (1, 2, 0, 0)) + q + rr(CNAME, alias, 7) + rr(A, address, 60, alias), "A") == 7
    assert ttl_of(lambda q: header(0x8180, (1, 2, 0, 0)) + q + rr(CNAME, alias, 60) + rr(A, address, 7, alias), "A") == 7
    for soa_ttl, minimum, expected in ((30, 20, 20), (20, 30, 20), (0, 30, 0), (30, 1 << 31, 0)):
        for rcode in (0, 3):
            assert ttl_of(lambda q: header(0x8180 | rcode, (1, 0, 1, 0)) + q + soa(ZONE, 0, minimum).replace(
                b"\0\x06\0\x01\0\0\0\0", b"\0\x06\0\x01" + soa_ttl.to_bytes(4, "big"), 1), "A") == expected, (soa_ttl, minimum, rcode)
    assert ttl_of(lambda q: header(0x8180, (1, 1, 0, 0)) + q + rr(A, address, 0), "A") == 0
    for high in (1 << 31, (1 << 32) - 1):
        assert ttl_of(lambda q: header(0x8180, (1, 1, 0, 0)) + q + rr(A, address, high), "A") == 0
    assert ttl_of(lambda q: header(0x8180, (1, 1, 0, 0)) + q + rr(A, address, (1 << 31) - 1), "A") == (1 << 31) - 1
    # a DNAME's CNAME has its own TTL, which counts; the DNAME stands beside it (RFC 6672 sec. 3.1)
    assert ttl_of(lambda q: header(0x8180, (1, 3, 0, 0)) + q + rr(DNAME, name("other.test"), 90, ZONE) + rr(CNAME, name("x.other.test"), 90)
                  + rr(A, address, 300, name("x.other.test")), "A") == 90

    def mixed(q):  # of two types, with a time each, the least; absence of one is no part of the other's
        if kind_of(q) == A:
            return header(0x8180, (1, 2, 0, 0)) + q + rr(A, address, 50) + rr(A, b"\x0a\0\0\x0a", 40)
        return header(0x8180, (1, 1, 0, 0)) + q + rr(AAAA, bytes(16), 45)
    assert ttl_of(mixed, "A", "AAAA") == 40
    assert ttl_of(lambda q: header(0x8180, (1, 0, 0, 0)) + q, "A") is None  # nothing there, and nobody knows for how long


class Changing(Answers):
    """A's address is `last`, for `ttl` seconds; there is no AAAA, for `absent` seconds. Keeps when each was asked for."""

    def __init__(self, ttl, absent=60):
        self.last, self.ttl, self.absent, self.asked = 1, ttl, absent, []
        self.rcode = 0
        super().__init__(self.respond)

    def respond(self, q):
        self.asked.append((kind_of(q), time.monotonic()))
        if self.rcode:
            return header(0x8180 | self.rcode, (1, 0, 0, 0)) + q
        if kind_of(q) == A:
            return header(0x8180, (1, 1, 0, 0)) + q + rr(A, bytes([10, 0, 0, self.last]), self.ttl)
        return header(0x8180, (1, 0, 1, 0)) + q + soa(ZONE, self.absent, self.absent)

    def gaps(self, kind):
        times = [at for k, at in self.asked if k == kind]
        return [b - a for a, b in zip(times, times[1:])]


class Watching:
    """`dns --watch --json`: lines with the time when each came."""

    def __init__(self, *words):
        self.program = subprocess.Popen([SOUNDER, "dns", "x.test", *words, "--watch", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.program.stdout:
            self.lines.append((time.monotonic(), json.loads(line)))

    def wait(self, count, seconds=15):
        end = time.monotonic() + seconds
        while len(self.lines) < count and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self.lines) >= count, self.lines
        return self.lines[count - 1]

    def stop(self):
        self.program.send_signal(signal.SIGINT)
        self.reader.join(10)
        errors = self.program.stderr.read()
        return self.program.wait(10), errors


def test_a_change_is_a_line():
    with Changing(2) as server, Machine() as machine:
        watching = Watching("A", f"@127.0.0.1:{server.port}")
        try:
            _, first = watching.wait(1)
            assert first["type"] == "names" and first["views"][0]["ttl"] == 2, first
            server.last = 2
            came, change = watching.wait(2)
            visible = server.asked[0][1] + 2  # until then the answer counts
            assert came - visible < machine.within(1), came - visible
            assert change["type"] == "change" and change["was"] == ["10.0.0.1"] and change["now"] == ["10.0.0.2"], change
            assert change["view"] == f"127.0.0.1:{server.port}" and 2 <= change["held_seconds"] < 15, change
            server.rcode = 3
            assert watching.wait(3)[1]["now"] == ["NXDOMAIN"]
            server.rcode = 2
            assert watching.wait(4, 20)[1]["now"] == ["servfail"]
        finally:
            code, errors = watching.stop()
        assert code == 0 and errors == "", (code, errors)  # to be stopped is its only end
        assert all(gap >= 2 for gap in server.gaps(A)[:2]), server.gaps(A)


def test_each_type_has_its_own_time():
    with Changing(4, 1) as server:
        watching = Watching(f"@127.0.0.1:{server.port}")
        time.sleep(5.5)
        code, errors = watching.stop()
        assert code == 0 and len(watching.lines) == 1, (code, errors, watching.lines)  # nothing changed
        assert all(gap >= 4 for gap in server.gaps(A)) and len(server.gaps(A)) <= 1, server.gaps(A)
        assert all(gap >= 1 for gap in server.gaps(AAAA)) and len(server.gaps(AAAA)) >= 3, server.gaps(AAAA)


def test_text_and_the_deadline():
    with Changing(1) as server:
        threading.Timer(0.5, lambda: setattr(server, "last", 3)).start()
        done = subprocess.run([SOUNDER, "dns", "x.test", "A", f"@127.0.0.1:{server.port}", "--watch", "-w", "3s"], capture_output=True, text=True, timeout=30)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == "" and lines[-2] == "1 answer, 1 of 1 agree", done
    words = lines[-1].split()
    assert words[1:6] == [f"127.0.0.1:{server.port}", "10.0.0.1", "->", "10.0.0.3", "held"] and len(words[0]) == 8, lines


def test_a_reader_that_leaves():
    """| head -1: the program ends by itself."""
    with Changing(1) as server:
        program = subprocess.Popen([SOUNDER, "dns", "x.test", "A", f"@127.0.0.1:{server.port}", "--watch", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        program.stdout.readline()
        program.stdout.close()
        server.last = 2
        time.sleep(1.2)
        server.last = 3
        assert program.wait(15) is not None and program.stderr.read() == b""


if __name__ == "__main__":
    main(globals())
