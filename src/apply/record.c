/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/record.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "view/cells.h"

static int add_entry(struct record *record, const struct record_entry *entry)
{
	int r = ARRAY_RESERVE(record->entries, record->n + 1, record->cap);

	if (r == 0)
		record->entries[record->n++] = *entry;
	return r;
}

/* The device that has the vectors: for virtio on PCI it is the PCI device. */
static const char *device_key(const struct interrupt *interrupt)
{
	const struct device *device = interrupt->device;

	if (!device)
		return NULL;
	return device->parent ? device->parent : device->address;
}

/*
 * Whether an interrupt is one of those that only their order tells apart: of one device, or where
 * none is known those with the same handlers ("i8042" is the name of IRQ 1 and of IRQ 12).
 */
static bool is_kin(const struct interrupt *interrupt, const char *device, const char *actions)
{
	_cleanup_(buf_done) struct buf name = {0};

	if (interrupt->row->number < 0 || !device != !device_key(interrupt))
		return false;
	if (device)
		return strcmp(device_key(interrupt), device) == 0;
	return interrupt_name(interrupt, &name) == 0 && strcmp(buf_text(&name), actions) == 0;
}

static uint32_t vector_of(const struct model *model, const struct interrupt *interrupt,
			  const char *actions)
{
	uint32_t vector = 0;

	for (size_t i = 0; i < model->n_items && &model->items[i] != interrupt; i++)
		vector += is_kin(&model->items[i], device_key(interrupt), actions);
	return vector;
}

static int name_irq(struct record *record, const struct model *model, struct record_entry *entry)
{
	const struct interrupt *interrupt = model_find_irq(model, entry->setting.irq);
	_cleanup_(buf_done) struct buf actions = {0};
	int r;

	entry->actions = "";
	if (!interrupt)
		return 0;
	r = interrupt_name(interrupt, &actions);
	if (r < 0)
		return r;
	entry->actions = arena_strdup(&record->strings, buf_text(&actions));
	if (!entry->actions)
		return -ENOMEM;
	entry->vector = vector_of(model, interrupt, entry->actions);
	if (!device_key(interrupt))
		return 0;
	entry->device = arena_strdup(&record->strings, device_key(interrupt));
	return entry->device ? 0 : -ENOMEM;
}

/* The kernel takes no empty set back for an interrupt or the default, and so writes none. */
static bool can_be_restored(const struct change *change)
{
	bool needs_cpus =
		change->setting.kind == SETTING_IRQ || change->setting.kind == SETTING_DEFAULT;

	return change->has_before && !(needs_cpus && cpuset_next(&change->before, 0) < 0);
}

int record_add_before(struct record *record, const struct model *model, const struct change *change)
{
	struct record_entry entry = {.setting = change->setting, .number = change->before_number};
	int r = 0;

	if (!can_be_restored(change))
		return 0;
	if (entry.setting.interface) {
		entry.setting.interface = arena_strdup(&record->strings, change->setting.interface);
		if (!entry.setting.interface)
			return -ENOMEM;
	}
	if (entry.setting.kind == SETTING_IRQ)
		r = name_irq(record, model, &entry);
	if (r == 0)
		r = cpuset_copy(&entry.cpus, &change->before);
	if (r == 0)
		r = add_entry(record, &entry);
	if (r < 0)
		cpuset_done(&entry.cpus);
	return r;
}

/* Adds a setting as it is now; one that is not there or cannot be read is no part of the record. */
static int add_setting(struct record *record, struct applier *applier, const struct model *model,
		       const struct setting *setting)
{
	struct change change = {.setting = *setting};
	int r = apply_read(applier, &change);

	if (r == 0)
		r = record_add_before(record, model, &change);
	change_done(&change);
	return r == -ENOMEM ? r : 0;
}

static int add_queue(struct record *record, struct applier *applier, const struct model *model,
		     const char *interface, const char *queue)
{
	static const struct {
		const char *prefix;
		enum setting_kind kind;
	} settings[] = {{"tx-", SETTING_XPS}, {"rx-", SETTING_RPS}, {"rx-", SETTING_RPS_FLOWS}};
	uint64_t index;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(settings) && r == 0; i++) {
		if (!text_has_prefix(queue, settings[i].prefix) ||
		    number_parse(queue + strlen(settings[i].prefix), UINT32_MAX, &index) < 0)
			continue;
		r = add_setting(record, applier, model,
				&(const struct setting){.kind = settings[i].kind,
							.interface = interface,
							.queue = (uint32_t)index});
	}
	return r;
}

static int add_queues(struct record *record, struct applier *applier, const struct model *model,
		      const char *interface)
{
	_cleanup_(buf_done) struct buf path = {0};
	_cleanup_(strv_done) struct strv queues = {0};
	int r = buf_printf(&path, "sys/class/net/%s/queues", interface);

	if (r == 0)
		r = source_list(applier->source, buf_text(&path), &queues);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < queues.n && r == 0; i++)
		r = add_queue(record, applier, model, interface, queues.items[i]);
	return r;
}

/* The interrupts that may be set: all, or those of an interface. */
static int add_interrupts(struct record *record, struct applier *applier, const struct model *model,
			  const char *interface)
{
	int r = 0;

	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		const struct interrupt *interrupt = &model->items[i];

		if (interrupt->row->number >= 0 && interrupt->settable != SETTABLE_NO &&
		    (!interface || record_is_of(interrupt, interface)))
			r = add_setting(record, applier, model,
					&(const struct setting){.kind = SETTING_IRQ,
								.irq = interrupt->row->number});
	}
	return r;
}

bool record_is_of(const struct interrupt *interrupt, const char *interface)
{
	const struct device *device = interrupt->device;

	if (interrupt->interface)
		return strcmp(interrupt->interface, interface) == 0;
	for (size_t i = 0; device && i < device->interfaces.n; i++) {
		if (strcmp(device->interfaces.items[i], interface) == 0)
			return true;
	}
	return false;
}

int record_add_interface(struct record *record, struct applier *applier, const struct model *model,
			 const char *interface)
{
	int r = add_interrupts(record, applier, model, interface);

	return r < 0 ? r : add_queues(record, applier, model, interface);
}

bool record_has_channels(const struct record *record, const char *interface)
{
	for (size_t i = 0; i < record->n; i++) {
		const struct setting *setting = &record->entries[i].setting;

		if (setting->kind == SETTING_CHANNELS &&
		    (!interface || strcmp(setting->interface, interface) == 0))
			return true;
	}
	return false;
}

bool record_covers(const struct record *record, const struct model *model,
		   const struct setting *setting)
{
	const struct interrupt *interrupt;

	if (setting->interface)
		return record_has_channels(record, setting->interface);
	interrupt = setting->kind == SETTING_IRQ ? model_find_irq(model, setting->irq) : NULL;
	for (size_t i = 0; interrupt && i < record->n; i++) {
		const struct setting *kept = &record->entries[i].setting;

		if (kept->kind == SETTING_CHANNELS && record_is_of(interrupt, kept->interface))
			return true;
	}
	return false;
}

int record_add_machine(struct record *record, struct applier *applier, const struct model *model)
{
	static const struct setting machine[] = {{.kind = SETTING_DEFAULT}, {.kind = SETTING_RFS}};
	_cleanup_(strv_done) struct strv interfaces = {0};
	int r = add_interrupts(record, applier, model, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(machine) && r == 0; i++)
		r = add_setting(record, applier, model, &machine[i]);
	if (r == 0 && source_list(applier->source, "sys/class/net", &interfaces) == -ENOMEM)
		r = -ENOMEM;
	for (size_t i = 0; i < interfaces.n && r == 0; i++)
		r = add_queues(record, applier, model, interfaces.items[i]);
	return r;
}

/* Whether an interrupt is still all that an entry says: number, device and handlers. */
static bool is_exactly(const struct record_entry *entry, const struct interrupt *interrupt)
{
	_cleanup_(buf_done) struct buf name = {0};

	return interrupt->row->number == entry->setting.irq && *entry->actions &&
	       is_kin(interrupt, entry->device, entry->actions) &&
	       interrupt_name(interrupt, &name) == 0 &&
	       strcmp(buf_text(&name), entry->actions) == 0;
}

static bool is_of_another(const struct record *record, const struct interrupt *interrupt)
{
	for (size_t i = 0; i < record->n; i++) {
		if (record->entries[i].setting.kind == SETTING_IRQ &&
		    is_exactly(&record->entries[i], interrupt))
			return true;
	}
	return false;
}

static const struct interrupt *find_by_place(const struct record_entry *entry,
					     const struct model *model)
{
	uint32_t vector = 0;

	for (size_t i = 0; i < model->n_items; i++) {
		const struct interrupt *interrupt = &model->items[i];

		if (!is_kin(interrupt, entry->device, entry->actions))
			continue;
		/* without a device and a handler there is nothing but the number */
		if (!entry->device && !*entry->actions) {
			if (interrupt->row->number == entry->setting.irq)
				return interrupt;
		} else if (vector++ == entry->vector) {
			return interrupt;
		}
	}
	return NULL;
}

/*
 * The interrupt that an entry stands for today, or NULL. Where a device has lost one of its
 * vectors, those behind it have other places than before, but the same numbers and handlers.
 */
static const struct interrupt *find_entry(const struct record *record,
					  const struct record_entry *entry,
					  const struct model *model)
{
	const struct interrupt *found = model_find_irq(model, entry->setting.irq);

	if (found && is_exactly(entry, found))
		return found;
	found = find_by_place(entry, model);
	return found && is_of_another(record, found) ? NULL : found;
}

static int fill_change(const struct record *record, const struct record_entry *entry,
		       const struct model *model, struct change *change)
{
	const struct interrupt *interrupt;

	*change = (struct change){.setting = entry->setting, .wanted_number = entry->number};
	if (entry->setting.kind == SETTING_IRQ) {
		interrupt = find_entry(record, entry, model);
		if (interrupt)
			change->setting.irq = interrupt->row->number;
		else
			change->state = CHANGE_GONE;
		change->name = interrupt ? NULL : entry->actions;
	}
	return cpuset_copy(&change->wanted, &entry->cpus);
}

int record_changes(const struct record *record, const struct model *model,
		   struct change **ret_changes)
{
	struct change *changes = calloc(record->n + 1, sizeof(*changes));

	if (!changes)
		return -ENOMEM;
	for (size_t i = 0; i < record->n; i++) {
		if (fill_change(record, &record->entries[i], model, &changes[i]) == 0)
			continue;
		for (size_t k = 0; k <= i; k++)
			change_done(&changes[k]);
		free(changes);
		return -ENOMEM;
	}
	*ret_changes = changes;
	return 0;
}

void record_done(struct record *record)
{
	for (size_t i = 0; i < record->n; i++)
		cpuset_done(&record->entries[i].cpus);
	free(record->entries);
	arena_done(&record->strings);
	*record = (struct record){0};
}
