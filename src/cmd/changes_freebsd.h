/* SPDX-License-Identifier: BSD-2-Clause */
/* What is different about a change on FreeBSD. */
#pragma once

#include "cmd/changes.h"

/*
 * Refuses, with the reason, what the kernel would: a set of several CPUs that are not all, and
 * settings that only Linux has. Changes whose fate is decided stay as they are.
 */
void freebsd_check_changes(const struct machine *machine, struct change *changes, size_t n);

/* Says what may undo the change, and what it did not move. 0, or an exit code after a complaint of
 * memory. */
int freebsd_note_changes(const struct machine *machine, const struct change *changes, size_t n);
