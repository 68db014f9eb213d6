#!/usr/bin/env python3
"""Rows E and F of the fault catalogue on the built binary: servers under forged, greedy, silent and vanished clients; clients whose
network refuses. What needs a network of its own runs in a namespace: the test then starts this file again inside it."""
import functools
import os
import resource
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

import harness
import serving
from harness import SOUNDER, Machine, Skip, free_port, main, need, run_json, wait_until


class Serving(serving.Serving):
    """With its memory and processor time."""

    def port(self, service="echo", transport="tcp"):
        found = wait_until(lambda: [e["port"] for e in self.of("listening") if (e["service"], e["transport"]) == (service, transport)])
        assert found, (self.events, self.child.poll())
        return found[0]

    def counters(self):
        """Ends it and returns the counters by (service, transport)."""
        assert self.stop() == 0
        return {(e["service"], e["transport"]): e for e in self.of("counters")}

    def status(self, key):
        with open(f"/proc/{self.child.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(key + ":"))

    def cpu(self):
        with open(f"/proc/{self.child.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def inside(test):
    """Runs the test in a network namespace of its own, by starting this file again there."""
    @functools.wraps(test)
    def outer():
        if os.environ.get("SOUNDER_INSIDE") == test.__name__:
            return test()
        need("unshare", "ip")
        done = harness.in_namespace(f"exec {sys.executable} {os.path.abspath(__file__)} {test.__name__}", timeout=100,
                                    env={"SOUNDER_INSIDE": test.__name__})
        if "): skipped: " in done.stdout:
            raise Skip(done.stdout.split("): skipped: ", 1)[1].strip())
        if "unshare failed" in done.stderr or "Operation not permitted" in done.stderr:
            raise Skip(f"no namespace to be had: {done.stderr.strip()}")
        assert done.returncode == 0, done.stdout + done.stderr
    return outer


def dial(port, address="127.0.0.1"):
    client = socket.create_connection((address, port), 10)
    client.settimeout(10)
    return client


def knock(port):
    """Connects; returns whether an echo service serves this client, and the socket. The server may refuse before or after connect returns."""
    try:
        client = dial(port)
        client.sendall(b"x")
        return client.recv(1) == b"x", client
    except ConnectionError:
        return False, None


def sysctl(name, value):
    with open("/proc/sys/net/" + name, "w") as file:
        file.write(str(value))


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def forge(raw, source, destination, payload=b"x"):
    """Sends one UDP datagram over IPv4 with a forged source."""
    udp = struct.pack("!4H", source[1], destination[1], 8 + len(payload), 0) + payload
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, socket.inet_aton(source[0]), socket.inet_aton(destination[0]))
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    raw.sendto(header + udp, destination)


@inside
def test_F1_forged_sources_start_no_loop():
    with Serving("echo", "--udp", "127.0.0.1:0", "daytime", "--udp", "127.0.0.1:0") as serving:
        echo, daytime = serving.port("echo", "udp"), serving.port("daytime", "udp")
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        sources = [echo, daytime, 7, 13, 19, 17, 37, 53, 123, 10007, 10013, 0]
        for source in sources:
            forge(raw, ("127.0.0.1", source), ("127.0.0.1", echo))
            forge(raw, ("127.0.0.1", source), ("127.0.0.1", daytime))
        time.sleep(0.5)
        counters = serving.counters()
    for service in "echo", "daytime":
        row = counters[(service, "udp")]
        assert row["served"] == 0 and row["dropped"] == len(sources), row


@inside
def test_F3_flood_is_answered_at_a_bounded_rate():
    with Serving("echo", "--udp", "0.0.0.0:0") as serving:
        port = serving.port("echo", "udp")
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        sent, start = 0, time.monotonic()
        while time.monotonic() - start < 3:
            for _ in range(100):
                forge(raw, (f"10.{sent >> 16 & 255}.{sent >> 8 & 255}.{sent & 255}", 40000), ("127.0.0.1", port))
                sent += 257
        seconds = time.monotonic() - start
        time.sleep(0.2)
        counters = serving.counters()[("echo", "udp")]
    assert counters["served"] <= 200 * (seconds + 1), (counters, seconds)
    assert counters["bytes_out"] <= counters["bytes_in"], counters
    assert counters["served"] + counters["dropped"] > 1000, counters


def test_F4_clients_that_never_read_cost_little():
    with Serving("echo", "--tcp", "127.0.0.1:0", "--idle", "2s") as serving:
        port = serving.port()
        before = serving.status("VmRSS")
        clients = []
        for _ in range(128):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.setblocking(False)
            clients.append(client)
        junk = b"x" * 65536
        end = time.monotonic() + 1
        while time.monotonic() < end:
            for client in clients:
                try:
                    client.send(junk)
                except OSError:
                    pass
            time.sleep(0.01)
        grown = serving.status("VmRSS") - before
        assert grown <= 10 * 1024, f"{grown} kB"
        assert wait_until(lambda: sum("idle" in (e.get("why") or "") for e in serving.of("closed")) > 0, 10), serving.events[-5:]
        end = time.monotonic() + 10
        with dial(port) as client:
            client.sendall(b"alive")
            assert client.recv(5, socket.MSG_WAITALL) == b"alive"
        for client in clients:
            client.close()


def test_F5_silent_clients_are_closed():
    with Serving("echo", "--tcp", "127.0.0.1:0", "--idle", "1s", "--max-clients", "200") as serving:
        port = serving.port()
        clients = [dial(port) for _ in range(200)]
        for client in clients:
            assert client.recv(1) == b""
            client.close()
        with dial(port) as client:
            client.sendall(b"x")
            assert client.recv(1) == b"x"


@inside
def test_F6_keepalive_is_on():
    need("ss")
    with Serving("echo", "--tcp", "127.0.0.1:0") as serving:
        port = serving.port()
        with dial(port):
            def look():
                return subprocess.run(["ss", "-tnoH", "state", "established", f"( sport = :{port} )"], capture_output=True, text=True).stdout
            assert wait_until(lambda: "keepalive" in look()), look()
            seconds = int(look().split("timer:(keepalive,")[1].split("sec")[0])
            assert 25 <= seconds <= 30, look()


@inside
def test_F6_a_vanished_client_is_closed():
    """Nothing comes from it any more, not even an end: it is closed for silence, long before keepalive would tell."""
    need("nft")
    with Serving("echo", "--tcp", "0.0.0.0:0", "--idle", "2s") as serving:
        port = serving.port()
        client = dial(port)
        client.sendall(b"x")
        assert client.recv(1) == b"x"
        rules = f"table inet t {{ chain i {{ type filter hook input priority 0; tcp dport {port} drop; tcp sport {port} drop; }}; }}"
        done = subprocess.run(["nft", "-f", "-"], input=rules, text=True, capture_output=True)
        if done.returncode:
            raise Skip("nft does not work here: " + done.stderr)
        assert wait_until(lambda: serving.of("closed"), 20), serving.events
        assert "idle" in serving.of("closed")[0]["why"], serving.of("closed")
        client.close()


FLOOD_OF_CONNECTIONS = 10000


@inside
def test_F7_flood_of_connections_is_refused():
    """Each is counted; those that are held stay served all the while."""
    with Serving("echo", "--tcp", "0.0.0.0:0") as serving:
        port = serving.port()
        held = [client for served, client in (knock(port) for _ in range(10)) if served]
        assert len(held) == 10
        for number in range(FLOOD_OF_CONNECTIONS - 10):
            with socket.socket() as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # no TIME_WAIT, which would take all ports
                client.settimeout(10)
                try:
                    client.connect(("127.0.0.1", port))
                    served = client.recv(1)
                    assert served == b"", served
                except ConnectionResetError:
                    pass
            if number % 500 == 0:
                held[number // 500 % 10].sendall(b"still here")
                assert held[number // 500 % 10].recv(10, socket.MSG_WAITALL) == b"still here"
        counters = serving.counters()[("echo", "tcp")]
        assert (counters["served"], counters["refused"]) == (10, FLOOD_OF_CONNECTIONS - 10), counters


def test_F8_out_of_descriptors_does_not_spin():
    with Serving("echo", "--tcp", "127.0.0.1:0", prefix=["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"]) as serving:
        port = serving.port()
        clients = [knock(port)[1] for _ in range(100)]
        clients = [client for client in clients if client]
        assert 1 <= len(clients) <= 32, len(clients)
        before = serving.cpu()
        time.sleep(2)
        assert serving.cpu() - before <= 0.1, serving.cpu() - before
        assert len(os.listdir(f"/proc/{serving.child.pid}/fd")) <= 64 - 32 + 1
        for client in clients:
            client.close()
        assert wait_until(lambda: knock(port)[0])
        assert any("descriptors" in (e.get("why") or "") for e in serving.of("refused")), serving.events[-3:]


def test_KS13_KS14_few_descriptors_serve_both():
    """With 40 files somebody is served; with 64 echo takes what it gets, and daytime is served all the same."""
    for limit, least in ((40, 2), (64, 6)):
        with Serving("echo", "--tcp", "127.0.0.1:0", "daytime", "--tcp", "127.0.0.1:0", prefix=("prlimit", f"--nofile={limit}")) as peer:
            held, served = [], 0
            for _ in range(limit):
                try:  # a refused one is reset, perhaps before it is through here
                    client = dial(peer.port("echo"))
                    client.settimeout(2)
                    held.append(client)
                    client.sendall(b"x")
                    served += client.recv(1) == b"x"
                except OSError:
                    break
            assert served >= least, f"with {limit} files {served} clients of echo"
            client = dial(peer.port("daytime"))
            client.settimeout(2)
            assert client.recv(100), f"daytime starves beside {served} clients of echo"
            print(f"  {limit} files: {served} clients of echo, and daytime")
            for client in held:
                client.close()


@inside
def test_F9_low_ports_not_allowed_fall_back():
    need("setpriv")
    sysctl("ipv4/ip_unprivileged_port_start", 1024)
    start = time.monotonic()
    with Machine() as machine, Serving(prefix=["setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"]) as serving:
        assert wait_until(lambda: len(serving.of("listening")) == 8), serving.events
        assert time.monotonic() - start < machine.within(2)
        for event in serving.of("listening"):
            assert event["port"] == (10013 if event["service"] == "daytime" else 10007), event
            assert "permission denied" in event["why"] and str(event["port"]) in event["why"], event
        code, lines = run_json("echo", "127.0.0.1:10007")
        assert code == 0, lines


@inside
def test_F10_port_in_use_leaves_the_others():
    taken = socket.socket()
    taken.bind(("127.0.0.1", 7))
    taken.listen()
    with Serving() as serving:
        assert wait_until(lambda: len(serving.of("listening")) == 8), serving.events
        moved = [e for e in serving.of("listening") if e.get("why")]
        assert len(moved) == 1 and moved[0]["port"] == 10007 and "in use" in moved[0]["why"], moved
    with Serving("echo", "--tcp", "127.0.0.1:7", "daytime", "--tcp", "127.0.0.1:0") as serving:
        assert run_json("daytime", f"127.0.0.1:{serving.port('daytime')}")[0] == 0
        serving.child.terminate()
        assert serving.child.wait(10) == 2
        message = serving.child.stderr.read()
        assert "in use by another program" in message and len(message.splitlines()) == 1, message


@inside
def test_F11_nothing_but_loopback_by_default():
    need("ss")
    with Serving() as serving:
        assert wait_until(lambda: len(serving.of("listening")) == 8), serving.events
        rows = subprocess.run(["ss", "-Hlntu"], capture_output=True, text=True).stdout.splitlines()
        assert len(rows) == 8, rows
        assert all(row.split()[4].rsplit(":", 1)[0] in ("127.0.0.1", "[::1]") for row in rows), rows


@inside
def test_F12_v6_sockets_take_no_v4():
    for only in 0, 1:
        sysctl("ipv6/bindv6only", only)
        with Serving("echo", "--tcp", "[::]:7777", "--udp", "[::]:7777") as serving:
            assert wait_until(lambda: len(serving.of("listening")) == 2), serving.events
            try:
                dial(7777)
                raise AssertionError("IPv4 was taken by a v6 socket")
            except ConnectionRefusedError:
                pass
            with Serving("echo", "--tcp", "0.0.0.0:7777", "--udp", "0.0.0.0:7777") as second:
                assert wait_until(lambda: len(second.of("listening")) == 2), second.events
                with dial(7777) as client:
                    client.sendall(b"4")
                    assert client.recv(1) == b"4"


def test_F13_restart_with_live_connections():
    port = free_port()
    for _ in range(100):
        with Serving("echo", "--tcp", f"127.0.0.1:{port}") as serving:
            serving.port()
            clients = [dial(port) for _ in range(128)]
            for client in clients:
                client.sendall(b"x")
                assert client.recv(1) == b"x"
            with Machine() as machine:
                start = time.monotonic()
                assert serving.stop() == 0
                assert time.monotonic() - start <= machine.within(1)
            for client in clients:
                client.close()


def test_F14_long_stream_in_little_memory():
    with Serving("echo", "--tcp", "127.0.0.1:0") as serving:
        port = serving.port()
        block = os.urandom(1 << 20)
        with dial(port) as client:
            client.sendall(b"warm")
            assert client.recv(4, socket.MSG_WAITALL) == b"warm"
            before = serving.status("VmRSS")

            def send():
                for _ in range(1024):
                    client.sendall(block)
                client.shutdown(socket.SHUT_WR)
            sender = threading.Thread(target=send)
            sender.start()
            got = bytearray(1 << 20)
            for _ in range(1024):
                view = memoryview(got)
                while view:
                    n = client.recv_into(view)
                    assert n > 0
                    view = view[n:]
                assert got == block
            assert client.recv(1) == b""
            sender.join()
            assert serving.status("VmRSS") - before <= 512


def test_F15_a_flood_of_clients_floods_no_log():
    with Serving("echo", "--tcp", "127.0.0.1:0") as serving:
        port = serving.port()
        for _ in range(2000):
            dial(port).close()
        time.sleep(0.3)
        count = len(serving.events)
        assert count < 200, count
        assert any("left out" in (e.get("why") or "") for e in serving.events) or count < 110
        assert serving.counters()[("echo", "tcp")]["served"] == 2000


@inside
def test_E5_out_of_local_ports_is_a_local_fault():
    sysctl("ipv4/ip_local_port_range", "50000 50009")
    sysctl("ipv4/tcp_tw_reuse", 0)
    with socket.create_server(("127.0.0.1", 7777)) as server:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code, lines = run_json("tcp", "127.0.0.1:7777", "-c", "20", "-i", "0.05")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        probes = [line for line in lines if line["type"] == "probe"]
        local = [line for line in probes if line["outcome"] == "local"]
        assert len(probes) == 20 and local, lines
        assert all("out of local ports" in line["why"] and line["errno"] == "EADDRNOTAVAIL" for line in local), local
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3
        server.close()


def test_E6_writing_to_a_closed_connection_kills_nobody():
    with socket.create_server(("127.0.0.1", 0)) as server:
        def reset():
            client = server.accept()[0]
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        peer = threading.Thread(target=reset)
        peer.start()
        code, lines = run_json("echo", "--size", "1000000", f"127.0.0.1:{server.getsockname()[1]}")
        peer.join()
        assert code == 1 and lines[0]["outcome"] == "reset", lines


@inside
def test_E7_refusals_of_the_network_have_four_words():
    if not shutil.which("nft", path="/usr/sbin:/sbin:" + os.environ["PATH"]):
        raise Skip("nft is not installed")
    rules = """table inet t { chain i { type filter hook input priority 0;
        tcp dport 7001 reject with tcp reset
        meta nfproto ipv4 tcp dport 7002 reject with icmp type host-unreachable
        tcp dport 7003 drop
        meta nfproto ipv4 tcp dport 7004 reject with icmp type net-unreachable
    }
    }
    """
    done = subprocess.run(["nft", "-f", "-"], input=rules, text=True, capture_output=True)
    if done.returncode:
        raise Skip("nft does not work here: " + done.stderr)
    wanted = {7001: ("refused", "ECONNREFUSED"), 7002: ("unreachable", "EHOSTUNREACH"), 7003: ("timeout", None), 7004: ("unreachable", "ENETUNREACH")}
    for port, (outcome, name) in wanted.items():
        code, lines = run_json("tcp", f"127.0.0.1:{port}", "--timeout", "2500ms")
        assert code == 1 and (lines[0]["outcome"], lines[0]["errno"]) == (outcome, name), (port, lines)


if __name__ == "__main__":
    main(globals())
