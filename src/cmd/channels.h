/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes of channels come before all others: the driver makes interrupts and queues anew with
 * them, so what else is to be changed is only known after the machine was read again.
 */
#pragma once

#include "base/strv.h"
#include "cmd/changes.h"

/*
 * The changes that give each interface n channels: combined ones where it has such, else n rx and n
 * tx ones. Those that have as many already are CHANGE_UNCHANGED. 0, or the exit code after a
 * complaint that names the interface and its maximum. The caller frees *ret_changes, one for each
 * interface (free, after change_done of each); they borrow the names.
 */
int channels_plan(struct machine *machine, const struct strv *interfaces, uint64_t n,
		  struct change **ret_changes);

/*
 * Makes those of the n changes that are of channels, and reads the machine again where any was
 * made. What the interfaces have is kept in `undo` and UNDO_STARTED before; `undo` NULL: it is
 * there already. What the kernel says of a refusal is a complaint. 0, also where some were refused,
 * or the exit code after a complaint.
 */
int channels_make(const struct context *context, struct machine *machine, struct change *changes,
		  size_t n, struct record *undo);

/* Takes back what channels_make() did and kept, all of it. 0 or the exit code after a complaint. */
int channels_take_back(const struct context *context, struct machine *machine,
		       const struct record *undo);

/*
 * The changes that bring a record back, as record_changes() has them; its channels are brought back
 * here, and the machine is read again. In a dry run what belongs to these interfaces is marked as
 * `later`. 0 or the exit code after a complaint.
 */
int channels_restore(const struct context *context, struct machine *machine,
		     const struct change_options *options, const struct record *record,
		     struct record *undo, struct change **ret_changes);
