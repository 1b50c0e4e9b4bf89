/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine that takes writes: its files lie in a temporary directory, and what the kernel makes of
 * a write (kernel/irq/proc.c) is played here. Includes cmocka.
 */
#pragma once

#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/apply.h"
#include "base/macros.h"
#include "parse/cpulist.h"

/* What the kernel answers to writes of a file, from the `from`th on (0: the first). */
struct refusal {
	const char *path;
	int error;
	size_t from, n_seen;
};

struct fake {
	struct source base; /* reads go through here */
	struct source *files;
	char *dir;
	int fd;
	struct applier applier;
	struct refusal refusals[4];
	struct buf log;      /* "path=text" of every write, one a line */
	bool deferred;       /* a move waits for the next interrupt */
	size_t arrives_look; /* deferred: it comes at this look at an effective affinity, 0: never
			      */
	size_t n_looks;
	const char *kept_path, *kept; /* a file that shows this, whatever was written to it */
	const char *dropped_to; /* what is requested when the interrupt came and the move failed */
};

static inline void fake_put(struct fake *fake, const char *path, const char *text)
{
	_cleanup_(buf_done) struct buf dirs = {0};
	int file;

	assert_int_equal(buf_puts(&dirs, path), 0);
	for (char *slash = strchr(dirs.data, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdirat(fake->fd, dirs.data, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	file = openat(fake->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
}

/* The text of a file without its newline; the caller frees it. */
static inline char *fake_get(struct fake *fake, const char *path)
{
	struct buf text = {0};

	assert_int_equal(source_read(fake->files, path, &text), 0);
	buf_rstrip(&text);
	assert_int_equal(buf_puts(&text, ""), 0);
	return text.data;
}

static inline void fake_check(struct fake *fake, const char *path, const char *wanted)
{
	_cleanup_free_ char *text = fake_get(fake, path);

	assert_string_equal(text, wanted);
}

static inline void fake_irq(struct fake *fake, int irq, const char *requested,
			    const char *effective)
{
	_cleanup_(buf_done) struct buf path = {0};

	assert_int_equal(buf_printf(&path, "proc/irq/%d/smp_affinity_list", irq), 0);
	fake_put(fake, path.data, requested);
	buf_cut(&path, 0);
	assert_int_equal(buf_printf(&path, "proc/irq/%d/effective_affinity_list", irq), 0);
	if (effective)
		fake_put(fake, path.data, effective);
}

/* On x86 one of the requested CPUs serves; the one that does already stays where it may. */
static inline void fake_move(struct fake *fake, const char *directory)
{
	_cleanup_(cpuset_done) struct cpuset requested = {0}, effective = {0};
	_cleanup_(buf_done) struct buf path = {0}, cpu = {0};
	_cleanup_free_ char *now = NULL, *wanted = NULL;

	assert_int_equal(buf_printf(&path, "%s/effective_affinity_list", directory), 0);
	if (faccessat(fake->fd, path.data, F_OK, 0) < 0)
		return;
	now = fake_get(fake, path.data);
	buf_cut(&path, strlen(directory));
	assert_int_equal(buf_puts(&path, "/smp_affinity_list"), 0);
	wanted = fake_get(fake, path.data);
	assert_int_equal(cpulist_parse(now, strlen(now), &effective), 0);
	assert_int_equal(cpulist_parse(wanted, strlen(wanted), &requested), 0);
	if (cpuset_next(&effective, 0) >= 0 && cpuset_subset(&effective, &requested))
		return;
	assert_int_equal(buf_printf(&cpu, "%" PRId64 "\n", cpuset_next(&requested, 0)), 0);
	buf_cut(&path, strlen(directory));
	assert_int_equal(buf_puts(&path, "/effective_affinity_list"), 0);
	fake_put(fake, path.data, cpu.data);
}

/* "proc/irq/24/smp_affinity_list" -> "proc/irq/24" where the path ends so. */
static inline char *fake_parent(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash && strcmp(slash + 1, name) == 0 ? strndup(path, (size_t)(slash - path)) : NULL;
}

static inline int fake_write(void *ctx, const char *path, const char *text)
{
	struct fake *fake = ctx;
	_cleanup_free_ char *irq = fake_parent(path, "smp_affinity_list");

	assert_int_equal(buf_printf(&fake->log, "%s=%s\n", path, text), 0);
	for (size_t i = 0; i < ARRAY_SIZE(fake->refusals); i++) {
		struct refusal *refusal = &fake->refusals[i];

		if (refusal->path && strcmp(refusal->path, path) == 0 &&
		    refusal->n_seen++ >= refusal->from)
			return -refusal->error;
	}
	if (faccessat(fake->fd, path, F_OK, 0) < 0)
		return -ENOENT;
	fake_put(fake, path,
		 fake->kept_path && strcmp(fake->kept_path, path) == 0 ? fake->kept : text);
	if (irq && !fake->deferred)
		fake_move(fake, irq);
	return 0;
}

/* The kernel gives a move up: it shows again what was requested before. */
static inline void fake_drop(struct fake *fake, const char *directory)
{
	_cleanup_(buf_done) struct buf path = {0};

	assert_int_equal(buf_printf(&path, "%s/smp_affinity_list", directory), 0);
	fake_put(fake, path.data, fake->dropped_to);
}

static inline int fake_read(struct source *source, const char *path, struct buf *out)
{
	struct fake *fake = (struct fake *)source;
	_cleanup_free_ char *irq = fake_parent(path, "effective_affinity_list");

	if (irq && ++fake->n_looks == fake->arrives_look && fake->dropped_to)
		fake_drop(fake, irq);
	else if (irq && fake->n_looks == fake->arrives_look)
		fake_move(fake, irq);
	return source_read(fake->files, path, out);
}

static inline int fake_list(struct source *source, const char *path, struct strv *out)
{
	return source_list(((struct fake *)source)->files, path, out);
}

static inline int fake_setup(void **state)
{
	static const struct source_ops ops = {.read = fake_read, .list = fake_list};
	struct fake *fake = calloc(1, sizeof(*fake));

	assert_non_null(fake);
	fake->dir = strdup("/tmp/irqctl-test-XXXXXX");
	assert_non_null(fake->dir);
	assert_non_null(mkdtemp(fake->dir));
	fake->fd = open(fake->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fake->fd >= 0);
	assert_int_equal(source_open_root(fake->dir, &fake->files), 0);
	fake->base = (struct source){.ops = &ops, .name = ""};
	fake->applier = (struct applier){.source = &fake->base, .write = fake_write, .ctx = fake};
	*state = fake;
	return 0;
}

static inline int fake_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int fake_teardown(void **state)
{
	struct fake *fake = *state;

	source_close(fake->files);
	close(fake->fd);
	assert_int_equal(nftw(fake->dir, fake_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
	buf_done(&fake->log);
	free(fake->dir);
	free(fake);
	return 0;
}
