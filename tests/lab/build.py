"""build.py - makes a network in the namespaces of this process: the kernel's hosts, the routers that are programs, what listens. All of it goes
with the process that made it."""
import json
import os
import signal
import socket
import subprocess

import kernel
import network as networks
import packets
import services
from router import End, Router

FOLDER = "/run/lab"
CONTROL = f"{FOLDER}/control"  # the socket that takes names of steps
NAMES = "/run/netns"
TOOLS = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
# Answers come at once and without limit, an address works as soon as it is there, a flow keeps its way.
SYSCTL = {
    "net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1, "net.ipv4.conf.all.rp_filter": 0, "net.ipv4.conf.default.rp_filter": 0,
    "net.ipv4.icmp_ratelimit": 0, "net.ipv6.icmp.ratelimit": 0, "net.ipv4.icmp_msgs_per_sec": 1000000, "net.ipv4.icmp_msgs_burst": 1000000,
    "net.ipv4.conf.all.send_redirects": 0, "net.ipv4.conf.default.send_redirects": 0, "net.ipv4.conf.all.accept_redirects": 0,
    "net.ipv6.conf.all.accept_redirects": 0, "net.ipv6.conf.default.accept_redirects": 0,
    "net.ipv4.fib_multipath_hash_policy": 1, "net.ipv6.fib_multipath_hash_policy": 1,
    "net.ipv6.conf.all.accept_dad": 0, "net.ipv6.conf.default.accept_dad": 0, "net.ipv6.conf.default.router_solicitations": 0,
}
CLIENT_SYSCTL = {"net.ipv4.ip_forward": 0, "net.ipv6.conf.all.forwarding": 0}
OPTIONAL = ("net.ipv4.icmp_msgs",)  # older kernels have one for all namespaces, which is not ours to set
EVERYBODY, ROOT_ALONE = "0 2147483647", "0 0"  # a user namespace of one user knows no other groups


def run(args, text):
    done = subprocess.run(args, input=text, text=True, capture_output=True, env={**os.environ, "PATH": TOOLS})
    if done.returncode:
        raise kernel.Refused(f"{' '.join(args)}: {done.stderr.strip()}\n{text}")


def all_at_once(host_lines, *options):
    """ip's lines, host by host, each by a process of its own; waits for all."""
    started = []
    for host, lines in host_lines:
        child = subprocess.Popen(["ip", *options, "-n", host, "-batch", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env={**os.environ, "PATH": TOOLS})
        started.append((host, child))
        child.stdin.write("\n".join(lines) + "\n")
        child.stdin.close()
    for host, child in started:
        complaint = child.stderr.read()
        if child.wait():
            raise kernel.Refused(f"{host}: {complaint.strip()}")


def private_run(net):
    """A /run of this mount namespace's own, so that no names of others are there and no way to them (nscd, resolved); hosts and resolv.conf."""
    resolver = os.path.realpath("/etc/resolv.conf")
    kernel.mount("lab", "/run", "tmpfs", data="mode=755")
    for folder in (NAMES, f"{FOLDER}/bin"):
        os.makedirs(folder)
    local = ["127.0.0.1 localhost", "::1 localhost"]
    kernel.write(f"{FOLDER}/hosts", "\n".join(local + networks.hosts_lines(net)) + "\n")
    kernel.write(f"{FOLDER}/resolv.conf", "")
    kernel.bind(f"{FOLDER}/hosts", "/etc/hosts")
    if resolver.startswith("/run/"):
        os.makedirs(os.path.dirname(resolver), exist_ok=True)
        kernel.write(resolver, "")
    elif os.path.exists(resolver):
        kernel.bind(f"{FOLDER}/resolv.conf", resolver)


def offer(program, name):
    """Has a program on the lab's PATH, for everybody, wherever it lies."""
    target = f"{FOLDER}/bin/{name}"
    kernel.write(target, "")
    kernel.bind(program, target)


def set_sysctls(values):
    for name, value in values.items():
        try:
            kernel.write("/proc/sys/" + name.replace(".", "/"), f"{value}\n")
        except OSError:
            if not name.startswith(OPTIONAL):
                raise


def prepare(net, host):
    """In a host's namespace, before it has devices."""
    kernel.enter_net(f"{NAMES}/{host}")
    set_sysctls({**SYSCTL, **(CLIENT_SYSCTL if host == "client" else {}), **net.option(host, "sysctl", {})})
    try:
        set_sysctls({"net.ipv4.ping_group_range": EVERYBODY})
    except OSError:
        set_sysctls({"net.ipv4.ping_group_range": ROOT_ALONE})


class Lab:
    """A network that stands. `children` are its programs, `controls` talk to its routers."""

    def __init__(self, net):
        self.net, self.children, self.controls = net, [], {}
        private_run(net)
        run(["ip", "-batch", "-"], "\n".join(f"netns add {host}" for host in net.kernel_hosts()))
        home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        for host in net.kernel_hosts():
            prepare(net, host)
        self.devices = self.make_devices()
        kernel.checked(kernel.LIBC.setns(home, kernel.CLONE_NEWNET), "setns")
        os.close(home)
        self.connect()
        self.start_programs()

    def make_devices(self):
        """A tun device with each neighbour of a router that is a program, by (router, neighbour)."""
        devices = {}
        for router in self.net.user_hosts():
            for link in self.net.links_of(router):
                neighbour = link.peer(router)
                kernel.enter_net(f"{NAMES}/{neighbour}")
                devices[router, neighbour] = kernel.tun(f"to-{router}", f"{FOLDER}/tun")
        return devices

    def connect(self):
        hosts = self.net.kernel_hosts()
        run(["ip", "-batch", "-"], "\n".join(networks.link_lines(self.net)))
        all_at_once((host, networks.address_lines(self.net, host)) for host in hosts)
        all_at_once((host, networks.route_lines(self.net, host)) for host in hosts)
        for family in self.net.families:
            all_at_once(((host, networks.balance_lines(self.net, host, family)) for host in hosts if self.net.option(host, "balance")), f"-{family}")
        for host in hosts:
            text = networks.nft_text(self.net, host)
            if text:
                run(["ip", "netns", "exec", host, "nft", "-f", "-"], text)

    def start_programs(self):
        for host in self.net.user_hosts():
            ours, theirs = socket.socketpair()
            self.controls[host] = ours
            self.fork(lambda host=host, control=theirs: self.router(host).run(control), ours)
            theirs.close()
        for fd in self.devices.values():
            os.close(fd)
        for host in self.net.kernel_hosts():
            wishes = self.net.option(host, "serve")
            if wishes:
                self.serve(host, wishes)

    def serve(self, host, wishes):
        """Returns once it listens."""
        read, write = os.pipe()

        def child():
            kernel.enter_net(f"{NAMES}/{host}")
            pairs = services.opened_all(wishes)
            os.write(write, b".")
            os.close(write)
            services.run(pairs)
        self.fork(child)
        os.close(write)
        ready = os.read(read, 1)
        os.close(read)
        if not ready:
            raise kernel.Refused(f"{host} does not listen: {wishes}")

    def fork(self, what, *closed):
        pid = os.fork()
        if pid:
            self.children.append(pid)
            return
        code = 1
        try:
            for one in closed:
                one.close()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            what()
            code = 0
        finally:
            os._exit(code)

    def router(self, host):
        net = self.net

        def end(link):
            if not link:
                return None
            return End(self.devices[host, link.peer(host)], {family: packets.raw(link.address(host, family)) for family in net.families},
                       {family: link.prefix(family) for family in net.families})
        far = net.forward(host) if host != "server" else []
        back = {family: net.back_prefixes(family) for family in net.families}
        return Router(end(net.back(host)), end(far[0] if far else None), back, net.own(host), net.options[host])

    def step(self, name):
        """What the data calls so happens; returns when it has."""
        what = self.net.steps[name]
        all_at_once((host, networks.route_lines(self.net, host, forward, "replace")) for host, forward in what.get("forward", {}).items())
        for host, count in what.get("forge", {}).items():
            self.controls[host].send(b"%d" % count)
            if int(self.controls[host].recv(64) or 0) != count:
                raise kernel.Refused(f"{host} ended")
        return what


def unprivileged():
    """The words that take every privilege from a command: nobody's, where this user namespace has other users than one."""
    with open("/proc/self/uid_map") as file:
        others = int(file.read().split()[2]) > 1 and not os.geteuid()
    nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"] if others else []
    return ["env", "-u", "XDG_CONFIG_HOME", "HOME=/nonexistent", "setpriv", *nobody, "--bounding-set=-all", "--inh-caps=-all"]


def inside(host, nobody=False, lab=None):
    """The words that, put before a command's, run it on a host: from within a lab, or from without by the id of the lab's first process. From without
    the command ends with whoever started it."""
    root = f"/proc/{lab}/root" if lab else ""
    words = ["nsenter", f"--net={root}{NAMES}/{host}"]
    if lab:
        words += [f"--mount=/proc/{lab}/ns/mnt"]
        words += [f"--user=/proc/{lab}/ns/user", "--preserve-credentials"] if os.geteuid() else []
    words += unprivileged() if nobody else []
    return words + (["setpriv", "--pdeathsig", "KILL"] if lab else [])  # last: to become another user would undo it


def environment():
    """For commands in a lab: its own programs first."""
    return {**os.environ, "PATH": f"{FOLDER}/bin:{TOOLS}"}


def ask(path, name):
    """Has a lab make a step, by its control socket; raises if it can't."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.connect(path)
        sock.sendall(name.encode())
        sock.shutdown(socket.SHUT_WR)
        answer = json.loads(sock.makefile().read() or '{"bad": "the lab ended"}')
    if "bad" in answer:
        raise kernel.Refused(answer["bad"])
