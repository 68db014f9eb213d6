#!/usr/bin/env python3
"""dns_malformed.py - malformed answers of every record type: the outcome is that of a parser written from the RFCs (lib/dns_wire.py).
Well-formed ones are shown as dig shows them, and nsupdate reads them back to the same bytes. Rows KN4 to KN8, KN10."""
import concurrent.futures
import functools
import json
import random
import re
import socket
import struct
import subprocess
import threading

import dns_wire
from dns_wire import header, name, record, u16, u32, why_malformed
from harness import main, need, run


class Server:
    """A name server, UDP and TCP on one port of loopback, whose answer to cN.test is that of case N."""

    def __init__(self, cases):
        self.cases, self.updates = cases, []
        while True:
            self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.udp.bind(("127.0.0.1", 0))
            self.port = self.udp.getsockname()[1]
            self.tcp = socket.socket()
            try:
                self.tcp.bind(("127.0.0.1", self.port))
                break
            except OSError:
                self.udp.close()
                self.tcp.close()
        self.tcp.listen(64)
        for serve in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for s in (self.udp, self.tcp):
            s.shutdown(socket.SHUT_RDWR) if s is self.tcp else None
            s.close()

    def answer(self, question):
        if question[2] >> 3 & 15 == 5:  # UPDATE, from nsupdate
            self.updates.append(question)
            return question[:2] + b"\xa8\x00" + bytes(8)
        end = question.index(b"\0", 12) + 5
        return question[:2] + self.cases[int(question[14:12 + 1 + question[12]])].message(question[12:end])[2:]

    def serve_udp(self):
        while True:
            try:
                question, sender = self.udp.recvfrom(65535)
                self.udp.sendto(self.answer(question), sender)
            except (OSError, ValueError, IndexError):
                if self.udp.fileno() < 0:
                    return

    def serve_tcp(self):
        while True:
            try:
                client, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self.serve_one, args=(client,), daemon=True).start()

    def serve_one(self, client):
        with client:
            try:
                length = client.recv(2, socket.MSG_WAITALL)
                while len(length) == 2:
                    answer = self.answer(client.recv(struct.unpack(">H", length)[0], socket.MSG_WAITALL))
                    client.sendall(u16(len(answer)) + answer)
                    length = client.recv(2, socket.MSG_WAITALL)
            except OSError:
                pass


class Case:
    def __init__(self, what, kind, make, tcp=False):
        self.what, self.kind, self.make, self.tcp = what, kind, make, tcp

    def message(self, question):
        return self.make(question)


def one(kind, data, **more):
    """An answer with one record."""
    return lambda question: header() + question + record(kind, data, **more)


def cases_of_type(kind, rng):
    word, _, *samples = dns_wire.TYPES[kind]
    for sample in samples:
        yield Case(f"{word} good", kind, one(kind, sample))
    data = samples[0]
    for what, changed in [("its last byte gone", data[:-1]), ("half of it", data[:len(data) // 2]), ("no data", b""), ("one byte", data[:1]), ("a zero more", data + b"\0"),
                          ("three bytes more", data + b"abc"), ("a name by pointer", b"\xc0\x0c"), ("numbers, then a pointer", data[:2] + b"\xc0\x0c"),
                          ("a pointer forward", data[:2] + b"\xff\xff"), ("zeros", bytes(len(data))), ("ones", b"\xff" * len(data))]:
        yield Case(f"{word} {what}", kind, one(kind, changed))
    yield Case(f"{word} RDLENGTH one more", kind, one(kind, data, length=len(data) + 1))
    yield Case(f"{word} RDLENGTH one less", kind, one(kind, data, length=max(0, len(data) - 1)))
    yield Case(f"{word} class CH", kind, one(kind, data, klass=3))
    yield Case(f"{word} followed by another that is cut", kind, lambda q, d=data: header(counts=(1, 2, 0, 0)) + q + record(kind, d) + record(kind, d)[:7])
    for sample in samples:
        for _ in range(3):
            changed = bytearray(sample or b"x")
            changed[rng.randrange(len(changed))] = rng.choice([0, 1, 63, 64, 192, 255, rng.randrange(256)])
            yield Case(f"{word} a byte changed: {changed.hex()}", kind, one(kind, bytes(changed)))


def cases_of_messages():
    a = b"\x0a\0\0\7"
    good = record(1, a)
    opt = b"\0" + u16(41, 1232) + u32(0)
    for what, flags, counts, tail in [
            ("NOTIFY", 0xa180, (1, 1, 0, 0), good), ("opcode 15", 0xf980, (1, 1, 0, 0), good), ("a question", 0x0180, (1, 1, 0, 0), good),
            ("no record though counted", 0x8180, (1, 1, 0, 0), b""), ("a record not counted", 0x8180, (1, 0, 0, 0), good), ("65535 records", 0x8180, (1, 65535, 0, 0), good),
            ("a record in no section", 0x8180, (1, 1, 0, 0), good + good), ("a bad glue record", 0x8180, (1, 1, 0, 1), good + record(28, a)),
            ("a bad authority", 0x8180, (1, 1, 1, 0), good + record(6, a)), ("a bad record beside an error", 0x8182, (1, 0, 1, 0), record(6, a)),
            ("OPT in the answer", 0x8180, (1, 2, 0, 0), good + opt + u16(0)), ("two OPT", 0x8180, (1, 1, 0, 2), good + 2 * (opt + u16(0))),
            ("OPT of another name", 0x8180, (1, 1, 0, 1), good + b"\1" + b"x" + opt + u16(0)), ("an option past the end", 0x8180, (1, 1, 0, 1), good + opt + u16(4, 15, 2)),
            ("half an option", 0x8180, (1, 1, 0, 1), good + opt + u16(2, 15)), ("an EDE of a byte", 0x8180, (1, 1, 0, 1), good + opt + u16(5, 15, 1) + b"\0"),
            ("a record of type ANY", 0x8180, (1, 2, 0, 0), good + record(255, b"")), ("a record of type 0", 0x8180, (1, 2, 0, 0), good + record(0, b"")),
            ("a record of type AXFR", 0x8180, (1, 2, 0, 0), good + record(252, b"")), ("class 0", 0x8180, (1, 2, 0, 0), good + record(1, a, klass=0)),
            ("class ANY", 0x8180, (1, 2, 0, 0), good + record(1, a, klass=255)), ("class HS", 0x8180, (1, 2, 0, 0), good + record(1, a, klass=4)),
            ("an owner that points to itself", 0x8180, (1, 1, 0, 0), record(1, a, owner=b"\xc0\x19")), ("an owner that points forward", 0x8180, (1, 1, 0, 0), record(1, a, owner=b"\xc0\x40")),
            ("an owner that points into the header", 0x8180, (1, 1, 0, 0), record(1, a, owner=b"\xc0\x04")), ("a label of 64", 0x8180, (1, 1, 0, 0), record(1, a, owner=b"\x40" + b"x" * 64 + b"\0")),
            ("an owner of 256", 0x8180, (1, 2, 0, 0), good + record(1, a, owner=(b"\x3f" + b"x" * 63) * 4 + b"\0")), ("an owner of 255", 0x8180, (1, 2, 0, 0), good + record(1, a, owner=(b"\x3f" + b"x" * 63) * 3 + b"\x3d" + b"x" * 61 + b"\0")),
            ("a chain of 60 pointers", 0x8180, (1, 3, 0, 0), good + record(65280, b"\xc0\x0c" + b"".join(u16(0xc000 | 0x35 + 2 * i) for i in range(60))) + record(1, a, owner=u16(0xc000 | 0x35 + 120))),
            ("TSIG of class ANY", 0x8180, (1, 1, 0, 1), good + record(250, b"\0" * 16, klass=255)), ("fine", 0x8180, (1, 1, 0, 0), good)]:
        for tcp in (False, True):
            yield Case(f"{what}{' by TCP' * tcp}", 1, lambda q, f=flags, c=counts, t=tail: header(f, c) + q + t, tcp)
    yield Case("truncated by TCP", 1, lambda q: header(0x8380) + q + good, True)
    yield Case("no question, NOERROR", 1, lambda q: header(0x8180, (0, 0, 0, 0)))
    yield Case("no question, NOERROR, a record", 1, lambda q: header(0x8180, (0, 1, 0, 0)) + record(1, a, owner=q[:-4]))
    yield Case("two questions", 1, lambda q: header(0x8180, (2, 1, 0, 0)) + q + q + good)
    yield Case("a question of class CH", 1, lambda q: header() + q[:-2] + u16(3) + good)
    for cut in range(2, 49):
        yield Case(f"a message cut at {cut}", 1, lambda q, n=cut: (header() + q + good)[:n])
    yield Case("a header alone, with counts", 1, lambda q: header(0x8180, (0, 1, 0, 0)))


def all_cases():
    rng = random.Random(20261129)
    cases = [case for kind in dns_wire.TYPES for case in cases_of_type(kind, rng)] + list(cases_of_messages())
    return cases


def ask(port, number, case):
    done = run("dns", f"c{number}.test", f"TYPE{case.kind}", f"@127.0.0.1:{port}", "--json", "-W", "5s", *(["--tcp"] if case.tcp else []))
    lines = done.stdout.splitlines()
    return done, json.loads(lines[-1]) if lines else None


def expected(number, case):
    question = name(f"c{number}.test") + u16(case.kind, 1)
    message = case.message(question)
    why = why_malformed(message, question, case.tcp)
    if why:
        return "malformed", why
    if message[3] & 15:
        return "servfail", None
    return ("ok" if message[6:8] != b"\0\0" else "nodata"), None


def test_KN7_KN8_outcomes_are_the_references():
    cases = all_cases()
    faults, counts, types = [], {}, set()

    def work(item):
        number, case = item
        wanted, why = expected(number, case)
        done, row = ask(server.port, number, case)
        code = {"ok": 0, "servfail": 2}.get(wanted, 1)
        output = done.stderr + (row["why"] or "" if row else "")
        named = wanted != "malformed" or re.search(r"malformed answer from 127\.0\.0\.1:\d+: \S", output)
        if row is None or row["outcome"] != wanted or done.returncode != code or "memory" in output or not named:
            faults.append(f"{case.what}: wanted {wanted} ({why}), exit {code}; exit {done.returncode}, {row and row['outcome']}: {output[:150]}")
        return case.kind, wanted

    with Server(cases) as server, concurrent.futures.ThreadPoolExecutor(4) as pool:
        for kind, wanted in pool.map(work, enumerate(cases)):
            counts[wanted] = counts.get(wanted, 0) + 1
            if wanted == "malformed":
                types.add(kind)
    print(f"  {len(cases)} answers, {counts}, malformed ones of {len(types)} types")
    for fault in faults[:40]:
        print("  " + fault)
    assert not faults, f"{len(faults)} of {len(cases)}"
    assert counts["malformed"] >= 500 and len(types) >= 60 and counts["ok"] >= 60, (counts, types)


def test_B5_garbage_with_the_right_id():
    """Nobody's answer, or a malformed one: told within the time, by an exit code that says no."""
    rng = random.Random(5)
    cases = [Case(f"garbage of {n}", 1, lambda q, b=rng.randbytes(n): b) for n in [*range(40), 100, 512, 1400, 4096]]
    cases += [Case(f"an answer's head, garbage of {n}", 1, lambda q, b=rng.randbytes(n): header(0x8180, (1, 1, 0, 0)) + q + b) for n in range(1, 40, 3)]
    ends, faults = {}, []

    def work(item):
        number, case = item
        done = run("dns", f"c{number}.test", "A", f"@127.0.0.1:{server.port}", "--json", "-W", "500ms")
        row = json.loads(done.stdout.splitlines()[-1]) if done.stdout else None
        ends.setdefault(row and row["outcome"], []).append(case.what)
        if not row or done.returncode != 1 or row["outcome"] not in ("malformed", "timeout") or (row["waited_seconds"] or 0) > 1.5:
            faults.append((case.what, done))

    with Server(cases) as server, concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(work, enumerate(cases)))
    assert not faults, faults[:5]
    assert len(ends["malformed"]) >= 13, ends


def good_cases():
    return [Case(word, kind, one(kind, sample)) for kind, (word, _, *samples) in dns_wire.TYPES.items() for sample in samples]


def texts_of(server, cases):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda item: ask(server.port, *item), enumerate(cases)))
    for case, (done, row) in zip(cases, rows):
        assert done.returncode == 0 and len(row["records"]) == 1, (case.what, done)
    return [row["records"][0]["data"] for _, row in rows]


def test_KN10_shown_as_dig_does():
    need("dig")
    cases = good_cases()
    with Server(cases) as server:
        ours = texts_of(server, cases)
        words = [w for number, case in enumerate(cases) for w in (f"c{number}.test", f"TYPE{case.kind}", "+noall", "+answer", "+nosplit", "+onesoa", "+norec", "+tries=1")]
        done = subprocess.run(["dig", "@127.0.0.1", "-p", str(server.port), *words], capture_output=True, text=True, timeout=120)
    theirs = {}
    for line in done.stdout.splitlines():
        parts = re.split(r"\s+", line, maxsplit=4)
        if re.match(r"c[0-9]+\.test\.\s", line) and len(parts) >= 4:
            theirs[int(parts[0].split(".")[0][1:])] = parts[4] if len(parts) > 4 else ""
    known, differ = 0, []
    for number, (case, text) in enumerate(zip(cases, ours)):
        other = theirs.get(number)
        if other is None or (other.startswith("\\#") and not text.startswith("\\#")) or (text.startswith("\\#") and not other.startswith("\\#")):
            print(f"  {case.what}: here {text!r}, dig {other!r}")
            continue
        known += 1
        if text != re.sub("  ", " ", other) if case.what == "A6" else text != other:
            differ.append(f"{case.what}: here {text!r}, dig {other!r}")
    print(f"  {known} of {len(cases)} in dig's form")
    assert not differ, "\n  ".join(differ)
    assert known >= 90, known


def kdig_short(port, number, kind):
    done = subprocess.run(["kdig", "@127.0.0.1", "-p", str(port), f"c{number}.test", f"TYPE{kind}", "+short", "+norec", "+retry=0"],
                          capture_output=True, text=True, timeout=20)
    return done.stdout.rstrip("\n").rstrip(" ")


def bytes_of(server, case, text):
    """What BIND's parser makes of a record's text; None: nothing."""
    server.updates.clear()
    if text.startswith("\\#"):
        return bytes.fromhex("".join(text.split()[2:]))
    word = case.what if case.what in known_words() else f"TYPE{case.kind}"
    return sent(server.updates[-1], case.kind) if updated(server.port, case.kind, word, text) else None


def test_short_is_kdigs():
    """The text that kdig +short has; where each has a form of its own (dig's here), or kdig none but RFC 3597's, the same bytes."""
    need("kdig")
    need("nsupdate")
    cases, same, forms, bare = good_cases(), 0, [], []
    with Server(cases) as server:
        for number, case in enumerate(cases):
            done = run("dns", f"c{number}.test", f"TYPE{case.kind}", "--short", f"@127.0.0.1:{server.port}")
            ours, theirs = done.stdout.rstrip("\n"), kdig_short(server.port, number, case.kind)
            assert done.returncode == 0 and done.stdout.count("\n") == 1, (case.what, done)
            if ours == theirs:
                same += 1
                continue
            question = name(f"c{number}.test") + u16(case.kind, 1)
            message = case.message(question)
            data = dns_wire.expand(case.kind, message, 12 + len(question) + 12, len(message))
            if theirs.startswith("\\#"):
                assert bytes_of(server, case, theirs) == data, (case.what, theirs)
                bare.append(case.what)
            elif ours.startswith("\\#"):  # kdig has a form that lacks something, or fails
                assert bytes_of(server, case, ours) == data, (case.what, ours)
                forms.append(f"{case.what}: {theirs!r}")
            else:
                assert bytes_of(server, case, theirs) == bytes_of(server, case, ours) == data, (case.what, ours, theirs)
                forms.append(case.what)
    print(f"  {same} of {len(cases)} the same text; other forms of the same bytes: {' '.join(forms)}; kdig has no form of: {' '.join(bare)}")
    assert same >= 60, same


def updated(port, kind, word, text):
    """What nsupdate sends for a record of that text: whether it took it."""
    script = f"server 127.0.0.1 {port}\nzone test.\ncheck-names no\nupdate add u.test. 60 IN {word} {text}\nsend\n"
    done = subprocess.run(["nsupdate", "-t", "3", "-u", "3"], input=script, capture_output=True, text=True, timeout=20)
    return done.returncode == 0


def sent(update, kind):
    """The RDATA of an UPDATE's one record. RFC 2136 sec. 2."""
    at = dns_wire.read_name(update, 12, len(update)) + 4
    at = dns_wire.read_name(update, at, len(update))
    length = int.from_bytes(update[at + 8:at + 10], "big")
    return dns_wire.expand(kind, update, at + 10, at + 10 + length)


def test_KN10_reads_back_to_the_same_bytes():
    """By another parser, BIND's: nsupdate, whose message comes back to us."""
    need("nsupdate")
    cases = good_cases()
    read, refused, types = 0, [], set()
    with Server(cases) as server:
        for number, (case, text) in enumerate(zip(cases, texts_of(server, cases))):
            question = name(f"c{number}.test") + u16(case.kind, 1)
            message = case.message(question)
            at = 12 + len(question) + 12
            server.updates.clear()
            word = case.what if case.what in known_words() else f"TYPE{case.kind}"
            if not updated(server.port, case.kind, word, text):
                refused.append(f"{case.what} {text}")
                continue
            assert sent(server.updates[-1], case.kind) == dns_wire.expand(case.kind, message, at, len(message)), (case.what, text)
            read += 1
            types.add(case.kind)
    print(f"  {read} of {len(cases)} read back, {len(types)} types; refused: {'; '.join(refused)}")
    assert len(types) >= 60, types


@functools.cache
def known_words():
    """Types whose words nsupdate takes."""
    words = {word for word, *_ in dns_wire.TYPES.values()}
    return {word for word in words if not word.startswith("TYPE") and "unknown" not in nsupdate_of(word)}


def nsupdate_of(word):
    done = subprocess.run(["nsupdate"], input=f"update delete u.test. {word}\nquit\n", capture_output=True, text=True, timeout=20)
    return done.stdout + done.stderr


if __name__ == "__main__":
    main(globals())
