"""ping_tap.py - the kernel's truth about ping's round trips: AF_PACKET's own time stamps of every echo request and reply on lo, packet by
packet. Prints "destination identifier sequence nanoseconds" for each pair when it is ended (SIGTERM) or its time is over."""
import signal
import socket
import struct
import sys
import time

SO_TIMESTAMPNS = 35
packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)  # as far as net.core.rmem_max lets it
packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
packets.bind(("lo", 0))
packets.settimeout(0.5)
over = []
signal.signal(signal.SIGTERM, lambda *_: over.append(1))
print("ready", flush=True)
sent, pairs = {}, []
end = time.monotonic() + float(sys.argv[1])
while not over and time.monotonic() < end:
    try:
        data, control, _, address = packets.recvmsg(128, 64)
    except TimeoutError:
        continue
    if address[2] == socket.PACKET_OUTGOING or data[9] != 1:  # each packet of lo is seen twice: going out and coming in
        continue
    head = (data[0] & 15) * 4
    kind, _, _, identifier, sequence = struct.unpack_from(">BBHHH", data, head)
    seconds, nanoseconds = struct.unpack("qq", control[0][2])
    when = seconds * 10**9 + nanoseconds
    if kind == 8:
        sent[data[16:20], identifier, sequence] = when
    elif kind == 0 and (data[12:16], identifier, sequence) in sent:
        pairs.append((socket.inet_ntoa(data[12:16]), identifier, sequence, when - sent[data[12:16], identifier, sequence]))
for pair in pairs:
    print(*pair)
