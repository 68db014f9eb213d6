#!/usr/bin/env python3
"""ping_causes.py - every probe counts, every cause is the cause: links that fall and rise in mid-run, interfaces recreated, addresses removed,
silent neighbours, narrow paths, between two namespaces; in text, JSON and on the panel."""
import json
import re

from harness import Skip, folder, in_namespace, main, need, run

# ea here and eb there are the two ends of a wire; `peer` runs a command there.
WIRE = """
    unshare -n sleep 100 & far=$!
    trap 'kill $far' EXIT
    peer() { nsenter --preserve-credentials -t $far -U -n "$@" 2>/dev/null || nsenter -t $far -n "$@"; }
    i=0; while [ "$(readlink /proc/$far/ns/net)" = "$(readlink /proc/self/ns/net)" ] && [ $i -lt 200 ]; do sleep 0.02; i=$((i+1)); done
    wire() {
        ip link add ea type veth peer name eb netns $far || exit 99
        peer sh -c 'ip addr add 10.77.0.2/24 dev eb; ip addr add fd77::2/64 dev eb nodad; ip link set lo up; ip link set eb up'
        ip addr add 10.77.0.1/24 dev ea; ip addr add fd77::1/64 dev ea nodad; ip link set ea up
        i=0; while ! (ip link show ea && peer ip link show eb) | grep -c 'state UP' | grep -q 2 && [ $i -lt 100 ]; do sleep 0.05; i=$((i+1)); done
    }
    wire
"""


def wired(script, timeout=60):
    need("nsenter", "ip")
    done = in_namespace(WIRE + script, timeout=timeout, env={"LC_ALL": "C.UTF-8"})
    if done.returncode == 99:
        raise Skip("no veth in a namespace: " + done.stderr[:200])
    return done


def objects(done):
    """Probe lines and summaries of JSON."""
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [o for o in lines if o["type"] == "probe"], [o for o in lines if o["type"] == "summary"]


def adds_up(summary, probes=None):
    s = summary
    assert s["transmitted"] == s["received"] + s["lost"] + s["local"] + s["in_flight"], s
    known = s["received"] + s["lost"]
    assert s["loss_percent"] is None if not known else abs(s["loss_percent"] - 100 * s["lost"] / known) < 1e-6, s
    assert s["unsent_percent"] is None if not s["transmitted"] else abs(s["unsent_percent"] - 100 * s["local"] / s["transmitted"]) < 1e-6, s
    if probes is not None:
        ends = {p["sequence"]: p["outcome"] for p in probes}  # an answer after an error is the later line
        assert len(ends) == s["transmitted"] - s["in_flight"], (ends, s)
        assert sum(o == "ok" for o in ends.values()) == s["received"] and sum(o == "local" for o in ends.values()) == s["local"], (ends, s)


def text_adds_up(text, sent):
    found = re.search(r"(\d+) packets transmitted, (\d+) received(?:, \+\d+ \w+)*, ([\d.]+)% packet loss", text)
    assert found, text
    transmitted, received, loss = int(found[1]), int(found[2]), float(found[3])
    assert transmitted == sent and abs(loss - 100 * (transmitted - received) / transmitted) < 0.01, text
    return received


def eventful(event, options, target, count):
    """Runs ping in text and in JSON; after some probes `event` happens. Where this machine stood still so long that no probe saw it, again."""
    for _ in range(4):
        done = eventful_once(event, options, target, count)
        if done.stdout.count('"outcome":"ok"') not in (0, count) and " 0% packet loss" not in done.stdout:
            break
    return done


def eventful_once(event, options, target, count):
    return wired(f"""
        out=$(mktemp)
        (sleep 0.7; {event}) & event=$!
        $SOUNDER ping --json -c {count} -i 0.2 {options} {target} & json=$!
        $SOUNDER ping -c {count} -i 0.2 {options} {target} > $out 2>&1; echo "rc $?"; wait $event $json
        sed 's/^/| /' $out; rm $out""")


def causes(event, options, cause, target="10.77.0.2", count=10):
    """Some probes are answered, then `event` happens; those that fail name the cause."""
    done = eventful(event, options, target, count)
    text = "\n".join(line[2:] for line in done.stdout.splitlines() if line.startswith("| "))
    received = text_adds_up(text, count)
    assert 0 < received < count and cause in text, (cause, text, done.stderr)
    probes, [summary] = objects(done)
    adds_up(summary, probes)
    failed = [p for p in probes if p["outcome"] != "ok"]
    assert failed and any(cause in p["why"] for p in failed if p["why"]), (cause, failed)
    assert probes[0]["outcome"] == "ok", probes[0]
    code = int(re.search(r"^rc (\d+)", done.stdout, re.M)[1])
    return failed, summary, code, text


def test_KC1_link_lost_in_mid_run():
    failed, summary, code, text = causes("ip link set ea down", "", "ea is down")
    assert all(p["outcome"] == "local" and p["error"] == "ENETUNREACH" and "ea is down" in p["why"] for p in failed), failed
    assert code == 2 and summary["local"] == len(failed) == summary["errors"] and summary["lost"] == 0, (code, summary)
    assert "ping: sendmsg: icmp_seq=10 no route to this network: ea is down" in text, text


def test_KC1_fail_over_takes_what_could_not_leave():
    done = wired("""
        (sleep 0.5; ip link set ea down) & $SOUNDER ping -q -c 10 -i 0.2 --fail-over 20 10.77.0.2; echo "rc $?"; wait $!; ip link set ea up; sleep 0.5
        (sleep 0.5; ip link set ea down) & $SOUNDER ping -q -c 10 -i 0.2 --fail-over 95 10.77.0.2; echo "rc $?"; wait $!""")
    assert re.findall(r"^rc (\d)", done.stdout, re.M) == ["2", "0"], done


def test_KC1_every_end_adds_up():
    """Ended by a deadline and by a signal, with probes still under way."""
    done = wired("""
        $SOUNDER ping --json -i 0.1 -W 5 -w 1 10.77.0.99 10.77.0.2 10.9.9.9
        timeout -s INT 1 $SOUNDER ping --json -i 0.1 -W 5 10.77.0.99 10.77.0.2 10.9.9.9 fd77::99""")
    _, summaries = objects(done)
    assert len(summaries) == 7, done.stdout
    for summary in summaries:
        adds_up(summary)
        assert summary["transmitted"] > 3, summary
    assert any(s["in_flight"] > 0 for s in summaries) and any(s["local"] > 0 for s in summaries), summaries


def test_KC1_two_links_of_which_one_falls():
    """The cause is that of the link the target is behind."""
    done = wired("""
        ip link add ec type veth peer name ed; ip link set ed up; ip addr add 10.78.0.1/24 dev ec; ip link set ec up
        (sleep 0.5; ip link set ec down) & $SOUNDER ping --json -c 6 -i 0.2 -W 0.4 10.77.0.2 10.78.0.2; wait $!""")
    probes, summaries = objects(done)
    for summary in summaries:
        adds_up(summary, [p for p in probes if p["target"] == summary["target"]])
    assert summaries[0]["received"] == 6, summaries
    assert any("ec is down" in p["why"] for p in probes if p["target"] == "10.78.0.2" and p["outcome"] == "local"), probes


def test_KC2_fping_text_of_what_could_not_leave():
    done = in_namespace("""
        $SOUNDER ping -C 3 -q -i 0.1 10.1.1.1 2>&1; echo "rc $?"
        $SOUNDER ping --fping -c 3 -q -i 0.1 10.1.1.1 127.0.0.1 2>&1
        $SOUNDER ping -C 2 -q -i 0.1 nonesuch.invalid 127.0.0.1 --server 127.0.0.1:9 2>&1""")
    assert "10.1.1.1 : - - -\n" in done.stdout and "rc 1" in done.stdout, done.stdout
    assert re.search(r"10\.1\.1\.1  : xmt/rcv/%loss = 3/0/100%\n", done.stdout), done.stdout
    assert re.search(r"127\.0\.0\.1 : xmt/rcv/%loss = 3/3/0%, min", done.stdout), done.stdout
    assert re.search(r"nonesuch\.invalid : - -\n127\.0\.0\.1        : [\d.]+ [\d.]+\n", done.stdout), done.stdout


def test_KC3_every_target_has_its_object_row_and_block():
    targets = ["10.1.1.1", "127.0.0.1", "nx.test", "fd99::1"]
    done = in_namespace(f"$SOUNDER ping --json -c 2 -i 0.1 --server 127.0.0.1:9 --timeout 0.3 {' '.join(targets)}")
    probes, summaries = objects(done)
    assert [s["target"] for s in summaries] == targets and {p["target"] for p in probes} == set(targets), done.stdout
    for summary in summaries:
        adds_up(summary, [p for p in probes if p["target"] == summary["target"] and p["sequence"]])
    unknown = [p for p in probes if p["target"] == "nx.test"]
    assert len(unknown) == 1 and unknown[0]["outcome"] == "resolve_failed" and unknown[0]["sequence"] is None and unknown[0]["why"], unknown
    complaints = [line for line in done.stderr.splitlines() if line]
    assert sorted(line.split(": ")[1] for line in complaints) == ["10.1.1.1", "fd99::1", "nx.test"] and done.returncode == 2, done.stderr
    done = in_namespace(f"$SOUNDER ping --csv -c 1 --server 127.0.0.1:9 --timeout 0.3 {' '.join(targets)}")
    rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
    assert [sorted(row[2] for row in rows if row[0] == kind) for kind in ("probe", "summary")] == [sorted(targets)] * 2, done.stdout
    done = in_namespace(f"$SOUNDER ping -c 1 --server 127.0.0.1:9 --timeout 0.3 {' '.join(targets)}")
    for target in targets:
        assert f"--- {target} ping statistics ---" in done.stdout, (target, done.stdout)
    for command in ("tcp nx.test:80", "head http://nx.test/", "echo nx.test:7", "daytime nx.test:13"):
        done = in_namespace(f"$SOUNDER {command} --json --server 127.0.0.1:9 --timeout 0.3; $SOUNDER {command} --csv --server 127.0.0.1:9 --timeout 0.3")
        first = json.loads(done.stdout.splitlines()[0])
        assert "nx.test" in first["target"] and "nx.test" in done.stdout.splitlines()[2], (command, done)


def test_KC4_lines_name_the_host():
    done = wired("""
        $SOUNDER ping -c 1 -W 5 10.77.0.97 10.77.0.98
        $SOUNDER ping -c 3 -i 0.2 -W 1 -O 10.77.0.95 10.77.0.96
        $SOUNDER ping -c 1 -W 5 10.77.0.94; $SOUNDER ping -c 2 -i 0.2 -W 1 -O 10.77.0.93
        ip link set ea down; $SOUNDER ping -c 1 10.77.0.2 10.77.0.3""")
    for host in ("10.77.0.97", "10.77.0.98"):
        assert re.search(rf"^From 10\.77\.0\.1 icmp_seq=1 Destination Host Unreachable.* \(to {host}\)$", done.stdout, re.M), done.stdout
    for host in ("10.77.0.95", "10.77.0.96"):
        assert re.search(rf"^no answer yet for icmp_seq=1 \(to {host}\)$", done.stdout, re.M), done.stdout
    for host in ("10.77.0.2", "10.77.0.3"):
        assert re.search(rf"^ping: sendmsg: icmp_seq=1 .* \(to {host}\)$", done.stdout, re.M), done.stdout
    assert "(to 10.77.0.94)" not in done.stdout and "no answer yet for icmp_seq=1\n" in done.stdout, done.stdout


def test_KC6_carrier_lost_in_mid_run():
    failed, summary, code, text = causes("peer ip link set eb down", "-W 0.4", "ea has no carrier")
    assert all(p["outcome"] in ("timeout", "local", "unreachable") and "ea has no carrier" in p["why"] for p in failed), failed
    assert any(p["outcome"] == "timeout" for p in failed) and summary["lost"] + summary["local"] == len(failed), (failed, code)
    assert re.search(r"^ping: icmp_seq=\d+ no answer: ea has no carrier$", text, re.M), text


def test_KC6_carrier_lost_and_back():
    failed, summary, code, text = causes("peer ip link set eb down; sleep 1.5; peer ip link set eb up", "-W 0.5", "ea ha", count=20)
    assert summary["received"] + summary["lost"] + summary["local"] == 20 and any("no carrier" in p["why"] for p in failed if p["why"]), failed


def test_KC6_own_address_removed():
    gone = "10.77.0.1 is no address of this host any more"
    failed, _, code, _ = causes("ip addr del 10.77.0.1/24 dev ea", "-I 10.77.0.1", gone)
    assert all(p["outcome"] == "local" and p["error"] == "EADDRNOTAVAIL" and gone in p["why"] for p in failed) and code == 2, failed
    failed, _, code, _ = causes("ip addr del 10.77.0.1/24 dev ea", "", "the address 10.77.0.1 was taken from ea")
    assert all(p["outcome"] == "local" for p in failed) and code == 2, failed
    causes("ip addr del fd77::1/64 dev ea", "-I fd77::1", "fd77::1 is no address of this host any more", target="fd77::2")


def test_KC6_mtu_lowered():
    failed, _, code, _ = causes("ip link set ea mtu 700", "-s 1000 -M do", "message too long, mtu=700 of ea")
    assert all(p["outcome"] == "local" and p["error"] == "EMSGSIZE" and p["mtu"] == 700 for p in failed) and code == 2, failed


def test_KC6_the_paths_mtu_not_the_interfaces():
    done = wired("""
        peer sh -c 'ip link add ed type veth peer name ee; ip link set ed mtu 900 up; ip link set ee mtu 900 up
            ip addr add 10.79.0.1/24 dev ed; echo 1 > /proc/sys/net/ipv4/ip_forward; ip neigh add 10.79.0.9 lladdr 02:00:00:00:00:09 dev ed'
        ip route add 10.79.0.0/24 via 10.77.0.2
        $SOUNDER ping --json -c 4 -i 0.2 -W 1 -s 1200 -M do 10.79.0.9""")
    probes, [summary] = objects(done)
    adds_up(summary, probes)
    first, later = probes[0], probes[-1]
    assert first["outcome"] == "too_big" and first["mtu"] == 900 and first["router"] == "10.77.0.2", first
    assert later["outcome"] == "local" and later["mtu"] == 900 and later["why"] == "message too long, mtu=900 of the path", later


def test_KC6_silent_neighbour():
    done = wired("""
        $SOUNDER ping --json -c 2 -i 0.2 -W 5 10.77.0.99; $SOUNDER ping --json -c 2 -i 0.2 -W 5 fd77::99
        $SOUNDER ping -c 1 -W 5 10.77.0.98; $SOUNDER ping -c 1 -W 1 10.77.0.96
        ip route add 10.80.0.0/24 via 10.77.0.97; $SOUNDER ping --json -c 1 -W 5 -I ea 10.80.0.2; $SOUNDER ping --json -c 1 -W 5 10.80.0.1""")
    probes, summaries = objects(done)
    for probe in probes:
        word = "neighbour" if ":" in probe["target"] else "ARP"
        assert probe["outcome"] == "unreachable" and probe["router"] is None and f"no {word} answer on ea" in probe["why"], probe
    assert "no ARP answer on ea from the router 10.77.0.97" in probes[-1]["why"], probes[-1]
    assert re.search(r"^From 10\.77\.0\.1 icmp_seq=1 Destination Host Unreachable: no ARP answer on ea$", done.stdout, re.M), done.stdout
    assert "ping: icmp_seq=1 no answer: no ARP answer on ea\n" in done.stdout, done.stdout  # it is also known that the kernel is still asking
    assert len(summaries) == 4 and all(s["lost"] == s["transmitted"] for s in summaries), summaries


def test_KC6_neighbour_fails_in_mid_run():
    """The peer forgets its address: what it answered before it does not answer any more."""
    event = "peer ip addr del 10.77.0.2/24 dev eb; ip neigh flush dev ea"
    failed, summary, code, _ = causes(event, "-W 4", "no ARP answer on ea", count=24)
    assert code == 0 and all(p["router"] is None for p in failed), failed


def test_KC6_wrong_sources():
    done = wired("""
        for w in '-I 10.9.9.9 10.77.0.2' '-I fd99::9 fd77::2' '-I 10.77.0.1 fd77::2' '-4 -I fd77::1 10.77.0.2'; do
            $SOUNDER ping --json -c 1 $w > /dev/null; echo "rc $?" >&2; done""")
    lines = done.stderr.splitlines()
    wanted = ["10.9.9.9 is no address of this host", "fd99::9 is no address of this host", "the source 10.77.0.1 is IPv4",
              "fd77::1 is no IPv4 address"]
    assert lines[1::2] == ["rc 2"] * 4 and len(lines) == 8, lines
    for line, words in zip(lines[::2], wanted):
        assert words in line and "invalid argument" not in line, (line, words)


def test_KC6_prohibiting_routes():
    done = wired("""
        ip route add blackhole 10.8.0.0/24; ip route add prohibit 10.8.1.0/24; ip route add unreachable 10.8.2.0/24
        $SOUNDER ping --json -c 1 10.8.0.1 10.8.1.1 10.8.2.1 10.8.3.1""")
    probes, _ = objects(done)
    why = {p["target"]: p["why"] for p in probes}
    assert why["10.8.0.1"] == "a route of this host drops it" and why["10.8.1.1"] == "a route of this host says: prohibited", why
    assert why["10.8.2.1"] == "a route of this host says: unreachable" and why["10.8.3.1"].startswith("no route to this network"), why


def test_KC6_header_has_the_source():
    need("ping")
    for options in ("-I ea 10.77.0.2", "-I ea fd77::2", "-I 10.77.0.1 10.77.0.2", "-I fd77::1 fd77::2"):
        done = wired(f"ping -c 1 {options} | head -n 1; $SOUNDER ping -c 1 {options} | head -n 1")
        theirs, ours = done.stdout.splitlines()
        assert theirs.replace("PING fd77::2 (", "PING fd77::2(") == ours, (theirs, ours)


def test_KC8_interface_recreated():
    for options in ("-I ea 10.77.0.2", "10.77.0.2", "-I ea fd77::2"):
        done = wired(f"""
            (sleep 0.7; ip link del ea; sleep 0.5; wire) & $SOUNDER ping --json -c 25 -i 0.2 -W 1 {options}; wait $!""")
        probes, [summary] = objects(done)
        adds_up(summary, probes)
        assert probes[0]["outcome"] == "ok" and probes[-1]["outcome"] == "ok", (options, probes[-1])
        assert any(p["outcome"] == "local" and "ea is gone" in p["why"] for p in probes), (options, [p["why"] for p in probes])


def test_KC8_zone_recreated():
    done = wired("""
        peer ip addr add fe80::2/64 dev eb nodad; sleep 1.5
        (sleep 0.7; ip link del ea; sleep 0.5; wire; peer ip addr add fe80::2/64 dev eb nodad) & $SOUNDER ping --json -c 30 -i 0.2 -W 1 fe80::2%ea; wait $!""")
    probes, [summary] = objects(done)
    adds_up(summary, probes)
    assert probes[0]["outcome"] == "ok" and probes[-1]["outcome"] == "ok", probes[-1]
    assert {p["address"] for p in probes if p["outcome"] == "ok"} == {"fe80::2%ea"}, probes


# Answers each echo request with an ICMP error first, then as it should; with "twice", with two of each.
LIAR = r"""
import struct, sys
from raw_icmp import opened, whole
times = int(sys.argv[1])
s = opened()
print("ready", flush=True)

def send(to, m):
    s.sendto(whole(m), (to, 0))

while True:
    p, (to, _) = s.recvfrom(65536)
    quoted, p = p, p[(p[0] & 15) * 4:]
    if p[0] != 8:
        continue
    send(to, struct.pack(">BBHI", 3, 1, 0, 0) + quoted)
    for _ in range(times):
        send(to, struct.pack(">BBH", 0, 0, 0) + p[4:])
"""


def liar(times):
    with folder() as path:
        (path / "liar.py").write_text(LIAR)
        done = in_namespace(f"""
            echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all
            python3 {path}/liar.py {times} > {path}/ready & peer=$!
            while ! [ -s {path}/ready ]; do sleep 0.02; done
            $SOUNDER ping --json -c 6 -i 0.2 127.0.0.1; $SOUNDER ping -c 6 -i 0.2 127.0.0.1
            kill $peer""")
    return done


def test_KC9_the_answer_after_an_error_is_the_answer():
    done = liar(1)
    probes, [summary] = objects(done)
    # The last one's error ends the run, as iputils has it.
    assert summary["received"] >= 5 and summary["lost"] == 6 - summary["received"] and summary["duplicates"] == 0 and summary["late"] == 0, summary
    adds_up(summary, probes)
    assert "DUP" not in done.stdout and "(late)" not in done.stdout and "ARP" not in done.stdout, done.stdout
    assert re.search(r"6 packets transmitted, [56] received, \+6 errors", done.stdout), done.stdout
    done = liar(2)
    probes, [summary] = objects(done)
    assert summary["received"] >= 5 and summary["duplicates"] in (5, 6), summary
    adds_up(summary, probes)


def test_KC9_many_responders_are_no_duplicates():
    done = wired("""
        echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_broadcasts; peer sh -c 'echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_broadcasts'
        $SOUNDER ping -b --json -c 4 -i 0.2 -W 1 10.77.0.255; $SOUNDER ping -b -c 3 -i 0.2 -W 1 10.77.0.255""")
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    summary, further = lines[-1], [o for o in lines if o["type"] == "further"]
    assert summary["received"] == 4 and summary["duplicates"] == 0 and len(further) >= 3, lines
    adds_up(summary)
    assert {o["from"] for o in lines if o["type"] != "summary"} == {"10.77.0.1", "10.77.0.2"}, lines
    assert "DUP" not in done.stdout and "64 bytes from 10.77.0.2: icmp_seq=1" in done.stdout, done.stdout


def test_KC13_a_missing_file_name_is_reported():
    for command in ("ping @", "ping -c 1 127.0.0.1 @", "subnet merge @", "tcp @", "host @"):
        done = run(*command.split())
        assert done.returncode == 2 and done.stdout == "" and "@" in done.stderr and "the list  can" not in done.stderr, (command, done)
        assert "name" in done.stderr or "missing" in done.stderr or "follows" in done.stderr, (command, done.stderr)


# ---- the panel ----

PANEL = r"""
import subprocess, sys
from terminal import Screen
out, options, target, event, word = sys.argv[1:]
with Screen(rows=40, columns=150) as screen:
    screen.read_until(b"Overview")
    screen.send(f":ping -i 0.2 {options} {target}\r".encode())
    screen.read(1.5)
    screen.send(f":save {out}/before\r".encode())
    screen.read(0.5)
    subprocess.run(["sh", "-c", event])
    for i in range(12):
        screen.read(0.7)
        screen.send(f":save {out}/overview{i}\r".encode())
        screen.read(0.3)
        if word in open(f"{out}/overview{i}").read():
            break
    screen.send(b"\x1b2")
    screen.read(0.7)
    screen.send(f":save {out}/detail\r".encode())
    screen.read(0.5)
    screen.send(b"q")
    print("left", screen.wait(5))
"""


def panel(event, word, options="-W 0.5", target="10.77.0.2"):
    """What the overview says after the event, and the panel ping of the target."""
    with folder() as path:
        (path / "driver.py").write_text(PANEL)
        (path / "peer").write_text('#!/bin/sh\nnsenter --preserve-credentials -t $far -U -n "$@" 2>/dev/null || nsenter -t $far -n "$@"\n')
        (path / "peer").chmod(0o755)
        done = wired(f"export far; PATH={path}:$PATH python3 {path}/driver.py {path} '{options}' {target} '{event}' '{word}'", timeout=90)
        assert "left 0" in done.stdout, done
        overviews = [file.read_text() for file in sorted(path.glob("overview*"))]
        detail = (path / "detail").read_text()
        assert " up " in (path / "before").read_text() or "1 up" in (path / "before").read_text(), (path / "before").read_text()
    assert any(word in overview for overview in overviews), (word, overviews[-1])
    words = " ".join(re.sub(r"^.*?│|[\u2800-\u28ff]+", " ", line).strip() for line in detail.splitlines())  # a reason may take two lines
    assert word in re.sub(r" +", " ", words), (word, detail)
    sums = re.search(r"([\d,]+) = ([\d,]+) ok \+ ([\d,]+) lost \+ ([\d,]+) unsent \+ ([\d,]+) pending", detail)
    assert sums, detail
    all_, *parts = (int(number.replace(",", "")) for number in sums.groups())
    assert all_ == sum(parts) and parts[0] > 0, sums[0]
    return overviews, detail, parts


def test_KC1_panel_link_down():
    _, _, parts = panel("ip link set ea down", "ea is down")
    assert parts[2] > 0, parts


def test_KC6_panel_carrier_and_addresses():
    panel("peer ip link set eb down", "ea has no carrier")
    panel("ip addr del 10.77.0.1/24 dev ea", "the address 10.77.0.1 was taken")
    panel("ip link set ea mtu 700", "mtu=700 of ea", options="-W 0.5 -s 1000 -M do")


def test_KC8_panel_interface_gone():
    panel("ip link del ea", "ea is gone", options="-W 0.5 -I ea")


def test_KC10_panel_neighbour():
    """DOWN names its own evidence, though most of its probes just time out."""
    panel("peer ip addr del 10.77.0.2/24 dev eb; ip neigh flush dev ea", "no ARP answer on ea", options="-W 2s")


NEW = r"""
import sys
from terminal import Screen
out = sys.argv[1]
with Screen(rows=30, columns=120) as screen:
    screen.read_until(b"Overview")
    screen.send(b":ping -i 60s -W 0.3 10.77.0.99\r")
    screen.read(1.5)
    screen.send(b"\x1b2")
    screen.read(0.7)
    screen.send(f":save {out}/new\r".encode())
    screen.read(0.5)
    screen.send(b"q")
    print("left", screen.wait(5))
"""


def test_KC10_new_has_no_loss_yet():
    """One lost probe of a host that has never answered: neither DOWN nor 100 % lost."""
    with folder() as path:
        (path / "driver.py").write_text(NEW)
        done = wired(f"python3 {path}/driver.py {path}")
        assert "left 0" in done.stdout, done
        text = (path / "new").read_text()
    row = next(line for line in text.splitlines() if re.search(r"10\.77\.0\.99 .* new ", line))
    assert re.search(r" new +- ", row) and "1 = 0 ok + 1 lost + 0 unsent + 0 pending" in text, text


if __name__ == "__main__":
    main(globals(), side_by_side=4)
