/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/source.h"

#include "base/macros.h"

int source_boot_id(struct source *source, struct buf *out)
{
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = source_read(source, "proc/sys/kernel/random/boot_id", &bytes);

	if (r == 0) {
		buf_rstrip(&bytes);
		return buf_puts(out, buf_text(&bytes));
	}
	if (r != -ENOMEM)
		r = source_read(source, "sysctl/kern.boot_id", &bytes);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < bytes.len && r == 0; i++)
		r = buf_printf(out, "%02x", (unsigned char)bytes.data[i]);
	return r;
}

void source_close(struct source *source)
{
	if (source)
		source->ops->close(source);
}
