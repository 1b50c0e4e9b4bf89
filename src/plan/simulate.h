/* SPDX-License-Identifier: BSD-2-Clause */
/* A policy in a closed loop with an invented machine, and how well it did. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "parse/scenario.h"
#include "plan/policy.h"

struct simulate_second {
	uint32_t second; /* from 1 */
	uint64_t moves;  /* affinities that changed in it, whoever changed them */
	double max, mean, bound;
	double remote; /* part of the load, 0..1 */
};

/* Means over the settled seconds: those after the first third of the time. Loads in CPUs. */
struct simulate_result {
	const char *name; /* the policy's */
	double max;       /* of the busiest CPU */
	double mean;      /* of all CPUs */
	double bound;     /* no placement has a lower maximum */
	double ratio;     /* max / bound; NAN where there is no load */
	double imbalance; /* max / mean - 1; NAN where there is no load */
	double remote_share;
	uint64_t moves, moves_total; /* while settled, and all */
	uint32_t within; /* the first second with a maximum of at most 1.1 x the bound; 0: none */
	struct simulate_second *seconds;
	size_t n_seconds;
};

/*
 * Runs scenario->seconds of virtual time. 0, -ENOMEM, or what the policy returned. Free with
 * simulate_result_done.
 */
int simulate(const struct scenario *scenario, const struct policy *policy,
	     const struct policy_options *options, struct simulate_result *ret);

/* Sums up result->seconds behind the first third of `seconds`; all other fields must be zero. */
void simulate_score(struct simulate_result *result, double seconds);
void simulate_result_done(struct simulate_result *result);
