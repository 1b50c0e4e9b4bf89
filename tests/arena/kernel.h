/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of an invented machine (plan/machine.h), for a program that takes them for /proc and
 * /sys: what the machine counts is published, and what the program writes is followed. Only what
 * changed is written, so that it costs little next to the program that is looked at.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cpuset.h"
#include "plan/machine.h"

struct kernel_irq {
	uint64_t count;          /* of struct sim_irq, as published */
	uint32_t cpu;            /* likewise; UINT32_MAX: not yet */
	struct cpuset requested; /* likewise */
	size_t row;              /* of the table: where the cell of CPU 0 is */
	bool is_touched;         /* its affinity was changed through the files */
};

struct kernel {
	struct sim sim;
	int root; /* the directory with the files interrupts, stat, softirqs, irq/ and sys/ */
	struct kernel_irq *irqs;
	uint32_t *cells; /* n_irqs x n_cpus: what the table says */
	char *table;     /* mapped */
	size_t table_len;
	int stat;    /* descriptor */
	int watches; /* inotify */
	size_t *watched;
	size_t n_watched, cap_watched; /* watched[descriptor of the watch]: index of irqs */
	struct buf text;
};

/* Builds all files in the empty directory `root`. 0 or -errno. Free with kernel_done either way. */
int kernel_init(struct kernel *kernel, const struct scenario *scenario, int root);
void kernel_done(struct kernel *kernel);

/*
 * A tenth of a second: follows what was written, lets the time pass, publishes. Returns how many
 * affinities changed, or -errno.
 */
int kernel_step(struct kernel *kernel);

/* How many interrupts were moved through the files, and whose affinity is not what it was first. */
size_t kernel_touched(const struct kernel *kernel);
size_t kernel_changed(const struct kernel *kernel);
