/* SPDX-License-Identifier: BSD-2-Clause */
/* What FreeBSD tells only through its memory and its PCI devices; needs root. Private to source/.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"

/* All append, and return 0 or -errno; -ENOSYS where this machine has no such thing. */
int freebsd_read_v_intr(struct buf *out);   /* a uint64_t per CPU id */
int freebsd_read_apic_ids(struct buf *out); /* a uint32_t per CPU id */
/* Counts for so long, and gives lines as parse/freebsd_dtrace.h tells. -EPERM: not root; -ENOTSUP:
 * dtrace(1) does not run here. */
int freebsd_read_dtrace(uint64_t ms, struct buf *out);
/* `selector` is "domain:bus:slot:function", decimal: the entries of 16 bytes of its MSI-X table, or
 * for each of its MSI messages one made of their address. */
int freebsd_read_msix(const char *selector, struct buf *out);
