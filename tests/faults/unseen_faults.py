#!/usr/bin/env python3
"""unseen_faults.py - what could not be read is exit 2 with a message and its reason, never an empty answer (rows KS1 to KS6).

System calls fail by strace --inject, in a network namespace of the test's own with one program that listens on TCP and UDP port 7."""
import contextlib
import csv
import io
import json
import os
import re
import socket
import subprocess
import sys

import harness
from harness import SOUNDER, Skip

SCENE = """
import socket, subprocess, sys
kept = []
for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        kept.append(one := socket.socket(family, kind))
        one.bind((address, 7))
        if kind == socket.SOCK_STREAM:
            one.listen(4)
sys.exit(subprocess.run(sys.argv[1:]).returncode)
"""
INSIDE = 'ip link set lo up || exit 77; exec "$@"'


def inject(call, error, when="1+", path=""):
    """The command that has another's calls fail. Main's own start needs none of those that are given here."""
    harness.need("strace")
    only = ["-P", path] if path else []
    return ["strace", "-f", "-qq", "-o", "/dev/null", *only, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]


def ask(*words, prefix=(), env=None):
    """Runs sounder beside the program that listens."""
    done = subprocess.run([*harness.namespace("m"), "sh", "-c", INSIDE, "sh", sys.executable, "-c", SCENE, *prefix, SOUNDER, *words], capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", **(env or {})})
    if done.returncode == 77 or "PTRACE" in done.stderr:
        raise Skip(f"no namespace or no strace here: {done.stderr.strip()[-200:]}")
    return done


def first_of(command, call, pattern):
    """Which of its calls of a kind is the first whose line has the pattern, as strace counts them."""
    harness.need("strace")
    with harness.folder() as folder:
        ask(*command, prefix=["strace", "-f", "-qq", "-e", f"trace={call}", "-o", f"{folder}/trace"])
        lines = [line for line in (folder / "trace").read_text().splitlines() if f"{call}(" in line]
    for number, line in enumerate(lines, 1):
        if pattern in line:
            return number
    raise AssertionError(f"{command}: no {call} with {pattern}:\n" + "\n".join(lines))


def refused(done, *words, stdout=""):
    assert done.returncode == 2, done
    assert all(word in done.stderr for word in words), (words, done)
    assert len(done.stderr.splitlines()) == 1, done
    assert stdout is None or done.stdout == stdout, done


def test_KS1_interfaces_without_netlink():
    socket_at = first_of(("interfaces",), "socket", "AF_NETLINK")
    for form in ((), ("--json",), ("--csv",), ("lo",), ("nosuch0",)):
        refused(ask("interfaces", *form, prefix=inject("socket", "EAFNOSUPPORT", socket_at)), "interfaces", "could not be looked at", "family not supported")
    for call, error in (("bind", "EACCES"), ("getsockname", "ENOBUFS")):
        refused(ask("interfaces", prefix=inject(call, error)), "could not be looked at")


def test_KS1_each_dump_of_interfaces():
    """The first is of the links, the second of the addresses; those of routes are none of `interfaces`'s."""
    plain = ask("interfaces").stdout
    first = first_of(("interfaces",), "sendto", "RTM_GETLINK")
    for at, output in ((first, "interfaces"), (first + 1, "addresses")):
        refused(ask("interfaces", prefix=inject("sendto", "ENOBUFS", at)), output, "No buffer space")
    for at in (first + 2, first + 3):
        done = ask("interfaces", prefix=inject("sendto", "ENOBUFS", at))
        assert (done.returncode, done.stdout) == (0, plain), done
    # Dropped messages and no memory for one are asked for again.
    received = first_of(("interfaces",), "recvmsg", "RTM_NEWLINK")
    for error in ("ENOBUFS", "ENOMEM", "EINTR"):
        for at in range(received, received + 4):
            done = ask("interfaces", prefix=inject("recvmsg", error, at))
            assert (done.returncode, done.stdout) == (0, plain), (error, at, done)
    refused(ask("interfaces", prefix=inject("recvmsg", "EIO")), "could not be looked at", "Input/output")


def programs(done):
    """The lines, without process numbers."""
    return {re.sub(r"pid \d+", "pid", line) for line in done.stdout.splitlines()}


def test_KS2_one_dump_of_listeners():
    plain = programs(ask("listeners"))
    assert len(plain) == 4, plain
    first = first_of(("listeners",), "sendto", "SOCK_DIAG_BY_FAMILY")
    for at, name in enumerate(("tcp4", "tcp6", "udp4", "udp6")):
        done = ask("listeners", prefix=inject("sendto", "EPERM", first + at))
        refused(done, f"{name}: Operation not permitted", stdout=None)
        assert programs(done) < plain and len(programs(done)) == 3, done
        # What is asked for alone counts.
        code = ask("listeners", "tcp", prefix=inject("sendto", "EPERM", first + at)).returncode
        assert code == (2 if name.startswith("tcp") else 0), (name, code)
        done = ask("port", "--json", "tcp", "7", prefix=inject("sendto", "EPERM", first + at))
        row = json.loads(done.stdout)
        assert done.returncode == (2 if name.startswith("tcp") else 0) and (row["listeners"] is None) == name.startswith("tcp"), done


def test_KS2_owners_that_could_not_be_looked_for():
    plain = [json.loads(line) for line in ask("listeners", "--json", "tcp").stdout.splitlines()]
    assert plain and all(one["process"] and one["process_why"] is None for one in plain), plain
    for path, error, words in (("/proc", "EMFILE", "Too many open files"), ("/proc", "ENOENT", "No such file")):
        done = ask("listeners", "--json", "tcp", prefix=inject("openat", error, path=path))
        refused(done, "port 7", words, stdout=None)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(rows) == len(plain) and all(one["process"] is None and one["pid"] is None and words in one["process_why"] for one in rows), done
        done = ask("listeners", "tcp", prefix=inject("openat", error, path=path))
        assert done.returncode == 2 and words in done.stdout and " - " not in done.stdout, done


def test_KS2_no_proc():
    done = subprocess.run([*harness.namespace("m"), "sh", "-c", 'ip link set lo up; mount -t tmpfs none /proc || exit 77; exec "$@"', "sh", sys.executable, "-c", SCENE, SOUNDER,
                           "listeners", "--json", "tcp"], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
    if done.returncode == 77:
        raise Skip("nothing may be mounted over /proc here")
    refused(done, "port 7", "No such file", stdout=None)
    assert all(json.loads(line)["process"] is None for line in done.stdout.splitlines()), done


def test_KS4_route_where_nobody_could_look():
    plain = ask("route", "127.0.0.1").stdout
    assert "in 127.0.0.0/8 of lo" in plain
    first = first_of(("route", "127.0.0.1"), "sendto", "RTM_GETLINK")
    for at in (first, first + 1):
        refused(ask("route", "127.0.0.1", prefix=inject("sendto", "ENOMEM", at)), "could not be looked at")
    # An error of ours is no answer of the kernel's.
    first = first_of(("route", "127.0.0.1"), "sendto", "RTM_GETROUTE, nlmsg_flags=NLM_F_REQUEST,")  # one way, not the dump
    for error in ("ENETUNREACH", "EHOSTUNREACH", "EACCES", "EINVAL"):
        for at in (first, first + 1):
            refused(ask("route", "127.0.0.1", prefix=inject("sendto", error, at)), "does not show the route")


def test_KS4_an_interface_that_could_not_be_looked_for():
    """Which is not one that is not there; and the system's own word for why."""
    zoned = ["ip fe80::1%lo", "mask fe80::1%lo/64", "mask fe80::1%lo 64", "ip fe80::1%lo-fe80::2%lo", "ip [fe80::1%lo]:80", "ip http://[fe80::1%25lo]/",
             "ip fe80::1%lo.53", "ping -c 1 fe80::1%lo", "ping -c 1 fe80::1%lo-fe80::3", "ping -c 1 fe80::1-fe80::3%lo", "ping -c 1 fe80::1%lo/127",
             "tcp [fe80::1%lo]:7", "resolve fe80::1%lo", "host fe80::1%lo", "dns fe80::1%lo", "subnet cover fe80::1%lo/64", "dns --server fe80::1%lo x.example"]
    for words in (("ping", "-c", "1", "-I", "lo", "127.0.0.1"), ("ip", "port 7 of fe80::1%lo is open"), *(line.split() for line in zoned)):
        done = ask(*words, prefix=inject("socket", "EMFILE"))
        assert done.returncode == 2 and "Too many open files" in done.stderr and "no interface" not in done.stderr, (words, done)
    done = ask("ping", "--tcp", "7", "-c", "1", "-I", "lo", "127.0.0.1", prefix=inject("socket", "EMFILE"))
    assert done.returncode == 2 and "out of files" in done.stderr and "no such interface" not in done.stdout, done
    for limit in range(4, 8):
        done = ask("route", "127.0.0.9", prefix=["prlimit", f"--nofile={limit}"])
        enough = done.returncode == 0 and "an address of this host" in done.stdout
        assert enough or done.returncode == 2 and ("too few files" in done.stderr or "Too many open files" in done.stderr), (limit, done)


def test_KS5_cells_of_csv():
    """A list of 4,000 names is in its cell to the last, where there is memory for it and none to spare."""
    with harness.folder() as folder:
        (folder / "sounder").mkdir()
        names = [f"name{i}" for i in range(1500)]
        (folder / "sounder" / "services").write_text(f"many 7777/tcp {' '.join(names)}\n")
        done = ask("port", "--csv", "7777/tcp", env={"XDG_CONFIG_HOME": str(folder)})
        plain, rows = done.stdout, list(csv.DictReader(io.StringIO(done.stdout)))
        assert done.returncode == 0 and rows[0]["aliases"].split() == names, done
        shim = os.environ.get("FAILMALLOC", "")
        if not os.path.exists(shim):
            raise harness.Skip("FAILMALLOC names no library")
        env = {"XDG_CONFIG_HOME": str(folder), "LD_PRELOAD": shim, "FAILMALLOC_COUNT": f"{folder}/count"}
        harness.run("port", "--csv", "7777/tcp", env=env)
        count = int((folder / "count").read_text().split()[-1])
        for at in range(max(1, count - 25), count + 1):
            done = harness.run("port", "--csv", "7777/tcp", env={**env, "FAILMALLOC_AT": str(at), "FAILMALLOC_COUNT": "/dev/null"})
            assert done.returncode == 2 and done.stderr or (done.returncode == 0 and done.stdout == plain), (at, done)


def test_KS6_files_that_are_there_and_cannot_be_read():
    cases = ((("port", "ssh"), "/etc/services"), (("port", "--json", "22"), "/etc/services"), (("port", "--like", "kerberos"), "/etc/services"),
             (("protocol", "tcp"), "/etc/protocols"), (("protocol", "--csv", "6"), "/etc/protocols"), (("listeners",), "/etc/services"),
             (("resolve", "127.0.0.1:ssh"), "/etc/services"))
    for command, path in cases:
        for error in ("EACCES", "EIO", "EMFILE"):
            refused(ask(*command, prefix=inject("openat", error, path=path)), path, os.strerror(getattr(__import__("errno"), error)), stdout=None)
    for path in ("/etc/services", "/etc/protocols"):
        word = "port 22" if path.endswith("services") else "protocol 6"
        for over, code in (("/dev/null", 0), ("/proc", None)):
            done = harness.in_namespace(f"mount --bind {over} {path} 2>/dev/null || exit 77; exec $SOUNDER {word}")
            assert done.returncode in (77, code), (path, over, done)
    done = ask("resolve", "127.0.0.1:22", prefix=inject("openat", "EACCES", path="/etc/services"))
    assert done.returncode == 0 and done.stdout == "127.0.0.1:22\n", done


def test_KS6_files_of_the_lookups():
    for path in ("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf"):
        if not os.path.exists(path):
            continue
        for error in ("EACCES", "EIO"):
            for command in (("host", "localhost"), ("resolve", "localhost:80"), ("host", "--json", "localhost")):
                done = ask(*command, prefix=inject("openat", error, path=path))
                refused(done, path, stdout=None)
        assert ask("resolve", "127.0.0.1:80", prefix=inject("openat", "EACCES", path=path)).returncode == 0
    # With a named server only that one is asked: the hosts file does not count.
    with contextlib.suppress(FileNotFoundError):
        done = ask("host", "--server", "127.0.0.1:9", "--timeout", "200ms", "localhost", prefix=inject("openat", "EACCES", path="/etc/hosts"))
        assert "/etc/hosts" not in done.stderr, done


def test_KS3_the_event_loop_gives_up_with_a_word():
    """libuv aborts where epoll_ctl fails, or from 1.45 on io_uring_enter, by which it then asks for the same where there is io_uring."""
    command = ("host", "localhost")
    without = ["-e", "trace=epoll_ctl,io_uring_setup", "-e", "inject=io_uring_setup:error=ENOSYS", "-e", "inject=epoll_ctl:error=ENOMEM"]
    done = ask(*command, prefix=["strace", "-f", "-qq", "-o", "/dev/null", *without])
    assert done.returncode == 2 and "errno 12" in done.stderr, done
    with harness.folder() as folder:
        ask(*command, prefix=["strace", "-f", "-qq", "-e", "trace=epoll_ctl,io_uring_enter", "-o", f"{folder}/trace"])
        calls = (folder / "trace").read_text()
    assert "epoll_ctl(" in calls or "io_uring_enter(" in calls, calls
    if "io_uring_enter(" in calls:
        done = ask(*command, prefix=inject("io_uring_enter", "ENOMEM"))
        assert done.returncode == 2 and "Cannot allocate memory" in done.stderr and "the event loop can't go on" in done.stderr, done


if __name__ == "__main__":
    harness.main(globals())
