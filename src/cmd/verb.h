/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One verb is one file of this folder, which exports one const struct verb. main.c only looks it
 * up.
 *
 * Exit codes: 0 done; 1 failed or only partly done; 2 wrong usage or unreadable input.
 */
#pragma once

#include "base/buf.h"
#include "base/options.h"
#include "base/strv.h"
#include "source/source.h"

#define EXIT_DONE   0
#define EXIT_FAILED 1
#define EXIT_USAGE  2

/* What was said before the verb. */
struct context {
	const char *root;      /* --root, or NULL for the machine at hand */
	const char *recording; /* --recording, or NULL */
	const char *at;        /* --at: a moment of the recording; NULL: its last */
	/* Opens the recording; verb_begin() sets it where there is one. */
	int (*open)(const struct context *context, struct source **ret_source);
};

struct verb {
	const char *name;
	const char *summary;  /* N_(): one line for the list of verbs */
	const char *synopsis; /* N_(): "[OPTION...] [INTERRUPT...]" */
	const char *about;    /* N_(): a paragraph for --help */
	const struct option_spec *options;
	/* argv[0] is the verb; returns the exit code */
	int (*run)(struct context *context, int argc, char **argv);
};

extern const struct verb verb_show;
extern const struct verb verb_explain;
extern const struct verb verb_get;
extern const struct verb verb_set;
extern const struct verb verb_adopt;
extern const struct verb verb_spread;
extern const struct verb verb_save;
extern const struct verb verb_restore;
extern const struct verb verb_import;
extern const struct verb verb_simulate;
extern const struct verb verb_plan;
extern const struct verb verb_daemon;
extern const struct verb verb_status;
extern const struct verb verb_reload;
extern const struct verb verb_record;

/* The options that every verb has; a verb's value struct begins with one of these. */
struct common_options {
	bool help;
	bool complete;
	const char *root, *recording, *at;
};

/* What each system calls the places of base/places.h, and what a machine is read from. */
#ifdef __FreeBSD__
#define HELP_ROOT   N_("read sysctl/ and cpuset/ below DIR instead of this machine")
#define HELP_CONFIG N_("configuration (usual: /usr/local/etc/irqctl/irqctl.conf, if it is there)")
#define HELP_SOCKET N_("where the daemon listens (usual: /var/run/irqctl/irqctl.sock)")
#else
#define HELP_ROOT   N_("read proc/ and sys/ below DIR instead of this machine")
#define HELP_CONFIG N_("configuration (usual: /etc/irqctl/irqctl.conf, if it is there)")
#define HELP_SOCKET N_("where the daemon listens (usual: /run/irqctl/irqctl.sock)")
#endif

#define COMMON_OPTIONS                                                                             \
	{.name = "root",                                                                           \
	 .type = OPTION_TEXT,                                                                      \
	 .offset = OPTION_AT(struct common_options, root),                                         \
	 .arg = N_("DIR"),                                                                         \
	 .help = HELP_ROOT},                                                                       \
		{.name = "recording",                                                              \
		 .type = OPTION_TEXT,                                                              \
		 .offset = OPTION_AT(struct common_options, recording),                            \
		 .arg = N_("FILE"),                                                                \
		 .help = N_("the machine as it was when 'irqctl record' wrote FILE")},             \
		{.name = "at",                                                                     \
		 .type = OPTION_TEXT,                                                              \
		 .offset = OPTION_AT(struct common_options, at),                                   \
		 .arg = N_("TIME"),                                                                \
		 .help = N_("at this moment of the recording: 'YYYY-MM-DD HH:MM[:SS]', @SECONDS "  \
			    "since 1970, +SECONDS from its start (usual: its end)")},              \
		{.letter = 'h',                                                                    \
		 .name = "help",                                                                   \
		 .type = OPTION_FLAG,                                                              \
		 .offset = OPTION_AT(struct common_options, help),                                 \
		 .help = N_("show this help")},                                                    \
	{                                                                                          \
		.name = "complete", .type = OPTION_FLAG,                                           \
		.offset = OPTION_AT(struct common_options, complete),                              \
		.help = N_("list the options for a shell"), .hidden = true                         \
	}

/*
 * Parses the options of a verb into `values`, and answers --help and --complete. Returns -1 where
 * the verb goes on (with *ret_first the first operand), else the exit code.
 */
int verb_begin(const struct verb *verb, struct context *context, int argc, char **argv,
	       struct common_options *values, int *ret_first);

/* "irqctl: SENTENCE" on stderr. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void complain_lines(const struct buf *text); /* each of its lines, but empty ones */

/*
 * Complains that no interrupt is called `name` (or, with `device`, that none belongs to it), with
 * the nearest name that the machine has, and gives EXIT_USAGE.
 */
struct model;
int no_such_interrupt(const char *verb, const struct model *model, const char *name, bool device);

/* The directory or the file that is looked at instead of the machine at hand, or NULL. */
const char *context_recorded(const struct context *context);
/* Opens what the context names. 0, or the exit code after a complaint. */
int context_open(const struct context *context, struct source **ret_source);

/* Writes everything to stdout. 0, or EXIT_FAILED after a complaint. */
int print_out(const struct buf *out);
/* The exit code for -errno from building a document: complains of memory. */
int out_of_memory(void);
/* Says what could not be read. Returns 0, or the exit code where the machine's table is missing. */
int complain_missing(const struct context *context, const struct strv *missing, bool has_table);

/* The terminal's columns: COLUMNS, else the size of the terminal, else 0 (no limit). */
size_t output_width(void);
/* Whether the output is a terminal that may be coloured (NO_COLOR). */
bool output_colour(void);
/* Whether characters above ASCII may be printed. */
bool output_utf8(void);
/* How a table is printed here. */
struct table_style;
struct table_style output_style(bool headings);
