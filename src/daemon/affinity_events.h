/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who writes to /proc/irq/N/smp_affinity*, by inotify(7), so that thousands of files need not be
 * read to find one that changed.
 *
 * Not told of: what the kernel or a driver changes itself (nothing is written then), writes through
 * another instance of proc(5), as a container has one (other inodes), and writes after the kernel
 * needed the memory and forgot the directory, until affinity_events_add() is called again. So the
 * files are to be read now and then all the same. Our own writes are told, too.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct affinity_events {
	char *dir; /* .../proc/irq; NULL: nothing is told */
	int fd;
	int32_t *irqs; /* by watch descriptor */
	size_t n_irqs, cap_irqs;
};

/*
 * `root` is "" for the machine at hand, else a directory with proc/. 0, or -errno (-EOPNOTSUPP: not
 * on this system) with `events` all zero. Free with affinity_events_close.
 */
int affinity_events_open(struct affinity_events *events, const char *root);
void affinity_events_close(struct affinity_events *events);

/*
 * From now on this interrupt is told of; of no use, and no harm, where it is already. 0, or -errno:
 * -ENOENT where there is no such interrupt, -ENOSPC where a user may watch no more (the kernel's
 * limit is /proc/sys/fs/inotify/max_user_watches).
 */
int affinity_events_add(struct affinity_events *events, int32_t irq);

/* Calls `written` for each that was written since the last call; -1: some were lost, it may be any.
 */
void affinity_events_read(struct affinity_events *events, void (*written)(void *ctx, int32_t irq),
			  void *ctx);
