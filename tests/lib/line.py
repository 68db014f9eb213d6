"""line.py - the dashboard behind a line that has a speed and a latency, on a terminal that answers "device status report" (CSI 5 n) when it has read that far."""
import os
import re
import select
import time

from driven import Driven
from picture import Picture

REQUEST, ANSWER = b"\033[5n", b"\033[0n"
BAR = "48;5;237"  # the background of the line under the cursor, in the dark theme


class Barred(Picture):
    """Knows the lines of the picture that are drawn as the one under the cursor."""

    def __init__(self, rows, columns):
        self.on_bar, self.bars = False, set()
        super().__init__(rows, columns)

    def obey(self, mark, numbers, kind, whole):
        if kind == "m" and not mark:
            self.on_bar = BAR in numbers or (self.on_bar and numbers.split(";")[0] not in ("", "0", "39;49") and "49" not in numbers.split(";"))
        super().obey(mark, numbers, kind, whole)

    def put(self, character):
        if character > " " or self.on_bar:
            (self.bars.add if self.on_bar else self.bars.discard)(self.row)
        super().put(character)


class Line(Driven):
    """`rate`: bytes a second, None: as fast as they come; `delay`: seconds that an answer takes; `answer`: what it is, None: there is none; `split`:
    seconds between its bytes. Nothing is read while nobody calls read()."""

    def __init__(self, folder, *args, rate=None, delay=0.0, answer=ANSWER, split=0.0, **options):
        self.rate, self.delay, self.answer, self.split = rate, delay, answer, split
        self.tail, self.owed, self.asked, self.came, self.credit_at = b"", [], 0, 0, time.monotonic()
        super().__init__(folder, *args, **options)
        self.picture = Barred(self.picture.rows, self.picture.columns)
        self.send(b"\x0c")
        self.settle()

    def settle(self, seconds=20, gap=0.5):
        """Reads until nothing has come for that long."""
        end, quiet = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < min(end, quiet + gap):
            quiet = time.monotonic() if self.read(0.02) else quiet

    def until(self, holds, seconds=30):
        """Seconds until that holds."""
        start = time.monotonic()
        while not holds():
            assert time.monotonic() < start + seconds, f"not within {seconds} s:\n{self.text()}"
            self.read(0.005)
        return time.monotonic() - start

    def send(self, data):
        """A key does not come amid an answer."""
        while self.split and len(self.owed) % len(self.answer):
            time.sleep(0.01)
            self.send_due()
        super().send(data)

    def send_due(self):
        while self.owed and self.owed[0][0] <= time.monotonic():
            os.write(self.master, self.owed.pop(0)[1])

    def look_for_requests(self, part):
        found = len(re.findall(re.escape(REQUEST), self.tail + part))
        self.tail = (self.tail + part)[-(len(REQUEST) - 1):]
        self.asked += found
        if self.answer is None:
            return
        for _ in range(found):
            at = max([time.monotonic() + self.delay] + [due for due, _ in self.owed[-1:]])
            pieces = [self.answer] if not self.split else [self.answer[i:i + 1] for i in range(len(self.answer))]
            self.owed += [(at + number * self.split, piece) for number, piece in enumerate(pieces)]

    def read(self, seconds):
        got, end = b"", time.monotonic() + seconds
        while True:
            self.send_due()
            now = time.monotonic()
            room = 65536 if self.rate is None else int(min(now - self.credit_at, 0.05) * self.rate)
            if room > 0 and select.select([self.master], [], [], 0)[0]:
                try:
                    part = os.read(self.master, room)
                except OSError:
                    break
                self.credit_at = now
                got += part
                self.look_for_requests(part)
                self.picture.feed(part)
            if now >= end:
                break
            time.sleep(0.002)
        self.output += got
        self.came += len(got)
        return got
