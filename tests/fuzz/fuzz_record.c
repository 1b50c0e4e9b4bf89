/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a file of saved settings: what was read is written and read again as the same. */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "apply/record.h"
#include "base/macros.h"

static void check_text(const char *a, const char *b)
{
	CHECK(!a == !b);
	CHECK(!a || strcmp(a, b) == 0);
}

/* What a caller may rely on: nothing leads out of the settings' own files. */
static void check_entry(const struct record_entry *entry)
{
	_cleanup_(buf_done) struct buf path = {0};
	size_t slashes = 0, wanted = 6;

	CHECK(setting_path(&entry->setting, &path) == 0);
	for (const char *p = buf_text(&path); *p; p++)
		slashes += *p == '/';
	if (entry->setting.kind == SETTING_IRQ) {
		CHECK(entry->actions && entry->setting.irq >= 0);
		wanted = 3;
	} else if (entry->setting.kind == SETTING_CHANNELS) {
		wanted = 3;
	} else if (entry->setting.kind == SETTING_DEFAULT) {
		wanted = 2;
	} else if (entry->setting.kind == SETTING_RFS) {
		wanted = 4;
	}
	CHECK(slashes == wanted);
	CHECK(!strstr(buf_text(&path), "/../") && !strstr(buf_text(&path), "/./"));
}

static void check_same(const struct record_entry *a, const struct record_entry *b)
{
	CHECK(a->setting.kind == b->setting.kind && a->setting.irq == b->setting.irq &&
	      a->setting.queue == b->setting.queue && a->vector == b->vector &&
	      a->number == b->number && cpuset_equal(&a->cpus, &b->cpus));
	check_text(a->setting.interface, b->setting.interface);
	check_text(a->device, b->device);
	check_text(a->actions, b->actions);
}

/* A file that lives in memory, and its path. */
static int memory_file(struct buf *path)
{
	int fd = memfd_create("record", MFD_CLOEXEC);

	CHECK(fd >= 0);
	CHECK(buf_printf(path, "/proc/self/fd/%d", fd) == 0);
	return fd;
}

/* record_write() replaces files, which one in memory cannot be; a pipe would be too short. */
static void check_round_trip(const struct record *record)
{
	_cleanup_(record_done) struct record again = {0};
	_cleanup_(buf_done) struct buf path = {0}, error = {0};
	int fd = memory_file(&path), kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	CHECK(kept >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	CHECK(record_write(record, "-") == 0);
	CHECK(dup2(kept, STDOUT_FILENO) >= 0);
	close(kept);
	CHECK(record_read(buf_text(&path), &again, &error) == 0);
	close(fd);
	CHECK(again.n == record->n);
	for (size_t i = 0; i < again.n; i++)
		check_same(&record->entries[i], &again.entries[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf path = {0}, error = {0};
	int r, fd = memory_file(&path);

	CHECK(write(fd, data, size) == (ssize_t)size);
	r = record_read(buf_text(&path), &record, &error);
	close(fd);
	CHECK(r == 0 ? !error.len : r == -EINVAL && error.len);
	if (r < 0)
		return 0;
	for (size_t i = 0; i < record.n; i++)
		check_entry(&record.entries[i]);
	check_round_trip(&record);
	return 0;
}
