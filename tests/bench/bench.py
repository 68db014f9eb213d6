"""bench.py [NAME...] - sounder's figures beside its peers', in one run. Each bench_NAME.py here holds one subject and yields rows
(what, sounder, peer, ratio, goal). Prints them and writes their sections of RESULTS.md with the date and the machine.
A figure fails only at ten times its goal, where it is a hang or a leak."""
import datetime
import importlib
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lib")]
import figures  # noqa: E402


def subjects(wanted):
    for path in sorted(HERE.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if not wanted or name in wanted:
            yield name, importlib.import_module(path.stem)


def table(rows):
    head = ("what", "sounder", "peer", "ratio", "goal")
    lines = [head, *[tuple(str(row.get(key, "")) for key in head) for row in rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def kept():
    """The sections of the last RESULTS.md, by their titles: a run of some subjects leaves the others as they were."""
    path = HERE / "RESULTS.md"
    text = path.read_text() if path.exists() else ""
    return {part.splitlines()[0]: "## " + part.rstrip() + "\n" for part in text.split("\n## ")[1:]}


def section(module, rows):
    when = datetime.datetime.now().astimezone().isoformat(timespec="minutes")
    return f"## {module.TITLE}\n\n{module.__doc__.strip()}\n\nTaken {when} on {figures.machine()}.\n\n{table(rows)}\n"


def main():
    parts, bad = kept(), []
    for name, module in subjects(sys.argv[1:]):
        print(f"{name}: {module.TITLE}", flush=True)
        rows = list(module.rows(os.environ["SOUNDER"]))
        parts[module.TITLE] = section(module, rows)
        print(table(rows) + "\n", flush=True)
        bad += [row["what"] for row in rows if row.get("value") and row.get("limit") and row["value"] > 10 * row["limit"]]
        (HERE / "RESULTS.md").write_text("# Figures\n\nBy `./dev bench`. Median [range] of paired runs.\n\n" + "\n".join(parts.values()))
    for what in bad:
        print(f"ten times over its goal: {what}")
    sys.exit(1 if bad else 0)


main()
