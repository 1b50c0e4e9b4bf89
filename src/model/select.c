/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/select.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/glob.h"
#include "base/number.h"
#include "base/text.h"

/* Whole, or as a glob; "ahci[0000:00:1f.2]" is both, and then means itself. */
static bool name_fits(const char *known, const char *name)
{
	return known && (strcmp(name, known) == 0 || glob_match(name, known));
}

/* "3b:00.0" means "0000:3b:00.0", as lspci has it. */
static bool address_fits(const char *address, const char *name)
{
	if (!address)
		return false;
	return name_fits(address, name) ||
	       (text_has_prefix(address, "0000:") && strcasecmp(address + 5, name) == 0);
}

static bool interface_fits(const struct interrupt *interrupt, const char *name)
{
	const struct device *device = interrupt->device;

	if (name_fits(interrupt->interface, name))
		return true;
	/* a port of a card with several has its own queues: those of its sisters are not meant */
	if (interrupt->queue >= 0 && interrupt->interface)
		return false;
	for (size_t i = 0; device && i < device->interfaces.n; i++) {
		if (name_fits(device->interfaces.items[i], name))
			return true;
	}
	return false;
}

bool select_owner(const struct interrupt *interrupt, const char *name)
{
	const struct device *device = interrupt->device;

	return interface_fits(interrupt, name) || (device && (address_fits(device->address, name) ||
							      address_fits(device->parent, name)));
}

/* The whole action, or what stands before the place that the driver added to its name. */
static bool action_fits(const char *action, const char *name)
{
	size_t len = strlen(name);

	return name_fits(action, name) ||
	       (len && text_has_prefix(action, name) && action[len] && strchr(":@[ ", action[len]));
}

/* "24", "irq24" in any case, or the name of a threaded handler's thread: "irq/24-eth0". */
static bool is_number(const char *name, uint64_t *ret_number)
{
	const char *digits = strncasecmp(name, "irq", 3) == 0 ? name + 3 : name;
	const char *end = name + strlen(name);

	digits += digits > name && *digits == '/';
	if (number_read(&digits, end, INT32_MAX, ret_number) < 0)
		return false;
	return digits == end || (*digits == '-' && strncasecmp(name, "irq/", 4) == 0);
}

bool select_interrupt(const struct interrupt *interrupt, const char *name)
{
	const struct irq_row *row = interrupt->row;
	uint64_t number;

	if (is_number(name, &number))
		return row->number >= 0 && (uint64_t)row->number == number;
	if (row->number < 0 || row->name) { /* a counter of FreeBSD has a key beside a number */
		if (strcasecmp(name, row->key) == 0 || glob_match(name, row->key))
			return true;
	}
	if (row->number < 0 && !interrupt->desc.n_actions)
		return false;
	for (size_t i = 0; i < interrupt->desc.n_actions; i++) {
		if (action_fits(interrupt->desc.actions[i], name))
			return true;
	}
	return select_owner(interrupt, name);
}

bool select_device(const struct interrupt *interrupt, const char *name)
{
	return select_owner(interrupt, name) || name_fits(interrupt->driver, name);
}

struct nearest {
	const char *wanted, *best;
	size_t distance;
};

/* Of "-" or "?" anything that short is an edit away. */
static bool has_letter(const char *name)
{
	while (*name && !isalnum((unsigned char)*name))
		name++;
	return *name;
}

static void consider(struct nearest *nearest, const char *name)
{
	size_t distance;

	if (!name || !has_letter(name) || !text_is_near(nearest->wanted, name))
		return;
	distance = text_distance(nearest->wanted, name);
	if (nearest->best && distance >= nearest->distance)
		return;
	nearest->best = name;
	nearest->distance = distance;
}

const char *select_nearest(const struct model *model, const char *name)
{
	struct nearest nearest = {.wanted = name};

	if (!has_letter(name))
		return NULL;
	for (size_t i = 0; i < model->n_items; i++) {
		const struct interrupt *item = &model->items[i];

		if (item->row->number < 0)
			consider(&nearest, item->row->key);
		consider(&nearest, item->interface);
		if (item->device)
			consider(&nearest, item->device->address);
		for (size_t j = 0; j < item->desc.n_actions; j++)
			consider(&nearest, item->desc.actions[j]);
	}
	return nearest.best;
}

bool select_has_device(const struct model *model, const char *name)
{
	for (size_t i = 0; i < model->n_items; i++) {
		if (select_device(&model->items[i], name))
			return true;
	}
	return false;
}
