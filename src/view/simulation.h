/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies compared: a table, or "irqctl.simulate/1". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "parse/scenario.h"
#include "plan/simulate.h"
#include "view/table.h"

struct simulation_view {
	const char *name; /* of the scenario */
	const struct scenario *scenario;
	const struct simulate_result *results;
	size_t n_results;
	bool history; /* each second, too */
};

/* Append to `out`. 0 or -ENOMEM. */
int simulation_table(const struct simulation_view *view, const struct table_style *style,
		     struct buf *out);
int simulation_json(const struct simulation_view *view, struct buf *out);
