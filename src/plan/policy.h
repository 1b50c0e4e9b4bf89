/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What decides where interrupts are served: `irqctl simulate` runs several of these against the
 * same machine. A policy sees what a daemon on a real machine could see, and nothing else: no
 * rates, no costs. Pure: no clock, no files.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cpuset.h"
#include "snapshot/sample.h"
#include "topology/topology.h"

struct policy_irq {
	int32_t number; /* its count is sample->counts[number] */
	const char *name;
	uint32_t cpu;                   /* serves it now */
	int32_t node;                   /* of its device, -1: none */
	uint32_t device;                /* from 0 */
	uint32_t pci_class;             /* of its device */
	const struct cpuset *requested; /* its affinity; empty: every CPU */
};

struct policy_view {
	const struct sample *sample; /* mono_ns is the time */
	const struct policy_irq *irqs;
	size_t n_irqs; /* the same interrupts in the same order at every look */
	const struct topology *topology;
};

/* An affinity to be set. */
struct policy_write {
	size_t irq;         /* index of view->irqs */
	struct cpuset cpus; /* empty: every CPU */
};

struct policy_writes {
	struct policy_write *items;
	size_t n, cap;
};

struct policy_options {
	double interval_s; /* how often to look; 0: as the policy likes */
};

struct policy {
	const char *name;
	/* Begins at the first look. 0 or -errno; *ret_state goes to the others. */
	int (*start)(const struct policy_view *view, const struct policy_options *options,
		     void **ret_state);
	/*
	 * Looks at the machine, and appends what is to be set. *ret_next_s: seconds until the next
	 * look; INFINITY: never again. 0 or -errno.
	 */
	int (*step)(void *state, const struct policy_view *view, struct policy_writes *writes,
		    double *ret_next_s);
	/* What SIGHUP does; NULL: nothing. step() follows at once. */
	void (*reload)(void *state);
	void (*stop)(void *state); /* frees the state; takes NULL */
};

/* All policies, ended by NULL: the order of the table that compares them. */
extern const struct policy *const policies[];
const struct policy *policy_find(const char *name); /* or NULL */

/* Sets the affinity of an interrupt to one CPU. 0 or -errno. */
int policy_write_cpu(struct policy_writes *writes, size_t irq, uint32_t cpu);
void policy_writes_clear(struct policy_writes *writes); /* keeps the memory of the array */
void policy_writes_done(struct policy_writes *writes);

extern const struct policy policy_none;            /* nobody sets anything */
extern const struct policy policy_round_robin;     /* once, in order, over the node's CPUs */
extern const struct policy policy_irqbalance_like; /* policy_irqbalance.c */
extern const struct policy policy_irqctl;          /* policy_irqctl.c */
