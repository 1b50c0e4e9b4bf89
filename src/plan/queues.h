/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts -> queues: rx i and tx i of an interface are one. Pure, within plan/. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct queue_member {
	const struct interrupt *interrupt;
	size_t at; /* its position in the list that the queues were made from */
};

/* The interrupts that belong on one CPU. */
struct queue {
	const struct queue_member *members; /* in the order of the list */
	size_t n_members;
	size_t rank;  /* among the queues of its interface, from 0 */
	size_t owner; /* where the interface came first in the list */
	int32_t node; /* of the device, -1: none or not known */
};

struct queues {
	struct queue *items; /* by rank, then by owner: the interfaces take turns */
	size_t n;
	struct queue_member *members;
};

/*
 * An interrupt without queue index, or whose device and interface are both unknown, is a queue of
 * its own. 0 or -ENOMEM. Free with queues_done.
 */
int queues_build(const struct interrupt *const *list, size_t n, struct queues *ret);
void queues_done(struct queues *queues);
