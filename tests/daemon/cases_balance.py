# SPDX-License-Identifier: BSD-2-Clause
"""What the daemon does to a machine, and that it undoes it."""
import signal
import time

import machine
from bench import FAST, JOURNAL, SETTLED, SOCKET, STATE, Skipped, equal, wait_for


def test_balances_and_puts_back(bench):
    """Eight queues of 0.08 each on one CPU of four: 0.16 each at best. Idle ones are not touched."""
    fake = bench.build()
    before, written = fake.affinities(), {n: fake.written(n) for n in range(40, 44)}
    daemon = bench.daemon().ready()
    bench.settle()
    status = bench.status()
    equal(status["schema"], "irqctl.status/1", "schema")
    assert status["moves"] and all(move["reason"] for move in status["moves"])
    equal([cpu["cpu"] for cpu in status["cpus"]], [0, 1, 2, 3], "CPUs")
    assert JOURNAL.exists()
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")
    equal({n: fake.written(n) for n in range(40, 44)}, written, "writes to idle interrupts")
    assert not JOURNAL.exists() and not SOCKET.exists()


def test_interrupt_signal_ends_it(bench):
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    equal(daemon.end(signal.SIGINT), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")


def test_measures_what_moves_brought(bench):
    bench.build()
    bench.daemon().ready()
    bench.settle()
    move = wait_for(lambda: [move for move in bench.status()["moves"]
                             if move["measured"] is not None], 10, "a measured move")[0]
    assert move["measured"] < move["before"] and abs(move["measured"] - move["predicted"]) < 0.1


def test_calm_when_balanced(bench):
    fake = bench.build()
    bench.daemon().ready()
    bench.settle(0.2)
    time.sleep(3)
    moves = len(fake.moves)
    time.sleep(10)
    equal(len(fake.moves), moves, "moves of a balanced machine in 10 s")


def test_keep(bench):
    """--keep leaves the affinities, and restore --daemon can still put them back."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon(FAST, "--keep").ready()
    bench.settle()
    equal(daemon.end(), 0, "exit status")
    assert fake.affinities() != before and fake.fullest() < SETTLED
    run = bench.run("restore", "--daemon")
    equal((run.returncode, run.stderr), (0, ""), "restore")
    equal(fake.affinities(), before, "affinities afterwards")


def test_keep_in_the_configuration(bench):
    fake = bench.build()
    daemon = bench.daemon(FAST + "keep = yes\n").ready()
    bench.settle()
    equal(daemon.end(), 0, "exit status")
    assert fake.fullest() < SETTLED


def test_observe_writes_nothing(bench):
    """It says each thing once, and opens nothing below /proc/irq to write to it."""
    fake = bench.build()
    trace = bench.base / "trace"
    daemon = bench.daemon(FAST, "--observe", under=(
        "strace", "-D", "-f", "-qq", "-y", "-o", str(trace), "-e", "trace=open,openat,openat2,creat"))
    daemon.wait_log("would move IRQ 24")
    time.sleep(3)
    assert daemon.count("would move IRQ 24") <= 3, "it is said again and again"
    equal(bench.status()["observe"], True, "observe")
    equal(daemon.end(), 0, "exit status")
    opened = [line for line in trace.read_text().splitlines() if "/proc/irq" in line]
    assert opened
    equal([line for line in opened if "O_WRONLY" in line or "O_RDWR" in line], [], "writes")
    equal(fake.moves, [], "moves")
    assert not JOURNAL.exists()


def test_observe_beside_another(bench):
    """It may look on while another one works, and takes nothing from it."""
    bench.build()
    first = bench.daemon().ready()
    second = bench.daemon(FAST, "--observe")
    second.wait_log("cannot ask")
    time.sleep(1)
    equal(second.end(), 0, "exit status")
    assert SOCKET.exists()
    equal(bench.status()["observe"], False, "who answers")
    equal(first.end(), 0, "exit status")


def test_once(bench):
    """One round, and the affinities stay."""
    fake = bench.build()
    run = bench.run("daemon", "--once", "-c", str(bench.config("")))
    equal((run.returncode, run.stderr), (0, ""), "daemon --once")
    assert wait_for(lambda: fake.fullest() < SETTLED, 2)
    assert not SOCKET.exists()


def test_once_beside_a_daemon(bench):
    """What it moved would be a wish of somebody else, and stay for ever."""
    fake = bench.build()
    daemon = bench.daemon(FAST + "moves_per_minute = 1\n").ready()
    time.sleep(1)
    before = len(fake.moves)
    run = bench.run("daemon", "--once", "-c", str(bench.config("")))
    equal(run.returncode, 1, "exit status")
    assert "another irqctl daemon runs" in run.stderr, run.stderr
    equal(bench.run("daemon", "--once", "--observe").returncode, 0, "exit status of an observer")
    assert len(fake.moves) <= before + 1, fake.moves
    equal(daemon.count("somebody else"), 0, "reports of somebody else")


def test_once_observe(bench):
    fake = bench.build()
    run = bench.run("daemon", "--once", "--observe", "-c", str(bench.config("")))
    equal(run.returncode, 0, "exit status")
    assert "busiest CPU" in run.stdout
    equal(fake.moves, [], "moves")


def test_plan_shows_and_applies(bench):
    fake = bench.build()
    run = bench.run("plan", "-i", "0.5")
    equal(run.returncode, 0, "exit status")
    time.sleep(0.2)
    equal(fake.moves, [], "moves of a plan that is only shown")
    run = bench.run("plan", "-i", "0.5", "--apply")
    equal((run.returncode, run.stderr), (0, ""), "plan --apply")
    wait_for(lambda: fake.fullest() < SETTLED, 2, "a balanced machine")
    equal(bench.run("restore", "--last").returncode, 0, "restore --last")
    wait_for(lambda: fake.affinities()[24] == "0-3", 2, "the old affinities")


# What the configuration says

def test_foreign_respect(bench):
    """A change of somebody else is reported at the next sample, kept, and left at the end."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    theirs = fake.elsewhere(24)
    fake.write(24, theirs)
    daemon.wait_log("IRQ 24 (eth0-TxRx-0): somebody else changed", 2)
    fake.write(25, "1-2")
    daemon.wait_log("IRQ 25 (eth0-TxRx-1): somebody else changed", 2)
    daemon.wait_log("respected")
    time.sleep(3)
    equal(fake.requested(24), theirs, "affinity of 24")
    assert machine.parse(fake.requested(25)) <= {1, 2}
    status = bench.status()
    assert any(move["foreign"] and move["irq"] == "24" for move in status["moves"])
    assert any(irq["irq"] == "24" and "somebody else" in irq["why"]
               for irq in status["unmanaged"])
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), {**before, 24: theirs, 25: "1-2"}, "affinities afterwards")


def test_foreign_idle(bench):
    """So is a change of an interrupt that is idle; it is a pin once it is busy."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    fake.write(40, "3")
    daemon.wait_log("IRQ 40 (idle-40): somebody else changed", 2)
    fake.irqs[40].rate, fake.irqs[40].cost = 10000, 30e-6
    bench.settle(0.35)  # the queues leave its CPU
    time.sleep(1)
    equal(fake.requested(40), "3", "affinity of 40")


def test_foreign_of_many(bench):
    """Among hundreds that are idle, too."""
    fake = bench.empty()
    fake.queues(24, 8, "eth0", "0000:01:00.0")
    for number in range(100, 500):
        fake.add(number, f"idle-{number}")
    fake.start()
    daemon = bench.daemon("[global]\ninterval = 1\n").ready()
    bench.settle()
    for number in (150, 350, 499):
        fake.write(number, "3")
    for number in (150, 350, 499):
        daemon.wait_log(f"IRQ {number} (idle-{number}): somebody else changed", 2)
    moves = [move for move in bench.status()["moves"] if move["foreign"]]
    equal([(move["irq"], move["from"], move["to"]) for move in moves],
          [("150", "0-3", "3"), ("350", "0-3", "3"), ("499", "0-3", "3")],
          "what somebody else did")
    fake.irqs[499].rate, fake.irqs[499].cost = 10000, 30e-6
    bench.settle(0.35)  # the queues leave its CPU
    equal(fake.requested(499), "3", "affinity of 499")


def test_foreign_more_than_is_told(bench):
    """More writes than the kernel keeps: what was not written is not taken for changed."""
    most = int((machine.PROC / "sys/fs/inotify/max_queued_events").read_text("ascii"))
    if most > 100000:
        raise Skipped("the kernel keeps too many")
    fake = bench.empty()
    fake.queues(24, 8, "eth0", "0000:01:00.0")
    for number in range(100, 500):
        fake.add(number, f"idle-{number}", cpus="2")
    fake.start()
    daemon = bench.daemon("[global]\ninterval = 1\n").ready()
    bench.settle()
    daemon.tell(signal.SIGSTOP)
    for _ in range(most // 2 + 1):  # the same twice would be one
        fake.write(24, "0-1")
        fake.write(25, "0-1")
    daemon.tell(signal.SIGCONT)
    daemon.wait_log("IRQ 25 (eth0-TxRx-1): somebody else changed", 3)
    equal(daemon.count("somebody else"), 2, "reports")


def test_foreign_driver(bench):
    """What a driver hints is nobody's wish: it is moved again."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    for number in range(24, 32):
        machine.put(machine.PROC / f"irq/{number}/affinity_hint", "1\n")
    moved = [number for number in range(24, 32) if fake.requested(number) in ("1", "2", "3")]
    for number in moved:
        fake.set_silently(number, "0")
    for number in moved:
        daemon.wait_log(f"IRQ {number} (eth0-TxRx-{number - 24}): somebody else changed", 2)
    equal(daemon.count("taken for a driver that began anew"), len(moved), "drivers in the log")
    bench.settle()
    equal([irq for irq in bench.status()["unmanaged"] if "somebody else" in irq["why"]], [],
          "what is respected")


def test_foreign_as_hinted(bench):
    """Who writes what the driver hints, as scripts of vendors do, wishes for it."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    theirs = fake.elsewhere(24)
    machine.put(machine.PROC / "irq/24/affinity_hint", f"{1 << int(theirs):x}\n")
    fake.write(24, theirs)
    daemon.wait_log("IRQ 24 (eth0-TxRx-0): somebody else changed", 2)
    daemon.wait_log("respected (foreign = respect)", 2)
    assert any(irq["irq"] == "24" and "somebody else" in irq["why"]
               for irq in bench.status()["unmanaged"])


def test_foreign_respect_outlives_a_reload(bench):
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    theirs = fake.elsewhere(24)
    fake.write(24, theirs)
    daemon.wait_log("somebody else changed", 2)
    for i in range(3):
        daemon.tell(signal.SIGHUP)
        daemon.wait_log("was read again", times=i + 1)
    time.sleep(2)
    equal(fake.requested(24), theirs, "affinity of 24")
    equal(daemon.count("somebody else changed"), 1, "reports")


def test_foreign_respect_is_not_undone_after_a_kill(bench):
    """What somebody else set is no longer the daemon's to put back, not even after kill -9."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    theirs = fake.elsewhere(24)
    fake.write(24, theirs)
    daemon.wait_log("somebody else changed", 2)
    time.sleep(0.5)
    daemon.kill()
    equal(bench.run("restore", "--daemon").returncode, 0, "restore")
    equal(fake.affinities(), {**before, 24: theirs}, "affinities afterwards")


def test_foreign_at_the_last_moment(bench):
    """Changed between the last sample and the end: respected all the same."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    daemon.tell(signal.SIGSTOP)
    theirs = fake.elsewhere(24)
    fake.write(24, theirs)
    daemon.tell(signal.SIGTERM)
    daemon.tell(signal.SIGCONT)
    equal(daemon.process.wait(10), 0, "exit status")
    equal(fake.requested(24), theirs, "affinity of 24")


def test_foreign_restore(bench):
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon(FAST + "foreign = restore\n").ready()
    bench.settle()
    time.sleep(1)
    for number in range(24, 32):
        fake.write(number, "0")
    daemon.wait_log("put back (foreign = restore)", 2)
    bench.settle(seconds=3)
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")


def test_pin(bench):
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon(FAST + "[irq 40]\npin = 2\n[irq eth0-TxRx-1]\npin = 0-1\n").ready()
    wait_for(lambda: fake.requested(40) == "2", 5, "the pin of an idle interrupt")
    wait_for(lambda: fake.requested(25) == "0-1", 5, "the pin of a busy interrupt")
    bench.settle(0.35)
    time.sleep(2)
    equal((fake.requested(40), fake.requested(25)), ("2", "0-1"), "pins")
    fake.write(40, "3")
    daemon.wait_log("IRQ 40 (idle-40): somebody else changed", 2)
    daemon.tell(signal.SIGHUP)
    daemon.wait_log("was read again")
    time.sleep(1)
    equal(fake.requested(40), "3", "affinity of 40")
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), {**before, 40: "3"}, "affinities afterwards")


def test_ignore(bench):
    fake = bench.build()
    written = fake.written(24)
    bench.daemon(FAST + "[irq eth0-TxRx-0]\nignore = yes\n").ready()
    bench.settle()
    time.sleep(2)
    equal(fake.written(24), written, "writes to an ignored interrupt")
    assert any("ignored by [irq eth0-TxRx-0]" in irq["why"] for irq in bench.status()["unmanaged"])


def test_ignore_with_restore(bench):
    """What is ignored is not put back either."""
    fake = bench.build()
    daemon = bench.daemon(FAST + "foreign = restore\n[irq eth0-TxRx-0]\nignore = yes\n").ready()
    bench.settle()
    time.sleep(1)
    fake.write(24, "3")
    daemon.wait_log("somebody else changed its affinity from 0-3 to 3: left alone", 2)
    time.sleep(1)
    equal(fake.requested(24), "3", "affinity of 24")
    assert any("ignored by [irq eth0-TxRx-0]" in irq["why"] for irq in bench.status()["unmanaged"])


def test_near(bench):
    """policy = near: the busy node's interrupts stay on it, though the other one is empty."""
    fake = bench.build(cpus=4, nodes=2)
    bench.daemon(FAST + "[device eth0]\npolicy = near\n").ready()
    bench.settle(0.45)
    time.sleep(3)
    loads = fake.loads()
    assert loads[2] == loads[3] == 0, loads


def test_spills_to_the_other_node(bench):
    fake = bench.build(cpus=4, nodes=2)
    bench.daemon().ready()
    bench.settle(0.25)
    assert min(fake.loads()) > 0, fake.loads()


def test_allow_ban_shield(bench):
    fake = bench.build(cpus=6)
    fake.add(50, "busy-shielded", 1000, 40, cpus="4")
    fake.add(51, "idle-shielded", cpus="4")
    before = fake.affinities()
    daemon = bench.daemon(FAST + "[cpus]\nallow = 0-4\nban = 1\nshield = 4\n").ready()
    bench.settle(0.35)
    wait_for(lambda: fake.loads()[4] == 0, 10, "a shielded CPU without load")
    wait_for(lambda: fake.requested(51) != "4", 10, "the idle one of a shielded CPU moved")
    time.sleep(2)
    loads = fake.loads()
    equal((loads[1], loads[4], loads[5]), (0, 0, 0), "loads of closed CPUs")
    closed = [cpu["cpu"] for cpu in bench.status()["cpus"] if cpu["closed"]]
    equal(closed, [1, 4, 5], "closed CPUs")
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")


def test_cpus_of_a_section(bench):
    fake = bench.build()
    bench.daemon(FAST + "[irq eth0-TxRx-*]\ncpus = 0,3\n").ready()
    bench.settle(0.4)
    time.sleep(2)
    loads = fake.loads()
    equal((loads[1], loads[2]), (0, 0), "loads of CPUs that are not allowed")


def test_moves_per_minute(bench):
    fake = bench.build()
    bench.daemon(FAST + "moves_per_minute = 2\n").ready()
    wait_for(lambda: len(fake.moves) == 2, 10, "two moves")
    time.sleep(8)
    assert len(fake.moves) <= 2, fake.moves


def test_pack(bench):
    """Two CPUs with half the load each fit on one."""
    fake = bench.empty()
    fake.device("0000:01:00.0", "eth0")
    for i, cpu in enumerate("0123"):
        fake.add(24 + i, f"eth0-TxRx-{i}", 2000, 40, "0000:01:00.0", cpus=cpu)
    fake.start()
    bench.daemon(FAST + "mode = pack\npack_fill = 0.7\n").ready()
    wait_for(lambda: sum(load > 0 for load in fake.loads()) == 1, 30, "one busy CPU")
    time.sleep(3)
    equal(sum(load > 0 for load in fake.loads()), 1, "busy CPUs")


def test_weight(bench):
    """An interrupt that counts four times has a CPU for itself."""
    fake = bench.empty(cpus=2)
    fake.device("0000:01:00.0", "eth0")
    for i in range(5):
        fake.add(24 + i, f"eth0-TxRx-{i}", 2000, 50, "0000:01:00.0")
    fake.start()
    bench.daemon(FAST + "[irq 24]\nweight = 4\n").ready()
    wait_for(lambda: any(abs(load - 0.1) < 0.01 for load in fake.loads()), 20,
             "the heavy one alone on a CPU")


def test_node_of_a_section(bench):
    """The firmware tells node 0; the configuration knows that it is node 1."""
    fake = bench.empty(cpus=4, nodes=2)
    fake.device("0000:01:00.0", "eth0")
    for i in range(2):
        fake.add(24 + i, f"eth0-TxRx-{i}", 2000, 100, "0000:01:00.0")
    fake.start()
    bench.daemon(FAST + "[device eth0]\nnode = 1\n").ready()
    wait_for(lambda: fake.loads()[0] == fake.loads()[1] == 0, 20, "both on node 1")


def _busy_on(fake, cpu):
    return sum(irq.cpu == cpu and irq.rate > 0 for irq in fake.irqs.values())


def test_cpu_load(bench):
    """Programs keep CPU 3 busy: with cpu_load = respect interrupts go elsewhere, else that is the
    scheduler's affair."""
    for word in ("respect", "ignore"):
        fake = bench.machine or bench.build()
        fake.work[3] = 0.7
        fake.gather()
        daemon = bench.daemon(FAST + f"cpu_load = {word}\n").ready()
        bench.settle(0.35)
        wait_for(lambda: _busy_on(fake, 3) == (0 if word == "respect" else 2), 30,
                 f"what CPU 3 serves with {word}")
        equal(daemon.end(), 0, "exit status")


def test_shield_in_global(bench):
    fake = bench.build()
    bench.daemon(FAST + "shield = 0\n").ready()
    wait_for(lambda: fake.loads()[0] == 0, 20, "a shielded CPU without load")


def test_state_dir_and_socket(bench):
    """Both can be elsewhere; a reload that moves them waits for the next start."""
    fake = bench.build()
    before = fake.affinities()
    place = bench.base / "state"
    daemon = bench.daemon(FAST + f"state_dir = {place}\nsocket = {place}/s\n")
    wait_for((place / "s").exists, 10, "a socket")
    bench.settle()
    assert (place / "daemon.db").exists()
    equal([path.name for path in STATE.iterdir()], ["daemon.lock"], "in the usual place")
    run = bench.run("status", "--json", "--socket", str(place / "s"))
    equal(run.returncode, 0, "exit status of status")
    bench.config(FAST)
    daemon.tell(signal.SIGHUP)
    daemon.wait_log("was read again")
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")
    assert not (place / "daemon.db").exists() and not (place / "s").exists()


def test_ban_by_the_user(bench):
    """irqctl set --ban tells this daemon, too: it leaves the interrupt alone, and where it is."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon(FAST + "foreign = restore\n").ready()
    bench.settle()
    run = bench.run("set", "24", "3", "--ban", "--json")
    equal(run.returncode, 0, "exit status of set --ban")
    assert '"state": "done"' in run.stdout, run.stdout
    time.sleep(3)
    equal(fake.requested(24), "3", "affinity of 24")
    assert any(irq["irq"] == "24" and "ban" in irq["why"] for irq in bench.status()["unmanaged"])
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), {**before, 24: "3"}, "affinities afterwards")


def test_ban_of_many(bench):
    """More than go into one request."""
    fake = bench.empty()
    fake.queues(1000, 130, "eth0", "0000:01:00.0", rate=20)
    fake.start()
    daemon = bench.daemon().ready()
    run = bench.run("set", "--ban", "eth0", "2")
    equal(run.returncode, 0, f"exit status of {run}")
    banned = [irq for irq in bench.status()["unmanaged"] if "--ban" in irq["why"]]
    equal(len(banned), 130, "banned ones")
    equal(daemon.end(), 0, "exit status")


def test_not_without_root(bench):
    run = bench.as_user("daemon", "-c", "/dev/null")
    equal(run.returncode, 1, "exit status")
    assert "only root" in run.stderr


def test_foreign_between_look_and_write(bench):
    """The journal takes a while, and somebody is quicker: theirs is not overwritten."""
    fake = bench.build()
    daemon = bench.daemon(FAST, under=(
        "strace", "-D", "-f", "-qq", "-o", "/mnt/strace", "-e", "trace=fdatasync,fsync", "-e",
        "inject=fdatasync,fsync:delay_enter=1000000")).ready()
    wait_for(JOURNAL.exists, 10, "a journal")
    fake.write(24, "3")
    daemon.wait_log("IRQ 24 (eth0-TxRx-0): somebody else changed", 60)
    equal(fake.requested(24), "3", "affinity of 24")
    daemon.kill()
