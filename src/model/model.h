/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the facts mean: every interrupt with its owner, queue, class, affinity and rates.
 *
 * A model borrows: the snapshots it was made from must outlive it. Pure, as parse/ is: no I/O, no
 * clock, no globals.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "lore/lore.h"
#include "parse/irq_desc.h"
#include "snapshot/snapshot.h"

enum queue_direction {
	QUEUE_NONE, /* not a queue, or a queue without direction (block, NVMe) */
	QUEUE_RX,
	QUEUE_TX,
	QUEUE_RXTX,
	QUEUE_ADMIN, /* control, admin and configuration vectors: index -1 */
};

enum settable {
	SETTABLE_UNKNOWN,
	SETTABLE_YES,
	SETTABLE_NO,
};

/* How it is known which CPUs an interrupt came on. The names are part of the JSON contract. */
enum count_source {
	COUNTS_MEASURED,   /* the kernel counts per CPU */
	COUNTS_ATTRIBUTED, /* the interval's events are those of the CPU that it targeted meanwhile
			    */
	COUNTS_TOTAL,      /* not at all: there is one number for all CPUs */
};

struct interrupt {
	const struct irq_row *row;
	const struct irq_facts *facts; /* NULL: not read, or the row is not numbered */
	const struct device *device;   /* NULL: not known */
	const struct lore *lore;       /* what the row means; NULL: nothing known */
	struct irq_desc desc;          /* numbered rows: chip, hwirq, trigger, actions */
	enum irq_kind kind;
	enum irq_class class;
	const char *interface; /* "eth0", "vda", "nvme0" or NULL */
	const char *driver;    /* from sysfs, or guessed from the action's name; or NULL */
	enum queue_direction direction;
	int32_t queue;            /* queue index, -1: none */
	const char *queue_source; /* "netlink" or "name"; NULL without queue */
	int32_t node;             /* -1: none or not known */
	enum settable settable;
	const char
		*settable_why; /* constant English text for SETTABLE_NO and _UNKNOWN, else NULL */
	bool pending;          /* effective is no part of requested: the move waits */
	/* Over the interval between the two snapshots; without an earlier one, since boot. */
	struct irq_cell *cells; /* non-zero cells of the interval, ascending by column */
	size_t n_cells;
	uint64_t delta; /* events in the interval */
	double rate;    /* per second; NAN without an interval */
	double share;   /* of all countable events, 0..1 */
	bool counted; /* belongs to the totals: not a sum, gauge, counter, or part of another row */
	enum count_source count_source;
	const struct freebsd_thread *thread; /* FreeBSD: what runs the handler; NULL: not known */
	uint32_t top_cpu; /* CPU with most events; meaningful where n_cells > 0 */
	double top_share; /* its part of this row's events, 0..1 */
};

struct model {
	const struct snapshot *now;
	const struct snapshot *before; /* NULL: counts since boot */
	const struct irq_table
		*table;          /* what the rows were read from: now->interrupts or ->softirqs */
	double interval_s;       /* 0 without `before` */
	struct interrupt *items; /* in the order of the table */
	size_t n_items;
	uint64_t total;   /* of all counted rows */
	const char *arch; /* as lore names it, guessed from the rows; NULL: not known */
	struct arena strings;
};

/*
 * Builds the model of `now`, with rates since `before` (may be NULL). A counter that went back by
 * less than 2^32 is taken as a 32-bit wrap where the rate that follows is plausible, else as a
 * restart. 0 or -ENOMEM. Free with model_done.
 */
int model_build(const struct snapshot *before, const struct snapshot *now, struct model *ret);
/* The same over the rows of /proc/softirqs. */
int model_build_softirqs(const struct snapshot *before, const struct snapshot *now,
			 struct model *ret);
void model_done(struct model *model);

/* The row of an IRQ number, or NULL. */
const struct interrupt *model_find_irq(const struct model *model, int32_t irq);
/* The events of one CPU in an interrupt. */
uint64_t interrupt_on_cpu(const struct interrupt *interrupt, uint32_t cpu);

const char *count_source_name(enum count_source source); /* "measured", "attributed", "total" */
const char *queue_direction_name(
	enum queue_direction direction); /* "rx", "tx", "rxtx", "admin", NULL */
