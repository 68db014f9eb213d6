"""path_tap.py - the kernel's truth about a path's round trips: AF_PACKET's own time stamps of each echo request that leaves a device and of what answers
it. Prints "TTL nanoseconds" for each pair, by TTL in the order of sending, when it is ended (SIGTERM) or its time is over."""
import signal
import socket
import struct
import sys
import time

SO_TIMESTAMPNS = 35
packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))  # all of them: else what leaves is not seen
packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
packets.bind((sys.argv[1], 3))
packets.settimeout(0.2)
over = []
signal.signal(signal.SIGTERM, lambda *_: over.append(1))
print("ready", flush=True)
sent, pairs = {}, []
end = time.monotonic() + float(sys.argv[2])
while not over and time.monotonic() < end:
    try:
        data, control, _, address = packets.recvmsg(256, 64)
    except TimeoutError:
        continue
    if address[1] != 0x0800 or data[9] != 1:
        continue
    seconds, nanoseconds = struct.unpack("qq", control[0][2])
    when = seconds * 10**9 + nanoseconds
    icmp = data[(data[0] & 15) * 4:]
    if icmp[0] == 8:
        sent[icmp[4:8]] = data[8], when
        continue
    quoted = icmp[8:] if icmp[0] in (3, 11) else b""
    key = quoted[(quoted[0] & 15) * 4:][4:8] if quoted else icmp[4:8]
    if key in sent:
        ttl, left = sent.pop(key)
        pairs.append((left, ttl, when - left))
for _, ttl, took in sorted(pairs):
    print(ttl, took)
