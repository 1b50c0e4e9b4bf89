/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of NAME=VALUE lines that a shell or systemd (EnvironmentFile=) reads: /etc/default/NAME,
 * /etc/sysconfig/NAME. They are only read: nothing in them is ever executed or expanded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct env_line {
	uint32_t line;     /* where the statement begins, from 1 */
	const char *name;  /* NULL: no assignment; then `value` is its text */
	const char *value; /* without its quotes */
	bool needs_shell;  /* a shell would make something else of it: $, `, &, |, <, > or ( outside
			      of single quotes; or a quote that never ends */
};

struct env_file {
	struct env_line *lines; /* in the order of the file */
	size_t n, cap;
	struct arena strings;
};

/*
 * Values may be quoted as for a shell; what stands unquoted goes to the end of the line, blanks
 * included, as systemd has it, or to a ';' or " #". A NUL byte counts as a blank. 0 or -ENOMEM.
 * Free with env_file_done either way.
 */
int env_file_parse(const char *text, size_t len, struct env_file *ret);
/* The last assignment, or NULL. */
const struct env_line *env_file_find(const struct env_file *file, const char *name);
void env_file_done(struct env_file *file);
