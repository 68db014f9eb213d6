#!/usr/bin/env python3
"""until.py - --until up|down of every probe: the dashboard's own states, by the same settings; whoever waits for a host waits for its name, too."""
import csv
import io
import json
import os
import sys
import threading
import time

import resolving
from harness import folder, free_port, in_namespace, main, run
from web_peer import Peer

PROBES = (["ping", "--tcp", "{port}", "127.0.0.1"], ["tcp", "127.0.0.1:{port}"], ["head", "http://127.0.0.1:{port}/"],
          ["get", "http://127.0.0.1:{port}/"], ["echo", "127.0.0.1:{port}"], ["daytime", "127.0.0.1:{port}"],
          ["dns", "x.test", "A", "@127.0.0.1:{port}", "--timeout", "300ms"])


def lines(words, port, *more, home):
    done = run(*(word.format(port=port) for word in words), "--interval", "20ms", "--json", *more,
               env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": ""})
    return [json.loads(line) for line in done.stdout.splitlines()], done


def test_down_is_what_the_settings_say():
    with folder() as home:
        (home / ".config/sounder").mkdir(parents=True)
        (home / ".config/sounder/sounder.conf").write_text("set losses 6\n")
        for words in PROBES:
            for options, losses in (((), 6), (("--losses", "2"), 2)):
                said, done = lines(words, free_port(), "--until", "down", *options, home=home)
                assert [line["type"] for line in said] == ["probe"] * losses + ["summary"], (words, options, done)
                assert done.returncode == 0 and said[-1]["lost"] == losses, (words, options, done)


def test_up_is_the_first_answer_or_as_many_as_set_after_an_outage():
    with folder() as home, Peer() as peer:
        said, done = lines(["head", peer.url()], 0, "--until", "up", home=home)
        assert done.returncode == 0 and [line["outcome"] for line in said[:-1]] == ["ok"], done
        port = free_port()

        def begin():
            time.sleep(0.5)
            late.append(Peer(port=port))

        late, thread = [], threading.Thread(target=begin)
        thread.start()
        said, done = lines(["tcp", "127.0.0.1:{port}"], port, "--until", "up", "-w", "20", home=home)
        thread.join()
        late[0].socket.close()
        outcomes = [line["outcome"] for line in said[:-1]]
        assert done.returncode == 0 and len(outcomes) >= 5, done
        assert outcomes[-2:] == ["ok", "ok"] and set(outcomes[:-2]) == {"refused"}, outcomes


def test_a_summary_is_the_same_as_csv():
    """What JSON's summary has, that of CSV has in columns: the windows' with their length at the end, the outages in one."""
    with folder() as home:
        words = ["tcp", f"127.0.0.1:{free_port()}", "--until", "down", "--losses", "2"]
        (*_, summary), _ = lines(words, 0, home=home)
        done = run(*words, "--interval", "20ms", "--csv", env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": ""})
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert {len(row) for row in rows} == {len(head)} and len(rows) == 3 and len(set(head)) == len(head), done
    row = dict(zip(head, rows[-1]))
    wanted = set(summary) - {"windows", "outages", "partial", "port", "errors"}
    for name, window in zip(("10s", "1min", "10min"), summary["windows"]):
        wanted |= {f"{key}_{name}" for key in window if key != "window_seconds"}
    assert wanted <= set(row), wanted - set(row)
    assert (row["type"], row["transmitted"], row["lost"], row["lost_10s"], row["loss_percent"]) == ("summary", "2", "2", "2", "100"), row
    for key, value in summary.items():
        if value is None and key in row:
            assert row[key] == "", (key, row)
    (outage,) = summary["outages"]
    since, to, seconds, why = row["outages"].split(" ", 3)
    assert to == "-" and outage["to"] is None and float(seconds) > 0 and why == (outage["why"] or ""), (row["outages"], outage)
    assert len(since) == len(outage["from"]), row["outages"]
    assert rows[0][head.index("transmitted"):] == [""] * (len(head) - head.index("transmitted")), rows[0]


def test_refused_where_it_would_mean_nothing():
    for words, reason in ((["tcp", "127.0.0.1:1", "--losses", "2"], "--until"), (["tcp", "127.0.0.1:1", "--until", "sideways"], "up or down"),
                          (["ping", "--until", "up", "--fail-over", "3", "127.0.0.1"], "--fail-over"),
                          (["ping", "--sweep", "--until", "up", "127.0.0.1"], "--sweep"),
                          (["tcp", "127.0.0.1:1", "--until", "up", "--losses", "0"], "1 to 1000")):
        done = run(*words)
        assert done.returncode == 2 and reason in done.stderr and not done.stdout, (words, done)


def waits_through_a_dead_resolver():
    host = resolving.Host()
    servers = []

    def begin():
        time.sleep(1.5)
        servers.append(resolving.Server("127.0.0.7", resolving.zone({"db1.test": [("A", "127.0.0.1")]})))

    thread = threading.Thread(target=begin)
    thread.start()
    done = host.sounder("ping", "--until", "up", "-4", "-w", "25", "--json", "--server", "127.0.0.7", "db1.test")
    thread.join()
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and said[-1]["received"] == 1, done
    assert done.stderr.count("asked for again") == 1 and done.seconds > 1.4, done
    servers[0].close()
    done = host.sounder("ping", "--until", "up", "-4", "-w", "1.5", "--server", "127.0.0.7", "db1.test")
    assert done.returncode == 2 and "asked for again" in done.stderr and "no name server" in done.stderr, done
    done = host.sounder("ping", "--until", "down", "-4", "-w", "9", "--server", "127.0.0.7", "db1.test")
    assert done.returncode == 2 and done.seconds < 6, done


def test_waits_through_a_dead_resolver():
    resolving.inside(__file__, "waits_through_a_dead_resolver")


SCREEN = r"""
import re, sys, time
from terminal import Screen

def plain(data):
    return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]", b" ", data)

def shows(screen, pattern, seconds=20):
    end, seen = time.monotonic() + seconds, b""
    while time.monotonic() < end:
        screen.send(b"\x0c")  # drawn anew: all of it is seen, not what differs
        seen += screen.read(0.3)
        if re.search(pattern, plain(seen)):
            return
    raise AssertionError((pattern, plain(seen)[-600:]))

with Screen("127.0.0.1", rows=30, columns=120) as screen:
    screen.read_until(b"Overview")
    screen.send(b":ping --sweep 127.0.0.0/28\r")
    shows(screen, rb"14 of 14 hosts, 14 alive")
    screen.send(b"\x1b")
    screen.read(0.5)
    screen.send(b":ping --find-mtu 127.0.0.1\r")
    shows(screen, rb"65535")
    screen.send(b"\x1b")
    screen.read(0.5)
    screen.send(b":ping --sweep 10.0.0.0/16\r")
    shows(screen, rb"of 65534 hosts, [0-9]+ alive, x cancels")
    screen.send(b"x")
    shows(screen, rb"cancelled: ping --sweep")
    screen.send(b"\x1b")
    screen.read(0.5)
    screen.send(b":tcp 127.0.0.1:1\r")
    shows(screen, rb"refused")
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b":ping --until up 127.0.0.1\r")
    shows(screen, rb"State +up")
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b":ping --until down --losses 2 -i 1 127.0.0.1\r")
    shows(screen, rb"0 of 1 targets, [1-9][0-9]* probes, x cancels")
    screen.send(b"\x1b")  # it goes on without its overlay
    shows(screen, rb"goes on; :jobs")
    screen.send(b":ping --sweep 10.0.0.0/16\r")
    shows(screen, rb"2 jobs")
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b":jobs\r")
    shows(screen, rb"of 65534 hosts(?s:.*)0 of 1 targets")
    screen.send(b"x")  # the sweep, which is the latest
    shows(screen, rb"hosts, [0-9]+ alive, cancelled")
    shows(screen, rb"1 job ")
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b":jobs --cancel 6\r")
    shows(screen, rb"cancelled: ping --until=down")
    screen.read(0.5)
    screen.send(b":jobs 6\r")
    shows(screen, rb"State +not DOWN")
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b":ping --rate 5 --until up 127.0.0.1\r")
    shows(screen, rb"--rate would hold for all")
    screen.send(b":subnet grep 10.0.0.0/8\r")
    shows(screen, rb"paste or type lines")
    screen.send(b"\x1b[200~a 10.1.1.1\rb 192.168.0.1\rc 10.2.2.2\x1b[201~")
    shows(screen, rb"c 10.2.2.2")
    screen.send(b"\x04")
    shows(screen, rb"2 found")
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b":mask -\r10.0.0.0/30\r\r# no\r10.0.0.0/29\x04")
    shows(screen, rb"2 of 2 answers")
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b":host -\r")
    shows(screen, rb"paste or type lines")
    screen.send(b"\x1b")  # nothing is asked
    screen.read(0.3)
    screen.send(b":write-config " + sys.argv[1].encode() + b"\r")
    screen.read(1)
    screen.send(b":ping --sweep 10.0.0.0/16\r")
    screen.read(0.5)
    screen.send(b"\x1b")
    screen.read(0.3)
    screen.send(b"q")
    print("left", screen.wait(10))
"""


def test_jobs_on_the_screen():
    """Sweeps, the search for an MTU, --until and the lines of `-` run there, too, with progress and cancel, several at a time; what they
    probe is not watched."""
    with folder() as path:
        (path / "driver.py").write_text(SCREEN)
        done = in_namespace(f"""
            ip link add a0 type veth peer name a1; ip addr add 10.0.0.1/16 dev a0; ip link set a0 up; ip link set a1 up
            python3 {path}/driver.py {path}/conf""", timeout=120)
        assert "left 0" in done.stdout, done.stderr[-2000:]
        watched = [line for line in (path / "conf").read_text().splitlines() if line.startswith(("ping", "tcp"))]
        assert len(watched) == 1 and "127.0.0.1" in watched[0], watched


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "inside":
        globals()[sys.argv[2]]()
    else:
        main(globals())
