/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/fleet.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/strmap.h"
#include "model/freebsd.h"
#include "model/model.h"
#include "parse/cpulist.h"
#include "plan/room.h"
#include "snapshot/cpus.h"
#include "snapshot/snapshot.h"
#include "view/cells.h"

/* While it is built: what is gone afterwards. */
struct builder {
	struct fleet *fleet;
	struct snapshot snapshot;
	struct model model;
	struct cpu_sets sets;
	struct engine_irq *irqs;
	struct engine_cpu *cpus;
	size_t n_cpus;
	struct strmap kin, devices, pairs, vectors;
	uint32_t n_kin, n_devices, n_pairs;
	struct buf *error;
};

static void builder_done(struct builder *builder)
{
	model_done(&builder->model);
	snapshot_done(&builder->snapshot);
	cpu_sets_done(&builder->sets);
	free(builder->irqs);
	free(builder->cpus);
	strmap_done(&builder->kin);
	strmap_done(&builder->devices);
	strmap_done(&builder->pairs);
	strmap_done(&builder->vectors);
}

/* The number of a name, from 1, new names get the next one. 0: out of memory. */
static uint32_t number_of(struct builder *builder, struct strmap *map, const char *name,
			  uint32_t *n)
{
	const char *key;
	const uint32_t *known = strmap_find(map, name, strlen(name));
	uint32_t *number;

	if (known)
		return *known;
	key = arena_strdup(&builder->snapshot.strings, name);
	number = arena_alloc(&builder->snapshot.strings, sizeof(*number));
	if (!key || !number || strmap_add(map, key, strlen(key), number) < 0)
		return 0;
	return *number = ++*n;
}

/* The next one among those of the same name, from 0. */
static int count_of(struct builder *builder, const char *name, uint32_t *ret)
{
	uint32_t *count = (uint32_t *)strmap_find(&builder->vectors, name, strlen(name));
	const char *key;

	if (count) {
		*ret = ++*count;
		return 0;
	}
	key = arena_strdup(&builder->snapshot.strings, name);
	count = arena_alloc(&builder->snapshot.strings, sizeof(*count));
	if (!key || !count || strmap_add(&builder->vectors, key, strlen(key), count) < 0)
		return -ENOMEM;
	*ret = *count = 0;
	return 0;
}

static const char *keep_text(struct fleet *fleet, const char *text)
{
	return arena_strdup(&fleet->strings, text);
}

/* Devices have many interrupts: their texts are kept once. */
static const char *keep_device(struct builder *builder, const char *text, uint32_t *ret_number)
{
	uint32_t before = builder->n_devices;
	uint32_t number = number_of(builder, &builder->devices, text, &builder->n_devices);
	const char *kept;

	if (!number)
		return NULL;
	*ret_number = number;
	if (number > before) {
		kept = keep_text(builder->fleet, text);
		return kept;
	}
	for (size_t i = 0; i < builder->fleet->n_irqs; i++) {
		kept = builder->fleet->irqs[builder->fleet->n_irqs - 1 - i].device;
		if (kept && strcmp(kept, text) == 0)
			return kept;
	}
	return keep_text(builder->fleet, text);
}

static int identify(struct builder *builder, const struct interrupt *interrupt,
		    struct fleet_irq *ret, uint32_t *ret_device)
{
	const struct device *device = interrupt->device;
	_cleanup_(buf_done) struct buf name = {0}, key = {0};
	int r = interrupt_name(interrupt, &name);

	if (r < 0)
		return r;
	ret->actions = keep_text(builder->fleet, buf_text(&name));
	if (device) {
		ret->device = keep_device(
			builder, device->parent ? device->parent : device->address, ret_device);
		ret->owner =
			keep_text(builder->fleet,
				  interrupt->interface ? interrupt->interface : device->address);
	}
	if (!ret->actions || (device && (!ret->device || !ret->owner)))
		return -ENOMEM;
	r = name.len ? 0 : buf_printf(&name, "IRQ %" PRId32, interrupt->row->number);
	if (r == 0)
		r = buf_printf(&key, "%s %s", ret->device ? "device" : "name",
			       ret->device ? ret->device : ret->actions);
	if (r == 0)
		r = count_of(builder, buf_text(&key), &ret->vector);
	if (r < 0)
		return r;
	ret->name = name.len ? keep_text(builder->fleet, buf_text(&name)) : ret->actions;
	return ret->name ? 0 : -ENOMEM;
}

/* rx i and tx i of an interface have a number in common. */
static int pair_of(struct builder *builder, const struct interrupt *interrupt, uint32_t *ret)
{
	_cleanup_(buf_done) struct buf key = {0};
	const struct device *device = interrupt->device;
	const char *owner = interrupt->interface;

	*ret = 0;
	if (interrupt->direction != QUEUE_RX && interrupt->direction != QUEUE_TX)
		return 0;
	if (!owner && device)
		owner = device->address;
	if (!owner || interrupt->queue < 0)
		return 0;
	if (buf_printf(&key, "%s %" PRId32, owner, interrupt->queue) < 0)
		return -ENOMEM;
	*ret = number_of(builder, &builder->pairs, buf_text(&key), &builder->n_pairs);
	return *ret ? 0 : -ENOMEM;
}

static const struct cpuset *near_cpus(const struct fleet *fleet, int32_t node)
{
	if (node < 0 || (size_t)node >= fleet->n_near || cpuset_next(&fleet->near[node], 0) < 0)
		return NULL;
	return &fleet->near[node];
}

static const char *ignored_by(struct fleet *fleet, const struct config_section *section)
{
	_cleanup_(buf_done) struct buf text = {0};

	if (buf_puts(&text, "ignored by ") < 0 || config_section_name(section, &text) < 0)
		return NULL;
	return keep_text(fleet, buf_text(&text));
}

/* What the configuration says of an interrupt. */
static int apply_rule(struct builder *builder, const struct interrupt *interrupt,
		      struct fleet_irq *irq, struct engine_irq *engine)
{
	struct fleet *fleet = builder->fleet;
	struct config_rule rule;

	config_rule_for(fleet->config, &fleet->cpus, interrupt, &rule);
	engine->weight = rule.weight;
	if (rule.has_node)
		engine->node = rule.node;
	if (rule.policy == CONFIG_NEAR)
		engine->allowed = near_cpus(fleet, engine->node);
	if (rule.policy == CONFIG_ANYWHERE)
		engine->node = -1;
	if (rule.cpuset && cpuset_next(rule.cpuset, 0) < 0) {
		engine->fixed = "no CPU is online that the configuration lets it have";
	} else if (rule.cpuset) {
		engine->allowed = rule.cpuset;
		irq->pinned = rule.pin;
		irq->pin = rule.cpuset;
		if (rule.pin)
			engine->fixed = "pinned by the configuration";
	}
	irq->ignored = rule.ignore;
	if (rule.ignore) {
		engine->fixed = rule.by[CONFIG_IGNORED] ? ignored_by(fleet, rule.by[CONFIG_IGNORED])
							: "ignored by the configuration";
		return engine->fixed ? 0 : -ENOMEM;
	}
	return 0;
}

/* Who is expected to cost alike: those of a driver, or of a device where that is not known. */
static const char *kin_of(const struct interrupt *interrupt, const struct fleet_irq *irq)
{
	if (interrupt->driver)
		return interrupt->driver;
	return irq->device ? irq->device : "";
}

static int add_irq(struct builder *builder, const struct interrupt *interrupt)
{
	struct fleet *fleet = builder->fleet;
	struct fleet_irq *irq = &fleet->irqs[fleet->n_irqs];
	struct engine_irq *engine = &builder->irqs[fleet->n_irqs];
	uint32_t kin;
	int r;

	*engine = (struct engine_irq){.irq = interrupt->row->number,
				      .node = interrupt->node,
				      .weight = 1,
				      .cpu = ENGINE_NOWHERE};
	r = identify(builder, interrupt, irq, &engine->device);
	if (r == 0)
		r = pair_of(builder, interrupt, &engine->group);
	if (r < 0)
		return r;
	engine->name = irq->name;
	kin = number_of(builder, &builder->kin, kin_of(interrupt, irq), &builder->n_kin);
	if (!kin)
		return -ENOMEM;
	engine->kin = kin - 1;
	if (interrupt->settable == SETTABLE_NO)
		engine->fixed = interrupt->settable_why; /* constant text */
	else if (builder->snapshot.system == SYSTEM_FREEBSD)
		engine->fixed = freebsd_why_bound(interrupt);
	r = apply_rule(builder, interrupt, irq, engine);
	fleet->n_irqs++;
	return r;
}

static int compare_interrupts(const void *left, const void *right)
{
	const struct interrupt *a = *(const struct interrupt *const *)left;
	const struct interrupt *b = *(const struct interrupt *const *)right;

	return (a->row->number > b->row->number) - (a->row->number < b->row->number);
}

/* Numbered rows by number; a number that comes twice (no kernel prints that) counts once. */
static int add_irqs(struct builder *builder)
{
	const struct model *model = &builder->model;
	struct fleet *fleet = builder->fleet;
	_cleanup_free_ const struct interrupt **list =
		calloc(model->n_items + 1, sizeof(const struct interrupt *));
	size_t n = 0;
	int r = 0;

	fleet->irqs = calloc(model->n_items + 1, sizeof(*fleet->irqs));
	builder->irqs = calloc(model->n_items + 1, sizeof(*builder->irqs));
	if (!list || !fleet->irqs || !builder->irqs)
		return -ENOMEM;
	for (size_t i = 0; i < model->n_items; i++) {
		if (model->items[i].row->number >= 0)
			list[n++] = &model->items[i];
	}
	qsort(list, n, sizeof(const struct interrupt *), compare_interrupts);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (i && list[i]->row->number == list[i - 1]->row->number)
			continue;
		r = add_irq(builder, list[i]);
	}
	return r;
}

static int add_near(struct fleet *fleet)
{
	const struct topology *topology = &fleet->topology;
	int32_t last = -1;

	for (size_t i = 0; i < topology->n_cpus; i++) {
		if (topology->cpus[i].node > last)
			last = topology->cpus[i].node;
	}
	fleet->near = calloc((size_t)last + 2, sizeof(*fleet->near));
	if (!fleet->near)
		return -ENOMEM;
	fleet->n_near = (size_t)last + 1;
	for (size_t i = 0; i < topology->n_cpus; i++) {
		const struct topology_cpu *cpu = &topology->cpus[i];

		if (cpu->node >= 0 && cpuset_has(&fleet->cpus.allowed, cpu->cpu) &&
		    cpuset_add(&fleet->near[cpu->node], cpu->cpu) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_cpus(struct builder *builder)
{
	struct fleet *fleet = builder->fleet;

	builder->cpus = calloc(cpuset_count(&fleet->online) + 1, sizeof(*builder->cpus));
	if (!builder->cpus)
		return -ENOMEM;
	cpuset_foreach (cpu, &fleet->online) {
		const struct topology_cpu *place = topology_cpu(&fleet->topology, (uint32_t)cpu);
		struct engine_cpu *to = &builder->cpus[builder->n_cpus++];

		*to = (struct engine_cpu){
			.place = {.cpu = (uint32_t)cpu,
				  .core = -1,
				  .llc = -1,
				  .package = -1,
				  .node = -1,
				  .capacity = 1},
			.closed = !cpuset_has(&fleet->cpus.allowed, (uint32_t)cpu),
			.shielded = cpuset_has(&fleet->cpus.shield, (uint32_t)cpu),
			.room = BALANCE_NO_LIMIT,
		};
		if (place)
			to->place = *place;
		to->capacity = to->place.capacity > 0 ? to->place.capacity : 1;
	}
	return 0;
}

/* The CPUs that the kernel keeps away from its scheduler or its tick, all together. */
static int kept_free(const struct cpu_sets *sets, struct cpuset *ret)
{
	int r = cpuset_copy(ret, &sets->isolated);

	return r < 0 ? r : cpuset_or(ret, &sets->nohz_full);
}

int fleet_is_stale(const struct fleet *fleet)
{
	struct cpu_sets sets = {0};
	_cleanup_(cpuset_done) struct cpuset now = {0};
	int r = cpu_sets_read(fleet->source, &sets);

	if (r == 0)
		r = kept_free(&sets, &now);
	cpu_sets_done(&sets);
	return r < 0 ? r : !cpuset_equal(&now, &fleet->kept_free);
}

/* FreeBSD: ids may have gaps, and the CPUs of the samples are those that have spent any time. */
static int read_ticking(struct builder *builder)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(buf_done) struct buf error = {0};
	struct fleet *fleet = builder->fleet;
	int r = snapshot_take(fleet->source, SNAPSHOT_CPU_TIME, &snapshot, &error);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < snapshot.n_cpu_times && r == 0; i++)
		r = cpuset_add(&fleet->online, snapshot.cpu_times[i].cpu);
	return r;
}

static int read_machine(struct builder *builder)
{
	struct fleet *fleet = builder->fleet;
	int r = snapshot_take(fleet->source, SNAPSHOT_DEVICES, &builder->snapshot, builder->error);

	if (r == 0 && !builder->snapshot.has_interrupts) {
		buf_printf(builder->error, "%s",
			   builder->snapshot.missing.n ? builder->snapshot.missing.items[0]
						       : "/proc/interrupts: empty");
		return -ENODATA;
	}
	if (r == 0)
		r = model_build(NULL, &builder->snapshot, &builder->model);
	if (r == 0 && builder->model.arch && strcmp(builder->model.arch, "x86") == 0)
		fleet->vectors = ROOM_X86_VECTORS;
	if (r == 0)
		r = cpu_sets_read(fleet->source, &builder->sets);
	if (r == 0)
		r = cpuset_copy(&fleet->online, &builder->sets.online);
	if (r == 0)
		r = kept_free(&builder->sets, &fleet->kept_free);
	if (r == 0 && builder->snapshot.system == SYSTEM_FREEBSD)
		r = read_ticking(builder);
	if (r == 0 && cpuset_next(&fleet->online, 0) < 0)
		r = irq_table_cpus(&builder->snapshot.interrupts, &fleet->online);
	if (r < 0)
		return r;
	r = topology_load(fleet->source, &fleet->topology);
	return r == -ENOMEM ? r : 0; /* without one every CPU is a core of its own */
}

/* A configuration that fitted once is not doubted when CPUs or devices go. */
static int resolve(struct builder *builder, const struct fleet *old)
{
	struct fleet *fleet = builder->fleet;
	bool was_resolved = old && old->config == fleet->config;
	const struct config_machine machine = {
		.online = &fleet->online,
		.isolated = &builder->sets.isolated,
		.nohz_full = &builder->sets.nohz_full,
		.source = fleet->source,
		.was_resolved = was_resolved,
	};
	int r = config_resolve(fleet->config, &machine, &fleet->cpus, builder->error);

	return r < 0 || was_resolved
		       ? r
		       : config_unmatched(fleet->config, &builder->model, &fleet->unmatched);
}

static int build_engine(struct builder *builder, struct fleet *old)
{
	struct fleet *fleet = builder->fleet;
	const struct config *config = fleet->config;
	const struct engine_options options = {
		.mode = config->mode == CONFIG_PACK ? BALANCE_PACK : BALANCE_SPREAD,
		.pack_fill = config->pack_fill,
		.respect_load = config->cpu_load == CONFIG_LOAD_RESPECT,
		.moves_per_minute = config->moves_per_minute,
	};
	int r = engine_init(&fleet->engine, &options, &fleet->topology, builder->cpus,
			    builder->n_cpus, builder->irqs, fleet->n_irqs);

	return r == 0 && old ? fleet_inherit(fleet, old) : r;
}

int fleet_build(struct source *source, const struct config *config, struct fleet *old,
		struct fleet *ret, struct buf *error)
{
	_cleanup_(builder_done) struct builder builder = {.fleet = ret, .error = error};
	int r;

	*ret = (struct fleet){.source = source, .config = config};
	r = read_machine(&builder);
	if (r == 0)
		r = resolve(&builder, old);
	if (r == 0)
		r = add_near(ret);
	if (r == 0)
		r = add_cpus(&builder);
	if (r == 0)
		r = add_irqs(&builder);
	if (r == 0)
		r = build_engine(&builder, old);
	return r;
}

void fleet_done(struct fleet *fleet)
{
	engine_done(&fleet->engine);
	for (size_t i = 0; i < fleet->n_irqs; i++) {
		cpuset_done(&fleet->irqs[i].expected);
		cpuset_done(&fleet->irqs[i].original);
		cpuset_done(&fleet->irqs[i].respected);
		cpuset_done(&fleet->irqs[i].previous);
	}
	free(fleet->irqs);
	free(fleet->departed);
	free(fleet->full);
	for (size_t i = 0; i < fleet->n_near; i++)
		cpuset_done(&fleet->near[i]);
	free(fleet->near);
	config_cpus_done(&fleet->cpus);
	buf_done(&fleet->unmatched);
	topology_done(&fleet->topology);
	cpuset_done(&fleet->online);
	cpuset_done(&fleet->kept_free);
	arena_done(&fleet->strings);
	*fleet = (struct fleet){0};
}
