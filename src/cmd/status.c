/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl status and irqctl reload: what the daemon knows and did. */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/places.h"
#include "base/text.h"
#include "cmd/verb.h"
#include "source/ask.h"
#include "view/json.h"
#include "view/table.h"

#define TIMEOUT_S 5.0

struct status_options {
	struct common_options common;
	const char *socket;
	uint64_t moves;
	bool json;
};

static const struct option_spec status_options[] = {
	{0, "json", OPTION_FLAG, OPTION_AT(struct status_options, json), .help = N_("JSON")},
	{'n', "moves", OPTION_COUNT, OPTION_AT(struct status_options, moves), .arg = N_("N"),
	 .help = N_("the last N moves (usual: 10)")},
	{0, "socket", OPTION_TEXT, OPTION_AT(struct status_options, socket), .arg = N_("PATH"),
	 .help = HELP_SOCKET},
	COMMON_OPTIONS,
	{.name = NULL},
};

static const struct option_spec reload_options[] = {
	{0, "json", OPTION_FLAG, OPTION_AT(struct status_options, json), .help = N_("JSON")},
	{0, "socket", OPTION_TEXT, OPTION_AT(struct status_options, socket), .arg = N_("PATH"),
	 .help = HELP_SOCKET},
	COMMON_OPTIONS,
	{.name = NULL},
};

/* Asks, and complains where there is no answer. The HTTP status, or -1. */
static int ask(const char *verb, const struct status_options *options, const char *method,
	       const char *path, struct buf *body)
{
	const char *socket = options->socket ? options->socket : DAEMON_SOCKET;
	int r = ask_daemon(socket, method, path, TIMEOUT_S, body);

	if (r >= 0)
		return r;
	if (r == -ENOENT || r == -ECONNREFUSED)
		complain(_("%s: no daemon listens at %s; '%s' starts it"), verb, socket,
			 PLACE_START);
	else if (r == -EACCES)
		complain(_("%s: %s: no permission; root and the members of the socket's group may "
			   "ask"),
			 verb, socket);
	else if (r == -EPROTO)
		complain(_("%s: %s: what answers there is no irqctl daemon"), verb, socket);
	else
		complain("%s: %s: %s", verb, socket, strerror(-r));
	return -1;
}

enum form {
	FORM_TEXT,
	FORM_WHY, /* an English sentence of the daemon's */
	FORM_COUNT,
	FORM_LOAD,
	FORM_CLOCK,
	FORM_CLOSED,
};

struct field {
	struct table_column column;
	const char *key;
	enum form form;
};

/* An array of the document, and the table that it becomes. */
struct section {
	const char *key, *title;
	bool latest;             /* only the last rows, as --moves says */
	struct field fields[10]; /* as far as they have a key */
};

static const struct section sections[] = {
	{.key = "cpus",
	 .title = N_("Load of the CPUs by interrupts, 1.0 is one whole CPU"),
	 .fields = {{{"CPU", true, 0, 0}, "cpu", FORM_COUNT},
		    {{"NODE", true, 2, 0}, "node", FORM_COUNT},
		    {{"LOAD", true, 0, 0}, "load", FORM_LOAD},
		    {{"", false, 1, 0}, "closed", FORM_CLOSED}}},
	{.key = "interrupts",
	 .title = N_("Busy interrupts"),
	 .fields = {{{"IRQ", true, 0, 0}, "irq", FORM_TEXT},
		    {{"NAME", false, 1, 8}, "name", FORM_TEXT},
		    {{"DEVICE", false, 3, 6}, "device", FORM_TEXT},
		    {{"CPU", true, 0, 0}, "cpu", FORM_COUNT},
		    {{"RATE", true, 4, 0}, "rate", FORM_COUNT},
		    {{"LOAD", true, 0, 0}, "load", FORM_LOAD},
		    {{"DOUBT", true, 5, 0}, "doubt", FORM_LOAD},
		    {{"WHY", false, 2, 12}, "why", FORM_TEXT}}},
	{.key = "moves",
	 .title = N_("The last moves, and the load of the busiest CPU after them"),
	 .latest = true,
	 .fields = {{{"TIME", false, 4, 0}, "time", FORM_CLOCK},
		    {{"IRQ", true, 0, 0}, "irq", FORM_TEXT},
		    {{"NAME", false, 2, 8}, "name", FORM_TEXT},
		    {{"FROM", false, 1, 4}, "from", FORM_TEXT},
		    {{"TO", false, 0, 0}, "to", FORM_TEXT},
		    {{"STATE", false, 5, 0}, "state", FORM_TEXT},
		    {{"PREDICTED", true, 6, 0}, "predicted", FORM_LOAD},
		    {{"MEASURED", true, 6, 0}, "measured", FORM_LOAD},
		    {{"REASON", false, 3, 12}, "reason", FORM_TEXT}}},
	{.key = "unmanaged",
	 .title = N_("Left alone"),
	 .fields = {{{"IRQ", true, 0, 0}, "irq", FORM_TEXT},
		    {{"NAME", false, 1, 8}, "name", FORM_TEXT},
		    {{"WHY", false, 0, 12}, "why", FORM_WHY}}},
};

static const char *text_of(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? text : "";
}

/* Nothing where it is null. */
static int number_text(const json_t *value, int digits, struct buf *out)
{
	if (json_is_integer(value))
		return buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return json_is_real(value) ? buf_printf(out, "%.*f", digits, json_real_value(value)) : 0;
}

static int clock_text(const json_t *value, struct buf *out)
{
	time_t seconds = (time_t)json_number_value(value);
	struct tm parts;

	if (!localtime_r(&seconds, &parts))
		return 0;
	return buf_printf(out, "%02d:%02d:%02d", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

static int value_text(const json_t *value, enum form form, struct buf *out)
{
	switch (form) {
	case FORM_TEXT:
		return buf_puts(out, text_of(value));
	case FORM_WHY:
		return *text_of(value) ? buf_puts(out, _(text_of(value))) : 0;
	case FORM_COUNT:
		return number_text(value, 0, out);
	case FORM_LOAD:
		return number_text(value, 3, out);
	case FORM_CLOCK:
		return clock_text(value, out);
	case FORM_CLOSED:
		return json_is_true(value) ? buf_puts(out, _("takes no interrupts")) : 0;
	}
	return 0;
}

static int add_row(struct table *table, const struct field *fields, const json_t *object)
{
	int r = table_add_row(table);

	for (size_t c = 0; c < table->n_columns && r == 0; c++) {
		_cleanup_(buf_done) struct buf text = {0};

		r = value_text(json_object_get(object, fields[c].key), fields[c].form, &text);
		if (r == 0)
			r = table_set(table, c, buf_text(&text));
	}
	return r;
}

/* Nothing where the array is empty. */
static int print_section(const struct section *section, const json_t *rows, uint64_t most,
			 struct buf *out)
{
	const struct table_style style = output_style(true);
	_cleanup_(table_done) struct table table = {0};
	size_t n = json_array_size(rows);
	int r = 0;

	if (n == 0)
		return 0;
	for (const struct field *field = section->fields; field->key && r == 0; field++)
		r = table_add_column(&table, &field->column);
	for (size_t i = section->latest && n > most ? n - most : 0; i < n && r == 0; i++)
		r = add_row(&table, section->fields, json_array_get(rows, i));
	if (r == 0)
		r = buf_printf(out, "%s%s\n", out->len ? "\n" : "", _(section->title));
	return r < 0 ? r : table_print(&table, &style, out);
}

static int print_status(const struct status_options *options, const struct buf *body)
{
	_cleanup_(buf_done) struct buf out = {0};
	json_t *document = json_loadb(body->data, body->len, 0, NULL);
	const char *schema = text_of(json_object_get(document, "schema"));
	int r = 0;

	if (strncmp(schema, "irqctl.status/", 14) != 0) {
		json_decref(document);
		complain(_("status: what answers there is no irqctl daemon"));
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < ARRAY_SIZE(sections) && r == 0; i++)
		r = print_section(&sections[i], json_object_get(document, sections[i].key),
				  options->moves ? options->moves : 10, &out);
	json_decref(document);
	return r < 0 ? out_of_memory() : print_out(&out);
}

static int status_do(const struct status_options *options)
{
	_cleanup_(buf_done) struct buf body = {0};
	int status = ask("status", options, "GET", "/status", &body);

	if (status < 0)
		return EXIT_FAILED;
	if (status != 200) {
		complain(_("status: the daemon answers %d: %s"), status, buf_text(&body));
		return EXIT_FAILED;
	}
	return options->json ? print_out(&body) : print_status(options, &body);
}

static int status_run(struct context *context, int argc, char **argv)
{
	struct status_options options = {0};
	int first, r = verb_begin(&verb_status, context, argc, argv, &options.common, &first);

	if (r >= 0)
		return r;
	if (first < argc) {
		complain(_("status: '%s' is one word too many (irqctl status --help)"),
			 argv[first]);
		return EXIT_USAGE;
	}
	return status_do(&options);
}

/* The lines of what is wrong with a configuration. */
static json_t *error_lines(const char *text)
{
	json_t *array = json_array();
	const char *line;
	size_t len;

	while ((line = text_line(&text, &len))) {
		_cleanup_free_ char *copy = strndup(line, len);

		if (copy)
			json_array_append_new(array, json_text(copy));
	}
	return array;
}

static int reload_json(bool done, const struct buf *body)
{
	_cleanup_(buf_done) struct buf out = {0};
	json_t *document = json_pack("{s:s,s:b,s:o}", "schema", "irqctl.reload/1", "reloaded", done,
				     "errors", error_lines(done ? "" : buf_text(body)));
	int r = document ? json_print(document, false, &out) : -ENOMEM;

	r = r < 0 ? out_of_memory() : print_out(&out);
	return r || done ? r : EXIT_FAILED;
}

static int reload_do(const struct status_options *options)
{
	_cleanup_(buf_done) struct buf body = {0};
	int status = ask("reload", options, "POST", "/reload", &body);

	if (status < 0)
		return EXIT_FAILED;
	if (options->json && (status == 200 || status == 400))
		return reload_json(status == 200, &body);
	if (status == 200)
		return EXIT_DONE;
	complain_lines(&body);
	complain(_("reload: the daemon keeps its configuration"));
	return EXIT_FAILED;
}

static int reload_run(struct context *context, int argc, char **argv)
{
	struct status_options options = {0};
	int first, r = verb_begin(&verb_reload, context, argc, argv, &options.common, &first);

	if (r >= 0)
		return r;
	if (first < argc) {
		complain(_("reload: '%s' is one word too many (irqctl reload --help)"),
			 argv[first]);
		return EXIT_USAGE;
	}
	return reload_do(&options);
}

const struct verb verb_status = {
	.name = "status",
	.summary = N_("what the daemon knows, and what it did and why"),
	.synopsis = N_("[OPTION...]"),
	.about =
		N_("Asks the running daemon: the load of each CPU, what is where and why, the last "
		   "moves with their predicted and measured effect, and what it leaves alone."),
	.options = status_options,
	.run = status_run,
};

const struct verb verb_reload = {
	.name = "reload",
	.summary = N_("make the daemon read its configuration again"),
	.synopsis = N_("[OPTION...]"),
	.about = N_("Makes the running daemon read its configuration again. Where that has errors "
		    "all of them are shown, and the daemon keeps the one it has."),
	.options = reload_options,
	.run = reload_run,
};
