"""summary.py BUILD...: adds up what meson's test runs logged. Names what failed and what was skipped, function by function with its
reason; counts the rows of the fault catalogue by result: a row is covered where a function named after it passed, and by nothing else.
A program of functions that tells of none, or of fewer than it began with, has failed, whatever it exited with; so has a build without a log.
Closes with one plain line.

ROWS.tsv: row, what goes wrong, and where a test does less than the row's goal in what it falls short. "long: ..." names the command that does
it all, "waits for ..." the capability that the row is about, where there is none yet."""
import json
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
# What each runner prints of a function: the tests with peers, cmocka, shell scripts; and of how many there are.
PEER = re.compile(r"^(test_\w+) \([\d.]+ s\): (ok|FAILED|skipped)(?:: (.*))?$", re.MULTILINE)
CMOCKA = re.compile(r"^\[ +(OK|FAILED|SKIPPED|ERROR) +\] (\w+)$", re.MULTILINE)
BEGUN = re.compile(r"^\[ RUN +\] (\w+)$", re.MULTILINE)
SHELL = re.compile(r"^(test_\w+): (ok|FAILED)$", re.MULTILINE)
COUNTS = [(re.compile(r"^(\d+) functions$", re.MULTILINE), PEER), (re.compile(r"^\[=+\] (?:\S+ )?Running (\d+) test\(s\)", re.MULTILINE), BEGUN)]
OF_FUNCTIONS = re.compile(r"(unit|interop|faults) / ")
ROW = re.compile(r"(?<=_)K?[A-Z]\d{1,2}(?=_|$)")
LONG, WAITS = "long: ", "waits for "
KINDS = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped", "ok": "passed", "FAILED": "failed", "ERROR": "failed", "SKIPPED": "skipped",
         "skipped": "skipped"}


def entries(build):
    log = pathlib.Path(build) / "meson-logs" / "testlog.json"
    for line in log.read_text(errors="replace").splitlines():
        yield json.loads(line)


def text_of(entry):
    return (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")


def reason(text, name):
    """Why a cmocka function was skipped: its output between its start and its end."""
    output = re.search(rf"\[ RUN +\] {name}\n(.*?)\[ +SKIPPED", text, re.DOTALL)
    return " ".join(output.group(1).split()) if output and output.group(1).strip() else "no reason given"


def functions(entry):
    """Yields (name, passed | failed | skipped, reason) of each function that ran."""
    text = text_of(entry)
    for name, result, why in PEER.findall(text):
        yield name, KINDS[result], why
    for result, name in dict.fromkeys(CMOCKA.findall(text)):  # cmocka lists the skipped again at its end
        yield name, KINDS[result], reason(text, name) if result == "SKIPPED" else ""
    for name, result in SHELL.findall(text):
        yield name, KINDS[result], ""


def unsaid(entry):
    """Yields what is missing in what a program told of its functions."""
    text = text_of(entry)
    ended = {name for _, name in CMOCKA.findall(text)}
    for name in BEGUN.findall(text):
        if name not in ended:
            yield f"{name} began and did not end"
    for announced, told in COUNTS:
        wanted, there = sum(map(int, announced.findall(text))), len(told.findall(text))
        if there < wanted:
            yield f"{wanted} functions, {there} told of"
    if OF_FUNCTIONS.search(entry["name"]) and not any(True for _ in functions(entry)):
        yield "tells of no function"


def catalogue():
    lines = [line.split("\t") for line in (TESTS / "faults" / "ROWS.tsv").read_text().splitlines() if line and line[0] != "#"]
    return {line[0]: line[2] if len(line) > 2 else "" for line in lines}


def rows_of(name):
    return ROW.findall(name)


def print_rows(title, rows):
    if rows:
        print(f"{title}: {' '.join(rows)}")


class Results:
    def __init__(self):
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}
        self.rows, self.skipped = {}, 0

    def take(self, build, entry):
        missing = [] if entry["result"] in ("FAIL", "TIMEOUT", "ERROR") else list(unsaid(entry))
        kind = "failed" if missing else KINDS.get(entry["result"], "failed")
        self.counts[kind] += 1
        if kind != "passed":
            print(f"{kind}: {build}: {entry['name']} ({'; '.join(missing) or entry['result']})")
        for name, result, why in functions(entry):
            if result == "skipped":
                self.skipped += 1
                print(f"skipped: {build}: {entry['name']}: {name}: {why}")
            for row in rows_of(name):
                self.rows.setdefault(row, set()).add(result)

    def print_rows(self):
        known, rows = catalogue(), self.rows
        covered = [row for row in known if rows.get(row, set()) - {"skipped"} == {"passed"}]
        print(f"fault rows covered by tests that passed: {len(covered)} / {len(known)}")
        print_rows("a test of them failed", [row for row in known if "failed" in rows.get(row, ())])
        print_rows("their tests were skipped", [row for row in known if rows.get(row) == {"skipped"}])
        waiting = {row: short.removeprefix(WAITS) for row, short in known.items() if short.startswith(WAITS) and row not in rows}
        for what in dict.fromkeys(waiting.values()):
            print_rows(f"not built yet, {what}", [row for row in waiting if waiting[row] == what])
        print_rows("no test of them ran", [row for row in known if row not in rows and row not in waiting])
        for row, short in known.items():
            if short and row not in waiting:
                print(f"the goal by {short.removeprefix(LONG)}: {row}" if short.startswith(LONG) else f"weaker than its goal: {row}: {short}")


def main(builds):
    results = Results()
    for build in builds:
        try:
            for entry in entries(build):
                results.take(build, entry)
        except FileNotFoundError:
            results.counts["failed"] += 1
            print(f"failed: {build}: no log of a run")
    results.print_rows()
    counts = results.counts
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped; {results.skipped} functions skipped in all")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
