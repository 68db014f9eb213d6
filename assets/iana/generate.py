#!/usr/bin/env python3
"""generate.py SERVICES PROTOCOLS SPECIAL IPV4 IPV6 OUTPUT - the tab-separated registries as sorted const C tables.

All text is in pools and rows hold offsets, so that the tables need no relocation and no start-up work. A row's strings lie side by side
(name, aliases, description), and rows in a row with the same strings (tcp and udp of one service) share them."""
import ipaddress
import sys

TRANSPORTS = {"tcp": 0, "udp": 1, "sctp": 2, "dccp": 3, "ddp": 4}  # enum sdr_transport
FLAGS = {"false": 0, "true": 1, "n/a": 2}  # enum sdr_known


def rows(path):
    """The rows of a registry, and its first comment without the column names."""
    about, found = "", []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("#"):
                about = about or line[1:].split("\t")[0].strip()
            elif line:
                found.append(line.split("\t"))
    return about, found


def literal(data):
    """Bytes as a C string literal; octal escapes end by themselves, hexadecimal ones do not."""
    return '"' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else "\\%03o" % b for b in data) + '"'


class Pool:
    def __init__(self, name):
        self.name, self.size, self.chunks, self.seen = name, 0, [], {}

    def add(self, *texts):
        data = b"".join(t.encode() + b"\0" for t in texts)
        if data not in self.seen:
            self.seen[data] = self.size
            self.chunks.append(data)
            self.size += len(data)
        return self.seen[data]

    def emit(self, out):
        # The last literal's own NUL ends the pool.
        out.append("const char %s[] =" % self.name)
        out.extend("\t" + literal(chunk) for chunk in self.chunks)
        out.append("\t;\n")


def emit_services(path, out):
    about, found = rows(path)
    services = []
    for ports, transport, name, aliases, description in found:
        first, _, last = ports.partition("-")
        services.append((int(first), TRANSPORTS[transport], int(last or first), name, aliases, description))
    services.sort(key=lambda s: s[:2])
    pool, ranges = Pool("registry_services_text"), []
    out.append("const struct registry_row registry_services[] = {")
    for number, (first, transport, last, name, aliases, description) in enumerate(services):
        texts = [name, aliases, description]
        offset = pool.add(*texts)
        lengths = [len(t.encode()) for t in texts]
        assert lengths[0] < 256 and max(lengths) < 65536
        out.append("\t{%du, %d, %d, %d, %d, %d, %d}," % (offset, first, last, lengths[1], lengths[2], lengths[0], transport))
        if last > first:
            ranges.append(number)
    out.append("};\n")
    out.append("const uint16_t registry_service_ranges[] = {%s};\n" % ", ".join(map(str, ranges)))
    pool.emit(out)
    for what, count in (("services", len(services)), ("service_ranges", len(ranges))):
        out.append("const unsigned registry_%s_count = %d;" % (what, count))
    return about


def emit_protocols(path, out):
    about, found = rows(path)
    pool = Pool("registry_protocols_text")
    out.append("\nconst struct registry_row registry_protocols[] = {")
    for number, keyword, description in sorted(found, key=lambda r: int(r[0])):
        keyword = "" if keyword == "-" else keyword
        offset = pool.add(keyword, "", description)
        out.append("\t{%du, %s, %s, 0, %d, %d, 0}," % (offset, number, number, len(description.encode()), len(keyword.encode())))
    out.append("};\n")
    pool.emit(out)
    out.append("const unsigned registry_protocols_count = %d;" % len(found))
    return about


def prefix(text):
    net = ipaddress.ip_network(text)
    data = net.network_address.packed + bytes(16 - len(net.network_address.packed))
    return "%d, %d, {%s}" % (net.version, net.prefixlen, ", ".join(map(str, data)))


def emit_blocks(name, table, fields, pool, out):
    """Rows of prefix, up to three texts and up to five flags, longest prefix first so that the first match is the longest."""
    table = sorted(table, key=lambda r: (-ipaddress.ip_network(r[0]).prefixlen, ipaddress.ip_network(r[0]).network_address.packed))
    out.append("\nconst struct registry_block %s[] = {" % name)
    for row in table:
        texts = (row[1:1 + fields] + ["", ""])[:3]
        flags = [FLAGS[f] for f in row[1 + fields:6 + fields]] if fields == 2 else [0] * 5
        out.append("\t{%s, {%s}, {%s}}," % (prefix(row[0]), ", ".join("%du" % pool.add(t) for t in texts), ", ".join(map(str, flags))))
    out.append("};")
    out.append("const unsigned %s_count = %d;" % (name, len(table)))


def main(services, protocols, special, ipv4, ipv6, output):
    out = ["/* Made by assets/iana/generate.py; not to be edited. */", '#include "registry/tables.h"', ""]
    about = [emit_services(services, out), emit_protocols(protocols, out)]
    pool = Pool("registry_blocks_text")
    pool.add("")
    text, found = rows(special)
    about.append(text)
    emit_blocks("registry_specials", found, 2, pool, out)
    holders = []
    for path in (ipv4, ipv6):
        text, found = rows(path)
        about.append(text)
        holders += found
    emit_blocks("registry_holders", holders, 3, pool, out)
    out.append("")
    pool.emit(out)
    out.append("const char *const registry_about[] = {")
    out.extend("\t%s," % literal(a.split(". ")[0].rstrip(".").encode()) for a in about)
    out.append("};")
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
