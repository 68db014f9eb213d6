#!/usr/bin/env python3
"""ui_input.py - what comes from the terminal and no person typed: replies, pastes, windows of any size; and no memory left. Rows KT1 to KT6. The
dashboard runs in a namespace of its own."""
import os
import random
import subprocess
import tempfile
import time

import harness
from terminal import Screen, stat_of

ALONE = ("unshare", "-rn")  # nothing that acts by mistake reaches a network
TARGETS = "".join(f"tcp 127.0.0.{n}:9 --interval 1h\n" for n in range(1, 6))
REPLIES = (b"\033P1$r0 q\033\\", b"\033P>|WezTerm q\033\\", b"\033]52;c;cXVpdA==\a", b"\033]11;rgb:1414/1919/1f1f\033\\", b"\033_Gi=31;OK\033\\",
           b"\033^d\033\\", b"\033Xquit\r\033\\", b"\033[?62;22c", b"\033[24;80R", b"\033[?2026;2$y", b"\033[M !!", b"\033]l:quit\r\033\\")
HOSTILE = b"q", b"\r", b":serve echo --tcp 127.0.0.1:10099\r", b"d", b"Q", b"r", b"p", b"\x03", b"\x1a", b"\033", b"\033[A", b"db1-query1", b"\n:quit\n"


def open_screen(folder, **options):
    config = os.path.join(folder, "start.conf")
    with open(config, "w") as file:
        file.write(TARGETS)
    screen = Screen("-f", config, prefix=ALONE, env={"HOME": folder}, **options)
    screen.read_until(b"tcp", 20)
    screen.read(0.3)
    return screen


def enter(screen, line):
    """Types a line at the prompt, whatever has the keys."""
    for keys in (b"\033", b"\033", b":"):
        screen.send(keys)
        screen.read(0.2)
    screen.send(line.encode() + b"\r")
    screen.read(0.3)


def written(screen, folder):
    """The dashboard as its own config lines: targets, servers, settings, keys."""
    path = os.path.join(folder, f"now{time.monotonic_ns()}.conf")
    enter(screen, f"write-config {path}")
    assert screen.process.poll() is None, "the dashboard has quit"
    assert harness.wait_until(lambda: os.path.exists(path)), screen.output[-300:]
    return [line for line in open(path) if not line.startswith("panel ")]


def send_all(screen, data):
    """Sends in pieces that the line takes, reading what is drawn meanwhile."""
    for at in range(0, len(data), 1024):
        screen.send(data[at:at + 1024])
        screen.read(0.001)


def quits(screen, key=b"q"):
    screen.send(key)
    end = time.monotonic() + 5
    while screen.process.poll() is None and time.monotonic() < end:
        screen.read(0.05)
    return screen.process.poll() == 0


def test_KT1_replies_of_the_terminal():
    with tempfile.TemporaryDirectory() as folder, open_screen(folder) as screen:
        before = written(screen, folder)
        assert len(before) == 6, before
        for reply in REPLIES:
            for gap in (0, 0.01, 0.06):
                pieces = [reply] if gap == 0 else [bytes([byte]) for byte in reply]
                for piece in pieces:
                    screen.send(piece)
                    screen.read(gap)
            screen.send(b"8")  # the key behind it is not lost
            screen.output = b""
            screen.read_until(b"Log")
            screen.send(b"1")
            screen.read(0.1)
        assert written(screen, folder) == before
        assert quits(screen)


def test_KT1_keys_with_codes():
    for control_c in (b"\033[99;5u", b"\033[27;5;99~"):
        with tempfile.TemporaryDirectory() as folder, open_screen(folder) as screen:
            screen.send(b":abc")
            screen.read(0.2)
            screen.send(b"\033[27u\033[113;1:3u")  # Esc; q released
            screen.read(0.2)
            assert screen.process.poll() is None
            assert quits(screen, control_c), control_c


def test_KT1_KT2_hostile_bytes_inside():
    """Thousands of hostile replies and pastes, and a million random bytes in one reply: nothing is different afterwards."""
    dice = random.Random(3)
    with tempfile.TemporaryDirectory() as folder, open_screen(folder) as screen:
        before = written(screen, folder)
        wraps = [(b"\033P", b"\033\\"), (b"\033]", b"\a"), (b"\033_", b"\033\\"), (b"\033^", b"\033\\"), (b"\033X", b"\033\\"), (b"\033[200~", b"\033[201~")]
        data = bytearray()
        for _ in range(10000):
            begin, end = dice.choice(wraps)
            data += begin + b"".join(dice.choice(HOSTILE) for _ in range(dice.randint(1, 4))).rstrip(b"\033") + end
        send_all(screen, bytes(data))
        noise = dice.randbytes(1000000).replace(b"\a", b"q").replace(b"\\", b"d")
        send_all(screen, b"\033]52;c;" + noise + b"\a")
        screen.read(0.5)
        screen.send(b"\033")  # what was kept of the last paste
        screen.read(0.3)
        assert written(screen, folder) == before
        assert not subprocess.run(["nsenter", "-t", str(screen.process.pid), "-U", "-n", "ss", "-Hltn"], capture_output=True).stdout
        assert quits(screen)


def test_KT2_a_paste_without_end():
    with tempfile.TemporaryDirectory() as folder, open_screen(folder) as screen:
        screen.send(b":")
        screen.read(0.2)
        screen.send(b"\033[200~tcp 127.0.0.9:9")
        screen.read_until(b"end never came", 3)
        screen.send(b"\033")
        screen.read(0.3)
        screen.output = b""
        screen.send(b"8")
        screen.read_until(b"Log")
        assert quits(screen)


def test_KT3_alt_in_a_text_field():
    with tempfile.TemporaryDirectory() as folder, open_screen(folder) as screen:
        before = written(screen, folder)
        enter_text = b":tcp 127.0.0.7:9"
        screen.send(enter_text)
        screen.read(0.2)
        for key in b"dqrpQR1 ":
            screen.send(b"\033" + bytes([key]))
            screen.read(0.1)
        screen.output = b""
        screen.send(b"\x0c")  # redraws, in a text field too
        screen.read(0.5)
        assert b"127.0.0.7:9" in screen.output, screen.output[-300:]
        assert written(screen, folder) == before
        assert quits(screen)


def test_KT4_windows_of_any_size():
    for rows, columns in ((24, 32768), (32768, 80), (2, 65535), (65535, 65535), (4000, 4000)):
        with tempfile.TemporaryDirectory() as folder, open_screen(folder, rows=rows, columns=columns) as screen:
            screen.resize(24, 80)
            screen.read(0.3)
            screen.resize(rows, columns)
            screen.read(0.3)
            if rows > 10:  # room for more than a line
                started = time.monotonic()
                screen.output = b""
                screen.send(b"8")
                screen.read_until(b"Log", 20)
                print(f"  {rows}x{columns}: a key's frame after {time.monotonic() - started:.2f} s")
            assert quits(screen), (rows, columns)


def test_KT5_pastes_without_brackets():
    dice = random.Random(4)
    words = b"db1-query1", b"quit", b"Quarterly report:q", b"drop table", b"rm -rf /", b"pause", b"GET / HTTP/1.1", b"10.0.0.1 dead", b"xyz:serve echo"
    with tempfile.TemporaryDirectory() as folder, open_screen(folder) as screen:
        before = written(screen, folder)
        for _ in range(60):
            screen.send(dice.choice(words))
            screen.read(0.15)
            for _ in range(2):
                screen.send(b"\033")
                screen.read(0.06)
        assert written(screen, folder) == before
        screen.send(b"2")
        screen.read(0.1)
        screen.output = b""
        screen.send(b"db1-query1")
        screen.read_until(b"looks pasted: 10 characters, i puts them into the input, Esc drops them")
        screen.read(0.2)
        screen.send(b"i")
        screen.output = b""
        screen.read_until(b"db1-query1")
        screen.send(b"\033")
        screen.read(0.2)
        assert quits(screen)


def test_KT5_type_ahead():
    """What a multiplexer sends at once, what is typed ahead, a repeated key."""
    with tempfile.TemporaryDirectory() as folder, open_screen(folder) as screen:
        enter(screen, "panel 1")
        screen.send(b":tcp 127.0.0.7:9 --interval 1h\r:tcp 127.0.0.8:9 --interval 1h\r")
        screen.read(0.3)
        for _ in range(5):
            screen.send(b"jjjjj")
            screen.read(0.03)
        screen.send(b"8")
        screen.output = b""
        screen.read_until(b"Log")
        assert len(written(screen, folder)) == 8
        screen.send(b"\033")
        screen.read(0.2)
        screen.send(b":quit\r")
        screen.read(0.5)
        assert screen.wait(3) == 0


def test_KT6_no_memory():
    failmalloc = os.environ.get("FAILMALLOC")
    if not failmalloc:
        raise harness.Skip("no library that lets allocations fail (FAILMALLOC)")
    for key in (b"q", b"\x03"):
        with tempfile.TemporaryDirectory() as folder:
            switch = os.path.join(folder, "none")
            with Screen("127.0.0.1", prefix=("unshare", "-rn", "env", "LD_PRELOAD=" + failmalloc, "FAILMALLOC_WHILE=" + switch)) as screen:
                screen.read_until(b"Overview")
                open(switch, "w").close()
                for rows, columns in ((60, 200), (10, 40), (50, 300)):
                    screen.resize(rows, columns)
                    screen.read(0.3)
                assert screen.process.poll() is None, "ended without memory"
                if key == b"\x03":  # memory comes back: the picture too
                    os.unlink(switch)
                    screen.output = b""
                    screen.send(b"\x0c8")
                    screen.read_until(b"Log", 3)
                    open(switch, "w").close()
                assert quits(screen, key), f"{key!r} did not quit"


if __name__ == "__main__":
    harness.main(globals())
