#!/usr/bin/env python3
"""here.py - `interfaces` and `route` beside iproute2's JSON, in a network namespace with links, routes and dead ends of its own."""
import ipaddress
import json

import harness

SETUP = """
ip link add d0 type veth peer name d1 && ip link set d0 up && ip link set d1 up || exit 77
ip link set d0 mtu 1400
ip addr add 10.2.0.17/16 broadcast + dev d0; ip addr add 10.2.3.1/24 dev d0
ip -6 addr add 2001:db8::17/64 dev d0 nodad
ip route add default via 10.2.0.1; ip -6 route add default via 2001:db8::1
ip route add 172.16.0.0/12 via 10.2.3.9 metric 50
ip route add unreachable 10.66.0.0/16; ip route add prohibit 10.67.0.0/16; ip route add blackhole 10.68.0.0/16
ip -6 route add unreachable 2001:db8:66::/48
"""
ASKED = ["10.2.0.9", "10.2.3.77", "192.0.2.1", "172.20.1.1", "10.2.0.17", "10.2.255.255", "127.0.0.5", "224.0.0.251", "2001:db8::5",
         "2001:db8:9::1", "2001:db8::17", "::1", "ff02::1%d0", "fe80::9%d0"]


def namespaced(script):
    harness.need("unshare", "ip")
    done = harness.in_namespace(SETUP + script)
    if done.returncode == 77:
        raise harness.Skip("no veth here: " + done.stderr.strip())
    return done


def test_routes_are_those_of_ip_route_get():
    script = "".join(f"ip -j -d route get {a.replace('%d0', ' dev d0') if '%' in a else a} || echo null; echo '|'; \"$SOUNDER\" route --json '{a}'; "
                     "echo '|'; " for a in ASKED)
    parts = [part.strip() for part in namespaced(script).stdout.split("|")]
    compared = 0
    for i, asked in enumerate(ASKED):
        theirs, ours = json.loads(parts[2 * i])[0], json.loads(parts[2 * i + 1])
        assert ours["kind"] == theirs.get("type", "unicast"), (asked, ours, theirs)
        if ours["kind"] != "local":
            assert ours["interface"] == theirs["dev"], (asked, ours, theirs)
        assert ours["via"] == theirs.get("gateway"), (asked, ours, theirs)
        source = (ours["source"] or "").split("%")[0] or None
        assert source == theirs.get("prefsrc"), (asked, ours, theirs)
        compared += 1
    assert compared == len(ASKED)


def test_routes_networks_and_dead_ends():
    wanted = [("10.2.0.9", "10.2.0.0/16", "10.2.0.0/16", 0), ("10.2.3.77", "10.2.3.0/24", "10.2.3.0/24", 0), ("192.0.2.1", "0.0.0.0/0", None, 0),
              ("172.20.1.1", "172.16.0.0/12", None, 0), ("2001:db8::5", "2001:db8::/64", "2001:db8::/64", 0), ("10.66.0.1", None, None, 1),
              ("10.67.0.1", None, None, 1), ("10.68.0.1", None, None, 1), ("2001:db8:66::1", None, None, 1)]
    script = "".join(f'"$SOUNDER" route --json {address}; echo "$?"; ' for address, *_ in wanted)
    lines = namespaced(script).stdout.splitlines()
    kinds = []
    for i, (address, route, network, code) in enumerate(wanted):
        sheet = json.loads(lines[2 * i])
        assert sheet["address"] == address and sheet["route"] == route, sheet
        assert (sheet["local_network"] or {}).get("network") == network, sheet
        assert int(lines[2 * i + 1]) == code, sheet
        kinds.append(sheet["kind"])
    assert kinds[5:] == ["unreachable", "prohibited", "blackhole", "unreachable"], kinds


def test_interfaces_are_those_of_ip_addr():
    out = namespaced('ip -j addr; echo "|"; "$SOUNDER" interfaces --json').stdout
    theirs, ours = out.split("|")
    theirs, ours = json.loads(theirs), [json.loads(line) for line in ours.splitlines() if line]
    assert [i["name"] for i in ours] == [i["ifname"] for i in theirs]
    for mine, other in zip(ours, theirs):
        assert mine["mtu"] == other["mtu"] and mine["index"] == other["ifindex"] and mine["up"] == ("UP" in other["flags"])
        assert mine["loopback"] == ("LOOPBACK" in other["flags"])
        assert mine["hardware_address"] == (None if mine["loopback"] else other["address"])
        wanted = sorted((a["local"], a["prefixlen"]) for a in other["addr_info"])
        assert sorted((a["address"], a["prefix_length"]) for a in mine["addresses"]) == wanted, (mine, other)
        for a in mine["addresses"]:
            net = ipaddress.ip_interface(f"{a['address']}/{a['prefix_length']}").network
            assert a["network"] == str(net) and a["netmask"] == str(net.netmask)


def test_no_such_interface_is_one():
    code, sheets = harness.run_json("interfaces", "nosuch0")
    assert code == 1 and sheets == []
    code, sheets = harness.run_json("route", "nonsense")
    assert code == 2 and sheets == []


if __name__ == "__main__":
    harness.main(globals())
