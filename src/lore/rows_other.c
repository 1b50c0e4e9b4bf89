/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows without a number of powerpc and parisc. powerpc prints two rows called LOC: they are told
 * apart by their text.
 */
#include "base/i18n.h"
#include "lore/lore.h"

const struct lore lore_rows_other[] = {
	{.group = LORE_ROW,
	 .key = "TAU",
	 .arch = "powerpc",
	 .text = "*Thermal Assist (cpu temp)",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_THERMAL,
	 .title = N_("Thermal assist unit interrupt"),
	 .meaning = N_("CPU temperature left its window (PowerPC 750)"),
	 .what = N_(
		 "The thermal sensor in old 32-bit PowerPC CPUs tells that the temperature left "
		 "the window set by the kernel, which then moves the window. Nothing is throttled. "
		 "The row needs CONFIG_TAU_INT, and only the 750 uses interrupts for it."),
	 .raised_by = N_("The CPU's thermal assist unit (TAUException)."),
	 .normal = N_("At most about one per second, as each of two thresholds can fire once in 2 "
		      "seconds."),
	 .high = N_("The temperature keeps changing or the sensor is noisy. It is no alarm for "
		    "overheating."),
	 .todo = N_("Read the temperature in /proc/cpuinfo (uncalibrated). Check the fans only if "
		    "it is high."),
	 .source = "arch/powerpc/kernel/tau_6xx.c (TAUException, tau_interrupts)"},
	{.group = LORE_ROW,
	 .key = "LOC",
	 .arch = "powerpc",
	 .text = "Local timer interrupts for timer event device",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_TIMER,
	 .title = N_("Local timer interrupt (decrementer)"),
	 .meaning = N_("timer tick of each CPU (decrementer)"),
	 .what = N_("The CPU's decrementer ran out because a timer event was due: the scheduler "
		    "tick or a high-resolution timer. The table has a second LOC row for the "
		    "decrementer's other interrupts."),
	 .raised_by = N_("The decrementer of the CPU (timer_interrupt)."),
	 .normal = N_("Up to HZ (100 to 1000) per second on busy CPUs, far fewer on idle ones, "
		      "more where programs use precise timers."),
	 .high = N_("High-resolution timers at a high rate: programs that sleep for very short "
		    "times, or virtual machines with such programs."),
	 .todo = N_("Find the timers: perf record -e timer:hrtimer_expire_entry -ag. To spare CPUs "
		    "the tick, boot with nohz_full=CPULIST."),
	 .source = "arch/powerpc/kernel/time.c (timer_interrupt, irq_stat.timer_irqs_event)"},
	{.group = LORE_ROW,
	 .key = "BCT",
	 .arch = "powerpc",
	 .text = "Broadcast timer interrupts for timer event device",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_TIMER,
	 .title = N_("Timer broadcast IPI"),
	 .meaning = N_("passes a timer event to a CPU in deep idle"),
	 .what = N_("A timer event passed on by another CPU, because this CPU's decrementer stops "
		    "in the deep idle state it was in. It comes as an IPI, so the doorbell row "
		    "(DBL) or the interrupt controller's IPI row counts it too."),
	 .raised_by = N_("The tick broadcast code (tick_broadcast) of another CPU."),
	 .normal = N_("0 where the decrementer runs in every idle state; else up to some hundred "
		      "per second on idle CPUs."),
	 .high = N_("CPUs enter deep idle states and are woken again at once, which costs power "
		    "and latency."),
	 .todo = N_("Limit the idle states: cpupower idle-info shows them, cpupower idle-set -D "
		    "LATENCY turns slow ones off."),
	 .source = "arch/powerpc/kernel/time.c (timer_broadcast_interrupt, "
		   "irq_stat.broadcast_irqs_event)"},
	{.group = LORE_ROW,
	 .key = "LOC",
	 .arch = "powerpc",
	 .text = "Local timer interrupts for others",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_TIMER,
	 .title = N_("Decrementer interrupt without a due timer"),
	 .meaning = N_("decrementer without a due timer, mostly irq_work"),
	 .what = N_("The decrementer ran out, but no timer was due, and the kernel set it again. "
		    "Often it was set on purpose: powerpc makes it run out at once to interrupt "
		    "itself for irq_work (perf, BPF, RCU). The rest are timers further away than "
		    "the decrementer can count."),
	 .raised_by = N_("The decrementer; for irq_work set by arch_irq_work_raise()."),
	 .normal = N_("One every few seconds on an idle CPU with a 32-bit decrementer; more while "
		      "perf or BPF runs."),
	 .high = N_("irq_work at a high rate: perf, BPF or tracing."),
	 .todo = N_("Stop profilers and BPF programs one by one (bpftool prog list)."),
	 .source = "arch/powerpc/kernel/time.c (timer_interrupt, irq_stat.timer_irqs_others)"},
	{.group = LORE_ROW,
	 .key = "LOC",
	 .arch = "powerpc",
	 .text = "Local timer interrupts",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_TIMER,
	 .title = N_("Local timer interrupt (decrementer)"),
	 .meaning = N_("timer tick of each CPU (decrementer)"),
	 .what = N_("All interrupts of the CPU's decrementer, whatever for. Newer kernels print "
		    "two rows called LOC instead."),
	 .raised_by = N_("The decrementer of the CPU (timer_interrupt)."),
	 .normal = N_("Up to HZ (100 to 1000) per second on busy CPUs, far fewer on idle ones."),
	 .high = N_("High-resolution timers or irq_work (perf) at a high rate."),
	 .todo = N_("Find the timers: perf record -e timer:hrtimer_expire_entry -ag."),
	 .source = "arch/powerpc/kernel/irq.c in older kernels (irq_stat.timer_irqs)"},
	{.group = LORE_ROW,
	 .key = "SPU",
	 .arch = "powerpc",
	 .text = "Spurious interrupts",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Spurious interrupts"),
	 .meaning = N_("interrupts without a source when asked"),
	 .what = N_("The CPU took an external interrupt, but the interrupt controller had nothing "
		    "to report when asked: the source had gone, or another CPU took it. No handler "
		    "runs."),
	 .raised_by = N_("The interrupt controller; counted when its get_irq function returns 0."),
	 .normal = N_("0, or few compared with the other interrupts."),
	 .high = N_("A device drops its line before it is served, or a driver acknowledges a level "
		    "interrupt too late."),
	 .todo = N_("Only for a steady high rate: read dmesg and unload drivers one by one to find "
		    "the device."),
	 .source = "arch/powerpc/kernel/irq.c (__do_irq, irq_stat.spurious_irqs)"},
	{.group = LORE_ROW,
	 .key = "PMI",
	 .arch = "powerpc",
	 .text = "Performance monitoring interrupts",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_PERF,
	 .title = N_("Performance monitoring interrupt"),
	 .meaning = N_("performance counter overflow (perf)"),
	 .what = N_("A performance counter of the CPU overflowed: perf takes a sample or carries "
		    "the count on. On 64-bit kernels it also gets through while interrupts are "
		    "soft-disabled, like an NMI. The lockup watchdog of 64-bit servers does not "
		    "use it."),
	 .raised_by = N_("The CPU's performance monitor unit (performance_monitor_exception)."),
	 .normal =
		 N_("0 while nobody profiles; else up to the sampling rate asked for, per event."),
	 .high = N_("perf or another profiler is sampling."),
	 .todo = N_("lsof | grep perf_event lists who holds counters; cap the rate with sysctl "
		    "kernel.perf_event_max_sample_rate."),
	 .source =
		 "arch/powerpc/kernel/traps.c (performance_monitor_exception, irq_stat.pmu_irqs)"},
	{.group = LORE_ROW,
	 .key = "CNT",
	 .arch = "powerpc",
	 .text = "Performance monitoring interrupts",
	 .kind = IRQ_KIND_DEVICE,
	 .class = IRQ_CLASS_PERF,
	 .title = N_("Performance monitoring interrupt (older name)"),
	 .meaning = N_("performance counter overflow (perf)"),
	 .what = N_(
		 "A performance counter of the CPU overflowed. Newer kernels call this row PMI."),
	 .raised_by = N_("The CPU's performance monitor unit."),
	 .normal =
		 N_("0 while nobody profiles; else up to the sampling rate asked for, per event."),
	 .high = N_("perf or another profiler is sampling."),
	 .todo = N_("lsof | grep perf_event lists who holds counters; cap the rate with sysctl "
		    "kernel.perf_event_max_sample_rate."),
	 .source = "arch/powerpc/kernel/irq.c in older kernels (irq_stat.pmu_irqs)"},
	{.group = LORE_ROW,
	 .key = "MCE",
	 .arch = "powerpc",
	 .text = "Machine check exceptions",
	 .kind = IRQ_KIND_EXCEPTION,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Machine check exceptions"),
	 .meaning = N_("hardware error reported by the CPU"),
	 .what = N_("The CPU reported a hardware error: memory, cache, SLB, TLB or bus. An "
		    "exception, not an interrupt. On 64-bit servers errors hit in kernel mode and "
		    "repaired at once are only logged, not counted here."),
	 .raised_by = N_("The CPU (vector 0x200), or the hypervisor for its guest."),
	 .normal = N_("0."),
	 .high = N_("Hardware is failing, or a driver touched an address where no device answers. "
		    "Each one taints the kernel (M)."),
	 .todo = N_("dmesg | grep -i 'machine check' gives the kind and address. Look at the error "
		    "log of the service processor or HMC and replace the part it names."),
	 .source = "arch/powerpc/kernel/traps.c (__machine_check_exception, "
		   "irq_stat.mce_exceptions)"},
	{.group = LORE_ROW,
	 .key = "HMI",
	 .arch = "powerpc",
	 .text = "Hypervisor Maintenance Interrupts",
	 .kind = IRQ_KIND_EXCEPTION,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("Hypervisor maintenance interrupts"),
	 .meaning = N_("recovered CPU error or clock fault (bare metal)"),
	 .what = N_("The CPU asks the hypervisor to handle a hardware event: an error it recovered "
		    "from, a time base fault, or the failure of another unit. The row exists only "
		    "where Linux itself is the hypervisor (bare-metal POWER)."),
	 .raised_by = N_("The CPU; the OPAL firmware finds and repairs the cause."),
	 .normal = N_("0."),
	 .high = N_("The hardware recovers from errors and may be about to fail. On POWER9 some "
		    "counts come from work-arounds for CPU errata instead."),
	 .todo = N_("dmesg | grep -i -A3 'Hypervisor Maintenance' tells the cause and whether it "
		    "was recovered. If it repeats, have the hardware serviced."),
	 .source = "arch/powerpc/kernel/mce.c (hmi_exception_realmode), "
		   "arch/powerpc/kvm/book3s_hv_ras.c (hmi_irqs)"},
	{.group = LORE_ROW,
	 .key = "NMI",
	 .arch = "powerpc",
	 .text = "System Reset interrupts",
	 .kind = IRQ_KIND_EXCEPTION,
	 .class = IRQ_CLASS_ERROR,
	 .title = N_("System reset interrupts (NMI)"),
	 .meaning = N_("crash dump request, or NMI from another CPU"),
	 .what = N_("System reset, which powerpc uses as its non-maskable interrupt. If no other "
		    "CPU sent it for a backtrace or a stop, it is a request for a crash dump: the "
		    "kernel starts fadump or kdump, or panics. Page faults and other exceptions "
		    "are not counted here."),
	 .raised_by = N_("The HMC or service processor, virsh inject-nmi, or another CPU (lockup "
			 "watchdog, SysRq-l, panic)."),
	 .normal = N_("0."),
	 .high = N_("If the system still runs, other CPUs sent them: for a backtrace, or because "
		    "the watchdog saw a CPU hang."),
	 .todo = N_("Look in dmesg for 'LOCKUP', 'NMI backtrace' and 'System Reset'."),
	 .source = "arch/powerpc/kernel/traps.c (system_reset_exception, irq_stat.sreset_irqs)"},
	{.group = LORE_ROW,
	 .key = "WDG",
	 .arch = "powerpc",
	 .text = "Watchdog soft-NMI interrupts",
	 .kind = IRQ_KIND_EXCEPTION,
	 .class = IRQ_CLASS_TIMER,
	 .title = N_("Watchdog soft-NMI"),
	 .meaning = N_("timer ran out while interrupts were disabled"),
	 .what = N_("The decrementer ran out while the kernel had interrupts soft-disabled. The "
		    "hard lockup watchdog uses the moment to check how long this CPU has not "
		    "served its timer. The timer interrupt itself follows when interrupts are "
		    "enabled and then counts in LOC."),
	 .raised_by = N_("The decrementer, handed to soft_nmi_interrupt() of the watchdog."),
	 .normal = N_(
		 "A small part of LOC: ticks that fall into a section with interrupts disabled."),
	 .high = N_("The kernel has interrupts disabled for much of the time, which delays timers "
		    "and devices on this CPU."),
	 .todo = N_("Find the long sections with the irqsoff tracer. The watchdog's limit is "
		    "sysctl kernel.watchdog_thresh; kernel.nmi_watchdog=0 turns it off."),
	 .source = "arch/powerpc/kernel/watchdog.c (soft_nmi_interrupt, irq_stat.soft_nmi_irqs)"},
	{.group = LORE_ROW,
	 .key = "DBL",
	 .arch = "powerpc",
	 .text = "Doorbell interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Doorbell interrupts"),
	 .meaning = N_("IPI sent with the CPU's doorbell instruction"),
	 .what = N_("Inter-processor interrupts sent by a CPU instruction instead of the interrupt "
		    "controller; one may carry several messages (reschedule, function call, timer "
		    "broadcast). On POWER8 and in guests only those between threads of one core: "
		    "the others are in the controller's IPI row."),
	 .raised_by = N_("The scheduler and smp_call_function() of another CPU "
			 "(doorbell_global_ipi, doorbell_core_ipi)."),
	 .normal = N_("Grows with the load: a few to some thousand per second and CPU."),
	 .high = N_("CPUs wake or call each other all the time."),
	 .todo = N_("See who sends: perf record -e ipi:ipi_send_cpu -e ipi:ipi_send_cpumask -ag. "
		    "Keep threads that talk to each other on few cores (taskset, cpusets)."),
	 .source = "arch/powerpc/kernel/dbell.c (doorbell_exception, irq_stat.doorbell_irqs)"},
	{.group = LORE_ROW,
	 .key = "STK",
	 .arch = "parisc",
	 .text = "Kernel stack usage",
	 .kind = IRQ_KIND_GAUGE,
	 .class = IRQ_CLASS_OTHER,
	 .title = N_("Kernel stack usage (bytes)"),
	 .meaning = N_("most kernel stack bytes seen in use, not a count"),
	 .what = N_("No count: the most bytes of a kernel stack seen in use on this CPU since "
		    "boot, looked at whenever an interrupt arrives. It never falls. The row needs "
		    "CONFIG_DEBUG_STACKOVERFLOW."),
	 .raised_by = N_("Nothing: stack_overflow_check() notes it at each interrupt."),
	 .normal = N_("Some thousand bytes, well below the stack's size (16 or 32 KiB with 4 KiB "
		      "pages)."),
	 .high = N_("Close to the stack's size: with less than 1536 bytes left the kernel logs "
		    "'will most likely overflow' and, by default, panics."),
	 .todo = N_("Find the deep call path in dmesg and report it. sysctl "
		    "kernel.panic_on_stackoverflow=0 logs without a panic."),
	 .source = "arch/parisc/kernel/irq.c (stack_overflow_check, kernel_stack_usage)"},
	{.group = LORE_ROW,
	 .key = "IST",
	 .arch = "parisc",
	 .text = "Interrupt stack usage",
	 .kind = IRQ_KIND_GAUGE,
	 .class = IRQ_CLASS_OTHER,
	 .title = N_("Interrupt stack usage (bytes)"),
	 .meaning = N_("most interrupt stack bytes in use, not a count"),
	 .what = N_("No count: the most bytes of this CPU's interrupt stack seen in use since "
		    "boot, looked at when an interrupt hits while that stack is in use. It never "
		    "falls. The row needs CONFIG_DEBUG_STACKOVERFLOW and CONFIG_IRQSTACKS."),
	 .raised_by = N_("Nothing: stack_overflow_check() notes it at each interrupt."),
	 .normal = N_("0 to some thousand bytes."),
	 .high = N_("Interrupt or softirq handlers nest deeply. With less than 1536 bytes left the "
		    "kernel logs it and, by default, panics."),
	 .todo = N_("Find the deep call path in dmesg and report it. sysctl "
		    "kernel.panic_on_stackoverflow=0 logs without a panic."),
	 .source = "arch/parisc/kernel/irq.c (stack_overflow_check, irq_stack_usage)"},
	{.group = LORE_ROW,
	 .key = "RES",
	 .arch = "parisc",
	 .text = "Rescheduling interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Reschedule IPI"),
	 .meaning = N_("one CPU tells another to run its scheduler"),
	 .what = N_("One CPU interrupts another because a task was woken there or the running one "
		    "must give way. The numbered row 'IPI' counts the interrupts that carry these "
		    "messages, so do not add them up."),
	 .raised_by =
		 N_("The scheduler (smp_send_reschedule), mostly for wake-ups on another CPU."),
	 .normal = N_("Grows with the number of wake-ups and context switches."),
	 .high = N_("Threads on different CPUs wake each other all the time."),
	 .todo = N_("See who wakes whom: perf sched record. Keep threads that talk to each other "
		    "on one CPU (taskset)."),
	 .source = "arch/parisc/kernel/smp.c (ipi_interrupt, irq_resched_count)"},
	{.group = LORE_ROW,
	 .key = "CAL",
	 .arch = "parisc",
	 .text = "Function call interrupts",
	 .kind = IRQ_KIND_IPI,
	 .class = IRQ_CLASS_IPI,
	 .title = N_("Function call IPI"),
	 .meaning = N_("run a kernel function on another CPU now"),
	 .what = N_("Asks another CPU to run a kernel function at once, above all TLB and cache "
		    "flushes. The numbered row 'IPI' counts the interrupts that carry these "
		    "messages, so do not add them up."),
	 .raised_by = N_("smp_call_function_*() and on_each_cpu*() in the kernel, for whatever "
			 "part needs them."),
	 .normal =
		 N_("A few to some hundred per second and CPU; more while programs start and end."),
	 .high = N_("Large memory areas are mapped and unmapped all the time; compare with the TLB "
		    "row."),
	 .todo = N_(
		 "Find the callers: perf record -e ipi:ipi_send_cpu -e ipi:ipi_send_cpumask -ag."),
	 .source = "arch/parisc/kernel/smp.c (ipi_interrupt, irq_call_count)"},
	{.group = LORE_ROW,
	 .key = "UAH",
	 .arch = "parisc",
	 .text = "Unaligned access handler traps",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_OTHER,
	 .title = N_("Unaligned access traps"),
	 .meaning = N_("misaligned memory accesses done by the kernel"),
	 .what = N_("A load or store at a misaligned address trapped, and the kernel does the "
		    "access in its place or sends SIGBUS. A trap of the running program or of "
		    "kernel code, no interrupt."),
	 .raised_by = N_("The CPU, at the faulty instruction (handle_unaligned)."),
	 .normal = N_("0 or few."),
	 .high = N_("A program or driver handles unaligned data all the time. Each access costs "
		    "far more than an aligned one."),
	 .todo = N_("dmesg | grep 'unaligned access' names the program or kernel address: fix its "
		    "data layout. sysctl kernel.unaligned-trap=0 sends SIGBUS instead."),
	 .source = "arch/parisc/kernel/unaligned.c (handle_unaligned, irq_unaligned_count)"},
	{.group = LORE_ROW,
	 .key = "FPA",
	 .arch = "parisc",
	 .text = "Floating point assist traps",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_OTHER,
	 .title = N_("Floating point assist traps"),
	 .meaning = N_("FPU instructions finished by the kernel"),
	 .what = N_("The floating point unit could not finish an instruction, and the kernel "
		    "emulates it or sends SIGFPE: operations the FPU lacks, denormal numbers, or "
		    "an FP exception the program enabled. A trap, no interrupt."),
	 .raised_by = N_("The floating point unit of the CPU (handle_fpe)."),
	 .normal = N_("0 or few."),
	 .high = N_("A program computes with numbers or operations the FPU leaves to the kernel, "
		    "and runs much slower for it."),
	 .todo = N_("Find it by its system time (top). Avoid denormal numbers in it, or build it "
		    "for this CPU."),
	 .source = "arch/parisc/kernel/traps.c (irq_fpassist_count), arch/parisc/math-emu/driver.c "
		   "(handle_fpe)"},
	{.group = LORE_ROW,
	 .key = "TLB",
	 .arch = "parisc",
	 .text = "TLB shootdowns",
	 .kind = IRQ_KIND_COUNTER,
	 .class = IRQ_CLASS_OTHER,
	 .title = N_("Full TLB flushes started"),
	 .meaning = N_("whole-TLB flushes this CPU started"),
	 .what = N_(
		 "How often this CPU started a flush of the whole TLB of all CPUs. Counted at the "
		 "sender, so it is no interrupt: the other CPUs get it as a function call (CAL). "
		 "Flushes of small ranges use instructions that reach all CPUs and do not count."),
	 .raised_by = N_("flush_tlb_all(): large unmaps, used up address space ids, a low-priority "
			 "machine check."),
	 .normal = N_("A few per second while programs start and end."),
	 .high = N_("Large memory areas are mapped and unmapped all the time."),
	 .todo = N_(
		 "Find the program: strace -f -c -e trace=memory -p PID. Let it reuse its memory."),
	 .source = "arch/parisc/mm/init.c (flush_tlb_all, irq_tlb_count)"},
	{.key = NULL},
};
