/* SPDX-License-Identifier: BSD-2-Clause */
/* The buses of sysfs: which device has which interrupts (Documentation/ABI/testing/sysfs-bus-pci).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"
#include "snapshot/internal.h"

#define PCI_DEVICES "sys/bus/pci/devices"

/* A device that is gone, or that has no such attribute, answers with one of these. */
static bool is_absent(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -ENODEV || error == -ENXIO;
}

int devices_failed(struct device_reader *reader, int error)
{
	struct reading *reading = reader->reading;

	if (error == -ENOMEM)
		return error;
	if (error >= 0 || is_absent(error) || reader->n_errors++)
		return 0;
	reader->first_error = error;
	reader->first_path = arena_strdup(&reading->snapshot->strings, buf_text(&reading->path));
	return reader->first_path ? 0 : -ENOMEM;
}

int devices_list(struct device_reader *reader, const char *dir, struct strv *out)
{
	struct reading *reading = reader->reading;
	int r = source_list(reading->source, dir, out);

	if (r == -ENOMEM)
		return r;
	if (r == 0)
		reader->n_lists++;
	else if (!is_absent(r) && !reader->list_error)
		reader->list_error = r;
	return 0;
}

struct device *devices_add(struct device_reader *reader, const char *bus, const char *address)
{
	struct snapshot *snapshot = reader->reading->snapshot;
	const char *copy = arena_strdup(&snapshot->strings, address);
	struct device *device;

	if (!copy ||
	    ARRAY_RESERVE(snapshot->devices, snapshot->n_devices + 1, snapshot->cap_devices) < 0)
		return NULL;
	device = &snapshot->devices[snapshot->n_devices++];
	*device = (struct device){.bus = bus, .address = copy, .node = -1};
	return device;
}

static int compare_address(const char *address, size_t len, const char *other)
{
	int r = strncmp(address, other, len);

	return r || !other[len] ? r : -1;
}

struct device *devices_find(struct device_reader *reader, const char *address, size_t len)
{
	struct device *devices = reader->reading->snapshot->devices;

	for (size_t i = 0; i < reader->n_buses; i++) {
		size_t low = reader->buses[i].first, high = reader->buses[i].end;

		while (low < high) {
			size_t mid = low + (high - low) / 2;
			int r = compare_address(address, len, devices[mid].address);

			if (r == 0)
				return &devices[mid];
			if (r < 0)
				high = mid;
			else
				low = mid + 1;
		}
	}
	return NULL;
}

int devices_read_driver(struct device_reader *reader, const char **ret_driver)
{
	struct reading *reading = reader->reading;
	int r = reading_link(reading, "driver");
	const char *slash;

	if (r < 0)
		return devices_failed(reader, r);
	slash = strrchr(buf_text(&reading->bytes), '/');
	*ret_driver = arena_strdup(&reading->snapshot->strings,
				   slash ? slash + 1 : buf_text(&reading->bytes));
	return *ret_driver ? 0 : -ENOMEM;
}

static int add_number(struct device *device, uint64_t irq)
{
	int r = ARRAY_RESERVE(device->irqs, device->n_irqs + 1, device->cap_irqs);

	if (r == 0)
		device->irqs[device->n_irqs++] = (int32_t)irq;
	return r;
}

static int compare_irq(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* MSI and MSI-X: a file per interrupt, named by its number. */
static int read_msi_irqs(struct device_reader *reader, struct device *device)
{
	_cleanup_(strv_done) struct strv names = {0};
	int r = reading_list(reader->reading, "msi_irqs", &names);

	if (r < 0)
		return devices_failed(reader, r);
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		uint64_t irq;

		if (number_parse(names.items[i], INT32_MAX, &irq) == 0)
			r = add_number(device, irq);
	}
	if (device->n_irqs)
		qsort(device->irqs, device->n_irqs, sizeof(*device->irqs), compare_irq);
	return r;
}

/* The legacy line; 0 stands for none. */
static int read_line_irq(struct device_reader *reader, struct device *device)
{
	uint64_t irq;
	int r = reading_read(reader->reading, "irq");

	if (r < 0)
		return devices_failed(reader, r);
	r = number_parse(buf_text(&reader->reading->bytes), INT32_MAX, &irq);
	return r == 0 && irq ? add_number(device, irq) : 0;
}

/* "0x020000" */
static uint32_t parse_class(const char *text)
{
	uint32_t class = 0;

	if (strlen(text) != 8 || strncmp(text, "0x", 2) != 0)
		return 0;
	for (const char *p = text + 2; *p; p++) {
		const char *digits = "0123456789abcdef", *digit = strchr(digits, *p);

		if (!digit)
			return 0;
		class = class << 4 | (uint32_t)(digit - digits);
	}
	return class;
}

static int read_class_and_node(struct device_reader *reader, struct device *device)
{
	struct reading *reading = reader->reading;
	int r = reading_read(reading, "class");

	if (r == 0)
		device->pci_class = parse_class(buf_text(&reading->bytes));
	else if (devices_failed(reader, r) < 0)
		return -ENOMEM;
	r = reading_read(reading, "numa_node");
	if (r == 0 && number_parse_i32(buf_text(&reading->bytes), &device->node) < 0)
		device->node = -1;
	return devices_failed(reader, r);
}

/* A device without driver and interrupts (a bridge, a free slot) is none of our business. */
static int read_pci_device(struct device_reader *reader, const char *address)
{
	struct snapshot *snapshot = reader->reading->snapshot;
	struct device *device = devices_add(reader, "pci", address);
	int r = device ? reading_enter(reader->reading, PCI_DEVICES, address) : -ENOMEM;

	if (r == 0)
		r = devices_read_driver(reader, &device->driver);
	if (r == 0)
		r = read_msi_irqs(reader, device);
	if (r == 0 && !device->n_irqs && device->driver)
		r = read_line_irq(reader, device);
	if (r < 0)
		return r;
	if (!device->n_irqs && !device->driver) {
		snapshot->n_devices--;
		return 0;
	}
	return read_class_and_node(reader, device);
}

/* The last part of a path that names a PCI device already read: what a virtio device sits on. */
static struct device *find_parent(struct device_reader *reader, const char *path)
{
	const char *end = path + strlen(path);

	while (end > path) {
		const char *start = end;
		struct device *device;

		while (start > path && start[-1] != '/')
			start--;
		device = devices_find(reader, start, (size_t)(end - start));
		if (device)
			return device;
		end = start > path ? start - 1 : path;
	}
	return NULL;
}

/* The interrupts of a virtio device belong to its transport in sysfs, and to itself in truth. */
static void take_over(struct device *device, struct device *parent)
{
	device->irqs = take_ptr(parent->irqs);
	device->n_irqs = parent->n_irqs;
	device->cap_irqs = parent->cap_irqs;
	parent->n_irqs = 0;
	parent->cap_irqs = 0;
	device->parent = parent->address;
	device->pci_class = parent->pci_class;
	device->node = parent->node;
}

static int read_virtio_device(struct device_reader *reader, const char *name)
{
	struct reading *reading = reader->reading;
	struct device *device = devices_add(reader, "virtio", name), *parent;
	int r = device ? reading_enter(reading, "sys/bus/virtio/devices", name) : -ENOMEM;

	if (r == 0)
		r = devices_read_driver(reader, &device->driver);
	if (r < 0)
		return r;
	reading->dir_len--; /* the link itself: no slash behind it */
	r = reading_link(reading, "");
	if (r < 0)
		return devices_failed(reader, r);
	parent = find_parent(reader, buf_text(&reading->bytes));
	if (parent && !parent->parent)
		take_over(device, parent);
	return 0;
}

static int read_vmbus_device(struct device_reader *reader, const char *name)
{
	struct device *device = devices_add(reader, "vmbus", name);
	int r = device ? reading_enter(reader->reading, "sys/bus/vmbus/devices", name) : -ENOMEM;

	return r < 0 ? r : devices_read_driver(reader, &device->driver);
}

static int read_xen_device(struct device_reader *reader, const char *name)
{
	struct device *device = devices_add(reader, "xen", name);
	int r = device ? reading_enter(reader->reading, "sys/bus/xen/devices", name) : -ENOMEM;

	return r < 0 ? r : devices_read_driver(reader, &device->driver);
}

/* PCI first: others look for their parent there. */
static const struct bus {
	const char *dir;
	int (*read)(struct device_reader *reader, const char *name);
} buses[MAX_BUSES] = {
	{PCI_DEVICES, read_pci_device},
	{"sys/bus/virtio/devices", read_virtio_device},
	{"sys/bus/vmbus/devices", read_vmbus_device},
	{"sys/bus/xen/devices", read_xen_device},
};

static int read_bus(struct device_reader *reader, const struct bus *bus)
{
	struct snapshot *snapshot = reader->reading->snapshot;
	_cleanup_(strv_done) struct strv names = {0};
	size_t first = snapshot->n_devices;
	int r = devices_list(reader, bus->dir, &names);

	for (size_t i = 0; r == 0 && i < names.n; i++)
		r = bus->read(reader, names.items[i]);
	/* only now complete and in order: names of a list ascend */
	reader->buses[reader->n_buses++] =
		(struct bus_range){.first = first, .end = snapshot->n_devices};
	return r;
}

static int report(struct device_reader *reader)
{
	static const char loss[] = "devices, drivers and interfaces are not known";
	struct reading *reading = reader->reading;
	int r = 0;

	if (!reader->n_lists)
		return reading_missing(
			reading, "/sys: %s: %s",
			snapshot_reason(reader->list_error ? reader->list_error : -ENOENT), loss);
	if (reader->list_error)
		r = reading_missing(reading, "/sys: %s in parts of it: some %s",
				    snapshot_reason(reader->list_error), loss);
	if (r == 0 && reader->n_errors == 1)
		r = reading_missing(reading, "/%s: %s", reader->first_path,
				    snapshot_reason(reader->first_error));
	else if (r == 0 && reader->n_errors)
		r = reading_missing(reading, "/%s and %zu more: %s", reader->first_path,
				    reader->n_errors - 1, snapshot_reason(reader->first_error));
	return r;
}

int snapshot_read_devices(struct reading *reading)
{
	struct device_reader reader = {.reading = reading};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(buses); i++)
		r = read_bus(&reader, &buses[i]);
	if (r == 0)
		r = devices_read_interfaces(&reader);
	if (r == 0)
		r = devices_read_queues(&reader);
	return r < 0 ? r : report(&reader);
}
