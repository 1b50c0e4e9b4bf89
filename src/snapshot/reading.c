/* SPDX-License-Identifier: BSD-2-Clause */
/* The tools with which the other files here read, and the small files of /proc. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "snapshot/internal.h"

int reading_enter(struct reading *reading, const char *dir, const char *name)
{
	int r;

	buf_cut(&reading->path, 0);
	r = buf_puts(&reading->path, dir);
	if (r == 0)
		r = buf_putc(&reading->path, '/');
	if (r == 0)
		r = buf_puts(&reading->path, name);
	if (r == 0)
		r = buf_putc(&reading->path, '/');
	if (r == 0)
		reading->dir_len = reading->path.len;
	return r;
}

static int set_leaf(struct reading *reading, const char *leaf)
{
	buf_cut(&reading->path, reading->dir_len);
	return buf_puts(&reading->path, leaf);
}

int reading_read(struct reading *reading, const char *leaf)
{
	int r = set_leaf(reading, leaf);

	buf_cut(&reading->bytes, 0);
	if (r == 0)
		r = source_read(reading->source, reading->path.data, &reading->bytes);
	if (r == 0)
		buf_rstrip(&reading->bytes);
	return r;
}

int reading_link(struct reading *reading, const char *leaf)
{
	int r = set_leaf(reading, leaf);

	buf_cut(&reading->bytes, 0);
	if (r == 0)
		r = source_link(reading->source, reading->path.data, &reading->bytes);
	return r;
}

int reading_list(struct reading *reading, const char *leaf, struct strv *out)
{
	int r = set_leaf(reading, leaf);

	return r < 0 ? r : source_list(reading->source, reading->path.data, out);
}

int reading_mode(struct reading *reading, const char *leaf, uint32_t *ret_mode)
{
	int r = set_leaf(reading, leaf);

	return r < 0 ? r : source_mode(reading->source, reading->path.data, ret_mode);
}

/* A live FreeBSD has no files: "/sysctl/kern.boottime" is the sysctl kern.boottime. */
static const char *name_missing(const struct reading *reading, struct buf *text)
{
	char *said = text->data;

	if (*reading->source->name || reading->snapshot->system != SYSTEM_FREEBSD || *said != '/')
		return said;
	said++;
	if (text_has_prefix(said, "sysctl/"))
		said[strlen("sysctl")] = ' ';
	return said;
}

int reading_missing(struct reading *reading, const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf text = {0};
	va_list args;
	int r = buf_puts(&text, reading->source->name);

	va_start(args, fmt);
	if (r == 0)
		r = buf_vprintf(&text, fmt, args);
	va_end(args);
	return r < 0 ? r : strv_add(&reading->snapshot->missing, name_missing(reading, &text));
}

const char *snapshot_reason(int error)
{
	switch (-error) {
	case ENOENT:
	case ENOTDIR:
		return "no such file or directory";
	case EACCES:
	case EPERM:
		return "permission denied";
	case ENODATA:
		return "the file is empty";
	case EINVAL:
		return "not a readable file of the expected form";
	case ELOOP:
		return "a loop of symbolic links, or one that may not be followed";
	case EFBIG:
		return "too large";
	case EISDIR:
		return "a directory";
	case ENOSYS:
		return "this needs Linux 5.6 or later";
	case ENOMEM:
		return "out of memory";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	default:
		return "a read error";
	}
}

static int read_proc(struct reading *reading, const char *name)
{
	int r = reading_enter(reading, "proc", name);

	if (r < 0)
		return r;
	buf_cut(&reading->path, --reading->dir_len); /* a file itself: no slash behind it */
	r = reading_read(reading, "");
	return r == 0 && !reading->bytes.len ? -ENODATA : r;
}

static int read_cpu_times(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;
	int r = read_proc(reading, "stat");

	if (r == 0)
		r = proc_stat_parse(reading->bytes.data, reading->bytes.len, &snapshot->cpu_times,
				    &snapshot->n_cpu_times);
	if (r == 0 || r == -ENOMEM)
		return r;
	return reading_missing(reading, "/proc/stat: %s: time spent in interrupts is not known",
			       snapshot_reason(r));
}

static int read_softirqs(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;
	int r = read_proc(reading, "softirqs");

	if (r == 0)
		r = irq_table_parse(&snapshot->softirqs, reading->bytes.data, reading->bytes.len,
				    NULL);
	snapshot->has_softirqs = r == 0;
	if (r == 0 || r == -ENOMEM)
		return r;
	irq_table_done(&snapshot->softirqs);
	return reading_missing(reading, "/proc/softirqs: %s: softirqs are not known",
			       snapshot_reason(r));
}

/* A kernel before 6.1 or without PSI has no such file: that is no fact that was lost. */
static int read_pressure(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;
	int r = read_proc(reading, "pressure/irq");

	if (r == 0)
		r = irq_pressure_parse(reading->bytes.data, reading->bytes.len,
				       &snapshot->pressure);
	snapshot->has_pressure = r == 0;
	if (r == 0 || r == -ENOENT)
		return 0;
	if (r == -ENOMEM)
		return r;
	return reading_missing(reading, "/proc/pressure/irq: %s: stalls are not known",
			       snapshot_reason(r));
}

static int read_uptime(struct reading *reading)
{
	double idle;
	int r = read_proc(reading, "uptime");

	if (r == 0)
		r = proc_uptime_parse(reading->bytes.data, reading->bytes.len,
				      &reading->snapshot->uptime_s, &idle);
	if (r == 0 || r == -ENOMEM)
		return r;
	return reading_missing(reading, "/proc/uptime: %s: rates since boot are not known",
			       snapshot_reason(r));
}

/* Not worth a sentence where it is missing: nothing that is shown rests on it alone. */
static int read_kernel(struct reading *reading)
{
	int r = read_proc(reading, "sys/kernel/osrelease");

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	reading->snapshot->kernel =
		arena_strdup(&reading->snapshot->strings, buf_text(&reading->bytes));
	return reading->snapshot->kernel ? 0 : -ENOMEM;
}

int snapshot_read_facts(struct reading *reading)
{
	static const struct {
		unsigned int need;
		int (*read)(struct reading *reading);
	} facts[] = {
		{SNAPSHOT_CPU_TIME, read_cpu_times},
		{SNAPSHOT_SOFTIRQS, read_softirqs},
		{SNAPSHOT_PRESSURE, read_pressure},
		{SNAPSHOT_UPTIME, read_uptime},
		{SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES, read_kernel},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(facts); i++) {
		if (reading->needs & facts[i].need)
			r = facts[i].read(reading);
	}
	return r;
}
