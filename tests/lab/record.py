#!/usr/bin/env python3
"""record.py [OUTPUT] - the recorded session of the README: the dashboard in a lab's network, driven by keys, as an asciicast of version 2
(assets/session.cast as a rule). It begins once the first figures are there; nothing is cut out of what follows."""
import fcntl
import json
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

HERE = pathlib.Path(__file__).resolve().parent
ROWS, COLUMNS = 30, 100
NETWORK = "loss"  # a fifth of what the client sends goes missing from the fourth hop on
WARM = 40         # seconds: the loss of the last minute and the path's own finding need them
CONFIG = """
set theme dark
set slow 200ms
set loss 5
set title off
group way
ping r1 r2 r3 r4 r5 r6 --interval 250ms
group server
ping server --interval 250ms
tcp server:80 server:443 --interval 500ms
head http://server/ --interval 1s
path server --interval 250ms
"""
# Seconds to wait, then the keys. What is shown: what is wrong, why (the page of the host), where (its path), and back.
KEYS = [(1.2, b"j"), (0.5, b"k"), (0.6, b"\r"), (2.2, b"t"), (2.6, b"\033"), (0.6, b"\033"), (0.8, b"w"), (1.3, b"")]


def open_session(folder):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    config = os.path.join(folder, "conf")
    pathlib.Path(config).write_text(CONFIG)
    env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
           "SOUNDER": os.environ.get("SOUNDER", str(HERE.parent.parent / "build/sounder"))}

    def begin():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen([sys.executable, str(HERE / "lab.py"), NETWORK, "sounder", "-f", config], stdin=slave, stdout=slave, stderr=slave,
                               env=env, preexec_fn=begin)
    os.close(slave)
    return process, master


def read(master, seconds):
    """Yields what comes within that time."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not select.select([master], [], [], left)[0]:
            return
        data = os.read(master, 65536)
        if b"\033[5n" in data:  # as a terminal does
            os.write(master, b"\033[0n")
        yield data


def record(master):
    """The events: the whole screen first, then all that is written while the keys are pressed."""
    for _ in read(master, WARM):
        pass
    begun, events, rest = time.monotonic(), [], b""

    def note(data):
        nonlocal rest
        data, rest = rest + data, b""
        while data and data[-1] & 0x80 and not is_whole(data):  # a character in two reads
            data, rest = data[:-1], data[-1:] + rest
        text = data.decode(errors="replace").replace("\033[5n", "")
        if text:
            events.append([round(time.monotonic() - begun, 3), "o", text])

    events.append([0.0, "o", "\033[?1049h\033[?25l\033[H\033[2J"])
    os.write(master, b"\x0c")  # draws all of it
    for data in read(master, 0.3):
        note(data)
    for wait, key in KEYS:
        for data in read(master, wait):
            note(data)
        os.write(master, key)
    events.append([round(time.monotonic() - begun, 3), "o", "\033[?25h\033[?1049l"])
    return events


def is_whole(data):
    try:
        data.decode()
        return True
    except UnicodeDecodeError as error:
        return error.reason != "unexpected end of data"


def main():
    output = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "assets/session.cast")
    with tempfile.TemporaryDirectory() as folder:
        process, master = open_session(folder)
        try:
            events = record(master)
        finally:
            os.write(master, b"\033\033q")
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGTERM)
    head = {"version": 2, "width": COLUMNS, "height": ROWS, "timestamp": int(time.time()), "title": "sounder",
            "env": {"TERM": "xterm-256color"}}
    lines = [json.dumps(head), *(json.dumps(event, ensure_ascii=False) for event in events)]
    output.write_text("\n".join(lines) + "\n")
    print(f"{output}: {len(events)} events, {events[-1][0]:.1f} s")


if __name__ == "__main__":
    main()
