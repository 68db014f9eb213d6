#!/usr/bin/env python3
"""fping.py - ping --fping beside fping on the same targets at the same time: the same lines but for the times, the same exit codes; and what
SmokePing's FPing probe makes of them."""
import re

from harness import folder, in_namespace, main, need


def both(theirs, ours, setup=""):
    """stdout, stderr with times as T, and the exit code, of both."""
    need("fping")
    done = in_namespace(f"""{setup}
        d=$(mktemp -d)
        fping {theirs} > $d/o 2> $d/e & p=$!
        $SOUNDER ping {ours} > $d/oo 2> $d/ee; echo $?
        wait $p; echo $?
        for f in o oo e ee; do echo "=== $f"; cat $d/$f; done; rm -r $d""")
    head, *parts = re.split(r"=== \w+\n", done.stdout)
    mine, other = map(int, head.split())
    shape = [re.sub(r"\d+\.\d+|\d+e[+-]\d+", "T", part) for part in parts]
    return (shape[0], shape[2], other), (shape[1], shape[3], mine), parts


DEAD = "ip link add a0 type veth peer name a1; ip addr add 10.0.0.1/24 dev a0; ip link set a0 up; ip link set a1 up"


def test_lines_of_c():
    theirs, ours, _ = both("-c 3 -p 100 127.0.0.1 127.0.0.22", "--fping -c 3 -i 0.1 127.0.0.1 127.0.0.22")
    assert theirs == ours, (theirs, ours)


def test_lines_of_C_and_what_is_lost():
    theirs, ours, _ = both("-C 3 -p 100 -t 50 127.0.0.1", "-C 3 -i 0.1 -W 0.05 127.0.0.1")
    assert theirs == ours, (theirs, ours)
    setup = DEAD + "; ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev a0"
    theirs, ours, _ = both("-C 3 -p 100 -t 50 10.0.0.9", "-C 3 -i 0.1 -W 0.05 10.0.0.9", setup)
    assert theirs == ours and ours[2] == 1 and " : - - -" in ours[1], (theirs, ours)


def test_quiet_summaries():
    for options in (("-c 3 -q -p 100", "--fping -c 3 -q -i 0.1"), ("-C 3 -q -p 100", "-C 3 -q -i 0.1")):
        theirs, ours, _ = both(options[0] + " 127.0.0.1 127.0.0.222", options[1] + " 127.0.0.1 127.0.0.222")
        assert theirs == ours and ours[0] == "" and ours[2] == 0, (theirs, ours)


def test_lines_come_before_the_summary():
    done = in_namespace("$SOUNDER ping --fping --until up 127.0.0.1 2>&1")
    lines = [line for line in done.stdout.splitlines() if line]
    assert len(lines) == 2 and "bytes" in lines[0] and "xmt/rcv/%loss" in lines[1], lines


def test_alive():
    theirs, ours, _ = both("127.0.0.1 127.0.0.2", "--fping 127.0.0.1 127.0.0.2")
    assert sorted(theirs[0].splitlines()) == sorted(ours[0].splitlines()) and theirs[2] == ours[2] == 0, (theirs, ours)


def smokeping(text):
    """As lib/Smokeping/probes/FPing.pm reads `fping -C N -q`: {address: sorted seconds}."""
    found = {}
    for line in text.splitlines():
        if not re.match(r"^\S+\s+:\s+[-\d.]", line):
            continue
        words = line.split()
        assert words[1] == ":"
        found[words[0]] = sorted(float(w) / 1000 for w in words[2:] if re.match(r"\d", w))
    return found


def test_smokeping_reads_it():
    setup = DEAD + "; ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev a0"
    _, _, parts = both("-C 5 -q -B1 -r1 -p 100 -t 80 127.0.0.1 127.0.0.2 10.0.0.9", "-C 5 -q -i 0.1 -W 0.08 127.0.0.1 127.0.0.2 10.0.0.9", setup)
    theirs, ours = smokeping(parts[2]), smokeping(parts[3])
    assert {a: len(t) for a, t in theirs.items()} == {a: len(t) for a, t in ours.items()} == {"127.0.0.1": 5, "127.0.0.2": 5, "10.0.0.9": 0}
    assert all(0 < t for times in ours.values() for t in times) and all(times[0] < 0.05 for times in ours.values() if times), ours  # the least: others may wait
    # its start: is a millisecond called a millisecond?
    done = in_namespace("$SOUNDER ping -C 1 127.0.0.1 2>&1")
    assert re.search(r"bytes, ([0-9.]+)\sms\s+.*\n.*\n.*:\s+([0-9.]+)", done.stdout), done.stdout


def test_exit_codes():
    done = in_namespace("""for w in 'nonesuch.invalid' '--tos zz 127.0.0.1' '127.0.0.1'; do $SOUNDER ping --fping -c 1 $w >/dev/null 2>&1; echo $?; done
        fping -c 1 nonesuch.invalid >/dev/null 2>&1; echo $?""")
    ours = done.stdout.split()
    assert ours[:3] == ["2", "3", "0"] and ours[3:] == ["2"], ours  # fping(8): 3 for arguments


def test_targets_until_and_loss():
    done = in_namespace("""
        $SOUNDER ping --sweep 127.0.0.0/29 127.0.1.1-3 | sort | tr '\\n' ' '; echo
        $SOUNDER ping --sweep -b 127.0.0.0/30 2>/dev/null | wc -l
        $SOUNDER ping --until up -i 0.1 127.0.0.1 > /dev/null; echo $?
        $SOUNDER ping --until down -i 0.1 -w 0.35 127.0.0.1 > /dev/null; echo $?
        (sleep 0.25; echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all) & $SOUNDER ping -c 6 -i 0.1 -W 0.2 --fail-over 80 127.0.0.1 > /dev/null; echo $?
        wait; $SOUNDER ping -c 3 -i 0.1 -W 0.2 --fail-over 80 127.0.0.1 > /dev/null; echo $?
        $SOUNDER ping --until down -i 0.1 -W 0.1 127.0.0.1 | grep -o '^[0-9]* packets'""")
    lines = done.stdout.splitlines()
    hosts = [f"127.0.0.{n} is alive" for n in range(1, 7)] + [f"127.0.1.{n} is alive" for n in (1, 2, 3)]
    assert lines[0].strip() == " ".join(hosts), lines
    assert lines[1] == "4" and lines[2:6] == ["0", "1", "0", "1"], (lines, done.stderr)
    assert lines[6] in ("3 packets", "4 packets"), lines


SNIFF = r"""
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
s.bind(("lo", 0)); s.settimeout(5)
print("ready", flush=True)
while True:
    p = s.recv(2000)
    if p[9] == 1 and p[20] == 8:
        break
print(p[1], p[8], p[6] >> 6 & 1, len(p), p[40:].hex(), flush=True)
"""


def test_packets_are_as_asked():
    with folder() as path:
        (path / "sniff.py").write_text(SNIFF)
        done = in_namespace(f"""python3 {path}/sniff.py > {path}/seen & p=$!; while ! [ -s {path}/seen ]; do sleep 0.02; done
            $SOUNDER ping -c 1 -Q af41 -t 7 -M do -p abcd -s 40 127.0.0.1; wait $p; cat {path}/seen""")
    tos, ttl, fragment, length, rest = done.stdout.splitlines()[-1].split()
    assert (int(tos), int(ttl), fragment, length) == (0x88, 7, "1", "68"), done.stdout
    assert rest == "abcd" * 14, rest  # behind 8 bytes of header, 8 of token and 4 of magic
    assert done.stdout.startswith("PATTERN: 0xabcd\nPING 127.0.0.1 (127.0.0.1) 40(68) bytes of data.\n48 bytes from"), done.stdout


def test_data_are_data_with_fpings_codes():
    """--json and --csv say how it is printed; that it ends as fping does stays."""
    done = in_namespace("""for options in "--fping" "--fping -c 1" "-C 1"; do
        $SOUNDER ping $options --csv 127.0.0.1 10.9.9.9 2> /dev/null; echo "rc $?"; done""")
    rows = [line.split(",") for line in done.stdout.splitlines() if "," in line]
    kinds = [row[0] for row in rows if row[2] in ("10.9.9.9", "target")]
    assert done.stdout.count("rc 1") == 3 and len(done.stdout.splitlines()) == len(rows) + 3, done.stdout
    # asked once it is a row a host; asked repeatedly, a summary each as well
    assert kinds == ["type", "probe"] + ["type", "probe", "summary"] * 2, kinds


if __name__ == "__main__":
    main(globals())
