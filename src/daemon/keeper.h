/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps a machine balanced: looks, learns, moves, and puts everything back at the end. The event
 * loop (loop.c) only says when.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apply/apply.h"
#include "config/config.h"
#include "daemon/affinity_events.h"
#include "daemon/counted.h"
#include "daemon/fleet.h"
#include "daemon/journal.h"
#include "model/attribution.h"
#include "snapshot/sampler.h"

#define KEEPER_MOVES 256 /* that `irqctl status` can show */

/* One change of an affinity, ours or somebody else's. */
struct keeper_move {
	uint64_t time_ns; /* CLOCK_REALTIME */
	int32_t irq;
	uint32_t round; /* moves of one round were decided together */
	char *name;
	char *from, *to; /* CPU lists */
	char *reason;
	enum change_state state;
	bool foreign; /* somebody else's */
	/* the fill of the fullest CPU: before, as planned, as measured; NAN: not known */
	double before, predicted, measured;
};

struct keeper_options {
	const char *config_path; /* NULL: built-in defaults where CONFIG_FILE does not exist */
	const char *root;        /* NULL: the machine at hand; else only --observe */
	bool observe;            /* says what it would do, and writes nothing */
	bool keep;               /* leaves the affinities at the end */
};

/* While the machine is idle; times are CLOCK_MONOTONIC, in s. */
struct keeper_rest {
	double length_s;        /* 0: none */
	double until_s;         /* the next sample; before it glances are enough */
	double glance_s;        /* the last one, ... */
	double idle_s;          /* ... and how long all CPUs were idle until then */
	double usual;           /* CPUs that are idle in this rest; below 0: not known yet */
	unsigned int naps;      /* short rests before the next long one, ... */
	unsigned int naps_next; /* ... and after the next one that is disturbed */
	bool is_disturbed;
};

struct keeper {
	struct keeper_options options;
	struct source *source;
	struct config *config;
	struct fleet fleet;
	struct sampler sampler;
	struct sample sample;
	struct counted counted;
	struct attribution attribution; /* FreeBSD: which CPUs the counts belong to */
	struct applier applier;
	struct journal *journal; /* NULL until something is changed */
	char *state_dir;         /* as it was at the start: what is in it is found again there */
	struct buf boot;         /* source_boot_id() */
	struct record old;       /* what a killed daemon left behind: originals */
	uint32_t *watch;        /* interrupts, ours first, heaviest first, as of the last ranking */
	size_t n_watch, n_ours; /* ours: busy ones, and those that we set */
	size_t next_ours, next_other;
	struct affinity_events events;
	size_t n_told;        /* interrupts that they were asked to tell of, in this round; ... */
	bool is_all_told;     /* ... and whether all were, and looked at, since the fleet is new */
	unsigned int samples; /* since the ranking */
	struct keeper_move moves[KEEPER_MOVES];
	size_t n_moves; /* ever; the last ones are in the ring */
	uint32_t round;
	unsigned int checked;    /* samples since the last round */
	struct cpuset hot;       /* CPUs that the processor asks to leave idle */
	struct cpuset strangers; /* numbers that count but are in no table: the kernel hides them */
	char *trouble;           /* what was said last of a machine that cannot be read */
	uint64_t retry_ns;       /* CLOCK_MONOTONIC: nothing is moved before */
	uint64_t hotplug_ns;     /* CLOCK_MONOTONIC: when CPUs came or went; 0: never */
	struct keeper_rest rest;
	uint64_t n_steps;      /* ever */
	double late_s;         /* how late the latest of them was; the event loop notes it */
	bool has_writes;       /* fleet_irq.written of some */
	bool stale;            /* the machine changed: build the fleet anew */
	bool has_lost_journal; /* it could not be written: nothing is moved until it can */
	bool is_read_only;     /* no affinity could be written */
};

/*
 * Reads the configuration. 0, or -errno with sentences (one to a line) in `error`. Free with
 * keeper_done either way.
 */
int keeper_init(struct keeper *keeper, const struct keeper_options *options, struct buf *error);
void keeper_done(struct keeper *keeper);

/*
 * Reads what an earlier daemon left behind, and the machine: when it is known that no other daemon
 * runs. Errors as above. keeper_stop ends it.
 */
int keeper_start(struct keeper *keeper, struct buf *error);

/* One sample, and the moves that it asks for. Returns the seconds until the next one. */
double keeper_step(struct keeper *keeper);

/* Whether samples come rarely, because there is nothing to do. */
bool keeper_rests(const struct keeper *keeper);
/* Ends that: the next step is a sample. */
void keeper_wake(struct keeper *keeper);

/* Reads the configuration again; a bad one is reported, and the old one stays. 0 or -errno. */
int keeper_reload(struct keeper *keeper, struct buf *error);

/* Devices or CPUs came or went: looks at them at the next step. */
void keeper_changed(struct keeper *keeper);

/* The processor asks for other CPUs to be left idle than before (keeper->hot). */
void keeper_hot(struct keeper *keeper);

/* Leaves an interrupt alone from now on: `irqctl set --ban`. */
void keeper_ban(struct keeper *keeper, uint32_t irq);

/* Puts everything back that was changed. 0, or -errno where some could not be. */
int keeper_stop(struct keeper *keeper);

/* The state as a JSON document, "irqctl.status/1". 0 or -ENOMEM. */
int keeper_status(const struct keeper *keeper, struct buf *out);

/* The journal's path in a state directory. 0 or -ENOMEM. */
int keeper_journal_path(const char *state_dir, struct buf *out);
