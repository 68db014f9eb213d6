"""mutate.py [FOLDER|FILE...] [--count N] [--seed S] [--peers]: changes one line of the sources at a time and looks whether a test notices.
Prints the mutants that none did, and the share of those noticed by folder. `./dev mutate` runs it.

Works on a copy of what is committed, built with the core as a shared library, so that a mutant costs one compilation. A mutant that does not
compile, or compiles to the same code, is replaced by another. Tests that share words or headers with the file run first. --peers also runs the tests
with peers of that folder before a mutant counts as unnoticed."""
import argparse
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

FOLDERS = ["base", "net", "registry", "host", "dns", "http", "probe", "serve", "model", "report", "cmd", "shell"]
SCREEN = ["ui/decode.c", "ui/decode_mode.c", "ui/table.c", "ui/ranking.c"]
SWAPS = [(r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" == ", " != "), (r" != ", " == "),
         (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
         (r"\+\+", "--"), (r"--(?![-\w]*\")", "++"), (r"\bif \(", "if (!("), (r" \| ", " & "), (r" & ", " | ")]
NUMBER = re.compile(r"(?<![\w.\"'x%-])(\d{1,5})(?![\w.\"'])")
STATEMENT = re.compile(r"^\t+[a-z_*][^(){}=]*(\(.*\)|[-+|]?= .*);$")


def code_lines(text):
    """Numbers of the lines inside functions, without comments, strings alone and declarations."""
    inside = comment = False
    for number, line in enumerate(text.split("\n")):
        if line.startswith("{"):
            inside = True
        elif line.startswith("}"):
            inside = False
        bare = line.strip()
        if comment or bare.startswith("/*"):
            comment = "*/" not in bare
            continue
        if inside and bare and bare[0] not in "{}\"#*" and not bare.startswith(("case ", "default:", "goto ", "assert(")):
            yield number


def variants(line):
    """Every one-place change of a line."""
    head = line.split("/*")[0]
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', lambda m: "\0" * len(m.group()), head)
    for pattern, new in SWAPS:
        for found in re.finditer(pattern, plain):
            changed = head[:found.start()] + new + head[found.end():]
            if new == "if (!(":
                end = changed.rfind(")")
                changed = changed[:end] + "))" + changed[end + 1:]
            yield changed
    for found in NUMBER.finditer(plain):
        yield head[:found.start()] + str(int(found.group()) + 1) + head[found.end():]
    if STATEMENT.match(plain.rstrip()):
        yield line[:len(line) - len(line.lstrip())] + ";"


class Tree:
    def __init__(self, top):
        self.top = pathlib.Path(top)
        archive = subprocess.Popen(["git", "archive", "HEAD"], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", top], stdin=archive.stdout, check=True)
        for name, library in (("src", "lib_core"), ("ui", "lib_ui")):
            build = self.top / name / "meson.build"
            build.write_text(build.read_text().replace(f"{library} = static_library", f"{library} = shared_library"))
        self.build = self.top / "build-mutants"
        subprocess.run(["meson", "setup", self.build, self.top, "-Doptimization=1", "-Dwarning_level=0", "-Db_lundef=false"], check=True,
                       stdout=subprocess.DEVNULL)
        self.make()
        output = subprocess.run(["meson", "introspect", "--tests", self.build], capture_output=True, text=True, check=True).stdout
        self.tests = [t for t in json.loads(output) if t["suite"][0].split(":")[-1] in ("unit", "sim", "screen", "interop", "faults")]

    def make(self, *targets):
        return subprocess.run(["ninja", "-C", self.build, *targets], capture_output=True).returncode == 0

    def remake(self):
        """The libraries alone: the tests are linked to them."""
        return self.make("src/libsounder.so", "ui/libsounder-ui.so")

    def library(self):
        """What the compiled code is, without the build's own marks."""
        digest = hashlib.sha256()
        for name in ("src/libsounder.so", "ui/libsounder-ui.so"):
            code = subprocess.run(["objdump", "-s", "-j", ".text", "-j", ".rodata", "-j", ".data.rel.ro", self.build / name],
                                  capture_output=True).stdout
            digest.update(code)
        return digest.hexdigest()

    def affinity(self, test, path):
        words = set(re.findall(r"[a-z]+", path.stem)) | {path.parent.name}
        score = 2 * len(words & set(re.findall(r"[a-z]+", test["name"])))
        source = self.top / "tests" / "unit" / f"test_{test['name']}.c"
        if source.exists():
            score += 3 * source.read_text(errors="replace").count(f"{path.parent.name}/{path.stem}.h")
        return -score

    def passes(self, test, seconds):
        env = {**os.environ, **test["env"]}
        folder = test["workdir"] or self.top
        try:
            return subprocess.run(test["cmd"], cwd=folder, env=env, capture_output=True, timeout=seconds,
                                  stdin=subprocess.DEVNULL).returncode in (0, 77)
        except subprocess.TimeoutExpired:
            return False

    def noticed(self, path, peers):
        """The name of a test that fails now, or None."""
        suite = {t["name"]: t["suite"][0].split(":")[-1] for t in self.tests}
        quick = [t for t in self.tests if suite[t["name"]] in ("unit", "sim", "screen")]
        words = set(re.findall(r"[a-z]+", path.stem)) | {path.parent.name}
        slow = [t for t in self.tests if suite[t["name"]] in ("interop", "faults") and words & set(re.findall(r"[a-z]+", t["name"]))]
        for test in sorted(quick, key=lambda t: self.affinity(t, path)) + (slow if peers else []):
            if test in self.usable and not self.passes(test, 60 if test in quick else 240):
                return test["name"]
        return None

    def settle(self):
        """Leaves out tests that fail before anything was changed."""
        self.usable = [t for t in self.tests if t["suite"][0].split(":")[-1] in ("interop", "faults") or self.passes(t, 120)]
        left = [t["name"] for t in self.tests if t not in self.usable]
        if left:
            print(f"not used, they fail as it is: {' '.join(left)}")


def draw(tree, files, rng):
    """A random mutant: (path, line number, new line)."""
    while True:
        path = rng.choice(files)
        text = path.read_text()
        lines = text.split("\n")
        candidates = list(code_lines(text))
        if not candidates:
            continue
        number = rng.choice(candidates)
        changes = [c for c in variants(lines[number]) if c != lines[number]]
        if changes:
            return path, number, rng.choice(changes)


def sources(tree, name):
    path = tree.top / name
    if path.suffix == ".c":
        return [path]
    if (tree.top / "src" / name).is_dir():
        path = tree.top / "src" / name
    return sorted(path.rglob("*.c"))


def run(tree, name, count, rng, peers):
    killed = tried = 0
    untouched = tree.library()
    files = sources(tree, name)
    if not files:
        sys.exit(f"mutate: no sources in {name}")
    weights = [path for path in files for _ in range(1 + len(path.read_text().split("\n")) // 50)]
    while tried < count:
        path, number, line = draw(tree, weights, rng)
        text = path.read_text()
        lines = text.split("\n")
        old, lines[number] = lines[number], line
        path.write_text("\n".join(lines))
        try:
            if not tree.remake() or tree.library() == untouched:
                continue
            tried += 1
            by = tree.noticed(path, peers)
            killed += by is not None
            if by is None:
                print(f"unnoticed: {path.relative_to(tree.top)}:{number + 1}: {old.strip()}  ->  {line.strip()}", flush=True)
        finally:
            path.write_text(text)
    tree.remake()
    print(f"{name}: {killed} of {tried} noticed ({100 * killed / max(tried, 1):.0f} %)", flush=True)
    return killed, tried


def main():
    parser = argparse.ArgumentParser(prog="mutate.py", description="One-line mutants that no test notices.")
    parser.add_argument("names", nargs="*", metavar="FOLDER|FILE")
    parser.add_argument("--count", type=int, default=40, help="mutants of each (40)")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    top = tempfile.mkdtemp(prefix="sounder-mutants-")
    try:
        tree = Tree(top)
        tree.settle()
        poor = []
        for name in asked.names or FOLDERS + SCREEN:
            killed, tried = run(tree, name, asked.count, random.Random(asked.seed), asked.peers)
            if killed < 0.85 * tried:
                poor.append(name)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    if poor:
        print(f"under 85 %: {' '.join(poor)}")
    return 1 if poor else 0


if __name__ == "__main__":
    sys.exit(main())
