#!/usr/bin/env python3
"""no_host_inputs.py - the inputs for hosts beside a command's own word: options that take a host, lists, standard input, the command line without a
command, the dashboard's prompt. What is no host leaves nothing on any interface there either; and what an address stands for: old spellings are
no hardware addresses, IPv4-mapped ones go out as IPv4. Rows KH1 to KH7."""
import concurrent.futures
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading

import harness
import no_host
from terminal import Screen

# The texts of the fault catalogue, each with what the message must have.
FIXED = {b"010.020.030.040": "octal", b"127.1": "old spelling of 127.0.0.1", b"0x7f.1": "hexadecimal", b"2130706433": "old spelling of 127.0.0.1",
         b"256.0.0.1": "more than 255", b"1.2.3": "old spelling of 1.2.0.3", b"127.0.0.1.": "a dot after the fourth", b"::1.": "a dot at its end",
         b"127.0.0.1\r": "0x0d", b"no such host": "blank", b"$(id)": "the shell's", b"`id`": "a quote", b"a;b": "the shell's",
         b"fe80::1%nope": "no interface", b"fe80::1%": "nothing after %", b"127.0.0.1%lo": "'%'", "127.0.0.1\u00a0".encode(): "U+00A0",
         "127.0.0.1\u200b".encode(): "U+200B", "127.0.0.1\u3000".encode(): "U+3000", b'"127.0.0.1"': "a quote",
         "１２７．１".encode(): "other digits", "127。1".encode(): "other digits", b"a..b": "a dot too many", b"x" * 64: "63", b"10.0.0.0/33": "/"}
SERVED = {"ping": ["-c", "1", "127.0.0.1"], "tcp": ["127.0.0.1:9"], "echo": ["127.0.0.1:9"], "daytime": ["127.0.0.1:9"],
          "head": ["http://127.0.0.1:9/"], "get": ["http://127.0.0.1:9/"], "resolve": ["127.0.0.1"], "host": ["127.0.0.1"], "dns": ["127.0.0.1"]}


def entries(text, folder, number):
    """(name, arguments, standard input) of each input."""
    server = ["--server", "127.0.0.1", "-W", "100ms"]
    for command, words in SERVED.items():
        yield f"{command} --server", [command, "--server", text, "-W", "100ms", *words], None
    yield "dns @", ["dns", b"@" + text, "-W", "100ms", "db1.example"], None
    yield "dns -x", ["dns", *server, "-x", text], None
    yield "ping -I", ["ping", "-c", "1", *server, "-I", text, "127.0.0.1"], None
    yield "--connect-to", ["head", *server, "--connect-to", b"::" + text + b":9", "http://db1.example/"], None
    yield "--proxy", ["get", *server, "--proxy", b"http://" + text + b":9", "http://db1.example/"], None
    yield "serve --tcp", ["serve", "echo", "--tcp", text + b":0"], None
    yield "serve --udp", ["serve", "daytime", "--udp", text + b":0"], None
    yield "sounder", [text], None
    yield "sounder --", ["--", text, "127.0.0.1"], None
    (folder / str(number)).write_bytes(b"# a list\n" + text + b"\n")
    yield "@list", ["ping", "-c", "1", *server, f"@{folder / str(number)}"], None
    for command in ("ping", "host", "resolve"):
        yield f"{command} -", [command, *server, *(["-c", "1"] if command == "ping" else []), "-"], text + b"\n"


# What is more than a host in that grammar, or less, is another matter there.
OTHERWISE = {"--connect-to": rb":|^-|^\[", "--proxy": rb"[/?#@:]|^-|^\[", "serve --tcp": rb":|^-", "serve --udp": rb":|^-", "sounder": rb"^-|^@",
             "sounder --": rb"^-|^@", "@list": rb"[ \t\n\r#]|^[-@]", "ping -": rb"[ \t\n\r#]|^[-@]", "host -": rb"\n|^[ \t\r#-]|[ \t\r]$",
             "resolve -": rb"\n|:|^[ \t\r#-]|[ \t\r]$", "dns -x": rb"^-", "ping -I": rb"^-", "dns @": rb"^-"}
# Where that input has an error of its own for it.
ERRORS = {"dns -x": ["is not an address"], "ping -I": ["no interface of this host"], "serve --tcp": ["an address of this host"],
        "serve --udp": ["an address of this host"], "--proxy": ["a proxy is a host"]}


def run_one(arguments, stdin):
    words = [a if isinstance(a, bytes) else str(a).encode() for a in arguments]
    return subprocess.run([harness.SOUNDER.encode(), *words], input=stdin, capture_output=True, timeout=10,
                          stdin=subprocess.DEVNULL if stdin is None else None,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"})


def inside(name, test):
    """Runs the test of this file whose name has `name` in it once more, in a network namespace of its own: there `test` is run."""
    if os.environ.get(no_host.INSIDE):
        test()
        return
    done = subprocess.run([*harness.namespace(), "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, __file__, name],
                          env={**os.environ, no_host.INSIDE: "1"}, timeout=200)
    assert done.returncode == 0


def every_way_in():
    wire = no_host.Wire()
    listed = {text: wanted for text, wanted, _ in no_host.texts()}
    chosen = dict(list(listed.items())[::29]) | {text: [why] for text, why in FIXED.items()}
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for number, (text, wanted) in enumerate(chosen.items()):
            for name, arguments, stdin in entries(text, harness.pathlib.Path(folder), number):
                if not text or text[:1] == b"-" or (name in OTHERWISE and re.search(OTHERWISE[name], text)):
                    continue
                jobs.append((name, text, wanted, arguments, stdin))

        def work(job):
            name, text, wanted, arguments, stdin = job
            return no_host.check(name, text, wanted + ERRORS.get(name, []), run_one(arguments, stdin))

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            faults = [fault for fault in pool.map(work, jobs) if fault]
    if wire.count:
        faults.append(f"{wire.count} packets left, the last {wire.last[:90]!r}")
    print(f"  {len(chosen)} texts, {len(jobs)} runs, {wire.count} packets")
    for fault in faults[:60]:
        print("  " + fault)
    assert not faults, f"{len(faults)} of {len(jobs)}"
    assert len(jobs) > 600


def test_KH1_KH2_KH3_KH7_KH8_every_way_in():
    inside("every_way_in", every_way_in)


def test_KH4_old_spellings_are_no_hardware_addresses():
    for word in ("0177.0000.0000.0001", "0300.0250.0214.0377", "0192.0168.0001.0001", "0010.0020.0030.0040"):
        for command in ("ip", "mask", "route"):
            done = harness.run(command, word)
            assert done.returncode == 2 and not done.stdout and "octal" in done.stderr, (command, word, done)
    status, rows = harness.run_json("ip", "0011.2233.4455")
    assert status == 0 and "EUI-48" in rows[0]["read_as"], rows


def a_mapped_address_goes_out_as_IPv4():
    kinds = []
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(no_host.WIRE_ALL))
    threading.Thread(target=lambda: [kinds.append((hex(at[1]), packet[9])) for packet, at in iter(lambda: wire.recvfrom(65536), None)],
                     daemon=True).start()
    mapped = "::ffff:127.0.0.7"
    done = harness.run("ping", "-c", "1", "-W", "1s", mapped)
    assert done.returncode == 0 and "(127.0.0.7)" in done.stdout, done
    assert harness.run("ping", "-c", "1", "-I", "::ffff:127.0.0.8", "127.0.0.7").returncode == 0
    assert harness.run("tcp", f"[{mapped}]:9").returncode == 1
    assert harness.run("echo", "--udp", f"[{mapped}]:9", "-W", "300ms").returncode == 1
    assert harness.run("head", f"http://[{mapped}]:9/").returncode == 1
    harness.wait_until(lambda: len(kinds) > 8)
    assert kinds and {kind for kind, _ in kinds} == {"0x800"} and {1, 6, 17} <= {protocol for _, protocol in kinds}, kinds
    status, rows = harness.run_json("route", mapped)
    assert status == 0 and rows[0]["interface"] == "lo", rows


def test_KH5_a_mapped_address_goes_out_as_IPv4():
    inside("goes_out_as_IPv4", a_mapped_address_goes_out_as_IPv4)


def a_sentence_is_no_list_of_hosts():
    for keys, wanted, unwanted in ((b"ano such host\r", b"are these hosts?", b"3 targets"), (b"a'no such host'\r", b"a blank", b"watching"),
                                   (b"a127.0.0.2 127.0.0.3\r", b"watching 2 targets", b"are these"), (b":ping no such\r", b"watching 2 targets", b"are these"),
                                   (b"a127.1\r", b"old spelling", b"watching"), (b"a$(id)\r", b"the shell's", b"watching")):
        with Screen(columns=100) as screen:
            screen.read_until(b"Overview")
            for key in keys:  # as a person types them: what comes in one read may be a paste
                screen.send(bytes([key]))
                screen.read(0.02)
            screen.read_until(wanted)
            screen.read(0.2)
            assert unwanted not in screen.output, (keys, screen.output[-300:])
    for text in FIXED:  # in a configuration file's lines: reported, and no host is watched
        with tempfile.NamedTemporaryFile(suffix=".conf") as file:
            if b"\r" in text or b'"' in text or b"`" in text:
                continue
            file.write(b"ping '" + text + b"'\n")
            file.flush()
            with Screen("-f", file.name, columns=200) as screen:
                screen.read_until(b"Nothing is watched yet")
                screen.read_until(b".conf:1:")


def test_KH6_a_sentence_is_no_list_of_hosts():
    """A message pasted where a host is asked for names none; several hosts that look like hosts are taken, and so is what the prompt is told."""
    inside("a_sentence_is_no_list", a_sentence_is_no_list_of_hosts)


if __name__ == "__main__":
    harness.main(globals())
