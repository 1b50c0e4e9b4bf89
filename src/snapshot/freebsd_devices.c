/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree of FreeBSD: "dev.DRIVER.UNIT.%parent", "%location" and "%pnpinfo"
 * (sys/kern/subr_bus.c, device_sysctl_init). A driver names its handlers after the device that has
 * the vectors ("nvme0:io1", and "virtio_pci0" for whatever virtio device sits on it).
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"
#include "base/strmap.h"
#include "base/text.h"
#include "snapshot/internal.h"

#define PARENT_LEAF ".%parent"

struct node {
	const char *name;   /* "virtio_pci3" */
	const char *sysctl; /* "dev.virtio_pci.3" */
	const char *driver; /* "virtio_pci" */
	const char *parent; /* "pci0" */
	size_t device;      /* position in snapshot->devices, SIZE_MAX: none */
};

struct tree {
	struct reading *reading;
	struct node *nodes; /* in the order of the names of their sysctls */
	size_t n, cap;
	struct strmap by_name;
};

static const char *keep(struct tree *tree, const char *text, size_t len)
{
	return arena_strndup(&tree->reading->snapshot->strings, text, len);
}

/* "dev.virtio_pci.3.%parent" */
static int add_node(struct tree *tree, const char *sysctl)
{
	size_t len = strlen(sysctl), tail = strlen(PARENT_LEAF);
	const char *driver = sysctl + strlen("dev."), *dot, *end = sysctl + len - tail;
	struct node node = {.device = SIZE_MAX};
	int r;

	if (!text_has_prefix(sysctl, "dev.") || len < tail + 7 || strcmp(end, PARENT_LEAF) != 0)
		return 0;
	dot = memchr(driver, '.', (size_t)(end - driver));
	if (!dot || dot == driver || dot + 1 == end)
		return 0;
	r = freebsd_read_text(tree->reading, sysctl);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	node.parent = keep(tree, buf_text(&tree->reading->bytes), tree->reading->bytes.len);
	node.driver = keep(tree, driver, (size_t)(dot - driver));
	node.sysctl = keep(tree, sysctl, (size_t)(end - sysctl));
	node.name = arena_printf(&tree->reading->snapshot->strings, "%.*s%.*s", (int)(dot - driver),
				 driver, (int)(end - dot - 1), dot + 1);
	if (!node.parent || !node.driver || !node.sysctl || !node.name)
		return -ENOMEM;
	r = ARRAY_RESERVE(tree->nodes, tree->n + 1, tree->cap);
	if (r == 0)
		tree->nodes[tree->n++] = node;
	return r;
}

static int read_tree(struct tree *tree)
{
	_cleanup_(strv_done) struct strv names = {0};
	int r = source_list(tree->reading->source, "sysctl", &names);

	for (size_t i = 0; i < names.n && r == 0; i++)
		r = add_node(tree, names.items[i]);
	for (size_t i = 0; i < tree->n && r == 0; i++)
		r = strmap_add(&tree->by_name, tree->nodes[i].name, strlen(tree->nodes[i].name),
			       &tree->nodes[i]);
	return r;
}

static struct node *find_node(struct tree *tree, const char *name, size_t len)
{
	const struct node *node = strmap_find(&tree->by_name, name, len);

	return node ? &tree->nodes[node - tree->nodes] : NULL;
}

/* The node whose name ends so; NULL where there is none or are several. */
static struct node *find_by_tail(struct tree *tree, const char *tail, size_t len)
{
	struct node *found = NULL;

	for (size_t i = 0; i < tree->n; i++) {
		size_t name_len = strlen(tree->nodes[i].name);

		if (name_len <= len || memcmp(tree->nodes[i].name + name_len - len, tail, len) != 0)
			continue;
		if (found)
			return NULL;
		found = &tree->nodes[i];
	}
	return found;
}

static const struct node *find_child(const struct tree *tree, const char *parent)
{
	for (size_t i = 0; i < tree->n; i++) {
		if (strcmp(tree->nodes[i].parent, parent) == 0)
			return &tree->nodes[i];
	}
	return NULL;
}

static int read_leaf(struct tree *tree, const struct node *node, const char *leaf)
{
	_cleanup_(buf_done) struct buf name = {0};
	int r = buf_printf(&name, "%s.%s", node->sysctl, leaf);

	return r < 0 ? r : freebsd_read_text(tree->reading, name.data);
}

/* "slot=0 function=0 dbsf=pci0:3:0:0": domain, bus, slot, function, decimal -> "0000:03:00.0". */
static const char *pci_address(struct tree *tree)
{
	const char *p = strstr(buf_text(&tree->reading->bytes), "dbsf=pci"), *end;
	uint64_t parts[4];

	if (!p)
		return NULL;
	p += strlen("dbsf=pci");
	end = p + strlen(p);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if ((i && (p == end || *p++ != ':')) || number_read(&p, end, UINT32_MAX, &parts[i]))
			return NULL;
	}
	if (parts[1] > 255 || parts[2] > 31 || parts[3] > 7)
		return NULL;
	return arena_printf(&tree->reading->snapshot->strings,
			    "%04" PRIx64 ":%02" PRIx64 ":%02" PRIx64 ".%" PRIx64, parts[0],
			    parts[1], parts[2], parts[3]);
}

/* "vendor=0x8086 ... class=0x010601" */
static uint32_t pci_class(const char *pnpinfo)
{
	const char *p = strstr(pnpinfo, "class=0x");
	char *end;
	unsigned long class;

	if (!p)
		return 0;
	p += strlen("class=0x");
	class = strtoul(p, &end, 16);
	return end - p == 6 ? (uint32_t) class : 0;
}

static int fill_device(struct tree *tree, const struct node *node, struct device *device)
{
	const char *address = NULL;
	uint64_t domain;
	int r = read_leaf(tree, node, "%location");

	if (r == 0)
		address = pci_address(tree);
	if (r != -ENOMEM)
		r = read_leaf(tree, node, "%pnpinfo");
	if (r == 0 && address)
		device->pci_class = pci_class(buf_text(&tree->reading->bytes));
	if (r != -ENOMEM)
		r = read_leaf(tree, node, "%domain");
	if (r == 0 && number_parse(buf_text(&tree->reading->bytes), INT32_MAX, &domain) == 0)
		device->node = (int32_t)domain;
	device->bus = address ? "pci" : node->parent;
	device->address = address ? address : node->name;
	device->driver = node->driver;
	device->handler = node->name;
	return r == -ENOMEM ? r : 0;
}

/* A virtio device is known by itself, and not by the transport that has its vectors. */
static int fill_interface(struct tree *tree, const struct node *node, struct device *device)
{
	const struct node *child = NULL;
	bool is_pci = strcmp(device->bus, "pci") == 0;

	if (text_has_prefix(node->driver, "virtio_"))
		child = find_child(tree, node->name);
	if (!child)
		return is_pci ? strv_add(&device->interfaces, node->name) : 0;
	device->driver = child->driver;
	if (is_pci)
		device->parent = device->address;
	device->bus = "virtio";
	device->address = node->name;
	return strv_add(&device->interfaces, child->name);
}

/* The device of a node, made when it is asked for. NULL when out of memory. */
static struct device *device_of(struct tree *tree, struct node *node)
{
	struct snapshot *snapshot = tree->reading->snapshot;
	struct device *device;

	if (node->device != SIZE_MAX)
		return &snapshot->devices[node->device];
	if (ARRAY_RESERVE(snapshot->devices, snapshot->n_devices + 1, snapshot->cap_devices) < 0)
		return NULL;
	node->device = snapshot->n_devices++;
	device = &snapshot->devices[node->device];
	*device = (struct device){.node = -1};
	if (fill_device(tree, node, device) < 0 || fill_interface(tree, node, device) < 0)
		return NULL;
	return device;
}

/* The handler without its queue: "nvme0" of "nvme0:io1". */
static size_t base_len(const char *handler)
{
	return strcspn(handler, ": +*");
}

/* A name whose head was cut off becomes whole again where only one device can be meant. */
static int complete_name(struct tree *tree, struct irq_row *row)
{
	const char *tail = row->text + 1;
	const struct node *node = find_by_tail(tree, tail, base_len(tail));

	if (!node)
		return 0;
	row->text = arena_printf(&tree->reading->snapshot->interrupts.strings, "%s%s", node->name,
				 tail + base_len(tail));
	return row->text ? 0 : -ENOMEM;
}

static int find_owner(struct tree *tree, struct irq_row *row)
{
	struct node *node;
	int r = *row->text == '-' ? complete_name(tree, row) : 0;

	if (r < 0 || !*row->text)
		return r;
	node = find_node(tree, row->text, base_len(row->text));
	return node && !device_of(tree, node) ? -ENOMEM : 0;
}

int freebsd_read_devices(struct reading *reading)
{
	struct irq_table *table = &reading->snapshot->interrupts;
	struct tree tree = {.reading = reading};
	int r = read_tree(&tree);

	for (size_t i = 0; i < table->n_rows && r == 0; i++)
		r = find_owner(&tree, &table->rows[i]);
	strmap_done(&tree.by_name);
	free(tree.nodes);
	if (r == 0 && !tree.n)
		r = -ENOENT;
	if (r == 0 || r == -ENOMEM)
		return r;
	return reading_missing(reading, "/sysctl/dev.*: %s: devices and drivers are not known",
			       snapshot_reason(r));
}
