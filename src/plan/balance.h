/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which CPU should serve which interrupt, given what each of them costs. Pure: the same input gives
 * the same plan, on any machine.
 *
 * Loads are in CPUs: 1.0 is the whole time of one CPU of capacity 1.0. The fill of a CPU is its
 * load divided by its capacity; threads of one core share that core's capacity (below), so its fill
 * is also at least that of its core. The plan makes the highest fill as low as possible; among
 * plans alike in that, it keeps interrupts near their devices; and then it moves as few as
 * possible. A CPU that nothing can relieve is no reason to leave the others as they are: they are
 * balanced among themselves, unless they are below a quarter of the highest fill anyway.
 *
 * Interrupts without load stay where they are, those of a group too, as long as their CPU may serve
 * them. A group that is apart comes together if that moves at least 1 % of a CPU's time; bringing
 * an interrupt nearer to its device must be worth as much.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpuset.h"
#include "topology/topology.h"

#define BALANCE_NOWHERE  UINT32_MAX /* no CPU, or one that is not in the problem */
#define BALANCE_NO_LIMIT UINT32_MAX

/* What a second thread adds to the capacity of its core, in capacities of one thread. */
#define BALANCE_THREAD_GAIN 0.3

struct balance_cpu {
	uint32_t cpu;                     /* OS id; the array ascends by it */
	int32_t core, llc, node, package; /* as struct topology_cpu has them; -1: not known */
	double capacity;                  /* above 0; 1.0: the machine's fastest kind of CPU */
	double base;   /* load that stays whatever is planned: fixed interrupts, other work */
	uint32_t room; /* interrupts it can take beyond those of the problem that it serves now */
	bool closed;   /* takes none; those that it serves leave it where they may */
};

struct balance_irq {
	int32_t irq;
	const char *name; /* stable from one run to the next: ties are broken by it, then by irq */
	double load;      /* in CPUs, not negative */
	uint32_t at;      /* the CPU that serves it, an index of `cpus`; or BALANCE_NOWHERE */
	int32_t node;     /* of its device, -1: none */
	int32_t llc;      /* of its device's users, -1: none */
	uint32_t group;   /* those of one group go together (rx i and tx i), 0: alone */
	uint32_t device;  /* its queues go on different cores where that costs nothing; 0: none */
	const struct cpuset *allowed; /* OS ids; NULL: every CPU that is not closed */
};

enum balance_mode {
	BALANCE_SPREAD, /* the lowest highest fill */
	BALANCE_PACK,   /* the fewest cores whose fill stays below `pack_fill` */
};

struct balance_problem {
	const struct balance_cpu *cpus;
	size_t n_cpus;
	const struct balance_irq *irqs; /* only those that may move: the others are `base` */
	size_t n_irqs;
	const struct topology *topology; /* distances of the nodes; NULL: not known */
	enum balance_mode mode;
	double pack_fill; /* with BALANCE_PACK */
	double slack;  /* a highest fill that is this part above the best is as good (0.01), if it
			  takes fewer moves */
	size_t budget; /* moves at most; BALANCE_NO_LIMIT: no limit */
};

struct balance_move {
	uint32_t irq;              /* index of problem->irqs */
	uint32_t from, to;         /* indices of problem->cpus; from may be BALANCE_NOWHERE */
	double from_fill, to_fill; /* of both CPUs when all moves are done */
	const char *reason; /* in words, with numbers: "CPU 2 is at 0.81, CPU 5 at 0.12; ..." */
};

struct balance_fill {
	double max, mean; /* over the CPUs that are not closed */
	double own;       /* the highest of a thread by itself, whatever its core's others do */
	double bound;     /* no plan has a lower maximum (a proof, not a guess) */
	double remote;    /* part of the load that is served off its device's node, 0..1 */
};

struct balance_plan {
	struct balance_move *moves; /* best first: any prefix of them is worth doing, except that
				       the halves of a swap follow each other */
	size_t n_moves;
	uint32_t *at; /* where each interrupt is when all are done, as in struct balance_irq */
	struct balance_fill before, after;
	struct arena strings;
};

/*
 * 0; -EINVAL where a problem makes no sense (no open CPU, an index out of range, a load that is
 * negative or no number); -ENOMEM. An interrupt that no open CPU may take stays where it is.
 * Free with balance_plan_done.
 */
int balance_plan_build(const struct balance_problem *problem, struct balance_plan *ret);
void balance_plan_done(struct balance_plan *plan);

/*
 * Part of the load that is served off its devices' nodes, with `at` as in struct balance_plan;
 * NULL: where it is now.
 */
double balance_remote(const struct balance_problem *problem, const uint32_t *at);
