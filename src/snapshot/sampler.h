/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Samples of one machine at the lowest cost: files that are read each time stay open. All functions
 * return 0 or -errno.
 */
#pragma once

#include "base/cpuset.h"
#include "parse/proc_interrupts.h"
#include "snapshot/sample.h"
#include "snapshot/snapshot.h"
#include "source/source.h"

/*
 * Interrupts whose two files in /proc/irq are kept open. To open, read and close one of these takes
 * several times as long as to read it again (bench/sample-bench). Their descriptors (512) are half
 * of what a process usually may have.
 */
#define SAMPLER_SLOTS 256u

struct sampler_slot;

struct sampler {
	struct source *source;
	struct source_file stat;
	struct sampler_slot *slots;
	struct buf text; /* of the file that was read last */
	bool is_freebsd; /* then nothing above is used, and this is what was seen last */
	struct snapshot seen;
	/* FreeBSD: the devices were asked where their messages go; false makes the next sample ask
	 * again */
	bool is_learned;
};

/* The source must outlive the sampler, which sampler_close ends. */
int sampler_open(struct source *source, struct sampler *ret);
void sampler_close(struct sampler *sampler);

/*
 * Reads /proc/stat into a sample that was zero, or taken before: its arrays are used again. On
 * error its n_cpus or n_counts is 0. -EINVAL where the file names no CPU, -ENODATA where it is
 * empty or holds no interrupts.
 */
int sampler_take(struct sampler *sampler, struct sample *sample);

/*
 * Which CPUs interrupt `irq` may go to, and which serve it. Where the kernel does not tell the
 * latter (before 4.13, on some architectures, before the first request of the interrupt), it is
 * the CPU of `requested` if that is a single one, else *effective becomes empty: not known. Where
 * the former is still `known` (NULL: nothing is) and the latter would take another file, it is not
 * read: 1, and *effective stays as it is. Else replaces both sets: 0. -ENOENT where there is no
 * such interrupt.
 */
int sampler_affinity(struct sampler *sampler, int32_t irq, const struct cpuset *known,
		     struct cpuset *requested, struct cpuset *effective);

/*
 * Reads the whole of /proc/interrupts, which takes the kernel long on a wide machine, and when that
 * was (CLOCK_MONOTONIC, ns). Free the table with irq_table_done.
 */
int sampler_table(struct sampler *sampler, struct irq_table *ret_table, uint64_t *ret_mono_ns);
