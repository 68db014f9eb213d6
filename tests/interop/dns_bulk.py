#!/usr/bin/env python3
"""dns_bulk.py - many names: `dns -`, `host -`, `resolve -` against knot and servers of our own. Each name has one end, what a server counts is what was
asked, nothing times out however long the list is, and memory stays small."""
import collections
import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "faults"))

import dns  # noqa: E402
from dns_answers import ADDRESS  # noqa: E402
from dns_wire import header  # noqa: E402
from harness import SOUNDER, Machine, main, run  # noqa: E402


class Slow:
    """Answers each question after a while (A 10.0.0.9), and counts them; `deaf`: not the first time that a name is asked for."""

    def __init__(self, delay=0, deaf=False):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.port, self.delay, self.deaf = self.socket.getsockname()[1], delay, deaf
        self.asked, self.waiting, self.most = collections.Counter(), collections.deque(), 0
        self.over = threading.Event()
        for work in (self.read, self.answer) if delay else (self.read,):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        self.socket.close()

    def read(self):
        while not self.over.is_set():
            try:
                question, sender = self.socket.recvfrom(4096)
            except OSError:
                return
            at = 12
            while question[at]:
                at += question[at] + 1
            name = question[12:at]
            self.asked[name] += 1
            if self.deaf and self.asked[name] == 1:
                continue
            answer = question[:2] + (header() + question[12:at + 5] + ADDRESS)[2:]
            if not self.delay:
                self.socket.sendto(answer, sender)
                continue
            self.waiting.append((time.monotonic() + self.delay, answer, sender))
            self.most = max(self.most, len(self.waiting))

    def answer(self):
        while not self.over.is_set():
            if not self.waiting:
                time.sleep(0.002)
                continue
            at, answer, sender = self.waiting[0]
            time.sleep(max(0, at - time.monotonic()))
            self.waiting.popleft()
            try:
                self.socket.sendto(answer, sender)
            except OSError:
                return


def names(count):
    return "".join(f"n{i}.zone.test\n" for i in range(count))


def big_zone(count):
    return dns.ZONE + "".join(f"n{i} A 10.{i >> 16}.{i >> 8 & 255}.{i & 255}\n" for i in range(count))


def test_all_are_answered_once():
    """20,000 names queued: none times out, each is there once; in order where that is asked for."""
    count = 20000
    before, dns.ZONE = dns.ZONE, big_zone(count)
    try:
        with dns.knot() as port:
            done = run("dns", "-", "A", "--short", f"@127.0.0.1:{port}", stdin=names(count), timeout=120)
            assert done.returncode == 0 and f"{count} lines: {count} with data, 0 without, 0 failed; " in done.stderr, done.stderr[-300:]
            ours = done.stdout.splitlines()
            assert len(ours) == count and len(set(ours)) == count, len(ours)
            ordered = run("dns", "-", "A", "--ordered", f"@127.0.0.1:{port}", stdin=names(count), timeout=120).stdout.splitlines()
            assert ordered == [f"n{i}.zone.test.  300  IN  A  10.{i >> 16}.{i >> 8 & 255}.{i & 255}" for i in range(count)], ordered[:3]
            for command in (("host", "-4"), ("resolve", "-4")):
                done = run(*command, "-", "--json", "--server", f"127.0.0.1:{port}", stdin=names(2000), timeout=120)
                rows = [json.loads(line) for line in done.stdout.splitlines()]
                assert done.returncode == 0 and {row["input"] for row in rows} == set(names(2000).split()) and len(rows) == 2000, done.stderr
            done = run("dns", "-", "MX", "--json", f"@127.0.0.1:{port}", stdin="zone.test\nwww.zone.test\nnone.zone.test\n")
            rows = {row["input"]: row for row in map(json.loads, done.stdout.splitlines())}
            assert done.returncode == 1 and {name: row["outcome"] for name, row in rows.items()} == {
                "zone.test": "ok", "www.zone.test": "nodata", "none.zone.test": "nxdomain"}, done
            assert len(rows["zone.test"]["records"]) >= 2 and len(rows["zone.test"]["attempts"]) == 1, rows
            assert "3 lines: 1 with data, 2 without, 0 failed; " in done.stderr, done.stderr
    finally:
        dns.ZONE = before


def test_the_servers_count_is_ours():
    with Slow() as server:
        done = run("dns", "-", "A", "--short", f"@127.0.0.1:{server.port}", stdin=names(3000), timeout=120)
        assert done.returncode == 0 and done.stdout == "10.0.0.9\n" * 3000, done.stderr
        assert len(server.asked) == 3000 and set(server.asked.values()) == {1}, collections.Counter(server.asked.values())


def test_a_thousand_of_a_second_each():
    """A hundred at a time: ten seconds, not a thousand; never more than the window under way."""
    with Machine() as machine, Slow(1) as server:
        start = time.monotonic()
        done = run("dns", "-", "A", "--short", f"@127.0.0.1:{server.port}", stdin=names(1000), timeout=200)
        took = time.monotonic() - start
        assert done.returncode == 0 and len(done.stdout.splitlines()) == 1000, done.stderr
        assert 9.9 < took < machine.within(11), took
        assert server.most <= 100, server.most


def test_window_and_rate():
    with Slow(0.3) as server:
        done = run("dns", "-", "A", "--window", "7", "--short", f"@127.0.0.1:{server.port}", stdin=names(21))
        assert done.returncode == 0 and server.most == 7, server.most
    with Slow() as server:
        start = time.monotonic()
        done = run("dns", "-", "A", "--rate", "50", "--short", f"@127.0.0.1:{server.port}", stdin=names(51))
        assert done.returncode == 0 and time.monotonic() - start >= 1, "too fast"
    for words in (("dns", "x.test", "--window", "5"), ("host", "x.test", "--ordered"), ("resolve", "x.test", "--rate", "5"), ("dns", "-", "--count", "3"),
                  ("dns", "-", "@127.0.0.1", "@127.0.0.2"), ("dns", "-", "--watch"), ("dns", "-", "--window", "0"), ("dns", "-", "--expect", "x")):
        done = run(*words, stdin="x.test\n")
        assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1, (words, done)


def test_lost_datagrams_are_asked_again():
    with Slow(deaf=True) as server:
        done = run("dns", "-", "A", "--short", "--timeout", "1s", f"@127.0.0.1:{server.port}", stdin=names(150), timeout=60)
        assert done.returncode == 0 and done.stdout == "10.0.0.9\n" * 150, done.stderr
        assert set(server.asked.values()) == {2}, collections.Counter(server.asked.values())


def test_input_is_not_read_ahead():
    """Lines of a pipe are answered as they come, and not gathered."""
    with Slow() as server:
        program = subprocess.Popen([SOUNDER, "dns", "-", "A", "--short", f"@127.0.0.1:{server.port}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        for i in range(3):
            program.stdin.write(f"n{i}.test\n".encode())
            program.stdin.flush()
            assert program.stdout.readline() == b"10.0.0.9\n"
        program.stdin.close()
        assert program.stdout.read() == b"" and program.wait(10) == 0


def test_memory_of_many_lines():
    """A line costs nothing once it is answered."""
    code = "import sys\nfor i in range(300000): print(f'n{i}.zone.test')"
    with Slow() as server:
        limit = "25"  # seconds: what was read until then is as good a measure
        program = subprocess.Popen(["timeout", "-s", "INT", limit, SOUNDER, "dns", "-", "A", "--short", f"@127.0.0.1:{server.port}"], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        feeder = subprocess.Popen([sys.executable, "-c", code], stdout=program.stdin, stderr=subprocess.DEVNULL)
        program.stdin.close()
        most = 0
        while program.poll() is None:
            time.sleep(0.2)
            most = max(most, resident(program.pid))
        feeder.kill()
        feeder.wait()
        assert len(server.asked) > 20000, len(server.asked)
    print(f"  {len(server.asked)} names, {most} kB at most")
    assert 0 < most < 12 * 1024 * (50 if "asan" in SOUNDER else 1), most


def resident(pid):
    """Of the one child that it has."""
    try:
        child = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        status = Path(f"/proc/{child[0]}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])
    except (OSError, IndexError):
        return 0


def test_strange_lines():
    with Slow() as server:
        lines = "\n\n  \n# no\n" + "a" * 300 + "\n" + "x." * 150 + "\nb\xfccher.test\nhttp://x/\n10.0.0.9\nok.test\n" + "y" * 70000 + "\nok2.test"
        done = subprocess.run([SOUNDER, "dns", "-", "A", "--short", f"@127.0.0.1:{server.port}"], input=lines.encode(), capture_output=True, timeout=60)
        assert done.returncode == 2 and done.stdout.count(b"10.0.0.9\n") == 4, done
        assert done.stderr.count(b"\n") == 5 and b"8 lines: 4 with data, 0 without, 4 failed" not in done.stdout, done.stderr[-800:]
        assert b"7 lines: 4 with data, 0 without, 3 failed; " in done.stderr, done.stderr[-800:]


def test_a_reader_that_leaves():
    """| head -1"""
    with Slow() as server:
        start = time.monotonic()
        done = subprocess.run(f"yes x.test | {SOUNDER} dns - A --short @127.0.0.1:{server.port} | head -1", shell=True, capture_output=True, text=True, timeout=60)
        assert done.stdout == "10.0.0.9\n" and time.monotonic() - start < 30, done


if __name__ == "__main__":
    main(globals())
