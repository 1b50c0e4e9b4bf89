/* SPDX-License-Identifier: BSD-2-Clause */
/* What `irqctl explain` prints: entries of lore, with what this machine counts for them. */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "lore/lore.h"
#include "model/model.h"

/* One entry, and what this machine counts for it. */
struct explanation {
	const struct lore *lore; /* NULL: nothing is known of this interrupt, which is there then */
	const char *key;         /* what to print above it: "LOC", "nvme0q3", "PCI-MSIX" */
	const struct interrupt
		*interrupt;           /* the first that it was asked for; NULL: the entry alone */
	const struct interrupt *last; /* that was added, while rows are being added */
	size_t n_interrupts;          /* how many of the machine's rows it stands for */
	uint64_t total;               /* of all of them, since boot */
	double rate;                  /* of all of them, per second; NAN without an interval */
};

/* Appends one entry as text, translated, in lines of `width` columns. 0 or -ENOMEM. */
int explain_text(const struct explanation *explanation, size_t width, struct buf *out);

/* The document "irqctl.explain/1"; NULL when out of memory. */
json_t *explain_json(const struct explanation *items, size_t n);
