# SPDX-License-Identifier: BSD-2-Clause
"""Bad input, full disks, kills."""
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

from bench import FAST, JOURNAL, SOCKET, STATE, equal, wait_for
from machine import mount

BAD = """[global]
interval = soon
moves_per_minute = 0

[cpu]
allow = 0-3
[irq 24]
pin = 7-3
color = red
"""
BAD_LINES = (2, 3, 5, 8, 9)


def complained(text, path):
    """The lines that are complained about."""
    return [int(line.split(f"{path}:")[1].split(":")[0]) for line in text.splitlines()
            if f"{path}:" in line]


# Configuration

def test_bad_configuration_at_the_start(bench):
    """Every line that is wrong is told, and nothing is started."""
    fake = bench.build()
    daemon = bench.daemon(BAD)
    equal(daemon.process.wait(10), 1, "exit status")
    equal(complained(daemon.log, bench.base / "irqctl.conf"), list(BAD_LINES), "lines")
    equal(fake.moves, [], "moves")
    assert not SOCKET.exists()


def test_check(bench):
    path = bench.config(BAD)
    run = bench.run("daemon", "--check", "-c", str(path))
    equal(run.returncode, 2, "exit status")
    equal(complained(run.stderr, path), list(BAD_LINES), "lines")
    equal(bench.run("daemon", "--check", "-c", str(bench.config(FAST))).returncode, 0, "a good one")


def test_missing_configuration(bench):
    bench.build()
    run = bench.run("daemon", "-c", "/mnt/none.conf")
    equal(run.returncode, 1, "exit status")
    assert "/mnt/none.conf" in run.stderr, run.stderr


def test_bad_configuration_while_it_runs(bench):
    """SIGHUP and irqctl reload: told, not used, nothing is moved; a good one is taken then."""
    fake = bench.build()
    path = bench.base / "irqctl.conf"
    daemon = bench.daemon().ready()
    bench.settle()
    time.sleep(1)
    moves = len(fake.moves)
    bench.config(BAD)
    daemon.tell(signal.SIGHUP)
    daemon.wait_log("the configuration stays as it was")
    equal(complained(daemon.log, path), list(BAD_LINES), "lines after SIGHUP")
    run = bench.run("reload")
    equal(run.returncode, 1, "exit status of reload")
    equal(complained(run.stderr, path), list(BAD_LINES), "lines of reload")
    assert "keeps its configuration" in run.stderr
    run = bench.run("reload", "--json")
    told = json.loads(run.stdout)
    equal((run.returncode, run.stderr, told["reloaded"]), (1, "", False), "reload --json")
    equal([line.split(": ")[0] for line in told["errors"]],
          [f"{path}:{number}" for number in BAD_LINES], "lines of reload --json")
    bench.config("[cpus]\nallow = 17\n")
    run = bench.run("reload")
    equal(run.returncode, 1, "exit status where it does not fit the machine")
    assert "leaves no CPU" in run.stderr or "17" in run.stderr, run.stderr
    time.sleep(1)
    assert bench.status()["samples"] > 4
    equal(len(fake.moves), moves, "moves")
    bench.config(FAST + "[irq 24]\npin = 3\n")
    run = bench.run("reload")
    equal((run.returncode, run.stdout, run.stderr), (0, "", ""), "reload")
    run = bench.run("reload", "--json")
    equal((run.returncode, json.loads(run.stdout)),
          (0, {"schema": "irqctl.reload/1", "reloaded": True, "errors": []}), "reload --json")
    wait_for(lambda: fake.requested(24) == "3", 5, "the pin of the new configuration")


def test_configuration_that_vanishes(bench):
    """The file was asked for: without it the old settings stay."""
    bench.build()
    daemon = bench.daemon().ready()
    (bench.base / "irqctl.conf").unlink()
    equal(bench.run("reload").returncode, 1, "exit status of reload")
    equal(daemon.end(), 0, "exit status")


# The journal

def test_full_disk(bench):
    """Without a journal nothing is moved: said once, and done when there is space."""
    fake = bench.build()
    place = pathlib.Path("/mnt/state")
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place))
    ballast = place / "ballast"
    daemon = bench.daemon(FAST + f"state_dir = {place}\n").ready()
    fill(ballast)
    daemon.wait_log("the journal cannot be written, so nothing is moved")
    time.sleep(5)
    equal(fake.moves, [], "moves")
    equal(daemon.count("journal"), 1, "messages")
    equal(daemon.log.count("was lost"), 0, "lost samples")
    ballast.unlink()
    daemon.wait_log("the journal can be written again")
    bench.settle()
    equal(daemon.end(), 0, "exit status")
    equal(set(fake.affinities().values()), {"0-3"}, "affinities afterwards")


def fill(path):
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def test_disk_that_fills_up(bench):
    """In the middle of the work: what was moved before can still be put back."""
    fake = bench.build()
    place = pathlib.Path("/mnt/state")
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place))
    daemon = bench.daemon(FAST + f"state_dir = {place}\n").ready()
    bench.settle()
    fill(place / "ballast")
    fake.add(60, "other", 4000, 60)  # there is a reason to move something now
    time.sleep(4)
    equal(daemon.end(), 0, "exit status")
    equal(set(fake.affinities().values()), {"0-3"}, "affinities afterwards")


def test_foreign_journal(bench):
    """A file of somebody else is not overwritten."""
    bench.build()
    STATE.mkdir()
    text = b"no database at all, but long enough to be one" * 100
    JOURNAL.write_bytes(text)
    daemon = bench.daemon()
    equal(daemon.process.wait(10), 1, "exit status")
    assert str(JOURNAL) in daemon.log, daemon.log
    equal(JOURNAL.read_bytes(), text, "the file")
    JOURNAL.unlink()
    with sqlite3.connect(JOURNAL) as other:
        other.execute("CREATE TABLE original(a)")
    daemon = bench.daemon()
    equal(daemon.process.wait(10), 1, "exit status")
    assert "is no journal of irqctl; remove it" in daemon.log, daemon.log


def test_corrupt_journal(bench):
    """Neither a daemon nor restore crashes, or takes nonsense for an affinity."""
    fake = bench.build()
    _leave_journal(bench)
    good = JOURNAL.read_bytes()
    rng = random.Random(1)
    for _ in range(20):
        data = bytearray(good)
        for _ in range(rng.randrange(1, 200)):
            data[rng.randrange(100, len(data))] = rng.randrange(256)
        JOURNAL.write_bytes(bytes(data))
        run = bench.run("restore", "--daemon", "--dry-run")
        assert run.returncode in (0, 1, 2), run
    with sqlite3.connect(JOURNAL) as database:
        JOURNAL.write_bytes(good)
        database.execute("UPDATE original SET cpus = '0-3; rm' WHERE irq = 24")
    run = bench.run("restore", "--daemon")
    equal(run.returncode, 1, "exit status")
    assert "make no sense" in run.stderr, run.stderr
    assert fake.requested(25) != "0-3"


def _leave_journal(bench):
    """As a kill would, with nothing left in the log."""
    daemon = bench.daemon().ready()
    bench.settle()
    daemon.kill()
    with sqlite3.connect(JOURNAL) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_empty_journal(bench):
    """Of a daemon that was killed before it wrote anything into it: nothing to put back."""
    fake = bench.build()
    STATE.mkdir()
    JOURNAL.touch()
    equal(bench.run("restore", "--daemon").returncode, 1, "restore")
    daemon = bench.daemon().ready()
    bench.settle()
    equal(daemon.end(), 0, "exit status")
    equal(set(fake.affinities().values()), {"0-3"}, "affinities afterwards")


# Kills

def test_journal_that_is_removed(bench):
    """There is a new one before the next move, and it knows what the one before knew."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    for path in JOURNAL.parent.glob("daemon.db*"):
        path.unlink()
    daemon.process.send_signal(signal.SIGSTOP)
    fake.irqs[40].rate, fake.irqs[40].cost = 10000, 60e-6
    daemon.process.send_signal(signal.SIGCONT)
    wait_for(JOURNAL.exists, 20, "a journal")
    time.sleep(1)
    daemon.kill()
    equal(bench.run("restore", "--daemon").returncode, 0, "restore")
    equal(fake.affinities(), before, "affinities afterwards")


def test_kill_and_restore(bench):
    """At random moments; then restore --daemon makes every byte what it was."""
    fake = bench.build()
    for number, cpus in ((24, "0-1"), (25, "0,2"), (26, "0")):
        fake.write(number, cpus)
    time.sleep(0.3)
    before = fake.affinities()
    rng = random.Random(os.getpid() ^ time.monotonic_ns())
    for _ in range(12):
        daemon = bench.daemon("[global]\ninterval = 0.1\n").ready()
        time.sleep(rng.uniform(0.2, 1.5))
        daemon.kill()
        run = bench.run("restore", "--daemon")
        assert run.returncode == 0 or "left anything" in run.stderr, run
        equal(fake.affinities(), before, f"affinities after {run}")
        shutil.rmtree(STATE)
        fake.gather()


def test_kill_between_system_calls(bench):
    """Killed at the Nth write or sync: journal first, so that the way back is always there."""
    fake = bench.build()
    before = fake.affinities()
    halfway = 0
    for call in ("write", "pwrite64", "fdatasync"):
        for n in (1, 2, 3, 4, 5, 6, 8, 11):
            daemon = bench.daemon("[global]\ninterval = 0.1\n", under=(
                "strace", "-D", "-f", "-qq", "-o", "/mnt/strace", "-e", f"trace={call}", "-e",
                f"inject={call}:signal=KILL:when={n}"))
            try:
                daemon.process.wait(3)
            except subprocess.TimeoutExpired:
                daemon.kill()
            halfway += 0 < sum(fake.affinities()[number] != before[number] for number in before) < 6
            if JOURNAL.exists():
                bench.run("restore", "--daemon")
            equal(fake.affinities(), before, f"affinities after a kill at {call} {n}")
            shutil.rmtree(STATE, ignore_errors=True)
            fake.gather()
    assert halfway >= 3, f"only {halfway} kills were between two moves"


def test_kill_and_new_daemon(bench):
    """The next daemon's end puts back what the killed one had changed."""
    fake = bench.build()
    for number, cpus in ((24, "0-1"), (25, "0,2")):
        fake.write(number, cpus)
    time.sleep(0.3)
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    daemon.kill()
    assert fake.affinities() != before
    daemon = bench.daemon()
    daemon.wait_log("will be put back at the end of this one")
    daemon.ready()
    time.sleep(2)
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")
    assert not JOURNAL.exists()


def _start_again(bench, name):
    """As the kernel would tell it after a restart of the machine."""
    path = bench.base / "boot_id"
    path.write_text(name + "\n", encoding="ascii")
    mount("--bind", str(path), "/proc/sys/kernel/random/boot_id")


def test_journal_of_another_boot(bench):
    """Affinities do not outlive a restart of the machine: a state directory that does is no way
    back."""
    fake = bench.build()
    place = bench.base / "state"
    config = FAST + f"state_dir = {place}\n"
    _start_again(bench, "first")
    daemon = bench.daemon(config).ready()
    bench.settle()
    daemon.kill()
    _start_again(bench, "second")
    for number in fake.irqs:
        fake.write(number, "3" if number == 24 else "0-3")
    fake.gather()
    before = fake.affinities()
    run = bench.run("restore", "--daemon")
    equal(run.returncode, 1, "exit status of restore")
    assert "before the machine was started again" in run.stderr, run.stderr
    daemon = bench.daemon(config)
    daemon.wait_log("before the machine was started again, and is gone since; it is removed")
    assert "will be put back" not in daemon.log
    bench.settle()
    daemon.kill()
    equal(bench.run("restore", "--daemon").returncode, 0, "restore of what is of today")
    equal(fake.affinities(), before, "affinities of the new start")


def test_restore_beside_the_daemon(bench):
    """What a running daemon changed is its own business."""
    fake = bench.build()
    bench.daemon().ready()
    bench.settle()
    run = bench.run("restore", "--daemon")
    equal(run.returncode, 1, "exit status")
    assert "the daemon runs" in run.stderr
    assert fake.fullest() < 0.3


# Others

def test_beside_another_daemon(bench):
    bench.build()
    first = bench.daemon().ready()
    bench.settle()
    second = bench.daemon()
    equal(second.process.wait(10), 1, "exit status")
    assert "another irqctl daemon runs" in second.log
    assert "earlier daemon" not in second.log
    equal(bench.run("status").returncode, 0, "status of the first one")
    equal(first.end(), 0, "exit status")


def test_beside_another_daemon_with_its_own_place(bench):
    """Other state and another socket do not make room for a second one."""
    bench.build()
    first = bench.daemon().ready()
    for words in ("state_dir = /run/irqctl/.\n", "state_dir = /run/other\nsocket = /run/o.sock\n"):
        second = bench.daemon(FAST + words)
        equal(second.process.wait(10), 1, f"exit status with {words}")
        assert "another irqctl daemon runs" in second.log, second.log
    equal(first.end(), 0, "exit status")
    daemon = bench.daemon(FAST + "state_dir = /run/irqctl/.\n").ready()
    equal(daemon.end(), 0, "exit status of one whose place is spelled in another way")


def test_place_that_cannot_be_written(bench):
    """Without the usual place a daemon whose files are elsewhere works."""
    bench.build()
    STATE.write_text("a file", encoding="utf-8")
    place = bench.base / "state"
    words = f"state_dir = {place}\nsocket = {place}/s\n"
    daemon = bench.daemon(FAST + words)
    bench.settle()
    second = bench.daemon(FAST + words)
    equal(second.process.wait(10), 1, "exit status of a second one")
    assert "another irqctl daemon runs" in second.log, second.log
    equal(daemon.end(), 0, "exit status")


def test_restore_of_another_place(bench):
    """Without a configuration that tells it: the daemon noted where its state is."""
    fake = bench.build()
    before = fake.affinities()
    place = bench.base / "state"
    daemon = bench.daemon(FAST + f"state_dir = {place}\n").ready()
    bench.settle()
    daemon.kill()
    run = bench.run("restore", "--daemon")
    equal(run.returncode, 0, f"exit status of {run}")
    equal(fake.affinities(), before, "affinities afterwards")
    assert not (place / "daemon.db").exists()


def test_restore_without_a_device(bench):
    """What is gone has nothing to be put back: it is told, and the journal is done with."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    daemon.kill()
    gone = next(iter(fake.moves))[1] if fake.moves else 26
    fake.remove(gone)
    run = bench.run("restore", "--daemon")
    equal(run.returncode, 0, f"exit status of {run}")
    assert "gone" in run.stdout, run.stdout
    equal(set(fake.affinities().values()), {"0-3"}, "affinities afterwards")
    assert not JOURNAL.exists()


def test_restore_that_cannot_remove_the_journal(bench):
    """It would be put back again at the next daemon's end: that is told."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    daemon.kill()
    run = subprocess.run(["strace", "-qq", "-o", "/mnt/strace", "-P", str(JOURNAL), "-e",
                          "inject=unlink,unlinkat:error=EROFS", str(bench.irqctl), "restore",
                          "--daemon"], capture_output=True, text=True, check=False, timeout=60)
    equal(run.returncode, 1, f"exit status of {run}")
    assert f"{JOURNAL}: Read-only file system" in run.stderr, run.stderr
    equal(fake.affinities(), before, "affinities afterwards")


def test_signals_while_it_starts(bench):
    """A reload that is asked for too early is made later, and an end is an end in order."""
    slowly = ("strace", "-D", "-f", "-qq", "-o", "/mnt/strace", "-e", "trace=flock", "-e",
              "inject=flock:delay_exit=500000")
    bench.build()
    for number in (signal.SIGHUP, signal.SIGTERM):
        daemon = bench.daemon(under=slowly)
        wait_for((STATE / "daemon.lock").exists, 10, "the lock")
        time.sleep(0.1)
        assert not SOCKET.exists()
        daemon.tell(number)
        if number == signal.SIGHUP:
            daemon.wait_log("was read again", 10)
            daemon.tell(signal.SIGTERM)
        equal(daemon.process.wait(10), 0, f"exit status after {number}")
        assert not SOCKET.exists()
        shutil.rmtree(STATE)


def test_beside_irqbalance(bench):
    fake = bench.build()
    program = bench.base / "irqbalance"
    shutil.copy(shutil.which("sleep"), program)
    with subprocess.Popen([str(program), "60"]) as other:
        time.sleep(0.2)
        daemon = bench.daemon()
        equal(daemon.process.wait(10), 1, "exit status")
        assert f"irqbalance (process {other.pid})" in daemon.log, daemon.log
        assert "systemctl disable --now irqbalance" in daemon.log
        run = bench.run("daemon", "--once", "-c", str(bench.config(FAST)))
        equal(run.returncode, 1, "exit status of --once")
        assert f"irqbalance (process {other.pid})" in run.stderr, run.stderr
        observer = bench.daemon(FAST, "--observe")
        observer.wait_log("would move")
        equal(observer.end(), 0, "exit status of one that observes")
        other.kill()
    equal(fake.moves, [], "moves")
    bench.daemon().ready()
    bench.settle()


def test_read_only(bench):
    """Said once; nothing is taken for managed; it goes on when it can."""
    fake = bench.build()
    mount("-o", "remount,ro,bind", "/proc/irq")
    daemon = bench.daemon().ready()
    daemon.wait_log("Read-only file system; nothing is moved")
    time.sleep(12)
    equal(daemon.count("Read-only"), 1, "messages")
    equal(bench.status()["unmanaged"], [], "taken for unmanageable")
    mount("-o", "remount,rw,bind", "/proc/irq")
    bench.settle()
    equal(daemon.count("can be written again"), 1, "messages")
    equal(daemon.end(), 0, "exit status")
    equal(set(fake.affinities().values()), {"0-3"}, "affinities afterwards")


# The service manager

class Manager:
    """A notify socket."""

    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(10)

    def next(self):
        return self.socket.recv(4096).decode()

    def until(self, text):
        seen = []
        while text not in seen:
            seen.append(self.next())
        return seen


def test_notifies_the_manager(bench):
    bench.build()
    manager = Manager("/mnt/notify")
    daemon = bench.daemon(env={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "1000000"})
    manager.until("READY=1")
    start = time.monotonic()
    for _ in range(4):
        manager.until("WATCHDOG=1")
    assert time.monotonic() - start < 3
    daemon.tell(signal.SIGHUP)
    seen = manager.until("READY=1")
    assert any(text.startswith("RELOADING=1\nMONOTONIC_USEC=") for text in seen), seen
    daemon.tell(signal.SIGTERM)
    manager.until("STOPPING=1")
    equal(daemon.process.wait(10), 0, "exit status")


def test_watchdog_of_another_process(bench):
    """WATCHDOG_PID names somebody else."""
    bench.build()
    manager = Manager("/mnt/notify")
    daemon = bench.daemon(env={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "500000",
                               "WATCHDOG_PID": "1"})
    manager.until("READY=1")
    time.sleep(2)
    daemon.tell(signal.SIGTERM)
    equal(manager.until("STOPPING=1"), ["STOPPING=1"], "messages")


def test_not_ready_with_a_bad_configuration(bench):
    bench.build()
    manager = Manager("/mnt/notify")
    daemon = bench.daemon(BAD, env={"NOTIFY_SOCKET": manager.path})
    equal(daemon.process.wait(10), 1, "exit status")
    manager.socket.settimeout(0.2)
    try:
        raise AssertionError(f"it said {manager.next()!r}")
    except TimeoutError:
        pass


def test_priorities_for_the_journal(bench):
    bench.build()
    daemon = bench.daemon(env={"JOURNAL_STREAM": "8:1"}).ready()
    bench.settle()
    assert all(line.startswith("<") for line in daemon.log.splitlines()), daemon.log


def test_log_level(bench):
    bench.build()
    daemon = bench.daemon(FAST + "log_level = error\n").ready()
    bench.settle()
    equal(daemon.log, "", "the log")
