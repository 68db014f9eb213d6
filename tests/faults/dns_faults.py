#!/usr/bin/env python3
"""dns_faults.py - name lookups where the system's own configuration is at fault: in a mount and network namespace, with files of our own laid over
/etc/resolv.conf, and name servers that are this file run again (`serve ADDRESS RECORD`)."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading

from harness import SOUNDER, Skip, folder, main, namespace


def serve(address, record):
    """A name server on port 53 that knows one address for every name: in a child, whose id is printed once its port is bound."""
    family, kind, protocol, _, place = socket.getaddrinfo(address, 53, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0]
    with socket.socket(family, kind, protocol) as s:
        s.bind(place)
        child = os.fork()
        if child:
            print(child)
            return
        os.dup2(os.open(os.devnull, os.O_RDWR), sys.stdout.fileno())  # the reader of the id waits for the end of this output
        threading.Timer(40, lambda: os._exit(0)).start()
        while True:
            question, sender = s.recvfrom(2048)
            end = question.index(b"\0", 12) + 5
            is_a = question[end - 4:end - 2] == b"\0\1"
            answer = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_a else b"\0\0") + b"\0\0\0\0" + question[12:end]
            if is_a:
                answer += b"\xc0\x0c\0\1\0\1\0\0\0\5\0\4" + socket.inet_aton(record)
            s.sendto(answer, sender)


def in_namespace(path, script):
    """Runs a script as root of namespaces of its own, with path/resolv.conf as /etc/resolv.conf."""
    (path / "hosts").write_text("127.0.0.1 localhost\n")
    prelude = f"set -e; ip link set lo up; for f in resolv.conf hosts; do mount --bind {path}/$f /etc/$f; done; set +e\n"
    env = {**os.environ, "SOUNDER": SOUNDER, "LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
    done = subprocess.run([*namespace("m"), "sh", "-c", prelude + script], capture_output=True, text=True, timeout=60, env=env,
                          stdin=subprocess.DEVNULL)
    if "mount:" in done.stderr:
        raise Skip(f"no mounts here: {done.stderr.strip()}")
    return done


def servers(*pairs):
    here = pathlib.Path(__file__).resolve()
    return "trap 'kill $pids' EXIT\n" + "".join(f'pids="$pids $({sys.executable} {here} serve {address} {record})"\n' for address, record in pairs)


def test_B15_resolv_conf_changes_while_running():
    with folder() as path:
        conf = path / "resolv.conf"
        conf.write_text("nameserver 127.0.0.1\n")
        script = servers(("127.0.0.1", "10.0.0.1"), ("127.0.0.2", "10.0.0.2")) + f"""
        $SOUNDER dns x.test A --json --interval 100ms -c 45 & sounder=$!
        sleep 1; echo 'nameserver 127.0.0.2' > {conf}
        wait $sounder; exit $?"""
        done = in_namespace(path, script)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        probes = [line for line in lines if line["type"] == "probe"]
        assert done.returncode == 0 and len(probes) == 45, done
        lost = [p for p in probes if p["outcome"] != "ok"]
        assert not lost, lost
        seen = [p["answer"] for p in probes]
        assert seen[0] == "10.0.0.1" and seen[-1] == "10.0.0.2", seen
        assert probes[-1]["server"] == "127.0.0.2:53", probes[-1]
        assert sum(a == "10.0.0.1" for a in seen) < 30, seen


def test_B16_no_resolver():
    for text in ("", "# nothing\n", "nameserver bogus\n", "search corp.test\n"):
        with folder() as path:
            (path / "resolv.conf").write_text(text)
            for command in ("dns x.test", "host x.test", "resolve x.test:80"):
                done = in_namespace(path, f"timeout 2 $SOUNDER {command}")
                assert done.returncode == 2 and done.stdout == "" and "no resolver" in done.stderr and done.stderr.count("\n") == 1, done


def test_B16_dead_servers_before_a_live_one():
    with folder() as path:
        (path / "resolv.conf").write_text("".join(f"nameserver 127.0.0.{i}\n" for i in (7, 8, 1)))
        done = in_namespace(path, servers(("127.0.0.1", "10.0.0.1")) + "timeout 3 $SOUNDER dns x.test A --short; exit $?")
        assert done.returncode == 0 and done.stdout == "10.0.0.1\n", done


def test_B16_server_without_a_route():
    with folder() as path:
        (path / "resolv.conf").write_text("nameserver 192.0.2.53\n")
        done = in_namespace(path, "timeout 3 $SOUNDER dns x.test A; exit $?")
        assert done.returncode == 2 and "no resolver can be reached" in done.stderr, done


def test_only_ipv6_resolvers_and_a_search_of_the_root():
    with folder() as path:
        (path / "resolv.conf").write_text("nameserver ::1\nsearch .\noptions edns0 trust-ad\n")
        done = in_namespace(path, "timeout 3 $SOUNDER host x; exit $?")
        assert done.returncode == 2 and "[::1]:53" in done.stderr and "port closed" in done.stderr, done


def test_link_local_resolver():
    with folder() as path:
        (path / "resolv.conf").write_text("nameserver fe80::53%lo\n")
        script = "ip addr add fe80::53/64 dev lo nodad\n" + servers(("fe80::53%lo", "10.0.0.6")) + "timeout 3 $SOUNDER dns x.test A --json; exit $?"
        done = in_namespace(path, script)
        assert done.returncode == 0, done
        answer = json.loads(done.stdout)
        assert answer["answer"] == "10.0.0.6" and answer["server"] == "[fe80::53%lo]:53", answer


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(*sys.argv[2:4])
    else:
        main(globals())
