/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rest on an idle machine. The samples of one take as long as those of a busy machine, so they come
 * rarely, and between them only /proc/uptime is read: how long all CPUs together were idle. What
 * begins to take CPU time ends the rest within a second, whatever it is.
 */
#include <math.h>

#include "base/clock.h"
#include "base/macros.h"
#include "daemon/keeper_moves.h"
#include "parse/proc_stat.h"

#define BUSY       0.01 /* part of its time that a CPU spends on interrupts: there is work */
#define BUSY_S     1.0
#define REST_MIN_S 2.0
#define REST_MAX_S 30.0
#define GLANCE_S   1.0
#define AWAKE      0.02  /* CPUs that are less idle than they use to be: something began ... */
#define AWAKE_ROOT 0.004 /* ... and so much times the root of their number: all are rounded */
#define USUAL      0.2   /* weight of a glance in what is usual */
#define NAPS_MAX   64u

/* Idle time of all CPUs, in s; below 0: not known. */
static double read_idle(const struct keeper *keeper)
{
	_cleanup_(buf_done) struct buf text = {0};
	double seconds, idle;

	if (source_read(keeper->source, "proc/uptime", &text) < 0 ||
	    proc_uptime_parse(buf_text(&text), text.len, &seconds, &idle) < 0)
		return -1;
	return idle;
}

bool keeper_rests(const struct keeper *keeper)
{
	return keeper->rest.until_s > 0;
}

void keeper_wake(struct keeper *keeper)
{
	keeper->rest = (struct keeper_rest){.naps_next = keeper->rest.naps_next};
}

/* Longer and longer, but where rest was disturbed for nothing, short naps come first. */
static double rest(struct keeper *keeper)
{
	struct keeper_rest *rest = &keeper->rest;

	rest->until_s = 0;
	if (rest->naps) {
		rest->naps--;
		return REST_MIN_S;
	}
	if (rest->length_s <= 0)
		rest->usual = -1;
	rest->length_s = fmin(fmax(2 * rest->length_s, REST_MIN_S), REST_MAX_S);
	rest->idle_s = read_idle(keeper);
	if (rest->idle_s < 0)
		return REST_MIN_S;
	rest->glance_s = clock_s(CLOCK_MONOTONIC);
	rest->until_s = rest->glance_s + rest->length_s;
	return GLANCE_S;
}

double keeper_interval(struct keeper *keeper)
{
	const struct engine *engine = &keeper->fleet.engine;

	if (keeper->config->interval_s > 0)
		return keeper->config->interval_s;
	if (engine_cpu_load(engine, engine_fullest(engine)) > BUSY || !keeper->is_all_told) {
		keeper->rest = (struct keeper_rest){0};
		return BUSY_S;
	}
	if (keeper->rest.is_disturbed) {
		keeper_wake(keeper);
		keeper->rest.naps = keeper->rest.naps_next;
		return BUSY_S;
	}
	return rest(keeper);
}

/* Whether the CPUs are as idle as they use to be in this rest. */
static bool is_quiet(const struct keeper *keeper, struct keeper_rest *rest, double now_s)
{
	double idle_s = read_idle(keeper), seconds = now_s - rest->glance_s, idle;
	double least = AWAKE + AWAKE_ROOT * sqrt((double)keeper->fleet.engine.n_cpus);

	if (idle_s < 0 || seconds <= 0)
		return false;
	idle = (idle_s - rest->idle_s) / seconds;
	rest->idle_s = idle_s;
	rest->glance_s = now_s;
	if (rest->usual < 0)
		rest->usual = idle;
	if (idle < rest->usual - least)
		return false;
	rest->usual += USUAL * (idle - rest->usual);
	return true;
}

double keeper_glance(struct keeper *keeper)
{
	struct keeper_rest *rest = &keeper->rest;
	double now_s = clock_s(CLOCK_MONOTONIC);

	if (keeper->stale || now_s >= rest->until_s)
		return 0;
	if (keeper_has_writes(keeper)) {
		keeper_wake(keeper);
		return 0;
	}
	if (is_quiet(keeper, rest, now_s))
		return fmax(fmin(GLANCE_S, rest->until_s - now_s), 0.01);
	keeper_wake(keeper);
	rest->is_disturbed = true;
	rest->naps_next = rest->naps_next < NAPS_MAX / 2 ? 2 * rest->naps_next + 2 : NAPS_MAX;
	return 0;
}
