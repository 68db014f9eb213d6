#!/usr/bin/env python3
"""address_peers.py - `mask` beside sipcalc and ipcalc-ng on a thousand random networks, wherever they are right. Where one is wrong, a test
named ..._differs... shows it, and names the RFC by which ours differs; it fails when the peer no longer is."""
import ipaddress
import json
import random
import subprocess

import harness

SEED = 20260103
COUNT = 1000


def random_networks(version, low, high):
    """Addresses with lengths, some of them with few ones."""
    rng = random.Random(SEED + version)
    bits = 32 if version == 4 else 128
    kind = ipaddress.IPv4Interface if version == 4 else ipaddress.IPv6Interface
    return [kind((rng.getrandbits(bits) & rng.choice([-1, rng.getrandbits(bits)]), rng.randint(low, high))) for _ in range(COUNT)]


def ours(networks):
    done = harness.run("mask", "-", "--json", stdin="".join(f"{n}\n" for n in networks), timeout=60)
    assert done.returncode == 0, done.stderr[:300]
    sheets = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(sheets) == len(networks)
    return sheets


def sipcalc(text):
    """Its lines as a dictionary; a value that goes on on the next line is joined."""
    out = subprocess.run(["sipcalc", str(text)], capture_output=True, text=True, timeout=10)
    fields, key = {"exit": out.returncode, "text": out.stdout}, None
    for line in out.stdout.splitlines():
        if "\t- " in line:
            key, value = line.split("\t- ", 1)
            key = key.strip()
            fields[key] = value.strip()
        elif key and line.startswith("\t"):
            fields[key] += " " + line.strip()
    return fields


def ipcalc_ng(text):
    out = subprocess.run(["ipcalc-ng", "--json", str(text)], capture_output=True, text=True, timeout=10)
    return json.loads(out.stdout) if out.returncode == 0 else None


def ends(text):
    first, last = text.split(" - ") if " - " in text else text.split(" -")
    return first.strip(), last.strip()


# ---- where they are right ----

def test_sipcalc_ipv4():
    harness.need("sipcalc")
    networks = random_networks(4, 1, 30)
    for network, sheet in zip(networks, ours(networks)):
        peer = sipcalc(network)
        assert peer["Host address"] == sheet["address"]
        assert int(peer["Host address (decimal)"]) == sheet["decimal"]
        assert int(peer["Host address (hex)"], 16) == int(sheet["hexadecimal"], 16)
        assert peer["Network address"] == sheet["network"]
        assert peer["Network mask"] == sheet["netmask"]
        assert int(peer["Network mask (bits)"]) == sheet["prefix_length"]
        assert peer["Network mask (hex)"].lower() == sheet["netmask_hex"]
        assert peer["Broadcast address"] == sheet["broadcast"]
        assert peer["Cisco wildcard"] == sheet["wildcard"]
        assert int(peer["Addresses in network"]) == sheet["addresses"]
        assert ends(peer["Usable range"]) == (sheet["first_host"], sheet["last_host"])


def test_sipcalc_ipv6():
    harness.need("sipcalc")
    networks = random_networks(6, 0, 128)
    for network, sheet in zip(networks, ours(networks)):
        peer = sipcalc(network)
        same = ipaddress.ip_address
        assert peer["Expanded Address"] == sheet["expanded"]
        assert peer["Subnet prefix (masked)"].split("/")[1] == str(sheet["prefix_length"])
        assert same(peer["Subnet prefix (masked)"].split("/")[0]) == same(sheet["network"])
        assert same(peer["Address ID (masked)"].split("/")[0]) == same(sheet["host_part"])
        assert same(peer["Prefix address"]) == same(sheet["netmask"])
        first, last = ends(peer["Network range"])
        assert same(first) == same(sheet["network"]) and same(last) == same(sheet["last_host"])


def check_ipcalc_ng(peer, sheet):
    assert peer.get("ADDRESS", peer["NETWORK"]) == sheet["address"], (peer, sheet["address"])
    # ipcalc-ng counts the routers' anycast address (RFC 4291 sec. 2.6.1) among IPv6's hosts.
    first, count = ("first_host", "usable_hosts") if sheet["version"] == 4 else ("network", "addresses")
    for theirs, key in (("NETWORK", "network"), ("NETMASK", "netmask"), ("MINADDR", first), ("MAXADDR", "last_host")):
        assert peer[theirs] == sheet[key], (theirs, peer, sheet[key])
    assert int(peer["PREFIX"]) == sheet["prefix_length"] and int(peer["ADDRESSES"]) == int(sheet[count])


def test_ipcalc_ng_ipv4():
    harness.need("ipcalc-ng")
    networks = random_networks(4, 1, 32)
    for network, sheet in zip(networks, ours(networks)):
        peer = ipcalc_ng(network)
        check_ipcalc_ng(peer, sheet)
        if network.network.prefixlen < 31:
            assert peer["BROADCAST"] == sheet["broadcast"]


def test_ipcalc_ng_ipv6():
    harness.need("ipcalc-ng")
    networks = random_networks(6, 1, 128)
    for network, sheet in zip(networks, ours(networks)):
        peer = ipcalc_ng(network)
        check_ipcalc_ng(peer, sheet)
        assert peer.get("FULLADDRESS", peer.get("FULLNETWORK")) == sheet["expanded"]


def test_shell_form_has_the_keys_of_ipcalc():
    """KEY=value lines: the same keys and values, but ADDRSPACE, which is the registry's own name here."""
    harness.need("ipcalc-ng")
    for network in [*random_networks(4, 1, 30)[:100], *random_networks(6, 1, 128)[:100]]:
        asked = ["-p", "-n", "-m", *(["-b"] if network.version == 4 else []), "--minaddr", "--maxaddr", "--addresses", "--addrspace"]
        peer = subprocess.run(["ipcalc-ng", *asked, str(network)], capture_output=True, text=True, timeout=10).stdout
        mine = harness.run("mask", "--shell", network).stdout
        theirs, own = (dict(line.split("=", 1) for line in text.splitlines()) for text in (peer, mine))
        assert theirs.keys() <= own.keys(), (theirs, own)
        for key in theirs.keys() - {"ADDRSPACE"}:
            assert theirs[key] == own[key], (key, theirs, own)
    done = subprocess.run(["sh", "-c", f'eval "$({harness.SOUNDER} mask --shell 10.1.2.3/23)"; echo $NETWORK/$PREFIX $ADDRSPACE'], capture_output=True, text=True)
    assert done.stdout == "10.1.2.0/23 Private-Use\n", done


# ---- where they are wrong ----

def only(text):
    return ours([text])[0]


def test_sipcalc_differs_on_the_size_of_everything():
    """RFC 4632: 0.0.0.0/0 holds 2^32 addresses; sipcalc's 32-bit count is one fewer."""
    harness.need("sipcalc")
    assert int(sipcalc("0.0.0.0/0")["Addresses in network"]) == 2**32 - 1
    assert only("0.0.0.0/0")["addresses"] == 2**32 and only("0.0.0.0/0")["usable_hosts"] == 2**32 - 2


def test_sipcalc_differs_on_point_to_point_links():
    """RFC 3021 sec. 2.2: a /31 has no directed broadcast; sipcalc names its second host as the broadcast address."""
    harness.need("sipcalc")
    assert sipcalc("10.0.0.0/31")["Broadcast address"] == "10.0.0.1"
    sheet = only("10.0.0.0/31")
    assert sheet["broadcast"] is None and (sheet["first_host"], sheet["last_host"]) == ("10.0.0.0", "10.0.0.1")
    assert sipcalc("10.0.0.1/32")["Broadcast address"] == "10.0.0.1" and only("10.0.0.1/32")["broadcast"] is None


def test_sipcalc_differs_on_hexadecimal_with_zeros_in_front():
    """An address has eight hexadecimal digits; sipcalc leaves those in front out, so that its text can't be cut into bytes."""
    harness.need("sipcalc")
    assert sipcalc("10.0.0.1/8")["Host address (hex)"] == "A000001" and only("10.0.0.1/8")["hexadecimal"] == "0x0a000001"


def test_sipcalc_differs_on_bad_text():
    """sipcalc ends with 0 on text that is no address; scripts can't detect it."""
    harness.need("sipcalc")
    assert sipcalc("10.1.2.300")["exit"] == 0 and "ERR" in sipcalc("10.1.2.300")["text"]
    assert harness.run("mask", "10.1.2.300/24").returncode == 2


def test_ipcalc_differs_on_bad_text():
    """Debian's ipcalc answers for another address than was asked for, and ends with 0."""
    harness.need("ipcalc")
    done = subprocess.run(["ipcalc", "-n", "300.1.1.1"], capture_output=True, text=True, timeout=10)
    if "INVALID" not in done.stdout:
        raise harness.Skip("this ipcalc is another program of that name")
    assert done.returncode == 0
    assert harness.run("mask", "300.1.1.1").returncode == 2


def test_ipcalc_ng_differs_on_point_to_point_links():
    """RFC 3021: no broadcast address on a /31; ipcalc-ng gives 255.255.255.255 as its network's, and of a /32 the host itself."""
    harness.need("ipcalc-ng")
    assert ipcalc_ng("10.0.0.0/31")["BROADCAST"] == "255.255.255.255" and ipcalc_ng("10.0.0.1/32")["BROADCAST"] == "10.0.0.1"
    assert only("10.0.0.0/31")["broadcast"] is None and only("10.0.0.1/32")["broadcast"] is None


def test_ipcalc_ng_differs_on_the_size_of_everything():
    """2^32 less network and broadcast address is 4294967294; ipcalc-ng shows one more."""
    harness.need("ipcalc-ng")
    assert int(ipcalc_ng("0.0.0.0/0")["ADDRESSES"]) == 2**32 - 1 and only("0.0.0.0/0")["usable_hosts"] == 2**32 - 2


def test_ipcalc_ng_differs_on_special_purpose():
    """RFC 6890's registry by longest match: 0.0.0.0/8 is "This network" (RFC 791), 0.0.0.0/32 alone "This host on this network"."""
    harness.need("ipcalc-ng")
    assert ipcalc_ng("0.1.2.3/24")["ADDRSPACE"] == "This host on this network"
    assert only("0.1.2.3/24")["special_purpose"]["name"] == "This network"


if __name__ == "__main__":
    harness.main(globals())
