/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Never two daemons: one lock is always in the same place, another one where the state is, whose
 * journal must not have two writers. The first file also tells where that is, so that `irqctl
 * restore --daemon` finds what a daemon with a configuration of its own left behind.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

struct daemon_lock {
	int place, state; /* descriptors; -1: none */
};

#define DAEMON_LOCK_NONE                                                                           \
	{                                                                                          \
		-1, -1                                                                             \
	}

/*
 * Takes both; where the usual place cannot be written, the other one. One that only observes leaves
 * no state, and nothing is noted. 0, -EWOULDBLOCK where a daemon runs, or -errno, with a sentence
 * in `error`.
 */
int daemon_lock_take(struct daemon_lock *lock, const char *state_dir, bool observe,
		     struct buf *error);

/*
 * For somebody who comes after a daemon: the locks that are there are held, none is made. 0, or
 * -EWOULDBLOCK where a daemon runs.
 */
int daemon_lock_take_over(struct daemon_lock *lock, const char *state_dir);
void daemon_lock_drop(struct daemon_lock *lock);

/* Where the last daemon had its state; appends nothing where none tells. 0 or -ENOMEM. */
int daemon_lock_state_dir(struct buf *out);
