/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon changed, on disk before it is changed: an SQLite file (write-ahead log), so that
 * a kill at any moment leaves the way back for `irqctl restore --daemon`. It usually lives in /run,
 * as the affinities do: neither outlives a restart of the machine. Where it does outlive one,
 * because it was put elsewhere, it says which start it belongs to.
 *
 * Tables: original (the affinity of each interrupt before the daemon touched it; the identity of an
 * interrupt is that of apply/record.h), change (each write, with its reason) and boot (one id).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "apply/record.h"
#include "base/buf.h"

struct journal;

/* A change that is about to be made. */
struct journal_change {
	uint64_t time_ns; /* CLOCK_REALTIME */
	int32_t irq;
	const char *name;
	const char *before, *after; /* CPU lists */
	const char *reason;
};

/*
 * Opens the file, and makes it where `create`. -ENOENT where there is none, or an empty one, and it
 * is not to be made; -EINVAL where it is no journal; -ESTALE where it is of another start of the
 * machine than `boot`, an id of source_boot_id(), empty where nobody knows; else -errno, with a
 * sentence in `error` that names the file. One that does not say where it belongs to is of this
 * start. Free with journal_close.
 */
int journal_open(const char *path, bool create, const char *boot, struct journal **ret,
		 struct buf *error);
void journal_close(struct journal *journal); /* takes NULL */

/*
 * Adds the originals, in the place of older ones of the same interrupts, and the changes; all are
 * on disk, or none, when it comes back. 0 or -errno with a sentence in `error`.
 */
int journal_write(struct journal *journal, const struct record_entry *const *originals,
		  size_t n_originals, const struct journal_change *changes, size_t n_changes,
		  struct buf *error);

/* Somebody else decides about the interrupt now: its original is no longer the way back. */
int journal_forget(struct journal *journal, const struct record_entry *entry, struct buf *error);

/* Adds all originals to a record. 0 or -errno with a sentence in `error`. */
int journal_originals(struct journal *journal, struct record *record, struct buf *error);

/* Everything is back as it was: removes the files. 0 or -errno. */
int journal_remove(const char *path);
