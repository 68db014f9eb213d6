"""dial_faults.py - causes that are the cause: what routers, neighbours, routes and forged errors do to probes by TCP and UDP; figures that can't
be known; resolvers that fail."""
import json
import socket
import struct
import subprocess
import sys
import threading
import time

import harness
import net3
from harness import run

SERVER4, SERVER6 = "10.80.2.1", "fd80:2::1"


def show(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def ask(*args, **kwargs):
    """One probe with --json: exit code, its line, stderr."""
    done = run(*args, "--json", timeout=60, **kwargs)
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[0]) if lines else None, done.stderr


# ---- in the namespaces ----

def build(net):
    net.batch(net.server, f"addr add {SERVER4}/32 dev s0\naddr add {SERVER6}/128 dev s0 nodad")
    net.batch(None, f"""route add 10.80.0.0/16 via {net3.ROUTER4}
        route add fd80:2::/64 via {net3.ROUTER6}
        route add fd80:5::/64 via {net3.ROUTER6}
        route add 10.90.0.0/16 via 10.80.1.200""")
    net.nft(None, """table inet own {
        chain c {
        type filter hook output priority 0
        meta l4proto { tcp, udp } th dport 1003 ip version 4 reject with icmp admin-prohibited
        meta l4proto { tcp, udp } th dport 1004 drop
        }
        }
        """)
    net.batch(net.router, """route add unreachable 10.80.5.1
        route add prohibit 10.80.5.2
        route add unreachable fd80:5::1
        route add prohibit fd80:5::2""")
    net.nft(net.router, """table inet f {
        chain c {
        type filter hook forward priority 0
        meta l4proto { tcp, udp } th dport 1001 ip version 4 reject with icmp admin-prohibited
        meta l4proto { tcp, udp } th dport 1001 ip6 version 6 reject with icmpv6 admin-prohibited
        meta l4proto { tcp, udp } th dport 1002 ip version 4 reject with icmp port-unreachable
        meta l4proto { tcp, udp } th dport 1002 ip6 version 6 reject with icmpv6 port-unreachable
        }
        }
        """)
    net3.settle(lambda: subprocess.run(["ping", "-c1", "-W1", SERVER6], stdout=subprocess.DEVNULL).returncode == 0, "the way to the server")


MODES = [("tcp",), ("echo",), ("daytime",), ("echo", "--udp"), ("daytime", "--udp")]


def expect(method, host, port, outcome, icmp, router, *more, exit=1, words=""):
    code, line, output = ask(*method, *more, show(host, port))
    about = (method, host, port, code, line, output)
    assert code == exit and line, about
    assert line["outcome"] == outcome, about
    attempt, = line["attempts"]
    for found in (line, attempt):
        assert (found["icmp_type"], found["icmp_code"], found["router"]) == (*icmp, router), about
    assert attempt["outcome"] == outcome and attempt["transport"] == ("udp" if "--udp" in method else "tcp"), about
    assert words in (line["why"] or ""), about
    return line


def in_causes():
    with net3.Net() as net:
        build(net)
        none = (None, None)
        for method in (("tcp",), ("echo", "--udp")):  # a router sends such errors five times, then once a second
            expect(method, "10.80.5.1", 7, "unreachable", (3, 1), net3.ROUTER4)
            expect(method, "10.80.5.2", 7, "prohibited", (3, 13), net3.ROUTER4)
            expect(method, "fd80:5::2", 7, "prohibited", (1, 1), net3.ROUTER6)
        for method in MODES:
            udp = "--udp" in method
            expect(method, SERVER4, 1001, "prohibited", (3, 13), net3.ROUTER4, words=net3.ROUTER4)
            expect(method, SERVER6, 1001, "prohibited", (1, 1), net3.ROUTER6, words=net3.ROUTER6)
            expect(method, SERVER4, 1002, "unreachable", (3, 3), net3.ROUTER4)  # a router's error is not the target's
            expect(method, SERVER6, 1002, "unreachable", (1, 4), net3.ROUTER6)
            line = expect(method, SERVER4, 9, "refused", (3, 3) if udp else none, SERVER4 if udp else None)
            assert line["errno"] == "ECONNREFUSED", line
            expect(method, SERVER4, 1003, "prohibited", (3, 13), None, words="this host itself")
            expect(method, SERVER6, 9, "refused", (1, 4) if udp else none, SERVER6 if udp else None)
            code, _, output = ask(*method, "203.0.113.9:7")
            assert code == 2 and "no route to this network" in output and len(output.splitlines()) == 1, (method, output)
        for number, (kind, words) in enumerate((("blackhole", "blackhole route"), ("prohibit", "prohibit route"), ("unreachable", "no route to this host"))):
            for host in (f"10.91.0.{number}", f"fd80:91::{number:x}"):
                net.batch(None, f"route add {kind} {host}")
                for method in (("tcp",), ("echo", "--udp")):
                    done = run(*method, show(host, 7))
                    assert done.returncode == 2 and words in done.stderr and not done.stdout, (kind, host, method, done)
        done = run("tcp", "[fe80::1]:7")
        assert done.returncode == 2 and "needs its interface" in done.stderr, done
        done = run("echo", "--udp", f"{SERVER4}:1004")
        assert done.returncode == 2 and "blocked by the local firewall" in done.stderr, done
        for transport in ("--tcp", "--udp-echo"):
            for host, icmp, router in ((SERVER4, (11, 0), net3.ROUTER4), (SERVER6, (3, 0), net3.ROUTER6)):
                done = run("ping", transport, "7", "-t", "1", "-c", "1", "--json", host)
                line = json.loads(done.stdout.splitlines()[0])
                assert line["outcome"] == "ttl_exceeded" and (line["icmp_type"], line["icmp_code"]) == icmp and line["router"] == router, line
        # Neighbours that don't answer: this host's, then the router's. Each takes three seconds, so all at once.
        slow = [(method, host, icmp, router, words) for method in (("tcp",), ("echo", "--udp")) for host, icmp, router, words in (
            ("10.80.1.77", (3, 1), None, "no ARP answer on c0"), ("10.90.0.1", (3, 1), None, "no ARP answer on c0"), ("fd80:1::77", (1, 3), None, "no neighbour advertisement on c0"),
            ("10.80.2.77", (3, 1), net3.ROUTER4, net3.ROUTER4), ("fd80:2::77", (1, 3), net3.ROUTER6, net3.ROUTER6))]
        failures = []

        def look(method, host, icmp, router, words):
            try:
                expect(method, host, 7, "unreachable", icmp, router, *(("-W", "20s") if router else ()), words=words)
            except Exception as failure:  # reported by the waiting thread
                failures.append(failure)
        threads = [threading.Thread(target=look, args=case) for case in slow]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures


def sniff(net, seconds, code):
    """Runs Python in the router with `packets(interface, until)`, which yields (source, destination, header, payload) of IPv4."""
    program = r"""
import socket, struct, sys, time
def packets(interface, until):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)); s.bind((interface, 0)); s.settimeout(0.2)
    print("ready", flush=True)
    while time.monotonic() < until:
        try:
            data, at = s.recvfrom(65536)
        except TimeoutError:
            continue
        if at[2] == 4: continue
        size = (data[0] & 15) * 4
        yield socket.inet_ntoa(data[12:16]), socket.inet_ntoa(data[16:20]), data[:size], data[size:struct.unpack(">H", data[2:4])[0]]
until = time.monotonic() + """ + str(seconds) + "\n" + code
    child = net.start(net.router, sys.executable, "-c", program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline().strip() == "ready", child.stderr.read()
    return child


FORGE = r"""
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
def checksum(b):
    total = sum(struct.unpack(">%dH" % (len(b) // 2), b)); total = (total >> 16) + (total & 65535); total += total >> 16
    return ~total & 65535
sent = 0
for source, destination, header, segment in packets("r0", until):
    if header[9] != 6 or struct.unpack(">H", segment[2:4])[0] != 7 or source != "10.80.1.1": continue
    data = len(segment) - (segment[12] >> 4) * 4
    if data == 0 or sent: continue
    time.sleep(0.3)  # it is acknowledged by now: the next byte is what an error must quote
    sequence = struct.unpack(">I", segment[4:8])[0] + data & 0xffffffff
    quoted = header[:20] + segment[:4] + struct.pack(">I", sequence) + segment[8:20]
    for i in range(1000):
        kind = [(3, 0), (3, 1), (3, 2), (3, 3), (3, 13), (11, 0), (3, 9)][i % 7]
        message = struct.pack(">BBHI", *kind, 0, 0) + quoted
        raw.sendto(message[:2] + struct.pack(">H", checksum(message)) + message[4:], (source, 0)); sent += 1
    print("sent", sent, flush=True)
    break
"""

SLOW_ECHO = r"""
import socket, time, threading
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0", 7)); s.listen(9)
def serve(c):
    data = c.recv(65536); time.sleep(2); c.sendall(data); c.recv(1); c.close()
while True: threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
"""


def outcome_under_fire(net, probe):
    child = sniff(net, 20, FORGE)
    result = probe()
    assert child.stdout.readline().strip() == "sent 1000", child.stderr.read()
    child.wait(20)
    return result


def in_fire():
    with net3.Net() as net:
        build(net)
        net.start(net.server, sys.executable, "-c", SLOW_ECHO)
        net3.settle(lambda: run("tcp", f"{SERVER4}:7").returncode == 0, "the server")

        def probe_with_errors_on():  # what the fire does to a socket that listens to errors: else the test would show nothing
            with socket.create_connection((SERVER4, 7), 10) as s:
                s.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR
                s.sendall(b"x" * 64)
                try:
                    return s.recv(64)
                except OSError as error:
                    return error
        assert isinstance(outcome_under_fire(net, probe_with_errors_on), OSError)
        code, line, output = outcome_under_fire(net, lambda: ask("echo", "-W", "15s", f"{SERVER4}:7"))
        assert code == 0 and line["outcome"] == "ok" and line["rtt_seconds"] >= 2, (code, line, output)


LATE_ERROR = r"""
import socket, struct, sys, time
six, kind, code, seconds = sys.argv[1] == "6", int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x86dd if six else 0x0800)); tap.bind(("r0", 0)); tap.settimeout(0.2)
raw = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP)
def checksum(b):
    total = sum(struct.unpack(">%dH" % (len(b) // 2), b)); total = (total >> 16) + (total & 65535); total += total >> 16
    return ~total & 65535
print("ready", flush=True)
until = time.monotonic() + seconds
while time.monotonic() < until:
    try:
        data = tap.recvfrom(65536)[0]
    except TimeoutError:
        continue
    size = 40 if six else (data[0] & 15) * 4
    if data[6 if six else 9] != 6 or not data[size + 13] & 2: continue
    time.sleep(0.05)  # connect has long returned
    message = bytes([kind, code, 0, 0, 0, 0, 0, 0]) + data[:size + 20]
    if not six: message = message[:2] + struct.pack(">H", checksum(message)) + message[4:]
    raw.sendto(message, (socket.inet_ntop(socket.AF_INET6, data[8:24]), 0) if six else (socket.inet_ntoa(data[12:16]), 0))
    break
"""


def in_late():
    """Errors that come while nobody waits in connect(): Linux gives the connection up, and the error must not pass for the peer's RST."""
    cases = [(4, 3, 1, "unreachable"), (4, 3, 13, "prohibited"), (4, 3, 3, "unreachable"), (4, 3, 2, "unreachable"), (4, 11, 0, "ttl_exceeded"),
             (6, 1, 0, "unreachable"), (6, 1, 1, "prohibited"), (6, 1, 4, "unreachable"), (6, 3, 0, "ttl_exceeded")]
    with net3.Net() as net:
        build(net)
        net.nft(net.router, "table inet g {\nchain c {\ntype filter hook forward priority -1\ntcp dport 7 drop\n}\n}\n")
        for version, kind, code, outcome in cases:
            for _ in range(3):
                child = net.start(net.router, sys.executable, "-c", LATE_ERROR, str(version), str(kind), str(code), "20", stdout=subprocess.PIPE, text=True)
                assert child.stdout.readline().strip() == "ready"
                router, host = (net3.ROUTER6, SERVER6) if version == 6 else (net3.ROUTER4, SERVER4)
                line = expect(("tcp",), host, 7, outcome, (kind, code), router, "-W", "15s")
                assert 0.05 <= line["attempts"][0]["took_seconds"] < 10, line
                child.wait(20)


def in_hint():
    """A router refuses the first SYN only: the next address is tried at once, and the first one's second SYN still wins."""
    with net3.Net() as net:
        build(net)
        net.start(net.server, sys.executable, "-c", SLOW_ECHO)
        net3.settle(lambda: run("tcp", f"{SERVER4}:7").returncode == 0, "the server")
        net3.hosts([f"{SERVER4} db1", f"{SERVER6} db1"])
        net.nft(net.router, f"""table inet g {{
            chain c {{
            type filter hook forward priority 1
            ip daddr {SERVER4} tcp dport 7 limit rate 1/hour burst 1 packets reject with icmp admin-prohibited
            ip6 daddr {SERVER6} tcp dport 7 drop
            }}
            }}
            """)
        order = run_order("db1")
        code, line, output = ask("tcp", "-W", "30s", "db1:7")
        assert code == 0 and line["outcome"] == "ok" and line["from"] == SERVER4, (code, line, output)
        tries = {a["address"].rsplit(":", 1)[0].strip("[]"): a for a in line["attempts"]}
        assert set(tries) == {SERVER4, SERVER6}, line
        assert tries[SERVER4]["icmp_code"] == 13 and tries[SERVER4]["outcome"] == "ok" and tries[SERVER4]["took_seconds"] > 0.5, line
        if order[0] == SERVER4:  # no wait for the next one
            assert tries[SERVER6]["began_seconds"] < 0.25, line


def run_order(name):
    return [line.split()[0] for line in subprocess.run(["getent", "ahosts", name], capture_output=True, text=True).stdout.splitlines() if "STREAM" in line]


STAMPS = r"""
syn = {}
for source, destination, header, segment, at in stamped("c0", until):
    if header[9] != 6: continue
    here, there = struct.unpack(">HH", segment[:4])
    if segment[13] & 18 == 2: syn[here] = at
    elif segment[13] & 18 == 18 and there in syn: print(there, at - syn[there], flush=True)
"""


def in_stamps():
    """The handshake by a capture at the interface, and as reported."""
    with net3.Net() as net:
        build(net)
        net.start(net.server, sys.executable, "-c", SLOW_ECHO)
        net3.settle(lambda: run("tcp", f"{SERVER4}:7").returncode == 0, "the server")
        program = r"""
import socket, struct, time
def stamped(interface, until):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)); s.bind((interface, 0)); s.settimeout(0.2)
    s.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    print("ready", flush=True)
    while time.monotonic() < until:
        try:
            data, control, _, _ = s.recvmsg(2048, 256)
        except TimeoutError:
            continue
        if data[0] >> 4 != 4: continue
        size = (data[0] & 15) * 4
        seconds, more = struct.unpack("qq", control[0][2][:16])
        yield socket.inet_ntoa(data[12:16]), socket.inet_ntoa(data[16:20]), data[:size], data[size:], seconds + more / 1e9
until = time.monotonic() + 8
""" + STAMPS
        child = net.start(None, sys.executable, "-c", program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert child.stdout.readline().strip() == "ready", child.stderr.read()
        done = run("tcp", "--json", "-c", "200", "-i", "20ms", f"{SERVER4}:7", timeout=60)
        taken = {int(port): float(took) for port, took in (line.split() for line in child.stdout)}
        probes = [line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "probe" and line["local_port"] in taken]
        apart = sorted(abs(line["rtt_seconds"] - taken[line["local_port"]]) for line in probes)
        assert len(apart) > 100, (len(apart), done.stdout[:500], child.stderr.read())
        print(f"connect less the capture's: p50 {apart[len(apart) // 2] * 1e6:.0f} us, p99 {apart[len(apart) * 99 // 100] * 1e6:.0f} us")
        assert apart[len(apart) // 2] < 500e-6, apart  # ten times the goal


def in_leave():
    """-I, -t and -Q of ping --tcp and --udp-echo are on the wire."""
    with net3.Net() as net:
        build(net)
        net.batch(None, "addr add 10.80.1.9/24 dev c0")
        for transport, protocol in (("--tcp", 6), ("--udp-echo", 17)):
            child = sniff(net, 15, f"""
for source, destination, header, segment in packets("r0", until):
    if header[9] == {protocol} and destination == "{SERVER4}":
        print(source, header[8], header[1], flush=True); break
""")
            run("ping", transport, "7", "-c", "1", "-I", "10.80.1.9", "-t", "9", "-Q", "af41", SERVER4)
            assert child.stdout.readline().split() == ["10.80.1.9", "9", str(34 << 2)], child.stderr.read()
            for wrong, words in (("10.99.99.99", "10.99.99.99 is no address of this host"), ("nosuch0", "no such interface")):
                done = run("ping", transport, "7", "-c", "1", "-I", wrong, SERVER4)
                assert done.returncode == 2 and words in done.stderr and len(done.stderr.splitlines()) == 1, done
            done = run("ping", transport, "7", "-c", "1", "-I", "c0", SERVER4)
            assert done.returncode == 1 and "refused" in done.stdout, done


# ---- the tests ----

def test_KC7_type_code_and_router_by_tcp_and_udp():
    net3.inside(__file__, "causes", 120)


def test_KC7_established_connection_survives_forged_errors():
    net3.inside(__file__, "fire", 90)


def test_KC7_an_error_that_comes_late():
    net3.inside(__file__, "late", 90)


def test_KC7_a_router_that_refuses_one_syn_ends_nothing():
    net3.inside(__file__, "hint", 90)


def test_connect_agrees_with_a_capture():
    print(net3.inside(__file__, "stamps", 90).strip())


def test_KO4_ping_by_tcp_and_udp_honours_its_options():
    net3.inside(__file__, "leave", 90)
    for option in (("-p", "ff"), ("-M", "do"), ("-b",)):
        done = run("ping", "--tcp", "7", *option, "127.0.0.1")
        assert done.returncode == 2 and "exclude" in done.stderr, done


class BadEcho(threading.Thread):
    """A responder that duplicates, swaps, delays, flips, cuts or drops what is long."""

    def __init__(self, mode):
        super().__init__(daemon=True)
        self.mode, self.socket = mode, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port, self.over = self.socket.getsockname()[1], False
        self.start()

    def run(self):
        held, number = None, 0
        while not self.over:
            try:
                data, at = self.socket.recvfrom(65536)
            except TimeoutError:
                continue
            number += 1
            if self.mode == "swap" and number % 2:
                held = data, at
            elif self.mode == "late":
                threading.Timer(0.6, lambda data=data, at=at: self.socket.sendto(data, at)).start()
            elif self.mode == "flip":
                self.socket.sendto(data[:20] + bytes([data[20] ^ 1]) + data[21:], at)
            elif self.mode == "trunc":
                self.socket.sendto(data[:40], at)
            elif self.mode != "mtu" or len(data) <= 1400:
                for _ in range(2 if self.mode == "dup" else 1):
                    self.socket.sendto(data, at)
                if held:
                    self.socket.sendto(*held)
                    held = None


def bad_echo(mode, *args):
    server = BadEcho(mode)
    try:
        done = run("echo", "--udp", "-c", "4", "-i", "100ms", "--json", *args, f"127.0.0.1:{server.port}", timeout=60)
    finally:
        server.over = True
        server.join()
        time.sleep(0.7 if mode == "late" else 0)
        server.socket.close()
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, lines[:-1], lines[-1]


def test_KC5_figures_that_cannot_be_known_are_null():
    for mode, args, outcome, received in (("dup", (), "ok", 4), ("swap", ("-W", "10s"), "ok", 4), ("late", ("-W", "200ms"), "timeout", 0),
                                          ("late", ("-W", "10s"), "ok", 4), ("flip", (), "mismatch", 0), ("trunc", (), "mismatch", 0),
                                          ("mtu", ("-s", "1401", "-W", "300ms"), "timeout", 0), ("mtu", ("-s", "1400", "-W", "10s"), "ok", 4)):
        code, probes, summary = bad_echo(mode, *args)
        about = (mode, args, code, probes, summary)
        assert [p["outcome"] for p in probes] == [outcome] * 4, about
        assert (summary["duplicates"], summary["late"], summary["corrupt"]) == (None, None, None), about
        assert (summary["transmitted"], summary["received"], summary["lost"]) == (4, received, 4 - received), about
        for probe in probes:
            assert probe["mismatch_at"] == {"flip": 20, "trunc": 40}.get(mode), about
            assert outcome != "timeout" or probe["rtt_seconds"] is None, about
            assert (mode, outcome) != ("late", "ok") or probe["rtt_seconds"] >= 0.6, about


def answer_daytime(text):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        client, _ = listener.accept()
        client.sendall(text.encode())
        client.close()
    threading.Thread(target=serve, daemon=True).start()
    return listener, f"127.0.0.1:{listener.getsockname()[1]}"


def test_KC12_offset_has_its_bound_and_go_is_read():
    at = time.gmtime()
    for form, layout in (("go", "%Y-%m-%d %H:%M:%S.5 +0000 UTC m=+0.0012"), ("iso", "%Y-%m-%dT%H:%M:%SZ"), ("mail", "%a, %d %b %Y %H:%M:%S +0000"),
                         ("ctime", "The time is: %a %b %d %H:%M:%S %Y"), ("xinetd", "%d %b %Y %H:%M:%S UTC")):
        listener, target = answer_daytime(time.strftime(layout, at) + "\r\n")
        with listener:
            done = run("daytime", target, env={"TZ": "UTC"})
        assert done.returncode == 0 and f"form {form}" in done.stdout and " +/- " in done.stdout, (layout, done)
        listener, target = answer_daytime(time.strftime(layout, at) + "\r\n")
        with listener:
            code, line, output = ask("daytime", target, env={"TZ": "UTC"})
        offset, bound = line["clock_offset_seconds"], line["uncertainty_seconds"]
        waited = time.time() - time.mktime(at) + time.timezone  # a slow machine's
        assert code == 0 and bound > 0 and -waited - 1 - bound <= offset <= 1 + bound, (layout, line, output)
    listener, target = answer_daytime("half past nine\n")
    with listener:
        done = run("daytime", target)
    assert done.returncode == 0 and "+/-" not in done.stdout, done


class Resolver(threading.Thread):
    """Answers every question with an rcode; None: not at all."""

    def __init__(self, rcode):
        super().__init__(daemon=True)
        self.rcode, self.socket, self.over = rcode, socket.socket(socket.AF_INET, socket.SOCK_DGRAM), False
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.start()

    def run(self):
        while not self.over:
            try:
                question, at = self.socket.recvfrom(4096)
            except TimeoutError:
                continue
            end = question.index(b"\0", 12) + 5
            records = self.records(question[end - 3])
            if self.rcode is not None:
                head = struct.pack(">HHHHH", 0x8180 | self.rcode, 1, len(records), 0, 0)
                self.socket.sendto(question[:2] + head + question[12:end] + b"".join(records), at)

    def records(self, kind):
        return []


class Moving(Resolver):
    """A name with the addresses in `self.addresses`, for a second each time."""

    def records(self, kind):
        found = self.addresses if kind == 1 else []
        return [b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + socket.inet_aton(a) for a in found]


def test_KW1_addresses_that_come_later_are_tried():
    """Renewals refresh the list: the name moves to an address that answers, behind one that does not."""
    Moving.addresses = ["127.0.0.77"]
    names = Moving(0)
    with socket.create_server(("127.0.0.78", 0)) as listener:
        target = f"db1.example:{listener.getsockname()[1]}"
        with subprocess.Popen([harness.SOUNDER, "tcp", "--json", "-i", "200ms", "-w", "60s", "--server", names.address, target],
                              stdout=subprocess.PIPE, text=True) as child:
            try:
                first = json.loads(child.stdout.readline())
                assert first["outcome"] == "refused" and len(first["attempts"]) == 1, first
                Moving.addresses = ["127.0.0.77", "127.0.0.78"]
                for line in child.stdout:
                    probe = json.loads(line)
                    if probe["outcome"] == "ok":
                        break
                assert probe["type"] == "probe" and probe["address"] == "127.0.0.78", probe
                assert probe["why"] == "127.0.0.77 refused, 127.0.0.78 answered", probe
            finally:
                child.terminate()
    names.over = True
    names.join()
    names.socket.close()


def test_KA2_a_resolver_that_fails_is_not_the_target():
    closed = f"127.0.0.1:{harness.free_port(socket.SOCK_DGRAM)}"
    resolvers = [Resolver(2), Resolver(5), Resolver(None)]
    try:
        for server in [r.address for r in resolvers] + [closed]:
            for method in (("tcp",), ("echo",), ("daytime",), ("echo", "--udp"), ("daytime", "--udp")):
                done = run(*method, "--server", server, "db1.example:7", timeout=60)
                assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and not done.stdout, (method, server, done)
                assert "db1.example" in done.stderr and "connection refused" not in done.stderr.lower(), (method, done)
    finally:
        for resolver in resolvers:
            resolver.over = True
            resolver.join()
            resolver.socket.close()


if not net3.entry(globals()):
    harness.main(globals())
