/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions of storage controllers: NVMe, SAS and RAID adapters, SATA, Fibre Channel, memory cards.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ACTION(glob, sort, of)                                                                     \
	.group = LORE_ACTION, .key = glob, .kind = IRQ_KIND_##sort, .class = IRQ_CLASS_##of

static const char hba_by[] = N_("The adapter, when it has put finished commands into the reply "
				"queue of this vector.");
static const char hba_normal[] = N_("Zero when idle; under load up to one interrupt per "
				    "finished command, fewer where the adapter coalesces.");
static const char hba_high[] = N_("Follows the I/O rate: compare with iostat -x 1. Much more "
				  "than the I/Os: the line is shared or stuck.");
static const char managed_do[] = N_("Nothing to place: the kernel owns these vectors (managed) "
				    "and writes to smp_affinity fail. For the I/O itself: iostat "
				    "-x 1.");
static const char hba_do[] = N_("Find the source of the I/O (iostat -x 1, pidstat -d 1); "
				"rq_affinity=2 in /sys/block/DISK/queue moves completions to the "
				"submitting CPU.");
static const char slow_normal[] = N_("Zero when idle, some hundreds to thousands a second under "
				     "load.");
static const char slow_high[] = N_("Follows the I/O rate. With no I/O (iostat): link resets, a "
				   "failing device or a shared line; dmesg tells.");
static const char slow_do[] = N_("iostat -x 1 for the load, dmesg and smartctl -a for errors; "
				 "irqctl show for others on the same line.");

#define TEXT_MEGARAID                                                                              \
	.title = N_("Broadcom MegaRAID reply queue"),                                              \
	.meaning = N_("finished commands of a MegaRAID adapter"),                                  \
	.what = N_("One reply queue of a MegaRAID controller. Most vectors belong to "             \
		   "the kernel; the first ones of newer cards are for low latency and "            \
		   "can be set."),                                                                 \
	.raised_by = hba_by, .normal = hba_normal, .high = hba_high, .todo = managed_do,           \
	.source = "drivers/scsi/megaraid/megaraid_sas_base.c (megasas_setup_irqs_msix)"

#define TEXT_BROADCOM_SAS_ADAPTER                                                                  \
	.title = N_("Broadcom SAS adapter reply queue"),                                           \
	.meaning = N_("finished commands of a Broadcom/LSI SAS adapter"),                          \
	.what = N_("One reply queue of a SAS host adapter (mpt3sas, mpi3mr). The kernel spreads "  \
		   "the queues over the CPUs itself; vector 0 also carries events."),              \
	.raised_by = hba_by, .normal = hba_normal, .high = hba_high, .todo = managed_do

#define TEXT_SAS_SCSI_ADAPTER                                                                      \
	.title = N_("SAS or SCSI adapter"),                                                        \
	.meaning = N_("finished commands of a SAS or SCSI adapter"),                               \
	.what = N_("A SAS or SCSI host adapter: HiSilicon hisi_sas, Intel C600 isci, Microchip "   \
		   "pm80xx, Areca arcmsr, 3ware and older parallel SCSI cards."),                  \
	.raised_by = hba_by, .normal = hba_normal, .high = hba_high, .todo = hba_do

#define TEXT_FIBRE_CHANNEL_ISCSI                                                                   \
	.title = N_("Fibre Channel or iSCSI adapter"),                                             \
	.meaning = N_("finished commands and link events of a QLogic adapter"),                    \
	.what = N_("A QLogic or Brocade adapter. default handles mailbox commands and link "       \
		   "events, rsp_q and qpair_multiqN are response queues, atio_q serves target "    \
		   "mode."),                                                                       \
	.raised_by = hba_by, .normal = hba_normal,                                                 \
	.high = N_("On default: the link goes up and down or the fabric changes. On the others: "  \
		   "the I/O rate."),                                                               \
	.todo = N_("Check /sys/class/fc_host/hostN (port_state, statistics) and dmesg; the "       \
		   "qpair vectors belong to the kernel.")

#define TEXT_VIRTUAL_FIBRE_CHANNEL                                                                 \
	.title = N_("Virtual Fibre Channel or SCSI of IBM Power"),                                 \
	.meaning = N_("finished commands of a Power partition's disks"),                           \
	.what = N_("The virtual host adapter of a PowerVM partition; the I/O server answers "      \
		   "through it."),                                                                 \
	.raised_by = N_("The hypervisor, when the virtual I/O server has answered."),              \
	.normal = hba_normal, .high = hba_high, .todo = hba_do

#define TEXT_ATA_CONTROLLER_LEGACY                                                                 \
	.title = N_("ATA controller, legacy mode"),                                                \
	.meaning = N_("finished commands of IDE or older SATA drives"),                            \
	.what = N_("An IDE or pre-AHCI SATA controller. The classic two channels use IRQ 14 and "  \
		   "15. Virtual machines have it for CD-ROM drives."),                             \
	.raised_by = N_("The controller, once per command or per block in PIO mode."),             \
	.normal = slow_normal,                                                                     \
	.high = N_(                                                                                \
		"A drive that fell back to PIO mode needs an interrupt per block; dmesg tells."),  \
	.todo = N_("Switch the firmware to AHCI, in a virtual machine use virtio disks.")

#define TEXT_MEMORY_CARD_EMMC                                                                      \
	.title = N_("Memory card or eMMC controller"),                                             \
	.meaning = N_("transfers of an SD card, eMMC or SDIO device"),                             \
	.what = N_("The host controller of SD cards and eMMC. It also carries the interrupts of "  \
		   "SDIO devices such as Wi-Fi chips."),                                           \
	.raised_by =                                                                               \
		N_("The controller, several times per transfer: command, data, card events."),     \
	.normal = slow_normal,                                                                     \
	.high = N_("Without I/O: an SDIO Wi-Fi chip is busy, or a card makes errors (dmesg: "      \
		   "mmc0)."),                                                                      \
	.todo = slow_do

const struct lore lore_actions_storage[] = {
	{
		ACTION("nvme[0-9]*q0", DEVICE, STORAGE),
		.title = N_("NVMe admin queue"),
		.meaning = N_("admin commands and events of an NVMe drive"),
		.what = N_("Queue 0 of an NVMe controller: identify, log pages, asynchronous "
			   "events. It carries no data. With a single vector it also serves I/O "
			   "queue 1."),
		.raised_by = N_("The drive, when an admin command is done."),
		.normal = N_("Some dozens at start-up, then one whenever a tool asks (nvme "
			     "smart-log, monitoring)."),
		.high = N_("A monitor polls too often, or the drive is being reset; dmesg shows "
			   "resets."),
		.todo = N_("nvme error-log and dmesg. This vector is not managed: its affinity "
			   "can be set, unlike that of the I/O queues."),
		.source = "drivers/nvme/host/pci.c (queue_request_irq)",
	},
	{
		ACTION("nvme[0-9]*q[0-9]*", DEVICE, STORAGE),
		.title = N_("NVMe I/O queue"),
		.meaning = N_("finished reads and writes of an NVMe drive"),
		.what = N_("One completion queue of an NVMe drive, with the CPUs that submit to "
			   "it. The kernel spreads the queues over the CPUs itself."),
		.raised_by = N_("The drive, when commands of this queue are done."),
		.normal = N_("Zero when idle; up to one per I/O, easily 100,000 a second on a "
			     "busy drive."),
		.high = N_("Many small I/Os and no coalescing in the drive. One CPU with far "
			   "more than the others: one busy process, or fewer queues than CPUs."),
		.todo = N_("Not movable (managed). Coalescing: nvme set-feature -f 8; polling: "
			   "nvme.poll_queues=N with io_uring; keep off isolated CPUs with "
			   "isolcpus=managed_irq."),
		.source = "drivers/nvme/host/pci.c (queue_request_irq)",
	},
	{ACTION("megasas*", DEVICE, STORAGE), TEXT_MEGARAID},
	{ACTION("megaraid_sas*", DEVICE, STORAGE), TEXT_MEGARAID},
	{ACTION("mpt[23]sas*", DEVICE, STORAGE), TEXT_BROADCOM_SAS_ADAPTER,
	 .source = "drivers/scsi/mpt3sas/mpt3sas_base.c (_base_request_irq)"},
	{ACTION("mpi3mr*", DEVICE, STORAGE), TEXT_BROADCOM_SAS_ADAPTER,
	 .source = "drivers/scsi/mpi3mr/mpi3mr_fw.c (mpi3mr_request_irq)"},
	{
		ACTION("smartpqi*", DEVICE, STORAGE),
		.title = N_("Microchip SmartPQI queue"),
		.meaning = N_("finished commands of a Smart Array or Adaptec adapter"),
		.what = N_("One queue group of a SmartPQI controller (HPE Smart Array Gen10, "
			   "Adaptec SmartRAID). All rows have the same name; the kernel spreads "
			   "them."),
		.raised_by = hba_by,
		.normal = hba_normal,
		.high = hba_high,
		.todo = managed_do,
		.source = "drivers/scsi/smartpqi/smartpqi_init.c (pqi_request_irqs)",
	},
	{
		ACTION("hpsa*", DEVICE, STORAGE),
		.title = N_("HPE Smart Array reply queue"),
		.meaning = N_("finished commands of a Smart Array adapter"),
		.what = N_("One reply queue of an HPE Smart Array controller before Gen10. A "
			   "single row without a number is its old single-vector mode."),
		.raised_by = hba_by,
		.normal = hba_normal,
		.high = hba_high,
		.todo = managed_do,
		.source = "drivers/scsi/hpsa.c (hpsa_request_irqs)",
	},
	{
		ACTION("aacraid*", DEVICE, STORAGE),
		.title = N_("Adaptec RAID adapter"),
		.meaning = N_("finished commands of an Adaptec RAID adapter"),
		.what = N_("One vector of an Adaptec (Microchip) RAID controller; several rows "
			   "carry the same name."),
		.raised_by = hba_by,
		.normal = hba_normal,
		.high = hba_high,
		.todo = hba_do,
		.source = "drivers/scsi/aacraid/commsup.c (aac_acquire_irq)",
	},
	{ACTION("hisi_sas*", DEVICE, STORAGE), TEXT_SAS_SCSI_ADAPTER,
	 .source = "drivers/scsi/hisi_sas/hisi_sas_v3_hw.c (interrupt_init_v3_hw)"},
	{ACTION("isci-*", DEVICE, STORAGE), TEXT_SAS_SCSI_ADAPTER,
	 .source = "drivers/scsi/isci/init.c (isci_setup_interrupts)"},
	{ACTION("pm80*", DEVICE, STORAGE), TEXT_SAS_SCSI_ADAPTER,
	 .source = "drivers/scsi/pm8001/pm8001_init.c (pm8001_setup_msix)"},
	{ACTION("arcmsr*", DEVICE, STORAGE), TEXT_SAS_SCSI_ADAPTER,
	 .source = "drivers/scsi/arcmsr/arcmsr_hba.c (arcmsr_request_irq)"},
	{ACTION("3w-*", DEVICE, STORAGE), TEXT_SAS_SCSI_ADAPTER,
	 .source = "drivers/scsi/3w-9xxx.c (twa_interrupt)"},
	{ACTION("aic[79]*", DEVICE, STORAGE), TEXT_SAS_SCSI_ADAPTER,
	 .source = "drivers/scsi/aic7xxx/aic7xxx_osm.c (ahc_linux_isr)"},
	{ACTION("sym53c*", DEVICE, STORAGE), TEXT_SAS_SCSI_ADAPTER,
	 .source = "drivers/scsi/sym53c8xx_2/sym_glue.c (sym53c8xx_intr)"},
	{
		ACTION("ioc[0-9]*", DEVICE, STORAGE),
		.title = N_("LSI Fusion MPT adapter"),
		.meaning = N_("finished commands of an old LSI adapter, also VMware's"),
		.what = N_("The I/O controller of an LSI Fusion MPT card. Virtual machines of "
			   "VMware have it as \"LSI Logic\" disk controller."),
		.raised_by = hba_by,
		.normal = hba_normal,
		.high = hba_high,
		.todo = N_("In a VMware guest, change the controller to PVSCSI or NVMe for busy "
			   "disks."),
		.source = "drivers/message/fusion/mptbase.c (mpt_do_ioc_recovery)",
	},
	{
		ACTION("vmw_pvscsi", DEVICE, STORAGE),
		.title = N_("VMware paravirtual SCSI"),
		.meaning = N_("finished disk commands of a VMware guest"),
		.what = N_("The paravirtual disk controller of VMware. It has one vector for "
			   "all its disks."),
		.raised_by = N_("The hypervisor, when commands are done."),
		.normal = hba_normal,
		.high = hba_high,
		.todo = N_("Put busy disks on several PVSCSI controllers, up to four per "
			   "machine, so that several CPUs share the work."),
		.source = "drivers/scsi/vmw_pvscsi.c (pvscsi_isr)",
	},
	{ACTION("qla2xxx*", DEVICE, STORAGE), TEXT_FIBRE_CHANNEL_ISCSI,
	 .source = "drivers/scsi/qla2xxx/qla_isr.c (qla24xx_enable_msix)"},
	{ACTION("qla4xxx*", DEVICE, STORAGE), TEXT_FIBRE_CHANNEL_ISCSI,
	 .source = "drivers/scsi/qla4xxx/ql4_isr.c (qla4xxx_request_irqs)"},
	{ACTION("bfa-*", DEVICE, STORAGE), TEXT_FIBRE_CHANNEL_ISCSI,
	 .source = "drivers/scsi/bfa/bfad.c (bfad_install_msix_handler)"},
	{
		ACTION("lpfc*", DEVICE, STORAGE),
		.title = N_("Emulex Fibre Channel adapter"),
		.meaning = N_("finished commands and link events of an Emulex adapter"),
		.what = N_("One event queue of an Emulex Fibre Channel adapter; FCP and NVMe "
			   "over FC commands complete through it."),
		.raised_by = hba_by,
		.normal = hba_normal,
		.high = hba_high,
		.todo = N_("Check /sys/class/fc_host/hostN and dmesg; the driver places its "
			   "vectors itself."),
		.source = "drivers/scsi/lpfc/lpfc_init.c (lpfc_sli4_enable_msix)",
	},
	{ACTION("ibmvfc*", DEVICE, STORAGE), TEXT_VIRTUAL_FIBRE_CHANNEL,
	 .source = "drivers/scsi/ibmvscsi/ibmvfc.c (ibmvfc_interrupt)"},
	{ACTION("ibmvscsi*", DEVICE, STORAGE), TEXT_VIRTUAL_FIBRE_CHANNEL,
	 .source = "drivers/scsi/ibmvscsi/ibmvscsi.c (ibmvscsi_handle_event)"},
	{
		ACTION("ahci*", DEVICE, STORAGE),
		.title = N_("SATA controller (AHCI)"),
		.meaning = N_("finished commands of SATA drives"),
		.what = N_("A SATA host controller. Most have one vector for all ports; some "
			   "have one per port (ahciN)."),
		.raised_by = N_("The controller, when a drive has finished a command, or at "
				"link events."),
		.normal = slow_normal,
		.high = slow_high,
		.todo = slow_do,
		.source = "drivers/ata/libahci.c (ahci_host_activate)",
	},
	{ACTION("ata_*", DEVICE, STORAGE), TEXT_ATA_CONTROLLER_LEGACY,
	 .source = "drivers/ata/libata-sff.c (ata_pci_sff_activate_host)"},
	{ACTION("sata_*", DEVICE, STORAGE), TEXT_ATA_CONTROLLER_LEGACY,
	 .source = "drivers/ata/libata-core.c (ata_host_activate)"},
	{ACTION("pata_*", DEVICE, STORAGE), TEXT_ATA_CONTROLLER_LEGACY,
	 .source = "drivers/ata/libata-sff.c (ata_pci_sff_activate_host)"},
	{ACTION("ide[0-9]*", DEVICE, STORAGE), TEXT_ATA_CONTROLLER_LEGACY,
	 .source = "drivers/ide/ide-probe.c (init_irq; up to Linux 5.13)"},
	{
		ACTION("vmd[0-9]*", DEVICE, STORAGE),
		.title = N_("Intel Volume Management Device"),
		.meaning = N_("NVMe drives behind the CPU's VMD bridge"),
		.what = N_("All devices behind Intel VMD share its few vectors. The interrupt "
			   "is passed on to the nvme rows, so one I/O counts twice."),
		.raised_by = N_("The VMD, for the drives behind it."),
		.normal = N_("As many as the NVMe queues behind it."),
		.high = N_("Follows the I/O rate; the shared vectors can be a bottleneck."),
		.todo = N_("Disable VMD in the firmware if no VROC RAID is used: the drives "
			   "then get their own vectors. Check first that the system still boots "
			   "from them."),
		.source = "drivers/pci/controller/vmd.c (vmd_irq)",
	},
	{
		ACTION("mtip32xx*", DEVICE, STORAGE),
		.title = N_("Micron RealSSD"),
		.meaning = N_("finished commands of a Micron PCIe SSD"),
		.what = N_("An early PCIe flash drive with its own interface."),
		.raised_by = N_("The drive, when commands are done."),
		.normal = hba_normal,
		.high = hba_high,
		.todo = hba_do,
		.source = "drivers/block/mtip32xx/mtip32xx.c (mtip_irq_handler)",
	},
	{ACTION("mmc[0-9]*", DEVICE, STORAGE), TEXT_MEMORY_CARD_EMMC,
	 .source = "drivers/mmc/host/sdhci.c (sdhci_irq)"},
	{ACTION("*msdc*", DEVICE, STORAGE), TEXT_MEMORY_CARD_EMMC,
	 .source = "drivers/mmc/host/mtk-sd.c (msdc_irq)"},
	{ACTION("dw-mci*", DEVICE, STORAGE), TEXT_MEMORY_CARD_EMMC,
	 .source = "drivers/mmc/host/dw_mmc.c (dw_mci_interrupt)"},
	{ACTION("mmci-*", DEVICE, STORAGE), TEXT_MEMORY_CARD_EMMC,
	 .source = "drivers/mmc/host/mmci.c (mmci_irq)"},
	{ACTION("sdhci*", DEVICE, STORAGE), TEXT_MEMORY_CARD_EMMC,
	 .source = "drivers/mmc/host/sdhci.c (sdhci_irq)"},
	{ACTION("*[.-]mmc*", DEVICE, STORAGE), TEXT_MEMORY_CARD_EMMC,
	 .source = "drivers/mmc/host/sunxi-mmc.c (sunxi_mmc_irq)"},
	{ACTION("*.sdhci", DEVICE, STORAGE), TEXT_MEMORY_CARD_EMMC,
	 .source = "drivers/mmc/host/sdhci.c (sdhci_irq)"},
	{
		ACTION("ufshcd*", DEVICE, STORAGE),
		.title = N_("UFS flash controller"),
		.meaning = N_("finished commands of UFS flash"),
		.what = N_("The controller of the flash storage in phones, tablets and some "
			   "laptops."),
		.raised_by = N_("The controller, when commands or power-mode changes are done."),
		.normal = slow_normal,
		.high = slow_high,
		.todo = slow_do,
		.source = "drivers/ufs/core/ufshcd.c (ufshcd_intr)",
	},
	{
		ACTION("floppy", DEVICE, STORAGE),
		.title = N_("Floppy disk controller"),
		.meaning = N_("floppy disk commands"),
		.what = N_("The PC floppy controller on IRQ 6. It appears when its driver is "
			   "loaded, with or without a drive."),
		.raised_by = N_("The controller, when a seek or a transfer is done."),
		.normal = N_("Zero, or a few from probing."),
		.high = N_("A program polls the drive."),
		.todo = N_("Remove the module: modprobe -r floppy."),
		.source = "drivers/block/floppy.c (floppy_interrupt)",
	},
	{.key = NULL},
};
