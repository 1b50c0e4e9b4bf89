/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /sys/kernel/debug/irq/domains/VECTOR: the interrupt vectors of each CPU of an x86 machine. It is
 * there for root, where debugfs is mounted and the kernel has CONFIG_GENERIC_IRQ_DEBUGFS.
 *
 * Format: kernel/irq/matrix.c (irq_matrix_debug_show), called from
 * arch/x86/kernel/apic/vector.c (x86_vector_debug_show): some lines of sums, the heading
 * "| CPU | avl | man | mac | act | vectors" ("mac" since 4.19), and a line for each online CPU.
 */
#pragma once

#include <stddef.h>

#include "base/cpuset.h"

/*
 * The CPUs that have a free vector ("avl" is not 0). 0; -EINVAL where there is no such table, or a
 * line of it cannot be read; -ENOMEM. Replaces *room, on success only.
 */
int vectors_parse_room(const char *text, size_t len, struct cpuset *room);
