#!/usr/bin/env python3
"""address_properties.py - `ip -` and `mask -` beside Python's ipaddress, a hundred thousand random networks and every length of edge addresses:
parse, canonical form, network, counts, reverse names; the special-purpose entry by a slow second method, straight from the TSV.

Where the two differ, the reason is an RFC:
- RFC 5952 sec. 5: mapped addresses are written ::ffff:1.2.3.4 (Python before 3.13 writes hexadecimal groups).
- RFC 3021: a /31 has two hosts and no broadcast address; ipaddress calls its last address the broadcast address.
- RFC 4291 sec. 2.6.1, RFC 6164: the subnet-router anycast address is counted among a network's addresses; ipaddress leaves it out of hosts()."""
import ipaddress
import json
import pathlib
import random

import harness

SEED = 20261121
COUNT = 100_000
SPECIAL = pathlib.Path(__file__).resolve().parents[2] / "assets" / "iana" / "special-purpose.tsv"
EDGES = ["0.0.0.0", "0.0.0.1", "10.0.0.0", "127.255.255.255", "128.0.0.0", "169.254.0.1", "192.0.0.8", "192.0.0.170", "192.88.99.1", "198.19.255.255",
         "223.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.254", "255.255.255.255", "::", "::1", "::2", "::1.0.0.0",
         "::ffff:0:0", "::ffff:255.255.255.255", "64:ff9b::1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1::1", "2001:2::1", "2001:20::1",
         "2001:db8::", "2002::", "2620:4f:8000::1", "3fff::1", "5f00::1", "fc00::", "fdff:ffff::", "fe80::", "febf::1", "fec0::", "ff00::", "ff02::1",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]


def canonical(addr):
    return f"::ffff:{addr.ipv4_mapped}" if addr.version == 6 and addr.ipv4_mapped else str(addr)


def any_address(rng):
    if rng.random() < 0.5:
        return ipaddress.IPv4Address(rng.choice([rng.getrandbits(32), rng.getrandbits(32) & rng.getrandbits(32)]))
    shape = rng.randrange(4)
    number = rng.getrandbits(128)
    if shape == 0:
        number &= rng.getrandbits(128) & rng.getrandbits(128)
    elif shape == 1:
        number = sum(rng.choice([0, 0, 1, 0xffff, rng.getrandbits(16)]) << 16 * i for i in range(8))
    elif shape == 2:
        number = rng.choice([0x20010db8 << 96, 0x2002 << 112, 0xfe80 << 112, 0xff02 << 112, 0xffff << 32, 0x64ff9b << 96]) | number >> rng.randrange(20, 120)
    return ipaddress.IPv6Address(number % 2**128)


def networks():
    rng = random.Random(SEED)
    found = [(ipaddress.ip_address(text), length) for text in EDGES for length in range((33 if "." in text and ":" not in text else 129))]
    while len(found) < COUNT:
        addr = any_address(rng)
        found.append((addr, rng.randrange(addr.max_prefixlen + 1)))
    return found


def ask(command, lines):
    done = harness.run(command, "-", "--json", stdin="".join(line + "\n" for line in lines), timeout=200)
    assert done.returncode == 0 and done.stderr == "", (done.returncode, done.stderr[:500])
    sheets = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(sheets) == len(lines), (len(sheets), len(lines))
    return sheets


def exploded(addr):
    """All eight groups; ipaddress's own word for it writes mapped addresses otherwise from Python 3.13 on."""
    return addr.packed.hex(":", 2)


def reverse_name(addr):
    return addr.reverse_pointer if addr.version == 4 else ".".join(addr.packed.hex()[::-1]) + ".ip6.arpa"


def check_network(addr, length, sheet):
    net = ipaddress.ip_network((addr, length), strict=False)
    small = net.version == 6 or length >= 31
    anycast = net.version == 6 and length <= 126  # RFC 4291 sec. 2.6.1: the first is the routers'
    wanted = {
        "address": canonical(addr),
        "version": addr.version,
        "expanded": exploded(addr) if addr.version == 6 else addr.packed.hex(),
        "hexadecimal": "0x" + addr.packed.hex(),
        "reverse_name": reverse_name(addr),
        "prefix_length": length,
        "network": canonical(net.network_address),
        "netmask": canonical(net.netmask),
        "netmask_hex": net.netmask.packed.hex(),
        "wildcard": canonical(net.hostmask),
        "host_part": canonical(type(addr)(int(addr) & int(net.hostmask))),
        "broadcast": None if small else str(net.broadcast_address),
        "first_host": canonical(net[1] if not small or anycast else net[0]),
        "last_host": canonical(net[-1] if small else net[-2]),
    }
    for key, value in wanted.items():
        assert sheet[key] == value, f"{addr}/{length}: {key} is {sheet[key]!r}, ipaddress says {value!r}"
    assert int(sheet["addresses"]) == net.num_addresses and int(sheet["usable_hosts"]) == net.num_addresses - (1 if anycast else 0 if small else 2)
    assert int(sheet["decimal"]) == int(addr)
    for key in ("addresses", "usable_hosts", "decimal"):
        assert isinstance(sheet[key], int) == (int(sheet[key]) <= 2**53), (key, sheet[key])
    bits = f"{int(addr):0{addr.max_prefixlen}b}"
    assert sheet["address_binary"].replace(".", "").replace(":", "") == bits


def check_zone(addr, length, sheet):
    """The reverse zone, from the reverse name: whole labels, and for IPv4 nothing longer than a /24's (RFC 2317)."""
    net = ipaddress.ip_network((addr, length), strict=False)
    label, longest = (8, 24) if addr.version == 4 else (4, 124)
    rounded = min(-(-length // label) * label, longest)
    skip = (addr.max_prefixlen - rounded) // label
    zone = reverse_name(net.network_address).split(".", skip)[-1] if skip else reverse_name(net.network_address)
    assert sheet["reverse_zone"] == zone, (addr, length, sheet["reverse_zone"], zone)
    assert sheet["reverse_zones"] == 2 ** max(0, rounded - length)


def test_a_hundred_thousand_networks():
    asked = networks()
    for (addr, length), sheet in zip(asked, ask("mask", [f"{addr}/{length}" for addr, length in asked])):
        check_network(addr, length, sheet)
        check_zone(addr, length, sheet)
        assert sheet["read_as"].startswith(f"IPv{addr.version} network"), sheet["read_as"]
    assert len(asked) == COUNT


def test_format_and_parse_are_each_others_inverse():
    """Every spelling of an address in the sheet is read back as the same address."""
    asked = [addr for addr, _ in networks()[::10]]
    sheets = ask("ip", [str(addr) for addr in asked])
    spellings = []
    for addr, sheet in zip(asked, sheets):
        spellings += [(sheet["address"], addr), (sheet["reverse_name"], addr), (f"[{addr}]:80" if addr.version == 6 else f"{addr}:80", addr)]
        if addr.version == 6:
            spellings.append((sheet["expanded"], addr))
        if int(addr) > 65535 and (addr.version == 4 or int(addr) >= 2**32):
            spellings.append((str(sheet["decimal"]), addr))
    for (text, addr), sheet in zip(spellings, ask("ip", [spelling[0] for spelling in spellings])):
        assert sheet["address"] == canonical(addr), (text, sheet["address"], sheet["read_as"])


def special_rows():
    rows = []
    for line in SPECIAL.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        for text in cells[0].replace(" ", "").split(","):
            try:
                rows.append((ipaddress.ip_network(text.split("[")[0]), cells))
            except ValueError:
                continue
    return rows


def test_special_purpose_by_a_slow_second_method():
    rows = special_rows()
    assert len(rows) > 40
    rng = random.Random(SEED)
    asked = [net[offset] for net, _ in rows for offset in (0, -1)]
    asked += [net[0] - 1 for net, _ in rows if int(net[0]) > 0] + [net[-1] + 1 for net, _ in rows if int(net[-1]) < 2**net.max_prefixlen - 1]
    asked += [net[rng.randrange(net.num_addresses)] for net, _ in rows for _ in range(200)] + [any_address(rng) for _ in range(5000)]
    found = 0
    for addr, sheet in zip(asked, ask("ip", [str(addr) for addr in asked])):
        holding = [(net, cells) for net, cells in rows if net.version == addr.version and addr in net]
        special = sheet["special_purpose"]
        assert (special is None) == (not holding), (addr, special, holding)
        if not holding:
            continue
        found += 1
        net, cells = max(holding, key=lambda row: row[0].prefixlen)
        assert ipaddress.ip_network(special["prefix"]) == net, (addr, special, net)
        assert special["name"] == cells[1].strip(), (addr, special["name"], cells)
        assert special["registry"]
        flags = [special[key] for key in ("source", "destination", "forwardable", "globally_reachable", "reserved_by_protocol")]
        wanted = [{"true": True, "false": False}.get(cell.split("[")[0].strip().lower()) for cell in cells[-5:]]
        assert flags == wanted, (addr, flags, cells)
    assert found > 5000


def test_ranges_are_counted_exactly():
    rng = random.Random(SEED)
    pairs = []
    for _ in range(5000):
        a, b = any_address(rng), any_address(rng)
        if a.version == b.version:
            pairs.append((min(a, b), max(a, b)))
    top = ipaddress.IPv6Address(2**128 - 1)
    pairs.append((ipaddress.IPv6Address(0), top))
    for (a, b), sheet in zip(pairs, ask("ip", [f"{a}-{b}" for a, b in pairs])):
        assert int(sheet["range"]["addresses"]) == int(b) - int(a) + 1
        within = ipaddress.ip_network(sheet["range"]["within"])
        assert a in within and b in within
        assert within.prefixlen == within.max_prefixlen or not any(a in half and b in half for half in within.subnets())


if __name__ == "__main__":
    harness.main(globals())
