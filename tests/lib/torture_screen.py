"""torture_screen.py - the dashboard under a fault: it starts, gets another size and a key, saves its config, quits. Never a dead screen without words;
the terminal as it was; what was saved whole, or the old file untouched and that shown."""
import contextlib
import os
import re
import signal
import time

from picture import Picture
from scene import Run, crowd, is_signal_lock
from terminal import Screen

OLD = "# what was there before\n"
CONFIG = "set losses 5\nping 127.0.0.1 --interval 1s\ntcp 127.0.0.1:7 --interval 1s\nbind F6 'panel 3'\n"
HANGS = "it can't be quit"
LOOP_FAILED = "the event loop can't be set up"
SAID = ("complained", LOOP_FAILED)  # what a Run's err tells besides
WAIT = 4  # seconds at most for what a key does; much less where it does it
COMPLAINT = re.compile(r"memory|could not|can't|annot|not permitted|denied|No space|No locks|No buffer|Input/output|Too many|refuses|failed|did not work|no random")


class Session:
    """A dashboard on a terminal, what it shows, and what was wrong with it."""

    def __init__(self, world, prefix, env):
        self.world, self.wrong, self.complained = world, [], False
        self.saved = world.fresh("saved/config")
        for path, text in ((self.saved, OLD), (world.path("dashboard.conf"), CONFIG)):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        self.there = set(os.listdir(os.path.dirname(self.saved)))  # also what a run left that was killed: a save may not see it
        self.picture = Picture(24, 80)
        self.screen = Screen("-f", world.path("dashboard.conf"), prefix=prefix, env={"HOME": world.home, "TERM": "xterm", **env})

    def ended(self):
        return self.screen.process.poll() is not None

    def read(self):
        self.picture.feed(self.screen.read(0.02))
        text = self.picture.text()
        self.complained = self.complained or bool(COMPLAINT.search(text))
        return text

    def until(self, come, seconds=WAIT):
        """Reads until come(text) or the end; returns whether it came. On a crowded machine it may take as much longer, unless there are words already
        for why it does not come."""
        end = time.monotonic() + seconds * (1 if self.complained else crowd())
        while True:
            text = self.read()
            if come(text):
                return True
            if self.ended() or time.monotonic() > end:
                return False

    def pause(self, seconds):
        """Reads that long, or until the end."""
        end = time.monotonic() + seconds
        while not self.ended() and time.monotonic() < end:
            self.read()

    def send(self, keys):
        if not self.ended():
            with contextlib.suppress(OSError):
                self.screen.send(keys)

    def type(self, line):
        """A command line, in pieces: what comes at once looks pasted. Where no prompt opens nothing, as its letters would be keys. Returns whether it was."""
        for _ in range(2):
            self.send(b"\033")
            self.pause(0.08)
            self.send(b":")
            if self.until(lambda text: "\n: " in text, 1):
                self.send(line)
                self.until(lambda text: line.decode() in text, 1)
                self.send(b"\r")
                self.pause(0.08)
                return True
        return False

    def start(self):
        if not self.until(lambda text: "Overview" in text, 2 * WAIT) and not self.ended() and not self.picture.text().strip():
            self.wrong.append("a dead screen without words")

    def resize(self):
        self.picture.resize(30, 100)
        self.screen.resize(30, 100)
        if not self.until(lambda text: "Overview" in text or COMPLAINT.search(text)) and not self.ended() and not self.picture.text().strip():
            self.wrong.append("nothing is drawn at another size")

    def key(self):
        before = self.picture.text()
        self.send(b"8")
        self.until(lambda text: text != before, 1)

    def save(self):
        self.complained_before, self.complained = self.complained, False
        self.type(b"write-config " + self.saved.encode())
        self.until(lambda text: "written to" in text or self.complained or self.content() != OLD)
        told = self.complained
        self.complained = self.complained or self.complained_before
        if not self.ended() and self.content() == OLD and not told:
            self.wrong.append(f"nothing was saved, and nothing says so: {self.picture.text()!r}")

    def content(self):
        with open(self.saved, encoding="utf-8", errors="replace") as file:
            return file.read()

    def quit(self):
        """By its command, by a key that needs no command, by a signal: one after the other."""
        if not self.ended() and self.type(b"quit"):
            self.pause(WAIT / 2 * crowd())
        for key in (b"\033", b"\033", b"q"):
            self.send(key)
            self.pause(WAIT * crowd() if key == b"q" else 0.2)
        if not self.ended():
            self.wrong.append(HANGS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.screen.process.pid, signal.SIGKILL)
            self.screen.process.wait()

    def look_back(self):
        """At what is left: the terminal, words, files."""
        self.read()
        code = self.screen.process.returncode
        if HANGS in self.wrong:
            return None
        with contextlib.suppress(AssertionError):
            self.screen.modes_are_back()
            if self.picture.alternate or not self.picture.cursor_shown:
                self.wrong.append("the terminal is left with the other screen or without a cursor")
            left = sorted(set(os.listdir(os.path.dirname(self.saved))) - self.there)
            if left:
                self.wrong.append(f"left behind: {left}")
            if code != 0 and not self.picture.text().strip():
                self.wrong.append(f"exit {code} without a word")
            if code not in (0, 2):
                self.wrong.append(f"exit {code}: {self.picture.text().strip()[-300:]}")
            return code
        self.wrong.append("the terminal's modes are not as they were")
        return code


def run(world, prefix, env):
    """A Run: `out` is what was saved, `err` what was wrong."""
    session = Session(world, prefix, env)
    with session.screen:
        for step in (session.start, session.resize, session.key, session.save):
            if not session.ended():
                step()
        session.quit()
        code = session.look_back()
    said = [words for words, is_so in zip(SAID, (session.complained, LOOP_FAILED in session.picture.text())) if is_so]
    return Run(code, session.content(), "\n".join(session.wrong + said))


def wrong(plain, run, fault):
    if is_signal_lock(fault, run):
        return ""
    found = [line for line in run.err.splitlines() if line not in SAID and not (line.startswith("left behind") and fault.kind == "unlinkat")]
    if run.out not in (OLD, plain.out):
        lost = set(plain.out.splitlines()) - set(run.out.splitlines())
        # A key that was refused with words has not changed the panel, and the file has the one that is shown.
        more = {line for line in set(run.out.splitlines()) - set(plain.out.splitlines()) if not line.startswith("panel ")}
        if not lost or more or not run.out.endswith("\n") or "complained" not in run.err:
            found.append(f"what was saved is neither whole nor what was there before: {run.out!r}")
    return "; ".join(found)
