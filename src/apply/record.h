/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Settings in a file: what `irqctl save` keeps, and what every change leaves behind for
 * `irqctl restore --last`. JSON, schema "irqctl.save/1".
 *
 * IRQ numbers change when a driver is loaded again, so an interrupt is kept by its device and the
 * place of its vector among the device's vectors; where no device is known, by its handlers' names
 * and its place among those of the same name; where it has none, by its number. The one that still
 * has the number, the device and the handlers goes before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "apply/apply.h"
#include "model/model.h"

struct record_entry {
	struct setting setting; /* irq: the number at the time */
	const char *device;     /* PCI or bus address; NULL: not known */
	uint32_t vector; /* place among its device's (or name's) interrupts, from 0 by IRQ number */
	const char *actions; /* "eth0-rx-0" or "a, b"; "" for none */
	struct cpuset cpus;
	uint64_t number;
};

struct record {
	struct record_entry *entries;
	size_t n, cap;
	struct arena strings;
};

/* Whether an interrupt belongs to a network interface: to its own queues where those are known,
 * else to its device. */
bool record_is_of(const struct interrupt *interrupt, const char *interface);

/* Whether the record has channels, of `interface` or (NULL) of any. */
bool record_has_channels(const struct record *record, const char *interface);

/*
 * Whether a setting belongs to an interface whose channels the record has: then it is kept before
 * these are changed, or not at all, for what the driver made with them goes with them.
 */
bool record_covers(const struct record *record, const struct model *model,
		   const struct setting *setting);

/* Adds everything of an interface that its driver may reset: interrupts, XPS, RPS, RFS. 0 or
 * -ENOMEM.
 */
int record_add_interface(struct record *record, struct applier *applier, const struct model *model,
			 const char *interface);

/* Adds what `change` was before it is made; what was not read or is empty cannot be put back and
 * is left out. The model tells the owner of an interrupt. 0 or -ENOMEM. */
int record_add_before(struct record *record, const struct model *model,
		      const struct change *change);

/*
 * Adds everything that can be set: every interrupt of the model that is not known to be fixed, the
 * default affinity, XPS, RPS and RFS of all interfaces. Settings that cannot be read are left out.
 * 0 or -ENOMEM.
 */
int record_add_machine(struct record *record, struct applier *applier, const struct model *model);

/*
 * The changes that would bring the record back, one per entry and in its order; what no longer
 * exists has the state CHANGE_GONE. The caller frees *ret_changes (free, after change_done of
 * each). The changes borrow from the record. 0 or -ENOMEM.
 */
int record_changes(const struct record *record, const struct model *model,
		   struct change **ret_changes);

/*
 * Writes the record: a temporary file beside it, fsync, rename; nobody ever sees half of it. `path`
 * "-" is stdout. A link is followed, and what is no regular file (/dev/stdout, a FIFO) is written
 * to as it is. 0 or -errno.
 */
int record_write(const struct record *record, const char *path);

/*
 * Removes the temporary files of record_write(`path`) that a kill left behind: those of this user
 * that are older than a minute, since another one may be at work. 0 or -errno.
 */
int record_sweep(const char *path);

/*
 * Reads a whole record and checks every field. 0; -errno; -EINVAL with a sentence in `error` that
 * names the field and the value. Free with record_done either way.
 */
int record_read(const char *path, struct record *record, struct buf *error);

void record_done(struct record *record);
