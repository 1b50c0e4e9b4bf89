/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where interrupts are really served, by their counts per CPU: for those of which the kernel does
 * not tell the effective CPU (before Linux 4.13, and on some architectures). It takes the whole of
 * /proc/interrupts, so it is read only while there are busy ones of this kind.
 */
#pragma once

#include "daemon/fleet.h"

/* The table of the last look. Zeroed it is none; counted_done frees it. */
struct counted {
	struct irq_table table;
	uint64_t mono_ns; /* 0: there is none */
};

/*
 * Places those busy interrupts of which nobody knows the CPU, as the counts since the last look
 * say: one that a single CPU served is there, one that several share is left alone. 0 or -errno.
 */
int counted_look(struct counted *counted, struct fleet *fleet, struct sampler *sampler);
void counted_done(struct counted *counted);
