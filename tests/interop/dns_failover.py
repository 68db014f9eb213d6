#!/usr/bin/env python3
"""dns_failover.py - a good name server and one that fails, in every order: the good address, by every command that takes a name; each try
reported with its own time, and no wait charged to a server that did not cause it."""
import json
import socket
import sys
import threading

import resolving
from harness import main, need
from resolving import OWN4, fails, zone
from web_peer import Peer

GOOD, BAD = "127.0.0.1", "127.0.0.2"
MODES = ("servfail", "refused", "notimp", "formerr", "silent")
ORDERS = ((BAD, GOOD), (GOOD, BAD), (BAD, BAD, GOOD), (BAD, GOOD, BAD))
WORDS = {"servfail": "servfail", "refused": "refused", "notimp": "servfail", "formerr": "servfail", "silent": "timeout", "malformed": "malformed",
         "hangs up": "reset", "closed": "refused"}
ZONE = {"www.test": [("A", OWN4)], "both.test": [("A", OWN4), ("AAAA", resolving.OWN6)], "wide.test": [("A", f"10.4.{i // 250}.{i % 250}") for i in range(200)]}


def conf(order, more=""):
    return "".join(f"nameserver {a}\n" for a in order) + f"options timeout:1{more}\n"


def commands(port):
    return {"host": ["host", "--json", "www.test"], "resolve": ["resolve", "--json", "www.test"], "dns": ["dns", "--json", "www.test", "A"],
            "tcp": ["tcp", "--json", f"www.test:{port}"], "head": ["head", "--json", f"http://www.test:{port}/"],
            "ping": ["ping", "--json", "-c", "1", "www.test"]}


def address_of(command, report):
    if command == "host":
        return [row["address"] for row in report["addresses"]]
    if command == "dns":
        return [row["data"] for row in report["records"] if row["section"] == "answer"]
    return [report.get("address") or report.get("remote_address")]


def attempts_wrong(report, mode, order):
    """What is not right with the tries of a host's or dns's answer."""
    tries, wrong = report["attempts"], []
    expected = [a for a in order[:order.index(GOOD)]]
    bad = [t for t in tries if t["server"].startswith(BAD)]
    good = [t for t in tries if t["server"].startswith(GOOD)]
    if bool(bad) != bool(expected) or not good or any(t["outcome"] not in ("ok", "nodata") for t in good):
        wrong.append(f"tries {tries}")
    if any(t["outcome"] != WORDS[mode] for t in bad):
        wrong.append(f"outcomes {[t['outcome'] for t in bad]}")
    slow = [t["took_seconds"] >= 0.9 for t in tries]
    if slow != [t["server"].startswith(BAD) and mode == "silent" for t in tries]:
        wrong.append(f"took {[(t['server'], t['took_seconds']) for t in tries]}")
    if [t["began_seconds"] for t in tries] != sorted(t["began_seconds"] for t in tries):
        wrong.append("not in order")
    if report["query_seconds"] >= 0.9 or (report["waited_seconds"] >= 0.9) != (bool(bad) and mode == "silent"):
        wrong.append(f"query {report['query_seconds']} waited {report['waited_seconds']}")
    return wrong


def one(lab, mode, order, port):
    wrong = []
    for command, words in commands(port).items():
        for _ in range(3):  # times are of a machine that may stall
            done = lab.sounder(*words)
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            if done.returncode or command not in ("host", "dns") or not attempts_wrong(lines[0], mode, order):
                break
        if done.returncode or not lines or OWN4 not in address_of(command, lines[0]):
            wrong.append(f"{mode} {order} {command}: exit {done.returncode} {done.stdout[:300]} {done.stderr}")
        elif command in ("host", "dns"):
            wrong += [f"{mode} {order} {command}: {what}" for what in attempts_wrong(lines[0], mode, order)]
    libc = lab.getent("ahostsv4", "www.test")
    if libc != [OWN4] and not (mode == "formerr" and order[0] == BAD and libc == []):
        wrong.append(f"{mode} {order}: getent says {libc}")
    return wrong


def orders(lab):
    port, wrong, well = Peer(host=OWN4).port, [], 0
    for mode in MODES:
        with lab.serving((GOOD, zone(ZONE)), (BAD, fails(mode))):
            for order in ORDERS:
                lab.files(resolv=conf(order))
                bad = one(lab, mode, order, port)
                wrong += bad
                well += not bad
    print("\n".join(wrong))
    print(f"{well} of {len(MODES) * len(ORDERS)}")
    return wrong


def over_tcp(lab):
    """The same by TCP, with two more failures: the connection closed without an answer, and no one there."""
    wrong = []
    for mode in (*MODES, "hangs up", "malformed", "closed"):
        with lab.serving((GOOD, zone(ZONE)), *([(BAD, fails(mode))] if mode != "closed" else [])):
            for order in ((BAD, GOOD), (GOOD, BAD)):
                lab.files(resolv=conf(order, " use-vc"))
                done = lab.sounder("host", "--json", "www.test")
                report = json.loads(done.stdout or "{}")
                tries = report.get("attempts", [])
                bad = [t["outcome"] for t in tries if t["server"].startswith(BAD)]
                if done.returncode or [r["address"] for r in report["addresses"]] != [OWN4] or {t["transport"] for t in tries} != {"tcp"} or \
                        set(bad) != ({WORDS[mode]} if order[0] == BAD else set()):
                    wrong.append(f"{mode} {order}: {done}")
    return wrong


def words(lab):
    """The message where one server alone fails: each cause has its own words, and no two are equal."""
    wrong, output = [], {}
    for mode in (*MODES, "malformed", "closed"):
        with lab.serving(*([(BAD, fails(mode))] if mode != "closed" else [])):
            lab.files(resolv=conf([BAD]))
            done = lab.sounder("host", "www.test")
            output[mode] = done.stderr
            if done.returncode not in (1, 2) or done.stdout:
                wrong.append(f"{mode}: {done}")
    with lab.serving((BAD, fails("hangs up"))):
        done = lab.sounder("dns", "www.test", "A", "--tcp", f"@{BAD}")
        output["hangs up"] = done.stdout + done.stderr
        if "port closed" in output["hangs up"] or "ended the TCP connection" not in output["hangs up"]:
            wrong.append(f"hangs up: {done}")
    if len(set(output.values())) != len(output):
        wrong.append(f"alike: {output}")
    return wrong


def families(lab):
    """A answers, AAAA fails: reported, and a connection does not wait for it."""
    wrong = []
    listener = socket.create_server((OWN4, 0))
    port = listener.getsockname()[1]
    for mode in ("silent", "servfail", "refused", "malformed"):
        def respond(question, fail=fails(mode)):
            return zone(ZONE)(question) if question.type == 1 else fail(question)
        with lab.serving((GOOD, respond)):
            lab.files(resolv=conf([GOOD]))
            for command in (["host", "both.test"], ["resolve", "both.test"], ["tcp", f"both.test:{port}"]):
                done, report = lab.sounder(*command), lab.sounder(*command, "--json")
                partial = json.loads(report.stdout.splitlines()[0])["partial"]
                if done.returncode or OWN4 not in done.stdout or "AAAA: " not in done.stdout + done.stderr or not partial or \
                        not partial.startswith("AAAA: "):
                    wrong.append(f"{mode} {command}: {done} {report}")
                if command[0] == "tcp" and mode == "silent" and "not waited for" not in partial:
                    wrong.append(f"{mode} {command}: {partial}, {done.seconds} s")
            both = json.loads(lab.sounder("dns", "both.test", "--json").stdout)
            if not (both["missing"] or "").startswith("AAAA: ") or json.loads(lab.sounder("dns", "both.test", "A", "--json").stdout)["missing"]:
                wrong.append(f"{mode}: {both}")
    return wrong


def without_edns(lab):
    """EDNS refused in each form: the good answer, both tries reported, and the next question goes without at once."""
    wrong = []
    for rcode in (1, 2, 4, 16):
        def respond(question, rcode=rcode):
            return question.answer(rcode=rcode, edns=rcode == 16) if question.edns else zone(ZONE)(question)
        with lab.serving((GOOD, respond)) as (server,):
            lab.files(resolv=conf([GOOD]))
            done = lab.sounder("dns", "www.test", "A", "--json")
            report = json.loads(done.stdout)
            row = report["questions"][0]
            if done.returncode or report["outcome"] != "ok" or not row["without_edns"] or len(report["attempts"]) != 2 or \
                    [q.edns for q in server.asked] != [True, False]:
                wrong.append(f"rcode {rcode}: {done}")
            noted = lab.sounder("dns", "www.test", "A")
            if f"asked without EDNS, which {GOOD} refused" not in noted.stdout.replace(":53", ""):
                wrong.append(f"rcode {rcode}, without a note: {noted}")
    return wrong


def late(lab):
    """An answer that comes after its try was given up still counts, and its time is its own."""
    lab.files(resolv=conf([GOOD]))
    slow = resolving.Server(GOOD, zone(ZONE), delay=1.4)
    done = lab.sounder("dns", "www.test", "A", "--json", timeout=20)
    slow.close()
    report = json.loads(done.stdout)
    tries = report["attempts"]
    if done.returncode or len(tries) != 2 or not 1.3 < tries[0]["took_seconds"] < 2.4 or tries[1]["outcome"] is not None or \
            not 1.3 < report["query_seconds"] < 2.4:
        return [str(done)]
    return []


def from_elsewhere(lab):
    """An answer from another address than was asked is ignored."""
    wrong = []
    udp, other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((BAD, 53))
    other.bind(("127.0.0.7", 53))

    def answer():
        while True:
            wire, sender = udp.recvfrom(2048)
            other.sendto(resolving.Question(wire, False).answer([("www.test", "A", "10.66.6.6")]), sender)
    threading.Thread(target=answer, daemon=True).start()
    with lab.serving((GOOD, zone(ZONE))):
        lab.files(resolv=conf([BAD, GOOD]))
        done = lab.sounder("host", "--json", "www.test")
        if done.returncode or [r["address"] for r in json.loads(done.stdout)["addresses"]] != [OWN4]:
            wrong.append(str(done))
    return wrong


def many(lab):
    """More addresses than are shown: reported in text and JSON."""
    with lab.serving((GOOD, zone(ZONE))):
        lab.files(resolv=conf([GOOD]))
        report = json.loads(lab.sounder("host", "--json", "wide.test").stdout)
        text, one_line = lab.sounder("host", "wide.test").stdout, lab.sounder("resolve", "wide.test")
        good = len(report["addresses"]) == 64 and report["omitted"] == 136 and "136 more" in text and "136 more" in one_line.stderr and \
            one_line.stdout.count("\n") == 1
        return [] if good else [f"{report['omitted']} {text} {one_line}"]


def names(lab):
    """So with the names of an address: those for which there was no room are counted."""
    pointers = {"1.2.0.10.in-addr.arpa": [("PTR", f"n{i}.test") for i in range(200)]}
    with lab.serving((GOOD, zone(pointers))):
        lab.files(resolv=f"nameserver {GOOD}\n")
        report, text = json.loads(lab.sounder("host", "--json", "10.0.2.1").stdout), lab.sounder("host", "10.0.2.1").stdout
        kept = 1 + len(report["aliases"])
        good = report["omitted"] == 200 - kept > 0 and f"{200 - kept} more names" in text
        return [] if good else [f"{report} {text}"]


def search(lab):
    """If the search list finds nothing, the most informative name is reported: one that exists without such a record, or whose server failed;
    else of the name as typed. A search domain that makes no valid name is skipped."""
    wrong, records = [], {"there.test": [("TXT", "x")], "short.s2.test": [("A", OWN4)], "there.s1.test": [("TXT", "x")]}
    good = zone(records)
    with lab.serving((GOOD, lambda q: q.answer(rcode=2) if q.name == "broken.test" else good(q))):
        for conf, name, code, words in (
                ("s1.test s2.test", "there.test", 1, "NODATA: there.test has no record"), ("s1.test s2.test", "there", 1, "NODATA: there.s1.test"),
                ("s1.test s2.test", "gone.test", 1, "no such name: gone.test ("), ("s1.test s2.test", "gone", 1, "no such name: gone ("),
                ("s1.test s2.test", "broken.test", 2, "SERVFAIL"), (".s2.test s2.test", "short", 0, OWN4), ("s2..test s2.test", "short", 0, OWN4),
                ("x" * 64 + ".test s2.test", "short", 0, OWN4), ("s1.test", ".".join(["x" * 62] * 4), 1, "no such name")):
            lab.files(resolv=f"nameserver {GOOD}\nsearch {conf}\n")
            done = lab.sounder("host", name)
            if done.returncode != code or words not in done.stdout + done.stderr:
                wrong.append(f"search {conf}: {name}: {done}")
        lab.files(resolv=f"nameserver {GOOD}\nsearch s1.test s2.test\n")
        for name, rcode, outcome in (("there.test", "NOERROR", "nodata"), ("broken.test", "SERVFAIL", "servfail"), ("gone.test", "NXDOMAIN", "nxdomain")):
            report = json.loads(lab.sounder("dns", "--search", "--json", name, "A").stdout)
            if (report["rcode"], report["outcome"], report["questions"][0]["outcome"]) != (rcode, outcome, outcome) or len(report["questions"][0]["attempts"]) < 1:
                wrong.append(f"{name}: {report}")
    return wrong


def unread(lab):
    """If resolv.conf exists and can't be read, the server is a guess: `dns` reports it, as `host` does."""
    with lab.serving((GOOD, zone(ZONE))):
        lab.files(resolv="nameserver 127.0.0.9\n")
        (lab.path / "resolv.conf").chmod(0)
        try:
            if "can't be read" not in lab.sounder("host", "www.test").stderr:
                print("no file is unreadable here")
                sys.exit(77)
            plain, report, named = lab.sounder("dns", "www.test", "A"), lab.sounder("dns", "www.test", "A", "--json"), lab.sounder("dns", "www.test", "A", f"@{GOOD}")
        finally:
            (lab.path / "resolv.conf").chmod(0o644)
        made = json.loads(report.stdout)
        good = plain.returncode == report.returncode == 2 and "can't be read" in plain.stderr and made["outcome"] == "local" and \
            "can't be read" in made["why"] and named.returncode == 0 and named.stderr == ""
        return [] if good else [f"{plain} {report} {named}"]


def late_and_silent(lab):
    """A late failure of the first server does not stop the wait for the second, which is silent: both end in time."""
    with lab.serving((BAD, fails("servfail"), 1.4), (GOOD, fails("silent"))):
        lab.files(resolv=f"nameserver {BAD}\nnameserver {GOOD}\noptions timeout:1 attempts:1\n")
        done = lab.sounder("host", "-4", "www.test")
        return [] if done.returncode == 2 and "SERVFAIL" in done.stderr and done.seconds < 9 else [f"{done.seconds} {done}"]


def plain_is_one_servers(lab):
    """That one server takes no EDNS is nothing of the next one's."""
    def old(q):
        return q.answer(rcode=1) if q.edns else q.answer(rcode=5)
    with lab.serving((BAD, old), (GOOD, zone(ZONE))) as (bad, good):
        lab.files(resolv=f"nameserver {BAD}\nnameserver {GOOD}\n")
        done = lab.sounder("host", "-4", "www.test")
        seen = [q.edns for q in bad.asked], [q.edns for q in good.asked]
        return [] if done.returncode == 0 and seen == ([True, False], [True]) else [f"{seen} {done}"]


def options(lab):
    """timeout, attempts, trust-ad: seen by the server and on the clock."""
    wrong = []
    with lab.serving((GOOD, fails("silent"))) as (server,):
        lab.files(resolv=f"nameserver {GOOD}\noptions timeout:1 attempts:3 trust-ad\n")
        done = lab.sounder("host", "-4", "www.test")
        if len(server.asked) != 3 or not all(q.authentic for q in server.asked) or not 2.8 < done.seconds < 9:
            wrong.append(f"{len(server.asked)} {done.seconds} {done}")
    with lab.serving((GOOD, zone(ZONE))) as (server,):
        lab.files(resolv=f"nameserver {GOOD}\noptions single-request\n", nsswitch="hosts: files dns hesiod\n")
        done = lab.sounder("host", "www.test")
        if "not followed here" not in done.stdout or "single-request" not in done.stdout or "hesiod" not in done.stdout or any(q.authentic for q in server.asked):
            wrong.append(str(done))
    return wrong


def check(part):
    print(" ", resolving.inside(__file__, part).strip() or part)


def test_KN1_the_good_address_in_every_order():
    need("getent", "mount")
    check("orders")


def test_KN1_over_tcp():
    check("over_tcp")


def test_KN9_each_cause_has_its_words():
    check("words")


def test_KN2_a_family_without_an_answer():
    check("families")


def test_B14_KN11_servers_without_edns():
    check("without_edns")


def test_KC11_a_late_answer_has_its_own_time():
    check("late")


def test_an_answer_from_elsewhere():
    check("from_elsewhere")


def test_KN3_more_addresses_than_shown():
    check("many")


def test_KN3_more_names_than_shown():
    check("names")


def test_KN11_plain_is_one_servers():
    check("plain_is_one_servers")


def test_KN20_resolv_conf_that_cannot_be_read():
    check("unread")


def test_KN1_a_late_failure_stops_no_wait():
    check("late_and_silent")


def test_KN16_search_lists():
    check("search")


def test_KN14_options():
    check("options")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        found = globals()[sys.argv[2]](resolving.Host())
        print("\n".join(found))
        sys.exit(bool(found))
    main(globals())
