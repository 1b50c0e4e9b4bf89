/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CPUs have interrupt vectors left, by our own count, where the kernel does not tell. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cpuset.h"
#include "snapshot/snapshot.h"

/* Of 256, less exceptions, system vectors and those that managed interrupts may come to need. */
#define ROOM_X86_VECTORS 200u

/*
 * Replaces *room by the CPUs of `online` that serve fewer than `limit` of the interrupts whose
 * effective CPUs are known. 0 or -ENOMEM.
 */
int room_count(const struct irq_facts *irqs, size_t n, const struct cpuset *online, uint32_t limit,
	       struct cpuset *room);
