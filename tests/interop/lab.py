#!/usr/bin/env python3
"""lab.py - each network of tests/lab is what its file says, by raw sockets, counters of the kernel's, Debian's traceroute and mtr: never by sounder."""
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import harness
from harness import TESTS, main, need, wait_until
from in_lab import LAB, lab, networks
from picture import Picture

SOURCE = {4: "10.77.1.1", 6: "fd77:1::1"}
EXCEEDED, UNREACHABLE, TOO_BIG, REPLY = {4: 11, 6: 3}, {4: (3, 3), 6: (1, 4)}, {4: (3, 4), 6: (2, 0)}, {4: 0, 6: 129}
STATES = {"ok", "limits", "silent", "loss", "unreached"}
HOP_KEYS = {"host", "v4", "v6", "state", "loss_percent", "limit_per_second", "limit_burst", "mpls", "quote", "nat", "tos", "quoted_ttl", "mtu", "answer"}
TRUTH_KEYS = {"target", "reached", "path_mtu", "hops", "path_loss_percent", "loss_after_hop", "loss_by_hop", "loss_direction", "mtu_hop", "mtu_told",
              "nat", "tos", "loop", "spread_hop", "spread_by"}
MANY, SIZE = 300, 24  # probes where they are counted; bytes after the IP header of one


def probes(net, family, **wish):
    """What raw_path.py hears of what the network's client sends to the server."""
    wish = {"family": family, "source": SOURCE[family], "target": net.truth["target"][f"v{family}"], **wish}
    done = net.run([sys.executable, TESTS / "lib/raw_path.py", json.dumps(wish)])
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def hops_of(net):
    return list(enumerate(net.truth["hops"], 1))


def look_at_addresses(net, family, flows):
    """The addresses that answer at each TTL are those of the data, no others, and all of them."""
    hops = hops_of(net)
    lossy = any(hop["state"] in ("loss", "silent") for _, hop in hops)
    answers = probes(net, family, ttls=[ttl for ttl, _ in hops], flows=flows, count=12 if lossy else 1, interval=0.0005)
    for ttl, hop in hops:
        seen = {answer["from"] for answer in answers if answer["ttl"] == ttl}
        assert seen == set(hop[f"v{family}"]), (net.name, family, ttl, seen, hop)
    return answers


def look_at_quotes(net, family, answers):
    """What each answer quotes, by the hop that gave it."""
    for answer in answers:
        hop = net.truth["hops"][answer["ttl"] - 1]
        last = net.truth["reached"] and answer["ttl"] == len(net.truth["hops"])
        kind = (EXCEEDED[family], 0) if not last or hop.get("answer") else UNREACHABLE[family]
        assert (answer["type"], answer["code"]) == kind, (net.name, answer)
        assert answer["mpls"] == hop.get("mpls", []), (net.name, answer)
        assert answer["same_checksum"] is not hop.get("nat", False), (net.name, answer)
        assert answer["quoted_ttl"] == hop.get("quoted_ttl", 1), (net.name, answer)
        padded = (128 - (20 if family == 4 else 40)) if hop.get("mpls") else SIZE
        assert answer["quote"] == hop.get("quote", padded), (net.name, answer)


def traceroute(net, family, last, *options):
    """Debian's traceroute, as {TTL: addresses}."""
    need("traceroute")
    target = net.truth["target"][f"v{family}"]
    done = net.run(["traceroute", f"-{family}", "-n", "-q", "2", "-w", "1", "-m", str(last), *options, target])
    assert done.returncode == 0, done
    lines = [line.split() for line in done.stdout.splitlines()[1:]]
    return {int(words[0]): {word for word in words[1:] if re.fullmatch(r"[0-9a-f]*[.:][0-9a-f.:]*[.:][0-9a-f.:]+", word)} for words in lines}


def look_at_traceroute(net, family, *others):
    hops = hops_of(net)
    for options in ((), ("-I",), *others):
        seen = traceroute(net, family, len(hops), *options)
        assert set(seen) == {ttl for ttl, _ in hops}, (net.name, seen)
        for ttl, hop in hops:
            assert seen[ttl] <= set(hop[f"v{family}"]), (net.name, options, ttl, seen, hop)
            assert seen[ttl] or hop["state"] not in ("ok", "limits"), (net.name, options, ttl, seen)


def look(net, flows=1, *others):
    """The path of each family by raw sockets and by traceroute."""
    for family in net.net.families:
        look_at_quotes(net, family, look_at_addresses(net, family, flows))
        look_at_traceroute(net, family, *others)


def lost_percents(net, family, ttls):
    """Of how many of 300 probes to each hop no answer comes."""
    answers = probes(net, family, ttls=ttls, count=MANY, protocol="icmp", interval=0.0005)
    assert len({answer["sequence"] for answer in answers}) == len(answers), "answered twice"
    return [100 - 100 * sum(answer["ttl"] == ttl for answer in answers) / MANY for ttl in ttls]


def look_at_loss(net):
    """Each hop of state `loss` loses as much as it should, by four deviations; no other loses any."""
    hops = hops_of(net)
    for family in net.net.families:
        for (ttl, hop), lost in zip(hops, lost_percents(net, family, [ttl for ttl, _ in hops])):
            goal = hop.get("loss_percent", 0)
            room = 4 * (goal * (100 - goal) / MANY) ** 0.5
            assert abs(lost - goal) <= room, (net.name, family, ttl, lost, goal, room)


def count_at(net, host, match, act, hook="input"):
    """How many packets that match reach a host while act() runs, by a counter of its kernel's."""
    rules = f"table inet watch {{\n chain seen {{\n type filter hook {hook} priority -350\n {match} counter\n }}\n}}\n"
    done = net.run(["nft", "-f", "-"], host, input=rules)
    assert done.returncode == 0, done
    act()
    listed = json.loads(net.run(["nft", "-j", "list", "table", "inet", "watch"], host).stdout)["nftables"]
    assert net.run(["nft", "delete", "table", "inet", "watch"], host).returncode == 0
    counters = [part["counter"]["packets"] for item in listed if "rule" in item for part in item["rule"]["expr"] if "counter" in part]
    return sum(counters)


ECHO_REQUESTS = "meta l4proto { icmp, icmpv6 } @th,0,8 { 8, 128 }"


def reaches_server(net, family):
    last = len(net.truth["hops"])
    return count_at(net, "server", ECHO_REQUESTS, lambda: lost_percents(net, family, [last]), "prerouting")


def test_each_file_is_whole():
    for name in networks.names():
        net = networks.load(name)
        assert set(net.truth) <= TRUTH_KEYS, (name, set(net.truth) - TRUTH_KEYS)
        steps = [hop for step in net.steps.values() for hop in step.get("truth", {}).values()]
        assert len(net.about) <= 66 and net.truth["hops"], name
        for hop in [*net.truth["hops"], *steps]:
            assert set(hop) <= HOP_KEYS and hop["state"] in STATES, (name, hop)
            known = {address for host in net.hosts for address, _ in net.addresses(host)}
            assert set(hop["v4"]) | set(hop["v6"]) <= known, (name, hop)


def test_each_network_is_looked_at():
    with open(__file__) as file:
        made = set(re.findall(r'\blab\("([\w-]+)"\)', file.read()))
    assert made == set(networks.names()), made ^ set(networks.names())


OPEN, CLOSED = ("-T", "-p", "80"), ("-T", "-p", "81")


def test_chain7():
    with lab("chain7") as net:
        look(net, 1, OPEN, CLOSED)
        for family in (4, 6):
            seen = [answer["type"] for answer in probes(net, family, protocol="icmp")]
            assert seen == [REPLY[family]], seen


def look_at_time(*names):
    times = []
    with harness.Machine() as machine:
        for name in names:
            begun = time.monotonic()
            with lab(name) as net:
                times.append(time.monotonic() - begun)
                assert net.run(["true"]).returncode == 0
    assert max(times) < machine.within(1.5), times


def test_time_to_make():
    look_at_time("chain7", "ecmp8", "masquerade")


def test_time_to_make_with_programs():
    look_at_time("mpls", "nat", "exceeded")


def test_mtr():
    need("mtr")
    with lab("chain7") as net:
        for family in (4, 6):
            done = net.run(["mtr", f"-{family}", "-n", "-j", "-c", "2", "-i", "0.2", "-G", "1", net.truth["target"][f"v{family}"]])
            seen = [(hub["count"], hub["host"], hub["Loss%"]) for hub in json.loads(done.stdout)["report"]["hubs"]]
            assert seen == [(ttl, hop[f"v{family}"][0], 0.0) for ttl, hop in hops_of(net)], seen


def test_ipv6only():
    with lab("ipv6only") as net:
        look(net)
        shown = net.run(["ip", "-4", "-o", "addr", "show", "scope", "global"])
        assert shown.returncode == 0 and shown.stdout == "", shown


def spread(net):
    """How many addresses of the hop that is several each flow of each protocol sees: by (family, protocol)."""
    seen = {}
    for family in net.net.families:
        for protocol in ("udp", "icmp"):
            answers = probes(net, family, protocol=protocol, ttls=[net.truth["spread_hop"]], flows=128, count=2, interval=0.0003)
            flows = [{answer["from"] for answer in answers if answer["flow"] == flow} for flow in range(128)]
            assert max(map(len, flows)) == 1, (net.name, "a flow changes its way", flows)
            seen[family, protocol] = len(set.union(*flows))
    return seen


def look_at_spread(net):
    """All ways are used by UDP; ICMP's identifiers are nothing to the kernel's hash."""
    look(net, 128)
    ways = len(net.truth["hops"][net.truth["spread_hop"] - 1]["v4"])
    for (family, protocol), count in spread(net).items():
        assert count == (ways if protocol in net.truth["spread_by"] else 1), (net.name, family, protocol, count)


def test_ecmp2():
    with lab("ecmp2") as net:
        look_at_spread(net)


def test_ecmp8():
    with lab("ecmp8") as net:
        look_at_spread(net)


def test_perpacket():
    with lab("perpacket") as net:
        look(net, 32)
        for family in (4, 6):
            answers = probes(net, family, ttls=[net.truth["spread_hop"]], flows=1, count=40)
            assert {answer["from"] for answer in answers} == set(net.truth["hops"][net.truth["spread_hop"] - 1][f"v{family}"]), answers


def test_limits():
    with lab("limits") as net:
        for family in (4, 6):
            look_at_addresses(net, family, 1)
            hops, count, begun = hops_of(net), 60, time.monotonic()
            answers = probes(net, family, ttls=[ttl for ttl, _ in hops], count=count, interval=0.008)
            took = time.monotonic() - begun
            for ttl, hop in hops:
                got = sum(answer["ttl"] == ttl for answer in answers)
                assert 2 <= got <= hop.get("limit_burst", count) + took * hop.get("limit_per_second", 0), (family, ttl, got)
                assert ("limit_burst" in hop) == (hop["state"] == "limits") == (got < count), (family, ttl, got)


def test_silent():
    with lab("silent") as net:
        look(net)


def test_loss():
    with lab("loss") as net:
        look(net)
        look_at_loss(net)
        for family in (4, 6):
            there = reaches_server(net, family)
            assert net.truth["loss_direction"] == "forward" and abs(there - MANY * 0.8) <= 4 * (MANY * 0.16) ** 0.5, there


def test_target_limits():
    """Only pings are dropped, and only by the server."""
    with lab("target-limits") as net:
        look(net)
        for family in (4, 6):
            lost = lost_percents(net, family, [1, 2, 3, 4])
            assert lost[:3] == [0, 0, 0] and abs(lost[3] - 30) <= 100 * 4 * (0.21 / MANY) ** 0.5, lost
            answers = probes(net, family, ttls=[4], count=20, protocol="udp", interval=0.0005)
            assert len(answers) == 20, answers


def test_last_link():
    with lab("last-link") as net:
        look(net)
        look_at_loss(net)


def test_returnloss():
    with lab("returnloss") as net:
        look(net)
        look_at_loss(net)
        for family in (4, 6):
            assert net.truth["loss_direction"] == "back" and reaches_server(net, family) == MANY


def test_change():
    with lab("change") as net:
        before = json.dumps(net.truth)
        look(net)
        net.step("change")
        assert json.dumps(net.truth) != before
        look(net)
        net.step("back")
        assert json.dumps(net.truth) == before
        look(net)


def test_mpls():
    with lab("mpls") as net:
        look(net)
        assert sum("mpls" in hop for hop in net.truth["hops"]) == 2


def test_quote8():
    with lab("quote8") as net:
        look(net)
        assert sum(hop.get("quote") == 8 for hop in net.truth["hops"]) == 2


def look_at_nat(net):
    """The server hears from the NAT's address alone, and the client hears all answers."""
    look(net, 1, OPEN)
    for family in (4, 6):
        word = "ip" if family == 4 else "ip6"
        for which, goal in ((net.truth["nat"][f"v{family}"], 20), (SOURCE[family], 0)):
            answers = []
            ask = lambda: answers.extend(probes(net, family, protocol="icmp", count=20))  # noqa: E731
            assert count_at(net, "server", f"{word} saddr {which} {ECHO_REQUESTS}", ask) == goal and len(answers) == 20, (family, which, len(answers))


def test_nat():
    need("nc")
    with lab("nat") as net:
        look_at_nat(net)
        assert net.run(["sh", "-c", "echo hello | nc -w 2 server 7"]).stdout == "hello\n", "TCP through the NAT"


def test_masquerade():
    with lab("masquerade") as net:
        look_at_nat(net)


def look_at_mtu(net):
    """Up to the path's MTU probes arrive; beyond, they are lost, and where that is told, the hop says how much goes on."""
    hop, path_mtu = net.truth["mtu_hop"], net.truth["path_mtu"]
    for family in (4, 6):
        head = 20 if family == 4 else 40
        fits, not_quite, large = ([(answer["type"], answer["code"], answer["from"], answer.get("mtu")) for answer in
                                   probes(net, family, protocol="icmp", size=size - head)] for size in (path_mtu, path_mtu + 1, 1500))
        assert [answer[0] for answer in fits] == [REPLY[family]], fits
        told = (*TOO_BIG[family], net.truth["hops"][hop - 1][f"v{family}"][0], path_mtu)
        assert not_quite == large == ([told] if net.truth["mtu_told"] else []), (family, not_quite, large)


def test_mtu_told():
    with lab("mtu-told") as net:
        look(net)
        look_at_mtu(net)
        assert net.truth["hops"][net.truth["mtu_hop"] - 1]["mtu"] == net.truth["path_mtu"]


def test_mtu_hole():
    with lab("mtu-hole") as net:
        look(net)
        look_at_mtu(net)


def test_tos():
    with lab("tos") as net:
        look(net)
        for family in (4, 6):
            for answer in probes(net, family, ttls=[ttl for ttl, _ in hops_of(net)], tos=184):
                assert answer["quoted_tos"] == net.truth["hops"][answer["ttl"] - 1].get("tos", 184), answer
        assert net.truth["hops"][net.truth["tos"]["hop"]]["tos"] == net.truth["tos"]["value"] != 184


def test_ttl():
    with lab("ttl") as net:
        look(net)


def test_exceeded():
    with lab("exceeded") as net:
        look(net)
        for family in (4, 6):
            for protocol in ("udp", "icmp"):
                seen = [(answer["type"], answer["from"]) for answer in probes(net, family, protocol=protocol, ttls=[64])]
                assert seen == [(EXCEEDED[family], net.truth["target"][f"v{family}"])], seen


def test_lies_extension():
    """Each answer has an extension that is not as it should be; the quotes are right."""
    with lab("lies-extension") as net:
        for family in net.net.families:
            look_at_addresses(net, family, 1)
            look_at_traceroute(net, family)


def test_lies_mtu():
    """What is larger than the path's MTU is answered with one number after another."""
    with lab("lies-mtu") as net:
        for family in net.net.families:
            head, size = 20 if family == 4 else 40, net.truth["path_mtu"]
            assert [answer["type"] for answer in probes(net, family, protocol="icmp", size=size - head)] == [REPLY[family]]
            seen = [probes(net, family, protocol="icmp", size=size + 1 - head)[0] for _ in range(5)]
            assert {(answer["type"], answer["code"]) for answer in seen} == {TOO_BIG[family]}, seen
            assert len({answer["mtu"] for answer in seen}) == 5 and size not in {answer["mtu"] for answer in seen}, seen
            look_at_addresses(net, family, 1)


def test_loop():
    with lab("loop") as net:
        look(net)
        hops = net.truth["hops"]
        for family in (4, 6):
            later = probes(net, family, ttls=range_list(len(hops) + 1, 30))
            assert len(later) == 30 - len(hops), later
            for answer in later:
                assert answer["from"] in hops[len(hops) - 2 + (answer["ttl"] - len(hops) + 1) % 2][f"v{family}"], answer
        assert not net.truth["reached"]


def range_list(first, last):
    return list(range(first, last + 1))


def test_forged():
    """All of them arrive, whole ones by their checksums, and what is under way meanwhile arrives too."""
    (host, count), = networks.load("forged").steps["forge"]["forge"].items()
    with lab("forged") as net:
        look(net)
        before = icmp_counters(net)
        answers = []
        asking = threading.Thread(target=lambda: answers.extend(probes(net, 4, ttls=[3], count=100, interval=0.01)))
        asking.start()
        errors = count_at(net, "client", f"ip saddr {net.truth['hops'][2]['v4'][0]} icmp type time-exceeded", lambda: net.step("forge"), "prerouting")
        asking.join()
        assert host == "r3" and 0.4 * count < errors < 0.6 * count, errors  # the others are IPv6's
        after = icmp_counters(net)
        wrong = {name: after[name] - before[name] for name in ("InCsumErrors", "Icmp6InCsumErrors")}
        assert after["InTimeExcds"] - before["InTimeExcds"] + after["Icmp6InTimeExcds"] - before["Icmp6InTimeExcds"] >= count, (before, after)
        exact = [answer["sequence"] for answer in answers if answer["exact"]]
        assert set(wrong.values()) == {0} and sorted(exact) == range_list(1, 100), (wrong, len(exact), len(answers))
        look(net)


def icmp_counters(net):
    """The client's counters of ICMP messages, by their names in /proc."""
    text = net.run(["cat", "/proc/net/snmp", "/proc/net/snmp6"]).stdout
    heads, values = [line.split()[1:] for line in text.splitlines() if line.startswith("Icmp: ")]
    pairs = [*zip(heads, values), *(line.split() for line in text.splitlines() if line.startswith("Icmp6"))]
    return {name: int(value) for name, value in pairs}


def test_a_step_that_is_not_there():
    with lab("chain7") as net:
        done = net.run(["lab-step", "vanish"])
        assert done.returncode == 2 and "no step vanish in chain7" in done.stderr, done


def test_client_without_privilege():
    """Whoever runs there as nobody has no capability, knows the hosts by name, may ping without one, and asks no name server."""
    script = "grep -E 'Cap(Eff|Bnd):' /proc/self/status; getent hosts 10.77.3.2; getent hosts there.is.none; echo $?; exec \"$@\""
    ping = """import socket
for family, protocol, kind in ((socket.AF_INET, 1, 8), (socket.AF_INET6, 58, 128)):
    sock = socket.socket(family, socket.SOCK_DGRAM, protocol)
    sock.settimeout(5)
    sock.connect(socket.getaddrinfo("server", 0, family)[0][4])
    sock.send(bytes([kind, 0, 0, 0, 0, 0, 0, 1]))
    print(sock.recv(100)[0])
"""
    with lab("chain7") as net:
        done = net.run(["sh", "-c", script, "sh", "python3", "-c", ping], as_nobody=True)
    assert re.fullmatch(r"CapEff:\s+0+\nCapBnd:\s+0+\n10\.77\.3\.2\s+r3\n2\n0\n129\n", done.stdout), done


def lab_command(*words, **kwargs):
    return subprocess.Popen([sys.executable, str(LAB), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
                            env={**os.environ, "SOUNDER": harness.SOUNDER}, **kwargs)


def test_command_line():
    """The list, a command's exit code, another host, steps by time, what is no network."""
    listed = lab_command().communicate(timeout=60)[0].splitlines()
    assert [line.split()[0] for line in listed] == networks.names() and all(len(line.split()) > 3 for line in listed), listed
    child = lab_command("chain7", "--nobody", "sh", "-c", "sounder --version; exit 7")
    assert child.communicate(timeout=60)[0].startswith("sounder ") and child.returncode == 7
    child = lab_command("chain7", "--on", "r3", "ip", "-o", "link", "show", "to-r4")
    assert "to-r4" in child.communicate(timeout=60)[0] and child.returncode == 0
    child = lab_command("change", "--step", "change@0.5", "sh", "-c", "traceroute -6 -n -q 1 -m 3 server; sleep 2; traceroute -6 -n -q 1 -m 3 server")
    assert re.findall(r"^ 3  (\S+)", child.communicate(timeout=60)[0], re.MULTILINE) == ["fd77:3::2", "fd77:4::2"]
    child = lab_command("nowhere")
    assert "no network is called nowhere" in child.communicate(timeout=60)[1] and child.returncode == 2


def left(mark):
    """The processes that have `mark` in their command lines."""
    return subprocess.run(["pgrep", "-f", f"^sleep {mark}$"], capture_output=True, text=True).stdout.split()


def net_namespaces():
    """The network namespaces that any process is in, and what `ip netns` knows."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            found.add(os.readlink(f"/proc/{pid}/ns/net"))
        except OSError:
            pass
    return found, subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout


def gone(mark, inside):
    """Whether no process has the mark, and none is in the namespace any more."""
    return wait_until(lambda: not left(mark)) and wait_until(lambda: inside not in net_namespaces()[0])


def look_at_end(name):
    """Killed or interrupted, the lab takes its processes with it, and with those its namespaces; the host's names were never touched."""
    before = net_namespaces()[1]
    for number, how in enumerate((signal.SIGKILL, signal.SIGTERM, signal.SIGINT)):
        mark = f"9{os.getpid()}.{number}"
        child = lab_command(name, "sh", "-c", f"trap '' TERM; sleep {mark} & sleep {mark}", start_new_session=True)
        assert wait_until(lambda: len(left(mark)) == 2), child.communicate(timeout=10)
        inside = os.readlink(f"/proc/{left(mark)[0]}/ns/net")
        if how == signal.SIGINT:  # as a terminal does: all of the foreground
            os.killpg(child.pid, how)
        else:
            child.send_signal(how)
        assert child.wait(20) == (130 if how == signal.SIGINT else -how), (name, how)
        assert gone(mark, inside), (name, how, left(mark))
        child.communicate(timeout=20)
    assert net_namespaces()[1] == before


def test_nothing_is_left():
    look_at_end("chain7")


def test_nothing_is_left_of_programs():
    with lab("mpls"):
        pass
    look_at_end("mpls")


def test_nothing_is_left_of_a_test():
    """A test that is killed takes its lab with it, and the commands that it ran there."""
    mark = f"9{os.getpid()}.9"
    script = f"from in_lab import lab\nwith lab('chain7') as net: net.start(['sleep', '{mark}'], 'r3'); net.run(['sleep', '{mark}'], as_nobody=True)"
    child = subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(TESTS / "lib")})
    assert wait_until(lambda: len(left(mark)) == 2)
    inside = os.readlink(f"/proc/{left(mark)[0]}/ns/net")
    child.kill()
    child.wait()
    assert gone(mark, inside), left(mark)


def test_the_recorded_session():
    """The README's session (lab/record.py) is an asciicast of ten seconds, which shows what is wrong, why, and where the loss begins."""
    lines = (TESTS.parent / "assets/session.cast").read_text(encoding="utf-8").splitlines()
    head, events = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    assert head["version"] == 2 and {type(event[2]) for event in events} == {str} and {event[1] for event in events} == {"o"}, head
    times = [event[0] for event in events]
    assert times == sorted(times) and 8 <= times[-1] <= 15, times[-1]
    picture, wanted = Picture(head["height"], head["width"]), ["Watching", "probes of this host", "loss begins after hop 3", "probes of this host", "is:wrong"]
    for event in events:
        picture.feed(event[2].encode())
        while wanted and wanted[0] in picture.text():
            del wanted[0]
    assert not wanted and not picture.alternate, (wanted, picture.text())


if __name__ == "__main__":
    main(globals(), side_by_side=4)
