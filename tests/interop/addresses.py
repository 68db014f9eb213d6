#!/usr/bin/env python3
"""addresses.py - `ip` and `mask` beside Python's ipaddress: random and edge-case texts are accepted or refused by both and mean the same.

Known differences: Python before 3.13 writes mapped addresses in hexadecimal, and takes any zone; zones are left to the unit tests."""
import ipaddress
import json
import random
import re

import harness

# What is read as something else than an address (a network, a port behind it, a hardware address) is no address for ipaddress either.
PLAIN = re.compile(r"(IPv4|IPv6|IPv4-mapped IPv6) address(;|$)")
SEED = 20260101  # fixed, so that a failure is found again


def canonical(text):
    """What RFC 5952 makes of it, or None where it is no address."""
    try:
        addr = ipaddress.ip_address(text)
    except ValueError:
        return None
    if addr.version == 6 and addr.ipv4_mapped:
        return f"::ffff:{addr.ipv4_mapped}"
    return str(addr)


def random_six(rng):
    groups = [rng.choice([0, 0, 0, 1, rng.getrandbits(16), rng.getrandbits(4)]) for _ in range(8)]
    style = rng.randrange(4)
    if style == 0:
        return str(ipaddress.IPv6Address(sum(g << 16 * (7 - i) for i, g in enumerate(groups))))
    text = ":".join(("%04X" if style == 1 else "%x") % g for g in groups)
    if style == 3:
        text = ":".join("%x" % g for g in groups[:6]) + ":%d.%d.%d.%d" % tuple(rng.getrandbits(8) for _ in range(4))
        return text.replace("0:0:0", ":", 1) if rng.random() < 0.5 else text
    return text


def mutated(rng, text):
    """One to three small accidents of the kind that fingers make."""
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(text) + 1)
        what = rng.randrange(3)
        if what == 0:
            text = text[:at] + rng.choice(":.0123456789abcdefg") + text[at:]
        elif what == 1:
            text = text[:at] + text[at + 1:]
        else:
            text = text[:at] + text[at:at + 2] + text[at:]
    return text


def texts():
    rng = random.Random(SEED)
    found = ["0.0.0.0", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", "::", "::1", "1::", ":::", "1:2:3:4:5:6:7::",
             "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1.2.3.4", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4",
             "::1.2.3.4:5", "12345::", "g::", "1.2.3.4/8", "0:0:0:0:0:0:0:0", "::0001", "::00001", "1:0:0:1:0:0:0:1", "1:0:0:0:1:0:0:1"]
    for _ in range(4000):
        found.append(".".join(str(rng.choice([0, 1, 10, 127, 255, rng.getrandbits(8)])) for _ in range(4)))
        found.append(random_six(rng))
    found += [mutated(rng, text) for text in list(found) for _ in range(2)]
    # A lone dash asks for standard input, which this is already; an empty line is skipped.
    return [text for text in found if text.strip() and text != "-" and not text.startswith("-")]


def test_ip_agrees_with_ipaddress():
    asked = texts()
    done = harness.run("ip", "--json", "-", stdin="".join(text + "\n" for text in asked), timeout=120)
    answered = {}
    for line in done.stdout.splitlines():
        sheet = json.loads(line)
        answered[sheet["input"]] = sheet
    taken = other = 0
    for text in asked:
        wanted, sheet = canonical(text), answered.get(text)
        if sheet and not PLAIN.match(sheet["read_as"]):
            assert wanted is None, (text, sheet["read_as"])
            other += 1
            continue
        assert (sheet is None) == (wanted is None), f"{text!r}: ipaddress says {wanted}, sounder {sheet and sheet['address']}"
        if sheet:
            taken += 1
            assert sheet["address"] == wanted, (text, sheet["address"], wanted)
            assert sheet["version"] == ipaddress.ip_address(text).version
            assert sheet["reverse_name"] == ipaddress.ip_address(text).reverse_pointer
    refused = len(asked) - taken - other
    assert taken > 5000 and refused > 2000, (taken, refused)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == refused, (done.returncode, refused, len(done.stderr.splitlines()))


def check_mask(addr, length, sheet):
    net = ipaddress.ip_interface(f"{addr}/{length}").network
    size = net.num_addresses
    assert sheet["prefix_length"] == length
    assert sheet["network"] == canonical(str(net.network_address)), sheet
    assert sheet["netmask"] == canonical(str(net.netmask)), sheet
    assert sheet["wildcard"] == canonical(str(net.hostmask)), sheet
    assert sheet["netmask_hex"] == net.netmask.packed.hex(), sheet
    host = ipaddress.ip_address(int(addr) & int(net.hostmask)) if addr.version == 4 else ipaddress.IPv6Address(int(addr) & int(net.hostmask))
    if addr.version == 6:
        assert ipaddress.ip_address(sheet["host_part"]) == host, sheet
        assert sheet["broadcast"] is None and sheet["class"] is None
        usable = size - (length <= 126)
    else:
        assert sheet["host_part"] == str(host), sheet
        assert sheet["broadcast"] == (str(net.broadcast_address) if length < 31 else None), sheet
        usable = size - 2 if length < 31 else size
    assert int(sheet["usable_hosts"]) == usable and isinstance(sheet["usable_hosts"], int) == (usable <= 2**53), sheet
    first, last = (1 if length < 31 else 0,) * 2 if addr.version == 4 else (1 if length <= 126 else 0, 0)
    assert ipaddress.ip_address(sheet["first_host"]) == net[first] and ipaddress.ip_address(sheet["last_host"]) == net[-1 - last], sheet


def test_mask_agrees_with_ipaddress():
    rng = random.Random(SEED)
    cases = [(ipaddress.IPv4Address(rng.getrandbits(32)), length) for length in range(33)]
    cases += [(ipaddress.IPv6Address(rng.getrandbits(128)), length) for length in (*range(0, 129, 7), 63, 64, 65, 127, 128)]
    for addr, length in cases:
        code, sheets = harness.run_json("mask", f"{addr}/{length}")
        assert code == 0 and len(sheets) == 1
        check_mask(addr, length, sheets[0])
        if addr.version == 4:
            netmask = ipaddress.ip_network(f"0.0.0.0/{length}").netmask
            code, again = harness.run_json("mask", addr, netmask)
            assert code == 0 and again[0]["network"] == sheets[0]["network"]


def test_bad_text_is_named():
    for args in (["ip", "10.1.2.300"], ["mask", "10.1.2.3/33"], ["mask", "224.0.0.1"], ["port", "70000"], ["protocol", "256"]):
        for more in ([], ["--json"]):
            done = harness.run(*args, *more)
            assert done.returncode == 2 and done.stdout == "", (args, done)
            assert len(done.stderr.splitlines()) == 1 and args[1].split("/")[-1] in done.stderr, (args, done.stderr)


def test_nothing_found_is_one():
    for args in (["port", "no-such-service"], ["protocol", "no-such-protocol"], ["port", "0"]):
        done = harness.run(*args, "--json")
        assert done.returncode == 1 and done.stdout == "", (args, done)


if __name__ == "__main__":
    harness.main(globals())
