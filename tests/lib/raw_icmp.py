"""raw_icmp.py - ICMP messages by a raw socket, for peers that answer in the kernel's stead; imported by scripts that run in namespaces."""
import socket
import struct


def checksum(message):
    """RFC 1071."""
    message += b"\0" * (len(message) % 2)
    number = sum(struct.unpack(f">{len(message) // 2}H", message))
    while number >> 16:
        number = (number & 65535) + (number >> 16)
    return ~number & 65535


def whole(message, spoil=0):
    """The message with its checksum in place, wrong by `spoil`'s bits."""
    return message[:2] + struct.pack(">H", checksum(message) ^ spoil) + message[4:]


def opened():
    """A raw socket for IPv4's messages."""
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
