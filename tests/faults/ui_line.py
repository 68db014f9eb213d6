#!/usr/bin/env python3
"""ui_line.py - the dashboard behind a slow line, and on terminals that answer "device status report" in their own way: frames wait for answers, and
answers are no keys."""
import os
import signal
import termios
import time
import tty

import harness
from line import ANSWER, Line

RATE = 960  # bytes a second: a serial line of 9600 bit/s
TARGETS = [f"127.0.0.{number}" for number in range(1, 11)]
MOVE, CHANGE = 1, 5  # seconds: the goals
PANELS = ((b"2", "p95 ms"), (b"8", "Who"), (b"7", "loopback only"), (b"1", "Watching"), (b"?", "Keys and commands"))


def report(what, times, goal):
    times = sorted(times)
    print(f"  {what}: {times[len(times) // 2]:.2f} s, at most {times[-1]:.2f} s (goal {goal})")
    assert times[-1] <= goal * 10, f"{what}: {times[-1]:.1f} s is ten times the goal of {goal}"


def moves(line):
    """Seconds from a key to the first of the line that it moves the cursor to, at any time beside the frames of data."""
    times = []
    for number in range(12):
        line.read(0.3 + number % 5 * 0.17)
        before = set(line.picture.bars)
        line.send(b"j" if number % 6 < 3 else b"k")
        times.append(line.until(lambda: line.picture.bars - before))
    return times


def changes(line):
    """Seconds to the new panel's head, and until nothing of it is missing."""
    heads, wholes = [], []
    for key, head in PANELS:
        line.settle(10, 0.15)
        line.send(key)
        heads.append(line.until(lambda: head in line.text()))
        start = time.monotonic()
        line.settle(20, 0.15)
        wholes.append(heads[-1] + time.monotonic() - start - 0.15)
    line.keys(b"\033", gap=1.0)
    return heads, wholes


def test_slow_line():
    """At 960 bytes a second, ten targets at one probe a second."""
    with harness.folder() as folder, Line(folder, *TARGETS, rows=40, columns=120, rate=RATE) as line:
        line.until(lambda: "127.0.0.10" in line.text())
        line.keys(b"j", gap=3.0)
        report("cursor move, overview", moves(line), MOVE)
        line.send(b"2")
        line.settle(10)
        report("cursor move, ping panel with its chart", moves(line), MOVE)
        heads, wholes = changes(line)
        report("panel change, its head", heads, CHANGE)
        report("panel change, all of it", wholes, CHANGE)
        line.send(b"q")
        assert line.ends() == 0
        line.modes_are_back()


def test_slow_line_nothing_changes():
    """Where nothing visible changes nothing is sent, and nothing is asked."""
    with harness.folder() as folder, Line(folder, *TARGETS[:2], rows=24, columns=80, rate=RATE) as line:
        line.line("pause --all")
        line.keys(b"8", gap=7.0)  # the message is gone by then
        line.settle()
        line.resize(5, 15)  # no room for the clock
        line.settle()
        asked, came = line.asked, line.came
        line.read(4.0)
        assert (line.asked, line.came) == (asked, came), line.output[-200:]
        assert asked > 3


def withheld(line, seconds):
    """Bytes that come within that time after a key, with one frame unanswered."""
    line.read(0.3)
    line.answer = None
    asked = line.asked
    line.send(b"j")
    line.until(lambda: line.asked > asked)
    line.read(0.1)
    came, start = line.came, time.monotonic()
    line.send(b"jjk")
    line.read(seconds)
    early = line.came - came
    line.until(lambda: line.came > came, 20)
    return early, time.monotonic() - start


def test_no_frame_before_the_answer():
    """A frame waits for the answer to the one before, and comes without it all the same."""
    with harness.folder() as folder, Line(folder, *TARGETS, rows=40, columns=120) as line:
        line.read(2.0)
        early, late = withheld(line, 1.2)
        print(f"  the next frame came after {late:.2f} s")
        assert early == 0, f"{early} bytes"
        assert 1.2 < late < 20
        line.answer = ANSWER
        os.write(line.master, ANSWER * 2)  # those that are missing
        line.keys(b"8", gap=0.2)
        line.see("Who", 10)
        asked = line.asked
        line.keys(*b"12".split(), gap=0.2)
        assert line.asked > asked
        line.keys(b"q")
        assert line.ends() == 0


def test_no_answers():
    """A terminal that never answers is asked twice and not waited for; one that falls silent is asked a few times more."""
    with harness.folder() as folder, Line(folder, *TARGETS, rows=40, columns=120, answer=None) as line:
        line.read(3.0)
        for key, head in PANELS[:4] * 2:
            line.send(key)
            line.see(head, 10)
        assert line.asked <= 2, f"{line.asked} requests"
        line.keys(b"q")
        assert line.ends() == 0
    with harness.folder() as folder, Line(folder, *TARGETS, rows=40, columns=120) as line:
        line.read(1.5)
        line.answer, asked = None, line.asked
        line.read(16.0)
        assert 3 <= line.asked - asked <= 8, f"{line.asked - asked} requests"
        came = line.came
        line.read(3.0)
        assert line.came > came
        line.answer = ANSWER
        line.resize(41, 120)  # another terminal may have come
        line.read(1.5)
        asked = line.asked
        line.read(2.5)
        assert line.asked > asked
        line.keys(b"q")
        assert line.ends() == 0


def quits(line, kind):
    line.send(b"q")
    assert line.ends() == 0, f"{kind}:\n{line.text()}"
    line.modes_are_back()


def test_answers_of_all_kinds():
    """Late ones, in pieces, wrong ones, ones that nobody asked for: no key is pressed by them, and the screen goes on."""
    kinds = {"late": {"delay": 0.7}, "in pieces": {"split": 0.06}, "broken": {"answer": b"\033[3n"}, "of another request": {"answer": b"\033[?62;22c"},
             "where the cursor is": {"answer": b"\033[12;40R"}, "half of one": {"answer": b"\033[0"}, "a colour": {"answer": b"\033]11;rgb:1/2/3\a"},
             "three": {"answer": ANSWER * 3}, "amid a paste": {"answer": b"\033[200~:q\033[0n\r\033[201~"}}
    for kind, options in kinds.items():
        with harness.folder() as folder, Line(folder, *TARGETS[:3], rows=24, columns=80, **options) as line:
            line.read(2.0)
            assert "Watching" in line.text() and line.process.poll() is None, f"{kind}:\n{line.text()}"
            for key, head in ((b"8", "What"), (b"7", "loopback only"), (b"1", "Watching")):
                line.send(key)
                line.see(head, 15)
            if kind != "half of one":  # what follows may be its rest
                quits(line, kind)


def left_on(line):
    """What a shell would read."""
    tty.setraw(line.slave, termios.TCSANOW)
    os.set_blocking(line.slave, False)
    try:
        return os.read(line.slave, 4096)
    except BlockingIOError:
        return b""


def ended_with(act, typed=b"", **options):
    with harness.folder() as folder, Line(folder, *TARGETS, rows=40, columns=120, **options) as line:
        line.read(2.5)
        asked = line.asked
        line.send(b"j")
        line.until(lambda: line.asked > asked)
        act(line)
        line.send(typed)
        line.ends()
        line.modes_are_back()
        line.read(0.5)  # what is owed comes
        return left_on(line)


def test_nothing_is_left_at_the_end():
    """With an answer outstanding: it is not typed at the shell, and what was typed there is."""
    typed = b"ls -l\033[A\rpwd\r"
    for name, delay in (("at once", 0.0), ("late", 0.3)):
        for kind, act in (("quits", lambda line: line.send(b"q")), ("SIGTERM", lambda line: os.kill(line.process.pid, signal.SIGTERM))):
            assert ended_with(act, delay=delay) == b"", f"{kind}, {name}"
        left = ended_with(lambda line: (line.send(b"q"), time.sleep(0.15)), typed, delay=delay).replace(b"\n", b"\r")  # it may come once the modes are back
        assert left == typed, f"{name}: {left}"


def test_nothing_is_left_after_a_crash():
    assert ended_with(lambda line: os.kill(line.process.pid, signal.SIGABRT), delay=0.1) == b""


def test_ends_soon_without_its_answer():
    with harness.folder() as folder, Line(folder, *TARGETS, rows=40, columns=120) as line, harness.Machine() as machine:
        line.read(2.0)
        line.answer = None
        asked = line.asked
        line.send(b"j")
        line.until(lambda: line.asked > asked)
        start = time.monotonic()
        line.send(b"q")
        assert line.ends() == 0
        took = time.monotonic() - start
        print(f"  {took:.2f} s")
        assert took < machine.within(2.0)
        line.modes_are_back()


if __name__ == "__main__":
    harness.main(globals())
