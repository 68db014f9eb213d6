#!/usr/bin/env python3
"""start_faults.py - what a program inherits from its parent: descriptors, few of them, blocked signals, a umask. Rows I5, KS7
to KS10."""
import itertools
import os
import resource
import signal
import stat
import subprocess
import tempfile
import time

import harness
from terminal import Screen

ALONE = ("unshare", "-rn", "sh", "-c", 'ip link set lo up; exec "$@"', "sh")


def start(*args, **options):
    return subprocess.Popen([*ALONE, harness.SOUNDER, *args], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            **options)


def is_sounder(pid):
    return os.readlink(f"/proc/{pid}/exe") == os.path.realpath(harness.SOUNDER)


def test_KS7_few_descriptors():
    for limit in range(5, 20):
        for command in (("host", "localhost", "--server", "127.0.0.1"), ("ping", "-c", "1", "127.0.0.1"), ("tcp", "127.0.0.1:1"), ("serve", "echo")):
            done = subprocess.run([*ALONE, "prlimit", f"--nofile={limit}", harness.SOUNDER, *command], capture_output=True, text=True, timeout=10,
                                  stdin=subprocess.DEVNULL)
            assert done.returncode == 2 and done.stdout == "" and done.stderr.endswith("\n"), (limit, command, done)
            assert "files" in done.stderr.splitlines()[-1], (limit, command, done)
    assert harness.run("mask", "10.0.0.1/8", prefix=("prlimit", "--nofile=4")).returncode == 0


def test_KS8_inherited_descriptors():
    with tempfile.TemporaryFile() as secret, tempfile.TemporaryFile() as high:
        os.dup2(high.fileno(), 900)
        child = start("tcp", "127.0.0.1:9", "--interval", "1s", pass_fds=(secret.fileno(), 900))
        try:
            assert harness.wait_until(lambda: is_sounder(child.pid))
            left = harness.wait_until(lambda: not {secret.fileno(), 900} & {int(fd) for fd in os.listdir(f"/proc/{child.pid}/fd")
                                                                             if "(deleted)" in os.readlink(f"/proc/{child.pid}/fd/{fd}")})
            assert left, os.listdir(f"/proc/{child.pid}/fd")
        finally:
            os.close(900)
            child.kill()
            child.communicate()


def test_KS8_sockets_that_systemd_hands_over_stay():
    """Those of LISTEN_FDS, where LISTEN_PID is ours: a shell knows its number before it becomes sounder."""
    with tempfile.TemporaryFile() as one:
        child = subprocess.Popen(["unshare", "-rn", "sh", "-c", f'exec 3<&{one.fileno()} 4<&{one.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"', "sh", harness.SOUNDER, "tcp",
                                  "127.0.0.1:9", "--interval", "1s"], pass_fds=(one.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        try:
            assert harness.wait_until(lambda: is_sounder(child.pid))
            time.sleep(0.3)
            links = {int(fd): os.readlink(f"/proc/{child.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{child.pid}/fd")}
            assert "(deleted)" in links.get(3, ""), links
            assert "(deleted)" not in links.get(4, ""), links
        finally:
            child.kill()
            child.wait()


def test_KS9_a_blocked_signal():
    """Not through a shell, since some clear the mask."""
    child = subprocess.Popen(["unshare", "-rn", harness.SOUNDER, "tcp", "127.0.0.1:9", "--interval", "1s"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT}))
    try:
        assert harness.wait_until(lambda: is_sounder(child.pid))
        time.sleep(0.3)
        child.terminate()
        child.wait(3)
    finally:
        child.kill()
        child.communicate()


def test_KS10_umask():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.conf")
        with Screen(prefix=("unshare", "-rn", "sh", "-c", 'umask 0; exec "$@"', "sh"), env={"HOME": folder}) as screen:
            screen.read_until(b"Overview")
            screen.send(f":write-config {path}\r".encode())
            assert harness.wait_until(lambda: screen.read(0.05) is not None and os.path.exists(path))
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, oct(os.stat(path).st_mode)


def test_I5_what_is_inherited():
    """Closed descriptors, blocked and ignored signals, umask, limits, an open descriptor of a file: each with each. The answer is the same; what has
    no place to go is no answer, and never in a file that took a closed descriptor's number."""
    limits = {"none": None, "files": (resource.RLIMIT_NOFILE, 64), "stack": (resource.RLIMIT_STACK, 1 << 20), "core": (resource.RLIMIT_CORE, 0)}
    wrong, runs = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for closed in itertools.chain.from_iterable(itertools.combinations((0, 1, 2), n) for n in range(4)):
            for blocked, (name, limit), umask in itertools.product((False, True), limits.items(), (0, 0o777)):
                def inherit(closed=closed, blocked=blocked, limit=limit, umask=umask):
                    if blocked:
                        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
                        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
                        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
                    if limit:
                        resource.setrlimit(limit[0], (limit[1], limit[1]))
                    os.umask(umask)
                    for fd in closed:
                        os.close(fd)
                done = subprocess.run([harness.SOUNDER, "mask", "10.0.0.1/8", "--json"], capture_output=True, timeout=20, preexec_fn=inherit, cwd=folder,
                                      stdin=subprocess.DEVNULL)
                runs += 1
                good = done.returncode == 0 and b"10.255.255.255" in done.stdout and not done.stderr
                if 1 in closed:
                    good = done.returncode == 2 and done.stdout == b"" and (2 in closed or b"Bad file descriptor" in done.stderr)
                if not good or os.listdir(folder):
                    wrong.append((closed, blocked, name, oct(umask), done, os.listdir(folder)))
    assert not wrong, wrong
    assert runs == 128


if __name__ == "__main__":
    harness.main(globals())
