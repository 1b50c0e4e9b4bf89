/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What irqbalance answers to "setup" on its socket: the interrupts that it leaves alone.
 *
 * Format (irqbalance 1.0.9 to 1.9.5): "SLEEP 10 ", for each interrupt "IRQ 24 LOAD 0 DIFF 0 CLASS 0
 * ", "BANNED 00000000" (a mask of CPUs).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct irqbalance_setup {
	int32_t *banned; /* IRQ numbers, in the order of the answer */
	size_t n, cap;
};

/*
 * 0; -EINVAL where the text is anything else, or ends before "BANNED"; -ENOMEM. *ret is written on
 * success only; free with irqbalance_setup_done.
 */
int irqbalance_setup_parse(const char *text, size_t len, struct irqbalance_setup *ret);
void irqbalance_setup_done(struct irqbalance_setup *setup);
