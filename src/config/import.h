/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqbalance's settings as a configuration of irqctl. What they mean is from irqbalance(1) and the
 * behaviour of irqbalance 1.9.2 and 1.9.5; options of older versions are known too. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/* One thing that the file says, and what became of it. */
struct import_item {
	uint32_t line;       /* of the file, from 1 */
	const char *from;    /* "--banirq=43", "IRQBALANCE_BANNED_CPUS=fc0" */
	const char *section; /* "global", "irq 43"; NULL: no setting came of it */
	const char *key, *value;
	const char *why; /* a sentence in English: why so, or why nothing; or NULL */
	bool lost;       /* it asked for something that the configuration cannot say */
};

struct import {
	struct import_item *items; /* settings of one section and key are there once */
	size_t n, cap;
	struct arena strings;
};

/* Reads the text of an environment file of irqbalance. 0 or -ENOMEM. Free with import_done. */
int import_parse(const char *text, size_t len, struct import *ret);

/*
 * Appends the configuration, every setting below a comment with its origin; config_parse() takes
 * it. `name` is the file's. 0 or -ENOMEM.
 */
int import_write(const struct import *import, const char *name, struct buf *out);
void import_done(struct import *import);
