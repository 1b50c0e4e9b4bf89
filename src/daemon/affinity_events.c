/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/affinity_events.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/macros.h"
#include "base/text.h"

/* At once; the kernel keeps fewer (max_queued_events), unless more come meanwhile. */
#define READS_MOST 1024u

int affinity_events_open(struct affinity_events *events, const char *root)
{
	struct buf dir = {0};
	int fd;

	*events = (struct affinity_events){0};
	if (buf_printf(&dir, "%s/proc/irq", root) < 0)
		return -ENOMEM;
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (fd < 0) {
		buf_done(&dir);
		return -errno;
	}
	events->fd = fd;
	events->dir = dir.data;
	return 0;
}

void affinity_events_close(struct affinity_events *events)
{
	if (events->dir)
		close(events->fd);
	free(events->dir);
	free(events->irqs);
	*events = (struct affinity_events){0};
}

int affinity_events_add(struct affinity_events *events, int32_t irq)
{
	_cleanup_(buf_done) struct buf path = {0};
	int watch;

	if (!events->dir)
		return 0;
	if (buf_printf(&path, "%s/%" PRId32, events->dir, irq) < 0)
		return -ENOMEM;
	watch = inotify_add_watch(events->fd, buf_text(&path), IN_MODIFY | IN_ONLYDIR);
	if (watch < 0)
		return -errno;
	if (ARRAY_RESERVE(events->irqs, (size_t)watch + 1, events->cap_irqs) < 0)
		return -ENOMEM;
	while (events->n_irqs <= (size_t)watch)
		events->irqs[events->n_irqs++] = -1;
	events->irqs[watch] = irq;
	return 0;
}

/* The file, or that with _list. */
static bool is_affinity(const struct inotify_event *event)
{
	return event->mask & IN_MODIFY && event->len &&
	       text_has_prefix(event->name, "smp_affinity");
}

void affinity_events_read(struct affinity_events *events, void (*written)(void *ctx, int32_t irq),
			  void *ctx)
{
	_Alignas(struct inotify_event) char buf[4096];

	for (unsigned int i = 0; events->dir && i < READS_MOST; i++) {
		ssize_t n = read(events->fd, buf, sizeof(buf));

		if (n <= 0)
			return;
		for (const char *at = buf; at < buf + n;) {
			const struct inotify_event *event = (const void *)at;

			if (event->mask & IN_Q_OVERFLOW)
				written(ctx, -1);
			else if (is_affinity(event) && event->wd >= 0 &&
				 (size_t)event->wd < events->n_irqs)
				written(ctx, events->irqs[event->wd]);
			at += sizeof(*event) + event->len;
		}
	}
}
