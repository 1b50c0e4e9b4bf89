/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "config/config.h"

#define FILE_MAX (1u << 20)

int config_read(const char *path, struct config *ret, struct buf *errors)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = file_read(path, FILE_MAX, &text);

	if (r == -EFBIG) {
		buf_printf(errors, _("%s: longer than %u bytes; this is no configuration\n"), path,
			   FILE_MAX);
		return -EINVAL;
	}
	if (r == -EISDIR || r == -ENOTSUP) {
		buf_printf(errors, _("%s: no regular file\n"), path);
		return -EINVAL;
	}
	return r < 0 ? r : config_parse(buf_text(&text), text.len, path, ret, errors);
}
