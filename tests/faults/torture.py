#!/usr/bin/env python3
"""torture.py [all [WORD]] - each allocation and each system call of a command fails; whoever answers nevertheless answers the same.

Each command of tortured.py, and the dashboard (torture_screen.py), runs undisturbed first. Then its nth allocation fails alone (failmalloc.so), or all
from the nth on; or its nth openat, read, socket ... since main (failcall.c). Exit 0 or 1 with another stdout than the undisturbed run's is a lie;
a signal, a hang, exit 2 without a word, a block of memory or a descriptor that nobody gave back are faults as well.

As a test it takes 1 case in 20, by a seed that is printed; TORTURE_SEED takes others. `all` (./dev torture) takes every case of the commands
whose line has the word, and sums up; TORTURE_STRIDE=N takes every nth of them, from TORTURE_SEED on."""
import collections
import errno
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
import zlib
from typing import NamedTuple

import harness
import scene
import torture_screen
import tortured
from harness import SOUNDER, Skip

ONE_IN = 20
SHARE = 240  # seconds at most for either kind of fault, where a sample is taken: six times what they take on two cores
AGAIN = 2  # runs more of a case that went wrong in a sample; what is then right each time is told, and is no failure
SEED = int(os.environ.get("TORTURE_SEED", 33))  # the same sample everywhere: others by the environment, all by `all`
WORKERS = int(os.environ.get("TORTURE_WORKERS", 3 * os.cpu_count()))  # they wait for peers, screens and keys
STRIDE = int(os.environ.get("TORTURE_STRIDE", 1))
SHIM = os.environ.get("FAILMALLOC", "")
FAILCALL = os.path.join(os.path.dirname(SHIM), "failcall")
SHOWS_PEERS = {"listeners", "port"}
DASHBOARD = scene.Command(("dashboard",))  # stands for torture_screen's
COMMANDS = [*tortured.commands(), DASHBOARD]
BEGUN = "0, F_GETFD"  # main looks at its standard descriptors first
KEPT = re.compile(r"^failed|setlocale|newlocale|dlopen|_dl_catch_exception|curl_global_init|CRYPTO_THREAD_run_once|libncursesw|libtinfo|"
                  r"_IO_doallocbuf|local_time|"  # blocks that libraries keep to themselves
                  r"ares_dns_parse")  # c-ares 1.34.9 forgets an answer it has read where there is no memory to queue its callback
# ncurses 6.4 looks at no result of theirs, or ends the process; the last two are called where there was memory for them a moment before (canvas.c).
SPARED = "_nc_tiparm,_nc_setupterm,_nc_find_type_entry,_nc_free_tparm,doupdate_sp"
SHOWN = 60  # findings


ONCE = "once, and not again: "


class Fault(NamedTuple):
    kind: str  # "allocation", "allocations from", or a system call
    number: int
    error: str = ""
    call: int = 0  # its number in this kernel's table

    def __str__(self):
        return f"{self.kind} number {self.number}{': ' + self.error if self.error else ''}"


class Counts(NamedTuple):
    allocations: int
    calls: dict  # {call: (first, last, number)}
    plain: scene.Run


counted = {}  # {index of a command: Counts}
worker = {}  # of this process: its world, what commands say undisturbed there, and what they leave


def begin(folder):
    """A worker has a network, peers and a home of its own. A pool makes another where one fails here, so it fails at its first task."""
    worker["plain"], worker["usual"] = {}, {}
    try:
        scene.leave_for_own_network()
        worker["world"] = scene.World(folder)
    except Exception as reason:
        worker["failed"] = reason


def observed(command, more=None, prefix=()):
    """A run under failmalloc's eyes, perhaps under strace."""
    world = worker["world"]
    env = {"FAILMALLOC_COUNT": world.fresh("count"), **(more or {})}
    env["FAILCALL_PRELOAD" if prefix else "LD_PRELOAD"] = SHIM  # not the one that traces
    run = torture_screen.run(world, prefix, env) if command == DASHBOARD else world.run(command, prefix, env)
    told = world.taken("count").split()[-3:]
    if told:
        run = run._replace(live=int(told[0]), descriptors=int(told[1]), allocations=int(told[2]))
    return run._replace(injected=world.taken("injected")) if prefix else run


def undisturbed(command, plain):
    """`plain`, as another worker had it, or where peers are shown by their ids and inodes, as it is here."""
    if command.words[0] in SHOWS_PEERS and command not in worker["plain"]:
        worker["plain"][command] = observed(command)
    return worker["plain"].get(command, plain)


def trace(command):
    """(thread, call, its number, the rest) of each call."""
    shown = ("strace", "-f", "-qq", "-n", "-e", "signal=none", "-o", worker["world"].fresh("trace"), "-E", f"LD_PRELOAD={SHIM}")
    observed(command, prefix=shown)
    found = (re.match(r"(\d+) +\[ *(\d+)\] (\w+)\((.*)", line) for line in worker["world"].taken("trace").splitlines())
    return [(one[1], one[3], int(one[2]), one[4]) for one in found if one]


def calls_since_main(command):
    """{call: (first, last, number)} of a command's calls that may fail: each thread its own."""
    before, threads, main, numbers = collections.Counter(), {}, None, {}
    for thread, call, number, rest in trace(command):
        main = main or thread
        numbers[call] = number
        if thread == main and main not in threads and not (call == "fcntl" and rest.startswith(BEGUN)):
            before[call] += 1
        else:
            threads.setdefault(thread, collections.Counter())[call] += 1
    assert main in threads, f"no main in the trace of {command}"
    most = {call: max(before[call] + threads[main][call], *(thread[call] for thread in threads.values())) for thread in threads.values() for call in thread}
    return {call: (before[call] + 1, last, numbers[call]) for call, last in most.items() if call in tortured.ERRORS and last > before[call]}


def count(index):
    """What there is to fail of a command; it has to say the same twice."""
    if "failed" in worker:
        raise worker["failed"]
    command = COMMANDS[index]
    first, second = observed(command), observed(command)
    assert first[:2] == second[:2] and first.code in (0, 1), f"{command}: it does not say the same twice:\n{first}\n{second}"
    assert first.allocations > 0, f"{command}: failmalloc counted nothing"
    plain = first._replace(live=max(first.live, second.live), descriptors=max(first.descriptors, second.descriptors))
    return Counts(max(first.allocations, second.allocations), calls_since_main(command), plain)


def stacks(ask):
    """{callers: blocks} of what a run leaves, but for what a locale or a library keeps to itself."""
    path = worker["world"].fresh("live")
    ask({"FAILMALLOC_LIVE": path})
    lines = [line for line in worker["world"].taken("live").splitlines() if not KEPT.search(line)]
    return collections.Counter(told for told in map(words, lines) if not KEPT.search(told))


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
        return (name or binary) if binary != "failmalloc.so" else ""
    said = subprocess.run(["addr2line", "-fse", SOUNDER, hex(int(offset, 16) - 1)], capture_output=True, text=True).stdout.split("\n")
    return f"{said[0]} ({said[1].split(' ')[0]})"


def usual(command):
    """What it leaves undisturbed."""
    if command not in worker["usual"]:
        worker["usual"][command] = stacks(lambda env: observed(command, env))
    return worker["usual"][command]


def leaked(command, plain, run, fault):
    """What it leaves behind that the undisturbed run does not; by whom, as a second run tells."""
    if run.live is None or fault.kind == "close":  # what strace does not let close stays open
        return ""
    if torture_screen.LOOP_FAILED in run.err:  # libuv keeps what it has opened by then
        return ""
    if run.descriptors > plain.descriptors:
        return f"exit {run.code} with {run.descriptors - plain.descriptors} descriptors left open; stderr: {run.err[-300:]}"
    if run.live > plain.live:
        here, there = stacks(lambda env: suffer(command, fault, env)), usual(command)
        if here.total() > there.total():  # under load a server may be ended before it has done all; not twice
            here, there = stacks(lambda env: suffer(command, fault, env)), stacks(lambda env: observed(command, env))
        more = here.total() - there.total()
        if more > 0:
            return f"exit {run.code} with {more} blocks of memory left; stderr: {run.err[-300:]}\n" + "\n".join(list(here - there)[:4])
    return ""


def wrong(plain, run, fault):
    """What is wrong with a run beside the undisturbed one; "" if nothing is."""
    code, out, err = run[:3]
    if scene.is_signal_lock(fault, run):
        return ""
    if code is None:
        return "it hangs"
    if code < 0 or code > 2:
        return f"exit {code}: {err[-300:]}"
    mute = fault.kind in ("write", "writev") and run.injected.startswith("2,")  # the complaint itself
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
    fail = (FAILCALL, fault.call, getattr(errno, fault.error), fault.number, worker["world"].fresh("injected"))
    return observed(command, more, list(map(str, fail)))


def check(case, plain):
    """(case, whether its fault came, what is wrong)."""
    index, fault = case
    command = COMMANDS[index]
    plain, run = undisturbed(command, plain), suffer(command, fault)
    judge = torture_screen.wrong if command == DASHBOARD else wrong
    came = bool(run.injected) or run.allocations >= fault.number or run.live is None
    says_otherwise = "" if tortured.goes_another_way(command, fault, run) else judge(plain, run, fault)
    wrong_in = says_otherwise or leaked(command, plain, run, fault)
    if wrong_in and fault.kind.startswith("allocation"):
        wrong_in += f"\nwhose: {whose(command, fault)}"
    return case, came, wrong_in


def attempt(task, is_all, until):
    """The same, or nothing once there is no more time. What goes wrong once in a sample and never again, as by another process's doing, is marked."""
    if "failed" in worker:
        raise worker["failed"]
    result = check(*task) if time.monotonic() < until else None
    if is_all or not result or not result[2] or any(check(*task)[2] for _ in range(AGAIN)):
        return result
    return (*result[:2], f"{ONCE}{result[2]}")


def faults(counts, of_calls):
    if of_calls:
        return [Fault(kind, n, error, number) for kind, (first, last, number) in sorted(counts.calls.items()) for error in tortured.ERRORS[kind] for n in range(first, last + 1)]
    return [Fault(kind, n) for kind in ("allocation", "allocations from") for n in range(1, counts.allocations + 1)]


def is_drawn(case):
    """By its own name, so that it does not hang on how many calls the other commands made this time."""
    return zlib.crc32(f"{SEED} {COMMANDS[case[0]]} {case[1]}".encode()) % ONE_IN == 0


def in_turn(cases):
    """An order of chance in which each command has its turn: where time is short, none goes without."""
    turns, ranked = collections.Counter(), []
    for case in random.Random(SEED).sample(cases, len(cases)):
        ranked.append((turns[case[0]], case))
        turns[case[0]] += 1
    return [case for _, case in sorted(ranked, key=lambda one: one[0])]


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
            found = f"{COMMANDS[index]}: {fault}: {words}"
            if not words.startswith(ONCE):
                self.found.append(found)
            if self.is_all or words.startswith(ONCE):
                print(f"\r{found}", flush=True)
        if self.is_all and self.done % 200 == 0:
            passed = time.monotonic() - self.start
            left = passed / self.done * (self.cases - self.done)
            print(f"{self.done} of {self.cases}, {len(self.found)} found, {passed / 60:.1f} min, {left / 60:.1f} to go", file=sys.stderr, flush=True)

    def tell(self, whole):
        left = f"; {self.cases - self.done} that were drawn had no more time" if self.done < self.cases else ""
        print(f"{self.done} of {whole} cases ({self.came} reached), {len(self.found)} found; TORTURE_SEED={SEED}{left}")
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
    if of_calls and (refusal := subprocess.run([FAILCALL, "-1", "0", "1", os.devnull, "true"], capture_output=True, text=True)).returncode:
        raise Skip(refusal.stderr.strip())
    chosen = [index for index, command in enumerate(COMMANDS) if word in str(command)]
    assert chosen, f"no command has {word!r}"
    with tempfile.TemporaryDirectory(prefix="sounder-torture-") as folder, \
         multiprocessing.get_context("fork").Pool(WORKERS, begin, (folder,)) as pool:
        for index, counts in zip(chosen, [] if counted.keys() >= set(chosen) else pool.map(count, chosen, 1)):
            counted[index] = counts
        cases = [(index, fault) for index in chosen for fault in faults(counted[index], of_calls)]
        taken = in_turn(cases[SEED % STRIDE::STRIDE] if is_all else list(filter(is_drawn, cases)))
        tasks = [(case, counted[case[0]].plain) for case in taken]
        summary, until = Summary(taken, is_all), float("inf") if is_all else time.monotonic() + SHARE
        for result in filter(None, pool.imap_unordered(functools.partial(attempt, is_all=is_all, until=until), tasks)):
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
