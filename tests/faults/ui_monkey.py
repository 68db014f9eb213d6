#!/usr/bin/env python3
"""ui_monkey.py [ACTIONS [SEED...]] - random keys, text, pastes, replies, mouse and sizes for the dashboard, in a namespace of its own: it ends only by a
quit key, with exit 0, and sanitizers report nothing. Without arguments (as a test) 1,500 actions by one seed, which is printed; `./dev monkey`
runs 24,000 by each of four seeds on the sanitized build."""
import glob
import os
import random
import signal
import sys
import tempfile
import time

import harness
from terminal import Screen

KEYS = [bytes([c]) for c in b"0123456789/:?aAbcCdDeEfFgGhHiIjklLmMnNoOpPrRsStTuUvVwWxXyYzZ<>*+-[]!. \t\r\033\x7f\x01\x03\x05\x0b\x0c\x12\x15\x17"]
SEQUENCES = [b"\033[A", b"\033[B", b"\033[C", b"\033[D", b"\033[5~", b"\033[6~", b"\033[H", b"\033[F", b"\033OP", b"\033[Z", b"\033[1;5C", b"\033b", b"\033f", b"\033d",
             b"\033\x7f", b"\033q", b"\033[27u", b"\033[113;3u", b"\033[<0;10;5M", b"\033[<64;10;5M", b"\033[<0;3;1M", b"\033[M !!", b"\033OM", b"\033[3~"]
REPLIES = [b"\033]11;rgb:14/19/1f\a", b"\033P1$r0 q\033\\", b"\033_Gi=31;OK\033\\", b"\033[24;80R", b"\033[?62c", b"\033]52;c;cXVpdA==\a", b"\033[I", b"\033[O"]
LINES = [b"ping 127.0.0.1 --interval 100ms", b"ping --tcp 9 127.0.0.2 --interval 50ms", b"tcp 127.0.0.1:9", b"ip 10.0.0.1/8", b"mask 10.1.2.3/23", b"panel 5",
         b"panel ports", b"port ssh", b"subnet split 10.0.0.0/24 27", b"scratch add 10.0.0.0/24", b"scratch split 26", b"set losses 4", b"set theme light",
         b"serve echo --tcp 127.0.0.1:0", b"serve daytime --udp 127.0.0.1:0", b"listeners", b"interfaces", b"route 127.0.0.1", b"host 127.0.0.1 --server 127.0.0.1",
         b"dns x.example --server 127.0.0.1", b"head http://127.0.0.1/ --interval 1s", b"write-config", b"source nowhere", b"save", b"zoom", b"freeze", b"remove",
         b"reset --all", b"pause --all", b"help ping", b"keys", b"ping 127.0.1.0/28 --interval 1s", b"echo 127.0.0.1:7", b"daytime 127.0.0.1:13", b"ping @", b"ping no such host",
         b"bind x 'panel 2'", b"unbind x", b"ping --sweep 127.0.0.0/28", b"tcp --until up 127.0.0.1:9", b"jobs", b"panel log", b"jobs --cancel", b"tcp -", b"quit --help", b"group-by state", b"group-by group", b"group a", b"fold", b"fold all", b"ports-show fuzzy", b"replace 127.0.0.1 ping 127.0.0.3", b"dig x", b"pnig", b"log-by target", b"log-by time", b"set theme contrast", b"ping \xc3\xa9.example --server 127.0.0.1"]


def act(dice, screen):
    kind = dice.random()
    if kind < 0.45:
        return dice.choice(KEYS) * (dice.randint(2, 6) if dice.random() < 0.05 else 1)
    if kind < 0.60:
        return dice.choice(SEQUENCES)
    if kind < 0.66:
        return dice.choice(REPLIES)
    if kind < 0.82:
        return b"\033\033:" + dice.choice(LINES) + b"\r"
    if kind < 0.88:
        return b"i" + bytes(dice.choice(b"abcdefgh.0123456789:/-@ ") for _ in range(dice.randint(1, 20))) + dice.choice((b"", b"\r", b"\033"))
    if kind < 0.92:
        return b"\033[200~" + dice.randbytes(dice.randint(0, 60)).replace(b"\033", b"") + b"\033[201~"
    if kind < 0.95:
        return dice.choice((b"db1-query1", b"quit", b"GET / HTTP/1.1\r\n", b"\xff\xfe\xe2\x80\xae"))
    screen.resize(dice.randint(1, 60), dice.choice((dice.randint(1, 200), dice.randint(186, 240))))
    return b""


def open_screen(folder, logs):
    screen = Screen("127.0.0.1", "127.0.0.5", prefix=("unshare", "-rn", "sh", "-c", 'ip link set lo up; cd "$HOME" && exec "$@"', "sh"), keep=False,
                    env={"HOME": folder, "ASAN_OPTIONS": f"log_path={logs}:detect_leaks=0", "UBSAN_OPTIONS": f"log_path={logs}:print_stacktrace=1"})
    screen.read_until(b"Overview", 20)
    return screen


def has_quit(screen):
    """Whether it ended, which only a key may have asked for."""
    if screen.process.poll() is None:
        return False
    # What is typed once the terminal is given back is the terminal's: ^\\ and ^C are signals again.
    left = b"\033[?1049l" in screen.output and screen.process.returncode in (-signal.SIGQUIT, -signal.SIGINT)
    assert screen.process.returncode == 0 or left, f"exit {screen.process.returncode}: {screen.output[-1500:]!r}"
    return True


def run(actions, seed):
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        logs = os.path.join(folder, "sanitizer")
        screen, starts = open_screen(folder, logs), 1
        for number in range(actions):
            data = act(dice, screen)
            try:
                screen.send(data) if data else None
                screen.read(0.002)
            except OSError:
                screen.read(0.3)
            screen.output = screen.output[-4000:]
            if number % 20 == 0 or not data:
                screen.read(0.01)
            if has_quit(screen):
                screen.close()
                screen, starts = open_screen(folder, logs), starts + 1
        screen.read(1.5)  # a reply or paste without an end is given up after a second of silence; until then it swallows keys
        for _ in range(3):
            if screen.process.poll() is None:
                screen.send(b"\033")
                screen.read(0.2)
        end = time.monotonic() + 10
        while screen.process.poll() is None and time.monotonic() < end:
            screen.send(b"q")
            screen.read(0.3)
        assert has_quit(screen), f"seed {seed}: it does not quit any more"
        screen.close()
        printed = [open(path, errors="replace").read() for path in glob.glob(logs + "*")]
        assert not printed, f"seed {seed}: " + "\n".join(printed)[:6000]
    print(f"  seed {seed}: {actions} actions, {starts} starts")


def test_random_actions():
    run(1500, int(os.environ.get("SEED", time.time_ns() % 100000)))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        for seed in sys.argv[2:] or ["1", "2", "3", "4"]:
            run(int(sys.argv[1]), int(seed))
    else:
        harness.main(globals())
