/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl plan: what the balancer would change on this machine, and why. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"
#include "cmd/verbs.h"
#include "config/config.h"
#include "daemon/counted.h"
#include "daemon/fleet.h"
#include "view/json.h"

#define WINDOW_S   1.0
#define RECORDED_S 600.0 /* of a recording */
#define FIRST      0.2   /* part of the window that only finds out what is busy */
#define SAMPLES_S  0.2   /* between samples, at least */
#define SAMPLES    10

struct plan_options {
	struct change_options change;
	const char *config;
	double interval;
	bool apply;
};

static const struct option_spec plan_options[] = {
	{'i', "interval", OPTION_SECONDS, OPTION_AT(struct plan_options, interval),
	 .arg = N_("SECONDS"),
	 .help = N_("look at the machine for so long (usual: 1; of a recording its "
		    "last 600)")},
	{'c', "config", OPTION_TEXT, OPTION_AT(struct plan_options, config), .arg = N_("FILE"),
	 .help = HELP_CONFIG},
	{0, "apply", OPTION_FLAG, OPTION_AT(struct plan_options, apply),
	 .help = N_("make the moves; 'irqctl restore --last' takes them back")},
	CHANGE_OPTIONS,
	COMMON_OPTIONS,
	{.name = NULL},
};

struct planning {
	struct plan_options options;
	const struct context *context;
	struct machine machine;
	struct config config;
	struct fleet fleet;
	struct sampler sampler;
	struct sample sample;
	struct counted counted;
	struct balance_plan plan;
};

static int read_config(struct planning *planning)
{
	_cleanup_(buf_done) struct buf error = {0};
	const char *wanted = planning->options.config;
	int r = config_read(wanted ? wanted : CONFIG_FILE, &planning->config, &error);

	if (r == -ENOENT && !wanted)
		r = config_defaults(&planning->config);
	if (r == -ENOMEM)
		return out_of_memory();
	if (r < 0 && !error.len)
		buf_printf(&error, "plan: %s: %s", wanted ? wanted : CONFIG_FILE, strerror(-r));
	if (r < 0)
		complain_lines(&error);
	return r < 0 ? EXIT_USAGE : 0;
}

static void wait_seconds(double seconds)
{
	struct timespec time = {.tv_sec = (time_t)seconds,
				.tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &time) == EINTR)
		;
}

static int take(struct planning *planning)
{
	int r = sampler_take(&planning->sampler, &planning->sample);

	return r < 0 ? r : engine_sample(&planning->fleet.engine, &planning->sample);
}

/* The window: a first part that finds out what is busy, and then samples to learn from. */
static int watch(struct planning *planning)
{
	double window = planning->options.interval > 0 ? planning->options.interval : WINDOW_S;
	double rest = window * (1 - FIRST);
	int samples = (int)fmin(fmax(rest / SAMPLES_S, 1), SAMPLES);
	int r = take(planning);

	if (r == 0) {
		wait_seconds(window * FIRST);
		r = take(planning);
	}
	for (int i = 0; i < samples && r == 0; i++) {
		r = fleet_look_new(&planning->fleet, &planning->sampler);
		if (r == 0)
			r = counted_look(&planning->counted, &planning->fleet, &planning->sampler);
		if (r < 0)
			break;
		wait_seconds(rest / samples);
		r = take(planning);
	}
	return r;
}

/*
 * The same with the samples of a recording, up to the moment that was asked for. Those from before
 * a CPU came or went are passed over. Returns how many there were, or -errno.
 */
static int replay(struct planning *planning)
{
	struct source *source = planning->machine.source;
	double window = planning->options.interval > 0 ? planning->options.interval : RECORDED_S;
	uint64_t end_ns = 0, end_mono_ns = 0, time_ns, mono_ns = 0,
		 window_ns = (uint64_t)(window * 1e9);
	int n = 0, r = source_moment(source, &end_ns, &end_mono_ns);

	if (r == 0)
		r = source_seek(source, end_ns > window_ns ? end_ns - window_ns : 0);
	while (r == 0) {
		r = take(planning);
		n += r == 0;
		if (r == 0)
			r = fleet_look_new(&planning->fleet, &planning->sampler);
		if (r == 0)
			r = counted_look(&planning->counted, &planning->fleet, &planning->sampler);
		if (r == 0 || r == -ESTALE)
			r = source_moment(source, &time_ns, &mono_ns);
		if (r == 0)
			r = mono_ns < end_mono_ns ? source_advance(source, 0) : -ENODATA;
	}
	return r == -ENODATA ? n : r;
}

/*
 * How long the machine was counted, 1 s at least: as long as the CPU that was counted longest. Time
 * that another one lacks is no work: it was offline then.
 */
static double counted_seconds(struct sample *sample)
{
	uint64_t most = PROC_STAT_HZ;

	for (size_t i = 0; i < sample->n_cpus; i++) {
		if (sample->cpus[i].total_ticks > most)
			most = sample->cpus[i].total_ticks;
	}
	for (size_t i = 0; i < sample->n_cpus; i++) {
		sample->cpus[i].idle_ticks += most - sample->cpus[i].total_ticks;
		sample->cpus[i].total_ticks = most;
	}
	return (double)most / PROC_STAT_HZ;
}

/* Where each one is: before anything is learned, since there is only one sample to learn from. */
static int look_at_all(struct planning *planning)
{
	for (uint32_t i = 0; i < planning->fleet.n_irqs; i++) {
		struct cpuset unused = {0};
		int r = fleet_look(&planning->fleet, &planning->sampler, i, &unused);

		cpuset_done(&unused);
		if (r == -ENOMEM)
			return r;
	}
	return 0;
}

/* A root shows one instant: what happened since boot, on average. */
static int since_boot(struct planning *planning)
{
	struct sample *sample = &planning->sample;
	struct sample zero = {.mono_ns = 1};
	int r = sampler_take(&planning->sampler, sample);

	if (r < 0)
		return r;
	zero.n_cpus = sample->n_cpus;
	zero.cpus = calloc(sample->n_cpus + 1, sizeof(*zero.cpus));
	if (!zero.cpus)
		return -ENOMEM;
	for (size_t i = 0; i < sample->n_cpus; i++)
		zero.cpus[i].cpu = sample->cpus[i].cpu;
	r = look_at_all(planning);
	if (r == 0)
		r = engine_sample(&planning->fleet.engine, &zero);
	sample->mono_ns = zero.mono_ns + (uint64_t)(counted_seconds(sample) * 1e9);
	if (r == 0)
		r = engine_sample(&planning->fleet.engine, sample);
	sample_done(&zero);
	return r;
}

/* As much as the source tells of what happened: the machine at hand, samples, or one instant. */
static int learn(struct planning *planning)
{
	struct source *source = planning->machine.source;
	int n;

	if (source->live)
		return watch(planning);
	n = source_has_moments(source) ? replay(planning) : 0;
	if (n < 0)
		return n;
	return n > 1 ? 0 : since_boot(planning);
}

static json_t *fill_json(const struct balance_fill *fill)
{
	return json_pack("{s:f,s:f,s:f,s:f}", "max", fill->max, "mean", fill->mean, "bound",
			 fill->bound, "remote_share", fill->remote);
}

static json_t *move_json(const struct planning *planning, const struct balance_move *move)
{
	const struct engine *engine = &planning->fleet.engine;
	json_t *from = move->from == BALANCE_NOWHERE
			       ? json_null()
			       : json_sprintf("%" PRIu32, engine->cpus[move->from].place.cpu);

	return json_pack("{s:o,s:o,s:o,s:f,s:o}", "irq",
			 json_sprintf("%" PRId32, engine->irqs[move->irq].irq), "from", from, "to",
			 json_sprintf("%" PRIu32, engine->cpus[move->to].place.cpu), "load",
			 engine_load(engine, move->irq).load, "reason", json_text(move->reason));
}

/* Before, after, the moves, and the busy interrupts that nobody can move. */
static json_t *plan_json(const struct planning *planning)
{
	const struct balance_plan *plan = &planning->plan;
	const struct engine *engine = &planning->fleet.engine;
	json_t *moves = json_array(), *left = json_array();

	for (size_t i = 0; i < plan->n_moves; i++)
		json_array_append_new(moves, move_json(planning, &plan->moves[i]));
	for (uint32_t i = 0; i < engine->n_irqs; i++) {
		const struct engine_irq *irq = &engine->irqs[i];

		if (irq->fixed && engine_load(engine, i).busy)
			json_array_append_new(left, json_pack("{s:o,s:o}", "irq",
							      json_sprintf("%" PRId32, irq->irq),
							      "why", json_text(irq->fixed)));
	}
	return json_pack("{s:o,s:o,s:o,s:o}", "before", fill_json(&plan->before), "after",
			 fill_json(&plan->after), "moves", moves, "left", left);
}

static int summarize(const struct planning *planning)
{
	const struct balance_plan *plan = &planning->plan;
	_cleanup_(buf_done) struct buf out = {0};
	int r;

	if (plan->n_moves)
		r = buf_printf(&out,
			       ngettext("The busiest CPU spends %.2f of its time on interrupts; "
					"%.2f after %zu move; no placement is below %.2f.\n",
					"The busiest CPU spends %.2f of its time on interrupts; "
					"%.2f after %zu moves; no placement is below %.2f.\n",
					plan->n_moves),
			       plan->before.max, plan->after.max, plan->n_moves, plan->after.bound);
	else
		r = buf_printf(
			&out,
			_("The busiest CPU spends %.2f of its time on interrupts; nothing is "
			  "worth a move (no placement is below %.2f).\n"),
			plan->before.max, plan->after.bound);
	return r < 0 ? out_of_memory() : print_out(&out);
}

static int report(struct planning *planning)
{
	const struct balance_plan *plan = &planning->plan;
	struct change_options *options = &planning->options.change;
	const struct engine *engine = &planning->fleet.engine;
	struct change *changes = calloc(plan->n_moves + 1, sizeof(*changes));
	json_t *extra = options->json ? plan_json(planning) : NULL;
	int r = changes && (extra || !options->json) ? 0 : -ENOMEM;

	for (size_t i = 0; i < plan->n_moves && r == 0; i++) {
		changes[i] = (struct change){
			.setting = {.kind = SETTING_IRQ,
				    .irq = engine->irqs[plan->moves[i].irq].irq},
			.note = plan->moves[i].reason,
		};
		r = cpuset_add(&changes[i].wanted, engine->cpus[plan->moves[i].to].place.cpu);
	}
	options->dry_run = options->dry_run || !planning->options.apply;
	if (r < 0)
		r = out_of_memory();
	else if (!options->json)
		r = summarize(planning);
	if (r == 0 && (plan->n_moves || options->json)) {
		struct change_report how = {.schema = "irqctl.plan/1", .extra = extra};

		r = changes_run(planning->context, &planning->machine, &how, options, changes,
				plan->n_moves);
	}
	for (size_t i = 0; changes && i < plan->n_moves; i++)
		change_done(&changes[i]);
	free(changes);
	json_decref(extra);
	return r;
}

static int make_plan(struct planning *planning)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct source *source = planning->machine.source;
	const char *recorded = context_recorded(planning->context), *times = "/proc/stat";
	int r = fleet_build(source, &planning->config, NULL, &planning->fleet, &error);

	if (r == 0) {
		complain_lines(&planning->fleet.unmatched);
		r = sampler_open(source, &planning->sampler);
	}
	if (r == 0)
		r = learn(planning);
	if (r == 0)
		r = fleet_plan(&planning->fleet, &planning->sampler, true, &planning->plan);
	if (r == 0)
		return 0;
	if (r == -ENOMEM)
		return out_of_memory();
	if (planning->machine.snapshot.system == SYSTEM_FREEBSD)
		times = recorded ? "/sysctl/kern.cp_times" : "sysctl kern.cp_times";
	if (!error.len)
		buf_printf(&error, "plan: %s%s: %s", recorded ? recorded : "", times, strerror(-r));
	complain_lines(&error);
	return recorded || r == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

static int plan_do(struct planning *planning, int n_operands, char **operands)
{
	int r;

	if (n_operands) {
		complain(_("plan: it is for the whole machine, not for '%s'; irqctl spread places "
			   "the queues of a device"),
			 operands[0]);
		return EXIT_USAGE;
	}
	if (planning->options.apply && planning->options.change.dry_run) {
		complain(_("plan: either --apply or --dry-run"));
		return EXIT_USAGE;
	}
	r = planning->options.apply ? changes_check(planning->context, &planning->options.change)
				    : 0;
	if (r == 0)
		r = read_config(planning);
	if (r == 0)
		r = machine_read(planning->context, &planning->machine);
	if (r == 0)
		r = make_plan(planning);
	return r ? r : report(planning);
}

static int plan_run(struct context *context, int argc, char **argv)
{
	struct planning planning = {.context = context};
	int first, r = verb_begin(&verb_plan, context, argc, argv, &planning.options.change.common,
				  &first);

	if (r >= 0)
		return r;
	r = plan_do(&planning, argc - first, argv + first);
	balance_plan_done(&planning.plan);
	sample_done(&planning.sample);
	counted_done(&planning.counted);
	sampler_close(&planning.sampler);
	fleet_done(&planning.fleet);
	config_done(&planning.config);
	machine_done(&planning.machine);
	return r;
}

const struct verb verb_plan = {
	.name = "plan",
	.summary = SUMMARY_PLAN,
	.synopsis = N_("[OPTION...]"),
	.about =
		N_("Looks at the machine for a second, learns what each interrupt costs, and shows "
		   "which moves would lower the load of the busiest CPU, with a reason for each. "
		   "With --apply it makes them. 'irqctl daemon' does this all the time."),
	.options = plan_options,
	.run = plan_run,
};
