/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/paths.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/macros.h"
#include "config.h"

/* Appends the directory of the running program, and tells whether it is the installed one. */
static int program_dir(struct buf *out, bool *ret_installed)
{
	char path[4096];
	char *slash;
	int r = program_path(path, sizeof(path));

	if (r < 0)
		return r;
	slash = strrchr(path, '/');
	if (!slash)
		return -EINVAL;
	*slash = '\0';
	*ret_installed = strcmp(path, IRQCTL_BINDIR) == 0 || strcmp(path, IRQCTL_LIBEXECDIR) == 0;
	return buf_puts(out, path);
}

static int own_path(const char *installed_dir, const char *build_suffix, struct buf *out)
{
	_cleanup_(buf_done) struct buf dir = {0};
	bool installed = true;
	int r = program_dir(&dir, &installed);

	if (r < 0 || installed)
		return buf_puts(out, installed_dir);
	r = buf_puts(out, buf_text(&dir));
	return r < 0 ? r : buf_puts(out, build_suffix);
}

int module_path(const char *name, struct buf *out)
{
	int r = own_path(IRQCTL_LIBEXECDIR, "", out);

	if (r == 0)
		r = buf_putc(out, '/');
	return r < 0 ? r : buf_puts(out, name);
}

int locale_path(struct buf *out)
{
	return own_path(IRQCTL_LOCALEDIR, "/po", out);
}
