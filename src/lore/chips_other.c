/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt controllers of arm, riscv, powerpc, loongarch, mips, sparc and s390 machines, GPIO
 * blocks, and the catch-all patterns.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define CHIP(key_, class_)                                                                         \
	.group = LORE_CHIP, .key = key_, .kind = IRQ_KIND_DEVICE, .class = IRQ_CLASS_##class_

const struct lore lore_chips_other[] = {
	{
		CHIP("*[Mm][Bb][Ii][Gg][Ee][Nn]*", PLATFORM),
		.title = N_("HiSilicon MBIGEN"),
		.meaning = N_("wired lines turned into messages (HiSilicon)"),
		.what = N_("A bridge on HiSilicon (Kunpeng) machines: it turns interrupt lines of "
			   "on-board devices into messages for the GIC's ITS."),
		.raised_by = N_("On-board SAS, network (hns) and management devices."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "drivers/irqchip/irq-mbigen.c (mbigen_msi_template)",
	},
	{
		CHIP("*ITS-*MSI*", OTHER),
		.title = N_("MSI and MSI-X through the Arm GIC ITS"),
		.meaning = N_("message-signalled interrupt through the Arm GIC (ITS)"),
		.what = N_("The Interrupt Translation Service maps a device's message to an LPI of "
			   "one CPU. ITS-MSI is any PCI device on older kernels; ITS-PCI-MSI and "
			   "ITS-PCI-MSIX go on with the address; ITS-pMSI and ITS-fMSI are on-chip "
			   "devices. A new affinity takes effect at once."),
		.raised_by = N_("Network cards, NVMe disks, SMMU, on-chip network of Arm servers."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/irqchip/irq-gic-v3-its.c (its_irq_chip), "
			  "drivers/irqchip/irq-gic-v3-its-msi-parent.c",
	},
	{
		CHIP("GICv2m*", OTHER),
		.title = N_("MSI through GICv2m"),
		.meaning = N_("PCI message-signalled interrupt on a GICv2 (v2m)"),
		.what = N_("A small frame that turns PCI messages into wired inputs (SPIs) of a "
			   "GICv2. Their number is small, so devices may get fewer vectors than "
			   "queues."),
		.raised_by = N_("Network cards, NVMe disks, HBAs and other PCIe devices."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("Fewer vectors than queues: queues share a CPU."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/irqchip/irq-gic-v2m.c (gicv2m_msi_parent_ops)",
	},
	{
		CHIP("GICv4*", VIRT),
		.title = N_("GICv4 virtual interrupt doorbell"),
		.meaning = N_("wakes a virtual CPU for a directly injected interrupt"),
		.what = N_("The GIC gives messages of passed-through devices straight to a virtual "
			   "CPU (vpe). Only when that one is not running, this doorbell tells the "
			   "host to wake it."),
		.raised_by = N_("KVM guests with passed-through devices."),
		.normal = N_("Zero without such guests."),
		.high = N_("Guests sleep often between their interrupts."),
		.todo = N_("Nothing: it is how idle guests are woken."),
		.source = "drivers/irqchip/irq-gic-v3-its.c (its_vpe_irq_chip)",
	},
	{
		CHIP("GICv[35]*", OTHER),
		.title = N_("Arm GICv3 or GICv5"),
		.meaning = N_("wired interrupt of an Arm machine (GICv3, GICv5)"),
		.what = N_("The central controller of current 64-bit Arm machines. On GICv3 hwirq "
			   "16 to 31 are private lines of each CPU (PPI: timer, PMU) and 32 up are "
			   "shared ones (SPI), each sent to one CPU. GICv5 prints the type in the "
			   "name (PPI, SPI, ITS-MSI)."),
		.raised_by = N_("arch_timer, arm-pmu, serial ports, ACPI:Ged, on-chip devices."),
		.normal = N_(
			"arch_timer (hwirq 26 to 30) up to HZ per second and CPU; the rest slow."),
		.high = N_("A PCIe network card here instead of ITS: it runs without MSI."),
		.todo = N_("Private lines cannot be moved; shared ones as usual."),
		.source = "drivers/irqchip/irq-gic-v3.c (gic_chip), irq-gic-v5.c",
	},
	{
		CHIP("GIC*", OTHER),
		.title = N_("Arm GIC (v1 or v2)"),
		.meaning = N_("wired interrupt of an Arm machine (GICv1, GICv2)"),
		.what = N_("The central controller of 32-bit and small 64-bit Arm machines, "
			   "printed as GIC, GIC-0 or GICv2. hwirq 16 to 31 are private lines of "
			   "each CPU (PPI), 32 up are shared ones (SPI), each sent to one CPU."),
		.raised_by = N_(
			"Timers (arch_timer, twd, gt), serial, SD card, USB, network of the SoC."),
		.normal = N_("Timers up to HZ per second and CPU; all SPIs on CPU0 by default."),
		.high = N_("CPU0 busy with network and disk while the others idle."),
		.todo = N_("Give busy SPIs other CPUs; use RPS for a network card with one queue."),
		.source = "drivers/irqchip/irq-gic.c (gic_chip, gic_irq_print_chip)",
	},
	{
		CHIP("ARMCTRL*", OTHER),
		.title = N_("Raspberry Pi interrupt controller"),
		.meaning = N_("device interrupt of a Raspberry Pi 1 to 3"),
		.what = N_("The controller of the Broadcom BCM2835 family. All its inputs reach "
			   "the same CPU, and affinity cannot be set. Despite the word level in "
			   "its name the trigger reads Edge, because none is set."),
		.raised_by = N_("USB (dwc_otg), SD card, DMA, mailbox, serial, GPIO."),
		.normal = N_("dwc_otg up to 8,000 per second: one per USB microframe."),
		.high = N_("CPU0 saturated by USB and network."),
		.todo = N_(
			"Move work instead: RPS for the network card, programs to CPU1 to CPU3."),
		.source = "drivers/irqchip/irq-bcm2835.c (armctrl_chip)",
	},
	{
		CHIP("bcm2836*", TIMER),
		.title = N_("Raspberry Pi per-CPU interrupts"),
		.meaning = N_("timer and counters of each CPU (Raspberry Pi 2, 3)"),
		.what = N_("The local part of the BCM2836: architected timer, performance counters "
			   "and the link to ARMCTRL. Private to each CPU."),
		.raised_by = N_("arch_timer and arm-pmu of the CPU."),
		.normal = N_("Timer: up to HZ per second and CPU."),
		.high = N_("Far above HZ: programs with short timers or sleeps."),
		.todo = N_("Find them: perf record -a -e timer:hrtimer_expire_entry."),
		.source = "drivers/irqchip/irq-bcm2836.c (bcm2836_arm_irqchip_timer)",
	},
	{
		CHIP("AIC*", OTHER),
		.title = N_("Apple interrupt controller (AIC)"),
		.meaning = N_("device interrupt of an Apple silicon machine"),
		.what = N_("The controller of Apple's own chips (M1 and later). Some small chips "
			   "(J-Core, AT91) use the same three letters for theirs."),
		.raised_by = N_("On-chip devices of the SoC, wired to its inputs."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "drivers/irqchip/irq-apple-aic.c (aic_chip)",
	},
	{
		CHIP("APLIC*", OTHER),
		.title = N_("RISC-V APLIC"),
		.meaning = N_("wired interrupt of a RISC-V machine (APLIC)"),
		.what = N_("The advanced platform controller takes interrupt lines. APLIC-MSI "
			   "turns each into a message for the IMSIC of one CPU; APLIC-DIRECT "
			   "delivers it itself."),
		.raised_by = N_("Serial port, RTC, virtio-mmio and other on-chip devices."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Set affinity as usual; each line goes to one CPU."),
		.source = "drivers/irqchip/irq-riscv-aplic-msi.c, irq-riscv-aplic-direct.c",
	},
	{
		CHIP("*PLIC*", OTHER),
		.title = N_("RISC-V PLIC"),
		.meaning = N_("wired interrupt of a RISC-V machine (PLIC)"),
		.what = N_("The platform-level controller that takes all interrupt lines of the "
			   "SoC. hwirq is the line. Each line is enabled on one CPU. Edge may be "
			   "printed for level lines when the trigger was not set."),
		.raised_by = N_("Serial port, network, SD card, PCIe and virtio devices."),
		.normal = N_("All lines on CPU0 by default."),
		.high = N_("CPU0 busy with network and disk while the others idle."),
		.todo = N_("Give busy lines other CPUs through smp_affinity_list."),
		.source = "drivers/irqchip/irq-sifive-plic.c (plic_chip)",
	},
	{
		CHIP("RISC-V INTC*", TIMER),
		.title = N_("RISC-V CPU-local interrupts"),
		.meaning = N_("timer, counters, IPI of each RISC-V CPU"),
		.what = N_(
			"The local interrupt causes of each CPU (hart). hwirq is the cause: 1 "
			"software, 5 timer, 9 external, 13 counter overflow. Private to each CPU."),
		.raised_by = N_("The CPU's own timer, mostly (riscv-timer)."),
		.normal = N_("Timer: up to HZ per second and CPU."),
		.high = N_("Far above HZ: programs with short timers or sleeps."),
		.todo = N_("Find them: perf record -a -e timer:hrtimer_expire_entry."),
		.source = "drivers/irqchip/irq-riscv-intc.c (riscv_intc_chip)",
	},
	{
		CHIP("*IMSIC*", OTHER),
		.title = N_("RISC-V IMSIC"),
		.meaning = N_("message-signalled interrupt of a RISC-V CPU (IMSIC)"),
		.what = N_("Each CPU has its own message file; a device writes straight to it. PCI "
			   "devices behind it show as PCI-MSI and PCI-MSIX with their address."),
		.raised_by = N_("Devices that send messages, APLIC, IPIs."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/irqchip/irq-riscv-imsic-platform.c (imsic_irq_base_chip)",
	},
	{
		.group = LORE_CHIP,
		.key = "XIVE-IPI*",
		.kind = IRQ_KIND_IPI,
		.class = IRQ_CLASS_IPI,
		.title = N_("POWER inter-processor interrupt (XIVE)"),
		.meaning = N_("one CPU interrupts another (POWER9 and later)"),
		.what = N_("Not a device: carries reschedules, function calls and timer broadcasts "
			   "between CPUs of a POWER9 or later machine."),
		.raised_by = N_("Another CPU, in the scheduler or smp_call_function()."),
		.normal = N_("Hundreds to thousands per second on a busy system."),
		.high = N_("Tasks wake each other across CPUs all the time."),
		.todo = N_("Keep tasks that talk to each other on few CPUs (taskset, cpusets)."),
		.source = "arch/powerpc/sysdev/xive/common.c (xive_ipi_chip)",
	},
	{
		CHIP("XIVE*", OTHER),
		.title = N_("POWER interrupt controller (XIVE)"),
		.meaning = N_("device interrupt on POWER9 and later (XIVE)"),
		.what = N_("The controller of POWER9 and later: it queues events per CPU. Lines "
			   "and messages, with PCI devices on older kernels too."),
		.raised_by = N_("Virtual and on-chip devices, hypervisor console, PCI."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Set affinity as usual."),
		.source = "arch/powerpc/sysdev/xive/common.c (xive_irq_chip)",
	},
	{
		CHIP("[Pp][NS]*MSI*", OTHER),
		.title = N_("PCI MSI on POWER"),
		.meaning = N_("PCI MSI or MSI-X of a POWER machine"),
		.what = N_("Messages of a PCI device through the machine's host bridge. PNV- is "
			   "bare metal (OPAL), pSeries- a partition or guest (PowerVM, KVM)."),
		.raised_by = N_("Network cards, NVMe disks, HBAs and other PCIe devices."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "arch/powerpc/platforms/powernv/pci-ioda.c, pseries/msi.c "
			  "(*_pci_msi_irq_chip)",
	},
	{
		CHIP("OPAL EVT*", PLATFORM),
		.title = N_("OPAL firmware event"),
		.meaning = N_("event from the POWER firmware (OPAL)"),
		.what = N_("Not a wire: events that the OPAL firmware of a bare-metal POWER "
			   "machine reports, such as console input, error logs and messages."),
		.raised_by = N_("OPAL, for hvc console, error log, sensors and memory errors."),
		.normal = N_("A few."),
		.high = N_("Console traffic, or error reports of the hardware."),
		.todo = N_("Read dmesg and the service processor's error log."),
		.source = "arch/powerpc/platforms/powernv/opal-irqchip.c (opal_event_irqchip)",
	},
	{
		CHIP("*ICS", OTHER),
		.title = N_("POWER interrupt controller (XICS)"),
		.meaning = N_("device interrupt on POWER8 and before (XICS)"),
		.what = N_("The controller of POWER8 and earlier, and of partitions and guests in "
			   "compatibility mode. The row with action IPI is the inter-processor "
			   "interrupt."),
		.raised_by = N_("Virtual devices (ibmveth, ibmvscsi), PCI, IPIs."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Set affinity as usual."),
		.source = "arch/powerpc/sysdev/xics/ics-rtas.c (ics_rtas_irq_chip), ics-opal.c",
	},
	{
		CHIP("*[Mn]PIC*", OTHER),
		.title = N_("MPIC or OpenPIC"),
		.meaning = N_("device interrupt (OpenPIC family, Marvell MPIC)"),
		.what = N_("On PowerPC the OpenPIC-compatible controller of older Macs and "
			   "Freescale SoCs; on Arm the controller of Marvell Armada SoCs, which "
			   "has the same short name."),
		.raised_by = N_("On-chip devices of the SoC, wired to its inputs."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "arch/powerpc/sysdev/mpic.c, drivers/irqchip/irq-armada-370-xp.c",
	},
	{
		CHIP("PCH*MSI*", OTHER),
		.title = N_("PCI MSI on LoongArch"),
		.meaning = N_("PCI MSI or MSI-X of a LoongArch machine"),
		.what = N_("Messages of a PCI device through the LS7A bridge chip. The name says "
			   "MSI or MSIX and goes on with the PCI address."),
		.raised_by = N_("Network cards, NVMe disks, HBAs and other PCIe devices."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Compare lspci -vv (MSI-X: Enable+ Count=N) with ethtool -l or the "
			   "driver's options."),
		.source = "drivers/irqchip/irq-loongson-pch-msi.c (pch_msi_parent_ops)",
	},
	{
		CHIP("PCH*", OTHER),
		.title = N_("LoongArch bridge interrupt lines"),
		.meaning = N_("wired interrupt of a LoongArch bridge chip"),
		.what = N_("Interrupt lines of the LS7A bridge: PCH PIC for its own devices (SATA, "
			   "USB, network), PCH LPC for ISA-style ones behind it."),
		.raised_by = N_("On-board SATA, USB, network, audio, keyboard."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "drivers/irqchip/irq-loongson-pch-pic.c, irq-loongson-pch-lpc.c",
	},
	{
		CHIP("*[OC]INTC*", OTHER),
		.title = N_("Loongson CPU-side controllers"),
		.meaning = N_("CPU-side controller of a Loongson machine"),
		.what = N_("The controllers between bridge and CPU: LIOINTC (legacy I/O), EIOINTC "
			   "(extended I/O) and AVECINTC (vectors for messages). Devices mostly "
			   "show under PCH instead."),
		.raised_by = N_("Serial ports, thermal sensors, the links to PCH."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "drivers/irqchip/irq-loongson-liointc.c, irq-loongson-eiointc.c, "
			  "irq-loongarch-avec.c",
	},
	{
		CHIP("MIPS*", OTHER),
		.title = N_("MIPS CPU or MIPS GIC"),
		.meaning = N_("interrupt input of a MIPS CPU, or the MIPS GIC"),
		.what = N_("MIPS alone is the CPU itself with eight inputs: 0 and 1 software "
			   "(IPIs), 7 mostly the timer. MIPS GIC is the controller of multi-core "
			   "chips, MIPS GIC Local its part of each CPU."),
		.raised_by = N_("Timer, IPIs, on-chip network and wireless."),
		.normal = N_("Input 7: up to HZ per second; network by load."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "drivers/irqchip/irq-mips-cpu.c, irq-mips-gic.c",
	},
	{
		CHIP("AR7*PCI*", OTHER),
		.title = N_("PCI lines of Atheros MIPS chips"),
		.meaning = N_("PCI interrupt line of an Atheros chip"),
		.what = N_("The PCI host of AR71xx to QCA95xx router chips. It knows lines only, "
			   "no MSI."),
		.raised_by = N_("Wireless cards (ath9k, ath10k)."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "arch/mips/pci/pci-ar724x.c (ar724x_pci_irq_chip), pci-ar71xx.c",
	},
	{
		CHIP("MISC", OTHER),
		.title = N_("Atheros miscellaneous interrupts"),
		.meaning = N_("slow on-chip devices of an Atheros chip"),
		.what = N_(
			"A second-level controller of ath79 router chips, behind one CPU input."),
		.raised_by = N_("Serial port, timers, watchdog, GPIO."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "drivers/irqchip/irq-ath79-misc.c (ath79_misc_irq_chip)",
	},
	{
		CHIP("icu*", OTHER),
		.title = N_("Lantiq interrupt controller"),
		.meaning = N_("on-chip device of a Lantiq chip"),
		.what = N_("The controller of Lantiq MIPS chips in DSL routers."),
		.raised_by = N_("On-chip devices of the SoC, wired to its inputs."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "arch/mips/lantiq/irq.c (ltq_irq_type)",
	},
	{
		CHIP("TXX9*", OTHER),
		.title = N_("Toshiba TXx9 interrupt controller"),
		.meaning = N_("on-chip device of a Toshiba TXx9 chip"),
		.what = N_("The controller of Toshiba TX39 and TX49 MIPS chips."),
		.raised_by = N_("On-chip devices of the SoC, wired to its inputs."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "arch/mips/kernel/irq_txx9.c (txx9_irq_chip)",
	},
	{
		CHIP("Xilinx INTC*", OTHER),
		.title = N_("Xilinx AXI interrupt controller"),
		.meaning = N_("device in an FPGA (Xilinx AXI INTC)"),
		.what = N_("A controller built in FPGA logic, for MicroBlaze, PowerPC or Zynq. "
			   "Lines mean what the FPGA design made of them."),
		.raised_by = N_("Devices in the FPGA."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "drivers/irqchip/irq-xilinx-intc.c (intc_dev)",
	},
	{
		CHIP("*sun4*", OTHER),
		.title = N_("SPARC64 interrupt"),
		.meaning = N_("device interrupt of a SPARC64 machine"),
		.what = N_("sun4u is older hardware, sun4v a machine with the SPARC hypervisor, "
			   "vsun4v a virtual device's interrupt there."),
		.raised_by = N_("Network cards, NVMe disks, HBAs and other PCIe devices."),
		.normal = N_("Follows the load of the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Set affinity as usual."),
		.source = "arch/sparc/kernel/irq_64.c (sun4u_irq, sun4v_irq, sun4v_virq)",
	},
	{
		CHIP("zPCI*", OTHER),
		.title = N_("PCI MSI on s390 (old name)"),
		.meaning = N_("PCI message-signalled interrupt of s390"),
		.what = N_("MSI of a PCI function, carried by an adapter interrupt (rows PCI, PCF, "
			   "PCD). Newer kernels print PCI-MSI."),
		.raised_by = N_("Network cards, NVMe disks, HBAs and other PCIe devices."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_("Affinity can be set only with directed interrupts (row PCD counts)."),
		.source = "arch/s390/pci/pci_irq.c (zpci_irq_chip)",
	},
	{
		CHIP("*[Gg][Pp][Ii][Oo]*", PLATFORM),
		.title = N_("GPIO pin"),
		.meaning = N_("interrupt of a GPIO pin"),
		.what = N_("A pin that was set up as an interrupt input. The pins of one block "
			   "reach the CPU through one parent interrupt, so a pin's affinity cannot "
			   "be set on its own. hwirq is the pin."),
		.raised_by =
			N_("Buttons, card-detect and alert pins, touch screens, PHYs, sensors."),
		.normal = N_("One per event: key presses, touches, plugging."),
		.high = N_("Thousands per second: a floating or bouncing pin, or a level that "
			   "nobody clears."),
		.todo = N_("See /sys/kernel/debug/gpio and /sys/kernel/debug/pinctrl; unbind the "
			   "driver to test."),
		.source = "drivers/gpio/gpiolib.c, for example drivers/pinctrl/pinctrl-amd.c",
	},
	{
		CHIP("*pinctrl*", PLATFORM),
		.title = N_("Pin controller"),
		.meaning = N_("interrupt of a pin (pin controller)"),
		.what = N_("A pin that was set up as an interrupt input by the SoC's pin "
			   "controller. hwirq is the pin."),
		.raised_by =
			N_("Buttons, card-detect and alert pins, touch screens, PHYs, sensors."),
		.normal = N_("One per event: key presses, touches, plugging."),
		.high = N_("Thousands per second: a floating or bouncing pin, or a level that "
			   "nobody clears."),
		.todo = N_("See /sys/kernel/debug/gpio and /sys/kernel/debug/pinctrl; unbind the "
			   "driver to test."),
		.source =
			"drivers/gpio/gpiolib.c, for example drivers/pinctrl/bcm/pinctrl-bcm2835.c",
	},
	{
		CHIP("ARMH0061*", PLATFORM),
		.title = N_("GPIO pin of an Arm server (PL061)"),
		.meaning = N_("GPIO pin of an Arm server or VM: power button"),
		.what = N_("ARMH0061 is the ACPI name of the PL061 GPIO block. Clouds and QEMU "
			   "send the shutdown request through it."),
		.raised_by = N_("The host, when it asks for shutdown."),
		.normal = N_("Zero until a shutdown is asked for."),
		.high = N_("Thousands per second: a floating or bouncing pin, or a level that "
			   "nobody clears."),
		.todo = N_("See /sys/kernel/debug/gpio and /sys/kernel/debug/pinctrl; unbind the "
			   "driver to test."),
		.source = "drivers/gpio/gpio-pl061.c",
	},
	{
		CHIP("INT[0-9C]*:[0-9]*", PLATFORM),
		.title = N_("GPIO pin of an Intel chipset"),
		.meaning = N_("GPIO pin of an Intel chipset: touchpad, sensors"),
		.what = N_("The name is the ACPI name of the pin controller, such as INT34C5:00 or "
			   "INTC1055:00. hwirq is the pin. They share the pin controller's own "
			   "interrupt."),
		.raised_by = N_("Touchpads, touch screens, card readers, fingerprint sensors."),
		.normal = N_("Up to some hundred per second while touched."),
		.high = N_("Thousands per second: a floating or bouncing pin, or a level that "
			   "nobody clears."),
		.todo = N_("See /sys/kernel/debug/gpio and /sys/kernel/debug/pinctrl; unbind the "
			   "driver to test."),
		.source = "drivers/pinctrl/intel/pinctrl-intel.c",
	},
	{
		CHIP("*8259*", OTHER),
		.title = N_("8259 interrupt controller"),
		.meaning = N_("legacy ISA interrupt line (8259)"),
		.what = N_("The PC's old controller on other machines (PowerPC, MIPS), for ISA "
			   "devices behind a bridge."),
		.raised_by = N_("Keyboard, serial and parallel ports, IDE."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "arch/powerpc/sysdev/i8259.c (i8259_pic)",
	},
	{
		CHIP("*MSI*", OTHER),
		.title = N_("Message-signalled interrupt"),
		.meaning = N_("message-signalled interrupt of another controller"),
		.what = N_(
			"The device writes a message instead of pulling a line. The rest of the "
			"name tells the controller, often that of the PCIe bridge of a SoC, where "
			"all messages may share one parent interrupt and then cannot be moved."),
		.raised_by = N_("Network cards, NVMe disks, HBAs and other PCIe devices."),
		.normal = N_("One vector per queue, plus one or two for events and errors."),
		.high = N_("One busy vector: the load reaches one queue only."),
		.todo = N_(
			"If setting the affinity fails, move the parent interrupt of the bridge."),
		.source = "kernel/irq/msi.c (msi_create_device_irq_domain)",
	},
	{
		CHIP("*INTC*", OTHER),
		.title = N_("Interrupt controller of a SoC"),
		.meaning = N_("on-chip device (controller of the SoC)"),
		.what = N_("INTC is a common name for the interrupt controller of a small chip; "
			   "the driver differs from SoC to SoC."),
		.raised_by = N_("On-chip devices of the SoC, wired to its inputs."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Read the action's name; /sys/kernel/irq/N/ has trigger and hwirq."),
		.source = "kernel/irq/proc.c (show_interrupts), for example "
			  "drivers/irqchip/irq-xilinx-intc.c",
	},
	{
		CHIP("[Nn]one", OTHER),
		.title = N_("No interrupt controller"),
		.meaning = N_("no interrupt controller is attached"),
		.what = N_("The number exists but no controller stands behind it; nothing can "
			   "arrive."),
		.raised_by = N_("No source: nothing raises it."),
		.normal = N_("Zero."),
		.high = N_("Old counts: the device or its controller is gone."),
		.todo = N_("Read dmesg for the device that failed to set up its interrupt."),
		.source =
			"kernel/irq/proc.c (show_interrupts), kernel/irq/dummychip.c (no_irq_chip)",
	},
	{
		CHIP("-", OTHER),
		.title = N_("Unnamed interrupt controller"),
		.meaning = N_("interrupt controller without a name"),
		.what = N_("The interrupt works, but its driver gave the controller no name. Usual "
			   "on vendor kernels of phones and routers."),
		.raised_by = N_("On-chip devices of the SoC, wired to its inputs."),
		.normal = N_("One row per input in use; the rate follows the device."),
		.high = N_("A rate that does not follow the device's work: a line that is not "
			   "silenced, or noise."),
		.todo = N_("Look at the action's name only; controller and wiring cannot be told."),
		.source = "kernel/irq/proc.c (show_interrupts)",
	},
	{.key = NULL},
};
