"""soak_goals.py NAME...: goals of the fault catalogue that take a minute, or figures of an idle machine: vanished (F6), flood (F7), dead (C12),
resize (G6), cancels (B18). `./dev soak NAME` runs them; in ./dev test these rows have a shorter form. All in a network namespace of its own."""
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import harness
import serving
from terminal import Screen, stat_of

INSIDE = "SOAK_INSIDE"
TOP = pathlib.Path(__file__).resolve().parents[2]
INTERVAL = 0.02


def enter_namespace():
    """Starts this script again as root of a namespace with only the loopback, where ICMP sockets may be opened."""
    script = "ip link set lo up && { echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range || echo '0 0' >/proc/sys/net/ipv4/ping_group_range; } " \
             "2>/dev/null; exec \"$@\""
    os.environ[INSIDE] = "1"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.execvp("unshare", ["unshare", "-Urn", "sh", "-c", script, "sh", sys.executable, *sys.argv])


def nft(rules):
    done = subprocess.run(["nft", "-f", "-"], input=f"table inet t {{ chain i {{ type filter hook input priority 0; {rules} }}; }}\n", text=True, capture_output=True)
    if done.returncode:
        raise harness.Skip("nft does not work here: " + done.stderr)


class Pace(threading.Thread):
    """When echo requests to 127.0.0.7 leave, by the kernel's stamps."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self.socket.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
        self.times = []
        self.start()

    def run(self):
        while True:
            data, control, _, at = self.socket.recvmsg(128, 256)
            if at[2] != 4 and len(data) > 20 and data[9] == 1 and data[16:20] == bytes((127, 0, 0, 7)) and data[(data[0] & 15) * 4] == 8:
                seconds, more = struct.unpack("qq", control[0][2][:16])
                self.times.append(seconds + more / 1e9)

    def jitter(self, since):
        """The 99th percentile of how far the intervals since then are off, in ms."""
        times = [time for time in self.times if time >= since]
        off = sorted(abs(b - a - INTERVAL) for a, b in zip(times, times[1:]))
        assert len(off) > 50, len(off)
        return off[len(off) * 99 // 100] * 1e3


def dashboard(folder, lines):
    config = pathlib.Path(folder) / "soak.conf"
    config.write_text("\n".join(["set rate 100000", f"ping 127.0.0.7 --interval {INTERVAL * 1e3:.0f}ms", *lines]) + "\n")
    return Screen("-f", str(config), rows=40, columns=120)


def quiet_and(screen, pace, busy):
    """The jitter of the probes in five seconds, and then while `busy` goes on. What is drawn is read all the while."""
    screen.read_until(b"Overview", 10)
    done = threading.Event()

    def drain():
        while not done.is_set():
            screen.read(0.1)
            screen.output = b""
    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    try:
        begun = time.time()
        time.sleep(5)
        quiet, begun = pace.jitter(begun), time.time()
        busy()
        return quiet, pace.jitter(begun)
    finally:
        done.set()
        reader.join()


def connecting(pid):
    """How many TCP sockets are connecting. They are counted while the process stands still: the list is no picture of one moment."""
    os.kill(pid, signal.SIGSTOP)
    try:
        with open("/proc/net/tcp") as file:
            return sum(line.split()[3] == "02" for line in file)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_F6_vanished():
    """No end and no reset comes from it: keepalive finds out, within 90 s."""
    with serving.Serving("echo", "--tcp", "127.0.0.1:0") as server:
        port = harness.wait_until(lambda: [e["port"] for e in server.of("listening")])[0]
        client = socket.create_connection(("127.0.0.1", port), 10)
        client.sendall(b"x")
        assert client.recv(1) == b"x"
        nft(f"tcp dport {port} drop; tcp sport {port} drop;")
        begun = time.monotonic()
        assert harness.wait_until(lambda: server.of("closed"), 120, 0.2), "not closed in 120 s"
        took = time.monotonic() - begun
        print(f"  closed after {took:.0f} s: {server.of('closed')[0].get('why')}")
        assert took <= 90
        client.close()


def test_F7_flood():
    """10,000 connections, and probes that keep their time meanwhile."""
    pace = Pace()

    def flood():
        held = [socket.create_connection(("127.0.0.1", 10007), 10) for _ in range(10)]  # as many as one source may have
        for _ in range(10000):
            with socket.socket() as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.settimeout(10)
                try:
                    client.connect(("127.0.0.1", 10007))
                    client.recv(1)
                except ConnectionResetError:
                    pass
        for client in held:
            client.close()

    with tempfile.TemporaryDirectory() as folder, dashboard(folder, ["serve echo --tcp 0.0.0.0:10007"]) as screen:
        quiet, busy = quiet_and(screen, pace, flood)
        print(f"  jitter p99 {quiet:.2f} ms, {busy:.2f} ms under the flood")
        assert busy <= quiet + 50


def test_C12_dead():
    """1,000 web targets whose packets are dropped: 64 sockets at once, and probes that keep their time."""
    pace = Pace()
    subprocess.run("ip route add 10.99.0.0/16 dev lo".split(), check=True)
    nft("ip daddr 10.99.0.0/16 drop;")

    with tempfile.TemporaryDirectory() as folder, \
            dashboard(folder, [f"head http://10.99.{n // 200}.{n % 200 + 1}/ --interval 10s" for n in range(1000)]) as screen:
        quiet, busy = quiet_and(screen, pace, lambda: time.sleep(20))
        counts = []
        for _ in range(100):
            counts.append(connecting(screen.process.pid))
            screen.read(0.05)
        most = max(counts)
        print(f"  jitter p99 {quiet:.2f} ms in the first 5 s, {busy:.2f} ms later; {most} sockets at once")
        assert 8 <= most <= 64, most
        assert quiet <= 50 and busy <= 50
        screen.send(b"q")


def test_B18_cancels():
    """10,000 lookups given up at any moment, under valgrind: no error, nothing lost."""
    harness.need("valgrind")
    program = next((path for path in (TOP / "build-test/tests/unit/test_names", TOP / "build/tests/unit/test_names") if path.exists()), None)
    assert program, "build-test is not built"
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        done = subprocess.run(["valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite,possible", f"--log-file={log}", program, "*B18*"],
                              capture_output=True, text=True, timeout=1200)
        ran, said = "[       OK ] test_B18_cancel" in done.stdout, log.read_text()
    assert ran, done.stdout[-2000:] + done.stderr[-2000:]
    assert not said, said[-3000:]


def test_G6_resize():
    """A thousand sizes of a tmux window: the last one's layout is there within 250 ms, for a second of processor time."""
    harness.need("tmux")
    tmux = ["tmux", "-L", f"sounder-soak-{os.getpid()}", "-f", "/dev/null"]
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "empty.conf").touch()
        subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "24", f"{harness.SOUNDER} -f {folder}/empty.conf 127.0.0.1"], check=True)
        try:
            def shown():
                return subprocess.run([*tmux, "capture-pane", "-p"], capture_output=True, text=True).stdout
            assert harness.wait_until(lambda: "Overview" in shown(), 10)
            pid = int(subprocess.run([*tmux, "list-panes", "-F", "#{pane_pid}"], capture_output=True, text=True).stdout)
            before, seed = stat_of(pid)[0], 7
            for _ in range(1000):
                seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
                subprocess.run([*tmux, "resize-window", "-x", str(1 + seed % 500), "-y", str(1 + (seed >> 9) % 200)], check=True)
            subprocess.run([*tmux, "resize-window", "-x", "120", "-y", "30"], check=True)
            begun = time.monotonic()
            assert harness.wait_until(lambda: "Servers" in shown() and "1 Overview" in shown().splitlines()[0], 5, 0.005), shown()
            took, used = time.monotonic() - begun, stat_of(pid)[0] - before
            print(f"  settled after {took * 1e3:.0f} ms; {used:.2f} s of processor time")
            assert took <= 0.25 and used <= 1, (took, used)
        finally:
            subprocess.run([*tmux, "kill-server"])


if __name__ == "__main__":
    if INSIDE not in os.environ:
        if subprocess.run(["unshare", "-Urn", "true"], stderr=subprocess.DEVNULL).returncode:
            sys.exit("soak: needs network namespaces (unshare -Urn)")
        enter_namespace()
    harness.main(globals())
