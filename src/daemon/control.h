/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's ear: HTTP with JSON on a Unix socket. It runs in a thread of its own, so that nobody
 * who connects can delay a sample, and in a module (control.so) that is loaded when the first
 * client comes: libmicrohttpd and what it brings along are larger than the rest of the daemon.
 *
 *   GET  /status   "irqctl.status/1"
 *   POST /reload   reads the configuration again; 400 and its errors where it is bad
 *   POST /ban?irq=N&irq=M   leaves these interrupts alone until it is started again
 *
 * The socket's permissions say who may connect; what changes something takes root's credentials.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"

enum control_command {
	CONTROL_STATUS,
	CONTROL_RELOAD,
	CONTROL_BAN,
};

/* A text that many clients are given at the same time: there is one of it, however many they are.
 */
struct control_text {
	struct buf text;
	unsigned int refs; /* changed with the two functions below, by several threads */
};

static inline struct control_text *control_text_ref(struct control_text *text)
{
	__atomic_add_fetch(&text->refs, 1, __ATOMIC_RELAXED);
	return text;
}

/* Takes NULL. */
static inline void control_text_unref(struct control_text *text)
{
	if (!text || __atomic_sub_fetch(&text->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	buf_done(&text->text);
	free(text);
}

/* A request that waits for the loop. */
struct control_request {
	enum control_command command;
	int32_t *irqs; /* CONTROL_BAN */
	size_t n_irqs;
	unsigned int status;       /* HTTP's, of the answer */
	struct buf answer;         /* the answer, ... */
	struct control_text *text; /* ... unless it is this one: a reference; or NULL */
	void *connection;
	struct control_request *next;
};

struct control;

struct control_ops {
	/*
	 * Serves the clients of a listening socket, which it takes over on success. `wake` is
	 * called in another thread, and asks the loop to take requests. 0 or -errno.
	 */
	int (*start)(int listener, void (*wake)(void *ctx), void *ctx, struct control **ret);
	/* The next request, to be filled in and given to answer(); NULL where there is none. */
	struct control_request *(*take)(struct control *control);
	void (*answer)(struct control *control, struct control_request *request);
	void (*stop)(struct control *control);
};

/* What the module exports. */
__attribute__((visibility("default"))) extern const struct control_ops irqctl_control;

/* Loads the module. 0; -ENOSYS where it is not installed. */
int control_load(const struct control_ops **ret);
