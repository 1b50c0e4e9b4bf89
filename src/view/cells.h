/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of `irqctl show`: their names are a contract with other programs (README). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/model.h"
#include "view/strip.h"

enum column {
	COLUMN_IRQ,
	COLUMN_TOTAL,
	COLUMN_RATE,
	COLUMN_SHARE,
	COLUMN_SPREAD,
	COLUMN_TOP,
	COLUMN_DEVICE,
	COLUMN_QUEUE,
	COLUMN_CLASS,
	COLUMN_DRIVER,
	COLUMN_CHIP,
	COLUMN_HWIRQ,
	COLUMN_TRIGGER,
	COLUMN_NAME,
	COLUMN_NODE,
	COLUMN_AFFINITY,
	COLUMN_REQUESTED,
	COLUMN_EFFECTIVE,
	COLUMN_HINT,
	COLUMN_SETTABLE,
	COLUMN_REASON,
	COLUMN_MEANING,
	COLUMN_COUNTS, /* how it is known which CPUs the events came on */
	COLUMN_THREAD, /* FreeBSD: time of the interrupt's thread, in seconds */
	COLUMN_WORKER, /* FreeBSD: the CPU that does the queue's work */
	COLUMN_MAX_,
};

/* How cells are written. */
struct cell_style {
	const struct strip_plan *strip; /* for SPREAD in tables */
	bool utf8;                      /* blocks and arrows may be used */
	bool plain; /* for programs: no marks, no units, SPREAD as "cpu:count ..." */
};

/* By enum column; ends with NULL. */
extern const char *const column_names[];
/* The facts that a column rests on, a mask of enum snapshot_need. */
unsigned int column_needs(enum column column);
bool column_is_number(enum column column);
/* A column by its name, any case. COLUMN_MAX_ where there is none. */
enum column column_find(const char *name, size_t len);
/* How the table treats it: see struct table_column. */
unsigned int column_drop(enum column column);
size_t column_min_width(enum column column);

/* Appends the cell; nothing where the fact is not known. 0 or -ENOMEM. */
int column_text(enum column column, const struct interrupt *interrupt,
		const struct cell_style *style, struct buf *out);

/* Order of two interrupts by a column: numbers from high to low, texts and IRQ from low to high. */
int column_compare(enum column column, const struct interrupt *a, const struct interrupt *b);

/*
 * "eth0-rx-0" of a numbered row ("a, b" of a shared one), the kernel's words of any other; never
 * NULL. Appends. 0 or -ENOMEM.
 */
int interrupt_name(const struct interrupt *interrupt, struct buf *out);
/* Plain words: the lore of a row that is not numbered; the name, and what it serves, of a numbered
 * one. */
int interrupt_meaning(const struct interrupt *interrupt, bool translate, struct buf *out);
/* What DEVICE shows: the interface, else the address; NULL. */
const char *interrupt_device_name(const struct interrupt *interrupt);
