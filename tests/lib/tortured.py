"""tortured.py - what torture.py has fail: commands of all kinds and forms, the calls of theirs and the errors that those may well fail with."""
from scene import DAYTIME, DNS, ECHO, WEB, Command

SERVER = f"--server 127.0.0.1:{DNS}"
TEXT = "from 10.1.2.3 port 22; nothing; to 2001:db8::7; "

# One line a command, in the folder of scene.FILES; what stands behind "<" is its standard input, ";" a line's end.
LINES = f"""
interfaces
interfaces --json
interfaces --csv
route 127.0.0.1
route --json 127.9.9.9 ::1
route --csv 127.0.0.1
listeners
listeners --json
listeners --csv {ECHO}
listeners tcp ours
port ours
port --json {ECHO}
port --csv tcp {ECHO}
port --like kerberos
port --fuzzy --json htpps
port --getent 5-9/tcp
protocol tcp
protocol --json 1-9
protocol --csv --like multicast
host db1.test {SERVER}
host --json db1.test {SERVER}
host --csv db1.test {SERVER}
host localhost
host --json 127.0.0.1 {SERVER}
resolve db1.test:http {SERVER}
resolve --json localhost:ours
resolve --csv 127.0.0.1:80
dns db1.test. {SERVER}
dns --json db1.test. AAAA A {SERVER}
dns --csv db1.test. {SERVER}
dns -x 127.0.0.1 --short {SERVER}
dns db1.test. A @127.0.0.1:{DNS} @127.0.0.1:{DNS} @hosts --json
dns - A @127.0.0.1:{DNS} < db1.test
ip 10.1.2.3 2001:db8::1
ip --json fe80::1%lo
ip --csv ::ffff:1.2.3.4
ip - < 10.1.2.3; 2001:db8::7;
mask 10.1.2.3/23
mask --json 2001:db8::/33
mask --csv 127.0.0.1
subnet split 10.0.0.0/24 26
subnet split 10.0.0.0/24 --hosts 50,20,10 --json
subnet cover 10.0.0.5-10.0.1.20
subnet merge --csv 10.0.0.0/25 10.0.0.128/25 10.0.0.7
subnet exclude 10.0.0.0/22 10.0.1.0/24
subnet contains networks - < 10.1.2.3; 2001:db8::1; 
subnet overlap networks
subnet sort -u networks
subnet grep --which networks log
subnet grep 10.0.0.0/8 - < {TEXT}
ping -c 2 -i 10ms 127.0.0.1
ping -c 2 -i 10ms --json ::1
ping -c 1 --csv @hosts
ping -c 1 - < 127.0.0.1
ping -c 1 --tcp {ECHO} --all-addresses -4 db1.test {SERVER}
ping --sweep 127.0.0.0/29
path -c 2 -i 10ms 127.0.0.1
path -c 1 --json --names 127.0.0.1 {SERVER}
path -c 1 --csv --udp ::1
path -c 1 --json --tcp {ECHO} 127.0.0.1
path -c 1 --mtu --json 127.0.0.1
path -c 1 --report 127.0.0.1
tcp -c 1 127.0.0.1:{ECHO}
tcp -c 1 --json db1.test:{ECHO} -4 {SERVER}
tcp -c 1 --csv [::1]:{ECHO}
echo -c 1 127.0.0.1:{ECHO}
echo -c 2 -i 10ms --json --udp 127.0.0.1:{ECHO}
echo -c 1 --csv 127.0.0.1:{ECHO}
daytime 127.0.0.1:{DAYTIME}
daytime --json 127.0.0.1:{DAYTIME}
daytime --csv 127.0.0.1:{DAYTIME}
head http://127.0.0.1:{WEB}/
head --json -c 1 127.0.0.1:{WEB}
get http://127.0.0.1:{WEB}/
get --json http://127.0.0.1:{WEB}/
set
set --json
-f settings set --csv
-f settings ping -c 1 127.0.0.1
help
help ping
help --json subnet split
subnet --help
--version
"""


def command(line):
    words, _, stdin = line.partition(" < ")
    return Command(tuple(words.split()), stdin.replace("; ", "\n"))


def commands():
    plain = [command(line) for line in LINES.strip().splitlines()]
    servers = [Command(("serve", "echo", "--tcp", "127.0.0.1:10007", "--udp", "127.0.0.1:10007"), lines=2),
               Command(("serve", "daytime", "--tcp", "127.0.0.1:10013", "--json"), lines=1)]
    return plain + servers


# What each call may well fail with. What is not here can't fail in any way that its caller could see; but for brk, which returns the old end where
# it fails, so that strace's errno would be taken for an end (allocations fail by failmalloc).
ERRORS = {
    "accept4": ("EMFILE", "ECONNABORTED"), "access": ("EACCES", "EIO"), "bind": ("ENOMEM", "EACCES"),
    "capget": ("EPERM",), "capset": ("EPERM",), "clone3": ("EAGAIN",), "close": ("EIO",), "close_range": ("ENOSYS",),
    "connect": ("ENOBUFS", "EAGAIN"), "dup": ("EMFILE",), "epoll_create1": ("EMFILE", "ENOMEM"), "epoll_ctl": ("ENOMEM", "ENOSPC"),
    "epoll_pwait": ("EINTR", "EBADF"), "epoll_wait": ("EINTR", "EBADF"), "eventfd2": ("EMFILE", "ENOMEM"), "faccessat": ("EACCES", "EIO"),
    "faccessat2": ("EACCES", "EIO"), "fchmod": ("EPERM",), "fchown": ("EPERM",), "fcntl": ("EMFILE", "EINVAL"), "flock": ("ENOLCK",),
    "fstat": ("EIO", "ENOMEM"), "fsync": ("EIO",), "ftruncate": ("ENOSPC",), "getdents64": ("EIO", "ENOMEM"), "getpeername": ("ENOTCONN", "ENOBUFS"),
    "getrandom": ("EAGAIN", "ENOSYS"), "getsockname": ("ENOBUFS",), "getsockopt": ("ENOPROTOOPT", "ENOMEM"), "inotify_add_watch": ("ENOSPC", "ENOMEM"),
    "inotify_init1": ("EMFILE",), "ioctl": ("EPERM", "ENOMEM"), "listen": ("EADDRINUSE",), "lseek": ("ESPIPE",), "lstat": ("EACCES",),
    "madvise": ("ENOMEM",), "memfd_create": ("EMFILE", "ENOMEM"), "mmap": ("ENOMEM",), "mprotect": ("ENOMEM",), "mremap": ("ENOMEM",),
    "newfstatat": ("EACCES", "EIO", "ENOMEM"), "openat": ("EMFILE", "EACCES", "EIO", "ENOMEM"), "pipe2": ("EMFILE",), "poll": ("EINTR", "ENOMEM"),
    "ppoll": ("EINTR",), "prctl": ("EINVAL", "EPERM"), "pread64": ("EIO",), "prlimit64": ("EPERM",), "read": ("EIO", "EINTR"),
    "readlink": ("EACCES", "EIO"), "readlinkat": ("EIO", "ENOMEM"), "readv": ("EIO",), "recvfrom": ("ENOMEM", "EINTR"), "recvmmsg": ("ENOMEM",),
    "recvmsg": ("ENOMEM", "ENOBUFS", "EINTR", "EIO"), "renameat": ("EIO",), "renameat2": ("EIO",), "select": ("EINTR",), "sendmmsg": ("ENOBUFS", "EPERM"),
    "sendmsg": ("ENOBUFS", "EPERM"), "sendto": ("ENOBUFS", "EPERM", "ENOMEM"), "setrlimit": ("EPERM",), "setsockopt": ("ENOPROTOOPT", "ENOMEM"),
    "shutdown": ("ENOTCONN",), "socket": ("EMFILE", "EACCES", "ENOBUFS"), "socketpair": ("EMFILE",), "stat": ("EACCES", "EIO"),
    "statx": ("EACCES", "EIO"), "timerfd_create": ("EMFILE",), "uname": ("EFAULT",), "unlinkat": ("EIO",), "write": ("ENOSPC", "EIO"),
    "writev": ("ENOSPC",),
}


def goes_another_way(command, fault, run):
    """A path is looked for by UDP where no ICMP is permitted; it has to say so."""
    return command.words[0] == "path" and (fault.kind, fault.error) == ("socket", "EACCES") and run.code == 0 and "udp" in run.out.lower()
