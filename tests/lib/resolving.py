"""resolving.py - a host whose name resolution is ours: in a mount and network namespace of its own, with files of ours over those in /etc and
small name servers on loopback addresses. A test file calls `inside(__file__, NAME)`; run again there, it calls `Host()` and goes on."""
import contextlib
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading
import time

from harness import SOUNDER, Skip, folder, namespace

FILES = ("resolv.conf", "nsswitch.conf", "hosts", "gai.conf", "host.conf")
OWN4, OWN6 = "10.77.0.2", "2001:db8:77::2"
TYPES = {"A": 1, "CNAME": 5, "SOA": 6, "PTR": 12, "TXT": 16, "AAAA": 28, "OPT": 41}
RCODES = {"formerr": 1, "servfail": 2, "nxdomain": 3, "notimp": 4, "refused": 5}


def inside(file, name, timeout=300):
    """Runs `file NAME` as root of namespaces of its own; its output is what went wrong."""
    with folder() as path:
        env = {**os.environ, "SOUNDER": SOUNDER, "LAB": str(path), "LC_ALL": "C.UTF-8",
               "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
        for word in ("RES_OPTIONS", "LOCALDOMAIN", "NO_COLOR"):
            env.pop(word, None)
        done = subprocess.run([*namespace("m"), sys.executable, pathlib.Path(file).resolve(), "inside", name], capture_output=True, text=True,
                              errors="replace", timeout=timeout, env=env, stdin=subprocess.DEVNULL)
    if done.returncode == 77:
        raise Skip(done.stdout.strip() or done.stderr.strip())
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr[-3000:]}"
    return done.stdout


def encode(name):
    return b"".join(bytes([len(label)]) + label for label in name.rstrip(".").encode().split(b".") if label) + b"\0"


def data_of(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "TXT":
        return bytes([len(value)]) + value.encode()
    return encode(value)


class Question:
    def __init__(self, wire, tcp):
        self.wire, self.tcp = wire, tcp
        at, labels = 12, []
        while wire[at]:
            labels.append(wire[at + 1:at + 1 + wire[at]].decode("latin1").lower())
            at += wire[at] + 1
        self.name, self.end = ".".join(labels), at + 5
        self.type = struct.unpack(">H", wire[at + 1:at + 3])[0]
        self.edns = wire[11] > 0
        self.authentic = bool(wire[3] & 0x20)

    def answer(self, records=(), rcode=0, flags=0x8180, edns=None, question=True):
        """An answer's wire form: records are (owner, type word, value) or whole bytes."""
        edns = self.edns and rcode == 0 if edns is None else edns
        body = b"".join(r if isinstance(r, bytes) else
                        encode(r[0]) + struct.pack(">HHIH", TYPES[r[1]], 1, 60, len(data_of(*r[1:]))) + data_of(*r[1:]) for r in records)
        opt = b"\0" + struct.pack(">HHIH", 41, 1232, (rcode >> 4) << 24, 0) if edns else b""
        head = self.wire[:2] + struct.pack(">HHHHH", flags | rcode & 15, question, len(records), 0, bool(opt))
        return head + (self.wire[12:self.end] if question else b"") + body + opt


def zone(records):
    """The answers of a good server: `records` is {name: [(type word, value)]}. CNAMEs are followed."""
    def respond(question):
        name, found = question.name, []
        while name in records:
            alias = [value for kind, value in records[name] if kind == "CNAME"]
            if not alias or question.type == TYPES["CNAME"]:
                break
            found.append((name, "CNAME", alias[0]))
            name = alias[0].lower()
        if name not in records:
            return question.answer(found, rcode=3)
        found += [(name, kind, value) for kind, value in records[name] if TYPES[kind] == question.type]
        wire = question.answer(found)
        return wire if question.tcp or len(wire) <= 1232 else question.answer(flags=0x8380)
    return respond


def fails(how):
    """The answers of a server that fails in one of several forms."""
    def respond(question):
        if how == "silent":
            return None
        if how == "hangs up":
            return b"" if question.tcp else None
        if how == "malformed":
            return question.answer()[:6] + b"\0\3" + question.answer()[8:]
        if how == "cut":
            return question.answer([(question.name, "A", "10.9.9.9")])[:-3] if not question.edns else question.answer(rcode=1)
        return question.answer(rcode=RCODES[how])
    return respond


class Server:
    """A name server on port 53 of a loopback address, UDP and TCP, until closed. `respond` gets a Question and returns bytes, None for silence,
    b"" to end the connection. `asked` holds the questions."""
    def __init__(self, address, respond, delay=0):
        self.address, self.respond, self.delay, self.asked = address, respond, delay, []
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.udp, self.tcp = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place = socket.getaddrinfo(address, 53, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0][4]
        self.udp.bind(place)
        self.tcp.bind(place)
        self.tcp.listen(50)
        self.place, self.closed = place, False
        self.threads = [threading.Thread(target=f, daemon=True) for f in (self.datagrams, self.connections)]
        for thread in self.threads:
            thread.start()

    def reply_to(self, wire, tcp):
        if len(wire) < 17:
            return None
        question = Question(wire, tcp)
        self.asked.append(question)
        return self.respond(question)

    def datagrams(self):
        with contextlib.suppress(OSError):
            while not self.closed:
                wire, sender = self.udp.recvfrom(4096)
                answer = self.reply_to(wire, False)
                if answer and self.delay:
                    threading.Timer(self.delay, self.udp.sendto, (answer, sender)).start()
                elif answer:
                    self.udp.sendto(answer, sender)

    def connections(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.tcp.accept()
                threading.Thread(target=self.connection, args=(client,), daemon=True).start()

    def connection(self, client):
        with client, contextlib.suppress(OSError):
            while True:
                size = client.recv(2, socket.MSG_WAITALL)
                if len(size) < 2:
                    return
                answer = self.reply_to(client.recv(struct.unpack(">H", size)[0], socket.MSG_WAITALL), True)
                if answer == b"":
                    return
                if answer:
                    client.sendall(struct.pack(">H", len(answer)) + answer)

    def close(self):
        """A thread that waits in a call keeps its socket's port: each is woken first."""
        self.closed = True
        with contextlib.suppress(OSError), socket.socket(self.udp.family, socket.SOCK_DGRAM) as s:
            s.sendto(b"", self.place)
        with contextlib.suppress(OSError):
            self.tcp.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(2)
        self.udp.close()
        self.tcp.close()


class Host:
    """The namespace, from inside: addresses of both families beside lo's, and the files of /etc that decide about names."""
    def __init__(self):
        self.path = pathlib.Path(os.environ["LAB"])
        self.servers = []
        for words in ("link set lo up", "link add e0 type veth peer name e1", f"addr add {OWN4}/24 dev e0", f"addr add {OWN6}/64 dev e0 nodad",
                      "link set e0 up", "link set e1 up", "route add default dev e0", "-6 route add default dev e0"):
            subprocess.run(["ip", *words.split()], check=True)
        with contextlib.suppress(OSError):
            pathlib.Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0")
        for name in FILES:
            if not os.path.exists(f"/etc/{name}"):
                continue
            (self.path / name).write_text("")
            mount = subprocess.run(["mount", "--bind", self.path / name, f"/etc/{name}"], capture_output=True, text=True)
            if mount.returncode:
                print(f"no mounts here: {mount.stderr.strip()}")
                sys.exit(77)

    def files(self, resolv="", nsswitch="hosts: files dns\n", hosts="127.0.0.1 localhost\n", gai="", host="multi on\n"):
        for name, text in zip(FILES, (resolv, nsswitch, hosts, gai, host)):
            (self.path / name).write_text(text)

    @contextlib.contextmanager
    def serving(self, *pairs):
        """Name servers during a block: pairs of address and its answers."""
        servers = [Server(*pair) for pair in pairs]
        try:
            yield servers
        finally:
            for server in servers:
                server.close()

    @staticmethod
    def sounder(*args, timeout=40):
        start = time.monotonic()
        done = subprocess.run([SOUNDER, *map(str, args)], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
        done.seconds = time.monotonic() - start
        return done

    @staticmethod
    def getent(database, name, timeout=60):
        """The addresses that libc gives, in its order, each once; [] where it gives none."""
        done = subprocess.run(["getent", database, name], capture_output=True, text=True, timeout=timeout)
        return list(dict.fromkeys(line.split()[0] for line in done.stdout.splitlines()))
