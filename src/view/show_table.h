/* SPDX-License-Identifier: BSD-2-Clause */
/* What `irqctl show` prints for people: the table, the matrix per CPU, the groups, the totals. */
#pragma once

#include "view/cells.h"
#include "view/json.h"
#include "view/table.h"

/* All append, and return 0 or -ENOMEM. */
int show_table(const struct show_view *view, const enum column *columns, size_t n_columns,
	       const struct cell_style *cells, const struct table_style *style, struct buf *out);
/* Every CPU's count of every row (in the interval, or since boot), and the rows' names. */
int show_matrix(const struct show_view *view, const struct table_style *style, struct buf *out);
/* view->groups must be there. */
int show_groups(const struct show_view *view, const struct cell_style *cells,
		const struct table_style *style, struct buf *out);
/* Totals per class, the busiest CPUs, the stall time; for the rows of the view. */
int show_totals(const struct show_view *view, const struct cell_style *cells,
		const struct table_style *style, struct buf *out);
