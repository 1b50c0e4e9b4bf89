/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/strip.h"

#include <errno.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/macros.h"

/* The id of a CPU's core, cache, node or package: one level of folding. */
typedef int32_t (*level_fn)(const struct topology_cpu *cpu);

static int32_t level_core(const struct topology_cpu *cpu)
{
	return cpu->core;
}

static int32_t level_llc(const struct topology_cpu *cpu)
{
	return cpu->llc;
}

static int32_t level_node(const struct topology_cpu *cpu)
{
	return cpu->node;
}

static int32_t level_package(const struct topology_cpu *cpu)
{
	return cpu->package;
}

/* Groups numbered by their first CPU. Fills group_of and returns their number, 0 where a CPU has no
 * id. */
static size_t group_by(struct strip_plan *plan, const struct topology *topology, level_fn level,
		       int32_t *seen)
{
	size_t n_groups = 0;

	for (size_t i = 0; i < plan->n_cpus; i++) {
		const struct topology_cpu *cpu = topology_cpu(topology, plan->cpus[i]);
		size_t group = 0;

		if (!cpu || level(cpu) < 0)
			return 0;
		while (group < n_groups && seen[group] != level(cpu))
			group++;
		if (group == n_groups)
			seen[n_groups++] = level(cpu);
		plan->group_of[i] = (uint32_t)group;
	}
	return n_groups;
}

static int fold_by_topology(struct strip_plan *plan, const struct topology *topology,
			    size_t max_width)
{
	static const struct {
		level_fn level;
		const char *unit;
	} levels[] = {
		{level_core, N_("core")},
		{level_llc, N_("last-level cache")},
		{level_node, N_("NUMA node")},
		{level_package, N_("package")},
	};
	_cleanup_free_ int32_t *seen = calloc(plan->n_cpus, sizeof(*seen));

	if (!seen)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		size_t n = group_by(plan, topology, levels[i].level, seen);

		if (n > 1 && n <= max_width) {
			plan->n_groups = n;
			plan->unit = levels[i].unit;
			return 0;
		}
	}
	return 0;
}

static void fold_evenly(struct strip_plan *plan, size_t max_width)
{
	size_t size = plan->n_cpus > max_width ? (plan->n_cpus + max_width - 1) / max_width : 1;

	for (size_t i = 0; i < plan->n_cpus; i++)
		plan->group_of[i] = (uint32_t)(i / size);
	plan->n_groups = (plan->n_cpus + size - 1) / size;
	plan->unit = size == 1 ? N_("CPU") : N_("group of CPUs");
}

int strip_plan_build(const uint32_t *cpus, size_t n_cpus, const struct topology *topology,
		     size_t max_width, struct strip_plan *ret)
{
	struct strip_plan plan = {.cpus = cpus, .n_cpus = n_cpus};
	int r = 0;

	plan.group_of = calloc(n_cpus + 1, sizeof(*plan.group_of));
	if (!plan.group_of)
		return -ENOMEM;
	if (n_cpus > max_width && topology)
		r = fold_by_topology(&plan, topology, max_width);
	if (r < 0) {
		strip_plan_done(&plan);
		return r;
	}
	if (!plan.n_groups)
		fold_evenly(&plan, max_width);
	*ret = plan;
	return 0;
}

void strip_plan_done(struct strip_plan *plan)
{
	free(plan->group_of);
	*plan = (struct strip_plan){0};
}

static int draw_level(double part, bool utf8, struct buf *out)
{
	static const char *const blocks[] = {"\u2581", "\u2582", "\u2583", "\u2584",
					     "\u2585", "\u2586", "\u2587", "\u2588"};
	size_t steps = utf8 ? ARRAY_SIZE(blocks) : 9;
	size_t step = (size_t)(part * (double)steps);

	if (step >= steps)
		step = steps - 1;
	return utf8 ? buf_puts(out, blocks[step]) : buf_putc(out, (char)('1' + step));
}

int strip_draw(const struct strip_plan *plan, const struct irq_cell *cells, size_t n_cells,
	       bool utf8, struct buf *out)
{
	_cleanup_free_ double *sums = calloc(plan->n_groups + 1, sizeof(*sums));
	double max = 0;
	size_t column = 0;
	int r = 0;

	if (!sums)
		return -ENOMEM;
	for (size_t i = 0; i < n_cells; i++) {
		while (column < plan->n_cpus && plan->cpus[column] < cells[i].cpu)
			column++;
		if (column < plan->n_cpus && plan->cpus[column] == cells[i].cpu)
			sums[plan->group_of[column]] += (double)cells[i].count;
	}
	for (size_t g = 0; g < plan->n_groups; g++)
		max = sums[g] > max ? sums[g] : max;
	for (size_t g = 0; g < plan->n_groups && r == 0; g++) {
		if (sums[g] > 0)
			r = draw_level(sums[g] / max, utf8, out);
		else
			r = buf_puts(out, utf8 ? "\u00b7" : ".");
	}
	return r;
}
