/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of policies, and the two that never look twice. */
#include "plan/policy.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"

const struct policy *const policies[] = {
	&policy_none, &policy_round_robin, &policy_irqbalance_like, &policy_irqctl, NULL,
};

const struct policy *policy_find(const char *name)
{
	for (const struct policy *const *policy = policies; *policy; policy++) {
		if (strcmp((*policy)->name, name) == 0)
			return *policy;
	}
	return NULL;
}

int policy_write_cpu(struct policy_writes *writes, size_t irq, uint32_t cpu)
{
	struct policy_write write = {.irq = irq};
	int r = ARRAY_RESERVE(writes->items, writes->n + 1, writes->cap);

	if (r == 0)
		r = cpuset_add(&write.cpus, cpu);
	if (r == 0)
		writes->items[writes->n++] = write;
	return r;
}

void policy_writes_clear(struct policy_writes *writes)
{
	for (size_t i = 0; i < writes->n; i++)
		cpuset_done(&writes->items[i].cpus);
	writes->n = 0;
}

void policy_writes_done(struct policy_writes *writes)
{
	policy_writes_clear(writes);
	free(writes->items);
	*writes = (struct policy_writes){0};
}

static int start_nothing(const struct policy_view *view, const struct policy_options *options,
			 void **ret_state)
{
	(void)view;
	(void)options;
	*ret_state = NULL;
	return 0;
}

static int set_nothing(void *state, const struct policy_view *view, struct policy_writes *writes,
		       double *ret_next_s)
{
	(void)state;
	(void)view;
	(void)writes;
	*ret_next_s = INFINITY;
	return 0;
}

static void stop_nothing(void *state)
{
	(void)state;
}

/* The `turn`th CPU of a node, from its first again behind its last; node -1: of the machine. */
static uint32_t nth_cpu(const struct topology *topology, int32_t node, size_t turn)
{
	size_t n = 0, seen = 0;

	for (size_t i = 0; i < topology->n_cpus; i++)
		n += node < 0 || topology->cpus[i].node == node;
	for (size_t i = 0; i < topology->n_cpus && n; i++) {
		if ((node < 0 || topology->cpus[i].node == node) && seen++ == turn % n)
			return topology->cpus[i].cpu;
	}
	return 0;
}

/* The interrupts of a node take turns, whatever device they belong to. */
static int set_in_order(void *state, const struct policy_view *view, struct policy_writes *writes,
			double *ret_next_s)
{
	const struct topology *topology = view->topology;
	_cleanup_free_ size_t *turns = calloc(topology->n_nodes + 1, sizeof(*turns));
	int r = turns ? 0 : -ENOMEM;

	(void)state;
	for (size_t i = 0; i < view->n_irqs && r == 0; i++) {
		int32_t node = view->irqs[i].node;
		size_t at = 0; /* 0: of no node */

		while (at < topology->n_nodes && node >= 0 && topology->nodes[at] != node)
			at++;
		at = node < 0 || at == topology->n_nodes ? 0 : at + 1;
		r = policy_write_cpu(writes, i, nth_cpu(topology, at ? node : -1, turns[at]++));
	}
	*ret_next_s = INFINITY;
	return r;
}

const struct policy policy_none = {
	.name = "none",
	.start = start_nothing,
	.step = set_nothing,
	.stop = stop_nothing,
};

const struct policy policy_round_robin = {
	.name = "round-robin",
	.start = start_nothing,
	.step = set_in_order,
	.stop = stop_nothing,
};
