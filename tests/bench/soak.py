"""soak.py SECONDS - the dashboard with 100 loopback targets, an echo and a daytime server and a client for each, for a long while: memory,
descriptors and CPU are printed every tenth of the time; fails if memory or descriptors keep growing or the program ends."""
import os
import sys

import figures

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600
terminal = figures.Terminal([os.environ["SOUNDER"], *[f"127.0.0.{n}" for n in range(1, 101)]])
terminal.read(5)
for line in (b":serve echo --tcp 127.0.0.1:10007\r", b":serve daytime --tcp 127.0.0.1:10013\r",
             b":echo 127.0.0.1:10007 --interval 1s\r", b":daytime 127.0.0.1:10013 --interval 1s\r"):
    os.write(terminal.fd, line)
    terminal.read(1)


def state():
    return terminal.rss_kib(), len(os.listdir(f"/proc/{terminal.pid}/fd")), terminal.cpu()


terminal.read(min(30, seconds / 10))
base = state()
last = base
for part in range(10):
    terminal.seen = b""
    terminal.read(seconds / 10)
    last = state()
    print(f"{(part + 1) * seconds / 10:8.0f} s   {last[0] / 1024:6.1f} MB   {last[1]:3d} descriptors   {last[2]:7.2f} s CPU", flush=True)
terminal.close()
grown = last[0] - base[0]
print(f"memory grew by {grown} KiB, descriptors by {last[1] - base[1]}")
sys.exit(1 if grown > 2048 or last[1] > base[1] else 0)
