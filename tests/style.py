"""style.py - how the sources are written, as in src/README.md: lines of 100 columns, no two files of one base name, one form of NULL
tests and sizeof, each export in the header of its file, include guards named after their files, none of the old private words; each header
of include/sounder has a test file of its name and a comment right above each of its functions, and each test file is built. Prints what is
not so; exits 1 if anything is not."""
import collections
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
SAME_NAME = {"src/cmd", "src/probe", "src/serve"}  # a command, a probe and a service of one name
OUTSIDE = re.compile(r"""/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""", re.DOTALL)  # comments and literals
FOLDER_HEADER = {"serve": "serving"}  # a folder's one header where it is not named as the folder is
EXPORTS = [
    re.compile(r"^(?!static\b)([A-Za-z][^\n;]*(?:\n[ \t][^\n;]*)*)\n\{$", re.MULTILINE),  # functions
    re.compile(r"^(?!static\b|extern\b)([A-Za-z][\w *]*\w)(?:\[.*\])? =", re.MULTILINE),  # data
]
FORMS = [(re.compile(r"\bif \([\w>.-]+ [!=]= NULL\)"), "a NULL test is !p or p"), (re.compile(r"\bsizeof [\w*]"), "sizeof(x) has parentheses")]
# Words of the first version that only its authors knew, and mannered ones; each has a plain word (outage, outcome, reports, shows, returns, again).
PRIVATE = set("aught crowd inquiry judge judged judges judging ledger lest nought oddities oddity reckon reckoned reckoning refusal refusals says stranger"
              " strangers tell telling tells told verdict verdicts whoever worsen anew nevertheless lately people".split())
DECLARED = re.compile(r"(?!typedef\b|extern\b)[A-Za-z][\w *]*?\b(\w+)\((?!\()")  # a function, at the start of a line
GUARD = re.compile(r"^#ifndef (SOUNDER_\w+_H)$", re.MULTILINE)


def tracked(*patterns):
    output = subprocess.run(["git", "ls-files", *patterns], cwd=TOP, capture_output=True, text=True, check=True)
    return output.stdout.split()


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


def private_words(path, text):
    code = OUTSIDE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for found in re.finditer(r"[A-Za-z_]\w*", code):
        if PRIVATE.intersection(found.group().lower().split("_")):
            yield f"{path}:{code.count(chr(10), 0, found.start()) + 1}: {found.group()} is a private word"
    for comment in OUTSIDE.finditer(text):
        for found in re.finditer(r"[a-z]+", comment.group() if comment.group().startswith("/") else ""):
            if found.group() in PRIVATE:
                yield f"{path}:{text.count(chr(10), 0, comment.start() + found.start()) + 1}: a comment says \"{found.group()}\""


def guards(path, text):
    guard = GUARD.search(text)
    if guard and not guard.group(1).endswith("_" + pathlib.Path(path).stem.upper() + "_H"):
        yield f"{path}: {guard.group(1)} is not named after the file"


def same_names():
    places = collections.defaultdict(set)
    for path in tracked("src/*.[ch]", "ui/*.[ch]", "include/*.h"):
        where = pathlib.Path(path)
        places[where.stem].add(str(where.parent))
    for stem, folders in sorted(places.items()):
        others = folders - {"include/sounder"}
        if len(others) > 1 and not others <= SAME_NAME:
            yield f"{stem}: files of one name in {' '.join(sorted(others))}"


def headers_of(path):
    """Where a file's exports may be declared: the header of its name or of one that its name extends, its folder's one header."""
    folder, words = path.parent, path.stem.split("_")
    stems = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    stems += [folder.name, FOLDER_HEADER.get(folder.name, folder.name)]
    return [place / f"{stem}.h" for stem in stems for place in (folder, pathlib.Path("include/sounder"))]


def exports():
    """A table's entries (cmd_NAME, probe_NAME ...) are declared where their .def file is read."""
    code = {pathlib.Path(path): OUTSIDE.sub("", (TOP / path).read_text()) for path in tracked("src/*.[ch]", "ui/*.[ch]", "include/*.h")}
    for path in (path for path in code if path.suffix == ".c"):
        declared = "".join(code.get(header, "") for header in headers_of(path))
        for found in (found for pattern in EXPORTS for found in pattern.finditer(code[path])):
            name = re.search(r"(\w+)(?:\(|$)", found.group(1)).group(1)
            if not re.search(rf"\b{name}\b[([,;]", declared) and name not in ("main", f"{path.parent.name}_{path.stem}"):
                yield f"{path}: {name} is not declared in its header"


def units():
    """Each unit has a test file of its name, and meson knows each test file."""
    built = set(re.findall(r"^  '(\w+)',$", (TOP / "tests/unit/meson.build").read_text(), re.MULTILINE))
    there = {pathlib.Path(path).stem.removeprefix("test_") for path in tracked("tests/unit/test_*.c")}
    for unit in sorted(pathlib.Path(path).stem for path in tracked("include/sounder/*.h")):
        if unit not in there:
            yield f"include/sounder/{unit}.h: nothing tests it under its name: tests/unit/test_{unit}.c"
    for name in sorted(built ^ there):
        yield f"tests/unit/test_{name}.c: " + ("not in tests/unit/meson.build" if name in there else "in tests/unit/meson.build, and not there")


def walks():
    """A newcomer's walks name files that are there, nine at the most."""
    section = (TOP / "src/README.md").read_text().partition("## Four walks")[2].partition("\n## ")[0]
    paragraphs = [part for part in section.split("\n\n") if part.startswith("*")]
    if len(paragraphs) < 4:
        yield "src/README.md: the four walks are gone"
    for walk in paragraphs:
        files = set(re.findall(r"`(\w+/\w+\.c)`", walk))
        if len(files) > 9:
            yield f"src/README.md: {walk.split('.')[0]}*: {len(files)} files"
        for name in sorted(files):
            if not (TOP / (name if name.startswith("ui/") else f"src/{name}")).exists():
                yield f"src/README.md: {name} is not there"


def manual():
    """The public headers are the manual: each function has a comment right above, or stands, without a blank line between, in a group that has."""
    for path in tracked("include/sounder/*.h"):
        explained = False
        for number, line in enumerate((TOP / path).read_text().split("\n"), 1):
            declared = DECLARED.match(line)
            if declared and not explained:
                yield f"{path}:{number}: {declared.group(1)} has no comment right above"
            if line.startswith("/*"):
                explained = True
            elif not declared and not line.startswith((" ", "\t", "#define")):  # neither goes on nor gives a size that the next one uses
                explained = False


def main():
    bad = [*same_names(), *exports(), *units(), *manual(), *walks()]
    for path in tracked("*.c", "*.h"):
        text = (TOP / path).read_text(encoding="utf-8")
        bad += [*long_lines(path, text), *forms(path, text), *private_words(path, text), *guards(path, text)]
    for line in bad:
        print(f"style: {line}")
    return 1 if bad else 0


sys.exit(main())
