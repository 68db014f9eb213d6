#!/usr/bin/env python3
"""ping.py - our text beside iputils' ping on the same targets: the same lines but for the times, by one parser written to iputils' format."""
import json
import re
import signal
import subprocess
import time

from harness import SOUNDER, Skip, folder, in_namespace, main, need, run_json  # noqa: F401

HEADER4 = re.compile(r"PING (\S+) \(([\d.]+)\) (?:from \S+ ?\S*: )?(\d+)\((\d+)\) bytes of data\.$")
# iputils 20240905 put a blank before the address.
HEADER6 = re.compile(r"PING (\S+?) ?\((\S+(?: \(\S+\))?)\) (?:from \S+ ?\S*: )?(\d+) data bytes$")
LINE = re.compile(r"(?:\[\d{10}\.\d{6}\] )?(\d+) bytes from (\S+(?: \(\S+\))?): icmp_seq=(\d+) ttl=(\d+)(?: time=(\d+(?:\.\d{1,3})?) ms)?$")
ERROR = re.compile(r"From (\S+(?: \(\S+\))?) icmp_seq=(\d+) (.+)$")
PENDING = re.compile(r"(?:\[\d{10}\.\d{6}\] )?no answer yet for icmp_seq=(\d+)$")
TITLE = re.compile(r"--- (\S+) ping statistics ---$")
COUNTS = re.compile(r"(\d+) packets transmitted, (\d+) received(?:, \+(\d+) duplicates)?(?:, \+(\d+) errors)?, ([\d.]+)% packet loss, time (\d+)ms$")
TIMES = re.compile(r"rtt min/avg/max/mdev = (\d+\.\d{3})/(\d+\.\d{3})/(\d+\.\d{3})/(\d+\.\d{3}) ms(?:, pipe \d+)?$")


def parse(text):
    """Returns what stays the same from run to run; raises on a line that is not iputils'."""
    lines = text.split("\n")
    assert lines[-1] == "", "the last line is not ended"
    head = HEADER4.match(lines[0]) or HEADER6.match(lines[0])
    assert head, lines[0]
    seen = [("header", *head.groups())]
    body, i = lines[1:-1], 0
    while i < len(body) and body[i] != "":
        line, error, pending = LINE.match(body[i]), ERROR.match(body[i]), PENDING.match(body[i])
        assert line or error or pending, body[i]
        seen.append(("reply", *line.groups()[:4], line[5] is not None) if line else ("error", *error.groups()) if error else ("pending", pending[1]))
        i += 1
    tail = body[i:]
    assert tail[0] == "" and TITLE.match(tail[1]), tail
    counts = COUNTS.match(tail[2])
    assert counts, tail[2]
    seen.append(("summary", TITLE.match(tail[1])[1], *counts.groups()[:5]))
    while len(tail) > 3 and tail[-1] == "":
        tail.pop()
    if len(tail) > 3:
        times = TIMES.match(tail[3])
        assert times, tail[3]
        low, average, high, deviation = map(float, times.groups())
        assert low <= average <= high and deviation >= 0
        seen.append(("times",))
    assert len(tail) <= 4, tail
    return seen


def both(options, setup=""):
    """Runs both programs with the same options; returns what they have in common, parsed, and both exit codes."""
    done = in_namespace(f"""{setup}
        ping {options}; echo "rc $?" >&2
        echo ======
        $SOUNDER ping {options}; echo "rc $?" >&2""", env={"LC_ALL": "C.UTF-8"})
    theirs, ours = done.stdout.split("======\n")
    codes = re.findall(r"^rc (\d+)$", done.stderr, re.M)
    return theirs, ours, codes


def same(options, setup=""):
    theirs, ours, codes = both(options, setup)
    assert parse(theirs) == parse(ours), (theirs, ours)
    assert codes[0] == codes[1], (codes, options)


def test_v4():
    need("ping")
    same("-c 3 -i 0.2 127.0.0.1")
    same("-c 1 -s 60000 127.0.0.1")


def test_sizes_that_iputils_cannot_time():
    need("ping")
    for size in (0, 7, 15):  # it keeps the time in the payload, we in a table: our lines have one more field
        theirs, ours, codes = both(f"-c 1 -s {size} 127.0.0.1")
        theirs, ours = parse(theirs), parse(ours)
        assert theirs[1][:-1] == ours[1][:-1] and ours[1][-1] and ours[-1] == ("times",), (theirs, ours)
        assert [theirs[0], theirs[2]] == [ours[0], ours[2]] and codes == ["0", "0"], (theirs, ours)


def test_v6():
    need("ping")
    same("-c 3 -i 0.2 ::1")
    same("-c 2 -i 0.2 -s 16 ::1")


def test_name():
    """A name of one family: iputils on Debian 12 prints none at all where the hosts file has both ("PING  (127.0.0.1)")."""
    need("ping")
    with folder() as path:
        (path / "hosts").write_text("127.0.0.1 db1.test\n::1 localhost\n127.0.0.1 localhost\n")
        for options in ("-4 -c 2 -i 0.2 db1.test", "-4 -n -c 2 -i 0.2 db1.test"):
            same(options, f"mount --bind {path}/hosts /etc/hosts")


def test_stamps_and_quiet():
    need("ping")
    same("-D -c 2 -i 0.2 127.0.0.1")
    same("-q -c 2 -i 0.2 127.0.0.1")


def test_source():
    need("ping")
    theirs, ours, codes = both("-I 127.0.0.9 -c 1 127.0.0.1")
    assert parse(theirs)[1:] == parse(ours)[1:] and codes == ["0", "0"], (theirs, ours)


VETH = """ip link add a0 type veth peer name a1; ip addr add 10.0.0.1/24 dev a0; ip link set a0 up; ip link set a1 up
          ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev a0"""


def test_pattern_as_it_is_sent():
    for pattern in ("ff", "AbCd", "fff", "1", "00", "0123456789abcdef0123456789abcdef"):
        done = in_namespace(f"ping -p {pattern} -c 1 127.0.0.1 | head -n 1; $SOUNDER ping -p {pattern} -c 1 127.0.0.1 | head -n 1")
        theirs, ours = done.stdout.splitlines()
        assert theirs == ours and ours.startswith("PATTERN: 0x"), (pattern, theirs, ours)


def test_no_answer():
    need("ping")
    same("-c 3 -i 0.3 -W 0.5 10.0.0.9", VETH)
    same("-O -c 3 -i 0.5 -W 0.4 10.0.0.9", VETH)
    same("-c 5 -i 0.4 -w 1 10.0.0.9", VETH)


def test_unknown_host_and_no_route():
    need("ping")
    for options in ("-c 1 no-such-host.invalid", "-c 1 192.0.2.1"):
        done = in_namespace(f"$SOUNDER ping {options}; echo rc=$?; ping {options}; echo rc=$?")
        assert done.stdout.count("rc=2") == 2, done


def test_json_agrees_with_text():
    done = in_namespace("$SOUNDER ping --json -c 3 -i 0.1 127.0.0.1 ::1")
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    probes, summaries = [o for o in objects if o["type"] == "probe"], [o for o in objects if o["type"] == "summary"]
    assert len(probes) == 6 and len(summaries) == 2 and done.returncode == 0, done
    for probe in probes:
        assert {"target", "address", "sequence", "outcome", "rtt_seconds", "ttl"} <= set(probe), probe
        assert probe["outcome"] == "ok" and 0 < probe["rtt_seconds"] < 1 and probe["ttl"] == 64, probe
    for summary in summaries:
        times = [p["rtt_seconds"] for p in probes if p["target"] == summary["target"]]
        assert (summary["transmitted"], summary["received"], summary["loss_percent"]) == (3, 3, 0), summary
        assert abs(summary["rtt_min_seconds"] - min(times)) < 2e-9 and abs(summary["rtt_max_seconds"] - max(times)) < 2e-9
        assert abs(summary["rtt_avg_seconds"] - sum(times) / 3) < 3e-9, (summary, times)
        assert summary["rtt_mdev_seconds"] >= 0


def test_list_of_hosts():
    hosts = "\\n".join(f"127.0.0.{i}" for i in range(1, 51))
    done = in_namespace(f"printf '# list\\n{hosts}  # and more\\n\\n' | $SOUNDER ping -q -c 2 -i 0.1 --json -")
    summaries = [json.loads(line) for line in done.stdout.splitlines() if '"summary"' in line]
    assert [s["target"] for s in summaries] == [f"127.0.0.{i}" for i in range(1, 51)], done
    assert all(s["received"] == 2 for s in summaries) and done.returncode == 0


def test_a_reader_that_has_gone_ends_it():
    """At the first line that nobody takes, the second reply, not an interval after it."""
    begun = time.monotonic()
    done = in_namespace("$SOUNDER ping -i 2 127.0.0.1 | head -n 1")
    assert done.stdout.startswith("PING") and time.monotonic() - begun < 3, (done, time.monotonic() - begun)


def test_quit_signal_prints_a_line():
    done = in_namespace("""$SOUNDER ping -i 0.1 127.0.0.1 > /dev/null & p=$!; sleep 0.45; kill -QUIT $p; sleep 0.1; kill -INT $p; wait $p; echo rc=$?""")
    assert re.search(r"\d+/\d+ packets, 0% loss, min/avg/ewma/max = [\d.]+/[\d.]+/[\d.]+/[\d.]+ ms", done.stderr), done
    assert "rc=0" in done.stdout, done


NAME_SERVER = r"""
import socket, struct, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5353))
print("ready", flush=True)
start = time.monotonic()
while True:
    q, who = s.recvfrom(2000)
    end = q.index(b"\0", 12) + 5
    kind = struct.unpack(">H", q[end - 4:end - 2])[0]
    address = bytes([127, 0, 0, 5 if time.monotonic() - start < 3 else 6])
    answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + address if kind == 1 else b""
    s.sendto(q[:2] + struct.pack(">HHHHH", 0x8580, 1, bool(answer), 0, 0) + q[12:end] + answer, who)
"""


def test_a_name_is_asked_again_when_its_time_is_over():
    with folder() as path:
        (path / "server.py").write_text(NAME_SERVER)
        done = in_namespace(f"""
            python3 {path}/server.py > {path}/ready & p=$!
            while ! [ -s {path}/ready ]; do sleep 0.02; done
            $SOUNDER ping --json --server 127.0.0.1:5353 -4 -i 0.1 -c 75 moving.example
            kill $p""")
    probes = [json.loads(line) for line in done.stdout.splitlines()][:-1]
    assert len(probes) == 75 and all(p["outcome"] == "ok" for p in probes), (done.stderr, probes[:2])
    addresses = [p["address"] for p in probes]
    assert addresses[0] == "127.0.0.5" and addresses[-1] == "127.0.0.6", addresses
    at = addresses.index("127.0.0.6")
    assert 45 <= at <= 65 and set(addresses[at:]) == {"127.0.0.6"}, addresses


SCREEN = r"""
import sys
from terminal import Screen
with Screen(rows=30, columns=140) as screen:
    screen.read_until(b"Overview")
    screen.send(b":ping -i 0.1 127.0.0.1\r")
    screen.read(5)
    screen.send(b":save " + sys.argv[1].encode() + b"/slow\r")
    screen.read(0.5)
    screen.send(b":set loss 0\r")
    screen.read(1.5)
    screen.send(b":save " + sys.argv[1].encode() + b"/up\r")
    screen.read(0.5)
    screen.send(b"q")
    print("left", screen.wait(5))
"""


def test_a_path_that_loses_some_is_slow():
    need("nft")
    with folder() as path:
        (path / "driver.py").write_text(SCREEN)
        done = in_namespace(f"""
            nft add table inet t && nft add chain inet t i '{{ type filter hook input priority 0; }}' &&
                nft add rule inet t i icmp type echo-reply numgen inc mod 6 0 drop || exit 99
            python3 {path}/driver.py {path}""")
        if done.returncode == 99:
            raise Skip("no nftables in a namespace")
        assert "left 0" in done.stdout, done
        slow, up = (path / "slow").read_text(), (path / "up").read_text()
    assert re.search(r"SLOW +127\.0\.0\.1 .*loss [\d.]+ % over 1 min \(limit 5\)", slow), slow
    assert re.search(r"up -> SLOW loss [\d.]+ % over 1 min \(limit 5\)", slow), slow
    assert "SLOW -> up after" in up and "DOWN" not in up, up


def test_summary_as_data_has_what_the_panel_shows():
    ignore = "/proc/sys/net/ipv4/icmp_echo_ignore_all"
    done = in_namespace(f"""
        (sleep 0.6; echo 1 > {ignore}; sleep 0.8; echo 0 > {ignore}) &
        $SOUNDER ping -c 20 -i 0.1 -W 0.2 --json 127.0.0.1 ::1 | grep summary; wait
        echo 1 > {ignore}; $SOUNDER ping -c 3 -i 0.05 -W 0.1 --json 127.0.0.1 | grep summary""")
    four, six, dead = map(json.loads, done.stdout.splitlines())
    assert len(four["outages"]) == 1 and six["outages"] == [], done.stdout
    outage = four["outages"][0]
    assert outage["from"] < outage["to"] and 0.2 < outage["duration_seconds"] < 2 and outage["why"] == "no answer in time", outage
    for said in (four, six):
        assert said["rtt_min_seconds"] * 0.95 <= said["rtt_p50_seconds"] <= said["rtt_p95_seconds"] <= said["rtt_p99_seconds"], said
        assert said["rtt_p99_seconds"] <= said["rtt_max_seconds"] * 1.05 and said["jitter_seconds"] > 0, said
        assert [window["window_seconds"] for window in said["windows"]] == [10, 60, 600], said
        for window in said["windows"]:
            assert (window["received"], window["lost"]) == (said["received"], said["lost"]), said
    assert dead["outages"][0]["to"] is None and dead["rtt_p50_seconds"] is None and dead["windows"][0]["loss_percent"] == 100, dead


if __name__ == "__main__":
    main(globals())
