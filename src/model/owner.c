/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "model/pci_address.h"

static int add_device(struct owners *owners, const struct device *device)
{
	int r = ARRAY_RESERVE(owners->by_irq, owners->n_by_irq + device->n_irqs,
			      owners->cap_by_irq);

	for (size_t i = 0; r == 0 && i < device->n_irqs; i++) {
		owners->by_irq[owners->n_by_irq++] =
			(struct irq_owner){.irq = device->irqs[i], .device = device};
	}
	if (r == 0 && device->address)
		r = strmap_add(&owners->by_address, device->address, strlen(device->address),
			       device);
	if (r == 0 && device->handler)
		r = strmap_add(&owners->by_interface, device->handler, strlen(device->handler),
			       device);
	for (size_t i = 0; r == 0 && i < device->interfaces.n; i++) {
		const char *name = device->interfaces.items[i];

		r = strmap_add(&owners->by_interface, name, strlen(name), device);
	}
	return r;
}

/* By number, then in the order of the snapshot, so that equal input gives equal output. */
static int compare_owners(const void *a, const void *b)
{
	const struct irq_owner *left = a, *right = b;

	if (left->irq != right->irq)
		return left->irq < right->irq ? -1 : 1;
	return (left->device > right->device) - (left->device < right->device);
}

int owners_init(struct owners *owners, const struct snapshot *snapshot, struct arena *arena)
{
	*owners = (struct owners){.snapshot = snapshot, .arena = arena};
	for (size_t i = 0; i < snapshot->n_devices; i++) {
		int r = add_device(owners, &snapshot->devices[i]);

		if (r < 0)
			return r;
	}
	if (owners->n_by_irq)
		qsort(owners->by_irq, owners->n_by_irq, sizeof(*owners->by_irq), compare_owners);
	return 0;
}

void owners_done(struct owners *owners)
{
	free(owners->by_irq);
	strmap_done(&owners->by_address);
	strmap_done(&owners->by_interface);
	*owners = (struct owners){0};
}

static bool same(const char *a, const char *b, size_t b_len)
{
	return a && strlen(a) == b_len && memcmp(a, b, b_len) == 0;
}

/* How well one of several devices on an interrupt line fits what the row says. */
static unsigned int fit(const struct device *device, const struct interrupt *interrupt,
			const struct queue_name *queue)
{
	unsigned int points = device->parent ? 1 : 0; /* a virtio device, not the card it sits on */

	for (size_t i = 0; i < device->interfaces.n; i++) {
		const char *name = device->interfaces.items[i];
		bool of_queue = queue && queue->interface &&
				same(name, queue->interface, queue->interface_len);

		if (of_queue ||
		    (interrupt->desc.n_actions && !strcmp(interrupt->desc.actions[0], name)))
			points += 4;
	}
	if (queue && queue->interface &&
	    same(device->address, queue->interface, queue->interface_len))
		points += 4;
	if (device->driver && interrupt->desc.n_actions &&
	    text_has_prefix(interrupt->desc.actions[0], device->driver))
		points += 2;
	return points;
}

static const struct device *find_by_irq(const struct owners *owners,
					const struct interrupt *interrupt,
					const struct queue_name *queue)
{
	const struct device *best = NULL;
	unsigned int best_fit = 0;
	size_t low = 0, high = owners->n_by_irq;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (owners->by_irq[middle].irq < interrupt->row->number)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < owners->n_by_irq && owners->by_irq[low].irq == interrupt->row->number; low++) {
		const struct device *device = owners->by_irq[low].device;
		unsigned int points = fit(device, interrupt, queue);

		if (!best || points > best_fit) {
			best = device;
			best_fit = points;
		}
	}
	return best;
}

/* What the words of a row say about its device; empty pieces are unknown. */
struct guess {
	const char *bus;
	const char *address;
	size_t len;
	const char *parent; /* PCI address of the device below, in the arena; or NULL */
};

/* The device with that address, made if need be. */
static int find_or_make(struct owners *owners, const struct guess *guess, const struct device **ret)
{
	const struct device *known = strmap_find(&owners->by_address, guess->address, guess->len);
	struct device *made;

	if (known) {
		*ret = known;
		return 0;
	}
	made = arena_alloc(owners->arena, sizeof(*made));
	if (!made)
		return -ENOMEM;
	*made = (struct device){.bus = guess->bus, .parent = guess->parent, .node = -1};
	made->address = arena_strndup(owners->arena, guess->address, guess->len);
	if (!made->address)
		return -ENOMEM;
	*ret = made;
	return strmap_add(&owners->by_address, made->address, guess->len, made);
}

static const char *format_bdf(struct arena *arena, uint64_t bdf)
{
	return arena_printf(arena, "%04x:%02x:%02x.%x", (unsigned int)(bdf >> 16),
			    (unsigned int)(bdf >> 8 & 0xff), (unsigned int)(bdf >> 3 & 0x1f),
			    (unsigned int)(bdf & 7));
}

/*
 * Before Linux 6.2 the hwirq of an MSI held the address: vector | BDF << 11 | domain << 27
 * (drivers/pci/msi/irqdomain.c, pci_msi_domain_calc_hwirq). Sets NULL where it does not.
 */
static int address_from_hwirq(struct owners *owners, const struct irq_desc *desc, const char **ret)
{
	static const char *const chips[] = {"PCI-MSI", "IR-PCI-MSI", "ITS-MSI", "ITS-PCI-MSI"};
	uint64_t hwirq;
	bool fits = false;

	*ret = NULL;
	for (size_t i = 0; desc->chip && i < ARRAY_SIZE(chips); i++)
		fits = fits || text_has_prefix(desc->chip, chips[i]);
	if (!fits || !desc->hwirq || number_parse(desc->hwirq, UINT64_MAX, &hwirq) < 0 ||
	    hwirq < 2048 || hwirq >> 27 > UINT32_MAX)
		return 0;
	if (!owners->last_address || owners->last_bdf != hwirq >> 11) {
		owners->last_bdf = hwirq >> 11;
		owners->last_address = format_bdf(owners->arena, owners->last_bdf);
	}
	*ret = owners->last_address;
	return *ret ? 0 : -ENOMEM;
}

/* The PCI address in the chip's name, in an action, or in the hwirq. 0 (NULL: none) or -ENOMEM. */
static int pci_address(struct owners *owners, const struct irq_desc *desc, const char **ret)
{
	size_t len = 0;
	const char *found = desc->chip ? pci_address_find(desc->chip, &len) : NULL;

	for (size_t i = 0; i < desc->n_actions && !found; i++)
		found = pci_address_find(desc->actions[i], &len);
	if (!found)
		return address_from_hwirq(owners, desc, ret);
	*ret = arena_strndup(owners->arena, found, len);
	return *ret ? 0 : -ENOMEM;
}

/* "virtio1", "virtio1-input.0" -> the length of "virtio1". */
static size_t virtio_len(const char *action)
{
	size_t digits;

	if (!text_has_prefix(action, "virtio"))
		return 0;
	digits = strspn(action + 6, "0123456789");
	if (!digits || (action[6 + digits] && action[6 + digits] != '-'))
		return 0;
	return 6 + digits;
}

/*
 * "4806a000.serial:rx" -> the length of "4806a000.serial": the kernel names a platform device of
 * the device tree by its address (drivers/of/device.c).
 */
static size_t platform_len(const char *action)
{
	size_t n = strspn(action, "0123456789abcdef");

	if (n < 4 || n > 16 || action[n] != '.' ||
	    !strpbrk(action + n + 1, "abcdefghijklmnopqrst"
				     "uvwxyz"))
		return 0;
	return strcspn(action, ": @");
}

/* A device on another bus, from one action. False where the name tells nothing. */
static bool guess_from_action(const struct irq_desc *desc, const char *action, struct guess *ret)
{
	struct guess guess = {.address = action};

	if ((guess.len = platform_len(action)) > 0) {
		guess.bus = "platform";
	} else if (text_has_prefix(action, "ACPI:") && action[5]) {
		guess = (struct guess){.bus = "acpi", .address = action + 5};
		guess.len = strlen(guess.address);
	} else if (desc->chip && text_has_prefix(desc->chip, "xen-dyn")) {
		guess.bus = "xen";
		guess.len = strcspn(action, "-");
	} else if (strcasestr(action, "vmbus")) {
		guess.bus = "vmbus";
		guess.len = strlen(action);
	}
	*ret = guess;
	return guess.len > 0;
}

static const struct device *find_by_name(const struct owners *owners,
					 const struct interrupt *interrupt,
					 const struct queue_name *queue)
{
	const struct device *device = NULL;

	if (queue && queue->interface)
		device = strmap_find(&owners->by_interface, queue->interface, queue->interface_len);
	for (size_t i = 0; i < interrupt->desc.n_actions && !device; i++) {
		const char *action = interrupt->desc.actions[i];

		device = strmap_find(&owners->by_interface, action, strlen(action));
	}
	return device;
}

/* A virtio device by its action, else the PCI device. */
static bool guess_pci(const struct irq_desc *desc, const char *address, struct guess *ret)
{
	for (size_t i = 0; i < desc->n_actions; i++) {
		size_t len = virtio_len(desc->actions[i]);

		if (len) {
			*ret = (struct guess){.bus = "virtio",
					      .address = desc->actions[i],
					      .len = len,
					      .parent = address};
			return true;
		}
	}
	if (address)
		*ret = (struct guess){.bus = "pci", .address = address, .len = strlen(address)};
	return address;
}

static int guess_device(struct owners *owners, const struct interrupt *interrupt,
			const struct queue_name *queue, const struct device **ret)
{
	const struct irq_desc *desc = &interrupt->desc;
	const char *address = NULL;
	struct guess guess;
	int r = pci_address(owners, desc, &address);

	if (r < 0)
		return r;
	if (guess_pci(desc, address, &guess))
		return find_or_make(owners, &guess, ret);
	*ret = find_by_name(owners, interrupt, queue);
	for (size_t i = 0; i < desc->n_actions && !*ret; i++) {
		if (guess_from_action(desc, desc->actions[i], &guess))
			return find_or_make(owners, &guess, ret);
	}
	return 0;
}

int owners_find(struct owners *owners, const struct interrupt *interrupt,
		const struct queue_name *queue, const struct device **ret_device)
{
	const struct device *device = find_by_irq(owners, interrupt, queue);
	int r = device ? 0 : guess_device(owners, interrupt, queue, &device);

	if (r == 0)
		*ret_device = device;
	return r;
}
