/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names that people know (eth0, nvme0, vda, host2) of the devices. The link of an interface in
 * sys/class tells its whole path: ".../0000:00:03.0/virtio2/net/eth0", so one readlink each will
 * do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/internal.h"

#define PLATFORM_DEVICES "sys/bus/platform/devices"

struct interface_reader {
	struct device_reader *reader;
	struct strv platform; /* names of the platform devices, once something asked for them */
	bool has_platform;
	size_t first_platform; /* position in snapshot->devices */
};

/* Disks that are made of files, memory or other disks: many of them, and never an interrupt. */
static bool is_virtual_disk(const char *name)
{
	static const char *const prefixes[] = {"loop", "ram", "zram", "dm-", "md", "nbd"};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static int compare_name(const void *key, const void *item)
{
	return strcmp(key, *(char *const *)item);
}

static bool has_name(const struct strv *names, const char *name)
{
	return names->n &&
	       bsearch(name, names->items, names->n, sizeof(*names->items), compare_name);
}

/* Cuts the last part off `path` and returns it; NULL when nothing is left. */
static char *cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return NULL;
	*slash = '\0';
	return slash + 1;
}

static int load_platform(struct interface_reader *reader)
{
	int r;

	if (reader->has_platform)
		return 0;
	reader->has_platform = true;
	reader->first_platform = reader->reader->reading->snapshot->n_devices;
	r = source_list(reader->reader->reading->source, PLATFORM_DEVICES, &reader->platform);
	return r == -ENOMEM ? r : 0;
}

/* The device of a name that is in sys/bus/platform; made when it is first asked for. */
static int get_platform(struct interface_reader *reader, const char *name,
			struct device **ret_device)
{
	struct reading *reading = reader->reader->reading;
	struct snapshot *snapshot = reading->snapshot;
	struct device *device;
	int r;

	for (size_t i = reader->first_platform; i < snapshot->n_devices; i++) {
		if (strcmp(snapshot->devices[i].address, name) == 0) {
			*ret_device = &snapshot->devices[i];
			return 0;
		}
	}
	device = devices_add(reader->reader, "platform", name);
	r = device ? reading_enter(reading, PLATFORM_DEVICES, name) : -ENOMEM;
	if (r == 0)
		r = devices_read_driver(reader->reader, &device->driver);
	if (r == 0)
		*ret_device = device;
	return r;
}

/*
 * The nearest device above the end of a path, which is cut to pieces. An interface on USB has none:
 * the interrupts are those of the host controller, whatever hangs on it.
 */
static int find_owner(struct interface_reader *reader, char *path, struct device **ret_device)
{
	bool platform = strstr(path, "/platform/");
	char *part;
	int r = platform ? load_platform(reader) : 0;

	*ret_device = NULL;
	if (strstr(path, "/usb"))
		return r;
	while (r == 0 && !*ret_device && (part = cut_last(path))) {
		*ret_device = devices_find(reader->reader, part, strlen(part));
		if (!*ret_device && platform && has_name(&reader->platform, part))
			r = get_platform(reader, part, ret_device);
	}
	return r;
}

/* A partition stands below its disk: ".../block/sda/sda1". */
static bool is_partition(const struct strv *disks, const char *path)
{
	const char *end = strrchr(path, '/');
	const char *start = end;
	char *parent;
	bool is;

	if (!end)
		return false;
	while (start > path && start[-1] != '/')
		start--;
	parent = strndup(start, (size_t)(end - start));
	is = parent && has_name(disks, parent);
	free(parent);
	return is;
}

static int read_interface(struct interface_reader *reader, const char *class,
			  const struct strv *names, const char *name)
{
	struct reading *reading = reader->reader->reading;
	_cleanup_(buf_done) struct buf path = {0};
	struct device *device;
	int r = reading_enter(reading, class, name);

	if (r < 0)
		return r;
	reading->dir_len--; /* the link itself: no slash behind it */
	r = reading_link(reading, "");
	/* a recording may hold a directory here, and sys/class/net holds a file (bonding_masters)
	 */
	if (r < 0)
		return r == -EINVAL ? 0 : devices_failed(reader->reader, r);
	r = buf_append(&path, buf_text(&reading->bytes), reading->bytes.len);
	if (r < 0 || strstr(path.data, "/virtual/") || is_partition(names, path.data))
		return r;
	r = find_owner(reader, path.data, &device);
	return r < 0 || !device ? r : strv_add(&device->interfaces, name);
}

static int read_class(struct interface_reader *reader, const char *class)
{
	_cleanup_(strv_done) struct strv names = {0};
	int r = devices_list(reader->reader, class, &names);

	for (size_t i = 0; r == 0 && i < names.n; i++) {
		if (!is_virtual_disk(names.items[i]))
			r = read_interface(reader, class, &names, names.items[i]);
	}
	return r;
}

int devices_read_interfaces(struct device_reader *reader)
{
	/* the best name of a device first: a disk says more than the host adapter it hangs on */
	static const char *const classes[] = {
		"sys/class/net",
		"sys/class/nvme",
		"sys/class/block",
		"sys/class/scsi_host",
	};
	struct interface_reader interfaces = {.reader = reader};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(classes); i++)
		r = read_class(&interfaces, classes[i]);
	strv_done(&interfaces.platform);
	return r;
}
