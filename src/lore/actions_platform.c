/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions of the chipset and the board: ACPI, buses, PCIe ports, IOMMUs, DMA engines, sensors,
 * management and crypto processors.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ACTION(glob, sort, of)                                                                     \
	.group = LORE_ACTION, .key = glob, .kind = IRQ_KIND_##sort, .class = IRQ_CLASS_##of

static const char zero[] = N_("Zero, or a few.");
static const char none[] = N_("Nothing: it is harmless.");
static const char port_do[] = N_("Read dmesg; lspci -vv of the port and the device below it; "
				 "reseat or replace the device or its slot.");
static const char iommu_high[] = N_("A device does DMA to addresses it was not given: a driver "
				    "bug, broken hardware or firmware.");
static const char iommu_do[] = N_("dmesg names the device (BDF) and the address; update its "
				  "driver and the BIOS.");
static const char bus_by[] = N_("The controller, for each transfer or filled FIFO.");
static const char bus_high[] = N_("A device on this bus is polled or interrupts all the time; "
				  "without traffic the line is stuck.");
static const char dma_by[] = N_("The DMA engine, when a transfer is done.");
static const char bus_normal[] = N_("Zero when idle, some hundreds a second while sensors or "
				    "touchpads are read.");
static const char dma_high[] = N_("Many small transfers.");
static const char dma_do[] = N_("See /sys/class/dma/*/in_use and bytes_transferred for the "
				"channel in use.");
static const char dma_normal[] = N_("Zero without users, else with the transfer rate of the "
				    "devices it serves.");

#define TEXT_PCIE_ERROR_REPORT                                                                     \
	.title = N_("PCIe error report"),                                                          \
	.meaning = N_("corrected and fatal errors on a PCIe link"),                                \
	.what = N_("Advanced error reporting: a device or a link below this port has seen an "     \
		   "error."),                                                                      \
	.raised_by = N_("The root port, when an error message reaches it."),                       \
	.normal = N_("Zero."),                                                                     \
	.high = N_("Corrected errors: a bad slot, riser or cable, or power saving (ASPM). "        \
		   "Uncorrected: the device fails."),                                              \
	.todo = N_("dmesg and aer_dev_correctable in the device's sysfs directory; reseat; "       \
		   "pcie_aspm=off as a test."),                                                    \
	.source = "drivers/pci/pcie/aer.c (aer_irq)"

#define TEXT_IOMMU                                                                                 \
	.title = N_("IOMMU"), .meaning = N_("DMA faults and page requests"),                       \
	.what = N_("The IOMMU (AMD-Vi, ARM SMMU) reports a forbidden access, a page request, or "  \
		   "an error of its own."),                                                        \
	.raised_by = N_("The IOMMU, when a device does a forbidden access, or asks for a page."),  \
	.normal = N_("Zero."), .high = iommu_high, .todo = iommu_do

#define TEXT_GPIO_CONTROLLER                                                                       \
	.title = N_("GPIO controller"),                                                            \
	.meaning = N_("pins of a GPIO controller: touchpad, buttons, lid"),                        \
	.what = N_("The common line of a GPIO controller. Interrupts of single pins have rows "    \
		   "of their own, so one event counts in both."),                                  \
	.raised_by = N_("The controller, when one of its pins changes."),                          \
	.normal = N_("As many as the rows of its pins."),                                          \
	.high = N_("More than its pins together: a stuck or badly described pin."),                \
	.todo = N_("/sys/kernel/debug/gpio; gpiolib_acpi.ignore_interrupt=CHIP@PIN on the "        \
		   "command line silences a pin.")

#define TEXT_SMBUS_INTEL_CHIPSET                                                                   \
	.title = N_("SMBus of the Intel chipset"),                                                 \
	.meaning = N_("sensors, memory modules and alerts on the SMBus"),                          \
	.what = N_("The slow management bus of the chipset, often on a shared line."),             \
	.raised_by = bus_by, .normal = zero, .high = bus_high,                                     \
	.todo = N_("Stop the sensor polling (lm-sensors, decode-dimms); "                          \
		   "i2c_i801.disable_features=0x10 turns its interrupts off.")

#define TEXT_SPI_BUS_CONTROLLER                                                                    \
	.title = N_("SPI bus controller"), .meaning = N_("flash, sensors and displays on SPI"),    \
	.what = N_("An SPI controller: one interrupt per transfer or per filled FIFO."),           \
	.raised_by = bus_by, .normal = bus_normal, .high = bus_high,                               \
	.todo = N_("See the devices in /sys/bus/spi/devices; use DMA where the driver can.")

#define TEXT_DMA_ENGINE                                                                            \
	.title = N_("DMA engine"),                                                                 \
	.meaning = N_("finished transfers for sound, SD card, SPI, serial"),                       \
	.what = N_("A DMA controller of the chip that moves data for other devices."),             \
	.raised_by = dma_by, .normal = dma_normal, .high = dma_high, .todo = dma_do

#define TEXT_MAILBOX_ANOTHER_PROCESSOR                                                             \
	.title = N_("Mailbox to another processor"),                                               \
	.meaning = N_("messages from the firmware or a co-processor"),                             \
	.what = N_("A doorbell between the CPUs and another processor of the chip: power "         \
		   "control, GPU firmware, sensors."),                                             \
	.raised_by = N_("The other processor, when it has answered or has news."),                 \
	.normal = N_("A few a second (frequency changes, sensors); thousands while the "           \
		     "Raspberry Pi's camera or video works."),                                     \
	.high = N_("The CPU frequency changes too often, or a monitor polls firmware sensors."),   \
	.todo = N_("Try another cpufreq governor; slow the monitor down.")

#define TEXT_MANAGEMENT_CONTROLLER_BMC                                                             \
	.title = N_("Management controller (BMC)"),                                                \
	.meaning = N_("messages of the BMC: sensors, watchdog, event log"),                        \
	.what = N_("The server's management controller (IPMI, HPE iLO) answers a request or has "  \
		   "an event."),                                                                   \
	.raised_by = N_("The BMC."),                                                               \
	.normal = N_("A few a second while a monitor reads sensors, else zero."),                  \
	.high = N_("A monitor reads all sensors too often."),                                      \
	.todo = N_("Slow ipmitool or the exporter down; ipmi_si.kipmid_max_busy_us=100 if "        \
		   "kipmi0 eats a CPU.")

#define TEXT_CRYPTO_SECURITY_PROCESSOR                                                             \
	.title = N_("Crypto or security processor"),                                               \
	.meaning = N_("finished cipher jobs or firmware commands"),                                \
	.what = N_("Intel QuickAssist (qat), AMD secure processor (ccp: ciphers, psp: commands "   \
		   "for SEV and firmware TPM), NXP CAAM (jr)."),                                   \
	.raised_by = N_("The processor, when jobs of this ring are done."),                        \
	.normal = N_("Zero without users."), .high = N_("Many small jobs."),                       \
	.todo = N_("Let the software batch or poll; place the vectors on the device's NUMA node.")

#define TEXT_SECURITY_CHIP_TPM                                                                     \
	.title = N_("Security chip (TPM)"), .meaning = N_("finished TPM commands"),                \
	.what = N_("The TPM has finished a command: measured boot, disk keys, random numbers."),   \
	.raised_by = N_("The TPM."), .normal = zero,                                               \
	.high = N_("Thousands: a known storm on some laptops; recent kernels detect it and poll "  \
		   "instead."),                                                                    \
	.todo = N_("tpm_tis.interrupts=0 on the command line.")

#define TEXT_CHROMEBOOK_EMBEDDED_CONTROLLER                                                        \
	.title = N_("Chromebook embedded controller"),                                             \
	.meaning = N_("keyboard, battery and sensor events of the controller"),                    \
	.what = N_("The controller that runs keyboard, battery, lid and sensors of Chromebooks "   \
		   "and Framework laptops."),                                                      \
	.raised_by = N_("The embedded controller."),                                               \
	.normal = N_("A few a second; more while typing or with sensors in use."),                 \
	.high = N_("A sensor streams, or the battery reports all the time."),                      \
	.todo = N_("ectool; stop iio-sensor-proxy to prove it."),                                  \
	.source = "drivers/platform/chrome/cros_ec.c (cros_ec_irq_handler)"

#define TEXT_MEMORY_CACHE_ERROR                                                                    \
	.title = N_("Memory or cache error"),                                                      \
	.meaning = N_("corrected or fatal memory errors (EDAC)"),                                  \
	.what = N_("A memory controller or cache reports an error that ECC has found."),           \
	.raised_by = N_("The memory controller or cache."), .normal = N_("Zero."),                 \
	.high = N_("A memory module is going bad."),                                               \
	.todo = N_("edac-util -v or ras-mc-ctl --summary; replace the module it names.")

#define TEXT_WATCHDOG_EARLY_WARNING                                                                \
	.title = N_("Watchdog early warning"),                                                     \
	.meaning = N_("the watchdog is about to reset the machine"),                               \
	.what = N_("The first stage of a hardware watchdog that was not fed in time."),            \
	.raised_by = N_("The watchdog timer."), .normal = N_("Zero."),                             \
	.high = N_("The program that feeds the watchdog hangs."),                                  \
	.todo = N_("See who holds /dev/watchdog (systemd: RuntimeWatchdogSec)."),                  \
	.source = "drivers/watchdog/cadence_wdt.c (cdns_wdt_irq_handler)"

#define TEXT_TEMPERATURE_SENSOR                                                                    \
	.title = N_("Temperature sensor"), .meaning = N_("a temperature limit was crossed"),       \
	.what = N_("A sensor of the chip has crossed a programmed limit."),                        \
	.raised_by = N_("The sensor."), .normal = zero,                                            \
	.high = N_("The chip is at its limit: clocks are lowered."),                               \
	.todo = N_("Check fans and dust; grep . /sys/class/thermal/*/temp.")

#define TEXT_FIRMWARE_EVENT_IBM                                                                    \
	.title = N_("Firmware event of IBM Power"),                                                \
	.meaning = N_("power, cooling, error and hot-plug events (Power)"),                        \
	.what = N_("Events of PowerVM (RAS_EPOW: power and cooling, RAS_ERROR: errors, "           \
		   "RAS_HOTPLUG: resources) or of OPAL firmware (messages, error log, dumps)."),   \
	.raised_by = N_("The firmware or the hypervisor."), .normal = zero,                        \
	.high = N_("Something fails, or the partition is being resized."),                         \
	.todo = N_("dmesg; the tools of ppc64-diag, such as opal-elog-parse.")

const struct lore lore_actions_platform[] = {
	{
		ACTION("acpi", DEVICE, PLATFORM),
		.title = N_("ACPI event interrupt (SCI)"),
		.meaning = N_("buttons, lid, battery, embedded controller, wake-ups"),
		.what = N_("The system control interrupt (IRQ 9): power button, lid, battery "
			   "and AC changes, thermal events and the embedded controller."),
		.raised_by = N_("The chipset, when a general purpose event (GPE) or fixed event "
				"is raised."),
		.normal = N_("Zero on servers, a few a second on laptops."),
		.high = N_("Thousands a second: a GPE storm. A kworker then eats a CPU (kacpid)."),
		.todo = N_("grep . /sys/firmware/acpi/interrupts/gpe* finds the event; update "
			   "the BIOS; echo mask > that file as a stopgap."),
		.source = "drivers/acpi/osl.c (acpi_irq)",
	},
	{
		ACTION("ACPI:*", DEVICE, PLATFORM),
		.title = N_("ACPI event on its own line"),
		.meaning = N_("firmware event by interrupt (Ged) or GPIO pin (Event)"),
		.what = N_("ACPI events of machines without an SCI, mainly ARM servers and "
			   "virtual machines (Ged: power button, memory hot-plug, errors), and "
			   "of GPIO pins that the firmware claims (Event)."),
		.raised_by = N_("The firmware's or the hypervisor's event device, or a GPIO pin."),
		.normal = zero,
		.high = N_("A stuck line or badly described pin."),
		.todo = N_("Update the firmware; gpiolib_acpi.ignore_interrupt=CHIP@PIN on the "
			   "command line silences a pin."),
		.source = "drivers/acpi/evged.c (acpi_ged_irq_handler)",
	},
	{
		ACTION("cascade", DEVICE, PLATFORM),
		.title = N_("Link between the two old PICs"),
		.meaning = N_("placeholder for IRQ 2, never fires"),
		.what = N_("The second 8259 interrupt controller hangs on input 2 of the first. "
			   "No device can use it."),
		.raised_by = N_("Nothing."),
		.normal = N_("Zero."),
		.high = N_("Cannot happen."),
		.todo = none,
		.source = "arch/x86/kernel/irqinit.c (init_ISA_irqs)",
	},
	{
		ACTION("PCIe PME", DEVICE, BRIDGE),
		.title = N_("PCIe wake-up event"),
		.meaning = N_("a sleeping PCIe device asks to be woken"),
		.what = N_("A device below this root port wants to leave a low-power state. The "
			   "same vector often also serves aerdrv, pciehp, bwctrl and pcie-dpc: "
			   "one shared line per port."),
		.raised_by = N_("The root port, for a device below it."),
		.normal = zero,
		.high = N_("Thousands: a PME storm, or one of the other services of the port."),
		.todo = N_("pcie_pme=nomsi in odd cases; dmesg and lspci -vv tell which service "
			   "it is."),
		.source = "drivers/pci/pcie/pme.c (pcie_pme_irq)",
	},
	{ACTION("aerdrv", DEVICE, BRIDGE), TEXT_PCIE_ERROR_REPORT},
	{ACTION("AER", DEVICE, BRIDGE), TEXT_PCIE_ERROR_REPORT},
	{
		ACTION("pciehp", DEVICE, BRIDGE),
		.title = N_("PCIe hot-plug"),
		.meaning = N_("card or drive plugged in or out of a PCIe slot"),
		.what = N_("The slot reports presence, link, button or power changes."),
		.raised_by = N_("The port above the slot."),
		.normal = zero,
		.high = N_("The link of a device goes up and down."),
		.todo = port_do,
		.source = "drivers/pci/hotplug/pciehp_hpc.c (pciehp_isr)",
	},
	{
		ACTION("PCIe bwctrl", DEVICE, BRIDGE),
		.title = N_("PCIe link speed change"),
		.meaning = N_("a PCIe link has changed its speed or width"),
		.what = N_("Bandwidth notification of a port, from 6.13 on."),
		.raised_by = N_("The port above the link."),
		.normal = N_("A few at start-up; some when a GPU changes its power state."),
		.high = N_("An unstable link that retrains all the time."),
		.todo = port_do,
		.source = "drivers/pci/pcie/bwctrl.c (pcie_bwnotif_irq)",
	},
	{
		ACTION("pcie-dpc", DEVICE, BRIDGE),
		.title = N_("PCIe downstream port containment"),
		.meaning = N_("a port has cut off a device after a fatal error"),
		.what = N_("The port has stopped its link to contain an uncorrectable error; "
			   "the kernel then tries to recover the device."),
		.raised_by = N_("The port above the failing device."),
		.normal = N_("Zero."),
		.high = N_("The device below is failing."),
		.todo = port_do,
		.source = "drivers/pci/pcie/dpc.c (dpc_irq)",
	},
	{
		ACTION("dmar[0-9]*", DEVICE, BRIDGE),
		.title = N_("Intel IOMMU"),
		.meaning = N_("DMA or interrupt faults, page requests (VT-d)"),
		.what = N_("The remapping unit reports a forbidden access. A name with -prq is "
			   "for page requests of devices that share memory with programs."),
		.raised_by = N_("The IOMMU, when a device does a forbidden access, or asks for "
				"a page."),
		.normal = N_("Zero; on -prq with the page faults of shared-memory devices."),
		.high = iommu_high,
		.todo = iommu_do,
		.source = "drivers/iommu/intel/dmar.c (dmar_fault)",
	},
	{ACTION("AMD-Vi*", DEVICE, BRIDGE), TEXT_IOMMU,
	 .source = "drivers/iommu/amd/init.c (amd_iommu_int_thread)"},
	{ACTION("arm-smmu*", DEVICE, BRIDGE), TEXT_IOMMU,
	 .source = "drivers/iommu/arm/arm-smmu/arm-smmu.c (arm_smmu_context_fault), "
		   "drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c"},
	{ACTION("M4U_*", DEVICE, BRIDGE), TEXT_IOMMU,
	 .source = "drivers/iommu/mtk_iommu.c (mtk_iommu_isr)"},
	{
		ACTION("thunderbolt", DEVICE, BRIDGE),
		.title = N_("Thunderbolt or USB4 controller"),
		.meaning = N_("control messages and networking over Thunderbolt"),
		.what = N_("Rings of the Thunderbolt controller: hot-plug and tunnel control, "
			   "and packets if two machines are networked by cable."),
		.raised_by = N_("The controller, when a message or packet came or went."),
		.normal = N_("Some dozens when a device is plugged."),
		.high = N_("Thunderbolt networking, or a dock that keeps reconnecting."),
		.todo = N_("boltctl list and dmesg; change the cable."),
		.source = "drivers/thunderbolt/nhi.c (ring_msix)",
	},
	{
		ACTION("yenta", DEVICE, BRIDGE),
		.title = N_("CardBus slot"),
		.meaning = N_("card plugged in or out of an old laptop"),
		.what = N_("The CardBus bridge of old laptops. Its line is nearly always "
			   "shared, so the count belongs to all on it."),
		.raised_by = N_("The bridge, for status changes of the card."),
		.normal = N_("Zero of its own."),
		.high = N_("Another device on the same line."),
		.todo = N_("irqctl show lists the others on the line."),
		.source = "drivers/pcmcia/yenta_socket.c (yenta_interrupt)",
	},
	{ACTION("*[-_.:]gpio*", DEVICE, PLATFORM), TEXT_GPIO_CONTROLLER,
	 .source = "drivers/gpio/gpio-omap.c (omap_gpio_irq_handler)"},
	{ACTION("gpio-*", DEVICE, PLATFORM), TEXT_GPIO_CONTROLLER,
	 .source = "drivers/gpio/gpio-omap.c (omap_gpio_irq_handler)"},
	{ACTION("gpio[0-9]*", DEVICE, PLATFORM), TEXT_GPIO_CONTROLLER,
	 .source = "drivers/gpio/gpio-omap.c (omap_gpio_irq_handler)"},
	{ACTION("pinctrl_amd", DEVICE, PLATFORM), TEXT_GPIO_CONTROLLER,
	 .source = "drivers/pinctrl/pinctrl-amd.c (amd_gpio_irq_handler)"},
	{ACTION("INT34*", DEVICE, PLATFORM), TEXT_GPIO_CONTROLLER,
	 .source = "drivers/pinctrl/intel/pinctrl-intel.c (intel_gpio_irq)"},
	{ACTION("INTC1*", DEVICE, PLATFORM), TEXT_GPIO_CONTROLLER,
	 .source = "drivers/pinctrl/intel/pinctrl-intel.c (intel_gpio_irq)"},
	{ACTION("AMDI0030:*", DEVICE, PLATFORM), TEXT_GPIO_CONTROLLER,
	 .source = "drivers/pinctrl/pinctrl-amd.c (amd_gpio_irq_handler)"},
	{ACTION("i801_smbus", DEVICE, PLATFORM), TEXT_SMBUS_INTEL_CHIPSET,
	 .source = "drivers/i2c/busses/i2c-i801.c (i801_isr)"},
	{ACTION("ismt-*", DEVICE, PLATFORM), TEXT_SMBUS_INTEL_CHIPSET,
	 .source = "drivers/i2c/busses/i2c-ismt.c (ismt_do_interrupt)"},
	{
		ACTION("idma64*", DEVICE, PLATFORM),
		.title = N_("Intel low-power DMA"),
		.meaning = N_("DMA engine of the laptop's I2C, SPI and UART"),
		.what = N_("It shares its line with the I2C, SPI or UART block it belongs to, "
			   "so it shows the count of that one."),
		.raised_by = dma_by,
		.normal = bus_normal,
		.high = bus_high,
		.todo = N_("Look at the i2c row on the same line and the touchpad behind it."),
		.source = "drivers/dma/idma64.c (idma64_irq)",
	},
	{
		ACTION("*i2c*", DEVICE, PLATFORM),
		.title = N_("I2C bus controller"),
		.meaning = N_("touchpads, sensors and power chips on I2C"),
		.what = N_("An I2C controller: several interrupts per message."),
		.raised_by = bus_by,
		.normal = bus_normal,
		.high = bus_high,
		.todo = N_("i2cdetect -l and the devices in /sys/bus/i2c/devices; often a "
			   "touchpad."),
		.source = "drivers/i2c/busses/i2c-designware-master.c (i2c_dw_isr)",
	},
	{ACTION("*[-.]spi*", DEVICE, PLATFORM), TEXT_SPI_BUS_CONTROLLER,
	 .source = "drivers/spi/spi-bcm2835.c (bcm2835_spi_interrupt)"},
	{ACTION("spi_*", DEVICE, PLATFORM), TEXT_SPI_BUS_CONTROLLER,
	 .source = "drivers/spi/spi-dw-core.c (dw_spi_irq)"},
	{
		ACTION("ioat-*", DEVICE, ACCEL),
		.title = N_("Intel I/OAT copy engine"),
		.meaning = N_("finished memory copies of the chipset's DMA engine"),
		.what = N_("QuickData DMA channels of older Xeons; used by dmatest, NTB and "
			   "some storage software."),
		.raised_by = dma_by,
		.normal = N_("Zero: hardly anything uses it."),
		.high = dma_high,
		.todo = dma_do,
		.source = "drivers/dma/ioat/init.c (ioat_dma_setup_interrupts)",
	},
	{
		ACTION("idxd-*", DEVICE, ACCEL),
		.title = N_("Intel data accelerator (DSA, IAA)"),
		.meaning = N_("finished copy or compression jobs, or errors"),
		.what = N_("idxd-portal belongs to a kernel work queue, idxd-misc to errors and "
			   "commands of the device. Programs with a user queue poll and cause "
			   "none."),
		.raised_by = N_("The accelerator, when a job that asked for an interrupt is done."),
		.normal = dma_normal,
		.high = N_("Many small jobs; on idxd-misc: errors."),
		.todo = N_("accel-config list; dmesg for errors."),
		.source = "drivers/dma/idxd/init.c (idxd_misc_thread)",
	},
	{ACTION("DMA IRQ", DEVICE, PLATFORM), TEXT_DMA_ENGINE,
	 .source = "drivers/dma/bcm2835-dma.c (bcm2835_dma_callback)"},
	{ACTION("GDMA*", DEVICE, PLATFORM), TEXT_DMA_ENGINE,
	 .source = "drivers/dma/dmaengine.c (dma_async_device_register)"},
	{ACTION("*[-.]*dma*", DEVICE, PLATFORM), TEXT_DMA_ENGINE,
	 .source = "drivers/dma/pl330.c (pl330_irq_handler)"},
	{ACTION("*mailbox*", DEVICE, PLATFORM), TEXT_MAILBOX_ANOTHER_PROCESSOR,
	 .source = "drivers/mailbox/bcm2835-mailbox.c (bcm2835_mbox_irq)"},
	{ACTION("mhu*", DEVICE, PLATFORM), TEXT_MAILBOX_ANOTHER_PROCESSOR,
	 .source = "drivers/mailbox/arm_mhu.c (mhu_rx_interrupt)"},
	{ACTION("VCHIQ*", DEVICE, PLATFORM), TEXT_MAILBOX_ANOTHER_PROCESSOR,
	 .source = "drivers/staging/vc04_services/interface/vchiq_arm/vchiq_arm.c "
		   "(vchiq_doorbell_irq)"},
	{
		ACTION("mei*", DEVICE, PLATFORM),
		.title = N_("Intel Management Engine"),
		.meaning = N_("messages of the chipset's management processor"),
		.what = N_("The host interface of the Management Engine: firmware services, "
			   "AMT, DRM."),
		.raised_by = N_("The Management Engine."),
		.normal = N_("Some dozens at start-up, then close to zero."),
		.high = N_("A reset loop of the engine: dmesg shows mei_me."),
		.todo = N_("Update the firmware; blacklist mei_me if it is not needed."),
		.source = "drivers/misc/mei/pci-me.c (mei_me_probe)",
	},
	{ACTION("ipmi_*", DEVICE, PLATFORM), TEXT_MANAGEMENT_CONTROLLER_BMC,
	 .source = "drivers/char/ipmi/ipmi_si_intf.c (ipmi_si_irq_handler)"},
	{ACTION("hpilo", DEVICE, PLATFORM), TEXT_MANAGEMENT_CONTROLLER_BMC,
	 .source = "drivers/misc/hpilo.c (ilo_isr)"},
	{ACTION("opal-ipmi", DEVICE, PLATFORM), TEXT_MANAGEMENT_CONTROLLER_BMC,
	 .source = "drivers/char/ipmi/ipmi_powernv.c (ipmi_opal_event)"},
	{ACTION("ccp-[0-9]*", DEVICE, CRYPTO), TEXT_CRYPTO_SECURITY_PROCESSOR,
	 .source = "drivers/crypto/ccp/sp-dev.c (sp_request_ccp_irq)"},
	{ACTION("psp-[0-9]*", DEVICE, CRYPTO), TEXT_CRYPTO_SECURITY_PROCESSOR,
	 .source = "drivers/crypto/ccp/sp-dev.c (sp_request_psp_irq)"},
	{ACTION("sp-[0-9]", DEVICE, CRYPTO), TEXT_CRYPTO_SECURITY_PROCESSOR,
	 .source = "drivers/crypto/ccp/sp-dev.c (sp_irq_handler)"},
	{ACTION("qat*", DEVICE, CRYPTO), TEXT_CRYPTO_SECURITY_PROCESSOR,
	 .source = "drivers/crypto/intel/qat/qat_common/adf_isr.c (adf_msix_isr_ae)"},
	{ACTION("*.jr", DEVICE, CRYPTO), TEXT_CRYPTO_SECURITY_PROCESSOR,
	 .source = "drivers/crypto/caam/jr.c (caam_jr_interrupt)"},
	{ACTION("*crypto*", DEVICE, CRYPTO), TEXT_CRYPTO_SECURITY_PROCESSOR,
	 .source = "drivers/crypto/rockchip/rk3288_crypto.c (rk_crypto_irq_handle)"},
	{ACTION("tpm[0-9]*", DEVICE, CRYPTO), TEXT_SECURITY_CHIP_TPM,
	 .source = "drivers/char/tpm/tpm_tis_core.c (tis_int_handler)"},
	{ACTION("TPM*", DEVICE, CRYPTO), TEXT_SECURITY_CHIP_TPM,
	 .source = "drivers/char/tpm/tpm_tis_core.c (tis_int_handler)"},
	{ACTION("*cr50*", DEVICE, CRYPTO), TEXT_SECURITY_CHIP_TPM,
	 .source = "drivers/char/tpm/tpm_tis_i2c_cr50.c (tpm_cr50_i2c_int_handler)"},
	{ACTION("chromeos-ec*", DEVICE, PLATFORM), TEXT_CHROMEBOOK_EMBEDDED_CONTROLLER},
	{ACTION("cros-ec*", DEVICE, PLATFORM), TEXT_CHROMEBOOK_EMBEDDED_CONTROLLER},
	{ACTION("cros_ec*", DEVICE, PLATFORM), TEXT_CHROMEBOOK_EMBEDDED_CONTROLLER},
	{ACTION("*EDAC*", DEVICE, ERROR), TEXT_MEMORY_CACHE_ERROR,
	 .source = "drivers/edac/mpc85xx_edac.c (mpc85xx_l2_isr)"},
	{ACTION("*_ecc", DEVICE, ERROR), TEXT_MEMORY_CACHE_ERROR,
	 .source = "drivers/cache/sifive_ccache.c (ccache_int_handler)"},
	{ACTION("*watchdog*", DEVICE, PLATFORM), TEXT_WATCHDOG_EARLY_WARNING},
	{ACTION("*[wW][dD][tT]*", DEVICE, PLATFORM), TEXT_WATCHDOG_EARLY_WARNING},
	{ACTION("*thermal*", DEVICE, THERMAL), TEXT_TEMPERATURE_SENSOR,
	 .source = "drivers/thermal/hisi_thermal.c (hisi_thermal_alarm_irq_thread)"},
	{ACTION("*temperature*", DEVICE, THERMAL), TEXT_TEMPERATURE_SENSOR,
	 .source = "drivers/thermal/hisi_thermal.c (hisi_thermal_alarm_irq_thread)"},
	{ACTION("*tsensor*", DEVICE, THERMAL), TEXT_TEMPERATURE_SENSOR,
	 .source = "drivers/thermal/hisi_thermal.c (hisi_thermal_alarm_irq_thread)"},
	{ACTION("*tsadc*", DEVICE, THERMAL), TEXT_TEMPERATURE_SENSOR,
	 .source = "drivers/thermal/rockchip_thermal.c (rockchip_thermal_alarm_irq_thread)"},
	{ACTION("*[.-]tmu*", DEVICE, THERMAL), TEXT_TEMPERATURE_SENSOR,
	 .source = "drivers/thermal/samsung/exynos_tmu.c (exynos_tmu_threaded_irq)"},
	{ACTION("RAS_*", DEVICE, ERROR), TEXT_FIRMWARE_EVENT_IBM,
	 .source = "arch/powerpc/platforms/pseries/ras.c (ras_epow_interrupt)"},
	{ACTION("opal-*", DEVICE, ERROR), TEXT_FIRMWARE_EVENT_IBM,
	 .source = "arch/powerpc/platforms/powernv/opal-irqchip.c (opal_interrupt)"},
	{ACTION("IO_EVENT", DEVICE, ERROR), TEXT_FIRMWARE_EVENT_IBM,
	 .source = "arch/powerpc/platforms/pseries/io_event_irq.c (ioei_interrupt)"},
	{.key = NULL},
};
