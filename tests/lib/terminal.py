"""terminal.py - the dashboard on a pty, for tests: what it writes, its size and modes, what it costs."""
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import harness

SOUNDER = harness.SOUNDER
PATIENCE = 30  # seconds, on a busy machine


def stat_of(pid):
    """CPU seconds and resident bytes of a process."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE")


class Screen:
    """sounder on a pty of its own session; the slave is kept open where its modes are to be looked at afterwards. `prefix`: a command
    that runs it."""

    def __init__(self, *args, rows=24, columns=80, env=None, ignore=(), keep=True, prefix=()):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        full = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})}
        full = {k: v for k, v in full.items() if v is not None}
        if "LD_PRELOAD" in os.environ:
            full["LD_PRELOAD"] = os.environ["LD_PRELOAD"]

        def begin():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started the tests may have ignored it
            for number in ignore:
                signal.signal(number, signal.SIG_IGN)

        self.process = subprocess.Popen([*prefix, SOUNDER, *args], stdin=self.slave, stdout=self.slave, stderr=self.slave, env=full, preexec_fn=begin,
                                        close_fds=True)
        if not keep:
            os.close(self.slave)
            self.slave = None
        self.output = b""

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Reads what comes within that time; returns it."""
        got, end = b"", time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                break
            try:
                part = os.read(self.master, 65536)
            except OSError as error:
                if error.errno == errno.EIO:
                    break
                raise
            got += part
        self.output += got
        return got

    def read_until(self, what, seconds=5):
        """The time is patience: who has a goal for it measures it."""
        end = time.monotonic() + max(seconds, PATIENCE)
        while what not in self.output and time.monotonic() < end:
            self.read(0.05)
        assert what in self.output, f"{what!r} did not come within {seconds} s, but {self.output[-400:]!r}"

    def send(self, data):
        os.write(self.master, data)

    def wait(self, seconds):
        """Waits for the end, reading nothing; returns the exit status."""
        return self.process.wait(max(seconds, PATIENCE))

    def modes_are_back(self):
        now = termios.tcgetattr(self.slave)
        assert now == self.before, f"modes differ: {self.before} {now}"

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            if descriptor is not None:
                try:
                    os.close(descriptor)
                except OSError:
                    pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
