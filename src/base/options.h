/* SPDX-License-Identifier: BSD-2-Clause */
/* One table per verb gives its parsing, its help and its completion. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum option_type {
	OPTION_FLAG,    /* bool */
	OPTION_TEXT,    /* const char *, points into argv */
	OPTION_COUNT,   /* uint64_t, at least 1 */
	OPTION_NUMBER,  /* uint64_t */
	OPTION_SECONDS, /* double, above 0 and at most a day */
	OPTION_CHOICE,  /* int, index into `choices` */
	OPTION_LIST,    /* struct strv; "a,b" and each repetition add to it */
};

struct option_spec {
	char letter;      /* short form, 0: none */
	const char *name; /* long form */
	enum option_type type;
	size_t offset;    /* of the value in the verb's own struct */
	const char *arg;  /* N_(): what stands for the argument in the help; NULL for a flag */
	const char *help; /* N_() */
	const char *const
		*choices; /* what may be given, ends with NULL; only OPTION_CHOICE insists on it */
	bool hidden;      /* not in the help, and never abbreviated */
};

/* `.offset` of a member, for table entries. */
#define OPTION_AT(type, member) offsetof(type, member)

/*
 * Parses argv[1..] into `values` by a table that ends with a NULL name. Operands may stand between
 * options; *ret_first is the index of the first operand after all options were moved before it.
 * Returns 0, or -EINVAL with a sentence in `error`.
 */
int options_parse(const struct option_spec *specs, int argc, char **argv, void *values,
		  int *ret_first, struct buf *error);

/* Appends what a shell may complete: "--name" per line, "--name=choice" for choices. 0 or -ENOMEM.
 */
int options_complete(const struct option_spec *specs, struct buf *out);
