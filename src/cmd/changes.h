/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verbs that change the machine share: from a list of changes to the report. */
#pragma once

#include "apply/apply.h"
#include "apply/balancer.h"
#include "apply/record.h"
#include "base/places.h"
#include "cmd/verb.h"
#include "model/model.h"
#include "plan/spread.h"

struct change_options {
	struct common_options common;
	bool dry_run, atomic, json;
	bool ban;          /* tell the daemon in charge to leave these interrupts alone */
	double wait;       /* seconds, 0: do not */
	bool is_undo;      /* the record of the last change stays until all of it is back */
	bool is_locked;    /* the caller has changes_lock() */
	bool gone_is_done; /* what exists no more is no failure */
	/* What an earlier step of the same change found, in UNDO_STARTED already; or NULL. What
	 * this step finds is added to it. */
	struct record *started;
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
		{.name = "ban",                                                                    \
		 .type = OPTION_FLAG,                                                              \
		 .offset = OPTION_AT(struct change_options, ban),                                  \
		 .help = N_("tell the daemon in charge to leave these interrupts alone")},         \
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

/* What came of --ban. */
struct ban_report {
	const struct balancer *daemon; /* NULL: none runs */
	int32_t pid;
	bool asked; /* else there was nothing to ask for, and no state */
	enum ban_state state;
};

struct json_t;

/* How the changes are reported. */
struct change_report {
	const char *schema;             /* of the JSON document */
	const struct spread_plan *plan; /* what led to them, and what it leaves; or NULL */
	struct json_t *extra;           /* an object whose members come before `results`; or NULL */
	/* filled in by changes_run() */
	const struct ban_report *ban; /* with --ban, where something was written; or NULL */
	const struct cpuset *room;    /* CPUs with free vectors; NULL: not known, or no matter */
};

/* Whether the machine may be changed with these options. 0, or the exit code after a complaint. */
int changes_check(const struct context *context, const struct change_options *options);

/*
 * Waits until no other irqctl changes the machine, and keeps others waiting until *ret_fd is
 * closed: two at a time would overwrite each other's record. 0, or the exit code after a complaint.
 */
int changes_lock(int *ret_fd);

/*
 * Writes what a change found into UNDO_STARTED. With `is_first` a change that was killed before
 * becomes the last one. 0, or the exit code after a complaint: then nothing may be changed.
 */
int changes_keep(const struct record *record, bool is_first);

/*
 * Reads what is set before, keeps it for `irqctl restore --last`, writes, verifies, and reports.
 * Changes that are not CHANGE_PLANNED are only reported. Returns the exit code.
 */
int changes_run(const struct context *context, struct machine *machine,
		const struct change_report *report, const struct change_options *options,
		struct change *changes, size_t n);

/*
 * Where a daemon runs that may move interrupts again: with --ban tells it to leave those alone that
 * are to be set, or are as wanted; else says what can be done. To be called before the write. 0, or
 * the exit code after a complaint.
 */
int changes_ban(const struct machine *machine, const struct change_options *options,
		const struct change *changes, size_t n, struct ban_report *ret);

/* The CPUs that have interrupt vectors left: 1 where they are known, 0, or -ENOMEM. */
int changes_room(const struct machine *machine, const struct change *changes, size_t n,
		 struct cpuset *room);

/* Prints them. 0, or the exit code after a complaint. */
int changes_report(const struct machine *machine, const struct change_report *report,
		   const struct change_options *options, const struct change *changes, size_t n);

/*
 * Where the last change is kept; and the one that is being made, which becomes the last one when it
 * has changed anything. After a kill the second is still there, and is the one to take back.
 */
#define UNDO_DIR     PLACE_RUN
#define UNDO_FILE    UNDO_DIR "/last.json"
#define UNDO_STARTED UNDO_DIR "/started.json"
#define UNDO_LOCK    UNDO_DIR "/change.lock"
