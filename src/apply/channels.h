/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many channels (queues with an interrupt of their own) a network interface has. A driver makes
 * its interrupts and queues anew when this is set, and resets what was set of them.
 *
 * The counts of all three kinds are one setting, since the kernel checks them together, and one
 * number: CHANNELS_BITS for each kind.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "source/source.h"

#define CHANNELS_BITS 20
#define CHANNELS_MAX  ((UINT32_C(1) << CHANNELS_BITS) - 1) /* of a kind */

struct channel_counts {
	uint32_t rx, tx, combined; /* each up to CHANNELS_MAX */
};

uint64_t channels_pack(const struct channel_counts *counts);
struct channel_counts channels_unpack(uint64_t number);

/*
 * Reads the counts of an interface as one number. 0; -ENOENT: it has no channels, or does not
 * exist; -ERANGE: more than CHANNELS_MAX; -errno: the kernel does not tell channels.
 */
int channels_read(struct source *source, const char *interface, uint64_t *ret_number);

/* Sets them on the machine at hand. 0 or -errno; the kernel's words, if any, go to `said`. */
int channels_write(const char *interface, uint64_t number, struct buf *said);

/* Appends "8", or "rx 4, tx 4", "combined 2, rx 2, tx 0" where not all are combined. */
int channels_format(uint64_t number, struct buf *out);
