/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/macros.h"
#include "base/number.h"
#include "topology/linux.h"

static int read_path(struct sysfs *sysfs, const char *path)
{
	int r;

	buf_cut(&sysfs->text, 0);
	r = source_read(sysfs->source, path, &sysfs->text);
	if (r < 0)
		return r;
	buf_rstrip(&sysfs->text);
	return sysfs->text.len ? 0 : -ENODATA;
}

int sysfs_read(struct sysfs *sysfs, const char *fmt, ...)
{
	_cleanup_free_ char *path = NULL;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vasprintf(&path, fmt, args);
	va_end(args);
	if (len < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return read_path(sysfs, path);
}

int sysfs_number(struct sysfs *sysfs, uint64_t *ret_value, const char *fmt, ...)
{
	_cleanup_free_ char *path = NULL;
	va_list args;
	int len, r;

	va_start(args, fmt);
	len = vasprintf(&path, fmt, args);
	va_end(args);
	if (len < 0) {
		path = NULL;
		return -ENOMEM;
	}
	r = read_path(sysfs, path);
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
