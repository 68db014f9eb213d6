#!/usr/bin/env python3
"""syscalls.py - each system call and each allocation of a command fails once; a command that answers anyway must give the same answer (rows KS1 to KS6).

Each command runs undisturbed first. Then its nth openat, read, socket ... since main fails (strace --inject), or its nth allocation (failmalloc.so).
Exit 0 or 1 with another stdout than the undisturbed run's is a lie; a signal, a hang, and exit 2 without a word are faults as well.

A sample is taken, by a seed that is printed: SYSCALLS_SEED=N takes the same again, SYSCALLS_ALL=1 takes all (half an hour on two processors),
SYSCALLS_ONLY=WORD those whose command line has the word."""
import atexit
import concurrent.futures
import contextlib
import csv
import functools
import io
import os
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

import harness
from harness import SOUNDER, Skip

ALL = bool(os.environ.get("SYSCALLS_ALL"))
ONLY = os.environ.get("SYSCALLS_ONLY", "")
SEED = int(os.environ.get("SYSCALLS_SEED", random.randrange(1 << 32)))
SHARE = 14  # seconds for either sort of fault, where a sample is taken
LIMIT = 20  # seconds; a command that takes longer hangs
SPARED = "libldns,uv_loop_init"  # see memory.py
GIVEN_UP = "OpenSSL internal error"
DNS = 5353
ECHO = 7

# What each call may well fail with. What is not here can't fail visibly for its caller; but for brk, which returns the old end where
# it fails, so that strace's errno would be read as an end (allocations fail by failmalloc).
ERRORS = {
    "accept4": ("EMFILE", "ECONNABORTED"), "access": ("EACCES", "EIO"), "bind": ("ENOMEM", "EACCES"),
    "capget": ("EPERM",), "capset": ("EPERM",), "close": ("EIO",), "connect": ("ENOBUFS", "EAGAIN"), "dup": ("EMFILE",),
    "epoll_create1": ("EMFILE", "ENOMEM"), "epoll_ctl": ("ENOMEM", "ENOSPC"), "epoll_pwait": ("EINTR", "EBADF"), "epoll_wait": ("EINTR", "EBADF"),
    "eventfd2": ("EMFILE", "ENOMEM"), "faccessat": ("EACCES", "EIO"), "faccessat2": ("EACCES", "EIO"), "fcntl": ("EMFILE", "EINVAL"),
    "fstat": ("EIO", "ENOMEM"), "getdents64": ("EIO", "ENOMEM"), "getpeername": ("ENOTCONN", "ENOBUFS"), "getrandom": ("EAGAIN", "ENOSYS"),
    "getsockname": ("ENOBUFS",), "getsockopt": ("ENOPROTOOPT", "ENOMEM"), "inotify_add_watch": ("ENOSPC", "ENOMEM"), "inotify_init1": ("EMFILE",),
    "ioctl": ("EPERM", "ENOMEM"), "listen": ("EADDRINUSE",), "lseek": ("ESPIPE",), "lstat": ("EACCES",), "madvise": ("ENOMEM",),
    "mmap": ("ENOMEM",), "mprotect": ("ENOMEM",), "mremap": ("ENOMEM",), "newfstatat": ("EACCES", "EIO", "ENOMEM"),
    "openat": ("EMFILE", "EACCES", "EIO", "ENOMEM"), "pipe2": ("EMFILE",), "poll": ("EINTR", "ENOMEM"), "ppoll": ("EINTR",), "prctl": ("EINVAL", "EPERM"),
    "pread64": ("EIO",), "prlimit64": ("EPERM",), "read": ("EIO", "EINTR"), "readlink": ("EACCES", "EIO"), "readlinkat": ("EIO", "ENOMEM"),
    "readv": ("EIO",), "recvfrom": ("ENOMEM", "EINTR"), "recvmmsg": ("ENOMEM",), "recvmsg": ("ENOMEM", "ENOBUFS", "EINTR", "EIO"),
    "select": ("EINTR",), "sendmmsg": ("ENOBUFS", "EPERM"), "sendmsg": ("ENOBUFS", "EPERM"), "sendto": ("ENOBUFS", "EPERM", "ENOMEM"),
    "setrlimit": ("EPERM",), "setsockopt": ("ENOPROTOOPT", "ENOMEM"), "shutdown": ("ENOTCONN",), "socket": ("EMFILE", "EACCES", "ENOBUFS"),
    "socketpair": ("EMFILE",), "stat": ("EACCES", "EIO"), "statx": ("EACCES", "EIO"), "timerfd_create": ("EMFILE",), "uname": ("EFAULT",),
    "write": ("ENOSPC", "EIO"), "writev": ("ENOSPC",),
}

SERVER = ["--server", f"127.0.0.1:{DNS}"]
COMMANDS = [
    ["interfaces"], ["interfaces", "--json"], ["interfaces", "--csv"],
    ["route", "127.0.0.1"], ["route", "--json", "127.9.9.9", "::1"], ["route", "--csv", "127.0.0.1"],
    ["listeners"], ["listeners", "--json"], ["listeners", "--csv", str(ECHO)], ["listeners", "tcp", "ours"],
    ["port", "ours"], ["port", "--json", str(ECHO)], ["port", "--csv", "tcp", str(ECHO)], ["port", "--like", "kerberos"], ["port", "--fuzzy", "--json", "htpps"],
    ["port", "--getent", "5-9/tcp"], ["protocol", "tcp"], ["protocol", "--json", "1-9"], ["protocol", "--csv", "--like", "multicast"],
    ["host", "db1.test", *SERVER], ["host", "--json", "db1.test", *SERVER], ["host", "--csv", "db1.test", *SERVER], ["host", "localhost"],
    ["host", "--json", "127.0.0.1", *SERVER], ["resolve", "db1.test:http", *SERVER], ["resolve", "--json", "localhost:ours"],
    ["ip", "10.1.2.3", "2001:db8::1"], ["ip", "--json", "fe80::1%lo"], ["ip", "--csv", "::ffff:1.2.3.4"],
    ["mask", "10.1.2.3/23"], ["mask", "--json", "2001:db8::/33"], ["mask", "--csv", "127.0.0.1"],
]
INSIDE = "SYSCALLS_INSIDE"
TIME = re.compile(r"(?<![\d.])\d+(\.\d+e-\d+|e-\d+|\.\d+)(?![\d.])")  # fractions of seconds; nothing else has any


def plain_text(out):
    """What is the same in each run: no times, and no tries of name servers, which list one that failed and was repeated."""
    if out.startswith("canonical_name,"):  # of CSV
        rows = csv.DictReader(io.StringIO(out))
        return "\n".join(str({key: value for key, value in row.items() if key != "note" and not key.endswith("_seconds")}) for row in rows)
    out = TIME.sub("T", out).replace("fe80::1%1", "fe80::1%lo")  # a zone may as well be a number
    out = re.sub(r'"attempts":\[[^]]*\]', '"attempts":[]', re.sub(r'"note":(null|"not answered by[^"]*"),|"\w+_seconds":null', "", out))
    return re.sub(r"Note +not answered by.*\n", "", re.sub(r'"\w+_seconds":T', "", out))


class World:
    """Who listens, a name server, a home with labels of its own; all within the namespace that this runs in."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = self.folder.name
        os.makedirs(f"{self.home}/.config/sounder")
        with open(f"{self.home}/.config/sounder/services", "w", encoding="ascii") as labels:
            labels.write(f"ours {ECHO}/tcp echoes # of our own\n")
        ready, report = os.pipe()
        child = os.fork()  # a process that starts no others: those would be seen to listen as well
        if child == 0:
            self.listen(report)
        atexit.register(os.kill, child, 9)
        os.close(report)
        assert os.read(ready, 1) == b"."
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.home, "LC_ALL": "C.UTF-8"}

    @staticmethod
    def listen(report):
        """TCP and UDP sockets on port 7 of both families, and a name server: 127.0.0.1 and 127.0.0.2 for A, ::1 for AAAA, a name for PTR."""
        parent, kept = os.getppid(), []
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                kept.append(one := socket.socket(family, kind))
                one.bind((address, ECHO))
                if kind == socket.SOCK_STREAM:
                    one.listen(64)
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", DNS))
        server.settimeout(1)
        os.write(report, b".")
        while os.getppid() == parent:
            with contextlib.suppress(OSError):
                asked, peer = server.recvfrom(4096)
                end = asked.index(0, 12) + 5
                kind = asked[end - 3]
                data = {1: [b"\x7f\0\0\1", b"\x7f\0\0\2"], 28: [bytes(15) + b"\1"], 12: [b"\3db1\4test\0"]}.get(kind, [])
                answer = b"".join(b"\xc0\x0c\0" + bytes([kind]) + b"\0\1\0\0\0\x3c" + struct.pack("!H", len(d)) + d for d in data)
                server.sendto(asked[:2] + b"\x85\x80\0\1\0" + bytes([len(data)]) + b"\0\0\0\0" + asked[12:end] + answer, peer)
        os._exit(0)

    def run(self, command, prefix=(), more=None):
        """(exit code or None for a hang, stdout without its times, stderr)"""
        with subprocess.Popen([*prefix, SOUNDER, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              errors="replace", env={**self.environment, **(more or {})}, start_new_session=True) as child:
            try:
                out, err = child.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, 9)
                child.communicate()
                return None, "", ""
            return child.returncode, plain_text(out), err


@functools.cache
def the_world():
    return World()


def wrong(plain, run, call=""):
    """What is wrong with a run beside the undisturbed one; "" if nothing is."""
    code, out, err = run
    if code is None:
        return "it hangs"
    if code < 0 or code > 2:
        return "" if GIVEN_UP in err else f"exit {code}: {err[-300:]}"
    if code == 2:
        return "" if err.strip() or call in ("write", "writev") else "exit 2 without a word"
    if (code, out) != plain[:2]:
        return f"exit {code} (undisturbed {plain[0]}) with another stdout:\n--- {plain[1][-600:]}\n+++ {out[-600:]}\nstderr: {err[-300:]}"
    return ""


def calls_since_main(world, command):
    """(calls before main, calls since) as {name: number} each. Main begins by looking at its standard descriptors."""
    with tempfile.NamedTemporaryFile("r", suffix=".trace") as trace:
        world.run(command, ["strace", "-f", "-qq", "-e", "signal=none", "-o", trace.name])
        before, since, begun, first = {}, {}, False, None
        for line in trace:
            found = re.match(r"(\d+) +(\w+)\((.*)", line)
            if not found or found[1] != (first := first or found[1]):
                continue
            begun = begun or (found[2] == "fcntl" and found[3].startswith("0, F_GETFD"))
            counts = since if begun else before
            counts[found[2]] = counts.get(found[2], 0) + 1
    assert begun, f"no main in the trace of {command}"
    return before, since


def chosen(cases, share):
    """All cases, or as many as fit into the share of time."""
    if not ALL:
        random.Random(SEED).shuffle(cases)
    end = None if ALL else time.monotonic() + share
    for case in cases:
        if end is not None and time.monotonic() > end:
            return
        yield case


def torture(cases, check, share):
    """Runs check(case) for cases, two at once; returns what was found."""
    found, runs = [], 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = set()
        for case in chosen(cases, share):
            waiting.add(pool.submit(check, case))
            runs += 1
            if len(waiting) >= 2 * os.cpu_count():
                done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                found += [one.result() for one in done if one.result()]
        found += [one.result() for one in waiting if one.result()]
    print(f"{runs} of {len(cases)} runs; SYSCALLS_SEED={SEED}")
    assert runs > 0
    assert not found, f"{len(found)} of {runs} (SYSCALLS_SEED={SEED}):\n" + "\n".join(sorted(found)[:60])


def commands():
    return [command for command in COMMANDS if ONLY in " ".join(command)]


def undisturbed(world):
    """{command: its output}; run twice, since what differs by itself can't be compared."""
    output = {}
    for command in commands():
        output[tuple(command)] = world.run(command)
        assert output[tuple(command)][:2] == world.run(command)[:2], command
        assert output[tuple(command)][0] == 0, (command, output[tuple(command)])
    return output


def test_KS1_each_system_call_fails():
    harness.need("strace")
    world = the_world()
    output = undisturbed(world)
    if world.run(["mask", "10.0.0.0/8"], ["strace", "-f", "-qq", "-o", "/dev/null"])[0] != 0:
        raise Skip("strace may trace nothing here")
    picked = list(output) if ALL else random.Random(SEED).sample(list(output), min(10, len(output)))
    cases = []
    for command in picked:
        before, since = calls_since_main(world, list(command))
        for call, number in since.items():
            first = before.get(call, 0) + 1
            cases += [(command, call, n, error) for n in range(first, first + number) for error in ERRORS.get(call, ())]

    def check(case):
        command, call, n, error = case
        prefix = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={n}"]
        words = wrong(output[command], world.run(list(command), prefix), call)
        return f"{' '.join(command)}: {call} number {n}: {error}: {words}" if words else ""

    torture(cases, check, SHARE)


def test_KS3_each_allocation_fails():
    shim = os.environ.get("FAILMALLOC", "")
    if not os.path.exists(shim):
        raise Skip("no failmalloc at hand (FAILMALLOC)")
    with open(SOUNDER, "rb") as file:
        if b"__asan_init" in file.read():
            raise Skip("built with a sanitizer")
    world = the_world()
    output, cases = undisturbed(world), []
    for command in output:
        with tempfile.NamedTemporaryFile("r") as counted:
            world.run(list(command), (), {"LD_PRELOAD": shim, "FAILMALLOC_COUNT": counted.name})
            number = int(counted.read().split()[-1])
        cases += [(command, n, goes_on) for n in range(1, number + 1) for goes_on in (False, True)]

    def check(case):
        command, n, goes_on = case
        more = {"LD_PRELOAD": shim, "FAILMALLOC_AT": str(n), "FAILMALLOC_SPARE": SPARED, **({"FAILMALLOC_ON": "1"} if goes_on else {})}
        words = wrong(output[command], world.run(list(command), (), more))
        return f"{' '.join(command)}: allocation {n}{' and all after' if goes_on else ''}: {words}" if words else ""

    torture(cases, check, SHARE)


def enter():
    """Continues in a namespace of its own, where nothing else listens."""
    try:
        prefix = harness.namespace()
    except Skip as reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    os.environ[INSIDE] = "1"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.execvp(prefix[0], [*prefix, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, os.path.abspath(__file__), *sys.argv[1:]])


if __name__ == "__main__":
    if os.environ.get(INSIDE) != "1":
        enter()
    harness.main(globals())
