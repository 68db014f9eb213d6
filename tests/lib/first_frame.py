"""first_frame.py COMMAND...: runs a command in a terminal of its own, waits for a first frame, presses q; exit 0 if it ends well."""
import os
import pty
import select
import sys
import time

pid, master = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm-256color", LINES="24", COLUMNS="80")
    os.execvp(sys.argv[1], sys.argv[1:])

seen = b""
deadline = time.monotonic() + 300
pressed = False
while time.monotonic() < deadline:
    ready, _, _ = select.select([master], [], [], 0.5)
    if ready:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
    elif b"Overview" in seen and not pressed:
        os.write(master, b"q")
        pressed = True
_, status = os.waitpid(pid, 0)
ok = pressed and os.waitstatus_to_exitcode(status) == 0
print("first frame:", "seen, left with q" if ok else f"NOT SEEN (status {status}): {seen[-400:]!r}")
sys.exit(0 if ok else 1)
