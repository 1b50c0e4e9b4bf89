# SPDX-License-Identifier: BSD-2-Clause
"""The eight matches that irqctl's balancer is measured by, and what is asked of it in each.

Everything is played by `arena` (arena.c): a balancer in real time on an invented machine. The
scenarios are tests/fixtures/scenarios/figures/NAME.json.
"""
import concurrent.futures
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SCENARIOS = TOP / "tests/fixtures/scenarios/figures"
CONFIG = "[global]\ninterval = 1\nforeign = restore\n"
PEER = ["irqbalance", "-f", "-t", "1"]
AT_ONCE = 8
SLACK = 0.02  # of the ratio: what a single move at the wrong time is worth

# NAME: the most that the ratio may be
RATIOS = {"skewed": 1.05, "costly-slow": 1.05, "noise": 1.15, "outside": 1.15, "hup": 1.05,
          "node-overflow": 1.05, "flip": 1.05, "idle": None}


def scenario(name):
    return SCENARIOS / f"{name}.json"


def event_seconds(name):
    return [event["at"] for event in json.loads(scenario(name).read_text("utf-8"))["events"]]


def play(build, name, command, log=None):
    """Plays one match. Returns what arena says; "log" are the lines of the command."""
    arena = [build / "tests/arena/arena", "--json"]
    if log:
        arena += ["--log", log]
    run = subprocess.run([*arena, scenario(name), "--", *command], capture_output=True, text=True,
                         check=False)
    if run.returncode:
        raise RuntimeError(f"{name}: {run.stderr.strip() or f'exit {run.returncode}'}")
    result = json.loads(run.stdout)
    if log:
        result["log"] = pathlib.Path(log).read_text("utf-8", "replace").splitlines()
    return result


def irqctl(build, name, folder):
    config = pathlib.Path(folder, "irqctl.conf")
    config.write_text(CONFIG, encoding="ascii")
    command = [build / "irqctl", "daemon", "-c", config]
    return play(build, name, command, pathlib.Path(folder, name + ".log"))


def nobody(build, name):
    """The ratio where nothing is moved."""
    run = subprocess.run([build / "irqctl", "simulate", scenario(name), "-p", "none", "--json"],
                         capture_output=True, check=True)
    return json.loads(run.stdout)["policies"][0]["ratio"]


def moves_a_minute(result):
    settled = sum(1 for second in result["history"] if second["second"] > result["seconds"] / 3)
    return 60 * result["moves"] / settled


def reported_after(result, second):
    """Seconds until the last of somebody else's changes was reported; None: none was."""
    times = [float(line.split()[0]) for line in result["log"]
             if re.search(r"somebody else changed its affinity", line)]
    return max(times) - second if times else None


def demands(build, name, result):
    """What is asked of irqctl, as (what, is it so)."""
    limit, ratio, idle = RATIOS[name], result["ratio"], nobody(build, name)
    yield f"ratio {ratio:.3f}, with nobody {idle:.3f}", ratio <= idle + SLACK
    yield f"{result['left']} affinities not put back at the end", result["left"] == 0
    if limit:
        yield f"ratio {ratio:.3f} <= {limit}", ratio <= limit
    if name in ("costly-slow", "hup"):
        yield f"{result['moves']} moves when settled, at most 0", result["moves"] == 0
    if name == "noise":
        found = moves_a_minute(result)
        yield f"{found:.1f} moves a minute, at most 6", found <= 6
    if name == "outside":
        delay = reported_after(result, event_seconds(name)[0])
        said = "never" if delay is None else f"after {delay:.2f} s"
        yield f"reported {said}, at most 2 s", delay is not None and delay <= 2
    if name == "idle":
        yield f"{result['touched']} interrupts touched, at most 8", result["touched"] <= 8


def play_all(build, with_peer):
    """NAME: (irqctl's result, irqbalance's or None), in the order of RATIOS."""
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(AT_ONCE * (1 + with_peer)) as pool:
        waits = {name: (pool.submit(irqctl, build, name, folder),
                        pool.submit(play, build, name, PEER) if with_peer else None)
                 for name in RATIOS}
        return {name: tuple(wait.result() if wait else None for wait in pair)
                for name, pair in waits.items()}


def why_not(build, peer=False):
    """Why nothing can be played here, or None."""
    if not (build / "tests/arena/arena").exists():
        return "there is no tests/arena/arena in the build"
    try:
        run = subprocess.run([build / "tests/arena/arena", "--seconds", "1", scenario("idle"),
                              "sleep", "60"], capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    if run.returncode:
        return run.stderr.strip()
    if peer and not shutil.which(PEER[0]):
        return f"{PEER[0]} is not installed"
    return None
