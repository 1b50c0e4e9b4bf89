/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt controllers of PCs, PCI and virtual machines, and the words that follow the hardware
 * number (trigger or flow handler). The controllers of other machines and the catch-alls are in
 * chips_other.c.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define CHIP(key_, class_)                                                                         \
	.group = LORE_CHIP, .key = key_, .kind = IRQ_KIND_DEVICE, .class = IRQ_CLASS_##class_
#define TRIGGER(key_, kind_, class_)                                                               \
	.group = LORE_TRIGGER, .key = key_, .kind = IRQ_KIND_##kind_, .class = IRQ_CLASS_##class_

const struct lore lore_chips[] = {
	{
		CHIP("IR-PCI-MSIX*", OTHER),
		.title = N_("PCI MSI-X with interrupt remapping"),
		.meaning = N_("PCI MSI-X through the IOMMU's interrupt remapping"),
		.what = N_("The device writes a message for each of its vectors, and the IOMMU "
			   "(VT-d, AMD-Vi) translates it to a CPU and vector. A new affinity takes "
			   "effect at once. The name goes on with the PCI address; hwirq is the "
			   "index in the device's MSI-X table."),
		.raised_by = N_("Network cards, NVMe disks, HBAs and other PCIe devices with "
				"several queues."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector while its siblings idle: the load reaches one queue "
			   "only. ENOSPC on a move: the CPU has no vector left."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/pci/msi/irqdomain.c (pci_msix_template), prefix of the IOMMU's "
			  "msi_parent_ops",
	},
	{
		CHIP("IR-PCI-MSI*", OTHER),
		.title = N_("PCI MSI with interrupt remapping"),
		.meaning = N_("PCI MSI through the IOMMU (before 6.2: MSI-X too)"),
		.what = N_("Message-signalled interrupt, translated by the IOMMU. From Linux 6.2 "
			   "on the name means plain MSI (few vectors) and goes on with the PCI "
			   "address; older kernels use it for MSI and MSI-X alike. A new affinity "
			   "takes effect at once."),
		.raised_by = N_("PCIe ports, SATA, USB and audio controllers, graphics; on older "
				"kernels every MSI-X device."),
		.normal = N_("One vector per device; MSI-X devices have one per queue."),
		.high = N_("On 6.2 and later: a fast network card here could not get MSI-X and has "
			   "one queue."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/pci/msi/irqdomain.c (pci_msi_template); before 6.2 "
			  "arch/x86/kernel/apic/msi.c",
	},
	{
		CHIP("PCI-MSIX*", OTHER),
		.title = N_("PCI MSI-X"),
		.meaning = N_("PCI MSI-X: one vector per queue of the device"),
		.what = N_("The device writes a message for each of its vectors straight to a CPU. "
			   "Without interrupt remapping an x86 kernel rewrites the vector only "
			   "when the next interrupt arrives, so a new affinity stays pending on an "
			   "idle device. The name goes on with the PCI address."),
		.raised_by =
			N_("Network cards, NVMe disks, HBAs, virtio devices of virtual machines."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector while its siblings idle: the load reaches one queue "
			   "only."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/pci/msi/irqdomain.c (pci_msix_template)",
	},
	{
		CHIP("PCI-MSI*", OTHER),
		.title = N_("PCI MSI"),
		.meaning = N_("PCI message-signalled interrupt (before 6.2: MSI-X too)"),
		.what = N_("The device writes a message instead of pulling a line, so it never "
			   "shares. From Linux 6.2 on x86 the name means plain MSI (few vectors) "
			   "and goes on with the PCI address; without an address it stands for MSI "
			   "and MSI-X alike, and hwirq holds index and address."),
		.raised_by = N_("PCIe ports, SATA, USB and audio controllers, graphics; on older "
				"kernels every MSI-X device."),
		.normal = N_("One vector per device; MSI-X devices have one per queue."),
		.high = N_("With an address in the name: a fast network card here could not get "
			   "MSI-X and has one queue."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/pci/msi/irqdomain.c (pci_msi_template); s390: "
			  "arch/s390/pci/pci_irq.c (zpci_irq_chip)",
	},
	{
		CHIP("IR-IO-APIC*", OTHER),
		.title = N_("I/O APIC with interrupt remapping"),
		.meaning = N_("wired interrupt line (I/O APIC) through the IOMMU"),
		.what = N_("The chip for interrupt lines of a PC, with the IOMMU between it and "
			   "the CPUs. hwirq is the pin. Several devices may share one pin. A new "
			   "affinity takes effect at once."),
		.raised_by = N_("Keyboard controller, RTC, serial ports, ACPI, SMBus, GPIO and I2C "
				"controllers."),
		.normal = N_("Few interrupts: only slow devices are left on lines."),
		.high = N_("A network card, NVMe disk or HBA here means that MSI is off; a shared "
			   "line runs every handler on it each time."),
		.todo = N_("Check dmesg for MSI messages, drop pci=nomsi, see lspci -vv and the "
			   "device's msi_bus in sysfs."),
		.source = "arch/x86/kernel/apic/io_apic.c (ioapic_ir_chip)",
	},
	{
		CHIP("IO-APIC*", OTHER),
		.title = N_("I/O APIC"),
		.meaning = N_("wired interrupt line (I/O APIC)"),
		.what = N_("The chip for interrupt lines of a PC. hwirq is the pin. Several "
			   "devices may share one pin, and each interrupt then calls every driver "
			   "on it. Without remapping a new affinity waits for the next interrupt."),
		.raised_by = N_("Timer at boot, keyboard controller, RTC, serial ports, ACPI, "
				"SMBus; old PCI cards."),
		.normal = N_("Few interrupts: only slow devices are left on lines."),
		.high = N_("A network card, NVMe disk or HBA here means that MSI is off; a shared "
			   "line runs every handler on it each time."),
		.todo = N_("Check dmesg for MSI messages, drop pci=nomsi, see lspci -vv and the "
			   "device's msi_bus in sysfs."),
		.source = "arch/x86/kernel/apic/io_apic.c (ioapic_chip)",
	},
	{
		CHIP("XT-PIC*", OTHER),
		.title = N_("Legacy 8259 interrupt controller"),
		.meaning = N_("legacy PC interrupt controller (8259), 16 lines"),
		.what = N_("The pair of 8259 chips of the first PCs, with 15 usable lines that PCI "
			   "devices must share. Everything goes to one CPU and affinity cannot be "
			   "set. The row cascade is the link between the two chips."),
		.raised_by = N_("ISA devices, and all others when the APIC is not used."),
		.normal = N_("At most the cascade line, on current machines."),
		.high = N_("Disks and network here: the kernel runs without I/O APIC."),
		.todo = N_("Drop noapic, nolapic and acpi=off; enable the APIC in the BIOS or the "
			   "VM's settings."),
		.source = "arch/x86/kernel/i8259.c (i8259A_chip)",
	},
	{
		CHIP("local-APIC*", TIMER),
		.title = N_("Legacy timer through the local APIC"),
		.meaning = N_("old PC timer, wired to the CPU past the I/O APIC"),
		.what = N_("IRQ 0 when the timer does not work through the I/O APIC and the kernel "
			   "takes it from the local APIC's LINT0 pin."),
		.raised_by = N_("The legacy timer (PIT or HPET)."),
		.normal = N_("Not present; if it is, counts stop after boot when LOC takes over."),
		.high = N_("The BIOS describes the timer wrongly."),
		.todo = N_("Update the BIOS; look for ..MP-BIOS bug in dmesg."),
		.source = "arch/x86/kernel/apic/io_apic.c (lapic_chip)",
	},
	{
		CHIP("DMAR?MSI*", BRIDGE),
		.title = N_("Intel IOMMU (VT-d) events"),
		.meaning = N_("fault reports of the Intel IOMMU (VT-d)"),
		.what = N_("The IOMMU's own interrupt, one per unit (dmar0, dmar1 ...). It reports "
			   "faults, not the translation of other interrupts."),
		.raised_by = N_("DMA remapping units."),
		.normal = N_("Zero."),
		.high = N_("A device touched memory it may not: a driver bug, a broken device or "
			   "firmware."),
		.todo = N_("Read dmesg | grep DMAR: it names device and address."),
		.source = "arch/x86/kernel/apic/msi.c (dmar_msi_controller)",
	},
	{
		CHIP("IOMMU-MSI*", BRIDGE),
		.title = N_("AMD IOMMU (AMD-Vi) events"),
		.meaning = N_("event, fault and guest logs of the AMD IOMMU (AMD-Vi)"),
		.what = N_("The AMD IOMMU's own interrupts in x2APIC mode, with actions named "
			   "AMD-Vi: event log, page requests and the guest log of interrupts "
			   "posted to sleeping virtual CPUs. In other modes they use PCI-MSI."),
		.raised_by = N_("IOMMU units."),
		.normal = N_("Zero, or some with AVIC virtual machines."),
		.high = N_("DMA faults, or many wake-ups of virtual CPUs."),
		.todo = N_("Read dmesg | grep AMD-Vi: IO_PAGE_FAULT names device and address."),
		.source = "drivers/iommu/amd/init.c (intcapxt_controller)",
	},
	{
		CHIP("*HPET?MSI*", TIMER),
		.title = N_("HPET timer by MSI"),
		.meaning = N_("HPET timer of one CPU, for deep idle states"),
		.what = N_("Timers of the HPET chip, each given to one CPU whose local APIC timer "
			   "stops in deep idle states. With IR- they pass the IOMMU."),
		.raised_by = N_("The HPET of the chipset (hpet2, hpet3 ...)."),
		.normal = N_("Zero on CPUs whose local timer never stops (ARAT)."),
		.high = N_("The CPU wakes from idle by HPET, which costs more than LOC."),
		.todo = N_("grep arat /proc/cpuinfo; nothing on CPUs of before 2010."),
		.source = "arch/x86/kernel/hpet.c (hpet_msi_controller)",
	},
	{
		CHIP("VMD-*", STORAGE),
		.title = N_("Intel VMD (devices behind it)"),
		.meaning = N_("device behind Intel VMD: counted in the vmd rows only"),
		.what = N_("A disk behind the Volume Management Device. Its messages share the "
			   "vectors of the VMD device, whose driver calls the real handlers. These "
			   "rows are not counted by the kernel and stay at zero."),
		.raised_by = N_("NVMe disks and PCIe ports behind VMD."),
		.normal = N_("Zero here; the work counts in the rows named vmd."),
		.high = N_(
			"Many disks share few vmd vectors, and their affinity cannot be set here."),
		.todo = N_(
			"Place the vmd rows; or turn VMD off in the BIOS if its RAID is not used."),
		.source = "drivers/pci/controller/vmd.c (vmd_msi_controller, handle_untracked_irq)",
	},
	{
		CHIP("H*V*PCI*MSI*", VIRT),
		.title = N_("PCI MSI of a Hyper-V guest"),
		.meaning = N_("PCI device passed to this Hyper-V or Azure guest"),
		.what = N_("MSI and MSI-X of a device that Hyper-V gives to the guest. The host "
			   "maps each vector to a physical interrupt. Printed as Hyper-V PCIe MSI, "
			   "or HV-PCI-MSI with the address on newer kernels."),
		.raised_by = N_("SR-IOV network functions (accelerated networking), local NVMe "
				"disks, GPUs."),
		.normal = N_("One vector per queue. netvsc itself has no rows: it counts in HYP."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("ethtool -l shows the queues; set affinity as on other machines."),
		.source = "drivers/pci/controller/pci-hyperv.c (hv_msi_irq_chip)",
	},
	{
		CHIP("xen-pirq*", VIRT),
		.title = N_("Physical interrupt through Xen"),
		.meaning = N_("real device's interrupt, passed on by Xen"),
		.what = N_("An interrupt line or MSI of a real or emulated device that Xen "
			   "delivers as an event channel. The trigger column tells what is behind: "
			   "ioapic-edge, ioapic-level, msi, msi-x."),
		.raised_by = N_("Devices of dom0 and passed-through devices of a guest."),
		.normal = N_("As for the same device without Xen."),
		.high = N_("As for the same device without Xen."),
		.todo = N_("Set affinity as usual; it moves the event channel to another virtual "
			   "CPU."),
		.source = "drivers/xen/events/events_base.c (xen_pirq_chip)",
	},
	{
		CHIP("xen-percpu*", VIRT),
		.title = N_("Xen per-CPU event"),
		.meaning = N_("timer or IPI of one virtual CPU under Xen"),
		.what = N_("Events that belong to one virtual CPU: its timer and debug event "
			   "(virq), and IPIs for reschedule, function calls and spinlocks (ipi). "
			   "There is one row per CPU and use. They replace LOC, RES and CAL."),
		.raised_by = N_("Xen, or another virtual CPU."),
		.normal = N_("timerN up to HZ per second; IPIs as wake-ups need them."),
		.high = N_("spinlockN: virtual CPUs wait for locks, mostly of CPUs not running."),
		.todo = N_("Affinity cannot be set. Compare steal time (vmstat, column st)."),
		.source = "drivers/xen/events/events_base.c (xen_percpu_chip)",
	},
	{
		CHIP("xen-dyn*", VIRT),
		.title = N_("Xen event channel"),
		.meaning = N_("Xen event channel: virtual disk, network, console"),
		.what = N_("A notification between this domain and another one, made at run time. "
			   "With -lateeoi the handler confirms late, so that a rogue peer can be "
			   "slowed down."),
		.raised_by = N_("Paravirtual devices: vif or ethN, blkif, xenbus, hvc_console."),
		.normal = N_("One or two per queue, following the load; xenbus only at changes."),
		.high = N_("Small packets or requests, or a peer that floods events."),
		.todo = N_("Spread the queues over virtual CPUs; more queues need xen-netback or "
			   "xen-blkback options."),
		.source = "drivers/xen/events/events_base.c (xen_dynamic_chip, xen_lateeoi_chip)",
	},
	{.key = NULL},
};

const struct lore lore_triggers[] = {
	{
		TRIGGER("edge", DEVICE, OTHER),
		.title = N_("Edge-triggered"),
		.meaning = N_("edge: one event per change or message"),
		.what = N_("The interrupt is a moment, not a state: a change of the line or a "
			   "message. MSI and MSI-X are always edge. Arm and RISC-V kernels print "
			   "Edge also where no trigger type was set, so there it proves nothing."),
		.raised_by = N_("MSI and MSI-X devices, ISA devices, GPIO keys."),
		.normal = N_("The normal case for every fast device."),
		.high = N_(
			"A line (not MSI) that is edge cannot be shared safely: events get lost."),
		.todo = N_("Nothing: the trigger follows from the device and the firmware."),
		.source = "kernel/irq/chip.c (handle_edge_irq)",
	},
	{
		TRIGGER("level", DEVICE, OTHER),
		.title = N_("Level-triggered"),
		.meaning = N_("level: active until the driver has served the device"),
		.what = N_(
			"The line stays active until the driver has silenced the device. Lines of "
			"this kind can be shared: each interrupt calls every handler on the line."),
		.raised_by = N_("PCI lines, ACPI, on-chip devices of SoCs."),
		.normal = N_("Normal for slow devices."),
		.high = N_("An interrupt that no driver claims fires at once again: after 99,900 "
			   "of 100,000 unclaimed the kernel disables the line (nobody cared)."),
		.todo = N_("Read /proc/irq/N/spurious and dmesg; irqpoll is a stopgap, the fix is "
			   "in driver or firmware."),
		.source = "kernel/irq/chip.c (handle_level_irq), kernel/irq/spurious.c "
			  "(note_interrupt)",
	},
	{
		TRIGGER("fasteoi", DEVICE, OTHER),
		.title = N_("Fast end-of-interrupt handling"),
		.meaning = N_("one acknowledge at the end (on x86: level-triggered)"),
		.what = N_("A flow handler, not a trigger: the controller needs only one "
			   "end-of-interrupt write after the handler. On an x86 I/O APIC the word "
			   "means a level-triggered, shareable line."),
		.raised_by =
			N_("I/O APIC lines; GIC, PLIC, APLIC, XIVE and other modern controllers."),
		.normal = N_("Normal."),
		.high = N_("On an I/O APIC with several actions: the line is shared, every driver "
			   "on it is called."),
		.todo = N_("For a fast PCI device on an I/O APIC line: find out why MSI is off."),
		.source = "kernel/irq/chip.c (handle_fasteoi_irq), arch/x86/kernel/apic/io_apic.c",
	},
	{
		TRIGGER("msi", DEVICE, OTHER),
		.title = N_("MSI under Xen"),
		.meaning = N_("message-signalled interrupt with few vectors (MSI)"),
		.what = N_("The name Xen gives to a physical interrupt behind which is a PCI MSI. "
			   "Edge by nature, never shared."),
		.raised_by = N_("PCI devices seen through Xen."),
		.normal = N_("One per device."),
		.high = N_("A fast network card with msi instead of msi-x has one queue."),
		.todo = N_("lspci -vv shows whether the device offers MSI-X."),
		.source = "arch/x86/pci/xen.c (xen_bind_pirq_msi_to_irq)",
	},
	{
		TRIGGER("msi-x", DEVICE, OTHER),
		.title = N_("MSI-X under Xen"),
		.meaning = N_("message-signalled interrupt, one per queue (MSI-X)"),
		.what = N_("The name Xen gives to a physical interrupt behind which is a PCI MSI-X "
			   "vector. Edge by nature, never shared."),
		.raised_by = N_("PCI devices with several queues, seen through Xen."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "arch/x86/pci/xen.c (xen_bind_pirq_msi_to_irq)",
	},
	{
		TRIGGER("ioapic-edge", DEVICE, OTHER),
		.title = N_("I/O APIC edge line under Xen"),
		.meaning = N_("edge-triggered interrupt line, passed on by Xen"),
		.what = N_("Xen owns the I/O APIC; this is one of its edge-triggered pins, "
			   "delivered as an event."),
		.raised_by = N_("Keyboard controller, RTC, serial ports."),
		.normal = N_("Few interrupts."),
		.high = N_("A device that should be quiet is busy, for example a serial console."),
		.todo = N_("Nothing: the trigger follows from the device and the firmware."),
		.source = "arch/x86/pci/xen.c (xen_register_pirq)",
	},
	{
		TRIGGER("ioapic-level", DEVICE, OTHER),
		.title = N_("I/O APIC level line under Xen"),
		.meaning = N_("level-triggered interrupt line, passed on by Xen"),
		.what = N_("Xen owns the I/O APIC; this is one of its level-triggered pins, "
			   "delivered as an event. It can be shared."),
		.raised_by = N_("ACPI, old PCI devices."),
		.normal = N_("Few interrupts."),
		.high = N_("A fast PCI device here runs without MSI."),
		.todo = N_("Check dmesg for MSI messages, drop pci=nomsi, see lspci -vv and the "
			   "device's msi_bus in sysfs."),
		.source = "arch/x86/pci/xen.c (xen_register_pirq)",
	},
	{
		TRIGGER("virq", DEVICE, OTHER),
		.title = N_("Xen virtual interrupt"),
		.meaning = N_("event from Xen itself: timer, debug, console"),
		.what = N_("An event that the hypervisor raises, mostly the timer of a virtual CPU "
			   "(timerN)."),
		.raised_by = N_("Xen."),
		.normal = N_("timerN up to HZ per second; the others almost never."),
		.high = N_("Far above HZ: programs with short timers or sleeps."),
		.todo = N_("Find them: perf record -a -e timer:hrtimer_expire_entry."),
		.source = "drivers/xen/events/events_base.c (bind_virq_to_irq)",
	},
	{
		TRIGGER("ipi", IPI, IPI),
		.title = N_("Xen inter-processor interrupt"),
		.meaning = N_("one virtual CPU interrupts another (Xen)"),
		.what = N_("An IPI in the form of a Xen event: reschedN, callfuncN, "
			   "callfuncsingleN, spinlockN, irqworkN."),
		.raised_by = N_("Another virtual CPU of the same domain."),
		.normal = N_("Hundreds to thousands per second on a busy system."),
		.high = N_("Tasks wake each other across CPUs all the time."),
		.todo = N_("Keep tasks that talk to each other on few CPUs (taskset, cpusets)."),
		.source = "drivers/xen/events/events_base.c (bind_ipi_to_irq)",
	},
	{
		TRIGGER("event", DEVICE, OTHER),
		.title = N_("Xen event channel"),
		.meaning = N_("notification from another Xen domain"),
		.what = N_("An event channel bound to another domain, usually the backend of a "
			   "virtual disk or network card."),
		.raised_by = N_("The other domain, mostly dom0."),
		.normal = N_("Follows the load of the virtual device."),
		.high = N_("Small packets or requests, or a peer that floods events."),
		.todo = N_("Place it like a queue of a real device."),
		.source = "drivers/xen/events/events_base.c (bind_evtchn_to_irq_chip)",
	},
	{
		TRIGGER("percpu", DEVICE, OTHER),
		.title = N_("Per-CPU interrupt"),
		.meaning = N_("every CPU has its own (timer, counters): cannot move"),
		.what = N_("Each CPU has a private line behind the same number, so one row counts "
			   "a source on every CPU. It cannot be moved."),
		.raised_by = N_("Local timers, performance counters, IPIs."),
		.normal = N_("A timer: up to HZ per second and CPU."),
		.high = N_("High on one CPU only: look at what runs on that CPU."),
		.todo = N_("Nothing: setting its affinity fails."),
		.source = "kernel/irq/chip.c (handle_percpu_irq)",
	},
	{
		TRIGGER("XT-PIC", DEVICE, OTHER),
		.title = N_("Legacy 8259 line"),
		.meaning = N_("line of the legacy PC interrupt controller (8259)"),
		.what = N_("The 8259 driver gives its own name to the flow handler too, so a row "
			   "reads XT-PIC-XT-PIC. ISA lines are edge, PCI lines level; the name "
			   "does not tell."),
		.raised_by = N_("ISA devices, and all others when the APIC is not used."),
		.normal = N_("At most the cascade line, on current machines."),
		.high = N_("Disks and network here: the kernel runs without I/O APIC."),
		.todo = N_("Drop noapic, nolapic and acpi=off; enable the APIC in the BIOS or the "
			   "VM's settings."),
		.source = "arch/x86/kernel/i8259.c (i8259A_chip)",
	},
	{.key = NULL},
};
