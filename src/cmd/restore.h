/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "apply/record.h"
#include "cmd/changes.h"

/* Puts a record back, and reports. Returns the exit code. */
int restore_record(const struct context *context, const struct change_options *options,
		   const struct record *record);

/*
 * `irqctl restore --daemon`: puts back what a daemon changed that was killed. The journal takes
 * SQLite, so in the light program this hands the words over to the full one. Returns the exit code.
 */
int restore_daemon(struct context *context, int argc, char **argv,
		   const struct change_options *options);
