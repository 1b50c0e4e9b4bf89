/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which CPUs served the interrupts where the kernel counts per source only (FreeBSD): readings
 * around each of our own moves tell what came before it and what came after it.
 */
#include <errno.h>

#include "base/macros.h"
#include "daemon/keeper_moves.h"

int keeper_attribute(struct keeper *keeper)
{
	if (!keeper->sampler.is_freebsd)
		return 0;
	return attribution_observe_snapshot(&keeper->attribution, &keeper->sampler.seen);
}

/* A reading that fails costs the CPU of what comes until the next one, and nothing else. */
static int observe(struct keeper *keeper)
{
	_cleanup_(sample_done) struct sample unused = {0};
	int r = sampler_take(&keeper->sampler, &unused);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return keeper_attribute(keeper);
}

int keeper_write(struct keeper *keeper, struct change *changes, size_t n)
{
	int r;

	if (!keeper->sampler.is_freebsd) {
		r = apply_write(&keeper->applier, changes, n, false);
		return r < 0 ? r : 0;
	}
	r = observe(keeper);
	for (size_t i = 0; i < n && r == 0; i++) {
		r = apply_write(&keeper->applier, &changes[i], 1, false);
		if (r >= 0)
			r = observe(keeper);
	}
	return r;
}

const struct attributed *keeper_counts(const struct keeper *keeper, int32_t irq)
{
	const struct irq_table *table = &keeper->sampler.seen.interrupts;

	if (!keeper->sampler.is_freebsd)
		return NULL;
	for (size_t i = 0; i < table->n_rows; i++) {
		if (table->rows[i].number == irq && table->rows[i].summary)
			return attribution_find(&keeper->attribution, table->rows[i].line);
	}
	return NULL;
}
