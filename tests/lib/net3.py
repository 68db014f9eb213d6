"""net3.py - a client, a router and a server in namespaces of their own, for tests that run inside one (harness.namespace).

    client c0 10.80.1.1 fd80:1::1 -- r0 10.80.1.254 fd80:1::fe  router  r1 10.80.2.254 fd80:2::fe -- s0 server

`inside(__file__, name, ...)` runs this file's function `in_NAME` in such a namespace: the process that calls Net() is the client."""
import os
import subprocess
import sys
import time

import harness

ROUTER4, ROUTER6 = "10.80.1.254", "fd80:1::fe"


def inside(file, name, timeout=200, **env):
    """Runs `python3 FILE --inside NAME` in namespaces; its output is shown where it fails."""
    harness.need("unshare", "nsenter", "ip", "nft")
    full = {**os.environ, "SOUNDER": harness.SOUNDER, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin", **env}
    done = subprocess.run([*harness.namespace("m"), "sh", "-c", 'ip link set lo up; exec "$@"', "sh", sys.executable, file, "--inside", name],
                          capture_output=True, text=True, timeout=timeout, env=full, stdin=subprocess.DEVNULL)
    if done.returncode == 77:
        raise harness.Skip(done.stdout.strip())
    assert done.returncode == 0, (done.stdout[-6000:], done.stderr[-6000:])
    return done.stdout


def entry(names):
    """For the file's end: runs what `inside` asked for. Returns whether it was that."""
    if len(sys.argv) < 3 or sys.argv[1] != "--inside":
        return False
    try:
        names["in_" + sys.argv[2]]()
    except harness.Skip as reason:
        print(reason)
        sys.exit(77)
    return True


def hosts(lines):
    """Has the names of this mount namespace be those of `lines`, a hosts file's, and no name server."""
    with open("/tmp/sounder-hosts-%d" % os.getpid(), "w") as f:
        f.write("127.0.0.1 localhost\n::1 localhost\n" + "\n".join(lines) + "\n")
    subprocess.run(["mount", "--bind", f.name, "/etc/hosts"], check=True)
    os.unlink(f.name)


class Net:
    def __init__(self):
        self.holders = []
        self.router, self.server = self.hold(), self.hold()
        self.batch(None, f"""link add c0 type veth peer name r0 netns {self.router}
            addr add 10.80.1.1/24 dev c0
            addr add fd80:1::1/64 dev c0 nodad
            link set c0 up""")
        self.batch(self.router, f"""link add r1 type veth peer name s0 netns {self.server}
            addr add {ROUTER4}/24 dev r0
            addr add {ROUTER6}/64 dev r0 nodad
            addr add 10.80.2.254/24 dev r1
            addr add fd80:2::fe/64 dev r1 nodad
            link set lo up
            link set r0 up
            link set r1 up""")
        self.batch(self.server, """addr add 10.80.2.250/24 dev s0
            addr add fd80:2::fa/64 dev s0 nodad
            link set lo up
            link set s0 up
            route add default via 10.80.2.254
            route add default via fd80:2::fe""")
        self.run(self.router, "sh", "-c", """echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
            echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit
            echo 100000 >/proc/sys/net/ipv4/icmp_msgs_per_sec; echo 100000 >/proc/sys/net/ipv4/icmp_msgs_burst; true""")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for holder in self.holders:
            holder.kill()
            holder.wait()

    def hold(self):
        """A namespace, by the id of a process in it."""
        holder = subprocess.Popen(["unshare", "-n", "sleep", "300"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.holders.append(holder)
        mine = os.readlink("/proc/self/ns/net")
        assert harness.wait_until(lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != mine)
        return holder.pid

    @staticmethod
    def at(pid, *args):
        return (["nsenter", "-t", str(pid), "-n"] if pid else []) + list(args)

    def run(self, pid, *args, **kwargs):
        return subprocess.run(self.at(pid, *args), check=True, **kwargs)

    def batch(self, pid, text):
        text = "\n".join(line.strip() for line in text.splitlines())
        self.run(pid, "ip", "-batch", "-", input=text, text=True)

    def nft(self, pid, text):
        self.run(pid, "nft", "-f", "-", input=text, text=True)

    def start(self, pid, *args, **kwargs):
        kwargs = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **kwargs}
        child = subprocess.Popen(self.at(pid, *args), stdin=subprocess.DEVNULL, **kwargs)
        self.holders.append(child)
        return child


def settle(check, what):
    assert harness.wait_until(check, 10), what
    time.sleep(0.05)
