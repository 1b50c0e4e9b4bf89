/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD's counters that are no device's: the key is the name in hw.intrnames, without the "cpuN:"
 * of those that every CPU has. Paths as in FreeBSD 15.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ROW(key_) .group = LORE_ROW, .arch = LORE_FREEBSD, .key = key_

const struct lore lore_rows_freebsd[] = {
	{
		ROW("timer"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_TIMER,
		.title = N_("Local timer interrupt"),
		.meaning = N_("timer of each CPU (local APIC)"),
		.what = N_(
			"The timer in each CPU's local APIC went off. It drives the clocks of the "
			"scheduler and every timeout (callout) that is due on this CPU."),
		.raised_by = N_("The CPU's own local APIC timer, programmed for the next event by "
				"the event timer code."),
		.normal = N_("Up to kern.hz and the statistics clock (some 127) per second on a "
			     "busy CPU; an idle one skips the ticks that nobody needs "
			     "(kern.eventtimer.idletick=0)."),
		.high = N_("Far above kern.hz: programs or drivers with many short timeouts."),
		.todo = N_(
			"Look for the users with 'dtrace -n callout_execute:::callout-start' or "
			"lower kern.hz in a virtual machine. Otherwise nothing: the tick belongs "
			"to the CPU and cannot be moved."),
		.source = "sys/x86/x86/local_apic.c lapic_handle_timer() (la_timer_count)",
	},
	{
		ROW("preempt"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("Preemption request"),
		.meaning = N_("another CPU has work of higher priority for this one"),
		.what = N_("A CPU put a thread into this CPU's queue that must run at once, and "
			   "asks it to switch."),
		.raised_by =
			N_("The scheduler of another CPU, when it wakes a thread whose priority "
			   "beats what runs here; interrupt threads among them."),
		.normal = N_("Follows the wake-ups between CPUs: hundreds to thousands per second "
			     "under load, next to none when idle."),
		.high = N_("Threads that wake each other across CPUs, or an interrupt whose thread "
			   "is bound to another CPU than the one it comes on."),
		.todo = N_("Put an interrupt and its thread on one CPU (irqctl set), and bind "
			   "programs that talk to each other near each other (cpuset -l)."),
		.source = "sys/kern/subr_smp.c, sys/kern/sched_ule.c tdq_notify() (IPI_PREEMPT)",
	},
	{
		ROW("rendezvous"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("Rendezvous of CPUs"),
		.meaning = N_("all CPUs run one function together"),
		.what = N_("A CPU asked others to run a function at the same time and waits until "
			   "all have done so."),
		.raised_by = N_("smp_rendezvous(): changes of tracing, of microcode, of memory "
				"types, epoch and TLB work of some drivers."),
		.normal = N_("A handful after the start, and then nearly none."),
		.high = N_("Something asks all CPUs again and again: each stops for the slowest."),
		.todo = N_(
			"Find the caller with 'dtrace -n fbt::smp_rendezvous_cpus:entry{@[stack()]"
			"=count();}'."),
		.source = "sys/kern/subr_smp.c smp_rendezvous_cpus() (IPI_RENDEZVOUS)",
	},
	{
		ROW("hardclock"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_TIMER,
		.title = N_("Clock tick passed on"),
		.meaning = N_("timer tick that another CPU passed on"),
		.what = N_(
			"The tick of a CPU whose own timer cannot give it: another CPU takes the "
			"timer's interrupt and passes it on."),
		.raised_by = N_("The event timer code, where one timer serves all CPUs."),
		.normal = N_("0 where every CPU has a timer of its own; else up to kern.hz."),
		.high = N_("One timer serves all CPUs: each tick costs an interrupt more."),
		.todo = N_("Choose a timer per CPU, see 'sysctl kern.eventtimer.choice'."),
		.source = "sys/kern/kern_clocksource.c handleevents() (IPI_HARDCLOCK)",
	},
	{
		ROW("ast"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("Asynchronous trap request"),
		.meaning = N_("a thread of this CPU shall look at its signals and flags"),
		.what = N_("Asks a CPU to go through its return to user mode, where signals and "
			   "rescheduling are looked at."),
		.raised_by = N_("Another CPU that has set a flag of the running thread."),
		.normal = N_("Few; follows signals between programs that run."),
		.high = N_(
			"Many signals to running threads, or many threads that are rescheduled."),
		.todo = N_("Nothing as a rule; look who sends signals (dtrace -n "
			   "proc:::signal-send)."),
		.source = "sys/kern/sched_ule.c, sys/kern/kern_sig.c forward_signal() (IPI_AST)",
	},
	{
		ROW("stop*"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("Stop request"),
		.meaning = N_("another CPU stopped this one (debugger, panic, suspend)"),
		.what = N_("A CPU was told to stand still; 'stop hard' cannot be masked."),
		.raised_by =
			N_("The kernel debugger, a panic, suspend, some updates of the kernel."),
		.normal = N_("0."),
		.high = N_("Somebody stops the machine: a debugger, or suspend and resume."),
		.todo = N_("Look at the console and at 'dmesg'."),
		.source = "sys/kern/subr_smp.c generic_stop_cpus() (IPI_STOP, IPI_STOP_HARD)",
	},
	{
		ROW("invl*"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("TLB or cache invalidation"),
		.meaning = N_("another CPU changed memory mappings of this one"),
		.what = N_("Asks a CPU to forget translations of addresses that were changed. x86 "
			   "counts it only in kernels built with COUNT_IPIS."),
		.raised_by =
			N_("A CPU that unmaps or protects memory which is used by several CPUs."),
		.normal =
			N_("Follows mmap, munmap, fork and exit of programs with several threads."),
		.high = N_("Programs with many threads that map and unmap all the time."),
		.todo = N_("Let the allocator keep its memory; keep such a program on few CPUs."),
		.source = "sys/x86/x86/mp_x86.c (ipi_invltlb_counts ...)",
	},
	{
		ROW("stray *"),
		.kind = IRQ_KIND_COUNTER,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Interrupts that nobody took"),
		.meaning = N_("came on this line, and no driver took them"),
		.what = N_("The interrupt came, and no handler was there for it. After a few the "
			   "kernel logs 'too many stray interrupts' and stops logging."),
		.raised_by = N_("A device that raises its line without a driver, or a driver that "
				"was unloaded too early."),
		.normal = N_("0."),
		.high = N_("A device without driver is active, or the routing of the firmware is "
			   "wrong."),
		.todo = N_("See which device shares the line ('dmesg | grep irqN', 'pciconf -lv'); "
			   "load its driver or switch it off in the firmware."),
		.source = "sys/x86/x86/intr_machdep.c intr_execute_handlers() (is_straycount); "
			  "sys/kern/subr_intr.c isrc_increment_straycount()",
	},
	{
		ROW("\\?\\?\\?"),
		.kind = IRQ_KIND_COUNTER,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Interrupts without a source"),
		.meaning = N_("stands for interrupts that have no counter of their own"),
		.what = N_("The first counter of the table. A source that has got no counter yet "
			   "points to it."),
		.raised_by = N_("Nothing in normal operation."),
		.normal = N_("0."),
		.high = N_("An interrupt came before its source was registered: a fault in a "
			   "driver or in the firmware's tables."),
		.todo = N_("Look at 'dmesg' for messages about interrupts while the machine "
			   "started."),
		.source = "sys/x86/x86/intr_machdep.c intr_init() (intrcnt[0])",
	},
	{
		ROW("swi*"),
		.kind = IRQ_KIND_COUNTER,
		.class = IRQ_CLASS_SOFTIRQ,
		.title = N_("Software interrupt"),
		.meaning = N_("work that the kernel put off to a thread of its own"),
		.what = N_("No interrupt of the hardware: a thread of the process 'intr' that runs "
			   "callouts, network queues, task queues or CAM."),
		.raised_by = N_("Interrupt handlers and drivers that leave the longer part of the "
				"work for later."),
		.normal = N_("Follows the interrupts that feed it."),
		.high = N_("Much work behind few interrupts; swi4 is the clock, swi1 the network."),
		.todo = N_("'top -SH' shows which of them takes the time."),
		.source = "sys/kern/kern_intr.c swi_add()",
	},
	{
		ROW("irq[0-9]*:*"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_OTHER,
		.title = N_("Interrupt source of a PC"),
		.meaning = N_("interrupt line or message of a device"),
		.what = N_(
			"A source of interrupts: irq0 to irq15 are the old lines, up to some 255 "
			"the pins of the I/O APICs, and the numbers behind those are messages "
			"(MSI, MSI-X), one for each vector that a driver asked for."),
		.raised_by = N_("The device whose driver stands behind the colon; without a name, "
				"nobody listens."),
		.normal = N_("Follows the work of the device."),
		.high = N_("Follows the work of the device."),
		.todo = N_("'irqctl explain' with the name of the handler tells more."),
		.source = "sys/x86/x86/intr_machdep.c intrcnt_setname(), msi.c, io_apic.c",
	},
	{
		ROW("gic*,[ps]*"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_OTHER,
		.title = N_("Interrupt line of a GIC"),
		.meaning = N_("line of the Arm interrupt controller"),
		.what = N_("An input of the Arm Generic Interrupt Controller: 'p' and a number is "
			   "private to each CPU (timers, performance counters), 's' is shared."),
		.raised_by = N_("The device whose driver stands behind the colon."),
		.normal = N_("Follows the work of the device."),
		.high = N_("Follows the work of the device."),
		.todo = N_(
			"Shared lines can be moved with irqctl set; private ones belong to their "
			"CPU."),
		.source = "sys/arm64/arm64/gic_v3.c gic_v3_attach() (intr_isrc_register)",
	},
	{
		ROW("its*,*"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_OTHER,
		.title = N_("Message of an ITS"),
		.meaning = N_("message of a PCI device on Arm (MSI, MSI-X)"),
		.what = N_(
			"A message that the Interrupt Translation Service of a GICv3 brings to a "
			"CPU: one for each vector that a driver asked for."),
		.raised_by = N_("The device whose driver stands behind the colon."),
		.normal = N_("Follows the work of the device."),
		.high = N_("Follows the work of the device."),
		.todo = N_("It can be moved with irqctl set."),
		.source = "sys/arm64/arm64/gicv3_its.c gicv3_its_attach() (intr_isrc_register)",
	},
	{.key = NULL},
};
