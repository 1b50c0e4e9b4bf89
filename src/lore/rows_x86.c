/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of /proc/interrupts on x86 that have a name instead of a number, in the kernel's order;
 * at the end the two rows of early perf (2.6.31 to 2.6.36).
 *
 * ERR and MIS carry no words in older kernels and are per CPU with words in newer ones, so they
 * match by key alone.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ROW(key_, text_) .group = LORE_ROW, .arch = "x86", .key = key_, .text = text_

const struct lore lore_rows_x86[] = {
	{
		ROW("NMI", "Non-maskable interrupts"),
		.kind = IRQ_KIND_EXCEPTION,
		.class = IRQ_CLASS_OTHER,
		.title = N_("Non-maskable interrupt"),
		.meaning = N_("unmaskable: profiling, watchdog, hardware faults"),
		.what = N_("An interrupt that the CPU takes even while ordinary interrupts are "
			   "disabled. Linux uses it for performance counters, the hard lockup "
			   "watchdog and backtraces of other CPUs; hardware reports serious faults "
			   "with it. A page fault or a division by zero is an exception of its own "
			   "and is never counted here."),
		.raised_by = N_("The local APIC (performance counters), other CPUs (backtrace, "
				"crash dump, last resort at reboot), the chipset or firmware (PCI "
				"SERR, APEI, watchdog cards, the NMI button)."),
		.normal = N_("With the NMI watchdog about one per 10 seconds on a busy CPU, fewer "
			     "on an idle one; 0 in guests without performance counters. Up to the "
			     "sampling rate while perf records."),
		.high = N_("PMI grows as fast: profiling or the watchdog. NMI grows alone: "
			   "backtraces or a hardware fault; then look for 'NMI received for "
			   "unknown reason' or 'PCI system error (SERR)' in the kernel log."),
		.todo = N_("Compare with PMI and read 'dmesg | grep -i nmi'. Stop perf sessions, "
			   "or switch the watchdog off with 'sysctl kernel.nmi_watchdog=0'. After "
			   "unknown NMIs read the event log of the BMC (ipmitool sel list)."),
		.source = "arch/x86/kernel/nmi.c exc_nmi() (irq_stat.__nmi_count)",
	},
	{
		ROW("LOC", "Local timer interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_TIMER,
		.title = N_("Local timer interrupt"),
		.meaning = N_("timer tick of each CPU (local APIC)"),
		.what = N_("The timer in each CPU's local APIC went off. It drives the scheduler "
			   "tick and, with high resolution timers, every sleep and timeout that is "
			   "due on this CPU."),
		.raised_by = N_("The CPU's own local APIC timer, programmed by the clock event "
				"code. A CPU whose timer stops in deep idle gets it as a broadcast "
				"IPI from another CPU."),
		.normal = N_("Up to CONFIG_HZ (100 to 1000) per second on a busy CPU, fewer when "
			     "idle because the tick stops, more with many short sleeps. Near 0 "
			     "where another timer serves (HVS on Hyper-V, the Xen timer)."),
		.high = N_("Far above HZ: programs with many short sleeps or timers (polling "
			   "loops, timerfd, audio, timers of virtual machines). It also wakes idle "
			   "CPUs and costs power."),
		.todo = N_("Find the users of timers with 'perf record -a -g -e "
			   "timer:hrtimer_expire_entry' or powertop. CPUs that must not be "
			   "disturbed: boot with nohz_full=. Otherwise nothing: the tick belongs "
			   "to normal work."),
		.source = "arch/x86/kernel/apic/apic.c local_apic_timer_interrupt() "
			  "(irq_stat.apic_timer_irqs)",
	},
	{
		ROW("SPU", "Spurious interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Spurious APIC interrupt"),
		.meaning = N_("interrupt on a vector nobody uses, or withdrawn too late"),
		.what = N_("An interrupt came in on a vector that nobody had set up, or it was "
			   "withdrawn before the CPU took it (vector 0xff). No handler ran. 'irq "
			   "N: nobody cared' is something else and is not counted here."),
		.raised_by = N_("The local APIC: a line that dropped too early, a vector freed or "
				"moved while its interrupt was on the way, or a device that sends "
				"a wrong message."),
		.normal = N_("0, or a few in the life of the machine. Newer kernels hide the row "
			     "until it is not 0."),
		.high = N_("Each one leaves a line with 'Spurious' and the vector in the kernel "
			   "log. Steady growth: a device, its firmware or a driver raises "
			   "interrupts that it should not."),
		.todo = N_("Read 'dmesg | grep -i spurious'. Update the BIOS and the firmware of "
			   "the devices; unload suspect drivers one by one."),
		.source = "arch/x86/kernel/apic/apic.c handle_spurious_interrupt() "
			  "(irq_stat.irq_spurious_count)",
	},
	{
		ROW("PMI", "Performance monitoring interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_PERF,
		.part_of = "NMI",
		.title = N_("Performance monitoring interrupt"),
		.meaning = N_("overflow of a performance counter (perf, watchdog)"),
		.what = N_(
			"A performance counter of this CPU overflowed or a trace buffer filled up. "
			"On x86 it arrives as an NMI, so each one is counted under NMI too: don't "
			"add the rows. Only in a Xen PV guest it is a virtual interrupt instead."),
		.raised_by = N_("The CPU's performance monitoring unit, set up by perf, by the "
				"hard lockup watchdog and by profilers built on perf."),
		.normal = N_("About one per 10 seconds on a busy CPU from the watchdog; 0 in most "
			     "virtual machines. While profiling, up to the sampling rate (4000 per "
			     "second and CPU is perf's default)."),
		.high = N_("Somebody profiles: perf record or top, or a monitoring agent that "
			   "never stops. 'perf: interrupt took too long' in the kernel log says "
			   "that it has become expensive."),
		.todo = N_(
			"Find the users with 'lsof 2>/dev/null | grep perf_event'. Sample more "
			"slowly (perf record -F 99) or lower kernel.perf_event_max_sample_rate."),
		.source =
			"arch/x86/events/core.c x86_pmu_handle_irq(), arch/x86/events/intel/core.c "
			"handle_pmi_common() (irq_stat.apic_perf_irqs)",
	},
	{
		ROW("IWI", "IRQ work interrupts"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("IRQ work interrupt"),
		.meaning = N_("a CPU interrupts itself to run deferred work"),
		.what = N_("A CPU interrupts itself to run work that could not run where it was "
			   "queued, for instance in an NMI or under the scheduler's locks. Users "
			   "are perf, printk, tracing, BPF, RCU and the schedutil governor. Work "
			   "for another CPU travels as CAL instead."),
		.raised_by = N_("irq_work_queue(), with a self-IPI of the local APIC."),
		.normal = N_("A few per second; up to hundreds per second and CPU with schedutil, "
			     "tracing or perf."),
		.high = N_("Much tracing, profiling or BPF output with wake-ups, or schedutil "
			   "changing the frequency often on a driver without fast switching. No "
			   "fault by itself."),
		.todo = N_("Usually nothing. To see who queues work: bpftrace -e "
			   "'kprobe:irq_work_queue { @[kstack] = count(); }'."),
		.source = "arch/x86/kernel/irq_work.c sysvec_irq_work() "
			  "(irq_stat.apic_irq_work_irqs)",
	},
	{
		ROW("RTR", "APIC ICR read retries"),
		.kind = IRQ_KIND_COUNTER,
		.class = IRQ_CLASS_IPI,
		.title = N_("APIC ICR read retries"),
		.meaning = N_("waits for the APIC before an IPI could be sent"),
		.what = N_("Counts how often the kernel found the local APIC still busy with the "
			   "previous IPI and had to look again. It is a counter, not an interrupt. "
			   "CPUs in x2APIC mode never count here."),
		.raised_by = N_("The kernel before it sends an NMI to another CPU or starts a CPU; "
				"each retry waits 100 microseconds."),
		.normal = N_("0. Newer kernels hide the row until it is not 0."),
		.high = N_("A few from boot or CPU hot-plug are harmless. Steady growth: IPIs are "
			   "accepted slowly, by an overloaded host under a virtual machine or by "
			   "faulty APIC hardware."),
		.todo = N_("In a guest look at steal time and at the host's load. On real hardware "
			   "turn x2APIC on in the BIOS (check with 'dmesg | grep x2apic') and "
			   "update the BIOS."),
		.source = "arch/x86/kernel/apic/ipi.c apic_mem_wait_icr_idle_timeout() "
			  "(irq_stat.icr_read_retry_count)",
	},
	{
		ROW("PLT", "Platform interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_PLATFORM,
		.title = N_("Platform interrupt"),
		.meaning = N_("timer of SGI/HPE UV machines; absent elsewhere"),
		.what = N_("A vector kept for platform code. Only SGI/HPE UV machines use it, for "
			   "the clock in the UV hub; it is a timer interrupt then. The row appears "
			   "only where such code has registered."),
		.raised_by = N_("The real-time clock of the UV hub, if the kernel was booted with "
				"uvrtcevt."),
		.normal = N_("No such row on nearly all machines. With uvrtcevt as LOC elsewhere: "
			     "up to CONFIG_HZ per second and CPU."),
		.high = N_("Far above HZ: programs with many short sleeps or timers (polling "
			   "loops, timerfd, audio, timers of virtual machines). It also wakes idle "
			   "CPUs and costs power."),
		.todo = N_("Nothing: remove uvrtcevt from the kernel command line to return to the "
			   "local APIC timer."),
		.source = "arch/x86/kernel/irq.c sysvec_x86_platform_ipi() "
			  "(irq_stat.x86_platform_ipis), arch/x86/platform/uv/uv_time.c "
			  "uv_rtc_interrupt()",
	},
	{
		ROW("RES", "Rescheduling interrupts"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("Rescheduling interrupt"),
		.meaning = N_("a CPU asks another to run its scheduler"),
		.what = N_("One CPU tells another to run its scheduler, mostly because a task has "
			   "become runnable there. KVM uses the same IPI to pull a virtual CPU out "
			   "of guest mode. Idle CPUs that poll are woken without it."),
		.raised_by = N_("smp_send_reschedule() in the scheduler and in KVM's vCPU kick."),
		.normal = N_("A few to some thousands per second and CPU, following the wake-ups "
			     "across CPUs."),
		.high = N_(
			"Threads on different CPUs wake each other all the time (pipes, futexes, "
			"worker pools), or many busy virtual machines. Tens of thousands per "
			"second cost time, more so in a guest where an IPI may cause a VM exit."),
		.todo = N_("See the senders with 'perf record -a -g -e ipi:ipi_send_cpu' (6.4 or "
			   "later) or 'perf sched record'. Keep threads that talk to each other on "
			   "the same cores (taskset, cpusets) and batch their messages."),
		.source = "arch/x86/kernel/smp.c sysvec_reschedule_ipi(), arch/x86/xen/smp.c "
			  "(irq_stat.irq_resched_count)",
	},
	{
		ROW("CAL", "Function call interrupts"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("Function call interrupt"),
		.meaning = N_("a CPU has another run a function (includes TLB)"),
		.what = N_("One CPU has another run a function at once. TLB shootdowns travel this "
			   "way too, so the row includes what TLB counts (kernels before 4.8 may "
			   "print it without them). Task wake-ups on distant CPUs, block I/O "
			   "completion and RPS also use it."),
		.raised_by =
			N_("smp_call_function_single(), smp_call_function_many_cond() and "
			   "__smp_call_single_queue() on another CPU; the receiving CPU counts."),
		.normal = N_("Tens to thousands per second and CPU, following the memory, network "
			     "and disk load."),
		.high = N_("Close to TLB: multi-threaded programs change their mappings often. "
			   "Well above TLB: wake-ups, RPS, remote block completion (rq_affinity), "
			   "membarrier(), MSR reads (turbostat), code patching, kernel mappings."),
		.todo = N_("Compare with TLB first. Then find the senders with 'perf record -a -g "
			   "-e ipi:ipi_send_cpu,ipi:ipi_send_cpumask' (6.4 or later), or the "
			   "functions with '-e csd:csd_function_entry'."),
		.source = "arch/x86/kernel/smp.c sysvec_call_function(), "
			  "sysvec_call_function_single(), arch/x86/xen/smp.c "
			  "(irq_stat.irq_call_count)",
	},
	{
		ROW("TLB", "TLB shootdowns"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.part_of = "CAL",
		.title = N_("TLB shootdown"),
		.meaning = N_("another CPU made this one drop stale TLB entries"),
		.what = N_("Another CPU changed page tables that this CPU may have cached, so this "
			   "CPU had to drop the stale entries. The request is a function call IPI "
			   "and is counted in CAL too. Several flushes can share one IPI, so TLB "
			   "may even grow faster than CAL."),
		.raised_by = N_("munmap(), mprotect(), madvise(), page migration and reclaim, by "
				"way of flush_tlb_multi(). Flushes of kernel mappings (vmalloc, "
				"modules) count in CAL only."),
		.normal = N_("From 0 to some thousands per second and CPU. Single-threaded "
			     "programs cause few, idle CPUs are spared. Low in Hyper-V and Xen PV "
			     "guests, which flush by hypercall."),
		.high = N_("A program with threads on many CPUs maps and unmaps memory all the "
			   "time (allocators that return memory, JITs, garbage collectors), or "
			   "NUMA balancing, compaction or KSM move pages."),
		.todo = N_(
			"Find the callers with 'perf record -a -g -e tlb:tlb_flush'. Let the "
			"allocator keep its memory (jemalloc decay, glibc.malloc.trim_threshold), "
			"use huge pages, try 'sysctl kernel.numa_balancing=0'."),
		.source = "arch/x86/mm/tlb.c flush_tlb_func() (irq_stat.irq_tlb_count)",
	},
	{
		ROW("TRM", "Thermal event interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_THERMAL,
		.title = N_("Thermal event interrupt"),
		.meaning = N_("CPU temperature, power limit or performance hint (Intel)"),
		.what = N_(
			"The CPU reports a thermal event. Besides overheating these are power "
			"limits, temperature thresholds set by software and, on hybrid Intel CPUs, "
			"new performance hints for the scheduler. Linux uses it on Intel CPUs."),
		.raised_by = N_("The thermal entry of the local APIC, handled by "
				"intel_thermal_interrupt()."),
		.normal = N_("0 on most servers. On recent laptops many since boot, from "
			     "performance hints."),
		.high = N_(
			"Together with 'temperature is above threshold, cpu clock is throttled' in "
			"the kernel log: cooling does not keep up and the CPU is slowed down."),
		.todo = N_("Read /sys/devices/system/cpu/cpu*/thermal_throttle/*_throttle_count. "
			   "If they grow, check fans, dust, airflow and the power limits in the "
			   "BIOS; watch with sensors and turbostat."),
		.source = "arch/x86/kernel/irq.c sysvec_thermal() (irq_stat.irq_thermal_count), "
			  "drivers/thermal/intel/therm_throt.c intel_thermal_interrupt()",
	},
	{
		ROW("THR", "Threshold APIC interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Corrected error threshold interrupt"),
		.meaning = N_("limit of corrected hardware errors reached (not heat)"),
		.what = N_(
			"A machine-check bank has seen as many corrected errors as its threshold "
			"allows. Nothing was lost: the hardware repaired the data. The name stands "
			"for the threshold of errors and has nothing to do with temperature."),
		.raised_by = N_("Intel's corrected machine check interrupt (CMCI) or AMD's error "
				"thresholding, mostly for memory (ECC) and caches."),
		.normal = N_("0."),
		.high = N_("A part wears out: memory module, cache or link. After 'CMCI storm "
			   "detected' the kernel polls once a second instead: THR all but stops, "
			   "MCP grows, and the errors go on."),
		.todo = N_("Read the errors: 'ras-mc-ctl --summary' and '--errors' (rasdaemon), "
			   "/sys/devices/system/edac/mc/, 'dmesg | grep -i \"hardware error\"'. "
			   "Plan to replace the part that is named."),
		.source = "arch/x86/kernel/cpu/mce/threshold.c sysvec_threshold() "
			  "(irq_stat.irq_threshold_count)",
	},
	{
		ROW("DFR", "Deferred Error APIC interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Deferred error interrupt"),
		.meaning = N_("uncorrectable error in data not used yet (AMD)"),
		.what = N_("An AMD or Hygon CPU found an uncorrectable error in data that nobody "
			   "has used yet, for example while scrubbing memory. The machine keeps "
			   "running; a machine check follows only if the data is used."),
		.raised_by = N_("The deferred-error entry of the local APIC, handled by "
				"amd_deferred_error_interrupt()."),
		.normal = N_("0. Always 0 on Intel, where newer kernels hide the row."),
		.high = N_("Data in memory, a cache or a link is damaged. The next access may kill "
			   "a program or stop the machine."),
		.todo = N_("Read 'ras-mc-ctl --errors' and 'dmesg | grep -i \"hardware error\"', "
			   "back up, and replace the part soon."),
		.source = "arch/x86/kernel/cpu/mce/amd.c sysvec_deferred_error() "
			  "(irq_stat.irq_deferred_error_count)",
	},
	{
		ROW("MCE", "Machine check exceptions"),
		.kind = IRQ_KIND_EXCEPTION,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Machine check exception"),
		.meaning = N_("uncorrected hardware error reported by the CPU"),
		.what = N_("The CPU itself reports an error that the hardware could not correct. "
			   "It is an exception (vector 18), neither an interrupt nor an NMI. Many "
			   "of them stop the machine at once, so a count that you can read was "
			   "survived."),
		.raised_by =
			N_("The CPU, on errors in caches, memory, buses or links, handled by "
			   "do_machine_check(). Intel CPUs often signal one error to all CPUs."),
		.normal = N_("0."),
		.high = N_("Uncorrected hardware errors. The same one may count once on every CPU. "
			   "Programs whose memory was hit are killed and the pages are taken out "
			   "of use."),
		.todo = N_("Read 'dmesg | grep -i mce', rasdaemon's log and HardwareCorrupted in "
			   "/proc/meminfo. Back up, then test and replace the part that is named "
			   "(memory module, CPU, board)."),
		.source = "arch/x86/kernel/cpu/mce/core.c do_machine_check() (mce_exception_count)",
	},
	{
		ROW("MCP", "Machine check polls"),
		.kind = IRQ_KIND_COUNTER,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Machine check polls"),
		.meaning = N_("polls for corrected hardware errors, not the errors"),
		.what = N_("Counts how often this CPU read its machine-check banks to look for "
			   "corrected errors. It is a count of polls, not of interrupts and not of "
			   "errors. On Intel each CMCI (row THR) adds one as well."),
		.raised_by = N_("A timer on each CPU, every check_interval seconds; Intel's CMCI; "
				"bringing a CPU online."),
		.normal = N_("One per 5 minutes and CPU (288 a day)."),
		.high = N_("Clearly more than 12 an hour and CPU: errors are being found, and the "
			   "kernel polls faster (up to 100 times per second), or a CMCI storm has "
			   "switched to one poll per second."),
		.todo = N_("Nothing at the usual rate. Otherwise read 'ras-mc-ctl --errors'. The "
			   "interval in seconds is in "
			   "/sys/devices/system/machinecheck/machinecheck0/check_interval."),
		.source = "arch/x86/kernel/cpu/mce/core.c machine_check_poll() (mce_poll_count)",
	},
	{
		ROW("HYP", "Hypervisor callback interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_VIRT,
		.title = N_("Hypervisor callback interrupt"),
		.meaning = N_("the hypervisor notifies this guest"),
		.what = N_("The hypervisor tells this guest that something happened: VMBus "
			   "messages on Hyper-V, event channels on Xen, on KVM only pages that the "
			   "host has brought back (asynchronous page faults). Under Xen most "
			   "interrupts come in this way and are counted again in their own rows."),
		.raised_by = N_("Xen, Hyper-V, KVM or ACRN, on the vector kept for it."),
		.normal = N_("Hyper-V and Xen: as the guest's disk and network load needs, "
			     "thousands per second are fine. KVM: few or none."),
		.high = N_("Hyper-V and Xen: much virtual I/O. KVM: the host has to fetch this "
			   "guest's memory (swap, live migration)."),
		.todo = N_("Hyper-V: see which CPU serves which channel with 'lsvmbus -vv'. Xen: "
			   "look at the xen-dyn rows. KVM: check the host for memory shortage."),
		.source = "arch/x86/kernel/cpu/mshyperv.c, arch/x86/xen/enlighten_hvm.c, "
			  "arch/x86/xen/enlighten_pv.c, arch/x86/kernel/kvm.c, "
			  "arch/x86/kernel/cpu/acrn.c (irq_stat.irq_hv_callback_count)",
	},
	{
		ROW("HRE", "Hyper-V reenlightenment interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_VIRT,
		.title = N_("Hyper-V reenlightenment interrupt"),
		.meaning = N_("guest was migrated to a host with another TSC clock"),
		.what = N_("Hyper-V tells that this guest was moved to a host whose clock (TSC) "
			   "has another frequency. Only a guest that runs KVM itself asks for it, "
			   "because the clocks of its own guests must be adjusted."),
		.raised_by = N_("The Hyper-V hypervisor after a live migration."),
		.normal = N_("0."),
		.high = N_("One per migration to such a host. Until all clocks are adjusted, TSC "
			   "reads are emulated and slow."),
		.todo = N_("Nothing: KVM adjusts the clocks. If it grows often, look at the "
			   "migration policy of the host."),
		.source = "arch/x86/hyperv/hv_init.c sysvec_hyperv_reenlightenment() "
			  "(irq_stat.irq_hv_reenlightenment_count)",
	},
	{
		ROW("HVS", "Hyper-V stimer0 interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_TIMER,
		.title = N_("Hyper-V synthetic timer interrupt"),
		.meaning = N_("timer tick of each CPU in a Hyper-V guest"),
		.what = N_(
			"The synthetic timer that Hyper-V gives each virtual CPU went off. It does "
			"the work of the local APIC timer, so LOC stays low in such a guest."),
		.raised_by = N_("Synthetic timer 0 of Hyper-V in direct mode. Without direct mode "
				"it is a VMBus message and counts as HYP."),
		.normal = N_("As LOC elsewhere: up to CONFIG_HZ per second on a busy CPU, fewer "
			     "when idle, more with many short sleeps."),
		.high = N_("Far above HZ: programs with many short sleeps or timers (polling "
			   "loops, timerfd, audio, timers of virtual machines). It also wakes idle "
			   "CPUs and costs power."),
		.todo = N_("Find the users of timers with 'perf record -a -g -e "
			   "timer:hrtimer_expire_entry' or powertop. CPUs that must not be "
			   "disturbed: boot with nohz_full=. Otherwise nothing: the tick belongs "
			   "to normal work."),
		.source = "arch/x86/kernel/cpu/mshyperv.c sysvec_hyperv_stimer0() "
			  "(irq_stat.hyperv_stimer0_count)",
	},
	{
		ROW("ERR", NULL),
		.kind = IRQ_KIND_COUNTER,
		.class = IRQ_CLASS_ERROR,
		.title = N_("Interrupt controller errors"),
		.meaning = N_("errors seen by the local APIC or the old 8259 PIC"),
		.what = N_("Counts error interrupts of the local APICs (an IPI with an illegal "
			   "vector, a message not accepted) and spurious interrupts of the old "
			   "8259 controller. Older kernels print one number for the machine, newer "
			   "ones one per CPU and only once it is not 0."),
		.raised_by = N_("The error entry of the local APIC, and the 8259 when a line drops "
				"before it is served."),
		.normal = N_("0. A few from boot are harmless."),
		.high = N_("Steady growth: faulty hardware or firmware, a noisy APIC bus on an old "
			   "board, or a hypervisor or device that uses wrong vectors."),
		.todo = N_("Boot with apic=debug: each 'APIC error on CPU' is then logged with its "
			   "reason. Update the BIOS; if it goes on, suspect the board."),
		.source = "arch/x86/kernel/apic/apic.c sysvec_error_interrupt(), "
			  "arch/x86/kernel/i8259.c mask_and_ack_8259A() (irq_err_count)",
	},
	{
		ROW("MIS", NULL),
		.kind = IRQ_KIND_COUNTER,
		.class = IRQ_CLASS_ERROR,
		.title = N_("IO-APIC workaround count"),
		.meaning = N_("level interrupts that arrived as edge, worked around"),
		.what = N_(
			"Counts level-triggered IO-APIC interrupts that reached the CPU marked as "
			"edge-triggered. The kernel notices and completes them by hand, so none is "
			"lost. It counts this workaround and is no interrupt of its own."),
		.raised_by = N_("A known fault of old IO-APICs, or interrupts that are resent "
				"while a CPU goes offline. Not counted with interrupt remapping."),
		.normal = N_("0 on current machines. Some old chipsets count slowly all the time. "
			     "Newer kernels hide the row until it is not 0."),
		.high = N_("The IO-APIC is one of the faulty ones. Each event costs a little time; "
			   "the interrupt is served all the same."),
		.todo = N_("Nothing while the devices work. Otherwise let them use MSI, or turn on "
			   "interrupt remapping (VT-d or AMD-Vi in the BIOS)."),
		.source = "arch/x86/kernel/apic/io_apic.c ioapic_ack_level() (irq_mis_count)",
	},
	{
		ROW("PIN", "Posted-interrupt notification event"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_VIRT,
		.title = N_("Posted interrupt notification (KVM)"),
		.meaning = N_("interrupt for a guest that had just left the CPU"),
		.what = N_("KVM on Intel: a notification of a virtual interrupt reached a CPU that "
			   "had just left guest mode. Usually the CPU takes it inside the guest "
			   "and nothing is counted, so this is not the number of posted "
			   "interrupts. The virtual interrupt is delivered at the next entry."),
		.raised_by = N_("KVM on another CPU (an IPI to the running vCPU), or the IOMMU for "
				"a device that is passed through."),
		.normal = N_("0 without virtual machines and on AMD. On busy hosts few against the "
			     "guests' interrupts."),
		.high = N_(
			"Many guests with much I/O whose vCPUs leave guest mode often. No fault."),
		.todo = N_("Nothing: no interrupt is lost. To see why vCPUs leave guest mode: perf "
			   "kvm stat live."),
		.source = "arch/x86/kernel/irq.c sysvec_kvm_posted_intr_ipi() "
			  "(irq_stat.kvm_posted_intr_ipis)",
	},
	{
		ROW("NPI", "Nested posted-interrupt event"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_VIRT,
		.title = N_("Nested posted interrupt (KVM)"),
		.meaning = N_("like PIN, for a guest inside a guest"),
		.what = N_("As PIN, but for nested virtualization: the notification was for a "
			   "guest of a guest (L2) and came when the CPU was no longer in it. The "
			   "interrupt is delivered at the next entry."),
		.raised_by = N_("KVM on this host, when a guest hypervisor uses posted interrupts "
				"for its own guests."),
		.normal = N_("0 unless guests run virtual machines themselves."),
		.high = N_("Busy nested guests. No fault."),
		.todo = N_("Nothing: no interrupt is lost."),
		.source = "arch/x86/kernel/irq.c sysvec_kvm_posted_intr_nested_ipi() "
			  "(irq_stat.kvm_posted_intr_nested_ipis)",
	},
	{
		ROW("PIW", "Posted-interrupt wakeup event"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_VIRT,
		.title = N_("Posted interrupt wake-up (KVM)"),
		.meaning = N_("wakes a sleeping virtual CPU for its interrupt"),
		.what = N_("An interrupt came for a virtual CPU that sleeps; this notification "
			   "wakes it. KVM on Intel needs it only for devices passed through with "
			   "posted interrupts of the IOMMU and for IPI virtualization. Other "
			   "wake-ups of vCPUs are not counted."),
		.raised_by = N_("The IOMMU or another vCPU, or KVM itself if the interrupt came "
				"just as the vCPU went to sleep."),
		.normal = N_("0 without pass-through and IPI virtualization, and on AMD. Otherwise "
			     "as many as interrupts find their vCPU asleep."),
		.high = N_("Guests that are mostly idle are woken for each device interrupt. No "
			   "fault."),
		.todo = N_("Nothing in most cases. For low latency let vCPUs poll before they "
			   "sleep (module parameter halt_poll_ns of kvm)."),
		.source = "arch/x86/kernel/irq.c sysvec_kvm_posted_intr_wakeup_ipi() "
			  "(irq_stat.kvm_posted_intr_wakeup_ipis)",
	},
	{
		ROW("PMN", "Posted MSI notification event"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_BRIDGE,
		.title = N_("Posted MSI notification"),
		.meaning = N_("IOMMU hands over device interrupts, maybe several"),
		.what = N_("The IOMMU tells this CPU that device interrupts (MSI) wait in its "
			   "list. One notification may carry several: each of them counts in the "
			   "row of its device, the notification here. Adding this row to the "
			   "device rows counts twice."),
		.raised_by = N_("The Intel IOMMU with posted MSI for the host, switched on by "
				"intremap=posted_msi."),
		.normal = N_("0 unless posted MSI is switched on. Then at most the sum of the "
			     "device interrupts on this CPU."),
		.high = N_("Close to the sum of the device rows: nothing is gained. Far below it: "
			   "interrupts arrive in bursts and are taken together, as intended."),
		.todo = N_("Nothing: this is what the option is for. Boot without "
			   "intremap=posted_msi to compare."),
		.source = "arch/x86/kernel/irq.c sysvec_posted_msi_notification() "
			  "(irq_stat.posted_msi_notification_count)",
	},
	{
		ROW("VPMI", "Perf Guest Mediated PMI"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_PERF,
		.title = N_("Performance interrupt of a KVM guest"),
		.meaning = N_("overflow of a performance counter lent to a guest"),
		.what = N_("A performance counter overflowed while it was lent to a virtual "
			   "machine (KVM's mediated PMU). KVM passes the interrupt on to the "
			   "guest. The host's own counters go on to use NMI and PMI."),
		.raised_by = N_("The CPU's performance monitoring unit while the counters of a "
				"guest are loaded."),
		.normal = N_("0 unless KVM's mediated PMU is on and a guest uses its counters."),
		.high = N_("A guest profiles, or its own NMI watchdog runs."),
		.todo = N_("Nothing on the host. Look for perf inside the guest, or switch the "
			   "feature off (parameter enable_mediated_pmu of kvm_intel or kvm_amd)."),
		.source = "arch/x86/kernel/irq.c sysvec_perf_guest_mediated_pmi_handler() (Linux "
			  "7.x)",
	},
	{
		ROW("CNT", "Performance counter interrupts"),
		.kind = IRQ_KIND_DEVICE,
		.class = IRQ_CLASS_PERF,
		.part_of = "NMI",
		.title = N_("Performance counter interrupt (2.6.31)"),
		.meaning = N_("old name of PMI: overflow of a performance counter"),
		.what = N_("A performance counter of this CPU overflowed. Linux 2.6.31 prints the "
			   "row under this name, later kernels as PMI. It arrives as an NMI and is "
			   "counted there too."),
		.raised_by = N_("The CPU's performance monitoring unit, set up by perf."),
		.normal = N_("0 unless somebody profiles."),
		.high = N_("Somebody profiles (perf record, perf top)."),
		.todo = N_("Nothing: stop perf if it is not wanted."),
		.source = "arch/x86/kernel/cpu/perf_counter.c (irq_stat.apic_perf_irqs; Linux "
			  "2.6.31)",
	},
	{
		ROW("PND", "Performance pending work"),
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_PERF,
		.title = N_("Performance pending work (2.6.31 to 2.6.36)"),
		.meaning = N_("predecessor of IWI: perf finishes work after an NMI"),
		.what = N_("A CPU interrupts itself to finish work of perf that is not allowed in "
			   "an NMI, such as waking the reader. From 2.6.37 on it is part of IWI."),
		.raised_by =
			N_("perf, with a self-IPI of the local APIC after a counter overflow."),
		.normal = N_("0 unless somebody profiles; then somewhat below PMI."),
		.high = N_("Somebody profiles (perf record, perf top)."),
		.todo = N_("Nothing: stop perf if it is not wanted."),
		.source = "arch/x86/kernel/cpu/perf_event.c smp_perf_pending_interrupt() "
			  "(irq_stat.apic_pending_irqs; Linux 2.6.32 to 2.6.36; perf_counter.c in "
			  "2.6.31)",
	},
	{.key = NULL},
};
