/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small values of FreeBSD's sysctls as the kernel hands them out: numbers and structures in the
 * byte order of the machine, sets of CPUs as an array of u_long. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cpuset.h"
#include "parse/proc_stat.h"

/* An unsigned number of 1, 2, 4 or 8 bytes. 0 or -EINVAL. */
int freebsd_number_parse(const char *bytes, size_t len, uint64_t *ret);

/* The statistics clock of kern.clockrate (struct clockinfo, sys/time.h): ticks of kern.cp_times per
 * second. 0 or -EINVAL. */
int freebsd_stathz_parse(const char *bytes, size_t len, uint32_t *ret);

/* kern.boottime, a struct timeval: ns since 1970. 0 or -EINVAL. */
int freebsd_boottime_parse(const char *bytes, size_t len, uint64_t *ret_ns);

/*
 * kern.cp_times: user, nice, system, interrupt and idle ticks for each CPU id (sys/resource.h,
 * CPUSTATES). `stathz` ticks make a second; the result has PROC_STAT_HZ of them, for the CPUs that
 * have spent any time: an id without a CPU has not. The caller frees *ret_times. 0, -EINVAL (no CPU
 * has) or -ENOMEM.
 */
int freebsd_cp_times_parse(const char *bytes, size_t len, uint32_t stathz,
			   struct cpu_time **ret_times, size_t *ret_n);

/* A cpuset_t of any size (sys/bitset.h). Replaces *set. 0, -EINVAL, -ERANGE or -ENOMEM. */
int freebsd_mask_parse(const char *bytes, size_t len, struct cpuset *set);
/* Appends a mask of `size` bytes. 0, -ENOMEM; -ERANGE: a CPU has no place in it. */
int freebsd_mask_format(const struct cpuset *set, size_t size, struct buf *out);

/* A thread that serves an interrupt, or the work that one leaves behind. */
struct freebsd_thread {
	const char *name;    /* "irq25: virtio_pci0", "if_io_tqg_0", "swi4: clock (0)" */
	uint64_t runtime_us; /* since it began */
	int32_t cpu;         /* where it ran last, -1: not known */
};

struct freebsd_threads {
	struct freebsd_thread *items; /* ascending by name */
	size_t n, cap;
	struct arena strings;
};

/*
 * What source/ makes of the threads in kern.proc (struct kinfo_proc, sys/user.h), whose layout
 * follows the release: a line "RUNTIME_US CPU NAME" each, CPU "-" where it is not known. Lines of
 * any other form are left out. 0 or -ENOMEM. Free with freebsd_threads_done either way.
 */
int freebsd_threads_parse(const char *text, size_t len, struct freebsd_threads *ret);
/* A thread of that name, or NULL. */
const struct freebsd_thread *freebsd_threads_find(const struct freebsd_threads *threads,
						  const char *name);
void freebsd_threads_done(struct freebsd_threads *threads);
