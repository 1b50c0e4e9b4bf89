/* SPDX-License-Identifier: BSD-2-Clause */
/* Which device an interrupt belongs to. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/strmap.h"
#include "model/model.h"
#include "model/queue_name.h"

struct irq_owner {
	int32_t irq;
	const struct device *device;
};

/* Borrows the snapshot, and makes devices that sysfs does not show in the arena. */
struct owners {
	const struct snapshot *snapshot;
	struct arena *arena;
	struct irq_owner *by_irq; /* ascending by irq */
	size_t n_by_irq, cap_by_irq;
	struct strmap by_address; /* devices of sysfs and made ones */
	struct strmap by_interface;
	uint64_t last_bdf; /* domain << 16 | bus << 8 | device << 3 | function, and its text: the */
	const char *last_address; /* vectors of a device follow each other */
};

/* 0 or -ENOMEM. Free with owners_done either way. */
int owners_init(struct owners *owners, const struct snapshot *snapshot, struct arena *arena);
/*
 * The device of a numbered row: by its number in sysfs, else by the names in the row (then a device
 * of sysfs, or a new one in the arena). `queue` may be NULL. Sets NULL where nothing tells.
 * 0 or -ENOMEM.
 */
int owners_find(struct owners *owners, const struct interrupt *interrupt,
		const struct queue_name *queue, const struct device **ret_device);
void owners_done(struct owners *owners);
