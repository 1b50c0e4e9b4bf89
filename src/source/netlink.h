/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's generic netlink families: their dumps, private to source/, and changes, for apply/.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Sends a command with its attributes (`len` 0: none), and appends the messages of the dump as the
 * kernel sent them, aligned as in a socket's buffer where `out` was empty. 0; -ENOENT where the
 * kernel has no such family (or none at all), -ENOSYS where irqctl was built without libmnl,
 * -ETIMEDOUT, -EFBIG, or another -errno; on error nothing was appended.
 */
int netlink_dump(const char *family, uint8_t command, const void *attributes, size_t len,
		 struct buf *out);

/*
 * Sends a command with its attributes as above, and waits for the kernel's answer. Where the
 * kernel says in words why not, they are appended to `said` (may be NULL). 0 or -errno as above.
 */
int netlink_change(const char *family, uint8_t command, const void *attributes, size_t len,
		   struct buf *said);

/*
 * A descriptor, which does not block, of what a family tells the members of one of its groups.
 * Errors as above; -ENOENT also where the family has no such group.
 */
int netlink_listen(const char *family, const char *group);
