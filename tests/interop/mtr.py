#!/usr/bin/env python3
"""mtr.py - reports of the real mtr through a router, read back and printed by our own code (lib/mtr_again.c): the same bytes."""
import os
import subprocess

import net3
from harness import main, need

NAMES = ["a-router-with-a-name-of-more-columns-than-there-are.example"]
AGAIN = os.environ.get("MTR_AGAIN", "")


def report(*options, target=None):
    """What mtr prints with --report and what we make of that."""
    full = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    theirs = subprocess.run(["mtr", "--report", "-i", "0.1", "-c", "2", "--gracetime", "0.5", *options, target], capture_output=True, text=True,
                            timeout=60, env=full, stdin=subprocess.DEVNULL)
    assert theirs.returncode == 0 and theirs.stdout.startswith("Start: "), theirs
    wide = ["-w"] if "-w" in options else []
    ours = subprocess.run([AGAIN, *wide, *NAMES, os.uname().nodename], input=theirs.stdout, capture_output=True, text=True, timeout=60, env=full)
    assert ours.stdout == theirs.stdout, (options, theirs.stdout, ours.stdout, ours.stderr)
    return theirs.stdout


def in_reports():
    with net3.Net():
        subprocess.run(["ip", "route", "add", "default", "via", net3.ROUTER4], check=True)
        subprocess.run(["ip", "route", "add", "default", "via", net3.ROUTER6], check=True)
        compare()


def compare():
    net3.hosts([f"{net3.ROUTER4} {NAMES[0]}", "10.80.2.250 server.example"])
    for options in (), ("-w",), ("-b",), ("-b", "-w"), ("-n",), ("-n", "-w"), ("-n", "-z"), ("-n", "-z", "-w"):
        text = report(*options, target="10.80.2.250")
        assert len(text.splitlines()) == 4, (options, text)
    text = report("-n", "-m", "3", target="10.80.2.77")  # nobody is there
    assert "???" in text and "100.0 " in text, text
    assert "::" in report("-n", target="fd80:2::fa")


def test_reports_are_the_same_to_the_byte():
    need("mtr")
    assert os.access(AGAIN, os.X_OK), f"MTR_AGAIN={AGAIN}"
    net3.inside(__file__, "reports", MTR_AGAIN=AGAIN)


if not net3.entry(globals()):
    main(globals())
