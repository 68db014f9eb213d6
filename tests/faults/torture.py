#!/usr/bin/env python3
"""torture.py [all [WORD]] - each allocation and each system call of a command fails; whoever answers nevertheless answers the same.

Each command of tortured.py, and the dashboard (torture_screen.py), runs undisturbed first. Then its nth allocation fails alone (failmalloc.so), or all
from the nth on; or its nth openat, read, socket ... since main (strace --inject). Exit 0 or 1 with another stdout than the undisturbed run's is a lie;
a signal, a hang, exit 2 without a word, a block of memory or a descriptor that nobody gave back are faults as well.

As a test it takes 1 case in 20, 150 of either kind at most, by a seed that is printed; TORTURE_SEED takes another. `all` (./dev torture) takes every case of the commands
whose line has the word, and sums up; TORTURE_STRIDE=N takes every nth of them, from TORTURE_SEED on."""
import collections
import functools
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import harness
import scene
import torture_screen
import tortured
from harness import SOUNDER, Skip

ONE_IN = 20
SHARE = 20  # seconds at most for either kind of fault, where a sample is taken
STEADY = {"interfaces", "route", "listeners", "port", "protocol", "host", "resolve", "ip", "mask"}
MOST = 150  # cases of either kind in a sample
SEED = int(os.environ.get("TORTURE_SEED", 33))  # the same sample everywhere: others by the environment, all by `all`
STRIDE = int(os.environ.get("TORTURE_STRIDE", 1))
SHIM = os.environ.get("FAILMALLOC", "")
DASHBOARD = scene.Command(("dashboard",))  # stands for torture_screen's
COMMANDS = [*tortured.commands(), DASHBOARD]
BEGUN = re.compile(r"fcntl\(0, F_GETFD")  # main looks at its standard descriptors first
KEPT = re.compile(r"^failed|setlocale|newlocale|dlopen|_dl_catch_exception|curl_global_init|CRYPTO_THREAD_run_once|libncursesw|libtinfo|"
                  r"_IO_doallocbuf")  # blocks that libraries keep to themselves
SPARED = "_nc_tiparm,_nc_setupterm,_nc_find_type_entry"  # ncurses 6.4 looks at no result of theirs, or ends the process
SIGNAL_LOCK = re.compile(r'write\(\d+, "\*", 1\)')  # libuv's own, in a pipe, which it takes for one that can't fail
LOOP_FAILED = "the event loop can't be set up"
SHOWN = 60  # findings


class Fault(NamedTuple):
    kind: str  # "allocation", "allocations from", or a system call
    number: int
    error: str = ""

    def __str__(self):
        return f"{self.kind} number {self.number}{': ' + self.error if self.error else ''}"


class Counts(NamedTuple):
    allocations: int
    calls: dict  # {call: (first, last)}


worker = {}  # of this process: its world, and what the commands say undisturbed


def begin(folder):
    """A worker has a network, peers and a home of its own. A pool makes another where one fails here, so it fails at its first task."""
    worker["plain"] = {}
    try:
        scene.leave_for_own_network()
        worker["world"] = scene.World(folder)
    except Exception as reason:
        worker["failed"] = reason


def observed(command, more=None, prefix=()):
    """A run under failmalloc's eyes, perhaps under strace."""
    world = worker["world"]
    env = {"FAILMALLOC_COUNT": world.fresh("count"), **(more or {})}
    if prefix:
        prefix = [*prefix, "-E", f"LD_PRELOAD={SHIM}"]  # not strace itself
    else:
        env["LD_PRELOAD"] = SHIM
    run = torture_screen.run(world, prefix, env) if command == DASHBOARD else world.run(command, prefix, env)
    told = world.taken("count").split()[-3:]
    if told:
        run = run._replace(live=int(told[0]), descriptors=int(told[1]), allocations=int(told[2]))
    return run._replace(injected=next((line for line in world.taken("trace").splitlines() if "(INJECTED)" in line), "")) if prefix else run


def undisturbed(command):
    if command not in worker["plain"]:
        worker["plain"][command] = observed(command)
    return worker["plain"][command]


def strace(*options):
    return ["strace", "-f", "-qq", "-e", "signal=none", "-o", worker["world"].fresh("trace"), *options]


def calls_since_main(command):
    """{call: (first, last)} of a command's calls that may fail, as strace counts them: each thread its own."""
    observed(command, prefix=strace())
    before, threads, main = collections.Counter(), {}, None
    for line in worker["world"].taken("trace").splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if not found:
            continue
        main = main or found[1]
        if found[1] == main and main not in threads and not BEGUN.search(line):
            before[found[2]] += 1
        else:
            threads.setdefault(found[1], collections.Counter())[found[2]] += 1
    assert main in threads, f"no main in the trace of {command}"
    most = {call: max(before[call] + threads[main][call], *(thread[call] for thread in threads.values())) for thread in threads.values() for call in thread}
    return {call: (before[call] + 1, last) for call, last in most.items() if call in tortured.ERRORS and last > before[call]}


def count(index):
    """What there is to fail of a command; it has to say the same twice."""
    if "failed" in worker:
        raise worker["failed"]
    command = COMMANDS[index]
    first, second = undisturbed(command), observed(command)
    assert first[:2] == second[:2] and first.code in (0, 1), f"{command}: it does not say the same twice:\n{first}\n{second}"
    assert first.allocations > 0, f"{command}: failmalloc counted nothing"
    return Counts(max(first.allocations, second.allocations), calls_since_main(command))


def stacks(ask):
    """{callers: blocks} of what a run leaves, but for what a locale or a library keeps to itself."""
    path = worker["world"].fresh("live")
    ask({"FAILMALLOC_LIVE": path})
    return collections.Counter(words(line) for line in worker["world"].taken("live").splitlines() if not KEPT.search(line))


def words(line):
    """Callers as failmalloc tells them."""
    return " < ".join(filter(None, map(place, line.split("\t"))))


def whose(command, fault):
    """Whose allocation failed, as another run tells, for a finding."""
    path = worker["world"].fresh("live")
    suffer(command, fault, {"FAILMALLOC_LIVE": path})
    return next((words(line) for line in worker["world"].taken("live").splitlines() if line.startswith("failed")), "")


@functools.lru_cache(None)
def place(caller):
    """ "sounder+0x17b86" as a function and line, as far as that is to be had; a library's callers by their names alone."""
    binary, _, rest = caller.partition("+")
    offset, _, name = rest.partition(" ")
    if binary != os.path.basename(SOUNDER) or not shutil.which("addr2line"):
        return name if binary != "failmalloc.so" else ""
    said = subprocess.run(["addr2line", "-fse", SOUNDER, hex(int(offset, 16) - 1)], capture_output=True, text=True).stdout.split("\n")
    return f"{said[0]} ({said[1].split(' ')[0]})"


def leaked(command, plain, run, fault):
    """What it leaves behind that the undisturbed run does not; by whom, as a second run tells."""
    if run.live is None or fault.kind == "close":  # what strace does not let close stays open
        return ""
    if LOOP_FAILED in run.err:  # libuv keeps what it has opened by then
        return ""
    if run.descriptors > plain.descriptors:
        return f"exit {run.code} with {run.descriptors - plain.descriptors} descriptors left open; stderr: {run.err[-300:]}"
    if run.live > plain.live:
        here, there = stacks(lambda env: suffer(command, fault, env)), stacks(lambda env: observed(command, env))
        more = here.total() - there.total()
        if more > 0:
            return f"exit {run.code} with {more} blocks of memory left; stderr: {run.err[-300:]}\n" + "\n".join(list(here - there)[:4])
    return ""


def wrong(plain, run, fault):
    """What is wrong with a run beside the undisturbed one; "" if nothing is."""
    code, out, err = run[:3]
    if code is None:
        return "" if SIGNAL_LOCK.search(run.injected) else "it hangs"
    if code < 0 or code > 2:
        return f"exit {code}: {err[-300:]}"
    mute = fault.kind in ("write", "writev") and f"{fault.kind}(2," in run.injected  # the complaint itself
    if code == 2 and not err.replace("sounder:", "").strip() and not mute:
        return "exit 2 without a word"
    if code != 2 and (code, out) != plain[:2]:
        same = max(len(os.path.commonprefix([plain.out, out])) - 80, 0)
        return f"exit {code} (undisturbed {plain.code}) with another stdout:\n--- {plain.out[same:same + 400]}\n+++ {out[same:same + 400]}\nstderr: {err[-300:]}"
    return ""


def suffer(command, fault, more=None):
    """A run with that fault."""
    if fault.kind.startswith("allocation"):
        # Whom to spare is asked of the loader, which may be locked for ever where a library could not be loaded.
        spared = {"FAILMALLOC_SPARE": SPARED} if command == DASHBOARD else {}
        goes_on = {"FAILMALLOC_ON": "1"} if fault.kind.endswith("from") else {}
        return observed(command, {"FAILMALLOC_AT": str(fault.number), **spared, **goes_on, **(more or {})})
    return observed(command, more, strace("-e", f"trace={fault.kind}", "-e", f"inject={fault.kind}:error={fault.error}:when={fault.number}"))


def check(case, until=float("inf")):
    """(case, whether its fault came, what is wrong); nothing once there is no more time."""
    if time.monotonic() > until:
        return None
    index, fault = case
    command = COMMANDS[index]
    plain, run = undisturbed(command), suffer(command, fault)
    judge = torture_screen.wrong if command == DASHBOARD else wrong
    came = bool(run.injected) or run.allocations >= fault.number or run.live is None
    wrong_in = judge(plain, run, fault) or leaked(command, plain, run, fault)
    if wrong_in and fault.kind.startswith("allocation"):
        wrong_in += f"\nwhose: {whose(command, fault)}"
    return case, came, wrong_in


def faults(counts, of_calls):
    if of_calls:
        return [Fault(call, n, error) for call, (first, last) in sorted(counts.calls.items()) for error in tortured.ERRORS[call] for n in range(first, last + 1)]
    return [Fault(kind, n) for kind in ("allocation", "allocations from") for n in range(1, counts.allocations + 1)]


def sample(cases, one_in):
    """Every so many-th, in an order of chance in which each command has its turn: where time is short, none goes without."""
    taken, turns = cases[SEED % one_in::one_in], collections.Counter()
    random.Random(SEED).shuffle(taken)
    ranked = []
    for case in taken:
        ranked.append((turns[case[0]], case))
        turns[case[0]] += 1
    return [case for _, case in sorted(ranked, key=lambda one: one[0])][:MOST]


class Summary:
    """What was tried, by command and by kind of fault; what was found."""

    def __init__(self, cases, is_all):
        self.cases, self.is_all, self.start = len(cases), is_all, time.monotonic()
        self.commands, self.kinds, self.found, self.done, self.came = collections.Counter(), collections.Counter(), [], 0, 0

    def add(self, case, came, words):
        index, fault = case
        self.done += 1
        self.came += came
        self.commands[str(COMMANDS[index])] += 1
        self.kinds[fault.kind] += 1
        if words:
            self.found.append(f"{COMMANDS[index]}: {fault}: {words}")
            if self.is_all:
                print(f"\r{self.found[-1]}", flush=True)
        if self.is_all and self.done % 200 == 0:
            passed = time.monotonic() - self.start
            left = passed / self.done * (self.cases - self.done)
            print(f"{self.done} of {self.cases}, {len(self.found)} found, {passed / 60:.1f} min, {left / 60:.1f} to go", file=sys.stderr, flush=True)

    def tell(self, whole):
        print(f"{self.done} of {whole} cases ({self.came} reached), {len(self.found)} found; TORTURE_SEED={SEED}")
        if self.is_all:
            for title, counter in (("by command", self.commands), ("by fault", self.kinds)):
                print(f"{title}: " + "; ".join(f"{name} {number}" for name, number in sorted(counter.items())))


def torture(of_calls, word="", is_all=False):
    """Runs all or a sample of the cases; fails where one of them is a fault of the program's."""
    harness.need("strace")
    if not os.path.exists(SHIM):
        raise Skip("no failmalloc at hand (FAILMALLOC)")
    with open(SOUNDER, "rb") as file:
        if b"__asan_init" in file.read():
            raise Skip("built with a sanitizer")
    chosen = [index for index, command in enumerate(COMMANDS) if word in str(command)]
    assert chosen, f"no command has {word!r}"
    with tempfile.TemporaryDirectory(prefix="sounder-torture-") as folder, \
         multiprocessing.get_context("fork").Pool(os.cpu_count(), begin, (folder,)) as pool:
        cases = [(index, fault) for index, counts in zip(chosen, pool.map(count, chosen, 1)) for fault in faults(counts, of_calls)]
        if of_calls and not is_all:  # the others' calls differ from run to run, and so would the sample: `all` tries them
            cases = [case for case in cases if str(COMMANDS[case[0]]).split()[0] in STEADY]
        taken = sample(cases, STRIDE if is_all else ONE_IN)
        summary, until = Summary(taken, is_all), float("inf") if is_all else time.monotonic() + SHARE
        for result in filter(None, pool.imap_unordered(functools.partial(check, until=until), taken)):
            summary.add(*result)
        pool.close()
        pool.join()
    summary.tell(len(cases))
    assert summary.done > 0
    assert not summary.found, f"{len(summary.found)} of {summary.done} (TORTURE_SEED={SEED}):\n" + "\n".join(sorted(summary.found)[:SHOWN])


def test_KS1_KS2_KS4_KS6_each_system_call_fails():
    torture(True)


def test_H13_KS3_KS5_KS12_each_allocation_fails():
    torture(False)


def everything(word=""):
    """The whole of it, with progress."""
    failed = 0
    for of_calls in (False, True):
        failed |= harness.run_test("system calls" if of_calls else "allocations", lambda of_calls=of_calls: torture(of_calls, word, True))
    sys.exit(failed)


if __name__ == "__main__":
    scene.enter()
    if sys.argv[1:2] == ["all"]:
        everything(*sys.argv[2:3])
    harness.main(globals())
