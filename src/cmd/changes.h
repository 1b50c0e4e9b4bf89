/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verbs that change the machine share: from a list of changes to the report. */
#pragma once

#include "apply/apply.h"
#include "apply/record.h"
#include "cmd/verb.h"
#include "model/model.h"
#include "plan/spread.h"

struct change_options {
	struct common_options common;
	bool dry_run, atomic, json;
	double wait;  /* seconds, 0: do not */
	bool is_undo; /* the record of the last change stays until all of it is back */
};

#define CHANGE_OPTIONS                                                                             \
	{.name = "dry-run",                                                                        \
	 .type = OPTION_FLAG,                                                                      \
	 .offset = OPTION_AT(struct change_options, dry_run),                                      \
	 .help = N_("show what would be written, and write nothing")},                             \
		{.name = "atomic",                                                                 \
		 .type = OPTION_FLAG,                                                              \
		 .offset = OPTION_AT(struct change_options, atomic),                               \
		 .help = N_("all or nothing: a failure puts back what was changed")},              \
		{.name = "wait",                                                                   \
		 .type = OPTION_SECONDS,                                                           \
		 .offset = OPTION_AT(struct change_options, wait),                                 \
		 .arg = N_("SECONDS"),                                                             \
		 .help = N_("wait for moves that happen at the next interrupt")},                  \
	{                                                                                          \
		.name = "json", .type = OPTION_FLAG,                                               \
		.offset = OPTION_AT(struct change_options, json), .help = N_("JSON")               \
	}

/* A machine, read for a change: everything that the verbs below need. */
struct machine {
	struct source *source;
	struct snapshot snapshot;
	struct model model;
	struct cpuset online;
};

/*
 * Reads the machine at hand, or the recorded one of the context (for a dry run). 0, or the exit
 * code after a complaint. Free with machine_done either way.
 */
int machine_read(const struct context *context, struct machine *machine);
void machine_done(struct machine *machine);

/* How the changes are reported. */
struct change_report {
	const char *schema;             /* of the JSON document */
	const struct spread_plan *plan; /* what led to them, and what it leaves; or NULL */
};

/*
 * Reads what is set before, keeps it for `irqctl restore --last`, writes, verifies, and reports.
 * Changes that are not CHANGE_PLANNED are only reported. Returns the exit code.
 */
int changes_run(const struct context *context, struct machine *machine,
		const struct change_report *report, const struct change_options *options,
		struct change *changes, size_t n);

/* Prints them. 0, or the exit code after a complaint. */
int changes_report(const struct machine *machine, const struct change_report *report,
		   const struct change_options *options, const struct change *changes, size_t n);

/*
 * Where the last change is kept; and the one that is being made, which becomes the last one when it
 * has changed anything. After a kill the second is still there, and is the one to take back.
 */
#define UNDO_DIR     "/run/irqctl"
#define UNDO_FILE    UNDO_DIR "/last.json"
#define UNDO_STARTED UNDO_DIR "/started.json"
