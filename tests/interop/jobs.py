#!/usr/bin/env python3
"""jobs.py - what people open the dashboard for: at most three keys beside what is typed, and the answer is on the screen."""
import pathlib
import re
import time

import harness
from driven import Driven
from harness import main
from web_peer import Peer

SERVE = [f"serve echo --tcp 127.0.0.{n}:7000" for n in (1, 2, 3)]


class Counting(Driven):
    """Counts the keys that are pressed; text that is typed is a name."""
    pressed = 0

    def press(self, *keys):
        self.pressed += len(keys)
        self.keys(*keys, gap=0.3)


def test_which_of_forty_hosts_is_down():
    """Since when, and why: no key."""
    hosts = [f"tcp 127.0.2.{n}:7000 --interval 500ms" for n in range(1, 41)]
    lines = [f"serve echo --tcp 127.0.2.{n}:7000" for n in range(1, 41) if n != 17]
    with harness.folder() as folder, Counting(folder, lines=lines + hosts, rows=24, columns=100) as screen:
        screen.see("1 down")
        screen.wait_for(lambda: re.search(r"DOWN +127\.0\.2\.17:7000 .*since \d\d:\d\d:\d\d \(\d+s\) +connection refused", screen.text()))
        line = screen.text().split("\n")[screen.row_of("DOWN ")]
        assert re.search(r"127\.0\.2\.17:7000 .*since \d\d:\d\d:\d\d \(\d+s\) +connection refused", line), screen.text()
        assert screen.row_of("DOWN ") == screen.row_of("State") + 1 and screen.pressed == 0, screen.text()


def late(connection, _):
    time.sleep(0.7)
    connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")


def test_why_is_that_site_slow():
    """It is called SLOW, with the part of the request that takes the time: no key; its phases have a panel."""
    with harness.folder() as folder, Peer(late) as peer:
        with Counting(folder, lines=[f"head {peer.url('/slow')} --interval 800ms"], prefix=(), rows=40, columns=200) as screen:
            screen.see("SLOW", 60)
            assert screen.wait_for(lambda: re.search(r"the server took 7\d\d ", screen.text())), screen.text()
            screen.press(b"6")
            assert screen.wait_for(lambda: re.search(r"\(limit .*the server took 7\d\d ", screen.text())), screen.text()
            assert screen.pressed <= 3


def test_who_listens_on_8080():
    """5 i and the number."""
    with harness.folder() as folder, Counting(folder, lines=["serve echo --tcp 127.0.0.1:8080"]) as screen:
        screen.press(b"5", b"i")
        screen.type("8080")
        screen.see("8080  tcp")
        screen.see("127.0.0.1:8080")
        assert re.search(r"sounder", screen.text()) and screen.pressed <= 3, screen.text()


def test_tell_me_when_a_port_is_up():
    """One line; or ! on its row."""
    with harness.folder() as folder, Counting(folder, lines=["tcp 127.0.0.1:7001 --interval 100ms", "set desktop on"]) as screen:
        screen.see("DOWN")
        screen.press(b"g", b"!")
        screen.see("alert at the next change of 127.0.0.1:7001")
        screen.see("127.0.0.1:7001 !")
        screen.line("tcp --until up 127.0.0.1:7001 --interval 100ms")
        screen.see("1 job")
        screen.keys(b"\033", b"\033", gap=0.3)
        screen.output = b""
        screen.line("serve echo --tcp 127.0.0.1:7001")
        screen.read_until(b"\033]9;127.0.0.1:7001 (tcp): up, was DOWN")
        assert b"\a" in screen.output.replace(b"\033]", b"").split(b"9;127")[0] or screen.output.count(b"\a") > 1, screen.output
        assert screen.wait_for(lambda: "1 job" not in screen.text())
        screen.see_no("127.0.0.1:7001 !")
        assert screen.pressed <= 3


def test_compare_three_hosts():
    """* three times: one chart."""
    lines = SERVE + [f"tcp 127.0.0.{n}:7000 --interval 100ms" for n in (1, 2, 3)] + ["panel ping"]
    with harness.folder() as folder, Counting(folder, lines=lines, rows=40, columns=140) as screen:
        screen.see("127.0.0.3")
        screen.press(b"*", b"*", b"*")
        screen.see("a 127.0.0.")
        assert screen.wait_for(lambda: re.search(r"127\.0\.0\.\d:7000 .*\n.* a 127\.0\.0\.\d:7000 .* b 127\.0\.0\.\d:7000 .* c 127\.0\.0\.\d:7000", screen.text())), screen.text()
        assert screen.pressed <= 3


def test_share_the_incident():
    """s and Enter: a report on what is worst, in a file whose path is shown."""
    lines = SERVE + ["tcp 127.0.0.1:7000 --interval 100ms", "tcp 127.0.0.9:7000 --interval 100ms"]
    with harness.folder() as folder, Counting(folder, lines=lines, columns=150) as screen:
        screen.see("DOWN")
        screen.press(b"s", b"\r")
        screen.see("saved to /")
        text = pathlib.Path(re.search(r"saved to (/\S+)", screen.text())[1]).read_text()
        for words in ("# 127.0.0.9:7000 (tcp): DOWN", "- since: ", "connection refused", "- seen from: ", "- asked with: `sounder tcp", "## Outages", "## Log"):
            assert words in text, (words, text)
        assert screen.pressed <= 3


main(globals())
