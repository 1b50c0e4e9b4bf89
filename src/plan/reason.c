/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/reason.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/macros.h"

static bool is_usable_node(const struct places *places, int32_t node)
{
	for (size_t i = 0; i < places->n_usable; i++) {
		if (places->usable[i]->node == node)
			return true;
	}
	return false;
}

/* Whether a CPU was passed over for want of vectors: then "every core" is not all of them. */
static bool is_any_full(const struct reason *reason)
{
	uint32_t limit = reason->request->vectors_per_cpu;

	for (size_t i = 0; i < reason->places->n_usable && limit; i++) {
		if (reason->places->usable[i]->vectors >= limit)
			return true;
	}
	return false;
}

/* "node 0, core 3, thread 0", or what of it is known. */
static int put_place(const struct place *place, struct buf *out)
{
	int r = place->node >= 0 ? buf_printf(out, "node %" PRId32 ", ", place->node) : 0;

	if (r < 0)
		return r;
	if (place->core_id < 0)
		return buf_printf(out, "CPU %" PRIu32, place->cpu);
	return buf_printf(out, "core %" PRId32 ", thread %" PRIu32, place->core_id, place->thread);
}

static int put_taken(const struct reason *reason, const char *what, uint32_t n, struct buf *out)
{
	const char *room = is_any_full(reason) ? " with a free vector" : "";

	if (n == 1)
		return buf_printf(out, "every %s%s has a queue", what, room);
	return buf_printf(out, "every %s%s has %" PRIu32 " queues", what, room, n);
}

static int put_packed(const struct reason *reason, struct buf *out)
{
	uint32_t pack = reason->request->pack ? reason->request->pack : 1;

	if (reason->level > 0)
		return put_taken(reason, "CPU", reason->level * pack, out);
	return buf_printf(out, "queue %" PRIu32 " of %" PRIu32 " on this CPU",
			  reason->place->queues + 1, pack);
}

static int put_spread(const struct reason *reason, struct buf *out)
{
	bool apart = reason->request->policy == SPREAD_APART;
	const char *what = reason->place->core_id < 0 ? "CPU"
			   : apart                    ? "core for interrupts"
						      : "core";

	if (reason->level > 0)
		return put_taken(reason, what, reason->level, out);
	if (reason->home < 0 || reason->place->node < 0)
		return buf_printf(out, "free %s", what);
	if (reason->place->node == reason->home)
		return buf_printf(out, "nearest free %s", what);
	if (!is_usable_node(reason->places, reason->home))
		return buf_printf(out, "node %" PRId32 " has no allowed CPU", reason->home);
	return buf_printf(out, "node %" PRId32 " has no free %s", reason->home, what);
}

const char *reason_first(const struct reason *reason, struct arena *strings)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = put_place(reason->place, &text);

	if (r == 0)
		r = buf_puts(&text, ": ");
	if (r == 0)
		r = reason->request->policy == SPREAD_PACK ? put_packed(reason, &text)
							   : put_spread(reason, &text);
	return r == 0 ? arena_strdup(strings, buf_text(&text)) : NULL;
}

const char *reason_shared(const struct interrupt *first, struct arena *strings)
{
	const char *direction = queue_direction_name(first->direction);

	return arena_printf(strings, "shares the CPU of %s %" PRId32,
			    direction ? direction : "queue", first->queue);
}

const char *reason_hint(const struct cpuset *hint, const struct cpuset *target,
			struct arena *strings)
{
	_cleanup_(buf_done) struct buf whole = {0}, part = {0};

	if (cpuset_format(hint, &whole) < 0 || cpuset_format(target, &part) < 0)
		return NULL;
	if (cpuset_equal(hint, target))
		return arena_printf(strings, "its driver's hint is %s", buf_text(&whole));
	return arena_printf(strings, "its driver's hint is %s, of which %s can be used",
			    buf_text(&whole), buf_text(&part));
}

const char *reason_full(uint32_t vectors_per_cpu, struct arena *strings)
{
	return arena_printf(
		strings, "no allowed CPU has room: each serves %" PRIu32 " interrupts at the most",
		vectors_per_cpu);
}
