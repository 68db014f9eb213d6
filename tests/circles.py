"""circles.py BUILD - who calls whom: among the objects of the sources there is no circle, so each file can be read, tested and taken away
together with what lies below it alone; and nothing in a library ends the process. Goes by the symbols that each object defines and uses.
Prints each circle with the names that close it; exits 1 if there is one."""
import collections
import pathlib
import subprocess
import sys

ENDS = {"exit", "_exit", "_Exit", "quick_exit", "abort"}
# Where the process is at its end already: the handler of fatal signals, and exit's own hook for a loader that glibc leaves locked.
ENDING = {("term_rescue", "_exit"), ("http_curl", "_exit")}


def symbols(build):
    """Returns which object defines each symbol, and what each object uses."""
    defined, used = {}, collections.defaultdict(set)
    objects = sorted(str(path) for folder in ("src", "ui") for path in pathlib.Path(build, folder).glob("lib*.p/*.o"))
    said = subprocess.run(["nm", "--print-file-name", *objects], capture_output=True, text=True, check=True)
    for line in said.stdout.splitlines():
        place, _, rest = line.rpartition(":")
        kind, name = rest.split()[-2:]
        file = pathlib.Path(place).name.removesuffix(".c.o")
        if kind == "U":
            used[file].add(name)
        elif kind.isupper():
            defined[name] = file
    return defined, used


def circles(calls):
    """Tarjan's strongly connected components, those of more than one file."""
    index, low, stack, found = {}, {}, [], []

    def visit(file):
        index[file] = low[file] = len(index)
        stack.append(file)
        for other in calls[file]:
            if other not in index:
                visit(other)
                low[file] = min(low[file], low[other])
            elif other in stack:
                low[file] = min(low[file], index[other])
        if low[file] == index[file]:
            part = stack[stack.index(file):]
            del stack[-len(part):]
            if len(part) > 1:
                found.append(sorted(part))

    for file in list(calls):
        if file not in index:
            visit(file)
    return found


def main():
    defined, used = symbols(sys.argv[1])
    calls = collections.defaultdict(lambda: collections.defaultdict(list))
    for file in used:
        for name in sorted(used[file]):
            if defined.get(name, file) != file:
                calls[file][defined[name]].append(name)
    bad = [f"{file} calls {name}" for file in sorted(used) for name in sorted(used[file] & ENDS) if (file, name) not in ENDING]
    for part in circles(calls):
        bad.append(f"a circle: {' '.join(part)}")
        bad += [f"  {file} -> {other}: {' '.join(calls[file][other])}" for file in part for other in part if other in calls[file]]
    for line in bad:
        print(f"circles: {line}")
    return 1 if bad else 0


sys.exit(main())
