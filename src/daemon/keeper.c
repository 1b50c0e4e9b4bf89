/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/keeper.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/heap.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "daemon/keeper_moves.h"
#include "daemon/log.h"

#define FIRST_S       0.25 /* the first two samples only find out what is busy */
#define CHECK_SAMPLES 4u   /* between two looks at which CPUs are isolated */

int keeper_journal_path(const char *state_dir, struct buf *out)
{
	return buf_printf(out, "%s/daemon.db", state_dir);
}

/* Without a file of that name the defaults hold, unless the file was asked for. */
static int read_config(const struct keeper_options *options, struct config **ret, struct buf *error)
{
	const char *path = options->config_path ? options->config_path : CONFIG_FILE;
	struct config *config = calloc(1, sizeof(*config));
	int r;

	if (!config)
		return -ENOMEM;
	r = config_read(path, config, error);
	if (r == -ENOENT && !options->config_path)
		r = config_defaults(config);
	else if (r < 0 && !error->len)
		buf_printf(error, "%s: %s", path, strerror(-r));
	if (r < 0) {
		config_done(config);
		free(config);
		return r;
	}
	*ret = config;
	return 0;
}

/* What a daemon that was killed had changed: that is the state to come back to. */
static int read_old(struct keeper *keeper, struct buf *error)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = keeper_journal_path(keeper->state_dir, &path);

	if (r < 0)
		return r;
	r = journal_open(buf_text(&path), false, buf_text(&keeper->boot), &keeper->journal, error);
	if (r == -ENOENT)
		return 0;
	if (r == -ESTALE) {
		log_info("%s; it is removed", buf_text(error));
		buf_cut(error, 0);
		return journal_remove(buf_text(&path));
	}
	if (r == 0)
		r = journal_originals(keeper->journal, &keeper->old, error);
	if (r == 0 && keeper->old.n)
		log_warning("%s: an earlier daemon was killed, or ended with --keep; the %zu "
			    "affinities that it changed will be put back at the end of this one",
			    buf_text(&path), keeper->old.n);
	return r;
}

bool keeper_is_original_of(const struct record_entry *entry, const struct fleet_irq *irq,
			   int32_t number)
{
	bool same_number = entry->setting.irq == number;

	if (strcmp(entry->actions, irq->actions) != 0)
		return false;
	/* without a device and a handler there is nothing but the number */
	if (!same_number && (entry->vector != irq->vector || (!entry->device && !*irq->actions)))
		return false;
	return entry->device && irq->device ? strcmp(entry->device, irq->device) == 0
					    : !entry->device && !irq->device;
}

static int adopt_old(struct keeper *keeper)
{
	int r = 0;

	for (size_t i = 0; i < keeper->fleet.n_irqs && keeper->old.n && r == 0; i++) {
		struct fleet_irq *irq = &keeper->fleet.irqs[i];

		for (size_t k = 0; k < keeper->old.n && r == 0 && !irq->journaled; k++) {
			if (!keeper_is_original_of(&keeper->old.entries[k], irq,
						   keeper->fleet.engine.irqs[i].irq))
				continue;
			irq->journaled = true;
			r = cpuset_copy(&irq->original, &keeper->old.entries[k].cpus);
		}
	}
	return r;
}

static int build_fleet(struct keeper *keeper, struct config *config, struct buf *error)
{
	struct fleet fleet;
	int r;

	keeper_has_writes(keeper); /* to what had the numbers until now */
	r = fleet_build(keeper->source, config, keeper->fleet.source ? &keeper->fleet : NULL,
			&fleet, error);
	if (r < 0) {
		fleet_done(&fleet);
		return r;
	}
	if (keeper->fleet.source && !cpuset_equal(&keeper->fleet.online, &fleet.online))
		keeper->hotplug_ns = clock_ns(CLOCK_MONOTONIC);
	fleet_done(&keeper->fleet);
	keeper->fleet = fleet;
	keeper->fleet.engine.topology = &keeper->fleet.topology; /* where it lives now */
	keeper->stale = false;
	keeper->n_watch = 0;
	keeper->samples = 0;
	keeper_tell_writes(keeper);
	fleet_check_room(&keeper->fleet, clock_ns(CLOCK_MONOTONIC));
	if (config->thermal)
		fleet_set_hot(&keeper->fleet, &keeper->hot);
	keeper->sampler.is_learned = false; /* what a driver that was loaded again has is new */
	r = adopt_old(keeper);
	heap_trim(); /* the snapshot it was made from was large */
	return r;
}

static int open_source(struct keeper *keeper, struct buf *error)
{
	const char *root = keeper->options.root;
	int r = root ? source_open_root(root, &keeper->source) : source_open_live(&keeper->source);

	if (r < 0)
		buf_printf(error, "%s: %s", root ? root : "this machine", strerror(-r));
	return r;
}

int keeper_init(struct keeper *keeper, const struct keeper_options *options, struct buf *error)
{
	int r;

	*keeper = (struct keeper){.options = *options};
	r = read_config(options, &keeper->config, error);
	if (r < 0)
		return r;
	log_init(keeper->config->log_level);
	keeper->state_dir = strdup(keeper->config->state_dir);
	if (!keeper->state_dir)
		return -ENOMEM;
	r = open_source(keeper, error);
	if (r == 0)
		r = source_boot_id(keeper->source, &keeper->boot);
	if (r == 0)
		keeper->applier = applier_live(keeper->source);
	return r;
}

/* Once for each configuration: devices may come later, and no error is made of that. */
static void say_unmatched(const struct keeper *keeper)
{
	log_lines(CONFIG_LOG_INFO, buf_text(&keeper->fleet.unmatched));
}

int keeper_start(struct keeper *keeper, struct buf *error)
{
	int r = keeper->options.observe ? 0 : read_old(keeper, error);

	if (r == 0)
		r = sampler_open(keeper->source, &keeper->sampler);
	if (r == 0)
		r = build_fleet(keeper, keeper->config, error);
	if (r == 0)
		say_unmatched(keeper);
	return r;
}

void keeper_done(struct keeper *keeper)
{
	for (size_t i = 0; i < KEEPER_MOVES; i++)
		keeper_move_done(&keeper->moves[i]);
	free(keeper->watch);
	free(keeper->state_dir);
	buf_done(&keeper->boot);
	free(keeper->trouble);
	cpuset_done(&keeper->hot);
	cpuset_done(&keeper->strangers);
	sample_done(&keeper->sample);
	counted_done(&keeper->counted);
	attribution_done(&keeper->attribution);
	sampler_close(&keeper->sampler);
	affinity_events_close(&keeper->events);
	fleet_done(&keeper->fleet);
	record_done(&keeper->old);
	journal_close(keeper->journal);
	source_close(keeper->source);
	if (keeper->config)
		config_done(keeper->config);
	free(keeper->config);
	*keeper = (struct keeper){0};
}

void keeper_changed(struct keeper *keeper)
{
	keeper->stale = true;
}

void keeper_hot(struct keeper *keeper)
{
	_cleanup_(buf_done) struct buf list = {0};

	keeper_wake(keeper);
	if (!keeper->config->thermal || !fleet_set_hot(&keeper->fleet, &keeper->hot) ||
	    cpuset_format(&keeper->hot, &list) < 0)
		return;
	if (list.len)
		log_info("the processor asks to leave CPU %s idle", buf_text(&list));
	else
		log_info("the processor asks for no CPU to be left idle any more");
}

int keeper_reload(struct keeper *keeper, struct buf *error)
{
	struct config *config, *old = keeper->config;
	int r = read_config(&keeper->options, &config, error);

	if (r < 0)
		return r;
	r = build_fleet(keeper, config, error);
	if (r < 0) {
		config_done(config);
		free(config);
		return r;
	}
	keeper_wake(keeper);
	keeper->config = config;
	config_done(old);
	free(old);
	log_init(config->log_level);
	say_unmatched(keeper);
	return 0;
}

/*
 * Interrupts that come and that the fleet does not know. Those that the kernel hides are in no
 * table, however often that is read (IRQ_HIDDEN, kernel/irq/proc.c): they are noted in `known`.
 */
static int find_new(const struct keeper *keeper, struct cpuset *known)
{
	const struct engine *engine = &keeper->fleet.engine;
	const struct sample *sample = &keeper->sample;
	size_t next = 0;
	int found = 0;

	for (size_t i = 0; i < sample->n_counts; i++) {
		while (next < engine->n_irqs && (size_t)engine->irqs[next].irq < i)
			next++;
		if (!sample->counts[i] ||
		    (next < engine->n_irqs && (size_t)engine->irqs[next].irq == i))
			continue;
		if (!cpuset_has(&keeper->strangers, (uint32_t)i))
			found = 1;
		if (known && cpuset_add(known, (uint32_t)i) == -ENOMEM)
			return -ENOMEM;
	}
	return found;
}

static void say_trouble(struct keeper *keeper, const char *what)
{
	if (keeper->trouble && strcmp(keeper->trouble, what) == 0)
		return;
	free(keeper->trouble);
	keeper->trouble = strdup(what);
	log_lines(CONFIG_LOG_ERROR, what);
}

/* A machine that cannot be read, or that the configuration does not fit, is said once. */
static int rebuild(struct keeper *keeper)
{
	_cleanup_(buf_done) struct buf error = {0};
	_cleanup_(cpuset_done) struct cpuset strangers = {0};
	int r = build_fleet(keeper, keeper->config, &error);

	if (r < 0) {
		say_trouble(keeper, error.len ? buf_text(&error) : strerror(-r));
		return r;
	}
	if (keeper->trouble)
		log_info("the machine can be balanced again");
	free(keeper->trouble);
	keeper->trouble = NULL;
	r = find_new(keeper, &strangers);
	return r < 0 ? r : cpuset_copy(&keeper->strangers, &strangers);
}

static int take(struct keeper *keeper)
{
	int r = sampler_take(&keeper->sampler, &keeper->sample);

	if (r == 0)
		r = keeper_attribute(keeper);
	if (r < 0)
		return r;
	if (!keeper->stale && find_new(keeper, NULL) == 1)
		keeper->stale = true;
	if ((keeper->samples % CHECK_SAMPLES == 0 || keeper->rest.length_s > 0) &&
	    fleet_is_stale(&keeper->fleet) == 1)
		keeper->stale = true;
	if (keeper->stale && rebuild(keeper) < 0)
		return -EAGAIN;
	r = engine_sample(&keeper->fleet.engine, &keeper->sample);
	if (r == -ESTALE) {
		r = rebuild(keeper) < 0 ? -EAGAIN : 0;
		if (r == 0)
			r = engine_sample(&keeper->fleet.engine, &keeper->sample);
	}
	/* a CPU came or went between the two files: the next sample will see both */
	return r == -ESTALE ? -EAGAIN : r;
}

static int act(struct keeper *keeper)
{
	int r;

	keeper_measure(keeper);
	if (clock_ns(CLOCK_MONOTONIC) < keeper->retry_ns)
		return 0;
	fleet_check_room(&keeper->fleet, clock_ns(CLOCK_MONOTONIC));
	r = keeper_pins(keeper);
	return r < 0 ? r : keeper_balance(keeper);
}

double keeper_step(struct keeper *keeper)
{
	double before = keeper->fleet.engine.time_s;
	bool first = !keeper->fleet.engine.has_sample;
	double glance_s = keeper_glance(keeper);
	int r;

	if (glance_s > 0)
		return glance_s;
	keeper->n_steps++;
	keeper->samples++;
	/* first of all: what another driver has now is not looked at as what it was before */
	r = keeper->stale && rebuild(keeper) < 0 ? -EAGAIN : 0;
	if (r == 0)
		r = keeper_look(keeper);
	if (r == 0)
		r = take(keeper);
	if (r == 0)
		r = fleet_look_new(&keeper->fleet, &keeper->sampler);
	if (r == 0)
		r = counted_look(&keeper->counted, &keeper->fleet, &keeper->sampler);
	/* a fleet that was just built learns before it acts */
	if (r == 0 && keeper->fleet.engine.time_s > before)
		r = act(keeper);
	if (r < 0 && r != -EAGAIN)
		log_error("this sample was lost: %s", strerror(-r));
	return first || keeper->fleet.engine.time_s <= 0 ? FIRST_S : keeper_interval(keeper);
}
