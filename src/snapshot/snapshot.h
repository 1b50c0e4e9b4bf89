/* SPDX-License-Identifier: BSD-2-Clause */
/* One instant of one machine: what was read, parsed, and not yet judged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cpuset.h"
#include "base/strv.h"
#include "parse/freebsd_dtrace.h"
#include "parse/freebsd_sysctl.h"
#include "parse/proc_interrupts.h"
#include "parse/proc_stat.h"
#include "source/source.h"

/* What a verb wants to know: each costs reads. The table itself is always read. */
enum snapshot_need {
	SNAPSHOT_AFFINITY = 1 << 0, /* /proc/irq/N/ */
	SNAPSHOT_DEVICES =
		1 << 1, /* sysfs: PCI, virtio, net, block, SCSI ... and the queues of NICs */
	SNAPSHOT_CPU_TIME = 1 << 2, /* /proc/stat */
	SNAPSHOT_SOFTIRQS = 1 << 3, /* /proc/softirqs */
	SNAPSHOT_PRESSURE = 1 << 4, /* /proc/pressure/irq */
	SNAPSHOT_UPTIME = 1 << 5,   /* /proc/uptime */
	SNAPSHOT_RAW = 1 << 6,      /* keep the bytes of /proc/interrupts */
};

/* What /proc/irq/N says of one interrupt. A set is meaningful where its has_ flag is true. */
struct irq_facts {
	int32_t irq;
	int32_t node; /* -1: none or not known */
	bool has_requested, has_effective, has_hint, has_mode;
	uint32_t mode; /* permission bits of smp_affinity: 0444 tells an unsettable one from 6.12 on
			*/
	struct cpuset requested, effective, hint;
	/* FreeBSD; -1: not known, and on Linux */
	int32_t believed;   /* the CPU that the kernel takes for its target, right or wrong */
	bool is_stale;      /* it is of an earlier vector: the device itself names another CPU */
	int32_t worker_cpu; /* where the queue's work is done, whatever CPU the interrupt is on */
};

/* A device that owns interrupts, from sysfs. */
struct device {
	const char *bus;     /* "pci", "virtio", "platform", "vmbus", "xen", "acpi" */
	const char *address; /* its name on that bus: "0000:3b:00.0", "virtio2" */
	const char *driver;  /* bound driver, or NULL */
	const char *parent;  /* PCI address of the device it sits on (virtio, NVMe ...), or NULL */
	const char *handler; /* FreeBSD: the name of its handlers, "virtio_pci0"; or NULL */
	uint32_t pci_class;  /* 24 bits: class, subclass, interface; 0 where unknown */
	int32_t node;        /* NUMA node, -1: none */
	struct strv interfaces; /* "eth0", "vda", "nvme0", "host2", best first */
	int32_t *irqs;          /* Linux IRQ numbers known to be its own, ascending */
	size_t n_irqs, cap_irqs;
};

/* One queue of a NIC as the kernel's netdev netlink family tells it (Linux 6.8). */
struct nic_queue {
	int32_t irq;
	uint32_t ifindex;
	uint32_t index;
	bool rx, tx;
	const char *interface; /* NULL where the ifindex has no name */
};

enum snapshot_system {
	SYSTEM_LINUX,
	SYSTEM_FREEBSD,
};

struct snapshot {
	enum snapshot_system system;
	uint64_t time_ns; /* CLOCK_REALTIME when the table was read; of a recording, its last change
			   */
	uint64_t mono_ns; /* CLOCK_MONOTONIC, for intervals */
	struct irq_table interrupts;
	bool has_interrupts; /* false: the file was missing or empty, the reason is in `missing` */
	struct irq_table softirqs;
	bool has_softirqs;
	struct cpu_time *cpu_times; /* ascending by CPU as the kernel prints them */
	size_t n_cpu_times;
	struct irq_pressure pressure;
	bool has_pressure;
	double uptime_s;        /* 0: not known */
	struct irq_facts *irqs; /* ascending by number */
	size_t n_irqs, cap_irqs;
	struct device *devices;
	size_t n_devices, cap_devices;
	struct nic_queue *queues; /* ascending by irq */
	size_t n_queues, cap_queues;
	const char *kernel;               /* release such as "6.12.9-amd64"; NULL: not known */
	struct freebsd_threads threads;   /* FreeBSD: of interrupts, and their workers */
	struct freebsd_measured measured; /* of the interval before, where it was measured */
	uint64_t *cpu_interrupts;         /* FreeBSD as root: by CPU id, all since boot; or NULL */
	size_t n_cpu_interrupts;
	struct buf raw;      /* with SNAPSHOT_RAW */
	struct strv missing; /* English sentences: what could not be read, and what it cost */
	struct arena strings;
};

/*
 * Reads the facts in `needs` (a mask of enum snapshot_need) and the table. Whatever is missing
 * costs only its own facts and a line in `missing`. Returns 0, or -errno where not even a table
 * could be read: then `ret_error` (a sentence that names the file) says why. Free with
 * snapshot_done either way.
 */
int snapshot_take(struct source *source, unsigned int needs, struct snapshot *ret,
		  struct buf *ret_error);

/* Whether the source, live or recorded, is a FreeBSD machine. */
bool snapshot_is_freebsd(struct source *source);

/*
 * Counts the interrupts of a live FreeBSD machine per CPU for so long (at least a millisecond),
 * with DTrace. 0; -EPERM: only root may; -ENOTSUP, -ENOENT: there is no DTrace; or -errno. Free
 * with freebsd_measured_done either way.
 */
int snapshot_measure(struct source *source, double seconds, struct freebsd_measured *ret);

const struct irq_facts *snapshot_irq(const struct snapshot *snapshot, int32_t irq);
void snapshot_done(struct snapshot *snapshot);
