"""soak.py SECONDS - the dashboard with 100 loopback targets, an echo and a daytime server and a client for each, for a long while: memory,
descriptors and CPU are printed every tenth of the time. Fails if memory or descriptors keep growing, the program ends, or the servers and
clients did not take effect. All in a network namespace of its own, where the kernel's counters are ours alone."""
import os
import subprocess
import sys
import tempfile

import figures

MEMORY_MAX_KIB = 2048  # what may be had after the warm-up
LINES = ("serve echo --tcp 127.0.0.1:10007", "serve daytime --tcp 127.0.0.1:10013",
         "echo 127.0.0.1:10007 --interval 1s", "daytime 127.0.0.1:10013 --interval 1s")
INSIDE = "SOAK_INSIDE"


def enter_namespace():
    """Starts this script again as root of a user and network namespace with only the loopback, where ICMP sockets may be opened."""
    script = "ip link set lo up && { echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range || echo '0 0' >/proc/sys/net/ipv4/ping_group_range; } " \
             "2>/dev/null; exec \"$@\""
    os.environ[INSIDE] = "1"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.execvp("unshare", ["unshare", "-Urn", "sh", "-c", script, "sh", sys.executable, *sys.argv])


def counter(table, name):
    """One of the namespace's counters, as /proc/net/snmp has them."""
    rows = [line.split() for line in open("/proc/net/snmp") if line.startswith(table + ":")]
    return int(rows[1][rows[0].index(name)])


def state(terminal):
    return terminal.rss_kib(), len(os.listdir(f"/proc/{terminal.pid}/fd")), terminal.cpu()


def say_state(seconds, now):
    print(f"{seconds:8.0f} s   {now[0] / 1024:6.1f} MB   {now[1]:3d} descriptors   {now[2]:7.2f} s CPU   "
          f"{counter('Icmp', 'InEchoReps'):7d} echo replies   {counter('Tcp', 'PassiveOpens'):6d} clients", flush=True)


def type_line(terminal, line):
    os.write(terminal.fd, b":" + line.encode() + b"\r")
    terminal.read(0.5)


def written_config(terminal, folder):
    """The state that the dashboard shows."""
    path = os.path.join(folder, "soak.conf")
    type_line(terminal, f"write-config {path}")
    with open(path, encoding="utf-8") as file:
        return file.read()


def soak(seconds, folder):
    config = os.path.join(folder, "empty.conf")
    open(config, "w", encoding="utf-8").close()
    terminal = figures.Terminal([os.environ["SOUNDER"], "-f", config, *[f"127.0.0.{n}" for n in range(1, 101)]])
    terminal.read(3)
    for line in LINES:
        type_line(terminal, line)
    terminal.read(max(5, min(30, seconds / 10)))
    base = state(terminal)
    say_state(0, base)
    replies, clients = counter("Icmp", "InEchoReps"), counter("Tcp", "PassiveOpens")
    for part in range(10):
        terminal.seen = b""
        terminal.read(seconds / 10)
        last = state(terminal)
        say_state((part + 1) * seconds / 10, last)
    replies, clients = counter("Icmp", "InEchoReps") - replies, counter("Tcp", "PassiveOpens") - clients
    text = written_config(terminal, folder)
    terminal.close()
    faults = [f"not in the configuration it writes: {word}" for word in
              ("serve echo", "serve daytime", "echo --interval 1s", "daytime --interval 1s", "ping 127.0.0.100") if word not in text]
    if replies < 100 * seconds * 0.8:
        faults.append(f"only {replies} echo replies in {seconds:.0f} s of 100 targets")
    if clients < 2 * seconds * 0.8:
        faults.append(f"the servers had only {clients} clients in {seconds:.0f} s of two a second")
    if last[0] - base[0] > MEMORY_MAX_KIB:
        faults.append("memory keeps growing")
    if last[1] > base[1] + 2:  # two clients may be open
        faults.append("descriptors keep growing")
    print(f"memory grew by {last[0] - base[0]} KiB, descriptors by {last[1] - base[1]}; {(last[2] - base[2]) / seconds:.2%} of a processor")
    return faults


if INSIDE not in os.environ:
    if subprocess.run(["unshare", "-Urn", "true"], stderr=subprocess.DEVNULL).returncode:
        sys.exit("soak: needs network namespaces (unshare -Urn)")
    enter_namespace()
with tempfile.TemporaryDirectory() as folder:
    found = soak(float(sys.argv[1]) if len(sys.argv) > 1 else 600, folder)
for fault in found:
    print("soak:", fault)
sys.exit(1 if found else 0)
