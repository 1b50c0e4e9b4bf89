/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of /proc/softirqs, in the kernel's order: work that interrupt handlers and the tick put
 * off. None of them is an interrupt; each row counts the runs of one handler per CPU.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define SOFTIRQ(key_)                                                                              \
	.group = LORE_SOFTIRQ, .key = key_, .kind = IRQ_KIND_COUNTER, .class = IRQ_CLASS_SOFTIRQ

const struct lore lore_softirqs[] = {
	{
		SOFTIRQ("HI"),
		.title = N_("High-priority tasklets"),
		.meaning = N_("urgent deferred driver work, mostly USB"),
		.what = N_(
			"Runs the tasklets and bottom-half work items of high priority, before all "
			"other softirqs. Like every softirq it is deferred work, not an interrupt; "
			"the row counts runs of the handler on this CPU, not single work items."),
		.raised_by = N_("tasklet_hi_schedule() and, from 6.9 on, high-priority BH "
				"workqueues: completion of USB isochronous and interrupt "
				"transfers, some crypto, DMA, wireless and GPU drivers."),
		.normal = N_("0 or a few per second; hundreds to thousands with USB audio, "
			     "cameras, keyboards or mice in use."),
		.high = N_("A driver with urgent work is busy. It delays all other softirqs of "
			   "this CPU."),
		.todo = N_("See what runs with 'perf record -a -e irq:tasklet_entry' and, for BH "
			   "workqueues, '-e workqueue:workqueue_execute_start' (perf script shows "
			   "the functions). Move the interrupt of the device that needs it to "
			   "another CPU."),
		.source =
			"kernel/softirq.c handle_softirqs(), kernel/softirq.c tasklet_hi_action()",
	},
	{
		SOFTIRQ("TIMER"),
		.title = N_("Timer wheel"),
		.meaning = N_("expired kernel timers: timeouts, delayed work"),
		.what = N_("Runs the expired timers of the timer wheel: network timeouts, delayed "
			   "work, watchdogs. Sleeps and timers of programs are high-resolution "
			   "timers; they expire in the timer interrupt itself and not here."),
		.raised_by = N_("The tick, when a timer is due (older kernels: at every tick)."),
		.normal = N_("Up to CONFIG_HZ per second and CPU, few on idle CPUs."),
		.high = N_("It cannot run more often than the tick. At HZ on a CPU that should be "
			   "idle or isolated, timers keep the tick busy there."),
		.todo = N_("See the timers with 'perf record -a -e timer:timer_expire_entry' (perf "
			   "script shows the functions). Keep them off isolated CPUs with "
			   "nohz_full= or isolcpus=."),
		.source = "kernel/softirq.c handle_softirqs(), kernel/time/timer.c "
			  "run_local_timers(), run_timer_softirq()",
	},
	{
		SOFTIRQ("NET_TX"),
		.title = N_("Network transmit"),
		.meaning = N_("restarts stalled transmit queues; not all sending"),
		.what = N_("Restarts transmit queues that could not send at once and frees sent "
			   "packets that a driver released in its interrupt handler. Ordinary "
			   "sending runs in the sending program, and completions of modern drivers "
			   "run in NET_RX: a low count says nothing about the traffic."),
		.raised_by = N_("__netif_schedule() (a full queue has room again, a traffic "
				"shaper's time has come) and dev_kfree_skb_irq()."),
		.normal = N_("Far below NET_RX, often near 0."),
		.high = N_("Transmit queues fill up again and again: the link or device is slower "
			   "than the senders, or a shaper (tbf, htb, fq) holds packets back."),
		.todo = N_("Read backlog, requeues and drops in 'tc -s qdisc show dev DEV' and "
			   "'ethtool -S DEV'. Use more queues ('ethtool -L'), a larger ring "
			   "('ethtool -G') and XPS."),
		.source = "kernel/softirq.c handle_softirqs(), net/core/dev.c net_tx_action()",
	},
	{
		SOFTIRQ("NET_RX"),
		.title = N_("Network receive"),
		.meaning = N_("polls network devices: receive and send completion"),
		.what = N_("Polls the network drivers (NAPI): received packets pass through the "
			   "protocol stack here, and most drivers clean up sent packets too. One "
			   "run takes up to net.core.netdev_budget packets (300), so the row "
			   "counts rounds, not packets."),
		.raised_by = N_("napi_schedule() in the interrupt handler of a network driver, RPS "
				"from another CPU, loopback and other virtual devices."),
		.normal = N_("About the rate of the network interrupts on the CPUs that serve "
			     "them, up to tens of thousands per second. Low with threaded NAPI."),
		.high = N_("Much traffic on this CPU. On one CPU only: the queues are not spread. "
			   "The columns of /proc/net/softnet_stat are hexadecimal: the second "
			   "counts drops, the third runs that ended with work left over."),
		.todo = N_("Spread the queues over CPUs (interrupt affinity, 'ethtool -L' and "
			   "'-X', RPS), coalesce interrupts ('ethtool -C'). If the third column "
			   "grows, raise net.core.netdev_budget and netdev_budget_usecs."),
		.source = "kernel/softirq.c handle_softirqs(), net/core/dev.c net_rx_action()",
	},
	{
		SOFTIRQ("BLOCK"),
		.title = N_("Block I/O completion"),
		.meaning = N_("completes disk requests (not most NVMe ones)"),
		.what = N_("Completes disk requests. Devices with a single hardware queue come "
			   "here for every batch of requests. Devices with several queues (NVMe) "
			   "complete in their interrupt handler and come here only if the request "
			   "belongs to a CPU that shares no cache with this one."),
		.raised_by = N_("blk_mq_complete_request_remote() after an interrupt of the "
				"controller, on this CPU or by IPI from another."),
		.normal = N_("Up to the number of completed requests for SATA, USB and "
			     "single-queue virtio disks; near 0 for NVMe."),
		.high = N_("Much disk I/O. All of it on one CPU: the controller has one queue, and "
			   "its interrupt goes there."),
		.todo = N_("Look at 'iostat -x 1'. Set /sys/block/DISK/queue/rq_affinity to 2 to "
			   "complete on the submitting CPU, or 0 to stay where the interrupt came. "
			   "Give virtio disks several queues (num-queues)."),
		.source = "kernel/softirq.c handle_softirqs(), block/blk-mq.c blk_done_softirq()",
	},
	{
		SOFTIRQ("IRQ_POLL"),
		.title = N_("Polling of block and RDMA completions"),
		.meaning = N_("budgeted polling of SCSI and RDMA controllers"),
		.what = N_("Polls storage and RDMA controllers for completions within a budget, as "
			   "NAPI does for network cards, so that one interrupt serves many "
			   "requests. Kernels before 4.5 call it BLOCK_IOPOLL."),
		.raised_by =
			N_("irq_poll_sched() in a few drivers: megaraid_sas, mpt3sas, ipr, "
			   "be2iscsi, and RDMA completion queues (iSER, SRP, NVMe over RDMA)."),
		.normal = N_("0 on most machines."),
		.high = N_("Much I/O through one of these drivers. No fault."),
		.todo = N_("Nothing, unless one CPU is saturated: then spread the interrupts of "
			   "the controller over more CPUs."),
		.source = "kernel/softirq.c handle_softirqs(), lib/irq_poll.c irq_poll_softirq()",
	},
	{
		SOFTIRQ("BLOCK_IOPOLL"),
		.title = N_("Polling of block and RDMA completions"),
		.meaning = N_("budgeted polling of SCSI and RDMA controllers"),
		.what = N_("Old name of IRQ_POLL: polls storage controllers for completions within "
			   "a budget, so that one interrupt serves many requests."),
		.raised_by = N_("blk_iopoll_sched() in a few SCSI drivers (be2iscsi, ipr)."),
		.normal = N_("0 on most machines."),
		.high = N_("Much I/O through one of these drivers. No fault."),
		.todo = N_("Nothing, unless one CPU is saturated: then spread the interrupts of "
			   "the controller over more CPUs."),
		.source = "block/blk-iopoll.c blk_iopoll_softirq() (Linux 2.6.32 to 4.4)",
	},
	{
		SOFTIRQ("TASKLET"),
		.title = N_("Tasklets"),
		.meaning = N_("deferred work of drivers"),
		.what = N_("Runs tasklets, small pieces of driver work put off by interrupt "
			   "handlers and, from 6.9 on, BH workqueues. One run serves all that wait "
			   "on this CPU, so there may be more tasklets than runs."),
		.raised_by = N_("tasklet_schedule() in drivers (wireless, USB network, crypto, DMA "
				"engines, InfiniBand) and work queued on system_bh_wq."),
		.normal = N_("0 to some hundreds per second."),
		.high = N_("A driver puts off much work. It runs on the CPU that takes the "
			   "device's interrupt."),
		.todo = N_("See what runs with 'perf record -a -e irq:tasklet_entry' and, for BH "
			   "workqueues, '-e workqueue:workqueue_execute_start' (perf script shows "
			   "the functions). Move the interrupt of the device that needs it to "
			   "another CPU."),
		.source = "kernel/softirq.c handle_softirqs(), kernel/softirq.c tasklet_action()",
	},
	{
		SOFTIRQ("SCHED"),
		.title = N_("Scheduler load balancing"),
		.meaning = N_("balances tasks between CPUs"),
		.what = N_("Looks whether tasks should move to this CPU from busier ones. One CPU "
			   "can also be asked to do it for all idle CPUs whose tick is stopped."),
		.raised_by = N_("The tick, when the next balancing is due, and the IPI that starts "
				"balancing for idle CPUs (in CAL on x86)."),
		.normal = N_("Up to CONFIG_HZ per second and CPU, much less on idle CPUs."),
		.high = N_("Usual with changing load. What matters is the time per run, on "
			   "machines with many CPUs and cgroups."),
		.todo = N_("Usually nothing. Take CPUs that must not be disturbed out of "
			   "balancing: isolcpus=domain,LIST or cpuset.cpus.partition=isolated."),
		.source = "kernel/softirq.c handle_softirqs(), kernel/sched/fair.c "
			  "sched_balance_softirq()",
	},
	{
		SOFTIRQ("HRTIMER"),
		.title = N_("High-resolution timers in softirq context"),
		.meaning = N_("the few precise timers that run as a softirq"),
		.what = N_("Runs expired high-resolution timers that asked for softirq context. "
			   "All others expire in the timer interrupt itself and don't count here. "
			   "On PREEMPT_RT most timers run here."),
		.raised_by = N_(
			"hrtimer_interrupt() and hrtimer_run_queues(), when such a timer is due."),
		.normal = N_("0 or a few on ordinary kernels (kernels shortly before 4.16 never "
			     "use it). Up to thousands per second on PREEMPT_RT."),
		.high = N_("PREEMPT_RT: many sleeps and timeouts. Otherwise BPF timers or a driver "
			   "with such timers."),
		.todo = N_("See the timers with 'perf record -a -e timer:hrtimer_expire_entry' "
			   "(perf script shows the functions)."),
		.source = "kernel/softirq.c handle_softirqs(), kernel/time/hrtimer.c "
			  "hrtimer_run_softirq()",
	},
	{
		SOFTIRQ("RCU"),
		.title = N_("RCU processing"),
		.meaning = N_("read-copy-update: frees memory no longer read"),
		.what = N_("Does the regular work of RCU (read-copy-update) on this CPU: reports "
			   "that readers are gone and runs the callbacks that free what they could "
			   "still see."),
		.raised_by =
			N_("rcu_sched_clock_irq() in the tick, when RCU has work on this CPU."),
		.normal = N_(
			"Up to about CONFIG_HZ per second on a busy CPU, few on idle ones. 0 with "
			"PREEMPT_RT or rcutree.use_softirq=0, where the threads rcuc/N do it."),
		.high = N_("Many objects are freed: files, sockets, directory entries, routes. "
			   "What matters is the length of a run, not the count."),
		.todo = N_("Usually nothing. Move the callbacks off CPUs that must not be "
			   "disturbed with rcu_nocbs= or nohz_full=."),
		.source = "kernel/softirq.c handle_softirqs(), kernel/rcu/tree.c rcu_core_si()",
	},
	{.key = NULL},
};
