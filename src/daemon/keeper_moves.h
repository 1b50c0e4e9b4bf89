/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keeper does to affinities; private to it. All return 0 or -errno. */
#pragma once

#include "daemon/keeper.h"

/* A set that is to be written, and why. */
struct keeper_wish {
	uint32_t irq; /* index */
	struct cpuset cpus;
	const char *reason;
	double before, predicted; /* fills of the fullest CPU, or NAN */
	bool is_contested; /* what is there now is not what is expected, and is to be overwritten */
};

/*
 * Journals, writes, and takes note of what came of each. -EAGAIN where it could not be journaled,
 * after a message: nothing was written then.
 */
int keeper_carry_out(struct keeper *keeper, const struct keeper_wish *wishes, size_t n);

/* On FreeBSD: attributes what the last sample counted. */
int keeper_attribute(struct keeper *keeper);
/* apply_write(), on FreeBSD with readings around each change, so that every count finds its CPU. */
int keeper_write(struct keeper *keeper, struct change *changes, size_t n);
/* What is attributed of an interrupt; NULL: nothing, or the kernel itself counts per CPU. */
const struct attributed *keeper_counts(const struct keeper *keeper, int32_t irq);

/* Looks for affinities that somebody else changed. */
int keeper_look(struct keeper *keeper);
/* The kernel is asked to tell of all that is written; the fleet is a new one. */
void keeper_tell_writes(struct keeper *keeper);
/* Whether something was written since the last look. */
bool keeper_has_writes(struct keeper *keeper);

/* Somebody else set the affinity of an interrupt to `now`: respects it, or puts ours back. */
int keeper_foreign(struct keeper *keeper, uint32_t irq, const struct cpuset *now);
/* Sets what the configuration pins, where it is not so yet. */
int keeper_pins(struct keeper *keeper);
/* Makes the moves that the engine asks for now. */
int keeper_balance(struct keeper *keeper);
/* Notes what the last round of moves brought. */
void keeper_measure(struct keeper *keeper);
/* The kernel says, or shows, that this CPU (an id) has no vector left for an interrupt. */
int keeper_no_vector(struct keeper *keeper, uint32_t irq, uint32_t cpu);

/* Notes a change, ours or somebody else's, for `irqctl status`; before it is `expected`. */
int keeper_remember(struct keeper *keeper, const struct keeper_wish *wish, enum change_state state,
		    bool foreign);
void keeper_move_done(struct keeper_move *move);

/* Seconds until the next sample or glance. */
double keeper_interval(struct keeper *keeper);
/* A glance in a rest: seconds until the next one, or 0 where a sample is due. */
double keeper_glance(struct keeper *keeper);

/* A set as a new text, or NULL. */
char *keeper_list(const struct cpuset *set);
/* An interrupt and its affinity, for the journal; borrows everything. */
struct record_entry keeper_entry(const struct keeper *keeper, uint32_t irq);
/* Whether an entry of the journal is the original of an interrupt, which has this number now. */
bool keeper_is_original_of(const struct record_entry *entry, const struct fleet_irq *irq,
			   int32_t number);
