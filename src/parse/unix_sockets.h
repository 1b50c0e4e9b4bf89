/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/PID/net/unix: the Unix sockets of a process's network namespace.
 *
 * Format: net/unix/af_unix.c (unix_seq_show): a heading, then
 * "%pK: %08X %08X %08X %04X %02X %5lu" address, references, protocol, flags, type, state, inode,
 * and behind a blank the name: '@' for each NUL of an abstract one.
 */
#pragma once

#include <stddef.h>

/*
 * How many connections wait for the listener of that name to accept them: they have its name, the
 * state "connecting" (2) and no inode yet. 0 where there is no such socket.
 */
size_t unix_sockets_waiting(const char *text, size_t len, const char *name);
