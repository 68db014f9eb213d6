"""scene.py - a network of one's own to run commands in: name server, echo, daytime and web server on loopback, a home with files, and what of an
answer is the same in each run."""
import contextlib
import csv
import ctypes
import io
import os
import re
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import harness
from harness import SOUNDER, Skip

DNS, ECHO, DAYTIME, WEB = 5353, 7, 13, 80
LIMIT = 20  # seconds; a command that takes longer hangs, on a machine that is not crowded
SERVES = 1.5  # seconds; a server that says less than the undisturbed one in that time is ended
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nhello\n"
INSIDE = "SCENE_INSIDE"
CLONE_NEWNET = 0x40000000

FILES = {
    ".config/sounder/services": f"ours {ECHO}/tcp echoes # of our own\n",
    "hosts": "127.0.0.1 # a list of hosts\n127.0.0.2\n",
    "networks": "10.0.0.0/8\n10.1.0.0/16\n2001:db8::/32\n",
    "log": "from 10.1.2.3 port 22\nnothing here\nand fe80::1 to 2001:db8::7\n",
    "settings": "set frame-rate 4\nset slow 200ms\nset losses 5\n",
}

# Times of day, durations, ports that the kernel chose, ids: they differ from run to run.
MASKS = [(re.compile(pattern), by) for pattern, by in (
    (r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-][\d:]+)?", "WHEN"),
    (r"\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}", "WHEN"),
    (r"\d\d:\d\d:\d\d", "WHEN"),
    (r'"(\w+_seconds|rtt_\w+)":(-?[\d.e+-]+|null)', r'"\1":T'),
    (r"(?<![\d.:\w])[+-]?(\d+h)?(\d+m)?\d+(\.\d+)? ?(ns|us|µs|ms|s)\b|[+-]?\b\d+h\d\dm\b", "T"),
    (r"(?<![\d.])\d+(\.\d+e-\d+|e-\d+|\.\d+)(?![\d.])", "T"),
    (r"(?<![\d.:\w])(\d+m ?)?T\b", "T"),
    (r"\bT( T)+\b", "T"),
    # Whose number can't be asked for is null, or left out of the text.
    (r" +From port \d+", ""), (r"(?<=\"local_port\":)(\d+|null)", "P"),
    (r"\d+ a second", "N a second"),
    (r'"clock":"\w+"', '"clock":"C"'),  # the kernel does not stamp each packet
    (r"fe80::1%1\b", "fe80::1%lo"),  # a zone may as well be a number
    (r'"attempts":\[[^]]*\]', '"attempts":[]'),  # they tell of a try that failed and was made good
    (r'"tries":\d+,', ""),
    (r'"note":(null|"not answered by[^"]*"),', ""),
    (r"Note +not answered by.*\n", ""),
    (r" +", " "),
)]
CSV_MASKED = {"note", "when", "local_port", "text", "clock"}


SEVERAL = {"--sweep", "--all-addresses", "@hosts", "--udp"}  # whose lines have no order of their own: datagrams overtake each other


class Command(NamedTuple):
    words: tuple
    stdin: str = ""
    lines: int = 0  # of a server: once it has said so many, it is ended

    def __str__(self):
        return " ".join(self.words)


class Run(NamedTuple):
    code: int  # None: it hung and was killed
    out: str  # without what differs from run to run
    err: str
    live: int = None  # blocks of memory at the end; None where nobody told
    descriptors: int = None
    allocations: int = 0
    injected: str = ""  # failcall's line of the call that failed


def is_signal_lock(fault, run):
    """Whether it ended by what failed of libuv's lock for signals: a byte in a pipe, which it takes for one that can't fail. Where it is not given back,
    libuv waits for ever, or aborts; where it is not taken, it aborts: with SIGABRT blocked, which from glibc 2.41 on calls no handler."""
    given_back = fault.kind == "write" and re.search(r'^\d+, "\*", 1 ', run.injected, re.M)  # a line of each thread
    taken = fault.kind == "read" and run.code == -6 and re.search(r'^\d+, "[\s\S]", 1 ', run.injected, re.M)
    return run.code in (None, -6) and bool(given_back or taken)


def masked(out, command):
    """What is the same in each run. Of several targets, or datagrams, the one that is slower comes later."""
    out = plain(out)
    return "\n".join(sorted(out.splitlines())) if SEVERAL.intersection(command.words) else out


def plain(out):
    if re.match(r"[a-z_0-9]+(,[a-z_0-9]+)+\r?\n", out):
        rows = csv.DictReader(io.StringIO(out))
        return "\n".join(str({key: value for key, value in row.items() if key and key not in CSV_MASKED and "_seconds" not in key}) for row in rows)
    for pattern, by in MASKS:
        out = pattern.sub(by, out)
    return out


class Peers:
    """All of them in one process without threads, which `listeners` sees as one program."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        for address in ("127.0.0.1", "::1"):
            for port, stream, datagram in ((ECHO, self.echo, self.echo_datagram), (DAYTIME, None, None), (WEB, self.page, None), (DNS, None, self.answer)):
                self.listen(address, port, stream, datagram)

    def listen(self, address, port, stream, datagram):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if datagram:
            one = socket.socket(family, socket.SOCK_DGRAM)
            one.bind((address, port))
            self.selector.register(one, selectors.EVENT_READ, datagram)
        if stream or port == DAYTIME:
            one = socket.create_server((address, port), family=family, backlog=64)
            self.selector.register(one, selectors.EVENT_READ, lambda listener: self.accept(listener, stream))

    def accept(self, listener, stream):
        client = listener.accept()[0]
        client.setblocking(False)
        if stream:
            self.selector.register(client, selectors.EVENT_READ, stream)
            return
        client.sendall(time.strftime("%a %b %e %H:%M:%S %Y\r\n", time.gmtime(time.time() + 3600)).encode())  # an hour ahead
        client.close()

    def leave(self, client):
        self.selector.unregister(client)
        client.close()

    def echo(self, client):
        data = client.recv(65536)
        if data:
            client.sendall(data)
        else:
            self.leave(client)

    def page(self, client):
        if client.recv(65536):
            client.sendall(PAGE)
        self.leave(client)

    @staticmethod
    def echo_datagram(one):
        one.sendto(*one.recvfrom(65536))

    @staticmethod
    def answer(one):
        """127.0.0.1 and 127.0.0.2 for A, ::1 for AAAA, a name for PTR."""
        asked, peer = one.recvfrom(4096)
        end = asked.index(0, 12) + 5
        kind = asked[end - 3]
        data = {1: [b"\x7f\0\0\1", b"\x7f\0\0\2"], 28: [bytes(15) + b"\1"], 12: [b"\3db1\4test\0"]}.get(kind, [])
        answer = b"".join(b"\xc0\x0c\0" + bytes([kind]) + b"\0\1\0\0\0\x3c" + struct.pack("!H", len(d)) + d for d in data)
        one.sendto(asked[:2] + b"\x85\x80\0\1\0" + bytes([len(data)]) + b"\0\0\0\0" + asked[12:end] + answer, peer)

    def serve(self, parent):
        while os.getppid() == parent:
            for key, _ in self.selector.select(0.5):
                try:
                    key.data(key.fileobj)
                except BlockingIOError:
                    pass
                except OSError:
                    if key.fileobj.type == socket.SOCK_STREAM:
                        with contextlib.suppress(KeyError, ValueError, OSError):
                            self.leave(key.fileobj)


class World:
    """Peers and a home; within the network namespace that this process is in."""

    def __init__(self, folder):
        self.folder = tempfile.mkdtemp(dir=folder)
        self.home = self.path("home")
        for name, text in FILES.items():
            os.makedirs(os.path.dirname(f"{self.home}/{name}"), exist_ok=True)
            with open(f"{self.home}/{name}", "w", encoding="ascii") as file:
                file.write(text)
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.home, "LC_ALL": "C.UTF-8"}
        ready, told = os.pipe()
        parent = os.getpid()
        if os.fork() == 0:
            code = 1
            try:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                peers = Peers()
                os.write(told, b".")
                peers.serve(parent)
                code = 0
            finally:
                os._exit(code)
        os.close(told)
        assert os.read(ready, 1) == b".", "the peers did not start"
        os.close(ready)

    def path(self, name):
        return os.path.join(self.folder, name)

    def fresh(self, name):
        """The path of a file that is not there yet."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(name))
        return self.path(name)

    def taken(self, name):
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def run(self, command, prefix=(), more=None):
        with open(self.fresh("stdout"), "w+b") as out, open(self.fresh("stderr"), "w+b") as err, \
             subprocess.Popen([*prefix, SOUNDER, *command.words], stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL, stdout=out, stderr=err,
                              cwd=self.home, env={**self.environment, **(more or {})}, start_new_session=True) as child:
            code = self.wait(child, command, prefix)
            out.seek(0)
            err.seek(0)
            return Run(code, masked(out.read().decode(errors="replace"), command), re.sub(r"(failed; )\S+", r"\1TIME", err.read().decode(errors="replace")))

    def wait(self, child, command, prefix):
        """The exit code, or None for a child that had to be killed."""
        if command.stdin:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(command.stdin.encode())
                child.stdin.close()
        try:
            if command.lines:
                harness.wait_until(lambda: child.poll() is not None or self.taken("stdout").count("\n") >= command.lines, SERVES)
                end(child, bool(prefix))
                if not harness.wait_until(lambda: child.poll() is not None, 2):
                    end(child, bool(prefix))  # libuv loses a signal where its pipe takes nothing
            if has_ended(child, LIMIT) or has_ended(child, LIMIT * (crowd() - 1)):
                return child.wait()
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        return None


def crowd():
    """How many processes want to run for each processor: 1 to 10."""
    with open("/proc/loadavg", encoding="ascii") as file:
        return min(max(int(file.read().split()[3].split("/")[0]) / os.cpu_count(), 1), 10)


def has_ended(child, seconds):
    """Wakes as it ends; Popen's own wait with a limit looks every 50 ms."""
    if child.poll() is not None:
        return True
    pidfd = os.pidfd_open(child.pid)
    try:
        return bool(select.select([pidfd], [], [], seconds)[0])
    finally:
        os.close(pidfd)


def end(child, is_traced):
    """SIGTERM to sounder, which may be the child's only child."""
    with contextlib.suppress(OSError, IndexError):
        pid = child.pid
        if is_traced:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                pid = int(file.read().split()[0])
        if child.poll() is None:
            os.kill(pid, signal.SIGTERM)


def loopback():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for groups in ("0 2147483647", "0 0"):
        with contextlib.suppress(OSError), open("/proc/sys/net/ipv4/ping_group_range", "w", encoding="ascii") as file:
            file.write(groups)
            break


def leave_for_own_network():
    """A network namespace for this process alone; it must have the rights to it (`enter`)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Skip(f"no network namespace here: {os.strerror(ctypes.get_errno())}")
    loopback()


def enter():
    """Starts this program anew, once, within namespaces of its own; if that may be, with a /proc that shows what runs in there alone."""
    if os.environ.get(INSIDE) == "1":
        return
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    proc = ["sh", "-c", 'mount -t proc proc /proc && exec "$@"', "sh"]
    try:
        way = [*harness.namespace("mpf"), *proc]
        if subprocess.run([*way, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            way = harness.namespace()
    except Skip as reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    os.environ[INSIDE] = "1"
    os.execvp(way[0], [*way, sys.executable, os.path.abspath(sys.argv[0]), *sys.argv[1:]])
