/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which CPUs the events of a counter belong to, where the kernel counts per source only (FreeBSD).
 *
 * What a counter grows by belongs to the CPU that the interrupt targeted meanwhile. That is exact
 * as long as the target is known and no move happens unseen; who moves an interrupt reads before
 * and after. What came before the first reading, while the target was not known, or between two
 * readings with different targets, belongs to nobody: it stays a number without a CPU, and no split
 * of it is invented. Pure: no I/O, no clock, no globals.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "parse/proc_interrupts.h"
#include "snapshot/snapshot.h"

#define ATTRIBUTION_UNKNOWN (-1)

/* The CPU of the events between two readings with these targets, or ATTRIBUTION_UNKNOWN. */
static inline int32_t attribution_cpu(int32_t before, int32_t now)
{
	return before == now ? now : ATTRIBUTION_UNKNOWN;
}

/* The CPU that an interrupt is known to target, or ATTRIBUTION_UNKNOWN; `facts` may be NULL. */
int32_t attribution_target(const struct irq_facts *facts);

/* What one reading says of one counter. */
struct observation {
	uint32_t counter; /* its place (irq_row.line) */
	const char *key;  /* what it counts; another one in the same place begins anew */
	uint64_t total;
	int32_t target; /* ATTRIBUTION_UNKNOWN: not known */
};

struct attributed {
	uint32_t counter;
	const char *key;
	uint64_t total;         /* when it was read last */
	uint64_t unknown;       /* of that, what no CPU is known for */
	int32_t target;         /* when it was read last */
	struct irq_cell *cells; /* the rest, ascending by CPU */
	size_t n_cells, cap_cells;
};

struct attribution {
	struct attributed *items; /* ascending by counter */
	size_t n, cap;
	struct arena keys;
};

/* Takes a reading; counters that are not in it stay as they were. 0 or -ENOMEM. */
int attribution_observe(struct attribution *attribution, const struct observation *observations,
			size_t n);
/* The same for every counter of a snapshot that has no counts per CPU of its own. */
int attribution_observe_snapshot(struct attribution *attribution, const struct snapshot *snapshot);
/* NULL: never seen. */
const struct attributed *attribution_find(const struct attribution *attribution, uint32_t counter);
void attribution_done(struct attribution *attribution);
