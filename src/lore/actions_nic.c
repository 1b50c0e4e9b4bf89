/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions of RDMA devices, wireless cards and embedded network controllers, and the bare names of
 * interfaces. To be searched after lore_actions_net: the bare names are globs that also match the
 * names of queues.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ACTION(glob, sort, of)                                                                     \
	.group = LORE_ACTION, .key = glob, .kind = IRQ_KIND_##sort, .class = IRQ_CLASS_##of

static const char rdma_by[] = N_("The RDMA device, when a completion queue that asked for a "
				 "notification gets an entry.");
static const char rdma_normal[] = N_("Zero without RDMA programs, up to tens of thousands a "
				     "second under load; programs that poll their completion "
				     "queues cause none.");
static const char rdma_high[] = N_("Many small messages with notification after each.");
static const char rdma_do[] = N_("Let the program ask for fewer notifications or poll; rdma "
				 "resource show cq tells who uses the queues; keep the vector on "
				 "the device's NUMA node.");
static const char event_by[] = N_("The NIC's firmware or MAC: link changes, mailbox messages, "
				  "resets, errors.");
static const char event_normal[] = N_("A few at start-up and at every link change or reset, "
				      "then close to zero.");
static const char event_high[] = N_("A steady rate means a flapping link, firmware errors, or "
				    "virtual functions that reset again and again.");
static const char event_do[] = N_("Read dmesg; check the link with ethtool IF and the firmware "
				  "version with ethtool -i IF. Its place does not matter for "
				  "speed.");
static const char wifi_by[] = N_("The wireless card: frames received, frames sent, firmware "
				 "events.");
static const char wifi_normal[] = N_("Tens a second when idle (beacons), thousands under load.");
static const char wifi_high[] = N_("Without traffic: a noisy channel, constant scanning, or a "
				   "firmware that crashes and restarts.");
static const char wifi_do[] = N_("Read dmesg for firmware errors; iw dev IF link and iw dev IF "
				 "scan; update the firmware.");
static const char queue_normal[] = N_("Zero when idle, up to tens of thousands a second per "
				      "queue under load. NAPI polling and moderation keep it "
				      "well below the packet rate.");
static const char queue_high[] = N_("Above about 50,000 a second per queue: coalescing is off "
				    "or too short, or the traffic is many tiny packets. One "
				    "queue busy while its sisters idle: RSS does not spread the "
				    "flows.");
static const char queue_do[] = N_("ethtool -c IF and ethtool -C IF adaptive-rx on (or a larger "
				  "rx-usecs); ethtool -x IF for the RSS table; ethtool -L IF for "
				  "the number of queues; irqctl spread IF.");
static const char nic_by[] = N_("The NIC: packets received, packets sent, link changes, all on "
				"this one line.");
static const char nic_high[] = N_("Above some 10,000 a second: no moderation, or a link at full "
				  "load on one CPU. With packets at zero (ip -s link): a stuck "
				  "or shared line.");
static const char nic_do[] = N_("ethtool -C IF rx-usecs N; spread the protocol work with "
				"rps_cpus; see irqctl show for other users of the same line.");
static const char queue_by[] = N_("The NIC, for packets received or sent on this queue, as soon "
				  "as its moderation timer allows.");

#define TEXT_COMPLETION_EVENT_QUEUE                                                                \
	.title = N_("Completion event queue"),                                                     \
	.meaning = N_("RDMA or NIC completions (irdma, hns, erdma, hinic)"),                       \
	.what = N_("A completion event queue: RDMA completions that a program asked to be told "   \
		   "about (irdma, hns_roce, erdma), or control commands (hinic)."),                \
	.raised_by = rdma_by, .normal = rdma_normal, .high = rdma_high, .todo = rdma_do

#define TEXT_ASYNCHRONOUS_EVENT_QUEUE                                                              \
	.title = N_("Asynchronous event queue"),                                                   \
	.meaning = N_("errors and state changes of an RDMA device or NIC"),                        \
	.what = N_("Events that belong to no completion: broken connections, port changes, "       \
		   "fatal errors."),                                                               \
	.raised_by = N_("The device's firmware."),                                                 \
	.normal = N_("A few per connection set up or torn down, else zero."),                      \
	.high = N_("Connections break again and again."),                                          \
	.todo = N_("Read dmesg; rdma link and rdma statistic show.")

#define TEXT_QUALCOMM_ATHEROS_WIRELESS                                                             \
	.title = N_("Qualcomm Atheros wireless card"),                                             \
	.meaning = N_("Wi-Fi frames and firmware events (ath9k ... ath12k)"),                      \
	.what = N_("Qualcomm Atheros Wi-Fi: frames, beacons and firmware events."),                \
	.raised_by = wifi_by, .normal = wifi_normal, .high = wifi_high, .todo = wifi_do

#define TEXT_WIRELESS_CARD                                                                         \
	.title = N_("Wireless card"), .meaning = N_("Wi-Fi frames and firmware events"),           \
	.what = N_("A wireless card: Broadcom brcmfmac, Marvell mwifiex, MediaTek mt76, Realtek "  \
		   "rtw88, rtw89 and rtlwifi, Ralink rt2x00."),                                    \
	.raised_by = wifi_by, .normal = wifi_normal, .high = wifi_high, .todo = wifi_do

#define TEXT_QUEUE_PORTAL_NXP                                                                      \
	.title = N_("Queue portal of an NXP network SoC"),                                         \
	.meaning = N_("packets of one CPU (dpaa, dpaa2)"),                                         \
	.what = N_("NXP QorIQ chips deliver packets of all interfaces through one hardware "       \
		   "portal per CPU, not through a vector per interface."),                         \
	.raised_by = N_("The queue manager of the chip, when frames wait for this CPU."),          \
	.normal = queue_normal,                                                                    \
	.high = N_("Interrupt coalescing of the portal is off, or one interface floods one CPU."), \
	.todo = N_("Leave each portal on its own CPU; spread flows with ethtool -N IF "            \
		   "rx-flow-hash.")

#define TEXT_NETWORK_ADAPTER_IBM                                                                   \
	.title = N_("Network adapter of IBM Power"),                                               \
	.meaning = N_("packets or events of a Power virtual NIC"),                                 \
	.what = N_("Virtual NIC (ibmvnic) or host Ethernet (ehea) of a Power partition. tx and "   \
		   "rx carry packets, the others commands and events."),                           \
	.raised_by = N_("The hypervisor (PowerVM) or the adapter."), .normal = queue_normal,       \
	.high = queue_high, .todo = queue_do

#define TEXT_BUILT_IN_ETHERNET                                                                     \
	.title = N_("Built-in Ethernet of an embedded chip"),                                      \
	.meaning = N_("packets and link events of the chip's own NIC"),                            \
	.what = N_("An Ethernet controller named by its address in the device tree (NXP fec, TI "  \
		   "cpsw and others). Several lines of one device serve queues, errors or PTP."),  \
	.raised_by = nic_by, .normal = queue_normal, .high = nic_high, .todo = nic_do,             \
	.source = "drivers/net/ethernet/freescale/fec_main.c (fec_enet_interrupt)"

#define TEXT_NUMBERED_VECTOR_NETWORK                                                               \
	.title = N_("Numbered vector of a network interface"),                                     \
	.meaning = N_("packets of one queue, or events for number 0"),                             \
	.what = N_("Vector N of the interface (tg3, bnx2, sfc, older mlx4 and mlx5 names). On "    \
		   "tg3 number 0 handles only link events."),                                      \
	.raised_by = queue_by, .normal = queue_normal, .high = queue_high, .todo = queue_do,       \
	.source = "drivers/net/ethernet/broadcom/tg3.c (tg3_request_irq)"

#define TEXT_NETWORK_INTERFACE                                                                     \
	.title = N_("Network interface"),                                                          \
	.meaning = N_("all packets and link events of an interface, or its events"),               \
	.what = N_("The bare name of an interface (predictable names). If rows with queue "        \
		   "numbers stand beside it, it carries only link and error events; else all "     \
		   "packets come through it."),                                                    \
	.raised_by = nic_by, .normal = queue_normal, .high = nic_high, .todo = nic_do,             \
	.source = "drivers/net/ethernet/intel/e1000e/netdev.c (e1000_request_irq)"

#define TEXT_WIRELESS_INTERFACE                                                                    \
	.title = N_("Wireless interface"), .meaning = N_("Wi-Fi frames and firmware events"),      \
	.what = N_("The bare name of a wireless interface: its frames, beacons and firmware "      \
		   "events."),                                                                     \
	.raised_by = wifi_by, .normal = wifi_normal, .high = wifi_high, .todo = wifi_do,           \
	.source = "drivers/net/wireless/ralink/rt2x00/rt2x00mmio.c (rt2x00mmio_initialize)"

#define TEXT_CAN_BUS_CONTROLLER                                                                    \
	.title = N_("CAN bus controller"), .meaning = N_("CAN frames and bus errors"),             \
	.what = N_("A controller area network: one interrupt per frame or per filled FIFO, and "   \
		   "for bus errors."),                                                             \
	.raised_by = N_("The CAN controller."),                                                    \
	.normal = N_("The frame rate of the bus: up to some thousand a second."),                  \
	.high = N_("More than the bus can carry: a bus error storm, often missing termination "    \
		   "or a wrong bit rate."),                                                        \
	.todo = N_("ip -details -statistics link show can0; berr-reporting off."),                 \
	.source = "drivers/net/can/flexcan/flexcan-core.c (flexcan_open)"

const struct lore lore_actions_nic[] = {
	{ACTION("*[-_][cC][eE][qQ]*", DEVICE, NET), TEXT_COMPLETION_EVENT_QUEUE,
	 .source = "drivers/infiniband/hw/hns/hns_roce_hw_v2.c (hns_roce_v2_msix_interrupt_eq)"},
	{ACTION("AEQCEQ", DEVICE, NET), TEXT_COMPLETION_EVENT_QUEUE,
	 .source = "drivers/infiniband/hw/irdma/hw.c (irdma_cfg_ceq_vector)"},
	{ACTION("CEQ", DEVICE, NET), TEXT_COMPLETION_EVENT_QUEUE,
	 .source = "drivers/infiniband/hw/irdma/hw.c (irdma_cfg_ceq_vector)"},
	{ACTION("*[-_][aA][eE][qQ]*", DEVICE, NET), TEXT_ASYNCHRONOUS_EVENT_QUEUE,
	 .source = "drivers/infiniband/hw/irdma/hw.c (irdma_cfg_aeq_vector)"},
	{ACTION("hns-abn-*", DEVICE, NET), TEXT_ASYNCHRONOUS_EVENT_QUEUE,
	 .source = "drivers/infiniband/hw/hns/hns_roce_hw_v2.c (hns_roce_v2_msix_interrupt_abn)"},
	{ACTION("irdma*", DEVICE, NET), TEXT_ASYNCHRONOUS_EVENT_QUEUE,
	 .source = "drivers/infiniband/hw/irdma/hw.c (irdma_cfg_aeq_vector)"},
	{
		ACTION("sp-[0-9]*-*:*.*", DEVICE, NET),
		.title = N_("Slow path of a QLogic FastLinQ NIC"),
		.meaning = N_("commands, link events and errors (qed)"),
		.what = N_("The management vector of a qede, qedf, qedi or qedr device; the "
			   "name holds the PCI address. It carries no packets."),
		.raised_by = event_by,
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/qlogic/qed/qed_int.c (qed_int_sp_dpc)",
	},
	{
		ACTION("bnxt_re-*", DEVICE, NET),
		.title = N_("RDMA queue of a Broadcom NIC"),
		.meaning = N_("RDMA completions (nq) or commands (creq) of bnxt_re"),
		.what = N_("nq-N is a notification queue for RDMA completions, creq the answers "
			   "to firmware commands."),
		.raised_by = rdma_by,
		.normal = rdma_normal,
		.high = rdma_high,
		.todo = rdma_do,
		.source = "drivers/infiniband/hw/bnxt_re/qplib_fp.c (bnxt_re-nq)",
	},
	{
		ACTION("efa-comp*", DEVICE, NET),
		.title = N_("Completion vector of an Amazon EFA"),
		.meaning = N_("RDMA completions of the elastic fabric adapter"),
		.what = N_("One vector per CPU for completions of the EFA device of AWS. MPI "
			   "and NCCL usually poll, so it stays at zero."),
		.raised_by = rdma_by,
		.normal = rdma_normal,
		.high = rdma_high,
		.todo = rdma_do,
		.source = "drivers/infiniband/hw/efa/efa_main.c (efa_create_eqs)",
	},
	{
		ACTION("hfi1_*", DEVICE, NET),
		.title = N_("Vector of an Omni-Path adapter"),
		.meaning = N_("receive contexts, send DMA and errors (hfi1)"),
		.what = N_("kctxtN is a kernel receive context, sdmaN a send DMA engine, the "
			   "bare name the general vector for errors and link events."),
		.raised_by = N_("The Omni-Path adapter."),
		.normal = N_("Zero when idle, tens of thousands a second under IPoIB or storage "
			     "load. MPI polls and causes few."),
		.high = N_("On sdma: many small sends. On the bare name: link errors."),
		.todo = N_("The driver places its vectors itself; stop irqbalance from moving "
			   "them. For errors: opainfo and dmesg."),
		.source = "drivers/infiniband/hw/hfi1/msix.c (msix_request_rcd_irq)",
	},
	{
		ACTION("ib_*", DEVICE, NET),
		.title = N_("Vector of an InfiniBand adapter"),
		.meaning = N_("receive contexts, send DMA and errors (qib, mthca)"),
		.what = N_("A vector of an older InfiniBand adapter. For QLogic qib: kctx "
			   "receives, sdma sends, the bare name is for errors."),
		.raised_by = N_("The InfiniBand adapter."),
		.normal = rdma_normal,
		.high = rdma_high,
		.todo = rdma_do,
		.source = "drivers/infiniband/hw/qib/qib_iba7322.c (qib_setup_7322_interrupt)",
	},
	{
		ACTION("iwlwifi*", DEVICE, NET),
		.title = N_("Intel wireless card"),
		.meaning = N_("Wi-Fi frames and firmware events (iwlwifi)"),
		.what = N_("Intel Wi-Fi. Newer cards have a vector per receive queue (queue_N), "
			   "one default queue and one for exceptions."),
		.raised_by = wifi_by,
		.normal = wifi_normal,
		.high = wifi_high,
		.todo = wifi_do,
		.source = "drivers/net/wireless/intel/iwlwifi/pcie/trans.c "
			  "(iwl_pcie_init_msix_handler)",
	},
	{ACTION("ath[0-9]*", DEVICE, NET), TEXT_QUALCOMM_ATHEROS_WIRELESS,
	 .source = "drivers/net/wireless/ath/ath9k/pci.c (ath_isr), "
		   "drivers/net/wireless/ath/ath10k/pci.c"},
	{ACTION("ath", DEVICE, NET), TEXT_QUALCOMM_ATHEROS_WIRELESS,
	 .source = "drivers/net/wireless/ath/ath5k/base.c (ath5k_intr)"},
	{ACTION("brcmf_*", DEVICE, NET), TEXT_WIRELESS_CARD,
	 .source = "drivers/net/wireless/broadcom/brcm80211/brcmfmac/pcie.c "
		   "(brcmf_pcie_request_irq)"},
	{ACTION("MWIFIEX_PCIE*", DEVICE, NET), TEXT_WIRELESS_CARD,
	 .source = "drivers/net/wireless/marvell/mwifiex/pcie.c (mwifiex_pcie_interrupt)"},
	{ACTION("mt7[0-9]*", DEVICE, NET), TEXT_WIRELESS_CARD,
	 .source = "drivers/net/wireless/mediatek/mt76/mt7921/pci.c (mt792x_irq_handler)"},
	{ACTION("rt[lw][0-9]*", DEVICE, NET), TEXT_WIRELESS_CARD,
	 .source = "drivers/net/wireless/realtek/rtw89/pci.c (rtw89_pci_interrupt_handler)"},
	{ACTION("rt2*", DEVICE, NET), TEXT_WIRELESS_CARD,
	 .source = "drivers/net/wireless/ralink/rt2x00/rt2x00mmio.c (rt2x00mmio_initialize)"},
	{ACTION("rtw_*", DEVICE, NET), TEXT_WIRELESS_CARD,
	 .source = "drivers/net/wireless/realtek/rtw88/pci.c (rtw_pci_interrupt_handler)"},
	{ACTION("QMan portal*", DEVICE, NET), TEXT_QUEUE_PORTAL_NXP,
	 .source = "drivers/soc/fsl/qbman/qman.c (portal_isr)"},
	{ACTION("BMan portal*", DEVICE, NET), TEXT_QUEUE_PORTAL_NXP,
	 .source = "drivers/soc/fsl/qbman/bman.c (portal_isr)"},
	{ACTION("dpio.[0-9]*", DEVICE, NET), TEXT_QUEUE_PORTAL_NXP,
	 .source = "drivers/soc/fsl/dpio/dpio-driver.c (dpio_irq_handler)"},
	{ACTION("ibmvnic-*", DEVICE, NET), TEXT_NETWORK_ADAPTER_IBM,
	 .source = "drivers/net/ethernet/ibm/ibmvnic.c (init_sub_crq_irqs)"},
	{ACTION("ehea*", DEVICE, NET), TEXT_NETWORK_ADAPTER_IBM,
	 .source = "drivers/net/ethernet/ibm/ehea/ehea_main.c (ehea_reg_interrupts)"},
	{ACTION("*.ethernet*", DEVICE, NET), TEXT_BUILT_IN_ETHERNET},
	{ACTION("*.eth", DEVICE, NET), TEXT_BUILT_IN_ETHERNET},
	{ACTION("eth[0-9]*-[0-9]*", DEVICE, NET), TEXT_NUMBERED_VECTOR_NETWORK},
	{ACTION("en[opsx]*-[0-9]*", DEVICE, NET), TEXT_NUMBERED_VECTOR_NETWORK},
	{ACTION("em[0-9]*-[0-9]*", DEVICE, NET), TEXT_NUMBERED_VECTOR_NETWORK},
	{
		ACTION("sk[gy]*@pci:*", DEVICE, NET),
		.title = N_("Marvell Yukon NIC"),
		.meaning = N_("all packets and link events of a Marvell NIC"),
		.what = N_("An older Marvell or SysKonnect NIC (skge, sky2): one line for both "
			   "ports, all packets and link events."),
		.raised_by = nic_by,
		.normal = queue_normal,
		.high = nic_high,
		.todo = nic_do,
		.source = "drivers/net/ethernet/marvell/sky2.c (sky2_setup_irq)",
	},
	{
		ACTION("eth[0-9]*", DEVICE, NET),
		.title = N_("Network interface"),
		.meaning = N_("all packets and link events of an interface, or its events"),
		.what = N_("The bare name of an interface. With no eth0-something rows beside "
			   "it all packets come through this line (r8169, e1000, e1000e, macb, "
			   "stmmac, mvneta, Xen before split channels); next to per-queue rows "
			   "it carries only link and error events."),
		.raised_by = nic_by,
		.normal = queue_normal,
		.high = nic_high,
		.todo = nic_do,
		.source = "drivers/net/ethernet/realtek/r8169_main.c (rtl_open)",
	},
	{ACTION("en[opsx]*", DEVICE, NET), TEXT_NETWORK_INTERFACE},
	{ACTION("em[0-9]*", DEVICE, NET), TEXT_NETWORK_INTERFACE},
	{ACTION("end[0-9]*", DEVICE, NET), TEXT_NETWORK_INTERFACE},
	{ACTION("wl[apo]*", DEVICE, NET), TEXT_WIRELESS_INTERFACE},
	{ACTION("wlx*", DEVICE, NET), TEXT_WIRELESS_INTERFACE},
	{ACTION("can[0-9]*", DEVICE, NET), TEXT_CAN_BUS_CONTROLLER},
	{ACTION("*.can", DEVICE, NET), TEXT_CAN_BUS_CONTROLLER},
	{.key = NULL},
};
