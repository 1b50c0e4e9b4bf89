/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPU lists that users write: the kernel's form, and names for parts of the machine. */
#pragma once

#include "base/buf.h"
#include "base/cpuset.h"

struct source;

/*
 * Parses "0-3,8,10-14:1/2", "node:1", "package:0", "llc:2", "core:5", "all", "!LIST", joined by
 * commas. "all" and "!" refer to `online`. The topology is read from `source` (NULL: none is
 * known), and only where a part is named. Returns 0, or -EINVAL and a sentence in `error`, or
 * -ENOMEM. Replaces *set.
 */
int cpuspec_parse(const char *text, const struct cpuset *online, struct source *source,
		  struct cpuset *set, struct buf *error);

/* The same, but a part that the machine lacks (now: its CPUs may be offline) has no CPU. */
int cpuspec_parse_present(const char *text, const struct cpuset *online, struct source *source,
			  struct cpuset *set, struct buf *error);

/*
 * What can be told of a list without its machine: whether it is written as above. 0, or -EINVAL and
 * a sentence in `error`, or -ENOMEM.
 */
int cpuspec_check(const char *text, struct buf *error);
