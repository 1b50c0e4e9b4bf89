/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Water over the CPUs: at a level of fill, a CPU takes what is left of its capacity above its base,
 * and a core at most what is left of its own. The level at which everything has been taken is a
 * bound, for all CPUs and also for any set of them and the units that must stay within it.
 */
#include "plan/balance_bound.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

#define BISECTIONS  48
#define CLASSES_MAX 64u /* pairs of them are compared */

struct water {
	const struct work *work;
	const double *own, *core; /* bases by CPU and by core */
	const uint64_t *words;    /* CPUs that take part */
	bool by_own;
};

static bool takes_part(const struct water *water, uint32_t cpu)
{
	return water->words[cpu / 64] >> (cpu % 64) & 1;
}

static double taken_by_core(const struct water *water, uint32_t core, double level)
{
	const struct work *work = water->work;
	const struct work_core *c = &work->cores[core];
	double taken = 0;

	for (uint32_t cpu = c->first; cpu < c->first + c->n; cpu++) {
		if (takes_part(water, cpu))
			taken += larger(0, level * work->cpus[cpu].capacity - water->own[cpu]);
	}
	if (water->by_own)
		return taken;
	return smaller(taken, larger(0, level * c->capacity - water->core[core]));
}

static double taken_at(const struct water *water, double level)
{
	double taken = 0;

	for (uint32_t i = 0; i < water->work->n_cores; i++)
		taken += taken_by_core(water, i, level);
	return taken;
}

/* The level that `load` reaches, rounded down; 0 where no CPU takes part. */
static double level_of(const struct water *water, double load)
{
	double low = 0, high = 1;

	for (int i = 0; i < 64 && taken_at(water, high) < load; i++) {
		low = high;
		high *= 2;
	}
	for (int i = 0; i < BISECTIONS && high - low > high * 1e-12; i++) {
		double middle = (low + high) / 2;

		if (taken_at(water, middle) < load)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static struct water water_of(const struct work *work, double *own, double *core)
{
	for (uint32_t i = 0; i < work->n_cpus; i++)
		own[i] = work->cpus[i].base;
	for (uint32_t i = 0; i < work->n_cores; i++)
		core[i] = work->cores[i].base;
	return (struct water){work, own, core, work->classes[0].words, false};
}

static double total_load(const struct work *work)
{
	double load = 0;

	for (uint32_t i = 0; i < work->n_units; i++)
		load += work->units[i].load;
	return load;
}

/* The lowest fill of an allowed CPU that serves the load and nothing else, without what its base
 * is: BALANCE_NOWHERE never, a class is not empty. */
static double fill_alone(const struct water *water, uint32_t class, double load, uint32_t *ret_cpu)
{
	const struct work *work = water->work;
	double lowest = INFINITY;

	for (uint32_t cpu = work->classes[class].first; cpu < work->n_cpus; cpu++) {
		const struct work_cpu *c = &work->cpus[cpu];
		double fill;

		if (!work_may(work, class, cpu))
			continue;
		fill = (water->own[cpu] + load) * c->scale;
		if (!water->by_own)
			fill = larger(fill,
				      (water->core[c->core] + load) * work->cores[c->core].scale);
		if (fill < lowest) {
			lowest = fill;
			*ret_cpu = cpu;
		}
	}
	return lowest;
}

/* What does not move, and the largest unit of each class wherever it goes. */
static double bound_of_one(const struct water *water)
{
	const struct work *work = water->work;
	double bound = 0;

	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		const struct work_cpu *c = &work->cpus[cpu];

		if (!c->is_closed)
			bound = larger(bound, larger(c->base / c->capacity,
						     work->cores[c->core].base /
							     work->cores[c->core].capacity));
	}
	for (uint32_t i = 0; i < work->n_units; i++) {
		uint32_t cpu;

		/* units descend: a later one of the same class adds nothing */
		if (i == 0 || work->units[i].class != work->units[i - 1].class)
			bound = larger(bound, fill_alone(water, work->units[i].class,
							 work->units[i].load, &cpu));
		if (i >= 4 * CLASSES_MAX)
			break;
	}
	return bound;
}

/*
 * The units from `first` on: of k * n + 1 units, k + 1 share one of n CPUs: at least the smallest
 * of them. The same for cores.
 */
static double bound_of_sharing(const struct work *work, uint32_t first, uint32_t n, double capacity)
{
	double bound = 0;

	for (uint64_t k = 1; n > 0 && first + k * n < work->n_units; k++) {
		double sum = 0;

		for (uint64_t i = k * n - k; i <= k * n; i++)
			sum += work->units[first + i].load;
		bound = larger(bound, sum / capacity);
	}
	return bound;
}

/* Without the first units, which have as many CPUs for themselves. */
static double bound_of_shares(const struct work *work, uint32_t n_giants, bool by_own)
{
	double cpu_capacity = 0, core_capacity = 0, bound;
	uint32_t n_cores = 0;

	for (uint32_t i = 0; i < work->n_cores; i++) {
		const struct work_core *core = &work->cores[i];
		bool is_open = false;

		for (uint32_t cpu = core->first; cpu < core->first + core->n; cpu++) {
			if (work->cpus[cpu].is_closed)
				continue;
			is_open = true;
			cpu_capacity = larger(cpu_capacity, work->cpus[cpu].capacity);
		}
		n_cores += is_open;
		if (is_open)
			core_capacity = larger(core_capacity, core->capacity);
	}
	bound = bound_of_sharing(work, n_giants, work->n_open - n_giants, cpu_capacity);
	if (by_own || n_giants > 0)
		return bound;
	return larger(bound, bound_of_sharing(work, 0, n_cores, core_capacity));
}

static bool is_within(const struct work *work, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < work->n_words; i++) {
		if (work->classes[a].words[i] & ~work->classes[b].words[i])
			return false;
	}
	return true;
}

/* The units that must stay within a class, over its CPUs, where that is above `bound`. */
static double bound_of_classes(struct water *water, const double *loads, double bound)
{
	const struct work *work = water->work;

	for (uint32_t i = 1; i < work->n_classes; i++) {
		double load = 0;

		if (loads[i] <= 0)
			continue;
		for (uint32_t j = 0; j < work->n_classes; j++)
			load += j == i || is_within(work, j, i) ? loads[j] : 0;
		water->words = work->classes[i].words;
		if (taken_at(water, bound) < load)
			bound = larger(bound, level_of(water, load));
	}
	water->words = work->classes[0].words;
	return bound;
}

int bound_max(const struct work *work, double *ret)
{
	_cleanup_free_ double *own = calloc(work->n_cpus, sizeof(*own));
	_cleanup_free_ double *core = calloc(work->n_cpus, sizeof(*core));
	_cleanup_free_ double *loads = calloc(work->n_classes, sizeof(*loads));
	struct water water;

	if (!own || !core || !loads)
		return -ENOMEM;
	water = water_of(work, own, core);
	for (uint32_t i = 0; i < work->n_units; i++)
		loads[work->units[i].class] += work->units[i].load;
	*ret = larger(bound_of_one(&water), level_of(&water, total_load(work)));
	*ret = larger(*ret, bound_of_shares(work, 0, false));
	if (work->n_classes <= CLASSES_MAX)
		*ret = bound_of_classes(&water, loads, *ret);
	return 0;
}

/* Puts units that are above the level on CPUs of their own; their load. */
static double put_giants(const struct water *water, double *own, double *core, double level,
			 uint32_t *next)
{
	const struct work *work = water->work;
	double load = 0;

	while (*next < work->n_units && *next < work->n_open) {
		const struct work_unit *unit = &work->units[*next];
		uint32_t cpu = BALANCE_NOWHERE;

		fill_alone(water, unit->class, unit->load, &cpu);
		if (cpu == BALANCE_NOWHERE || unit->load <= level * work->cpus[cpu].capacity)
			break;
		own[cpu] += unit->load;
		core[work->cpus[cpu].core] += unit->load;
		load += unit->load;
		++*next;
	}
	return load;
}

int bound_level(const struct work *work, bool by_own, double *ret)
{
	_cleanup_free_ double *own = calloc(work->n_cpus, sizeof(*own));
	_cleanup_free_ double *core = calloc(work->n_cpus, sizeof(*core));
	double load = total_load(work), giants;
	uint32_t next = 0;
	struct water water;

	if (!own || !core)
		return -ENOMEM;
	water = water_of(work, own, core);
	water.by_own = by_own;
	do {
		*ret = level_of(&water, load);
		giants = put_giants(&water, own, core, *ret, &next);
		load -= giants;
	} while (giants > 0 && load > WORK_EPSILON);
	*ret = larger(*ret, bound_of_shares(work, next, by_own));
	return 0;
}
