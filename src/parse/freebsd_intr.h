/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD's counters -> the same sparse table as /proc/interrupts gives.
 *
 * hw.intrcnt is an array of u_long, hw.intrnames one of names of a fixed width (padded with spaces,
 * NUL at the end), both fixed at boot; a name changes when handlers come or go
 * (sys/kern/subr_intr.c for INTRNG, sys/x86/x86/intr_machdep.c for x86). A counter belongs to a
 * source and not to a CPU, except for those named "cpuN:WHAT". Pure: no I/O, no clock, no globals.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "parse/irq_desc.h"
#include "parse/proc_interrupts.h"

/* The bytes of both sysctls. */
struct freebsd_intr {
	const char *counts, *names;
	size_t counts_len, names_len;
	uint32_t n_cpus; /* CPU ids are below it; 0: as many as the names tell */
};

/*
 * Fills *table, which must be empty: a row for each counter that has a name. `name` is the whole
 * name, `line` the place of the counter from 1, `key` what stands before the colon ("25" for
 * "irq25: em0", "its0,3", "stray irq25"), `text` the handlers behind it, `number` the IRQ where the
 * name tells it. Counters "cpu0:timer", "cpu1:timer" ... that follow each other are one row "timer"
 * with a cell per CPU; every other row has a total only (`summary`). Returns 0, -ENODATA (no
 * counters), -EINVAL (the sizes do not belong together; what is wrong is in `ret_error`) or
 * -ENOMEM. Free with irq_table_done either way.
 */
int freebsd_intr_parse(const struct freebsd_intr *intr, struct irq_table *table,
		       struct irq_parse_error *ret_error);

/*
 * The handlers of such a row as actions. The kernel cuts long names (sys/kern/kern_intr.c,
 * intr_event_update): a '-' before a single handler stands for the head of its name, which is gone,
 * and the '+' and '*' at the end for handlers that did not fit. They are left out here;
 * `ret_cut_head` says whether there was a '-'. 0 or -ENOMEM.
 */
int freebsd_handlers_parse(const char *text, struct arena *arena, struct irq_desc *ret,
			   bool *ret_cut_head);
