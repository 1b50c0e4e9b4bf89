/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of Linux's sysfs that tell the topology. Private to topology/. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "source/source.h"
#include "topology/topology.h"

/* One file after the other, in a buffer that is used again. */
struct sysfs {
	struct source *source;
	struct buf text; /* what sysfs_read gave, trailing white space dropped */
};

/* Reads the file of a formatted path. 0, -ENODATA where it is empty, or -errno. */
int sysfs_read(struct sysfs *sysfs, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Its only number. 0, -EINVAL or as above. */
int sysfs_number(struct sysfs *sysfs, uint64_t *ret_value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Whether the machine and not the file is what failed: one cannot go on without this one. */
bool sysfs_fatal(int error);
void sysfs_done(struct sysfs *sysfs);

/*
 * Fills the capacity of all CPUs; where the machine tells nothing, it is 1.0. 0 or -errno as
 * sysfs_fatal has it.
 */
int topology_read_capacity(struct sysfs *sysfs, struct topology *topology);
