#!/usr/bin/env python3
"""subnet.py - `subnet` beside Python's ipaddress (splits, merges, what is left, who holds what, counts) and beside grepcidr, ipcalc-ng and
sipcalc. Everything goes through the built binary, in batches. A test named ..._differs... holds a case where a peer is wrong or
asks for less, and has the reason why ours differs."""
import ipaddress
import json
import random
import re
import subprocess

import harness

SEED = 20260102  # fixed, so that a failure is found again
BITS = {4: 32, 6: 128}


def ask(*args, stdin=None, timeout=120):
    """Exit code and sheets."""
    return harness.run_json("subnet", *args, stdin=stdin, timeout=timeout)


def prefixes(*args, stdin=None):
    """The networks of an answer, exit code checked."""
    code, sheets = ask(*args, stdin=stdin)
    assert code == 0, (args, code)
    return [ipaddress.ip_network(s["prefix"]) for s in sheets]


def random_network(rng, version, low=0, high=None):
    length = rng.randint(low, BITS[version] if high is None else high)
    kind = ipaddress.IPv4Network if version == 4 else ipaddress.IPv6Network
    value = rng.getrandbits(BITS[version])
    if rng.random() < 0.1:
        value = rng.choice((0, (1 << BITS[version]) - 1))
    return kind((value >> BITS[version] - length << BITS[version] - length, length))


def lines(things):
    return "".join(f"{thing}\n" for thing in things)


def by_place(net):
    return net.version, int(net.network_address), net.prefixlen


def collapsed(nets):
    return [n for version in (4, 6) for n in ipaddress.collapse_addresses(n for n in nets if n.version == version)]


# ---- beside ipaddress ----

def test_sort_and_every_figure_of_100000_networks():
    """Parse, format, first, last, length and number of addresses: 100,000 random networks and every length of both versions."""
    rng = random.Random(SEED)
    nets = [random_network(rng, rng.choice((4, 6))) for _ in range(100_000)]
    for version in (4, 6):
        for length in range(BITS[version] + 1):
            nets += [random_network(rng, version, length, length) for _ in range(2)]
    code, sheets = ask("sort", "-", stdin=lines(nets))
    nets.sort(key=by_place)
    assert code == 0 and len(sheets) == len(nets)
    for net, sheet in zip(nets, sheets):
        assert ipaddress.ip_network(sheet["prefix"]) == net and sheet["version"] == net.version, (net, sheet)
        assert sheet["prefix_length"] == net.prefixlen, (net, sheet)
        assert ipaddress.ip_address(sheet["first"]) == net[0] and ipaddress.ip_address(sheet["last"]) == net[-1], (net, sheet)
        assert int(sheet["addresses"]) == net.num_addresses, (net, sheet)
        assert isinstance(sheet["addresses"], int) == (net.num_addresses <= 2**53), (net, sheet)


def test_contains_of_100000_addresses():
    """The longest of 2,000 nested networks that holds each address."""
    rng = random.Random(SEED + 1)
    nets = {random_network(rng, 4, 6, 28) for _ in range(1000)} | {random_network(rng, 6, 6, 60) for _ in range(1000)}
    by_length = {}
    for net in nets:
        by_length.setdefault((net.version, net.prefixlen), {})[int(net.network_address)] = net
    asked = []
    for _ in range(50_000):
        net = rng.choice(tuple(nets)) if rng.random() < 0.001 else None
        asked.append(net[rng.choice((0, -1))] if net else ipaddress.IPv4Address(rng.getrandbits(32)))
        asked.append(ipaddress.IPv6Address(rng.getrandbits(128)))
    for net in nets:
        first, last = int(net[0]), int(net[-1])
        asked += [net[0], net[-1]] + [type(net[0])(v) for v in (first - 1, last + 1) if 0 <= v < 1 << BITS[net.version]]
    with harness.folder() as folder:
        (folder / "nets").write_text(lines(nets))
        done = harness.run("subnet", "contains", folder / "nets", "-", "--json", stdin=lines(asked))
    code, sheets = done.returncode, [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == "", done.stderr[:500]
    assert code == 1 and len(sheets) == len(asked), (code, len(sheets), len(asked))
    for addr, sheet in zip(asked, sheets):
        value, bits = int(addr), BITS[addr.version]
        wanted = next((found for length in range(bits, -1, -1) if (addr.version, length) in by_length
                       for found in [by_length[addr.version, length].get(value >> bits - length << bits - length)] if found), None)
        assert sheet["contained"] == (wanted is not None), (addr, wanted, sheet)
        assert wanted is None or ipaddress.ip_network(sheet["prefix"]) == wanted, (addr, wanted, sheet)


def test_contains_of_networks():
    rng = random.Random(SEED + 2)
    outer = ipaddress.ip_network("10.32.0.0/11")
    asked = [random_network(rng, 4, 4, 32) for _ in range(2000)] + [ipaddress.ip_network((int(outer[0]) + (i << 8), 24)) for i in range(0, 8192, 7)]
    _, sheets = ask("contains", outer, "-", stdin=lines(asked))
    for net, sheet in zip(asked, sheets, strict=True):
        assert sheet["contained"] == net.subnet_of(outer), (net, sheet)


def test_merge_is_collapse():
    rng = random.Random(SEED + 3)
    for count in (1, 2, 10, 300, 20_000):
        nets = merge_input(rng, count)
        assert prefixes("merge", "-", stdin=lines(nets)) == collapsed(nets)


def merge_input(rng, count):
    """Close together, so that many touch and overlap."""
    nets = []
    for _ in range(count):
        if rng.random() < 0.7:
            nets.append(ipaddress.ip_network((0x0A000000 + (rng.getrandbits(12) << 6), rng.choice((24, 25, 26, 27, 32))), strict=False))
        else:
            nets.append(ipaddress.ip_network(((0x20010DB8 << 96) + (rng.getrandbits(10) << 60), rng.choice((60, 61, 64, 128))), strict=False))
    return nets


def test_cover_of_ranges_is_summarize():
    rng = random.Random(SEED + 4)
    edge = {4: (0, 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1), 6: (0, 1, 2**127 - 1, 2**127, 2**128 - 2, 2**128 - 1)}
    for version, kind in ((4, ipaddress.IPv4Address), (6, ipaddress.IPv6Address)):
        pairs = [(a, b) for a in edge[version] for b in edge[version] if a <= b]
        pairs += [tuple(sorted(rng.getrandbits(BITS[version]) for _ in range(2))) for _ in range(60)]
        for first, last in pairs:
            wanted = list(ipaddress.summarize_address_range(kind(first), kind(last)))
            assert prefixes("cover", f"{kind(first)}-{kind(last)}") == wanted, (first, last)


def test_exclude_is_address_exclude():
    rng = random.Random(SEED + 5)
    for version in (4, 6):
        for _ in range(60):
            outer = random_network(rng, version, 0, BITS[version] - 1)
            more = rng.randint(outer.prefixlen + 1, BITS[version])
            value = int(outer[0]) + (rng.getrandbits(more - outer.prefixlen) << BITS[version] - more)
            inner = ipaddress.ip_network((value, more)) if version == 4 else ipaddress.IPv6Network((value, more))
            assert prefixes("exclude", outer, inner) == sorted(outer.address_exclude(inner), key=by_place), (outer, inner)
    code, sheets = ask("exclude", "10.0.0.0/8", "10.0.0.0/7")
    assert (code, sheets) == (1, [])


def test_exclude_of_many():
    """As sets of addresses, on a small network."""
    rng = random.Random(SEED + 6)
    outer = ipaddress.ip_network("192.0.2.0/24")
    for _ in range(30):
        less = [ipaddress.ip_network((int(outer[0]) + rng.getrandbits(8), rng.randint(24, 32)), strict=False) for _ in range(rng.randint(1, 6))]
        wanted = set(outer) - {addr for net in less for addr in net}
        code, sheets = ask("exclude", outer, *less)
        got = [ipaddress.ip_network(s["prefix"]) for s in sheets]
        assert code == (0 if wanted else 1) and {a for n in got for a in n} == wanted and got == collapsed(got), (less, got)


def test_split_is_subnets():
    rng = random.Random(SEED + 7)
    for version in (4, 6):
        for _ in range(40):
            net = random_network(rng, version)
            length = min(net.prefixlen + rng.randint(0, 7), BITS[version])
            assert prefixes("split", net, length) == list(net.subnets(new_prefix=length)), (net, length)
    whole = prefixes("split", "10.0.0.0/8", "/24")
    assert len(whole) == 65536 and whole == list(ipaddress.ip_network("10.0.0.0/8").subnets(new_prefix=24))


def check_parts(net, sheets, wanted):
    """No overlap, the whole is made up, those asked for come first and are the least that do."""
    nets = [ipaddress.ip_network(s["prefix"]) for s in sheets]
    assert sum(n.num_addresses for n in nets) == net.num_addresses and collapsed(nets) == [net], (net, nets)
    used = [(s["hosts_asked"], n) for s, n in zip(sheets, nets) if not s["free"]]
    assert [h for h, _ in used] == wanted and [s["free"] for s in sheets] == sorted(s["free"] for s in sheets), sheets
    free = [n for s, n in zip(sheets, nets) if s["free"]]
    assert free == sorted(free, key=by_place)
    return [n for _, n in used]


def test_split_by_hosts():
    rng = random.Random(SEED + 8)
    for version, net in ((4, ipaddress.ip_network("10.20.0.0/16")), (6, ipaddress.ip_network("2001:db8::/100"))):
        reserve = 2 if version == 4 else 0
        for _ in range(40):
            hosts = [rng.choice((1, 2, 10, 20, 50, 62, 63, 254, 255, rng.randint(1, 2000))) for _ in range(rng.randint(1, 12))]
            code, sheets = ask("split", net, "--hosts", ",".join(map(str, hosts)))
            assert code == 0, hosts
            used = check_parts(net, sheets, sorted(hosts, reverse=True))
            for count, part in zip(sorted(hosts, reverse=True), used):
                room = part.num_addresses - reserve
                assert room >= count and (part.num_addresses // 2 - reserve) < count or part.num_addresses == 1, (count, part)


def test_split_by_count():
    rng = random.Random(SEED + 9)
    for net in map(ipaddress.ip_network, ("10.0.0.0/8", "192.0.2.0/24", "2001:db8::/48", "0.0.0.0/0", "::/0")):
        for count in (1, 2, 3, rng.randint(4, 200), 256):
            code, sheets = ask("split", net, "--count", count)
            used = check_parts(net, sheets, [None] * count)
            length = net.prefixlen + (count - 1).bit_length()
            assert code == 0 and used == list(net.subnets(new_prefix=length))[:count], (net, count)


def test_overlap_is_overlaps():
    rng = random.Random(SEED + 10)
    nets = merge_input(rng, 150)
    code, sheets = ask("overlap", "-", stdin=lines(nets))
    pairs = (sorted((a, b), key=by_place) for i, a in enumerate(nets) for b in nets[i + 1:])
    wanted = sorted((str(a), str(b)) for a, b in pairs if a.version == b.version and a.overlaps(b))
    assert code == 0 and sorted((s["first"], s["second"]) for s in sheets) == wanted
    for s in sheets:
        assert s["relation"] == ("equals" if s["first"] == s["second"] else "holds") and s["shared"] == s["second"], s
    code, sheets = ask("overlap", "10.0.0.0/24", "10.0.1.0/24", "::/0")
    assert (code, sheets) == (1, [])


def test_next_and_previous():
    rng = random.Random(SEED + 11)
    cases = [random_network(rng, v) for v in (4, 6) for _ in range(40)]
    cases += map(ipaddress.ip_network, ("0.0.0.0/0", "::/0", "255.255.255.255/32", "0.0.0.0/32", "128.0.0.0/1", "ffff::/16", "::/128"))
    for net in cases:
        for verb, step in (("next", 1), ("previous", -1)):
            value = int(net[0]) + step * net.num_addresses
            code, sheets = ask(verb, net)
            if 0 <= value < 1 << BITS[net.version]:
                wanted = type(net)((value, net.prefixlen))
                assert code == 0 and ipaddress.ip_network(sheets[0]["prefix"]) == wanted, (verb, net, sheets)
            else:
                assert (code, sheets) == (1, []), (verb, net, sheets)


def test_random_is_inside_and_spread():
    for net in map(ipaddress.ip_network, ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "0.0.0.0/0", "::/0", "192.0.2.0/30")):
        code, sheets = ask("random", net, "--count", 400)
        got = [ipaddress.ip_address(s["address"]) for s in sheets]
        assert code == 0 and len(got) == 400 and all(a in net for a in got)
        # Of 400 draws out of four all four are missed with less than 10^-49; out of 2^24 or more 40 equal ones are no chance.
        assert len(set(got)) == net.num_addresses if net.num_addresses <= 4 else len(set(got)) > 360, (net, len(set(got)))


# ---- beside other programs ----

def grep(args, text=None, peer=True, timeout=60):
    """Exit code and output of `subnet grep`, or of grepcidr."""
    command = ["grepcidr", *args] if peer else [harness.SOUNDER, "subnet", "grep", *args]
    done = subprocess.run(command, input=text, capture_output=True, timeout=timeout, check=False)
    return done.returncode, done.stdout


def log_line(rng, addr):
    return rng.choice(("{} - - [21/Nov/2026:10:00:00 +0000] \"GET /{} HTTP/1.1\" 200 {}", "kernel: IN=eth0 SRC={} DST=192.0.2.{} LEN={}",
                       "2026-11-21T10:00:00Z peer [{}]:{} sent {} bytes", "({}) {} {}", "from={},id={}.{}")).format(
                           addr, rng.randint(1, 250), rng.randint(1, 9999))


def test_grep_agrees_with_grepcidr():
    """1,000 random networks of both versions, 20,000 lines of logs: the same lines, counts, inversions, exit codes."""
    harness.need("grepcidr")
    rng = random.Random(SEED + 12)
    nets = [random_network(rng, 4, 6, 32) for _ in range(600)] + [random_network(rng, 6, 3, 128) for _ in range(400)]
    text = []
    for _ in range(20_000):
        net = rng.choice(nets)
        inside = net[0] + rng.randrange(min(net.num_addresses, 2**64)) if rng.random() < 0.4 else None
        addr = inside or (ipaddress.IPv4Address(rng.getrandbits(32)) if rng.random() < 0.5 else ipaddress.IPv6Address(rng.getrandbits(128)))
        text.append(log_line(rng, addr if addr.version == 4 or not addr.ipv4_mapped else addr.ipv4_mapped))
    text += ["no address here", "version 1.2.3", "at 10:20:30", ""]
    data = lines(text).encode()
    with harness.folder() as folder:
        (folder / "nets").write_text(lines(nets))
        for mine, theirs in (([], []), (["-c"], ["-c"]), (["-v"], ["-v"]), (["-i"], ["-i"]), (["-v", "-c"], ["-v", "-c"])):
            ours, peer = grep([*mine, folder / "nets"], data, False), grep([*theirs, "-f", folder / "nets"], data)
            assert ours == peer, (mine, ours[0], peer[0], set(ours[1].splitlines()) ^ set(peer[1].splitlines()))
        (folder / "a").write_bytes(data[:5000] + b"\n")
        (folder / "b").write_bytes(data[5000:9000])
        ours, peer = grep([folder / "nets", folder / "a", folder / "b"], None, False), grep(["-f", folder / "nets", folder / "a", folder / "b"])
        assert ours[0] == peer[0] and ours[1].rstrip(b"\n") == peer[1].rstrip(b"\n")
    assert grep(["203.0.113.99"], data, False)[0] == 1 == grep(["203.0.113.99"], data)[0]
    assert grep(["10.0.0.0/8", "/no/such/file"], None, False)[0] == 2 == grep(["10.0.0.0/8", "/no/such/file"])[0]


def test_grep_names_the_longest_network():
    nets = "10.0.0.0/8,10.1.0.0/16,10.1.2.0/24,::/0,2001:db8::/32"
    code, out = grep(["--which", nets], b"a 10.1.2.3\nb 10.1.9.9\nc 10.9.9.9\nd 2001:db8::1\ne fe80::1\nf 9.9.9.9\n", False)
    assert code == 0 and out.decode().splitlines() == ["10.1.2.0/24\ta 10.1.2.3", "10.1.0.0/16\tb 10.1.9.9", "10.0.0.0/8\tc 10.9.9.9",
                                                       "2001:db8::/32\td 2001:db8::1", "::/0\te fe80::1"]
    code, sheets = ask("grep", nets, stdin="x 10.1.2.3 y\n")
    assert code == 0 and sheets == [{"line": "x 10.1.2.3 y", "file": None, "address": "10.1.2.3", "prefix": "10.1.2.0/24"}]


def test_grep_differs_at_the_end_of_a_sentence():
    """grepcidr takes the dot for a part of the address, so that a log's "refused by 192.0.2.1." is not found; a dot that no letter or digit
    follows ends a sentence. The same for the colon in "2001:db8::1: no route"."""
    harness.need("grepcidr")
    for net, line in (("192.0.2.0/24", b"refused by 192.0.2.1.\n"), ("2001:db8::/32", b"2001:db8::1: no route\n")):
        assert grep([net], line) == (1, b"")
        assert grep([net], line, False) == (0, line)


def test_grep_differs_on_identifiers():
    """grepcidr reads `mod::f` as the address d::f. Letters in front make it a name."""
    harness.need("grepcidr")
    assert grep(["::/0"], b"mod::f\n")[0] == 0
    assert grep(["::/0"], b"mod::f\n", False) == (1, b"")


def test_grep_differs_on_bad_patterns():
    """grepcidr ends with 1, "not found", on an invalid pattern; that is trouble, 2, as its manual has it."""
    harness.need("grepcidr")
    for pattern in ("10.0.0.0/33", "nonsense"):
        assert grep([pattern], b"10.0.0.1\n")[0] == 1
        assert grep([pattern], b"10.0.0.1\n", False)[0] == 2


def test_split_by_hosts_beside_ipcalc():
    """ipcalc 0.42 gives 50 hosts a /27, which has room for 30, and calls "10.0.0.0/24.99..." the network used (its issue 13); 0.51 agrees with us."""
    harness.need("ipcalc")
    peer = subprocess.run(["ipcalc", "-n", "-b", "10.0.0.0/24", "-s", "50", "20", "10"], capture_output=True, text=True, check=False)
    theirs = re.findall(r"^Network:\s+(10\.0\.0\.\d+/\d+)", peer.stdout[max(0, peer.stdout.find("1. Requested")):], re.M)
    if len(theirs) != 3:
        raise harness.Skip("an ipcalc of another kind")
    _, sheets = ask("split", "10.0.0.0/24", "--hosts", "50,20,10")
    ours = [s["prefix"] for s in sheets if not s["free"]]
    assert ours == ["10.0.0.0/26", "10.0.0.64/27", "10.0.0.96/28"]
    assert all(s["usable_hosts"] >= s["hosts_asked"] for s in sheets if not s["free"])
    assert ours == theirs or ipaddress.ip_network(theirs[0]).num_addresses - 2 < 50, theirs


def test_split_agrees_with_ipcalc_ng_and_sipcalc():
    harness.need("ipcalc-ng", "sipcalc")
    rng = random.Random(SEED + 13)
    for _ in range(30):
        net = random_network(rng, 4, 8, 26)
        length = net.prefixlen + rng.randint(1, 6)
        ours = list(map(str, prefixes("split", net, length)))
        done = subprocess.run(["ipcalc-ng", "-S", str(length), "--no-decorate", str(net)], capture_output=True, text=True, check=False)
        assert re.findall(r"^[\d.]+/\d+$", done.stdout, re.M) == ours, (net, length, done.stdout[:300])
        done = subprocess.run(["sipcalc", "-s", str(length), str(net)], capture_output=True, text=True, check=False)
        starts = re.findall(r"^Network\s+- ([\d.]+)\s+-", done.stdout, re.M)
        assert starts == [n.split("/")[0] for n in ours], (net, length, done.stdout[:300])


def test_cover_agrees_with_ipcalc_ng():
    harness.need("ipcalc-ng")
    rng = random.Random(SEED + 14)
    for _ in range(30):
        first, last = sorted(rng.getrandbits(32) for _ in range(2))
        pair = f"{ipaddress.IPv4Address(first)}-{ipaddress.IPv4Address(last)}"
        done = subprocess.run(["ipcalc-ng", "-d", pair, "--no-decorate"], capture_output=True, text=True, check=False)
        assert re.findall(r"[\d.]+/\d+$", done.stdout, re.M) == list(map(str, prefixes("cover", pair))), (pair, done)


# ---- streams and mistakes ----

def test_a_slow_stream_is_answered_at_once():
    """A line that comes alone goes out alone, though lines that come together go out together."""
    for args in (["subnet", "grep", "10.0.0.0/8"], ["subnet", "contains", "10.0.0.0/8", "-"], ["ip", "-"]):
        with subprocess.Popen([harness.SOUNDER, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            for _ in range(3):
                child.stdin.write(b"10.1.2.3\n")
                child.stdin.flush()
                assert b"10.1.2.3" in child.stdout.readline()
            child.stdin.close()
            assert child.wait(10) == 0


def test_files_and_comments():
    with harness.folder() as folder:
        (folder / "nets").write_text("# ours\n10.0.0.0/24 # office\n\n10.0.1.0-10.0.1.255, 10.0.2.7\r\n")
        assert list(map(str, prefixes("merge", folder / "nets"))) == ["10.0.0.0/23", "10.0.2.7/32"]
        (folder / "bad").write_text("10.0.0.0/24\n10.0.0.0/99\n")
        done = harness.run("subnet", "merge", folder / "bad")
        assert done.returncode == 2 and "bad:2:" in done.stderr, done


def test_long_and_odd_lines():
    long = b"x" * 700_000 + b" 10.1.2.3 " + b"y" * 300_000
    assert grep(["10.0.0.0/8"], long, False) == (0, long + b"\n")
    odd = b"\0\xff 10.1.2.3 \x1b[31m\n"
    assert grep(["10.0.0.0/8"], odd + b"9.9.9.9\n", False) == (0, odd)
    rng = random.Random(SEED + 6)
    sizes = [rng.choice((0, 90, 4000, 32_000, 32_768, 70_000)) for _ in range(200)] + list(range(32_740, 32_780))
    mixed = b"".join(b"10.1.2.%d " % (i % 256) + b"x" * size + b"\n" for i, size in enumerate(sizes))
    assert grep(["10.0.0.0/8"], mixed, False) == (0, mixed)


if __name__ == "__main__":
    harness.main(globals())
