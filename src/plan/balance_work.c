/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

#define LOAD_MAX     1e6 /* sums of what is larger would lose the small ones */
#define CAPACITY_MIN 1e-3

/* An interrupt that counts: it has load, or it cannot stay where it is. */
struct entry {
	double load;
	const struct balance_irq *irq;
	uint32_t class;
	uint32_t at; /* CPU, BALANCE_NOWHERE */
};

struct grouped {
	uint32_t group, entry;
};

struct sorting {
	struct work *work;
	const bool *is_stuck;
	struct work_classes classes;
	struct entry *entries;
	uint32_t n_entries;
	struct grouped *grouped;
	uint32_t n_grouped, n_members;
};

void *work_alloc(struct work *work, size_t n, size_t size)
{
	size_t bytes;
	void *memory;

	if (__builtin_mul_overflow(n ? n : 1, size, &bytes))
		return NULL;
	memory = arena_alloc(&work->memory, bytes);
	return memory ? memset(memory, 0, bytes) : NULL;
}

void work_done(struct work *work)
{
	free(work->classes);
	arena_done(&work->memory);
	*work = (struct work){0};
}

static void sorting_done(struct sorting *sorting)
{
	work_classes_done(&sorting->classes);
	free(sorting->entries);
	free(sorting->grouped);
}

static bool is_load(double load)
{
	return load >= 0 && load <= LOAD_MAX;
}

static bool is_sane_cpu(const struct balance_problem *problem, size_t i)
{
	const struct balance_cpu *cpu = &problem->cpus[i];

	return cpu->capacity >= CAPACITY_MIN && cpu->capacity <= LOAD_MAX && is_load(cpu->base) &&
	       (i == 0 || problem->cpus[i - 1].cpu < cpu->cpu);
}

bool work_is_sane(const struct balance_problem *problem)
{
	bool is_any_open = false;

	if (problem->n_cpus >= BALANCE_NOWHERE || problem->n_irqs >= BALANCE_NOWHERE ||
	    !is_load(problem->slack) ||
	    (problem->mode == BALANCE_PACK &&
	     !(problem->pack_fill > 0 && problem->pack_fill <= LOAD_MAX)))
		return false;
	for (size_t i = 0; i < problem->n_cpus; i++) {
		if (!is_sane_cpu(problem, i))
			return false;
		is_any_open |= !problem->cpus[i].closed;
	}
	for (size_t i = 0; i < problem->n_irqs; i++) {
		const struct balance_irq *irq = &problem->irqs[i];

		if (!is_load(irq->load) ||
		    (irq->at != BALANCE_NOWHERE && irq->at >= problem->n_cpus))
			return false;
	}
	return is_any_open;
}

/* Most load first; never by the order of the input. */
static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int r = (x->load < y->load) - (x->load > y->load);

	if (r == 0)
		r = strcmp(x->irq->name ? x->irq->name : "", y->irq->name ? y->irq->name : "");
	return r ? r : (x->irq->irq > y->irq->irq) - (x->irq->irq < y->irq->irq);
}

static int compare_grouped(const void *a, const void *b)
{
	const struct grouped *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

/* An interrupt that nobody can move is a load of its CPU like any other. */
static void hold(struct work *work, const struct entry *entry)
{
	struct work_cpu *cpu;

	if (entry->at == BALANCE_NOWHERE)
		return;
	cpu = &work->cpus[entry->at];
	cpu->base += entry->irq->load;
	cpu->held++;
	work->cores[cpu->core].base += entry->irq->load;
}

/* Those without load and with a place are only counted at their CPU. */
static int collect_entries(struct sorting *sorting)
{
	struct work *work = sorting->work;
	const struct balance_problem *problem = work->problem;

	for (size_t i = 0; i < problem->n_irqs; i++) {
		const struct balance_irq *irq = &problem->irqs[i];
		uint32_t at = irq->at == BALANCE_NOWHERE ? irq->at : work->cpu_of[irq->at];
		uint32_t class;
		int r = work_class_of(&sorting->classes, irq->allowed, &class);

		if (r < 0)
			return r;
		if (at != BALANCE_NOWHERE && work->cpus[at].slots < UINT32_MAX)
			work->cpus[at].slots++;
		if (sorting->is_stuck[i]) {
			hold(work, &(struct entry){irq->load, irq, class, at});
			continue;
		}
		if (irq->load <= 0 && (at == BALANCE_NOWHERE || work_may(work, class, at))) {
			if (at != BALANCE_NOWHERE)
				work->cpus[at].held++;
			continue;
		}
		sorting->entries[sorting->n_entries++] = (struct entry){irq->load, irq, class, at};
	}
	qsort(sorting->entries, sorting->n_entries, sizeof(*sorting->entries), compare_entries);
	return 0;
}

static void add_unit(struct sorting *sorting, uint32_t class)
{
	sorting->work->units[sorting->work->n_units++] =
		(struct work_unit){.class = class,
				   .present = BALANCE_NOWHERE,
				   .first_member = sorting->n_members,
				   .llc = -1};
}

/* Adds a member to the newest unit; the first one with a place that is allowed gives the unit its
 * place. */
static void add_member(struct sorting *sorting, uint32_t position)
{
	struct work *work = sorting->work;
	const struct entry *entry = &sorting->entries[position];
	struct work_unit *unit = &work->units[work->n_units - 1];

	work->members[sorting->n_members++] = position;
	unit->n_members++;
	unit->load += entry->irq->load;
	if (unit->llc < 0)
		unit->llc = entry->irq->llc;
	if (unit->present == BALANCE_NOWHERE && entry->at != BALANCE_NOWHERE &&
	    work_may(work, unit->class, entry->at)) {
		unit->present = entry->at;
		unit->n_strays = unit->n_members - 1;
	} else if (entry->at != unit->present || entry->at == BALANCE_NOWHERE) {
		unit->n_strays++;
	}
}

static void add_single(struct sorting *sorting, uint32_t position)
{
	const struct entry *entry = &sorting->entries[position];

	if (sorting->work->classes[entry->class].n_cpus == 0) {
		hold(sorting->work, entry);
		return;
	}
	add_unit(sorting, entry->class);
	add_member(sorting, position);
}

/* The load of the members that are not where the first one is; all of it where one has to move. */
static double stray_load(const struct sorting *sorting, const struct grouped *run, uint32_t n)
{
	double strays = 0, all = 0;
	bool is_forced = false;

	for (uint32_t i = 0; i < n; i++) {
		const struct entry *entry = &sorting->entries[run[i].entry];

		all += entry->irq->load;
		if (entry->at != sorting->entries[run[0].entry].at)
			strays += entry->irq->load;
		is_forced |= entry->at == BALANCE_NOWHERE ||
			     !work_may(sorting->work, entry->class, entry->at);
	}
	return is_forced ? all : strays;
}

/*
 * One unit of a group, unless no CPU may take all of it, or its members are apart and not worth the
 * moves that bring them together.
 */
static int add_group(struct sorting *sorting, const struct grouped *run, uint32_t n)
{
	const struct work *work = sorting->work;
	uint32_t class = sorting->entries[run[0].entry].class;
	double strays = stray_load(sorting, run, n);
	int r = 0;

	for (uint32_t i = 1; i < n && r == 0; i++)
		r = work_class_both(&sorting->classes, class, sorting->entries[run[i].entry].class,
				    &class);
	if (r < 0)
		return r;
	if (work->classes[class].n_cpus == 0 || (strays > 0 && strays < WORK_MOVE_WORTH)) {
		for (uint32_t i = 0; i < n; i++)
			add_single(sorting, run[i].entry);
		return 0;
	}
	add_unit(sorting, class);
	for (uint32_t i = 0; i < n; i++)
		add_member(sorting, run[i].entry);
	return 0;
}

static int add_groups(struct sorting *sorting)
{
	for (uint32_t i = 0; i < sorting->n_entries; i++) {
		uint32_t group = sorting->entries[i].irq->group;

		if (group)
			sorting->grouped[sorting->n_grouped++] = (struct grouped){group, i};
		else
			add_single(sorting, i);
	}
	qsort(sorting->grouped, sorting->n_grouped, sizeof(*sorting->grouped), compare_grouped);
	for (uint32_t i = 0, end; i < sorting->n_grouped; i = end) {
		int r;

		for (end = i + 1; end < sorting->n_grouped; end++) {
			if (sorting->grouped[end].group != sorting->grouped[i].group)
				break;
		}
		r = add_group(sorting, &sorting->grouped[i], end - i);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Most load first; `device` holds the position of the first member, which tells units apart. */
static int compare_units(const void *a, const void *b)
{
	const struct work_unit *x = a, *y = b;

	if (x->load < y->load || x->load > y->load)
		return x->load < y->load ? 1 : -1;
	return (x->device > y->device) - (x->device < y->device);
}

static void sort_units(const struct sorting *sorting)
{
	struct work *work = sorting->work;

	for (uint32_t i = 0; i < work->n_units; i++)
		work->units[i].device = work->members[work->units[i].first_member];
	/* single interrupts are in order */
	if (sorting->n_grouped > 0)
		qsort(work->units, work->n_units, sizeof(*work->units), compare_units);
}

static const struct balance_irq *member(const struct sorting *sorting, const struct work_unit *unit,
					uint32_t i)
{
	return sorting->entries[sorting->work->members[unit->first_member + i]].irq;
}

static int32_t home_of(const struct sorting *sorting, const struct work_unit *unit)
{
	for (uint32_t i = 0; i < unit->n_members; i++) {
		int32_t node = member(sorting, unit, i)->node;

		if (work_is_home(sorting->work, node))
			return node;
	}
	return -1;
}

static int find_homes(struct sorting *sorting)
{
	struct work *work = sorting->work;
	_cleanup_free_ int32_t *homes = calloc(work->n_units + (size_t)1, sizeof(*homes));
	uint32_t n = 0;

	if (!homes)
		return -ENOMEM;
	for (uint32_t i = 0; i < work->n_units; i++) {
		int32_t home = home_of(sorting, &work->units[i]);
		uint32_t at = 0;

		while (at < n && homes[at] != home)
			at++;
		if (at == n)
			homes[n++] = home;
		work->units[i].home = at;
	}
	return work_add_homes(work, homes, n);
}

static int find_devices(struct sorting *sorting)
{
	struct work *work = sorting->work;
	_cleanup_free_ struct grouped *order = calloc(work->n_units + (size_t)1, sizeof(*order));
	uint32_t n_devices = 0;

	work->devices = work_alloc(work, work->n_units + (size_t)1, sizeof(*work->devices));
	if (!order || !work->devices)
		return -ENOMEM;
	for (uint32_t i = 0; i < work->n_units; i++)
		order[i] = (struct grouped){member(sorting, &work->units[i], 0)->device, i};
	qsort(order, work->n_units, sizeof(*order), compare_grouped);
	for (uint32_t i = 0; i < work->n_units; i++) {
		struct work_unit *unit = &work->units[order[i].entry];

		if (order[i].group && (i == 0 || order[i].group != order[i - 1].group))
			work->devices[++n_devices] = (struct work_device){.first = i};
		work->devices[n_devices].n += order[i].group > 0;
		unit->device = n_devices;
		unit->rank = i;
	}
	return 0;
}

static int sort_irqs(struct sorting *sorting)
{
	struct work *work = sorting->work;
	size_t n = work->problem->n_irqs + 1;
	int r;

	sorting->entries = calloc(n, sizeof(*sorting->entries));
	sorting->grouped = calloc(n, sizeof(*sorting->grouped));
	if (!sorting->entries || !sorting->grouped)
		return -ENOMEM;
	r = work_classes_init(&sorting->classes, work);
	if (r == 0)
		r = collect_entries(sorting);
	if (r < 0)
		return r;
	work->units = work_alloc(work, sorting->n_entries, sizeof(*work->units));
	work->members = work_alloc(work, sorting->n_entries, sizeof(*work->members));
	if (!work->units || !work->members)
		return -ENOMEM;
	r = add_groups(sorting);
	if (r < 0)
		return r;
	sort_units(sorting);
	r = find_homes(sorting);
	if (r == 0)
		r = find_devices(sorting);
	for (uint32_t i = 0; i < sorting->n_members && r == 0; i++) {
		const struct entry *entry = &sorting->entries[work->members[i]];

		work->members[i] = (uint32_t)(entry->irq - work->problem->irqs);
	}
	return r;
}

int work_init(struct work *work, const struct balance_problem *problem, const bool *is_stuck)
{
	struct work fresh = {.problem = problem};
	_cleanup_(sorting_done) struct sorting sorting = {.work = work, .is_stuck = is_stuck};
	int r;

	*work = fresh;
	r = work_add_cpus(work);
	return r == 0 ? sort_irqs(&sorting) : r;
}
