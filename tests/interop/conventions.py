#!/usr/bin/env python3
"""conventions.py - what an expert expects of a full-screen program, a function a topic: keys in, picture or file out."""
import base64
import csv
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import harness
from driven import ALONE, Driven
from harness import main

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "faults"))

TARGETS = [f"{line} 127.0.0.{n}:7000{rest}" for line, rest in (("serve echo --tcp", ""), ("tcp", " --interval 200ms")) for n in (1, 2, 3, 4)]
UP, DOWN, RIGHT, LEFT, HOME, END, PGUP, PGDN, BACK_TAB = b"\033[A", b"\033[B", b"\033[C", b"\033[D", b"\033[H", b"\033[F", b"\033[5~", b"\033[6~", b"\033[Z"


def opened(folder, *args, lines=TARGETS, **options):
    return Driven(folder, *args, lines=lines, **options)


def test_move():
    """Arrows and hjkl, g G Home End, pages by keys and by ctrl-u ctrl-d."""
    many = [f"tcp 127.0.1.{n}:9 --interval 1h" for n in range(1, 61)]
    with harness.folder() as folder, opened(folder, lines=many) as screen:
        screen.see("127.0.1.1")
        screen.keys(b"g")
        places = {}
        for name, back, forth in (("letters", b"k", b"j"), ("arrows", UP, DOWN), ("pages", PGUP, PGDN), ("controls", b"\x15", b"\x04")):
            screen.keys(forth)
            there = screen.under_cursor()
            screen.keys(back)
            assert screen.under_cursor() == "127.0.1.1", (name, screen.text())
            places[name] = there
        assert places["letters"] == places["arrows"] == "127.0.1.2", places
        assert places["pages"] == places["controls"] not in ("127.0.1.1", "127.0.1.2"), places
        for bottom, top in ((b"G", b"g"), (END, HOME)):
            screen.keys(bottom)
            assert screen.under_cursor() == "127.0.1.60"
            screen.keys(top)
            assert screen.under_cursor() == "127.0.1.1"
        screen.keys(b"l")
        screen.see("host, address or @file")
        screen.keys(b"h", RIGHT, LEFT)
        screen.see("127.0.1.1")


def test_panels():
    """Digits go to panels, Tab and Shift-Tab round them, z gives one the screen."""
    with harness.folder() as folder, opened(folder) as screen:
        screen.see("127.0.0.1")
        screen.keys(b"8")
        screen.see("entries")
        screen.keys(b"5")
        screen.see("Ports tcp udp")
        screen.keys(b"\t")
        screen.see("HTTP ▏")
        screen.keys(BACK_TAB)
        screen.see("Ports tcp udp")
        screen.keys(b"z")
        screen.see_no("1 Overview")
        screen.keys(b"z")
        screen.see("1 Overview")
        assert "HTTP ▏" not in screen.text(), screen.text()


def test_quit():
    """q, ctrl-c and :q quit; Esc goes back and never out; ctrl-z suspends."""
    for keys in ((b"q",), (b"\x03",), (b":", b"q", b"\r")):
        with harness.folder() as folder, opened(folder) as screen:
            screen.keys(b"?")
            screen.see("Search")
            screen.keys(b"\033", gap=0.3)
            screen.see_no("Search")
            screen.keys(b"\033", b"\033", b"\033")
            assert screen.process.poll() is None
            screen.keys(*keys)
            assert screen.ends() == 0, keys
            screen.modes_are_back()
            assert not screen.picture.alternate
    import ui_faults
    ui_faults.test_G9_job_control()


def test_help():
    """? and F1 show the live keys, which can be searched; the foot of the screen has the keys of the panel."""
    with harness.folder() as folder, opened(folder, lines=["bind F9 'panel log' 'go to the logbook'"]) as screen:
        for key in (b"?", b"\033OP"):
            screen.keys(key)
            screen.see("Search")
            screen.type("logbook")
            screen.see("F9")
            screen.see("go to the logbook")
            screen.keys(b"\033", b"\033", gap=0.3)
        screen.see(": command")
        screen.see("? help")
        screen.keys(b"8")
        screen.see("x cancel")
        screen.keys(b"?")
        screen.type("panel log")
        screen.keys(b"\r")  # an entry can be run
        screen.see_no("Search")
        assert "entries" in screen.text(), screen.text()


def test_find_and_filter():
    """/ filters as one types: part of a name, smart case, ! turns it round; n and N go on, Esc ends it."""
    with harness.folder() as folder, opened(folder, lines=TARGETS + ["tcp --server 127.0.0.1:9 Rack.example:1 --interval 1h"]) as screen:
        screen.see("Rack.example")
        screen.keys(b"/")
        screen.type("0.3")
        screen.see("1 of 5")
        screen.keys(b"\x15")
        screen.type("!0.3")
        screen.see("4 of 5")
        screen.keys(b"\x15")
        screen.type("rack")
        screen.see("1 of 5")
        screen.keys(b"\x15")
        screen.type("RACK")
        screen.see("0 of 5")
        screen.keys(b"\x15")
        screen.type("127.0.0")
        screen.keys(b"\r", b"g")
        first = screen.under_cursor()
        screen.keys(b"n")
        assert screen.under_cursor() != first
        screen.keys(b"N")
        assert screen.under_cursor() == first
        screen.keys(b"\033", b"\033", gap=0.3)  # the message, then the filter
        screen.see("Rack.example")


def test_command_palette():
    """: and ctrl-p take every command, with history, completion and aliases; :q is in test_quit."""
    with harness.folder() as folder, opened(folder) as screen:
        screen.line("panel servers")
        screen.see("127.0.0.1:7000")
        screen.keys(b"\x10")  # ctrl-p
        screen.type("pan")
        screen.keys(b"\t")
        screen.see("▏panel")
        screen.type("por")
        screen.keys(b"\t", b"\r")
        screen.see("Ports tcp udp")
        screen.keys(b":", UP)
        screen.see("▏panel ports")
        screen.keys(UP)
        screen.see("▏panel servers")
        screen.keys(b"\r")
        screen.see("Service")
        screen.keys(b":")
        screen.type("http 127.0.0.1:7000 --timeout 1")  # an alias
        screen.keys(b"\r")
        screen.see_no("▏http")
        assert screen.process.poll() is None


def test_selection_and_bulk():
    """* marks and moves down, marks can be seen, a command works on all of them, and they can be taken off."""
    with harness.folder() as folder, opened(folder) as screen:
        screen.see("127.0.0.4")
        screen.keys(b"g", b"*", b"*", b"*")
        marked = [line for line in screen.text().split("\n") if re.search(r"127\.0\.0\.\d(:7000)? \*", line)]
        assert len(marked) == 3, screen.text()
        screen.line("group rack")
        screen.see("3 targets are now of group rack")
        screen.keys(b"/")
        screen.type("is:marked")
        screen.see("3 of 4")
        screen.keys(b"\033", gap=0.3)
        screen.line("mark --none")
        assert screen.wait_for(lambda: " *" not in screen.text()), screen.text()
        screen.line("write-config now.conf")
        assert screen.wait_for(lambda: (pathlib.Path(folder) / "now.conf").exists())
        assert "group rack\n" in (pathlib.Path(folder) / "now.conf").read_text()


def order(screen):
    return re.findall(r"^ . +\w+ +127\.0\.0\.(\d):7000 +tcp", screen.text(), re.M)


def test_sort_and_columns():
    """< > and F6 choose the column, I turns it round, a click on a head too; C chooses columns and write-config keeps them."""
    with harness.folder() as folder, opened(folder, lines=TARGETS + ["set mouse on"]) as screen:
        screen.see("127.0.0.4")
        screen.keys(b">")
        screen.see("Target↑")
        up = order(screen)
        screen.keys(b"I")
        screen.see("Target↓")
        assert screen.wait_for(lambda: order(screen) == up[::-1]), (up, screen.text())
        screen.keys(b"\033[17~")  # F6
        screen.see("Probe↓")
        screen.keys(b"<", b"I")
        screen.see("Target↑")
        row = screen.row_of("Target↑")
        column = screen.text().split("\n")[row].index("Loss %") + 2
        screen.keys(f"\033[<0;{column + 1};{row + 1}M".encode())
        screen.see("↑Loss %")
        screen.keys(b"C")
        screen.see("[x] loss")
        screen.keys(b"\r")  # the first, the state, is hidden
        screen.see("[ ] state")
        screen.keys(b"g", b">")  # the target behind the probe
        screen.keys(b"\033", gap=0.3)
        screen.see_no("[x]")
        head = next(line for line in screen.text().split("\n") if "Loss %" in line)
        assert "State" not in head and head.index("Probe") < head.index("Target"), head
        screen.line("write-config")
        screen.see("written to")
        kept = pathlib.Path(folder) / ".config/sounder/sounder.conf"
        assert "columns --panel overview probe target loss last" in kept.read_text(), kept.read_text()
        screen.line("columns nonsense")
        screen.see("the columns of overview are state target probe")
    with harness.folder() as folder:
        with opened(folder, lines=TARGETS + ["columns --panel overview target why"]) as screen:
            screen.see("127.0.0.4")
            assert "Loss %" not in screen.text(), screen.text()
            screen.line("columns --all")
            screen.see("Loss %")


def test_pause_refresh_reset():
    """Space freezes the picture, p pauses a target, ctrl-l draws anew, R asks now, r resets and u brings back."""
    with harness.folder() as folder, opened(folder) as screen:
        screen.see("127.0.0.4")
        screen.keys(b" ")
        screen.see("still ")
        screen.keys(b" ")
        screen.see_no("still ")
        screen.keys(b"g", b"p")
        screen.see("is paused")
        screen.see("paused ")
        screen.keys(b"p")
        screen.see("goes on")
        screen.output = b""
        screen.keys(b"\x0c", gap=0.5)
        assert b"Overview" in screen.output and b"127.0.0.3" in screen.output, screen.output
        screen.keys(b"R")
        screen.keys(b"r")
        screen.see("were reset; u brings them back")
        screen.keys(b"u")
        screen.see("back: figures of")


def test_copy():
    """y copies by the desktop's program where there is one, else by the terminal, says which, wraps it for tmux, and shows the text where it fails."""
    with harness.folder() as folder, opened(folder, env={"TMUX": "x"}) as screen:
        screen.see("127.0.0.1")
        screen.keys(b"g")
        value = screen.under_cursor()
        coded = base64.b64encode(value.encode())
        assert b"\033]52;c;" + coded in screen.output and b"\033Ptmux;\033\033]52;c;" + coded in screen.output, screen.output
        screen.keys(b"Y", gap=0.3)
        screen.see("sent to the terminal: tcp ")
        screen.line("set clipboard native")
        screen.keys(b"y")
        screen.see("neither wl-copy nor xclip nor xsel")
    for status, words in ((0, "copied by xclip: "), (1, "sent to the terminal: ")):
        with harness.folder() as folder:
            tool = pathlib.Path(folder) / "bin/xclip"
            tool.parent.mkdir()
            tool.write_text(f"#!/bin/sh\ncat >\"$HOME/clip\"\nexit {status}\n")
            tool.chmod(0o755)
            with opened(folder, env={"DISPLAY": ":7", "PATH": f"{tool.parent}:{os.environ['PATH']}"}) as screen:
                screen.see("127.0.0.1")
                screen.keys(b"g", b"y", gap=0.5)
                screen.see(words)
                assert re.search(words + r"127\.0\.0\.\d", screen.text()), screen.text()
                assert (pathlib.Path(folder) / "clip").read_text().startswith("127.0.0."), status
                assert (b"\033]52;" in screen.output) == (status != 0), screen.output


def saved(screen):
    screen.see("saved to /")
    return pathlib.Path(re.search(r"saved to (/\S+)", screen.text())[1])


def test_export():
    """ctrl-s saves the screen, s offers report, CSV, JSON, Markdown and text; each to a new file whose path is shown."""
    with harness.folder() as folder, opened(folder, columns=160, lines=TARGETS + ["tcp 127.0.0.9:9 --interval 100ms"]) as screen:
        screen.see("DOWN")
        screen.keys(b"\x13", gap=0.3)
        path = saved(screen)
        assert path.parent == pathlib.Path(folder) / ".local/state/sounder" and "127.0.0.3" in path.read_text(), path
        files = {}
        for number, kind in enumerate(("report", "csv", "json", "markdown", "screen")):
            screen.keys(b"\033", gap=0.3)
            screen.see_no("saved to")
            screen.keys(b"g", b"s")
            screen.see("the whole table as CSV")
            screen.keys(*[b"j"] * number, b"\r", gap=0.3)
            files[kind] = saved(screen).read_text()
        assert len(list(path.parent.iterdir())) == 6
        rows = list(csv.DictReader(io.StringIO(files["csv"])))
        objects = [json.loads(line) for line in files["json"].splitlines()]
        assert [row["target"] for row in rows] == [one["target"] for one in objects] and len(rows) == 5, files
        assert "DOWN" in rows[0]["state"] and objects[0]["last_seconds"] is None and objects[0]["loss_percent"] == 100, objects
        assert 0 < objects[1]["last_seconds"] < 1, objects
        assert files["markdown"].splitlines()[1].startswith("|---") and len(files["markdown"].splitlines()) == 7
        assert files["report"].startswith("# 127.0.0.9") and "refused" in files["report"] and "tcp" in files["report"], files["report"]
        assert "## Outages" in files["report"] and "asked with: `sounder tcp" in files["report"], files["report"]
        screen.line("share csv mine.csv")
        assert screen.wait_for(lambda: (pathlib.Path(folder) / "mine.csv").exists()) and f"{folder}/mine.csv" in screen.text()


def test_mouse():
    """It is off until asked for, by key, setting or flag, so that text can be selected."""
    on, off = b"\033[?1000h", b"\033[?1000l"
    with harness.folder() as folder, opened(folder) as screen:
        assert on not in screen.output
        screen.keys(b"m")
        screen.see("shift still selects text")
        assert screen.wait_for(lambda: on in screen.output)
        screen.keys(f"\033[<0;{screen.text().splitlines()[0].index('Ports') + 1};1M".encode())
        screen.see("Ports tcp udp")
        screen.keys(b"m")
        assert screen.wait_for(lambda: off in screen.output)
    with harness.folder() as folder, opened(folder, "--set", "mouse=on") as screen:
        assert screen.wait_for(lambda: on in screen.output)
    with harness.folder() as folder, opened(folder, "--set=mouse=off", lines=TARGETS + ["set mouse on"]) as screen:
        screen.read(1)
        assert on not in screen.output


def test_colours():
    """The terminal's own 16 colours and background by default; none with NO_COLOR that is not empty, or --color=never."""
    def drawn(*args, lines=TARGETS, **env):
        with harness.folder() as folder, opened(folder, *args, lines=lines, env=env) as screen:
            screen.see("127.0.0.4")
            screen.read(0.5)
            return {int(number) for part in re.findall(rb"\033\[([\d;]*)m", screen.output) for number in part.split(b";") if number}
    colours = set(range(30, 38)) | {38, 48} | set(range(40, 48)) | set(range(90, 108))
    by_default = drawn()
    assert by_default & {31, 32, 33}, by_default
    assert not drawn(NO_COLOR="1") & colours and not drawn("--color=never") & colours
    assert drawn(NO_COLOR="") & {31, 32, 33} and drawn("--color=always", NO_COLOR="1") & {31, 32, 33}


def test_themes():
    """T goes through ours and the user's own, a file in XDG_CONFIG_HOME; a mistake in it is named with its line."""
    with harness.folder() as folder:
        themes = pathlib.Path(folder) / "config/sounder/themes"
        themes.mkdir(parents=True)
        (themes / "night.theme").write_text("# mine\nlike dark\nok 118 bold\nbar 236\n")
        (themes / "wrong.theme").write_text("like dark\nokay 3\n")
        with opened(folder, lines=TARGETS + ["set theme night"], env={"XDG_CONFIG_HOME": str(themes.parent.parent)}) as screen:
            screen.see("127.0.0.4")
            assert screen.wait_for(lambda: b"38;5;118" in screen.output), screen.output[-600:]
            screen.line("theme light")
            screen.see("theme light")
            for name in ("contrast", "mono", "night"):
                screen.keys(b"T")
                screen.see(f"theme {name}")
            screen.line("theme wrong")
            screen.see("wrong.theme:2: no such style")
            screen.line("theme pink")
            screen.see("one of default, dark, light, contrast, mono is right")


def glyphs_of(args=(), env=None):
    """The characters of a chart."""
    lines = TARGETS + ["path 127.0.0.1", "ping 127.0.0.1 --interval 50ms", "panel ping", "chart-kind line"]
    with harness.folder() as folder, opened(folder, *args, lines=lines, env=env, rows=40, columns=120) as screen:
        screen.see("Probes")
        screen.read(2)
        return set(screen.text())


def test_graph_glyphs():
    """Braille, blocks or ASCII by a setting; by itself braille, no braille on the console, ASCII in another locale."""
    braille, blocks = {chr(code) for code in range(0x2801, 0x2900)}, set("\u2580\u2584\u2588")
    assert glyphs_of() & braille
    for options in ({"env": {"TERM": "linux"}}, {"args": ("--set", "glyphs=block")}):
        seen = glyphs_of(**options)
        assert not seen & braille and seen & blocks, seen
    assert glyphs_of(env={"TERM": "linux"}, args=("--set", "glyphs=braille")) & braille
    for options in ({"args": ("--set", "glyphs=ascii")}, {"env": {"LC_ALL": "C"}}):
        assert max(glyphs_of(**options)) < "\x7f", options


def test_flicker():
    """What did not change is not drawn, nothing is cleared, and a frame is the terminal's synchronized update."""
    with harness.folder() as folder, opened(folder) as screen:
        screen.see("127.0.0.4")
        screen.read(1)
        screen.output = b""
        screen.read(3)
        begins, ends = screen.output.count(b"\033[?2026h"), screen.output.count(b"\033[?2026l")
        assert begins == ends > 1, (begins, ends)
        assert b"\033[2J" not in screen.output and b"\033[H\033[J" not in screen.output, screen.output
        assert len(screen.output) < 2000 * begins and b"Overview" not in screen.output, screen.output[:2000]
        assert not re.sub(rb"\033\[\?2026h.*?\033\[\?2026l|\033\].*?\a|\033\[\d+;\d+t", b"", screen.output, flags=re.S), screen.output[:2000]
        screen.line("set sync off")
        screen.read(0.5)
        screen.output = b""
        screen.keys(b"5", b"1", gap=0.4)
        assert screen.output and b"\033[?2026h" not in screen.output, screen.output
    with harness.folder() as folder, opened(folder, env={"TERM": "linux"}) as screen:
        assert b"2026" not in re.sub(rb"\d\d:\d\d:\d\d", b"", screen.output), screen.output[:400]


def test_resize():
    """Any size at any time; a reduced layout where it is small, one line of state where it is smaller."""
    with harness.folder() as folder, opened(folder) as screen:
        screen.see("127.0.0.4")
        for rows, columns, what in ((10, 40, "1/9 Overview"), (5, 19, "4 up of 4"), (24, 80, "? help"), (50, 200, "127.0.0.4")):
            screen.resize(rows, columns)
            screen.see(what)
        screen.keys(b"q")
        assert screen.ends() == 0


def test_config():
    """XDG folders, -f, flags over file over default, --print-config to begin with, :write-config for what was changed."""
    with harness.folder() as folder:
        home = pathlib.Path(folder)
        (home / "xdg/sounder").mkdir(parents=True)
        (home / "xdg/sounder/sounder.conf").write_text("# mine\nset losses 7\nset replies 4\n")
        env = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": str(home / "xdg")}

        def setting(name, *args, env=env):
            done = harness.run(*args, "set", name, "--json", env=env)
            return json.loads(done.stdout)["value"]
        assert setting("losses") == "7" and setting("losses", "--set", "losses=9") == "9" and setting("replies", "--set", "losses=9") == "4"
        assert setting("losses", env={**env, "XDG_CONFIG_HOME": "/nonexistent"}) == "3"
        (home / "other").write_text("set losses 5\n")
        assert setting("losses", "-f", str(home / "other")) == "5" and setting("replies", "-f", str(home / "other")) == "2"
        assert harness.run("--set", "losses=x", "mask", "10.0.0.1/8").returncode == 2 and harness.run("--set", "losses", "mask", "10.0.0.1/8").returncode == 2
        done = harness.run("--print-config", env=env)
        assert done.returncode == 0 and "set losses 7" in done.stdout and 'bind q "quit"' in done.stdout, done
        with opened(folder, lines=done.stdout.splitlines() + TARGETS, env={"XDG_CONFIG_HOME": str(home / "xdg")}) as screen:
            screen.see("127.0.0.4")
            screen.keys(b"8")
            screen.see("entries")
            assert "config" not in screen.text() and "keys " not in screen.text(), screen.text()
            screen.line("set slow 300ms")
            screen.line("write-config")
            screen.see(f"written to {home}/xdg/sounder/sounder.conf")
            assert "set slow 300ms\n" in (home / "xdg/sounder/sounder.conf").read_text()


def test_key_remapping():
    """bind and unbind in the configuration or at the prompt; the help follows, and what is unbound says so."""
    lines = TARGETS + ["unbind q", "bind C-x quit 'away'", "bind -p ping 5 'panel log'"]
    with harness.folder() as folder, opened(folder, lines=lines) as screen:
        screen.keys(b"q")
        screen.see("q does nothing here; ? shows the keys")
        screen.keys(b"2", b"5")
        screen.see("entries")
        screen.keys(b"?")
        screen.type("away")
        screen.see("C-x")
        screen.keys(b"\033", gap=0.3)
        screen.keys(b"\x18")
        assert screen.ends() == 0


def test_read_only():
    """--read-only: nothing is changed, written, served or run, whatever is pressed; what was asked for at the start is watched."""
    with harness.folder() as folder:
        ran = pathlib.Path(folder) / "ran"
        program = pathlib.Path(folder) / "program"
        program.write_text(f"#!/bin/sh\necho >{ran}\n")
        program.chmod(0o755)
        lines = ["serve echo --tcp 127.0.0.1:7000", f"set down-command {program}", "tcp 127.0.0.1:7001 --interval 50ms", "tcp 127.0.0.2:7001 --interval 1h"]
        with opened(folder, "--read-only", lines=lines) as screen:
            screen.see("read-only")
            screen.see("DOWN")
            screen.keys(b"g")
            for key in (b"d", b"p", b"r", b"\x13"):
                screen.keys(key)
                screen.see("not with --read-only")
                screen.keys(b"\033", gap=0.3)
            for line in ("ping 127.0.0.9", "serve echo --tcp 127.0.0.1:7002", "write-config x.conf", "share csv x.csv", "set losses 2", "bind x quit"):
                screen.line(line)
                screen.see("not with --read-only")
                screen.keys(b"\033", gap=0.3)
            screen.keys(b"T")
            screen.see("theme dark")
            screen.line("mask 10.0.0.1/8")  # asking is no change
            screen.see("255.0.0.0")
            assert not ran.exists() and not subprocess.run(["nsenter", "-t", str(screen.process.pid), "-U", "-n", "ss", "-Hltn"], capture_output=True).stdout
            assert sorted(os.listdir(folder)) == ["program", "start.conf"], os.listdir(folder)
            screen.keys(b"\033", b"\033", b"1", b"q")
            assert screen.ends() == 0
    assert harness.run("--read-only", "mask", "10.0.0.1/8").returncode == 2


def test_state_on_exit():
    """Q leaves the last screen on the terminal, q does not."""
    for key, left in ((b"q", False), (b"Q", True)):
        with harness.folder() as folder, opened(folder) as screen:
            screen.see("127.0.0.4")
            screen.keys(key)
            assert screen.ends() == 0
            assert not screen.picture.alternate and ("127.0.0.4" in screen.text()) == left, screen.text()


def test_not_a_terminal():
    """Without a terminal: one line on stderr that names what to use instead, exit 2; data goes to stdout, words to stderr."""
    import ui_faults
    ui_faults.test_G3_no_terminal()
    done = harness.run("ip", "10.0.0.0", "nonsense")
    assert "10.0.0.0" in done.stdout and "nonsense" not in done.stdout and done.stderr.count("\n") == 1 and "nonsense" in done.stderr, done


def test_json():
    """--json is one object a line: one of a question, one a result of a watch, and a summary."""
    with harness.folder() as folder, opened(folder) as screen:
        screen.see("127.0.0.4")
        inside = ("nsenter", "-t", str(screen.process.pid), "-U", "-n")
        done = harness.run("tcp", "127.0.0.1:7000", "-c", "3", "--interval", "50ms", "--json", prefix=inside)
        objects = [json.loads(line) for line in done.stdout.splitlines()]
        assert [one["type"] for one in objects] == ["probe"] * 3 + ["summary"] and objects[-1]["received"] == 3, done
    assert [type(json.loads(line)) for line in harness.run("mask", "10.0.0.1/8", "--json").stdout.splitlines()] == [dict]


def test_exit_codes():
    """0 yes, 1 a negative answer, 2 anything else, and the manual says so."""
    for code, words in ((0, ["mask", "10.0.0.1/8"]), (1, ["port", "tcp", "nosuchport"]), (1, ["tcp", "127.0.0.1:1", "--timeout", "1"]), (2, ["mask", "x"]), (2, ["--nonsense"]),
                        (2, ["mask"])):
        done = harness.run(*words, prefix=ALONE[:4] + ('ip link set lo up; exec "$@"', "sh"))
        assert done.returncode == code, (words, done)
    assert ".SH EXIT STATUS" in manual("sounder.1")


def manual(name):
    return (pathlib.Path(harness.SOUNDER).resolve().parent / "assets/manual" / name).read_text()


def test_completions_and_manual():
    """Completions for bash, zsh and fish and a roff manual come from the build and know every command and option."""
    import cli_faults
    cli_faults.test_bash_completion()
    cli_faults.test_manual()
    for section in ("EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
        assert f".SH {section}\n" in manual("sounder.1"), section
    for name in ("sounder", "_sounder", "sounder.fish"):
        text = manual(name)
        for word in ("subnet", "--read-only" if name != "sounder.fish" else "-l read-only", "print-config", "find-mtu", "glyphs" if name != "sounder.fish" else "listeners"):
            assert word in text, (name, word)
    for shell, name in (("bash", "sounder"), ("zsh", "_sounder"), ("fish", "sounder.fish")):
        if shutil.which(shell):
            path = pathlib.Path(harness.SOUNDER).resolve().parent / "assets/manual" / name
            assert subprocess.run([shell, "-n", path]).returncode == 0, shell


def test_translations():
    """Another locale changes no number and no word of what programs read."""
    have = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
    other = next((name for name in have if name.lower().replace("-", "") in ("de_de.utf8", "fr_fr.utf8", "sv_se.utf8")), None)
    words = ("tcp", "127.0.0.1:1", "-c", "2", "--interval", "50ms", "--json")
    for name in filter(None, ("C", "C.UTF-8", other, "xx_XX.UTF-8")):
        done = harness.run(*words, env={**os.environ, "LC_ALL": name, "LANGUAGE": "de"}, prefix=ALONE[:4] + ('ip link set lo up; exec "$@"', "sh"))
        objects = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 1 and objects[-1]["loss_percent"] == 100 and objects[0]["outcome"] == "refused", (name, done)
        text = harness.run("mask", "10.1.2.3/23", env={**os.environ, "LC_ALL": name})
        assert "netmask" in text.stdout.lower() and "510" in text.stdout, (name, text)


def test_logging():
    """--log FILE has what happened; nothing is written over the screen."""
    with harness.folder() as folder:
        log = pathlib.Path(folder) / "log"
        with opened(folder, "--log", str(log), lines=["tcp 127.0.0.1:9 --interval 50ms"]) as screen:
            screen.see("DOWN")
            assert harness.wait_until(lambda: log.exists() and "DOWN" in log.read_text())
            assert "127.0.0.1" in log.read_text() and "\033" not in log.read_text()
            outside = re.sub(rb"\033\[\?2026h.*?\033\[\?2026l", b"", screen.output, flags=re.S)
            assert b"DOWN" not in outside, outside


def test_title():
    """The terminal's title says how many are down, and is as before at the end; a setting leaves it alone."""
    with harness.folder() as folder, opened(folder, lines=["tcp 127.0.0.1:9 --interval 50ms"]) as screen:
        screen.read_until(b"\033]2;sounder: 1 down\a")
        assert screen.output.index(b"\033[22;0t") < screen.output.index(b"\033]2;"), screen.output
        screen.keys(b"q")
        assert screen.ends() == 0
        assert b"\033[23;0t" in screen.output[screen.output.rindex(b"\033]2;"):]
    with harness.folder() as folder, opened(folder, lines=["set title off", "tcp 127.0.0.1:9 --interval 50ms"]) as screen:
        screen.see("DOWN")
        assert b"\033]2;" not in screen.output and b"\033[22;0t" not in screen.output


main(globals())
