#!/usr/bin/env python3
"""path.py - `path` in every network of the lab, as nobody without any capability, by ICMP, UDP and TCP, in both families: what it finds is what the network's
file says. And beside Debian's mtr and traceroute."""
import contextlib
import csv
import io
import json
import re
import subprocess
import sys
import tempfile
import time

import harness
from harness import main, need
from in_lab import lab
from terminal import Screen

PROTOCOLS = {"icmp": [], "udp": ["--udp"], "tcp": ["--tcp", "80"]}
ROUNDS = ["-c", "3", "-i", "200ms"]


def words(net, family, protocol, *more):
    return [harness.SOUNDER, "path", "--json", *PROTOCOLS[protocol], *more, net.truth["target"][f"v{family}"]]


def families(net):
    return [family for family in (4, 6) if net.truth["target"].get(f"v{family}")]


def read(done):
    """The lines of a finished run, and its summary."""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines and lines[-1]["type"] == "summary", done
    return lines, lines[-1]


def every_way(name, rounds=ROUNDS, together=True, tcp=None):
    """Yields network, family, protocol and summary of each way to ask; `together`: all at once. `tcp`: the rounds by TCP."""
    with lab(name) as net:
        asked = [(family, protocol, words(net, family, protocol, *(tcp if tcp and protocol == "tcp" else rounds)))
                 for family in families(net) for protocol in PROTOCOLS]
        if together:
            begun = [net.start(line, as_nobody=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _, _, line in asked]
            done = [subprocess.CompletedProcess(child.args, child.returncode, *child.communicate(timeout=60)) for child in begun]
            for result, child in zip(done, begun):
                result.returncode = child.returncode
        else:
            done = [net.run(line, as_nobody=True) for _, _, line in asked]
        for (family, protocol, _), result in zip(asked, done):
            yield net, family, protocol, read(result)[1], result


def seems_further(summary, truth):
    """A target that answered none of a few probes at its own distance, but one at a greater: with loss that is all that can be known."""
    hops = summary["hops"]
    lossy = truth[-1]["state"] == "loss" and summary["transmitted"] <= 5
    return lossy and len(hops) > len(truth) and all(hop["state"] == "silent" for hop in hops[len(truth) - 1:-1])


def check_hops(net, family, summary, note, states=True):
    """Each hop's addresses are among those of the data, and its state is that of the data."""
    truth = net.truth["hops"]
    assert len(summary["hops"]) == len(truth) or seems_further(summary, truth), (note, summary)
    for said, hop in zip(summary["hops"], truth):
        assert set(said["addresses"]) <= set(hop[f"v{family}"]), (note, said, hop)
        assert said["addresses"] or hop["state"] == "silent", (note, said, hop)
        assert not states or said["state"] == hop["state"], (note, said, hop)


def check_whole(name, **kwargs):
    for net, family, protocol, summary, done in every_way(name, **kwargs):
        note = (name, family, protocol)
        check_hops(net, family, summary, note)
        assert summary["reached"] is net.truth["reached"] and done.returncode == 0, (note, done)
        assert summary["protocol"] == protocol, (note, summary)
        assert summary["loss_after_hop"] is None and summary["path_loss_percent"] in (0, None), (note, summary)
        assert summary["epochs"] == 1, (note, summary)


def test_plain():
    check_whole("chain7")


def test_one_round_finds_all():
    """By TCP too, where one hop is asked at a time, though the target is asked first."""
    for name in ("chain7", "silent"):
        check_whole(name, rounds=["-c", "1"])


def test_ipv6_only():
    check_whole("ipv6only")


def test_two_ways_by_flow():
    check_whole("ecmp2")


def test_eight_ways_by_flow():
    check_whole("ecmp8")


def test_by_turns_for_each_packet():
    check_whole("perpacket")


def test_a_silent_router():
    check_whole("silent")


def test_quotes_of_eight_bytes():
    check_whole("quote8")


def test_nat():
    check_whole("nat")
    check_whole("masquerade")


def test_labels():
    for net, family, protocol, summary, _ in every_way("mpls"):
        check_hops(net, family, summary, (family, protocol))
        for said, hop in zip(summary["hops"], net.truth["hops"]):
            said = [[label["label"], label["class"], int(label["bottom"]), label["ttl"]] for label in said["mpls"]]
            assert said == [list(label.values()) if isinstance(label, dict) else list(label) for label in hop.get("mpls", [])] or \
                said == hop.get("mpls", []), (family, protocol, said, hop)


def test_a_router_that_limits():
    """One after the other: all that this host sends shares the limit."""
    for net, family, protocol, summary, _ in every_way("limits", ["-c", "12", "-i", "50ms"], together=False):
        for said, hop in zip(summary["hops"], net.truth["hops"]):
            limited = said["state"] in ("limits", "silent") if hop["state"] == "limits" else said["state"] == "ok"
            assert limited, (family, protocol, said, hop)
        assert summary["loss_after_hop"] is None and summary["path_loss_percent"] == 0, (family, protocol, summary)


def check_loss(name):
    """What is named is right; that something loses is seen, and by nobody before the place."""
    for net, family, protocol, summary, _ in every_way(name, ["-c", "80", "-i", "40ms"], tcp=["-c", "5", "-i", "200ms"]):
        note = (name, family, protocol, summary)
        check_hops(net, family, summary, note, states=False)
        after, by = summary["loss_after_hop"], summary["loss_by_hop"]
        assert after is None or (after <= net.truth["loss_after_hop"] and by >= net.truth["loss_by_hop"]), note
        for number, hop in enumerate(summary["hops"], 1):
            assert number >= net.truth["loss_by_hop"] or hop["state"] == "ok", note
        if protocol != "tcp":  # where one hop is asked at a time there are fewer rounds
            assert summary["path_loss_percent"] > 5, note


def test_loss_on_the_way():
    check_loss("loss")


def test_loss_on_the_way_back():
    check_loss("returnloss")


def summary_of(net, family, *more):
    return read(net.run(words(net, family, "icmp", "--timeout", "300ms", "-i", "25ms", *more), as_nobody=True))[1]


def test_a_target_that_limits_is_asked_by_a_second_protocol():
    """What drops pings alone answers every handshake: the path loses nothing. Where the last link loses, handshakes are lost as well."""
    with lab("target-limits") as net:
        for family in (4, 6):
            said = summary_of(net, family, "-c", "120")
            assert said["why"] == "the target limits its answers: a second protocol loses nothing", said
            assert (said["path_loss_percent"], said["loss_after_hop"], said["hops"][-1]["state"]) == (0, None, "limits"), said
            assert (said["second_protocol"], said["second_port"], said["second_loss_percent"]) == ("tcp", 443, 0), said
            assert said["second_sent"] == said["second_received"] > 50, said
            said = summary_of(net, family, "-c", "40", "--second-port", "0")
            assert "second_protocol" not in said and said["path_loss_percent"] > 5, said
            said = summary_of(net, family, "--udp", "-c", "20")
            assert "second_protocol" not in said and said["path_loss_percent"] == 0, said
    with lab("last-link") as net:
        for family, more in ((4, []), (6, []), (4, ["--udp"])):
            said = summary_of(net, family, *more, "-c", "120")
            assert "second protocol loses nothing" not in said["why"] and said["path_loss_percent"] > 10, said
            assert said["second_sent"] > said["second_received"] and said["second_protocol"] == "tcp", said
            assert said["loss_by_hop"] in (None, 4), said


def test_many_ask_the_same_target_by_a_second_protocol():
    """Ports that others have are no refusal: each has its own answer, and no real loss is taken for a limit."""
    with lab("last-link") as net:
        with contextlib.ExitStack() as stack:
            outs = [stack.enter_context(tempfile.TemporaryFile("w+")) for _ in range(12)]
            children = [net.start(words(net, 4, "icmp", "-i", "40ms", "-c", "100"), as_nobody=True, stdout=out) for out in outs]
            for child, out in zip(children, outs):
                child.wait(timeout=60)
                out.seek(0)
                said = json.loads(out.read().splitlines()[-1])
                assert "refused" not in said["why"] and "loses nothing" not in said["why"], said
                assert said["second_sent"] > 0 and said["path_loss_percent"] > 5, said


def test_a_target_that_limits_handshakes_is_pinged():
    """As nobody who may not ping, too: then UDP is the second."""
    with lab("target-limits") as net:
        rules = "flush chain inet fault in\nadd rule inet fault in tcp flags syn / syn,ack tcp dport 80 numgen random mod 100 < 40 drop\n"
        assert net.run(["nft", "-f", "-"], "server", input=rules).returncode == 0
        assert net.run(["sysctl", "-w", "net.ipv4.icmp_ratelimit=0"], "server").returncode == 0
        for protocol, pings in (("icmp", "0 2147483647"), ("udp", "1 0")):
            assert net.run(["sysctl", "-w", f"net.ipv4.ping_group_range={pings}"]).returncode == 0
            said = read(net.run(words(net, 4, "tcp", "--timeout", "200ms", "-i", "20ms", "-c", "70"), as_nobody=True))[1]
            assert said["why"] == "the target limits its answers: a second protocol loses nothing", (protocol, said)
            assert (said["second_protocol"], said["second_loss_percent"], said["path_loss_percent"]) == (protocol, 0, 0), said


def test_a_second_protocol_that_nobody_answers_decides_nothing():
    """A firewall that drops handshakes is no loss of the path; one that refuses them, here or on the way, is named."""
    with lab("target-limits") as net:
        done = net.run(["nft", "add", "rule", "inet", "fault", "in", "tcp", "dport", "443", "drop"], "server")
        assert done.returncode == 0, done
        said = summary_of(net, 4, "-c", "150")
        assert said["why"] == "only the target loses: it may limit its answers; no second protocol gets any", said
        assert said["second_received"] == 0 and said["second_sent"] >= 5 and 10 < said["path_loss_percent"] < 60, said
        for host, hook in (("client", "output"), ("r2", "forward")):
            rules = f"table inet egress {{\n chain c {{\n type filter hook {hook} priority 0\n tcp dport 443 reject with icmpx type admin-prohibited\n }}\n}}\n"
            assert net.run(["nft", "-f", "-"], host, input=rules).returncode == 0
            said = summary_of(net, 4, "-c", "80")
            assert said["why"] == "only the target loses: it may limit its answers; a second protocol is refused", (host, said)
            assert "second_protocol" not in said and said["received"] > 0, (host, said)


def test_a_router_is_asked_half_as_often():
    """One that limits its answers to ten a second gives as many; one that loses a fifth of what passes gives the same share."""
    with lab("limits") as net:
        assert net.run(["sysctl", "-w", "net.ipv4.icmp_ratelimit=100"], "r4").returncode == 0
        said = summary_of(net, 4, "-c", "700")
        limits = said["hops"][3]
        assert (limits["state"], limits["half_rate"]) == ("limits", "limit"), said
        assert limits["why"] == "limits its answers; asked half as often, it answers as many a second", said
        assert 400 < limits["sent"] < 690 and all(hop["sent"] == 700 and hop["half_rate"] is None for hop in said["hops"] if hop is not limits), said
        assert (said["path_loss_percent"], said["loss_after_hop"]) == (0, None), said
    with lab("loss") as net:
        said = summary_of(net, 4, "-c", "400")
        found = [hop["half_rate"] for hop in said["hops"]]
        assert found[:3] == [None] * 3 and found[6] is None and "share" in found[3:6] and "limit" not in found, said
        assert said["loss_after_hop"] <= 3 and said["loss_by_hop"] >= 4, said


def test_a_target_that_exceeds():
    check_whole("exceeded")


def test_a_loop():
    for net, family, protocol, summary, done in every_way("loop"):
        said = [hop["addresses"] for hop in summary["hops"]]
        truth = [hop[f"v{family}"] for hop in net.truth["hops"]]
        assert said[:len(truth)] == truth and len(said) <= len(truth) + 2, (family, protocol, said)
        assert "a loop: hops" in summary["why"] and done.returncode == 1, (family, protocol, summary)


QUOTED = ("quoted_ttl", "quoted_tos", "nat")


def quoted_truth(net, protocol, sent):
    """What errors of each hop quote; None: it sends none, as a target that answers an echo or a handshake."""
    hops = [(hop.get("quoted_ttl", 1), hop.get("tos", sent), hop.get("nat", False)) for hop in net.truth["hops"]]
    return hops if protocol == "udp" else [*hops[:-1], (None, None, None)]


def first_that_differs(net, protocol, sent):
    """The remark of each hop, by the data: who is the first that got a probe otherwise."""
    truth = quoted_truth(net, protocol, sent)
    remarks = [[] for _ in truth]
    for place, plain, words in ((1, sent, "TOS rewritten"), (0, 1, "TTL rewritten"), (2, False, "NAT here")):
        number = next((n for n, quoted in enumerate(truth) if quoted[place] not in (plain, None)), None)
        if number is not None:
            remarks[number].append((words, f"here or after hop {number}"))
    return remarks


def check_quotes(name, family, protocol, net):
    line = words(net, family, protocol, "-Q", "0xb8", "-c", "2", "-i", "100ms")
    truth, remarks = quoted_truth(net, protocol, 0xb8), first_that_differs(net, protocol, 0xb8)
    lines, summary = read(net.run(line))
    note = (name, family, protocol, summary)
    assert [tuple(hop[key] for key in QUOTED) for hop in summary["hops"]] == truth, (note, truth)
    for hop, remark in zip(summary["hops"], remarks):
        assert bool(hop["why"]) == bool(remark), (note, remark)
        assert all(part in hop["why"] for parts in remark for part in parts), (note, remark)
    answers = [line for line in lines if line["type"] == "probe" and line["hop"]]
    assert len(answers) == 2 * len(truth) and all(tuple(line[key] for key in QUOTED) == truth[line["hop"] - 1] for line in answers), (note, answers)
    lines, summary = read(net.run(line, as_nobody=True))
    assert summary["reached"] and all(hop[key] is None for hop in summary["hops"] for key in (*QUOTED, "why")), (note, summary)
    assert all(line[key] is None for line in lines if line["type"] == "probe" for key in QUOTED), (note, lines)


def test_what_was_made_of_probes_on_their_way():
    """Whoever may open a raw socket sees the TOS and the TTL that hops quote, and a NAT; nobody is told nothing of it, and nothing wrong."""
    for name in ("chain7", "tos", "ttl", "nat"):
        with lab(name) as net:
            for family in families(net):
                for protocol in PROTOCOLS:
                    check_quotes(name, family, protocol, net)


def test_quotes_that_are_short_or_put_back():
    """Eight bytes have no checksum of TCP: no NAT is known of there. What Linux makes of a ping's quote shows no trace."""
    for name, protocols in (("quote8", PROTOCOLS), ("masquerade", ["icmp"]), ("mpls", PROTOCOLS)):
        with lab(name) as net:
            for family in families(net):
                for protocol in protocols:
                    for hop in read(net.run(words(net, family, protocol, "-c", "2", "-i", "100ms")))[1]["hops"]:
                        note = (name, family, protocol, hop)
                        assert hop["quoted_ttl"] in (1, None) and hop["quoted_tos"] in (0, None) and not hop["nat"] and not hop["why"], note
                        assert hop["hop"] == 7 or hop["quoted_ttl"] == 1, note


def test_quotes_in_text_and_csv():
    with lab("tos") as net:
        done = net.run([harness.SOUNDER, "path", "-Q", "0xb8", "-c", "1", net.truth["target"]["v4"]])
        remark = [line for line in done.stdout.splitlines() if "TOS rewritten 0xb8 -> 0x28 here or after hop 3" in line]
        assert len(remark) == 1 and remark[0].startswith("4 "), done
        done = net.run([harness.SOUNDER, "path", "-Q", "0xb8", "--csv", "-c", "1", net.truth["target"]["v4"]])
        rows = {row["hop"]: row for row in csv.DictReader(io.StringIO(done.stdout)) if row["hop"]}
        assert [rows[hop]["quoted_tos"] for hop in "3467"] == ["184", "40", "40", ""] and rows["4"]["nat"] == "false", rows


def test_all_ways_of_many_flows():
    """The addresses of each hop are those that the kernel's own routes have, every one (64 flows miss one of eight ways once in 600 times)."""
    for name, flows in (("ecmp2", "auto"), ("ecmp8", "64")):
        with lab(name) as net:
            for family in (4, 6):
                done = net.run(words(net, family, "udp", "--flows", flows, "-c", "3", "-i", "300ms"), as_nobody=True)
                for said, hop in zip(read(done)[1]["hops"], net.truth["hops"]):
                    assert set(said["addresses"]) == set(hop[f"v{family}"]), (name, family, said, hop)


def test_one_flow_keeps_its_way():
    """The same flow takes the same way at each start. Not by TCP: between namespaces a packet keeps the hash that its socket gave it at random, and Linux
    balances by that."""
    with lab("ecmp8") as net:
        for protocol in ("icmp", "udp"):
            ways = {json.dumps([hop["addresses"] for hop in read(net.run(words(net, 4, protocol, "-c", "2", "-i", "100ms"), as_nobody=True))[1]["hops"]])
                    for _ in range(3)}
            assert len(ways) == 1 and "," not in ways.pop().split("], [")[2], (protocol, ways)


def test_a_path_that_changes_and_changes_back():
    with lab("change") as net:
        with tempfile.TemporaryFile("w+") as out:
            child = net.start(words(net, 4, "icmp", "-i", "50ms"), as_nobody=True, stdout=out)
            for step in ("change", "back"):
                time.sleep(1.5)
                net.step(step)
            time.sleep(1.5)
            child.send_signal(2)
            child.wait(timeout=10)
            out.seek(0)
            lines, summary = read(subprocess.CompletedProcess([], 0, out.read(), ""))
        events = [line["why"] for line in lines if line["type"] == "event"]
        assert len(events) == 2 and summary["epochs"] == 3, (events, summary)
        first, second = (re.fullmatch(r"path changed at hop 3: (\S+) -> (\S+)", event) for event in events)
        assert first[1] == second[2] and first[2] == second[1] and first[1] != first[2], events
        check_hops(net, 4, summary, events)
        assert summary["loss_after_hop"] is None and summary["path_loss_percent"] == 0, summary


SLOW_RESOLVER = """
import socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", 53))
print("ready", flush=True)
seen = set()
while True:
    query, asker = sock.recvfrom(512)
    question = query[12:]
    if question not in seen:
        seen.add(question)
        continue
    time.sleep(0.05)
    answer = b"\\xc0\\x0c\\0\\x0c\\0\\1\\0\\0\\0\\x3c\\0\\x0d\\6router\\4test\\0"
    end = question.index(b"\\0") + 5
    sock.sendto(query[:2] + b"\\x81\\x80\\0\\1\\0\\1\\0\\0\\0\\0" + question[:end] + answer, asker)
"""


def test_names_that_come_late():
    """A resolver loses the first question of each name: they come after two seconds, when the only round has long got its answer."""
    with lab("chain7") as net:
        server = net.start([sys.executable, "-c", SLOW_RESOLVER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert server.stdout.readline() == "ready\n", server.stderr.read()
        begun = time.monotonic()
        summary = read(net.run(words(net, 4, "icmp", "-c", "1", "--names", "--server", "127.0.0.1"), as_nobody=True))[1]
        assert time.monotonic() - begun > 1.5, "the first questions were answered"
        assert [hop["name"] for hop in summary["hops"]] == ["router.test"] * 7, summary["hops"]


def shown(screen, *wanted, keys=b""):
    """Sends keys, and waits until the whole screen, drawn anew, has all of that; returns it."""
    screen.send(keys)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        screen.output = b""
        screen.send(b"\x0c")
        screen.read(0.4)
        text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]", b" ", screen.output).decode(errors="replace")
        if all(re.search(words, text) for words in wanted):
            return text
    raise AssertionError((wanted, text))


def test_reset_undo_and_the_path_before_on_the_screen():
    """`r` has a path's own figures begin again, hops, epochs and rounds, `d` takes it away; `u` brings them back; `b` shows the hops of the path before."""
    with lab("change") as net:
        before, after = net.truth["hops"][2]["v4"][0], net.steps_truth("change")[2]["v4"][0]
        with Screen("--", net.truth["target"]["v4"], rows=40, columns=140, prefix=net.namespace(as_nobody=True)) as screen:
            shown(screen, "Overview")
            shown(screen, "1 round", keys=b":path -i 50ms -- " + net.truth["target"]["v4"].encode() + b"\r9")
            shown(screen, r"\d\d rounds, reached", re.escape(before))
            net.step("change")
            shown(screen, r"epoch 2 since", re.escape(after))
            shown(screen, r"path that was", r"epoch 1, \S+ - ", re.escape(before), keys=b"b")
            shown(screen, r"epoch 2 since", re.escape(after), keys=b"b")
            rounds = int(re.search(r"(\d+) rounds, epoch 2", shown(screen, r"\d{3,} rounds, epoch 2"))[1])
            text = shown(screen, "were reset", r" \d{1,2} rounds?, reached", re.escape(after), keys=b"r")
            assert "epoch" not in text.split("were reset")[0] and "Paths before" not in text, text
            text = shown(screen, r"\d{3,} rounds, epoch 2 since", "Paths before", keys=b"u")
            assert rounds <= int(re.search(r"(\d+) rounds, epoch 2", text)[1]), (rounds, text)
            rounds = int(re.search(r"(\d+) rounds, epoch 2", text)[1])
            shown(screen, "u brings it back", keys=b"kkkkkkkkkd")
            text = shown(screen, r"\d{3,} rounds, epoch 2 since", "Paths before", re.escape(after), keys=b"u")
            assert rounds <= int(re.search(r"(\d+) rounds, epoch 2", text)[1]), (rounds, text)
            shown(screen, r"path that was", r"epoch 1, \S+ - ", re.escape(before), keys=b"b")
            screen.send(b"q")
            assert screen.wait(5) == 0


def check_mtu(name, hole):
    with lab(name) as net:
        for family in families(net):
            for protocol in ("icmp", "udp"):
                begun = time.monotonic()
                summary = read(net.run(words(net, family, protocol, "--mtu", "-c", "1"), as_nobody=True))[1]
                note = (name, family, protocol, summary)
                assert time.monotonic() - begun < 30, note  # ten times the goal
                assert summary["path_mtu"] == net.truth["path_mtu"] and summary["mtu_black_hole"] is hole, note
                if "mtu_hop" in net.truth:
                    assert summary["mtu_hop"] == net.truth["mtu_hop"], (note, net.truth["mtu_hop"])


def test_an_mtu_that_is_told():
    check_mtu("mtu-told", False)


def test_an_mtu_black_hole():
    check_mtu("mtu-hole", True)


def test_no_narrow_link():
    check_mtu("chain7", False)


def test_hops_come_as_they_answer():
    """A silent hop holds nobody up, and each line is there at once."""
    with lab("silent") as net:
        child = net.start([harness.SOUNDER, "path", net.truth["target"]["v4"]], as_nobody=True, stdout=subprocess.PIPE, text=True)
        begun = time.monotonic()
        seen = [child.stdout.readline() for _ in range(7)]
        assert time.monotonic() - begun < 1, seen
        assert [line.split()[1] for line in seen[1:]] == [hop["v4"][0] for hop in net.truth["hops"] if hop["v4"]], seen
        child.wait(timeout=20)


def masked(text):
    """A report without its figures: digits are one digit, and what they push about is one blank."""
    lines = [re.sub(r"\d+(\.\d+)+(:\d+)*", "9", re.sub(r"T\d\d:\d\d:\d\d\S*", "T", line)) for line in text.splitlines()]
    return [re.sub(r" +", " ", re.sub(r"\d+", "9", line)) for line in lines]


def test_the_report_is_mtrs():
    need("mtr")
    with lab("silent") as net:
        target = net.truth["target"]["v4"]
        theirs = net.run(["mtr", "-n", "-r", "-c", "3", target])
        ours = net.run([harness.SOUNDER, "path", "--report", "-c", "3", target], as_nobody=True)
        assert theirs.returncode == ours.returncode == 0, (theirs, ours)
        assert masked(ours.stdout) == masked(theirs.stdout), (ours.stdout, theirs.stdout)
        ends = [{len(line) for line in done.stdout.splitlines()[1:]} for done in (ours, theirs)]
        assert ends[0] == ends[1], (ours.stdout, theirs.stdout)


def test_csv_has_a_row_for_each_line():
    with lab("chain7") as net:
        done = net.run([harness.SOUNDER, "path", "--csv", "-c", "2", "-i", "100ms", net.truth["target"]["v4"]], as_nobody=True)
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        assert done.returncode == 0 and all(None not in row for row in rows), done
        third = [row for row in rows if row["hop"] == "3"]
        assert len(third) == 2 and {row["from"] for row in third} == set(net.truth["hops"][2]["v4"]), third


def test_several_at_once():
    """Each path has its own target's hops, whatever comes back in between."""
    with lab("chain7") as net:
        targets = [net.truth["hops"][hop - 1]["v4"][0] for hop in (2, 4, 6)] + [net.truth["target"]["v4"]]
        done = net.run([harness.SOUNDER, "path", "--json", "-c", "5", "-i", "50ms", *targets], as_nobody=True)
        summaries = {line["target"]: line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "summary"}
        assert set(summaries) == set(targets) and done.returncode == 0, done
        for target, hops in zip(targets, (2, 4, 6, 7)):
            assert len(summaries[target]["hops"]) == hops and summaries[target]["reached"], (target, summaries[target])
            assert all(hop["received"] == 5 for hop in summaries[target]["hops"]), summaries[target]


if __name__ == "__main__":
    sys.exit(main(globals()))
