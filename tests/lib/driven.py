"""driven.py - the dashboard driven by keys and seen as a picture, in a namespace of its own with a loopback."""
import os
import re
import time

from picture import Picture
from terminal import Screen

ALONE = ("unshare", "-rn", "sh", "-c", 'ip link set lo up; cd "$HOME" && exec "$@"', "sh")


class Driven(Screen):
    """`lines`: its configuration; `folder`: its home, which the caller makes."""

    def __init__(self, folder, *args, lines=(), rows=30, columns=110, env=None, prefix=ALONE, **options):
        self.picture, self.home = Picture(rows, columns), str(folder)
        config = os.path.join(self.home, "start.conf")
        with open(config, "w") as file:
            file.write("".join(line + "\n" for line in lines))
        super().__init__("-f", config, *args, rows=rows, columns=columns, prefix=prefix, env={"HOME": self.home, **(env or {})}, **options)
        self.see("Overview", 20)

    def read(self, seconds):
        got = super().read(seconds)
        self.picture.feed(got)
        return got

    def resize(self, rows, columns):
        super().resize(rows, columns)
        if hasattr(self, "process"):
            self.picture.resize(rows, columns)

    def text(self):
        return self.picture.text()

    def wait_for(self, holds, seconds=30):
        end = time.monotonic() + seconds
        while not holds() and time.monotonic() < end:
            self.read(0.05)
        return holds()

    def see(self, what, seconds=30):
        assert self.wait_for(lambda: what in self.text(), seconds), f"no {what!r} in\n{self.text()}"

    def see_no(self, what, seconds=30):
        assert self.wait_for(lambda: what not in self.text(), seconds), f"still {what!r} in\n{self.text()}"

    def keys(self, *keys, gap=0.15):
        """Presses them one by one, as a hand does."""
        for key in keys:
            self.send(key)
            self.read(gap)

    def type(self, text):
        for byte in text.encode():
            self.keys(bytes([byte]), gap=0.02)

    def line(self, text):
        """Types a line at the prompt."""
        self.keys(b":")
        self.type(text)
        self.keys(b"\r", gap=0.3)

    def row_of(self, what):
        """The number of the line of the picture that has it."""
        for number, line in enumerate(self.text().split("\n")):
            if what in line:
                return number
        raise AssertionError(f"no {what!r} in\n{self.text()}")

    def under_cursor(self):
        """What y would copy."""
        self.output = b""
        self.keys(b"y", gap=0.3)
        found = re.search(r"sent to the terminal: (\S+)", self.text())
        assert found, self.text()
        return found[1]

    def ends(self, seconds=30):
        """Whether it has ended, with which status."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        self.read(0.1)
        return self.process.poll()
