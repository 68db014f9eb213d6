#!/usr/bin/env python3
"""Makes the C table of code point classes from escape.tsv, combining.tsv, wide.tsv and exceptions.tsv.

Usage: generate.py ESCAPE COMBINING WIDE EXCEPTIONS > unicode_tables.h

Two bits a code point (0 plain, 1 wide, 2 combining, 3 escape), in pages of 256 code points; equal pages are kept once.
"""
import sys

PLAIN, WIDE, COMBINING, ESCAPE = range(4)
PAGE = 256


def ranges(path, kind):
    """Yields (class, first, last); a line of three words names its class itself."""
    names = {"combining": COMBINING, "escape": ESCAPE, "wide": WIDE}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                words = line.split()
                first, last = words[-2:]
                yield names[words[0]] if len(words) == 3 else kind, int(first, 16), int(last, 16)


def rows(values, each):
    for start in range(0, len(values), each):
        yield "\t" + " ".join("%d," % v for v in values[start:start + each])


def main(escape, combining, wide, exceptions):
    classes = bytearray(0x110000)
    # The later one wins: what must be escaped is escaped whatever its width.
    for path, default in ((wide, WIDE), (combining, COMBINING), (exceptions, PLAIN), (escape, ESCAPE)):
        for kind, first, last in ranges(path, default):
            classes[first:last + 1] = bytes([kind]) * (last + 1 - first)
    pages, index = {}, []
    for start in range(0, len(classes), PAGE):
        page = bytes(classes[start:start + PAGE])
        index.append(pages.setdefault(page, len(pages)))
    assert len(pages) <= 256
    packed = [page[i] | page[i + 1] << 2 | page[i + 2] << 4 | page[i + 3] << 6
              for page in pages for i in range(0, PAGE, 4)]
    print("/* Made by assets/unicode/generate.py. */")
    print("enum { CLASS_PLAIN, CLASS_WIDE, CLASS_COMBINING, CLASS_ESCAPE };\n")
    print("static const unsigned char class_pages[%d] = {" % len(index))
    print("\n".join(rows(index, 32)))
    print("};\n\nstatic const unsigned char class_bits[%d] = {" % len(packed))
    print("\n".join(rows(packed, 32)))
    print("};")


main(*sys.argv[1:])
