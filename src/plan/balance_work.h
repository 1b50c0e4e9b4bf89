/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A problem of balance.h put in order, for the files balance*.c only.
 *
 * CPUs are renumbered so that those of a node, and within it those of a core, follow each other;
 * blocks of them are what a search looks at first. Interrupts that go together are one unit; those
 * that nobody needs to move (no load, nowhere to go) are no unit at all, but part of their CPU.
 */
#pragma once

#include "plan/balance.h"

#define WORK_RECENT 2048u

#define WORK_BLOCK 32u /* CPUs of a block at most, and of a core: what has more is told apart */

/* Loads, fills and their sums are compared with this for rounding. */
#define WORK_EPSILON 1e-9

/* What a move has to be worth: the time of one CPU (1.0) that is served nearer to its device. */
#define WORK_MOVE_WORTH 0.01

struct work_cpu {
	double capacity, scale; /* scale: 1 / capacity */
	double base;            /* load that no unit makes */
	uint32_t index;         /* of problem->cpus */
	uint32_t core, block, node;
	int32_t llc;
	uint32_t slots; /* interrupts of the problem that it can hold */
	uint32_t held;  /* of these: taken by interrupts that are not of a unit */
	bool is_closed;
};

struct work_core {
	uint32_t first, n; /* CPUs */
	double capacity, scale, base;
};

struct work_block {
	uint32_t first, n; /* CPUs, all of one node */
};

struct work_node {
	int32_t id;
	uint32_t first_block, n_blocks;
};

/* CPUs that an interrupt may have: allowed and open. */
struct work_class {
	uint64_t *words; /* bit i: CPU i of the work */
	uint32_t n_cpus;
	uint32_t first;                  /* its lowest CPU */
	uint32_t first_block, end_block; /* its CPUs lie in these */
};

/* Interrupts that go together. */
struct work_unit {
	double load;
	uint32_t class;
	uint32_t present; /* where they are, if they may stay there; BALANCE_NOWHERE */
	uint32_t first_member, n_members; /* of work->members, the one with most load first */
	uint32_t n_strays;                /* members that are somewhere else than at `present` */
	uint32_t home;                    /* row of work->remote */
	int32_t llc;
	uint32_t device; /* index from 1 of work->devices, 0: none */
	uint32_t rank;   /* units of a device follow each other, the one with most load first */
};

/* The units of a device: n ranks from `first` on. */
struct work_device {
	uint32_t first, n;
};

struct work {
	const struct balance_problem *problem;
	struct arena memory;
	struct work_cpu *cpus;
	uint32_t *cpu_of; /* by index of problem->cpus */
	uint32_t n_cpus, n_open;
	double scale_min; /* a load adds at least so much of it to a fill */
	struct work_core *cores;
	uint32_t n_cores;
	struct work_block *blocks;
	uint32_t n_blocks;
	struct work_node *nodes;
	uint32_t n_nodes;
	struct work_class *classes; /* the first one: every open CPU */
	uint32_t n_classes;
	size_t n_words;          /* of a class */
	struct work_unit *units; /* most load first */
	uint32_t n_units;
	uint32_t *members;           /* indices of problem->irqs */
	struct work_device *devices; /* the first one has no units */
	/*
	 * How bad it is to serve a device of home h on node n, 0 at home: remote[h * n_nodes + n].
	 * near: the nodes of the same row, nearest first.
	 */
	double *remote;
	uint32_t *near;
	uint32_t n_homes;
	bool has_threads; /* some core has two CPUs or more */
};

/* n zeroed elements that live as long as the work; NULL when out of memory. */
void *work_alloc(struct work *work, size_t n, size_t size);

/*
 * 0, -EINVAL or -ENOMEM; `work` is to be given to work_done in either case. Interrupts that
 * `is_stuck` names, by index of problem->irqs, stay where they are.
 */
int work_init(struct work *work, const struct balance_problem *problem, const bool *is_stuck);
bool work_is_sane(const struct balance_problem *problem); /* else -EINVAL */
void work_done(struct work *work);

/* balance_cpus.c, in this order: CPUs, cores, blocks, nodes; then the distances of `homes`, node
 * ids (-1: none) of devices. */
int work_add_cpus(struct work *work);
int work_add_homes(struct work *work, const int32_t *homes, uint32_t n_homes);
/* Whether a device there is nearer to some CPUs than to others, as far as is known. */
bool work_is_home(const struct work *work, int32_t node);

/* balance_class.c: makes classes of sets, equal sets being one class. */
struct work_classes {
	struct work *work;
	uint32_t *by_os; /* CPU by OS id, BALANCE_NOWHERE where closed */
	size_t n_by_os;
	uint32_t *slots; /* hash table of classes, BALANCE_NOWHERE where free */
	size_t n_slots, cap;
	uint64_t *scratch;
	/* by hash: sets that were seen, and the classes that they are */
	const struct cpuset *recent[WORK_RECENT];
	uint32_t recent_class[WORK_RECENT];
};

int work_classes_init(struct work_classes *classes, struct work *work);
int work_class_of(struct work_classes *classes, const struct cpuset *allowed, uint32_t *ret);
int work_class_both(struct work_classes *classes, uint32_t a, uint32_t b, uint32_t *ret);
void work_classes_done(struct work_classes *classes);

/* fmax() and fmin() are calls, for the sake of what is no number; here everything is one. */
static inline double larger(double a, double b)
{
	return a > b ? a : b;
}

static inline double smaller(double a, double b)
{
	return a < b ? a : b;
}

static inline bool work_may(const struct work *work, uint32_t class, uint32_t cpu)
{
	return work->classes[class].words[cpu / 64] >> (cpu % 64) & 1;
}

/* The CPUs of a block that are of the class: bit i for its CPU i. */
static inline uint64_t work_block_bits(const struct work *work, uint32_t class, uint32_t block)
{
	const struct work_block *b = &work->blocks[block];
	const uint64_t *words = work->classes[class].words;
	uint32_t shift = b->first % 64;
	uint64_t bits = words[b->first / 64] >> shift;

	if (shift + b->n > 64)
		bits |= words[b->first / 64 + 1] << (64 - shift);
	return bits & ((UINT64_C(1) << b->n) - 1);
}

/* What it costs that a unit is served there, in CPUs served on a node at the usual distance. */
static inline double work_farness(const struct work *work, const struct work_unit *unit,
				  uint32_t cpu)
{
	const struct work_cpu *c = &work->cpus[cpu];
	double far = work->remote[unit->home * work->n_nodes + c->node];

	return far + (unit->llc >= 0 && c->llc >= 0 && unit->llc != c->llc ? 0.05 : 0);
}
