/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/freebsd.h"

#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"

#define SYSCTL_DIR "sysctl/"
#define IRQ_DIR    "cpuset/irq/"

/* How often a value is asked for that grows between the question for its size and that for itself.
 */
#define SYSCTL_TRIES 5
#define MASK_MIN     32u   /* bytes: 256 CPUs */
#define MASK_MAX     8192u /* bytes: CPUSET_MAX */

struct freebsd_source {
	struct source base;
	struct freebsd_kernel *kernel;
};

static struct freebsd_kernel *kernel_of(struct source *source)
{
	return ((struct freebsd_source *)source)->kernel;
}

static int read_sysctl(struct freebsd_kernel *kernel, const char *name, struct buf *out)
{
	int r = -ENOMEM;

	for (int i = 0; i < SYSCTL_TRIES && r == -ENOMEM; i++) {
		size_t len = 0;

		r = kernel->ops->sysctl(kernel, name, NULL, &len);
		if (r == 0 && len > SOURCE_READ_MAX)
			r = -EFBIG;
		if (r < 0)
			return r;
		if (i)
			len += len / 8; /* a text that grows: the counts in hw.intrs */
		r = buf_reserve(out, len);
		if (r < 0)
			return r;
		r = kernel->ops->sysctl(kernel, name, out->data + out->len, &len);
		if (r == 0)
			buf_cut(out, out->len + len);
	}
	return r;
}

int freebsd_get_mask(struct freebsd_kernel *kernel, enum freebsd_which which, int32_t irq,
		     struct buf *out)
{
	int r = -ERANGE;

	for (size_t size = MASK_MIN; size <= MASK_MAX && r == -ERANGE; size *= 2) {
		r = buf_reserve(out, size);
		if (r < 0)
			return r;
		memset(out->data + out->len, 0, size);
		r = kernel->ops->get_affinity(kernel, which, irq, size, out->data + out->len);
		if (r == 0)
			buf_cut(out, out->len + size);
	}
	return r;
}

static int freebsd_read(struct source *source, const char *path, struct buf *out)
{
	struct freebsd_kernel *kernel = kernel_of(source);
	uint64_t irq;

	if (text_has_prefix(path, SYSCTL_DIR))
		return read_sysctl(kernel, path + strlen(SYSCTL_DIR), out);
	if (strcmp(path, "cpuset/root") == 0)
		return freebsd_get_mask(kernel, FREEBSD_WHICH_ROOT, -1, out);
	if (!text_has_prefix(path, IRQ_DIR))
		return kernel->ops->read(kernel, path, out);
	if (number_parse(path + strlen(IRQ_DIR), INT32_MAX, &irq) < 0)
		return -ENOENT;
	return freebsd_get_mask(kernel, FREEBSD_WHICH_IRQ, (int32_t)irq, out);
}

/* What is streamed elsewhere is small here. */
static int freebsd_stream(struct source *source, const char *path, source_chunk_fn chunk, void *ctx)
{
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = freebsd_read(source, path, &bytes);
	int64_t used;

	if (r < 0)
		return r;
	used = chunk(ctx, buf_text(&bytes), bytes.len, true);
	return used < 0 ? (int)used : 0;
}

static int freebsd_list(struct source *source, const char *path, struct strv *out)
{
	int r;

	if (strcmp(path, "sysctl") != 0)
		return -ENOENT;
	r = kernel_of(source)->ops->list(kernel_of(source), out);
	strv_sort(out);
	return r;
}

static int freebsd_link(struct source *source, const char *path, struct buf *out)
{
	(void)source;
	(void)path;
	(void)out;
	return -ENOENT;
}

static int freebsd_mode(struct source *source, const char *path, uint32_t *ret_mode)
{
	struct freebsd_kernel *kernel = kernel_of(source);
	size_t len = 0;
	int r = -ENOENT;

	if (text_has_prefix(path, SYSCTL_DIR))
		r = kernel->ops->sysctl(kernel, path + strlen(SYSCTL_DIR), NULL, &len);
	if (r == 0)
		*ret_mode = 0444;
	return r;
}

static int freebsd_time(struct source *source, const char *path, uint64_t *ret_ns)
{
	(void)source;
	(void)path;
	(void)ret_ns;
	return -ENOENT;
}

static void freebsd_close(struct source *source)
{
	struct freebsd_kernel *kernel = kernel_of(source);

	if (kernel->ops->close)
		kernel->ops->close(kernel);
	free(source);
}

static const struct source_ops freebsd_ops = {
	.read = freebsd_read,
	.stream = freebsd_stream,
	.list = freebsd_list,
	.link = freebsd_link,
	.mode = freebsd_mode,
	.time = freebsd_time,
	.close = freebsd_close,
};

int source_open_freebsd(struct freebsd_kernel *kernel, struct source **ret_source)
{
	struct freebsd_source *source = calloc(1, sizeof(*source));

	if (!source)
		return -ENOMEM;
	source->base = (struct source){.ops = &freebsd_ops, .name = "", .live = true};
	source->kernel = kernel;
	*ret_source = &source->base;
	return 0;
}

struct freebsd_kernel *source_freebsd_kernel(struct source *source)
{
	return source && source->ops == &freebsd_ops ? kernel_of(source) : NULL;
}
