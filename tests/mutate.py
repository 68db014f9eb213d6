"""mutate.py [FOLDER|FILE...] [--count N] [--seed S] [--line FILE:LINE] [--again OUTPUT]: changes one line of the sources at a time and looks
whether a test of ./dev test notices. Prints the mutants that none did, and the share of those noticed by folder. `./dev mutate` runs it.

All is done in build-mutate, on a copy of the tree, in namespaces: a mutant can reach no network, no device node and no process of this machine.
The core and the screen are built as shared libraries. A mutant is one object compiled, one library linked into a worker's folder (hard links to
the rest), and then the tests that execute the changed function, those first that noticed most in this file, then the quickest. Which tests those
are comes from one run of every test, each function of a peer test for itself, with the libraries traced (`lib/trace_functions.c`); it is
kept in trace.json until the test changes. What no test notices as it is gets a second look as the sanitized half of ./dev test would have it.

What is no mutant: what does not compile, what compiles to the same object, what the rules below name, and what equivalent.tsv lists: changes
that were looked at and make no difference that anybody could see, each with its reason."""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import queue
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
HOME = TOP / "build-mutate"
TREE = HOME / "tree"
BUILD = TREE / "build"
FOLDERS = ["base", "net", "registry", "model", "dns", "probe", "report", "host", "http", "serve", "cmd", "job", "shell",
           "src/app.c"]
SCREEN = ["ui/decode.c", "ui/decode_mode.c", "ui/table.c", "ui/ranking.c"]
LIBRARIES = {"src": "src/libsounder.so", "ui": "ui/libsounder-ui.so"}
PICTURES = "tests/screen/pictures"
NOT_RUN = {"syscalls", "memory", "torture", "ui_monkey"}  # half a minute of a sample each: they look at failures, not at answers
QUICK_SECONDS, PEERS_SECONDS = 40, 60  # of undisturbed tests at most for one mutant, the likeliest first: beyond, it counts as not noticed
SHARE = 0.85

SWAPS = [(r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" == ", " != "), (r" != ", " == "),
         (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
         (r"\+\+", "--"), (r"--(?![-\w]*\")", "++"), (r"\bif \(", "if (!("), (r" \| ", " & "), (r" & ", " | ")]
NUMBER = re.compile(r"(?<![\w.\"'x%-])(\d{1,5})(?![\w.\"'])")
STATEMENT = re.compile(r"^\t+[a-z_*][^(){}=]*(\(.*\)|[-+|]?= .*);$")
# Lines of which no change is a mutant, and changes that are none, each with its reason. Single ones are in equivalent.tsv.
NO_MUTANT = [
    (re.compile(r"\b(\w*capacity|room|\w+_size|n|limit) (= |\? ).*\? .*\* ?2 : \w+;"), "how large a list starts and how it grows: speed alone"),
    (re.compile(r"^\t+(static )?(const )?[a-z_]\w* \**\w+\[[\w +*]+\]( = \"[^\"]*\")?(, \**\w+(\[[\w +*]+\])?)*;$"), "room for a text: one more changes nothing"),
]
MORE_ROOM = re.compile(r"alloc\([^;]*?\+ 1\)")
CHOICE = re.compile(r"([\w.>\[\]-]+) (?:<|>|<=|>=) ([\w.>\[\]-]+) \? (\1 : \2|\2 : \1|\1 - \2 : 0)(?![\w.\[-])")


def alike(old, new):
    """a < b ? a : b, and a > b ? a - b : 0, are the same with <= and >=; one byte more that is allocated changes nothing; of
    a comparison's result the sign counts."""
    if old.replace("? -1 : 1", "? -1 : 2") == new:
        return True
    if (MORE_ROOM.search(old) and old.replace("+ 1)", "+ 2)") == new) or old.replace("calloc(1,", "calloc(2,") == new:
        return True
    found = CHOICE.search(old), CHOICE.search(new)
    if not all(found) or re.findall("[<>]", found[0].group().split("?")[0]) != re.findall("[<>]", found[1].group().split("?")[0]):
        return False
    return old.replace(found[0].group(), "") == new.replace(found[1].group(), "")


def known_equivalent():
    """(file, old, new) of the changes in equivalent.tsv."""
    lines = (TOP / "tests/equivalent.tsv").read_text().split("\n")
    return {tuple(line.split("\t")[:3]) for line in lines if line and not line.startswith("#")}


# --- what may be changed ---------------------------------------------------------------------------------------------------------------------------

def code_lines(text):
    """Numbers of the lines inside functions and the function's name, without comments, strings alone and declarations."""
    inside = comment = False
    name = None
    for number, line in enumerate(text.split("\n")):
        if line.startswith("{"):
            inside = True
        elif line.startswith("}"):
            inside = False
        elif found := re.match(r"[a-z][^=;]*?\b(\w+)\(", line):
            name = found.group(1)
        bare = line.strip()
        if comment or bare.startswith("/*"):
            comment = "*/" not in bare
            continue
        if inside and bare and bare[0] not in "{}\"#*" and not bare.startswith(("case ", "default:", "goto ", "assert(")):
            yield number, name


def variants(line):
    """Every one-place change of a line."""
    if any(rule.search(line) for rule, _ in NO_MUTANT):
        return
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


class Mutant:
    def __init__(self, path, number, function, line):
        self.path, self.number, self.function = path, number, function
        self.lines = (TREE / path).read_text().split("\n")
        self.old, self.new = self.lines[number], line
        self.lines[number] = line
        self.by = None  # the test that noticed

    def __str__(self):
        return f"{self.path}:{self.number + 1}: {self.old.strip()}  ->  {self.new.strip()}"


def drawn(paths, rng):
    """The changes of all lines in a random order: one for each line, then the others."""
    equivalent = known_equivalent()
    places = [(p, n, f) for p in paths for n, f in code_lines((TREE / p).read_text())]
    rng.shuffle(places)
    later = []
    for path, number, function in places:
        line = (TREE / path).read_text().split("\n")[number]
        changes = [c for c in variants(line) if c != line and not alike(line, c) and (path, line.strip(), c.strip()) not in equivalent]
        rng.shuffle(changes)
        if changes:
            later += [(path, number, function, c) for c in changes[1:]]
            yield Mutant(path, number, function, changes[0])
    rng.shuffle(later)
    for place in later:
        yield Mutant(*place)


def sources(name):
    name = name.removeprefix(f"{TOP}/").rstrip("/")
    for place in (name, f"src/{name}"):
        if (TREE / place).is_dir():
            return sorted(str(p.relative_to(TREE)) for p in (TREE / place).rglob("*.c"))
        if (TREE / place).is_file():
            return [place]
    sys.exit(f"mutate: no sources in {name}")


# --- the build -------------------------------------------------------------------------------------------------------------------------------------

def copy_tree():
    """What git knows of, as it is now; a file that did not change keeps its time."""
    names = subprocess.run(["git", "-C", TOP, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True).stdout.split("\n")
    names = {n for n in names if n and (TOP / n).is_file()}
    for name in names:
        data = (TOP / name).read_bytes()
        for folder, library in (("src", b"lib_core"), ("ui", b"lib_ui")):
            if name == f"{folder}/meson.build":
                data = data.replace(library + b" = static_library", library + b" = shared_library")
        place = TREE / name
        if not place.exists() or place.read_bytes() != data:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            shutil.copymode(TOP / name, place)
    for top in {n.split("/")[0] for n in names}:
        for place in (TREE / top).rglob("*"):
            if place.is_file() and str(place.relative_to(TREE)) not in names:
                place.unlink()


def build():
    copy_tree()
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["meson", "setup", BUILD, TREE, "-Doptimization=1", "-Ddebug=false", "-Dwarning_level=0", "-Db_lundef=false"], check=True,
                       stdout=subprocess.DEVNULL)
    done = subprocess.run(["ninja", "-C", BUILD, f"-j{os.cpu_count()}"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout)


class Recipe:
    """How objects are compiled and libraries linked, taken from the build."""

    def __init__(self):
        self.objects = {}  # source -> (object, words of the compiler)
        for entry in json.loads((BUILD / "compile_commands.json").read_text()):
            words = [w for w in shlex.split(entry["command"]) if not w.startswith("-fdiagnostics")]
            for option in ("-MQ", "-MF", "-o"):
                at = words.index(option)
                del words[at:at + 2]
            words = [w for w in words if w not in ("-MD", "-c", entry["file"])]
            # What a mutant leaves unset is to be seen.
            words = [w.replace("auto-var-init=zero", "auto-var-init=pattern") for w in words]
            source = os.path.relpath(BUILD / entry["file"], TREE)
            if source.startswith(("src/", "ui/")):
                self.objects[source] = (entry["output"], words)
        self.link = {target: shlex.split(subprocess.run(["ninja", "-C", BUILD, "-t", "commands", target], capture_output=True, text=True,
                                                        check=True).stdout.strip().split("\n")[-1])
                     for target in [*LIBRARIES.values(), PICTURES]}

    def compile(self, source, to, *more, text=None):
        """Compiles text as if it stood in source, or what stands there."""
        _, words = self.objects[source]
        name = os.path.relpath(TREE / source, BUILD)
        command = [*words, "-w", *more, "-c", "-o", str(to)]
        if text is None:
            return subprocess.run([*command, name], cwd=BUILD, capture_output=True).returncode == 0
        return subprocess.run([*command, f"-iquote{(TREE / source).parent}", "-x", "c", "-"], cwd=BUILD, input=f'# 1 "{name}"\n{text}',
                              capture_output=True, text=True).returncode == 0

    def link_library(self, library, to, changed, *more):
        """Links a library to the file `to`; changed: object -> file that stands for it."""
        words = [changed.get(w, w) for w in self.link[library]]
        return self.linked(words, to, more)

    def link_pictures(self, to, changed, *more):
        """The pictures put their own clock under all objects with the linker's --wrap, which reaches no shared library: they are linked to the objects."""
        words = []
        for word in self.link[PICTURES]:
            of_library = [w for w in self.link.get(word, []) if word != PICTURES and w.startswith(f"{word}.p/")]
            words += [changed.get(o, o) for o in of_library] or [word]
        return self.linked(words, to, more)

    @staticmethod
    def linked(words, to, more):
        words = list(words)
        new = f"{to}.new"
        words[words.index("-o") + 1] = new
        if subprocess.run([*words, *more], cwd=BUILD, capture_output=True).returncode:
            return False
        os.replace(new, to)  # the old one is a link to the build's
        return True


# --- the tests -------------------------------------------------------------------------------------------------------------------------------------

class Test:
    def __init__(self, name, suite, command, env, workdir, content):
        self.name, self.suite, self.command, self.env, self.workdir = name, suite, command, env, workdir
        self.content = hashlib.sha256(content).hexdigest()
        self.peer = suite in ("interop", "faults")


def tests():
    said = subprocess.run(["meson", "introspect", "--tests", BUILD], capture_output=True, text=True, check=True).stdout
    for entry in json.loads(said):
        suite, name = entry["suite"][0].split(":")[-1], entry["name"]
        if suite not in ("unit", "sim", "screen", "interop", "faults") or name in NOT_RUN:
            continue
        files = [TREE / f"tests/unit/test_{name}.c", TREE / f"tests/sim/{name}.sim", TREE / f"tests/{suite}/{name}.py"]
        files = [f for f in files if f.exists()] or (sorted((TREE / "tests/screen").iterdir()) if suite == "screen" else [])
        content = b"".join(f.read_bytes() for f in files)
        if suite in ("interop", "faults"):
            for function in re.findall(r"^def (test_\w+)\(", content.decode(), re.MULTILINE):
                yield Test(f"{name}.{function}", suite, [*entry["cmd"], function], entry["env"], entry["workdir"], content)
        else:
            yield Test(name, suite, entry["cmd"], entry["env"], entry["workdir"], content)


def limits(processor):
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 30, 3 << 30))  # one test has a file of 2 GiB, all holes


def end(child):
    """Peer tests end their peers when they are asked to go; what is left of the session is killed."""
    for sign, patience in ((signal.SIGTERM, 2), (signal.SIGKILL, 5)):
        try:
            os.killpg(child.pid, sign)
            child.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


class Worker:
    """A folder that looks like the build, with libraries of its own."""

    def __init__(self, name):
        self.top = TREE / name  # beside the build: some tests name their files from there
        shutil.rmtree(self.top, ignore_errors=True)
        subprocess.run(["cp", "-al", BUILD, self.top], check=True)
        self.tmp = pathlib.Path(f"/tmp/sdr-{name}-{os.getpid()}")

    def restore(self, *targets):
        for target in targets:
            (self.top / target).unlink()
            os.link(BUILD / target, self.top / target)

    def run(self, test, seconds, env=None, processor=240):
        """Returns (the exit code or None when it took too long, what it took). processor: seconds of it that one process may take."""
        here = [w.replace(str(BUILD), str(self.top)) for w in test.command]
        shutil.rmtree(self.tmp, ignore_errors=True)
        self.tmp.mkdir()
        full = {**os.environ, **{k: v.replace(str(BUILD), str(self.top)) for k, v in test.env.items()}, "TMPDIR": str(self.tmp), **(env or {})}
        start = time.monotonic()
        child = subprocess.Popen(here, cwd=test.workdir or self.top, env=full, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, preexec_fn=lambda: limits(processor))
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        end(child)
        shutil.rmtree(self.tmp, ignore_errors=True)
        return code, time.monotonic() - start


def at_once(job, items, workers):
    """Runs job(worker, item) for all items, yields (item, what it returned) in order of the items, taking only as many as are asked for."""
    free = queue.Queue()
    for worker in workers:
        free.put(worker)

    def one(item):
        worker = free.get()
        try:
            return job(worker, item)
        finally:
            free.put(worker)

    waiting = collections.deque()
    items = iter(items)
    with concurrent.futures.ThreadPoolExecutor(len(workers)) as pool:
        try:
            while True:
                while len(waiting) < 2 * len(workers) and (item := next(items, None)) is not None:
                    waiting.append((item, pool.submit(one, item)))
                if not waiting:
                    return
                item, future = waiting.popleft()
                yield item, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


# --- which tests execute what ----------------------------------------------------------------------------------------------------------------------

class Trace:
    """test -> the functions it executes, as file:function, what it took, whether it can be used."""

    def __init__(self, recipe, all_tests, jobs):
        self.place = HOME / "trace.json"
        self.known = json.loads(self.place.read_text()) if self.place.exists() else {}
        todo = [t for t in all_tests if self.known.get(t.name, {}).get("content") != t.content or self.known[t.name]["fails"]]
        if todo:
            print(f"tracing {len(todo)} of {len(all_tests)} tests", flush=True)
            workers = self.traced_workers(recipe, jobs)
            for at in range(0, len(todo), 60):
                self.make(workers, todo[at:at + 60])
            for worker in workers:
                shutil.rmtree(worker.top)
        self.known = {t.name: self.known[t.name] for t in all_tests}
        bad = [name for name, entry in self.known.items() if entry["fails"]]
        if bad:
            print(f"not used, {len(bad)} fail as it is: {' '.join(bad[:40])}", flush=True)
        self.tests = [t for t in all_tests if t.name not in bad]
        self.by_function = collections.defaultdict(list)
        self.by_file = collections.defaultdict(list)
        for test in self.tests:
            for function in self.known[test.name]["functions"]:
                self.by_function[function].append(test)
            for file in {f.split(":")[0] for f in self.known[test.name]["functions"]}:
                self.by_file[file].append(test)

    def seconds(self, test):
        return self.known[test.name]["seconds"]

    @staticmethod
    def traced_workers(recipe, jobs):
        workers = [Worker(f"trace{n}-{time.time_ns()}") for n in range(jobs)]
        folder = HOME / "traced"
        folder.mkdir(exist_ok=True)
        hook = folder / "trace.o"
        subprocess.run(["cc", "-O1", "-fPIC", "-D_GNU_SOURCE", "-c", TREE / "tests/lib/trace_functions.c", "-o", hook], check=True)
        changed = {o: str(folder / o.replace("/", "_")) for o, _ in recipe.objects.values()}

        headers = max(h.stat().st_mtime for top in ("src", "ui", "include") for h in (TREE / top).rglob("*.h"))

        def traced(_, source):
            to = pathlib.Path(changed[recipe.objects[source][0]])
            if to.exists() and to.stat().st_mtime > max(headers, (TREE / source).stat().st_mtime):
                return True
            return recipe.compile(source, to, "-finstrument-functions", "-g1", "-O0", "-U_FORTIFY_SOURCE")
        list(at_once(traced, list(recipe.objects), workers))
        for worker in workers:
            if not all([*(recipe.link_library(library, worker.top / library, changed, str(hook)) for library in LIBRARIES.values()),
                        recipe.link_pictures(worker.top / PICTURES, changed, str(hook))]):
                sys.exit("mutate: the traced libraries can't be linked")
        return workers

    def make(self, workers, todo):
        """Notes what those tests do, and keeps it."""
        def execute(worker, test):
            file = HOME / f"{worker.top.name}.functions"
            file.unlink(missing_ok=True)
            code, took = worker.run(test, 240, {"SOUNDER_TRACE": str(file)})
            lines = set(file.read_text(errors="replace").split("\n")) if file.exists() else set()
            if code not in (0, 77):  # by chance, or for want of time?
                code, took = worker.run(test, 240, {"SOUNDER_TRACE": str(file)})
            return code, took, {tuple(w) for w in map(str.split, lines) if len(w) == 2 and w[0].startswith("/")}
        runs = [(test, *got) for test, got in at_once(execute, todo, workers)]
        names = self.names({place for *_, places in runs for place in places})
        self.known = json.loads(self.place.read_text()) if self.place.exists() else {}
        for test, code, took, places in runs:
            self.known[test.name] = {"content": test.content, "seconds": took, "fails": code not in (0, 77),
                                     "functions": sorted({names[p] for p in places if p in names})}
        new = self.place.with_suffix(".new")
        new.write_text(json.dumps(self.known))
        new.replace(self.place)
        print(f"traced {len(runs)}", flush=True)

    @staticmethod
    def names(places):
        """(object, offset) -> file:function."""
        objects = collections.defaultdict(list)
        for name, offset in places:
            objects[name].append(offset)
        named = {}
        for name, offsets in objects.items():
            if not name.startswith(str(TREE)):
                continue
            said = subprocess.run(["addr2line", "-f", "-e", name], input="\n".join(offsets), capture_output=True, text=True).stdout.split("\n")
            for offset, function, where in zip(offsets, said[::2], said[1::2]):
                file = os.path.relpath(BUILD / where.rsplit(":", 1)[0], TREE)
                if file.startswith(("src/", "ui/")):
                    named[name, offset] = f"{file}:{function}"
        return named


# --- mutants ---------------------------------------------------------------------------------------------------------------------------------------

class Range:
    """Where mutants are tried."""

    def __init__(self, recipe, trace, workers):
        self.recipe, self.trace, self.workers = recipe, trace, workers
        self.noticed = collections.Counter()  # (file, test) -> how many mutants
        self.untouched = {}  # source -> its object as it is
        self.sanitized = {}  # test -> whether it passes sanitized as it is

    def order(self, mutant):
        """The tests that may notice, in the order in which they are run."""
        found = self.trace.by_function.get(f"{mutant.path}:{mutant.function}") or self.trace.by_file.get(mutant.path, [])
        known = self.trace.known

        def key(test):
            functions = known[test.name]["functions"]
            own = sum(f.startswith(mutant.path + ":") for f in functions)
            costly = test.suite == "screen" and not mutant.path.startswith("ui/")
            return test.peer, costly, -self.noticed[mutant.path, test.name], -own / len(functions), self.trace.seconds(test)
        return sorted(found, key=key)

    def same(self, worker, mutant, data):
        if mutant.path not in self.untouched:
            place = worker.top / "plain.o"
            self.recipe.compile(mutant.path, place, text=(TREE / mutant.path).read_text())
            self.untouched[mutant.path] = place.read_bytes()
        return data == self.untouched[mutant.path]

    def try_one(self, worker, mutant):
        """Returns None for what is no mutant, else whether it was noticed."""
        place = worker.top / "mutant.o"
        library = LIBRARIES[mutant.path.split("/")[0]]
        changed = {self.recipe.objects[mutant.path][0]: str(place)}
        text = "\n".join(mutant.lines)
        if not self.recipe.compile(mutant.path, place, text=text) or self.same(worker, mutant, place.read_bytes()):
            return None
        if not self.recipe.link_library(library, worker.top / library, changed):
            return None
        pictures = False
        spent = {True: 0, False: 0}
        for test in self.order(mutant):
            usual = self.trace.seconds(test)
            spent[test.peer] += usual
            if spent[test.peer] > (PEERS_SECONDS if test.peer else QUICK_SECONDS) and spent[test.peer] > usual:
                continue
            if test.suite == "screen" and not pictures:
                pictures = self.recipe.link_pictures(worker.top / PICTURES, changed)
            # Peers and clocks may fail by chance: only what fails again was noticed.
            if all(worker.run(test, 5 + 10 * usual, processor=int(3 + 2 * usual))[0] not in (0, 77) for _ in range(2 if test.peer else 1)):
                mutant.by = test.name
                break
        mutant.by = mutant.by or self.second_look(worker, mutant, text, library)
        worker.restore(library, PICTURES)
        if mutant.by:
            self.noticed[mutant.path, mutant.by] += 1
        return mutant.by is not None

    def second_look(self, worker, mutant, text, library):
        """The tests under the sanitizers, of which only the changed file is compiled with them."""
        place = worker.top / "mutant.o"
        more = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
        changed = {self.recipe.objects[mutant.path][0]: str(place)}
        if not self.recipe.compile(mutant.path, place, *more, "-U_FORTIFY_SOURCE", text=text):
            return None
        if not self.recipe.link_library(library, worker.top / library, changed, *more):
            return None
        for test in [t for t in self.order(mutant) if t.suite == "unit" and self.trace.seconds(t) < 3 * QUICK_SECONDS][:4]:
            if not self.passes_sanitized(worker, test):
                worker.restore(library)  # as it is, does it pass so?
                if test.name not in self.sanitized:
                    self.sanitized[test.name] = self.passes_sanitized(worker, test)
                if self.sanitized[test.name]:
                    return f"{test.name} (sanitized)"
                if not self.recipe.link_library(library, worker.top / library, changed, *more):
                    return None
        return None

    def passes_sanitized(self, worker, test):
        runtime = [subprocess.run(["cc", f"-print-file-name=lib{n}.so"], capture_output=True, text=True).stdout.strip() for n in ("asan", "ubsan")]
        # Time is for a busy machine; one that turns in a circle is ended by the processor's.
        seconds = self.trace.seconds(test)
        return worker.run(test, 120 + 60 * seconds, {"LD_PRELOAD": " ".join(runtime)}, processor=int(20 + 20 * seconds))[0] in (0, 77)

    def run(self, name, mutants, count):
        killed = tried = 0
        for mutant, noticed in at_once(self.try_one, mutants, self.workers):
            if noticed is None:
                continue
            tried += 1
            killed += noticed
            print(f"{'noticed' if noticed else 'UNNOTICED'}: {mutant}{'  by ' + mutant.by if noticed else ''}", flush=True)
            if tried == count:
                break
        print(f"{name}: {killed} of {tried} noticed ({100 * killed / max(tried, 1):.0f} %)", flush=True)
        return killed >= SHARE * tried


def of_line(place):
    path, number = place.rsplit(":", 1)
    path = sources(path)[0]
    text = (TREE / path).read_text()
    line = text.split("\n")[int(number) - 1]
    function = dict(code_lines(text)).get(int(number) - 1)
    return [Mutant(path, int(number) - 1, function, changed) for changed in variants(line) if changed != line]


def unnoticed(log):
    """The mutants that a run before did not notice, from what it printed; of lines that are alike the nearest to where it was then."""
    for path, place, old, new in re.findall(r"^UNNOTICED: (\S+?):(\d+): (.*)  ->  (.*)$", pathlib.Path(log).read_text(), re.MULTILINE):
        text = (TREE / path).read_text()
        lines = text.split("\n")
        alike = [(number, function) for number, function in code_lines(text) if lines[number].strip() == old]
        for number, function in sorted(alike, key=lambda found: abs(found[0] + 1 - int(place)))[:1]:
            yield from [Mutant(path, number, function, c) for c in variants(lines[number]) if c.strip() == new][:1]


# No network but a loopback of its own, no process but its own, and device nodes that can't be replaced: mutants run as whoever calls this.
ENCLOSURE = """set -e
ip link set lo up
echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range 2>/dev/null || echo '0 0' >/proc/sys/net/ipv4/ping_group_range
dev=$1; shift
mkdir -p "$dev"
mount -t tmpfs -o mode=755 none "$dev"
for node in null zero full random urandom tty; do
	[ -e /dev/$node ] || continue
	: >"$dev/$node"; mount --bind /dev/$node "$dev/$node"
done
mkdir "$dev/pts" "$dev/shm"
mount --rbind /dev/pts "$dev/pts"
mount -t tmpfs none "$dev/shm"
ln -s pts/ptmx "$dev/ptmx"; ln -s /proc/self/fd "$dev/fd"
ln -s fd/0 "$dev/stdin"; ln -s fd/1 "$dev/stdout"; ln -s fd/2 "$dev/stderr"
mount --move "$dev" /dev
exec "$@"
"""


def enclose():
    """Starts this program again where it can do no harm."""
    if os.environ.get("SOUNDER_ENCLOSED"):
        return
    HOME.mkdir(exist_ok=True)
    way = "-mnp" if os.geteuid() == 0 else "-Urmnp"
    os.environ["SOUNDER_ENCLOSED"] = "1"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.execvp("unshare", ["unshare", way, "--fork", "--kill-child", "--mount-proc", "sh", "-c", ENCLOSURE, "sh", str(HOME / "dev"), sys.executable,
                          *sys.argv])


def main():
    parser = argparse.ArgumentParser(prog="mutate.py", description="One-line mutants that no test notices.")
    parser.add_argument("names", nargs="*", metavar="FOLDER|FILE")
    parser.add_argument("--count", type=int, default=40, help="mutants of each (40)")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time")
    parser.add_argument("--quick", action="store_true", help="without the tests with peers")
    parser.add_argument("--traced", action="store_true", help="with those peers alone that were traced, as while --trace is at work")
    parser.add_argument("--trace", action="store_true", help="only find out which tests execute what")
    parser.add_argument("--line", action="append", metavar="FILE:LINE", help="every mutant of that line")
    parser.add_argument("--again", metavar="FILE", help="those that a run before, whose output is FILE, did not notice")
    asked = parser.parse_args()
    enclose()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the first process of a namespace has no default for it
    print(f"seed {asked.seed}", flush=True)
    build()
    recipe = Recipe()
    asked_for = [t for t in tests() if not (asked.quick and t.peer)]
    if asked.traced:
        known = json.loads((HOME / "trace.json").read_text())
        asked_for = [t for t in asked_for if not t.peer or (t.name in known and not known[t.name]["fails"])]
    trace = Trace(recipe, asked_for, asked.jobs)
    if asked.trace:
        return 0
    ground = Range(recipe, trace, [Worker(f"worker{n}-{asked.seed}") for n in range(asked.jobs)])
    poor = []
    for name in asked.line or ([asked.again] if asked.again else asked.names or FOLDERS + SCREEN):
        mutants = of_line(name) if asked.line else unnoticed(name) if asked.again else drawn(sources(name), random.Random(asked.seed))
        if not ground.run(name, mutants, asked.count):
            poor.append(name)
    for worker in ground.workers:
        shutil.rmtree(worker.top)
    if poor:
        print(f"under {100 * SHARE:.0f} %: {' '.join(poor)}")
    return 1 if poor else 0


if __name__ == "__main__":
    sys.exit(main())
