"""router.py - a router that is a program, with a tun device at each neighbour, for what the kernel's never do: it answers with labels, quotes little,
writes another TOS or TTL into what it forwards, translates addresses and leaves traces of it, forges errors, tells what is not so."""
import dataclasses
import ipaddress
import itertools
import os
import random
import select
import struct

import packets
from packets import ECHO, ICMP, ICMP6, TCP, UDP, Packet

SHIFT = 0x0100  # what a NAT adds to ports and identifiers
SIZE = 65536
BATCH = 50  # forged errors between two looks at what is to be forwarded


@dataclasses.dataclass
class End:
    """A router's end of a link."""
    device: int
    addresses: dict  # by family, as bytes
    prefixes: dict  # by family


class Router:
    """`near` leads to the client; `far` to the server, and is None at the end of the path. `back` are prefixes of the client's side."""

    def __init__(self, near, far, back, own, options):
        self.near, self.far, self.options = near, far, options["router"]
        self.back = {family: [ipaddress.ip_network(prefix) for prefix in back[family]] + [ipaddress.ip_network(near.prefixes[family])] for family in back}
        self.own = {packets.raw(address) for address in own} | {address for end in (near, far) if end for address in end.addresses.values()}
        self.nat = {int(family[1]): packets.raw(address) for family, address in options.get("called", {}).items()}
        self.lies = itertools.cycle(packets.lying_extensions()) if self.options.get("lies") == "extensions" else None
        self.mtus = itertools.cycle(self.options.get("mtus", [0]))
        self.clients = {}  # by family, whom the NAT stands for
        self.last = {family: self.from_client(family) for family in back}  # the last packet from the client

    def from_client(self, family):
        """What the client might send, where it has sent nothing."""
        client = self.back[family][0].network_address + 1
        return packets.made(client.packed, self.near.addresses[family], UDP, bytes(8))

    def run(self, control):
        """Until `control`, a socket, is closed by the other side."""
        ends = {end.device: end for end in (self.near, self.far) if end}
        poll = select.poll()
        for fd in [*ends, control.fileno()]:
            poll.register(fd, select.POLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd == control.fileno():
                    wish = control.recv(64)
                    if not wish:
                        return
                    control.send(b"%d" % self.forge(int(wish), ends))
                else:
                    self.take(ends[fd], os.read(fd, SIZE))

    def take(self, end, data):
        """A packet from an end; one that can't be read is dropped."""
        try:
            if packets.whole(data):
                self.handle(end, Packet(data))
        except (IndexError, struct.error):
            pass

    def handle(self, end, packet):
        if packet.is_multicast() or packet.source[:2] == b"\xfe\x80":
            return
        if end is self.near:
            self.last[packet.family] = packet.data
        if packet.target in self.own:
            self.answer(packet)
        elif end is self.far and packet.target == self.nat.get(packet.family):
            self.forward(end, Packet(self.translated_back(packet)))
        else:
            self.forward(end, packet)

    def answer(self, packet):
        """What is for this router itself."""
        reply = packets.echo_reply(packet)
        if self.options.get("answers") == packets.EXCEEDED:
            self.report(packet, packets.EXCEEDED, packet.target)
        elif reply:
            self.send(reply)
        elif packet.protocol in (UDP, TCP):
            self.report(packet, packets.UNREACHABLE_PORT, packet.target)

    def forward(self, end, packet):
        if packet.ttl <= 1:
            self.report(packet, packets.EXCEEDED)
            return
        if end is self.near and len(packet.data) > self.options.get("narrow", SIZE):
            self.send(packets.too_big(packet, self.near.addresses[packet.family], next(self.mtus)))
            return
        data = packets.with_ttl(packet.data, packet.ttl - 1)
        if end is self.near:
            data = self.rewritten(Packet(data))
        self.send(data)

    def rewritten(self, packet):
        data, family = packet.data, packet.family
        if family in self.nat:
            self.clients[family] = packet.source
            data = self.translated(packet)
        if "tos" in self.options:
            data = packets.with_tos(data, self.options["tos"])
        return packets.with_ttl(data, self.options["ttl"]) if "ttl" in self.options else data

    def report(self, packet, what, source=None):
        """Sends an ICMP error about a packet, unless none may be sent."""
        if packet.is_error():
            return
        source = source or self.toward(packet.source).addresses[packet.family]
        if self.lies:
            self.send(packets.extended_error(packet, source, what, *next(self.lies)))
            return
        self.send(packets.error(packet, source, what, self.options.get("quote"), self.options.get("mpls")))

    def toward(self, target):
        address = ipaddress.ip_address(target)
        return self.near if not self.far or any(address in prefix for prefix in self.back[address.version]) else self.far

    def send(self, data):
        write(self.toward(Packet(data).target).device, data)

    def translated(self, packet):
        """Outward: the NAT's address and another port or identifier, every checksum right."""
        data = with_address(packet.data, "source", self.nat[packet.family])
        return packets.with_payload_checksum(with_port(data, packet.head, "source", SHIFT))

    def translated_back(self, packet):
        """Homeward. In an error the quote is put back but for its checksums, as cheap ones do: whoever sent it sees that they are not his."""
        data = with_address(packet.data, "target", self.clients.get(packet.family, self.nat[packet.family]))
        if packet.is_error():
            at = packet.head + 8
            quote = with_address(data[at:], "source", Packet(data).target, False)
            data = data[:at] + with_port(quote, Packet(quote).head, "source", -SHIFT)
        else:
            data = with_port(data, packet.head, "target", -SHIFT)
        return packets.with_payload_checksum(data)

    def forge(self, count, ends):
        """Sends `count` errors about packets that never were sent; forwards meanwhile. Returns how many it sent."""
        sent, chance = 0, random.Random(count)
        while sent < count:
            for _ in range(min(BATCH, count - sent)):
                data = Packet(chance.choice(list(self.last.values())))
                fake = Packet(altered(data, chance))
                write(self.near.device, packets.error(fake, self.near.addresses[fake.family], packets.EXCEEDED))
                sent += 1
            ready = select.select(list(ends), [], [], 0)[0]
            while ready:
                for fd in ready:
                    self.take(ends[fd], os.read(fd, SIZE))
                ready = select.select(list(ends), [], [], 0)[0]
        return sent


def write(device, data):
    try:
        os.write(device, data)
    except OSError:  # the device is not up: the packet is lost, as on a cable that is out
        pass


def with_address(data, which, address, right=True):
    """Another source or target; `right`: the header's checksum follows."""
    start = {4: 12, 6: 8}[data[0] >> 4] + (len(address) if which == "target" else 0)
    data = data[:start] + address + data[start + len(address):]
    return packets.with_header_checksum(data) if right else data


def with_port(data, head, which, shift):
    """Adds to a port, or to an echo's identifier; the checksum stays what it was."""
    protocol = Packet(data).protocol
    at = head + (4 if protocol in (ICMP, ICMP6) else 0 if which == "source" else 2)
    if protocol not in (ICMP, ICMP6, UDP, TCP):
        return data
    number = struct.unpack_from("!H", data, at)[0] + shift & 0xffff
    return data[:at] + struct.pack("!H", number) + data[at + 2:]


def altered(packet, chance):
    """What never was sent, made of the last packet seen. None of it can be taken for a packet under way by who compares what a quote has: an echo's
    sequence number is far from those of now, a datagram has its ports and another payload, or the target, the protocol, the ports are other ones."""
    head = packet.head
    data = bytearray(packet.data[:head + 8])
    how = chance.randrange(6)
    if how == 0 and packet.protocol in ECHO:
        data[head + 6] ^= 0x40 | chance.randrange(0x40)
        data[head + 7] = chance.randrange(256)
    elif how == 0:
        data += chance.randbytes(16)
    elif how == 1:
        data[head - 1] ^= chance.randrange(1, 256)
    elif how == 2:
        data[head + 1:head + 8] = chance.randbytes(7)
    elif how == 5:  # a socket may be found by the port a datagram left from alone
        data[head + (4 if packet.protocol in ECHO else 2)] ^= chance.randrange(1, 256)
    elif how == 3:
        data[9 if packet.family == 4 else 6] = chance.choice([47, 50, 89, 132])
    else:
        data[head - len(packet.target):] = chance.randbytes(len(packet.target) + 8)
    return packets.with_header_checksum(bytes(data))
