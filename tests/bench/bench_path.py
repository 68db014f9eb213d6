"""`path` beside mtr 0.95 on the lab's chain of six routers (tests/lab): each hop a network namespace, a round trip takes tens of us. CPU is of a whole run
of 220 rounds, mtr-packet's included, less that of a run of one round, a probe. Time to the full path: of a whole run of one round, start included, and
mtr's grace time of 5 s (with -G 0.1 it takes 1.2 s); and from the first probe to the round's report less the slowest round trip. Many: 1,000 paths of 8 hops, each every 10 s, by one process. Accuracy: what a
program reports for a hop, less AF_PACKET's time stamps of the very same packets on the first link, in us. sounder is an ordinary user, mtr root."""
import ctypes
import datetime
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "lib")]
import figures  # noqa: E402
from in_lab import lab  # noqa: E402

TITLE = "Path"
ROUNDS = int(os.environ.get("SOUNDER_BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("SOUNDER_BENCH_SECONDS", "30"))
COUNT, HOPS, MANY = 220, 7, 1000
TARGET = "10.77.100.2"
PR_SET_CHILD_SUBREAPER = 36


def row(what, mine, peer="", ratio="", goal="", limit=None):
    values = ratio if isinstance(ratio, list) else mine if limit else []
    return {"what": what, "sounder": figures.spread(mine), "peer": peer, "ratio": figures.spread(ratio) if isinstance(ratio, list) else ratio,
            "goal": goal, "value": statistics.median(values) if values and limit else None, "limit": limit}


def cost(args):
    """Wall and CPU seconds of a program and of those it leaves behind, as mtr leaves mtr-packet: all of them become children of this process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    child = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    out = child.stdout.read()
    child.wait()
    wall = time.perf_counter() - start
    time.sleep(0.1)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert child.returncode == 0, (args, out)
    return figures.Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0, out, child.returncode)


def commands(net, count, *options):
    return {"sounder": [*net.namespace(as_nobody=True), os.environ["SOUNDER"], "path", "-c", str(count), *options[:2], TARGET],
            "mtr": [*net.namespace(), "mtr", "-4", "-n", "-r", "-c", str(count), *options[2:], TARGET]}


def cpu(net):
    """Runs of one round and of many in turn; the differences."""
    many, one = commands(net, COUNT, "-i", "20ms", "-i", "0.02"), commands(net, 1)
    cases = {"sounder": many["sounder"], "mtr": many["mtr"], "sounder 1": one["sounder"], "mtr 1": one["mtr"]}
    found = figures.rounds(cases, ROUNDS, cost)
    assert f" {TARGET} ".encode() in found["mtr"][0].out and f"{HOPS}  {TARGET}".encode() in found["sounder"][0].out
    each = {name: [(run.cpu - start.cpu) * 1e6 / ((COUNT - 1) * HOPS) for run, start in zip(found[name], found[name + " 1"])] for name in ("sounder", "mtr")}
    ratios = [mine / peer for mine, peer in zip(each["sounder"], each["mtr"])]
    yield row(f"{COUNT} rounds, 20 ms apart: CPU us a probe", each["sounder"], "mtr " + figures.spread(each["mtr"]), ratios, "<= 0.30", 0.3)
    mine, peer = ([run.wall * 1000 for run in found[name]] for name in ("sounder 1", "mtr 1"))
    yield row("one round: wall ms, start included", mine, "mtr " + figures.spread(peer), [a / b for a, b in zip(mine, peer)], "<= 0.15", 0.15)


def lateness(net):
    """ms from the first probe to the round's report, less the slowest round trip."""
    args = [*net.namespace(as_nobody=True), os.environ["SOUNDER"], "path", "--json", "-c", "1", TARGET]
    child = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    probes = []
    for line in child.stdout:
        at, found = time.time(), json.loads(line)
        if found["type"] == "probe":
            probes.append((at, found))
    assert child.wait() == 0
    reported = next(at for at, found in probes if not found["role"])
    left = [datetime.datetime.fromisoformat(found["when"]).timestamp() for _, found in probes if found["role"]]
    slowest = max(found["rtt_seconds"] for _, found in probes)
    return (reported - min(left) - slowest) * 1000


def full_path(net):
    with lab("silent") as other:
        found = [(lateness(net), lateness(other)) for _ in range(2 * ROUNDS)]
        mine, silent = zip(*found)
        yield row("one round: ms after its slowest round trip", list(mine), "", "", "<= 20", 20)
        yield row("the same with a silent hop", list(silent), "without " + figures.spread(mine), [a - b for b, a in found], "adds nothing (ms)")
        runs = figures.rounds(commands(other, 1), ROUNDS, cost)
        mine, peer = ([run.wall * 1000 for run in runs[name]] for name in ("sounder", "mtr"))
        yield row("one round with a silent hop: wall ms", mine, "mtr " + figures.spread(peer), figures.ratio(runs, "sounder", "mtr", "wall"), "<= 0.15", 0.15)


def lengthen(net):
    """An eighth hop, which has every address of 10.78.0.0/16."""
    script = """ip netns add far
        ip link add to-far type veth peer name to-server netns far
        ip addr add 10.77.8.1/30 dev to-far; ip link set to-far up; ip route add 10.78.0.0/16 via 10.77.8.2
        ip -n far addr add 10.77.8.2/30 dev to-server; ip -n far link set to-server up; ip -n far link set lo up
        ip -n far route add default via 10.77.8.1; ip -n far route add local 10.78.0.0/16 dev lo"""
    done = net.run(["sh", "-ec", script], "server")
    assert done.returncode == 0, done


def ticks(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def many(net):
    lengthen(net)
    targets = [f"10.78.{i // 250}.{i % 250 + 1}" for i in range(MANY)]
    child = net.start([os.environ["SOUNDER"], "path", "--json", "-c", str(SECONDS // 10 + 1), "-i", "10s", *targets], as_nobody=True,
                      stdout=subprocess.PIPE, text=True)
    out = []
    begun = time.monotonic()
    first = None
    for line in child.stdout:
        out.append(line)
        if first is None and time.monotonic() - begun > 5:
            first = time.monotonic(), ticks(child.pid)
        if first and time.monotonic() - first[0] >= SECONDS - 5:
            break
    share = (ticks(child.pid) - first[1]) / (time.monotonic() - first[0]) * 100
    out += child.stdout.readlines()
    sheets = [found for found in map(json.loads, out) if found["type"] == "summary" and found.get("hops")]
    assert len(sheets) == MANY and all(len(found["hops"]) == HOPS + 1 for found in sheets), len(sheets)
    lost = sum(hop["sent"] - hop["received"] for found in sheets for hop in found["hops"])
    yield row(f"{MANY:,} paths of 8 hops every 10 s, as JSON: % of a core", [share], "", "", "<= 6", 6)
    yield row("probes of these without an answer", [lost], "", "", "0")


def errors_of(name, net, args):
    """What the program reports less what was, by the order of each hop's probes."""
    tap = net.start([sys.executable, f"{HERE}/path_tap.py", "to-r1", "60"], stdout=subprocess.PIPE, text=True)
    tap.stdout.readline()
    done = net.run(args, as_nobody=name == "sounder")
    assert done.returncode == 0, done
    time.sleep(0.3)
    tap.terminate()
    truth, reports = {}, {}
    for line in tap.communicate()[0].splitlines():
        ttl, took = map(int, line.split())
        truth.setdefault(ttl, []).append(took)
    for line in done.stdout.splitlines():
        if name == "mtr" and line.startswith("p "):
            _, hop, took, _ = line.split()
            reports.setdefault(int(hop) + 1, []).append(int(took) * 1000)
        elif name == "sounder" and (found := json.loads(line))["type"] == "probe" and found["role"] and found["outcome"] == "ok":
            reports.setdefault(found["hop"], []).append(found["rtt_seconds"] * 1e9)
    reports = {hop: reports[hop] for hop in range(1, HOPS + 1)}  # mtr's first round goes beyond
    assert all(len(reports[hop]) == len(truth[hop]) for hop in reports), (name, reports, truth)
    errors = sorted(abs(a - b) / 1000 for hop in reports for a, b in zip(reports[hop], truth[hop]))
    return statistics.fmean(errors), errors[len(errors) * 99 // 100]


def accuracy(net):
    mine = errors_of("sounder", net, [os.environ["SOUNDER"], "path", "--json", "-c", "200", "-i", "20ms", TARGET])
    peer = errors_of("mtr", net, ["mtr", "-4", "-n", "--raw", "-c", "50", "-i", "0.1", TARGET])
    for i, what in enumerate(("average", "99 % within")):
        yield row(f"a hop's round trip against a capture, us, {what}", [mine[i]], f"mtr {peer[i]:.3g}")


def rows(sounder, *parts):
    if not shutil.which("mtr"):
        return
    os.environ["SOUNDER"] = os.path.abspath(sounder)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for part in (cpu, full_path, accuracy, many):
        if parts and part.__name__ not in parts:
            continue
        figures.progress(part.__name__)
        with lab("chain7") as net:
            yield from part(net)


if __name__ == "__main__":
    for found in rows(*sys.argv[1:]):
        print(json.dumps(found), flush=True)
