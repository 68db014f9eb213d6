"""The filter of the ports' panel looks at every row of IANA's registry and of this system's files at each keystroke; it must not be felt.
Words typed letter by letter within one process, plain and fuzzy. Beside it, look-ups by name, and one process for 10,000 names on standard
input beside getent for each."""
import os
import subprocess
import time

import figures

TITLE = "Ports"


def keystrokes(sounder):
    program = figures.program(sounder, "tests/bench/keystrokes")
    assert program, "tests/bench/keystrokes is not built"
    out = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    return {line.split()[0]: [float(word) for word in line.split()[1:]] for line in out.splitlines()}


def bulk(sounder, count=10000):
    names = [line.split()[0] for line in subprocess.run(["getent", "services"], capture_output=True, text=True, check=False).stdout.splitlines()]
    if not names:
        return None
    text = "\n".join(names[i % len(names)] for i in range(count)).encode() + b"\n"
    start = time.perf_counter()
    subprocess.run([sounder, "port", "--getent", "-"], input=text, stdout=subprocess.DEVNULL, check=False)
    mine = time.perf_counter() - start
    start = time.perf_counter()
    subprocess.run(["xargs", "-n", "1", "getent", "services"], input=b"\n".join(text.split()[:200]), stdout=subprocess.DEVNULL, check=False)
    return mine, (time.perf_counter() - start) * count / 200


def rows(sounder):
    figures.progress("ports: typing")
    taken = keystrokes(sounder)
    for what in ("plain", "fuzzy"):
        middle, high, worst, wall = taken[what]
        yield {"what": f"a keystroke over {int(taken['rows'][0])} rows, {what}: p99 ms of CPU (p50, worst; wall p99)",
               "sounder": f"{high / 1e3:.3f} ({middle / 1e3:.3f}, {worst / 1e3:.3f}; {wall / 1e3:.3f})", "goal": "<= 2", "value": high / 1e3, "limit": 2}
    middle, high, worst, _ = taken["name"]
    yield {"what": "a look-up by name, us: p50 (p99, worst)", "sounder": f"{middle:.2f} ({high:.2f}, {worst:.0f})"}
    figures.progress("ports: names on standard input")
    times = bulk(os.path.abspath(sounder))
    if times:
        yield {"what": "10,000 names, s", "sounder": f"{times[0]:.2f}", "peer": f"xargs getent {times[1]:.2f} (by 200)", "ratio": f"{times[0] / times[1]:.3f}"}
