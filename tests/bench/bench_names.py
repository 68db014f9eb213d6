"""Many names: 100,000 A records asked of knot on loopback, a hundred at a time. `bare_names` is a program of a page that puts the questions to c-ares and
does not read the answers; `dnsperf -q 100` counts them; `dig -f` prints them. The server is the same for all, on the same processors."""
import pathlib
import sys
import tempfile

import figures

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

TITLE = "Names in bulk"
COUNT = 100_000


def rows(sounder):
    import dns
    dns.ZONE += "".join(f"n{i} A 10.{i >> 16}.{i >> 8 & 255}.{i & 255}\n" for i in range(COUNT))
    bare = figures.program(sounder, "tests/bench/bare_names")
    assert bare, "tests/bench/bare_names is not built"
    with tempfile.TemporaryDirectory(prefix="sounder-bench-") as folder, dns.knot() as port:
        for name, more in (("names", ""), ("types", " A")):
            with open(f"{folder}/{name}", "w") as f:
                f.writelines(f"n{i}.zone.test{more}\n" for i in range(COUNT))
        cases = {"sounder": [sounder, "dns", "-", "A", f"@127.0.0.1:{port}"], "host": [sounder, "host", "-4", "-", "--server", f"127.0.0.1:{port}"],
                 "bare": [bare, f"{folder}/names", str(port)],
                 "dnsperf": ["dnsperf", "-s", "127.0.0.1", "-p", str(port), "-d", f"{folder}/types", "-q", "100", "-c", "1", "-n", "1"],
                 "dig": ["dig", "@127.0.0.1", "-p", str(port), "+short", "+tries=1", "-f", f"{folder}/names"]}

        def measure(args):
            with open(f"{folder}/names") as f:
                return figures.run(args, stdin=f)
        found = figures.rounds(cases, 5, measure)
    assert all(run.code == 0 and run.out.count(b"\n") == COUNT + 1 for run in found["sounder"]), found["sounder"][0].out[-300:]
    for mine, peer, what, goal, limit in (("sounder", "bare", "cpu", "<= 1.15", 1.15), ("sounder", "dig", "cpu", "<= 0.12", 0.12),
                                          ("sounder", "dnsperf", "cpu", "", None), ("sounder", "bare", "wall", "<= 1.1", 1.1),
                                          ("sounder", "dnsperf", "wall", "<= 1.1", 1.1), ("host", "dig", "cpu", "", None)):
        ratios = figures.ratio(found, mine, peer, what)
        unit = "CPU us a name" if what == "cpu" else "wall us a name"
        yield {"what": f"{'dns -' if mine == 'sounder' else 'host -4 -'}, {COUNT:,} names, {unit}",
               "sounder": figures.spread([getattr(run, what) * 1e6 / COUNT for run in found[mine]]),
               "peer": f"{peer} " + figures.spread([getattr(run, what) * 1e6 / COUNT for run in found[peer]]), "ratio": figures.spread(ratios),
               "goal": goal, "value": sorted(ratios)[len(ratios) // 2], "limit": limit}
