/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts summed up by what they have in common: `irqctl show --by`. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

enum group_by {
	GROUP_BY_DEVICE,
	GROUP_BY_CLASS,
	GROUP_BY_NODE,
	GROUP_BY_CPU,
	GROUP_BY_QUEUE,
};

struct group {
	const char
		*key; /* "eth0", "net", "0", "CPU3", "eth0 rx 2"; "" where the fact is not known */
	size_t n_interrupts;    /* rows with events on it */
	uint64_t total;         /* since boot */
	uint64_t delta;         /* in the interval, or since boot without one */
	double rate;            /* per second; NAN without an interval */
	double share;           /* of all events of the machine, 0..1 */
	struct irq_cell *cells; /* delta per CPU, ascending by CPU */
	size_t n_cells, cap_cells;
	struct irq_cell *counts; /* since boot, the same way */
	size_t n_counts, cap_counts;
	double irq_s, softirq_s; /* by CPU: time since boot in interrupts; NAN where not known */
};

struct group_list {
	struct group *items;
	size_t n, cap;
	struct arena strings;
};

/* Rows that are no part of the totals (sums, gauges, counters) are left out. 0 or -ENOMEM. */
int group_list_build(const struct model *model, const struct interrupt *const *rows, size_t n_rows,
		     enum group_by by, struct group_list *ret);
/* CPUs are built in their order, everything else by delta, both from high to low; this sorts anew.
 */
void group_list_sort(struct group_list *list, bool by_total);
void group_list_done(struct group_list *list);
