#!/usr/bin/env python3
"""dns_answers.py - how well-formed answers are reported: names by their labels, errors without a question, referrals, aliases that lead nowhere, how long
an answer may be kept, records that differ in case, extended errors, types that can't be asked for. Rows KN4 to KN6, KN11 to KN13, KN15."""
import socket
import struct
import time

from dns_malformed import Server
from dns_wire import header, name, record, string, u16, u32
from harness import main, run, run_json

A, NS, CNAME, SOA, TXT, AAAA = 1, 2, 5, 6, 16, 28
ADDRESS = record(A, b"\x0a\0\0\x09")


class Answers(Server):
    """Answers every question by make(question): a name on the wire, type and class."""

    def __init__(self, make):
        self.make = make
        super().__init__([])

    def answer(self, question):
        at = 12
        while question[at]:
            at += question[at] + 1
        return question[:2] + self.make(question[12:at + 5])[2:]


def kind_of(question):
    return struct.unpack(">H", question[-4:-2])[0]


def soa(owner, ttl, minimum):
    return record(SOA, name("ns.test") + name("admin.test") + u32(1, 2, 3, 4, minimum), owner=owner, ttl=ttl)


def ede(code, text):
    return b"\0" + u16(41, 1232) + u32(0) + u16(6 + len(text), 15, 2 + len(text), code) + text


def ask(make, *words):
    with Answers(make) as server:
        done = run("dns", *words, f"@127.0.0.1:{server.port}", "-W", "2s")
        code, rows = run_json("dns", *words, f"@127.0.0.1:{server.port}", "-W", "2s")
    assert code == done.returncode, (code, done)
    return code, done.stdout + done.stderr, rows[-1] if rows else None


def test_KN4_names_with_blanks_and_escapes():
    for word in ("My Printer._ipp._tcp.test", "a;b.test", "a(b.test", "\\120.test", "\\@.test", "x.test\\.", "a\\.b.test", "a\\032b.test", "A\\\\B.test", "\\000\\255.test"):
        code, output, row = ask(lambda q: header() + q + ADDRESS, word, "A")
        assert code == 0 and row["outcome"] == "ok" and row["answer"] == "10.0.0.9" and "NODATA" not in output, (word, output)
    code, output, row = ask(lambda q: header() + q[:1] + q[1:2].swapcase() + q[2:] + record(A, b"\x0a\0\0\x09", owner=q[:-4].upper()), "x.test", "A")
    assert code == 0 and row["outcome"] == "ok", output  # RFC 4343
    code, output, row = ask(lambda q: header() + q + record(A, b"\x0a\0\0\x09", owner=name("y.test")), "x.test", "A")
    assert code == 1 and row["outcome"] == "nodata", output


def test_KN5_errors_without_a_question():
    for rcode, word, code in [(1, "FORMERR", 2), (2, "SERVFAIL", 2), (3, "NXDOMAIN", 1), (4, "NOTIMP", 2), (5, "REFUSED", 1)]:
        for tail, mode in ((b"", ()), (b"\0" + u16(41, 512) + bytes(6), ()), (b"", ("--tcp",))):
            got, output, row = ask(lambda q: header(0x8180 | rcode, (0, 0, 0, len(tail) > 0)) + tail, "x.test", "A", *mode)
            assert got == code and (row is None or row["rcode"] == word) and word in output and "no answer" not in output, (word, tail, output)
            assert row or code == 2, output
    for mode in ((), ("--tcp",)):
        got, output, row = ask(lambda q: header(0x8180, (0, 0, 0, 0)), "x.test", "A", *mode)
        assert got == 1 and row["outcome"] == "malformed" and "no question" in output, output


def test_KN6_referrals_and_dead_aliases():
    referral = lambda owner, flags=0x8000: lambda q: header(flags, (1, 0, 1, 0)) + q + record(NS, name("ns.other.test"), owner=owner)
    for owner in ("test", ".", "x.test"):
        code, output, row = ask(referral(name(owner)), "x.test", "A")
        assert code == 1 and row["outcome"] == "nodata" and f"referral to {owner if owner == '.' else owner + '.'} (ns.other.test.)" in row["why"], output
        assert "NODATA" not in output and "referral" in output, output
        code, output, row = ask(referral(name(owner)), "x.test")
        assert "NODATA" not in output and "referral" in output and [q["outcome"] for q in row["questions"]] == ["nodata"] * 2, output
    # none: the server is authoritative; NS of elsewhere; an SOA means no data
    for make in (referral(name("test"), 0x8400), referral(name("elsewhere")),
                 lambda q: header(0x8000, (1, 0, 2, 0)) + q + record(NS, name("ns.test"), owner=name("test")) + soa(name("test"), 60, 60)):
        code, output, row = ask(make, "x.test", "A")
        assert code == 1 and "NODATA" in output and "referral" not in output, output
    alias = lambda flags, count, tail: lambda q: header(flags, (1, 1, count, 0)) + q + record(CNAME, name("Gone.test")) + tail
    code, output, row = ask(alias(0x8183, 0, b""), "x.test", "A")
    assert code == 1 and row["outcome"] == "nxdomain" and "no such name: Gone.test" in output and "no such name: x.test" not in output, output
    code, output, row = ask(alias(0x8180, 0, b""), "x.test", "A")
    assert code == 1 and row["outcome"] == "nodata" and "NODATA: Gone.test. has no A record" in output, output
    code, output, row = ask(alias(0x8400, 1, record(NS, name("ns.test"), owner=name("test"))), "x.test", "A")
    assert code == 1 and "referral to test." in output and "Gone.test." in output, output
    # an alias that the server, which does not recurse, did not follow: the answer is unknown
    code, output, row = ask(alias(0x8400, 0, b""), "x.test")
    assert code == 1 and "NODATA" not in output and "x.test is an alias of Gone.test., of which" in output, output
    code, output, row = ask(alias(0x8400, 1, soa(name("test"), 60, 60)), "x.test", "A")
    assert code == 1 and "NODATA: Gone.test. has no A record" in output, output
    for command in ("host", "resolve"):
        with Answers(referral(name("test"))) as server:
            done = run(command, "x.test", "--server", f"127.0.0.1:{server.port}")
            assert done.returncode == 1 and "referral" in done.stderr and "NODATA" not in done.stderr, done


def test_KN11_extended_errors_are_shown():
    make = lambda flags: lambda q: header(flags, (1, 0, 0, 1)) + q + ede(7, b"signature expired\x1b[31m\0")
    code, output, row = ask(make(0x8182), "x.test", "A")
    assert code == 2 and "SERVFAIL" in output and "EDE 7 (Signature Expired): signature expired\\x1b[31m" in output and "\x1b" not in output, output
    code, output, row = ask(make(0x8185), "x.test", "A")
    assert code == 1 and row["outcome"] == "refused" and row["ede"] == [{"code": 7, "text": "signature expired\x1b[31m"}], row
    assert "REFUSED" in output and "EDE 7 (Signature Expired): signature expired\\x1b[31m" in output and "\x1b" not in output, output
    code, output, row = ask(lambda q: header(0x8183, (1, 0, 0, 1)) + q + ede(49999, b"\xff\xfe"), "x.test", "A")
    assert code == 1 and row["ede"][0]["code"] == 49999 and "EDE 49999: \\xff\\xfe" in output, (output, row["ede"])
    code, output, row = ask(lambda q: header(0x8180, (1, 1, 0, 1)) + q + ADDRESS + ede(3, b""), "x.test", "A")
    assert code == 0 and "EDE 3 (Stale Answer)" in output and "EDE 3 (Stale Answer)" in row["why"] and row["ede"] == [{"code": 3, "text": None}], (output, row)
    code, output, row = ask(lambda q: header(0x8180, (1, 0, 0, 1)) + q + ede(17, b"by list"), "x.test")
    assert code == 1 and "NODATA: x.test has no record of the types A, AAAA; EDE 17 (Filtered): by list" in output, output
    code, output, row = ask(lambda q: header(0x8180) + q + ADDRESS, "x.test", "A")
    assert row["ede"] == [] and "EDE" not in output, row


def test_KN12_how_long_it_may_be_kept():
    def chain(q):
        return header(counts=(1, 2, 0, 0)) + q + record(CNAME, name("y.test"), ttl=7) + record(A, b"\x0a\0\0\x09", owner=name("y.test"), ttl=300)
    nothing = lambda flags, ttl, minimum: lambda q: header(flags, (1, 0, 1, 0)) + q + soa(name("test"), ttl, minimum)
    for make, ttl in [(chain, 7), (nothing(0x8183, 3600, 20), 20), (nothing(0x8183, 15, 20), 15), (nothing(0x8180, 3600, 20), 20), (nothing(0x8180, 3600, 2**31), 0),
                      (lambda q: header() + q + record(A, b"\x0a\0\0\x09", ttl=2**31), 0), (lambda q: header() + q + record(A, b"\x0a\0\0\x09", ttl=2**31 - 1), 2**31 - 1),
                      (lambda q: header(0x8183, (1, 0, 0, 0)) + q, None), (lambda q: header(0x8182, (1, 0, 0, 0)) + q, None),
                      (lambda q: header(0x8183, (1, 1, 1, 0)) + q + record(CNAME, name("y.test"), ttl=9) + soa(name("test"), 100, 100), 9)]:
        _, output, row = ask(make, "x.test", "A")
        assert row is None or (row["ttl"] == ttl and row["questions"][0]["ttl"] == ttl), (ttl, row)
        assert row or "SERVFAIL" in output, output
    with Answers(chain) as server:
        code, rows = run_json("host", "-4", "x.test", "--server", f"127.0.0.1:{server.port}")
        assert code == 0 and rows[0]["addresses"] == [{"address": "10.0.0.9", "ttl": 7}], rows


def test_KC3_a_failed_lookup_has_its_object():
    refused = lambda q: header(0x8185, (1, 0, 0, 0)) + q
    missing = lambda q: header(0x8183, (1, 0, 0, 0)) + q
    for make, wanted, outcome in ((refused, 2, "servfail"), (missing, 1, "nxdomain")):
        with Answers(make) as server:
            for command in (("host", "x.test"), ("resolve", "x.test:80")):
                code, rows = run_json(*command, "--server", f"127.0.0.1:{server.port}")
                assert code == wanted and len(rows) == 1, (command, code, rows)
                assert rows[0]["outcome"] in (outcome, "refused") and rows[0]["why"] and rows[0]["canonical_name"] is None, rows
                assert rows[0]["attempts"] and rows[0]["input"] == command[1], rows


def test_KN13_records_that_differ_in_case():
    def make(q):
        word = "abc" if kind_of(q) == TXT else "ABC"
        return header(counts=(1, 2, 1, 0)) + q + record(kind_of(q), string(word)) + record(TXT, string(word), owner=name("z.test")) + soa(name("test"), 60, 60)
    _, output, row = ask(make, "x.test", "TXT", "SPF")
    extra = [r["data"] for r in row["records"] if r["name"] == "z.test."]
    assert sorted(extra) == ['"ABC"', '"abc"'], row["records"]
    assert sum(r["section"] == "authority" for r in row["records"]) == 1, row["records"]  # the same twice is shown once


def test_KN15_type_errors_suggest_what_would_be_right():
    for word, wanted in [("AXFR", "transfer"), ("28", "TYPE28 is AAAA"), ("65280", "TYPE65280"), ("ixfr", "transfer"), ("OPT", "EDNS"), ("70000", "65535"), ("TYPE0", "1 to 65535")]:
        done = run("dns", "x.test", word, "@127.0.0.1:9")
        assert done.returncode == 2 and not done.stdout and done.stderr.count("\n") == 1 and wanted in done.stderr, (word, done)
    for word, data, text in [("AMTRELAY", b"\x0a\x81\x0a\0\0\7", "10 1 1 10.0.0.7"), ("resinfo", string("qnamemin"), '"qnamemin"'), ("TYPE28", bytes(15) + b"\1", "::1")]:
        code, output, row = ask(lambda q: header() + q + record(kind_of(q), data), "x.test", word)
        assert code == 0 and row["answer"] == text, (word, output)


def test_another_questions_answer_is_none():
    """RFC 5452 sec. 9.1: what has not our id, name and type is ignored."""
    for make in (lambda q: header() + name("y.test") + q[-4:] + ADDRESS, lambda q: header() + q[:-4] + u16(AAAA, 1) + record(AAAA, bytes(16))):
        with Answers(make) as server:
            code, rows = run_json("dns", "x.test", "A", f"@127.0.0.1:{server.port}", "-W", "300ms")
            assert code == 1 and rows[0]["outcome"] == "timeout", rows


class Pieces(Answers):
    """Sends answers by TCP in pieces, or held back until several go at once."""

    def __init__(self, make, size, hold):
        self.size, self.hold = size, hold
        super().__init__(make)

    def serve_one(self, client):
        with client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            out = b""
            for number in range(1, 100):
                length = client.recv(2, socket.MSG_WAITALL)
                if len(length) < 2:
                    return
                answer = self.answer(client.recv(struct.unpack(">H", length)[0], socket.MSG_WAITALL))
                out += u16(len(answer)) + answer
                while out and number % self.hold == 0:
                    client.sendall(out[:self.size])
                    out = out[self.size:]
                    time.sleep(0.001)


def test_answers_in_pieces_by_tcp():
    good = lambda q: header() + q + (record(A, b"\x0a\0\0\x09") if kind_of(q) == A else record(kind_of(q), bytes(15) + b"\1" if kind_of(q) == AAAA else string("x" * 200)))
    for size, hold in ((1, 1), (3, 1), (1000, 1), (7, 3), (100000, 3)):
        with Pieces(good, size, hold) as server:
            code, rows = run_json("dns", "x.test", "A", "AAAA", "TXT", "--tcp", f"@127.0.0.1:{server.port}", "-W", "5s")
        assert code == 0 and [q["outcome"] for q in rows[0]["questions"]] == ["ok"] * 3 and rows[0]["answers"] == 3, (size, hold, rows)
    big = lambda q: header(counts=(1, 4000, 0, 0)) + q + record(A, b"\x0a\0\0\x09") * 4000
    with Pieces(big, 1460, 1) as server:
        code, rows = run_json("dns", "x.test", "A", "--tcp", f"@127.0.0.1:{server.port}", "-W", "20s")
        assert code == 0 and rows[0]["answers"] == 4000, rows[0]["why"]
    with Pieces(lambda q: good(q)[:-1], 5, 1) as server:
        code, rows = run_json("dns", "x.test", "A", "--tcp", f"@127.0.0.1:{server.port}", "-W", "5s")
        assert code == 1 and rows[0]["outcome"] == "malformed", rows


if __name__ == "__main__":
    main(globals())
