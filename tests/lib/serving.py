"""serving.py - `sounder serve` as a peer of the tests: runs during a block, its events as they come."""
import json
import os
import subprocess
import threading

from harness import SOUNDER


class Serving:
    """`sounder serve ARGS --json` during a block; `events` grows as they come."""

    def __init__(self, *args, prefix=(), env=None):
        self.child = subprocess.Popen([*prefix, SOUNDER, "serve", *map(str, args), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      text=True, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        self.events = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.child.stdout:
            self.events.append(json.loads(line))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.child.poll() is None:
            self.child.terminate()
        code = self.child.wait(10)
        self.reader.join(5)
        return code

    def of(self, kind):
        return [event for event in list(self.events) if event["event"] == kind]
