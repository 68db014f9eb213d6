#!/usr/bin/env python3
"""dns_views.py - one name, seen by several: name servers, the hosts file, libc; who has the same, who a part of it, who differs, who has nothing to
compare. Beside libc stands getent."""
import json
import sys
import time

import resolving
from harness import main, need
from resolving import OWN4, Server, fails, zone

GOOD, OTHER, THIRD, DEAD = "127.0.0.1", "127.0.0.5", "127.0.0.6", "127.0.0.9"
ZONE = {
    "www.x.test": [("A", "10.9.0.10"), ("A", "10.9.0.11")],
    "one.x.test": [("A", "10.9.0.1")],
    "both.x.test": [("A", "10.9.0.1"), ("AAAA", "2001:db8::1")],
    "alias.x.test": [("CNAME", "www.x.test")],
    "text.x.test": [("TXT", "Case Counts")],
    "ns.x.test": [("A", OTHER)],
    "two.x.test": [("A", OTHER), ("A", THIRD)],
}


def dns(lab, *words, timeout=40):
    done = lab.sounder("dns", *words, "--json", timeout=timeout)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 1, (words, done)
    return done.returncode, rows[0], done


def relations(answer):
    return {view["view"]: view["relation"] for view in answer["views"]}


def conf(more=""):
    return dict(resolv=f"nameserver {GOOD}\n{more}", nsswitch="hosts: dns files\n", hosts="# mine\n127.0.0.1 localhost\n10.0.0.9 hosted www.x.test\n")


def table(lab):
    """Four views, two groups; then one of them is away."""
    lab.files(**{**conf(), "hosts": "127.0.0.1 localhost\n10.9.0.11 WWW.x.test\n10.9.0.10 www.x.test\n"})
    other = {**ZONE, "www.x.test": [("A", "10.9.0.12")]}
    words = ("www.x.test", "A", f"@{GOOD}", f"@{OTHER}", "@hosts", "@libc")
    with lab.serving((GOOD, zone(ZONE)), (OTHER, zone(other))):
        code, answer, done = dns(lab, *words)
        assert code == 1 and answer["type"] == "names" and answer["types"] == ["A"], done
        assert relations(answer) == {GOOD: "same", OTHER: "differs", "@hosts": "same", "@libc": "same"}, answer
        assert [(g["group"], g["views"], g["data"]) for g in answer["groups"]] == [
            ("A", [GOOD, "@hosts", "@libc"], ["10.9.0.10", "10.9.0.11"]), ("B", [OTHER], ["10.9.0.12"])], answer["groups"]
        assert answer["agree"] == 3 and answer["answered"] == 4, answer
        views = {view["view"]: view for view in answer["views"]}
        assert views["@hosts"]["server"] == "/etc/hosts:2" and views["@hosts"]["ttl"] is None, views["@hosts"]
        assert views["@libc"]["server"] is None and views["@libc"]["ttl"] is None and views["@libc"]["expires"] is None, views["@libc"]
        assert views[GOOD]["server"] == f"{GOOD}:53" and views[GOOD]["ttl"] == 60 and views[GOOD]["expires"], views[GOOD]
        assert len(views[GOOD]["attempts"]) == 1 and views[GOOD]["rcode"] == "NOERROR" and not views[GOOD]["aa"], views[GOOD]
        assert [r["data"] for r in views[GOOD]["records"]] == ["10.9.0.10", "10.9.0.11"], views[GOOD]
        for key in ("view", "server", "transport", "outcome", "rcode", "flags", "group", "relation", "records", "canonical_name", "ttl", "expires",
                    "query_seconds", "waited_seconds", "attempts", "nsid", "ede", "why", "subnet", "serial", "aa", "dnssec"):
            assert all(key in view for view in answer["views"]), key
        text = lab.sounder("dns", *words).stdout
        assert "2 answers, 3 of 4 agree" in text and f"{OTHER}: 10.9.0.12, where {GOOD} @hosts @libc: 10.9.0.10 10.9.0.11" in text, text
        assert "/etc/hosts:2 " in text and "B  10.9.0.12" in text, text
    with lab.serving((GOOD, zone(ZONE))):
        code, answer, done = dns(lab, *words)
        assert code == 0 and relations(answer)[OTHER] == "none" and len(answer["groups"]) == 1 and answer["agree"] == 3, done
        away = answer["views"][1]
        assert away["outcome"] == "refused" and away["group"] is None and "port closed" in away["why"], away
        assert f"{OTHER}: port closed" in lab.sounder("dns", *words).stdout


def subset(lab):
    """A part of a pool is no contradiction."""
    lab.files(**conf())
    some = {**ZONE, "www.x.test": [("A", "10.9.0.11")]}
    third = {**ZONE, "www.x.test": [("A", "10.9.0.11"), ("A", "10.9.0.77")]}
    with lab.serving((GOOD, zone(ZONE)), (OTHER, zone(some)), (THIRD, zone(third))):
        for order in ([GOOD, OTHER], [OTHER, GOOD]):
            code, answer, done = dns(lab, "www.x.test", "A", *(f"@{at}" for at in order))
            assert code == 0 and relations(answer) == {order[0]: "same", order[1]: "subset"} and len(answer["groups"]) == 1, done
            assert answer["agree"] == 1 and answer["answered"] == 2, answer
        code, answer, done = dns(lab, "www.x.test", "A", f"@{GOOD}", f"@{THIRD}")
        assert code == 1 and relations(answer)[THIRD] == "differs", done
        code, answer, done = dns(lab, "www.x.test", "A", f"@{THIRD}", f"@{GOOD}", f"@{OTHER}", "@libc")
        assert code == 1 and answer["groups"][0]["views"] == [GOOD, OTHER, "@libc"] and relations(answer)[THIRD] == "differs", answer


def kinds(lab):
    """NXDOMAIN, NODATA and a referral are three things; order, letter case and TTL do not count."""
    lab.files(**conf())
    upper = {"www.x.test": [("A", "10.9.0.11"), ("A", "10.9.0.10")], "alias.x.test": [("CNAME", "WWW.X.test")], "text.x.test": [("TXT", "case counts")]}
    nothing = {"www.x.test": [("TXT", "t")], "none.x.test": [("TXT", "t")]}

    def refers(question):
        wire = question.answer([("x.test", "NS", "ns.x.test")], flags=0x8100)
        return wire[:6] + b"\0\0\0\1" + wire[10:]  # into the authority section
    resolving.TYPES["NS"] = 2
    with lab.serving((GOOD, zone(ZONE)), (OTHER, zone(upper)), (THIRD, zone(nothing)), (DEAD, refers)):
        assert relations(dns(lab, "www.x.test", "A", f"@{GOOD}", f"@{OTHER}")[1])[OTHER] == "same"
        assert relations(dns(lab, "alias.x.test", "A", f"@{GOOD}", f"@{OTHER}")[1])[OTHER] == "same"
        assert relations(dns(lab, "alias.x.test", "CNAME", f"@{GOOD}", f"@{OTHER}")[1])[OTHER] == "same"
        assert relations(dns(lab, "text.x.test", "TXT", f"@{GOOD}", f"@{OTHER}")[1])[OTHER] == "differs"
        for name, servers, data in [("none.x.test", (GOOD, THIRD), ["NXDOMAIN", "NODATA"]), ("none.x.test", (GOOD, DEAD), ["NXDOMAIN", "referral"]),
                                    ("none.x.test", (THIRD, DEAD), ["NODATA", "referral"]), ("www.x.test", (THIRD, DEAD), ["NODATA", "referral"])]:
            code, answer, done = dns(lab, name, "A", *(f"@{at}" for at in servers))
            assert code == 1 and [g["data"] for g in answer["groups"]] == [[one] for one in data], (name, servers, answer["groups"])
        code, answer, done = dns(lab, "nowhere.x.test", "A", f"@{GOOD}", f"@{OTHER}", "@libc")
        assert code == 1 and set(relations(answer).values()) == {"same"} and answer["groups"][0]["data"] == ["NXDOMAIN"], done


def none(lab):
    """Who failed is shown, stands in no group, and counts for nothing; where all failed, the exit code is 2."""
    lab.files(**conf())
    for how in ("servfail", "refused", "notimp", "formerr", "malformed", "silent"):
        with lab.serving((GOOD, zone(ZONE)), (OTHER, fails(how))):
            code, answer, done = dns(lab, "www.x.test", "A", f"@{GOOD}", f"@{OTHER}", "@hosts", "-W", "400ms")
            assert code == 1 and relations(answer) == {GOOD: "same", OTHER: "none", "@hosts": "differs"}, (how, done)
            code, answer, done = dns(lab, "www.x.test", "A", f"@{GOOD}", f"@{OTHER}", "-W", "400ms")
            assert code == 0 and relations(answer)[OTHER] == "none" and answer["views"][1]["group"] is None and answer["views"][1]["why"], (how, done)
            code, answer, done = dns(lab, "alien.x.test", "A", "@hosts", f"@{OTHER}", "-W", "400ms")
            assert code == 2 and answer["groups"] == [] and answer["agree"] == 0, (how, done)
            assert done.stderr == "sounder: alien.x.test: @hosts: /etc/hosts does not list it\n", done.stderr
            assert answer["views"][0]["why"] == "/etc/hosts does not list it", answer["views"][0]


def who(lab):
    """@NAME, @system, @tcp://, a port, -x, a family that has no answer."""
    lab.files(**conf(f"nameserver {OTHER}\noptions rotate timeout:1\n"))
    with lab.serving((GOOD, zone(ZONE)), (OTHER, zone(ZONE)), (THIRD, zone({**ZONE, "www.x.test": [("A", "10.9.9.9")]}))) as servers:
        code, answer, done = dns(lab, "www.x.test", "A", "@ns.x.test", "@hosts")
        assert code == 1 and relations(answer) == {f"{OTHER} ns.x.test": "same", "@hosts": "differs"}, answer
        code, answer, done = dns(lab, "www.x.test", "A", "@two.x.test")
        assert code == 1 and list(relations(answer)) == [f"{OTHER} two.x.test", f"{THIRD} two.x.test"], answer
        code, answer, done = dns(lab, "www.x.test", "A", "@nobody.x.test", f"@{GOOD}")
        assert code == 0 and answer["views"][0]["outcome"] == "resolve_failed" and "nobody.x.test" in answer["views"][0]["why"], answer
        code, answer, done = dns(lab, "one.x.test", "A", "@system")
        assert code == 0 and list(relations(answer)) == [f"{GOOD} system", f"{OTHER} system"] and "rotate" in answer["not_followed"], answer
        for server in servers:
            server.asked.clear()
        code, answer, done = dns(lab, "one.x.test", "A", f"@tcp://{GOOD}", f"@{OTHER}:53")
        assert code == 0 and [v["transport"] for v in answer["views"]] == ["tcp", "udp"] and list(relations(answer))[0] == f"tcp://{GOOD}", answer
        assert [q.tcp for q in servers[0].asked] == [True], servers[0].asked
        code, answer, done = dns(lab, "one.x.test", "A", f"@tcp://{GOOD}")  # one server: the object of one view
        assert code == 0 and answer["questions"][0]["transport"] == "tcp" and "views" not in answer, answer
    hosts = "10.0.0.9 first.x.test second.x.test\n"
    pointer = {"9.0.0.10.in-addr.arpa": [("PTR", "first.x.test")]}
    lab.files(**{**conf(), "hosts": hosts, "nsswitch": "hosts: files dns\n"})
    with lab.serving((GOOD, zone(pointer))):
        code, answer, done = dns(lab, "-x", "10.0.0.9", f"@{GOOD}", "@libc", "@hosts")
        assert code == 0 and relations(answer) == {GOOD: "same", "@libc": "same", "@hosts": "subset"}, answer
        assert answer["groups"][0]["data"] == ["first.x.test."], answer

    def half(question):
        return zone(ZONE)(question) if question.type == 1 else None
    with lab.serving((GOOD, zone(ZONE)), (OTHER, half)):
        code, answer, done = dns(lab, "both.x.test", f"@{GOOD}", f"@{OTHER}", "-W", "400ms")
        assert code == 0 and relations(answer)[OTHER] == "same" and "AAAA: no answer" in answer["views"][1]["why"], answer
    with lab.serving((GOOD, zone(ZONE)), (OTHER, zone({"both.x.test": [("A", "10.9.0.1")]}))):
        code, answer, done = dns(lab, "both.x.test", f"@{GOOD}", f"@{OTHER}")
        assert code == 0 and relations(answer)[OTHER] == "subset", answer


def expected(lab):
    lab.files(**conf())
    other = {**ZONE, "www.x.test": [("A", "10.9.0.11")]}
    with lab.serving((GOOD, zone(ZONE)), (OTHER, zone(other))):
        for words, code in [(("10.9.0.11", "10.9.0.10"), 0), (("10.9.0.10",), 1), (("10.9.0.10", "10.9.0.11", "10.9.0.12"), 1)]:
            options = [o for word in words for o in ("--expect", word)]
            got, answer, done = dns(lab, "www.x.test", "A", f"@{GOOD}", f"@{OTHER}", *options)
            assert got == code and answer["expected"] == (code == 0), (words, done)
            got, answer, done = dns(lab, "www.x.test", "A", f"@{GOOD}", *options)
            assert got == code and answer["outcome"] == ("mismatch" if code else "ok"), (words, done)
            done = lab.sounder("dns", "www.x.test", "A", f"@{GOOD}", *options)
            assert done.returncode == code and ("expected" in done.stdout + done.stderr) == bool(code), done
        for name, kind, data in [("alias.x.test", "CNAME", "WWW.x.test"), ("alias.x.test", "CNAME", "www.x.test."), ("text.x.test", "TXT", "Case Counts"),
                                 ("text.x.test", "TXT", '"Case Counts"'), ("both.x.test", "AAAA", "2001:0db8::0001")]:
            assert dns(lab, name, kind, f"@{GOOD}", "--expect", data)[0] == 0, (name, data)
        assert dns(lab, "text.x.test", "TXT", f"@{GOOD}", "--expect", "case counts")[0] == 1
        assert dns(lab, "none.x.test", "A", f"@{GOOD}", "--expect", "10.0.0.1")[0] == 1


def late(lab):
    """Dead servers hold libc's thread for many seconds; the others' answers do not wait for that."""
    lab.files(**{**conf(), "resolv": f"nameserver {DEAD}\noptions timeout:7 attempts:1\n"})
    with lab.serving((GOOD, zone(ZONE)), (DEAD, fails("silent"))):
        start = time.monotonic()
        code, answer, done = dns(lab, "www.x.test", "A", f"@{GOOD}", "@libc", "-W", "500ms")
        assert time.monotonic() - start < 5, "it was waited for"
        assert code == 0 and relations(answer)["@libc"] == "none" and answer["views"][1]["outcome"] == "timeout", answer
        assert "still waiting" in answer["views"][1]["why"] and answer["views"][1]["why"] in lab.sounder(
            "dns", "www.x.test", "A", f"@{GOOD}", "@libc", "-W", "500ms").stdout, answer


def getent(lab):
    """@libc has what getent ahosts has, in its order."""
    sys.argv[1:] = ["none"]
    import libc_names
    count = 0
    pairs = ((libc_names.GOOD, libc_names.good), (libc_names.DEAD, fails("servfail")), (libc_names.OTHER, libc_names.tcp_alone),
             (libc_names.FOURTH, libc_names.without_edns), ("::1", libc_names.good))
    with lab.serving(*pairs):
        for about, files, names in libc_names.CASES:
            if "zone" in about:
                continue
            lab.files(**files)
            for name in names:
                for database, kinds_ in (("ahosts", ("A", "AAAA")), ("ahostsv4", ("A",))):
                    found = lab.getent(database, name)
                    done = lab.sounder("dns", name, *kinds_, "@libc", "--json")
                    answer = json.loads(done.stdout)
                    got = [r["data"] for r in answer["views"][0]["records"]]
                    assert got == found, (about, name, database, found, got)
                    assert done.returncode == (0 if found else 1 if answer["groups"] else 2), (about, name, done)
                    count += 1
    assert count >= 30, count
    print(f"{count} cases")
    sys.exit(0)


def bad_text(lab):
    lab.files(**conf())
    for words, why in [(("@tls://127.0.0.1", "@hosts"), "encrypted"), (("@https://x/dns", "@hosts"), "encrypted"), (("@auth", "@hosts"), "@auth"),
                       (("@127.0.0.1:99999", "@hosts"), "65535"), (("@1.2.3", "@hosts"), "old spelling"), (("@", "@hosts"), ""), (("@a b", "@hosts"), ""),
                       (("MX", "@hosts", f"@{GOOD}"), "@hosts knows addresses"), (("MX", "@libc"), "@libc knows addresses"),
                       (("@hosts", "@libc", "--interval", "1s"), "--interval"), (("@hosts", "@libc", "--short"), "--short"),
                       (("@hosts", "@libc", "--server", GOOD), "--server"), (("@hosts", "@libc", "-w", "3s"), "--deadline"),
                       (("--watch", "--interval", "1s"), "--interval"), (("@fe80::1", "@hosts"), "interface")]:
        done = lab.sounder("dns", "www.x.test", *words)
        assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1 and why in done.stderr, (words, done)
    done = lab.sounder("dns", "www.x.test", "A", *(f"@127.0.1.{i}" for i in range(1, 66)))
    assert done.returncode == 2 and "64" in done.stderr, done


def check(part):
    print(" ", resolving.inside(__file__, part).strip() or part)


def test_the_truth_table():
    check("table")


def test_a_part_is_no_difference():
    check("subset")


def test_three_kinds_of_nothing():
    check("kinds")


def test_failures_count_for_nothing():
    check("none")


def test_who_is_asked():
    check("who")


def test_what_is_expected():
    check("expected")


def test_a_late_libc_delays_nothing():
    check("late")


def test_libc_is_getent():
    need("getent", "mount")
    check("getent")


def test_bad_text():
    check("bad_text")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        globals()[sys.argv[2]](resolving.Host())
        sys.exit(0)
    main(globals())
