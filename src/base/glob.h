/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shell globs over bytes: `*`, `?`, `[a-z]`, `[!a-z]`, `\x`. The C library's fnmatch() turns both
 * texts into wide characters at every call, which is most of the time that a short table takes.
 */
#pragma once

#include <stdbool.h>

/* Time is bounded by the product of the two lengths. A `[` without its `]` stands for itself. */
bool glob_match(const char *glob, const char *text);
