#!/usr/bin/env python3
"""cli_faults.py - the command line as scripts rely on it: exit codes, which stream gets what, hostile words, broken pipes, full disks, signals."""
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata

from harness import SOUNDER, Skip, folder, free_port, main, namespace, need, run, run_json, wait_until

HOSTILE = [
    b"\x1b[2J", b"\x1b]52;c;ZXZpbA==\x07", b"\x1b]8;;http://x\x1b\\link", b"\x1b]0;title\x07", b"\x9b31m", b"\xc2\x9b31m", b"\xc2\x85",
    b"\x7f\x08\x08", b"\xe2\x80\xaeevil", b"\xe2\x81\xa6x\xe2\x81\xa9", b"\xd8\x9c", b"\xe2\x80\x8b\xef\xbb\xbf", b"\xc2\xad", b"\xf3\xa0\x81\x81",
    b"\xe1\x85\x9f\xe3\x85\xa4", b"\xc0\x9b", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xff\xfe", b"a\x80z", b'"quoted\\"', b"%s%n%999999d",
    b"=cmd()", b"e" + b"\xcc\x81" * 40, b"\xf0\x9f\x98\x80", b"\xee\x80\x80", b"\xe2\x80\xa8", b"line\nfeed", b"tab\there", b"\\x1b",
]


def harmless(data, ascii_only=False):
    """Nothing that a terminal interprets, except line feeds."""
    text = data.decode("utf-8")  # raises where it is no UTF-8
    for c in text:
        assert c == "\n" or (ord(c) >= 0x20 and unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs")), (hex(ord(c)), text)
        assert not ascii_only or ord(c) < 0x80, (hex(ord(c)), text)


def raw(*args, env=None, stdin=None, timeout=30):
    full = {**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}
    return subprocess.run([SOUNDER, *args], capture_output=True, input=stdin, stdin=subprocess.DEVNULL if stdin is None else None, env=full,
                          timeout=timeout)


def fails_cleanly(*args, message=""):
    """Exit 2: nothing on stdout, one line on stderr, with --json as well."""
    for extra in ([], ["--json"]):
        done = run(*args, *extra)
        assert done.returncode == 2, (args, extra, done)
        assert done.stdout == "", (args, extra, done.stdout)
        lines = done.stderr.splitlines()
        assert len(lines) == 1 and lines[0].startswith("sounder: "), (args, extra, done.stderr)
        assert message in lines[0], (args, extra, message, lines[0])


def has(command):
    return run("help", command).returncode == 0


@contextlib.contextmanager
def http_server(head):
    """Answers every connection with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(4096)
                        connection.sendall(head)
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def test_every_command_has_help():
    done = run("help", "--json")
    names = [json.loads(line)["name"] for line in done.stdout.splitlines()]
    assert {"ip", "mask", "port", "protocol", "set", "help"} <= set(names), names
    listing = run("--help").stdout
    for name in names:
        long, short = run(name, "--help"), run(name, "-h")
        assert long.returncode == 0 and long.stdout == short.stdout == run("help", name).stdout, name
        assert long.stdout.startswith(f"Usage: sounder {name}"), long.stdout
        assert f"  {name} " in listing, name
        assert all(len(line) <= 100 for line in long.stdout.splitlines()), name


# The words with an underscore allowed in help: keys of --json, a well-known function, and a capability as setcap takes it.
KEYS = {"cap_net_raw", "address_binary", "canonical_name", "first_bytes", "hardware_address", "held_seconds", "in_flight", "loss_percent",
        "not_followed", "query_seconds", "read_as", "resolve_seconds", "reverse_name", "solicited_node", "special_purpose", "unsent_percent",
        "waited_seconds", "inet_aton"}


def test_help_speaks_no_code():
    """An identifier of the sources in a shown text, as a rename that ignores strings may leave."""
    names = [json.loads(line)["name"] for line in run("help", "--json").stdout.splitlines()]
    for name in names:
        found = set(re.findall(r"\b[a-z]+_[a-z_]+\b", run("help", name).stdout)) - KEYS
        assert not found, (name, found)


def test_version():
    done = run("--version")
    assert done.returncode == 0 and done.stdout.startswith("sounder "), done


def test_exit_0_and_1():
    closed = free_port()
    rows = [
        (["ip", "127.0.0.1"], 0), (["mask", "10.1.2.3/23"], 0), (["port", "443"], 0), (["port", "tcp", "telnet"], 0),
        (["port", "no-such-service-at-all"], 1), (["protocol", "tcp"], 0), (["protocol", "no-such-protocol"], 1),
        (["resolve", "127.0.0.1:80"], 0), (["host", "localhost"], 0), (["tcp", f"127.0.0.1:{closed}"], 1),
        (["head", f"127.0.0.1:{closed}"], 1), (["echo", f"127.0.0.1:{closed}"], 1), (["daytime", f"127.0.0.1:{closed}"], 1),
        (["set"], 0), (["set", "losses"], 0), (["help"], 0),
    ]
    for args, code in rows:
        if has(args[0]):
            assert run(*args).returncode == code, (args, run(*args))


def test_exit_2_suggests_what_would_be_right():
    rows = [
        (["ip"], "usage"), (["ip", "1.2.3"], "1.2.3"), (["ip", "1.2.3.256"], "256"), (["ip", ""], ""), (["ip", "fe80::1::2"], "fe80::1::2"),
        (["mask", "10.0.0.1", "255.0.255.0"], "255.0.255.0"), (["mask", "224.0.0.1"], ""), (["mask", "1.2.3.4/33"], "33"),
        (["mask", "--jsn", "1.2.3.4"], "--json"), (["port"], "usage"), (["port", "70000"], "70000"), (["port", "--zzz", "1"], "no option --zzz"),
        (["resolve", "localhost:http:x"], ""), (["resolve", "[::1"], ""), (["tcp", "localhost"], ""), (["tcp", "127.0.0.1:99999"], "99999"),
        (["tcp", "127.0.0.1:1", "--interval", "soon"], "--interval"), (["tcp", "127.0.0.1:1", "--interval", "1ms"], "10ms to 1h"),
        (["tcp", "127.0.0.1:1", "--count", "0"], "1 to"), (["tcp", "127.0.0.1:1", "--count"], ""), (["tcp", "127.0.0.1:1", "--count", "%port"], "%port"),
        (["head", "ftp://127.0.0.1/"], ""), (["help", "nothing-like-it"], "no such command"), (["help", "pnig"], ""), (["set", "losses", "3"], "dashboard"),
        (["set", "nothing"], "no such setting"), (["serve", "nothing"], ""), (["serve", "echo", "--tcp", "127.0.0.1:x"], ""),
        (["ping"], "usage"), (["ping", "127.0.0.1", "-s", "70000"], "65507"), (["dns"], "dns"),
    ]
    for args, message in rows:
        if has(args[0]):
            fails_cleanly(*args, message=message)
    answer = run("serve", "echo", "--tcp", "127.0.0.1:70000").stderr
    assert answer.count("--tcp") == 1, answer


def test_near_miss():
    for word in ("mazk", "prot", "hlep", "ports"):
        done = run(word)
        assert done.returncode == 2 and "did you mean" in done.stderr and done.stdout == "", done
    for args in (["mazk", "--json"], ["-x"], ["--color=pink"], ["--color"], ["-f"], ["--log"]):
        done = run(*args)
        assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1, (args, done)


def test_G3_no_terminal():
    for args in ([], ["127.0.0.1"], ["--", "ping"]):
        done = raw(*args)
        assert done.returncode == 2 and done.stdout == b"" and len(done.stderr.splitlines()) == 1 and b"\x1b" not in done.stderr, (args, done)


def test_D10_local_faults_are_no_loss():
    """Without a network nothing can be sent: exit 2, one line on stderr, and no loss is claimed."""
    for args in (["ping", "-c2", "-i0.1", "127.0.0.1"], ["tcp", "127.0.0.1:1"]):
        for extra in ([], ["--json"]):
            done = subprocess.run([*namespace(), SOUNDER, *args, *extra], capture_output=True, text=True, timeout=20)
            assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, (args, extra, done)
            outcomes = [json.loads(line).get("outcome", "local") for line in done.stdout.splitlines()] if extra else []
            assert set(outcomes) <= {"local"} and bool(outcomes) == bool(extra), (args, extra, done)
        assert args[0] == "tcp" or json.loads(done.stdout.splitlines()[-1])["loss_percent"] is None, done


def test_commands_of_the_dashboard():
    for args in (["bind", "p", "ping %target"], ["quit"]):
        done = run(*args)
        assert done.returncode == 2 and "command of the dashboard" in done.stderr and done.stdout == "", done


def test_failed_targets_end_the_run():
    if not has("ping"):
        raise Skip("ping is not there")
    for args, message in ((["ping", "no..such"], "no..such"), (["ping", "-c1", "240.0.0.1"], "240.0.0.1")):
        fails_cleanly(*args, message=message)
    done = run("tcp", f"127.0.0.1:{free_port()}", "240.0.0.1:1", timeout=10)
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 1 and len(done.stderr.splitlines()) == 1, done


def test_several_words_carry_on_with_the_worst():
    done = run("ip", "127.0.0.1", "nonsense", "::1")
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 2 and "nonsense" in done.stderr, done
    code, objects = run_json("ip", "127.0.0.1", "nonsense", "::1")
    assert code == 2 and [o["address"] for o in objects] == ["127.0.0.1", "::1"], objects


def test_stdin_streams():
    lines = "\n".join(f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}" for i in range(50000)) + "\r\n\n# a comment\nnonsense\n::1"
    done = run("ip", "--json", "-", stdin=lines, timeout=60)
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 50001, (done.returncode, done.stderr[:200])
    assert done.stderr.count("\n") == 1, done.stderr
    long = run("ip", "-", stdin="1" * 200000 + "\n::1\n")
    assert long.returncode == 2 and len(long.stdout.splitlines()) == 1 and "more than 65535 bytes" in long.stderr, long
    for length, left_out in ((65535, False), (65536, True)):
        edge = run("ip", "-", stdin="1" * length + "\n::1\n")
        assert edge.returncode == 2 and len(edge.stdout.splitlines()) == 1 and ("left out" in edge.stderr) == left_out, (length, edge)


def test_stdin_memory_is_constant():
    def peak(count):
        with subprocess.Popen([SOUNDER, "ip", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
            child.stdin.write(b"192.0.2.1\n" * count)
            child.stdin.flush()
            def taken():
                with open(f"/proc/{child.pid}/io") as io:
                    return int(io.read().split("rchar: ")[1].split()[0])
            assert wait_until(lambda: taken() >= 10 * count, 20)
            with open(f"/proc/{child.pid}/status") as status:
                text = status.read()
            child.stdin.close()
        if int(text.split("VmSize:")[1].split()[0]) > 1 << 30:
            raise Skip("a sanitizer keeps freed memory back")
        return int(text.split("VmHWM:")[1].split()[0])
    small, large = peak(20000), peak(200000)
    assert large - small < 1024, (small, large)


def test_A1_hostile_words():
    """What is typed comes back in messages: cleaned, in any locale."""
    for locale in ("C.UTF-8", "C"):
        for word in HOSTILE:
            for args in (["ip", word], ["mask", word], ["port", word], ["protocol", word], ["help", word], ["set", word], ["ip", b"--" + word],
                         ["ip", b"-" + word], ["resolve", b"[" + word], ["tcp", b"127.0.0.1:" + word], [b"-" + word]):
                done = raw(*args, env={"LC_ALL": locale})
                harmless(done.stdout, locale == "C")
                harmless(done.stderr, locale == "C")
                assert done.returncode in (1, 2), (args, done)


def test_A12_formats_are_text():
    done = run("ip", "%s%s%n%999999d")
    assert done.returncode == 2 and "%s%s%n%999999d" in done.stderr, done


def test_A13_hostile_headers_as_json():
    if not has("head"):
        raise Skip("head is not there")
    for word in HOSTILE:
        line = word.replace(b"\n", b"")
        with http_server(b"HTTP/1.0 200 OK\r\nX-Hostile: " + line + b"\r\n\r\n") as port:
            done = raw("head", f"127.0.0.1:{port}", "--json")
            harmless(done.stdout)
            if done.stdout:
                subprocess.run([sys.executable, "-m", "json.tool"], input=done.stdout, check=True, capture_output=True)
                json.loads(done.stdout)
            plain = raw("head", f"127.0.0.1:{port}")
            harmless(plain.stdout)
            harmless(raw("head", f"127.0.0.1:{port}", env={"LC_ALL": "C"}).stdout, True)


def test_G14_ascii_locale():
    for args in (["help"], ["help", "mask"], ["set"], ["port", "443"], ["mask", "10.1.2.3/23"], ["mask", "10.1.2.3/23", "--json"]):
        harmless(raw(*args, env={"LC_ALL": "C"}).stdout, True)


def test_colour():
    assert b"\x1b[" in raw("--color=always", "help").stdout
    assert b"\x1b[" in raw("help", "--color", "always").stdout
    assert b"\x1b[" not in raw("help").stdout
    assert b"\x1b[" not in raw("--color=never", "help").stdout


def test_H16_full_disk():
    if not os.path.exists("/dev/full"):
        raise Skip("no /dev/full")
    for args in (["ip", "::1"], ["ip", "::1", "--json"], ["help"], ["--version"], ["mask", "10.1.2.3/23", "--csv"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([SOUNDER, *args], stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode != 0, (args, done)
        assert "No space left" in done.stderr and done.returncode == 2, (args, done)


def test_H16_reader_gone():
    script = 'i=0; while [ $i -lt 20000 ]; do echo 192.0.2.1; i=$((i+1)); done | "$0" ip --json - 2>err | head -1'
    with folder() as where:
        done = subprocess.run(["sh", "-c", script, SOUNDER], capture_output=True, text=True, cwd=where, timeout=30)
        assert json.loads(done.stdout)["address"] == "192.0.2.1", done
        assert (where / "err").read_text() == "", (where / "err").read_text()


def test_I5_closed_descriptors():
    """Answers that no one gets are no success, as with GNU's programs, nor is a list that could not be read; a closed stderr loses nothing here."""
    lost = b"sounder: standard output: Bad file descriptor\n"
    for closed, code, err in (("<&-", 0, b""), (">&-", 2, lost), ("2>&-", 0, b""), ("<&- >&- 2>&-", 2, b""), ("<&- >&-", 2, lost)):
        for words in ("ip ::1", "--version", "help ip", "subnet cover --json 192.0.2.0/24", "port ssh --csv"):
            done = subprocess.run(["sh", "-c", f'exec "$0" {words} {closed}', SOUNDER], capture_output=True, timeout=10)
            assert (done.returncode, done.stderr) == (code, err), (words, closed, done)
            assert (code == 0) == (done.stdout != b""), (words, closed, done)
    for words in ("ip -", "ping -c 1 -", "dns -"):
        done = subprocess.run(["sh", "-c", f'exec "$0" {words} <&-', SOUNDER], capture_output=True, timeout=10)
        assert done.returncode == 2 and done.stdout == b"" and done.stderr, (words, done)


def test_config_file():
    with folder() as where:
        config = where / "sounder.conf"
        config.write_text("set losses 9\nset slow \\\n  soon\nping db1\nset replies 5\n")
        done = run("-f", config, "set", "losses")
        assert done.returncode == 0 and done.stdout.startswith("set losses 9 "), done
        assert done.stderr.startswith(f"sounder: {config}:3:3: ") or done.stderr.startswith(f"sounder: {config}:2:5: "), done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr  # only set lines are heeded
        assert run("-f", config, "set", "replies").stdout.startswith("set replies 5 ")
        (where / "sounder").mkdir()
        (where / "sounder" / "sounder.conf").write_text("set losses 8\n")
        env = {"XDG_CONFIG_HOME": str(where)}
        assert run("set", "losses", env=env).stdout.startswith("set losses 8 ")
        assert run("-f", config, "set", "losses", env=env).stdout.startswith("set losses 9 ")  # -f replaces both
        missing = run("-f", where / "none", "ip", "::1")
        assert missing.returncode == 2 and missing.stdout == "" and "none" in missing.stderr, missing


@contextlib.contextmanager
def started(*args):
    child = subprocess.Popen([SOUNDER, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()


def test_signals_end_a_watch_properly():
    if not has("tcp"):
        raise Skip("tcp is not there")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        port = listener.getsockname()[1]
        for number in (signal.SIGINT, signal.SIGTERM):
            with started("tcp", f"127.0.0.1:{port}", "--interval", "50ms") as child:
                child.stdout.readline()
                child.send_signal(signal.SIGQUIT)
                status = child.stderr.readline()
                child.send_signal(number)
                out, err = child.communicate(timeout=5)
                assert child.returncode == 0 and "tcp statistics" in out and "0% lost" in out, (out, err)
                assert f"127.0.0.1:{port}" in status, status
        code, objects = run_json("tcp", f"127.0.0.1:{port}", "--interval", "50ms", "--count", "3")
        assert code == 0 and [o["type"] for o in objects] == ["probe"] * 3 + ["summary"], objects
        assert [o["sequence"] for o in objects[:3]] == [1, 2, 3] and objects[3]["loss_percent"] == 0, objects
        start = time.monotonic()
        code, objects = run_json("tcp", f"127.0.0.1:{port}", "--interval", "100ms", "--deadline", "0.5")
        assert code == 0 and time.monotonic() - start < 3 and objects[-1]["type"] == "summary" and 3 <= objects[-1]["received"] <= 7, objects


def test_serve_ends_cleanly():
    if not has("serve"):
        raise Skip("serve is not there")
    for number in (signal.SIGINT, signal.SIGTERM):
        with started("serve", "daytime", "--tcp", "127.0.0.1:0", "--json") as child:
            first = json.loads(child.stdout.readline())
            assert first["event"] == "listening" and first["service"] == "daytime" and first["transport"] == "tcp", first
            with socket.create_connection((first["address"], first["port"]), 5) as client:
                assert client.recv(200).endswith(b"\r\n")
            child.send_signal(number)
            out, err = child.communicate(timeout=5)
            assert child.returncode == 0 and err == "", (out, err)
            assert json.loads(out.splitlines()[-1])["event"] == "counters", out


def test_bash_completion():
    script = os.path.join(os.path.dirname(SOUNDER), "assets", "manual", "sounder")
    if not os.path.exists(script):
        raise Skip("the completion was not built")
    ask = f'. {script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sounder; echo "${{COMPREPLY[@]}}"'
    rows = [(["sounder", "mas"], "mask"), (["sounder", "mask", "--js"], "--json"), (["sounder", "-f", "x", "set", "fra"], "frame-rate"),
            (["sounder", "help", "prot"], "protocol"), (["sounder", "--vers"], "--version")]
    for words, expected in rows:
        done = subprocess.run(["bash", "-c", ask, "bash", *words], capture_output=True, text=True)
        assert done.stdout.strip() == expected and not done.stderr, (words, done)


def test_manual():
    page = os.path.join(os.path.dirname(SOUNDER), "assets", "manual", "sounder.1")
    if not os.path.exists(page):
        raise Skip("the manual was not built")
    with open(page) as file:
        text = file.read()
    for section in ("EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
        assert f".SH {section}\n" in text, section
    for line in run("help", "--json").stdout.splitlines():
        assert f'.SS "{json.loads(line)["name"]} ' in text, line


OTHER_TOOLS = {"tracepath": "path HOST", "pathping": "path HOST", "nslookup": "dns NAME", "dig": "dns NAME",
             "cname": "dns NAME CNAME", "dial": "tcp HOST:PORT", "nc": "tcp HOST:PORT", "tcpping": "tcp HOST:PORT", "netmask": "mask ADDRESS",
             "curl": "get URL", "ss": "listeners", "pign": "did you mean ping", "pnig": "did you mean ping", "PING": "did you mean ping"}


def test_KA6_names_of_other_programs():
    for word, message in OTHER_TOOLS.items():
        for more in ((), ("db1",)):
            done = run(word, *more)
            assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1, done
            assert message in done.stderr and f"sounder -- {word}" in done.stderr, done.stderr
    from terminal import Screen
    with Screen("tracepath", "db1", prefix=("unshare", "-rn")) as screen:
        screen.read_until(b"no such command")
        assert screen.wait(3) == 2
    with tempfile.TemporaryDirectory() as folder, Screen("127.0.0.9", "--log", f"{folder}/log", prefix=("unshare", "-rn")) as screen:
        screen.read_until(b"127.0.0.9")
        assert os.path.exists(f"{folder}/log")
    with Screen("--", "ping", prefix=("unshare", "-rn")) as screen:
        screen.read_until(b"Overview")
        screen.read_until(b"ping")


if __name__ == "__main__":
    main(globals())
