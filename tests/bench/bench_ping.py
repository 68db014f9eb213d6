"""ICMP echo on loopback, 127.0.0.0/8, in a network namespace of its own. Sweep: `ping --sweep -q` beside `fping -i 0 -r 0 -q`, CPU in us a
probe, starting and reading the list included. Sustained: every target once a second. `bare` is a program of a hundred lines that does nothing
but send, receive and take the kernel's time stamps, in the same batches: what is the kernel's share, on this machine. Accuracy: what a program reports, less AF_PACKET's
time stamps of the very same packets (request and reply as they come in on lo), in us. Flood: another program's echo requests and the kernel's
replies to them pass beside; CPU of pinging 1,000 targets a second. `raw`: on a raw socket, where ping sockets are not permitted."""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import figures  # noqa: E402

TITLE = "Continuous ping"
SECONDS = int(os.environ.get("SOUNDER_BENCH_SECONDS", "30"))
ROUNDS = int(os.environ.get("SOUNDER_BENCH_ROUNDS", "3"))

FLOOD = r"""
import os, socket, struct, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
s.setsockopt(255, 1, struct.pack("I", 0xffffffff))  # SOL_RAW, ICMP_FILTER: wants no replies itself
packet = bytes.fromhex("080000000bad0001") + bytes(8)
total = sum(struct.unpack(">8H", packet)); total = (total & 65535) + (total >> 16)
packet = packet[:2] + struct.pack(">H", ~total & 65535) + packet[4:]
print("ready", flush=True)
end, n = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < end:
    for _ in range(256):
        s.sendto(packet, ("127.200.0.1", 0))
    n += 256
print(n * 2 / float(sys.argv[1]))
"""


def targets(folder, count):
    path = f"{folder}/{count}"
    with open(path, "w") as file:
        file.writelines(f"127.{1 + i // 62500}.{i // 250 % 250}.{i % 250 + 1}\n" for i in range(count))
    return path


def row(what, mine, peer="", ratio="", goal="", limit=None):
    values = ratio if isinstance(ratio, list) else mine if limit else []
    return {"what": what, "sounder": figures.spread(mine), "peer": peer, "ratio": figures.spread(ratio) if isinstance(ratio, list) else ratio,
            "goal": goal, "value": statistics.median(values) if values and limit else None, "limit": limit}


def sweep(sounder, folder):
    cost = {}
    bare = figures.program(sounder, "tests/bench/bare")
    for count, rounds in ((10000, 9), (65000, 7)):
        path = targets(folder, count)
        cases = {"sounder": [sounder, "ping", "--sweep", "-q", "@" + path], "fping": ["fping", "-i", "0", "-r", "0", "-q", "-f", path], "bare": [bare, path]}
        found = figures.rounds(cases, rounds)
        for name, runs in found.items():
            assert all(run.code == 0 for run in runs), (name, runs[0].code, runs[0].out[-300:])
        cost[count] = {name: statistics.median(run.cpu for run in runs) for name, runs in found.items()}
        for what, unit in (("cpu", "CPU us a probe"), ("wall", "wall us a probe")):
            mine, peer, least = ([getattr(run, what) * 1e6 / count for run in found[name]] for name in cases)
            yield row(f"sweep {count:,}: {unit}", mine, "fping " + figures.spread(peer), figures.ratio(found, "sounder", "fping", what), "<= 0.70", 0.7)
            yield row(f"sweep {count:,}: {unit}", mine, "bare " + figures.spread(least), figures.ratio(found, "sounder", "bare", what),
                      f"bare is {statistics.median(figures.ratio(found, 'bare', 'fping', what)):.3f} of fping")
        mine, peer = ([run.rss_kib / 1024 for run in found[name]] for name in ("sounder", "fping"))
        yield row(f"sweep {count:,}: resident, MB", mine, "fping " + figures.spread(peer), figures.ratio(found, "sounder", "fping", "rss_kib"), "<= 1", 1)
    mine, peer = ((cost[65000][name] - cost[10000][name]) * 1e6 / 55000 for name in ("sounder", "fping"))
    yield row("sweep: CPU us a further probe, starts left out", [mine], f"fping {peer:.3g}", [mine / peer], "<= 0.70", 0.7)


def together(commands):
    """Several programs at once: their CPU together."""
    start = time.perf_counter()
    children = [subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for args in commands]
    cpu = 0.0
    for child in children:
        usage = os.wait4(child.pid, 0)[2]
        cpu += usage.ru_utime + usage.ru_stime
        child.returncode = 0
    return figures.Run(time.perf_counter() - start, cpu, 0)


def steady(sounder, path, count, seconds):
    run = figures.run([sounder, "ping", "--rate", "200000", "-c", str(seconds), "-q", "--json", "@" + path], timeout=seconds + 60)
    summaries = [json.loads(line) for line in run.out.splitlines() if b'"summary"' in line]
    assert len(summaries) == count, (len(summaries), run.out[-300:])
    run.lost = sum(s["transmitted"] - s["received"] for s in summaries)
    run.rate = sum(s["received"] for s in summaries) / (seconds * count)
    run.seconds = statistics.fmean(s["elapsed_seconds"] for s in summaries)  # of a target, first probe to last
    return run


def sustained(sounder, folder):
    """Rounds of those that are compared, the others once."""
    seconds, bare = SECONDS, figures.program(sounder, "tests/bench/bare")
    paths = {count: targets(folder, count) for count in (1000, 5000, 10000, 65000)}
    with open(paths[10000]) as file:
        lines = file.readlines()
    halves = []
    for half in (0, 1):
        halves.append(f"{folder}/half{half}")
        with open(halves[-1], "w") as file:
            file.writelines(lines[half * 5000:half * 5000 + 5000])
    cases = {"5,000": lambda: steady(sounder, paths[5000], 5000, seconds),
             "burst": lambda: figures.run(["fping", "-p", "1000", "-i", "0", "-c", str(seconds), "-q", "-f", paths[5000]]),
             "bare": lambda: figures.run([bare, paths[5000], str(seconds)]),
             "10,000": lambda: steady(sounder, paths[10000], 10000, seconds),
             "paced": lambda: together([["fping", "-p", "1000", "-i", "0.18", "-c", str(seconds), "-q", "-f", half] for half in halves])}
    found = {name: [] for name in cases}
    for number in range(ROUNDS):
        for name in (list(cases) if number % 2 == 0 else list(cases)[::-1]):
            found[name].append(cases[name]())
    mine = {1000: [steady(sounder, paths[1000], 1000, seconds)], 5000: found["5,000"], 10000: found["10,000"],
            65000: [steady(sounder, paths[65000], 65000, seconds)]}
    per = {count: [run.cpu * 1e6 / (count * seconds) for run in runs] for count, runs in mine.items()}
    of = {name: figures.spread([run.cpu * 1e6 / (count * seconds) for run in found[name]]) for name, count in (("burst", 5000), ("bare", 5000), ("paced", 10000))}
    yield row(f"10,000 at 1/s, {seconds} s: CPU us a probe", per[10000], f"2 x fping -i 0.18 {of['paced']}", figures.ratio(found, "10,000", "paced", "cpu"), "<= 0.15", 0.15)
    yield row(f"5,000 at 1/s, {seconds} s: CPU us a probe", per[5000], f"fping -i 0 {of['burst']}", figures.ratio(found, "5,000", "burst", "cpu"), "<= 0.8", 0.8)
    yield row(f"5,000 at 1/s, {seconds} s: CPU us a probe", per[5000], f"bare, 20 ms ticks {of['bare']}", figures.ratio(found, "5,000", "bare", "cpu"),
              f"bare is {statistics.median(figures.ratio(found, 'bare', 'burst', 'cpu')):.3f} of fping")
    run = mine[65000][0]
    yield row(f"65,000 at 1/s, {seconds} s: % of a core", [run.cpu / run.wall * 100], "fping exits 4", "", "< 40", 40)
    yield row("65,000 at 1/s: probes lost", [run.lost], "", "", "0")
    yield row("65,000 at 1/s: % of the nominal rate", [(seconds - 1) / run.seconds * 100 * run.rate], "", "", ">= 99")
    yield row("65,000 at 1/s: resident, MB, shell and summaries", [run.rss_kib / 1024])
    for count, costs in per.items():
        yield row(f"{count:,} at 1/s: CPU us a probe", costs, "", f"{statistics.median(costs) / statistics.median(per[10000]):.2f} x 10,000's", "flat")


def read_reports(name, text):
    """{(address, sequence): reported ns} of each program's lines."""
    found = {}
    for line in text.splitlines():
        if name == "sounder":
            o = json.loads(line)
            if o["type"] == "probe" and o["rtt_seconds"] is not None:
                found[o["address"] if "address" in o else o["target"], o["sequence"] & 65535] = o["rtt_seconds"] * 1e9
        elif name == "ping" and (m := re.search(r"from (\S+): icmp_seq=(\d+) .*time=([\d.]+) ms", line)):
            found[m[1], int(m[2])] = float(m[3]) * 1e6
        elif name == "fping" and (m := re.match(r"(\S+)\s*: \[(\d+)\], \d+ bytes, ([\d.]+) ms", line)):
            found[m[1], int(m[2])] = float(m[3]) * 1e6
    return found


def accuracy_of(name, args, seconds=60):
    tap = subprocess.Popen([sys.executable, f"{HERE}/ping_tap.py", str(seconds)], stdout=subprocess.PIPE, text=True)
    tap.stdout.readline()
    text = subprocess.run(args, capture_output=True, text=True, timeout=seconds).stdout
    time.sleep(0.3)
    tap.terminate()
    truth = {}
    for line in tap.communicate()[0].splitlines():
        address, _, sequence, nanoseconds = line.split()
        truth.setdefault(address, []).append((int(sequence), int(nanoseconds)))
    reports = read_reports(name, text)
    if name == "fping":  # fping numbers its packets over all targets: the nth of an address is its nth
        truth = {(a, n): ns for a, list_ in truth.items() for n, (_, ns) in enumerate(list_)}
    else:
        truth = {(a, sequence): ns for a, list_ in truth.items() for sequence, ns in list_}
    errors = [reports[key] - truth[key] for key in reports if key in truth]
    assert len(errors) > 0.5 * len(reports) > 100, (name, len(errors), len(reports), text[-300:])
    errors.sort(key=abs)
    return statistics.fmean(errors) / 1e3, abs(errors[int(len(errors) * 0.99)]) / 1e3, len(errors)


def accuracy(sounder, folder):
    path = targets(folder, 10000)
    cases = {"sounder": [sounder, "ping", "--json", "-i", "0.01", "-c", "500", "127.0.0.1"], "ping": ["ping", "-i", "0.01", "-c", "500", "127.0.0.1"],
             "fping": ["fping", "-p", "10", "-c", "500", "127.0.0.1"]}
    found = {name: accuracy_of(name, args) for name, args in cases.items()}
    for i, what, goal, limit in ((0, "average error", "within 2.5", 2.5), (1, "p99 of the error", "<= 5", 5)):
        yield row(f"reported less true, 1 target, {what}, us", [found["sounder"][i]],
                  ", ".join(f"{name} {found[name][i]:+.2f}" for name in ("ping", "fping")), "", goal, limit)
    many = accuracy_of("sounder", [sounder, "ping", "--json", "--rate", "200000", "-i", "5", "-c", "1", "@" + path])
    for i, what, goal, limit in ((0, "average error", "within 2.5", 2.5), (1, "p99 of the error", "<= 5", 5)):
        yield row(f"reported less true, 10,000 targets, {what}, us", [many[i]], "", "", goal, limit)


def flood(sounder, folder):
    path = targets(folder, 1000)
    args = [sounder, "ping", "--rate", "20000", "-c", "5", "-q", "@" + path]
    raw = ["sh", "-c", "echo '1 0' > /proc/sys/net/ipv4/ping_group_range; exec \"$@\"", "-", *args]
    found, rate = {}, []
    for name, command in (("ping", args), ("raw", raw)):
        found[name, False] = figures.run(command).cpu * 1e6 / 5000
        other = subprocess.Popen([sys.executable, "-c", FLOOD, "7"], stdout=subprocess.PIPE, text=True)
        other.stdout.readline()
        found[name, True] = figures.run(command).cpu * 1e6 / 5000
        rate.append(float(other.communicate()[0]))
        with open("/proc/sys/net/ipv4/ping_group_range", "w") as file:
            file.write("0 0")
    passing = f"{statistics.fmean(rate):,.0f} foreign packets/s"
    yield row("CPU us a probe beside a flood, ping socket", [found["ping", True]], f"alone {found['ping', False]:.3g}", "", passing)
    yield row("CPU us a probe beside a flood, raw socket", [found["raw", True]], f"alone {found['raw', False]:.3g}",
              [found["raw", True] / found["ping", True]], "<= 1.2 x the ping socket's", 1.2)


def inside(sounder):
    with tempfile.TemporaryDirectory() as folder:
        for part in (sweep, accuracy, flood, sustained):
            if len(sys.argv) > 2 and part.__name__ not in sys.argv[2:]:
                continue
            for found in part(sounder, folder):
                print(json.dumps(found), flush=True)


def rows(sounder, *parts):
    if not shutil.which("fping"):
        return
    script = "ip link set lo up && echo '0 0' > /proc/sys/net/ipv4/ping_group_range && exec \"$@\""
    done = subprocess.Popen(["unshare", "-Urn", "sh", "-c", script, "-", sys.executable, os.path.abspath(__file__), sounder, *parts],
                            stdout=subprocess.PIPE, text=True, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
    for line in done.stdout:
        yield json.loads(line)
    assert done.wait() == 0


if __name__ == "__main__":
    inside(sys.argv[1])
