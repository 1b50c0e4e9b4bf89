# SPDX-License-Identifier: BSD-2-Clause
"""The systemd unit: that it says nothing odd, and that the daemon works with what it leaves."""
import pathlib
import shutil
import subprocess

import machine
from bench import FAST, SOCKET, Skipped, equal, wait_for

UNIT = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/irqctl.service"


def settings():
    """{key: value} of the unit."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")


def test_unit_is_correct(bench):
    """In the words of systemd-analyze, with a program in the place of the one to be installed."""
    if not shutil.which("systemd-analyze"):
        raise Skipped("systemd-analyze is not installed")
    path = bench.base / "irqctl.service"
    text = UNIT.read_text(encoding="utf-8").replace("/usr/bin/irqctl", str(bench.irqctl))
    path.write_text("".join(line + "\n" for line in text.splitlines()
                            if not line.startswith("Documentation=")), encoding="utf-8")
    run = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True,
                         check=False)
    equal([line for line in run.stderr.splitlines() if "irqctl.service" in line], [],
          "what systemd-analyze says")


def test_with_the_rights_of_the_unit(bench):
    """Its capabilities, its file mode mask, everything read-only but /run/irqctl: all works."""
    unit = settings()
    for key in ("ProtectKernelTunables", "ProtectProc", "ProcSubset", "PrivateNetwork"):
        assert unit.get(key, "no") in ("no", "default", "all"), f"{key}={unit[key]}"
    equal(unit["RuntimeDirectoryPreserve"], "yes", "RuntimeDirectoryPreserve")
    capabilities = ",".join("+" + name.removeprefix("CAP_").lower()
                            for name in unit["CapabilityBoundingSet"].split())
    fake = bench.build()
    pathlib.Path("/run/irqctl").mkdir()
    config = bench.config(FAST + "socket_group = daemon\n")
    for path in ("/run/irqctl", str(bench.base)):
        machine.mount("--bind", path, path)
    machine.mount("-o", "remount,ro,bind", "/")
    machine.mount("-o", "remount,ro,bind", "/run")
    daemon = bench.daemon(None, "-c", str(config), under=(
        "sh", "-c", f'umask {unit["UMask"]}; exec "$@"', "sh", "setpriv",
        f"--bounding-set=-all,{capabilities}", "--no-new-privs")).ready()
    bench.settle()
    status = SOCKET.stat()
    equal((status.st_mode & 0o777, status.st_gid), (0o660, 1), "mode and group of the socket")
    wait_for(lambda: bench.run("status").returncode == 0, 5, "status")
    equal(bench.run("reload").returncode, 0, "reload")
    equal(daemon.end(), 0, "exit status")
    equal(set(fake.affinities().values()), {"0-3"}, "affinities afterwards")
