/* SPDX-License-Identifier: BSD-2-Clause */
/* A recorded root in a temporary directory: whatever lies in it, nothing outside of it is read. */
#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/strv.h"
#include "source/source.h"

#define _buf_  _cleanup_(buf_done) struct buf
#define _strv_ _cleanup_(strv_done) struct strv

struct place {
	char *dir; /* holds root/ and, beside it, "secret" */
	int fd;    /* of root/ */
	struct source *source;
};

static void put(int fd, const char *path, const char *text)
{
	_cleanup_close_ int file = openat(fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
}

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	_buf_ root = {0};

	assert_non_null(place);
	place->dir = strdup("/tmp/irqctl-test-XXXXXX");
	assert_non_null(place->dir);
	assert_non_null(mkdtemp(place->dir));
	assert_int_equal(buf_printf(&root, "%s/root", place->dir), 0);
	assert_int_equal(mkdir(root.data, 0755), 0);
	place->fd = open(root.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(place->fd >= 0);
	assert_int_equal(mkdirat(place->fd, "proc", 0755), 0);
	assert_int_equal(mkdirat(place->fd, "proc/irq", 0755), 0);
	put(place->fd, "proc/interrupts", "           CPU0\n");
	put(place->fd, "../secret", "secret");
	assert_int_equal(source_open_root(root.data, &place->source), 0);
	*state = place;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int teardown(void **state)
{
	struct place *place = *state;

	source_close(place->source);
	close(place->fd);
	assert_int_equal(nftw(place->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	free(place->dir);
	free(place);
	return 0;
}

static void reads_a_file(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};

	assert_int_equal(buf_puts(&text, "kept "), 0);
	assert_int_equal(source_read(place->source, "proc/interrupts", &text), 0);
	assert_string_equal(buf_text(&text), "kept            CPU0\n");
	assert_false(place->source->live);
}

static void reads_an_empty_file(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};

	put(place->fd, "proc/stat", "");
	assert_int_equal(source_read(place->source, "proc/stat", &text), 0);
	assert_int_equal(text.len, 0);
}

static void reads_a_long_file(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};
	_buf_ got = {0};

	for (int i = 0; i < 300000; i++)
		assert_int_equal(buf_printf(&text, "%d\n", i), 0);
	put(place->fd, "proc/stat", text.data);
	assert_int_equal(source_read(place->source, "proc/stat", &got), 0);
	assert_int_equal(got.len, text.len);
	assert_memory_equal(got.data, text.data, text.len);
}

static void absent(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};
	_strv_ names = {0};
	uint32_t mode = 7;

	assert_int_equal(buf_puts(&text, "kept"), 0);
	assert_int_equal(source_read(place->source, "proc/softirqs", &text), -ENOENT);
	assert_int_equal(source_read(place->source, "sys/a/b", &text), -ENOENT);
	assert_int_equal(source_link(place->source, "sys/a", &text), -ENOENT);
	assert_int_equal(source_list(place->source, "sys", &names), -ENOENT);
	assert_int_equal(source_mode(place->source, "sys", &mode), -ENOENT);
	assert_int_equal(mode, 7);
	assert_int_equal(names.n, 0);
	assert_string_equal(buf_text(&text), "kept");
}

static void not_a_file(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};
	_strv_ names = {0};

	assert_true(source_read(place->source, "proc", &text) < 0);
	assert_true(source_list(place->source, "proc/interrupts", &names) < 0);
	assert_int_equal(source_read(place->source, "proc/interrupts/x", &text), -ENOTDIR);
	assert_int_equal(text.len, 0);
}

/* Opening a FIFO without a writer would wait for ever. */
static void fifo(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};

	assert_int_equal(mkfifoat(place->fd, "proc/stat", 0644), 0);
	assert_true(source_read(place->source, "proc/stat", &text) < 0);
	assert_int_equal(text.len, 0);
}

static void device_node(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};

	if (mknodat(place->fd, "proc/stat", S_IFCHR | 0644, (1 << 8) | 5) < 0) /* /dev/zero */
		skip();
	assert_true(source_read(place->source, "proc/stat", &text) < 0);
	assert_int_equal(text.len, 0);
}

static void links_inside(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};

	assert_int_equal(symlinkat("interrupts", place->fd, "proc/near"), 0);
	assert_int_equal(symlinkat("/proc/interrupts", place->fd, "proc/absolute"), 0);
	assert_int_equal(symlinkat("../proc/irq/../interrupts", place->fd, "proc/far"), 0);
	assert_int_equal(source_read(place->source, "proc/near", &text), 0);
	assert_int_equal(source_read(place->source, "proc/absolute", &text), 0);
	assert_int_equal(source_read(place->source, "proc/far", &text), 0);
	assert_string_equal(buf_text(&text), "           CPU0\n           CPU0\n           CPU0\n");
}

/* Inside a root ".." stops at the root, as it does at "/". */
static void links_leading_out(void **state)
{
	struct place *place = *state;
	_buf_ target = {0};
	_buf_ text = {0};
	uint32_t mode;

	assert_int_equal(buf_printf(&target, "%s/secret", place->dir), 0);
	assert_int_equal(symlinkat("../../secret", place->fd, "proc/up"), 0);
	assert_int_equal(symlinkat(target.data, place->fd, "proc/out"), 0);
	assert_int_equal(symlinkat("../../../../../../../etc", place->fd, "proc/etc"), 0);
	assert_int_equal(source_read(place->source, "proc/up", &text), -ENOENT);
	assert_int_equal(source_read(place->source, "proc/out", &text), -ENOENT);
	assert_int_equal(source_read(place->source, "proc/etc/passwd", &text), -ENOENT);
	assert_int_equal(source_read(place->source, "../secret", &text), -ENOENT);
	assert_true(source_mode(place->source, "proc/out", &mode) < 0);
	assert_int_equal(text.len, 0);
}

static void link_loop(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};

	assert_int_equal(symlinkat("loop", place->fd, "proc/loop"), 0);
	assert_int_equal(source_read(place->source, "proc/loop", &text), -ELOOP);
}

static void link_targets(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};

	assert_int_equal(symlinkat("../../../../bus/pci/drivers/nvme", place->fd, "proc/driver"),
			 0);
	assert_int_equal(buf_puts(&text, "to "), 0);
	assert_int_equal(source_link(place->source, "proc/driver", &text), 0);
	assert_string_equal(buf_text(&text), "to ../../../../bus/pci/drivers/nvme");
	assert_int_equal(source_link(place->source, "proc/interrupts", &text), -EINVAL);
}

static void lists_sorted(void **state)
{
	struct place *place = *state;
	_strv_ names = {0};

	put(place->fd, "proc/irq/9", "");
	put(place->fd, "proc/irq/10", "");
	put(place->fd, "proc/irq/.hidden", "");
	assert_int_equal(source_list(place->source, "proc/irq", &names), 0);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.items[0], ".hidden");
	assert_string_equal(names.items[1], "10");
	assert_string_equal(names.items[2], "9");
}

static void modes(void **state)
{
	struct place *place = *state;
	uint32_t mode = 0;

	put(place->fd, "proc/a", "");
	assert_int_equal(fchmodat(place->fd, "proc/a", 0444, 0), 0);
	assert_int_equal(source_mode(place->source, "proc/a", &mode), 0);
	assert_int_equal(mode, 0444);
	assert_int_equal(fchmodat(place->fd, "proc/a", 0644, 0), 0);
	assert_int_equal(source_mode(place->source, "proc/a", &mode), 0);
	assert_int_equal(mode, 0644);
}

struct lines {
	struct buf text;
	size_t n_calls;
	bool ended;
	int fail;
};

/* Uses whole lines only, as the parser of the table does. */
static int64_t take_lines(void *ctx, const char *bytes, size_t len, bool last)
{
	struct lines *lines = ctx;
	const char *newline = memrchr(bytes, '\n', len);
	size_t used = last ? len : newline ? (size_t)(newline - bytes) + 1 : 0;

	assert_false(lines->ended);
	lines->ended = last;
	if (lines->fail && ++lines->n_calls == 2)
		return lines->fail;
	assert_int_equal(buf_append(&lines->text, bytes, used), 0);
	return (int64_t)used;
}

static void streams_long_lines(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};
	struct lines lines = {0};

	for (size_t i = 0; i < 12; i++) {
		assert_int_equal(buf_fill(&text, (char)('a' + i), i * 50000), 0);
		assert_int_equal(buf_putc(&text, '\n'), 0);
	}
	assert_int_equal(buf_puts(&text, "no newline"), 0);
	put(place->fd, "proc/stat", text.data);
	assert_int_equal(source_stream(place->source, "proc/stat", take_lines, &lines), 0);
	assert_true(lines.ended);
	assert_int_equal(lines.text.len, text.len);
	assert_memory_equal(lines.text.data, text.data, text.len);
	buf_done(&lines.text);
}

static void stream_stops_on_error(void **state)
{
	struct place *place = *state;
	_buf_ text = {0};
	struct lines lines = {.fail = -EINVAL};

	assert_int_equal(buf_fill(&text, '\n', 1000000), 0);
	put(place->fd, "proc/stat", text.data);
	assert_int_equal(source_stream(place->source, "proc/stat", take_lines, &lines), -EINVAL);
	assert_int_equal(lines.n_calls, 2);
	buf_done(&lines.text);
	assert_int_equal(source_stream(place->source, "proc/none", take_lines, &lines), -ENOENT);
}

static void check_kept(struct source_file *file, const char *wanted)
{
	_buf_ text = {0};

	assert_int_equal(buf_puts(&text, "x"), 0);
	assert_int_equal(source_file_read(file, &text), 0);
	assert_string_equal(text.data + 1, wanted);
}

static void keeps_a_file(void **state)
{
	struct place *place = *state;
	struct source_file file = {.fd = -1};
	_buf_ text = {0};

	assert_int_equal(source_file_open(place->source, "proc/none", &file), -ENOENT);
	put(place->fd, "proc/stat", "1\n");
	assert_int_equal(source_file_open(place->source, "proc/stat", &file), 0);
	check_kept(&file, "1\n");
	put(place->fd, "proc/stat", "22\n");
	check_kept(&file, "22\n");
	put(place->fd, "proc/stat", "");
	check_kept(&file, "");
	for (int i = 0; i < 30000; i++)
		assert_int_equal(buf_printf(&text, "%d\n", i), 0);
	put(place->fd, "proc/new", text.data);
	assert_int_equal(renameat(place->fd, "proc/new", place->fd, "proc/stat"), 0);
	check_kept(&file, text.data);
	assert_int_equal(unlinkat(place->fd, "proc/stat", 0), 0);
	assert_int_equal(source_file_read(&file, &text), -ENOENT);
	put(place->fd, "proc/stat", "3\n");
	check_kept(&file, "3\n");
	source_file_close(&file);
	source_file_close(&file);
}

static int read_nine(struct source *source, const char *path, struct buf *out)
{
	(void)source;
	assert_string_equal(path, "proc/stat");
	return buf_puts(out, "9\n");
}

/* Not every source has descriptors to keep. */
static void keeps_nothing(void **state)
{
	static const struct source_ops ops = {.read = read_nine};
	struct source source = {.ops = &ops, .name = ""};
	struct source_file file;

	(void)state;
	assert_int_equal(source_file_open(&source, "proc/stat", &file), 0);
	check_kept(&file, "9\n");
	check_kept(&file, "9\n");
	source_file_close(&file);
}

static void bad_roots(void **state)
{
	struct place *place = *state;
	struct source *source = NULL;
	_buf_ file = {0};

	assert_int_equal(source_open_root("/nonexistent/root", &source), -ENOENT);
	assert_int_equal(buf_printf(&file, "%s/secret", place->dir), 0);
	assert_int_equal(source_open_root(file.data, &source), -ENOTDIR);
	assert_null(source);
	source_close(NULL);
}

int main(void)
{
#define EACH(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		EACH(reads_a_file), EACH(reads_an_empty_file), EACH(reads_a_long_file),
		EACH(absent),       EACH(not_a_file),          EACH(fifo),
		EACH(device_node),  EACH(links_inside),        EACH(links_leading_out),
		EACH(link_loop),    EACH(link_targets),        EACH(lists_sorted),
		EACH(modes),        EACH(streams_long_lines),  EACH(stream_stops_on_error),
		EACH(bad_roots),    EACH(keeps_a_file),        EACH(keeps_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
