/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/steering.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "model/select.h"
#include "parse/cpulist.h"

/* Whether an interface has queues of its own, and no other interface below it that has the real
 * ones. */
static int is_physical(const struct machine *machine, const char *name, bool *ret)
{
	_cleanup_(buf_done) struct buf path = {0};
	_cleanup_(strv_done) struct strv entries = {0};
	bool has_queues = false, has_lower = false;
	int r;

	*ret = false;
	if (strchr(name, '/'))
		return 0;
	r = buf_printf(&path, "sys/class/net/%s", name);
	if (r == 0)
		r = source_list(machine->source, buf_text(&path), &entries);
	for (size_t i = 0; i < entries.n; i++) {
		has_queues = has_queues || strcmp(entries.items[i], "queues") == 0;
		has_lower = has_lower || text_has_prefix(entries.items[i], "lower_");
	}
	*ret = has_queues && !has_lower;
	return r == -ENOMEM ? r : 0;
}

static int add_interface(const struct machine *machine, const char *name, struct strv *out)
{
	bool wanted;
	int r = is_physical(machine, name, &wanted);

	if (r < 0 || !wanted || strv_has(out, name))
		return r;
	return strv_add(out, name);
}

/* Those of devices that were named by address or driver, or with a glob. */
static int add_of_device(const struct machine *machine, const char *name, struct strv *out)
{
	const struct model *model = &machine->model;
	const struct snapshot *snapshot = &machine->snapshot;
	int r = 0;

	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		const struct interrupt *interrupt = &model->items[i];

		if (interrupt->interface && interrupt->row->number >= 0 &&
		    select_device(interrupt, name))
			r = add_interface(machine, interrupt->interface, out);
	}
	/* one without interrupts is no part of the model */
	for (size_t i = 0; i < snapshot->n_devices && r == 0; i++) {
		const struct device *device = &snapshot->devices[i];

		if (strcmp(device->address, name) != 0 &&
		    (!device->parent || strcmp(device->parent, name) != 0))
			continue;
		for (size_t k = 0; k < device->interfaces.n && r == 0; k++)
			r = add_interface(machine, device->interfaces.items[k], out);
	}
	return r;
}

int steering_interfaces(const struct machine *machine, const struct strv *names, struct strv *out)
{
	int r = 0;

	for (size_t i = 0; i < names->n && r == 0; i++) {
		r = add_interface(machine, names->items[i], out);
		if (r == 0)
			r = add_of_device(machine, names->items[i], out);
	}
	return r;
}

static bool exists(const struct machine *machine, const char *path)
{
	uint32_t mode;

	return source_mode(machine->source, path, &mode) == 0;
}

/* Whether an interface shows its queues, and not that of the interrupt. 1, 0 or -ENOMEM. */
static int is_unused(const struct machine *machine, const struct interrupt *interrupt)
{
	_cleanup_(buf_done) struct buf path = {0};
	const char *kind = interrupt->direction == QUEUE_TX ? "tx" : "rx";
	int r = buf_printf(&path, "sys/class/net/%s/queues/%s-0", interrupt->interface, kind);

	if (r < 0 || !exists(machine, buf_text(&path)))
		return r;
	buf_cut(&path, path.len - 1);
	r = buf_printf(&path, "%" PRId32, interrupt->queue);
	return r < 0 ? r : !exists(machine, buf_text(&path));
}

int steering_unused(const struct machine *machine, bool *unused)
{
	const struct model *model = &machine->model;
	int r = 0;

	for (size_t i = 0; i < model->n_items && r >= 0; i++) {
		const struct interrupt *interrupt = &model->items[i];

		if (!interrupt->interface || interrupt->queue < 0 || !interrupt->driver ||
		    strcmp(interrupt->driver, "virtio_net") != 0)
			continue;
		r = is_unused(machine, interrupt);
		unused[i] = r > 0;
	}
	return r < 0 ? r : 0;
}

static int64_t only_cpu(bool known, const struct cpuset *set)
{
	return known && cpuset_count(set) == 1 ? cpuset_next(set, 0) : -1;
}

/* Where an interrupt will be served, -1: not known. */
static int64_t cpu_of(const struct spread_plan *plan, const struct interrupt *interrupt)
{
	const struct irq_facts *facts = interrupt->facts;
	int64_t cpu;

	for (size_t i = 0; i < plan->n_moves; i++) {
		if (plan->moves[i].interrupt == interrupt)
			return plan->moves[i].cpu;
	}
	if (!facts)
		return -1;
	cpu = only_cpu(facts->has_effective, &facts->effective);
	return cpu >= 0 ? cpu : only_cpu(facts->has_requested, &facts->requested);
}

/*
 * How well an interrupt fits a queue: 3 it is the queue's, 2 it is that of the other direction, 1
 * it does all the work of the interface, 0 it has nothing to do with it.
 */
static int fit(const struct interrupt *interrupt, const char *interface, uint32_t index,
	       enum queue_direction direction)
{
	if (!interrupt->interface || interrupt->row->number < 0 ||
	    strcmp(interrupt->interface, interface) != 0 || interrupt->direction == QUEUE_ADMIN)
		return 0;
	if (interrupt->queue < 0)
		return 1;
	if ((uint32_t)interrupt->queue != index)
		return 0;
	return interrupt->direction == direction || interrupt->direction == QUEUE_RXTX ? 3 : 2;
}

static int64_t queue_cpu(const struct machine *machine, const struct spread_plan *plan,
			 const char *interface, uint32_t index, enum queue_direction direction)
{
	const struct model *model = &machine->model;
	const struct interrupt *best = NULL;
	int best_fit = 0;

	for (size_t i = 0; i < model->n_items && best_fit < 3; i++) {
		int this_fit = fit(&model->items[i], interface, index, direction);

		if (this_fit <= best_fit)
			continue;
		best = &model->items[i];
		best_fit = this_fit;
	}
	return best ? cpu_of(plan, best) : -1;
}

struct queue_list {
	struct steering_queue *items;
	size_t n, cap;
};

static int read_queue(const struct machine *machine, const char *folder, bool is_rx,
		      struct steering_queue *queue)
{
	_cleanup_(buf_done) struct buf path = {0}, text = {0};
	_cleanup_(cpuset_done) struct cpuset cpus = {0};
	int r = buf_printf(&path, "%s/%s", folder, is_rx ? "rps_cpus" : "xps_cpus");

	if (r < 0)
		return r;
	/* not every kernel has them, and a device of a single queue cannot show its XPS */
	r = source_read(machine->source, buf_text(&path), &text);
	queue->has_cpus = r == 0;
	if (r == 0) {
		buf_rstrip(&text);
		r = cpumask_parse(buf_text(&text), text.len, &cpus);
		queue->is_on = r == 0 && cpuset_next(&cpus, 0) >= 0;
	}
	if (r == -ENOMEM || !is_rx)
		return r == -ENOMEM ? r : 0;
	buf_cut(&path, strlen(folder));
	r = buf_puts(&path, "/rps_flow_cnt");
	if (r == 0)
		queue->has_flows = source_read(machine->source, buf_text(&path), &text) == 0;
	return r;
}

static int add_queue(const struct machine *machine, const struct spread_plan *plan,
		     const char *interface, const char *name, struct queue_list *list)
{
	_cleanup_(buf_done) struct buf folder = {0};
	bool is_rx = text_has_prefix(name, "rx-");
	struct steering_queue queue = {0};
	uint64_t index;
	int r;

	if (number_parse(name + strlen("rx-"), INT32_MAX, &index) < 0)
		return 0;
	r = buf_printf(&folder, "sys/class/net/%s/queues/%s", interface, name);
	if (r == 0)
		r = read_queue(machine, buf_text(&folder), is_rx, &queue);
	if (r == 0)
		r = ARRAY_RESERVE(list->items, list->n + 1, list->cap);
	if (r != 0)
		return r;
	queue.index = (uint32_t)index;
	queue.cpu = queue_cpu(machine, plan, interface, queue.index, is_rx ? QUEUE_RX : QUEUE_TX);
	list->items[list->n++] = queue;
	return 0;
}

static int compare_queue(const void *a, const void *b)
{
	const struct steering_queue *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

static int read_queues(const struct machine *machine, const struct spread_plan *plan,
		       const char *interface, const char *prefix, struct queue_list *list)
{
	_cleanup_(buf_done) struct buf path = {0};
	_cleanup_(strv_done) struct strv names = {0};
	int r = buf_printf(&path, "sys/class/net/%s/queues", interface);

	if (r == 0)
		r = source_list(machine->source, buf_text(&path), &names);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < names.n && r == 0; i++) {
		if (text_has_prefix(names.items[i], prefix))
			r = add_queue(machine, plan, interface, names.items[i], list);
	}
	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items), compare_queue);
	return r;
}

static int32_t node_of(const struct machine *machine, const char *interface)
{
	const struct snapshot *snapshot = &machine->snapshot;

	for (size_t i = 0; i < snapshot->n_devices; i++) {
		if (strv_has(&snapshot->devices[i].interfaces, interface))
			return snapshot->devices[i].node;
	}
	return -1;
}

static int read_interface(const struct machine *machine, const struct spread_plan *plan,
			  const char *name, struct steering_interface *interface)
{
	struct queue_list tx = {0}, rx = {0};
	int r = read_queues(machine, plan, name, "tx-", &tx);

	if (r == 0)
		r = read_queues(machine, plan, name, "rx-", &rx);
	*interface = (struct steering_interface){.name = name,
						 .node = node_of(machine, name),
						 .tx = tx.items,
						 .rx = rx.items,
						 .n_tx = tx.n,
						 .n_rx = rx.n};
	return r;
}

int steering_read(const struct machine *machine, const struct spread_plan *plan,
		  const struct strv *interfaces, struct steering_facts *ret)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = 0;

	*ret = (struct steering_facts){.interfaces =
					       calloc(interfaces->n + 1, sizeof(*ret->interfaces))};
	if (!ret->interfaces)
		return -ENOMEM;
	for (size_t i = 0; i < interfaces->n && r == 0; i++)
		r = read_interface(machine, plan, interfaces->items[i], &ret->interfaces[ret->n++]);
	if (r == 0 &&
	    source_read(machine->source, "proc/sys/net/core/rps_sock_flow_entries", &text) == 0) {
		buf_rstrip(&text);
		ret->has_entries = number_parse(buf_text(&text), UINT32_MAX, &ret->entries) == 0;
	}
	return r;
}

void steering_facts_done(struct steering_facts *facts)
{
	for (size_t i = 0; i < facts->n; i++) {
		free(facts->interfaces[i].tx);
		free(facts->interfaces[i].rx);
	}
	free(facts->interfaces);
	*facts = (struct steering_facts){0};
}

int steering_change(const struct steering_setting *setting, struct change *ret)
{
	static const enum setting_kind kinds[] = {
		[STEERING_XPS] = SETTING_XPS,
		[STEERING_RPS] = SETTING_RPS,
		[STEERING_FLOWS] = SETTING_RPS_FLOWS,
		[STEERING_ENTRIES] = SETTING_RFS,
	};

	*ret = (struct change){
		.setting = {.kind = kinds[setting->kind],
			    .interface = setting->interface,
			    .queue = setting->queue},
		.wanted_number = setting->number,
		.note = setting->reason,
	};
	return cpuset_copy(&ret->wanted, &setting->cpus);
}
