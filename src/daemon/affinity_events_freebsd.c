/* SPDX-License-Identifier: BSD-2-Clause */
/* An affinity is no file there: cpuset_setaffinity(2) tells nobody. */
#include <errno.h>

#include "daemon/affinity_events.h"

int affinity_events_open(struct affinity_events *events, const char *root)
{
	(void)root;
	*events = (struct affinity_events){0};
	return -EOPNOTSUPP;
}

void affinity_events_close(struct affinity_events *events)
{
	(void)events;
}

int affinity_events_add(struct affinity_events *events, int32_t irq)
{
	(void)events;
	(void)irq;
	return 0;
}

void affinity_events_read(struct affinity_events *events, void (*written)(void *ctx, int32_t irq),
			  void *ctx)
{
	(void)events;
	(void)written;
	(void)ctx;
}
