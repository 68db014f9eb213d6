"""Text and addresses in bulk: lines of a web server's log filtered by 10,000 networks, and a million addresses looked at one by one.
Both filters read the same file and write the same lines (compared). The look-ups are paired with Perl's ipcalc, one process a line, as
`xargs -n 1` has it, over so few lines that it ends."""
import ipaddress
import json
import os
import random
import statistics
import subprocess
import tempfile

import figures

TITLE = "Networks and addresses in bulk"
LINES = 1_000_000
NETWORKS = 10_000
AGENTS = ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "curl/7.88.1",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36")


def quad(value):
    return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


def networks(rng):
    found = set()
    while len(found) < NETWORKS:
        length = rng.choice((16, 20, 22, 24, 24, 24, 26, 28, 32))
        found.add((rng.getrandbits(32) >> 32 - length << 32 - length, length))
    return sorted(found)


def write_inputs(folder):
    """nets, log, addresses: one line in ten is of one of the networks by intent, some of the others by chance."""
    rng = random.Random(1)
    nets = networks(rng)
    with open(f"{folder}/nets", "w") as f:
        f.writelines(f"{quad(start)}/{length}\n" for start, length in nets)
    with open(f"{folder}/log", "w") as f:
        for i in range(LINES):
            start, length = rng.choice(nets)
            addr = start + rng.randrange(1 << 32 - length) if i % 10 == 0 else rng.getrandbits(32)
            f.write(f'{quad(addr)} - - [21/Nov/2026:10:{i % 60:02}:{i % 59:02} +0000] "GET /index/{rng.randrange(100000)} HTTP/1.1" 200 '
                    f'{rng.randrange(100000)} "-" "{AGENTS[i % 3]}"\n')
    with open(f"{folder}/addresses", "w") as f:
        f.writelines(quad(rng.getrandbits(32)) + "\n" for _ in range(LINES))


def grep_rows(sounder, folder):
    cases = {"sounder": [sounder, "subnet", "grep", f"{folder}/nets", f"{folder}/log"], "grepcidr": ["grepcidr", "-f", f"{folder}/nets", f"{folder}/log"]}
    results = figures.rounds(cases, 7)
    assert results["sounder"][0].out == results["grepcidr"][0].out, "the two filters differ"
    for figure, what in (("wall", "wall s"), ("cpu", "CPU s")):
        ratios = figures.ratio(results, "grepcidr", "sounder", figure)
        yield {"what": f"subnet grep, {LINES:,} lines, {NETWORKS:,} networks, {what}",
               "sounder": figures.spread([getattr(r, figure) for r in results["sounder"]]),
               "peer": "grepcidr " + figures.spread([getattr(r, figure) for r in results["grepcidr"]]),
               "ratio": figures.spread(ratios) + " times as fast", "goal": ">= 5", "value": 1 / statistics.median(ratios), "limit": 1 / 5}


def stream(sounder, args, path):
    """One run with a file as standard input and its output thrown away by the measuring reader."""
    with open(path) as f:
        return figures.run([sounder, *args], stdin=f)


def stream_rows(sounder, folder):
    sample = 60
    with open(f"{folder}/addresses") as f:
        head = [next(f) for _ in range(sample)]
    with open(f"{folder}/few", "w") as f:
        f.writelines(head)
    for args in (["ip", "-"], ["ip", "--json", "-"], ["subnet", "contains", f"{folder}/nets", "-"]):
        mine, peer = [], []
        for _ in range(3):
            mine.append(LINES / stream(sounder, args, f"{folder}/addresses").wall)
            with open(f"{folder}/few") as f:
                peer.append(sample / figures.run(["xargs", "-n", "1", "ipcalc", "-n", "-b"], stdin=f).wall)
        name = " ".join(os.path.basename(a) for a in args)
        yield {"what": f"{name}, {LINES:,} addresses, lines/s", "sounder": figures.spread(mine, 4), "peer": "xargs ipcalc " + figures.spread(peer),
               "ratio": figures.spread([a / b for a, b in zip(mine, peer)]), "goal": ">= 100,000", "value": 1e5 / statistics.median(mine), "limit": 1}


def table_rows():
    """What the networks' table takes, as its unit test prints it."""
    program = figures.program(os.environ["SOUNDER"], "tests/unit/test_prefix_set")
    assert program, "tests/unit/test_prefix_set is not built"
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            row = json.loads(line)
            yield {"what": f"table of {row['count']:,} IPv{row['version']} networks, bytes", "sounder": f"{row['bytes']:,}",
                   "peer": f"their own {row['own']:,}", "ratio": f"{row['bytes'] / row['own']:.2f}", "goal": "<= 3",
                   "value": row["bytes"] / row["own"], "limit": 3}


def rows(sounder):
    assert ipaddress.ip_address(quad(0xC0000201)) == ipaddress.ip_address("192.0.2.1")
    with tempfile.TemporaryDirectory(prefix="sounder-bench-") as folder:
        figures.progress(f"writing {LINES:,} lines")
        write_inputs(folder)
        yield from grep_rows(sounder, folder)
        yield from stream_rows(sounder, folder)
        yield from table_rows()
