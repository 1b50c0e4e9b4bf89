/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inter-processor interrupts and the other rows without a number of arm, arm64, riscv, loongarch
 * and csky; then those of sparc, alpha, mips, m68k, sh and xtensa. IPI numbers change meaning
 * between kernel versions, so the entries match by text; rows whose key other architectures have
 * too name their own.
 */
#include "base/i18n.h"
#include "lore/lore.h"

const struct lore lore_rows_ipi[] = {
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*Rescheduling interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Reschedule IPI"),
	 .meaning = N_("one CPU tells another to run its scheduler"),
	 .what = N_("One CPU interrupts another because a task was woken there or the running one "
		    "must give way. It carries no work of its own: the target only looks at its "
		    "run queue on the way out. CPUs that poll while idle need no such interrupt, "
		    "so this is not the number of wake-ups. On LoongArch and C-SKY a numbered row "
		    "called IPI counts it too."),
	 .raised_by =
		 N_("The scheduler (smp_send_reschedule), mostly for wake-ups on another CPU."),
	 .normal = N_("Grows with the load: a few per second and CPU when idle, some thousands on "
		      "busy machines."),
	 .high = N_("Tens of thousands per second and CPU: threads on different CPUs wake each "
		    "other all the time (pipes, futexes, queues), or short tasks are spread over "
		    "too many CPUs."),
	 .todo = N_("See who wakes whom: perf sched record, or perf record -e ipi:ipi_send_cpu "
		    "-ag. Then keep threads that talk to each other on CPUs with a common cache "
		    "(taskset, cpusets), or hand over larger batches."),
	 .source = "arch/arm64/kernel/smp.c, arch/arm/kernel/smp.c, arch/riscv/kernel/smp.c, "
		   "arch/loongarch/kernel/smp.c, arch/csky/kernel/smp.c (IPI_RESCHEDULE)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*Function call interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Function call IPI"),
	 .meaning = N_("run a kernel function on another CPU now"),
	 .what = N_("Asks another CPU to run a kernel function at once; the sender often waits for "
		    "it. Used for TLB and instruction cache flushes that the hardware does not "
		    "broadcast (RISC-V, LoongArch, old ARM), membarrier(2), perf events, remote "
		    "irq_work, and wake-ups on CPUs that share no cache. On LoongArch and C-SKY a "
		    "numbered row called IPI counts it too."),
	 .raised_by = N_("smp_call_function_*() and on_each_cpu*() in the kernel, for whatever "
			 "part needs them."),
	 .normal = N_("A few to some hundred per second and CPU, with bursts when programs exit, "
		      "modules load or code is patched."),
	 .high = N_(
		 "The CPUs keep interrupting each other: programs with many threads that map and "
		 "unmap memory, membarrier(2), or profiling. It disturbs isolated CPUs too."),
	 .todo = N_(
		 "Find the callers: bpftrace -e 'kprobe:smp_call_function_many_cond { @[kstack] = "
		 "count(); }', or perf record -e ipi:ipi_send_cpu -e ipi:ipi_send_cpumask -ag."),
	 .source = "arch/arm64/kernel/smp.c, arch/arm/kernel/smp.c, arch/riscv/kernel/smp.c, "
		   "arch/csky/kernel/smp.c (IPI_CALL_FUNC), arch/loongarch/kernel/smp.c "
		   "(IPI_CALL_FUNCTION)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*Single function call interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Single function call IPI"),
	 .meaning = N_("run a function on one other CPU (older kernels)"),
	 .what = N_("The same as a function call IPI, but sent to exactly one CPU. Newer arm and "
		    "arm64 kernels count both kinds in the row Function call interrupts."),
	 .raised_by = N_("smp_call_function_single() and its relatives: remote irq_work, "
			 "completions of block requests, wake-ups."),
	 .normal = N_("Up to some hundred per second and CPU; more with fast disks, whose requests "
		      "complete on the CPU that sent them."),
	 .high = N_("CPUs do much work for each other: disk interrupts that arrive far from the "
		    "CPU that sent the request, or tasks woken in another cluster."),
	 .todo = N_("Place disk interrupts near the CPUs that use the disk, and look at "
		    "rq_affinity in /sys/block/*/queue."),
	 .source = "arch/arm/kernel/smp.c, arch/arm64/kernel/smp.c in older kernels "
		   "(IPI_CALL_FUNC_SINGLE)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*CPU stop interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("CPU stop IPI"),
	 .meaning = N_("halts the other CPUs at shutdown or panic"),
	 .what = N_("Tells a CPU to stop for good, because the machine halts, reboots or panics. A "
		    "CPU that gets it does not come back."),
	 .raised_by = N_("smp_send_stop(), called by the CPU that halts or panics."),
	 .normal = N_("0."),
	 .high = N_("Cannot be seen on a live system, as the CPU does not come back."),
	 .todo = N_("Nothing: it only matters when reading a crash dump."),
	 .source = "arch/arm64/kernel/smp.c, arch/arm/kernel/smp.c, arch/riscv/kernel/smp.c "
		   "(IPI_CPU_STOP)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*CPU stop (for crash dump) interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("CPU stop IPI for a crash dump"),
	 .meaning = N_("halts the other CPUs for a crash dump"),
	 .what = N_("Tells a CPU to save its registers for the crash dump and stop. Newer arm64 "
		    "kernels have no row for it and use CPU stop instead."),
	 .raised_by =
		 N_("crash_smp_send_stop(), after a panic with a crash kernel loaded (kdump)."),
	 .normal = N_("0."),
	 .high = N_("Cannot be seen on a live system, as the CPU does not come back."),
	 .todo = N_("Nothing: it only matters when reading a crash dump."),
	 .source = "arch/riscv/kernel/smp.c (IPI_CPU_CRASH_STOP), arch/arm64/kernel/smp.c in older "
		   "kernels"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .arch = "arm64",
	 .text = "*CPU stop NMIs",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("CPU stop IPI as an NMI"),
	 .meaning = N_("halts a CPU that ignored the CPU stop IPI"),
	 .what = N_("The second try of CPU stop: a pseudo-NMI for CPUs that did not stop within a "
		    "second; it gets through even while they have interrupts off. Where "
		    "pseudo-NMIs are not enabled the row stays at 0."),
	 .raised_by = N_("smp_send_stop(), 1 second after the ordinary stop IPI."),
	 .normal = N_("0."),
	 .high = N_("Cannot be seen on a live system. In a memory dump it points at CPUs that hung "
		    "with interrupts off."),
	 .todo = N_("To have it, boot with irqchip.gicv3_pseudo_nmi=1 (needs a GICv3 and "
		    "CONFIG_ARM64_PSEUDO_NMI)."),
	 .source = "arch/arm64/kernel/smp.c (IPI_CPU_STOP_NMI)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*Timer broadcast interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_TIMER,
	 .title = N_("Timer broadcast IPI"),
	 .meaning = N_("passes a timer event to a CPU in deep idle"),
	 .what = N_("A CPU's own timer may stop in deep idle states. Then another CPU or a global "
		    "timer watches the clock for it, and this IPI wakes the sleeper when one of "
		    "its timers is due."),
	 .raised_by = N_("The tick broadcast code (tick_broadcast), on the CPU that took the "
			 "broadcast timer's interrupt."),
	 .normal = N_("0 where the timers run in every idle state; else up to some hundred per "
		      "second on idle CPUs."),
	 .high = N_("CPUs enter deep idle states and are woken again at once, which costs power "
		    "and latency."),
	 .todo = N_("Find frequent timers: perf record -e timer:timer_expire_entry -e "
		    "timer:hrtimer_expire_entry -ag. For low latency limit the idle states: "
		    "cpupower idle-set -D LATENCY."),
	 .source = "arch/arm64/kernel/smp.c, arch/arm/kernel/smp.c, arch/riscv/kernel/smp.c "
		   "(IPI_TIMER)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*I[Rr][Qq] work interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("IRQ work IPI"),
	 .meaning = N_("deferred kernel work, sent by a CPU to itself"),
	 .what = N_("A CPU interrupts itself to run kernel work that was queued where it could not "
		    "run, such as in an NMI or under the scheduler's lock. Work for another CPU "
		    "goes out as a function call IPI."),
	 .raised_by = N_("irq_work_queue() through arch_irq_work_raise(): perf, BPF and tracing, "
			 "printk, RCU, cpufreq."),
	 .normal = N_("0 to some hundred per second and CPU. More while perf or tracing runs, or "
		      "where the schedutil governor needs a thread to change the frequency."),
	 .high = N_("Perf, BPF or tracing at a high rate, or frequency changes all the time."),
	 .todo = N_("Stop profilers and BPF programs one by one (bpftool prog list); look at the "
		    "governor with cpupower frequency-info."),
	 .source = "arch/arm64/kernel/smp.c, arch/arm/kernel/smp.c, arch/riscv/kernel/smp.c, "
		   "arch/loongarch/kernel/smp.c, arch/csky/kernel/smp.c (IPI_IRQ_WORK)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*CPU backtrace*",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("CPU backtrace IPI"),
	 .meaning = N_("makes a CPU print its stack (debugging)"),
	 .what = N_("Asks a CPU to print its registers and stack to the kernel log. On arm64 with "
		    "pseudo-NMIs it works even while the CPU has interrupts off."),
	 .raised_by =
		 N_("RCU stall and lockup detectors, the hung task check if told so, and SysRq-l."),
	 .normal = N_("0."),
	 .high = N_("Somebody pressed SysRq-l, or the kernel found a CPU or task that hangs."),
	 .todo = N_("Read the kernel log: dmesg | grep -A30 'NMI backtrace'."),
	 .source = "arch/arm64/kernel/smp.c, arch/riscv/kernel/smp.c (IPI_CPU_BACKTRACE), "
		   "arch/arm/kernel/smp.c in older kernels"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*KGDB roundup interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("KGDB roundup IPI"),
	 .meaning = N_("the kernel debugger stops the other CPUs"),
	 .what = N_("Brings the other CPUs into the kernel debugger (kgdb, kdb) when one of them "
		    "enters it. They wait there until it is left."),
	 .raised_by = N_("kgdb_roundup_cpus(), on entry to the debugger."),
	 .normal = N_("0."),
	 .high = N_("The kernel debugger was entered: by a breakpoint, a crash or SysRq-g."),
	 .todo = N_("If nobody debugs this machine, remove kgdboc= from the kernel command line."),
	 .source = "arch/arm64/kernel/smp.c, arch/riscv/kernel/smp.c (IPI_KGDB_ROUNDUP)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .text = "*CPU wake*up interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("CPU wake-up IPI"),
	 .meaning = N_("starts a CPU that waits in firmware or boot code"),
	 .what = N_("Wakes a CPU that waits in firmware or boot code, so that it starts or "
		    "resumes; there is nothing else to do for it. On older arm64 kernels it "
		    "belongs to the ACPI parking protocol."),
	 .raised_by = N_("Platform code that brings CPUs up (arch_send_wakeup_ipi_mask)."),
	 .normal = N_("0 where the firmware starts the CPUs (PSCI); else a few from boot and CPU "
		      "hot-plug."),
	 .high = N_("CPUs go offline and online all the time."),
	 .todo = N_("If it grows, find the power manager or script that writes to "
		    "/sys/devices/system/cpu/cpu*/online."),
	 .source = "arch/arm/kernel/smp.c (IPI_WAKEUP), arch/arm64/kernel/smp.c in older kernels"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .arch = "arm",
	 .text = "*[Cc]ompletion interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Completion IPI"),
	 .meaning = N_("ends a wait in the big.LITTLE switcher"),
	 .what = N_("Ends a wait on another CPU. In the kernel itself only the big.LITTLE switcher "
		    "uses it: the core that takes over tells the old one that it is alive."),
	 .raised_by =
		 N_("The incoming CPU when the big.LITTLE switcher (bL_switcher) swaps two cores."),
	 .normal = N_("0 without the switcher; else one per swap."),
	 .high = N_("The switcher moves between big and little cores very often."),
	 .todo = N_("If the swaps cost too much, tune the cpufreq governor."),
	 .source = "arch/arm/kernel/smp.c (IPI_COMPLETION), arch/arm/common/bL_switcher.c "
		   "(register_ipi_completion)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .arch = "loongarch",
	 .text = "*Clear vector interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Clear vector IPI"),
	 .meaning = N_("frees the old vector of a moved interrupt"),
	 .what = N_("After an interrupt was moved to another CPU, this releases its vector on the "
		    "CPU it came from. Only machines with the AVEC interrupt controller use it."),
	 .raised_by = N_("The AVEC driver when the affinity of an MSI changes, and again while the "
			 "old vector is still pending."),
	 .normal = N_("0, or about one per change of an interrupt's affinity."),
	 .high = N_("Interrupts are moved between CPUs very often: by a balancing daemon, or as "
		    "CPUs go offline and online."),
	 .todo = N_("Lengthen the interval of the balancing daemon (irqbalance -t SECONDS) or fix "
		    "the affinities by hand."),
	 .source = "arch/loongarch/kernel/smp.c (IPI_CLEAR_VECTOR), "
		   "drivers/irqchip/irq-loongarch-avec.c (avecintc_sync)"},
	{.group = LORE_ROW,
	 .key = "IPI*",
	 .arch = "csky",
	 .text = "*Empty interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Empty IPI"),
	 .meaning = N_("a placeholder, never counted"),
	 .what = N_(
		 "Message number 0 of the C-SKY IPI code. Nothing sends it and nothing counts it."),
	 .raised_by = N_("Nothing."),
	 .normal = N_("0."),
	 .high = N_("Does not happen."),
	 .todo = N_("Nothing: ignore the row."),
	 .source = "arch/csky/kernel/smp.c (IPI_EMPTY)"},
	{.group = LORE_ROW,
	 .key = "IPI[0-9]*",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Inter-processor interrupt"),
	 .meaning = N_("one CPU interrupts another"),
	 .what = N_("An interrupt from one CPU to another. The number after IPI is no guide, as it "
		    "changes meaning between kernel versions: only the text at the end of the row "
		    "tells what it is for. This row's text is unknown or missing."),
	 .raised_by = N_("Kernel code on another CPU, or on the CPU itself."),
	 .normal = N_("Depends on what it is for."),
	 .high = N_("The CPUs interrupt each other often."),
	 .todo = N_("Trace the senders: perf record -e ipi:ipi_send_cpu -ag; on arm and arm64 also "
		    "-e ipi:ipi_raise."),
	 .source = "arch/arm/kernel/smp.c, arch/arm64/kernel/smp.c (ipi_types), "
		   "arch/riscv/kernel/smp.c (ipi_names)"},
	{.group = LORE_ROW,
	 .key = "FIQ",
	 .arch = "arm",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_PLATFORM,
	 .title = N_("Owner of the fast interrupt (FIQ)"),
	 .meaning = N_("driver that owns the fast interrupt (no counts)"),
	 .what = N_("ARM has one fast interrupt besides the normal one. This row names the driver "
		    "that has claimed it and appears only then. It holds no counts, because the "
		    "handler runs outside the kernel's interrupt code."),
	 .raised_by = N_("The device wired to the FIQ: in mainline on Amstrad Delta and RiscPC, in "
			 "Raspberry Pi vendor kernels the USB controller (usb_fiq)."),
	 .normal = N_("No numbers at all."),
	 .high = N_("Not measurable here: FIQs show only as time lost by other code."),
	 .todo = N_("To see what it costs, turn it off and compare; Raspberry Pi: "
		    "dwc_otg.fiq_enable=0 dwc_otg.fiq_fsm_enable=0."),
	 .source = "arch/arm/kernel/fiq.c (show_fiq_list)"},
	{.group = LORE_ROW,
	 .key = "Err",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Unexpected interrupts"),
	 .meaning = N_("interrupts that nothing in the kernel expected"),
	 .what = N_("Interrupts that arrived but have no handler set up or a number the kernel "
		    "does not know. A single number for the whole machine (arm and arm64)."),
	 .raised_by = N_("ack_bad_irq(); on OMAP and AM335x also the interrupt controller's "
			 "driver, for spurious interrupts."),
	 .normal = N_("0."),
	 .high = N_("A device raises a line that no driver has claimed; on OMAP and AM335x a "
		    "driver may acknowledge its device too late. A few from boot are harmless."),
	 .todo = N_("Look in dmesg for 'unexpected IRQ', 'desc:' or 'spurious irq'; check the "
		    "device tree and the driver of that interrupt."),
	 .source = "arch/arm/kernel/irq.c, arch/arm64/kernel/smp.c (irq_err_count), "
		   "drivers/irqchip/irq-omap-intc.c"},
	{.group = LORE_ROW,
	 .key = "ERR",
	 .arch = "loongarch",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Spurious interrupts"),
	 .meaning = N_("interrupts without a source when asked"),
	 .what = N_("An interrupt controller signalled, but no source was pending when the kernel "
		    "asked, or the vector has no owner. A single number for the whole machine."),
	 .raised_by = N_(
		 "spurious_interrupt(), called by the liointc, htvec, pch-lpc and AVEC drivers."),
	 .normal = N_("0 or a few, mostly from boot."),
	 .high = N_("A device drops its line before it is served. AVEC logs 'Unexpected IRQ "
		    "occurs' for an MSI without owner."),
	 .todo = N_("If it keeps growing, read dmesg and unload drivers one by one to find the "
		    "device."),
	 .source = "arch/loongarch/kernel/irq.c (spurious_interrupt, irq_err_count)"},
	{.group = LORE_ROW,
	 .key = "RES",
	 .arch = "sparc",
	 .text = "IPI rescheduling interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Reschedule IPI"),
	 .meaning = N_("one CPU tells another to run its scheduler"),
	 .what = N_("One CPU interrupts another because a task was woken there or the running one "
		    "must give way. Only 32-bit kernels print it: 64-bit ones do not count their "
		    "IPIs in this table."),
	 .raised_by =
		 N_("The scheduler (smp_send_reschedule), mostly for wake-ups on another CPU."),
	 .normal = N_("Grows with the number of wake-ups and context switches."),
	 .high = N_("Threads on different CPUs wake each other all the time."),
	 .todo = N_("See who wakes whom: perf sched record. Keep threads that talk to each other "
		    "on one CPU (taskset)."),
	 .source = "arch/sparc/kernel/irq_32.c (arch_show_interrupts), arch/sparc/kernel/smp_32.c "
		   "(irq_resched_count)"},
	{.group = LORE_ROW,
	 .key = "CAL",
	 .arch = "sparc",
	 .text = "IPI function call interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Function call IPI"),
	 .meaning = N_("run a kernel function on another CPU now"),
	 .what = N_("Asks another CPU to run a kernel function at once; one row for calls to a "
		    "single CPU and to many. Only 32-bit kernels print it."),
	 .raised_by = N_("smp_call_function_*() and on_each_cpu*() in the kernel, for whatever "
			 "part needs them."),
	 .normal = N_("A few to some hundred per second and CPU."),
	 .high = N_("The CPUs do much work for each other."),
	 .todo = N_(
		 "Find the callers: perf record -e ipi:ipi_send_cpu -e ipi:ipi_send_cpumask -ag."),
	 .source = "arch/sparc/kernel/irq_32.c (arch_show_interrupts), arch/sparc/kernel/smp_32.c "
		   "(irq_call_count)"},
	{.group = LORE_ROW,
	 .key = "NMI",
	 .arch = "sparc",
	 .text = "Non-maskable interrupts",
	 .kind = IRQ_KIND_EXCEPTION,
	 .class = IRQ_CLASS_PERF,
	 .title = N_("Performance counter NMI"),
	 .meaning = N_("counter overflow: NMI watchdog, perf (64-bit only)"),
	 .what = N_("On 64-bit machines a performance counter overflow at interrupt level 15, "
		    "which stays open while the kernel has interrupts disabled. It drives the NMI "
		    "watchdog and perf. On 32-bit machines nothing adds to the row."),
	 .raised_by = N_("The CPU's own performance counters (perfctr_irq)."),
	 .normal = N_("About one per second and busy CPU with the NMI watchdog on, else 0. Always "
		      "0 on 32 bits."),
	 .high = N_("perf or another profiler is sampling."),
	 .todo = N_("Stop the profiler. The watchdog's own NMIs end with sysctl "
		    "kernel.nmi_watchdog=0."),
	 .source = "arch/sparc/kernel/nmi.c (perfctr_irq, __nmi_count), "
		   "arch/sparc/kernel/irq_64.c, arch/sparc/kernel/irq_32.c (arch_show_interrupts)"},
	{.group = LORE_ROW,
	 .key = "IPI",
	 .arch = "alpha",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Inter-processor interrupts"),
	 .meaning = N_("all interrupts from other CPUs together"),
	 .what = N_("Interrupts from other CPUs, not split by purpose: reschedule, function call "
		    "and stop. One interrupt may carry several messages."),
	 .raised_by = N_("Kernel code on another CPU (send_ipi_message), now and then the console "
			 "firmware."),
	 .normal = N_("Grows with the number of wake-ups and context switches."),
	 .high = N_("Threads on different CPUs wake each other, or memory is unmapped by threaded "
		    "programs (TLB flushes)."),
	 .todo = N_("See who wakes whom: perf sched record. Keep threads that talk to each other "
		    "on one CPU (taskset)."),
	 .source = "arch/alpha/kernel/irq.c (arch_show_interrupts), arch/alpha/kernel/smp.c "
		   "(handle_ipi, ipi_count)"},
	{.group = LORE_ROW,
	 .key = "PMI",
	 .arch = "alpha",
	 .text = "Performance Monitoring",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_PERF,
	 .title = N_("Performance monitoring interrupt"),
	 .meaning = N_("performance counter overflow (perf)"),
	 .what = N_("A performance counter of the CPU overflowed: perf takes a sample or carries "
		    "the count on."),
	 .raised_by = N_("The CPU's performance counters (alpha_perf_event_irq_handler)."),
	 .normal = N_("0 while nobody profiles."),
	 .high = N_("perf or another profiler is sampling."),
	 .todo = N_(
		 "Stop the profiler or lower its rate: sysctl kernel.perf_event_max_sample_rate."),
	 .source = "arch/alpha/kernel/perf_event.c (irq_pmi_count)"},
	{.group = LORE_ROW,
	 .key = "ERR",
	 .arch = "alpha",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Unexpected interrupts"),
	 .meaning = N_("interrupts that nothing in the kernel expected"),
	 .what = N_("Interrupts on a number nobody owns, and performance counter interrupts that "
		    "make no sense. A single number for the whole machine."),
	 .raised_by = N_("ack_bad_irq(), handle_irq() and the performance counter handlers."),
	 .normal = N_("0."),
	 .high = N_("A device uses an interrupt no driver has claimed, or the firmware routes it "
		    "wrongly."),
	 .todo = N_(
		 "Each one is in dmesg: look for 'Unexpected IRQ', 'invalid interrupt' or 'PMI:'."),
	 .source = "arch/alpha/kernel/irq.c, arch/alpha/kernel/irq_alpha.c, "
		   "arch/alpha/kernel/perf_event.c (irq_err_count)"},
	{.group = LORE_ROW,
	 .key = "ERR",
	 .arch = "mips",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Spurious interrupts"),
	 .meaning = N_("interrupts without a source when asked"),
	 .what = N_("The CPU took an interrupt, but no source was pending when the platform's code "
		    "or the i8259 driver asked. A single number for the whole machine."),
	 .raised_by = N_("spurious_interrupt(), from the dispatch code of the board or interrupt "
			 "controller."),
	 .normal = N_("0 or a few, mostly from boot."),
	 .high = N_(
		 "A device drops its line before it is served, or a driver acknowledges too late."),
	 .todo = N_("If it keeps growing, unload drivers one by one to find the device."),
	 .source = "arch/mips/kernel/irq.c (spurious_interrupt, irq_err_count), "
		   "drivers/irqchip/irq-i8259.c"},
	{.group = LORE_ROW,
	 .key = "ERR",
	 .arch = "m68k",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Unexpected interrupts"),
	 .meaning = N_("interrupts that nothing in the kernel expected"),
	 .what = N_("Interrupts on a vector without a handler, among them spurious ones. A single "
		    "number for the whole machine."),
	 .raised_by = N_("handle_badint(); bad_interrupt on 68000 boards without an MMU."),
	 .normal = N_("0 or a few, mostly from boot."),
	 .high = N_("A device raises an interrupt that no driver has claimed."),
	 .todo = N_("dmesg | grep 'unexpected interrupt' names the vector (with an MMU)."),
	 .source = "arch/m68k/kernel/ints.c (handle_badint), arch/m68k/68000/entry.S "
		   "(bad_interrupt), arch/m68k/kernel/irq.c (irq_err_count)"},
	{.group = LORE_ROW,
	 .key = "NMI",
	 .arch = "sh",
	 .text = "Non-maskable interrupts",
	 .kind = IRQ_KIND_EXCEPTION,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Non-maskable interrupts"),
	 .meaning = N_("NMI pin: debug button, watchdog or board error"),
	 .what = N_("Interrupts at the CPU's NMI pin, which cannot be masked. Without a handler "
		    "the kernel logs 'Got NMI, but nobody cared' and goes on. Page faults and "
		    "other exceptions are not counted here."),
	 .raised_by = N_("Hardware of the board, often a debug button."),
	 .normal = N_("0."),
	 .high = N_("Somebody pressed the button, or the board reports an error."),
	 .todo = N_("Boot with nmi_debug=state,regs to log what the CPU does at that moment."),
	 .source = "arch/sh/kernel/traps.c (__nmi_count), arch/sh/kernel/irq.c "
		   "(arch_show_interrupts)"},
	{.group = LORE_ROW,
	 .key = "ERR",
	 .arch = "sh",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Unexpected interrupts"),
	 .meaning = N_("interrupts that nothing in the kernel expected"),
	 .what = N_("Interrupts on a vector without a handler. A single number for the whole "
		    "machine."),
	 .raised_by = N_("ack_bad_irq()."),
	 .normal = N_("0."),
	 .high = N_("A device raises an interrupt that no driver has claimed."),
	 .todo = N_("dmesg | grep 'unexpected IRQ' names the vector."),
	 .source = "arch/sh/kernel/irq.c (ack_bad_irq, irq_err_count)"},
	{.group = LORE_ROW,
	 .key = "RES",
	 .arch = "xtensa",
	 .text = "Rescheduling interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Reschedule IPI"),
	 .meaning = N_("one CPU tells another to run its scheduler"),
	 .what = N_("One CPU interrupts another because a task was woken there or the running one "
		    "must give way. The numbered row 'ipi' counts the interrupts that carry these "
		    "messages, so do not add them up."),
	 .raised_by =
		 N_("The scheduler (smp_send_reschedule), mostly for wake-ups on another CPU."),
	 .normal = N_("Grows with the number of wake-ups and context switches."),
	 .high = N_("Threads on different CPUs wake each other all the time."),
	 .todo = N_("See who wakes whom: perf sched record. Keep threads that talk to each other "
		    "on one CPU (taskset)."),
	 .source = "arch/xtensa/kernel/smp.c (ipi_text, ipi_interrupt)"},
	{.group = LORE_ROW,
	 .key = "CAL",
	 .arch = "xtensa",
	 .text = "Function call interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Function call IPI"),
	 .meaning = N_("run a kernel function on another CPU now"),
	 .what = N_("Asks another CPU to run a kernel function at once, above all TLB and cache "
		    "flushes. The numbered row 'ipi' counts the interrupts that carry these "
		    "messages, so do not add them up."),
	 .raised_by = N_("smp_call_function_*() and on_each_cpu*() in the kernel, for whatever "
			 "part needs them."),
	 .normal = N_("A few to some hundred per second and CPU."),
	 .high = N_(
		 "Memory is mapped and unmapped all the time, which flushes the TLB of all CPUs."),
	 .todo = N_(
		 "Find the callers: perf record -e ipi:ipi_send_cpu -e ipi:ipi_send_cpumask -ag."),
	 .source = "arch/xtensa/kernel/smp.c (ipi_text, ipi_interrupt)"},
	{.group = LORE_ROW,
	 .key = "DIE",
	 .arch = "xtensa",
	 .text = "CPU shutdown interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("CPU stop IPI"),
	 .meaning = N_("halts the other CPUs at shutdown or panic"),
	 .what = N_("Tells a CPU to stop for good, because the machine halts, reboots or panics. A "
		    "CPU that gets it does not come back."),
	 .raised_by = N_("smp_send_stop(), called by the CPU that halts or panics."),
	 .normal = N_("0."),
	 .high = N_("Cannot be seen on a live system, as the CPU does not come back."),
	 .todo = N_("Nothing: it only matters when reading a crash dump."),
	 .source = "arch/xtensa/kernel/smp.c (ipi_text, ipi_cpu_stop)"},
	{.group = LORE_ROW,
	 .key = "NMI",
	 .arch = "xtensa",
	 .text = "Non-maskable interrupts",
	 .kind = IRQ_KIND_EXCEPTION,
	 .class = IRQ_CLASS_PERF,
	 .title = N_("Performance counter NMI"),
	 .meaning = N_("performance counter overflow (perf)"),
	 .what = N_("The performance counter interrupt, kept open while the kernel disables all "
		    "others. It is an ordinary interrupt treated as an NMI, and the row exists "
		    "only with CONFIG_XTENSA_FAKE_NMI."),
	 .raised_by = N_("The CPU's performance counters (xtensa_pmu_irq_handler)."),
	 .normal = N_("0 while nobody profiles."),
	 .high = N_("perf or another profiler is sampling."),
	 .todo = N_(
		 "Stop the profiler or lower its rate: sysctl kernel.perf_event_max_sample_rate."),
	 .source = "arch/xtensa/kernel/traps.c (do_nmi, nmi_count), arch/xtensa/kernel/irq.c "
		   "(arch_show_interrupts)"},
	{.key = NULL},
};
