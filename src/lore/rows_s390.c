/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of s390: the sums EXT, I/O and AIO, their parts, and the names of older kernels at the
 * end. `text` is a glob, so the kernel's brackets are escaped.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ROW(key_, text_, kind_, class_, sum_)                                                      \
	.group = LORE_ROW, .key = key_, .arch = "s390", .text = text_, .kind = IRQ_KIND_##kind_,   \
	.class = IRQ_CLASS_##class_, .part_of = sum_
#define EXT(key_, text_, kind_, class_) ROW(key_, "\\[EXT\\] " text_, kind_, class_, "EXT")
#define IO(key_, text_, kind_, class_)  ROW(key_, "\\[I/O\\] " text_, kind_, class_, "I/O")
#define AIO(key_, text_, kind_, class_) ROW(key_, "\\[AIO\\] " text_, kind_, class_, "AIO")
/* Labelled [I/O] before there was an AIO row. */
#define ANY(key_, text_, kind_, class_, sum_) ROW(key_, "\\[*\\] " text_, kind_, class_, sum_)

const struct lore lore_rows_s390[] = {
	{
		ROW("EXT", NULL, SUM, OTHER, NULL),
		.title = N_("External interrupts, total"),
		.meaning = N_("all external interrupts together (sum of [EXT] rows)"),
		.what = N_("Not a source of its own: every external interrupt a CPU takes is "
			   "counted here, and most of them again in one of the [EXT] rows. "
			   "External means timer, other CPUs, hypervisor and service processor."),
		.raised_by = N_("The kernel's external interrupt handler, once per interrupt."),
		.normal = N_("About the sum of the [EXT] rows, mostly CLK, EXC and EMS."),
		.high = N_("Nothing by itself: one of the [EXT] rows grows with it."),
		.todo = N_("Look at the [EXT] rows; leave this one out of every total."),
		.source = "arch/s390/kernel/irq.c (irqclass_main_desc, EXT_INTERRUPT)",
	},
	{
		ROW("I/O", NULL, SUM, OTHER, NULL),
		.title = N_("I/O interrupts, total"),
		.meaning = N_("all subchannel I/O interrupts (sum of [I/O] rows)"),
		.what = N_("Not a source of its own: counts each interrupt of a channel subsystem "
			   "device, which the [I/O] rows split by driver. Kernels without an AIO "
			   "row count adapter interrupts here too."),
		.raised_by =
			N_("The common I/O layer, once per interrupt taken from a subchannel."),
		.normal =
			N_("About the sum of the [I/O] rows; follows the disk and terminal work."),
		.high = N_("Nothing by itself: one of the [I/O] rows grows with it."),
		.todo = N_("Look at the [I/O] rows; leave this one out of every total."),
		.source = "arch/s390/kernel/irq.c (irqclass_main_desc, IO_INTERRUPT)",
	},
	{
		ROW("AIO", NULL, SUM, OTHER, NULL),
		.title = N_("Adapter interrupts, total"),
		.meaning = N_("all adapter (thin) interrupts (sum of [AIO] rows)"),
		.what = N_(
			"Not a source of its own: counts each adapter interrupt, which the [AIO] "
			"rows split by user. An adapter interrupt only says that some queue has "
			"work; one of them may serve many queues and count in several [AIO] rows."),
		.raised_by = N_("QDIO, PCI, virtio and crypto adapters."),
		.normal = N_("Close to the sum of the [AIO] rows other than MSI."),
		.high = N_("Nothing by itself: one of the [AIO] rows grows with it."),
		.todo = N_("Look at the [AIO] rows; leave this one out of every total."),
		.source = "arch/s390/kernel/irq.c (irqclass_main_desc, THIN_INTERRUPT)",
	},
	{
		EXT("CLK", "Clock Comparator", DEVICE, TIMER),
		.title = N_("Clock comparator interrupt"),
		.meaning = N_("timer tick of each CPU (clock comparator)"),
		.what = N_("The local timer of the CPU: it fires when the TOD clock passes the "
			   "comparator. It drives the scheduler tick and all high-resolution "
			   "timers. A timer that is due when another interrupt arrives is served "
			   "there and not counted here."),
		.raised_by = N_("The clock comparator of the CPU."),
		.normal = N_("Up to HZ (100) per second on a busy CPU, fewer when it idles."),
		.high = N_("Far above HZ: programs with short timers or sleeps."),
		.todo = N_("Find them: perf record -a -e timer:hrtimer_expire_entry."),
		.source = "arch/s390/kernel/time.c (clock_comparator_interrupt)",
	},
	{
		EXT("EXC", "External Call", IPI, IPI),
		.title = N_("External call (IPI to a running CPU)"),
		.meaning = N_("another CPU asks for a reschedule or function call (IPI)"),
		.what = N_("Inter-processor interrupt by the SIGP instruction, used when the "
			   "target CPU is really running at that moment. It carries reschedules, "
			   "remote function calls and irq_work alike."),
		.raised_by = N_("Another CPU, in the scheduler or smp_call_function()."),
		.normal = N_(
			"Hundreds to thousands per second on a busy system; EMS takes the rest."),
		.high = N_("Tasks wake each other across CPUs all the time."),
		.todo = N_("Keep tasks that talk to each other on few CPUs (taskset, cpusets)."),
		.source = "arch/s390/kernel/smp.c (do_ext_call_interrupt, IRQEXT_EXC)",
	},
	{
		EXT("EMS", "Emergency Signal", IPI, IPI),
		.title = N_("Emergency signal (IPI to a CPU not running)"),
		.meaning = N_("IPI to a CPU the hypervisor is not running now"),
		.what = N_("Despite its name no emergency: it is the same IPI as EXC, sent as an "
			   "emergency signal when the target CPU is idle or not dispatched by the "
			   "hypervisor, so that it is woken."),
		.raised_by =
			N_("Another CPU, when SIGP sense-running says that the target is off."),
		.normal = N_("Often above EXC on lightly loaded or shared CPUs."),
		.high = N_("Many wake-ups of idle CPUs, or CPUs that wait for the hypervisor."),
		.todo = N_("Compare steal time (vmstat, column st); use fewer virtual CPUs if it "
			   "is high."),
		.source = "arch/s390/kernel/smp.c (pcpu_ec_call, IRQEXT_EMS)",
	},
	{
		EXT("TMR", "CPU Timer", DEVICE, TIMER),
		.title = N_("CPU timer interrupt"),
		.meaning = N_("virtual CPU timer; not counted by current kernels"),
		.what = N_("The CPU timer runs only while the CPU does. Old kernels counted its "
			   "interrupts; since the virtual timers were rewritten nothing counts "
			   "here. The tick is CLK."),
		.raised_by = N_("Virtual timers of old kernels."),
		.normal = N_("Zero: no code of current kernels counts here."),
		.high = N_("Any count comes from an old kernel."),
		.todo = N_("Nothing: the row is only kept in its place."),
		.source = "arch/s390/kernel/vtime.c (do_cpu_timer_interrupt, up to Linux 3.x)",
	},
	{
		EXT("TAL", "Timing Alert", DEVICE, TIMER),
		.title = N_("Timing alert"),
		.meaning = N_("change in the machine's time synchronisation (STP)"),
		.what = N_(
			"Tells that the state of the Server Time Protocol changed: clock source, "
			"link or parameters. The kernel then looks for a usable source again."),
		.raised_by = N_("The timing facility of the machine."),
		.normal = N_("Zero or a few since boot."),
		.high = N_("The time network is unstable."),
		.todo = N_("Read /sys/devices/system/stp/ and check the STP links at the HMC."),
		.source = "arch/s390/kernel/time.c (timing_alert_interrupt)",
	},
	{
		EXT("PFL", "Pseudo Page Fault", DEVICE, VIRT),
		.title = N_("Pseudo page fault"),
		.meaning = N_("the host paged out guest memory, or brought it back"),
		.what = N_("Not a page fault of Linux: the host reports that a page of this guest "
			   "is paged out, so another task can run meanwhile, and reports again "
			   "when the page is back. So it counts up to twice per page."),
		.raised_by = N_("z/VM or KVM, through DIAGNOSE X'258'."),
		.normal = N_("Zero when the host has enough memory."),
		.high = N_("The host is short of memory and pages this guest."),
		.todo = N_("Give the host memory or shrink the guests; nopfault turns the reports "
			   "off."),
		.source = "arch/s390/mm/pfault.c (pfault_interrupt)",
	},
	{
		EXT("DSD", "DASD Diag", DEVICE, STORAGE),
		.title = N_("DASD I/O by DIAGNOSE"),
		.meaning = N_("disk request finished (DASD, z/VM DIAGNOSE)"),
		.what = N_("Completion of disk I/O that the DASD driver asked z/VM to do (DIAGNOSE "
			   "X'250') instead of running a channel program."),
		.raised_by = N_("z/VM, for disks with use_diag set."),
		.normal = N_("Zero unless use_diag is on; then about the I/O rate of those disks."),
		.high = N_("Many small requests."),
		.todo = N_("iostat -x and lsdasd -l show the disks."),
		.source = "drivers/s390/block/dasd_diag.c (dasd_ext_handler)",
	},
	{
		EXT("VRT", "Virtio", DEVICE, VIRT),
		.title = N_("Virtio by external interrupt"),
		.meaning = N_("virtio of early KVM guests; unused today"),
		.what = N_(
			"Queue and configuration interrupts of the first virtio transport for KVM, "
			"before virtio-ccw. The driver has left the kernel; see VAI and VIR."),
		.raised_by = N_("The KVM host of that time."),
		.normal = N_("Zero: no code of current kernels counts here."),
		.high = N_("Any count comes from an old kernel."),
		.todo = N_("Nothing: the row is only kept in its place."),
		.source = "drivers/s390/virtio/kvm_virtio.c (kvm_extint_handler, old kernels)",
	},
	{
		EXT("SCP", "Service Call", DEVICE, PLATFORM),
		.title = N_("Service call (SCLP)"),
		.meaning = N_("service processor answered or has an event (SCLP)"),
		.what = N_("The answer to a request over the service-call logical processor, or "
			   "word that an event waits: console text, CPU or memory changes, "
			   "shutdown signals."),
		.raised_by = N_("Service processor or hypervisor."),
		.normal = N_("A few per second at most; more while the SCLP console prints."),
		.high = N_("A flood of console output."),
		.todo = N_("Lower the console log level: dmesg -n 4."),
		.source = "drivers/s390/char/sclp.c (sclp_interrupt_handler)",
	},
	{
		EXT("IUC", "IUCV", DEVICE, VIRT),
		.title = N_("IUCV message"),
		.meaning = N_("message from another z/VM guest or from z/VM (IUCV)"),
		.what = N_(
			"A connection or message event of the Inter-User Communication Vehicle of "
			"z/VM. Terminals (hvc_iucv), AF_IUCV sockets and monitor readers use it."),
		.raised_by = N_("z/VM."),
		.normal = N_("Zero outside z/VM; else it follows the message rate."),
		.high = N_("A busy IUCV program or terminal server."),
		.todo = N_("Find the users: lsmod | grep iucv."),
		.source = "net/iucv/iucv.c (iucv_external_interrupt)",
	},
	{
		EXT("CMS", "CPU-Measurement: Sampling", DEVICE, PERF),
		.title = N_("CPU-measurement sampling alert"),
		.meaning = N_("perf sampling buffer needs attention"),
		.what = N_("The CPU-measurement sampling facility writes samples itself and "
			   "interrupts only when a buffer fills or an error occurs. So it is not "
			   "one interrupt per sample."),
		.raised_by = N_("The measurement facility while perf record samples."),
		.normal = N_("Zero unless perf samples."),
		.high = N_("A high sampling frequency, or a profiler left running."),
		.todo = N_("Stop the profiler, or lower its frequency (perf record -F)."),
		.source = "arch/s390/kernel/perf_cpum_sf.c (cpumf_measurement_alert)",
	},
	{
		EXT("CMC", "CPU-Measurement: Counter", DEVICE, PERF),
		.title = N_("CPU-measurement counter alert"),
		.meaning = N_("alert of the CPU counters: data lost or rights changed"),
		.what = N_("The counter facility reports that counter data was lost or that the "
			   "authorisation of this partition changed. Counting itself causes no "
			   "interrupts."),
		.raised_by = N_("The CPU-measurement counter facility."),
		.normal = N_("Zero."),
		.high = N_("Counter values of that time are not reliable."),
		.todo = N_(
			"Read dmesg (cpum_cf); check the partition's counter rights at the HMC."),
		.source = "arch/s390/kernel/perf_cpum_cf.c (cpumf_measurement_alert)",
	},
	{
		EXT("FTP", "HMC FTP Service", DEVICE, PLATFORM),
		.title = N_("HMC FTP service"),
		.meaning = N_("file transfer from the HMC's drive finished a step"),
		.what = N_("Ends a request to read files from the HMC's removable media under z/VM "
			   "(DIAGNOSE X'2C4')."),
		.raised_by = N_("z/VM, for hmcdrvfs and lshmc."),
		.normal = N_("Zero unless HMC media are read."),
		.high = N_("A large copy from the HMC."),
		.todo = N_("Nothing: it ends with the transfer."),
		.source = "drivers/s390/char/diag_ftp.c (diag_ftp_handler)",
	},
	{
		EXT("WTI", "Warning Track", DEVICE, VIRT),
		.title = N_("Warning-track interrupt"),
		.meaning = N_("the hypervisor is about to take this CPU away"),
		.what = N_("LPAR warns that the CPU's time slice ends. The thread cpuwti/N gives "
			   "the CPU back within a short grace period, at a point where it holds no "
			   "lock that others wait for."),
		.raised_by = N_("The LPAR hypervisor (recent machines, Linux 6.12 and later)."),
		.normal = N_("Zero on dedicated CPUs; grows on shared ones."),
		.high = N_("The partition competes for CPUs: expect steal time."),
		.todo = N_("Compare steal time (vmstat, column st); raise the weight or dedicate "
			   "CPUs."),
		.source = "arch/s390/kernel/wti.c (wti_interrupt)",
	},
	{
		IO("CIO", "Common I/O Layer Interrupt", DEVICE, PLATFORM),
		.title = N_("Common I/O layer"),
		.meaning = N_("device I/O that no other [I/O] row counts"),
		.what = N_("Interrupts of the channel subsystem while devices are sensed or set "
			   "online, without a driver, passed to a guest (vfio-ccw), or of drivers "
			   "without a row of their own."),
		.raised_by = N_("Subchannels."),
		.normal = N_("Some at boot and when devices change."),
		.high = N_("Devices that come and go, or a busy vfio-ccw guest."),
		.todo = N_("lscss and dmesg show the devices in question."),
		.source = "drivers/s390/cio/cio.c (do_cio_interrupt)",
	},
	{
		IO("DAS", "DASD", DEVICE, STORAGE),
		.title = N_("DASD disk"),
		.meaning = N_("disk request finished (DASD: ECKD, FBA)"),
		.what = N_(
			"Completion, error or attention of a DASD disk run by channel programs."),
		.raised_by = N_("Disk control units, through their subchannels."),
		.normal = N_("About one per I/O request."),
		.high = N_("Many small requests; any CPU may take them."),
		.todo = N_("Look for the disks with iostat -x; see lsdasd and dasdstat."),
		.source = "drivers/s390/block/dasd_eckd.c (int_class IRQIO_DAS)",
	},
	{
		IO("C15", "3215", DEVICE, SERIAL),
		.title = N_("3215 console"),
		.meaning = N_("line-mode console of z/VM (3215)"),
		.what = N_("Input from, or output finished on, the 3215 line-mode terminal."),
		.raised_by = N_("The z/VM console device."),
		.normal = N_("Zero to a few per second."),
		.high = N_("A flood of console output."),
		.todo = N_("Lower the console log level: dmesg -n 4."),
		.source = "drivers/s390/char/con3215.c (int_class IRQIO_C15)",
	},
	{
		IO("C70", "3270", DEVICE, SERIAL),
		.title = N_("3270 terminal"),
		.meaning = N_("full-screen terminal (3270)"),
		.what = N_("Key pressed on, or screen written to, a 3270 terminal."),
		.raised_by = N_("3270 terminals and consoles."),
		.normal = N_("Zero to a few per second."),
		.high = N_("A program redraws the screen all the time."),
		.todo = N_("Find the program on the 3270 terminal: who, ps -t."),
		.source = "drivers/s390/char/raw3270.c (int_class IRQIO_C70)",
	},
	{
		IO("TAP", "Tape", DEVICE, STORAGE),
		.title = N_("Channel-attached tape"),
		.meaning = N_("tape drive finished a request"),
		.what = N_("Completion or attention of a tape drive attached by channel. Tapes on "
			   "FCP count in QAI."),
		.raised_by = N_("Tape control units."),
		.normal = N_("Zero unless a tape runs; then about one per block."),
		.high = N_("Small tape blocks."),
		.todo = N_("Use larger blocks; lstape lists the drives."),
		.source = "drivers/s390/char/tape_34xx.c (int_class IRQIO_TAP)",
	},
	{
		IO("VMR", "Unit Record Devices", DEVICE, PLATFORM),
		.title = N_("Unit record devices"),
		.meaning = N_("z/VM virtual reader, punch or printer"),
		.what = N_("Completion or attention of z/VM's virtual card reader, punch and "
			   "printer, used to pass files between guests."),
		.raised_by = N_("z/VM spool devices (module vmur)."),
		.normal = N_("Zero unless files are spooled."),
		.high = N_("Large files pass through the spool."),
		.todo = N_("Nothing: it ends with the transfer."),
		.source = "drivers/s390/char/vmur.c (int_class IRQIO_VMR)",
	},
	{
		IO("LCS", "LCS", DEVICE, NET),
		.title = N_("LAN channel station"),
		.meaning = N_("network card of the old LCS type"),
		.what = N_("Packets sent or received by a LAN channel station. The driver is gone "
			   "from the newest kernels."),
		.raised_by = N_("OSA cards in LCS mode."),
		.normal = N_("Zero on most systems."),
		.high = N_("Network load on a slow path."),
		.todo = N_("Use the card in QDIO mode (qeth) instead."),
		.source = "drivers/s390/net/lcs.c (int_class IRQIO_LCS)",
	},
	{
		IO("CTC", "CTC", DEVICE, NET),
		.title = N_("Channel-to-channel link"),
		.meaning = N_("network over a channel-to-channel link"),
		.what = N_("Packets sent or received over a real or virtual channel-to-channel "
			   "adapter."),
		.raised_by = N_("CTC and ESCON/FICON links (driver ctcm)."),
		.normal = N_("Zero on most systems."),
		.high = N_("Network load on a slow path."),
		.todo = N_("Prefer HiperSockets or OSA (qeth)."),
		.source = "drivers/s390/net/ctcm_main.c (int_class IRQIO_CTC)",
	},
	{
		IO("ADM", "EADM Subchannel", DEVICE, STORAGE),
		.title = N_("EADM subchannel"),
		.meaning = N_("storage-class memory request finished"),
		.what = N_("Completion of I/O to storage-class memory (Flash Express) by the "
			   "extended asynchronous data mover."),
		.raised_by = N_("EADM subchannels."),
		.normal = N_("Zero without /dev/scm*; else about one per request."),
		.high = N_("Many small requests."),
		.todo = N_("lsscm and iostat -x show the memory in use."),
		.source = "drivers/s390/cio/eadm_sch.c (eadm_subchannel_irq)",
	},
	{
		IO("CSC", "CHSC Subchannel", DEVICE, PLATFORM),
		.title = N_("CHSC subchannel"),
		.meaning = N_("asynchronous channel subsystem command finished"),
		.what = N_("Completion of a channel subsystem call that a management program "
			   "issued through /dev/chsc."),
		.raised_by = N_("CHSC subchannels."),
		.normal = N_("Zero unless I/O is reconfigured."),
		.high = N_("A tool changes the I/O configuration."),
		.todo = N_("Nothing: it ends with the tool."),
		.source = "drivers/s390/cio/chsc_sch.c (chsc_subchannel_irq)",
	},
	{
		IO("VIR", "Virtual I/O Devices", DEVICE, VIRT),
		.title = N_("Virtio-ccw by I/O interrupt"),
		.meaning = N_("virtio device: setup, configuration change"),
		.what = N_("Subchannel interrupts of virtio-ccw devices: commands at setup, "
			   "configuration changes, and queues only where the host offers no "
			   "adapter interrupts. Queue work normally counts in VAI."),
		.raised_by = N_("The KVM host."),
		.normal = N_("Some at boot, then almost none."),
		.high = N_("The host delivers queue interrupts the slow way."),
		.todo = N_("Update the host's kernel and QEMU."),
		.source = "drivers/s390/virtio/virtio_ccw.c (int_class IRQIO_VIR)",
	},
	{
		ANY("QAI", "QDIO Adapter Interrupt", DEVICE, NET, "AIO"),
		.title = N_("QDIO adapter interrupt"),
		.meaning = N_("network or FCP queues have work (QDIO)"),
		.what = N_(
			"One adapter interrupt for all QDIO devices: OSA and HiperSockets network "
			"cards (qeth) and FCP disks (zfcp). Old kernels label it [I/O]."),
		.raised_by = N_("QDIO adapters, when an input or output queue changed."),
		.normal =
			N_("Thousands per second under network or disk load; any CPU takes them."),
		.high = N_("Small packets or requests; the row cannot tell which device."),
		.todo = N_(
			"Compare /proc/net/dev and iostat -x; lsqeth and lszfcp list the devices."),
		.source = "drivers/s390/cio/qdio_thinint.c (tiqdio_thinint_handler)",
	},
	{
		ANY("APB", "AP Bus", DEVICE, CRYPTO, "AIO"),
		.title = N_("AP bus (crypto adapters)"),
		.meaning = N_("crypto adapter has an answer (AP bus)"),
		.what = N_("A Crypto Express adapter has a reply in its queue; a tasklet then "
			   "collects replies. Machines without AP interrupts poll instead."),
		.raised_by = N_("Crypto Express adapters."),
		.normal = N_("Zero without such cards; else it follows the requests."),
		.high = N_("Many crypto requests, for example TLS handshakes."),
		.todo = N_("lszcrypt -V shows the load of each card."),
		.source = "drivers/s390/crypto/ap_bus.c (ap_interrupt_handler)",
	},
	{
		AIO("PCF", "PCI Floating Interrupt", DEVICE, PLATFORM),
		.title = N_("PCI floating interrupt"),
		.meaning = N_("PCI devices have work; any CPU may take it"),
		.what = N_("Adapter interrupt that carries PCI MSIs: the handler scans bit vectors "
			   "and counts each MSI in MSI and in its numbered row. Floating means "
			   "that any CPU may take it, so affinity cannot be set."),
		.raised_by = N_("The machine, for PCI functions of this partition."),
		.normal = N_("Carries all PCI traffic without PCD; rare beside PCD."),
		.high = N_("Beside PCD: the target CPU was not running (shared CPUs)."),
		.todo = N_("Check that the kernel was not started with pci=force_floating."),
		.source = "arch/s390/pci/pci_irq.c (zpci_floating_irq_handler)",
	},
	{
		AIO("PCD", "PCI Directed Interrupt", DEVICE, PLATFORM),
		.title = N_("PCI directed interrupt"),
		.meaning = N_("PCI devices have work for this very CPU"),
		.what = N_("Adapter interrupt that carries PCI MSIs to the CPU that each MSI is "
			   "set to. Each MSI found is counted in MSI and in its numbered row. "
			   "Affinity can be set."),
		.raised_by = N_("The machine, where directed delivery is offered."),
		.normal = N_("Follows the PCI network and NVMe load."),
		.high = N_("High PCI traffic on this CPU."),
		.todo = N_("Spread the numbered PCI-MSI rows over the CPUs."),
		.source = "arch/s390/pci/pci_irq.c (zpci_directed_irq_handler)",
	},
	{
		ANY("MSI", "MSI Interrupt", SUM, PLATFORM, NULL),
		.title = N_("PCI MSIs, total"),
		.meaning = N_("all MSIs of PCI devices (sum of the numbered rows)"),
		.what = N_("Not an interrupt of its own: counts each MSI that was found when a PCF "
			   "or PCD interrupt was served. Each one is counted in its numbered "
			   "PCI-MSI row too."),
		.raised_by = N_("The zPCI interrupt handler."),
		.normal = N_("At or above PCF plus PCD: one interrupt may carry several MSIs."),
		.high = N_("Nothing by itself: a numbered row grows with it."),
		.todo = N_("Look at the numbered rows; leave this one out of every total."),
		.source = "arch/s390/pci/pci_irq.c (IRQIO_MSI)",
	},
	{
		ANY("VAI", "Virtual I/O Devices AI", DEVICE, VIRT, "AIO"),
		.title = N_("Virtio adapter interrupt"),
		.meaning = N_("virtio queues have work (network, disk of the guest)"),
		.what = N_("One adapter interrupt for queues of all virtio-ccw devices; the "
			   "handler looks up which queues have work."),
		.raised_by = N_("The KVM host."),
		.normal =
			N_("Thousands per second under network or disk load; any CPU takes them."),
		.high = N_("Small packets or requests; the row cannot tell which device."),
		.todo = N_("Compare /proc/net/dev and iostat -x."),
		.source = "drivers/s390/virtio/virtio_ccw.c (virtio_airq_handler)",
	},
	{
		AIO("GAL", "GIB Alert", DEVICE, VIRT),
		.title = N_("Guest information block alert"),
		.meaning = N_("a passed-through adapter has work for a KVM guest"),
		.what = N_("On a KVM host: a crypto or PCI adapter passed to a guest raised an "
			   "interrupt while no CPU of that guest was there to take it. The host "
			   "wakes the guest."),
		.raised_by = N_("Passed-through adapters (vfio-ap, vfio-pci)."),
		.normal = N_("Zero without pass-through."),
		.high = N_("Guests sleep often between their adapter interrupts."),
		.todo = N_("Nothing: it is how idle guests are woken."),
		.source = "arch/s390/kvm/interrupt.c (gib_alert_irq_handler)",
	},
	{
		ROW("NMI", "\\[NMI\\] Machine Check", EXCEPTION, ERROR, NULL),
		.title = N_("Machine check"),
		.meaning = N_("machine check: device changes, or hardware damage"),
		.what = N_("The machine-check exception. Only some mean damage: it also reports "
			   "channel path and device changes (channel report words), clock sync "
			   "checks and power warnings."),
		.raised_by = N_("The machine."),
		.normal = N_("A few, at boot and whenever devices or paths change."),
		.high = N_("Steady growth: an unstable channel path; damage kills a task or stops "
			   "the system."),
		.todo = N_("Read dmesg and lschp; ask for service when damage is reported."),
		.source = "arch/s390/kernel/nmi.c (s390_do_machine_check)",
	},
	{
		ROW("RST", "\\[CPU\\] CPU Restart", COUNTER, OTHER, NULL),
		.title = N_("CPU restart"),
		.meaning = N_("how often this CPU was brought online"),
		.what = N_("No interrupt that disturbs work: counts each start of a CPU other than "
			   "the first one, by the SIGP restart order, at boot and at hot-plug."),
		.raised_by = N_("The CPU that brings another one online."),
		.normal = N_("1 per CPU, 0 for the boot CPU."),
		.high = N_("CPUs are taken offline and online again, for example by cpuplugd."),
		.todo = N_("Look at the rules in /etc/cpuplugd.conf if that is not wanted."),
		.source = "arch/s390/kernel/smp.c (smp_start_secondary, CPU_RST)",
	},
	{
		EXT("CMR", "CPU-Measurement: RI", DEVICE, PERF),
		.title = N_("Runtime instrumentation alert"),
		.meaning = N_("runtime instrumentation buffer full (old kernels)"),
		.what = N_("The runtime instrumentation facility reports that a program's buffer "
			   "is full or was stopped; the kernel signals the program. The row left "
			   "the kernel later."),
		.raised_by = N_("The measurement facility, for programs that use it."),
		.normal = N_("Zero."),
		.high = N_("A program traces itself, for example a Java runtime."),
		.todo = N_("Nothing: it ends with the program."),
		.source =
			"arch/s390/kernel/runtime_instr.c (runtime_instr_int_handler, old kernels)",
	},
	{
		EXT("CPM", "CPU Measurement", DEVICE, PERF),
		.title = N_("CPU-measurement alert (old row)"),
		.meaning = N_("alert of the CPU counters or sampling (old kernels)"),
		.what = N_("The older single row for what is CMS and CMC today."),
		.raised_by = N_("The CPU-measurement facility."),
		.normal = N_("Zero unless perf runs."),
		.high = N_("A profiler is running."),
		.todo = N_("Stop the profiler, or lower its frequency (perf record -F)."),
		.source = "arch/s390/kernel/irq.c (intrclass_names, Linux 3.x)",
	},
	{
		EXT("IPI", "Signal Processor", IPI, IPI),
		.title = N_("Signal processor (old row)"),
		.meaning = N_("another CPU asks for something (old kernels)"),
		.what = N_("The older single row for what is EXC and EMS today: inter-processor "
			   "interrupts by SIGP."),
		.raised_by = N_("Another CPU, in the scheduler or smp_call_function()."),
		.normal = N_("Hundreds to thousands per second on a busy system."),
		.high = N_("Tasks wake each other across CPUs all the time."),
		.todo = N_("Keep tasks that talk to each other on few CPUs (taskset, cpusets)."),
		.source = "arch/s390/kernel/irq.c (intrclass_names, Linux 2.6 and 3.0)",
	},
	{
		IO("CLW", "CLAW", DEVICE, NET),
		.title = N_("CLAW network link (old row)"),
		.meaning = N_("network over a CLAW channel link (old kernels)"),
		.what = N_("Packets over a channel to a CLAW router. Driver and row left the "
			   "kernel in the 3.x series."),
		.raised_by = N_("CLAW devices."),
		.normal = N_("Zero on most systems."),
		.high = N_("Network load on a slow path."),
		.todo = N_("Prefer HiperSockets or OSA (qeth)."),
		.source = "drivers/s390/net/claw.c (old kernels)",
	},
	{
		IO("QDI", "QDIO Interrupt", DEVICE, NET),
		.title = N_("QDIO subchannel interrupt (old row)"),
		.meaning = N_("QDIO device without adapter interrupts (old kernels)"),
		.what = N_(
			"Subchannel interrupts of QDIO devices: setup, errors, and queue work on "
			"machines without adapter interrupts. Queue work normally counts in QAI."),
		.raised_by = N_("QDIO subchannels."),
		.normal = N_("Some at boot."),
		.high = N_("Queue work goes the slow way."),
		.todo = N_("Nothing: see QAI."),
		.source = "drivers/s390/cio/qdio_main.c (qdio_int_handler, Linux 2.6 and 3.0)",
	},
	{
		IO("PCI", "PCI Interrupt", DEVICE, PLATFORM),
		.title = N_("PCI adapter interrupt (old row)"),
		.meaning = N_("PCI devices have work (old kernels)"),
		.what = N_("The older name of PCF: the adapter interrupt that carries the MSIs of "
			   "all PCI devices."),
		.raised_by = N_("The machine, for PCI functions of this partition."),
		.normal = N_("Follows the PCI network and NVMe load."),
		.high = N_("High PCI traffic."),
		.todo = N_("Look at the numbered rows to find the device."),
		.source = "arch/s390/pci/pci_irq.c (zpci_irq_handler, before directed interrupts)",
	},
	{.key = NULL},
};
