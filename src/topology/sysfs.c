/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/macros.h"
#include "base/number.h"
#include "topology/linux.h"

static PRINTF_LIKE(2, 0) int read_path(struct sysfs *sysfs, const char *fmt, va_list args)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = buf_vprintf(&path, fmt, args);

	buf_cut(&sysfs->text, 0);
	if (r == 0)
		r = source_read(sysfs->source, buf_text(&path), &sysfs->text);
	if (r < 0)
		return r;
	buf_rstrip(&sysfs->text);
	return sysfs->text.len ? 0 : -ENODATA;
}

int sysfs_read(struct sysfs *sysfs, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = read_path(sysfs, fmt, args);
	va_end(args);
	return r;
}

int sysfs_number(struct sysfs *sysfs, uint64_t *ret_value, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = read_path(sysfs, fmt, args);
	va_end(args);
	return r < 0 ? r : number_parse(buf_text(&sysfs->text), UINT64_MAX, ret_value);
}

bool sysfs_fatal(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE;
}

void sysfs_done(struct sysfs *sysfs)
{
	buf_done(&sysfs->text);
}
