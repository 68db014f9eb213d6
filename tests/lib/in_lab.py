"""in_lab.py - a network of tests/lab during a block: `with lab("ecmp2") as net: net.run(["sounder", "ping", "server"], as_nobody=True)`.

`net.truth` is what the network's file says of it, as it is after the last `net.step(NAME)`. What a program finds is compared with that, and with no
number in a test."""
import copy
import os
import select
import subprocess
import sys

import harness

sys.path.insert(0, str(harness.TESTS / "lab"))
import build  # noqa: E402
import network as networks  # noqa: E402

LAB = harness.TESTS / "lab" / "lab.py"
NEEDED = ("ip", "nft", "nsenter", "setpriv")


class lab:
    """A network, from the block's start to its end. Raises Skip where the system grants none."""

    def __init__(self, name):
        harness.need(*NEEDED)
        self.name, self.net = name, networks.load(name)
        self.truth = copy.deepcopy(self.net.truth)
        self.children = []
        self.holder = subprocess.Popen([sys.executable, str(LAB), "--hold", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, env={**os.environ, "SOUNDER": harness.SOUNDER})
        try:
            self.first = self.line()
            self.line()
            self.settle()
        except BaseException:
            self.end()
            raise

    def settle(self):
        """On a crowded machine the kernel sees a new link's carrier late: until then there is no way by IPv6."""
        target = self.truth["target"].get("v6")
        if target:
            harness.wait_until(lambda: self.run(["ip", "-6", "route", "get", target]).returncode == 0, 10)

    def line(self):
        """The next line of the lab's; it has a minute."""
        assert select.select([self.holder.stdout], [], [], 60)[0], f"{self.name} is not made"
        line = self.holder.stdout.readline().strip()
        if not line:
            complaint = self.holder.stderr.read().strip()
            if self.holder.wait() == 77:
                raise harness.Skip(complaint)
            raise AssertionError(complaint)
        return line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        for child in [*self.children, self.holder]:
            child.kill()
            child.wait()
        for stream in (self.holder.stdin, self.holder.stdout, self.holder.stderr):
            stream.close()

    def namespace(self, host="client", as_nobody=False):
        """The words that, put before a command's, run it on a host of the network."""
        return build.inside(host, as_nobody, self.first)

    def words(self, args, host, as_nobody, kwargs):
        kwargs.setdefault("env", {**build.environment(), "LC_ALL": "C.UTF-8"})
        kwargs.setdefault("stdin", subprocess.DEVNULL if "input" not in kwargs else None)
        if kwargs["stdin"] is None:
            del kwargs["stdin"]
        return [*self.namespace(host, as_nobody), *map(str, args)]

    def run(self, args, host="client", as_nobody=False, **kwargs):
        """Runs a command to its end; returns CompletedProcess, with text."""
        words = self.words(args, host, as_nobody, kwargs)
        return subprocess.run(words, **{"capture_output": True, "text": True, "errors": "surrogateescape", "timeout": 120, **kwargs})

    def start(self, args, host="client", as_nobody=False, **kwargs):
        """Starts a command that at the latest ends with the block."""
        child = subprocess.Popen(self.words(args, host, as_nobody, kwargs), **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **kwargs})
        self.children.append(child)
        return child

    def steps_truth(self, name):
        """The hops as they are after a step that is still to come."""
        hops = copy.deepcopy(self.truth["hops"])
        for number, hop in self.net.steps[name].get("truth", {}).items():
            hops[int(number) - 1] = copy.deepcopy(hop)
        return hops

    def step(self, name):
        """Has something happen that the network's file describes; `truth` is then what holds afterwards."""
        build.ask(f"/proc/{self.first}/root{build.CONTROL}", name)
        for number, hop in self.net.steps[name].get("truth", {}).items():
            self.truth["hops"][int(number) - 1] = copy.deepcopy(hop)
