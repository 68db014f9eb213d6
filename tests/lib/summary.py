"""summary.py BUILD...: adds up what meson's test runs logged, names failures, counts the fault rows that have a test, and closes with
one plain line."""
import json
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent


def results(build):
    log = pathlib.Path(build) / "meson-logs" / "testlog.json"
    if not log.exists():
        return
    for line in log.read_text(errors="replace").splitlines():
        entry = json.loads(line)
        yield f"{build}: {entry['name']}", entry["result"]


def rows():
    """Rows of the fault catalogue, and those that a test is named after: test_B7_cname_loop, test_KT1_KT2_random_bytes."""
    known = [line.split("\t")[0] for line in (TESTS / "faults" / "ROWS.tsv").read_text().splitlines() if line and line[0] != "#"]
    named = set()
    for path in TESTS.rglob("*"):
        if path.suffix in (".c", ".py", ".sh"):
            named |= set(re.findall(r"(?<=test_)K?[A-Z]\d{1,2}(?=_|\b)|(?<=_)K[A-Z]\d{1,2}(?=_|\b)", path.read_text(errors="replace")))
    return known, [row for row in known if row in named]


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for build in sys.argv[1:]:
        for name, result in results(build):
            kind = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}.get(result, "failed")
            counts[kind] += 1
            if kind != "passed":
                print(f"{kind}: {name} ({result})")
    known, covered = rows()
    print(f"fault rows covered: {len(covered)} / {len(known)}")
    lacking = [row for row in known if row not in covered]
    if lacking:
        print("without a test so far: " + " ".join(lacking))
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] or not counts["passed"] else 0


sys.exit(main())
