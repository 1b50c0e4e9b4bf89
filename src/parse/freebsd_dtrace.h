/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What DTrace counted of interrupts: a line "CPU COUNT NAME" for each CPU that one came on, as the
 * script of source/freebsd_dtrace.c prints them. Pure.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "parse/proc_interrupts.h"

struct freebsd_measured_row {
	const char *name; /* the interrupt's whole name: "irq25: virtio_pci0" */
	size_t first_cell;
	size_t n_cells;
};

struct freebsd_measured {
	struct freebsd_measured_row *rows; /* ascending by name */
	size_t n_rows, cap_rows;
	struct irq_cell *cells; /* of a row ascending by CPU, none of them zero */
	size_t n_cells;
	struct arena strings;
};

/* Lines of another form are left out. 0 or -ENOMEM. Free with freebsd_measured_done either way. */
int freebsd_dtrace_parse(const char *text, size_t len, struct freebsd_measured *ret);
/* NULL: it did not come. */
const struct freebsd_measured_row *freebsd_measured_find(const struct freebsd_measured *measured,
							 const char *name);
void freebsd_measured_done(struct freebsd_measured *measured);
