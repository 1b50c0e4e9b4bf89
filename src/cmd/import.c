/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl import-irqbalance: what irqbalance was told, as a configuration of irqctl. */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/verbs.h"
#include "config/import.h"
#include "view/json.h"

#define FILE_MAX 65536u /* such a file is the size of a page, most of it comments */

struct import_values {
	struct common_options common;
	const char *output;
	bool json;
};

static const struct option_spec import_option_specs[] = {
	{'o', "output", OPTION_TEXT, OPTION_AT(struct import_values, output), .arg = N_("FILE"),
	 .help = N_("write the configuration to FILE, replaced in one step")},
	{0, "json", OPTION_FLAG, OPTION_AT(struct import_values, json),
	 .help = N_("JSON: every setting with its origin")},
	COMMON_OPTIONS,
	{.name = NULL},
};

/* Debian, Red Hat and SUSE, Gentoo, upstream. */
static const char *const places[] = {"etc/default/irqbalance", "etc/sysconfig/irqbalance",
				     "etc/conf.d/irqbalance", "etc/irqbalance.env"};

static int find_file(const struct context *context, struct buf *name, struct buf *text)
{
	struct source *source;
	int r = context_open(context, &source);

	if (r)
		return r;
	r = -ENOENT;
	for (size_t i = 0; i < ARRAY_SIZE(places) && r == -ENOENT; i++) {
		buf_cut(name, 0);
		if (buf_printf(name, "/%s", places[i]) < 0)
			r = -ENOMEM;
		else
			r = source_read(source, places[i], text);
	}
	source_close(source);
	if (r == -ENOENT)
		complain(_("import-irqbalance: there is no file of irqbalance's settings: none of "
			   "/%s, /%s, /%s, /%s; name it: irqctl import-irqbalance FILE"),
			 places[0], places[1], places[2], places[3]);
	else if (r < 0)
		complain(_("import-irqbalance: cannot read '%s': %s"), buf_text(name),
			 strerror(-r));
	return r < 0 ? EXIT_USAGE : 0;
}

static int read_named(const char *path, struct buf *name, struct buf *text)
{
	int r = buf_puts(name, path);

	if (r == 0)
		r = file_read(path, FILE_MAX, text);
	if (r < 0)
		complain(_("import-irqbalance: cannot read '%s': %s"), path, strerror(-r));
	return r < 0 ? EXIT_USAGE : 0;
}

static json_t *item_json(const struct import_item *item)
{
	json_t *object = json_object();

	json_object_set_new(object, "line", json_integer(item->line));
	json_object_set_new(object, "from", json_text(item->from));
	json_object_set_new(object, "section", json_text(item->section));
	json_object_set_new(object, "key", json_text(item->key));
	json_object_set_new(object, "value", json_text(item->value));
	json_object_set_new(object, "why", json_text(item->why));
	json_object_set_new(object, "lost", json_boolean(item->lost));
	return object;
}

static json_t *import_json(const struct import *import, const char *name)
{
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string("irqctl.import-irqbalance/1"));
	json_object_set_new(document, "file", json_text(name));
	for (size_t i = 0; i < import->n; i++)
		json_array_append_new(array, item_json(&import->items[i]));
	json_object_set_new(document, "settings", array);
	return document;
}

/* EXIT_FAILED where something got lost. */
static int complain_of_lost(const struct import *import, const char *name)
{
	int r = EXIT_DONE;

	for (size_t i = 0; i < import->n; i++) {
		const struct import_item *item = &import->items[i];

		if (!item->lost)
			continue;
		complain("%s:%u: %s: %s", name, item->line, item->from, _(item->why));
		r = EXIT_FAILED;
	}
	return r;
}

static int write_result(const struct import *import, const struct import_values *values,
			const char *name)
{
	_cleanup_(buf_done) struct buf out = {0};
	int r = values->json ? json_print(import_json(import, name), false, &out)
			     : import_write(import, name, &out);

	if (r < 0)
		return out_of_memory();
	if (!values->output || strcmp(values->output, "-") == 0)
		return print_out(&out);
	r = file_write(values->output, &out);
	if (r < 0) {
		complain(_("import-irqbalance: cannot write '%s': %s"), values->output,
			 strerror(-r));
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static int import_text(const struct import_values *values, const char *name, const struct buf *text)
{
	_cleanup_(import_done) struct import import = {0};
	int r;

	if (text->len > FILE_MAX) {
		complain(_("import-irqbalance: '%s' is longer than %u bytes; this is no file of "
			   "irqbalance's settings"),
			 name, FILE_MAX);
		return EXIT_USAGE;
	}
	if (import_parse(buf_text(text), text->len, &import) < 0)
		return out_of_memory();
	r = write_result(&import, values, name);
	return r ? r : complain_of_lost(&import, name);
}

static int import_run(struct context *context, int argc, char **argv)
{
	struct import_values values = {0};
	_cleanup_(buf_done) struct buf name = {0}, text = {0};
	int first, r = verb_begin(&verb_import, context, argc, argv, &values.common, &first);

	if (r >= 0)
		return r;
	if (argc - first > 1) {
		complain(_("import-irqbalance: one FILE, not %d (irqctl import-irqbalance --help)"),
			 argc - first);
		return EXIT_USAGE;
	}
	r = argc > first ? read_named(argv[first], &name, &text) : find_file(context, &name, &text);
	return r ? r : import_text(&values, buf_text(&name), &text);
}

const struct verb verb_import = {
	.name = "import-irqbalance",
	.summary = SUMMARY_IMPORT,
	.synopsis = N_("[OPTION...] [FILE]"),
	.about = N_("Reads the file that holds irqbalance's options and variables "
		    "(/etc/default/irqbalance, /etc/sysconfig/irqbalance), and prints a "
		    "configuration that says the same, every setting with its origin. The file is "
		    "only read: no shell sees it. What the configuration cannot say is named on "
		    "standard error and in a comment; then the exit code is 1."),
	.options = import_option_specs,
	.run = import_run,
};
