"""A program that a person types must be there at once. Start to exit of the pure lookups, and the first full frame of the dashboard
in a pty of 120x40, beside programs of the same kind. `curl --version` is what linking libcurl costs; most of a look-up's time is the
dynamic linker's (relocations of libcrypto, libssl and their like), and what sounder does itself is below a millisecond."""
import shutil
import statistics

import figures

TITLE = "Start"


def first_frame(args):
    """Until nothing came for 150 ms: htop draws its whole frame 75 ms after the first part of it."""
    terminal = figures.Terminal(args)
    terminal.read(3, until_quiet=0.15)
    wall = (terminal.last or terminal.start + 3) - terminal.start
    cpu, rss, size = terminal.cpu(), terminal.rss_kib(), terminal.bytes
    terminal.close()
    result = figures.Run(wall, cpu, rss)
    result.bytes = size
    return result


def rows(sounder):
    cases = {"mask": [sounder, "mask", "10.1.2.3/23"], "port": [sounder, "port", "443"], "curl": ["curl", "--version"],
             "ipcalc": ["ipcalc", "10.1.2.3/23"]}
    cases = {name: args for name, args in cases.items() if name != "ipcalc" or shutil.which("ipcalc")}
    results = figures.rounds(cases, 31)
    curl = [run.wall * 1e3 for run in results["curl"]]
    for name in ("mask", "port"):
        ratios = figures.ratio(results, name, "curl", "wall")
        yield {"what": f"sounder {' '.join(cases[name][1:])}, wall ms", "sounder": figures.spread([r.wall * 1e3 for r in results[name]]),
               "peer": "curl --version " + figures.spread(curl), "ratio": figures.spread(ratios), "goal": "<= 1.3",
               "value": statistics.median(ratios), "limit": 1.3}
        if "ipcalc" in results:
            ratios = figures.ratio(results, name, "ipcalc", "wall")
            yield {"what": f"sounder {' '.join(cases[name][1:])}, wall ms", "sounder": figures.spread([r.wall * 1e3 for r in results[name]]),
                   "peer": "ipcalc (Perl) " + figures.spread([r.wall * 1e3 for r in results["ipcalc"]]), "ratio": figures.spread(ratios),
                   "goal": "< 0.5", "value": statistics.median(ratios), "limit": 0.5}

    frames = {"sounder": [sounder], "htop": ["htop"], "mtr": ["mtr", "-n", "127.0.0.1"], "tig": ["tig"]}
    frames = {name: args for name, args in frames.items() if shutil.which(args[0])}
    frame = figures.rounds(frames, 7, first_frame)
    version = figures.rounds({"curl": ["curl", "--version"]}, 7)["curl"]
    mine = [r.wall * 1e3 for r in frame["sounder"]]
    ratios = [a.wall / b.wall for a, b in zip(frame["sounder"], version)]
    yield {"what": "first full frame, ms after exec", "sounder": figures.spread(mine), "peer": "curl --version " +
           figures.spread([r.wall * 1e3 for r in version]), "ratio": figures.spread(ratios), "goal": "<= 2",
           "value": statistics.median(ratios), "limit": 2}
    for name in frames:
        if name != "sounder":
            yield {"what": "first full frame, ms after exec", "sounder": figures.spread(mine),
                   "peer": f"{name} " + figures.spread([r.wall * 1e3 for r in frame[name]]),
                   "ratio": figures.spread(figures.ratio(frame, "sounder", name, "wall"))}
            yield {"what": "resident at the first frame, MB", "sounder": figures.spread([r.rss_kib / 1024 for r in frame["sounder"]]),
                   "peer": f"{name} " + figures.spread([r.rss_kib / 1024 for r in frame[name]]),
                   "ratio": figures.spread(figures.ratio(frame, "sounder", name, "rss_kib"))}
