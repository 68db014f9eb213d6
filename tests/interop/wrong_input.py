#!/usr/bin/env python3
"""wrong_input.py - mistakes in the command line, from wrong_input.tsv: a line as typed after `sounder`, a tab, a part of the message.
Each ends with 2, prints nothing on stdout and one line on stderr with what would be right; with --json too."""
import shlex

import harness


def rows():
    for line in (harness.TESTS / "interop" / "wrong_input.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            command, part = line.split("\t")
            yield command, part


def check(words, part):
    done = harness.run(*words, stdin="")
    assert done.returncode == 2 and done.stdout == "", (words, done)
    assert len(done.stderr.splitlines()) == 1 and part in done.stderr, (words, part, done.stderr)


def test_each_line():
    seen = set()
    for command, part in rows():
        assert command not in seen, f"twice: {command}"
        seen.add(command)
        check(shlex.split(command), part)
    assert len(seen) >= 200, len(seen)


def test_with_json():
    for command, part in list(rows())[::3]:
        words = shlex.split(command)
        if part != "needs more words" and not any(word.startswith("-") for word in words):
            check([*words, "--json"], part)


if __name__ == "__main__":
    harness.main(globals())
