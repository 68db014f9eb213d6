"""figures.py - how figures are taken: programs in turn (A B, B A, A B ...), each bounded in time, CPU by getrusage's total of the finished
child, ratios inside each round, then median [range]."""
import fcntl
import os
import pathlib
import pty
import resource
import select
import statistics
import struct
import subprocess
import sys
import termios
import time


class Run:
    """What one run of a program cost."""

    def __init__(self, wall, cpu, rss_kib, out=b"", code=0):
        self.wall, self.cpu, self.rss_kib, self.out, self.code = wall, cpu, rss_kib, out, code


def run(args, timeout=120, stdin=None, env=None):
    """Runs a program to its end; wall and CPU seconds, peak memory. The start is by posix_spawn, so the peak is the program's own."""
    start = time.perf_counter()
    child = subprocess.Popen(args, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, close_fds=False)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, out, child.returncode)


def rounds(cases, count=5, measure=run):
    """Runs {name: arguments} `count` times in turn, the order reversed every other round; {name: [Run]}."""
    results = {name: [] for name in cases}
    for name in cases:
        measure(cases[name])
    for number in range(count):
        order = list(cases)
        if number % 2:
            order.reverse()
        for name in order:
            results[name].append(measure(cases[name]))
    return results


def spread(values, digits=3):
    """median [min..max]"""
    return f"{statistics.median(values):.{digits}g} [{min(values):.{digits}g}..{max(values):.{digits}g}]"


def ratio(results, a, b, figure):
    """Ratios a/b inside each round."""
    return [getattr(x, figure) / max(getattr(y, figure), 1e-9) for x, y in zip(results[a], results[b])]


def program(sounder, name):
    """A program that times from inside, beside sounder in its build or in that of the tests; None where there is none."""
    root = pathlib.Path(__file__).resolve().parents[2]
    builds = [pathlib.Path(sounder).resolve().parent, root / "build-bench", root / "build-test"]
    return next((str(build / name) for build in builds if (build / name).exists()), None)


REQUEST, ANSWER = b"\033[5n", b"\033[0n"  # "device status report", which every terminal answers


class Terminal:
    """A program in a pty of its own."""

    def __init__(self, args, rows=40, cols=120, env=None):
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", **(env or {}))
            os.environ.pop("LINES", None), os.environ.pop("COLUMNS", None)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            os.execvp(args[0], args)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.first = self.last = None
        self.bytes = 0
        self.seen = b""

    def read(self, seconds, until_quiet=None):
        """Reads for so long, or until nothing came for `until_quiet` seconds after the first byte."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            wait = min(left, until_quiet) if until_quiet and self.first else left
            if not select.select([self.fd], [], [], wait)[0]:
                if until_quiet and self.first:
                    return
                continue
            try:
                data = self.take()
            except OSError:
                return
            now = time.perf_counter()
            self.first = self.first or now
            self.last = now
            self.bytes += len(data)
            self.seen += data

    def take(self):
        """What is there; answers as a terminal does."""
        data = os.read(self.fd, 65536)
        if REQUEST in data:
            os.write(self.fd, ANSWER * data.count(REQUEST))
        return data

    def cpu(self):
        with open(f"/proc/{self.pid}/task/{self.pid}/schedstat") as f:
            main = int(f.read().split()[0]) / 1e9
        others = 0.0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            if int(task) != self.pid:
                with open(f"/proc/{self.pid}/task/{task}/schedstat") as f:
                    others += int(f.read().split()[0]) / 1e9
        return main + others

    def rss_kib(self):
        with open(f"/proc/{self.pid}/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))

    def close(self, keys=b"q"):
        try:
            os.write(self.fd, keys)
            self.read(0.5)
        except OSError:
            pass
        for number in (15, 9):
            pid, _ = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            os.kill(self.pid, number)
            time.sleep(0.2)
        else:
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def machine():
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "unknown processor")
    return f"{os.cpu_count()} x {model}, {os.uname().sysname} {os.uname().release}"


def progress(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def raise_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
