/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions that overflow, hide errors or keep hidden state. The build includes this everywhere. */
#pragma once

/* The C library's own headers must have been read before the names are poisoned. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef IRQCTL_ALLOW_BANNED
#pragma GCC poison sprintf vsprintf strcpy stpcpy strcat strncat strtok gets
#pragma GCC poison atoi atol atoll atof
#endif
