/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl set: move interrupts to CPUs, and prove that they moved. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"
#include "model/select.h"
#include "topology/cpuspec.h"

struct set_options {
	struct change_options change;
	const char *default_cpus;
};

static const struct option_spec set_options[] = {
	{0, "default", OPTION_TEXT, OPTION_AT(struct set_options, default_cpus), .arg = N_("CPUS"),
	 .help = N_("the CPUs of interrupts that are allocated later")},
	CHANGE_OPTIONS,
	COMMON_OPTIONS,
	{.name = NULL},
};

struct set {
	struct set_options options;
	const struct context *context;
	struct machine machine;
	struct change *changes;
	size_t n_changes;
};

/* A list of CPUs that all exist and are online. */
static int parse_cpus(struct set *set, const char *text, struct cpuset *cpus)
{
	_cleanup_(buf_done) struct buf error = {0}, offline = {0}, online = {0};
	_cleanup_(cpuset_done) struct cpuset rest = {0};
	int r = cpuspec_parse(text, &set->machine.online, set->machine.source, cpus, &error);

	if (r == -EINVAL) {
		complain("set: %s", buf_text(&error));
		return EXIT_USAGE;
	}
	if (r == 0)
		r = cpuset_copy(&rest, cpus);
	if (r < 0)
		return out_of_memory();
	cpuset_and_not(&rest, &set->machine.online);
	if (cpuset_next(&rest, 0) < 0 && cpuset_next(cpus, 0) >= 0)
		return 0;
	if (cpuset_format(&rest, &offline) < 0 || cpuset_format(&set->machine.online, &online) < 0)
		return out_of_memory();
	if (offline.len)
		complain(_("set: CPU %s of '%s' is not online; those that are: %s"),
			 buf_text(&offline), text, buf_text(&online));
	else
		complain(_("set: '%s' holds no CPU"), text);
	return EXIT_USAGE;
}

static bool is_steerable(const struct interrupt *interrupt)
{
	return interrupt->row->number >= 0;
}

static bool is_named(const struct interrupt *interrupt, int n_names, char **names)
{
	for (int i = 0; i < n_names; i++) {
		if (select_interrupt(interrupt, names[i]))
			return true;
	}
	return false;
}

/* Every name must stand for an interrupt, and not only for a row that no CPU can be chosen for. */
static int check_names(const struct set *set, int n_names, char **names)
{
	const struct model *model = &set->machine.model;

	for (int i = 0; i < n_names; i++) {
		const struct interrupt *found = NULL;

		for (size_t k = 0; k < model->n_items && !(found && is_steerable(found)); k++) {
			if (select_interrupt(&model->items[k], names[i]))
				found = &model->items[k];
		}
		if (found && is_steerable(found))
			continue;
		if (found) {
			complain(_("set: '%s' cannot be moved: %s"), names[i],
				 _(found->settable_why ? found->settable_why
						       : N_("it has no number")));
			return EXIT_FAILED;
		}
		return no_such_interrupt("set", model, names[i], false);
	}
	return 0;
}

static int add_interrupt(struct set *set, const struct interrupt *interrupt,
			 const struct cpuset *cpus)
{
	struct change *change = &set->changes[set->n_changes++];

	*change = (struct change){
		.setting = {.kind = SETTING_IRQ, .irq = interrupt->row->number},
	};
	if (interrupt->settable == SETTABLE_NO) {
		change->state = CHANGE_REFUSED;
		change->why = interrupt->settable_why;
	}
	return cpuset_copy(&change->wanted, cpus);
}

static int add_changes(struct set *set, int n_names, char **names, const struct cpuset *cpus)
{
	const struct model *model = &set->machine.model;
	int r = 0;

	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		if (is_steerable(&model->items[i]) && is_named(&model->items[i], n_names, names))
			r = add_interrupt(set, &model->items[i], cpus);
	}
	return r < 0 ? out_of_memory() : 0;
}

static int add_default(struct set *set)
{
	struct change *change = &set->changes[set->n_changes++];

	*change = (struct change){.setting = {.kind = SETTING_DEFAULT}};
	return parse_cpus(set, set->options.default_cpus, &change->wanted);
}

static int set_do(struct set *set, int n_operands, char **operands)
{
	_cleanup_(cpuset_done) struct cpuset cpus = {0};
	int n_names = n_operands - 1;
	int r;

	if (n_operands == 1 || (!n_operands && !set->options.default_cpus)) {
		complain(_("set: name the interrupts and their CPUs: irqctl set eth0 0-3 (irqctl "
			   "set --help)"));
		return EXIT_USAGE;
	}
	r = machine_read(set->context, &set->machine);
	if (r)
		return r;
	set->changes = calloc(set->machine.model.n_items + 1, sizeof(*set->changes));
	if (!set->changes)
		return out_of_memory();
	if (n_operands) {
		r = parse_cpus(set, operands[n_names], &cpus);
		if (r == 0)
			r = check_names(set, n_names, operands);
		if (r == 0)
			r = add_changes(set, n_names, operands, &cpus);
	}
	if (r == 0 && set->options.default_cpus)
		r = add_default(set);
	if (r)
		return r;
	return changes_run(set->context, &set->machine,
			   &(const struct change_report){.schema = "irqctl.set/1"},
			   &set->options.change, set->changes, set->n_changes);
}

static int set_run(struct context *context, int argc, char **argv)
{
	struct set set = {.context = context};
	int first,
		r = verb_begin(&verb_set, context, argc, argv, &set.options.change.common, &first);

	if (r >= 0)
		return r;
	r = set_do(&set, argc - first, argv + first);
	for (size_t i = 0; i < set.n_changes; i++)
		change_done(&set.changes[i]);
	free(set.changes);
	machine_done(&set.machine);
	return r;
}

const struct verb verb_set = {
	.name = "set",
	.summary = N_("move interrupts to CPUs, verified and undoable"),
	.synopsis = N_("[OPTION...] INTERRUPT... CPUS"),
	.about = N_(
		"Sets the CPUs of interrupts, reads back which CPU serves them, and reports each "
		"as "
		"applied, pending (the kernel moves it at the next interrupt), unchanged, refused, "
		"no-vector or gone. 'irqctl restore --last' takes the change back. Exit 1 where "
		"only "
		"a part was done."),
	.options = set_options,
	.run = set_run,
};
