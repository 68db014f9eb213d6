"""summary_test.py - logs of runs that went wrong in ways that are easy to miss, and what the summary makes of them."""
import contextlib
import io
import json
import pathlib
import sys
import tempfile

import summary

RUN = "[ RUN      ] {0}\n"
OK = RUN + "[       OK ] {0}\n"
SKIPPED = RUN + "no namespaces here\n[  SKIPPED ] {0}\n"
OF = "[==========] Running {} test(s).\n"

# Name, meson's result, what the program said; words that the summary has to say, and whether all is well then.
CASES = [
    ("unit / a", "OK", OF.format(1) + OK.format("test_A1_x"), ["1 passed, 0 failed, 0 skipped; 0 functions", "tests that passed: 1 /"], True),
    ("unit / a", "OK", OF.format(2) + OK.format("test_A1_x") + SKIPPED.format("test_A2_y"),
     ["skipped: BUILD: unit / a: test_A2_y: no namespaces here", "1 functions skipped in all", "their tests were skipped: A2", "passed: 1 /"], True),
    ("unit / a", "OK", OF.format(1) + SKIPPED.format("another_name"), ["another_name: no namespaces here", "1 functions skipped in all"], True),
    ("unit / a", "SKIP", SKIPPED.format("test_A1_x"), ["test_A1_x: no namespaces here", "0 passed, 0 failed, 1 skipped; 1 functions"], False),
    ("unit / a", "OK", OF.format(2) + OK.format("test_A1_x") + RUN.format("test_A2_y"), ["test_A2_y began and did not end"], False),
    ("unit / a", "OK", OF.format(3) + OK.format("test_A1_x"), ["3 functions, 1 told of"], False),
    ("unit / a", "OK", "", ["tells of no function"], False),
    ("unit / a", "FAIL", OF.format(1) + RUN.format("test_A1_x") + "[  FAILED  ] test_A1_x\n", ["a test of them failed: A1", "tests that passed: 0 /"], False),
    ("unit / a", "FAIL", RUN.format("test_A1_x") + "[  ERROR   ] test_A1_x\n", ["a test of them failed: A1"], False),
    ("unit / a", "TIMEOUT", RUN.format("test_A1_x"), ["failed: BUILD: unit / a (TIMEOUT)"], False),
    ("faults / b", "OK", "2 functions\ntest_B1_x (0.10 s): ok\ntest_B2_y (0.10 s): skipped: no knotd\n", ["test_B2_y: no knotd", "skipped: B2", "passed: 1 /"], True),
    ("faults / b", "OK", "2 functions\ntest_B1_x (0.10 s): ok\n", ["2 functions, 1 told of"], False),
    ("faults / b", "OK", "all is well\n", ["tells of no function"], False),
    ("house / c", "OK", "", ["1 passed"], True),
    ("unit / a", "OK", OF.format(1) + OK.format("test_A1_x") + "not test_B1_y (0.1 s): ok\n", ["tests that passed: 1 /"], True),
    (None, None, None, ["failed: BUILD: no log of a run"], False),
]


def said_of(folder, name, result, text):
    build = pathlib.Path(folder) / "BUILD"
    (build / "meson-logs").mkdir(parents=True)
    if name:
        (build / "meson-logs" / "testlog.json").write_text(json.dumps({"name": f"sounder:{name}", "result": result, "stdout": text, "stderr": ""}) + "\n")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = summary.main([str(build)])
    return code, out.getvalue().replace(str(build), "BUILD").replace("sounder:", "")


def main():
    wrong = 0
    for name, result, text, words, well in CASES:
        with tempfile.TemporaryDirectory() as folder:
            code, said = said_of(folder, name, result, text)
        missing = [word for word in words if word not in said]
        if missing or (code == 0) != well:
            wrong += 1
            print(f"{name} {result} {text!r}: exit {code}, without {missing}:\n{said}")
    print(f"{len(CASES)} logs, {wrong} misread")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
