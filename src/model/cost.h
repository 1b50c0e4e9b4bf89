/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one interrupt costs: CPU time for each event, learned from how the interrupt time of a CPU
 * follows the counts of the interrupts that it serves.
 *
 * Every sample gives one equation for each CPU,
 *
 *     time = background * seconds + sum over its interrupts of cost * events + noise,
 *
 * and the costs are their regularised, non-negative least squares solution over a window that
 * slides: solved recursively, as a Kalman filter does, so that a sample costs little and the
 * variances that come with the solution say how sure it is. The window is exponential: costs are
 * allowed to drift, so that old equations fade. The noise has three parts: the kernel's clock tick
 * (times are printed in ticks of 10 ms), a kernel that accounts a whole tick to what it happens to
 * interrupt (its size is learned from how the residuals scatter), and what the model cannot know.
 *
 * Two interrupts of one CPU whose rates do not vary cannot be told apart: only their sum is known.
 * The covariances keep that knowledge, one matrix for each CPU. When an interrupt moves to another
 * CPU, what it takes along is its own mean and variance; both CPUs' next equations tell the rest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COST_NOWHERE UINT32_MAX

struct cost_slot {
	float cost;     /* s for one event */
	float variance; /* of `cost`; the CPU's matrix has it while the slot is in one */
	uint32_t cpu;   /* index of the CPU that serves it, or COST_NOWHERE */
	uint32_t at;    /* its place among the interrupts of that CPU, or COST_NOWHERE */
	uint32_t group; /* those of one group are expected to cost alike */
	bool unsettled; /* its variance is to be that of a guess */
	bool known;     /* `cost` is learned, and not to be guessed at the next event */
	bool measured;  /* learned on a CPU that had time left */
};

struct cost_cpu;
struct cost_group;

struct costs {
	struct cost_slot *slots;
	struct cost_cpu *cpus;
	struct cost_group *groups;
	size_t n_slots, n_cpus, n_groups;
	double *scratch; /* for one CPU's equation */
	size_t cap_scratch;
	double tick_noise; /* s: how much of a tick-wise account the residuals show */
};

/* One equation for each CPU; arrays are indexed as cpus and slots are. */
struct cost_sample {
	double seconds;
	const double
		*busy; /* s that each CPU spent on interrupts and softirqs; below 0: not known */
	const double *blur; /* s: how far `busy` may be off for other reasons (standard error) */
	const bool
		*saturated;   /* the CPU had no time left: `busy` is less than what was asked for */
	const double *events; /* of each slot */
};

/* 0 or -ENOMEM. Free with costs_done either way. */
int costs_init(struct costs *costs, size_t n_slots, size_t n_cpus, size_t n_groups);
void costs_done(struct costs *costs);

/*
 * Takes over what other costs have learned, which know nothing of it afterwards. slot_map[i] and
 * cpu_map[i] are the index that slot i and CPU i have there, or COST_NOWHERE; none comes twice. The
 * slots keep their groups. 0, or -ENOMEM and nothing was done.
 */
int costs_take_over(struct costs *costs, struct costs *old, const uint32_t *slot_map,
		    const uint32_t *cpu_map);

/* The slot is served by this CPU from now on. 0 or -ENOMEM. */
int costs_place(struct costs *costs, uint32_t slot, uint32_t cpu);
/* The slot is idle: it takes no part in equations until costs_place() is called again. */
void costs_rest(struct costs *costs, uint32_t slot);

/* The slot does something else from now on (its rate jumped): its cost is as unsure as a new one's.
 */
void costs_unsettle(struct costs *costs, uint32_t slot);

/* Learns from a sample. 0 or -ENOMEM. */
int costs_learn(struct costs *costs, const struct cost_sample *sample);

/* The slots of a CPU that are not idle; valid until one is placed, or rests. */
const uint32_t *costs_served(const struct costs *costs, uint32_t cpu, size_t *ret_n);

/* The standard error of the slot's cost, in s. */
double costs_doubt(const struct costs *costs, uint32_t slot);
/*
 * The standard error of a CPU's whole load, in CPUs, where its slots come `rates[slot]` times a
 * second: a sum is surer than its parts.
 */
double costs_sum_doubt(const struct costs *costs, uint32_t cpu,
		       double (*rate)(const void *ctx, uint32_t slot), const void *ctx);
/* What a CPU spends on interrupts that are not in any slot (timers, calls between CPUs), in CPUs.
 */
double costs_background(const struct costs *costs, uint32_t cpu);
