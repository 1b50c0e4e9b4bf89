/* SPDX-License-Identifier: BSD-2-Clause */
/* Snapshots and models out of a table's text. Includes cmocka. */
#pragma once

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "model/model.h"

#define SECOND UINT64_C(1000000000)

/* A snapshot that holds the table only, taken `second` seconds after the machine started. */
static inline struct snapshot table_at(uint64_t second, const char *text)
{
	struct snapshot snapshot = {.mono_ns = second * SECOND, .has_interrupts = true};
	struct irq_parse_error error;

	assert_int_equal(irq_table_parse(&snapshot.interrupts, text, strlen(text), &error), 0);
	return snapshot;
}

/* The first row with that key and text (NULL: any). */
static inline const struct interrupt *item(const struct model *model, const char *key,
					   const char *text)
{
	for (size_t i = 0; i < model->n_items; i++) {
		const struct irq_row *row = model->items[i].row;

		if (strcmp(row->key, key) == 0 && (!text || strcmp(row->text, text) == 0))
			return &model->items[i];
	}
	fail_msg("no row %s", key);
	return NULL;
}
