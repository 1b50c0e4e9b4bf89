/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl spread: place all queues of devices by topology. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/text.h"
#include "cmd/channels.h"
#include "cmd/steering.h"
#include "model/freebsd.h"
#include "model/select.h"
#include "plan/room.h"
#include "plan/spread.h"
#include "snapshot/cpus.h"
#include "topology/cpuspec.h"

#define LOWER_DEPTH 8 /* VLAN over bond over bridge ... */

struct spread_options {
	struct change_options change;
	const char *cpus;
	int policy;
	uint64_t pack;
	bool steering;
	uint64_t channels; /* 0: as they are */
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
	{0, "steering", OPTION_FLAG, OPTION_AT(struct spread_options, steering),
	 .help = N_("also which CPU sends through which queue (XPS), and helps to receive (RPS, "
		    "RFS)")},
	{0, "channels", OPTION_COUNT, OPTION_AT(struct spread_options, channels), .arg = N_("N"),
	 .help = N_("first give each network interface N queues")},
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
	struct cpuset housekeeping; /* of these the ones that are not isolated in any way */
	const struct interrupt **wanted;
	size_t n_wanted;
	struct spread_plan plan;
	struct strv interfaces;  /* with --steering or --channels */
	struct change *channels; /* one for each interface, with --channels */
	struct record undo;      /* what these found */
	int lock;                /* changes_lock() while these are made and after, or -1 */
	struct steering_facts facts;
	struct steering_plan steering;
};

static int choose_housekeeping(struct spread *spread, const struct cpuset *from)
{
	_cleanup_(cpu_sets_done) struct cpu_sets sets = {0};
	int r = cpu_sets_read(spread->machine.source, &sets);

	if (r == 0)
		r = cpuset_copy(&spread->housekeeping, from);
	if (r == 0)
		cpu_sets_remove_isolated(&sets, &spread->housekeeping);
	return r;
}

static int choose_cpus(struct spread *spread)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct cpuset *allowed = &spread->allowed;
	int r = 0;

	if (spread->options.cpus) {
		r = cpuspec_parse(spread->options.cpus, &spread->machine.online,
				  spread->machine.source, allowed, &error);
		if (r == -EINVAL) {
			complain("spread: --cpus: %s", buf_text(&error));
			return EXIT_USAGE;
		}
		if (r == 0) {
			cpuset_and(allowed, &spread->machine.online);
			r = choose_housekeeping(spread, allowed);
		}
	} else {
		r = choose_housekeeping(spread, &spread->machine.online);
		if (r == 0)
			r = cpuset_copy(allowed, &spread->housekeeping);
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

/* Without a topology (a bare recording) every CPU is a core of one node. */
static int read_topology(struct spread *spread)
{
	struct topology *topology = &spread->topology;
	int r = topology_load(spread->machine.source, topology);

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
			.capacity = 1.0,
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

/*
 * The network interfaces that an operand stands for: with queues to steer they need no interrupts.
 * Once channels are planned for them they stay as they are.
 */
static int choose_interfaces(struct spread *spread, const struct strv *names, bool *found)
{
	_cleanup_(strv_done) struct strv those = {0};
	int r = 0;

	if (!spread->options.steering && !spread->options.channels)
		return 0;
	r = steering_interfaces(&spread->machine, names, &those);
	*found = *found || those.n;
	for (size_t i = 0; i < those.n && r == 0 && !spread->channels; i++)
		r = strv_has(&spread->interfaces, those.items[i])
			    ? 0
			    : strv_add(&spread->interfaces, those.items[i]);
	return r;
}

/* The interrupts of all devices named, in the order of the table. */
static int choose_interrupts(struct spread *spread, int n_names, char **operands)
{
	const struct model *model = &spread->machine.model;
	_cleanup_free_ bool *is_wanted = calloc(model->n_items + 1, sizeof(*is_wanted));

	free(spread->wanted);
	spread->n_wanted = 0;
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
		if (choose_interfaces(spread, &names, &found) < 0)
			return out_of_memory();
		if (!found)
			return no_such_interrupt("spread", model, operands[i], true);
	}
	for (size_t k = 0; k < model->n_items; k++) {
		if (is_wanted[k])
			spread->wanted[spread->n_wanted++] = &model->items[k];
	}
	return 0;
}

/* FreeBSD: the reasons also tell what a move leaves behind. */
static int complete_reasons(struct spread_plan *plan)
{
	for (size_t i = 0; i < plan->n_moves; i++) {
		struct spread_move *move = &plan->moves[i];
		_cleanup_(buf_done) struct buf reason = {0};

		if (freebsd_move_reason(move->interrupt->facts, move->cpu, move->reason, &reason) <
		    0)
			return -ENOMEM;
		move->reason = arena_strdup(&plan->strings, buf_text(&reason));
		if (!move->reason)
			return -ENOMEM;
	}
	return 0;
}

static uint32_t pack_of(const struct spread_options *options)
{
	if (!options->pack)
		return 1;
	return options->pack < UINT32_MAX ? (uint32_t)options->pack : UINT32_MAX;
}

static int make_plan(struct spread *spread)
{
	const struct model *model = &spread->machine.model;
	_cleanup_free_ bool *unused = calloc(model->n_items + 1, sizeof(*unused));
	bool x86 = model->arch && strcmp(model->arch, "x86") == 0;
	const struct spread_request request = {
		.model = model,
		.topology = &spread->topology,
		.allowed = &spread->allowed,
		.interrupts = spread->wanted,
		.n_interrupts = spread->n_wanted,
		.policy = (enum spread_policy)spread->options.policy,
		.pack = pack_of(&spread->options),
		.vectors_per_cpu = x86 ? ROOM_X86_VECTORS : 0,
		.unused = unused,
	};
	int r = unused ? steering_unused(&spread->machine, unused) : -ENOMEM;

	if (r == 0)
		r = spread_plan_build(&request, &spread->plan);
	if (r == 0 && spread->machine.snapshot.system == SYSTEM_FREEBSD)
		r = complete_reasons(&spread->plan);
	return r < 0 ? out_of_memory() : 0;
}

static int plan_steering(struct spread *spread)
{
	struct steering_facts *facts = &spread->facts;
	int r = steering_read(&spread->machine, &spread->plan, &spread->interfaces, facts);
	const struct steering_request request = {
		.topology = &spread->topology,
		.allowed = &spread->allowed,
		.housekeeping = &spread->housekeeping,
		.interfaces = facts->interfaces,
		.n_interfaces = facts->n,
		.has_entries = facts->has_entries,
		.entries = facts->entries,
	};

	if (r == 0)
		r = steering_plan_build(&request, &spread->steering);
	return r < 0 ? out_of_memory() : 0;
}

static int add_move(const struct spread_move *move, struct change *ret)
{
	*ret = (struct change){
		.setting = {.kind = SETTING_IRQ, .irq = move->interrupt->row->number},
		.note = move->reason,
	};
	return cpuset_copy(&ret->wanted, &move->target);
}

static int run_changes(struct spread *spread, struct change *changes, size_t n)
{
	const struct change_report report = {.schema = "irqctl.spread/1", .plan = &spread->plan};

	if (spread->undo.n)
		spread->options.change.started = &spread->undo;
	return changes_run(spread->context, &spread->machine, &report, &spread->options.change,
			   changes, n);
}

/* Channels first, then the interrupts, then what depends on where these are. */
static int apply_plan(struct spread *spread)
{
	const struct spread_plan *plan = &spread->plan;
	const struct steering_plan *steering = &spread->steering;
	size_t n_channels = spread->channels ? spread->interfaces.n : 0, n = 0;
	struct change *changes =
		calloc(n_channels + plan->n_moves + steering->n + 1, sizeof(*changes));
	int r = changes ? 0 : -ENOMEM;

	for (size_t i = 0; i < n_channels && r == 0; i++)
		changes[n++] = spread->channels[i]; /* they own no memory */
	for (size_t i = 0; i < plan->n_moves && r == 0; i++)
		r = add_move(&plan->moves[i], &changes[n++]);
	for (size_t i = 0; i < steering->n && r == 0; i++)
		r = steering_change(&steering->settings[i], &changes[n++]);
	r = r < 0 ? out_of_memory() : run_changes(spread, changes, n);
	for (size_t i = 0; i < n; i++)
		change_done(&changes[i]);
	free(changes);
	return r;
}

static int take_back_channels(struct spread *spread)
{
	bool written = false;

	for (size_t i = 0; i < spread->interfaces.n; i++)
		written = written || spread->channels[i].written;
	if (written)
		return channels_take_back(spread->context, &spread->machine, &spread->undo);
	/* else it is that of another change, which was killed */
	if (spread->undo.n)
		unlink(UNDO_STARTED);
	return 0;
}

/* All interfaces, or none of them; then the machine is another one. */
static int make_channels(struct spread *spread, int n_names, char **names)
{
	bool failed = false;
	int r = channels_make(spread->context, &spread->machine, spread->channels,
			      spread->interfaces.n, &spread->undo);

	for (size_t i = 0; i < spread->interfaces.n; i++)
		failed = failed || change_is_failure(&spread->channels[i]);
	if (r)
		return r;
	if (failed) {
		r = take_back_channels(spread);
		if (r == 0)
			complain(_("spread: nothing was changed"));
		return EXIT_FAILED;
	}
	return choose_interrupts(spread, n_names, names);
}

static int change_channels(struct spread *spread, int n_names, char **names)
{
	bool any = false;
	int r = changes_check(spread->context, &spread->options.change);

	if (r == 0 && !spread->options.change.dry_run) {
		r = changes_lock(&spread->lock);
		spread->options.change.is_locked = true;
	}
	if (r)
		return r;
	r = channels_plan(&spread->machine, &spread->interfaces, spread->options.channels,
			  &spread->channels);

	if (r)
		return r;
	for (size_t i = 0; i < spread->interfaces.n; i++)
		any = any || spread->channels[i].state == CHANGE_PLANNED;
	if (!any)
		return 0;
	if (!spread->options.change.dry_run)
		return make_channels(spread, n_names, names);
	complain(_("spread: the interrupts and queues below are those of the present channels; "
		   "the others are only known when they are there"));
	return 0;
}

static int check_options(const struct spread_options *options, int n_names)
{
	const char *wrong = NULL;

	if (!n_names)
		wrong = _("spread: name the devices: irqctl spread eth0 (irqctl spread --help)");
	else if (options->pack && options->policy != SPREAD_PACK)
		wrong = _("spread: --pack goes with --policy pack");
	else if (options->channels && options->change.atomic)
		wrong = _("spread: --atomic does not go with --channels, which make other "
			  "interrupts; 'irqctl restore --last' takes all of it back");
	if (wrong)
		complain("%s", wrong);
	return wrong ? EXIT_USAGE : 0;
}

static int check_interfaces(const struct spread *spread)
{
	if ((!spread->options.steering && !spread->options.channels) || spread->interfaces.n)
		return 0;
	complain(_("spread: --%s: none of these devices is a network interface"),
		 spread->options.steering ? "steering" : "channels");
	return EXIT_USAGE;
}

static int spread_do(struct spread *spread, int n_names, char **names)
{
	int r = check_options(&spread->options, n_names);

	if (r == 0)
		r = machine_read(spread->context, &spread->machine);
	if (r == 0)
		r = choose_cpus(spread);
	if (r == 0)
		r = choose_interrupts(spread, n_names, names);
	if (r == 0)
		r = check_interfaces(spread);
	if (r == 0 && spread->options.channels)
		r = change_channels(spread, n_names, names);
	if (r == 0)
		r = read_topology(spread);
	if (r == 0)
		r = make_plan(spread);
	if (r == 0 && spread->options.steering)
		r = plan_steering(spread);
	return r ? r : apply_plan(spread);
}

static int spread_run(struct context *context, int argc, char **argv)
{
	struct spread spread = {.context = context, .lock = -1};
	int first, r = verb_begin(&verb_spread, context, argc, argv, &spread.options.change.common,
				  &first);

	if (r >= 0)
		return r;
	r = spread_do(&spread, argc - first, argv + first);
	closep(&spread.lock);
	steering_plan_done(&spread.steering);
	steering_facts_done(&spread.facts);
	spread_plan_done(&spread.plan);
	free(spread.channels);
	record_done(&spread.undo);
	strv_done(&spread.interfaces);
	free(spread.wanted);
	cpuset_done(&spread.allowed);
	cpuset_done(&spread.housekeeping);
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
		"them. A bond, bridge or VLAN stands for its physical devices. With --steering "
		"each CPU sends through the queue of the nearest one, and helps it to receive "
		"where there are fewer queues than CPUs. Prints a reason for each queue; 'irqctl "
		"restore --last' takes it back."),
	.options = spread_options,
	.run = spread_run,
};
