#!/usr/bin/env python3
"""dns_edns.py - what rides along in a question: to the byte what dig sends, and what comes of it: NSID, subnets, cookies, from knot and from servers of
our own. RFC 5001, 6891, 7871, 7873."""
import socket
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "faults"))

import dns  # noqa: E402
from dns_answers import ADDRESS, Answers  # noqa: E402
from dns_wire import header, u16  # noqa: E402
from harness import SOUNDER, main, need, run, run_json  # noqa: E402

NSID, SUBNET, COOKIE = 3, 8, 10
BADCOOKIE = 23


def option(code, value):
    return u16(code, len(value)) + value


def opt(*options, rcode=0):
    data = b"".join(options)
    return b"\0" + u16(41, 1232) + bytes([rcode >> 4, 0, 0, 0]) + u16(len(data)) + data


def sent_options(question):
    """The options of a question's OPT record."""
    at = 12
    while question[at]:
        at += question[at] + 1
    at += 5
    if at == len(question):
        return {}
    at, found = at + 11, {}
    while at < len(question):
        code, length = struct.unpack(">HH", question[at:at + 4])
        found[code] = question[at + 4:at + 4 + length]
        at += 4 + length
    return found


def captured(sock, *command):
    """The first datagram that the command sends; it gets NXDOMAIN."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as program:
        sock.settimeout(15)
        question, sender = sock.recvfrom(4096)
        sock.sendto(question[:2] + b"\x81\x83" + question[4:], sender)
        program.communicate(timeout=15)
    sock.settimeout(0.3)
    try:
        while True:
            sock.recv(4096)
    except TimeoutError:
        return question


def test_questions_are_digs_to_the_byte():
    need("dig")
    cases = [((), ()), (("--nsid",), ("+nsid",)), (("--bufsize", "4096"), ("+bufsize=4096",)), (("--no-edns",), ("+noedns",)),
             (("--dnssec",), ("+dnssec",)), (("--no-recurse",), ("+norecurse",)), (("--checking-disabled",), ("+cdflag",)),
             (("--cookie",), ("+cookie",)), (("--no-edns", "--no-recurse"), ("+noedns", "+norecurse"))]
    for subnet in ("10.1.131.4/20", "10.1.2.3", "10.255.0.0/9", "0.0.0.0/0", "2001:db8::/32", "2001:db8:ffff::1/33", "::1", "::/0"):
        cases.append((("--subnet", subnet), (f"+subnet={subnet}",)))
    cases.append((("--nsid", "--subnet", "10.0.0.0/8", "--cookie", "--dnssec", "--bufsize", "512"),
                  ("+nsid", "+subnet=10.0.0.0/8", "+cookie", "+dnssec", "+bufsize=512")))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        for ours, theirs in cases:
            first = captured(sock, SOUNDER, "dns", "www.x.test", "MX", f"@127.0.0.1:{port}", *ours)
            second = captured(sock, "dig", "@127.0.0.1", "-p", str(port), "www.x.test", "MX", "+noadflag", "+tries=1",
                              *([] if "+cookie" in theirs else ["+nocookie"]), *theirs)
            if "--cookie" in ours:  # random, of eight bytes, and the last option
                assert first[-12:-8] == second[-12:-8] and first[-8:] != second[-8:], (first, second)
                first, second = first[:-8], second[:-8]
            assert first[2:] == second[2:], (ours, first.hex(), second.hex())


def test_knot_names_itself():
    with dns.knot(dns.CONFIG.replace("server:\n", "server:\n    nsid: ns-under-test\n    edns-client-subnet: on\n")) as port:
        code, answer = dns.ask(port, "www.zone.test", "A", "--nsid", "--subnet", "10.1.0.0/16")
        assert code == 0 and answer["nsid"] == "ns-under-test", answer
        row = answer["questions"][0]
        assert row["nsid"] == "ns-under-test" and row["subnet"] == "10.1.0.0/16/0" and row["cookie"] is None, row
        code, answer = dns.ask(port, "www.zone.test", "A")
        assert code == 0 and answer["nsid"] is None and answer["questions"][0]["subnet"] is None, answer
        done = run("dns", "www.zone.test", "A", "--nsid", "--subnet", "10.1.0.0/16", "--cookie", f"@127.0.0.1:{port}")
        assert "NSID ns-under-test\n" in done.stdout and "subnet 10.1.0.0/16/0\n" in done.stdout, done
        assert "cookie none: the server does not do them\n" in done.stdout, done


def test_knots_cookies():
    config = dns.CONFIG.replace("template:\n", "mod-cookies:\n  - id: all\n    badcookie-slip: 1\ntemplate:\n").replace(
        "    semantic-checks: false\n", "    semantic-checks: false\n    global-module: mod-cookies/all\n")
    with dns.knot(config) as port:
        code, answer = dns.ask(port, "www.zone.test", "A", "--cookie")
        assert code == 0 and answer["questions"][0]["cookie"] == "good" and answer["questions"][0]["transport"] == "udp", answer
        assert [a["outcome"] for a in answer["attempts"]] == ["servfail", "ok"], answer["attempts"]  # BADCOOKIE, then with knot's own
        assert "cookie good\n" in run("dns", "www.zone.test", "A", "--cookie", f"@127.0.0.1:{port}").stdout


class Seen(Answers):
    """Answers by make(question name and type, options), and keeps the options that came."""

    def __init__(self, make):
        self.options = []
        super().__init__(make)

    def answer(self, question):
        at = 12
        while question[at]:
            at += question[at] + 1
        self.options.append(sent_options(question))
        return question[:2] + self.make(question[12:at + 5], self.options[-1])[2:]


def ask(make, *words):
    with Seen(make) as server:
        code, rows = run_json("dns", "x.test", "A", f"@127.0.0.1:{server.port}", "-W", "1s", *words)
    return code, rows[0], server.options


def test_a_cookie_that_stays_bad_is_asked_for_by_tcp():
    def make(q, options):
        own = options[COOKIE][:8]
        return header(0x8180 | BADCOOKIE & 15, (1, 0, 0, 1)) + q + opt(option(COOKIE, own + b"12345678"), rcode=BADCOOKIE)
    code, row, seen = ask(make, "--cookie")
    assert code == 2 and row["rcode"] == "BADCOOKIE" and row["outcome"] == "servfail", row
    assert [a["transport"] for a in row["attempts"]] == ["udp", "udp", "tcp"], row["attempts"]
    assert len(seen[0][COOKIE]) == 8 and seen[1][COOKIE] == seen[0][COOKIE] + b"12345678" == seen[2][COOKIE], seen


def test_a_servers_cookie_is_kept():
    def make(q, options):
        return header(0x8180, (1, 1, 0, 1)) + q + ADDRESS + opt(option(COOKIE, options[COOKIE][:8] + b"12345678"))
    with Seen(make) as server:
        done = run("dns", "x.test", "A", "--cookie", "--interval", "20ms", "-c", "3", f"@127.0.0.1:{server.port}")
        own = server.options[0][COOKIE]
    assert done.returncode == 0 and len(own) == 8, done
    assert [o[COOKIE] for o in server.options] == [own, own + b"12345678", own + b"12345678"], server.options


def test_anothers_cookie_or_subnet_is_no_answer():
    def with_option(value):
        return lambda q, options: header(0x8180, (1, 1, 0, 1)) + q + ADDRESS + opt(option(*value(options)))
    code, row, _ = ask(with_option(lambda o: (COOKIE, b"notours!" + b"12345678")), "--cookie")
    assert code == 1 and row["outcome"] == "malformed" and "its cookie is not the question's" in row["why"], row
    subnet = u16(1) + bytes([16, 24, 10, 1])
    code, row, _ = ask(with_option(lambda o: (SUBNET, subnet)), "--subnet", "10.1.0.0/16")
    assert code == 0 and row["questions"][0]["subnet"] == "10.1.0.0/16/24", row
    code, row, _ = ask(with_option(lambda o: (SUBNET, subnet)), "--subnet", "10.2.0.0/16")
    assert code == 1 and row["outcome"] == "malformed" and "its client subnet is not the question's" in row["why"], row
    code, row, seen = ask(with_option(lambda o: (SUBNET, subnet)))
    assert code == 0 and seen[0] == {}, row  # nobody asked, nothing to compare with


def test_malformed_options_are_named():
    for value, why in [((COOKIE, b"1234567"), "a cookie that is neither 8 nor 16 to 40 bytes long"), ((COOKIE, bytes(41)), "a cookie"),
                       ((SUBNET, b"\0\1"), "a client subnet of less than four bytes"), ((SUBNET, u16(1) + b"\x21\0" + bytes(5)), "longer than its addresses"),
                       ((SUBNET, u16(1) + b"\x10\0\1"), "another number of bytes"), ((SUBNET, u16(1) + b"\x09\0\1\1"), "bits behind its length")]:
        code, row, _ = ask(lambda q, options, value=value: header(0x8180, (1, 1, 0, 1)) + q + ADDRESS + opt(option(*value)))
        assert code == 1 and row["outcome"] == "malformed" and why in row["why"], (value, row)
    for value in [(SUBNET, u16(9) + b"\xff\xff"), (NSID, b""), (65001, b"?")]:  # other families and options are none of ours
        code, row, _ = ask(lambda q, options, value=value: header(0x8180, (1, 1, 0, 1)) + q + ADDRESS + opt(option(*value)))
        assert code == 0, (value, row)


def test_nsid_is_text_from_outside():
    code, row, _ = ask(lambda q, options: header(0x8180, (1, 1, 0, 1)) + q + ADDRESS + opt(option(NSID, b"n\x1b[31m\xff")), "--nsid")
    assert code == 0 and row["nsid"].startswith("n\x1b[31m") and row["nsid_base64"], row
    with Seen(lambda q, options: header(0x8180, (1, 1, 0, 1)) + q + ADDRESS + opt(option(NSID, b"n\x1b[31m\xff"))) as server:
        done = run("dns", "x.test", "A", "--nsid", f"@127.0.0.1:{server.port}")
    assert "\x1b" not in done.stdout and "NSID n" in done.stdout, done


def test_servers_without_edns_are_asked_without_its_options():
    for rcode in (1, 4, 16):
        def make(q, options, rcode=rcode):
            return header(0x8180 | rcode & 15, (1, 0, 0, rcode > 15)) + q + (opt(rcode=rcode) if rcode > 15 else b"") if options else header() + q + ADDRESS
        code, row, seen = ask(make, "--nsid", "--cookie", "--subnet", "10.0.0.0/8")
        assert code == 0 and row["questions"][0]["without_edns"] and row["nsid"] is None, (rcode, row)
        assert set(seen[0]) == {NSID, COOKIE, SUBNET} and seen[1] == {}, seen
        with Seen(make) as server:
            done = run("dns", "x.test", "A", "--nsid", f"@127.0.0.1:{server.port}")
        assert f"asked without EDNS, which 127.0.0.1:{server.port} refused" in done.stdout, done
        assert "NSID none: the server gives none" in done.stdout, done


def test_no_edns_is_nobodys_refusal():
    code, row, seen = ask(lambda q, options: header() + q + ADDRESS, "--no-edns")
    assert code == 0 and row["questions"][0]["without_edns"] and seen == [{}], row
    with Seen(lambda q, options: header() + q + ADDRESS) as server:
        done = run("dns", "x.test", "A", "--no-edns", f"@127.0.0.1:{server.port}")
    assert "refused" not in done.stdout, done


def test_bad_text():
    for words, why in [(("--subnet", "10.0.0.0/33"), "--subnet: "), (("--subnet", "x"), "--subnet: "), (("--subnet", "fe80::1%1"), "has a zone"),
                       (("--bufsize", "511"), "512"), (("--bufsize", "65536"), "65535"), (("--no-edns", "--nsid"), "--nsid"),
                       (("--no-edns", "--dnssec"), "--dnssec")]:
        done = run("dns", "x.test", "@127.0.0.1:1", *words)
        assert done.returncode == 2 and done.stdout == "" and why in done.stderr, (words, done)


if __name__ == "__main__":
    main(globals())
