/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl adopt: make FreeBSD's own account of where its interrupts go right. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "apply/freebsd.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"
#include "model/attribution.h"
#include "model/select.h"

#define NO_CPU UINT64_MAX

struct adopt_options {
	struct change_options change;
	uint64_t cpu; /* NO_CPU: none was named */
};

static const struct option_spec adopt_options[] = {
	{0, "cpu", OPTION_NUMBER, OPTION_AT(struct adopt_options, cpu), .arg = N_("CPU"),
	 .help = N_("where interrupts go whose true CPU is not known: this moves them")},
	{0, "dry-run", OPTION_FLAG, OPTION_AT(struct adopt_options, change.dry_run),
	 .help = N_("show what would be done, and do nothing")},
	{0, "json", OPTION_FLAG, OPTION_AT(struct adopt_options, change.json), .help = N_("JSON")},
	COMMON_OPTIONS,
	{.name = NULL},
};

struct adopt {
	struct adopt_options options;
	const struct context *context;
	struct machine machine;
	struct change *changes;
	size_t n_changes;
};

static bool is_named(const struct interrupt *interrupt, int n_names, char **names)
{
	for (int i = 0; i < n_names; i++) {
		if (select_interrupt(interrupt, names[i]))
			return true;
	}
	return n_names == 0;
}

static int check_names(const struct adopt *adopt, int n_names, char **names)
{
	const struct model *model = &adopt->machine.model;

	for (int i = 0; i < n_names; i++) {
		bool found = false;

		for (size_t k = 0; k < model->n_items && !found; k++)
			found = select_interrupt(&model->items[k], names[i]);
		if (!found)
			return no_such_interrupt("adopt", model, names[i], false);
	}
	return 0;
}

static bool is_bound(const struct irq_facts *facts)
{
	return facts->has_requested && cpuset_count(&facts->requested) == 1;
}

/* What there is to do for an interrupt, told by the state and its reason. */
static int plan(const struct adopt *adopt, const struct irq_facts *facts, struct change *change)
{
	int32_t cpu = attribution_target(facts);

	if (is_bound(facts) && facts->is_stale) {
		change->note = _("it was bound before its driver began anew: it is bound again");
		return cpuset_copy(&change->wanted, &facts->requested);
	} else if (is_bound(facts)) {
		change->state = CHANGE_UNCHANGED;
		change->note = _("it is bound: the kernel knows where it is");
	} else if (facts->believed < 0) {
		change->state = CHANGE_REFUSED;
		change->why =
			N_("this kernel has no hw.intrs: it tells the CPU of bound interrupts "
			   "only (irqctl set)");
	} else if (cpu == facts->believed) {
		change->state = CHANGE_UNCHANGED;
		change->note = _("the kernel's account is right");
	} else if (cpu == ATTRIBUTION_UNKNOWN && adopt->options.cpu == NO_CPU) {
		change->state = CHANGE_UNCHANGED;
		change->note = _("its true CPU is not known, so it would be moved: name a CPU with "
				 "--cpu");
	} else {
		if (cpu == ATTRIBUTION_UNKNOWN)
			cpu = (int32_t)adopt->options.cpu;
		change->note = cpu == attribution_target(facts)
				       ? _("its messages go there: it does not move")
				       : _("its true CPU is not known: it moves there");
		return cpuset_add(&change->wanted, (uint32_t)cpu);
	}
	return cpu == ATTRIBUTION_UNKNOWN ? 0 : cpuset_add(&change->wanted, (uint32_t)cpu);
}

static int add_changes(struct adopt *adopt, int n_names, char **names)
{
	const struct model *model = &adopt->machine.model;
	int r = 0;

	adopt->changes = calloc(model->n_items + 1, sizeof(*adopt->changes));
	if (!adopt->changes)
		return out_of_memory();
	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		const struct interrupt *interrupt = &model->items[i];
		const struct irq_facts *facts = interrupt->facts;
		struct change *change;

		if (!facts || !facts->has_requested || interrupt->settable == SETTABLE_NO ||
		    !is_named(interrupt, n_names, names))
			continue;
		change = &adopt->changes[adopt->n_changes++];
		*change = (struct change){.setting = {.kind = SETTING_IRQ, .irq = facts->irq},
					  .has_before = true};
		r = cpuset_copy(&change->before, &facts->requested);
		if (r == 0)
			r = plan(adopt, facts, change);
	}
	return r < 0 ? out_of_memory() : 0;
}

static enum change_state state_of(int error)
{
	if (error == 0)
		return CHANGE_APPLIED;
	if (error == -ENOENT)
		return CHANGE_GONE;
	return error == -ENOSPC ? CHANGE_NO_VECTOR : CHANGE_REFUSED;
}

static int adopt_one(struct source *source, struct change *change)
{
	int32_t irq = change->setting.irq;
	int r = cpuset_count(&change->before) == 1
			? freebsd_bind(source, irq, &change->wanted)
			: freebsd_adopt(source, irq, (uint32_t)cpuset_next(&change->wanted, 0));

	if (r == -ENOMEM)
		return r;
	change->state = state_of(r);
	change->error = -r;
	change->written = r == 0;
	change->why = r < 0 ? freebsd_verdict(r) : NULL;
	change->has_requested = freebsd_read_requested(source, irq, &change->requested) == 0;
	change->has_effective = freebsd_read_target(source, irq, &change->effective) == 0;
	return 0;
}

/* What was found to be right, those may know who cannot look. What cannot be kept is not said. */
static int vouch(struct source *source, const struct change *change)
{
	if (change->state != CHANGE_UNCHANGED || cpuset_count(&change->before) == 1 ||
	    cpuset_count(&change->wanted) != 1)
		return 0;
	return freebsd_vouch(source, change->setting.irq) == -ENOMEM ? -ENOMEM : 0;
}

/* 0 or -ENOMEM */
static int adopt_all(struct adopt *adopt)
{
	struct source *source = adopt->machine.source;
	int r = 0;

	for (size_t i = 0; i < adopt->n_changes && r == 0; i++) {
		struct change *change = &adopt->changes[i];

		r = change->state == CHANGE_PLANNED ? adopt_one(source, change)
						    : vouch(source, change);
	}
	return r;
}

static int check_cpu(const struct adopt *adopt)
{
	if (adopt->options.cpu == NO_CPU ||
	    (adopt->options.cpu < CPUSET_MAX &&
	     cpuset_has(&adopt->machine.online, (uint32_t)adopt->options.cpu)))
		return 0;
	complain(_("adopt: --cpu: CPU %" PRIu64 " is not online"), adopt->options.cpu);
	return EXIT_USAGE;
}

static int adopt_do(struct adopt *adopt, int n_names, char **names)
{
	const struct change_report report = {.schema = "irqctl.adopt/1"};
	struct machine *machine = &adopt->machine;
	int r = machine_read(adopt->context, machine), result = EXIT_DONE;

	if (r)
		return r;
	if (machine->snapshot.system != SYSTEM_FREEBSD) {
		complain(_("adopt: only FreeBSD has to be told where its interrupts go; Linux "
			   "knows"));
		return EXIT_USAGE;
	}
	r = changes_check(adopt->context, &adopt->options.change);
	if (r == 0)
		r = check_cpu(adopt);
	if (r == 0)
		r = check_names(adopt, n_names, names);
	if (r == 0)
		r = add_changes(adopt, n_names, names);
	if (r)
		return r;
	if (!adopt->options.change.dry_run && adopt_all(adopt) < 0)
		return out_of_memory();
	for (size_t i = 0; i < adopt->n_changes; i++) {
		if (change_is_failure(&adopt->changes[i]))
			result = EXIT_FAILED;
	}
	r = changes_report(machine, &report, &adopt->options.change, adopt->changes,
			   adopt->n_changes);
	return r ? r : result;
}

static int adopt_run(struct context *context, int argc, char **argv)
{
	struct adopt adopt = {.context = context, .options.cpu = NO_CPU};
	int first, r = verb_begin(&verb_adopt, context, argc, argv, &adopt.options.change.common,
				  &first);

	if (r >= 0)
		return r;
	r = adopt_do(&adopt, argc - first, argv + first);
	for (size_t i = 0; i < adopt.n_changes; i++)
		change_done(&adopt.changes[i]);
	free(adopt.changes);
	machine_done(&adopt.machine);
	return r;
}

const struct verb verb_adopt = {
	.name = "adopt",
	.summary = N_("FreeBSD: make the kernel's account of targets right"),
	.synopsis = N_("[OPTION...] [INTERRUPT...]"),
	.about = N_(
		"FreeBSD believes that a message-signalled interrupt goes to CPU 0 until it was "
		"bound once. This binds interrupts to the CPU that they go to, as their device "
		"tells, and gives them free again: they stay where they are, nothing is bound, and "
		"from then on the kernel, its balancer and irqctl know where. An interrupt whose "
		"true CPU cannot be found out is left alone, unless --cpu names one to move it to. "
		"Without names: all interrupts."),
	.options = adopt_options,
	.run = adopt_run,
};
