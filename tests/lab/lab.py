#!/usr/bin/env python3
"""lab.py - networks in namespaces, to try things without touching a real one.

    lab.py                                  lists them
    lab.py NAME                             a shell in the network's client
    lab.py NAME [OPTION...] COMMAND...      runs a command there and exits as it does
        --step STEP@SECONDS                 has a step of the network happen so long after the command's start
        --on HOST                           not in the client
        --nobody                            without any privilege
    lab.py --step STEP                      in a lab: has the step happen now (there it is called lab-step)
    lab.py --hold NAME                      makes it, prints the id of its first process, removes it once its input ends

All of it goes when this process ends, however it does."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading

import build
import kernel
import network as networks

STEP = "lab-step"


def show_list():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no mishap
    for name in networks.names():
        print(f"{name:<12} {networks.load(name).about}")


def answer_control(lab, listener):
    """A thread: makes the steps that are asked for, one after another."""
    while True:
        sock, _ = listener.accept()
        with sock:
            name = sock.makefile().read()
            try:
                lab.step(name)
                answer = {"done": name}
            except KeyError:
                answer = {"bad": f"no step {name} in {lab.net.name}; there are: {' '.join(lab.net.steps) or 'none'}"}
            except (kernel.Refused, OSError) as error:
                answer = {"bad": str(error)}
            try:
                sock.sendall(json.dumps(answer).encode())
            except OSError:  # whoever asked is gone
                pass


def listen(lab):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(build.CONTROL)
    listener.listen(8)
    threading.Thread(target=answer_control, args=(lab, listener), daemon=True).start()


def make(net):
    """The network, in this process's namespaces."""
    lab = build.Lab(net)
    sounder = os.path.abspath(os.environ.get("SOUNDER", "build/sounder"))
    if os.access(sounder, os.X_OK):
        build.offer(sounder, "sounder")
    kernel.write(f"{build.FOLDER}/bin/{STEP}", f'#!/bin/sh\nexec "{sys.executable}" "{os.path.abspath(__file__)}" --step "$@"\n')
    os.chmod(f"{build.FOLDER}/bin/{STEP}", 0o755)
    listen(lab)
    return lab


def hold(net, _):
    make(net)
    print("ready", flush=True)
    while sys.stdin.buffer.read(4096):
        pass
    return 0


def run_command(net, wish):
    lab = make(net)
    command = wish["command"] or [os.environ.get("SHELL") or "/bin/sh"]
    if not wish["command"] and sys.stdin.isatty():
        steps = f"; {STEP} {' | '.join(net.steps)}" if net.steps else ""
        print(f"{net.name}: {net.about}. The hosts: {' '.join(net.hosts)}{steps}. `exit` removes it.", file=sys.stderr)
    prefix = build.inside(wish["on"], wish["nobody"])
    child = subprocess.Popen([*prefix, *command], env=build.environment(), preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    for name, seconds in wish["steps"]:
        timer = threading.Timer(seconds, lab.step, [name])
        timer.daemon = True
        timer.start()
    code = child.wait()
    return code if code >= 0 else 128 - code


def first_process(what, net, wish, go):
    """What the namespaces' first process does: with its end the kernel ends all others in them."""
    kernel.die_with_parent()
    if not os.read(go, 1):
        return 1
    try:
        return what(net, wish)
    except kernel.Refused as refused:
        print(f"lab: {refused}", file=sys.stderr)
        return 77


def in_namespaces(what, net, wish):
    """Runs what(net, wish) in namespaces of its own; returns its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends the command, and with that the lab
    try:
        kernel.isolate()
    except kernel.Refused as refused:
        print(f"lab: {refused}", file=sys.stderr)
        return 77
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(write)
        code = 1
        try:
            code = first_process(what, net, wish, read)
            sys.stdout.flush()
        finally:
            os._exit(code)
    os.close(read)
    if what is hold:
        print(pid, flush=True)
    os.write(write, b".")
    os.close(write)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def take_step(net, text):
    name, _, seconds = text.partition("@")
    if name not in net.steps:
        raise networks.Bad(f"no step {name} in {net.name}; there are: {' '.join(net.steps) or 'none'}")
    return name, float(seconds or 0)


def parse(words):
    """What `NAME [OPTION...] COMMAND...` wishes, as (network, dict)."""
    net, words = networks.load(words[0]), words[1:]
    wish = {"steps": [], "on": "client", "nobody": False}
    while words and words[0].startswith("--"):
        option = words.pop(0)
        if option == "--nobody":
            wish["nobody"] = True
        elif option == "--step" and words:
            wish["steps"].append(take_step(net, words.pop(0)))
        elif option == "--on" and words and words[0] in net.kernel_hosts():
            wish["on"] = words.pop(0)
        elif option == "--":
            break
        else:
            raise networks.Bad(f"{option}: not an option here, or not with {' '.join(words[:1]) or 'nothing'}")
    wish["command"] = words
    return net, wish


def main(words):
    try:
        if not words:
            show_list()
            return 0
        if words[0] == "--step" and len(words) == 2 and pathlib.Path(build.CONTROL).exists():
            build.ask(build.CONTROL, words[1])
            return 0
        if words[0] == "--hold" and len(words) == 2:
            return in_namespaces(hold, networks.load(words[1]), None)
        if words[0].startswith("-"):
            print(__doc__, file=sys.stderr)
            return 2
        return in_namespaces(run_command, *parse(words))
    except (networks.Bad, kernel.Refused, ValueError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
