/* SPDX-License-Identifier: BSD-2-Clause */
/* Beside a change: daemons that may undo it, and CPUs with room for what found none. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"
#include "parse/vectors.h"
#include "plan/room.h"

/* How long a daemon may take to listen: irqbalance is deaf for an interval after each command, 10
 * s, and for its own time on top. */
#define TURN_S 15.0

/* The interrupts that are to be set, or are as wanted already. */
static size_t wanted_irqs(const struct change *changes, size_t n, int32_t *irqs)
{
	size_t n_irqs = 0;

	for (size_t i = 0; i < n; i++) {
		const struct change *change = &changes[i];

		if (change->setting.kind == SETTING_IRQ &&
		    (change->state == CHANGE_PLANNED || change->state == CHANGE_UNCHANGED))
			irqs[n_irqs++] = change->setting.irq;
	}
	return n_irqs;
}

/* Two programs that move the same interrupts undo each other's work. */
static void warn_of(const struct ban_report *report)
{
	complain(_("%s (process %" PRId32 ") runs and may move these again; --ban tells it to "
		   "leave them alone, or %s"),
		 report->daemon->name, report->pid, _(report->daemon->advice));
}

static int say_outcome(const struct ban_report *report, size_t n_irqs)
{
	static const char *const failures[] = {
		[BAN_DONE] = NULL,
		[BAN_PARTLY] = N_("it takes no longer list of interrupts"),
		[BAN_NO_SOCKET] = N_("its socket cannot be reached"),
		[BAN_REFUSED] = N_("it does not listen to this user"),
		[BAN_NO_ANSWER] = N_("it does not listen: try again later, or with --wait"),
		[BAN_BAD_ANSWER] = N_("its answer is none that irqctl knows"),
	};
	const char *failure = failures[report->state];

	if (!failure) {
		complain(_("%s (process %" PRId32 ") leaves these alone until it ends: %zu"),
			 report->daemon->name, report->pid, n_irqs);
		return 0;
	}
	complain(_("--ban: %s (process %" PRId32 "): %s. It may move these again: %s"),
		 report->daemon->name, report->pid, _(failure), _(report->daemon->advice));
	return EXIT_FAILED;
}

int changes_ban(const struct machine *machine, const struct change_options *options,
		const struct change *changes, size_t n, struct ban_report *ret)
{
	_cleanup_free_ int32_t *irqs = calloc(n + 1, sizeof(*irqs));
	struct ban_report report = {0};
	size_t n_irqs = irqs ? wanted_irqs(changes, n, irqs) : 0;

	if (!irqs || balancer_find(machine->source, &report.daemon, &report.pid) < 0)
		return out_of_memory();
	*ret = report;
	if (!n_irqs)
		return 0;
	if (!report.daemon) {
		if (options->ban)
			complain(_("--ban: no daemon runs that would move these again"));
		return 0;
	}
	if (!options->ban) {
		warn_of(&report);
		return 0;
	}
	report.asked = true;
	if (report.daemon->ban(machine->source, report.pid, irqs, n_irqs,
			       options->wait > TURN_S ? options->wait : TURN_S, &report.state) < 0)
		return out_of_memory();
	*ret = report;
	return say_outcome(&report, n_irqs);
}

/* By the kernel's own count, where it tells: 1, 0 or -ENOMEM. */
static int room_by_kernel(const struct machine *machine, struct cpuset *room)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_read(machine->source, "sys/kernel/debug/irq/domains/VECTOR", &text);

	if (r == 0)
		r = vectors_parse_room(buf_text(&text), text.len, room);
	return r == -ENOMEM ? r : r == 0;
}

/* By what each CPU serves now, after the change. */
static int room_by_count(const struct machine *machine, struct cpuset *room)
{
	_cleanup_(snapshot_done) struct snapshot now = {0};
	_cleanup_(buf_done) struct buf error = {0};
	int r;

	if (!machine->model.arch || strcmp(machine->model.arch, "x86") != 0)
		return 0;
	r = snapshot_take(machine->source, SNAPSHOT_AFFINITY, &now, &error);
	if (r == 0)
		r = room_count(now.irqs, now.n_irqs, &machine->online, ROOM_X86_VECTORS, room);
	return r == -ENOMEM ? r : r == 0;
}

int changes_room(const struct machine *machine, const struct change *changes, size_t n,
		 struct cpuset *room)
{
	bool needed = false;
	int r;

	for (size_t i = 0; i < n; i++)
		needed = needed || changes[i].state == CHANGE_NO_VECTOR;
	if (!needed)
		return 0;
	r = room_by_kernel(machine, room);
	if (r == 0)
		r = room_by_count(machine, room);
	/* whatever was counted: the kernel found none on these just now */
	for (size_t i = 0; i < n && r > 0; i++) {
		if (changes[i].state == CHANGE_NO_VECTOR)
			cpuset_and_not(room, &changes[i].wanted);
	}
	return r;
}
