/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/apply.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "apply/channels.h"
#include "apply/freebsd.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "parse/cpulist.h"

#define POLL_S 0.05 /* between two looks at a pending move */

int setting_path(const struct setting *setting, struct buf *out)
{
	switch (setting->kind) {
	case SETTING_IRQ:
		return buf_printf(out, "proc/irq/%" PRId32 "/smp_affinity_list", setting->irq);
	case SETTING_DEFAULT:
		return buf_puts(out, "proc/irq/default_smp_affinity");
	case SETTING_XPS:
		return buf_printf(out, "sys/class/net/%s/queues/tx-%" PRIu32 "/xps_cpus",
				  setting->interface, setting->queue);
	case SETTING_RPS:
		return buf_printf(out, "sys/class/net/%s/queues/rx-%" PRIu32 "/rps_cpus",
				  setting->interface, setting->queue);
	case SETTING_RPS_FLOWS:
		return buf_printf(out, "sys/class/net/%s/queues/rx-%" PRIu32 "/rps_flow_cnt",
				  setting->interface, setting->queue);
	case SETTING_RFS:
		return buf_puts(out, "proc/sys/net/core/rps_sock_flow_entries");
	case SETTING_CHANNELS:
		return buf_printf(out, "netlink/ethtool/channels/%s", setting->interface);
	}
	return -EINVAL;
}

bool setting_is_number(const struct setting *setting)
{
	return setting->kind == SETTING_RPS_FLOWS || setting->kind == SETTING_RFS ||
	       setting->kind == SETTING_CHANNELS;
}

static int read_text(struct applier *applier, const char *path, struct buf *text)
{
	int r = source_read(applier->source, path, text);

	buf_rstrip(text);
	return r;
}

/* A list in smp_affinity_list and effective_affinity_list, a mask everywhere else. */
static int read_set(struct applier *applier, const char *path, bool list, struct cpuset *set)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = read_text(applier, path, &text);

	if (r < 0)
		return r;
	return list ? cpulist_parse(buf_text(&text), text.len, set)
		    : cpumask_parse(buf_text(&text), text.len, set);
}

static int read_number(struct applier *applier, const char *path, uint64_t *ret)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = read_text(applier, path, &text);

	return r < 0 ? r : number_parse(buf_text(&text), UINT64_MAX, ret);
}

/*
 * The kernel makes the next power of two of a number of flows (net/core/net-sysfs.c,
 * store_rps_dev_flow_table_cnt; net/core/sysctl_net_core.c, rps_sock_flow_sysctl).
 */
static bool is_same_number(const struct change *change, uint64_t now)
{
	uint64_t wanted = change->wanted_number;

	return now == wanted ||
	       (change->setting.kind != SETTING_CHANNELS && now > wanted && now / 2 < wanted);
}

static bool is_as_wanted(const struct change *change)
{
	return setting_is_number(&change->setting) ? is_same_number(change, change->before_number)
						   : cpuset_equal(&change->before, &change->wanted);
}

static bool is_freebsd_irq(const struct applier *applier, const struct setting *setting)
{
	return applier->freebsd && setting->kind == SETTING_IRQ;
}

int apply_read(struct applier *applier, struct change *change)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = setting_path(&change->setting, &path);

	if (r < 0)
		return r;
	if (is_freebsd_irq(applier, &change->setting)) {
		r = freebsd_read_requested(applier->source, change->setting.irq, &change->before);
	} else if (change->setting.kind == SETTING_CHANNELS) {
		r = channels_read(applier->source, change->setting.interface,
				  &change->before_number);
	} else if (setting_is_number(&change->setting)) {
		r = read_number(applier, buf_text(&path), &change->before_number);
	} else {
		r = read_set(applier, buf_text(&path), change->setting.kind == SETTING_IRQ,
			     &change->before);
	}
	change->has_before = r == 0;
	if (r == 0 && change->state == CHANGE_PLANNED && is_as_wanted(change))
		change->state = CHANGE_UNCHANGED;
	return r;
}

/* The kernel's mask form: 32-bit groups, the highest first. */
static int format_mask(const struct cpuset *set, struct buf *out)
{
	size_t n = set->n_words * 2;
	int r = 0;

	for (size_t i = n; i-- > 0 && r == 0;) {
		uint32_t group = (uint32_t)(set->words[i / 2] >> (i % 2 ? 32 : 0));

		if (!out->len && !group && i)
			continue; /* groups beyond the kernel's CPUs are an error, even when they
				     are zero */
		r = buf_printf(out, out->len ? ",%08" PRIx32 : "%" PRIx32, group);
	}
	return r < 0 || out->len ? r : buf_putc(out, '0');
}

static int format_value(const struct setting *setting, const struct cpuset *set, uint64_t number,
			struct buf *out)
{
	if (setting_is_number(setting))
		return buf_printf(out, "%" PRIu64, number);
	return setting->kind == SETTING_IRQ ? cpuset_format(set, out) : format_mask(set, out);
}

static int write_value(struct applier *applier, const struct setting *setting,
		       const struct cpuset *set, uint64_t number)
{
	_cleanup_(buf_done) struct buf path = {0}, text = {0};
	int r = setting_path(setting, &path);

	if (is_freebsd_irq(applier, setting))
		return freebsd_bind(applier->source, setting->irq, set);
	if (r == 0 && setting->kind == SETTING_CHANNELS)
		return applier->write_channels(applier->ctx, setting->interface, number,
					       applier->said);
	if (r == 0)
		r = format_value(setting, set, number, &text);
	return r < 0 ? r : applier->write(applier->ctx, buf_text(&path), buf_text(&text));
}

static enum change_state failed_state(int error)
{
	if (error == -ENOSPC)
		return CHANGE_NO_VECTOR;
	return error == -ENOENT || error == -ENODEV ? CHANGE_GONE : CHANGE_REFUSED;
}

static int write_change(struct applier *applier, struct change *change)
{
	int r = write_value(applier, &change->setting, &change->wanted, change->wanted_number);

	if (r == -ENOMEM)
		return r;
	change->error = -r;
	change->written = change->written || r == 0;
	change->state = r == 0 ? CHANGE_APPLIED : failed_state(r);
	if (r < 0 && is_freebsd_irq(applier, &change->setting))
		change->why = freebsd_verdict(r);
	return 0;
}

bool change_is_failure(const struct change *change)
{
	return change->state == CHANGE_REFUSED || change->state == CHANGE_NO_VECTOR ||
	       change->state == CHANGE_GONE || change->state == CHANGE_REVERTED;
}

static void revert(struct applier *applier, struct change *changes, size_t n)
{
	for (size_t i = n; i-- > 0;) {
		struct change *change = &changes[i];

		if (!change->written || !change->has_before)
			continue;
		if (write_value(applier, &change->setting, &change->before,
				change->before_number) == 0 &&
		    !change_is_failure(change))
			change->state = CHANGE_REVERTED;
	}
}

int apply_write(struct applier *applier, struct change *changes, size_t n, bool atomic)
{
	int failed = 0;

	for (size_t i = 0; i < n; i++)
		failed = failed || change_is_failure(&changes[i]);
	for (size_t i = 0; i < n && !(atomic && failed); i++) {
		int r = changes[i].state == CHANGE_PLANNED ? write_change(applier, &changes[i]) : 0;

		if (r < 0)
			return r;
		if (!change_is_failure(&changes[i]))
			continue;
		failed = 1;
		if (atomic)
			revert(applier, changes, n);
	}
	for (size_t i = 0; i < n && atomic && failed; i++) {
		if (changes[i].state == CHANGE_PLANNED)
			changes[i].why = N_("nothing was written, because another change failed");
	}
	return failed;
}

static void read_back_freebsd(struct applier *applier, struct change *change)
{
	int32_t irq = change->setting.irq;

	change->has_requested =
		freebsd_read_requested(applier->source, irq, &change->requested) == 0;
	change->has_effective = freebsd_read_target(applier->source, irq, &change->effective) == 0;
}

/* What the kernel made of a change: the request it keeps, and the CPU that serves. */
static int read_back(struct applier *applier, struct change *change)
{
	_cleanup_(buf_done) struct buf path = {0};
	bool is_irq = change->setting.kind == SETTING_IRQ;
	int r = setting_path(&change->setting, &path);

	if (is_freebsd_irq(applier, &change->setting)) {
		read_back_freebsd(applier, change);
		return r;
	}
	/* what a driver made of its channels is judged by who set them (cmd/channels.c) */
	if (r < 0 || change->setting.kind == SETTING_CHANNELS)
		return r;
	if (setting_is_number(&change->setting)) {
		change->has_requested =
			read_number(applier, buf_text(&path), &change->requested_number) == 0;
		return 0;
	}
	change->has_requested = read_set(applier, buf_text(&path), is_irq, &change->requested) == 0;
	if (!is_irq)
		return 0;
	buf_cut(&path, 0);
	r = buf_printf(&path, "proc/irq/%" PRId32 "/effective_affinity_list", change->setting.irq);
	if (r == 0)
		change->has_effective =
			read_set(applier, buf_text(&path), true, &change->effective) == 0 &&
			cpuset_next(&change->effective, 0) >= 0;
	return r;
}

static bool has_arrived(const struct change *change)
{
	return !change->has_effective || cpuset_subset(&change->effective, &change->wanted);
}

/*
 * The kernel shows a move that waits as requested. When the interrupt comes and the move fails, it
 * says nothing and keeps the CPUs that it had (kernel/irq/migration.c, irq_move_masked_irq): a CPU
 * without a free vector is found out so, where the write was put off because an earlier move was
 * not finished (EBUSY in arch/x86/kernel/apic/vector.c, assign_vector_locked). FreeBSD moves at
 * once: there only somebody else can have put it back.
 */
static void judge_missing(const struct applier *applier, struct change *change)
{
	if (!change->has_requested || cpuset_equal(&change->requested, &change->wanted)) {
		change->state = CHANGE_PENDING;
	} else if (!applier->freebsd && change->written &&
		   cpuset_equal(&change->requested, &change->before)) {
		change->state = CHANGE_NO_VECTOR;
		change->why = N_("the kernel gave the move up when the interrupt came: no free "
				 "vector on these CPUs");
	} else {
		change->state = CHANGE_REFUSED;
		change->why = N_("it did not last: the kernel gave the move up, or another program "
				 "has set it since");
	}
}

/* What is no interrupt is at once as it was written, or never. */
static void judge_setting(struct change *change)
{
	bool is_number = setting_is_number(&change->setting);

	if (!change->has_requested ||
	    (is_number ? is_same_number(change, change->requested_number)
		       : cpuset_equal(&change->requested, &change->wanted)))
		return;
	change->state = CHANGE_REFUSED;
	change->why = is_number
			      ? N_("the kernel keeps another number, or another program has set it "
				   "since")
			      : N_("the kernel keeps other CPUs: it leaves out those that are "
				   "offline or isolated; or another program has set it since");
}

/* Whether what was read back decides: the write was taken, or none was needed. */
static bool is_open(const struct change *change)
{
	return change->state == CHANGE_APPLIED || change->state == CHANGE_PENDING ||
	       change->state == CHANGE_UNCHANGED;
}

/* One look at all changes that are not known to have arrived. Returns how many still wait. */
static int look(struct applier *applier, struct change *changes, size_t n, size_t *ret_pending)
{
	size_t pending = 0;

	for (size_t i = 0; i < n; i++) {
		struct change *change = &changes[i];
		int r = change->state == CHANGE_GONE ? 0 : read_back(applier, change);

		if (r < 0)
			return r;
		if (!is_open(change))
			continue;
		if (change->setting.kind != SETTING_IRQ) {
			judge_setting(change);
			continue;
		}
		/* an unchanged one may still be on its way from an earlier write */
		if (!has_arrived(change))
			judge_missing(applier, change);
		else if (change->state == CHANGE_PENDING)
			change->state = CHANGE_APPLIED;
		pending += change->state == CHANGE_PENDING;
	}
	*ret_pending = pending;
	return 0;
}

int apply_verify(struct applier *applier, struct change *changes, size_t n, double wait_s)
{
	const struct timespec pause = {.tv_nsec = (long)(POLL_S * 1e9)};
	double end = clock_s(CLOCK_MONOTONIC) + wait_s;
	size_t pending;

	for (;;) {
		int r = look(applier, changes, n, &pending);

		if (r < 0 || !pending || clock_s(CLOCK_MONOTONIC) >= end)
			return r;
		nanosleep(&pause, NULL);
	}
}

const char *change_state_name(enum change_state state)
{
	static const char *const names[] = {
		[CHANGE_PLANNED] = "planned", [CHANGE_UNCHANGED] = "unchanged",
		[CHANGE_APPLIED] = "applied", [CHANGE_PENDING] = "pending",
		[CHANGE_REFUSED] = "refused", [CHANGE_NO_VECTOR] = "no-vector",
		[CHANGE_GONE] = "gone",       [CHANGE_REVERTED] = "reverted",
	};

	return names[state];
}

void change_done(struct change *change)
{
	cpuset_done(&change->wanted);
	cpuset_done(&change->before);
	cpuset_done(&change->requested);
	cpuset_done(&change->effective);
}
