"""dial_subsets.py - a name with eight IPv4 and IPv6 addresses, any of them dead for one of four reasons: a live one is reached, as fast as by curl.

Each place of the eight has an address for each state, so that the network stands still and only names differ."""
import concurrent.futures
import itertools
import json
import os
import random
import socket
import socketserver
import subprocess
import sys
import threading
import time

import harness
import net3
from harness import run

STATES = ["alive", "refused", "dropped", "rejected", "no route"]
PORT, ECHO, DAYTIME = 8080, 7, 13


def address(place, state):
    """Places 0..3 are IPv4, 4..7 IPv6."""
    number = 1 + place % 4 * len(STATES) + state
    return f"10.80.2.{number}" if place < 4 else f"fd80:2::{number:x}"


def states_of(subset):
    """The state of each place: that of a dead one differs from subset to subset."""
    return [1 + (place + subset // 3) % 4 if subset >> place & 1 else 0 for place in range(8)]


class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        port = self.server.server_address[1]
        self.request.settimeout(10)
        if port == DAYTIME:
            self.request.sendall(b"20 NOV 2026 13:29:25 UTC\r\n")
        elif port == ECHO:
            while data := self.request.recv(65536):
                self.request.sendall(data)
        elif self.request.recv(65536):
            self.request.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")


class Server(socketserver.ThreadingTCPServer):
    address_family = socketserver.socket.AF_INET6
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128


def in_server():
    for port in (PORT, ECHO, DAYTIME):
        threading.Thread(target=Server(("::", port), Answer).serve_forever, daemon=True).start()
    for place in range(8):
        for port in (ECHO, DAYTIME):
            threading.Thread(target=datagrams, args=(address(place, 0), port), daemon=True).start()
    threading.Event().wait(280)


def datagrams(host, port):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((host, port))
        while True:
            data, peer = s.recvfrom(65536)
            s.sendto(data if port == ECHO else b"20 NOV 2026 13:29:25 UTC\r\n", peer)


def build(net, more=()):
    places = range(8)
    net.batch(net.server, "\n".join(f"addr add {address(p, s)}/{128 if p > 3 else 32} dev s0{' nodad' if p > 3 else ''}" for p in places for s in (0, 1, 2, 3)))
    net.batch(None, "\n".join(f"route add {address(p, s)} via {net3.ROUTER6 if p > 3 else net3.ROUTER4}" for p in places for s in (0, 1, 2, 3)))

    def rules(state, verdicts):
        four, six = (", ".join(address(p, state) for p in places if (p > 3) == v6) for v6 in (False, True))
        return f"ip daddr {{ {four} }} {verdicts[0]}\nip6 daddr {{ {six} }} {verdicts[1]}\n"
    table = "table inet f {{\nchain c {{\ntype filter hook {} priority 0\n{}\n}}\n}}\n"
    net.nft(net.router, table.format("forward", rules(2, ["drop"] * 2) + rules(3, ["reject with icmp admin-prohibited", "reject with icmpv6 admin-prohibited"])))
    net.nft(net.server, table.format("input", "meta l4proto != tcp accept\n" + rules(1, ["reject with tcp reset"] * 2)))
    net.start(net.server, sys.executable, __file__, "--inside", "server")
    net3.hosts([f"{address(place, state)} s{subset}" for subset in range(256) for place, state in enumerate(states_of(subset))] +
               [f"{address(0, 0)} one", *more])
    net3.settle(lambda: run("tcp", f"one:{PORT}").returncode == 0, "the server")
    net3.settle(lambda: run("tcp", f"[{address(4, 0)}]:{PORT}").returncode == 0, "the server by IPv6")


def check_attempt(attempt, states):
    """Each try ended as its address is dead, or had not ended."""
    place, state = next((p, s) for p, s in enumerate(states) if attempt["address"] == (f"[{address(p, s)}]" if p > 3 else address(p, s)) + f":{attempt['port']}")
    six = place > 3
    known = {1: ("refused", "ECONNREFUSED", None, None, None),
             3: ("prohibited", "EACCES" if six else "EHOSTUNREACH", 1 if six else 3, 1 if six else 13, net3.ROUTER6 if six else net3.ROUTER4),
             4: ("local", "ENETUNREACH", None, None, None)}
    found = tuple(attempt[key] for key in ("outcome", "errno", "icmp_type", "icmp_code", "router"))
    if state == 0:
        assert attempt["outcome"] in ("ok", None), attempt
    elif state == 2:
        assert attempt["outcome"] in (None, "timeout") and attempt["errno"] is None and attempt["icmp_type"] is None, attempt
    else:
        assert found == known[state] or (attempt["outcome"] is None and state != 4), (attempt, STATES[state])
    return place, state


def ask(command, port, subset, *more):
    done = run(command, "--json", *more, f"s{subset}:{port}", timeout=60)
    line = json.loads(done.stdout.splitlines()[0]) if done.stdout else None
    assert line, (command, subset, done.returncode, done.stderr)
    for attempt in line["attempts"]:
        attempt["port"] = port
    return done.returncode, line


def check(command, port, subset):
    states = states_of(subset)
    code, line = ask(command, port, subset)
    assert code == 0 and line["outcome"] == "ok", (command, subset, code, line)
    seen = [check_attempt(attempt, states) for attempt in line["attempts"]]
    won = next(i for i, attempt in enumerate(line["attempts"]) if attempt["outcome"] == "ok")
    assert seen[won][1] == 0 and line["from"] == address(*seen[won]), line
    for place, state in seen[:won]:
        assert state == 0 or address(place, state) in line["why"], line  # dead ones are reported, never silent
    if all(state for _, state in seen[:won]):
        assert (line["why"] is None) == (won == 0) or "answered" in line["why"], line
    return line["waited_seconds"] + (line["connect_seconds"] if "connect_seconds" in line else line["rtt_seconds"])


def curl(subset):
    done = subprocess.run(["curl", "-s", "-o", "/dev/null", "--max-time", "1.5", "-w", "%{time_connect}", f"http://s{subset}:{PORT}/"], capture_output=True, text=True, timeout=40)
    return float(done.stdout) if done.returncode == 0 else 1.5  # or later


def check_subset(subset):
    """As fast as curl, or not 0.35 s later: under load the best of three tries counts."""
    late = []
    for _ in range(3):
        theirs = curl(subset)
        late.append(check("tcp", PORT, subset) - theirs)
        if late[-1] <= 0.35:
            break
    if subset % 8 == 3:
        check("echo", ECHO, subset)
    if subset % 8 == 5:
        check("daytime", DAYTIME, subset)
    return subset, late[-1]


def in_subsets():
    harness.need("curl")
    with net3.Net() as net:
        build(net)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            late = dict(pool.map(check_subset, range(255)))
        for subset in [s for s in late if late[s] > 0.35]:
            late[subset] = min(late[subset], check_subset(subset)[1])  # once more, alone
        worst = max(late, key=late.get)
        assert late[worst] <= 0.35, (worst, [STATES[s] for s in states_of(worst)], late[worst])
        print(f"255 subsets; at the worst {late[worst]:+.3f} s of curl's time, at the median {sorted(late.values())[len(late) // 2]:+.3f} s")
        for command, port in (("tcp", PORT), ("echo", ECHO), ("daytime", DAYTIME)):
            code, line = ask(command, port, 255, "-W", "4s")
            assert code == 1, (code, line)
            states = states_of(255)
            assert sorted(check_attempt(a, states)[0] for a in line["attempts"]) == list(range(8)), line
            for place, state in enumerate(states):
                assert address(place, state) in line["why"], line
            assert all(a["outcome"] for a in line["attempts"]), line


def check_web(subset):
    """One subset by `head` and `get`: the live one answers, the dead before it are reported, as soon as by curl."""
    states, late = states_of(subset), []
    for round_number in range(3):
        command = ("head", "get")[(subset + round_number) % 2]
        theirs = curl(subset)
        done = run(command, "--json", f"http://s{subset}:{PORT}/", timeout=60)
        line = json.loads(done.stdout)
        assert done.returncode == 0 and line["outcome"] == "ok" and line["status_code"] == 200, (command, subset, done)
        won = check_web_attempts(line, states)
        assert line["remote_address"] == address(won, 0), line
        late.append(line["time_connect"] - theirs)
        if late[-1] <= 0.35 and round_number:
            break
    return subset, min(late)


def check_web_attempts(line, states):
    """Returns the place of the one that answered."""
    for attempt in line["attempts"]:
        attempt["port"] = PORT
    seen = [check_attempt(attempt, states) for attempt in line["attempts"]]
    won = next(i for i, attempt in enumerate(line["attempts"]) if attempt["outcome"] == "ok")
    for place, state in seen[:won]:
        assert state == 0 or address(place, state) in line["why"], line
    assert seen[won][1] == 0 and (line["why"] is None or "answered" in line["why"]), line
    return seen[won][0]


def in_web():
    harness.need("curl")
    seed = int(os.environ.get("SUBSETS_SEED", time.time()))
    sample = random.Random(seed).sample(range(255), 40)
    with net3.Net() as net:
        build(net)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            late = dict(pool.map(check_web, sample))
        for subset in [s for s in late if late[s] > 0.35]:
            late[subset] = min(late[subset], check_web(subset)[1])  # once more, alone
        worst = max(late, key=late.get)
        assert late[worst] <= 0.35, (seed, worst, [STATES[s] for s in states_of(worst)], late[worst])
        print(f"{len(sample)} subsets, SUBSETS_SEED={seed}; at the worst {late[worst]:+.3f} s of curl's time, at the median {sorted(late.values())[len(late) // 2]:+.3f} s")
        for command in ("head", "get"):
            done = run(command, "--json", "-W", "4s", f"http://s255:{PORT}/", timeout=60)
            line = json.loads(done.stdout)
            assert done.returncode == 1 and line["status_code"] is None and not line["remote_address"], done
            states = states_of(255)
            for attempt in line["attempts"]:
                attempt["port"] = PORT
            assert sorted(check_attempt(a, states)[0] for a in line["attempts"]) == list(range(8)), line
            assert all(address(place, state) in line["why"] for place, state in enumerate(states)), line


def check_datagrams(command, port, name, states):
    """An address that can't be asked at once is skipped and reported; silence is no reason to ask another."""
    done = run(command, "--udp", "--json", "-W", "1", f"{name}:{port}", timeout=60)
    line = json.loads(done.stdout.splitlines()[0])
    order = sorted(enumerate(states), key=lambda pair: pair[1] == 4)  # RFC 6724: what can't be reached comes last
    tried = order[:next((i + 1 for i, (_, s) in enumerate(order) if s in (0, 2)), len(order))]
    dead = {1: ("refused", "ECONNREFUSED", 3), 3: ("prohibited", "EHOSTUNREACH", 3), 4: ("local", "ENETUNREACH", None), 0: ("ok", None, None), 2: ("timeout", None, None)}
    assert [(a["outcome"], a["errno"], a["icmp_type"]) for a in line["attempts"]] == [dead[s] for _, s in tried], line
    assert [a["address"] for a in line["attempts"]] == [f"{address(place, s)}:{port}" for place, s in tried], line
    assert all(a["transport"] == "udp" and a["took_seconds"] is not None for a in line["attempts"]), line
    for place, state in tried if len(states) > 1 else ():
        assert state == 0 or all(s == 4 for s in states) or address(place, state) in line["why"], line
    if tried[-1][1] == 0:
        assert (done.returncode, line["outcome"], line["from"]) == (0, "ok", address(*tried[-1])), line
        assert line["why"] is None if len(tried) == 1 else line["why"].endswith("answered"), line
    else:
        assert done.returncode and line["outcome"] != "ok" and line["rtt_seconds"] is None, line
    return line


def in_datagrams():
    rows = [states for count in (2, 3) for states in itertools.product((0, 1, 2, 3, 4), repeat=count)]
    with net3.Net() as net:
        build(net, [f"{address(place, state)} n{number}" for number, states in enumerate(rows) for place, state in enumerate(states)])
        net.run(net.server, "sh", "-c", "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 100000 >/proc/sys/net/ipv4/icmp_msgs_per_sec; echo 100000 >/proc/sys/net/ipv4/icmp_msgs_burst; true")
        for number, states in enumerate(rows):
            if 2 in states and number % 3:
                continue  # a silent one takes its second
            check_datagrams(("echo", "daytime")[number % 2], (ECHO, DAYTIME)[number % 2], f"n{number}", states)
        line = check_datagrams("echo", ECHO, f"n{rows.index((1, 3, 4))}", (1, 3, 4))  # the peer's own answer counts most
        assert (line["outcome"], line["errno"], line["icmp_code"]) == ("refused", "ECONNREFUSED", 3), line
        done = run("echo", "--udp", "-c", "300", "-i", "10ms", f"n{rows.index((1, 3, 0))}:{ECHO}", timeout=60)
        assert done.returncode == 0 and "300 probes, 300 answered" in done.stdout, done.stdout[-300:]


def in_dead_family():
    """IPv6 comes first and is silent: what that costs is the wait of RFC 8305, a quarter of a second, by sounder's own clock. The least of ten:
    a machine that has more to do is late."""
    with net3.Net() as net:
        build(net, [f"{address(4, 2)} dual", f"{address(0, 0)} dual"])
        lines = [json.loads(run("tcp", "--json", f"dual:{PORT}").stdout.splitlines()[0]) for _ in range(10)]
        for line in lines:
            assert line["outcome"] == "ok" and line["from"] == address(0, 0), line
            assert [a["address"] for a in line["attempts"]] == [f"[{address(4, 2)}]:{PORT}", f"{address(0, 0)}:{PORT}"], line
            assert address(4, 2) in line["why"], line
        costs = sorted(line["waited_seconds"] + line["rtt_seconds"] for line in lines)
        print(f"a dead family costs {costs[0] * 1e3:.1f} ms at least, {costs[5] * 1e3:.1f} ms mostly")
        assert costs[0] <= 0.3, costs


def test_C14_a_dead_family_costs_little():
    print(" ", net3.inside(__file__, "dead_family").strip())


def test_KW1_datagrams_ask_the_next():
    net3.inside(__file__, "datagrams", 120)


def test_KW1_head_and_get_reach_a_live_address():
    print(net3.inside(__file__, "web", 120).strip())


def test_KW1_subsets_of_eight_addresses():
    print(net3.inside(__file__, "subsets", 230).strip())


if not net3.entry(globals()):
    harness.main(globals())
