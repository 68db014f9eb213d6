#!/usr/bin/env python3
"""path_faults.py - `path` where routers, links and this host are not as they should be: on the lab's networks, as an ordinary user; what it finds is
compared with what the network's file has."""
import contextlib
import errno
import json
import os
import signal
import subprocess
import tempfile
import threading
import time

from harness import Machine, Skip, main, need, wait_until
from in_lab import lab

WAYS = ("-4",), ("-6",), ("-4", "--udp"), ("-6", "--udp")
WITH_TCP = *WAYS, ("-4", "--tcp", "80"), ("-6", "--tcp", "80")
CALLS = {"x86_64": {"socket": 41, "getsockname": 51, "recvmmsg": 299}, "aarch64": {"socket": 198, "getsockname": 204, "recvmmsg": 243}}
SOURCE = {4: "10.77.1.1", 6: "fd77:1::1"}


def family_of(options):
    return 6 if "-6" in options else 4


class Found:
    """What `path --json` printed: the hops' answers, the rounds, the summary of the target."""

    def __init__(self, code, out, err=""):
        lines = [json.loads(line) for line in out.splitlines()]
        probes = [line for line in lines if line["type"] == "probe"]
        self.code, self.err = code, err
        self.answers = [probe for probe in probes if probe.get("role") and probe["outcome"] == "ok"]
        self.rounds = [probe for probe in probes if not probe.get("role")]
        self.summary = next(line for line in lines if line["type"] == "summary" and not line.get("role"))
        self.hops = self.summary["hops"]
        s = self.summary
        assert s["transmitted"] == s["received"] + s["lost"] + s["local"] + s["in_flight"], s


def path(net, *options, target="server"):
    done = net.run(["sounder", "path", "--json", *options, target], as_nobody=True)
    return Found(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def followed(net, *options, wait="1s", as_nobody=True):
    """A path that is followed during the block, and ended by SIGINT; [Found] is filled in."""
    child = net.start(["sounder", "path", "--json", "--interval", "100ms", "-W", wait, *options, "server"], as_nobody=as_nobody, stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE, text=True)
    out, found = [], []
    reader = threading.Thread(target=lambda: out.extend(child.stdout))
    reader.start()
    child.lines = out
    yield child, found
    child.send_signal(signal.SIGINT)
    reader.join(30)
    assert not reader.is_alive(), "SIGINT does not end it"
    found.append(Found(child.wait(10), "".join(out), child.stderr.read()))


def sh(net, script, host="client"):
    done = net.run(["sh", "-ec", script], host)
    assert done.returncode == 0, (script, done)


def rounds_so_far(child, outcome):
    return sum('"role":null' in line and f'"outcome":"{outcome}"' in line for line in child.lines)


def after(child, outcome, count=3):
    """Waits until so many more rounds have ended so."""
    before = rounds_so_far(child, outcome)
    assert wait_until(lambda: rounds_so_far(child, outcome) >= before + count), (outcome, child.lines[-20:])


def as_the_truth(net, found, family, whole=True):
    """The hops are those of the network; nobody else answered, and no hop twice in a round; where the path is `whole`, all probes were answered."""
    truth = net.truth["hops"]
    assert [hop["addresses"] for hop in found.hops] == [hop[f"v{family}"] for hop in truth], found.hops
    others = {(probe["hop"], probe["from"]) for probe in found.answers} ^ {(n, hop[f"v{family}"][0]) for n, hop in enumerate(truth, 1)}
    assert not others, others
    seen = [(probe["round"], probe["hop"]) for probe in found.answers]
    assert len(set(seen)) == len(seen), "a probe was answered twice"
    assert all(probe["rtt_seconds"] >= 0 for probe in found.answers)
    assert found.summary["reached"] is net.truth["reached"] and found.summary["epochs"] == 1, found.summary
    if whole:
        assert [(hop["state"], hop["received"]) for hop in found.hops] == [("ok", hop["sent"]) for hop in found.hops], found.hops
        assert found.code == (0 if net.truth["reached"] else 1), (found.code, found.err)


# ---- what routers send ----

def test_D4_forged_errors():
    """Of 100,000 errors about probes that never were sent none is taken, and those that were sent are answered."""
    for protocol in ((), ("--udp",)):
        with lab("forged") as net, contextlib.ExitStack() as stack:
            runs = [(family, *stack.enter_context(followed(net, f"-{family}", *protocol, wait="10s"))) for family in (4, 6)]
            for _, child, _ in runs:
                after(child, "ok")
            net.step("forge")
            for _, child, _ in runs:
                after(child, "ok")
            counted = net.run(["cat", "/proc/net/snmp", "/proc/net/snmp6"]).stdout
            stack.close()
            for family, _, (found,) in runs:
                as_the_truth(net, found, family, whole=False)
                lost = [(hop["hop"], hop["sent"] - hop["received"]) for hop in found.hops if hop["sent"] - hop["received"] > 8]
                assert not lost and found.summary["lost"] == 0, (protocol, family, lost, found.summary)
            assert sum(errors_of(counted)) >= 100000, counted


def test_D4_forged_quotes():
    """Nor does a raw socket, which gets all of them, believe one: hops quote what was sent, or nothing where the flood pushed it out. (Of a SYN the
    forger, who is on the way, has all that the kernel compares.)"""
    for protocol in ((), ("--udp",)):
        with lab("forged") as net, contextlib.ExitStack() as stack:
            runs = [(family, *stack.enter_context(followed(net, f"-{family}", "-Q", "0xb8", *protocol, wait="10s", as_nobody=False))) for family in (4, 6)]
            for _, child, _ in runs:
                after(child, "ok")
            net.step("forge")
            for _, child, _ in runs:
                after(child, "ok")
            stack.close()
            for family, _, (found,) in runs:
                as_the_truth(net, found, family, whole=False)
                quoted = {(probe["quoted_ttl"], probe["quoted_tos"], probe["nat"]) for probe in found.answers}
                assert quoted <= {(1, 0xb8, False), (None, None, None)} and (1, 0xb8, False) in quoted, (protocol, family, quoted)
                assert not any(hop["why"] for hop in found.hops), found.hops


def errors_of(text):
    """Time-exceeded messages that came, of IPv4 and IPv6."""
    heads, values = [line.split()[1:] for line in text.splitlines() if line.startswith("Icmp: ")]
    six = next(line.split()[1] for line in text.splitlines() if line.startswith("Icmp6InTimeExcds"))
    return int(dict(zip(heads, values))["InTimeExcds"]), int(six)


def test_D6_extensions_with_wrong_lengths():
    """Labels are those that were there, or none; the answers count all the same."""
    with lab("lies-extension") as net:
        for options in WAYS:
            found = path(net, *options, "-c", "60", "--interval", "20ms")
            as_the_truth(net, found, family_of(options))
            labels = {probe["labels"] for probe in found.answers if probe["hop"] == 3}
            assert labels <= {None, "label 0, TTL 0", *(words for words in labels if words and words.startswith("label 0, TTL 0; "))}, labels
            assert not any(probe["labels"] for probe in found.answers if probe["hop"] != 3)


def test_D13_loop_is_named_and_left():
    with lab("loop") as net:
        for options in WAYS:
            found = path(net, *options)
            routers = [hop[f"v{family_of(options)}"][0] for hop in net.truth["hops"]]
            first = next(n for n, router in enumerate(routers, 1) if router in routers[n:])
            assert f"a loop: hops {first} to {first + 1} " in found.summary["why"], found.summary["why"]
            assert found.code == 1 and found.summary["reached"] is False
            assert len(found.hops) <= len(net.truth["hops"]) + 1 and all(hop["sent"] <= 3 for hop in found.hops), found.hops
            assert [hop["router"] for hop in found.hops][:len(routers)] == routers, found.hops
            assert not any(hop["state"] in ("loss", "limits") for hop in found.hops), found.hops


def test_D13_one_address_at_two_hops():
    """What r4 sends comes with r3's address: both hops stand, and that is no loop."""
    with lab("chain7") as net:
        for word, hops in (("ip", "v4"), ("ip6", "v6")):
            r3, r4 = (net.truth["hops"][n][hops][0] for n in (2, 3))
            sh(net, f"nft add table {word} alike; nft add chain {word} alike c '{{ type filter hook prerouting priority raw; }}'; "
               f"nft add rule {word} alike c {word} saddr {r4} {word} saddr set {r3}", "r2")
            net.truth["hops"][3][hops] = [r3]
        for options in WAYS:
            found = path(net, *options)
            as_the_truth(net, found, family_of(options))
            assert "loop" not in found.summary["why"], found.summary["why"]


def test_D13_target_that_answers_time_exceeded():
    with lab("exceeded") as net:
        for options in WITH_TCP:
            as_the_truth(net, path(net, *options), family_of(options))


def test_D13_rewritten_tos_and_ttl():
    for name in ("tos", "ttl"):
        with lab(name) as net:
            for options in WITH_TCP:
                as_the_truth(net, path(net, "-Q", "184", *options), family_of(options))


# ---- MTU ----

def narrow(net, mtu):
    """The link behind hop 3 carries so much."""
    sh(net, f"ip link set to-r4 mtu {mtu}", "r3")
    sh(net, f"ip link set to-r3 mtu {mtu}", "r4")


def test_KC6_least_mtu():
    """Probes larger than the link arrive in pieces: no loss; and the search ends at the least."""
    with lab("chain7") as net:
        narrow(net, 1280)
        for options in (("-6",), ("-6", "--udp")):
            found = path(net, "--mtu", *options)
            as_the_truth(net, found, 6)
            assert (found.summary["path_mtu"], found.summary["mtu_hop"]) == (1280, 3), found.summary
        narrow(net, 68)
        for options in (("-4",), ("-4", "--udp"), ("-4", "-s", "12"), ("-4", "-s", "1400")):
            found = path(net, "--mtu", *options)
            as_the_truth(net, found, 4)
            assert (found.summary["path_mtu"], found.summary["mtu_hop"], found.summary["mtu_black_hole"]) == (68, 3, False), found.summary
        as_the_truth(net, path(net, "-4", "--tcp", "80"), 4)


def test_KC6_mtus_that_are_not_so():
    with lab("lies-mtu") as net:
        for options in WAYS:
            found = path(net, "--mtu", *options)
            as_the_truth(net, found, family_of(options))
            assert (found.summary["path_mtu"], found.summary["mtu_hop"]) == (net.truth["path_mtu"], 3), found.summary


# ---- this host's interfaces ----

ROUTES = """ip route add default via 10.77.1.2 dev to-r1
    ip -6 addr add fd77:1::1/64 dev to-r1 nodad 2>/dev/null || true
    ip -6 route add default via fd77:1::2 dev to-r1"""
AGAIN = f"""ip link add to-r1 type veth peer name to-client netns r1
    ip addr add 10.77.1.1/30 dev to-r1
    ip link set to-r1 up
    ip -n r1 addr add 10.77.1.2/30 dev to-client
    ip -n r1 -6 addr add fd77:1::2/64 dev to-client nodad
    ip -n r1 link set to-client up
    {ROUTES}"""


def interface_away(away, back, ways):
    """While it is away each round is a local fault; then it goes on; the figures have none of it."""
    with lab("chain7") as net:
        for options in ways:
            assert wait_until(lambda: path(net, f"-{family_of(options)}", "-c", "1").code == 0)  # IPv6 takes its time on a new link
            with followed(net, *options) as (child, result):
                after(child, "ok")
                sh(net, away)
                after(child, "local")
                sh(net, back)
                after(child, "ok", 5)
            found, = result
            as_the_truth(net, found, family_of(options), whole=False)
            reasons = {probe["why"] for probe in found.rounds if probe["outcome"] == "local"}
            assert reasons <= {"no route to this network", "no such interface", "no address of this host's to leave from", "this host can't send now"}, reasons
            assert found.code == 2 and found.summary["local"] >= 3, (found.code, found.summary)


def test_D10_interface_down_and_up():
    interface_away("ip link set to-r1 down", f"ip link set to-r1 up\n{ROUTES}", (*WITH_TCP, ("-4", "-I", "to-r1")))


def test_KC8_interface_deleted_and_made_again():
    interface_away("ip link del to-r1", AGAIN, (*WITH_TCP, ("-4", "-I", "to-r1"), ("-6", "-I", "to-r1"), ("-4", "--tcp", "80", "-I", "to-r1")))


# ---- clock, firewall, permission ----

def test_D7_wall_clock_steps():
    """The program's wall clock is a day ahead or behind of the kernel's stamps, from the third second on."""
    need("faketime")
    for step in ("+1d", "-1d", "+1", "-1"):
        with lab("chain7") as net, Machine() as machine:
            clock = f"export FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_START_AFTER_SECONDS=1; exec faketime -f '{step}' sounder path --json -4 -c 30 --interval 100ms server"
            done = net.run(["sh", "-c", clock], as_nobody=True)
            if "faketime" in done.stderr or not done.stdout:  # not for this user
                raise Skip("faketime does not run here: " + done.stderr[:200])
            found = Found(done.returncode, done.stdout, done.stderr)
            as_the_truth(net, found, 4)
            assert all(probe["rtt_seconds"] < machine.within(0.05) for probe in found.answers), step
            assert found.summary["received"] == 30 and found.summary["elapsed_seconds"] < 3 + machine.within(1), (step, found.summary)


def firewall(net, rule):
    sh(net, "nft delete table inet wall 2>/dev/null || true; nft add table inet wall; "
       "nft add chain inet wall out '{ type filter hook output priority 0; }'; nft add rule inet wall out " + rule)


def is_blocked(net, *options):
    found = path(net, *options, "-c", "2")
    assert found.code == 2 and found.summary["local"] == 2 and not found.answers, (options, found.summary)
    assert {probe["why"] for probe in found.rounds} == {"blocked by the local firewall"}, (options, found.rounds)
    assert "blocked by the local firewall" in found.err, found.err


def test_D11_D12_local_firewall():
    """Dropped or rejected here. Of what it drops the kernel tells an IPv6 ping socket nothing but that no device has it, and who connects nothing at all:
    that looks like silence."""
    with lab("chain7") as net:
        for verb in ("drop", "reject"):
            firewall(net, "meta l4proto { icmp, udp } " + verb)
            for options in (("-4",), ("-4", "--udp"), ("-6", "--udp")):
                is_blocked(net, *options)
        firewall(net, "tcp dport 80 reject")
        for options in (("-4", "--tcp", "80"), ("-6", "--tcp", "80")):
            is_blocked(net, *options)
        firewall(net, "meta l4proto { tcp, icmpv6 } drop")
        is_blocked(net, "-6")
        for options in (("-4", "--tcp", "80"), ("-6", "--tcp", "80")):
            found = path(net, *options, "-c", "1")
            assert found.code == 1 and found.summary["lost"] == 1 and not found.answers, (options, found.summary)


def test_D11_firewall_comes_and_goes():
    with lab("chain7") as net:
        for family, protocol in ((4, "icmp"), (6, "icmpv6")):
            with followed(net, f"-{family}") as (child, result):
                after(child, "ok")
                firewall(net, f"meta l4proto {protocol} drop")
                after(child, "local")
                sh(net, "nft delete table inet wall")
                after(child, "ok", 5)
            as_the_truth(net, result[0], family, whole=False)
            lost = result[0].summary["lost"]
            assert lost <= (0 if family == 4 else 3) and result[0].code == 2, result[0].summary


def test_D11_no_neighbour_is_no_firewall():
    """The first router is gone: that is unreachable, though what is sent leaves by no device either."""
    with lab("chain7") as net:
        sh(net, "ip link set to-client down", "r1")
        for options in (("-4",), ("-6",)):
            found = path(net, *options, "-c", "3", "-W", "4s")
            assert found.code == 1 and found.summary["local"] == 0 and not found.summary["received"], (options, found.summary, found.err)


def test_D16_no_icmp_falls_to_udp():
    with lab("chain7") as net:
        shown = net.run(["sounder", "path", "-4", "-c", "1", "server"], as_nobody=True).stdout.splitlines()[0]
        assert shown == "path to server (10.77.100.2) by ICMP, 30 hops at most", shown
        sh(net, "echo 1 0 > /proc/sys/net/ipv4/ping_group_range")
        for family in (4, 6):
            found = path(net, f"-{family}")
            as_the_truth(net, found, family)
            assert found.summary["protocol"] == "udp", found.summary
        shown = net.run(["sounder", "path", "-4", "-c", "1", "server"], as_nobody=True).stdout.splitlines()[0]
        assert shown == "path to server (10.77.100.2) by UDP, since this user may not use ICMP, 30 hops at most", shown


# ---- targets ----

def test_D13_target_vanishes_and_comes_back():
    """Its link goes, later its answers; the hops before it stand, nothing becomes another path."""
    away = {"ip link set to-r6 down": f"ip link set to-r6 up; ip route add default via 10.77.7.1 src 10.77.100.2; "
                                      "ip -6 addr add fd77:7::2/64 dev to-r6 nodad; ip -6 route add default via fd77:7::1 src fd77:100::2",
            "nft add table inet mute; nft add chain inet mute o '{ type filter hook output priority 0; policy drop; }'": "nft delete table inet mute"}
    with lab("chain7") as net:
        for gone, back in away.items():
            for options in (("-4",), ("-6", "--udp")):
                with followed(net, *options) as (child, result):
                    after(child, "ok")
                    sh(net, gone, "server")
                    time.sleep(1.5)
                    sh(net, back, "server")
                    after(child, "ok", 5)
                found, = result
                as_the_truth(net, found, family_of(options), whole=False)
                assert found.summary["received"] >= 8 and found.summary["lost"] >= 5 and found.summary["local"] == 0, found.summary
                assert all(hop["received"] == hop["sent"] for hop in found.hops[:5]), found.hops
                assert max(found.rounds, key=lambda probe: probe["sequence"])["outcome"] == "ok"


def test_name_without_address():
    """It ends with 2; the others are followed all the same."""
    with lab("chain7") as net:
        for server in ((), ("--server", "127.0.0.1")):
            done = net.run(["sounder", "path", "-4", "-c", "1", *server, "not.there.example"], as_nobody=True)
            assert done.returncode == 2 and done.stderr.count("not.there.example: ") == 1 and "hops at most" not in done.stdout, done
        done = net.run(["sounder", "path", "-4", "-c", "1", "not.there.example", "server"], as_nobody=True)
        assert done.returncode == 2 and "  7  10.77.100.2 " in done.stdout, done


def test_D13_filtered_tcp_port():
    """The routers are named, the port is not reached, and a round takes what its silent hops take."""
    with lab("chain7") as net, Machine() as machine:
        sh(net, "nft add table inet f; nft add chain inet f i '{ type filter hook input priority 0; }'; nft add rule inet f i tcp dport 81 drop", "server")
        for family in (4, 6):
            begun = time.monotonic()
            found = path(net, f"-{family}", "--tcp", "81", "-c", "2")
            took = time.monotonic() - begun
            assert found.code == 1 and found.summary["lost"] == 2 and found.summary["reached"] is False, found.summary
            assert [hop["addresses"] for hop in found.hops] == [hop[f"v{family}"] for hop in net.truth["hops"][:6]], found.hops
            assert took < machine.within(10), took


def test_KC1_interval_shorter_than_a_round():
    """A silent hop holds a round up where one hop is asked at a time, as the search for the target does: the next one waits, and none is lost."""
    with lab("silent") as net:
        for options in (("-4", "--tcp", "80", "-c", "8", "--interval", "100ms"), ("-6", "-c", "200", "--interval", "10ms")):
            found = path(net, *options)
            assert found.code == 0 and found.summary["lost"] == 0, (options, found.summary)
            assert [hop["addresses"] for hop in found.hops] == [hop[f"v{family_of(options)}"] for hop in net.truth["hops"]], found.hops
            assert [hop["state"] for hop in found.hops] == [hop["state"] for hop in net.truth["hops"]], found.hops


def test_D17_two_at_once():
    """Fixed identifiers and ports are taken by the first one; both find what is there."""
    with lab("chain7") as net:
        for options in WITH_TCP:
            with followed(net, *options) as (child, result):
                after(child, "ok")
                second = path(net, *options, "-c", "5", "--interval", "100ms")
                after(child, "ok")
            as_the_truth(net, second, family_of(options))
            as_the_truth(net, result[0], family_of(options), whole=False)
            assert result[0].summary["lost"] == 0, (options, result[0].summary)


# ---- this program ----

def test_what_could_not_be_looked_at_is_exit_2():
    """A call for what routers quote fails: the path is shown, and what is missing is said."""
    failcall = os.path.join(os.path.dirname(os.environ["FAILMALLOC"]), "failcall")
    need(failcall)
    with lab("chain7") as net, tempfile.TemporaryDirectory() as folder:
        for call, error, options, times in (("socket", errno.EMFILE, (), range(1, 2)), ("recvmmsg", errno.ENOMEM, (), range(1, 12)),
                                            ("getsockname", errno.ENOBUFS, ("--udp",), range(1, 2))):
            troubled = 0
            for nth in range(1, 12):
                words = [failcall, str(CALLS[os.uname().machine][call]), str(error), str(nth), f"{folder}/{call}{nth}"]
                done = net.run([*words, "sounder", "path", "--json", "-4", *options, "-c", "1", net.truth["target"]["v4"]])
                if not os.path.exists(f"{folder}/{call}{nth}"):
                    break
                if "what routers quote could not be looked at" not in done.stderr:
                    continue
                found = Found(done.returncode, done.stdout, done.stderr)
                troubled += 1
                events = [line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "event"]
                assert [event["outcome"] for event in events] == ["local"] and done.returncode == 2, (call, done)
                assert found.summary["reached"] and all(hop["received"] == 1 for hop in found.hops), (call, found.hops)
                missing = [hop for hop in found.hops if hop["quoted_tos"] is None]
                assert missing and (call != "socket" or missing == found.hops), (call, found.hops)
            assert troubled in times, (call, troubled)


def test_errors_of_earlier_probes_stop_no_later_one():
    """The kernel reports an answer that came between two sends to the second of them, and maybe once more to the next try."""
    need("strace")
    with lab("chain7") as net:
        for errors in (1, 2, 4):
            words = ["strace", "-qq", "-o", "/dev/null", "-e", "trace=sendmsg", "-e", f"inject=sendmsg:error=EHOSTUNREACH:when=5..{4 + errors}"]
            done = net.run([*words, "sounder", "path", "--json", "-6", "-c", "3", "--interval", "50ms", "server"], as_nobody=True)
            summary = json.loads(done.stdout.splitlines()[-1])
            assert done.returncode == 0 and done.stderr == "", (errors, done)
            assert all(hop["sent"] == hop["received"] == 3 for hop in summary["hops"]), (errors, summary)
        words = ["strace", "-qq", "-o", "/dev/null", "-e", "trace=sendmsg", "-e", "inject=sendmsg:error=EHOSTUNREACH:when=5+"]
        done = net.run([*words, "sounder", "path", "-6", "-c", "3", "--interval", "50ms", "server"], as_nobody=True)
        assert done.returncode == 2 and "no route to this host" in done.stderr, done


def test_no_leak_and_no_wrong_access():
    need("valgrind")
    words = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite"]
    for network, options in (("chain7", ("-4", "-c", "1000", "--interval", "10ms")), ("quote8", ("-4", "--udp", "-c", "100", "--interval", "10ms")),
                             ("lies-extension", ("-6", "-c", "60", "--interval", "20ms")), ("lies-mtu", ("-4", "--mtu")),
                             ("chain7", ("-6", "--tcp", "80", "-c", "40", "--interval", "10ms")), ("loop", ("-6", "--flows", "8"))):
        with lab(network) as net:
            done = net.run([*words, "sounder", "path", *options, "server"], as_nobody=True)
            assert done.returncode in (0, 1) and "==" not in done.stderr, (network, options, done.returncode, done.stderr[:2000])
            assert "Protocol" in done.stdout, done.stdout


def test_H16_reader_gone():
    with lab("chain7") as net:
        for form in ((), ("--json",), ("--csv",), ("--report",)):
            command = " ".join(["sounder path -4 -c 5 --interval 50ms", *form, "server"])
            done = net.run(["sh", "-c", f"{command} | head -1"], as_nobody=True)
            assert len(done.stdout.splitlines()) == 1 and done.stderr == "", (form, done)


def test_H16_full_disk():
    with lab("chain7") as net:
        for form in ((), ("--json",), ("--csv",), ("--report",)):
            command = " ".join(["sounder path -4 -c 2 --interval 50ms", *form, "server > /dev/full"])
            done = net.run(["sh", "-c", command], as_nobody=True)
            assert done.returncode == 2 and done.stderr.count("No space left on device") == 1, (form, done)


def test_interrupt_prints_the_summary():
    with lab("chain7") as net:
        child = net.start(["sounder", "path", "-4", "--interval", "100ms", "server"], as_nobody=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=10)
        assert child.returncode == 0 and err == "", (child.returncode, err)
        assert "--- server path statistics ---" in out and "no loss to be seen" in out and "7  10.77.100.2 " in out, out


if __name__ == "__main__":
    main(globals())
