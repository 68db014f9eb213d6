"""style.py - how the sources are written, as src/README.md says it: lines of 100 columns, no two files of one base name, one form of NULL
tests and sizeof; each header of include/sounder has a test file of its name, and each test file is built. Prints what is not so; exits 1 if
anything is not."""
import collections
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
SAME_NAME = {"src/cmd", "src/probe", "src/serve"}  # a command, a probe and a service of one name
OUTSIDE = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)  # comments and literals
FORMS = [(re.compile(r"\bif \([\w>.-]+ [!=]= NULL\)"), "a NULL test is !p or p"), (re.compile(r"\bsizeof [\w*]"), "sizeof(x) has parentheses")]


def tracked(*patterns):
    said = subprocess.run(["git", "ls-files", *patterns], cwd=TOP, capture_output=True, text=True, check=True)
    return said.stdout.split()


def columns(line):
    return len(line.expandtabs(8))


def long_lines(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if columns(line) > 100:
            yield f"{path}:{number}: {columns(line)} columns (100 at most)"


def forms(path, text):
    code = OUTSIDE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for pattern, words in FORMS:
        for found in pattern.finditer(code):
            yield f"{path}:{code.count(chr(10), 0, found.start()) + 1}: {words}"


def same_names():
    places = collections.defaultdict(set)
    for path in tracked("src/*.[ch]", "ui/*.[ch]", "include/*.h"):
        where = pathlib.Path(path)
        places[where.stem].add(str(where.parent))
    for stem, folders in sorted(places.items()):
        others = folders - {"include/sounder"}
        if len(others) > 1 and not others <= SAME_NAME:
            yield f"{stem}: files of one name in {' '.join(sorted(others))}"


def units():
    """Each unit has a test file of its name, and meson knows each test file."""
    built = set(re.findall(r"^  '(\w+)',$", (TOP / "tests/unit/meson.build").read_text(), re.MULTILINE))
    there = {pathlib.Path(path).stem.removeprefix("test_") for path in tracked("tests/unit/test_*.c")}
    for unit in sorted(pathlib.Path(path).stem for path in tracked("include/sounder/*.h")):
        if unit not in there:
            yield f"include/sounder/{unit}.h: nothing tests it under its name: tests/unit/test_{unit}.c"
    for name in sorted(built ^ there):
        yield f"tests/unit/test_{name}.c: " + ("not in tests/unit/meson.build" if name in there else "in tests/unit/meson.build, and not there")


def main():
    bad = [*same_names(), *units()]
    for path in tracked("*.c", "*.h"):
        text = (TOP / path).read_text(encoding="utf-8")
        bad += [*long_lines(path, text), *forms(path, text)]
    for line in bad:
        print(f"style: {line}")
    return 1 if bad else 0


sys.exit(main())
