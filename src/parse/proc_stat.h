/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/stat -> interrupt time per CPU (fs/proc/stat.c), /proc/uptime -> seconds
 * (fs/proc/uptime.c), /proc/pressure/irq -> stall figures (kernel/sched/psi.c).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct cpu_time {
	uint32_t cpu;
	uint64_t irq_ticks;     /* in 1/USER_HZ s since boot: hard interrupts */
	uint64_t softirq_ticks; /* softirqs */
	uint64_t total_ticks;   /* user to steal: all that passed */
};

#define PROC_STAT_HZ 100u /* USER_HZ is 100 on every architecture but alpha and ia64 */

/* Appends nothing on error. The caller frees *ret_times. 0, -EINVAL (no cpuN line) or -ENOMEM. */
int proc_stat_parse(const char *text, size_t len, struct cpu_time **ret_times, size_t *ret_n);

/* The first number of /proc/uptime, in seconds. 0 or -EINVAL. */
int proc_uptime_parse(const char *text, size_t len, double *ret_seconds);

struct irq_pressure {
	double avg10, avg60,
		avg300; /* percent of time in which all work stood still for interrupts */
	uint64_t total_us;
};

/* The "full" line. 0 or -EINVAL. */
int irq_pressure_parse(const char *text, size_t len, struct irq_pressure *ret);
