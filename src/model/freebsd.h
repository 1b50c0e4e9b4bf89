/* SPDX-License-Identifier: BSD-2-Clause */
/* What the counters of FreeBSD mean: handlers, devices, queues, threads. */
#pragma once

#include "base/arena.h"
#include "base/strmap.h"
#include "model/model.h"

/* Whether the row is an interrupt with a handler: a device's, with a total only. */
bool freebsd_has_handler(const struct irq_row *row);

/*
 * Fills desc, device, interface, driver, queue, thread and worker of such a row. `devices` maps the
 * names of the snapshot's devices, those of their handlers included, to them. 0 or -ENOMEM.
 */
int freebsd_describe(struct interrupt *interrupt, const struct snapshot *snapshot,
		     const struct strmap *devices, struct arena *strings);

/*
 * N_(): why an interrupt that could be moved is better left where its driver has bound it, as the
 * kernel of Linux keeps those that it manages; NULL: nothing speaks against a move.
 */
const char *freebsd_why_bound(const struct interrupt *interrupt);

/*
 * iflib: the CPU of the thread that does the work behind an interrupt of a NIC, where a move to
 * `cpu` would leave that behind; -1: there is none, or it is the same CPU.
 */
int32_t freebsd_worker_left(const struct irq_facts *facts, uint32_t cpu);
/* Appends the reason of such a move, and what it leaves behind. 0 or -ENOMEM. */
int freebsd_move_reason(const struct irq_facts *facts, uint32_t cpu, const char *reason,
			struct buf *out);

/* Fills settable and settable_why of any row. */
void freebsd_judge(struct interrupt *interrupt);
