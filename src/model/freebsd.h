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

/* Fills settable and settable_why of any row. */
void freebsd_judge(struct interrupt *interrupt);
