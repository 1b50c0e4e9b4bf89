/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/stat -> interrupt time per CPU and counts per interrupt (fs/proc/stat.c), /proc/uptime ->
 * seconds (fs/proc/uptime.c), /proc/pressure/irq -> stall figures (kernel/sched/psi.c).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct cpu_time {
	uint32_t cpu;
	uint64_t irq_ticks;     /* in 1/USER_HZ s since boot: hard interrupts */
	uint64_t softirq_ticks; /* softirqs */
	uint64_t idle_ticks;    /* idle and iowait */
	uint64_t total_ticks;   /* user to steal: all that passed */
};

#define PROC_STAT_HZ 100u /* USER_HZ is 100 on every architecture but alpha and ia64 */

/* Appends nothing on error. The caller frees *ret_times. 0, -EINVAL (no cpuN line) or -ENOMEM. */
int proc_stat_parse(const char *text, size_t len, struct cpu_time **ret_times, size_t *ret_n);

/*
 * The same for somebody who reads again and again: fills an array of `*cap` elements that is kept
 * from one call to the next and grows where it must. *n is 0 on error. 0, -EINVAL (no cpuN line) or
 * -ENOMEM.
 */
int proc_stat_cpus(const char *text, size_t len, struct cpu_time **times, size_t *n, size_t *cap);

/* More interrupts than any kernel has; what a file says of further ones is left out. */
#define PROC_STAT_MAX_COUNTS ((size_t)1 << 20)

/*
 * The line "intr SUM COUNT...": (*counts)[N] becomes the count of IRQ N on all CPUs, and SUM, which
 * has the architecture's own interrupts in it, is passed over. The kernel prints one number for
 * each IRQ up to the highest, 0 where there is none; each has 32 bits and starts again at 0. The
 * line ends at the first thing that is no number of 64 bits, and a number that the end of the text
 * may have cut is left out. The array is kept as above. 0, -ENODATA (no such line) or -ENOMEM.
 */
int proc_stat_counts(const char *text, size_t len, uint64_t **counts, size_t *n, size_t *cap);

/*
 * /proc/uptime, in seconds: how long the system runs, and how long all its CPUs together were idle,
 * or -1 where it does not say. 0 or -EINVAL.
 */
int proc_uptime_parse(const char *text, size_t len, double *ret_seconds, double *ret_idle);

struct irq_pressure {
	double avg10, avg60,
		avg300; /* percent of time in which all work stood still for interrupts */
	uint64_t total_us;
};

/* The "full" line. 0 or -EINVAL. */
int irq_pressure_parse(const char *text, size_t len, struct irq_pressure *ret);
