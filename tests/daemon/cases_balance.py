# SPDX-License-Identifier: BSD-2-Clause
"""What the daemon does to a machine, and that it undoes it."""
import signal
import time

from bench import FAST, JOURNAL, SOCKET, equal, wait_for


def test_balances_and_puts_back(bench):
    """Eight queues of 0.08 each on one CPU of four: 0.16 each at best. Idle ones are not touched."""
    machine = bench.build()
    before, written = machine.affinities(), {n: machine.written(n) for n in range(40, 44)}
    daemon = bench.daemon().ready()
    bench.settle()
    status = bench.status()
    equal(status["schema"], "irqctl.status/1", "schema")
    assert status["moves"] and all(move["reason"] for move in status["moves"])
    equal([cpu["cpu"] for cpu in status["cpus"]], [0, 1, 2, 3], "CPUs")
    assert JOURNAL.exists()
    equal(daemon.end(), 0, "exit status")
    equal(machine.affinities(), before, "affinities afterwards")
    equal({n: machine.written(n) for n in range(40, 44)}, written, "writes to idle interrupts")
    assert not JOURNAL.exists() and not SOCKET.exists()


def test_interrupt_ends_it(bench):
    machine = bench.build()
    before = machine.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    equal(daemon.end(signal.SIGINT), 0, "exit status")
    equal(machine.affinities(), before, "affinities afterwards")
