/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which CPUs served an interrupt between two tables of one machine: what a model says of all
 * interrupts (rates.h), for somebody who asks about counts only.
 */
#pragma once

#include "parse/proc_interrupts.h"

/*
 * The counts of now->rows[row], a numbered row, that came in the `seconds` since `before`, into
 * `cells`: room for as many as the row has. Returns how many were filled; they ascend by CPU. A
 * row that `before` lacks is new, so all its counts are; a column that `before` lacks says nothing.
 */
size_t served_since(const struct irq_table *before, const struct irq_table *now, size_t row,
		    double seconds, struct irq_cell *cells);
