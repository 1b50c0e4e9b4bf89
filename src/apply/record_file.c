/* SPDX-License-Identifier: BSD-2-Clause */
/* A record as a JSON file: "irqctl.save/1". */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apply/channels.h"
#include "apply/record.h"
#include "base/array.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/strmap.h"
#include "parse/cpulist.h"
#include "view/json.h"

#define SCHEMA    "irqctl.save/1"
#define FILE_MAX  ((off_t)64 << 20)
#define TEMPORARY ".XXXXXX" /* of file_write(); mkostemp() puts these in place of the X: */
#define LETTERS   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define OLD_S     60

static const char *const kind_names[] = {
	[SETTING_IRQ] = "irq",           [SETTING_DEFAULT] = "default",     [SETTING_XPS] = "xps",
	[SETTING_RPS] = "rps",           [SETTING_RPS_FLOWS] = "rps-flows", [SETTING_RFS] = "rfs",
	[SETTING_CHANNELS] = "channels",
};

static bool has_queue(enum setting_kind kind)
{
	return kind == SETTING_XPS || kind == SETTING_RPS || kind == SETTING_RPS_FLOWS;
}

static bool has_interface(enum setting_kind kind)
{
	return has_queue(kind) || kind == SETTING_CHANNELS;
}

static void put_channels(json_t *object, uint64_t number)
{
	struct channel_counts counts = channels_unpack(number);

	json_object_set_new(object, "rx", json_integer(counts.rx));
	json_object_set_new(object, "tx", json_integer(counts.tx));
	json_object_set_new(object, "combined", json_integer(counts.combined));
}

static json_t *entry_json(const struct record_entry *entry)
{
	enum setting_kind kind = entry->setting.kind;
	_cleanup_(buf_done) struct buf cpus = {0};
	json_t *object = json_object();

	json_object_set_new(object, "setting", json_string(kind_names[kind]));
	if (kind == SETTING_IRQ) {
		json_object_set_new(object, "irq", json_integer(entry->setting.irq));
		json_object_set_new(object, "device", json_text(entry->device));
		json_object_set_new(object, "vector", json_integer(entry->vector));
		json_object_set_new(object, "actions", json_text(entry->actions));
	}
	if (has_interface(kind))
		json_object_set_new(object, "interface", json_text(entry->setting.interface));
	if (has_queue(kind))
		json_object_set_new(object, "queue", json_integer(entry->setting.queue));
	if (kind == SETTING_CHANNELS) {
		put_channels(object, entry->number);
	} else if (setting_is_number(&entry->setting)) {
		json_object_set_new(object, "value", json_count(entry->number));
	} else {
		cpuset_format(&entry->cpus, &cpus);
		json_object_set_new(object, "cpus", json_text(buf_text(&cpus)));
	}
	return object;
}

static json_t *record_json(const struct record *record)
{
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string(SCHEMA));
	for (size_t i = 0; i < record->n; i++)
		json_array_append_new(array, entry_json(&record->entries[i]));
	json_object_set_new(document, "settings", array);
	return document;
}

/* What mkostemp() makes of `name`. */
static bool is_temporary_of(const char *name, const char *of)
{
	size_t len = strlen(of);

	return strncmp(name, of, len) == 0 && name[len] == '.' &&
	       strlen(name + len + 1) == sizeof(TEMPORARY) - 2 &&
	       strspn(name + len + 1, LETTERS) == sizeof(TEMPORARY) - 2;
}

static bool is_left_over(int dir, const char *name, time_t now)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       st.st_uid == geteuid() && st.st_mtim.tv_sec < now - OLD_S;
}

int record_sweep(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	_cleanup_free_ char *folder =
		slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	_cleanup_closedir_ DIR *dir = folder ? opendir(folder) : NULL;
	time_t now = time(NULL);
	struct dirent *entry;

	if (!dir)
		return folder ? -errno : -ENOMEM;
	while ((entry = readdir(dir))) {
		if (is_temporary_of(entry->d_name, name) &&
		    is_left_over(dirfd(dir), entry->d_name, now))
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	return 0;
}

int record_write(const struct record *record, const char *path)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = json_print(record_json(record), false, &text);

	return r < 0 ? r : file_write(path, &text);
}

/* Where a record is wrong: "settings[3]: cpus: '0-x' is no CPU list". */
struct reader {
	struct record *record;
	struct buf *error;
	struct strmap seen; /* what was set by an entry before */
	size_t index;
};

static int bad_field(struct reader *reader, const char *field, const char *wanted)
{
	buf_printf(reader->error, _("settings[%zu]: '%s' is not %s"), reader->index, field, wanted);
	return -EINVAL;
}

static int read_integer(struct reader *reader, const json_t *object, const char *field,
			uint64_t max, uint64_t *ret)
{
	const json_t *value = json_object_get(object, field);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) > max)
		return bad_field(reader, field, _("a whole number in its range"));
	*ret = (uint64_t)json_integer_value(value);
	return 0;
}

/* An optional text; NULL where it is missing or null. */
static int read_text(struct reader *reader, const json_t *object, const char *field,
		     const char **ret)
{
	const json_t *value = json_object_get(object, field);

	if (!value || json_is_null(value)) {
		*ret = NULL;
		return 0;
	}
	if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
		return bad_field(reader, field, _("a text"));
	*ret = arena_strdup(&reader->record->strings, json_string_value(value));
	return *ret ? 0 : -ENOMEM;
}

/* The name becomes part of a path. */
static bool is_interface_name(const char *name)
{
	return name && *name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static int read_owner(struct reader *reader, const json_t *object, struct record_entry *entry)
{
	uint64_t value;
	int r;

	if (entry->setting.kind == SETTING_IRQ) {
		r = read_integer(reader, object, "irq", INT32_MAX, &value);
		entry->setting.irq = r == 0 ? (int32_t)value : -1;
		if (r == 0)
			r = read_text(reader, object, "device", &entry->device);
		if (r == 0)
			r = read_text(reader, object, "actions", &entry->actions);
		if (r == 0)
			r = read_integer(reader, object, "vector", UINT32_MAX, &value);
		entry->vector = r == 0 ? (uint32_t)value : 0;
		entry->actions = entry->actions ? entry->actions : "";
		return r;
	}
	if (!has_interface(entry->setting.kind))
		return 0;
	r = read_text(reader, object, "interface", &entry->setting.interface);
	if (r == 0 && !is_interface_name(entry->setting.interface))
		return bad_field(reader, "interface", _("the name of an interface"));
	if (r < 0 || !has_queue(entry->setting.kind))
		return r;
	r = read_integer(reader, object, "queue", UINT32_MAX, &value);
	entry->setting.queue = r == 0 ? (uint32_t)value : 0;
	return r;
}

static int read_channels(struct reader *reader, const json_t *object, uint64_t *ret_number)
{
	uint64_t rx, tx, combined;
	int r = read_integer(reader, object, "rx", CHANNELS_MAX, &rx);

	if (r == 0)
		r = read_integer(reader, object, "tx", CHANNELS_MAX, &tx);
	if (r == 0)
		r = read_integer(reader, object, "combined", CHANNELS_MAX, &combined);
	if (r == 0)
		*ret_number = channels_pack(&(const struct channel_counts){
			(uint32_t)rx, (uint32_t)tx, (uint32_t)combined});
	return r;
}

static int read_value(struct reader *reader, const json_t *object, struct record_entry *entry)
{
	enum setting_kind kind = entry->setting.kind;
	const char *cpus = NULL;
	int r;

	if (kind == SETTING_CHANNELS)
		return read_channels(reader, object, &entry->number);
	if (setting_is_number(&entry->setting))
		return read_integer(reader, object, "value", INT64_MAX, &entry->number);
	r = read_text(reader, object, "cpus", &cpus);
	if (r < 0)
		return r;
	r = cpus ? cpulist_parse(cpus, strlen(cpus), &entry->cpus) : -EINVAL;
	if (r == -ENOMEM)
		return r;
	if (r < 0 || (!has_interface(kind) && cpuset_next(&entry->cpus, 0) < 0))
		return bad_field(reader, "cpus", _("a CPU list"));
	return 0;
}

static int read_kind(struct reader *reader, const json_t *object, struct record_entry *entry)
{
	const char *name = json_string_value(json_object_get(object, "setting"));

	for (size_t i = 0; name && i < ARRAY_SIZE(kind_names); i++) {
		if (strcmp(name, kind_names[i]) == 0) {
			entry->setting.kind = (enum setting_kind)i;
			return 0;
		}
	}
	return bad_field(reader, "setting",
			 _("irq, default, xps, rps, rps-flows, rfs or channels"));
}

/* Two values for one setting: nobody knows which was meant. */
static int check_new(struct reader *reader, const struct record_entry *entry)
{
	struct arena *strings = &reader->record->strings;
	_cleanup_(buf_done) struct buf path = {0};
	const char *owner;
	int r = setting_path(&entry->setting, &path);

	if (r < 0)
		return r;
	owner = entry->device
			? arena_printf(strings, "%s vector %" PRIu32, entry->device, entry->vector)
			: arena_strdup(strings, buf_text(&path));
	if (!owner)
		return -ENOMEM;
	if (strmap_find(&reader->seen, owner, strlen(owner))) {
		buf_printf(reader->error, _("settings[%zu]: %s is set twice"), reader->index,
			   owner);
		return -EINVAL;
	}
	return strmap_add(&reader->seen, owner, strlen(owner), owner);
}

static int read_entry(struct reader *reader, const json_t *object)
{
	struct record *record = reader->record;
	struct record_entry *entry;
	int r = ARRAY_RESERVE(record->entries, record->n + 1, record->cap);

	if (r < 0)
		return r;
	entry = &record->entries[record->n++];
	*entry = (struct record_entry){0};
	r = read_kind(reader, object, entry);
	if (r == 0)
		r = read_owner(reader, object, entry);
	if (r == 0)
		r = read_value(reader, object, entry);
	return r < 0 ? r : check_new(reader, entry);
}

static int read_document(const json_t *document, struct record *record, struct buf *error)
{
	const char *schema = json_string_value(json_object_get(document, "schema"));
	const json_t *settings = json_object_get(document, "settings");
	struct reader reader = {.record = record, .error = error};
	int r = 0;

	if (!schema || strcmp(schema, SCHEMA) != 0) {
		buf_printf(error, _("'schema' is not \"%s\": no file of irqctl save"), SCHEMA);
		return -EINVAL;
	}
	if (!json_is_array(settings)) {
		buf_printf(error, _("'settings' is not a list"));
		return -EINVAL;
	}
	for (; reader.index < json_array_size(settings) && r == 0; reader.index++)
		r = read_entry(&reader, json_array_get(settings, reader.index));
	strmap_done(&reader.seen);
	return r;
}

static int load_json(const char *path, json_t **ret, struct buf *error)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	json_error_t json_error;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode)) {
		buf_printf(error, _("this is no regular file"));
		return -EINVAL;
	}
	if (st.st_size > FILE_MAX)
		return -EFBIG;
	*ret = json_loadfd(fd, JSON_REJECT_DUPLICATES, &json_error);
	if (*ret)
		return 0;
	buf_printf(error, _("line %d: %s"), json_error.line, json_error.text);
	return -EINVAL;
}

int record_read(const char *path, struct record *record, struct buf *error)
{
	json_t *document = NULL;
	int r = load_json(path, &document, error);

	if (r == 0)
		r = read_document(document, record, error);
	json_decref(document);
	return r;
}
