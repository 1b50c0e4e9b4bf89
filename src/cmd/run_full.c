/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/paths.h"
#include "cmd/restore.h"
#include "cmd/verbs.h"

int run_full(struct context *context, int argc, char **argv)
{
	_cleanup_(buf_done) struct buf path = {0};
	_cleanup_free_ const char **words = calloc((size_t)argc + 8, sizeof(*words));
	size_t n = 0;
	int r = module_path("irqctl-full", &path);

	if (!words || r == -ENOMEM)
		return out_of_memory();
	words[n++] = "irqctl";
	if (context->root) {
		words[n++] = "--root";
		words[n++] = context->root;
	}
	if (context->recording) {
		words[n++] = "--recording";
		words[n++] = context->recording;
	}
	if (context->at) {
		words[n++] = "--at";
		words[n++] = context->at;
	}
	for (int i = 0; i < argc; i++)
		words[n++] = argv[i];
	if (r == 0) {
		execv(buf_text(&path), (char *const *)words);
		r = -errno;
	}
	complain(_("cannot run %s, which has the verb '%s': %s; install all of irqctl"),
		 buf_text(&path), argv[0], strerror(-r));
	return EXIT_FAILED;
}

int begin_recording(struct context *context, int argc, char **argv)
{
	return run_full(context, argc, argv);
}

int restore_daemon(struct context *context, int argc, char **argv,
		   const struct change_options *options)
{
	(void)options; /* they are among the words */
	return run_full(context, argc, argv);
}
