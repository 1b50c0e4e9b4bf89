/* SPDX-License-Identifier: BSD-2-Clause */
/* The documents that other programs rely on: "irqctl.show/1" and "irqctl.explain/1". */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/model.h"
#include "view/groups.h"

/* What json_show() writes. */
struct show_view {
	const struct model *model;
	const struct interrupt *const *rows; /* the selected ones, in their order */
	size_t n_rows;
	const struct group_list *groups; /* with --by, else NULL */
	const char *by;
};

/* A 64-bit counter. jansson's integers are signed: above 2^63 - 1 it stays at that. */
json_t *json_count(uint64_t count);
/* null where the value is NAN (not known) */
json_t *json_number(double value);
/* A text from the kernel; bytes that are no UTF-8 become '?'. NULL gives null. */
json_t *json_text(const char *text);

/* New references; NULL when out of memory. */
json_t *json_show(const struct show_view *view);
json_t *json_affinity(const struct interrupt *interrupt);

/* Appends the document and a newline; `lines` puts it on one line. Takes the reference. 0 or
 * -ENOMEM. */
int json_print(json_t *document, bool lines, struct buf *out);
