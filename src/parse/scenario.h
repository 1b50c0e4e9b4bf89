/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: an invented machine, its interrupts and what happens to it, as JSON for `irqctl
 * simulate`. man/irqctl-simulate.1 describes the format.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define SCENARIO_CPUS_MAX    4096u
#define SCENARIO_IRQS_MAX    65536u
#define SCENARIO_EVENTS_MAX  65536u
#define SCENARIO_SECONDS_MAX 86400.0
#define SCENARIO_RATE_MAX    1e9
#define SCENARIO_COST_MAX_US 1e6

struct scenario_irq {
	double rate;        /* a second */
	double cost_us;     /* CPU time of one */
	int32_t node;       /* of its device, -1: none */
	uint32_t device;    /* those of one device, node and class are its queues */
	uint32_t pci_class; /* as /sys/bus/pci/devices/.../class has it: 0x020000 */
	uint32_t home;      /* 1 + the CPU that serves it at the start; 0: as it comes */
};

/* From a second on, all rates are others: what a recording has, and no JSON. */
struct scenario_phase {
	uint32_t at_s;
	const float *rates; /* of each interrupt, a second */
};

enum scenario_action {
	SCENARIO_FORCE,  /* all affinities to `cpu`, as somebody else would */
	SCENARIO_RELOAD, /* the balancer gets a SIGHUP */
	SCENARIO_SIGNAL, /* another signal, which means nothing to a policy */
	SCENARIO_SWAP,   /* the loads of two ranges of interrupts change places */
	SCENARIO_RESET,  /* a device reset clears the counters of `irq` */
};

struct scenario_event {
	uint32_t at_s, every_s; /* every_s 0: once */
	enum scenario_action action;
	uint32_t cpu;
	size_t irq;       /* index of `irqs` */
	size_t a, b;      /* SCENARIO_SWAP: the first of each range */
	size_t n_swapped; /* pairs */
};

struct scenario {
	uint32_t n_cpus;
	uint32_t n_nodes; /* of n_cpus / n_nodes CPUs each: its own package and last-level cache */
	uint32_t threads; /* of a core; neighbours in number */
	double noise;     /* each 100 ms a rate is off by up to this part of it, 0..1 */
	double seconds;   /* at least 1 */
	uint64_t seed;
	struct scenario_irq *irqs; /* at least one; "count" is unrolled */
	size_t n_irqs, cap_irqs;
	struct scenario_event *events;
	size_t n_events;
	struct scenario_phase *phases; /* ascending */
	size_t n_phases;
	float *rates; /* of all phases */
};

/*
 * Everything is checked: what is read is within the limits above, and every CPU, node and interrupt
 * that it names exists. 0, -ENOMEM, or -EINVAL with the place, the value and what it may be in
 * `error`. Free with scenario_done.
 */
int scenario_parse(const char *text, size_t len, struct scenario *ret, struct buf *error);
void scenario_done(struct scenario *scenario);
