/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/counted.h"

#include <errno.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "model/served.h"

#define ALONE 0.9 /* part of the events that one CPU must have served */

void counted_done(struct counted *counted)
{
	irq_table_done(&counted->table);
	*counted = (struct counted){0};
}

static bool is_lost(const struct fleet *fleet, uint32_t irq)
{
	return fleet->irqs[irq].seen && !fleet->engine.irqs[irq].fixed &&
	       fleet->engine.irqs[irq].cpu == ENGINE_NOWHERE && engine_is_busy(&fleet->engine, irq);
}

static bool any_lost(const struct fleet *fleet)
{
	for (uint32_t i = 0; i < fleet->n_irqs; i++) {
		if (is_lost(fleet, i))
			return true;
	}
	return false;
}

/* The CPU that served nearly all, or ENGINE_NOWHERE. */
static uint32_t alone(const struct fleet *fleet, const struct irq_cell *cells, size_t n)
{
	uint64_t sum = 0;
	size_t top = 0;

	for (size_t i = 0; i < n; i++) {
		sum += cells[i].count;
		if (cells[i].count > cells[top].count)
			top = i;
	}
	if (!n || (double)cells[top].count < ALONE * (double)sum)
		return ENGINE_NOWHERE;
	return engine_find_cpu(&fleet->engine, cells[top].cpu);
}

static int place(const struct counted *counted, struct fleet *fleet, const struct irq_table *now,
		 double seconds)
{
	for (size_t row = 0; row < now->n_rows; row++) {
		_cleanup_free_ struct irq_cell *cells = NULL;
		uint32_t irq = engine_find(&fleet->engine, now->rows[row].number), cpu;
		size_t n;
		int r;

		if (now->rows[row].number < 0 || irq == ENGINE_NOWHERE || !is_lost(fleet, irq))
			continue;
		cells = calloc(now->rows[row].n_cells + 1, sizeof(*cells));
		if (!cells)
			return -ENOMEM;
		n = served_since(&counted->table, now, row, seconds, cells);
		if (!n)
			continue;
		cpu = alone(fleet, cells, n);
		if (cpu == ENGINE_NOWHERE)
			fleet_fix(fleet, irq, N_("several CPUs serve it at once"));
		r = engine_place(&fleet->engine, irq, cpu);
		if (r < 0)
			return r;
	}
	return 0;
}

int counted_look(struct counted *counted, struct fleet *fleet, struct sampler *sampler)
{
	struct counted now = {0};
	int r = 0;

	/* FreeBSD's table does not tell the CPUs either */
	if (sampler->is_freebsd || !any_lost(fleet)) {
		counted_done(counted);
		return 0;
	}
	r = sampler_table(sampler, &now.table, &now.mono_ns);
	if (r < 0)
		return r;
	if (counted->mono_ns)
		r = place(counted, fleet, &now.table,
			  (double)(now.mono_ns - counted->mono_ns) / 1e9);
	counted_done(counted);
	*counted = now;
	return r;
}
