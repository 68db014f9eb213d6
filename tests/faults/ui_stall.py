#!/usr/bin/env python3
"""ui_stall.py - the dashboard on a terminal that is not read for a minute, and on one where nothing changes. Fault rows G4 and G16."""
import re
import socket
import threading
import time

import harness
from terminal import Screen, stat_of

STALL = 60
TARGETS = 100


class Peer:
    """Counts the connections that it accepts and closes."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port, self.count = self.server.getsockname()[1], 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.server.accept()[0].close()
            except OSError:
                return
            self.count += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()


def command(screen, line):
    screen.send(b":" + line.encode() + b"\r")
    screen.read(0.2)


def test_G4_stalled_terminal():
    """For a minute nothing reads while frames are forced: probes continue as planned, nothing grows, and what is read then ends with the present state."""
    with Peer() as peer, Screen(rows=50, columns=200) as screen:
        screen.read_until(b"Overview")
        command(screen, f"tcp 127.0.0.1:{peer.port} -i 100ms")
        screen.read(2.0)
        for _ in range(200):  # whole redraws fill the pty
            screen.send(b"\x0c")
            time.sleep(0.002)
        time.sleep(0.5)
        (cpu, memory), count, started = stat_of(screen.process.pid), peer.count, time.monotonic()
        time.sleep(STALL)
        (cpu_after, memory_after), sent, took = stat_of(screen.process.pid), peer.count - count, time.monotonic() - started
        assert abs(sent - took * 10) <= took * 10 / 100 + 1, f"{sent} probes in {took:.2f} s instead of {took * 10:.0f}"
        assert cpu_after - cpu <= took * 0.02, f"{cpu_after - cpu:.2f} s of CPU in {took:.0f} s"
        assert memory_after - memory <= 1 << 20, f"grew by {memory_after - memory} bytes"
        screen.output = b""
        screen.read(1.5)
        assert len(screen.output) < 200_000, f"{len(screen.output)} bytes: frames were queued"
        clocks = re.findall(rb"\d\d:\d\d:\d\d", screen.output)
        present = [time.strftime("%H:%M:%S", time.localtime(time.time() - back)).encode() for back in range(4)]
        # The clock's seconds alone may be what changed; then the whole is asked for.
        if not clocks or clocks[-1] not in present:
            screen.send(b"\x0c")
            screen.output = b""
            screen.read(0.5)
            assert any(clock in screen.output for clock in present), re.findall(rb"\d\d:\d\d:\d\d", screen.output)
        screen.output = b""
        screen.send(b"8")
        screen.read_until(b"Log", 1)
        screen.send(b"q")
        screen.read(1.0)
        assert screen.wait(2) == 0
        screen.modes_are_back()


def quiet(screen, seconds, what):
    got = screen.read(seconds)
    assert got == b"", f"{what}: {got[:200]!r}"


def test_G16_idle():
    """A hundred targets once a second cost little, and where nothing visible changes not a byte is sent."""
    with Peer() as peer, Screen(rows=24, columns=120) as screen:
        screen.read_until(b"Overview")
        for number in range(TARGETS):
            screen.send(f":tcp 127.0.0.1:{peer.port} -i 1s\r".encode())
            screen.read(0.01)
        screen.read(3.0)
        cpu, _ = stat_of(screen.process.pid)
        count, started = peer.count, time.monotonic()
        got = screen.read(0)
        while time.monotonic() - started < 15:
            got += screen.read(1.0)
        took = time.monotonic() - started
        used, sent = stat_of(screen.process.pid)[0] - cpu, peer.count - count
        print(f"  {used / took * 100:.2f} % of a core, {len(got) / took:.0f} bytes/s, {sent / took:.1f} probes/s")
        assert abs(sent - TARGETS * took) <= TARGETS * took * 0.05, f"{sent} probes in {took:.1f} s"
        assert used <= took * 0.2, f"{used:.2f} s of CPU in {took:.0f} s: ten times the goal"
        assert len(got) <= took * 40960, f"{len(got)} bytes in {took:.0f} s: ten times the goal"
        screen.resize(5, 15)  # one line of state: "100 up of 100"
        screen.read(1.0)
        quiet(screen, 3.0, "one line of state")
        screen.resize(24, 80)  # no room for the clock
        screen.read(0.5)
        screen.send(b"8")
        command(screen, "pause --all")
        deadline = time.monotonic() + 12
        while screen.read(6.0) and time.monotonic() < deadline:  # until the message is gone
            pass
        quiet(screen, 3.0, "all paused")
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0


def test_G16_empty():
    """An empty dashboard sends the clock's digits and nothing else."""
    with Screen(rows=24, columns=120) as screen:
        screen.read_until(b"Overview")
        screen.read(1.0)
        got, end = b"", time.monotonic() + 4
        while time.monotonic() < end:
            got += screen.read(1.0)
        assert len(got) <= 5 * 64, f"{len(got)} bytes in 4 s: {got[:200]!r}"
        left = re.sub(rb"\033\[[0-9;?]*[A-Za-z]|\033[()][A-Z0-9]|[0-9:\b\r\x0e\x0f]", b"", got)
        assert left.strip() == b"", left
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0


if __name__ == "__main__":
    harness.main(globals())
