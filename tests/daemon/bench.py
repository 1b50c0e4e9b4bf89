# SPDX-License-Identifier: BSD-2-Clause
"""What a test of the daemon works with: machines, daemons, and words to ask and to wait."""
import json
import os
import pathlib
import signal
import subprocess
import time

import machine

STATE = pathlib.Path("/run/irqctl")
SOCKET = STATE / "irqctl.sock"
JOURNAL = STATE / "daemon.db"
FAST = "[global]\ninterval = 0.25\n"  # more samples in less time
# a load that one CPU has alone, and how few of it the fullest of four is left with
SETTLED = 0.30


class Skipped(Exception):
    """A test cannot run here, and why."""


def wait_for(what, seconds=20.0, about=""):
    """Until what() is true; its value."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {about or what.__name__}")
        time.sleep(0.05)


def equal(got, wanted, about=""):
    if got != wanted:
        raise AssertionError(f"{about}: got {got!r}, wanted {wanted!r}")


class Daemon:
    """An `irqctl daemon` that runs."""

    def __init__(self, bench, config, *options, env=None, under=()):
        self.bench = bench
        self.log_path = bench.base / f"log{len(bench.daemons)}"
        command = [*under, str(bench.irqctl), "daemon", *options]
        if config is not None:
            command += ["-c", str(bench.config(config))]
        # LeakSanitizer, where the program is built with it, does not work under strace
        under_strace = {"ASAN_OPTIONS": "detect_leaks=0"} if under else {}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **under_strace, **(env or {})})
        bench.daemons.append(self)

    @property
    def log(self):
        return self.log_path.read_text("utf-8", "backslashreplace")

    def count(self, text):
        return self.log.count(text)

    def wait_log(self, text, seconds=20.0, times=1):
        wait_for(lambda: self.count(text) >= times, seconds, f"'{text}' in the log")

    def ready(self):
        wait_for(lambda: SOCKET.exists() or self.process.poll() is not None, 20, "a socket")
        equal(self.process.poll(), None, "the daemon ended")
        return self

    def tell(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM, seconds=20):
        """Ends it in order; its exit status."""
        self.tell(number)
        return self.process.wait(seconds)

    def kill(self):
        self.process.kill()
        self.process.wait()


class Bench:
    """One test's place."""

    def __init__(self, base, irqctl):
        self.base, self.irqctl = pathlib.Path(base), irqctl
        self.daemons = []
        self.machine = None

    def build(self, **words):
        """A machine of 4 CPUs whose NIC has all its 8 busy queues on CPU 0, and 4 idle ones."""
        self.machine = self.empty(**words)
        self.machine.queues(24, 8, "eth0", "0000:01:00.0")
        for number in range(40, 44):
            self.machine.add(number, f"idle-{number}")
        self.machine.start()
        return self.machine

    def empty(self, **words):
        self.machine = machine.Machine(self.base / "machine", **words)
        return self.machine

    def config(self, text):
        path = self.base / "irqctl.conf"
        path.write_text(text, encoding="utf-8")
        return path

    def daemon(self, config=FAST, *options, **words):
        return Daemon(self, config, *options, **words)

    def run(self, *words, **more):
        """irqctl, to its end."""
        return subprocess.run([str(self.irqctl), *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=60, **more)

    def as_user(self, *words, uid=65534, gid=65534):
        """irqctl without root's rights."""
        if os.geteuid() != 0 or len(pathlib.Path("/proc/self/uid_map").read_text().split()) != 3 \
                or pathlib.Path("/proc/self/uid_map").read_text().split()[2] == "1":
            raise Skipped("there are no other users here")
        return subprocess.run(["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups",
                               str(self.irqctl), *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=60)

    def status(self):
        """The daemon's state."""
        run = self.run("status", "--json")
        if run.returncode:
            raise AssertionError(f"status: {run.returncode}: {run.stderr}")
        return json.loads(run.stdout)

    def settle(self, below=SETTLED, seconds=30):
        """Until the daemon has balanced the machine."""
        wait_for(lambda: self.machine.fullest() < below, seconds,
                 f"the fullest CPU below {below}; it is at {self.machine.fullest():.2f}")

    def show_logs(self):
        for number, daemon in enumerate(self.daemons):
            print(f"-- daemon {number}:")
            print(daemon.log[-4000:], end="")

    def end(self):
        for daemon in self.daemons:
            if daemon.process.poll() is None:
                daemon.kill()
        if self.machine and self.machine.thread.is_alive():
            self.machine.stop()
