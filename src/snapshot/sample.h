/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cheap look at a machine that is sampled again and again: how often each interrupt came, and
 * what time each CPU spent on interrupts. Everything is from one file, /proc/stat
 * (fs/proc/stat.c), at a cost that follows the interrupts and not interrupts times CPUs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parse/proc_stat.h"

struct sample {
	uint64_t mono_ns;      /* CLOCK_MONOTONIC when the file was read */
	struct cpu_time *cpus; /* the online CPUs, ascending */
	size_t n_cpus, cap_cpus;
	uint64_t *counts; /* counts[N]: how often IRQ N came since boot, on all CPUs together; the
			     kernel's number has 32 bits and starts again at 0 */
	size_t n_counts, cap_counts;
	/* idle time is counted by a clock tick as all else is (FreeBSD), and not measured: what the
	 * times lack of the time that passed tells nothing */
	bool idle_is_ticks;
};

void sample_done(struct sample *sample);
