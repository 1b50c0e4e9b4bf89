/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's two ways to write a set of CPUs (lib/bitmap-str.c): "0-3,8,10-14:1/2" and
 * "ff,00000001". */
#pragma once

#include <stddef.h>

#include "base/cpuset.h"

/*
 * A list; an empty one is an empty set. "a-b:used/group" takes the first `used` of every `group`,
 * and "a-b:step" is short for "a-b:1/step". White space around it is ignored. 0, -EINVAL (not a
 * list), -ERANGE (a CPU >= CPUSET_MAX) or -ENOMEM. Replaces *set.
 */
int cpulist_parse(const char *text, size_t len, struct cpuset *set);

/* A hexadecimal mask in 32-bit groups separated by commas. Errors as above. */
int cpumask_parse(const char *text, size_t len, struct cpuset *set);
