#!/usr/bin/env python3
"""listen_faults.py - who listens, named: as root (as sudo starts it) every program, as an ordinary user one's own; and which capabilities are left once
the command is known. Row KA1. In a network namespace of its own."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import harness
from harness import Skip
from terminal import Screen

LISTEN = "import socket,sys,time\ns=socket.create_server(('127.0.0.1',int(sys.argv[1])))\nopen(sys.argv[2],'w').close()\ntime.sleep(60)"
NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")


class Listeners:
    """A namespace with a listener of root and one of the user nobody; commands run in it by prefix()."""

    def __enter__(self):
        if os.geteuid() != 0:
            raise Skip("needs root: two users' programs")
        self.folder = tempfile.TemporaryDirectory()
        os.chmod(self.folder.name, 0o777)
        self.holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "ip link set lo up && exec sleep 120"])
        me = os.readlink("/proc/self/ns/net")
        assert harness.wait_until(lambda: os.readlink(f"/proc/{self.holder.pid}/ns/net") != me)
        self.all = []
        for user, port in (((), 40101), (NOBODY, 40102)):
            marker = os.path.join(self.folder.name, str(port))
            self.all.append(subprocess.Popen([*self.prefix(), *user, "/usr/bin/python3", "-c", LISTEN, str(port), marker], stderr=subprocess.DEVNULL))
            assert harness.wait_until(lambda: os.path.exists(marker)), port
        self.sounder = shutil.copy(harness.SOUNDER, os.path.join(self.folder.name, "sounder"))
        os.chmod(self.sounder, 0o755)
        return self

    def prefix(self):
        return ("nsenter", "-t", str(self.holder.pid), "-n")

    def __exit__(self, *_):
        for child in [*self.all, self.holder]:
            child.kill()
            child.wait()
        self.folder.cleanup()


def named(listeners, user=()):
    done = subprocess.run([*listeners.prefix(), *user, listeners.sounder, "listeners", "--json"], capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL, env={**os.environ, "HOME": "/"})  # the user nobody may not read root's
    assert done.returncode == 0, done
    return {row["port"]: row["process"] for row in map(json.loads, done.stdout.splitlines()) if row["port"] in (40101, 40102)}


def test_KA1_KS11_root_names_every_program():
    with Listeners() as listeners:
        both = named(listeners)
        assert all(name and name.startswith("python3") for name in both.values()) and len(both) == 2, both


def test_KA1_an_ordinary_user_names_ones_own():
    with Listeners() as listeners:
        both = named(listeners, NOBODY)
        assert both[40101] is None and both[40102].startswith("python3"), both
        done = subprocess.run([*listeners.prefix(), *NOBODY, listeners.sounder, "listeners"], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
        assert "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH" in done.stdout, done.stdout


def capabilities(pid):
    status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    assert int(status["CapEff"], 16) == 0, status["CapEff"]
    return int(status["CapPrm"], 16)


def test_KA1_the_dashboard_names_a_port_that_no_service_has():
    with Listeners() as listeners, Screen(prefix=listeners.prefix()) as screen:
        screen.read_until(b"Overview")
        screen.send(b"5")
        screen.read(0.3)
        screen.send(b"i40102")
        screen.read_until(b"40102 is assigned to no service")
        screen.read_until(b"Listening here: tcp 127.0.0.1")
        screen.read_until(b" python3", 40)  # many processes are looked at a little at a time; only what is another text is sent
        bind, raw, ptrace, search = 1 << 10, 1 << 13, 1 << 19, 1 << 2
        assert capabilities(screen.process.pid) == bind | raw | ptrace | search, hex(capabilities(screen.process.pid))


def test_KA1_what_a_command_does_not_use_goes():
    with Listeners() as listeners:
        for arguments, left in ((("tcp", "127.0.0.1:9", "-i", "1s"), 0), (("serve", "echo", "--tcp", "127.0.0.1:0"), 1 << 10)):
            child = subprocess.Popen([*listeners.prefix(), listeners.sounder, *arguments], stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
            try:
                child.stdout.readline()
                assert capabilities(child.pid) == left, (arguments, hex(capabilities(child.pid)))
            finally:
                child.kill()
                child.communicate()


if __name__ == "__main__":
    harness.main(globals())
