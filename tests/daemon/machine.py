# SPDX-License-Identifier: BSD-2-Clause
"""A machine whose kernel is this program: files over /proc and /sys of a mount namespace.

Counters advance in real time; an interrupt is served where smp_affinity_list says, and the CPU that
serves it spends rate x cost of its time on it. Files are of the forms that the kernel has
(fs/proc/stat.c, fs/proc/interrupts.c, kernel/irq/proc.c, Documentation/ABI/testing/sysfs-devices-*),
as far as irqctl reads them.
"""
import os
import pathlib
import subprocess
import threading
import time

TICK_S = 0.05
HZ = 100  # of the times in /proc/stat
START = 10 ** 8  # counters have the same number of digits all the time: a reader is never torn

# which tell that this is an x86
ROWS = (("NMI", "Non-maskable interrupts"), ("LOC", "Local timer interrupts"),
        ("TLB", "TLB shootdowns"), ("MCE", "Machine check exceptions"))

PROC = pathlib.Path("/proc")
SYS = pathlib.Path("/sys")


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def spell(cpus):
    """A set of CPUs as a list of the kernel's form."""
    parts, ordered = [], sorted(cpus)
    while ordered:
        first = last = ordered.pop(0)
        while ordered and ordered[0] == last + 1:
            last = ordered.pop(0)
        parts.append(str(first) if first == last else f"{first}-{last}")
    return ",".join(parts)


def parse(text):
    found = set()
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        if first:
            found.update(range(int(first), int(last or first) + 1))
    return found


def mount(*words):
    subprocess.run(["mount", *words], check=True)


class Interrupt:
    """rate: interrupts a second; cost: CPU time of one, in seconds."""

    def __init__(self, number, name, rate, cost_us, address):
        self.number, self.name, self.address = number, name, address
        self.rate, self.cost = rate, cost_us / 1e6
        self.counts, self.cpu, self.requested = {}, 0, set()
        self.fraction = 0.0
        self.hidden = False  # in no table, but it counts
        self.empty = 0  # looks at a file that was truncated, and nothing written

    @property
    def load(self):
        return self.rate * self.cost


class Machine:
    """Its files stand from the start on; its time begins with start()."""

    def __init__(self, base, cpus=4, nodes=1, kernel="6.1.0"):
        self.base, self.n, self.nodes, self.kernel = pathlib.Path(base), cpus, nodes, kernel
        self.online = set(range(cpus))
        self.irqs = {}
        self.ticks = [float(START)] * cpus  # of interrupts
        self.work = [0.0] * cpus  # part of its time that a CPU spends on programs
        self.worked = [0.0] * cpus  # ticks
        self.clock = 0.0
        self.other = 0.0  # ticks of all CPUs for other work, of which only /proc/uptime knows
        self.last = time.monotonic()
        self.stopped = threading.Event()
        self.lock = threading.RLock()
        self.moves = []  # (time, irq, from, to): what changed in smp_affinity_list
        self.thread = threading.Thread(target=self._run, daemon=True)
        self._make_places()

    def _make_places(self):
        for name in ("irq", "sys"):
            (self.base / name).mkdir(parents=True)
        for name in ("interrupts", "stat", "softirqs", "uptime"):
            put(self.base / name, "")
        for name in ("interrupts", "stat", "softirqs", "uptime", "irq"):
            mount("--bind", str(self.base / name), str(PROC / name))
        mount("--bind", str(self.base / "sys"), str(SYS))
        put(PROC / "irq/default_smp_affinity", "f\n")
        system, per = SYS / "devices/system", self.n // self.nodes
        for name, text in (("possible", f"0-{self.n - 1}"), ("isolated", ""),
                           ("nohz_full", "(null)")):
            put(system / "cpu" / name, text + "\n")
        put(system / "node/online", f"0-{self.nodes - 1}\n")
        (SYS / "bus/pci/devices").mkdir(parents=True)
        (SYS / "class/net").mkdir(parents=True)
        for node in range(self.nodes):
            base = system / f"node/node{node}"
            put(base / "cpulist", f"{node * per}-{node * per + per - 1}\n")
            put(base / "distance",
                " ".join("10" if to == node else "20" for to in range(self.nodes)) + "\n")
        for cpu in range(self.n):
            self._make_cpu(system / f"cpu/cpu{cpu}", cpu, per)
        self._say_online()

    @staticmethod
    def _make_cpu(base, cpu, per):
        package = cpu // per
        whole = f"{package * per}-{package * per + per - 1}"
        put(base / "topology/core_cpus_list", f"{cpu}\n")
        put(base / "topology/package_cpus_list", f"{whole}\n")
        put(base / "topology/physical_package_id", f"{package}\n")
        put(base / "topology/core_id", f"{cpu}\n")
        for name, text in (("level", "3"), ("type", "Unified"), ("shared_cpu_list", whole)):
            put(base / "cache/index0" / name, text + "\n")

    def _say_online(self):
        put(SYS / "devices/system/cpu/online", spell(self.online) + "\n")

    # What there is

    def device(self, address, interface=None, node=0, driver="fake"):
        """A PCI device, and its network interface."""
        base = SYS / "bus/pci/devices" / address
        for name, text in (("vendor", "0x8086"), ("device", "0x1593"), ("class", "0x020000"),
                           ("numa_node", str(node)), ("irq", "0")):
            put(base / name, text + "\n")
        (base / "msi_irqs").mkdir(exist_ok=True)
        drivers = SYS / "bus/pci/drivers" / driver
        drivers.mkdir(parents=True, exist_ok=True)
        if not (base / "driver").is_symlink():
            (base / "driver").symlink_to(drivers)
        if interface and not (SYS / "class/net" / interface).is_symlink():
            (base / "net" / interface).mkdir(parents=True)
            (base / "net" / interface / "device").symlink_to(base)
            (SYS / "class/net" / interface).symlink_to(base / "net" / interface)

    def add(self, number, name, rate=0, cost_us=0, address=None, cpus=None, hidden=False):
        """An interrupt, which may go to `cpus` (text; all without). Returns it."""
        irq = Interrupt(number, name, rate, cost_us, address)
        irq.hidden = hidden
        irq.requested = parse(cpus) if cpus else set(self.online)
        irq.cpu = min(irq.requested & self.online)
        base = PROC / "irq" / str(number)
        put(base / "smp_affinity_list", spell(irq.requested) + "\n")
        put(base / "effective_affinity_list", f"{irq.cpu}\n")
        put(base / "affinity_hint", "0\n")
        put(base / "node", "0\n")
        (base / name).mkdir(exist_ok=True)
        if address:
            put(SYS / "bus/pci/devices" / address / "msi_irqs" / str(number), "msix\n")
        with self.lock:
            self.irqs[number] = irq
        self._publish()
        return irq

    def queues(self, first, n, interface, address, rate=2000, cost_us=40, node=0):
        """A NIC with n queues, one interrupt each."""
        self.device(address, interface, node)
        for i in range(n):
            self.add(first + i, f"{interface}-TxRx-{i}", rate, cost_us, address)

    def remove(self, number):
        with self.lock:
            irq = self.irqs.pop(number)
        subprocess.run(["rm", "-r", str(PROC / "irq" / str(number))], check=True)
        if irq.address:
            (SYS / "bus/pci/devices" / irq.address / "msi_irqs" / str(number)).unlink()
        self._publish()

    def hand_over(self, number, name, address, cpus):
        """Another driver gets the number: one that is idle, and wants `cpus`."""
        irq, base = self.irqs[number], PROC / "irq" / str(number)
        with self.lock:
            self._follow()
            (base / irq.name).rmdir()
            (base / name).mkdir()
            (SYS / "bus/pci/devices" / irq.address / "msi_irqs" / str(number)).unlink()
            put(SYS / "bus/pci/devices" / address / "msi_irqs" / str(number), "msix\n")
            irq.name, irq.address, irq.rate, irq.requested = name, address, 0, parse(cpus)
            irq.cpu = min(irq.requested)
            self.set_silently(number, cpus)
            put(base / "effective_affinity_list", f"{irq.cpu}\n")
        self._publish()

    def set_offline(self, cpu):
        """As the kernel does: what can only be served there may be served anywhere afterwards."""
        with self.lock:
            self._follow()
            self.online.discard(cpu)
            self._say_online()
            for irq in self.irqs.values():
                if not irq.requested & self.online:
                    irq.requested = set(self.online)
                    self.set_silently(irq.number, spell(self.online))
                self._serve(irq)
            self._publish()

    def set_online(self, cpu):
        with self.lock:
            self.online.add(cpu)
            self._say_online()
            self._publish()

    # What happens

    def start(self):
        self.last = time.monotonic()
        self._publish()
        self.thread.start()

    def stop(self):
        self.stopped.set()
        self.thread.join()

    def _run(self):
        while not self.stopped.wait(TICK_S):
            with self.lock:
                self._follow()
                self._advance()
                self._publish()

    def _serve(self, irq):
        usable = irq.requested & self.online
        if usable and irq.cpu not in usable:
            irq.cpu = min(usable)
            put(PROC / f"irq/{irq.number}/effective_affinity_list", f"{irq.cpu}\n")

    def _follow(self):
        """What was written since."""
        for irq in self.irqs.values():
            cpus = parse((PROC / f"irq/{irq.number}/smp_affinity_list").read_text("ascii"))
            irq.empty = 0 if cpus else irq.empty + 1
            if irq.empty == 3:  # a write was made to fail: the kernel's file would be as before
                put(PROC / f"irq/{irq.number}/smp_affinity_list", spell(irq.requested) + "\n")
            if not cpus or cpus == irq.requested:
                continue
            self.moves.append((time.monotonic(), irq.number, spell(irq.requested), spell(cpus)))
            irq.requested = cpus
            self._serve(irq)

    def _advance(self):
        now = time.monotonic()
        seconds, self.last = now - self.last, now
        busy = [0.0] * self.n
        for irq in self.irqs.values():
            events = irq.rate * seconds + irq.fraction
            irq.fraction = events % 1
            irq.counts[irq.cpu] = irq.counts.get(irq.cpu, 0) + int(events)
            busy[irq.cpu] += int(events) * irq.cost
        for cpu in range(self.n):
            self.ticks[cpu] += min(busy[cpu], seconds) * HZ
            self.worked[cpu] += self.work[cpu] * seconds * HZ
        self.clock += seconds * HZ

    def _publish(self):
        with self.lock:
            self._publish_stat()
            self._publish_table()

    def _publish_stat(self):
        total = 2 * START + int(self.clock)

        def line(name, cpus):
            softirq, user = (int(sum(ticks[cpu] for cpu in cpus))
                             for ticks in (self.ticks, self.worked))
            return (f"{name} {START + user} 0 {START} {total - softirq - user + START} 0 0 "
                    f"{softirq} 0 0 0")

        lines = [line("cpu ", self.online)]
        lines += [line(f"cpu{cpu}", [cpu]) for cpu in sorted(self.online)]
        counts = ["0"] * (max(self.irqs, default=0) + 1)
        for irq in self.irqs.values():
            counts[irq.number] = str(START + sum(irq.counts.values()))
        lines += ["intr 1 " + " ".join(counts), "ctxt 1", "btime 1700000000", "processes 1"]
        self._rewrite("stat", lines)
        # what the time that passes adds is left out: it would come in steps of TICK_S
        idle = 2 * self.n * START - sum(self.ticks) - sum(self.worked) - self.other
        self._rewrite("uptime", [f"{(START + self.clock) / HZ:.2f} {idle / HZ:.2f}"])

    def _publish_table(self):
        cpus = sorted(self.online)
        lines = ["     " + "".join(f"       CPU{cpu:<4d}" for cpu in cpus)]
        for number in sorted(self.irqs):
            irq = self.irqs[number]
            if irq.hidden:
                continue
            counts = "".join(f" {irq.counts.get(cpu, 0):10d}" for cpu in cpus)
            lines.append(f"{number:4d}:{counts}  IR-PCI-MSIX-{irq.address or '0000:00:00.0'} "
                         f"{number:4d}-edge      {irq.name}")
        zeros = "".join(f" {0:10d}" for _ in cpus)
        lines += [f" {key}:{zeros}   {text}" for key, text in ROWS]
        self._rewrite("interrupts", lines)

    def _rewrite(self, name, lines):
        """In one write over what is there: a reader finds a whole file."""
        data = ("\n".join(lines) + "\n").encode("ascii")
        fd = os.open(self.base / name, os.O_WRONLY)
        try:
            os.pwrite(fd, data, 0)
            if os.fstat(fd).st_size != len(data):
                os.ftruncate(fd, len(data))
        finally:
            os.close(fd)

    # What a test asks

    def requested(self, number):
        return (PROC / f"irq/{number}/smp_affinity_list").read_text("ascii").strip()

    def elsewhere(self, number):
        """One CPU, and not what its affinity is now: nobody knows where the daemon put it."""
        return "3" if self.requested(number) != "3" else "2"

    def write(self, number, cpus):
        """As somebody else would, with echo."""
        with open(PROC / f"irq/{number}/smp_affinity_list", "w", encoding="ascii") as file:
            file.write(cpus + "\n")

    def set_silently(self, number, cpus):
        """As the kernel and drivers do: inotify tells a directory only what is written by a name in
        it."""
        name = self.base / f"silently-{number}"
        os.link(self.base / f"irq/{number}/smp_affinity_list", name)
        put(name, cpus + "\n")
        name.unlink()

    def affinities(self):
        """All bytes of all affinities."""
        return {number: (PROC / f"irq/{number}/smp_affinity_list").read_text("ascii").rstrip("\n")
                for number in sorted(self.irqs)}

    def written(self, number):
        """When it was written last."""
        return os.stat(PROC / f"irq/{number}/smp_affinity_list").st_mtime_ns

    def gather(self):
        """Everything that may be is served by the first CPU again, as after a boot."""
        with self.lock:
            self._follow()
            for irq in self.irqs.values():
                irq.cpu = min(irq.requested & self.online)
                put(PROC / f"irq/{irq.number}/effective_affinity_list", f"{irq.cpu}\n")

    def loads(self):
        with self.lock:
            self._follow()
            loads = [0.0] * self.n
            for irq in self.irqs.values():
                loads[irq.cpu] += irq.load
            return loads

    def fullest(self):
        return max(self.loads())
