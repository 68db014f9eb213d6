"""packets.py - the IPv4 and IPv6 packets of a router that is a program: read, changed, made. Bytes in, bytes out."""
import ipaddress
import struct
from array import array

ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
ECHO = {ICMP: (8, 0), ICMP6: (128, 129)}  # request, reply
EXCEEDED, UNREACHABLE_PORT, TOO_BIG = "exceeded", "port", "big"
ERRORS = {(4, EXCEEDED): (11, 0), (4, UNREACHABLE_PORT): (3, 3), (6, EXCEEDED): (3, 0), (6, UNREACHABLE_PORT): (1, 4),
          (4, TOO_BIG): (3, 4), (6, TOO_BIG): (2, 0)}
CHECKSUM_AT = {ICMP: 2, TCP: 16, UDP: 6, ICMP6: 2}
MOST_QUOTED = {4: 548, 6: 1232}  # what the kernel quotes at most, RFC 1812 4.3.2.3 and RFC 4443 2.4
EXTENDED = 128  # RFC 4884: the quote before an extension


def checksum(data):
    """RFC 1071, the two bytes as they go into the packet."""
    total = sum(array("H", data + b"\0" if len(data) & 1 else data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return array("H", [~total & 0xffff]).tobytes()


def raw(address):
    return ipaddress.ip_address(address).packed


class Packet:
    """The fields of a packet that a router looks at. `head` is how long the IP header is; extension headers are not walked."""

    def __init__(self, data):
        self.data = data
        self.family = data[0] >> 4
        if self.family == 4:
            self.head, self.ttl, self.protocol = (data[0] & 15) * 4, data[8], data[9]
            self.source, self.target = data[12:16], data[16:20]
        else:
            self.head, self.ttl, self.protocol = 40, data[7], data[6]
            self.source, self.target = data[8:24], data[24:40]

    def payload(self):
        return self.data[self.head:]

    def is_error(self):
        """An ICMP error, which no other may be about."""
        if self.protocol == ICMP:
            return self.data[self.head] in (3, 4, 5, 11, 12)
        return self.protocol == ICMP6 and self.data[self.head] < 128

    def is_multicast(self):
        return self.target[0] == 0xff if self.family == 6 else self.target[0] >= 224


def whole(data):
    """Whether a packet is one that a router would take: its header is all there, its length is right."""
    if len(data) >= 20 and data[0] >> 4 == 4:
        return len(data) >= (data[0] & 15) * 4 + 8
    return len(data) >= 48 and data[0] >> 4 == 6


def with_header_checksum(data):
    """An IPv4 header's checksum made right; IPv6 has none."""
    if data[0] >> 4 != 4:
        return data
    head = (data[0] & 15) * 4
    return data[:10] + checksum(data[:10] + b"\0\0" + data[12:head]) + data[12:]


def with_payload_checksum(data):
    """The checksum of ICMP, UDP or TCP made right for the addresses and bytes that are there now."""
    packet = Packet(data)
    at = CHECKSUM_AT.get(packet.protocol)
    if at is None or (packet.protocol == UDP and data[packet.head + 6:packet.head + 8] == b"\0\0"):
        return data
    body = packet.payload()
    blank = body[:at] + b"\0\0" + body[at + 2:]
    pseudo = b"" if packet.protocol == ICMP else packet.source + packet.target + struct.pack("!II", len(body), packet.protocol)
    return data[:packet.head] + body[:at] + checksum(pseudo + blank) + body[at + 2:]


def with_ttl(data, ttl):
    at = 8 if data[0] >> 4 == 4 else 7
    return with_header_checksum(data[:at] + bytes([ttl]) + data[at + 1:])


def with_tos(data, tos):
    if data[0] >> 4 == 4:
        return with_header_checksum(data[:1] + bytes([tos]) + data[2:])
    return bytes([0x60 | tos >> 4, (tos & 15) << 4 | data[1] & 15]) + data[2:]


def made(source, target, protocol, body, ttl=64):
    """A packet with these addresses (as bytes); the checksum of the body must already be right."""
    if len(source) == 4:
        return with_header_checksum(struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, ttl, protocol, 0) + source + target + body)
    return struct.pack("!IHBB", 6 << 28, len(body), protocol, ttl) + source + target + body


def icmp(source, target, body, ttl=64):
    return with_payload_checksum(made(source, target, ICMP if len(source) == 4 else ICMP6, body, ttl))


def echo_reply(packet):
    """The answer to an echo request, or None if it is none."""
    request, reply = ECHO.get(packet.protocol, (None, None))
    if packet.data[packet.head] != request:
        return None
    return icmp(packet.target, packet.source, bytes([reply]) + packet.payload()[1:])


def label_stack(labels):
    """RFC 4950: the object of the labels that a packet came with, in RFC 4884's extension."""
    entries = b"".join(struct.pack("!I", one["label"] << 12 | one["class"] << 9 | one["bottom"] << 8 | one["ttl"]) for one in labels)
    extension = b"\x20\0\0\0" + struct.pack("!HBB", 4 + len(entries), 1, 1) + entries
    return extension[:2] + checksum(extension) + extension[4:]


def lying_extensions():
    """What follows a quote, and what of it is not so: (length that the header claims, in bytes; the extension)."""
    def summed(extension):
        return extension[:2] + checksum(extension[:2] + b"\0\0" + extension[4:]) + extension[4:]

    def objects(size, kind=1, form=1, body=bytes(4)):
        return summed(b"\x20\0\0\0" + struct.pack("!HBB", size, kind, form) + body)
    right = objects(8)
    sizes = [objects(size) for size in (0, 1, 3, 4, 5, 7, 9, 12, 0x7fff, 0xffff)]
    others = [right[:4], right[:6], summed(b"\x10" + right[1:]), summed(b"\xf0" + right[1:]), right[:2] + b"\xde\xad" + right[4:],
              objects(8 + 4 * 200, body=bytes(4 * 200)), objects(12, 2, 0x0a, b"\xff" * 8), objects(72, 2, 0x02, b"\x40" + b"\xff" * 63)]
    return [(EXTENDED, extension) for extension in sizes + others] + [(size, right) for size in (0, 4, 8, 64, 124, 132, 252, 1020)]


def too_big(packet, source, mtu):
    """RFC 1191 and RFC 8201: a packet is larger than `mtu`, it says."""
    kind, code = ERRORS[packet.family, TOO_BIG]
    rest = struct.pack("!HH", 0, mtu & 0xffff) if packet.family == 4 else struct.pack("!I", mtu)
    return icmp(source, packet.source, bytes([kind, code, 0, 0]) + rest + packet.data[:MOST_QUOTED[packet.family]])


def extended_error(packet, source, what, claimed, extension):
    """An error whose quote is 128 bytes, but claims to be so many, and what follows it."""
    kind, code = ERRORS[packet.family, what]
    length = claimed // (4 if packet.family == 4 else 8) & 0xff
    rest = bytes([0, length, 0, 0]) if packet.family == 4 else bytes([length, 0, 0, 0])
    return icmp(source, packet.source, bytes([kind, code, 0, 0]) + rest + packet.data[:EXTENDED].ljust(EXTENDED, b"\0") + extension)


def error(packet, source, what, quote=None, labels=None):
    """An ICMP error about a packet: from `source` to whoever sent it. `quote` is how many bytes after the IP header are quoted."""
    kind, code = ERRORS[packet.family, what]
    most = MOST_QUOTED[packet.family] if quote is None else packet.head + quote
    quoted, length = packet.data[:most], 0
    extension = b""
    if labels:
        quoted, extension = quoted[:EXTENDED].ljust(EXTENDED, b"\0"), label_stack(labels)
        length = EXTENDED // (4 if packet.family == 4 else 8)
    rest = bytes([0, length, 0, 0]) if packet.family == 4 else bytes([length, 0, 0, 0])
    return icmp(source, packet.source, bytes([kind, code, 0, 0]) + rest + quoted + extension)
