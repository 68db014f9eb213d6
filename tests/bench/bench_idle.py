"""The dashboard left alone in a pane: 100 targets on loopback at one probe a second each, 20 seconds, in a network namespace of its own.
htop and mtr idle beside it. Then the same with nothing to watch: not a byte may go to the terminal but the clock's."""
import statistics
import time

import figures

TITLE = "Idle dashboard"
SECONDS = 20


def idle(args):
    terminal = figures.Terminal(args)
    terminal.read(3)
    cpu, size, start = terminal.cpu(), terminal.bytes, time.perf_counter()
    terminal.read(SECONDS)
    span = time.perf_counter() - start
    run = figures.Run(span, (terminal.cpu() - cpu) / span * 100, terminal.rss_kib())
    run.rate = (terminal.bytes - size) / span
    terminal.close()
    return run


def rows(sounder):
    hosts = [f"127.0.0.{n}" for n in range(1, 101)]
    cases = {"sounder": [sounder, *hosts], "empty": [sounder], "htop": ["htop"], "mtr": ["mtr", "-n", "127.0.0.1"]}
    results = {name: [idle(args)] for name, args in cases.items()}
    for name in reversed(cases):
        results[name].append(idle(cases[name]))
    mine = results["sounder"]
    for peer in ("htop", "mtr"):
        yield {"what": "CPU, % of a core, 100 targets", "sounder": figures.spread([r.cpu for r in mine]),
               "peer": f"{peer} " + figures.spread([r.cpu for r in results[peer]]), "ratio": figures.spread(figures.ratio(results, "sounder", peer, "cpu")),
               "goal": "< 2 %", "value": statistics.median([r.cpu for r in mine]), "limit": 2}
        yield {"what": "bytes/s to the terminal, 100 targets", "sounder": figures.spread([r.rate for r in mine]),
               "peer": f"{peer} " + figures.spread([r.rate for r in results[peer]]), "ratio": ""}
        yield {"what": "resident, MB", "sounder": figures.spread([r.rss_kib / 1024 for r in mine]),
               "peer": f"{peer} " + figures.spread([r.rss_kib / 1024 for r in results[peer]]),
               "ratio": figures.spread(figures.ratio(results, "sounder", peer, "rss_kib")), "goal": "< 20",
               "value": statistics.median([r.rss_kib / 1024 for r in mine]), "limit": 20}
    yield {"what": "bytes/s to the terminal, no targets", "sounder": figures.spread([r.rate for r in results["empty"]]), "peer": "", "ratio": ""}
    yield {"what": "CPU, % of a core, no targets", "sounder": figures.spread([r.cpu for r in results["empty"]]), "peer": "", "ratio": ""}
