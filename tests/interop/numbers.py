#!/usr/bin/env python3
"""numbers.py - `port` and `protocol` beside the C library's look-ups in the same files (getent)."""
import subprocess

import harness


def getent(database):
    """Rows of (name, number, protocol, aliases); None where getent has none."""
    harness.need("getent")
    done = subprocess.run(["getent", database], capture_output=True, text=True, check=False)
    if done.returncode != 0 or not done.stdout:
        raise harness.Skip(f"no {database} on this system")
    for line in done.stdout.splitlines():
        name, number, *aliases = line.split()
        number, _, protocol = number.partition("/")
        yield name, int(number), protocol, aliases


def test_every_service_of_the_system():
    rows = list(getent("services"))
    for name, number, protocol, aliases in rows[::5]:
        code, sheets = harness.run_json("port", protocol, name)
        first = sheets[0]
        assert code == 0 and any(s["port"] == number and s["source"] == "system" for s in sheets), (name, sheets)
        assert first["source"] == "system", sheets
        mine = next(s for s in sheets if s["port"] == number)
        assert not aliases or set(aliases) <= set(mine["aliases"]) or name != mine["name"], (name, aliases, mine)
        code, sheets = harness.run_json("port", protocol, number)
        assert code == 0 and name in [s["name"] for s in sheets], (name, sheets)


def test_every_protocol_of_the_system():
    for name, number, _, aliases in getent("protocols"):
        code, sheets = harness.run_json("protocol", number)
        mine = [s for s in sheets if s["name"] == name]
        assert code == 0 and mine and mine[0]["source"] == "system" and set(aliases) <= set(mine[0]["aliases"]), (name, sheets)


def test_telnet_is_23():
    done = harness.run("port", "tcp", "telnet")
    assert done.returncode == 0 and done.stdout.startswith("23/tcp") and "telnet" in done.stdout, done


def test_all_protocols_of_a_number():
    _, sheets = harness.run_json("port", "53")
    assert {"tcp", "udp"} <= {s["protocol"] for s in sheets}
    assert all(set(s) >= {"port", "protocol", "name", "aliases", "description", "source"} for s in sheets)


def test_without_system_files():
    """In a mount namespace where both files are empty, IANA's rows answer."""
    script = "mount --bind /dev/null /etc/services && mount --bind /dev/null /etc/protocols && $SOUNDER port --json tcp telnet && " \
             "$SOUNDER protocol --json tcp"
    done = subprocess.run([*harness.namespace("m"), "sh", "-c", script], capture_output=True, text=True, env={"SOUNDER": harness.SOUNDER, "PATH": "/usr/bin:/bin"},
                          check=False, timeout=30)
    if "mount:" in done.stderr:
        raise harness.Skip("no mounts here: " + done.stderr.strip())
    assert done.returncode == 0 and done.stdout.count('"source":"iana"') == 2, done


if __name__ == "__main__":
    harness.main(globals())
