"""harness.py - what the tests with real peers share: running sounder, free ports, peers started and ended by their own id, namespaces.

A test file defines functions named test_...; `main(globals())` says how many there are, runs them in order, prints a line each, and exits 0, 1 or
77 (all skipped).
A function named after a row of the fault catalogue (test_B7_cname_loop) covers that row."""
import contextlib
import functools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

SOUNDER = os.path.abspath(os.environ.get("SOUNDER", "build/sounder"))
TESTS = pathlib.Path(__file__).resolve().parent.parent
# What is called python3 may be a script that looks for an interpreter, and takes three times as long for that as the interpreter to start.
os.environ["PATH"] = os.pathsep.join(filter(None, (os.path.dirname(sys.executable), os.environ.get("PATH"))))


class Skip(Exception):
    """Raised by a test that can't run here, with the reason."""


def run(*args, timeout=30, stdin=None, env=None, prefix=()):
    """Runs sounder with args; returns CompletedProcess with text stdout and stderr (bytes that are no UTF-8 as surrogate escapes)."""
    full = {**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}
    full.pop("NO_COLOR", None)
    return subprocess.run([*prefix, SOUNDER, *map(str, args)], input=stdin, capture_output=True, text=True, errors="surrogateescape",
                          timeout=timeout, env=full, stdin=subprocess.DEVNULL if stdin is None else None)


def run_json(*args, **kwargs):
    """Runs sounder with --json; returns (exit code, list of objects)."""
    done = run(*args, "--json", **kwargs)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def free_port(kind=socket.SOCK_STREAM, host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as s:
        s.bind((host, 0))
        return s.getsockname()[1]


def wait_port(port, host="127.0.0.1", seconds=30):
    """Waits until something accepts TCP connections there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((host, port), 0.5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"nothing listens on {host}:{port}")


def wait_until(check, seconds=30, step=0.02):
    """Polls until check() is true; returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = check()
        if value or time.monotonic() > end:
            return value
        time.sleep(step)


class Machine:
    """How busy the machine is while a block runs, for tests that watch the clock: `within(goal)` is the goal for each process that wanted to run on
    a core, and twice the longest that a short sleep overshot. On an idle machine that is the goal."""

    def __init__(self):
        self.late, self.crowd, self.samples, self.done = 0.0, 0.0, 0, threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)

    def watch(self):
        while not self.done.is_set():
            begun = time.monotonic()
            time.sleep(0.01)
            self.late = max(self.late, time.monotonic() - begun - 0.01)
            with open("/proc/loadavg") as file:
                self.crowd += int(file.read().split()[3].split("/")[0]) / os.cpu_count()
            self.samples += 1

    def __enter__(self):
        self.watcher.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.watcher.join()

    def within(self, seconds):
        return seconds * max(1.0, self.crowd / max(1, self.samples)) + 2 * self.late


@contextlib.contextmanager
def process(*args, **kwargs):
    """A peer that runs during the block and is ended by its own id afterwards."""
    kwargs.setdefault("stdout", subprocess.DEVNULL)
    kwargs.setdefault("stderr", subprocess.DEVNULL)
    child = subprocess.Popen(list(map(str, args)), **kwargs)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp(prefix="sounder-test-")
    os.chmod(path, 0o755)
    try:
        yield pathlib.Path(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


def need(*programs):
    for program in programs:
        if not shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
            raise Skip(f"{program} is not installed")


@functools.lru_cache(None)
def namespace(more=""):
    """Returns the command that runs another in a network namespace of its own, `more` ("m": mounts) as well. Root may do without a user namespace,
    where those are refused (in a chroot, by a sysctl)."""
    need("unshare", "ip")
    options = [f"-Urn{more}"] + ([f"-n{more}"] if os.geteuid() == 0 else [])
    for option in options:
        output = subprocess.run(["unshare", option, "true"], capture_output=True, text=True).stderr.strip()
        if not output:
            return ("unshare", option)
    raise Skip(f"no namespaces here: {output}")


def in_namespace(script, timeout=60, env=None):
    """Runs a shell script in a network and mount namespace of its own with lo up and ping sockets for everyone. SOUNDER is set."""
    prelude = "set -e; ip link set lo up; echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range 2>/dev/null || " \
              "echo '0 0' > /proc/sys/net/ipv4/ping_group_range; set +e\n"
    full = {**os.environ, "SOUNDER": SOUNDER, "LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin", **(env or {})}
    return subprocess.run([*namespace("m"), "sh", "-c", prelude + script], capture_output=True, text=True, errors="surrogateescape",
                          timeout=timeout, env=full, stdin=subprocess.DEVNULL)


def run_test(name, test):
    """Runs a test, prints its line; returns 0, 1, or 77 where it was skipped."""
    start, code = time.monotonic(), 0
    try:
        test()
        output = "ok"
    except Skip as reason:
        code, output = 77, f"skipped: {reason}"
    except Exception:
        code, output = 1, "FAILED\n" + traceback.format_exc()
    print(f"{name} ({time.monotonic() - start:.2f} s): {output}\n", end="", flush=True)
    return code


def one_after_another(tests):
    return [run_test(*test) for test in tests]


def in_process(test):
    """Starts a process of its own for a test; returns its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = run_test(*test)
    finally:
        os._exit(code)


def at_once(tests, most):
    """The same for tests that mostly wait, each in a namespace of its own: up to `most` of them side by side."""
    running, codes, left = set(), [], list(tests)
    try:
        while running or left:
            while left and len(running) < most:
                running.add(in_process(left.pop(0)))
            pid, status = os.wait()
            running.discard(pid)
            codes.append(os.waitstatus_to_exitcode(status))
        return codes
    finally:
        for pid in running:
            os.kill(pid, signal.SIGTERM)


def main(names, side_by_side=1):
    tests = [(name, value) for name, value in names.items() if name.startswith("test_") and callable(value)]
    chosen = [test for test in tests if not sys.argv[1:] or any(word in test[0] for word in sys.argv[1:])]
    if not chosen:
        sys.exit(f"no test is named {' or '.join(sys.argv[1:]) or 'test_...'}")
    print(f"{len(chosen)} functions", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    codes = one_after_another(chosen) if side_by_side == 1 else at_once(chosen, side_by_side)
    skipped = codes.count(77)
    failed = len(codes) - skipped - codes.count(0)
    if failed:
        print(f"{failed} of {len(chosen)} failed")
    sys.exit(1 if failed else 77 if skipped == len(chosen) else 0)
