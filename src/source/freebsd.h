/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD as a source of files, and the few calls that all of it rests on. The live kernel
 * (freebsd_live.c) and the model of it that the tests use are two implementations of these calls,
 * so everything above them builds and runs on any system.
 *
 * The files, whose bytes a recorded root holds under the same names:
 *
 * - sysctl/NAME: the value of a sysctl, byte for byte ("sysctl -b NAME")
 * - cpuset/irq/N: the cpuset_t of cpuset_getaffinity(CPU_LEVEL_WHICH, CPU_WHICH_IRQ, N)
 * - cpuset/root: the cpuset_t of all CPUs (CPU_LEVEL_ROOT)
 * - threads: see parse/freebsd_sysctl.h
 * - v_intr: per CPU id a uint64_t, interrupts since boot (struct vmmeter)
 * - msix/D:B:S:F: the MSI-X table of a PCI device, or its MSI address as a table of one
 *   entry for each message
 * - apic_ids: per CPU id a uint32_t
 * - dtrace/MS: see parse/freebsd_dtrace.h; to read it takes MS milliseconds
 * - irqctl/targets: the interrupts that irqctl has bound since boot, a number a line
 */
#pragma once

#include "source/source.h"

/* What cpuset_setaffinity() moves (sys/cpuset.h). */
enum freebsd_which {
	FREEBSD_WHICH_ROOT = 0,        /* no move: all CPUs of the machine, to be asked for only */
	FREEBSD_WHICH_IRQ = 4,         /* hardware target and interrupt thread */
	FREEBSD_WHICH_INTRHANDLER = 7, /* hardware target alone */
	FREEBSD_WHICH_ITHREAD = 8,     /* thread alone */
};

struct freebsd_kernel;

/* All return 0 or -errno. What appends leaves `out` as it was on error. */
struct freebsd_kernel_ops {
	/* sysctlbyname(3): with `value` NULL *len becomes a size that is large enough now */
	int (*sysctl)(struct freebsd_kernel *kernel, const char *name, void *value, size_t *len);
	/* the names of all sysctls below "dev", in any order */
	int (*list)(struct freebsd_kernel *kernel, struct strv *out);
	/* cpuset_getaffinity(2) and cpuset_setaffinity(2) with CPU_LEVEL_WHICH; sizes in bytes */
	int (*get_affinity)(struct freebsd_kernel *kernel, enum freebsd_which which, int32_t irq,
			    size_t size, void *mask);
	int (*set_affinity)(struct freebsd_kernel *kernel, enum freebsd_which which, int32_t irq,
			    size_t size, const void *mask);
	/* one of the files above that is neither a sysctl nor a set of CPUs */
	int (*read)(struct freebsd_kernel *kernel, const char *path, struct buf *out);
	/* replaces irqctl/targets */
	int (*write_targets)(struct freebsd_kernel *kernel, const char *text);
	/* when the source is closed; may be NULL */
	void (*close)(struct freebsd_kernel *kernel);
};

struct freebsd_kernel {
	const struct freebsd_kernel_ops *ops;
};

/* A source over a kernel, which must outlive it. 0 or -ENOMEM. */
int source_open_freebsd(struct freebsd_kernel *kernel, struct source **ret_source);
/* The kernel behind such a source; NULL where it is another one, a recorded root for instance. */
struct freebsd_kernel *source_freebsd_kernel(struct source *source);

/*
 * The size of a cpuset_t of this kernel, 256 CPUs in FreeBSD 13 and 1024 in 15, in bytes: found by
 * asking, with ERANGE for a size that is too small. Appends the mask of `irq` to `out`. 0 or
 * -errno.
 */
int freebsd_get_mask(struct freebsd_kernel *kernel, enum freebsd_which which, int32_t irq,
		     struct buf *out);
