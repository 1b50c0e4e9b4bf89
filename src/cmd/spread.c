/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl spread: place all queues of devices by topology. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/text.h"
#include "cmd/changes.h"
#include "model/select.h"
#include "parse/cpulist.h"
#include "plan/spread.h"
#include "topology/cpuspec.h"

#define X86_VECTORS_PER_CPU 200u /* of 256, less exceptions and system vectors */
#define LOWER_DEPTH         8    /* VLAN over bond over bridge ... */

struct spread_options {
	struct change_options change;
	const char *cpus;
	int policy;
	uint64_t pack;
};

static const char *const policy_names[] = {"local", "all", "hint", "pack", "apart", NULL};

static const struct option_spec spread_options[] = {
	{'c', "cpus", OPTION_TEXT, OPTION_AT(struct spread_options, cpus), .arg = N_("LIST"),
	 .help = N_("only these CPUs, isolated ones too if they are named")},
	{'p', "policy", OPTION_CHOICE, OPTION_AT(struct spread_options, policy),
	 .arg = N_("POLICY"),
	 .help = N_("local (nearest free cores), all, hint (the driver's), pack, apart"),
	 .choices = policy_names},
	{0, "pack", OPTION_COUNT, OPTION_AT(struct spread_options, pack), .arg = N_("N"),
	 .help = N_("with --policy pack: N queues to a CPU (usual: 1)")},
	CHANGE_OPTIONS,
	COMMON_OPTIONS,
	{.name = NULL},
};

struct spread {
	struct spread_options options;
	const struct context *context;
	struct machine machine;
	struct topology topology;
	struct cpuset allowed;
	const struct interrupt **wanted;
	size_t n_wanted;
	struct spread_plan plan;
};

/* Takes the CPUs of a list such as /sys/devices/system/cpu/isolated out of `set`. */
static int remove_listed(struct source *source, const char *path, struct cpuset *set)
{
	_cleanup_(buf_done) struct buf text = {0};
	_cleanup_(cpuset_done) struct cpuset listed = {0};
	int r = source_read(source, path, &text);

	if (r == 0)
		r = cpulist_parse(buf_text(&text), text.len, &listed);
	if (r == 0)
		cpuset_and_not(set, &listed);
	return r == -ENOMEM ? r : 0; /* absent, or "(null)": there are none */
}

static int choose_cpus(struct spread *spread)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct cpuset *allowed = &spread->allowed;
	int r = 0;

	if (spread->options.cpus) {
		r = cpuspec_parse(spread->options.cpus, &spread->machine.online,
				  spread->context->root, allowed, &error);
		if (r == -EINVAL) {
			complain("spread: --cpus: %s", buf_text(&error));
			return EXIT_USAGE;
		}
		cpuset_and(allowed, &spread->machine.online);
	} else {
		r = cpuset_copy(allowed, &spread->machine.online);
		if (r == 0)
			r = remove_listed(spread->machine.source, "sys/devices/system/cpu/isolated",
					  allowed);
		if (r == 0)
			r = remove_listed(spread->machine.source,
					  "sys/devices/system/cpu/nohz_full", allowed);
	}
	if (r < 0)
		return out_of_memory();
	if (cpuset_next(allowed, 0) >= 0)
		return 0;
	complain(spread->options.cpus
			 ? _("spread: --cpus: none of '%s' is online")
			 : _("spread: every online CPU is isolated%s; name the CPUs with --cpus"),
		 spread->options.cpus ? spread->options.cpus : "");
	return EXIT_USAGE;
}

/* Without a topology (no hwloc, a bare recording) every CPU is a core of one node. */
static int read_topology(struct spread *spread)
{
	struct topology *topology = &spread->topology;
	int r = topology_load(spread->context->root, topology);

	if (r == 0)
		return 0;
	complain(_("spread: the topology cannot be read (%s): every CPU counts as a core of one "
		   "node"),
		 strerror(-r));
	topology->cpus = calloc(cpuset_count(&spread->machine.online) + 1, sizeof(*topology->cpus));
	if (!topology->cpus)
		return out_of_memory();
	cpuset_foreach (cpu, &spread->machine.online)
		topology->cpus[topology->n_cpus++] = (struct topology_cpu){
			.cpu = (uint32_t)cpu,
			.core = (int32_t)cpu,
			.llc = -1,
			.node = -1,
			.package = -1,
		};
	return 0;
}

/*
 * Adds what an interface stands on: the physical devices of a bond, a bridge, a VLAN. The kernel
 * links them as lower_NAME, whatever kind the upper one is (net/core/dev.c,
 * netdev_adjacent_sysfs_add).
 */
static int add_lower(struct source *source, const char *interface, struct strv *names, int depth)
{
	_cleanup_(buf_done) struct buf path = {0};
	_cleanup_(strv_done) struct strv entries = {0};
	int r = strv_add(names, interface);

	if (r == 0)
		r = buf_printf(&path, "sys/class/net/%s", interface);
	if (r < 0 || depth == 0 || strchr(interface, '/') ||
	    source_list(source, buf_text(&path), &entries) < 0)
		return r;
	for (size_t i = 0; i < entries.n && r == 0; i++) {
		if (text_has_prefix(entries.items[i], "lower_"))
			r = add_lower(source, entries.items[i] + strlen("lower_"), names,
				      depth - 1);
	}
	return r;
}

static bool belongs_to(const struct interrupt *interrupt, const struct strv *names)
{
	for (size_t i = 0; i < names->n; i++) {
		if (interrupt->row->number >= 0 && select_device(interrupt, names->items[i]))
			return true;
	}
	return false;
}

/* The interrupts of all devices named, in the order of the table. */
static int choose_interrupts(struct spread *spread, int n_names, char **operands)
{
	const struct model *model = &spread->machine.model;
	_cleanup_free_ bool *is_wanted = calloc(model->n_items + 1, sizeof(*is_wanted));

	spread->wanted = calloc(model->n_items + 1, sizeof(*spread->wanted));
	if (!spread->wanted || !is_wanted)
		return out_of_memory();
	for (int i = 0; i < n_names; i++) {
		_cleanup_(strv_done) struct strv names = {0};
		bool found = false;

		if (add_lower(spread->machine.source, operands[i], &names, LOWER_DEPTH) < 0)
			return out_of_memory();
		for (size_t k = 0; k < model->n_items; k++) {
			if (!belongs_to(&model->items[k], &names))
				continue;
			found = is_wanted[k] = true;
		}
		if (!found)
			return no_such_interrupt("spread", model, operands[i], true);
	}
	for (size_t k = 0; k < model->n_items; k++) {
		if (is_wanted[k])
			spread->wanted[spread->n_wanted++] = &model->items[k];
	}
	return 0;
}

static int make_plan(struct spread *spread)
{
	const struct model *model = &spread->machine.model;
	bool x86 = model->arch && strcmp(model->arch, "x86") == 0;
	const struct spread_request request = {
		.model = model,
		.topology = &spread->topology,
		.allowed = &spread->allowed,
		.interrupts = spread->wanted,
		.n_interrupts = spread->n_wanted,
		.policy = (enum spread_policy)spread->options.policy,
		.pack = spread->options.pack ? (uint32_t)spread->options.pack : 1,
		.vectors_per_cpu = x86 ? X86_VECTORS_PER_CPU : 0,
	};

	return spread_plan_build(&request, &spread->plan) < 0 ? out_of_memory() : 0;
}

static int apply_plan(struct spread *spread)
{
	const struct spread_plan *plan = &spread->plan;
	struct change *changes = calloc(plan->n_moves + 1, sizeof(*changes));
	int r = changes ? 0 : -ENOMEM;

	for (size_t i = 0; i < plan->n_moves && r == 0; i++) {
		changes[i] = (struct change){
			.setting = {.kind = SETTING_IRQ,
				    .irq = plan->moves[i].interrupt->row->number},
			.note = plan->moves[i].reason,
		};
		r = cpuset_copy(&changes[i].wanted, &plan->moves[i].target);
	}
	r = r < 0 ? out_of_memory()
		  : changes_run(spread->context, &spread->machine,
				&(const struct change_report){.schema = "irqctl.spread/1",
							      .plan = plan},
				&spread->options.change, changes, plan->n_moves);
	for (size_t i = 0; changes && i < plan->n_moves; i++)
		change_done(&changes[i]);
	free(changes);
	return r;
}

static int spread_do(struct spread *spread, int n_names, char **names)
{
	int r;

	if (!n_names) {
		complain(_("spread: name the devices: irqctl spread eth0 (irqctl spread --help)"));
		return EXIT_USAGE;
	}
	if (spread->options.pack && spread->options.policy != SPREAD_PACK) {
		complain(_("spread: --pack goes with --policy pack"));
		return EXIT_USAGE;
	}
	r = machine_read(spread->context, &spread->machine);
	if (r == 0)
		r = choose_cpus(spread);
	if (r == 0)
		r = choose_interrupts(spread, n_names, names);
	if (r == 0)
		r = read_topology(spread);
	if (r == 0)
		r = make_plan(spread);
	return r ? r : apply_plan(spread);
}

static int spread_run(struct context *context, int argc, char **argv)
{
	struct spread spread = {.context = context};
	int first, r = verb_begin(&verb_spread, context, argc, argv, &spread.options.change.common,
				  &first);

	if (r >= 0)
		return r;
	r = spread_do(&spread, argc - first, argv + first);
	spread_plan_done(&spread.plan);
	free(spread.wanted);
	cpuset_done(&spread.allowed);
	topology_done(&spread.topology);
	machine_done(&spread.machine);
	return r;
}

const struct verb verb_spread = {
	.name = "spread",
	.summary = N_("place all queues of devices, by topology"),
	.synopsis = N_("[OPTION...] DEVICE..."),
	.about = N_(
		"Places every queue of the devices, of all of them together: rx i and tx i on one "
		"CPU, one "
		"queue to a physical core before a second thread is used, on the device's NUMA "
		"node "
		"first and then by distance, the caches of a node in turn, apart from what other "
		"devices have placed. Isolated and nohz_full CPUs are left out unless --cpus names "
		"them. A bond, bridge or VLAN stands for its physical devices. Prints a reason for "
		"each queue; 'irqctl restore --last' takes it back."),
	.options = spread_options,
	.run = spread_run,
};
