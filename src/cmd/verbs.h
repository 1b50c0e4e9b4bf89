/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The verbs of a program. There are two: irqctl, which starts light, and irqctl-full under libexec,
 * which is linked with everything. irqctl has a light entry for each verb that only the other one
 * can do, and executes it.
 */
#pragma once

#include <stddef.h>

#include "cmd/verb.h"

extern const struct verb *const verbs[];
extern const size_t n_verbs;

/* For the list of verbs, in both programs: N_() */
#define SUMMARY_IMPORT   N_("turn irqbalance's settings into a configuration of irqctl")
#define SUMMARY_PLAN     N_("what the balancer would change, and why; --apply does it")
#define SUMMARY_DAEMON   N_("keep the machine balanced")
#define SUMMARY_RECORD   N_("keep the machine's interrupts over time in a file")
#define SUMMARY_SIMULATE N_("run balancing policies against a recorded or invented machine")

/*
 * Runs `irqctl-full` with the same words and does not come back, or complains and gives the exit
 * code.
 */
int run_full(struct context *context, int argc, char **argv);

/*
 * A verb was given a recording: irqctl-full makes the context open it, and gives -1; irqctl
 * executes irqctl-full, with the same words.
 */
int begin_recording(struct context *context, int argc, char **argv);
