/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/simulation.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>

#include "base/macros.h"
#include "view/json.h"

/* Titles are names that programs may look for: they are not translated. */
static const struct table_column policy_columns[] = {
	{.title = "POLICY"},
	{.title = "MAX", .right = true},
	{.title = "MEAN", .right = true},
	{.title = "BOUND", .right = true},
	{.title = "RATIO", .right = true},
	{.title = "IMBALANCE", .right = true},
	{.title = "MOVES", .right = true},
	{.title = "ALL-MOVES", .right = true},
	{.title = "REMOTE", .right = true},
	{.title = "WITHIN", .right = true},
};

static const struct table_column second_columns[] = {
	{.title = "SECOND", .right = true}, {.title = "POLICY"},
	{.title = "MAX", .right = true},    {.title = "MEAN", .right = true},
	{.title = "BOUND", .right = true},  {.title = "MOVES", .right = true},
	{.title = "REMOTE", .right = true},
};

/* Fills the cells of the last row one after the other, and remembers the first error. */
struct row {
	struct table *table;
	size_t column;
	int r;
};

static void put(struct row *row, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void put(struct row *row, const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf text = {0};
	va_list args;

	va_start(args, fmt);
	if (row->r == 0)
		row->r = buf_vprintf(&text, fmt, args);
	va_end(args);
	if (row->r == 0)
		row->r = table_set(row->table, row->column++, buf_text(&text));
}

/* "-" where there is no such number. */
static void put_number(struct row *row, double value)
{
	if (isnan(value))
		put(row, "-");
	else
		put(row, "%.3f", value);
}

static int add_policy(struct table *table, const struct simulate_result *result)
{
	struct row row = {.table = table, .r = table_add_row(table)};

	put(&row, "%s", result->name);
	put_number(&row, result->max);
	put_number(&row, result->mean);
	put_number(&row, result->bound);
	put_number(&row, result->ratio);
	put_number(&row, result->imbalance);
	put(&row, "%" PRIu64, result->moves);
	put(&row, "%" PRIu64, result->moves_total);
	put(&row, "%.1f%%", 100 * result->remote_share);
	if (result->within)
		put(&row, "%" PRIu32 " s", result->within);
	else
		put(&row, "-");
	return row.r;
}

static int add_second(struct table *table, const char *policy, const struct simulate_second *second)
{
	struct row row = {.table = table, .r = table_add_row(table)};

	put(&row, "%" PRIu32, second->second);
	put(&row, "%s", policy);
	put_number(&row, second->max);
	put_number(&row, second->mean);
	put_number(&row, second->bound);
	put(&row, "%" PRIu64, second->moves);
	put(&row, "%.1f%%", 100 * second->remote);
	return row.r;
}

static int print_history(const struct simulation_view *view, const struct table_style *style,
			 struct buf *out)
{
	_cleanup_(table_done) struct table table = {0};
	int r = table_add_columns(&table, second_columns, ARRAY_SIZE(second_columns));

	for (size_t k = 0; k < view->n_results; k++) {
		const struct simulate_result *result = &view->results[k];

		for (size_t i = 0; i < result->n_seconds && r == 0; i++)
			r = add_second(&table, result->name, &result->seconds[i]);
	}
	if (r == 0)
		r = buf_putc(out, '\n');
	return r < 0 ? r : table_print(&table, style, out);
}

int simulation_table(const struct simulation_view *view, const struct table_style *style,
		     struct buf *out)
{
	_cleanup_(table_done) struct table table = {0};
	int r = table_add_columns(&table, policy_columns, ARRAY_SIZE(policy_columns));

	for (size_t i = 0; i < view->n_results && r == 0; i++)
		r = add_policy(&table, &view->results[i]);
	if (r == 0)
		r = table_print(&table, style, out);
	return r == 0 && view->history ? print_history(view, style, out) : r;
}

/* To a millionth: what is behind that is the order of additions. */
static json_t *json_rounded(double value)
{
	return json_number(isnan(value) ? value : round(value * 1e6) / 1e6);
}

static json_t *json_second(const struct simulate_second *second)
{
	json_t *object = json_object();

	json_object_set_new(object, "second", json_integer(second->second));
	json_object_set_new(object, "max", json_rounded(second->max));
	json_object_set_new(object, "mean", json_rounded(second->mean));
	json_object_set_new(object, "bound", json_rounded(second->bound));
	json_object_set_new(object, "moves", json_count(second->moves));
	json_object_set_new(object, "remote_share", json_rounded(second->remote));
	return object;
}

static json_t *json_history(const struct simulate_result *result)
{
	json_t *array = json_array();

	for (size_t i = 0; i < result->n_seconds; i++)
		json_array_append_new(array, json_second(&result->seconds[i]));
	return array;
}

static json_t *json_policy(const struct simulate_result *result, bool history)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", json_text(result->name));
	json_object_set_new(object, "max", json_rounded(result->max));
	json_object_set_new(object, "mean", json_rounded(result->mean));
	json_object_set_new(object, "bound", json_rounded(result->bound));
	json_object_set_new(object, "ratio", json_rounded(result->ratio));
	json_object_set_new(object, "imbalance", json_rounded(result->imbalance));
	json_object_set_new(object, "moves", json_count(result->moves));
	json_object_set_new(object, "moves_total", json_count(result->moves_total));
	json_object_set_new(object, "remote_share", json_rounded(result->remote_share));
	json_object_set_new(object, "first_within",
			    result->within ? json_integer(result->within) : json_null());
	if (history)
		json_object_set_new(object, "history", json_history(result));
	return object;
}

int simulation_json(const struct simulation_view *view, struct buf *out)
{
	const struct scenario *scenario = view->scenario;
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string("irqctl.simulate/1"));
	json_object_set_new(document, "scenario", json_text(view->name));
	json_object_set_new(document, "cpus", json_integer(scenario->n_cpus));
	json_object_set_new(document, "interrupts", json_count(scenario->n_irqs));
	json_object_set_new(document, "seconds", json_rounded(scenario->seconds));
	json_object_set_new(document, "seed", json_count(scenario->seed));
	for (size_t i = 0; i < view->n_results; i++)
		json_array_append_new(array, json_policy(&view->results[i], view->history));
	json_object_set_new(document, "policies", array);
	return json_print(document, false, out);
}
