/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_build.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* A core, by how well it is placed for the load there is. */
struct seat {
	uint32_t core;
	double far;     /* farness of all load, if it were served there */
	double present; /* load of units that it serves now */
};

struct packing {
	struct building *building;
	struct limits limits; /* negative for cores that are left empty */
	struct seat *seats;   /* open cores, the best first */
	uint32_t n_seats;
	bool *is_taken; /* by core */
};

static void packing_done(struct packing *packing)
{
	limits_done(&packing->limits);
	free(packing->seats);
	free(packing->is_taken);
}

static int compare_seats(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;

	if (fabs(x->far - y->far) > WORK_EPSILON)
		return x->far > y->far ? 1 : -1;
	if (fabs(x->present - y->present) > WORK_EPSILON)
		return x->present < y->present ? 1 : -1;
	return (x->core > y->core) - (x->core < y->core);
}

static bool is_open(const struct work *work, const struct work_core *core)
{
	for (uint32_t cpu = core->first; cpu < core->first + core->n; cpu++) {
		if (!work->cpus[cpu].is_closed)
			return true;
	}
	return false;
}

static int find_seats(struct packing *packing)
{
	const struct work *work = &packing->building->work;
	const struct placement *placement = &packing->building->placement;
	_cleanup_free_ double *loads = calloc(work->n_homes + (size_t)1, sizeof(*loads));

	packing->seats = calloc(work->n_cores, sizeof(*packing->seats));
	packing->is_taken = calloc(work->n_cores, sizeof(*packing->is_taken));
	if (!loads || !packing->seats || !packing->is_taken)
		return -ENOMEM;
	for (uint32_t i = 0; i < work->n_units; i++)
		loads[work->units[i].home] += work->units[i].load;
	for (uint32_t i = 0; i < work->n_cores; i++) {
		const struct work_core *core = &work->cores[i];
		uint32_t node = work->cpus[core->first].node;
		struct seat seat = {i, 0, placement->core[i] - core->base};

		if (!is_open(work, core))
			continue;
		for (uint32_t home = 0; home < work->n_homes; home++)
			seat.far += loads[home] * work->remote[home * work->n_nodes + node];
		packing->seats[packing->n_seats++] = seat;
	}
	qsort(packing->seats, packing->n_seats, sizeof(*packing->seats), compare_seats);
	return 0;
}

static bool is_class_served(const struct packing *packing, uint32_t class)
{
	const struct work *work = &packing->building->work;

	for (uint32_t cpu = work->classes[class].first; cpu < work->n_cpus; cpu++) {
		if (work_may(work, class, cpu) && packing->is_taken[work->cpus[cpu].core])
			return true;
	}
	return false;
}

static void take_for_class(struct packing *packing, uint32_t class)
{
	const struct work *work = &packing->building->work;

	for (uint32_t i = 0; i < packing->n_seats; i++) {
		const struct work_core *core = &work->cores[packing->seats[i].core];

		for (uint32_t cpu = core->first; cpu < core->first + core->n; cpu++) {
			if (work_may(work, class, cpu)) {
				packing->is_taken[packing->seats[i].core] = true;
				return;
			}
		}
	}
}

/* Where a unit is that fills its CPU above pack_fill by itself, or BALANCE_NOWHERE. */
static uint32_t giant_at(const struct packing *packing, uint32_t unit)
{
	const struct work *work = &packing->building->work;
	uint32_t at = packing->building->present[unit];

	if (at == BALANCE_NOWHERE || work->cpus[at].is_closed ||
	    work->units[unit].load <= work->problem->pack_fill * work->cpus[at].capacity)
		return BALANCE_NOWHERE;
	return at;
}

/*
 * The first n seats, and those of giants; of each unit that may have none of them the best one that
 * it may have.
 */
static uint32_t take_seats(struct packing *packing, uint32_t n)
{
	const struct work *work = &packing->building->work;
	uint32_t taken = 0;

	for (uint32_t i = 0; i < packing->n_seats; i++)
		packing->is_taken[packing->seats[i].core] = i < n;
	for (uint32_t i = 0; i < work->n_units; i++) {
		uint32_t at = giant_at(packing, i);

		if (at != BALANCE_NOWHERE)
			packing->is_taken[work->cpus[at].core] = true;
	}
	for (uint32_t i = 0; i < work->n_units; i++) {
		uint32_t class = work->units[i].class;

		if ((i == 0 || class != work->units[i - 1].class) &&
		    !is_class_served(packing, class))
			take_for_class(packing, class);
	}
	for (uint32_t i = 0; i < work->n_cores; i++)
		taken += packing->is_taken[i];
	return taken;
}

/* Those that serve something now. */
static uint32_t take_present(struct packing *packing)
{
	const struct building *building = packing->building;
	uint32_t taken = 0;

	memset(packing->is_taken, 0, building->work.n_cores * sizeof(*packing->is_taken));
	for (uint32_t i = 0; i < building->work.n_units; i++) {
		if (building->present[i] != BALANCE_NOWHERE)
			packing->is_taken[building->work.cpus[building->present[i]].core] = true;
	}
	for (uint32_t i = 0; i < building->work.n_cores; i++)
		taken += packing->is_taken[i];
	return taken;
}

/* A giant may fill its CPU as it does; two of them need two CPUs. */
static void allow_giants(struct packing *packing)
{
	const struct work *work = &packing->building->work;
	struct limits *limits = &packing->limits;

	for (uint32_t i = 0; i < work->n_units; i++) {
		uint32_t at = giant_at(packing, i), index;
		const struct work_core *core;
		double load;

		if (at == BALANCE_NOWHERE)
			continue;
		index = work->cpus[at].core;
		core = &work->cores[index];
		load = work->units[i].load;
		limits->cpu[at] = larger(limits->cpu[at],
					 (load + work->cpus[at].base) * work->cpus[at].scale);
		limits->core[index] =
			larger(limits->core[index], (load + core->base) * core->scale);
	}
}

/* 0, -ENOSPC or -ENOMEM. */
static int try_taken(struct packing *packing)
{
	const struct work *work = &packing->building->work;
	double fill = work->problem->pack_fill;

	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		uint32_t core = work->cpus[cpu].core;

		packing->limits.cpu[cpu] = packing->is_taken[core] ? fill : -1;
		packing->limits.core[core] = packing->limits.cpu[cpu];
	}
	allow_giants(packing);
	limits_finish(&packing->limits, work);
	return build_within(packing->building, &packing->limits);
}

/* Room of a core below pack_fill. */
static double room_on(const struct work *work, uint32_t core)
{
	const struct work_core *c = &work->cores[core];

	return larger(0, work->problem->pack_fill * c->capacity - c->base);
}

/* What is to be packed: a giant takes its CPU, whatever it is. */
static double load_of(const struct packing *packing)
{
	const struct work *work = &packing->building->work;
	double load = 0;

	for (uint32_t i = 0; i < work->n_units; i++) {
		uint32_t at = giant_at(packing, i);

		load += at == BALANCE_NOWHERE ? work->units[i].load
					      : work->problem->pack_fill * work->cpus[at].capacity;
	}
	return load;
}

/* The fewest seats that hold the load, in *ret_n. 0, -ENOSPC or -ENOMEM. */
static int find_fewest(struct packing *packing, uint32_t *ret_n)
{
	const struct work *work = &packing->building->work;
	double load = load_of(packing), room = room_on(work, packing->seats[0].core);
	uint32_t n = 1;
	int r = -ENOSPC;

	while (n < packing->n_seats && room < load)
		room += room_on(work, packing->seats[n++].core);
	for (; n <= packing->n_seats && r == -ENOSPC; n += 1 + n / 32) {
		take_seats(packing, n);
		r = try_taken(packing);
		if (r == 0)
			*ret_n = n;
	}
	return r;
}

/* Whether those in use are no more than n seats, and might hold the load; they are taken then. */
static bool is_present_enough(struct packing *packing, uint32_t n)
{
	const struct work *work = &packing->building->work;
	double room = 0;

	if (take_present(packing) > take_seats(packing, n))
		return false;
	take_present(packing);
	for (uint32_t i = 0; i < work->n_cores; i++)
		room += packing->is_taken[i] ? room_on(work, i) : 0;
	return room >= load_of(packing);
}

static int pack(struct packing *packing)
{
	uint32_t n = 0;
	int r = find_seats(packing);

	if (r == 0)
		r = find_fewest(packing, &n);
	/* as few as there can be are in use now: then these are kept */
	if (r < 0 || !is_present_enough(packing, n))
		return r;
	r = try_taken(packing);
	if (r != -ENOSPC)
		return r;
	take_seats(packing, n);
	return try_taken(packing);
}

int build_pack(struct building *building)
{
	double fill = building->work.problem->pack_fill;
	_cleanup_(packing_done) struct packing packing = {.building = building};
	int r = limits_init(&packing.limits, &building->work, fill, fill,
			    larger(fill, building->bound));

	if (r == 0)
		r = pack(&packing);
	if (r == -ENOSPC)
		placement_set(&building->placement, building->present);
	if (r < 0)
		return r;
	limits_done(&building->limits);
	building->limits = packing.limits;
	packing.limits = (struct limits){0};
	return 0;
}
