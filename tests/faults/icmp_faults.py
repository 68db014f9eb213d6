#!/usr/bin/env python3
"""icmp_faults.py - ping and privileges: what this host refuses, errors from routers, hostile replies, what remains permitted."""
import json
import os
import random
import shutil
import subprocess

from harness import SOUNDER, Machine, Skip, folder, in_namespace, main, need

# Answers echo requests as argv selects, instead of the kernel. One raw socket; runs until it is ended.
RESPONDER = r"""
import random, struct, sys, threading, time
from raw_icmp import opened, whole
mode = sys.argv[1]
s = opened()
print("ready", flush=True)

def send(to, ident, seq, payload, spoil=0):
    m = struct.pack(">BBHHH", 0, 0, 0, ident, seq) + payload
    s.sendto(whole(m, spoil), (to, 0))

while True:
    p, (to, _) = s.recvfrom(65536)
    p = p[(p[0] & 15) * 4:]
    if p[0] != 8:
        continue
    ident, seq = struct.unpack(">HH", p[4:8])
    data = p[8:]
    if mode == "twice":
        send(to, ident, seq, data), send(to, ident, seq, data)
    elif mode == "late":
        threading.Timer(0.45, send, (to, ident, seq, data)).start()
    elif mode == "short":
        for n in (0, 1, 7, 8, 12, 55):
            send(to, ident, seq, data[:n])
    elif mode == "long":
        send(to, ident, seq, data + b"x" * 30000)
    elif mode == "forged":
        for i in range(2000):
            send(to, ident, (seq + i % 3 - 1) & 65535, random.randbytes(8) + data[8:])
        send(to, ident ^ 0x8000, seq, data)
        send(to, ident, seq, data)
    elif mode == "stamps":
        send(to, ident, seq, data[:12] + b"\xff" * 16 + data[28:])
"""


def isolated(script, raw=False, **kwargs):
    """Like in_namespace; `raw`: within a fresh network namespace, whose ping_group_range lets nobody have a ping socket."""
    if not raw:
        return in_namespace(script, **kwargs)
    with folder() as path:
        (path / "script").write_text("ip link set lo up\n" + script)
        return in_namespace(f"unshare -n sh {path}/script", **kwargs)


def scripted(mode, command, raw):
    """Runs `command` with the responder in place of the kernel's answers; returns the JSON objects."""
    with folder() as path:
        (path / "responder.py").write_text(RESPONDER)
        done = isolated(f"""
            echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all
            python3 {path}/responder.py {mode} > {path}/ready & peer=$!
            while ! [ -s {path}/ready ]; do sleep 0.02; done
            {command}
            kill $peer""", raw)
    assert done.stdout, done.stderr
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    return objects[:-1], objects[-1]


def answers(probes):
    return [p for p in probes if p["type"] == "probe"]


def both(test):
    """Runs a scripted test on a ping socket and on a raw one."""
    test(False)
    test(True)


def test_D2_duplicates():
    def check(raw):
        probes, summary = scripted("twice", "$SOUNDER ping --json -c 5 -i 0.1 127.0.0.1", raw)
        assert summary["received"] == 5 and summary["loss_percent"] == 0, summary
        assert summary["duplicates"] >= 4, summary  # the last one's may come after the end
    both(check)


def test_D3_late():
    def check(raw):
        probes, summary = scripted("late", "$SOUNDER ping --json -c 6 -i 0.2 -W 0.3 127.0.0.1", raw)
        assert summary["received"] == 0 and summary["lost"] == 6, summary
        assert summary["late"] >= 4, summary
        assert all(p["outcome"] == "timeout" for p in answers(probes)), probes
        late = [p for p in probes if p["type"] == "late"]
        assert late and all(0.4 < p["rtt_seconds"] < 1 for p in late), late
    both(check)


def test_D4_forged_replies():
    def check(raw):
        probes, summary = scripted("forged", "$SOUNDER ping --json -c 10 -i 0.3 -W 5 127.0.0.1", raw)
        assert summary["received"] == 10 and summary["duplicates"] == 0 and summary["corrupt"] == 0, summary
        assert sorted(p["sequence"] for p in answers(probes)) == list(range(1, 11)), probes
    both(check)


def test_D5_time_in_the_payload_is_not_looked_at():
    def check(raw):
        probes, summary = scripted("stamps", "$SOUNDER ping --json -c 3 -i 0.1 -W 0.3 127.0.0.1", raw)
        assert summary["received"] == 0 and summary["corrupt"] == 3, summary
    both(check)


def test_D6_truncated_and_oversized():
    def check(raw):
        probes, summary = scripted("short", "$SOUNDER ping --json -c 3 -i 0.2 -W 0.3 127.0.0.1", raw)
        assert summary["received"] == 0 and summary["corrupt"] == 18, summary
        probes, summary = scripted("long", "$SOUNDER ping --json -c 3 -i 0.2 -W 0.3 127.0.0.1", raw)
        assert summary["received"] == 0 and summary["corrupt"] == 3, summary
    both(check)


def test_D10_no_route_is_a_local_fault():
    done = in_namespace("$SOUNDER ping -c 2 -i 0.1 198.51.100.1; echo rc=$?; $SOUNDER ping --json -c 2 -i 0.1 2001:db8::1")
    assert "rc=2" in done.stdout and "2 packets transmitted, 0 received, 100% packet loss" in done.stdout, done.stdout
    assert done.stderr.count("no route to this network") == 2, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["transmitted"], summary["local"], summary["lost"], summary["loss_percent"]) == (2, 2, 0, None), summary
    assert done.returncode == 2


def blocked(rule):
    """Three probes go through, then the local firewall applies `rule`."""
    need("nft")
    done = in_namespace(f"""
        nft add table inet t && nft add chain inet t o '{{ type filter hook output priority 0; }}' || exit 99
        (sleep 0.45; nft add rule inet t o icmp type echo-request {rule}) &
        $SOUNDER ping --json -c 10 -i 0.15 -W 0.5 127.0.0.1; wait""")
    if done.returncode == 99:
        raise Skip("no nftables in a namespace")
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    return answers(objects), objects[-1]


def test_D11_local_firewall():
    probes, summary = blocked("drop")
    local = [p for p in probes if p["outcome"] == "local"]
    assert len(probes) == 10 and len(local) >= 5, probes
    assert all(p["error"] == "EPERM" and p["why"] == "blocked by local firewall" for p in local), local
    assert summary["lost"] == 0, summary


def test_D12_reject_is_one_failure_a_probe():
    for rule in ("reject with icmp type host-prohibited", "reject"):
        probes, summary = blocked(rule)
        assert sorted(p["sequence"] for p in probes) == list(range(1, 11)), probes
        failed = [p for p in probes if p["outcome"] != "ok"]
        assert len(failed) >= 5 and summary["errors"] == len(failed), (summary, failed)


ROUTER = """
    unshare -n sleep 60 & r=$!
    in_router() { nsenter --preserve-credentials -t $r -U -n "$@" 2>/dev/null || nsenter -t $r -n "$@"; }
    i=0; while [ "$(readlink /proc/$r/ns/net)" = "$(readlink /proc/self/ns/net)" ] && [ $i -lt 100 ]; do sleep 0.02; i=$((i+1)); done
    ip link add a0 type veth peer name a1 || exit 99
    ip link set a1 netns $r
    ip addr add 10.0.0.1/24 dev a0; ip link set a0 up; ip route add default via 10.0.0.2
    in_router sh -c '
        ip link set lo up; ip addr add 10.0.0.2/24 dev a1; ip link set a1 up
        echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit
        echo 100000 > /proc/sys/net/ipv4/icmp_msgs_per_sec; echo 100000 > /proc/sys/net/ipv4/icmp_msgs_burst
        ip link add b0 type veth peer name b1; ip link set b0 mtu 1000 up; ip link set b1 mtu 1000 up
        ip addr add 10.3.0.1/24 dev b0; ip neigh add 10.3.0.9 lladdr 02:00:00:00:00:09 dev b0
        nft add table ip t; nft add chain ip t f "{ type filter hook forward priority 0; }"
        n=1; for w in net-unreachable host-unreachable prot-unreachable port-unreachable net-prohibited host-prohibited admin-prohibited; do
            nft add rule ip t f ip daddr 10.3.0.10$n reject with icmp type $w; n=$((n+1)); done'
    sleep 0.1
"""


def test_D13_errors_from_routers():
    need("nft", "nsenter")
    codes = [(0, "unreachable"), (1, "unreachable"), (2, "unreachable"), (3, "unreachable"), (9, "prohibited"), (10, "prohibited"),
             (13, "prohibited")]
    expected = {f"10.3.0.10{n}": (3, code, outcome) for n, (code, outcome) in enumerate(codes, 1)}
    for raw in (False, True):
        done = isolated(ROUTER + f"""
            $SOUNDER ping --json -c 5 -i 0.1 {' '.join(expected)}
            $SOUNDER ping --json -c 5 -i 0.1 -t 1 10.3.0.9
            $SOUNDER ping --json -c 3 -i 0.1 -s 1200 10.3.0.9
            kill $r""", raw)
        if done.returncode == 99 or "Operation not permitted" in done.stderr:
            raise Skip("no veth in a namespace: " + done.stderr[:200])
        probes = answers([json.loads(line) for line in done.stdout.splitlines()])
        for target, (kind_, code, outcome) in expected.items():
            mine = [p for p in probes if p["target"] == target]
            assert [p["sequence"] for p in mine] == [1, 2, 3, 4, 5], (target, mine)
            for p in mine:
                assert (p["icmp_type"], p["icmp_code"], p["outcome"], p["router"]) == (kind_, code, outcome, "10.0.0.2"), p
        ttl = [p for p in probes if p["icmp_type"] == 11]
        assert len(ttl) == 5 and all(p["outcome"] == "ttl_exceeded" and p["router"] == "10.0.0.2" for p in ttl), ttl
        big = [p for p in probes if p["outcome"] == "too_big"]
        assert big and big[0]["icmp_code"] == 4 and big[0]["mtu"] == 1000, [p for p in probes if p["target"] == "10.3.0.9"]


def test_D13_the_path_mtu_is_found():
    """Where the router reports the MTU, and where it is silent."""
    need("nft", "nsenter")
    peer = """in_router sh -c 'unshare -n sleep 30 & echo $! > '$d/pid; sleep 0.2; q=$(cat $d/pid)
        nsenter -t $q -n true 2>/dev/null || exit 99
        in_router ip link set b1 netns $q
        nsenter -t $q -n sh -c 'ip link set lo up; ip addr add 10.3.0.9/24 dev b1; ip link set b1 mtu 1000 up; ip route add default via 10.3.0.1'
        in_router ip neigh del 10.3.0.9 dev b0"""
    done = isolated("d=$(mktemp -d)" + ROUTER + peer + """
        $SOUNDER ping --find-mtu --json 10.3.0.9
        in_router nft add chain ip t o '{ type filter hook output priority 0; }'; in_router nft add rule ip t o icmp type destination-unreachable drop
        ip route flush cache
        $SOUNDER ping --find-mtu --json 10.3.0.9 127.0.0.1; kill $q $r; rm -r $d""", timeout=90)
    if done.returncode == 99:
        raise Skip("no third namespace here")
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [o["path_mtu"] for o in objects[:2]] == [1000, 1000] and objects[0]["payload"] == 972, (objects, done.stderr)
    assert objects[2]["path_mtu"] == 65535, objects


def test_D15_full_queue_is_no_loss():
    done = in_namespace("""
        ip link add q0 type veth peer name q1 || exit 99
        ip addr add 10.0.0.1/24 dev q0; ip link set q0 up; ip link set q1 up
        ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev q0
        tc qdisc add dev q0 root tbf rate 8kbit burst 1600 limit 1600 || exit 99
        $SOUNDER ping --json -c 60 -i 0.01 -s 200 -W 0.3 10.0.0.9""")
    if done.returncode == 99:
        raise Skip("no tbf: " + done.stderr[:200])
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    local = [p for p in answers(objects) if p["outcome"] == "local"]
    sent = [p for p in answers(objects) if p["outcome"] == "timeout"]
    assert len(local) + len(sent) == 60 and local, (len(local), len(sent))
    assert all(p["why"] == "local queue full" for p in local), local[:3]
    assert objects[-1]["elapsed_seconds"] > 1.2, objects[-1]  # 0.6 s at the rate asked for: it was halved


def test_D15_a_full_queue_is_one_links():
    """Who is behind another link is asked as ever, and as often."""
    need("tc")
    done = in_namespace("""
        ip link add ea type veth peer name eb && ip addr add 10.77.0.1/24 dev ea && ip link set eb up && ip link set ea up || exit 99
        ip neigh add 10.77.0.2 lladdr 02:00:00:00:00:01 dev ea nud permanent; sleep 0.3; tc qdisc add dev ea root pfifo limit 0 || exit 99
        timeout 30 $SOUNDER ping --json -c 10 -i 0.1 -W 0.4 10.77.0.2 127.0.0.1""")
    if done.returncode == 99:
        raise Skip("no queue to fill in a namespace: " + done.stderr[:100])
    full, well = [json.loads(line) for line in done.stdout.splitlines() if '"summary"' in line]
    assert (full["local"], full["received"], well["received"]) == (10, 0, 10), (full, well)
    assert full["elapsed_seconds"] < 8, full  # 16 s where a queue slows everyone down


def test_D15_what_was_given_up_is_not_sent():
    need("strace")
    done = in_namespace("""strace -o /dev/null -e trace=sendmmsg -e inject=sendmmsg:error=ENOBUFS:when=2..9 \\
        $SOUNDER ping --json -c 3 -i 0.7 -W 0.2 127.0.0.1""")
    if not done.stdout:
        raise Skip("strace can't trace here: " + done.stderr[:100])
    *lines, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(o["type"], o["sequence"], o["outcome"]) for o in lines] == [
        ("probe", 1, "ok"), ("probe", 2, "local"), ("probe", 3, "ok")], lines
    assert summary["duplicates"] == 0 and summary["local"] == 1, summary


def test_D16_no_permission():
    need("setpriv")
    done = isolated("setpriv --bounding-set=-all --inh-caps=-all $SOUNDER ping -c 1 127.0.0.1", raw=True)
    assert done.returncode == 2 and done.stdout == "", done
    assert "ping_group_range (" in done.stderr and "cap_net_raw" in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_D17_two_at_once():
    with folder() as path:
        for name, net in (("one", 1), ("two", 2)):
            (path / name).write_text("".join(f"127.{net}.{i // 200}.{i % 200 + 1}\n" for i in range(1000)))
        done = in_namespace(f"""
            $SOUNDER ping --json --rate 10000 -c 5 -i 0.5 @{path}/one > {path}/one.json & a=$!
            $SOUNDER ping --json --rate 10000 -c 5 -i 0.5 @{path}/two > {path}/two.json
            wait $a""")
        assert done.returncode == 0, done
        for name in ("one", "two"):
            objects = [json.loads(line) for line in (path / f"{name}.json").read_text().splitlines()]
            summaries = [o for o in objects if o["type"] == "summary"]
            assert len(summaries) == 1000
            for s in summaries:
                assert (s["transmitted"], s["received"], s["duplicates"], s["corrupt"], s["late"]) == (5, 5, 0, 0, 0), s


def test_D19_broadcast_is_refused():
    need("nft")
    targets = ["224.0.0.1", "239.1.2.3", "255.255.255.255", "0.0.0.0", "0.1.2.3", "240.0.0.1", "ff02::1", "ff0e::1", "::", "10.0.0.255", "10.0.0.0"]
    done = in_namespace(f"""
        ip link add a0 type veth peer name a1 || exit 99
        ip addr add 10.0.0.1/24 dev a0; ip link set a0 up; ip link set a1 up
        nft add table inet t; nft add chain inet t o '{{ type filter hook output priority 0; }}'
        nft add rule inet t o icmp type echo-request counter
        nft add rule inet t o icmpv6 type echo-request counter
        for t in {' '.join(targets)}; do $SOUNDER ping -c 2 -i 0.05 $t >/dev/null && echo "answered $t"; done
        nft list ruleset | grep -c 'packets 0 '""")
    if done.returncode == 99:
        raise Skip("no veth in a namespace")
    assert "answered" not in done.stdout, done.stdout
    assert done.stdout.strip().endswith("2"), done.stdout + done.stderr


CLOCKS = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
/* Half a second after the start WHICH clock (0 wall, 7 boot) is STEP seconds ahead. */
int clock_gettime(clockid_t id, struct timespec *ts)
{
	static int (*next)(clockid_t, struct timespec *);
	static time_t from_s;
	static long from_ns;
	struct timespec mono;
	if (!next)
		next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	next(CLOCK_MONOTONIC, &mono);
	if (!from_s) {
		from_s = mono.tv_sec;
		from_ns = mono.tv_nsec;
	}
	int result = next(id, ts);
	double since = (double)(mono.tv_sec - from_s) + (double)(mono.tv_nsec - from_ns) / 1e9;
	if (since > 0.5 && id == atoi(getenv("WHICH")))
		ts->tv_sec += atol(getenv("STEP"));
	return result;
}
"""


def with_clock(which, step, command):
    """Runs ping with a clock that jumps half a second after the start."""
    need("cc")
    with folder() as path:
        (path / "clocks.c").write_text(CLOCKS)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", path / "clocks.so", path / "clocks.c", "-ldl"], check=True)
        done = in_namespace(f"""
            {'(sleep 0.2; echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all) &' if 'DEAD' in command else ''}
            WHICH={which} STEP={step} LD_PRELOAD={path}/clocks.so $SOUNDER ping --json {command.replace('DEAD', '')} 127.0.0.1""")
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    return answers(objects), objects[-1]


def test_D7_wall_clock_steps():
    for step in (86400, -86400, 1, -1):
        with Machine() as machine:
            probes, summary = with_clock(0, step, "-c 12 -i 0.1")
        assert summary["received"] == 12 and summary["lost"] == 0, (step, summary)
        assert all(0 <= p["rtt_seconds"] < machine.within(0.05) for p in probes), (step, probes)
        assert 1 < summary["elapsed_seconds"] < 1.1 + machine.within(0.9), (step, summary)


def test_D8_suspended_is_no_loss():
    with Machine() as machine:
        probes, summary = with_clock(7, 3 * 3600, "DEAD -c 6 -i 0.4 -W 1")
    outcomes = {p["sequence"]: p["outcome"] for p in probes}
    assert outcomes == {1: "ok", 2: "local", 3: "timeout", 4: "timeout", 5: "timeout", 6: "timeout"}, probes
    assert [p["why"] for p in probes if p["sequence"] == 2] == ["this host was suspended meanwhile"], probes
    assert summary["lost"] == 4 and summary["elapsed_seconds"] < 3 + machine.within(1), summary  # nothing was made up for, nothing waited for


def test_D8_stopped_is_no_loss():
    """Answers that came while the program stood still came in time, though their time-outs are over when it goes on; and took as long as they took."""
    def check(raw):
        probes, summary = scripted("late", """
            $SOUNDER ping --json -c 12 -i 0.1 -W 1 127.0.0.1 & p=$!
            sleep 0.75; kill -STOP $p; sleep 2; kill -CONT $p; wait $p""", raw)
        assert summary["received"] == 12 and summary["lost"] == 0, summary
        assert all(0.4 < p["rtt_seconds"] < 0.9 for p in answers(probes)), [p["rtt_seconds"] for p in answers(probes)]
    both(check)


def test_D14_error_queue_is_drained():
    need("nft", "nsenter")
    for raw in (False, True):
        done = isolated(ROUTER + """
            in_router ip route add 10.4.0.0/16 dev b0
            in_router nft insert rule ip t f ip daddr 10.4.0.0/16 reject with icmp type host-unreachable
            $SOUNDER ping --json --rate 100000 -i 1 -c 5 10.4.0.1-10.4.7.207 | grep -o '"outcome":"[a-z]*"' | sort | uniq -c
            $SOUNDER ping -q --rate 100000 -i 1 10.4.0.1-250 > /dev/null & p=$!
            sleep 2; a=$(cut -d' ' -f14,15 /proc/$p/stat); sleep 3; b=$(cut -d' ' -f14,15 /proc/$p/stat)
            kill -INT $p; wait $p; echo $a $b; kill $r""", raw, timeout=60)
        if done.returncode == 99:
            raise Skip("no veth in a namespace")
        lines = done.stdout.split("\n")
        assert lines[0].split() == ["9995", '"outcome":"unreachable"'], (done.stdout, done.stderr[-300:])
        u0, s0, u1, s1 = map(int, lines[1].split())
        assert (u1 + s1) - (u0 + s0) <= 30, lines  # hundredths of a second in 3 s, at 250 probes a second: no spinning


def test_D18_limits_of_the_ping_socket():
    for raw in (False, True):
        done = isolated("""$SOUNDER ping -c 1 -s 65507 -W 2 127.0.0.1; echo rc=$?; $SOUNDER ping -c 1 -s 65508 127.0.0.1; echo rc=$?
            $SOUNDER ping -c 2 -i 0.1 -s 0 127.0.0.1; echo rc=$?""", raw)
        assert done.stdout.count("rc=0") == 2 and done.stdout.count("rc=2") == 1, done.stdout + done.stderr
        assert "65515 bytes from 127.0.0.1: icmp_seq=1" in done.stdout, done.stdout
        assert "65507" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


FOREIGN = 150000
KERNELS = ("6: type 143 code 0", "6: type 133 code 0", "6: type 134 code 0", "6: type 135 code 0", "6: type 136 code 0")  # neighbours, group reports
FLOOD = r"""
import struct, sys, time
from raw_icmp import opened, whole
s = opened()
s.setsockopt(255, 1, struct.pack("I", 0xffffffff))
packets = []
for ident in range(0, 65536, 64):  # foreign replies with identifiers all over, some of them ours
    for kind in (0, 8):
        b = struct.pack(">BBHHH", kind, 0, 0, ident, 1) + b"x" * 56
        packets.append(whole(b))
print("ready", flush=True)
for n in range(int(sys.argv[1])):
    s.sendto(packets[n % len(packets)], ("127.0.0.1", 0))
"""


def test_I3_a_foreign_flood_is_not_heard():
    used = {}
    for raw in (False, True):
        with folder() as path:
            (path / "flood.py").write_text(FLOOD)
            done = isolated(f"""
                $SOUNDER ping --json -q -i 0.01 127.0.0.1 > {path}/out & p=$!
                python3 {path}/flood.py {FOREIGN} > {path}/ready & f=$!
                wait $f; cut -d' ' -f14,15 /proc/$p/stat; kill -INT $p; wait $p; cat {path}/out""", raw)
        lines = done.stdout.splitlines()
        summary = json.loads(lines[-1])
        assert summary["received"] > 0 and summary["lost"] == 0 and summary["corrupt"] == 0 and summary["duplicates"] == 0, summary
        used[raw] = sum(map(int, lines[0].split()))
    assert used[True] <= used[False] * 1.2 + 15, used  # hundredths of a second, for as many foreign packets


OUTGOING = r"""
import collections, json, os, signal, socket, struct, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
s.settimeout(0.2)
kinds, stop = collections.Counter(), []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
print("ready", flush=True)
while True:
    try:
        data, at = s.recvfrom(2048)
    except TimeoutError:
        if stop:
            break
        continue
    if at[2] != 4:  # PACKET_OUTGOING
        continue
    if data[0] >> 4 == 4 and data[9] == 1 and not struct.unpack("!H", data[6:8])[0] & 0x1fff:
        kinds[f"4: type {data[(data[0] & 15) * 4]} code {data[(data[0] & 15) * 4 + 1]}"] += 1
    elif data[0] >> 4 == 6 and data[6] == 58:
        kinds[f"6: type {data[40]} code {data[41]}"] += 1
    elif data[0] >> 4 == 6 and data[6] == 44 and data[40] == 58 and not struct.unpack("!H", data[42:44])[0] >> 3:
        kinds[f"6: type {data[48]} code {data[49]}"] += 1
print(json.dumps(kinds))
"""


def test_I4_nothing_but_echo_requests_leaves():
    """Options in 60 random ways, with each kind of socket: what goes out is echo requests of code 0, and the kernel's answers to them.
    Most of them run at once, each for 3 s at the most."""
    rng = random.Random(1)
    options = [("-s", lambda: rng.choice((0, 1, 7, 8, 56, 1472, 9000, 65507))), ("-Q", lambda: rng.randrange(256)), ("-t", lambda: rng.randrange(1, 256)),
               ("-p", lambda: rng.choice(("08", "0301", "ff", "0d00", "0" * 32))), ("-M", lambda: rng.choice(("do", "dont", "want"))), ("-I", lambda: "lo"),
               ("-c", lambda: rng.randrange(1, 4)), ("-b", None), ("-O", None), ("--find-mtu", None), ("--sweep", None)]
    lines = []
    for _ in range(60):
        chosen = rng.sample(options, rng.randrange(1, 5))
        words = " ".join(f"{name} {value()}" if value else name for name, value in chosen)
        host = rng.choice(("127.0.0.1", "127.9.9.9", "::1", "ff02::1%lo", "127.255.255.255"))
        lines.append(f"timeout 3 $SOUNDER ping -i 10ms -W 100ms {words if '-c' in words else words + ' -c 2'} {host} &")
    for raw in (False, True):
        with folder() as path:
            (path / "outgoing.py").write_text(OUTGOING)
            done = isolated(f"""
                python3 {path}/outgoing.py > {path}/kinds & p=$!
                while ! [ -s {path}/kinds ]; do sleep 0.02; done
                {{ {' '.join(lines[:30])} sleep 0.5; {' '.join(lines[30:])} sleep 4; }} >{path}/said 2>&1
                kill $p; wait $p; tail -n 1 {path}/kinds; cat {path}/said""", raw, timeout=40)
        kinds = json.loads(done.stdout.splitlines()[0])
        own = {"4: type 8 code 0", "6: type 128 code 0"}
        assert own <= set(kinds), (kinds, done.stdout[:2000])
        assert set(kinds) <= own | {"4: type 0 code 0", "6: type 129 code 0", *KERNELS}, kinds
        assert min(kinds[kind] for kind in own) >= 8, kinds


def test_H12_uptime_past_32_bits_of_milliseconds():
    """The monotonic clock passes 2^32 ms while it pings."""
    if subprocess.run(["unshare", "-UrT", "--monotonic", "1", "true"], capture_output=True).returncode:
        raise Skip("no time namespaces here")
    with open("/proc/uptime") as file:
        ahead = 2 ** 32 // 1000 - int(float(file.read().split()[0])) - 2
    command = f"ip link set lo up; echo '0 0' > /proc/sys/net/ipv4/ping_group_range; cat /proc/uptime; {SOUNDER} ping --json -i 50ms -c 100 127.0.0.1; cat /proc/uptime"
    done = subprocess.run(["unshare", "-UrnT", "--monotonic", str(ahead), "--boottime", str(ahead), "sh", "-c", command], capture_output=True, text=True, timeout=60)
    before, *lines, after = done.stdout.splitlines()
    assert float(before.split()[0]) * 1000 < 2 ** 32 < float(after.split()[0]) * 1000, (before, after)
    check_hundred(lines)


def test_H12_the_year_2038():
    need("faketime")
    done = in_namespace("faketime -f '@2038-01-19 03:14:06' $SOUNDER ping --json -i 30ms -c 100 127.0.0.1", env={"TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
    times = [probe["when"] for probe in check_hundred(done.stdout.splitlines())]
    assert times[0] < "2038-01-19T03:14:07" < "2038-01-19T03:14:08" < times[-1], (times[0], times[-1])


def check_hundred(lines):
    """100 probes, each answered in its turn, in a time that is one; returns them."""
    objects = [json.loads(line) for line in lines]
    probes, summary = [o for o in objects if o["type"] == "probe"], objects[-1]
    assert summary["type"] == "summary" and (summary["transmitted"], summary["received"], summary["duplicates"]) == (100, 100, 0), summary
    assert [probe["sequence"] for probe in probes] == list(range(1, 101)), probes[:3]
    assert all(0 < probe["rtt_seconds"] < 2 for probe in probes), probes
    return probes


def test_D16_who_may_and_how():
    """Root; an ordinary user with ping sockets, with a capability on the file, with nothing."""
    need("setpriv", "setcap")
    if os.geteuid() != 0:
        raise Skip("needs root to become somebody else")
    with folder() as path:
        shutil.copy(SOUNDER, path / "plain")
        shutil.copy(SOUNDER, path / "capable")
        subprocess.run(["setcap", "cap_net_raw=p", str(path / "capable")], check=True, env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"})
        user = "setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --inh-caps=-all"
        may = user.replace("--bounding-set=-all ", "")
        script = f"""ip link set lo up; cd /; echo '1 0' > /proc/sys/net/ipv4/ping_group_range
            {path}/plain ping -c 1 127.0.0.1 | grep -c ' 1 received'
            {may} {path}/capable ping -c 1 127.0.0.1 | grep -c ' 1 received'
            {user} {path}/plain ping -c 1 127.0.0.1; echo rc=$?
            {user} {path}/plain ping --tcp 9 -c 1 127.0.0.1; echo rc=$?
            echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range
            {user} {path}/plain ping -c 1 127.0.0.1 | grep -c ' 1 received'"""
        done = subprocess.run(["unshare", "-n", "sh", "-c", script], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    if "unshare failed" in done.stderr:
        raise Skip(done.stderr)
    lines = done.stdout.splitlines()
    assert lines[:3] == ["1", "1", "rc=2"] and "refused" in lines[3] and lines[-1] == "1", (done.stdout, done.stderr)
    assert "ping_group_range (1 0)" in done.stderr and "--tcp" in done.stderr, done.stderr


def status_of(prefix=()):
    """The status of a running sounder, by name."""
    child = subprocess.Popen([*prefix, SOUNDER, "ping", "-i", "1", "127.0.0.1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        child.stdout.readline()
        with open(f"/proc/{child.pid}/status") as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    finally:
        child.terminate()
        child.wait()


def check_dropped(status):
    for name in ("CapEff", "CapInh", "CapAmb"):
        assert int(status[name], 16) == 0, (name, status[name])
    assert int(status["CapPrm"], 16) == 0, status["CapPrm"]  # ping needs none once its socket is open
    assert status["NoNewPrivs"].strip() == "1", status["NoNewPrivs"]


def test_I1_everything_is_dropped():
    for raw in (False, True):
        done = isolated("$SOUNDER ping -i 1 127.0.0.1 > /dev/null & p=$!; sleep 0.4; cat /proc/$p/status; kill $p; wait $p", raw)
        check_dropped(dict(line.split(":\t", 1) for line in done.stdout.splitlines() if ":\t" in line))
    if os.geteuid() == 0:
        check_dropped(status_of())


def test_I2_nothing_of_the_environment_before_the_drop():
    need("strace")
    with folder() as path:
        (path / "sounder").mkdir()
        (path / "sounder" / "sounder.conf").write_text("set frame-rate 3\n")
        trace = path / "trace"
        hostile = {name: str(path) for name in ("XDG_CONFIG_HOME", "HOME", "TERMINFO", "LOCPATH", "HOSTALIASES", "RES_OPTIONS", "TMPDIR", "PATH")}
        done = in_namespace(f"strace -f -e trace=openat,open,execve,socket,capset,prctl,stat,access -o {trace} $SOUNDER ping -c 1 127.0.0.1",
                            env={**hostile, "PATH": f"{path}:" + os.environ.get("PATH", "") + ":/usr/sbin:/sbin"})
        if not trace.exists() or not trace.stat().st_size:
            raise Skip("strace can't trace here: " + done.stderr[:100])
        lines = trace.read_text().splitlines()
    drop = next(i for i, line in enumerate(lines) if "PR_SET_NO_NEW_PRIVS" in line)
    before, after = lines[1:drop], lines[drop:]
    assert any("capset" in line for line in before), lines[:drop]
    assert any("IPPROTO_ICMP" in line for line in before) and not any("IPPROTO_ICMP)" in line for line in after)
    assert not any(str(path) in line for line in before), [line for line in before if str(path) in line]
    assert any(str(path) in line for line in after), "the environment had no effect at all: the test proves nothing"
    opened = [line for line in before if "open" in line and "ENOENT" not in line]
    assert all("/lib" in line or "/etc/ld.so" in line or "/proc/" in line or "/dev/null" in line or "/usr/" in line for line in opened), opened


if __name__ == "__main__":
    main(globals())
