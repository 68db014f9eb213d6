"""dns_wire.py - DNS messages from the RFCs, for tests: written apart from the program's own tables. `TYPES` has for each type its fields and good
RDATA; `why_malformed` reads a whole answer and returns why it is malformed, or None."""
import struct

QUESTION = 12  # where the question's name stands


class Bad(Exception):
    pass


def name(text):
    labels = [] if text in ("", ".") else text.rstrip(".").split(".")
    return b"".join(bytes([len(label)]) + label.encode("latin1") for label in labels) + b"\0"


def string(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return bytes([len(raw)]) + raw


def u8(*n):
    return bytes(n)


def u16(*n):
    return struct.pack(f">{len(n)}H", *n)


def u32(*n):
    return struct.pack(f">{len(n)}I", *n)


class Reader:
    """RDATA being read: at .. end of a message."""

    def __init__(self, message, at, end):
        self.m, self.at, self.end = message, at, end

    def left(self):
        return self.end - self.at

    def take(self, n):
        if self.left() < n:
            raise Bad("cut")
        self.at += n
        return self.m[self.at - n:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def rest(self, least=0):
        if self.left() < least:
            raise Bad("missing")
        return self.take(self.left())

    def name(self, compressed=True):
        self.at = read_name(self.m, self.at, self.end, compressed)

    def string(self):
        return self.take(self.number(1))


def read_name(m, at, end, compressed=True):
    """RFC 1035 sec. 4.1.4: pointers lead to a prior name. Returns where the name ends."""
    over, size, lowest, hops = None, 0, at, 0
    while True:
        if at >= end:
            raise Bad("name cut")
        n = m[at]
        if n >= 0xc0:
            if not compressed:
                raise Bad("compressed")
            if at + 2 > end:
                raise Bad("pointer cut")
            over = over or at + 2
            at = (n & 63) << 8 | m[at + 1]
            hops += 1
            if at >= lowest or at < 12 or hops > 50:
                raise Bad("pointer")
            lowest = at
            continue
        if n > 63:
            raise Bad("label type")
        size += n + 1
        if size > 255:
            raise Bad("name too long")
        at += n + 1
        if n == 0:
            return over or at


# Fields: each reads what it takes, or raises Bad.
def f8(r): r.take(1)
def f16(r): r.take(2)
def f32(r): r.take(4)
def f48(r): r.take(6)
def f64(r): r.take(8)
def f128(r): r.take(16)
def old_name(r): r.name()  # may be compressed: RFC 3597 sec. 4, and those that a receiver should decompress
def new_name(r): r.name(False)
def text(r): r.string()
def maybe_text(r): r.left() and r.string()
def some(r): r.rest(1)
def anything(r): r.rest()


def texts(r):
    r.string()
    while r.left():
        r.string()


def bitmap(r, needed=True):
    """RFC 4034 sec. 4.1.2."""
    if needed and not r.left():
        raise Bad("no types")
    last = -1
    while r.left():
        window, size = r.number(1), r.number(1)
        bits = r.take(size)
        if window <= last or not 1 <= size <= 32 or bits[-1] == 0:
            raise Bad("bitmap")
        last = window


def maybe_bitmap(r): bitmap(r, False)


def nxt_bitmap(r):
    bits = r.rest(1)
    if bits[0] & 0x80 or len(bits) > 16 or bits[-1] == 0:
        raise Bad("bitmap")


def digest(r):
    kind = r.number(1)
    data = r.rest(1)
    if len(data) != {1: 20, 2: 32, 3: 32, 4: 48}.get(kind, len(data)):
        raise Bad("digest")


def zone_digest(r):
    r.take(1)
    kind = r.number(1)
    data = r.rest(12)
    if len(data) != {1: 48, 2: 64}.get(kind, len(data)):
        raise Bad("digest")


def salt(r): r.string()


def hashed(r):
    if not r.string():
        raise Bad("hash")


def tag(r):
    word = r.string()
    if not word or not word.decode("latin1").isascii() or not word.decode("latin1").isalnum():
        raise Bad("tag")


def wks(r):
    r.take(5)
    if len(r.rest()) > 8192:
        raise Bad("ports")


def loc(r):
    if r.number(1) != 0:
        return r.rest() and None
    for size in r.take(3):
        if size >> 4 > 9 or size & 15 > 9:
            raise Bad("size")
    for most in (90, 180):
        if abs(r.number(4) - 2**31) > most * 3600000:
            raise Bad("degrees")
    r.take(4)


def apl(r):
    while r.left():
        family, prefix, length = r.number(2), r.number(1), r.number(1) & 127
        part = r.take(length)
        bits = {1: 32, 2: 128}.get(family)
        if bits and (prefix > bits or length > bits // 8) or part[-1:] == b"\0":
            raise Bad("prefix")


def gateway(r, kind):
    if kind == 3:
        r.name(False)
    elif kind > 3:
        r.rest()
    else:
        r.take((0, 4, 16)[kind])


def ipseckey(r):
    r.take(1)
    kind, algorithm = r.number(1), r.number(1)
    gateway(r, kind)
    if kind <= 3:
        key = r.rest()
        if bool(key) != (algorithm != 0):
            raise Bad("key")


def amtrelay(r):
    r.take(1)
    gateway(r, r.number(1) & 127)


def hip(r):
    tags, _, key = r.number(1), r.number(1), r.number(2)
    if not tags or not key:
        raise Bad("empty")
    r.take(tags + key)
    while r.left():
        r.name(False)


def svcparams(r):
    last, keys, wanted = -1, set(), []
    while r.left():
        key = r.number(2)
        value = r.take(r.number(2))
        if key <= last:
            raise Bad("order")
        last = key
        keys.add(key)
        v = Reader(value, 0, len(value))
        if key == 0:
            if not value or len(value) % 2:
                raise Bad("mandatory")
            wanted = [v.number(2) for _ in range(len(value) // 2)]
            if wanted != sorted(set(wanted)) or 0 in wanted:
                raise Bad("mandatory")
        elif key == 1:
            if not value:
                raise Bad("alpn")
            while v.left():
                if not v.string():
                    raise Bad("alpn")
        elif key in (2, 8) and value or key == 3 and len(value) != 2 or key == 5 and not value:
            raise Bad("value")
        elif key in (4, 6) and (not value or len(value) % (4 if key == 4 else 16)):
            raise Bad("hint")
    if not set(wanted) <= keys:
        raise Bad("mandatory but missing")


def a6(r):
    prefix = r.number(1)
    if prefix > 128:
        raise Bad("prefix")
    size = (128 - prefix + 7) // 8
    part = r.take(size)
    if prefix % 8 and part[0] >> (8 - prefix % 8):
        raise Bad("bits")
    if prefix:
        r.name(False)


def atma(r):
    kind = r.number(1)
    if not (r.rest(1).isdigit() or kind != 1):
        raise Bad("digits")


def dhcid(r):
    r.take(3)
    r.rest(1)


SIG_HEAD = u16(1) + u8(8, 2) + u32(3600, 1800000000, 1700000000) + u16(4711)
KEY = u16(257) + u8(3, 8) + bytes(range(3, 70))
SHA256, SHA1, SHA384 = bytes(range(100, 132)), bytes(range(20)), bytes(range(48))
N, B = name("a.example"), name("Mail.b-c.example")
ODD = string(b'a.b') + string(b'x y";\\@$()\0\xff') + b"\0"

# number: (name, fields, good RDATA...)
TYPES = {
    1: ("A", [f32], b"\x0a\0\0\x07"), 2: ("NS", [old_name], N, ODD, b"\xc0\x0c", b"\3ns1\xc0\x0c"), 3: ("MD", [old_name], N), 4: ("MF", [old_name], N),
    5: ("CNAME", [old_name], N, b"\0"), 6: ("SOA", [old_name, old_name, f32, f32, f32, f32, f32], N + B + u32(2026112101, 1, 2, 3, 4294967295)),
    7: ("MB", [old_name], N), 8: ("MG", [old_name], N), 9: ("MR", [old_name], N), 10: ("NULL", [anything], b"any\0thing", b"x"),
    11: ("WKS", [wks], b"\x0a\0\0\7\6" + b"\0\0\0\x42", b"\x0a\0\0\7\x11"), 12: ("PTR", [old_name], B), 13: ("HINFO", [text, text], string("a c") + string("")),
    14: ("MINFO", [old_name, old_name], N + B), 15: ("MX", [f16, old_name], u16(10) + B, u16(0) + b"\0"),
    16: ("TXT", [texts], string("v=spf1 -all") + string(b'\0\t"\\;\xe4\x7f') + string(""), string(b"x" * 255)), 17: ("RP", [old_name, old_name], N + b"\0"),
    18: ("AFDB", [f16, old_name], u16(1) + N), 19: ("X25", [text], string("311061700956")), 20: ("ISDN", [text, maybe_text], string("150862028003217"), string("15086") + string("004")),
    21: ("RT", [f16, old_name], u16(2) + N), 22: ("NSAP", [some], bytes.fromhex("47000580005a0000000001e133ffffff00016100")), 23: ("NSAP-PTR", [new_name], N),
    24: ("SIG", [f16, f8, f8, f32, f32, f32, f16, old_name, some], SIG_HEAD + N + b"signature"), 25: ("KEY", [f16, f8, f8, anything], KEY),
    26: ("PX", [f16, old_name, old_name], u16(10) + N + B), 27: ("GPOS", [text, text, text], string("-32.6882") + string("116.8652") + string("10.0")),
    28: ("AAAA", [f128], bytes.fromhex("20010db8000000000000000000000080"), bytes(15) + b"\1"),
    29: ("LOC", [loc], bytes.fromhex("00121613") + u32(2**31 + 185552748, 2**31 - 459611, 10002464), bytes.fromhex("00335090") + u32(2**31 - 1, 2**31 + 648000000, 0),
         b"\1" + bytes(15), b"\x30\xa9"),
    30: ("NXT", [old_name, nxt_bitmap], N + b"\x62\1\x80\2"), 31: ("EID", [some], b"\xe3\x2c\x6f"), 32: ("NIMLOC", [some], b"\x32\x25\x1a"),
    33: ("SRV", [f16, f16, f16, old_name], u16(1, 2, 443) + N), 34: ("ATMA", [atma], b"\1" + b"61200368", b"\0\x39\x24\x6f"),
    35: ("NAPTR", [f16, f16, text, text, text, old_name], u16(100, 10) + string("u") + string("E2U+sip") + string("!^(.*)$!sip:\\1@x!") + b"\0"),
    36: ("KX", [f16, new_name], u16(10) + N), 37: ("CERT", [f16, f16, f8, some], u16(3, 4711) + u8(8) + b"certificate", u16(1, 0) + u8(0) + b"x", u16(65280, 1) + u8(250) + b"\0"),
    38: ("A6", [a6], b"\0" + bytes(15) + b"\1", b"\x40" + bytes(7) + b"\1" + N, b"\x80" + N, b"\x3d" + b"\2" + bytes(8) + N), 39: ("DNAME", [new_name], N),
    42: ("APL", [apl], u16(1) + b"\x15\3\xc0\xa8\x08" + u16(2) + b"\x80\x81\xff" + u16(1) + b"\0\0", u16(9) + b"\x10\2\xc0\xa8", b""),
    43: ("DS", [f16, f8, digest], u16(4711) + u8(8, 2) + SHA256, u16(1) + u8(5, 1) + SHA1, u16(1) + u8(14, 4) + SHA384, u16(1) + u8(250, 99) + b"x"),
    44: ("SSHFP", [f8, f8, some], u8(4, 2) + SHA256), 45: ("IPSECKEY", [ipseckey], u8(10, 1, 2, 10, 0, 0, 7) + b"key", u8(10, 0, 2) + b"key", u8(10, 2, 2) + bytes(15) + b"\1key",
                                                            u8(10, 3, 2) + N + b"key", u8(10, 3, 0) + N),
    46: ("RRSIG", [f16, f8, f8, f32, f32, f32, f16, new_name, some], SIG_HEAD + N + bytes(64), u16(65280) + SIG_HEAD[2:] + b"\0x"),
    47: ("NSEC", [new_name, bitmap], N + b"\0\6\x40\1\0\0\0\3" + b"\1\1\x40"), 48: ("DNSKEY", [f16, f8, f8, some], KEY), 49: ("DHCID", [dhcid], b"\0\1\1" + SHA256),
    50: ("NSEC3", [f8, f8, f16, salt, hashed, maybe_bitmap], u8(1, 1) + u16(12) + string(b"\xaa\xbb\xcc\xdd") + string(SHA1) + b"\0\1\x62", u8(1, 0, 0, 0, 0) + string(SHA1)),
    51: ("NSEC3PARAM", [f8, f8, f16, salt], u8(1, 0) + u16(0) + b"\0", u8(1, 0) + u16(5) + string(b"\xab")), 52: ("TLSA", [f8, f8, f8, some], u8(3, 1, 1) + SHA256),
    53: ("SMIMEA", [f8, f8, f8, some], u8(3, 0, 1) + SHA256), 55: ("HIP", [hip], u8(16, 2) + u16(5) + bytes(range(16)) + b"12345", u8(4, 2) + u16(3) + b"\1\2\3\4key" + N + B),
    56: ("NINFO", [texts], string("zone status")), 57: ("RKEY", [f16, f8, f8, some], u16(0) + KEY[2:]), 58: ("TALINK", [new_name, new_name], N + B),
    59: ("CDS", [f16, f8, digest], u16(4711) + u8(8, 2) + SHA256, u16(0) + b"\0\0\0"), 60: ("CDNSKEY", [f16, f8, f8, some], KEY, u16(0) + u8(3, 0, 0)),
    61: ("OPENPGPKEY", [some], b"pgp key \0\1"), 62: ("CSYNC", [f32, f16, maybe_bitmap], u32(66) + u16(3) + b"\0\4\x60\0\0\x08"),
    63: ("ZONEMD", [f32, zone_digest], u32(2018031500) + u8(1, 1) + SHA384, u32(1) + u8(240, 241) + bytes(12)),
    64: ("SVCB", [f16, new_name, svcparams], u16(0) + N, u16(16) + N + u16(0, 4, 1, 4) + u16(1, 12) + string("h2") + string(b'f\\oo,"b\xe4') + u16(4, 4) + b"\x0a\0\0\7",
         u16(1) + b"\0" + u16(1, 3) + string("h3") + u16(2, 0) + u16(3, 2, 53) + u16(6, 16) + bytes(15) + b"\1" + u16(667, 5) + b"he\"l\0" + u16(668, 0)),
    65: ("HTTPS", [f16, new_name, svcparams], u16(1) + b"\0" + u16(1, 3) + string("h2") + u16(5, 3) + b"ech", u16(1) + N),
    66: ("DSYNC", [f16, f8, f16, new_name], u16(59) + u8(1) + u16(5359) + N), 67: ("HHIT", [some], b"hhit"), 68: ("BRID", [some], b"brid"),
    99: ("SPF", [texts], string("v=spf1 -all")), 104: ("NID", [f16, f64], u16(10) + bytes.fromhex("00144fffff20ee64")), 105: ("L32", [f16, f32], u16(10) + b"\x0a\1\2\0"),
    106: ("L64", [f16, f64], u16(10) + bytes.fromhex("20010db81140 1000")), 107: ("LP", [f16, new_name], u16(10) + N), 108: ("EUI48", [f48], bytes.fromhex("00005e00532a")),
    109: ("EUI64", [f64], bytes.fromhex("00005eef1000002a")), 256: ("URI", [f16, f16, some], u16(10, 1) + b'ftp://x/"a\\b c'), 257: ("CAA", [f8, tag, anything], u8(0) + string("issue") + b"ca.example; x=1",
                                                                                                                       u8(128) + string("tbs") + b"Unknown", u8(0) + string("iodef")),
    258: ("AVC", [texts], string("app-name:WOLFGANG|app-class:OAM")), 259: ("DOA", [f32, f32, f8, text, anything], u32(1, 2) + u8(3) + string("text/plain") + b"data"),
    260: ("AMTRELAY", [amtrelay], u8(10, 0), u8(10, 129, 10, 0, 0, 7), u8(10, 2) + bytes(15) + b"\1", u8(10, 131) + N, u8(10, 4) + b"x"),
    261: ("RESINFO", [texts], string("qnamemin") + string("exterr=15-17")), 262: ("WALLET", [texts], string("BTC") + string("wallet")), 263: ("CLA", [texts], string("tcp-v4")),
    264: ("IPN", [f64], bytes(6) + b"\1\2"), 32768: ("TA", [f16, f8, digest], u16(4711) + u8(8, 2) + SHA256), 32769: ("DLV", [f16, f8, digest], u16(4711) + u8(8, 1) + SHA1),
    65281: ("TYPE65281", [anything], b"\1\2\3", b""),
}
OPT, ANY, SIG, META = 41, 255, 24, {249, 250}


def record(kind, data, owner=b"\xc0\x0c", klass=1, ttl=60, length=None):
    return owner + u16(kind, klass) + u32(ttl) + u16(len(data) if length is None else length) + data


def header(flags=0x8180, counts=(1, 1, 0, 0), number=0):
    return u16(number, flags, *counts)


def check_record(m, at, section, state):
    """Reads a record; returns where it ends."""
    owner = at
    at = read_name(m, at, len(m))
    r = Reader(m, at, len(m))
    kind, klass, _, length = r.number(2), r.number(2), r.number(4), r.number(2)
    data = Reader(m, r.at, r.at + length)
    if r.left() < length:
        raise Bad("RDLENGTH past the end")
    if kind == OPT:
        if section != 2 or state.get("opt") or m[owner] != 0:
            raise Bad("OPT")
        state["opt"] = True
        while data.left():
            code = data.number(2)
            value = data.take(data.number(2))
            if code == 15 and len(value) < 2:
                raise Bad("EDE")
        return data.end
    if klass != 1 and not (klass == 255 and kind in META | {SIG}):
        raise Bad("class")
    if kind == 0 or 251 <= kind <= 255:
        raise Bad("no record's type")
    for field in TYPES[kind][1] if kind in TYPES else [anything]:
        field(data)
    if data.left():
        raise Bad("surplus")
    return data.end


def why_malformed(m, question, tcp=False):
    """Why the message is no whole answer to the question (name, type, class on the wire), or None."""
    try:
        if len(m) < 12:
            raise Bad("header")
        _, flags, questions, *counts = struct.unpack(">6H", m[:12])
        if not flags & 0x8000 or flags & 0x7800 or (tcp and flags & 0x200):
            raise Bad("flags")
        at = 12
        if questions > 1 or (questions == 0 and flags & 15 == 0):
            raise Bad("questions")
        if questions:
            at = read_name(m, at, len(m))
            if m[12:at].lower() + m[at:at + 4] != question[:-4].lower() + question[-4:]:
                raise Bad("another question")
            at += 4
        state = {}
        for section, count in enumerate(counts):
            for _ in range(count):
                at = check_record(m, at, section, state)
        if at != len(m):
            raise Bad("trailing")
        return None
    except Bad as why:
        return str(why)


class Expander(Reader):
    """Reads RDATA and keeps it in `out`, its names without pointers."""

    def __init__(self, *args):
        super().__init__(*args)
        self.out = b""

    def take(self, n):
        part = super().take(n)
        self.out += part
        return part

    def name(self, compressed=True):
        at = self.at
        self.at = read_name(self.m, at, self.end, compressed)
        while self.m[at]:
            if self.m[at] >= 0xc0:
                at = (self.m[at] & 63) << 8 | self.m[at + 1]
                continue
            self.out += self.m[at:at + self.m[at] + 1]
            at += self.m[at] + 1
        self.out += b"\0"


def expand(kind, message, at, end):
    """A record's RDATA with its names whole."""
    reader = Expander(message, at, end)
    for field in TYPES[kind][1]:
        field(reader)
    return reader.out
