/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/model.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/macros.h"
#include "base/strmap.h"
#include "lore/memory.h"
#include "model/class.h"
#include "model/freebsd.h"
#include "model/owner.h"
#include "model/queue_name.h"
#include "model/rates.h"
#include "model/settable.h"

/* What building takes and the model does not keep. */
struct builder {
	struct model *model;
	const struct snapshot *now;
	struct owners owners;
	struct lore_memory lore;
	struct strmap queue_interfaces; /* interfaces with queues -> an item */
	struct settable_kernel kernel;
};

static void builder_done(struct builder *builder)
{
	owners_done(&builder->owners);
	lore_memory_done(&builder->lore);
	strmap_done(&builder->queue_interfaces);
}

const char *queue_direction_name(enum queue_direction direction)
{
	static const char *const names[] = {[QUEUE_RX] = "rx",
					    [QUEUE_TX] = "tx",
					    [QUEUE_RXTX] = "rxtx",
					    [QUEUE_ADMIN] = "admin"};

	return names[direction];
}

const char *count_source_name(enum count_source source)
{
	static const char *const names[] = {[COUNTS_MEASURED] = "measured",
					    [COUNTS_ATTRIBUTED] = "attributed",
					    [COUNTS_TOTAL] = "total"};

	return names[source];
}

uint64_t interrupt_on_cpu(const struct interrupt *interrupt, uint32_t cpu)
{
	size_t low = 0, high = interrupt->n_cells;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (interrupt->cells[middle].cpu == cpu)
			return interrupt->cells[middle].count;
		if (interrupt->cells[middle].cpu < cpu)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/* The meaning of the first handler that has one. */
static int find_action_lore(struct builder *builder, struct interrupt *item)
{
	int r = 0;

	for (size_t i = 0; i < item->desc.n_actions && r == 0 && !item->lore; i++)
		r = lore_memory_action(&builder->lore, item->desc.actions[i], &item->lore);
	return r;
}

/* The first handler that is named after a queue. */
static bool find_queue_name(const struct interrupt *item, struct queue_name *ret)
{
	for (size_t i = 0; i < item->desc.n_actions; i++) {
		if (queue_name_parse(item->desc.actions[i], ret))
			return true;
	}
	return false;
}

static const char *find_driver(const struct interrupt *item, const struct queue_name *queue)
{
	const char *driver = item->device ? item->device->driver : NULL;

	if (!driver && queue)
		driver = queue->driver;
	/* of a shared line only the first handler is meant */
	if (!driver && item->desc.n_actions)
		driver = queue_name_driver(item->desc.actions[0]);
	return driver;
}

static const char *device_interface(const struct device *device, const char *name, size_t len)
{
	for (size_t i = 0; device && i < device->interfaces.n; i++) {
		const char *known = device->interfaces.items[i];

		if (strlen(known) == len && memcmp(known, name, len) == 0)
			return known;
	}
	return NULL;
}

/*
 * The interface as sysfs calls it now; the name in a handler may be older, from before udev renamed
 * the interface, so it counts only where sysfs has none or several.
 */
static int find_interface(struct builder *builder, struct interrupt *item,
			  const struct queue_name *queue)
{
	const struct device *device = item->device;
	const char *name = queue && !queue->is_device ? queue->interface : NULL;
	size_t len = name ? queue->interface_len : 0;

	for (size_t i = 0; i < item->desc.n_actions && !name; i++) {
		const char *action = item->desc.actions[i];

		if (device_interface(device, action, strlen(action)) ||
		    queue_name_is_netdev(action, strlen(action))) {
			name = action;
			len = strlen(action);
		}
	}
	item->interface = name ? device_interface(device, name, len) : NULL;
	if (!item->interface && device && device->interfaces.n &&
	    (!name || device->interfaces.n == 1))
		item->interface = device->interfaces.items[0];
	if (item->interface || !name)
		return 0;
	item->interface = arena_strndup(&builder->model->strings, name, len);
	return item->interface ? 0 : -ENOMEM;
}

/* What netlink tells of an interrupt number; false: nothing. Several queues may share it. */
static bool apply_netlink(const struct snapshot *now, struct interrupt *item)
{
	size_t low = 0, high = now->n_queues;
	bool rx = false, tx = false;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (now->queues[middle].irq < item->row->number)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < now->n_queues && now->queues[low].irq == item->row->number; low++) {
		const struct nic_queue *queue = &now->queues[low];
		bool first = !rx && !tx;

		if (first || (int64_t)queue->index < item->queue)
			item->queue = (int32_t)queue->index;
		if (queue->interface)
			item->interface = queue->interface;
		rx = rx || queue->rx;
		tx = tx || queue->tx;
	}
	if (!rx && !tx)
		return false;
	item->direction = rx && tx ? QUEUE_RXTX : rx ? QUEUE_RX : QUEUE_TX;
	item->queue_source = "netlink";
	return true;
}

static int fill_queue(struct builder *builder, struct interrupt *item,
		      const struct queue_name *queue)
{
	if (!apply_netlink(builder->now, item)) {
		if (!queue)
			return 0;
		item->direction = queue->direction;
		item->queue = queue->index;
		item->queue_source = "name";
	}
	if (item->queue < 0 || !item->interface)
		return 0;
	return strmap_add(&builder->queue_interfaces, item->interface, strlen(item->interface),
			  item);
}

static void fill_affinity(struct builder *builder, struct interrupt *item)
{
	const struct irq_facts *facts = snapshot_irq(builder->now, item->row->number);

	item->facts = facts;
	item->node = item->device ? item->device->node : -1;
	if (!facts)
		return;
	if (item->node < 0)
		item->node = facts->node;
	item->pending = facts->has_requested && facts->has_effective && !facts->is_stale &&
			cpuset_count(&facts->effective) > 0 &&
			!cpuset_subset(&facts->effective, &facts->requested);
}

static int fill_numbered(struct builder *builder, struct interrupt *item)
{
	struct queue_name name;
	const struct queue_name *queue;
	int r = irq_desc_parse(item->row->text, &builder->model->strings, &item->desc);

	if (r == 0)
		r = find_action_lore(builder, item);
	if (r < 0)
		return r;
	queue = find_queue_name(item, &name) ? &name : NULL;
	r = owners_find(&builder->owners, item, queue, &item->device);
	if (r == 0)
		r = find_interface(builder, item, queue);
	if (r == 0)
		r = fill_queue(builder, item, queue);
	if (r < 0)
		return r;
	item->driver = find_driver(item, queue);
	item->kind = item->lore ? item->lore->kind : IRQ_KIND_DEVICE;
	item->class = class_of(item);
	fill_affinity(builder, item);
	return 0;
}

static void fill_mnemonic(const struct model *model, struct interrupt *item)
{
	const char *key = item->row->name ? item->row->name : item->row->key;

	item->lore = lore_find_row(model->arch, key, item->row->text);
	item->kind = item->row->summary ? IRQ_KIND_COUNTER : IRQ_KIND_DEVICE;
	item->class = IRQ_CLASS_OTHER;
	if (!item->lore)
		return;
	item->kind = item->lore->kind;
	item->class = item->lore->class;
}

/* A counter of FreeBSD: a device's interrupt, or a row that has its own entry. */
static int fill_counter(struct builder *builder, struct interrupt *item)
{
	struct model *model = builder->model;
	int r = 0;

	if (!freebsd_has_handler(item->row)) {
		fill_mnemonic(model, item);
		return 0;
	}
	r = freebsd_describe(item, builder->now, &builder->owners.by_interface, &model->strings);
	for (size_t i = 0; i < item->desc.n_actions && !item->lore; i++)
		item->lore = lore_find_handler(item->desc.actions[i]);
	if (!item->lore)
		item->lore = lore_find_row(model->arch, item->row->name, item->row->text);
	item->kind = item->lore ? item->lore->kind : IRQ_KIND_DEVICE;
	item->class = class_of(item);
	fill_affinity(builder, item);
	return r;
}

static bool is_countable(enum irq_kind kind)
{
	return kind == IRQ_KIND_DEVICE || kind == IRQ_KIND_IPI || kind == IRQ_KIND_EXCEPTION;
}

/* Whether the row that counts these events too is in the table and belongs to the totals. */
static bool is_counted_elsewhere(const struct model *model, const struct interrupt *item)
{
	const char *sum = item->lore ? item->lore->part_of : NULL;

	for (size_t i = 0; sum && i < model->n_items; i++) {
		const struct interrupt *other = &model->items[i];

		if (other->row->number < 0 && other != item && is_countable(other->kind) &&
		    strcmp(other->row->key, sum) == 0)
			return true;
	}
	return false;
}

/*
 * Some architectures print their one IPI vector as a numbered row, and its interrupts again by what
 * they were for (arch/loongarch/kernel/smp.c, arch/parisc/kernel/irq.c, arch/csky/kernel/smp.c,
 * arch/xtensa/kernel/smp.c): the numbered row is the sum of the others.
 */
static bool is_ipi_vector(const struct model *model, const struct interrupt *item)
{
	static const char *const arches[] = {"loongarch", "parisc", "csky", "xtensa"};
	const char *action = item->desc.n_actions == 1 ? item->desc.actions[0] : "";

	if (!model->arch ||
	    (strcasecmp(action, "IPI") != 0 && strcmp(action, "IPI Interrupt") != 0))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
		if (strcmp(model->arch, arches[i]) == 0)
			return true;
	}
	return false;
}

/* What rows of event channels a Xen guest has. */
struct xen_rows {
	bool events, resched, callfunc, irqwork;
};

static struct xen_rows find_xen_rows(const struct model *model)
{
	struct xen_rows rows = {0};

	for (size_t i = 0; i < model->n_items; i++) {
		const struct irq_desc *desc = &model->items[i].desc;
		const char *action = desc->n_actions ? desc->actions[0] : "";

		if (!desc->chip || strncmp(desc->chip, "xen-", 4) != 0)
			continue;
		rows.events = true;
		rows.resched = rows.resched || strncmp(action, "resched", 7) == 0;
		rows.callfunc = rows.callfunc || strncmp(action, "callfunc", 8) == 0;
		rows.irqwork = rows.irqwork || strncmp(action, "irqwork", 7) == 0;
	}
	return rows;
}

/*
 * Rows that carry others: each interrupt of theirs is counted once more where it was for. Xen's
 * callback is HYP, and its IPIs have event channels beside RES and CAL
 * (drivers/xen/events/events_base.c, arch/x86/xen/smp.c); a posted MSI notification is PMN
 * (arch/x86/kernel/irq.c).
 */
static bool is_carrier(const struct interrupt *item, const struct xen_rows *xen)
{
	const char *key = item->row->key;

	if (item->row->number >= 0)
		return false;
	return strcmp(key, "PMN") == 0 || (xen->events && strcmp(key, "HYP") == 0) ||
	       (xen->resched && strcmp(key, "RES") == 0) ||
	       (xen->callfunc && strcmp(key, "CAL") == 0) ||
	       (xen->irqwork && strcmp(key, "IWI") == 0);
}

static void fill_counted(struct model *model)
{
	const struct xen_rows xen = find_xen_rows(model);

	for (size_t i = 0; i < model->n_items; i++) {
		struct interrupt *item = &model->items[i];

		if (is_ipi_vector(model, item))
			item->kind = IRQ_KIND_SUM;
		item->counted = is_countable(item->kind) &&
				(!item->row->summary || item->row->name) &&
				!is_counted_elsewhere(model, item) && !is_carrier(item, &xen);
	}
}

/* The vector "eth0" beside "eth0-rx-0" is for link changes and the like. */
static void mark_admin(const struct builder *builder, struct interrupt *item)
{
	const char *action = item->desc.n_actions == 1 ? item->desc.actions[0] : NULL;
	size_t len = action ? strlen(action) : 0;

	if (!action || item->queue >= 0 || item->direction != QUEUE_NONE || !item->interface ||
	    (strcmp(action, item->interface) != 0 && !queue_name_is_netdev(action, len)) ||
	    !strmap_find(&builder->queue_interfaces, item->interface, strlen(item->interface)))
		return;
	item->direction = QUEUE_ADMIN;
	item->queue_source = "name";
}

/*
 * The configuration vector of a virtio device says nothing of what the device is; the vectors of
 * its queues, which follow it in the table, do.
 */
static void inherit_from_queues(struct model *model, size_t at)
{
	struct interrupt *item = &model->items[at];

	if (item->direction != QUEUE_ADMIN || !item->device)
		return;
	for (size_t i = at + 1; i < model->n_items && model->items[i].device == item->device; i++) {
		const struct interrupt *other = &model->items[i];

		if (item->class == IRQ_CLASS_OTHER || item->class == IRQ_CLASS_VIRT)
			item->class = other->class;
		if (!item->driver)
			item->driver = other->driver;
		if (other->queue >= 0)
			return;
	}
}

static int guess_arch(struct model *model, const struct irq_table *table)
{
	_cleanup_free_ struct lore_words *rows = calloc(table->n_rows + 1, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	if (model->now->system == SYSTEM_FREEBSD) {
		model->arch = LORE_FREEBSD;
		return 0;
	}
	for (size_t i = 0; i < table->n_rows; i++)
		rows[i] =
			(struct lore_words){.key = table->rows[i].key, .text = table->rows[i].text};
	model->arch = lore_guess_arch(rows, table->n_rows);
	return 0;
}

/* Seconds between two instants; 0 where they are the same or in the wrong order. */
static double interval_seconds(const struct snapshot *before, const struct snapshot *now)
{
	if (now->mono_ns > before->mono_ns)
		return (double)(now->mono_ns - before->mono_ns) / 1e9;
	if (now->time_ns > before->time_ns)
		return (double)(now->time_ns - before->time_ns) / 1e9;
	return 0;
}

/* The monotonic clock begins again when the machine starts, and so do the counters. */
static bool was_restarted(const struct snapshot *before, const struct snapshot *now)
{
	return now->mono_ns && now->mono_ns < before->mono_ns;
}

/* Without a table in the earlier snapshot there is no interval: every row would look new. */
static const struct snapshot *usable(const struct snapshot *before, bool softirqs)
{
	if (!before)
		return NULL;
	return (softirqs ? before->softirqs : before->interrupts).n_cpus ? before : NULL;
}

static int allocate(const struct snapshot *before, const struct snapshot *now,
		    const struct irq_table *table, struct model *model)
{
	*model = (struct model){.now = now, .before = before, .table = table};
	model->items = calloc(table->n_rows + 1, sizeof(*model->items));
	if (!model->items)
		return -ENOMEM;
	if (before)
		model->interval_s = interval_seconds(before, now);
	return 0;
}

static struct interrupt *add_item(struct model *model, const struct irq_row *row)
{
	struct interrupt *item = &model->items[model->n_items++];

	*item = (struct interrupt){.row = row, .queue = -1, .node = -1, .rate = NAN};
	item->count_source = row->summary ? COUNTS_TOTAL : COUNTS_MEASURED;
	return item;
}

static int fill_items(struct builder *builder)
{
	struct model *model = builder->model;
	const struct irq_table *table = &builder->now->interrupts;

	for (size_t i = 0; i < table->n_rows; i++) {
		struct interrupt *item = add_item(model, &table->rows[i]);
		int r = 0;

		if (builder->now->system == SYSTEM_FREEBSD)
			r = fill_counter(builder, item);
		else if (item->row->number >= 0)
			r = fill_numbered(builder, item);
		else
			fill_mnemonic(model, item);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < model->n_items; i++) {
		mark_admin(builder, &model->items[i]);
		inherit_from_queues(model, i);
		if (builder->now->system == SYSTEM_FREEBSD)
			freebsd_judge(&model->items[i]);
		else
			settable_judge(&model->items[i], model->arch, builder->kernel);
	}
	fill_counted(model);
	return 0;
}

static int build(const struct snapshot *before, const struct snapshot *now, struct model *model)
{
	_cleanup_(builder_done) struct builder builder = {
		.model = model, .now = now, .kernel = settable_kernel(now->kernel)};
	bool same_boot = before && !was_restarted(before, now);
	int r = allocate(before, now, &now->interrupts, model);

	if (r == 0)
		r = owners_init(&builder.owners, now, &model->strings);
	if (r == 0)
		r = lore_memory_init(&builder.lore);
	if (r == 0)
		r = guess_arch(model, &now->interrupts);
	if (r == 0)
		r = fill_items(&builder);
	if (r == 0)
		r = rates_fill(model, same_boot ? &before->interrupts : NULL, &now->interrupts);
	return r;
}

static int build_softirqs(const struct snapshot *before, const struct snapshot *now,
			  struct model *model)
{
	const struct irq_table *table = &now->softirqs;
	bool same_boot = before && !was_restarted(before, now);
	int r = allocate(before, now, table, model);

	for (size_t i = 0; i < table->n_rows && r == 0; i++) {
		struct interrupt *item = add_item(model, &table->rows[i]);

		item->lore = lore_find_softirq(item->row->key);
		item->kind = IRQ_KIND_COUNTER;
		item->class = IRQ_CLASS_SOFTIRQ;
		item->counted = true;
		settable_judge(item, NULL, (struct settable_kernel){0});
	}
	return r == 0 ? rates_fill(model, same_boot ? &before->softirqs : NULL, table) : r;
}

int model_build(const struct snapshot *before, const struct snapshot *now, struct model *ret)
{
	struct model model;
	int r = build(usable(before, false), now, &model);

	if (r < 0)
		model_done(&model);
	else
		*ret = model;
	return r;
}

int model_build_softirqs(const struct snapshot *before, const struct snapshot *now,
			 struct model *ret)
{
	struct model model;
	int r = build_softirqs(usable(before, true), now, &model);

	if (r < 0)
		model_done(&model);
	else
		*ret = model;
	return r;
}

void model_done(struct model *model)
{
	free(model->items);
	arena_done(&model->strings);
	*model = (struct model){0};
}

const struct interrupt *model_find_irq(const struct model *model, int32_t irq)
{
	for (size_t i = 0; i < model->n_items; i++) {
		if (model->items[i].row->number == irq)
			return &model->items[i];
	}
	return NULL;
}
