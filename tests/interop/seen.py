#!/usr/bin/env python3
"""seen.py - what the first dashboard got wrong in its words and its evidence, each so that it can't come back: keys in, picture out."""
import os
import pathlib
import re
import socket
import subprocess
import time

import harness
from driven import Driven
from harness import main

HERE = pathlib.Path(__file__).resolve().parents[2]


def test_an_outage_has_its_most_common_reason():
    """One refused probe beside many without an answer: the outage is the many's; and DOWN is never called answered."""
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(0)
    port = silent.getsockname()[1]
    full = [socket.socket() for _ in range(3)]  # the queue is full: no answer comes
    for one in full:
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
    line = f"tcp 127.0.0.1:{port} --interval 150ms --timeout 100ms"
    with harness.folder() as folder, Driven(folder, lines=[line], prefix=(), columns=140) as screen:
        screen.see("DOWN")
        screen.read(1.5)
        silent.close()  # a few are refused meanwhile
        time.sleep(0.3)
        again = socket.socket()
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
        again.listen(0)
        more = [socket.socket() for _ in range(3)]
        for one in more:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        screen.read(1.5)
        row = screen.text().split("\n")[screen.row_of("DOWN ")]
        assert "not connected in time" in row and "refused" not in row and "answered" not in row, screen.text()
    for one in (*full, *more, again):
        one.close()


def test_new_is_neither_lossy_nor_worse_than_up():
    """A target that was asked once has no loss of 100 %, in the table and beside its chart, and stands below those that are up."""
    lines = ["serve echo --tcp 127.0.0.1:7000", "tcp 127.0.0.2:9 --interval 1h", "tcp 127.0.0.1:7000 --interval 200ms"]
    with harness.folder() as folder, Driven(folder, lines=lines, rows=40, columns=140) as screen:
        screen.see("new")
        screen.see("up ")
        assert screen.row_of("  up ") < screen.row_of("  new "), screen.text()
        assert "100" not in screen.text().split("\n")[screen.row_of("  new ")], screen.text()
        screen.keys(b"2", b"G")
        screen.see("127.0.0.2:9  127.0.0.2 ─")
        screen.see("1 lost")
        assert "100 % lost" not in screen.text(), screen.text()


def test_a_sentence_adds_no_hosts():
    """a and "no such host": one line refuses it, nothing is watched."""
    with harness.folder() as folder, Driven(folder) as screen:
        screen.keys(b"a")
        screen.type("no such host")
        screen.keys(b"\r", gap=0.4)
        screen.see("are these hosts?")
        screen.keys(b"\033", gap=0.3)
        screen.see("Nothing is watched yet")
        screen.line("write-config now.conf")
        assert screen.wait_for((pathlib.Path(folder) / "now.conf").exists)
        assert "ping" not in (pathlib.Path(folder) / "now.conf").read_text()


def test_copied_is_what_somebody_confirmed():
    """The terminal confirms nothing: it is sent there. Who does: conventions.py, test_copy."""
    with harness.folder() as folder, Driven(folder, lines=["tcp 127.0.0.1:9 --interval 1h"]) as screen:
        screen.see("127.0.0.1")
        for key in (b"y", b"Y"):
            screen.keys(b"g", key)
            screen.see("sent to the terminal: ")
            assert "copied" not in screen.text(), screen.text()


def test_probes_of_a_host_are_one_row():
    """Three probes of a host are one row, about the worst; keys act on all of them, `u` brings all back, `f` shows each."""
    lines = ["serve echo --tcp 127.0.0.1:7000", "tcp 127.0.0.1:7000 --interval 200ms", "tcp 127.0.0.1:9 --interval 200ms",
             "dns 127.0.0.1 PTR --server 127.0.0.1:7 --interval 200ms --timeout 100ms", "tcp 127.0.0.2:7000 --interval 200ms"]
    with harness.folder() as folder, Driven(folder, lines=lines, rows=40, columns=120) as screen:
        screen.see("127.0.0.1 +2 1 down")
        row = screen.text().split("\n")[screen.row_of("127.0.0.1 +2 1 down")]
        assert "DOWN" in row and "tcp" in row and "dns" in row, screen.text()
        assert "127.0.0.1:9 " not in screen.text().split("Log")[0], screen.text()
        screen.keys(b"f")
        screen.see("127.0.0.1:9 ")
        screen.keys(b"f")
        screen.see("127.0.0.1 +2")
        screen.keys(b"p")
        screen.see("3 targets paused")
        screen.keys(b"p")
        screen.see("3 targets go on")
        screen.keys(b"r")
        screen.see("figures of all targets of 127.0.0.1 were reset")
        screen.keys(b"d")
        screen.see("removed all 3 targets of 127.0.0.1")
        screen.see(" 1 target, ")
        screen.see_no(" held ")
        screen.keys(b"u")
        screen.see(" 4 watched")
        screen.see("127.0.0.1 +2")


def test_the_page_is_beside_where_it_is_wide():
    """From 190 columns on the overview has the page of what the cursor is on, without a key; it follows the cursor."""
    lines = ["serve echo --tcp 127.0.0.1:7000", "tcp 127.0.0.1:9 --interval 200ms", "tcp 127.0.0.2:7000 --interval 200ms"]
    with harness.folder() as folder, Driven(folder, lines=lines, rows=45, columns=190) as screen:
        screen.see("DOWN")
        screen.see("\u2502 127.0.0.1 \u2500")
        screen.keys(b"G")
        screen.see("\u2502 127.0.0.2 \u2500")
        screen.resize(45, 189)
        screen.see_no("\u2502 127.0.0.2")
        assert screen.wait_for(lambda: "127.0.0.2:7000" in screen.text()), screen.text()


def test_esc_leads_back_from_a_path():
    """`t` on a line goes to its path; Esc, behind the message, to where one was: the overview, a page."""
    with harness.folder() as folder, Driven(folder, lines=["ping 127.0.0.1 --interval 1s"], rows=30, columns=110) as screen:
        screen.see("127.0.0.1")
        # The first time a message stands before it, "watching".
        for before, mark, steps in ((b"", " Watching ", 2), (b"\r", "probes of this host  Esc back", 1)):
            screen.keys(before)
            screen.see(mark)
            screen.keys(b"t")
            screen.see("host or address, and options")
            screen.keys(*[b"\033"] * steps, gap=0.4)
            screen.see(mark)
            assert "host or address, and options" not in screen.text(), screen.text()


def test_replace_has_a_name():
    """e writes the target's name into the prompt, no number of ours."""
    lines = ["tcp 127.0.0.1:9 --interval 1h", "tcp 127.0.0.2:9 --interval 1h"]
    with harness.folder() as folder, Driven(folder, lines=lines) as screen:
        screen.see("127.0.0.2")
        screen.keys(b"G", b"e")
        screen.see("replace 127.0.0.2:9 tcp ")
        assert re.search(r"▏replace 127\.0\.0\.2:9 tcp --interval 1h 127\.0\.0\.2:9", screen.text()), screen.text()


def test_root_sees_whose_sockets_they_are():
    """listeners as root names the programs of other users: the capability is there when it is needed."""
    if os.geteuid() != 0:
        raise harness.Skip("who is not root has no other user's program to look at")
    script = ('ip link set lo up; setpriv --reuid 65534 --clear-groups python3 -c "import socket, time; s = socket.create_server((\'127.0.0.1\', 7007)); time.sleep(60)" & '
              'while ! ss -Hltn | grep -q 7007; do sleep 0.05; done; "$0" listeners; kill $!')
    done = subprocess.run(["unshare", "-n", "sh", "-c", script, harness.SOUNDER], capture_output=True, text=True, timeout=30)
    assert re.search(r"127\.0\.0\.1:7007 .*python3", done.stdout), done


def test_saved_twice_in_a_second():
    """Each gets a name of its own."""
    with harness.folder() as folder, Driven(folder, columns=150) as screen:
        for _ in range(3):
            screen.keys(b"\x13", gap=0.1)
        place = pathlib.Path(folder) / ".local/state/sounder"
        assert screen.wait_for(lambda: place.exists() and len(list(place.iterdir())) == 3), screen.text()
        assert all(path.stat().st_size > 0 for path in place.iterdir())


def test_one_word_for_one_thing():
    """The log is the log everywhere; to freeze the picture and to pause a target are two words; s shares and p pauses, in every panel."""
    with harness.folder() as folder, Driven(folder, lines=["tcp 127.0.0.1:9 --interval 100ms"], rows=40, columns=120) as screen:
        screen.see("DOWN")
        for digit in b"123456789":
            screen.keys(bytes([digit]))
            assert not re.search(r"\b(Lately|Journal|Recent|pause)\b", screen.text()), screen.text()
        screen.keys(b"1")
        screen.see("Log ─")
        screen.keys(b"8")
        screen.see("Log ─")
        screen.keys(b"1", b"?")
        screen.type("freeze")
        screen.see("freeze")
        screen.keys(b"\033", gap=0.3)
        screen.keys(b"1", b" ")
        screen.see("still ")
        screen.keys(b" ")
        screen.keys(b"g", b"p")
        screen.see("is paused")
    keys = {}
    for path in [HERE / "assets/keys/default.conf", *(HERE / "ui").glob("panel_*.c"), HERE / "ui/question_panel.c"]:
        text = re.sub(r"ui_key verbs\[\].*?\};", "", path.read_text(), flags=re.S)  # letters within a menu
        for key, line in re.findall(r'^bind (\S+) "([^"]*)"', text, re.M) + re.findall(r'^\t\{"([^"]+)", "([^"]*)"', text, re.M):
            keys.setdefault(key, set()).add(line.split()[0])
    assert keys["s"] == {"share"} and keys["p"] == {"pause"}, (keys["s"], keys["p"])


main(globals())
