/* SPDX-License-Identifier: BSD-2-Clause */
/* Dumps of the kernel's generic netlink families. Private to source/. */
#pragma once

#include <stdint.h>

#include "base/buf.h"

/*
 * Appends the messages of a dump as the kernel sent them, aligned as in a socket's buffer where
 * `out` was empty. 0; -ENOENT where the kernel has no such family (or none at all), -ENOSYS where
 * irqctl was built without libmnl, -ETIMEDOUT, -EFBIG, or another -errno; on error nothing was
 * appended.
 */
int netlink_dump(const char *family, uint8_t command, struct buf *out);
