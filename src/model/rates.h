/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened between two tables: rows are matched by identity, cells by CPU. */
#pragma once

#include "model/model.h"
#include "parse/proc_interrupts.h"

/*
 * Fills cells, n_cells, delta, rate, share, top_cpu and top_share of every item of the model, and
 * its total. `before` NULL: everything since boot. Items know their row, desc, kind and `counted`.
 * 0 or -ENOMEM.
 */
int rates_fill(struct model *model, const struct irq_table *before, const struct irq_table *now);

#define RATES_MAX 50e6 /* a second; more is no interrupt */

/*
 * The events between two values of a counter, `seconds` apart (0: not known). A counter that went
 * back either passed 2^32 or began again; it passed 2^32 only where both values are below that, the
 * rate is one that a machine can have, and the time was short or the old value was high.
 */
uint64_t rates_delta(uint64_t before, uint64_t now, double seconds);
