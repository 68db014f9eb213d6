"""HEAD over TLS to a server on loopback, one every 10 ms, each checked against the system's own bundle of certificates (in a mount namespace
where the test's authority is one of them). Beside it a bare libcurl with CApath off, which keeps what it has read of the bundle. CPU is of a
whole run less that of a run of one, so that start and the first reading do not count. Both rest as long between: what comes after a rest costs a fifth more."""
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import figures  # noqa: E402

TITLE = "HTTPS probe"
COUNT, ROUNDS = 200, 5
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def each(args, one):
    """CPU of one probe in us."""
    long, short = figures.run(args), figures.run(one)
    assert long.code == 0 and short.code == 0, (long.out[-300:], short.out[-300:])
    return (long.cpu - short.cpu) / (COUNT - 1) * 1e6


def rows(sounder):
    import site_of  # beside this file: the server
    bare = figures.program(sounder, "tests/bench/bare_web")
    with site_of.trusted(BUNDLE) as (prefix, url):
        mine, theirs = [], []
        for number in range(ROUNDS):
            cases = [(mine, lambda n: [*prefix, sounder, "head", url, "-c", str(n), "-i", "10ms", "--json"])]
            if bare:
                cases.append((theirs, lambda n: [*prefix, bare, url, str(n), "8"]))
            for values, args in cases if number % 2 else reversed(cases):
                values.append(each(args(COUNT), args(1)))
    ratios = [a / b for a, b in zip(mine, theirs)]
    yield {"what": "CPU of a probe, us", "sounder": figures.spread(mine), "peer": "libcurl " + figures.spread(theirs) if theirs else "",
           "ratio": figures.spread(ratios) if ratios else "", "goal": "<= 1.3", "value": statistics.median(ratios) if ratios else 0, "limit": 1.3}
