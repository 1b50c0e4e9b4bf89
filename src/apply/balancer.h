/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Daemons that move interrupts by themselves, and undo what others set; and how they are told to
 * leave some alone. One row of a table each: a new one is a name, a function and an advice.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "source/source.h"

/* What came of asking a daemon to leave interrupts alone. */
enum ban_state {
	BAN_DONE,       /* it says itself that it leaves all of them alone */
	BAN_PARTLY,     /* it took only some: what it can hear at once has an end */
	BAN_NO_SOCKET,  /* it cannot be reached */
	BAN_REFUSED,    /* it hung up: it listens to root only */
	BAN_NO_ANSWER,  /* it said nothing in time */
	BAN_BAD_ANSWER, /* it said something else */
};

/*
 * Adds `irqs` to what the daemon with this process id leaves alone; what it was told before stays.
 * Waits for up to `turn_s` seconds until the daemon listens; each answer may take a second then.
 * 0 and *ret_state, or -ENOMEM.
 */
typedef int (*balancer_ban_fn)(struct source *source, int32_t pid, const int32_t *irqs, size_t n,
			       double turn_s, enum ban_state *ret_state);

struct balancer {
	const char *name;
	const char *process; /* its name in /proc/PID/comm */
	const char *verb;    /* a word that must be among its arguments, or NULL */
	balancer_ban_fn ban;
	const char *advice; /* N_(): what to do about it by hand */
};

/*
 * The daemon that runs, the first of the table where there are several, or NULL; and its process
 * id. 0 or -ENOMEM.
 */
int balancer_find(struct source *source, const struct balancer **ret, int32_t *ret_pid);
