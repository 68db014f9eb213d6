"""coverage.py BUILD [FILE...]: what of src and ui the tests ran, from a build with gcov's counters (`./dev coverage` makes it): lines and branches
by folder, the files least covered, and the functions that nothing called. Of FILEs: the lines that did not run.

A branch is one way out of a condition, as gcc sees it: && and || have their own."""
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
WORST = 25


class Count:
    """Lines and branches of a file or folder: all, and those that ran."""

    def __init__(self):
        self.lines = self.ran = self.branches = self.taken = 0

    def add(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def line_share(self):
        return 100 * self.ran / self.lines if self.lines else 100

    def branch_share(self):
        return 100 * self.taken / self.branches if self.branches else 100


def read(folder, names):
    """What gcov says of a folder's objects: their files, each with lines and functions."""
    said = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *names], cwd=folder, capture_output=True)
    for line in said.stdout.splitlines():
        found = json.loads(line)
        where = pathlib.Path(found["current_working_directory"])
        for file in found["files"]:
            yield os.path.relpath((where / file["file"]).resolve(), TOP), file


def folders(build):
    """Each folder of objects with the names of their notes: of the build, which knows all lines, and of each test's counters."""
    of = collections.defaultdict(list)
    for notes in build.rglob("*.gcno"):
        if notes.relative_to(build).parts[0] not in ("tests", "counters"):
            of[notes.parent].append(notes.name)
    yield from of.items()
    for test in (build / "counters").iterdir() if (build / "counters").exists() else ():
        for folder, names in of.items():
            there = test / folder.relative_to("/")
            ran = [name for name in names if (there / name).with_suffix(".gcda").exists()]
            for name in ran:
                if not (there / name).exists():
                    (there / name).symlink_to(folder / name)
            if ran:
                yield there, ran


def ours(path):
    return path.split("/")[0] in ("src", "ui", "include") and path.endswith((".c", ".h"))


def gather(build):
    """By file: {line: [count, {branch: count}]} and {function: (line, count)}. A header's lines are in several objects, so counts add up."""
    lines = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, collections.Counter()]))
    functions = collections.defaultdict(dict)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in pool.map(lambda item: list(read(*item)), folders(TOP / build)):
            for path, file in said:
                if not ours(path):
                    continue
                for line in file["lines"]:
                    kept = lines[path][line["line_number"]]
                    kept[0] += line["count"]
                    for index, branch in enumerate(line["branches"]):
                        kept[1][index] += branch["count"]
                for function in file["functions"]:
                    before = functions[path].get(function["name"], (0, 0))[1]
                    functions[path][function["name"]] = (function["start_line"], before + function["execution_count"])
    return lines, functions


def count(lines):
    total = Count()
    for ran, branches in lines.values():
        total.lines += 1
        total.ran += ran > 0
        total.branches += len(branches)
        total.taken += sum(1 for taken in branches.values() if taken)
    return total


def folder_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def print_row(name, total):
    print(f"{name:34} {total.ran:6} / {total.lines:<6} {total.line_share():6.1f} %   {total.taken:6} / {total.branches:<6} {total.branch_share():6.1f} %")


def print_all(files, functions):
    folders, whole = collections.defaultdict(Count), Count()
    for path, total in files.items():
        folders[folder_of(path)].add(total)
        whole.add(total)
    print(f"{'':34} {'lines that ran':>22}     {'branches taken':>22}")
    for name in sorted(folders):
        print_row(name, folders[name])
    print_row("all", whole)
    print("\nleast covered files")
    for path, total in sorted(files.items(), key=lambda item: item[1].line_share())[:WORST]:
        print_row(path, total)
    print("\nfunctions that nothing called")
    for path in sorted(functions):
        for name, (line, calls) in sorted(functions[path].items(), key=lambda item: item[1]):
            if not calls:
                print(f"{path}:{line}: {name}")


def print_file(path, lines):
    text = (TOP / path).read_text().split("\n")
    for number in sorted(lines):
        ran, branches = lines[number]
        never = [index for index, taken in sorted(branches.items()) if not taken]
        if not ran or never:
            print(f"{path}:{number}: {'never' if not ran else 'branches ' + str(never)}: {text[number - 1].strip()}")


def main():
    lines, functions = gather(sys.argv[1])
    if not lines:
        print(f"{sys.argv[1]}: no counters there")
        return 1
    if sys.argv[2:]:
        for path in sys.argv[2:]:
            print_file(path, lines[path])
    else:
        print_all({path: count(of) for path, of in lines.items()}, functions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
