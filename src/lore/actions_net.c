/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions of network interfaces and RDMA devices: the names drivers give to the vectors of their
 * queues. IF below stands for the name of the interface.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ACTION(glob, sort, of)                                                                     \
	.group = LORE_ACTION, .key = glob, .kind = IRQ_KIND_##sort, .class = IRQ_CLASS_##of

static const char event_by[] = N_("The NIC's firmware or MAC: link changes, mailbox messages, "
				  "resets, errors.");
static const char event_normal[] = N_("A few at start-up and at every link change or reset, "
				      "then close to zero.");
static const char event_high[] = N_("A steady rate means a flapping link, firmware errors, or "
				    "virtual functions that reset again and again.");
static const char event_do[] = N_("Read dmesg; check the link with ethtool IF and the firmware "
				  "version with ethtool -i IF. Its place does not matter for "
				  "speed.");
static const char queue_by[] = N_("The NIC, for packets received or sent on this queue, as soon "
				  "as its moderation timer allows.");
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

const struct lore lore_actions_net[] = {
	{
		ACTION("*:misc", DEVICE, NET),
		.title = N_("Intel NIC management vector"),
		.meaning = N_("link, mailbox and errors of an Intel NIC (i40e, ice)"),
		.what = N_("Vector 0 of an i40e or ice function. It carries no packets: admin "
			   "queue, link changes, VF mailbox, PTP and reset causes arrive here."),
		.raised_by = event_by,
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/intel/i40e/i40e_main.c (i40e_setup_misc_vector)",
	},
	{
		ACTION("*:fdir*", DEVICE, NET),
		.title = N_("Flow director queue of i40e"),
		.meaning = N_("programs flow steering rules of an i40e NIC"),
		.what = N_("A private queue of i40e through which the driver writes flow "
			   "director (ntuple and aRFS) rules into the NIC. No user traffic."),
		.raised_by = N_("The NIC, when it has taken over a rule."),
		.normal = N_("Zero, or a few per rule added or removed."),
		.high = N_("Rules change all the time: accelerated RFS follows flows that keep "
			   "moving between CPUs."),
		.todo = N_("ethtool -u IF lists the rules; ethtool -K IF ntuple off stops the "
			   "flow director."),
		.source = "drivers/net/ethernet/intel/i40e/i40e_main.c (i40e_vsi_open)",
	},
	{
		ACTION("iavf-*:mbx", DEVICE, NET),
		.title = N_("Mailbox of an Intel virtual function"),
		.meaning = N_("messages from the physical to the virtual function (iavf)"),
		.what = N_("Vector 0 of an Intel virtual function (iavf): answers and events "
			   "from the driver of the physical function. It carries no packets."),
		.raised_by = N_("The NIC, when the physical function has put a message into the "
				"mailbox."),
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/intel/iavf/iavf_main.c (iavf_request_misc_irq)",
	},
	{
		ACTION("i40e-*", DEVICE, NET),
		.title = N_("Queue of an Intel X710/XL710 NIC"),
		.meaning = N_("packets of one queue pair (i40e)"),
		.what = N_("One vector per pair of receive and transmit queue of an Intel "
			   "700-series NIC. The interrupt only starts NAPI; the packets are "
			   "handled in softirq on the same CPU."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/intel/i40e/i40e_main.c (i40e_vsi_request_irq_msix)",
	},
	{
		ACTION("ice-*", DEVICE, NET),
		.title = N_("Queue of an Intel E810 NIC"),
		.meaning = N_("packets of one queue pair (ice)"),
		.what = N_("One vector per pair of receive and transmit queue of an Intel "
			   "800-series NIC. A name that ends in :ctrl is the flow director's own "
			   "vector."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/intel/ice/ice_main.c (ice_vsi_req_irq_msix)",
	},
	{
		ACTION("iavf-*", DEVICE, NET),
		.title = N_("Queue of an Intel virtual function"),
		.meaning = N_("packets of one queue pair of a VF (iavf)"),
		.what = N_("One vector per queue pair of an Intel virtual function, in a guest "
			   "or a container that was given the VF."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/intel/iavf/iavf_main.c (iavf_request_traffic_irqs)",
	},
	{
		ACTION("idpf-Mailbox*", DEVICE, NET),
		.title = N_("Mailbox of an IDPF device"),
		.meaning = N_("control messages of an Intel IPU (idpf)"),
		.what = N_("The control plane of the IPU answers the driver through this "
			   "vector. It carries no packets."),
		.raised_by = N_("The device, when its control plane has sent a message."),
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/intel/idpf/idpf_lib.c (idpf_mb_intr_req_irq)",
	},
	{
		ACTION("idpf-*", DEVICE, NET),
		.title = N_("Queue of an IDPF device"),
		.meaning = N_("packets of some queues of an Intel IPU (idpf)"),
		.what = N_("One vector serves one or more receive and transmit queues of an "
			   "infrastructure data path function."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/intel/idpf/idpf_txrx.c (idpf_vport_intr_req_irq)",
	},
	{
		ACTION("hclge*-misc-*", DEVICE, NET),
		.title = N_("Management vector of a HiSilicon NIC"),
		.meaning = N_("resets, mailbox and errors of a HiSilicon NIC"),
		.what = N_("Vector 0 of a hns3 function, physical (hclge) or virtual (hclgevf). "
			   "It carries no packets."),
		.raised_by = event_by,
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/hisilicon/hns3/hns3pf/hclge_main.c "
			  "(hclge_misc_irq_init)",
	},
	{
		ACTION("hns3-*", DEVICE, NET),
		.title = N_("Queue of a HiSilicon NIC"),
		.meaning = N_("packets of one queue pair (hns3)"),
		.what = N_("One vector per queue pair of the NIC in Kunpeng servers. The name "
			   "holds the PCI address, not the interface."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/hisilicon/hns3/hns3_enet.c (hns3_nic_init_irq)",
	},
	{
		ACTION("mlx5_*comp[0-9]*", DEVICE, NET),
		.title = N_("Completion vector of a ConnectX NIC"),
		.meaning = N_("packets or RDMA completions of one channel (mlx5)"),
		.what = N_("One completion event queue of an NVIDIA/Mellanox ConnectX device. "
			   "Channel N of the interface uses it for its receive and transmit "
			   "queues; RDMA programs share the same vectors."),
		.raised_by = N_("The NIC, when an armed completion queue of this vector gets an "
				"entry."),
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/mellanox/mlx5/core/pci_irq.c (irq_set_name)",
	},
	{
		ACTION("mlx5_async*", DEVICE, NET),
		.title = N_("Event vector of a ConnectX NIC"),
		.meaning = N_("firmware commands, page requests, link events (mlx5)"),
		.what = N_("Vector of the asynchronous event queues. Current kernels put "
			   "command completions, page requests and port events on it together; "
			   "it carries no packets."),
		.raised_by = N_("The NIC's firmware."),
		.normal = N_("A burst when the driver starts or is reconfigured, then a few a "
			     "second at most."),
		.high = N_("Constant firmware commands: flow rules offloaded at a high rate, "
			   "statistics polled too often, or health errors."),
		.todo = N_("Read dmesg for mlx5_core; devlink health show; see which program "
			   "polls ethtool -S or changes tc rules."),
		.source = "drivers/net/ethernet/mellanox/mlx5/core/eq.c (create_async_eqs)",
	},
	{
		ACTION("mlx5_pages_eq*", DEVICE, NET),
		.title = N_("Page request vector of a ConnectX NIC"),
		.meaning = N_("firmware asks for or returns memory (mlx5, older kernels)"),
		.what = N_("On older kernels the page request events have a vector of their "
			   "own. No packets."),
		.raised_by = N_("The NIC's firmware."),
		.normal = N_("A burst when the driver starts, then close to zero."),
		.high = N_("Many RDMA objects are created and destroyed."),
		.todo = N_("Nothing: only look if dmesg shows mlx5_core errors."),
		.source = "drivers/net/ethernet/mellanox/mlx5/core/eq.c (create_async_eqs)",
	},
	{
		ACTION("mlx5_cmd_eq*", DEVICE, NET),
		.title = N_("Command vector of a ConnectX NIC"),
		.meaning = N_("a firmware command has finished (mlx5, older kernels)"),
		.what = N_("On older kernels command completions have a vector of their own; "
			   "today they come through mlx5_async0."),
		.raised_by = N_("The NIC's firmware."),
		.normal = N_("A burst when the driver starts or is reconfigured, then a few a "
			     "second at most."),
		.high = N_("Constant firmware commands: flow rules offloaded at a high rate, "
			   "statistics polled too often, or health errors."),
		.todo = N_("Read dmesg for mlx5_core; devlink health show; see which program "
			   "polls ethtool -S or changes tc rules."),
		.source = "drivers/net/ethernet/mellanox/mlx5/core/eq.c (create_async_eqs)",
	},
	{
		ACTION("mlx5_*", DEVICE, NET),
		.title = N_("Control or shared vector of a ConnectX NIC"),
		.meaning = N_("control events, or all events on few vectors (mlx5)"),
		.what = N_("Control vector of a sub-function, or mlx5_combined0: a function "
			   "that got a single vector handles events and packets together."),
		.raised_by = N_("The NIC: firmware events, and completions if the vector is "
				"shared."),
		.normal = N_("Close to zero for control vectors, the packet interrupts for a "
			     "combined one."),
		.high = N_("On a combined vector all traffic meets on one CPU: the function has "
			   "too few MSI-X vectors."),
		.todo = N_("Give a VF more vectors: write to sriov_vf_msix_count in its sysfs "
			   "directory before its driver is bound."),
		.source = "drivers/net/ethernet/mellanox/mlx5/core/pci_irq.c (irq_set_name)",
	},
	{
		ACTION("mlx4-async*", DEVICE, NET),
		.title = N_("Event vector of a ConnectX-2/3 NIC"),
		.meaning = N_("commands and link events (mlx4)"),
		.what = N_("The asynchronous event queue of a ConnectX-2 or -3 device. It "
			   "carries no packets."),
		.raised_by = event_by,
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/mellanox/mlx4/eq.c (mlx4_init_eq_table)",
	},
	{
		ACTION("mlx4-*", DEVICE, NET),
		.title = N_("Completion vector of a ConnectX-2/3 NIC"),
		.meaning = N_("packets or RDMA completions (mlx4)"),
		.what = N_("One completion event queue. Both ports of the card and RDMA "
			   "programs can share it."),
		.raised_by = N_("The NIC, when an armed completion queue of this vector gets an "
				"entry."),
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/mellanox/mlx4/eq.c (mlx4_assign_eq)",
	},
	{
		ACTION("*-mgmnt*", DEVICE, NET),
		.title = N_("Management vector of a cloud NIC"),
		.meaning = N_("admin queue and events of a NIC (ena, efa, gve)"),
		.what = N_("Amazon ENA and EFA and Google gve keep one vector for admin "
			   "commands, link and keep-alive events. It carries no packets."),
		.raised_by = N_("The virtual NIC, mostly for keep-alive messages of the "
				"hypervisor."),
		.normal = N_("About one a second on ena (keep-alive), close to zero on the "
			     "others."),
		.high = N_("The device is being reset, or admin commands are polled in a loop."),
		.todo = N_("Read dmesg for resets and missing keep-alives; ethtool -S IF."),
		.source = "drivers/net/ethernet/amazon/ena/ena_netdev.c (ena_setup_mgmnt_intr)",
	},
	{
		ACTION("*-Tx-Rx-*", DEVICE, NET),
		.title = N_("Queue pair of an Amazon ENA NIC"),
		.meaning = N_("packets of one queue pair (ena, AWS)"),
		.what = N_("One vector per queue pair of the elastic network adapter of AWS "
			   "instances."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/amazon/ena/ena_netdev.c (ena_setup_io_intr)",
	},
	{
		ACTION("*-ntfy-bl*", DEVICE, NET),
		.title = N_("Notification block of a Google gVNIC"),
		.meaning = N_("packets of one queue (gve, Google Cloud)"),
		.what = N_("One vector per receive or transmit queue of the virtual NIC of "
			   "Google Cloud: the first half of the blocks serves transmit queues, "
			   "the second half receive queues."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/google/gve/gve_main.c (gve_alloc_notify_blocks)",
	},
	{
		ACTION("mana_hwc*", DEVICE, NET),
		.title = N_("Control channel of an Azure MANA NIC"),
		.meaning = N_("control messages of the Azure NIC (mana)"),
		.what = N_("The hardware channel between the MANA driver and the device. It "
			   "carries no packets."),
		.raised_by = event_by,
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/microsoft/mana/gdma_main.c (mana_gd_setup_irqs)",
	},
	{
		ACTION("mana_q*", DEVICE, NET),
		.title = N_("Queue of an Azure MANA NIC"),
		.meaning = N_("packets of some queues (mana, Azure)"),
		.what = N_("One event queue of the Microsoft Azure network adapter; it serves "
			   "receive and transmit completions."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/microsoft/mana/gdma_main.c (mana_gd_setup_irqs)",
	},
	{
		ACTION("LiquidIO*", DEVICE, NET),
		.title = N_("Queue of a LiquidIO NIC"),
		.meaning = N_("packets of one queue pair (liquidio)"),
		.what = N_("One vector per queue pair of a Cavium LiquidIO adapter, physical "
			   "(pf) or virtual (vf) function."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source =
			"drivers/net/ethernet/cavium/liquidio/lio_core.c (octeon_setup_interrupt)",
	},
	{
		ACTION("*-rxtx*", DEVICE, NET),
		.title = N_("Receive and transmit queue pair"),
		.meaning = N_("packets of one queue pair (vmxnet3, nfp, OcteonTX2 ...)"),
		.what = N_("One vector for a receive and a transmit queue with the same number: "
			   "VMware vmxnet3, Netronome nfp, NXP enetc, Marvell OcteonTX2, Cavium "
			   "ThunderX."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/vmxnet3/vmxnet3_drv.c (vmxnet3_request_irqs)",
	},
	{
		ACTION("*-event-[0-9]*", DEVICE, NET),
		.title = N_("Event vector of vmxnet3"),
		.meaning = N_("link and error events of the VMware NIC"),
		.what = N_("The last vector of a vmxnet3 device: link changes, queue errors, "
			   "device resets. It carries no packets."),
		.raised_by = event_by,
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/vmxnet3/vmxnet3_drv.c (vmxnet3_request_irqs)",
	},
	{
		ACTION("*-TxRx-*", DEVICE, NET),
		.title = N_("Receive and transmit queue pair"),
		.meaning = N_("packets of one queue pair (ixgbe, igb, igc, bnxt ...)"),
		.what = N_("One vector for queue pair N of the interface: Intel ixgbe, igb, "
			   "igc, fm10k, Broadcom bnxt, Meta fbnic, AMD xgbe and others. It "
			   "starts NAPI; packets are handled in softirq on the same CPU."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/intel/ixgbe/ixgbe_main.c (ixgbe_request_msix_irqs)",
	},
	{
		ACTION("*-fp-[0-9]*", DEVICE, NET),
		.title = N_("Fast path queue"),
		.meaning = N_("packets of one queue pair (bnx2x, qede)"),
		.what = N_("Fast path N of a QLogic/Broadcom NIC: a receive queue with its "
			   "transmit queues. Events use another vector (the interface alone, or "
			   "sp-...)."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/broadcom/bnx2x/bnx2x_cmn.c (fp->name)",
	},
	{
		ACTION("*-txrx-[0-9]*", DEVICE, NET),
		.title = N_("Receive and transmit queue pair"),
		.meaning = N_("packets of one queue pair (tg3, tsnep)"),
		.what = N_("One vector for a receive and a transmit queue of a Broadcom tg3 or "
			   "Engleder tsnep NIC."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/broadcom/tg3.c (tg3_request_irq)",
	},
	{
		ACTION("*-q[0-9]*-[rt]x", DEVICE, NET),
		.title = N_("Queue of a Xen network interface"),
		.meaning = N_("packets of one queue and direction (netfront, netback)"),
		.what = N_("An event channel of a paravirtual network interface: ethN-qM-rx/tx "
			   "in the guest, vifDOMAIN.N-qM-rx/tx in the driver domain. It is a "
			   "message from the other domain, not a hardware interrupt."),
		.raised_by = N_("The other domain, through the hypervisor, when it has put "
				"requests or answers into the shared ring."),
		.normal = queue_normal,
		.high = queue_high,
		.todo = N_("More queues: module parameter max_queues of xen_netback; place them "
			   "with irqctl set."),
		.source = "drivers/net/xen-netfront.c (setup_netfront_split)",
	},
	{
		ACTION("*-tx-[0-9]*-rx-[0-9]*", DEVICE, NET),
		.title = N_("Transmit ring with a receive ring"),
		.meaning = N_("packets of one receive ring and the transmit ring (qlcnic)"),
		.what = N_("The last vector of a QLogic qlcnic NIC serves one receive ring and "
			   "transmit ring 0 together."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/qlogic/qlcnic/qlcnic_main.c (qlcnic_request_irq)",
	},
	{
		ACTION("*[-:]rx-[0-9]*", DEVICE, NET),
		.title = N_("Receive queue"),
		.meaning = N_("packets received on one queue"),
		.what = N_("One vector per receive queue: igb and ixgbe with unpaired queues, "
			   "e1000e, enic, alx, bnx2x-like drivers (IF-rx-N), stmmac (IF:rx-N)."),
		.raised_by = N_("The NIC, after packets came in on this queue, as soon as its "
				"moderation timer allows."),
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/intel/igb/igb_main.c (igb_request_msix)",
	},
	{
		ACTION("*[-:]tx-[0-9]*", DEVICE, NET),
		.title = N_("Transmit queue"),
		.meaning = N_("packets sent from one queue are done"),
		.what = N_("One vector per transmit queue: the NIC reports finished packets so "
			   "that their memory can be freed."),
		.raised_by = N_("The NIC, after it has sent packets of this queue."),
		.normal = N_("Fewer than on the receive side: many packets are freed per "
			     "interrupt."),
		.high = N_("Transmit coalescing is off or too short."),
		.todo = N_("ethtool -C IF tx-usecs and tx-frames; put transmit and receive "
			   "queue N on the same CPU and set XPS to match."),
		.source = "drivers/net/ethernet/intel/igb/igb_main.c (igb_request_msix)",
	},
	{
		ACTION("*-[RT]x[0-9-]*", DEVICE, NET),
		.title = N_("Queue of a NIC, one direction"),
		.meaning = N_("packets of one queue (cxgb4 receive, fbnic transmit)"),
		.what = N_("IF-RxN is a receive queue of a Chelsio T4/T5/T6 NIC, IF-Tx-N a "
			   "transmit queue of Meta's fbnic that has no receive queue on its "
			   "vector."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source =
			"drivers/net/ethernet/chelsio/cxgb4/cxgb4_main.c (request_msix_queue_irqs)",
	},
	{
		ACTION("*-FWeventq", DEVICE, NET),
		.title = N_("Firmware event queue of a Chelsio NIC"),
		.meaning = N_("firmware messages and link events (cxgb4)"),
		.what = N_("The firmware of the adapter talks to the driver through this queue. "
			   "It carries no packets."),
		.raised_by = event_by,
		.normal = event_normal,
		.high = event_high,
		.todo = event_do,
		.source = "drivers/net/ethernet/chelsio/cxgb4/cxgb4_main.c (FWeventq)",
	},
	{
		ACTION("*-q[0-9]*", DEVICE, NET),
		.title = N_("Event queue of an Emulex NIC"),
		.meaning = N_("packets of one event queue (be2net)"),
		.what = N_("One event queue of an Emulex OneConnect NIC: receive and transmit "
			   "completions of queue N."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/emulex/benet/be_main.c (be_msix_register)",
	},
	{
		ACTION("*_[rt]xq[0-9]*", DEVICE, NET),
		.title = N_("Queue of a Huawei NIC"),
		.meaning = N_("packets of one queue and direction (hinic)"),
		.what = N_("One vector per receive queue and per transmit queue of a Huawei "
			   "intelligent NIC."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/huawei/hinic/hinic_rx.c (rx_request_irq)",
	},
	{
		ACTION("ionic-*", DEVICE, NET),
		.title = N_("Queue of an AMD Pensando NIC"),
		.meaning = N_("packets of one queue (ionic)"),
		.what = N_("One vector per queue pair of a Pensando DSC; names with adminq or "
			   "notifyq carry events only."),
		.raised_by = queue_by,
		.normal = queue_normal,
		.high = queue_high,
		.todo = queue_do,
		.source = "drivers/net/ethernet/pensando/ionic/ionic_lif.c (ionic_request_irq)",
	},
	{.key = NULL},
};
