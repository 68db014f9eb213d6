"""kernel.py - what Python 3.11 has no words for: namespaces, mounts, the end of a child with its parent, tun devices."""
import ctypes
import fcntl
import os
import signal
import stat
import struct

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
PR_SET_PDEATHSIG = 1
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000
LIBC = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The system does not grant what a lab needs."""


def checked(result, what):
    if result < 0:
        raise Refused(f"{what}: {os.strerror(ctypes.get_errno())}")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def isolate():
    """New network and mount namespaces for this process and a process namespace for its children; for who is not root, as root of a user
    namespace of his own."""
    user, group = os.geteuid(), os.getegid()
    flags = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | (CLONE_NEWUSER if user else 0)
    checked(LIBC.unshare(flags), "no namespaces here")
    if user:
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"0 {user} 1")
        write("/proc/self/gid_map", f"0 {group} 1")
    mount(None, "/", flags=MS_REC | MS_PRIVATE)


def mount(source, target, kind=None, flags=0, data=None):
    words = [word and os.fsencode(word) for word in (source, target, kind)]
    checked(LIBC.mount(*words, ctypes.c_ulong(flags), data and os.fsencode(data)), f"mount {target}")


def bind(source, target):
    mount(source, target, flags=MS_BIND)


def die_with_parent():
    checked(LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def enter_net(path):
    """Moves this process into a named network namespace."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        checked(LIBC.setns(fd, CLONE_NEWNET), f"setns {path}")
    finally:
        os.close(fd)


def tun(name, spare):
    """A tun device in the namespace that this process is in; its packets have nothing before the IP header. Where /dev has no node for it, `spare`
    is made one, if this is root."""
    path = "/dev/net/tun"
    try:
        if not os.path.exists(path):
            path = spare
            if not os.path.exists(path):
                os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(10, 200))
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    except OSError as error:
        raise Refused(f"no tun device here: {error.strerror}") from error
    return fd
