/* SPDX-License-Identifier: BSD-2-Clause */
/* The network interfaces of spread: which are meant, what their queues are, what is to be set. */
#pragma once

#include "base/strv.h"
#include "cmd/changes.h"
#include "plan/spread.h"
#include "plan/steering.h"

/*
 * Adds to `out`, each once, the physical network interfaces with queues that an operand of spread
 * stands for: `names` is the operand with all the interfaces below it. 0 or -ENOMEM.
 */
int steering_interfaces(const struct machine *machine, const struct strv *names, struct strv *out);

/*
 * Marks, by item of the model, the interrupts of queues that are not in use: virtio_net keeps those
 * of all its queue pairs, whatever its channels (drivers/net/virtio_net.c, virtnet_find_vqs). 0 or
 * -ENOMEM.
 */
int steering_unused(const struct machine *machine, bool *unused);

struct steering_facts {
	struct steering_interface *interfaces;
	size_t n;
	bool has_entries;
	uint64_t entries;
};

/*
 * Reads the queues of the interfaces; the CPU of a queue is that of the plan, else the one that
 * serves it now. Borrows the names. 0 or -ENOMEM; free with steering_facts_done either way.
 */
int steering_read(const struct machine *machine, const struct spread_plan *plan,
		  const struct strv *interfaces, struct steering_facts *ret);
void steering_facts_done(struct steering_facts *facts);

/* The change that a setting asks for; borrows from the plan. 0 or -ENOMEM. */
int steering_change(const struct steering_setting *setting, struct change *ret);
