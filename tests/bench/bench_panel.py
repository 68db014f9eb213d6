"""The ping panel with 10 and with 65,536 targets at one probe a second each (127.0.0.0/8), 120x40, in a pty and in a network namespace of its
own; noping with 10 beside it. Frames are timed inside the process, as CPU of the drawing thread (bench_panel); keys from write to first byte
out; CPU and bytes over ten seconds of an idle screen. Memory per target is the process's growth from 10 targets to 65,536."""
import os
import pathlib
import select
import statistics
import subprocess
import sys
import tempfile
import time

import figures

TITLE = "Ping panel"
MANY = 65536
KEYS = 200
HERE = pathlib.Path(__file__).resolve()


def addresses(count):
    return [f"127.{1 + n // 65536}.{n // 256 % 256}.{n % 256}" for n in range(count)]


def key_times(terminal, keys):
    """Milliseconds from a key to the first byte that comes out."""
    times = []
    for number in range(KEYS):
        while select.select([terminal.fd], [], [], 0.02)[0]:
            terminal.take()
        start = time.perf_counter()
        os.write(terminal.fd, keys[number % len(keys)])
        if select.select([terminal.fd], [], [], 2)[0]:
            times.append((time.perf_counter() - start) * 1e3)
            terminal.take()
    return sorted(times)


def dashboard(sounder, count):
    folder = tempfile.mkdtemp()
    path, conf = os.path.join(folder, "targets"), os.path.join(folder, "conf")
    with open(path, "w") as file:
        file.write("\n".join(addresses(count)))
    with open(conf, "w") as file:
        file.write("set rate 100000\n")
    terminal = figures.Terminal([sounder, "-f", conf])
    terminal.read(1)
    os.write(terminal.fd, f":ping @{path}\r".encode())
    terminal.read(6)
    os.write(terminal.fd, b"2")
    terminal.read(4)
    return terminal


def at_rest(terminal, seconds=10):
    cpu, size, start = terminal.cpu(), terminal.bytes, time.perf_counter()
    terminal.read(seconds)
    span = time.perf_counter() - start
    return (terminal.cpu() - cpu) / span * 100, (terminal.bytes - size) / span


def take(sounder, count):
    terminal = dashboard(sounder, count)
    cpu, rate = at_rest(terminal)
    moves = key_times(terminal, [b"j", b"k"])
    pages = key_times(terminal, [b"G", b"g"])
    rss = terminal.rss_kib()
    terminal.close()
    return {"cpu": cpu, "rate": rate, "moves": moves, "pages": pages, "rss": rss}


def part(times, share):
    return times[min(int(len(times) * share), len(times) - 1)] if times else float("nan")


def spans(times):
    return f"{part(times, .5):.2f} / {part(times, .99):.2f}"


def measure(sounder):
    import json
    few, many = take(sounder, 10), take(sounder, MANY)
    peer = figures.Terminal(["noping", *addresses(11)[1:]])
    peer.read(4)
    cpu, rate = at_rest(peer)
    peer.close(b"\x03")
    print(json.dumps({"few": few, "many": many, "noping": {"cpu": cpu, "rate": rate}}))


def frames(sounder):
    program = figures.program(sounder, "tests/screen/bench_panel")
    if not program:
        return None
    runs = {count: (str(count), "1000") for count in (10, 1000, MANY)} | {"overview": (str(MANY), "1000", "PgDn", "1")}
    return {name: [float(word) for word in subprocess.run([program, *words], capture_output=True, check=True).stdout.split()] for name, words in runs.items()}


def rows(sounder):
    import json
    inside = f"ip link set lo up; sysctl -qw net.ipv4.ping_group_range='0 0'; exec {sys.executable} {HERE} {sounder}"
    out = subprocess.run(["unshare", "-Urn", "sh", "-c", inside], capture_output=True, text=True, timeout=300, check=True).stdout
    got = json.loads(out)
    few, many, peer = got["few"], got["many"], got["noping"]
    drawn = frames(sounder)
    if drawn:
        yield {"what": "frame with 65,536 targets, ms of CPU, p50 / p99", "sounder": f"{drawn[MANY][0] / 1e3:.2f} / {drawn[MANY][1] / 1e3:.2f}",
               "peer": f"10 targets {drawn[10][0] / 1e3:.2f} / {drawn[10][1] / 1e3:.2f}", "ratio": f"{drawn[MANY][0] / drawn[10][0]:.2f}",
               "goal": "p99 < 8", "value": drawn[MANY][1] / 1e3, "limit": 8}
        yield {"what": "the same, of the overview", "sounder": f"{drawn['overview'][0] / 1e3:.2f} / {drawn['overview'][1] / 1e3:.2f}", "goal": "p99 < 8",
               "value": drawn["overview"][1] / 1e3, "limit": 8}
        yield {"what": "the same beside 1,000 targets, as many lines on the screen", "sounder": f"{drawn[MANY][0] / 1e3:.2f}",
               "peer": f"{drawn[1000][0] / 1e3:.2f}", "ratio": f"{drawn[MANY][0] / drawn[1000][0]:.2f}", "goal": "<= 1.2 (of 10)"}
        yield {"what": "what changed, looked at before a frame, 65,536 targets, ms of CPU, p99", "sounder": f"{drawn[MANY][4] / 1e3:.2f}"}
    for name, side, goal in (("10", few, 1), ("65,536", many, 5)):
        yield {"what": f"cursor key to output, {name} targets, ms, p50 / p99", "sounder": spans(side["moves"]), "goal": f"p99 < {goal}",
               "value": part(side["moves"], .99), "limit": goal}
        yield {"what": f"top and bottom, {name} targets, ms, p50 / p99", "sounder": spans(side["pages"]), "goal": f"p99 < {goal}"}
    yield {"what": "whole process, 65,536 targets, % of a core", "sounder": f"{many['cpu']:.1f}", "goal": "< 60", "value": many["cpu"], "limit": 60}
    yield {"what": "CPU, % of a core, 10 targets", "sounder": f"{few['cpu']:.3f}", "peer": f"noping {peer['cpu']:.3f}",
           "ratio": f"{few['cpu'] / max(peer['cpu'], 1e-6):.2f}", "goal": "<= 1"}
    yield {"what": "bytes/s to the terminal, 10 targets", "sounder": f"{few['rate']:.0f}", "peer": f"noping {peer['rate']:.0f}",
           "ratio": f"{few['rate'] / max(peer['rate'], 1e-6):.2f}", "goal": "<= 1"}
    each = (many["rss"] - few["rss"]) * 1024 / (MANY - 10)
    yield {"what": "memory a target, bytes, all in", "sounder": f"{each:.0f}", "goal": "<= 1024", "value": each, "limit": 1024}


if __name__ == "__main__":
    measure(sys.argv[1])
