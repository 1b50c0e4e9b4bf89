/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words behind the counts of a numbered row -> chip, hwirq, trigger, actions.
 *
 * Format: kernel/irq/proc.c (show_interrupts): "%8s" chip, " %*lu" hwirq, " %-8s" Edge/Level,
 * "-%-8s" flow name, "  %s" first action, ", %s" further ones. Older kernels join chip and flow
 * name
 * ("IO-APIC-edge") and leave the hwirq out.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"

struct irq_desc {
	const char *chip;  /* "IO-APIC", "SiFive PLIC"; NULL where missing, "-" or "None" */
	const char *hwirq; /* decimal digits; NULL where missing */
	const char
		*trigger; /* "edge", "level", "fasteoi", "msi", "virq", ...; NULL where missing */
	const char **actions; /* names of the handlers, in order */
	size_t n_actions;
};

/* Strings are copied into `arena`. 0 or -ENOMEM; any text is accepted. */
int irq_desc_parse(const char *text, struct arena *arena, struct irq_desc *ret);
