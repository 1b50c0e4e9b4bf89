/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every key of the configuration file: one table gives its parsing, its default and what the tests
 * look for in the manual page and in the sample file.
 */
#pragma once

#include "config/config.h"

enum config_type {
	CONFIG_TYPE_CHOICE, /* an enum: the place of the word in `choices` */
	CONFIG_TYPE_YES_NO, /* bool */
	CONFIG_TYPE_NUMBER, /* double, from `min` to `max`; 0 is written as "auto" where `is_auto`
			     */
	CONFIG_TYPE_CPUS,   /* const char *: a CPU list */
	CONFIG_TYPE_NODE,   /* const char *: "auto", "none" or a node's number */
	CONFIG_TYPE_PATH,   /* const char *: absolute, at most `max` bytes */
	CONFIG_TYPE_NAME,   /* const char *: a name without blanks and slashes */
};

struct config_key {
	enum config_scope scope; /* CONFIG_IRQ stands for the three kinds of sections with a name */
	const char *name;
	enum config_type type;
	size_t offset;          /* in struct config, or in struct config_section */
	size_t line;            /* there, too: the line of a CPU list */
	const char *value;      /* the default as one would write it; NULL: none */
	const char *choices[5]; /* end with NULL */
	double min, max;
	bool is_auto, is_whole, may_be_empty;
	enum config_slot slot; /* of keys in sections with a name */
};

/* Ends with a NULL name. */
extern const struct config_key config_keys[];

/* The key, or NULL. */
const struct config_key *config_key_find(enum config_scope scope, const char *name);

/*
 * Sets a key in `config`, or in `section` where the key belongs to one. 0, -ENOMEM, or -EINVAL and
 * half a sentence in `error`: what is wrong with the value, and what may stand there.
 */
int config_key_set(const struct config_key *key, const char *value, struct config *config,
		   struct config_section *section, struct buf *error);
