"""raw_path.py - probes and their answers by raw sockets, as root: what a path is, by another method than the program that is tested.

`python3 raw_path.py WISH` sends what the JSON object says (family source target protocol ttls count flows interval size tos) and prints the answers as
JSON, one list. A probe is known by its IPv4 identification or IPv6 flow label, which every quote has."""
import json
import pathlib
import select
import socket
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
import packets  # noqa: E402

PORT, FIRST_FLOW = 33434, 20000
QUIET = 0.7  # an answer has so long after the last probe
WISH = {"protocol": "udp", "ttls": [64], "count": 1, "flows": 1, "interval": 0.002, "size": 24, "tos": 0}
PROTOCOLS = {("udp", 4): packets.UDP, ("udp", 6): packets.UDP, ("icmp", 4): packets.ICMP, ("icmp", 6): packets.ICMP6}


def made(wish, sequence, ttl, flow):
    """A probe with its IP header, `size` bytes after it; IPv4 with "do not fragment"."""
    source, target = packets.raw(wish["source"]), packets.raw(wish["target"])
    protocol, room = PROTOCOLS[wish["protocol"], wish["family"]], wish["size"] - 8
    if wish["protocol"] == "udp":
        body = struct.pack("!HHHH", FIRST_FLOW + flow, PORT, wish["size"], 1) + bytes(room)
    else:
        body = struct.pack("!BBHHH", packets.ECHO[protocol][0], 0, 0, FIRST_FLOW + flow, sequence) + bytes(room)
    data = packets.made(source, target, protocol, body, ttl)
    if wish["family"] == 4:
        data = data[:1] + bytes([wish["tos"]]) + data[2:4] + struct.pack("!HH", sequence, 0x4000) + data[8:]
        return packets.with_payload_checksum(packets.with_header_checksum(data))
    data = struct.pack("!I", 6 << 28 | wish["tos"] << 20 | sequence) + data[4:]
    return packets.with_payload_checksum(data)


def labels_of(extension):
    """RFC 4884 and 4950, read by their text; None where it is not what they say."""
    if len(extension) < 8 or extension[0] >> 4 != 2 or packets.checksum(extension) != b"\0\0":
        return None
    length, kind, subkind = struct.unpack("!HBB", extension[4:8])
    if (kind, subkind) != (1, 1) or length != len(extension) - 4:
        return None
    words = struct.unpack(f"!{(length - 4) // 4}I", extension[8:])
    return [{"label": word >> 12, "class": word >> 9 & 7, "bottom": word >> 8 & 1, "ttl": word & 255} for word in words]


def read_error(family, message):
    """An ICMP error, as far as it has a quote: (sequence, what it says)."""
    quote, at = message[8:], 5 if family == 4 else 4
    length = message[at] * (4 if family == 4 else 8)
    extension = quote[length:] if length else b""
    quote = quote[:length] if length else quote
    head = (quote[0] & 15) * 4 if family == 4 else 40
    word = struct.unpack("!I", quote[:4])[0]
    sequence = struct.unpack("!H", quote[4:6])[0] if family == 4 else word & 0xfffff
    tos = quote[1] if family == 4 else word >> 20 & 255
    protocol = quote[9 if family == 4 else 6]
    at = head + packets.CHECKSUM_AT.get(protocol, 0)
    return sequence, {"body": quote[head:], "to": (protocol, quote[head - (4 if family == 4 else 16):head]), "type": message[0], "code": message[1], "quoted_ttl": quote[8 if family == 4 else 7], "quoted_tos": tos, "quote": len(quote) - head,
                      "checksum": quote[at:at + 2].hex(), "mpls": labels_of(extension) if length else [], "mtu": struct.unpack("!I", message[4:8])[0]}


def read_answer(family, data):
    """What came on the raw socket: IPv4 with its header."""
    message = data[(data[0] & 15) * 4:] if family == 4 else data
    errors, reply = ((3, 11), 0) if family == 4 else ((1, 2, 3), 129)
    if message[0] == reply and len(message) >= 8:
        return struct.unpack("!H", message[6:8])[0], {"type": reply, "code": 0}
    if message[0] in errors and len(message) >= 8 + (28 if family == 4 else 48):
        return read_error(family, message)
    return None, None


class Prober:
    def __init__(self, wish):
        self.wish, self.family = {**WISH, **wish}, wish["family"]
        domain = socket.AF_INET if self.family == 4 else socket.AF_INET6
        self.out = socket.socket(domain, socket.SOCK_RAW, socket.IPPROTO_RAW)
        level, option = (socket.IPPROTO_IP, 10) if self.family == 4 else (socket.IPPROTO_IPV6, 23)  # IP_MTU_DISCOVER, IPV6_MTU_DISCOVER
        self.out.setsockopt(level, option, 3)  # PROBE: as large as asked, whatever is known of the path
        self.back = socket.socket(domain, socket.SOCK_RAW, socket.IPPROTO_ICMP if self.family == 4 else socket.IPPROTO_ICMPV6)
        self.back.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.sent, self.answers = {}, []

    def take(self, seconds):
        """Answers until so many seconds have passed."""
        end = time.monotonic() + seconds
        while select.select([self.back], [], [], max(0, end - time.monotonic()))[0]:
            data, sender = self.back.recvfrom(65536)
            sequence, answer = read_answer(self.family, data)
            if sequence in self.sent:
                probe = dict(self.sent[sequence])
                target = (PROTOCOLS[self.wish["protocol"], self.family], packets.raw(self.wish["target"]))
                sent = probe.pop("body")
                body = answer.pop("body", b"")
                exact = answer.pop("to", target) == target and body.rstrip(b"\0") == sent[:len(body)].rstrip(b"\0")
                same = answer.pop("checksum", None) == probe["checksum"]
                self.answers.append({**answer, **probe, "from": sender[0], "sequence": sequence, "same_checksum": same, "exact": exact})

    def probe(self, sequence, ttl, flow):
        data = made(self.wish, sequence, ttl, flow)
        at = (20 if self.family == 4 else 40) + packets.CHECKSUM_AT[PROTOCOLS[self.wish["protocol"], self.family]]
        self.sent[sequence] = {"ttl": ttl, "flow": flow, "checksum": data[at:at + 2].hex(), "body": data[20 if self.family == 4 else 40:]}
        self.out.sendto(data, (self.wish["target"], 0))

    def run(self):
        sequence = 0
        for _ in range(self.wish["count"]):
            for flow in range(self.wish["flows"]):
                for ttl in self.wish["ttls"]:
                    sequence += 1
                    self.probe(sequence, ttl, flow)
                    self.take(self.wish["interval"])
        self.take(QUIET)
        return self.answers


if __name__ == "__main__":
    print(json.dumps(Prober(json.loads(sys.argv[1])).run()))
