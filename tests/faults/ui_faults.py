#!/usr/bin/env python3
"""ui_faults.py - the dashboard on a pty: terminals that hang up, stall, change size, are unknown; signals, crashes, pastes. Fault rows G1-G3, G5, G6,
G8-G13, G15, G17 and A15; the stalled terminal and the idle one are in ui_stall.py."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

import harness
from driven import Driven
from terminal import Screen, stat_of

SOUNDER = harness.SOUNDER


def hang_up(ignore):
    with Screen(ignore=ignore, keep=False) as screen, harness.Machine() as machine:
        screen.read_until(b"Overview")
        os.close(screen.master)
        screen.master = None
        cpu, _ = stat_of(screen.process.pid)
        started = time.monotonic()
        screen.wait(3)
        took = time.monotonic() - started
        assert took <= machine.within(1), f"took {took:.2f} s to notice"


def test_G1_hangup():
    hang_up(())


def test_G2_hangup_ignored():
    hang_up((signal.SIGHUP,))


def test_G3_no_terminal():
    for stdin, stdout in ((subprocess.DEVNULL, subprocess.PIPE), (subprocess.PIPE, subprocess.PIPE)):
        with harness.Machine() as machine:
            started = time.monotonic()
            done = subprocess.run([SOUNDER], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, timeout=30,
                                  env={"TERM": "xterm", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"})
            assert time.monotonic() - started < machine.within(0.2), machine.within(0.2)
        assert done.returncode == 2, done
        assert done.stdout == b"" and b"\033" not in done.stderr and done.stderr.count(b"\n") == 1, done
        assert b"sounder ping" in done.stderr, done.stderr


def test_G3_stdin_is_null_on_a_terminal():
    master, slave = pty.openpty()
    done = subprocess.run([SOUNDER], stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.PIPE, timeout=10, start_new_session=True)
    os.close(slave)
    os.close(master)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1, done


def leave_while_stalled(leave):
    with Screen(rows=60, columns=250) as screen, harness.Machine() as machine:
        screen.read_until(b"Overview")
        for _ in range(200):
            screen.send(b"\x0c")
            time.sleep(0.002)
        started = time.monotonic()
        leave(screen)
        screen.wait(4)
        assert time.monotonic() - started <= machine.within(2)
        screen.modes_are_back()


def test_G5_quit_while_stalled():
    leave_while_stalled(lambda screen: screen.send(b"q"))


def test_G5_sigterm_while_stalled():
    leave_while_stalled(lambda screen: screen.process.send_signal(signal.SIGTERM))


def test_G6_resize_storm():
    with Screen() as screen, harness.Machine() as machine:
        screen.read_until(b"Overview")
        cpu, _ = stat_of(screen.process.pid)
        seed = 7
        for _ in range(1000):
            seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
            screen.resize(1 + seed % 200, 1 + (seed >> 9) % 500)
            screen.read(0.001)
        screen.resize(30, 100)
        screen.output = b""
        started = time.monotonic()
        screen.read_until(b"Servers", 1)  # of the header, which no smaller screen had room for
        assert time.monotonic() - started <= machine.within(0.25 + 0.25), "the last size took too long to settle"
        screen.read(0.5)
        used = stat_of(screen.process.pid)[0] - cpu
        assert used <= 3, f"{used:.2f} s of CPU for 1,000 sizes"
        screen.output = b""
        screen.send(b"\x0c")
        screen.read(0.5)
        assert b"\033[30;" in screen.output or b"\033[30d" in screen.output, "the footer is not on the last row"
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0
        screen.modes_are_back()


def test_G8_lines_and_columns():
    with Screen(env={"LINES": "10", "COLUMNS": "30"}, rows=24, columns=100) as screen:
        screen.read_until(b"Servers")  # ten lines of thirty have no room for it
        screen.resize(30, 120)
        screen.output = b""
        screen.read_until(b"Servers", 2)
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0


def test_G9_stop_and_go():
    with Screen() as screen:
        screen.read_until(b"Overview")
        for _ in range(20):
            screen.process.send_signal(signal.SIGTSTP)
            deadline = time.monotonic() + 2
            while open(f"/proc/{screen.process.pid}/stat").read().rsplit(")", 1)[1].split()[0] != "T":
                screen.read(0.01)
                # a session of its own is an orphaned group: the kernel drops SIGTSTP, and it goes on by itself
                if time.monotonic() > deadline or b"\033[?1049h" in screen.output.split(b"\033[?1049l")[-1]:
                    break
            screen.process.send_signal(signal.SIGCONT)
            screen.output = b""
            screen.read(0.05)
        screen.read(0.3)
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0
        screen.modes_are_back()


def test_G9_job_control():
    """Under a shell with job control: ^Z gives its modes back, fg goes on."""
    master, slave = pty.openpty()
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def begin():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    shell = subprocess.Popen(["bash", "--norc", "--noprofile", "--noediting", "-i"], stdin=slave, stdout=slave, stderr=slave, preexec_fn=begin,
                             env={"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8", "PS1": "ready> ", "HOME": "/nonexistent"})
    output = b""

    def until(what):
        nonlocal output
        end = time.monotonic() + 5
        while what not in output and time.monotonic() < end:
            if select.select([master], [], [], 0.05)[0]:
                output += os.read(master, 65536)
        assert what in output, f"{what!r} is not in {output[-300:]!r}"
        output = output.split(what, 1)[1]

    try:
        until(b"ready> ")
        before, stopped = termios.tcgetattr(slave), 0
        os.write(master, SOUNDER.encode() + b"\n")
        until(b"Overview")
        for cycle in range(100):
            os.write(master, b"\x1a")
            until(b"Stopped")
            until(b"ready> ")
            assert termios.tcgetattr(slave) == before
            if cycle % 10 == 0:  # the size may change meanwhile
                fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24 + cycle // 10, 80, 0, 0))
            os.write(master, b"fg\n")
            until(b"Overview")
            stopped += 1
        os.write(master, b"q")
        until(b"ready> ")
        assert termios.tcgetattr(slave) == before and stopped == 100
    finally:
        os.write(master, b"exit\n")
        try:
            shell.wait(2)
        except subprocess.TimeoutExpired:
            shell.kill()
            shell.wait()
        os.close(slave)
        os.close(master)


def test_G10_crash():
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE):
        with Screen() as screen:
            screen.read_until(b"Overview")
            screen.process.send_signal(number)
            screen.read(0.5)
            assert screen.wait(2) == -number
            screen.modes_are_back()
            assert b"\033[?1049l" in screen.output and b"internal error" in screen.output, screen.output[-200:]


def test_G11_killed():
    with Screen() as screen:
        screen.read_until(b"Overview")
        screen.process.kill()
        screen.wait(2)
    with Screen() as screen:
        screen.read_until(b"Overview")
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0


def test_G12_unknown_terminals():
    for term, note in ((None, b"TERM is not set"), ("no-such-terminal", b"no-such-terminal is not known")):
        with Screen(env={"TERM": term}) as screen:
            screen.read_until(note)
            screen.read_until(b"Overview")
            screen.send(b"q")
            screen.read(0.5)
            assert screen.wait(2) == 0
    with Screen(env={"TERM": "dumb"}) as screen:
        screen.read(0.5)
        assert screen.wait(2) == 2
        assert b"\033" not in screen.output and screen.output.count(b"\n") == 1 and b"sounder ping" in screen.output, screen.output
        screen.modes_are_back()


def test_G13_terminals():
    terms = ("vt100", "linux", "screen", "screen-256color", "tmux-256color", "xterm", "xterm-256color", "rxvt-unicode-256color", "ansi")
    absent = [term for term in (*terms, "dumb") if subprocess.run(["infocmp", term], capture_output=True).returncode]
    if absent:
        raise harness.Skip(f"no terminfo entries: {' '.join(absent)}")
    done = subprocess.run(["script", "-qec", f"{SOUNDER}", "/dev/null"], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL,
                          env={"TERM": "dumb", "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"})
    assert done.returncode == 2 and "dumb" in done.stdout and "\033" not in done.stdout and len(done.stdout.splitlines()) == 1, done
    for term in terms:
        with Screen(env={"TERM": term}) as screen:
            screen.read_until(b"Overview")
            screen.output = b""
            screen.send(b"8")
            screen.read_until(b"Log")
            screen.send(b"\x1b[B\x1b[A\x1bOB")
            screen.send(b"q")
            screen.read(0.5)
            assert screen.wait(2) == 0, term
            screen.modes_are_back()


def test_G13_no_colour():
    with Screen(env={"NO_COLOR": "1"}) as screen:
        screen.read_until(b"Overview")
        for key in b"12345678?":
            screen.send(bytes([key]))
            screen.read(0.1)
        coloured = re.findall(rb"\033\[[0-9;]*\b(?:3[0-7]|4[0-7]|9[0-7]|38;5;\d+|48;5;\d+)m", screen.output)
        assert not coloured, coloured[:3]


def test_G14_locale_c():
    with Screen(env={"LC_ALL": "C"}) as screen:
        screen.read_until(b"Overview")
        for key in b"12345678?":
            screen.send(bytes([key]))
            screen.read(0.1)
        assert not [byte for byte in screen.output if byte >= 0x80]


def test_G15_paste():
    with Screen() as screen:
        screen.read_until(b"Overview")
        body = b"q:quit\rQ\n" * (1024 * 1024 // 9)
        data, sent = b"\033[200~" + body + b"\033[201~", 0
        os.set_blocking(screen.master, False)
        started = time.monotonic()
        while sent < len(data) and time.monotonic() - started < 20:
            try:
                sent += os.write(screen.master, data[sent:sent + 4096])
            except BlockingIOError:
                screen.read(0.001)
        os.set_blocking(screen.master, True)
        assert sent == len(data)
        screen.read_until(b"pasted: 1048572 characters (the first of them kept)", 3)
        assert screen.process.poll() is None
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0


def test_G15_split_escape():
    with Screen() as screen:
        screen.read_until(b"Overview")
        for part in (b"\033", b"[", b"1", b";", b"5", b"C"):
            screen.send(part)
            time.sleep(0.005)
        screen.send(b"\033[<0;999;999M\033[<35;1;1M\033[M   ")
        screen.read(0.2)
        assert screen.process.poll() is None
        screen.send(b"q")
        screen.read(0.5)
        assert screen.wait(2) == 0


def test_A15_title():
    evil = "evil\033]0;x\007.invalid"
    with Screen("--", evil) as screen:
        screen.read_until(b"control character")
        assert screen.wait(3) == 2 and b"\033" not in screen.output, screen.output
    with harness.folder() as folder:
        (folder / "conf").write_text(f"ping -- '{evil}'\nping 127.0.0.9\n")
        screen = Screen("-f", str(folder / "conf"))
        screen.read_until(b"Overview")
    with screen:
        screen.read(1.5)
        titles = re.findall(rb"\033\]([^\007\033]*)", screen.output)
        assert titles and all(re.fullmatch(rb"2;sounder(: \d+ down)?", title) for title in titles), titles


def test_quiet_when_nothing_changes():
    """Between two seconds of the clock nothing is sent."""
    with Screen(rows=12, columns=15) as screen:  # one line of state, no clock
        screen.read(1.0)
        assert screen.read(3.0) == b""
        screen.send(b"q")
        screen.read(0.3)
        assert screen.wait(2) == 0


def test_G17_two_at_once():
    with Screen("127.0.0.1") as one, Screen("127.0.0.1") as other:
        for screen in (one, other):
            screen.read_until(b"127.0.0.1")
        for screen in (one, other):
            screen.send(b"q")
            screen.read(0.5)
            assert screen.wait(2) == 0
            screen.modes_are_back()


def test_command_when_down():
    """down-command gets the target's name, no shell, no terminal."""
    with tempfile.TemporaryDirectory() as folder:
        script, note, config = (os.path.join(folder, name) for name in ("hook", "note", "conf"))
        with open(script, "w") as file:
            file.write(f'#!/bin/sh\nprintf "%s %s" "$#" "$1" > {note}.new; test -t 0 || mv {note}.new {note}\n')
        os.chmod(script, 0o755)
        port = harness.free_port()
        with open(config, "w") as file:
            file.write(f"set down-command {script}\ntcp 127.0.0.1:{port} -i 50ms\n")
        with Screen("-f", config) as screen:
            deadline = time.monotonic() + 6
            while not os.path.exists(note) and time.monotonic() < deadline:
                screen.read(0.1)
            assert open(note).read() == f"1 127.0.0.1:{port}"
            screen.send(b"q")
            screen.read(0.5)
            assert screen.wait(2) == 0


def test_bell_rings_once_for_all_that_fall_together():
    """Looked for in the picture: what comes one by one is drawn digit by digit."""
    lines = ["set bell on", "set title off", "set losses 1", *(f"tcp 127.0.0.{n}:9 -i 1h" for n in range(1, 21))]
    with tempfile.TemporaryDirectory() as folder, Driven(folder, lines=lines) as screen:
        screen.see("20 down")
        assert screen.wait_for(lambda: b"\a" in screen.output)
        screen.read(1.5)
        assert screen.output.count(b"\a") < 20, screen.output.count(b"\a")
        screen.send(b"q")
        assert screen.ends() == 0


if __name__ == "__main__":
    harness.main(globals())
