/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the daemon: HTTP over its Unix socket. */
#pragma once

#include "base/buf.h"
#include "base/places.h"

#define DAEMON_SOCKET PLACE_RUN "/irqctl.sock"

/*
 * Sends "METHOD PATH" to the socket and appends the body of the answer. Everything must happen
 * within `timeout_s` seconds. Returns the HTTP status (200 ...), or -errno: -ENOENT and
 * -ECONNREFUSED where nobody listens, -EACCES, -ETIMEDOUT, -EPROTO where the answer is no HTTP,
 * -EFBIG above 64 MiB, -ENOMEM.
 */
int ask_daemon(const char *socket_path, const char *method, const char *path, double timeout_s,
	       struct buf *body);
