/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor's word on CPUs that are to be left idle, since it is too hot (Intel HFI). */
#pragma once

#include "base/cpuset.h"

/* A descriptor to poll, or -errno: -ENOENT where the system has no such thing. */
int thermal_open(void);
/* Reads all that wait, and brings the set up to date. 1 where it changed, 0, or -ENOMEM. */
int thermal_read(int fd, struct cpuset *hot);
