#!/usr/bin/env python3
"""all_addresses.py - ping --all-addresses: a name with several addresses, from a name server that takes some away and adds others, in the shell
and on the screen; the text beside fping -m; names from the hosts file."""
import json
import re

from harness import folder, in_namespace, main, need

# The answers in each stretch of time since the first question, for A and for AAAA: last bytes of 127.0.0.x, whether ::1; None: SERVFAIL.
NAME_SERVER = r"""
import socket, struct, time
STAGES = [(4, [5, 6], True), (9, [6, 7], None), (14, [6, 7], True), (19, [6, 7, 8], True), (99, None, None)]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5353))
print("ready", flush=True)
start = None
while True:
    q, who = s.recvfrom(2000)
    start = start or time.monotonic()
    _, four, six = next(stage for stage in STAGES if time.monotonic() - start < stage[0])
    end = q.index(b"\0", 12) + 5
    kind = struct.unpack(">H", q[end - 4:end - 2])[0]
    data = [] if q[12:end - 4].lower() != b"\6moving\7example\0" else None if (four if kind == 1 else six) is None else \
        [bytes([127, 0, 0, x]) for x in four] if kind == 1 else [bytes(15) + b"\1"] if kind == 28 and six else []
    records = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 1, len(d)) + d for d in data or [])
    rcode = 2 if data is None else 0
    s.sendto(q[:2] + struct.pack(">HHHHH", 0x8580 | rcode, 1, len(data or []), 0, 0) + q[12:end] + records, who)
"""

SERVED = """
    python3 {path}/server.py > {path}/ready & server=$!
    while ! [ -s {path}/ready ]; do sleep 0.02; done
    {command}
    kill $server"""


def served(path, command, **kwargs):
    (path / "server.py").write_text(NAME_SERVER)
    return in_namespace(SERVED.format(path=path, command=command), **kwargs)


def with_hosts(lines, command):
    with folder() as path:
        (path / "hosts").write_text("\n".join(lines) + "\n")
        return in_namespace(f"mount --bind {path}/hosts /etc/hosts && cd {path} || exit 99\n{command}")


THREE = ["::1 several", "127.0.0.1 several", "127.0.0.2 several"]


def test_addresses_come_and_go():
    with folder() as path:
        done = served(path, "$SOUNDER ping --json --all-addresses --server 127.0.0.1:5353 -i 0.1 -w 23 moving.example; echo rc=$? >&2")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    probes, summaries = [x for x in lines if x["type"] == "probe"], [x for x in lines if x["type"] == "summary"]
    assert "rc=0" in done.stderr and all(x["target"] == "moving.example" and x["outcome"] == "ok" for x in probes), (done.stderr, probes[:2])
    count = {s["address"]: s["received"] for s in summaries}
    assert set(count) == {"127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8", "::1"}, count
    assert lines[-5:] == summaries and summaries[-1]["address"] == "127.0.0.8", [x["type"] for x in lines[-6:]]  # the newest is the last
    for address in count:
        mine = [p["sequence"] for p in probes if p["address"] == address]
        assert mine == list(range(1, len(mine) + 1)), (address, mine)
    # .7 joins with the second answer; .5 goes with the third, since the second was only half of one; with the fourth .8 joins, in
    # the place that .5 had in the engine; the fifth has no data and changes nothing.
    assert 80 <= count["127.0.0.5"] <= 120 and 155 <= count["127.0.0.7"] <= 190 and 60 <= count["127.0.0.8"] <= 95, count
    assert 210 <= count["127.0.0.6"] <= 235 and 210 <= count["::1"] <= 235, count


def test_text():
    done = with_hosts(THREE, "$SOUNDER ping --all-addresses -c 2 -i 0.1 several; echo rc=$?")
    text = done.stdout
    assert done.stderr == "" and text.endswith("rc=0\n"), done
    assert len(re.findall(r"^PING several \(127\.0\.0\.[12]\) 56\(84\) bytes of data\.$", text, re.M)) == 2, text
    assert text.count("PING several(several (::1)) 56 data bytes\n") == 1, text
    summaries = re.findall(r"^--- several \((\S+)\) ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss", text, re.M)
    assert sorted(summaries) == ["127.0.0.1", "127.0.0.2", "::1"], text


def test_text_beside_fping():
    need("fping")
    for theirs, ours in (("-c 2 -p 100", "--fping -c 2 -i 0.1"), ("-C 2 -q -p 100", "-C 2 -q -i 0.1")):
        done = with_hosts(THREE, f"fping -m -n -A {theirs} several 2>&1; echo; echo ===; $SOUNDER ping --all-addresses {ours} several 2>&1; echo")
        a, b = (sorted(re.sub(r"\d+\.\d+ ms|\d+\.\d+/\S+|\d+\.\d{2,3}\b", "T", part).split("\n")) for part in done.stdout.split("===\n"))
        assert a == b and len(a) > 3, (a, b)


def test_alive_beside_fping():
    need("fping")
    done = with_hosts(THREE, "fping -m -n -A several; echo ===; $SOUNDER ping --all-addresses --fping several; echo ===; "
                             "$SOUNDER ping --all-addresses --sweep several 127.0.0.9; echo rc=$?")
    theirs, ours, sweep = (sorted(part.splitlines()) for part in done.stdout.split("===\n"))
    assert theirs == ours and len(theirs) == 3, (theirs, ours)
    assert set(sweep) == {*theirs, "127.0.0.9 is alive", "rc=0"} and "4 of 4 alive" in done.stderr, (sweep, done.stderr)


def test_families_and_literals():
    done = with_hosts(THREE, """for o in -4 -6; do $SOUNDER ping --all-addresses --json -c 1 $o several; done
        $SOUNDER ping --all-addresses --json -c 1 127.0.0.3""")
    addresses = [x["address"] for x in map(json.loads, done.stdout.splitlines()) if x["type"] == "summary"]
    assert addresses == ["127.0.0.1", "127.0.0.2", "::1", "127.0.0.3"], (addresses, done.stderr)


def test_tcp_and_udp():
    done = with_hosts(THREE, """$SOUNDER serve echo --tcp 127.0.0.1:7007 --udp 127.0.0.1:7007 > log & p=$!
        while ! [ $(wc -l < log) = 2 ]; do sleep 0.05; done
        $SOUNDER ping --all-addresses --tcp 7007 -4 -c 1 --json several; echo rc=$?
        $SOUNDER ping --all-addresses --udp-echo 7007 -4 -c 1 --json several; echo rc=$?
        $SOUNDER ping --all-addresses --tcp 7007 --until up -w 5 -4 several > /dev/null; echo rc=$?
        kill $p""")
    lines = done.stdout.splitlines()
    probes = [x for x in (json.loads(line) for line in lines if line[0] == "{") if x["type"] == "probe"]
    assert [(p["probe"], p["address"], p["outcome"]) for p in probes] == [
        ("tcp", "127.0.0.1", "ok"), ("tcp", "127.0.0.2", "refused"), ("echo", "127.0.0.1", "ok"), ("echo", "127.0.0.2", "refused")], (probes, done.stderr)
    assert [line for line in lines if line[0] == "r"] == ["rc=1"] * 3, lines


def test_more_than_are_followed():
    lines = [f"127.0.1.{i} crowd" for i in range(1, 71)]
    done = with_hosts(lines, "$SOUNDER ping --all-addresses -c 1 -i 0.01 -q --json crowd; echo rc=$? >&2; $SOUNDER ping --all-addresses --sweep -q crowd")
    received = [json.loads(line)["received"] for line in done.stdout.splitlines() if line.startswith("{")]
    assert received == [1] * 64 and "rc=0" in done.stderr, (received, done.stderr)
    assert done.stderr.count("crowd has more than 64 addresses; 64 of them are followed") == 2, done.stderr


def test_unknown_name():
    with folder() as path:
        done = served(path, "$SOUNDER ping --all-addresses --server 127.0.0.1:5353 -c 1 other.example; echo rc=$?")
    assert done.stdout.endswith("rc=2\n") and done.stderr.count("\n") == 1 and "other.example" in done.stderr, done
    assert "--- other.example ping statistics ---\n0 packets transmitted, 0 received\n" in done.stdout, done


DASHBOARD = r"""
import sys
from terminal import Screen
path = sys.argv[1].encode()
with Screen(rows=40, columns=140) as screen:
    def do(line, seconds):
        screen.send(b":" + line + b"\r")
        screen.read(seconds)

    screen.read_until(b"Overview")
    do(b"ping --all-addresses --server 127.0.0.1:5353 -i 0.2 moving.example", 0.1)
    do(b"panel ping", 2)
    do(b"save " + path + b"/first", 0.5)
    do(b"write-config " + path + b"/config", 9)
    do(b"panel log", 1)
    do(b"save " + path + b"/log", 0.5)
    do(b"panel ping", 0.5)
    do(b"copy --command", 0.5)
    do(b"save " + path + b"/copied", 0.5)
    screen.send(b"d")
    screen.read(1)
    do(b"save " + path + b"/last", 0.5)
    do(b"write-config " + path + b"/after", 0.5)
    screen.send(b"q")
    print("left", screen.wait(5))
"""


def test_dashboard():
    with folder() as path:
        (path / "driver.py").write_text(DASHBOARD)
        done = served(path, f"python3 {path}/driver.py {path}")
        assert "left 0" in done.stdout, done
        first, log, copied, last, config, after = ((path / name).read_text() for name in ("first", "log", "copied", "last", "config", "after"))
    for address in ("127.0.0.5", "127.0.0.6", "::1"):
        assert re.search(r"moving\.example +" + address + r" +up ", first), first
    assert "127.0.0.7" not in first and "3 targets" in first, first
    assert re.search(r"moving\.example \(127\.0\.0\.7\) +added: its name has this address now", log), log
    assert re.search(r"moving\.example \(127\.0\.0\.5\) +removed: its name no longer has this address", log), log
    line = "ping --all-addresses --server 127.0.0.1:5353 --interval 0.2 moving.example"
    assert f"sent to the terminal: {line}" in copied, copied
    assert "removed moving.example (icmp), all its addresses" in last and "127.0.0." not in last, last
    assert [x for x in config.splitlines() if x.startswith("ping")] == [line], config
    assert not [x for x in after.splitlines() if x.startswith("ping")], after


WEB = r"""
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(200 if self.server.server_address[0] == "127.0.0.1" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *rest):
        pass
server = http.server.HTTPServer((sys.argv[1], 8080), Page)
print("ready", flush=True)
server.serve_forever()
"""


def with_web(command):
    """Two of the three addresses have a web server, one of which lacks the page; the third refuses."""
    start = "python3 web.py 127.0.0.1 > one & a=$!; python3 web.py 127.0.0.2 > two & b=$!; while ! [ -s one ] || ! [ -s two ]; do sleep 0.05; done\n"
    lines = ["127.0.0.1 several", "127.0.0.2 several", "127.0.0.3 several"]
    with folder() as path:
        (path / "hosts").write_text("\n".join(lines) + "\n")
        (path / "web.py").write_text(WEB)
        return in_namespace(f"mount --bind {path}/hosts /etc/hosts && cd {path} || exit 99\n{start}{command}\nkill $a $b")


def test_each_address_by_tcp():
    done = with_web("$SOUNDER tcp --json --all-addresses several:8080; echo rc=$? >&2; $SOUNDER tcp --json several:8080; echo rc=$? >&2")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted((x["address"], x["outcome"]) for x in lines[:3]) == \
        [("127.0.0.1", "ok"), ("127.0.0.2", "ok"), ("127.0.0.3", "refused")], lines
    assert lines[3]["address"] == "127.0.0.1" and len(lines) == 4, lines
    assert "rc=1" in done.stderr and "rc=0" in done.stderr, done.stderr


def test_each_address_by_http():
    done = with_web("$SOUNDER head --json --all-addresses http://several:8080/; echo rc=$? >&2")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted((x["address"], x["outcome"], x["status_code"]) for x in lines) == \
        [("127.0.0.1", "ok", 200), ("127.0.0.2", "http_error", 404), ("127.0.0.3", "refused", None)], lines
    assert "rc=1" in done.stderr, done.stderr
    done = with_web("$SOUNDER head --all-addresses http://several:8080/")
    parts = {part.split(")")[0]: part for part in done.stdout.split("http://several:8080/ (")[1:]}
    assert sorted(parts) == ["127.0.0.1", "127.0.0.2", "127.0.0.3"], done.stdout  # each answer says whose it is
    assert "200 OK" in parts["127.0.0.1"] and "404" in parts["127.0.0.2"] and "refused" in parts["127.0.0.3"], parts
    done = with_web("$SOUNDER head --all-addresses -c 2 -i 0.2 http://several:8080/; echo rc=$?")
    assert re.findall(r"--- \S+ \(127\.0\.0\.(\d)\) http statistics ---", done.stdout) == ["1", "2", "3"], done.stdout


if __name__ == "__main__":
    main(globals())
