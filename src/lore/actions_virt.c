/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions of virtual machines and of hosts for them: virtio, Xen, Hyper-V, VMware, VirtualBox,
 * VFIO, KVM. virtioN is the number of the device, not of the interface.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ACTION(glob, sort, of)                                                                     \
	.group = LORE_ACTION, .key = glob, .kind = IRQ_KIND_##sort, .class = IRQ_CLASS_##of

static const char vq_by[] = N_("The hypervisor, when it has used buffers of this queue and the "
			       "guest has asked to be told.");
static const char no_do[] = N_("Nothing: it is harmless.");
static const char rare_normal[] = N_("Zero or a few; this queue is seldom used.");
static const char xen_by[] = N_("Xen, through an event channel.");
static const char xen_percpu[] = N_("One per CPU, not movable: it belongs to this CPU.");
static const char ipi_high[] = N_("Tasks wake each other across CPUs very often. Each costs a "
				  "trip into the hypervisor.");

#define TEXT_FILE_SYSTEM_SHARED                                                                    \
	.title = N_("File system shared by the host"),                                             \
	.meaning = N_("finished requests of virtio-fs or 9p"),                                     \
	.what = N_("Requests of a shared directory: requests.K and hiprio belong to virtio-fs, "   \
		   "a bare requests to 9p."),                                                      \
	.raised_by = vq_by,                                                                        \
	.normal = N_("Zero when the share is not used, else one per few requests."),               \
	.high = N_("Many small file operations through the share."),                               \
	.todo = N_("Put busy data on a virtio disk; for virtio-fs try cache=auto or DAX."),        \
	.source = "fs/fuse/virtio_fs.c (virtio_fs_setup_vqs)"

#define TEXT_VIRTUAL_KEYBOARD_MOUSE                                                                \
	.title = N_("Virtual keyboard, mouse or tablet"),                                          \
	.meaning = N_("key presses and pointer moves from the host"),                              \
	.what = N_("events carries input from the host, status the keyboard's LEDs."),             \
	.raised_by = vq_by, .normal = N_("Zero while nobody types or moves the mouse."),           \
	.high = N_("Somebody moves the mouse."), .todo = no_do,                                    \
	.source = "drivers/virtio/virtio_input.c (virtinput_recv_events)"

#define TEXT_MEMORY_BALLOON                                                                        \
	.title = N_("Memory balloon"),                                                             \
	.meaning = N_("guest memory given to or taken from the host"),                             \
	.what = N_("inflate: the guest hands pages to the host; deflate: it takes them back. "     \
		   "One interrupt per batch of up to 256 pages."),                                 \
	.raised_by = vq_by, .normal = N_("Zero, except while the host changes the balloon."),      \
	.high = N_("The host takes memory away or returns it right now."),                         \
	.todo = N_("If the guest becomes short of memory (free, vmstat 1): look at the host's "    \
		   "memory and balloon target."),                                                  \
	.source = "drivers/virtio/virtio_balloon.c (balloon_ack)"

#define TEXT_BALLOON_STATISTICS_FREE                                                               \
	.title = N_("Balloon statistics and free page reports"),                                   \
	.meaning = N_("the host asks for memory figures or took free pages"),                      \
	.what = N_("stats: the host asks for the guest's memory figures. reporting_vq: it has "    \
		   "taken note of free pages that it may reuse."),                                 \
	.raised_by = vq_by,                                                                        \
	.normal = N_("stats: one per polling interval of the host (often 10 seconds). "            \
		     "reporting_vq: some per second after memory was freed."),                     \
	.high = N_("Memory is freed and used again all the time."), .todo = no_do

#define TEXT_SOCKET_BETWEEN_GUEST                                                                  \
	.title = N_("Socket between guest and host (vsock)"),                                      \
	.meaning = N_("vsock data from (rx) or to (tx) the host"),                                 \
	.what = N_("Queues of a virtio vsock device: guest agents, container runtimes and file "   \
		   "sharing use it."),                                                             \
	.raised_by = vq_by, .normal = N_("Zero without users of vsock."),                          \
	.high = N_("A program moves a lot of data through vsock."),                                \
	.todo = N_("ss --vsock lists the sockets.")

#define TEXT_VIRTUAL_CRYPTO_DEVICE                                                                 \
	.title = N_("Virtual crypto device"),                                                      \
	.meaning = N_("finished cipher requests of virtio-crypto"),                                \
	.what = N_("Data and control queues of a virtio crypto device."), .raised_by = vq_by,      \
	.normal = N_("Zero without users."), .high = N_("Many small cipher requests."),            \
	.todo = N_("Compare with the CPU's own AES instructions (cryptsetup benchmark): they "     \
		   "are often faster.")

#define TEXT_VIRTUAL_CONSOLE_PORT                                                                  \
	.title = N_("Virtual console port or entropy source"),                                     \
	.meaning = N_("console, guest agent or random numbers from the host"),                     \
	.what = N_("input and output without a number belong to a virtio console port (also "      \
		   "used by guest agents); a lone input can be virtio-rng, which brings random "   \
		   "numbers."),                                                                    \
	.raised_by = vq_by, .normal = N_("A few a second at most."),                               \
	.high = N_("A program writes a flood to the console, or reads /dev/hwrng."),               \
	.todo = N_("Lower the console log level (dmesg -n 4); see who reads /dev/hwrng."),         \
	.source = "drivers/char/virtio_console.c (init_vqs)"

#define TEXT_XEN_FUNCTION_CALL                                                                     \
	.title = N_("Xen function call IPI"),                                                      \
	.meaning = N_("a CPU has this one run a function (Xen)"),                                  \
	.what = N_("An inter-processor interrupt by event channel: another virtual CPU wants a "   \
		   "function run here, on one CPU (callfuncsingle) or on many (callfunc)."),       \
	.raised_by = N_("The kernel on another virtual CPU, through Xen."),                        \
	.normal = N_("Some to some hundreds a second."),                                           \
	.high = N_("Much TLB flushing or many wake-ups across CPUs."),                             \
	.todo = N_("perf record -e csd:csd_queue_cpu -g shows the callers on newer kernels."),     \
	.source = "arch/x86/xen/smp.c (xen_smp_intr_init)"

#define TEXT_XEN_CONFIGURATION_BUS                                                                 \
	.title = N_("Xen configuration bus"),                                                      \
	.meaning = N_("messages of the Xen configuration store"),                                  \
	.what = N_("Answers and change notices from xenstored, which holds the settings of "       \
		   "virtual devices."),                                                            \
	.raised_by = xen_by, .normal = N_("Hundreds at start-up, then a few."),                    \
	.high = N_("A tool polls xenstore, or devices are attached and detached."),                \
	.todo = N_("Look for guest agents that poll; xenstore-ls on the host."),                   \
	.source = "drivers/xen/xenbus/xenbus_comms.c (xb_init_comms)"

#define TEXT_XEN_EVENT_CHANNEL                                                                     \
	.title = N_("Xen event channel"),                                                          \
	.meaning = N_("messages to a Xen program, console or bus driver"),                         \
	.what = N_("evtchn:NAME belongs to a program of the control domain (xenstored, QEMU); "    \
		   "the others to the console, PCI pass-through or CPU hot-plug."),                \
	.raised_by = xen_by, .normal = N_("Depends on the program."),                              \
	.high = N_("Emulated devices (QEMU) or the console are busy."),                            \
	.todo = N_("Use paravirtual drivers in the guest instead of emulated devices.")

#define TEXT_DEVICE_PASSED_GUEST                                                                   \
	.title = N_("Device passed to a guest or user program"),                                   \
	.meaning = N_("interrupt of a passed-through device (BDF in brackets)"),                   \
	.what = N_("A vector of a PCI device that belongs to a virtual machine or to DPDK/SPDK. "  \
		   "The host only signals an eventfd; with posted interrupts it does not even "    \
		   "see it, and the count stays still."),                                          \
	.raised_by = N_("The passed-through device."),                                             \
	.normal = N_("What the device does inside the guest."),                                    \
	.high = N_("Every interrupt makes the host wake the guest. vfio-intx is the slow kind: "   \
		   "masked and unmasked each time."),                                              \
	.todo = N_("Place it on the CPUs of the guest's virtual CPUs; use posted interrupts "      \
		   "(Intel VT-d, AMD AVIC) and MSI-X in the guest.")

#define TEXT_KVM_GUEST_TIMER                                                                       \
	.title = N_("KVM guest timer or GIC maintenance"),                                         \
	.meaning = N_("timers of guests, interrupt state of guests (ARM KVM)"),                    \
	.what = N_("Per-CPU interrupts of an ARM host with KVM: the guest's own timer has "        \
		   "expired, or the interrupt controller wants guest state refilled (vgic)."),     \
	.raised_by = N_("The CPU's timer or GIC while a guest runs."),                             \
	.normal = N_("Up to the tick rate of the guests."),                                        \
	.high = N_("Guests with many timers."), .todo = N_("Look inside the guests.")

#define TEXT_MESSAGE_DEVICE_VMWARE                                                                 \
	.title = N_("Message device of VMware or VirtualBox"),                                     \
	.meaning = N_("messages between guest and hypervisor"),                                    \
	.what = N_("Guest tools, shared folders and vsock of VMware (vmci), host events of "       \
		   "VirtualBox (vboxguest)."),                                                     \
	.raised_by = N_("The hypervisor."), .normal = N_("A few a second at most."),               \
	.high = N_("Shared folders or guest tools are busy."),                                     \
	.todo = N_("Update the guest tools.")

const struct lore lore_actions_virt[] = {
	{
		ACTION("virtio[0-9]*-virtsnd*", DEVICE, AUDIO),
		.title = N_("Virtual sound card"),
		.meaning = N_("sound periods played or recorded"),
		.what = N_("Queues of a virtio sound device: control, events, playback (tx), "
			   "recording (rx)."),
		.raised_by = vq_by,
		.normal = N_("Zero in silence, some hundreds a second while playing."),
		.high = N_("Very short sound periods."),
		.todo = N_("Raise the period size of the sound server."),
		.source = "sound/virtio/virtio_card.c (virtsnd_find_vqs)",
	},
	{
		ACTION("virtio[0-9]*-input.[0-9]*", DEVICE, NET),
		.title = N_("Receive queue of a virtio NIC"),
		.meaning = N_("packets received by a virtio network device"),
		.what = N_("Receive queue K of a virtio network interface. N is the number of "
			   "the virtio device, not of the interface. NAPI masks it while it "
			   "polls."),
		.raised_by = vq_by,
		.normal = N_("Zero when idle, up to tens of thousands a second under load."),
		.high = N_("Many small packets, or no coalescing. All on one queue: the guest "
			   "has a single queue pair."),
		.todo = N_("More queues: queues=N at the hypervisor, ethtool -L IF combined N "
			   "in the guest; ethtool -C IF where supported; irqctl spread IF."),
		.source = "drivers/net/virtio_net.c (skb_recv_done)",
	},
	{
		ACTION("virtio[0-9]*-output.[0-9]*", DEVICE, NET),
		.title = N_("Transmit queue of a virtio NIC"),
		.meaning = N_("finished packets of a virtio network device"),
		.what = N_("Transmit queue K of a virtio network interface: the host has sent "
			   "packets and their buffers can be freed."),
		.raised_by = vq_by,
		.normal = N_("Fewer than on the receive side: one interrupt covers many sent "
			     "packets."),
		.high = N_("The host completes packets one by one: many small packets, or the "
			   "ring is full all the time."),
		.todo = N_("As for the input queue; a larger ring (ethtool -G, or tx_queue_size "
			   "at QEMU) helps."),
		.source = "drivers/net/virtio_net.c (skb_xmit_done)",
	},
	{
		ACTION("virtio[0-9]*-req.[0-9]*", DEVICE, STORAGE),
		.title = N_("Request queue of a virtio disk"),
		.meaning = N_("finished reads and writes of a virtio disk"),
		.what = N_("Queue K of a virtio-blk disk. The kernel spreads the queues over "
			   "the CPUs and owns their affinity (managed)."),
		.raised_by = vq_by,
		.normal = N_("Zero when idle, up to one per I/O."),
		.high = N_("Many small I/Os: compare with iostat -x 1."),
		.todo = N_("Give the disk num-queues=CPUs at QEMU; polling: "
			   "virtio_blk.poll_queues=N. The affinity cannot be set."),
		.source = "drivers/block/virtio_blk.c (virtblk_done)",
	},
	{
		ACTION("virtio[0-9]*-request", DEVICE, STORAGE),
		.title = N_("Request queue of virtio-scsi"),
		.meaning = N_("finished commands of virtio SCSI disks"),
		.what = N_("A request queue of a virtio-scsi controller; with several queues "
			   "all rows have the same name. The kernel owns their affinity "
			   "(managed)."),
		.raised_by = vq_by,
		.normal = N_("Zero when idle, up to one per I/O."),
		.high = N_("Many small I/Os: compare with iostat -x 1."),
		.todo = N_("Give the controller num_queues=CPUs at QEMU. The affinity cannot be "
			   "set."),
		.source = "drivers/scsi/virtio_scsi.c (virtscsi_req_done)",
	},
	{ACTION("virtio[0-9]*-requests*", DEVICE, STORAGE), TEXT_FILE_SYSTEM_SHARED},
	{ACTION("virtio[0-9]*-hiprio", DEVICE, STORAGE), TEXT_FILE_SYSTEM_SHARED},
	{
		ACTION("virtio[0-9]*-control", DEVICE, VIRT),
		.title = N_("Control queue of virtio-gpu or virtio-scsi"),
		.meaning = N_("display commands (gpu) or task management (scsi)"),
		.what = N_("On a virtio-gpu device the queue for all drawing and display "
			   "commands; on virtio-scsi aborts and resets. The control queue of a "
			   "virtio NIC has no interrupt."),
		.raised_by = vq_by,
		.normal = N_("gpu: up to the frame rate times a few while the screen changes. "
			     "scsi: zero."),
		.high = N_("gpu: something redraws all the time. scsi: commands time out and "
			   "are aborted; dmesg tells."),
		.todo = N_("For scsi look at the host's storage; for gpu at what is drawn on "
			   "the console."),
		.source = "drivers/scsi/virtio_scsi.c (virtscsi_ctrl_done)",
	},
	{
		ACTION("virtio[0-9]*-cursor", DEVICE, DISPLAY),
		.title = N_("Cursor queue of virtio-gpu"),
		.meaning = N_("mouse pointer moves on a virtual display"),
		.what = N_("Commands that move or change the mouse pointer of a virtio-gpu "
			   "display."),
		.raised_by = vq_by,
		.normal = N_("Zero without a desktop."),
		.high = N_("The pointer moves."),
		.todo = no_do,
		.source = "drivers/gpu/drm/virtio/virtgpu_vq.c (virtio_gpu_cursor_ack)",
	},
	{
		ACTION("virtio[0-9]*-config", DEVICE, VIRT),
		.title = N_("Configuration change of a virtio device"),
		.meaning = N_("the host has changed a setting of a virtio device"),
		.what = N_("The host tells that the device's configuration has changed: link up "
			   "or down, disk resized, balloon target. It carries no data."),
		.raised_by = N_("The hypervisor, when the configuration of the device changes."),
		.normal = N_("Zero or a few."),
		.high = N_("The host changes settings in a loop, for example the balloon of an "
			   "overcommitted host."),
		.todo = N_("Look at the host (balloon, link state)."),
		.source = "drivers/virtio/virtio_pci_common.c (vp_config_changed)",
	},
	{
		ACTION("virtio[0-9]*-virtqueues", DEVICE, VIRT),
		.title = N_("All queues of a virtio device"),
		.meaning = N_("all queues of a virtio device on one vector"),
		.what = N_("The device has too few MSI-X vectors for one per queue, so all its "
			   "queues share this one. The handler asks every queue. Common for "
			   "balloon, console and rng devices."),
		.raised_by = vq_by,
		.normal = N_("Low for balloon, console, rng."),
		.high = N_("On a disk or NIC this costs speed: all queues meet on one CPU."),
		.todo = N_("At QEMU give the device more vectors (vectors=2*queues+2 for a NIC)."),
		.source = "drivers/virtio/virtio_pci_common.c (vp_request_msix_vectors)",
	},
	{
		ACTION("virtio[0-9]*-event", DEVICE, VIRT),
		.title = N_("Event queue of a virtio device"),
		.meaning = N_("disk hot-plug (scsi), resets (vsock), faults (iommu)"),
		.what = N_("Events from the host: disks added or removed (virtio-scsi), a "
			   "transport reset after migration (vsock), translation faults "
			   "(virtio-iommu)."),
		.raised_by = vq_by,
		.normal = rare_normal,
		.high = N_("On an iommu: a device does DMA where it must not."),
		.todo = N_("Read dmesg."),
		.source = "drivers/scsi/virtio_scsi.c (virtscsi_event_done)",
	},
	{ACTION("virtio[0-9]*-events", DEVICE, INPUT), TEXT_VIRTUAL_KEYBOARD_MOUSE},
	{ACTION("virtio[0-9]*-status", DEVICE, INPUT), TEXT_VIRTUAL_KEYBOARD_MOUSE},
	{ACTION("virtio[0-9]*-inflate", DEVICE, VIRT), TEXT_MEMORY_BALLOON},
	{ACTION("virtio[0-9]*-deflate", DEVICE, VIRT), TEXT_MEMORY_BALLOON},
	{ACTION("virtio[0-9]*-stats", DEVICE, VIRT), TEXT_BALLOON_STATISTICS_FREE,
	 .source = "drivers/virtio/virtio_balloon.c (stats_request)"},
	{ACTION("virtio[0-9]*-reporting_vq", DEVICE, VIRT), TEXT_BALLOON_STATISTICS_FREE,
	 .source = "drivers/virtio/virtio_balloon.c (balloon_ack)"},
	{ACTION("virtio[0-9]*-rx", DEVICE, VIRT), TEXT_SOCKET_BETWEEN_GUEST,
	 .source = "net/vmw_vsock/virtio_transport.c (virtio_vsock_rx_done)"},
	{ACTION("virtio[0-9]*-tx", DEVICE, VIRT), TEXT_SOCKET_BETWEEN_GUEST,
	 .source = "net/vmw_vsock/virtio_transport.c (virtio_vsock_tx_done)"},
	{ACTION("virtio[0-9]*-dataq*", DEVICE, CRYPTO), TEXT_VIRTUAL_CRYPTO_DEVICE,
	 .source = "drivers/crypto/virtio/virtio_crypto_core.c (virtcrypto_dataq_callback)"},
	{ACTION("virtio[0-9]*-controlq", DEVICE, CRYPTO), TEXT_VIRTUAL_CRYPTO_DEVICE,
	 .source = "drivers/crypto/virtio/virtio_crypto_core.c (virtcrypto_ctrlq_callback)"},
	{ACTION("virtio[0-9]*-input", DEVICE, VIRT), TEXT_VIRTUAL_CONSOLE_PORT},
	{ACTION("virtio[0-9]*-output", DEVICE, VIRT), TEXT_VIRTUAL_CONSOLE_PORT},
	{ACTION("virtio[0-9]*-control-[io]", DEVICE, VIRT), TEXT_VIRTUAL_CONSOLE_PORT},
	{
		ACTION("virtio[0-9]*", DEVICE, VIRT),
		.title = N_("Virtio device on a single line"),
		.meaning = N_("all queues and settings of a virtio device"),
		.what = N_("A virtio device without MSI-X (legacy PCI line or virtio-mmio): "
			   "data and configuration changes share one interrupt, and PCI lines "
			   "may be shared with other devices."),
		.raised_by = vq_by,
		.normal = N_("Depends on the device: see /sys/bus/virtio/devices/virtioN/driver."),
		.high = N_("On a NIC or disk: without MSI-X every interrupt costs more and all "
			   "land on one CPU."),
		.todo = N_("On PCI machines allow MSI-X (no pci=nomsi, vectors not 0 at QEMU); "
			   "virtio-mmio has no MSI-X on most platforms."),
		.source = "drivers/virtio/virtio_pci_common.c (vp_interrupt)",
	},
	{
		ACTION("timer[0-9]*", DEVICE, TIMER),
		.title = N_("Xen timer of a CPU"),
		.meaning = N_("timer tick of one virtual CPU (Xen)"),
		.what = N_("The clock event of a virtual CPU in a Xen guest; it takes the place "
			   "of the local APIC timer. On some ARM chips a timerN is a hardware "
			   "timer instead."),
		.raised_by = xen_by,
		.normal = N_("Up to HZ (100 to 1000) a second on a busy CPU, far less when idle."),
		.high = N_("More than HZ: many high-resolution timers are in use."),
		.todo = xen_percpu,
		.source = "arch/x86/xen/time.c (xen_setup_timer)",
	},
	{ACTION("callfuncsingle[0-9]*", IPI, IPI), TEXT_XEN_FUNCTION_CALL},
	{ACTION("callfunc[0-9]*", IPI, IPI), TEXT_XEN_FUNCTION_CALL},
	{
		ACTION("resched[0-9]*", IPI, IPI),
		.title = N_("Xen reschedule IPI"),
		.meaning = N_("another CPU has work for this CPU's scheduler (Xen)"),
		.what = N_("An inter-processor interrupt by event channel: wakes a virtual CPU "
			   "to run a task that was just made runnable."),
		.raised_by = N_("The scheduler on another virtual CPU, through Xen."),
		.normal = N_("Tens to thousands a second, with the wake-up rate."),
		.high = ipi_high,
		.todo = N_("Keep tasks that talk to each other on the same CPUs (taskset, "
			   "cpusets)."),
		.source = "arch/x86/xen/smp.c (xen_reschedule_interrupt)",
	},
	{
		ACTION("spinlock[0-9]*", IPI, IPI),
		.title = N_("Xen spinlock kick"),
		.meaning = N_("a lock that this CPU sleeps for is free (Xen)"),
		.what = N_("A virtual CPU that waits too long for a spinlock sleeps in the "
			   "hypervisor and is kicked through this channel. The kernel polls for "
			   "the kick and keeps the line disabled, so the count stays at zero."),
		.raised_by = N_("The CPU that releases the lock."),
		.normal = N_("Zero."),
		.high = N_("Not expected; old kernels counted each poll here, and then a high "
			   "rate meant CPUs preempted while they held locks."),
		.todo = N_("If steal time (st in top) is high too: fewer virtual CPUs, or pin "
			   "them on the host."),
		.source = "arch/x86/xen/spinlock.c (xen_init_lock_cpu)",
	},
	{
		ACTION("irqwork[0-9]*", IPI, IPI),
		.title = N_("Xen deferred interrupt work"),
		.meaning = N_("work queued from a context that cannot run it (Xen)"),
		.what = N_("The irq_work interrupt of a paravirtual Xen guest: perf, tracing "
			   "and printk use it."),
		.raised_by = N_("The kernel on this CPU itself."),
		.normal = N_("Close to zero."),
		.high = N_("perf or tracing is active."),
		.todo = xen_percpu,
		.source = "arch/x86/xen/smp_pv.c (xen_smp_intr_init_pv)",
	},
	{
		ACTION("pmu[0-9]*", DEVICE, PERF),
		.title = N_("Xen performance counter interrupt"),
		.meaning = N_("performance counter overflow (Xen)"),
		.what = N_("A performance counter of this virtual CPU has overflowed; needs "
			   "vpmu=1 at the hypervisor."),
		.raised_by = xen_by,
		.normal = N_("Zero without perf."),
		.high = N_("perf samples at a high frequency."),
		.todo = N_("Lower perf's -F, or stop it."),
		.source = "arch/x86/xen/smp_pv.c (xen_pmu_irq_handler)",
	},
	{
		ACTION("debug[0-9]*", DEVICE, VIRT),
		.title = N_("Xen debug interrupt"),
		.meaning = N_("the Xen administrator asks for a state dump"),
		.what = N_("VIRQ_DEBUG: makes the guest print the state of its event channels. "
			   "Sent by hand (xl debug-keys q)."),
		.raised_by = xen_by,
		.normal = N_("Zero."),
		.high = N_("Somebody used xl debug-keys."),
		.todo = no_do,
		.source = "arch/x86/xen/smp.c (xen_debug_interrupt)",
	},
	{ACTION("xenbus", DEVICE, VIRT), TEXT_XEN_CONFIGURATION_BUS},
	{ACTION("xenstore*", DEVICE, VIRT), TEXT_XEN_CONFIGURATION_BUS},
	{
		ACTION("blkif*", DEVICE, STORAGE),
		.title = N_("Xen virtual disk"),
		.meaning = N_("finished (guest) or new (host) requests of a Xen disk"),
		.what = N_("An event channel of a paravirtual disk, one per queue: blkif in the "
			   "guest, blkif-backend in the driver domain."),
		.raised_by = N_("The other domain, through the hypervisor, when it has put "
				"requests or answers into the shared ring."),
		.normal = N_("Zero when idle, up to one per I/O."),
		.high = N_("Many small I/Os: compare with iostat -x 1."),
		.todo = N_("More queues: xen_blkfront.max_queues=N; place them with irqctl set."),
		.source = "drivers/block/xen-blkfront.c (setup_blkring)",
	},
	{ACTION("evtchn:*", DEVICE, VIRT), TEXT_XEN_EVENT_CHANNEL,
	 .source = "drivers/xen/evtchn.c (evtchn_bind_to_user)"},
	{ACTION("pcifront", DEVICE, VIRT), TEXT_XEN_EVENT_CHANNEL,
	 .source = "drivers/pci/xen-pcifront.c (pcifront_handler_aer)"},
	{ACTION("xen-pcpu", DEVICE, VIRT), TEXT_XEN_EVENT_CHANNEL,
	 .source = "drivers/xen/pcpu.c (xen_pcpu_interrupt)"},
	{ACTION("hvc_console", DEVICE, VIRT), TEXT_XEN_EVENT_CHANNEL,
	 .source = "drivers/tty/hvc/hvc_irq.c (hvc_handle_interrupt)"},
	{
		ACTION("Hyper-V VMbus", DEVICE, VIRT),
		.title = N_("Hyper-V message bus"),
		.meaning = N_("all virtual devices of a Hyper-V guest (ARM)"),
		.what = N_("Network, disk and all other VMBus channels of an ARM64 Hyper-V "
			   "guest share this per-CPU interrupt; there is none per queue. On x86 "
			   "the same events are the row HYP."),
		.raised_by = N_("Hyper-V, when a channel bound to this CPU has work."),
		.normal = N_("Hundreds to tens of thousands a second with network and disk load."),
		.high = N_("One CPU far above the others: too few channels, or bound to one CPU."),
		.todo = N_("ethtool -L IF combined N; move a channel by writing a CPU to "
			   "/sys/bus/vmbus/devices/*/channels/*/cpu."),
		.source = "drivers/hv/vmbus_drv.c (vmbus_percpu_isr)",
	},
	{
		ACTION("Hyper-V stimer0", DEVICE, TIMER),
		.title = N_("Hyper-V synthetic timer"),
		.meaning = N_("timer tick of one CPU (Hyper-V guest on ARM)"),
		.what = N_("The per-CPU clock event of a Hyper-V guest in direct mode."),
		.raised_by = N_("Hyper-V, at the time the kernel has programmed."),
		.normal = N_("Up to HZ (100 to 1000) a second on a busy CPU, far less when idle."),
		.high = N_("More than HZ: many high-resolution timers are in use."),
		.todo = N_("Nothing: it is the clock of this CPU."),
		.source = "drivers/clocksource/hyperv_timer.c (hv_stimer0_percpu_isr)",
	},
	{ACTION("vfio-msi*", DEVICE, VIRT), TEXT_DEVICE_PASSED_GUEST,
	 .source = "drivers/vfio/pci/vfio_pci_intrs.c (vfio_msi_set_vector_signal)"},
	{ACTION("vfio-intx*", DEVICE, VIRT), TEXT_DEVICE_PASSED_GUEST,
	 .source = "drivers/vfio/pci/vfio_pci_intrs.c (vfio_intx_set_signal)"},
	{ACTION("kvm guest *timer", DEVICE, VIRT), TEXT_KVM_GUEST_TIMER,
	 .source = "arch/arm64/kvm/arch_timer.c (kvm_timer_hyp_init)"},
	{ACTION("vgic", DEVICE, VIRT), TEXT_KVM_GUEST_TIMER,
	 .source = "arch/arm64/kvm/vgic/vgic-init.c (kvm_vgic_hyp_init)"},
	{ACTION("vmci", DEVICE, VIRT), TEXT_MESSAGE_DEVICE_VMWARE,
	 .source = "drivers/misc/vmw_vmci/vmci_guest.c (vmci_interrupt)"},
	{ACTION("vmw_vmci*", DEVICE, VIRT), TEXT_MESSAGE_DEVICE_VMWARE,
	 .source = "drivers/misc/vmw_vmci/vmci_guest.c (vmci_interrupt)"},
	{ACTION("vboxguest", DEVICE, VIRT), TEXT_MESSAGE_DEVICE_VMWARE,
	 .source = "drivers/virt/vboxguest/vboxguest_linux.c (vbg_core_isr)"},
	{.key = NULL},
};
