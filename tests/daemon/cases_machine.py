# SPDX-License-Identifier: BSD-2-Clause
"""The machine changes while the daemon runs."""
import re
import signal
import subprocess
import time

import machine
from bench import FAST, SETTLED, Skipped, equal, wait_for


def strace(path, *what):
    """The command that does something to system calls with this file, as it is named in them."""
    names = (path, path[1:], path.removeprefix("/proc/irq/"))
    return ("strace", "-D", "-f", "-qq", "-o", "/mnt/strace",
            *[word for name in names for word in ("-P", name)], *what)


def affinity(number):
    return f"/proc/irq/{number}/smp_affinity_list"


def settled(bench):
    """A machine that is balanced, its daemon, and how many moves there were until now."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle(0.2)
    time.sleep(3)
    return fake, daemon, len(fake.moves)


def idle(bench):
    """A machine with nothing to do; its daemon samples as it likes (`interval = auto`)."""
    fake = bench.empty()
    fake.queues(24, 4, "eth0", "0000:01:00.0", 0.5)
    fake.start()
    bench.daemon("").ready()
    return fake


def test_cpu_goes_offline_and_comes_back(bench):
    """What the kernel moves then nobody wished for; in the end all is as it was."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    fake.set_offline(3)
    wait_for(lambda: [cpu["cpu"] for cpu in bench.status()["cpus"]] == [0, 1, 2], 5, "three CPUs")
    bench.settle(0.35)
    time.sleep(2)
    fake.set_online(3)
    wait_for(lambda: len(bench.status()["cpus"]) == 4, 5, "four CPUs")
    wait_for(lambda: fake.loads()[3] > 0.05, 20, "load on the CPU that came back")
    bench.settle(0.25)
    equal(daemon.count("somebody else"), 0, "reports of somebody else")
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")


def test_offline_and_somebody_else(bench):
    """What is written just after a CPU went is a wish, as at any other time."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    fake.set_offline(3)
    wait_for(lambda: len(bench.status()["cpus"]) == 3, 5, "three CPUs")
    theirs = "1" if fake.requested(24) == "2" else "2"
    fake.write(24, theirs)
    daemon.wait_log("IRQ 24 (eth0-TxRx-0): somebody else changed", 2)
    equal(daemon.count("somebody else"), 1, "reports of somebody else")
    equal(daemon.end(), 0, "exit status")
    equal(fake.requested(24), theirs, "affinity of 24")


def test_offline_with_restore(bench):
    """foreign = restore does not fight the kernel."""
    fake = bench.build()
    daemon = bench.daemon(FAST + "foreign = restore\n").ready()
    bench.settle()
    fake.set_offline(3)
    wait_for(lambda: len(bench.status()["cpus"]) == 3, 5, "three CPUs")
    bench.settle(0.35)
    equal(daemon.count("somebody else"), 0, "reports of somebody else")


def test_offline_cpu_of_the_configuration(bench):
    """A configuration that fits no longer: said once, and nothing else stops."""
    fake = bench.build()
    daemon = bench.daemon(FAST + "[cpus]\nallow = 3\n").ready()
    wait_for(lambda: fake.loads()[3] > 0.5, 10, "everything on CPU 3")
    fake.set_offline(3)
    daemon.wait_log("leaves no CPU for interrupts")
    time.sleep(3)
    equal(daemon.count("leaves no CPU for interrupts"), 1, "complaints")
    fake.set_online(3)
    daemon.wait_log("can be balanced again")
    wait_for(lambda: fake.loads()[3] > 0.5, 10, "everything on CPU 3 again")


def test_offline_node_of_the_configuration(bench):
    """A node that goes offline as a whole: what is only allowed there waits, all else goes on."""
    fake = bench.empty(nodes=2)
    fake.queues(24, 8, "eth0", "0000:01:00.0")
    fake.start()
    daemon = bench.daemon(FAST + "[irq 24]\ncpus = node:1\n").ready()
    bench.settle()
    fake.set_offline(2)
    fake.set_offline(3)
    wait_for(lambda: len(bench.status()["cpus"]) == 2, 5, "two CPUs")
    fake.gather()
    wait_for(lambda: fake.loads()[1] > 0.2, 10, "the others on both CPUs")
    fake.set_online(2)
    fake.set_online(3)
    wait_for(lambda: fake.irqs[24].cpu in (2, 3), 10, "IRQ 24 on its node again")
    equal(daemon.count("no CPU in"), 0, "complaints")


def test_new_interrupt(bench):
    """A device that comes later is balanced, too. Two moves bring most of it, the best placement
    takes four, and what is learned of the others is not lost, so that not all of them are moved."""
    fake, _, moves = settled(bench)
    fake.queues(60, 2, "eth1", "0000:02:00.0", 4000)
    bench.settle(0.3)
    time.sleep(3)
    names = {irq["name"] for irq in bench.status()["interrupts"]}
    assert {"eth1-TxRx-0", "eth1-TxRx-1"} <= names, names
    assert len(fake.moves) - moves <= 8, fake.moves[moves:]


def test_section_that_fits_nothing(bench):
    """Told once for each configuration, and not again whatever comes and goes."""
    fake = bench.build()
    config = FAST + "[irq 24]\nweight = 1\n[device eth[1-3]]\nignore = yes\n[driver nvme]\nnode = 0\n"
    words = "[device eth[1-3]] fits no interrupt"
    daemon = bench.daemon(config).ready()
    bench.settle()
    equal(daemon.count(f"{bench.base}/irqctl.conf:5: {words}"), 1, "eth[1-3] in the log")
    equal(daemon.count("conf:7: [driver nvme] fits no interrupt"), 1, "nvme in the log")
    equal(daemon.count("fits no interrupt"), 2, "sections in the log")
    fake.queues(60, 2, "eth1", "0000:02:00.0")
    wait_for(lambda: [irq for irq in bench.status()["unmanaged"] if irq["name"] == "eth1-TxRx-0"],
             20, "the rule holds for what came")
    fake.remove(60)
    fake.remove(61)
    fake.add(50, "late", 3000, 100)
    wait_for(lambda: [irq for irq in bench.status()["interrupts"] if irq["irq"] == "50"], 20, "50")
    equal(daemon.count("fits no interrupt"), 2, "sections in the log")
    daemon.tell(signal.SIGHUP)
    daemon.wait_log("was read again")
    equal(daemon.count(words), 2, "and once more after a reload")


def test_driver_is_loaded_again(bench):
    """Same device and handlers, other numbers: what was learned and said of them still holds."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon().ready()
    bench.settle()
    equal(bench.run("set", "24", "2", "--ban").returncode, 0, "set --ban")
    for number in range(24, 32):
        fake.remove(number)
    daemon.tell(signal.SIGHUP)  # by then the daemon knows that they are gone
    daemon.wait_log("was read again")
    time.sleep(1)
    fake.queues(70, 8, "eth0", "0000:01:00.0")
    wait_for(lambda: any(irq["irq"] == "70" and "ban" in irq["why"]
                         for irq in bench.status()["unmanaged"]), 10, "the ban of the new number")
    bench.settle()
    equal(fake.requested(70), "0-3", "affinity of the one that is banned")
    equal(daemon.end(), 0, "exit status")
    after = {number: cpus for number, cpus in before.items() if number >= 40}
    equal(fake.affinities(), {**after, **{number: "0-3" for number in range(70, 78)}},
          "affinities afterwards")


def test_driver_resets_affinities(bench):
    """All CPUs again, by whomever: they are free to be moved, and no pins."""
    fake = bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    time.sleep(0.5)
    for number in range(24, 32):
        fake.write(number, "0-3")
    daemon.wait_log("changed its affinity", 5)
    fake.gather()
    bench.settle()


def test_numbers_of_another_driver(bench):
    """A device went and another one has its numbers, as the kernel tells: nobody changed them."""
    real = bench.base / "real"
    real.mkdir()
    if subprocess.run(["mount", "-t", "sysfs", "sysfs", str(real)], check=False).returncode:
        raise Skipped("only root sees a real /sys")
    fake = bench.build()
    daemon = bench.daemon(FAST + "foreign = restore\n").ready()
    bench.settle()
    time.sleep(0.5)
    daemon.tell(signal.SIGSTOP)
    fake.device("0000:02:00.0", driver="nvme")
    for number in range(24, 32):
        fake.hand_over(number, f"nvme0q{number - 24}", "0000:02:00.0", f"{number % 2}-2")
    before = fake.affinities()
    (real / "devices/system/cpu/cpu0/uevent").write_text("add", encoding="ascii")
    daemon.tell(signal.SIGCONT)
    time.sleep(2)
    equal(fake.affinities(), before, "affinities of the other device")
    equal(daemon.count("somebody else"), 0, "reports of somebody else")
    fake.write(24, "3")
    daemon.wait_log("IRQ 24 (nvme0q0): somebody else changed its affinity from 0-2 to 3: put back")


def test_vanishes_between_plan_and_write(bench):
    """The write finds no file: the others are moved, and nothing is said of a failure."""
    fake = bench.build()
    before = fake.affinities()
    daemon = bench.daemon(under=strace(affinity(24), "-e", "trace=openat,openat2", "-e",
                                       "inject=openat,openat2:delay_enter=1500000:when=2+")).ready()
    wait_for(lambda: _is_held(daemon), 10, "a held write")
    fake.remove(24)
    bench.settle()
    status = bench.status()
    assert "24" not in [irq["irq"] for irq in status["interrupts"]]
    assert not any(irq["irq"] == "24" for irq in status["unmanaged"])
    before.pop(24)
    equal(daemon.end(), 0, "exit status")
    equal(fake.affinities(), before, "affinities afterwards")


def _is_held(daemon):
    """Stopped by strace, not only for the time of a look."""
    path = f"/proc/{daemon.process.pid}/status"
    for _ in range(5):
        with open(path, encoding="ascii") as file:
            if "State:\tt" not in file.read():
                return False
        time.sleep(0.05)
    return True


def test_refused(bench):
    """EIO: the kernel manages it (before 6.12 nothing else tells). Tried once, also after a reload."""
    for error in ("EIO", "EPERM"):
        _refused(bench, error)
        bench.machine.gather()


def _refused(bench, error):
    fake = bench.machine or bench.build()
    daemon = bench.daemon(under=strace(affinity(24), "-e", "trace=write", "-e",
                                       f"inject=write:error={error}")).ready()
    daemon.wait_log("IRQ 24 (eth0-TxRx-0): the kernel refused")
    bench.settle()
    daemon.tell(signal.SIGHUP)
    daemon.wait_log("was read again")
    time.sleep(2)
    equal(daemon.count("the kernel refused"), 1, "attempts")
    assert any(irq["irq"] == "24" and "managed" in irq["why"]
               for irq in bench.status()["unmanaged"])
    equal(daemon.end(), 0, "exit status")
    equal(fake.requested(24), "0-3", "affinity of 24")


def test_put_back_at_the_second_attempt(bench):
    """EBUSY: it goes where it was before somebody else moved it, and not where that was."""
    fake = bench.build()
    daemon = bench.daemon(FAST + "foreign = restore\n", under=strace(
        affinity(24), "-e", "trace=write", "-e",
        "inject=write:error=EBUSY:when=2..3")).ready()
    wait_for(lambda: fake.requested(24) not in ("", "0-3"), 10, "a move")
    bench.settle()
    ours, theirs = fake.requested(24), fake.elsewhere(24)
    fake.write(24, theirs)
    daemon.wait_log("put back where it was", 5)
    assert f"IRQ 24 (eth0-TxRx-0): {ours} to CPU {ours}: put back" in daemon.log, daemon.log


def test_no_vector(bench):
    """ENOSPC: the CPU gets nothing more for some minutes, also after the machine is read anew."""
    fake = bench.build()
    daemon = bench.daemon(under=strace(affinity(24), "-e", "trace=write", "-e",
                                       "inject=write:error=ENOSPC:when=1")).ready()
    daemon.wait_log("no interrupt vector is left on CPU")
    full = int(re.search(r"is left on CPU (\d+)", daemon.log)[1])
    time.sleep(0.5)  # others of the same round went there
    before = sum(irq.cpu == full for irq in fake.irqs.values())
    daemon.tell(signal.SIGHUP)
    daemon.wait_log("was read again")
    for number in (30, 31):
        fake.irqs[number].rate *= 3
    bench.settle(0.55)
    time.sleep(3)
    assert sum(irq.cpu == full for irq in fake.irqs.values()) <= before, "more on that CPU"
    assert fake.requested(24) != str(full)
    equal(daemon.count("no interrupt vector"), 1, "warnings")


def test_move_that_the_kernel_gives_up(bench):
    """A deferred move that found no vector: requested is again what it was, and nothing arrived."""
    fake = bench.build()
    fake._serve = lambda irq: None  # pylint: disable=protected-access
    daemon = bench.daemon().ready()
    wait_for(lambda: fake.requested(24) not in ("", "0-3"), 10, "a move")
    target = fake.requested(24)
    fake.set_silently(24, "0-3")
    daemon.wait_log(f"no interrupt vector is left on CPU {target}", 5)
    equal(daemon.count("somebody else"), 0, "reports of somebody else")


def test_move_that_somebody_undoes(bench):
    """Before the interrupt came: a file was written, so it is no move that the kernel gave up."""
    fake = bench.build()
    fake._serve = lambda irq: None  # pylint: disable=protected-access
    daemon = bench.daemon().ready()
    wait_for(lambda: fake.requested(24) not in ("", "0-3"), 10, "a move")
    fake.write(24, "0-3")
    daemon.wait_log("IRQ 24 (eth0-TxRx-0): somebody else changed", 5)
    equal(daemon.count("no interrupt vector"), 0, "warnings")


def test_hidden_interrupts(bench):
    """Numbers that count and are in no table (IPIs of arm64) are not looked for again and again."""
    fake = bench.build()
    fake.add(90, "hidden", 1000, 1, hidden=True)
    daemon = bench.daemon(under=strace("/proc/interrupts", "-e", "trace=openat,openat2")).ready()
    bench.settle()
    time.sleep(4)
    with open("/mnt/strace", encoding="ascii") as file:
        opened = sum('"proc/interrupts"' in line for line in file)
    assert 0 < opened <= 4, f"/proc/interrupts was opened {opened} times"
    equal(daemon.end(), 0, "exit status")


def test_isolated_partition(bench):
    """A cpuset partition that becomes isolated is left within some samples."""
    bench.empty()
    machine.put(machine.SYS / "fs/cgroup/cpuset.cpus.isolated", "\n")
    fake = bench.machine
    fake.queues(24, 8, "eth0", "0000:01:00.0")
    fake.start()
    bench.daemon().ready()
    bench.settle()
    machine.put(machine.SYS / "fs/cgroup/cpuset.cpus.isolated", "2-3\n")
    wait_for(lambda: fake.loads()[2] == fake.loads()[3] == 0, 10, "an empty partition")
    bench.settle(0.4)
    machine.put(machine.SYS / "fs/cgroup/cpuset.cpus.isolated", "\n")
    bench.settle(0.25)


def test_stopped_for_a_while(bench):
    """As a suspend: 15 s without a sample are no reason to move anything."""
    fake, daemon, moves = settled(bench)
    loads = {irq["irq"]: irq["load"] for irq in bench.status()["interrupts"]}
    daemon.tell(signal.SIGSTOP)
    time.sleep(15)
    daemon.tell(signal.SIGCONT)
    time.sleep(5)
    equal(fake.moves[moves:], [], "moves")
    for irq in bench.status()["interrupts"]:
        assert abs(irq["load"] - loads[irq["irq"]]) < 0.03, (irq, loads)


def test_hot_interrupt_on_an_idle_machine(bench):
    """`interval = auto`: samples come rarely, what begins is noticed within 2 s, moved within 4."""
    fake = idle(bench)
    time.sleep(16)
    samples = bench.status()["samples"]
    time.sleep(20)
    status = bench.status()
    assert status["samples"] <= samples + 4, "it does not rest"
    equal(fake.moves, [], "moves")
    time.sleep(3)  # to be asked ends a rest
    start = time.monotonic()
    for number in (24, 25):
        fake.irqs[number].rate = 8000
    wait_for(lambda: fake.moves, 2.5, "noticed")
    bench.settle(0.5, 6)
    assert time.monotonic() - start < 6


def test_foreign_on_an_idle_machine(bench):
    """A rest ends when somebody changes an affinity."""
    fake = idle(bench)
    time.sleep(16)
    fake.write(27, "2")
    bench.daemons[0].wait_log("IRQ 27 (eth0-TxRx-3): somebody else changed", 2)


def test_noise_on_an_idle_machine(bench):
    """Other work that comes and goes disturbs the rest, but does not make it a busy one."""
    fake = idle(bench)
    time.sleep(5)
    samples = bench.status()["samples"]
    for _ in range(30):
        with fake.lock:
            fake.other += 50  # ticks
        time.sleep(1)
    assert bench.status()["samples"] <= samples + 25, "as many as where there is something to do"


def test_hangup_moves_nothing(bench):
    fake, daemon, moves = settled(bench)
    for i in range(4):
        daemon.tell(signal.SIGHUP)
        daemon.wait_log("was read again", times=i + 1)
        time.sleep(1)
    equal(fake.moves[moves:], [], "moves")


def test_hangups_all_the_time(bench):
    """Reloads that come more often than samples do not keep it from learning."""
    fake = bench.build()
    daemon = bench.daemon("[global]\ninterval = 1\n").ready()
    end = time.monotonic() + 30
    while fake.fullest() >= SETTLED:
        assert time.monotonic() < end, f"not balanced: {fake.loads()}"
        daemon.tell(signal.SIGHUP)
        time.sleep(0.2)
    assert daemon.count("was read again") >= 5, "reloads"


def test_counter_begins_again(bench):
    """A device reset, which clears a count, is no reason to move anything."""
    fake, _, moves = settled(bench)
    with fake.lock:
        for cpu in fake.irqs[25].counts:
            fake.irqs[25].counts[cpu] = 5 - machine.START
    time.sleep(5)
    equal(fake.moves[moves:], [], "moves")


def test_more_than_vectors(bench):
    """A CPU that has more interrupts than vectors shows that these are no limit here."""
    fake = bench.empty(cpus=2)
    fake.queues(24, 8, "eth0", "0000:01:00.0")
    for number in range(100, 500):
        fake.add(number, f"idle-{number}", cpus="1")
    fake.start()
    bench.daemon().ready()
    time.sleep(4)  # each was looked at
    for number in range(24, 32):
        fake.irqs[number].rate *= 1.5
    bench.settle(0.6)


def test_room_of_vectors(bench):
    """An x86 CPU has some 200 vectors for devices: all 221 are not packed on one, and none is tried."""
    fake = bench.empty(cpus=2)
    fake.add(1, "timer", 1, 1)
    fake.queues(100, 220, "eth0", "0000:01:00.0", 20, 20)
    for number in range(110, 320):
        fake.write(number, str(number % 2))
    fake.start()
    bench.daemon(FAST + "mode = pack\nmoves_per_minute = 10000\n").ready()
    time.sleep(8)
    served = [sum(irq.cpu == cpu for irq in fake.irqs.values()) for cpu in (0, 1)]
    assert max(served) <= 200, served
