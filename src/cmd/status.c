/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl status and irqctl reload: what the daemon knows and did. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/places.h"
#include "cmd/verb.h"
#include "source/ask.h"
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
	 .help = N_("where the daemon listens (usual: /run/irqctl/irqctl.sock)")},
	COMMON_OPTIONS,
	{.name = NULL},
};

static const struct option_spec reload_options[] = {
	{0, "socket", OPTION_TEXT, OPTION_AT(struct status_options, socket), .arg = N_("PATH"),
	 .help = N_("where the daemon listens (usual: /run/irqctl/irqctl.sock)")},
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

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* One number as a cell; nothing where it is null. */
static int number_cell(struct table *table, size_t column, const json_t *object, const char *key,
		       int digits)
{
	const json_t *value = json_object_get(object, key);
	char text[64];

	if (!json_is_number(value))
		return 0;
	if (json_is_integer(value))
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		snprintf(text, sizeof(text), "%.*f", digits, json_real_value(value));
	return table_set(table, column, text);
}

static int add_columns(struct table *table, const struct table_column *columns, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = table_add_column(table, &columns[i]);
	return r;
}

static int finish(struct table *table, const char *title, struct buf *out)
{
	const struct table_style style = output_style(true);
	int r = table->n_rows ? buf_printf(out, "%s%s\n", out->len ? "\n" : "", title) : 0;

	return r < 0 || !table->n_rows ? r : table_print(table, &style, out);
}

static int cpus_table(const json_t *document, struct buf *out)
{
	static const struct table_column columns[] = {
		{"CPU", true, 0, 0}, {"NODE", true, 2, 0}, {"LOAD", true, 0, 0}, {"", false, 1, 0}};
	_cleanup_(table_done) struct table table = {0};
	const json_t *cpu;
	size_t i;
	int r = add_columns(&table, columns, ARRAY_SIZE(columns));

	json_array_foreach(json_object_get(document, "cpus"), i, cpu)
	{
		if (r == 0)
			r = table_add_row(&table);
		if (r == 0)
			r = number_cell(&table, 0, cpu, "cpu", 0);
		if (r == 0)
			r = number_cell(&table, 1, cpu, "node", 0);
		if (r == 0)
			r = number_cell(&table, 2, cpu, "load", 3);
		if (r == 0 && json_is_true(json_object_get(cpu, "closed")))
			r = table_set(&table, 3, _("takes no interrupts"));
	}
	return r < 0 ? r
		     : finish(&table, _("Load of the CPUs by interrupts, 1.0 is one whole CPU"),
			      out);
}

static int interrupts_table(const json_t *document, struct buf *out)
{
	static const struct table_column columns[] = {
		{"IRQ", true, 0, 0},   {"NAME", false, 1, 8}, {"DEVICE", false, 3, 6},
		{"CPU", true, 0, 0},   {"RATE", true, 4, 0},  {"LOAD", true, 0, 0},
		{"DOUBT", true, 5, 0}, {"WHY", false, 2, 12},
	};
	_cleanup_(table_done) struct table table = {0};
	const json_t *irq;
	size_t i;
	int r = add_columns(&table, columns, ARRAY_SIZE(columns));

	json_array_foreach(json_object_get(document, "interrupts"), i, irq)
	{
		if (r == 0)
			r = table_add_row(&table);
		if (r == 0)
			r = table_set(&table, 0, text_of(irq, "irq"));
		if (r == 0)
			r = table_set(&table, 1, text_of(irq, "name"));
		if (r == 0)
			r = table_set(&table, 2, text_of(irq, "device"));
		if (r == 0)
			r = number_cell(&table, 3, irq, "cpu", 0);
		if (r == 0)
			r = number_cell(&table, 4, irq, "rate", 0);
		if (r == 0)
			r = number_cell(&table, 5, irq, "load", 3);
		if (r == 0)
			r = number_cell(&table, 6, irq, "doubt", 3);
		if (r == 0)
			r = table_set(&table, 7, text_of(irq, "why"));
	}
	return r < 0 ? r : finish(&table, _("Busy interrupts"), out);
}

static int clock_cell(struct table *table, size_t column, const json_t *move)
{
	time_t seconds = (time_t)json_number_value(json_object_get(move, "time"));
	struct tm parts;
	char text[64];

	if (!localtime_r(&seconds, &parts) || !strftime(text, sizeof(text), "%H:%M:%S", &parts))
		return 0;
	return table_set(table, column, text);
}

static int moves_table(const json_t *document, uint64_t most, struct buf *out)
{
	static const struct table_column columns[] = {
		{"TIME", false, 4, 0},     {"IRQ", true, 0, 0},      {"NAME", false, 2, 8},
		{"FROM", false, 1, 4},     {"TO", false, 0, 0},      {"STATE", false, 5, 0},
		{"PREDICTED", true, 6, 0}, {"MEASURED", true, 6, 0}, {"REASON", false, 3, 12},
	};
	_cleanup_(table_done) struct table table = {0};
	const json_t *moves = json_object_get(document, "moves"), *move;
	size_t n = json_array_size(moves), i;
	int r = add_columns(&table, columns, ARRAY_SIZE(columns));

	json_array_foreach(moves, i, move)
	{
		if (n - i > most)
			continue;
		if (r == 0)
			r = table_add_row(&table);
		if (r == 0)
			r = clock_cell(&table, 0, move);
		if (r == 0)
			r = table_set(&table, 1, text_of(move, "irq"));
		if (r == 0)
			r = table_set(&table, 2, text_of(move, "name"));
		if (r == 0)
			r = table_set(&table, 3, text_of(move, "from"));
		if (r == 0)
			r = table_set(&table, 4, text_of(move, "to"));
		if (r == 0)
			r = table_set(&table, 5, text_of(move, "state"));
		if (r == 0)
			r = number_cell(&table, 6, move, "predicted", 3);
		if (r == 0)
			r = number_cell(&table, 7, move, "measured", 3);
		if (r == 0)
			r = table_set(&table, 8, text_of(move, "reason"));
	}
	return r < 0 ? r
		     : finish(&table,
			      _("The last moves, and the load of the busiest CPU after them"), out);
}

static int unmanaged_table(const json_t *document, struct buf *out)
{
	static const struct table_column columns[] = {
		{"IRQ", true, 0, 0}, {"NAME", false, 1, 8}, {"WHY", false, 0, 12}};
	_cleanup_(table_done) struct table table = {0};
	const json_t *irq;
	size_t i;
	int r = add_columns(&table, columns, ARRAY_SIZE(columns));

	json_array_foreach(json_object_get(document, "unmanaged"), i, irq)
	{
		if (r == 0)
			r = table_add_row(&table);
		if (r == 0)
			r = table_set(&table, 0, text_of(irq, "irq"));
		if (r == 0)
			r = table_set(&table, 1, text_of(irq, "name"));
		if (r == 0)
			r = table_set(&table, 2, _(text_of(irq, "why")));
	}
	return r < 0 ? r : finish(&table, _("Left alone"), out);
}

static int print_status(const struct status_options *options, const struct buf *body)
{
	_cleanup_(buf_done) struct buf out = {0};
	json_t *document = json_loadb(body->data, body->len, 0, NULL);
	int r;

	if (!document || strncmp(text_of(document, "schema"), "irqctl.status/", 14) != 0) {
		json_decref(document);
		complain(_("status: what answers there is no irqctl daemon"));
		return EXIT_FAILED;
	}
	r = cpus_table(document, &out);
	if (r == 0)
		r = interrupts_table(document, &out);
	if (r == 0)
		r = moves_table(document, options->moves ? options->moves : 10, &out);
	if (r == 0)
		r = unmanaged_table(document, &out);
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

static int reload_do(const struct status_options *options)
{
	_cleanup_(buf_done) struct buf body = {0};
	int status = ask("reload", options, "POST", "/reload", &body);

	if (status < 0)
		return EXIT_FAILED;
	if (status == 200)
		return EXIT_DONE;
	buf_rstrip(&body);
	for (char *line, *rest = body.data; rest && (line = strsep(&rest, "\n")) != NULL;)
		complain("%s", line);
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
