"""summary.py BUILD...: adds up what meson's test runs logged. Names what failed and what was skipped, function by function with its
reason; counts the rows of the fault catalogue by result: a row is covered where a function named after it passed, and by nothing else.
Closes with one plain line.

ROWS.tsv: row, what goes wrong, and where a test does less than the row's goal in what it falls short ("long: ..." names the command that
does it all)."""
import json
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
# What each runner prints of a function: the tests with peers, cmocka, shell scripts.
PEER = re.compile(r"^(test_\w+) \([\d.]+ s\): (ok|FAILED|skipped)(?:: (.*))?$", re.MULTILINE)
CMOCKA = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] (test_\w+)$", re.MULTILINE)
SHELL = re.compile(r"^(test_\w+): (ok|FAILED)$", re.MULTILINE)
ROW = re.compile(r"(?<=_)K?[A-Z]\d{1,2}(?=_|$)")
KINDS = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped", "ok": "passed", "FAILED": "failed", "SKIPPED": "skipped",
         "skipped": "skipped"}


def entries(build):
    log = pathlib.Path(build) / "meson-logs" / "testlog.json"
    if log.exists():
        for line in log.read_text(errors="replace").splitlines():
            yield json.loads(line)


def reason(text, name):
    """Why a cmocka function was skipped: its output between its start and its end."""
    output = re.search(rf"\[ RUN +\] {name}\n(.*?)\[ +SKIPPED", text, re.DOTALL)
    return " ".join(output.group(1).split()) if output and output.group(1).strip() else "no reason given"


def functions(entry):
    """Yields (name, passed | failed | skipped, reason) of each function that ran."""
    text = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    for name, result, why in PEER.findall(text):
        yield name, KINDS[result], why
    for result, name in CMOCKA.findall(text):
        yield name, KINDS[result], reason(text, name) if result == "SKIPPED" else ""
    for name, result in SHELL.findall(text):
        yield name, KINDS[result], ""


def catalogue():
    lines = [line.split("\t") for line in (TESTS / "faults" / "ROWS.tsv").read_text().splitlines() if line and line[0] != "#"]
    return {line[0]: line[2] if len(line) > 2 else "" for line in lines}


def rows_of(name):
    return ROW.findall(name)


def print_rows(title, rows):
    if rows:
        print(f"{title}: {' '.join(rows)}")


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    results, skipped = {}, 0
    for build in sys.argv[1:]:
        for entry in entries(build):
            kind = KINDS.get(entry["result"], "failed")
            counts[kind] += 1
            if kind != "passed":
                print(f"{kind}: {build}: {entry['name']} ({entry['result']})")
            for name, result, why in functions(entry):
                if result == "skipped":
                    skipped += 1
                    print(f"skipped: {build}: {entry['name']}: {name}: {why}")
                for row in rows_of(name):
                    results.setdefault(row, set()).add(result)
    known = catalogue()
    covered = [row for row in known if results.get(row, set()) - {"skipped"} == {"passed"}]
    print(f"fault rows covered by tests that passed: {len(covered)} / {len(known)}")
    print_rows("a test of them failed", [row for row in known if "failed" in results.get(row, ())])
    print_rows("their tests were skipped", [row for row in known if results.get(row) == {"skipped"}])
    print_rows("no test of them ran", [row for row in known if row not in results])
    for row, short in known.items():
        if short:
            print(f"weaker than its goal: {row}: {short}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped; {skipped} functions skipped in all")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
