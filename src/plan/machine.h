/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An invented machine in virtual time, for balancers to be tried on: it counts interrupts, charges
 * their time to the CPU that serves them, and follows the affinities that are set, as a kernel
 * does. Pure: the same scenario and the same settings give the same numbers, anywhere.
 *
 * Loads are in CPUs: 1.0 is the whole time of one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpuset.h"
#include "parse/scenario.h"
#include "snapshot/sample.h"
#include "topology/topology.h"

#define SIM_STEPS_A_SECOND 10u
#define SIM_FIRST_IRQ      100 /* interrupt k of the scenario has the number 100 + k */

struct sim_irq {
	int32_t number;
	const char *name; /* "eth0-TxRx-3" */
	int32_t node;     /* of its device, -1: none */
	uint32_t device;  /* from 0, in the order of their first interrupts */
	uint32_t pci_class;
	double rate, cost_us;
	uint64_t count;          /* since the start or the last reset, on all CPUs */
	double part;             /* of the next interrupt, 0..1 */
	uint32_t cpu;            /* that serves it */
	struct cpuset requested; /* in force; empty: every CPU */
	struct cpuset written;   /* comes into force with the next step */
	bool is_written;
};

struct sim {
	const struct scenario *scenario; /* the caller's; must outlive the machine */
	struct sim_irq *irqs;
	size_t n_irqs;
	struct topology topology;
	uint64_t steps;  /* that passed */
	uint64_t random; /* state of the generator */
	double *ticks;   /* per CPU: interrupt time since the start, in 1/PROC_STAT_HZ s */
	double *load;    /* per CPU: of the last step; above 1.0 where it cannot do the work */
	double remote;   /* load of the last step that was served off its device's node */
	uint32_t *held;  /* per CPU: how many interrupts it serves */
	size_t n_written;
	struct sample sample; /* as of the last sim_look() */
	double bound; /* no placement has a busiest CPU with less load; changes with phases */
	struct arena strings;
};

/*
 * Every affinity allows every CPU, and every interrupt is served somewhere. 0 or -ENOMEM. Free with
 * sim_done either way.
 */
int sim_init(struct sim *sim, const struct scenario *scenario);
void sim_done(struct sim *sim);

/*
 * What a write to smp_affinity does: comes into force with the next step; of several writes before
 * that the last one holds. `irq` is an index of sim->irqs; an empty set stands for every CPU,
 * as it does in struct sim_irq. 0, -EINVAL (no such interrupt, or none of these CPUs exists,
 * which the kernel refuses) or -ENOMEM.
 */
int sim_set_affinity(struct sim *sim, size_t irq, const struct cpuset *cpus);

/*
 * One tenth of a second. An interrupt stays on its CPU where its affinity allows that, else it goes
 * to the CPU that serves the fewest. Returns how many affinities changed.
 */
size_t sim_step(struct sim *sim);

/* Interrupts come as often as a phase says, from now on. 0 or -ENOMEM. */
int sim_phase(struct sim *sim, const struct scenario_phase *phase);

/* What the event does to the machine; nothing for signals. 0 or -ENOMEM. */
int sim_event(struct sim *sim, const struct scenario_event *event);

/* Brings sim->sample up to date: what /proc/stat would say now. 0 or -ENOMEM. */
int sim_look(struct sim *sim);

struct sim_load {
	double max, mean; /* over the CPUs, in the last step */
	double remote;    /* part of all load that was served off its device's node, 0..1 */
};

struct sim_load sim_load(const struct sim *sim);
