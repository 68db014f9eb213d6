#!/usr/bin/env python3
"""ports.py - `port`, `protocol` and `listeners` beside getent for every row of this system's files, beside IANA's table read by a second parser, and
beside ss in a network of the test's own."""
import csv
import json
import os
import pathlib
import re
import subprocess

import harness

IANA = harness.TESTS.parent / "assets/iana"


def getent(database, *keys):
    harness.need("getent")
    return subprocess.run(["getent", database, *keys], capture_output=True, text=True, check=False).stdout.splitlines()


def listed(database):
    """Every row of a database as getent prints it."""
    rows = getent(database)
    if not rows:
        raise harness.Skip(f"no {database} on this system")
    return rows


def bulk(command, questions):
    """One process answers all; returns its lines, in order."""
    done = harness.run(command, "--getent", "-", stdin="\n".join(questions) + "\n")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def answers_of(lines, wanted):
    missing = [line for line in wanted if line not in lines]
    assert not missing, missing[:5]


def test_getent_services_by_name():
    rows = listed("services")
    names = [row.split()[0] + "/" + row.split()[1].split("/")[1] for row in rows]
    answers_of(bulk("port", names), rows)
    # One at a time, the row that getent picks is the first.
    for name in names[::20]:
        service, protocol = name.split("/")
        row = subprocess.run(["getent", "-s", "files", "services", name], capture_output=True, text=True, check=False).stdout.splitlines()
        mine = harness.run("port", "--getent", protocol, service).stdout.splitlines()
        assert row and mine[0] == row[0], (name, row, mine)


def test_getent_services_by_port():
    rows = listed("services")
    numbers = [row.split()[1] for row in rows]
    answers_of(bulk("port", numbers), rows)
    for number in numbers[::20]:
        mine = harness.run("port", "--getent", number).stdout.splitlines()
        assert mine[0] == getent("services", number)[0], (number, mine)


def test_getent_services_by_alias():
    aliases = [(alias, row) for row in listed("services") for alias in row.split()[2:]]
    answers_of(bulk("port", [alias for alias, _ in aliases]), [row for _, row in aliases])


def test_getent_protocols():
    rows = listed("protocols")
    for key in (0, 1):
        answers_of(bulk("protocol", [row.split()[key] for row in rows]), rows)
    for row in rows:
        name, number = row.split()[:2]
        assert row in harness.run("protocol", "--getent", name).stdout.splitlines(), row
        assert harness.run("protocol", "--getent", number).stdout.splitlines()[0] == getent("protocols", number)[0], row


def test_all_protocols_where_getent_gives_one():
    mine = harness.run("port", "--getent", "443").stdout.split()
    assert {"443/tcp", "443/udp", "443/sctp"} <= set(mine), mine


def test_every_row_of_iana():
    """Each name of IANA's table with its port, in one process; the table is read here on its own."""
    with open(IANA / "services.tsv", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row and not row[0].startswith("#")]
    known = [row[:3] for row in rows if row[2] and re.fullmatch(r"\d+(-\d+)?", row[0])]
    assert len(known) > 10000, (len(known), rows[:2])
    done = harness.run("port", "--getent", "-", stdin="".join(f"{row[2]}/{row[1]}\n" for row in known), timeout=60)
    got = {tuple(line.split()[:2]) for line in done.stdout.splitlines()}
    lower = {(name.lower(), port) for name, port in got}
    missing = [row for row in known if (row[2].lower(), f"{row[0]}/{row[1]}") not in lower]
    assert not missing, (len(missing), missing[:5])


def test_range_and_words():
    code, sheets = harness.run_json("port", "6000-6010")
    assert code == 0 and all(s["port"] <= 6010 and (s["port_last"] or s["port"]) >= 6000 for s in sheets)
    code, sheets = harness.run_json("port", "tcp", "ssh", "telnet")
    assert code == 0 and [s["port"] for s in sheets][:2] == [22, 23] and {s["protocol"] for s in sheets} == {"tcp"}, sheets
    code, sheets = harness.run_json("port", "53/udp")
    assert code == 0 and {(s["port"], s["protocol"]) for s in sheets} == {(53, "udp")}
    assert {s["range"] for s in sheets} == {"well-known"} and sheets[0]["ephemeral"] in (False, None)


def test_likeness():
    _, sheets = harness.run_json("port", "--like", "kerberos")
    assert len(sheets) > 10 and all("kerberos" in json.dumps(s).lower() for s in sheets)
    _, sheets = harness.run_json("port", "--fuzzy", "htpps")
    assert sheets[0]["name"] == "https"
    assert harness.run("port", "--like", "htpps").returncode == 1
    _, sheets = harness.run_json("protocol", "--fuzzy", "icpm")
    assert [s["name"] for s in sheets] == ["icmp"]


def test_own_labels():
    with harness.folder() as folder:
        (folder / "sounder").mkdir()
        labels = folder / "sounder" / "services"
        labels.write_text("billing 8443/tcp pay\t# the till\nbad line\nhttps 443/tcp\n")
        env = {"XDG_CONFIG_HOME": str(folder)}
        code, sheets = harness.run_json("port", "8443", env=env)
        assert code == 0 and (sheets[0]["name"], sheets[0]["source"], sheets[0]["description"]) == ("billing", "user", "the till"), sheets
        assert harness.run("port", "--getent", "tcp", "pay", env=env).stdout == "billing               8443/tcp pay\n"
        # Where a service's name is read as a port, the label counts too.
        code, sheets = harness.run_json("resolve", "127.0.0.1:billing", env=env)
        assert code == 0 and sheets[0]["port"] == 8443, sheets
        for spoil in (lambda: labels.write_bytes(b"a\0b"), lambda: (labels.unlink(), os.mkfifo(labels)), lambda: (labels.unlink(), labels.mkdir())):
            spoil()
            done = harness.run("port", "443", env=env, timeout=5)
            assert done.returncode == 2 and "https" in done.stdout and str(labels) in done.stderr, done


# Listeners of all kinds in a network of its own; prints what sounder and ss say.
SCENE = r"""
import json, os, socket, subprocess, sys
held = []
def hold(family, kind, address, port, listen=True, **options):
    s = socket.socket(family, kind)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, options.get("only", 1))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    if kind == socket.SOCK_STREAM and listen:
        s.listen(5)
    held.append(s)
    return s
T, U, I4, I6 = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.AF_INET, socket.AF_INET6
hold(I4, T, "0.0.0.0", 22); hold(I6, T, "::", 22); hold(I4, T, "127.0.0.1", 8080); hold(I6, T, "::", 9090, only=0)
hold(I6, T, "::1", 8443); hold(I4, U, "0.0.0.0", 53); hold(I6, U, "::1", 53); hold(I4, U, "127.0.0.1", 5353)
hold(I4, T, "127.0.0.1", 6003); hold(I4, T, "127.0.0.1", 7777, listen=False)
connected = hold(I4, U, "127.0.0.1", 6666); connected.connect(("127.0.0.1", 53))
client = socket.create_connection(("127.0.0.1", 8080)); held.append(client)
for i in range(200):
    hold(I4, T, "127.0.0.1", 20000 + i)
def say(*args):
    done = subprocess.run(args, capture_output=True, text=True)
    return {"code": done.returncode, "out": done.stdout, "error": done.stderr}
print(json.dumps({"pid": os.getpid(), "ss": say("ss", "-H", "-ltnu")["out"], "all": say(os.environ["SOUNDER"], "listeners", "--json"),
    "ssh": say(os.environ["SOUNDER"], "listeners", "--json", "tcp", "ssh"), "none": say(os.environ["SOUNDER"], "listeners", "7777"),
    "range": say(os.environ["SOUNDER"], "listeners", "--json", "8000-8999"), "text": say(os.environ["SOUNDER"], "listeners", "udp"),
    "port": say(os.environ["SOUNDER"], "port", "--json", "22/tcp"), "word": say(os.environ["SOUNDER"], "port", "22/tcp"),
    "unassigned": say(os.environ["SOUNDER"], "port", "9090/tcp"), "x11": say(os.environ["SOUNDER"], "port", "6003"), "free": say(os.environ["SOUNDER"], "port", "20001")}))
"""


def scene():
    harness.need("unshare", "ss", "python3")
    with harness.folder() as folder:
        (folder / "scene.py").write_text(SCENE)
        done = harness.in_namespace(f"python3 {folder}/scene.py")
    if done.returncode != 0:
        raise harness.Skip("no network namespace: " + done.stderr.strip()[-200:])
    return json.loads(done.stdout)


def rows_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_listeners_beside_ss():
    seen = scene()
    wanted = set()
    for line in seen["ss"].splitlines():
        transport, _, _, _, local = line.split()[:5]
        address, port = local.rsplit(":", 1)
        wanted.add((transport, address.strip("[]"), int(port)))
    got = {(s["transport"], "*" if s["dual"] else s["address"], s["port"]) for s in rows_of(seen["all"]["out"])}
    assert len(wanted) > 200 and got == wanted, (got - wanted, wanted - got)
    assert [s["port"] for s in rows_of(seen["all"]["out"])] == sorted(s["port"] for s in rows_of(seen["all"]["out"]))
    assert {(s["address"], s["service"]) for s in rows_of(seen["ssh"]["out"])} == {("0.0.0.0", "ssh"), ("::", "ssh")}
    assert {s["port"] for s in rows_of(seen["range"]["out"])} == {8080, 8443}
    assert (seen["none"]["code"], seen["none"]["out"]) == (1, "") and "nobody listens here on 7777" in seen["none"]["error"], seen["none"]
    assert len(seen["text"]["out"].splitlines()) == 3 and "[::1]:53" in seen["text"]["out"], seen["text"]


def test_port_shows_who_listens():
    seen = scene()
    sheet = rows_of(seen["port"]["out"])[0]
    assert [s["address"] for s in sheet["listeners"]] == ["0.0.0.0", "::"], sheet
    # The test's program holds capabilities within its namespace; a named one is this very process.
    assert all(s["pid"] in (None, seen["pid"]) and s["inode"] > 0 for s in sheet["listeners"])
    assert "listening here: 0.0.0.0 " in seen["word"]["out"], seen["word"]
    # IANA gives x11 a range of ports: which of them is said.
    assert "listening here: 6003 127.0.0.1 " in seen["x11"]["out"], seen["x11"]
    assert seen["free"]["code"] in (0, 1) and "20001" in seen["free"]["out"] + seen["free"]["error"]


def test_own_program_is_named():
    """As an ordinary user, one's own programs are named and their process given."""
    harness.need("setpriv") if os.geteuid() == 0 else None
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    script = "import socket,subprocess,sys,os\ns=socket.create_server(('127.0.0.1',0))\nport=str(s.getsockname()[1])\n" \
             "print(os.getpid(),flush=True)\nsys.exit(subprocess.run([sys.argv[1],'listeners','--json',port]).returncode)"
    done = subprocess.run([*as_user, "/usr/bin/python3", "-c", script, harness.SOUNDER], capture_output=True, text=True, check=False, timeout=20,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    if "ermission denied" in done.stderr:
        raise harness.Skip(done.stderr.strip()[-200:])
    assert done.returncode == 0, done
    pid, line = done.stdout.splitlines()
    sheet = json.loads(line)
    assert sheet["pid"] == int(pid) and sheet["process"].startswith("python3"), (done.stdout, sheet)
    other = subprocess.run([harness.SOUNDER, "listeners"], capture_output=True, text=True, check=False).stdout
    assert "CAP_SYS_PTRACE" in other or "(pid " in other or "could not be looked for" in other or other == ""


if __name__ == "__main__":
    harness.main(globals())
