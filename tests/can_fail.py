"""can_fail.py - tests that could not fail. Of each test function in C and Python: it reaches an assertion, and leaves by its end or by a skip that
is told, never by a silent return. Of each Python file: no function is defined twice, no assertion is always true, meson runs the file."""
import ast
import collections
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent
C_FUNCTION = re.compile(r"\n(?:static |int |bool |void )[^\n;=]*?\b(\w+)\([^;{}]*?\)\n\{\n(.*?)\n\}\n", re.DOTALL)
C_MACRO = re.compile(r"\n#define (\w+)\((.*?[^\\])\n", re.DOTALL)
C_REGISTERED = re.compile(r"(?:cmocka_unit_test\w*|TEST|CASE)\(\s*(\w+)")
C_ASSERTS = re.compile(r"\b(?:assert_\w+|fail|fail_msg|assert)\(")


def reaches(name, bodies, words_of, asserts):
    """Whether the function or one that it names, in this file, asserts."""
    todo, seen = [name], set()
    while todo:
        at = todo.pop()
        if at in seen or at not in bodies:
            continue
        seen.add(at)
        if asserts(bodies[at]):
            return True
        todo += words_of(bodies[at])
    return False


def look_c(path):
    text = path.read_text()
    bodies = dict(C_MACRO.findall(text)) | dict(C_FUNCTION.findall(text))
    for name in sorted(set(C_REGISTERED.findall(text)) - {"name"}):
        if name not in bodies:
            yield f"{name}: registered, and not found"
            continue
        if re.search(r"^\t+return;", bodies[name], re.MULTILINE):
            yield f"{name}: returns early; SKIP_BECAUSE says why"
        if not reaches(name, bodies, lambda body: re.findall(r"\w+", body), C_ASSERTS.search):
            yield f"{name}: asserts nothing"


def own(function):
    """The nodes of a function without those of functions within it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield child
            yield from own(child)


def names_in(function):
    return [node.id for node in ast.walk(function) if isinstance(node, ast.Name)]


def asserts(function):
    """Also what another file's `inside` or `check...` asserts for it."""
    return any(isinstance(node, ast.Assert) or (isinstance(node, ast.Raise) and "Skip" not in ast.dump(node)) or
               (isinstance(node, ast.Attribute) and node.attr == "inside") for node in ast.walk(function))


def look_python(path):
    tree = ast.parse(path.read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    bodies = {node.name: node for node in functions}
    for name, times in collections.Counter(node.name for node in functions).items():
        if times > 1:
            yield f"{name}: defined {times} times; the last one alone runs"
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and isinstance(node.test, (ast.Tuple, ast.Constant)) and getattr(node.test, "value", True):
            yield f"line {node.lineno}: an assertion that is always true"
    for name, function in bodies.items():
        if not name.startswith("test_"):
            continue
        if any(isinstance(node, ast.Return) for node in own(function)):
            yield f"{name}: returns; a test that can't run raises Skip"
        if not reaches(name, bodies, names_in, asserts):
            yield f"{name}: asserts nothing"


def main():
    bad = [f"{path.relative_to(TESTS)}: {what}" for path in sorted((TESTS / "unit").glob("test_*.c")) for what in look_c(path)]
    run = set(re.findall(r"^    '(\w+)',$", (TESTS / "meson.build").read_text(), re.MULTILINE))
    for path in sorted([*(TESTS / "interop").glob("*.py"), *(TESTS / "faults").glob("*.py")]):
        bad += [f"{path.relative_to(TESTS)}: {what}" for what in look_python(path)]
        if path.stem not in run:
            bad.append(f"{path.relative_to(TESTS)}: not in meson.build's peer_tests")
    for line in bad:
        print(f"can_fail: {line}")
    return 1 if bad else 0


sys.exit(main())
