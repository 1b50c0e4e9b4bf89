/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The spread strip: one character per CPU that shows how a row's counts lie over the machine,
 * folded to cores, caches, nodes or equal groups where the CPUs are more than the room.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/proc_interrupts.h"
#include "topology/topology.h"

struct strip_plan {
	const uint32_t *cpus; /* ascending CPU ids, borrowed */
	size_t n_cpus;
	uint32_t *group_of; /* group of each of them */
	size_t n_groups;    /* characters of the strip */
	const char *unit;   /* N_(): what one character stands for: "CPU", "core", ... */
};

/*
 * Plans a strip of at most max_width (>= 1) characters over `cpus`. `topology` may be NULL: then
 * only equal groups are there to fold to. 0 or -ENOMEM. Free with strip_plan_done; `cpus` must
 * outlive it.
 */
int strip_plan_build(const uint32_t *cpus, size_t n_cpus, const struct topology *topology,
		     size_t max_width, struct strip_plan *ret);
void strip_plan_done(struct strip_plan *plan);

/*
 * Appends the strip of some cells (ascending by column): eighths of a block relative to the largest
 * group, a dot for a group without events; without UTF-8 the digits 1 to 9.
 */
int strip_draw(const struct strip_plan *plan, const struct irq_cell *cells, size_t n_cells,
	       bool utf8, struct buf *out);
