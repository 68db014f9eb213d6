"""Ten targets on loopback at one probe a second each, 120x40, on a terminal that answers requests, in a network namespace of its own: the overview,
which ten hosts on the command line open, the ping panel with its chart, and noping, in turn (A B C, C B A), 60 seconds each after 10 to settle. CPU by
the scheduler's account, bytes as they come out of the pty."""
import json
import os
import pathlib
import subprocess
import sys
import time

import figures

TITLE = "Steady cost"
SECONDS, ROUNDS = 60, 2
HERE = pathlib.Path(__file__).resolve()
HOSTS = [f"127.0.0.{n}" for n in range(1, 11)]


def steady(args, key, quit_key):
    terminal = figures.Terminal(args)
    terminal.read(3)
    if key:
        os.write(terminal.fd, key)
    terminal.read(7)
    cpu, size, start = terminal.cpu(), terminal.bytes, time.perf_counter()
    terminal.read(SECONDS)
    span = time.perf_counter() - start
    result = {"cpu": (terminal.cpu() - cpu) / span * 100, "rate": (terminal.bytes - size) / span}
    terminal.close(quit_key)
    return result


def measure(sounder):
    cases = {"overview": ([sounder, *HOSTS], b"1", b"q"), "ping": ([sounder, *HOSTS], b"2", b"q"), "noping": (["noping", *HOSTS], b"", b"\x03")}
    results = {name: [] for name in cases}
    for number in range(ROUNDS):
        for name in reversed(cases) if number % 2 else cases:
            results[name].append(steady(*cases[name]))
            figures.progress(f"{name} {results[name][-1]}")
    print(json.dumps(results))


def rows(sounder):
    inside = f"ip link set lo up; sysctl -qw net.ipv4.ping_group_range='0 0'; exec {sys.executable} {HERE} {sounder}"
    out = subprocess.run(["unshare", "-Urn", "sh", "-c", inside], stdout=subprocess.PIPE, text=True, timeout=900, check=True).stdout
    got = json.loads(out)
    for name in ("overview", "ping"):
        for figure, what, digits in (("cpu", "CPU, % of a core", 3), ("rate", "bytes/s to the terminal", 3)):
            pairs = [mine[figure] / max(peer[figure], 1e-9) for mine, peer in zip(got[name], got["noping"])]
            yield {"what": f"{what}, {name}", "sounder": figures.spread([run[figure] for run in got[name]], digits),
                   "peer": "noping " + figures.spread([run[figure] for run in got["noping"]], digits), "ratio": figures.spread(pairs), "goal": "<= 0.95"}


if __name__ == "__main__":
    measure(sys.argv[1])
