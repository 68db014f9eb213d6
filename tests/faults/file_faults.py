#!/usr/bin/env python3
"""file_faults.py - bad files through every input: the dashboard's prompt, its options and config, lists, standard input. Rows KF1 to KF9; the reader and
the writer themselves are in unit/test_file.c. The dashboard runs in namespaces of its own; full disks are a small tmpfs there."""
import contextlib
import os
import pathlib
import shlex
import signal
import stat
import subprocess
import sys
import threading
import time

import harness
from terminal import Screen

ALONE = ("unshare", "-rn", "sh", "-c", 'ip link set lo up; cd "$0" && exec "$@"')  # then the folder to work in
SLOW = 2.0  # seconds; the goal is 0.2
TEN_MINUTES = b"tcp 127.0.0.1:9 --interval 10m\n"


def run_in(folder, *args, **options):
    return harness.run(*args, prefix=(*ALONE, str(folder)), timeout=10, **options)


def make_bad(folder):
    """Files that can't be read as text, and a word of the error for each."""
    os.mkfifo(folder / "pipe")
    (folder / "dir").mkdir()
    (folder / "loop").symlink_to("loop")
    (folder / "topipe").symlink_to("pipe")
    (folder / "secret").write_bytes(TEN_MINUTES)
    (folder / "secret").chmod(0)
    (folder / "plain").write_bytes(TEN_MINUTES)
    (folder / "wide").write_bytes("127.0.0.1\n".encode("utf-16"))
    (folder / "nul").write_bytes(b"127.0.0.1\n127.0.0.2\0\n127.0.0.3\n")
    with open(folder / "large", "wb") as file:
        file.truncate(2 << 30)
    return {"pipe": "a named pipe", "topipe": "a named pipe", "dir": "a folder", "loop": "symbolic links", "secret": "Permission denied",
            "wide": "UTF-16", "nul": "a NUL byte in line 2", "large": "larger than", "plain/": "Not a directory", "absent": "No such file",
            "/dev/tty": "a device", "/dev/zero": "a device", "/proc/self/mem": "Input/output error", str(folder / "pipe"): "a named pipe"}


def open_screen(folder, *args, prefix=None, **options):
    screen = Screen(*args, prefix=prefix or (*ALONE, str(folder)), columns=200, env={"HOME": str(folder)}, **options)
    screen.read_until(b"Overview", 20)
    screen.read(0.3)
    return screen


def enter(screen, line):
    screen.send(b":")
    screen.read(0.1)
    screen.send(line.encode() + b"\r")


def shows(screen, what, seconds=5):
    """Whether the message comes. A frame writes only what has changed, so the picture is asked for whole, by a change of size."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        screen.output = b""
        for columns in (190, 200):
            screen.resize(24, columns)
            screen.read(0.3)
        if what.encode() in screen.output:
            return True
    return False


def answers(screen):
    """Seconds until a key draws its panel."""
    screen.output = b""
    began = time.monotonic()
    screen.send(b"8")
    while b"Log" not in screen.output:
        assert time.monotonic() - began < SLOW, f"no answer to a key within {SLOW} s"
        screen.read(0.002)
    took = time.monotonic() - began
    screen.send(b"1")
    screen.read(0.1)
    return took


def watchdog(screen, seconds):
    """Ends a dashboard that froze with the terminal full, so that the test comes to its end too."""
    timer = threading.Timer(seconds, screen.process.kill)
    timer.daemon = True
    timer.start()
    return timer


def prompt_one(screen, line, word):
    """Returns the seconds until the next key was answered; None if the dashboard stands still."""
    timer = watchdog(screen, 20)
    try:
        enter(screen, line)
        took = answers(screen)
        assert shows(screen, word), f"{line}: {word!r} was not said"
        return took
    except OSError:
        return None
    except AssertionError as why:
        if "was not said" in str(why):
            raise
        return None
    finally:
        timer.cancel()


def prompt_all(line, make):
    """Gives each file to a line at the prompt. The dashboard answers keys at once and shows the error."""
    slowest, faults, screen = 0.0, [], None
    with harness.folder() as folder:
        for name, word in make(folder).items():
            screen = screen or open_screen(folder)
            try:
                took = prompt_one(screen, line.format(shlex.quote(name)), word)
                slowest = max(slowest, took or 0.0)
                if took is None:
                    faults.append(f"{line.format(name)}: no answer to a key within {SLOW} s")
                    screen.close()
                    screen = None
            except AssertionError as why:
                faults.append(str(why))
        if screen:
            screen.close()
    print(f"{line}: slowest answer to a key {slowest:.3f} s (goal 0.2 s)")
    assert not faults, "\n".join(faults)


def test_KF1_source_at_the_prompt():
    prompt_all("source {}", make_bad)


def test_KF1_list_at_the_prompt():
    prompt_all("ping --interval 10m @{}", make_bad)


def test_KF6_write_config_at_the_prompt():
    def make(folder):
        os.mkfifo(folder / "pipe")
        (folder / "dir").mkdir()
        (folder / "closed").mkdir(mode=0o555)
        (folder / "loop").symlink_to("loop")
        (folder / "dangling").symlink_to("nowhere")
        return {"pipe": "a named pipe", "dir": "a folder", "dir/": "a folder", "closed/x": "Permission denied", "loop": "a link",
                "dangling": "leads nowhere", "absent/x": "No such file"}
    prompt_all("write-config {}", make)


def test_KF6_write_config_leaves_what_is_no_file():
    with harness.folder() as folder, open_screen(folder) as screen:
        os.mkfifo(folder / "pipe")
        (folder / "dangling").symlink_to("nowhere")
        names = ["pipe", "dangling"]
        if os.geteuid() == 0:
            with contextlib.suppress(OSError):
                os.mknod(folder / "node", 0o600 | stat.S_IFCHR, os.makedev(1, 7))
                names.append("node")
        before = {name: os.lstat(folder / name) for name in names}
        for name in names:
            timer = watchdog(screen, 10)
            enter(screen, f"write-config {name}")
            answers(screen)
            timer.cancel()
        for name in names:
            after = os.lstat(folder / name)
            assert (after.st_ino, after.st_mode) == (before[name].st_ino, before[name].st_mode), name
        assert sorted(os.listdir(folder)) == sorted(names), os.listdir(folder)


def test_KF5_links_and_modes_stay():
    with harness.folder() as folder, open_screen(folder) as screen:
        (folder / "dotfiles").mkdir()
        real = folder / "dotfiles" / "sounder.conf"
        real.write_text("# old\n")
        real.chmod(0o640)
        (folder / "own.conf").symlink_to("dotfiles/sounder.conf")
        for name in ("own.conf", "fresh.conf", "./dotfiles/other.conf"):
            enter(screen, f"write-config {name}")
            assert harness.wait_until(lambda: (folder / name).exists() and "old" not in (folder / name).read_text()), name
            answers(screen)
        assert (folder / "own.conf").is_symlink()
        modes = [stat.S_IMODE(os.stat(folder / name).st_mode) for name in ("own.conf", "fresh.conf", "dotfiles/other.conf")]
        assert modes == [0o640, 0o600, 0o600], [oct(mode) for mode in modes]


def test_KF1_options():
    """Files given on the command line, in a shell: exit 2, nothing on stdout, one line that names the file."""
    faults = []
    with harness.folder() as folder:
        for name, word in make_bad(folder).items():
            for args in (("ping", "-c", "1", "@" + name), ("-f", name, "set", "losses"), ("subnet", "merge", name)):
                try:
                    done = run_in(folder, *args)
                except subprocess.TimeoutExpired:
                    faults.append(f"{args}: no end")
                    continue
                if done.returncode != 2 or done.stdout or done.stderr.count("\n") != 1 or word not in done.stderr or name not in done.stderr:
                    faults.append(f"{args}: {done.returncode} {done.stdout[:80]!r} {done.stderr[:160]!r}")
        done = run_in(folder, "ping", "@")
        assert done.returncode == 2 and "@ without a file's name" in done.stderr, done
        done = subprocess.run(["bash", "-c", '"$0" ping -c 1 @<(echo 127.0.0.1)', harness.SOUNDER], capture_output=True, text=True, timeout=10,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 2 and "pipe it in instead" in done.stderr, done
    assert not faults, "\n".join(faults)


def test_KF1_config_of_the_dashboard():
    faults = []
    for name, word in {"pipe": "a named pipe", "dir": "a folder", "nul": "a NUL byte in line 2", "secret": "Permission denied", "/dev/zero": "a device"}.items():
        for option in ("-f", "--log") if word.startswith("a ") and name != "nul" else ("-f",):
            with harness.folder() as folder:
                make_bad(folder)
                screen = None
                try:
                    screen = open_screen(folder, option, name)
                    if not shows(screen, word):
                        faults.append(f"{option} {name}: {word!r} was not said")
                    answers(screen)
                except AssertionError as why:
                    faults.append(f"{option} {name}: {str(why)[:80]}")
                finally:
                    if screen:
                        screen.close()
    assert not faults, "\n".join(faults)


def test_KF1_the_users_own_config_is_reported():
    """A config at its usual place that can't be read is reported; a missing one is no fault."""
    with harness.folder() as folder:
        assert run_in(folder, "set", "losses", env={"XDG_CONFIG_HOME": str(folder)}).stderr == ""
        (folder / "sounder").mkdir()
        os.mkfifo(folder / "sounder/sounder.conf")
        done = run_in(folder, "set", "losses", env={"XDG_CONFIG_HOME": str(folder)})
        assert "a named pipe" in done.stderr and done.stdout, done


def test_KF1_a_pipe_without_blocking():
    """Another process that shares standard input may have made it non-blocking; its lines are read anyway."""
    for args in (("ip", "-"), ("subnet", "merge", "-")):
        read, write = os.pipe()
        os.set_blocking(read, False)
        child = subprocess.Popen([harness.SOUNDER, *args], stdin=read, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        os.close(read)
        time.sleep(0.3)
        with contextlib.suppress(BrokenPipeError):
            os.write(write, b"10.0.0.1\n")
        os.close(write)
        printed = child.communicate(timeout=10)[0]
        assert child.returncode == 0 and printed.startswith("10.0.0.1"), (args, printed)


def test_KF2_byte_order_mark():
    mark = b"\xef\xbb\xbf"
    for end in (b"\n", b"\r\n"):
        with harness.folder() as folder:
            (folder / "list").write_bytes(mark + b"127.0.0.1" + end + b"127.0.0.2" + end)
            (folder / "conf").write_bytes(mark + b"set losses 5" + end)
            (folder / "sounder").mkdir()
            (folder / "sounder/services").write_bytes(mark + b"foosvc\t54321/tcp" + end)
            for args in (("@list",), ("-",)):
                done = run_in(folder, "ping", "-c", "1", "-q", *args, stdin=(folder / "list").read_text())
                assert done.stdout.count("statistics") == 2, (args, done)
            assert "losses 5" in run_in(folder, "-f", "conf", "set", "losses").stdout
            assert run_in(folder, "port", "foosvc", env={"XDG_CONFIG_HOME": str(folder)}).returncode == 0
            for command in ("ip", "mask"):
                done = run_in(folder, command, "-", stdin="\ufeff10.0.0.1/8" + end.decode())
                assert done.returncode == 0 and "10.0.0." in done.stdout, done
            with open_screen(folder) as screen:
                enter(screen, "source conf")
                answers(screen)
                enter(screen, "write-config now.conf")
                assert harness.wait_until((folder / "now.conf").exists)
                assert "set losses 5" in (folder / "now.conf").read_text()


def test_KF3_KF4_no_text_on_standard_input():
    cases = {"wide": (("127.0.0.1\n127.0.0.2\n").encode("utf-16"), "UTF-16"), "big-endian": (b"\xfe\xff" + "127.0.0.1\n".encode("utf-16-be"), "UTF-16"),
             "nul": (b"127.0.0.1\n127.0.0.2\0\n127.0.0.3\n", "a NUL byte in line 2")}
    for name, (data, word) in cases.items():
        for args in (("ping", "-c", "1", "-"), ("ip", "-"), ("subnet", "merge", "-")):
            done = subprocess.run([*ALONE, "/", harness.SOUNDER, *args], input=data, capture_output=True, timeout=10)
            assert done.returncode == 2 and word.encode() in done.stderr, (name, args, done)


FULL = ("unshare", "-Urnm", "sh", "-c", 'ip link set lo up; mount -t tmpfs -o size=256k none "$0" && cd "$0" && '
        'dd if=/dev/zero of=filler bs=4096 status=none 2>/dev/null; exec "$@"')


@contextlib.contextmanager
def full_disk(*args):
    """The dashboard in a folder without a free byte; yields it and the folder as seen from here."""
    harness.namespace("m")
    with harness.folder() as folder, open_screen(folder, *args, prefix=(*FULL, str(folder))) as screen:
        inside = pathlib.Path(f"/proc/{screen.process.pid}/root{folder}")
        if not (inside / "filler").exists():
            raise harness.Skip("no tmpfs in a namespace here")
        yield screen, inside


def test_KF7_save_on_a_full_disk():
    with full_disk() as (screen, folder):
        for _ in range(2):
            enter(screen, "save picture.txt")
            assert shows(screen, "No space left"), screen.output[-300:]
            assert os.listdir(folder) == ["filler"], os.listdir(folder)
        enter(screen, "write-config now.conf")
        assert shows(screen, "No space left") and os.listdir(folder) == ["filler"], os.listdir(folder)
        (folder / "filler").unlink()
        enter(screen, "save picture.txt")
        assert harness.wait_until((folder / "picture.txt").exists)
        answers(screen)
        saved = folder / ".local/state/sounder"
        for _ in range(3):  # within one second
            enter(screen, "save")
        assert harness.wait_until(lambda: saved.exists() and len(os.listdir(saved)) == 3), os.listdir(folder)
        for file in (folder / "picture.txt", *(saved / name for name in os.listdir(saved))):
            assert file.stat().st_size > 0 and stat.S_IMODE(file.stat().st_mode) == 0o600, file


def leftovers(folder):
    return [name for name in os.listdir(folder) if name.startswith(".sounder.")]


def test_KF8_killed_while_it_writes():
    """kill -9 while the dashboard writes its config again and again: never a torn file, at most one leftover, which the next write removes. With
    200 kills, in unit/test_file.c."""
    torn = left = 0
    with harness.folder() as folder:
        whole = folder / "whole.conf"
        start = folder / "start.conf"
        start.write_text("".join(f"tcp 127.0.{n // 200}.{n % 200 + 1}:9 --interval 1h\n" for n in range(400)))
        for round_number in range(10):
            with open_screen(folder, "-f", "start.conf") as screen:
                enter(screen, "write-config whole.conf")
                assert harness.wait_until(lambda: whole.exists() and not leftovers(folder), 10), os.listdir(folder)
                size = whole.stat().st_size
                for _ in range(20):
                    screen.send(b":write-config whole.conf\r")
                screen.read(0.01 + round_number * 0.01)
                screen.process.kill()
                screen.process.wait()
                lines = whole.read_text().splitlines()
                torn += whole.stat().st_size != size or sum(line.startswith("tcp ") for line in lines) != 400
                left = max(left, len(leftovers(folder)))
    print(f"10 kills, each among 20 writes that were asked for: {torn} torn, {left} left at most")
    assert torn == 0 and left <= 1


def test_KF9_log_on_a_full_disk():
    with full_disk("--log", "log") as (screen, folder):
        assert stat.S_IMODE((folder / "log").stat().st_mode) == 0o600
        enter(screen, "tcp 127.0.0.1:9 --interval 200ms")
        assert shows(screen, "log can't be written: No space left", 10), screen.output[-300:]
        assert (folder / "log").stat().st_size == 0
        (folder / "filler").unlink()
        assert harness.wait_until(lambda: "127.0.0.1" in (folder / "log").read_text(), 10), "what was kept did not come"


def test_KF9_log_is_reopened():
    with harness.folder() as folder, open_screen(folder, "--log", "log", keep=False) as screen:
        (folder / "log").rename(folder / "log.1")
        screen.process.send_signal(signal.SIGHUP)
        there = harness.wait_until((folder / "log").exists, 30)  # a busy disk may take its time
        assert there, ("SIGHUP did not open the log anew", screen.process.poll(), screen.read(0.5)[-500:])
        assert stat.S_IMODE((folder / "log").stat().st_mode) == 0o600
        enter(screen, "tcp 127.0.0.1:9 --interval 200ms")
        for _ in range(50):
            screen.read(0.2)
            if "127.0.0.1" in (folder / "log").read_text():
                break
        assert "127.0.0.1" in (folder / "log").read_text()
        os.close(screen.master)
        screen.master = None
        screen.wait(3)  # the terminal's own end is another matter


if __name__ == "__main__":
    harness.main(globals())
