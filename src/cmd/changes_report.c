/* SPDX-License-Identifier: BSD-2-Clause */
/* What came of changes, as a table or as JSON. */
#include <errno.h>
#include <inttypes.h>

#include "apply/channels.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"
#include "view/cells.h"
#include "view/json.h"
#include "view/table.h"

static const char *refusal(int error)
{
	switch (error) {
	case EPERM:
	case EIO:
		return N_("the kernel refuses it: managed, per-CPU, or pinned by its driver");
	case EACCES:
		return N_("no permission; run as root");
	case EROFS:
		return N_(
			"it is mounted read-only here, as in a container; run irqctl on the host");
	case EBUSY:
		return N_("the kernel is busy with it; try again");
	default:
		return N_("the kernel refuses this value");
	}
}

static const char *reason(const struct change *change)
{
	if (change->why)
		return change->why;
	switch (change->state) {
	case CHANGE_GONE:
		return N_("it does not exist any more");
	case CHANGE_NO_VECTOR:
		return N_("no free vector on these CPUs");
	case CHANGE_PENDING:
		return N_("the kernel moves it when it comes the next time");
	case CHANGE_REVERTED:
		return N_("put back, because another change failed");
	case CHANGE_REFUSED:
		if (change->setting.kind == SETTING_CHANNELS)
			return N_("its driver does not take this number of channels");
		return refusal(change->error);
	default:
		return NULL;
	}
}

/* The reason, and where there is room for what found none. Nothing where there is no reason. */
static int reason_text(const struct change *change, const struct cpuset *room, struct buf *out)
{
	const char *text = reason(change);
	_cleanup_(buf_done) struct buf cpus = {0};
	int r = text ? buf_puts(out, _(text)) : 0;

	if (r < 0 || change->state != CHANGE_NO_VECTOR)
		return r;
	if (!room)
		return buf_puts(out, _("; choose others"));
	r = cpuset_format(room, &cpus);
	if (r < 0)
		return r;
	return cpus.len ? buf_printf(out, _("; there is room on CPU %s"), buf_text(&cpus))
			: buf_puts(out, _("; no other CPU has room"));
}

/* "eth0 tx-3 xps" for what is no interrupt. */
static int setting_label(const struct setting *setting, struct buf *out)
{
	switch (setting->kind) {
	case SETTING_IRQ:
		return buf_printf(out, "%" PRId32, setting->irq);
	case SETTING_DEFAULT:
		return buf_puts(out, "default");
	case SETTING_XPS:
		return buf_printf(out, "%s tx-%" PRIu32 " xps", setting->interface, setting->queue);
	case SETTING_RPS:
		return buf_printf(out, "%s rx-%" PRIu32 " rps", setting->interface, setting->queue);
	case SETTING_RPS_FLOWS:
		return buf_printf(out, "%s rx-%" PRIu32 " flows", setting->interface,
				  setting->queue);
	case SETTING_RFS:
		return buf_puts(out, "rps_sock_flow_entries");
	case SETTING_CHANNELS:
		return buf_printf(out, "%s channels", setting->interface);
	}
	return 0;
}

static int value_text(const struct setting *setting, const struct cpuset *set, uint64_t number,
		      struct buf *out)
{
	if (setting->kind == SETTING_CHANNELS)
		return channels_format(number, out);
	if (setting_is_number(setting))
		return buf_printf(out, "%" PRIu64, number);
	return cpuset_format(set, out);
}

static json_t *set_json(bool known, const struct cpuset *set)
{
	_cleanup_(buf_done) struct buf text = {0};

	if (!known || cpuset_format(set, &text) < 0)
		return json_null();
	return json_text(buf_text(&text));
}

static json_t *requested_json(const struct change *change)
{
	_cleanup_(buf_done) struct buf text = {0};

	if (!change->has_requested ||
	    value_text(&change->setting, &change->requested, change->requested_number, &text) < 0)
		return json_null();
	return json_text(buf_text(&text));
}

static json_t *change_json(const struct change *change, const struct cpuset *room,
			   enum snapshot_system system)
{
	_cleanup_(buf_done) struct buf label = {0}, path = {0}, before = {0}, wanted = {0};
	json_t *object = json_object();
	bool is_irq = change->setting.kind == SETTING_IRQ;

	setting_label(&change->setting, &label);
	if (is_irq && system == SYSTEM_FREEBSD)
		buf_printf(&path, "cpuset/irq/%" PRId32, change->setting.irq);
	else
		setting_path(&change->setting, &path);
	value_text(&change->setting, &change->before, change->before_number, &before);
	value_text(&change->setting, &change->wanted, change->wanted_number, &wanted);
	json_object_set_new(object, "irq", is_irq ? json_text(buf_text(&label)) : json_null());
	json_object_set_new(object, "before",
			    change->has_before ? json_text(buf_text(&before)) : json_null());
	json_object_set_new(object, "wanted", json_text(buf_text(&wanted)));
	json_object_set_new(object, "requested", requested_json(change));
	json_object_set_new(object, "effective",
			    set_json(change->has_effective, &change->effective));
	json_object_set_new(object, "state", json_text(change_state_name(change->state)));
	json_object_set_new(object, "error",
			    json_text(change_is_failure(change) ? reason(change) : NULL));
	json_object_set_new(object, "path", json_text(buf_text(&path)));
	if (change->note)
		json_object_set_new(object, "reason", json_text(change->note));
	if (change->state == CHANGE_NO_VECTOR)
		json_object_set_new(object, "room", set_json(room, room));
	return object;
}

/* Loads are measured by the balancer; a placement by topology knows none. */
static json_t *unknown_load(void)
{
	json_t *object = json_object();

	json_object_set_new(object, "max", json_null());
	json_object_set_new(object, "mean", json_null());
	json_object_set_new(object, "bound", json_null());
	return object;
}

static json_t *move_json(const struct spread_move *move)
{
	const struct irq_facts *facts = move->interrupt->facts;
	json_t *object = json_object();

	json_object_set_new(object, "irq", json_text(move->interrupt->row->key));
	json_object_set_new(
		object, "from",
		set_json(facts && facts->has_requested, facts ? &facts->requested : NULL));
	json_object_set_new(object, "to", set_json(true, &move->target));
	json_object_set_new(object, "load", json_null());
	json_object_set_new(object, "reason", json_text(move->reason));
	return object;
}

static void plan_json(const struct spread_plan *plan, json_t *document)
{
	json_t *moves = json_array(), *left = json_array();

	for (size_t i = 0; i < plan->n_moves; i++)
		json_array_append_new(moves, move_json(&plan->moves[i]));
	for (size_t i = 0; i < plan->n_left; i++) {
		json_t *object = json_object();

		json_object_set_new(object, "irq", json_text(plan->left[i].interrupt->row->key));
		json_object_set_new(object, "why", json_text(plan->left[i].why));
		json_array_append_new(left, object);
	}
	json_object_set_new(document, "before", unknown_load());
	json_object_set_new(document, "after", unknown_load());
	json_object_set_new(document, "moves", moves);
	json_object_set_new(document, "left", left);
}

static json_t *ban_json(const struct ban_report *ban)
{
	static const char *const states[] = {
		[BAN_DONE] = "done",           [BAN_PARTLY] = "partly",
		[BAN_REFUSED] = "refused",     [BAN_NO_SOCKET] = "no-socket",
		[BAN_NO_ANSWER] = "no-answer", [BAN_BAD_ANSWER] = "bad-answer",
	};
	json_t *object = json_object();

	json_object_set_new(object, "daemon", json_text(ban->daemon ? ban->daemon->name : NULL));
	json_object_set_new(object, "process", ban->daemon ? json_integer(ban->pid) : json_null());
	json_object_set_new(object, "state", json_text(ban->asked ? states[ban->state] : NULL));
	return object;
}

static json_t *changes_json(const struct change_report *report, const struct change *changes,
			    size_t n, enum snapshot_system system)
{
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string(report->schema));
	if (report->plan)
		plan_json(report->plan, document);
	if (report->extra)
		json_object_update(document, report->extra);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, change_json(&changes[i], report->room, system));
	json_object_set_new(document, "results", array);
	if (report->ban)
		json_object_set_new(document, "ban", ban_json(report->ban));
	return document;
}

enum {
	CELL_IRQ,
	CELL_NAME,
	CELL_BEFORE,
	CELL_WANTED,
	CELL_EFFECTIVE,
	CELL_STATE,
	CELL_REASON,
	CELLS,
};

static int fill_row(const struct model *model, const struct cpuset *room,
		    const struct change *change, struct table *table)
{
	struct buf cells[CELLS] = {{0}};
	const struct setting *setting = &change->setting;
	const struct interrupt *interrupt = setting->kind == SETTING_IRQ && !change->name
						    ? model_find_irq(model, setting->irq)
						    : NULL;
	int r = setting_label(setting, &cells[CELL_IRQ]);

	if (r == 0 && change->name)
		r = buf_puts(&cells[CELL_NAME], change->name);
	if (r == 0 && interrupt)
		r = interrupt_name(interrupt, &cells[CELL_NAME]);
	if (r == 0 && change->has_before)
		r = value_text(setting, &change->before, change->before_number,
			       &cells[CELL_BEFORE]);
	if (r == 0)
		r = value_text(setting, &change->wanted, change->wanted_number,
			       &cells[CELL_WANTED]);
	if (r == 0 && change->has_effective)
		r = cpuset_format(&change->effective, &cells[CELL_EFFECTIVE]);
	if (r == 0)
		r = buf_puts(&cells[CELL_STATE], change_state_name(change->state));
	if (r == 0)
		r = reason_text(change, room, &cells[CELL_REASON]);
	if (r == 0 && !cells[CELL_REASON].len && change->note)
		r = buf_puts(&cells[CELL_REASON], change->note);
	if (r == 0)
		r = table_add_row(table);
	for (size_t i = 0; i < CELLS; i++) {
		if (r == 0)
			r = table_set(table, i, buf_text(&cells[i]));
		buf_done(&cells[i]);
	}
	return r;
}

/* What the plan does not touch, below what it does. */
static int left_rows(const struct spread_plan *plan, struct table *table)
{
	int r = 0;

	for (size_t i = 0; i < plan->n_left && r == 0; i++) {
		const struct interrupt *interrupt = plan->left[i].interrupt;
		_cleanup_(buf_done) struct buf name = {0};

		r = table_add_row(table);
		if (r == 0)
			r = table_set(table, CELL_IRQ, interrupt->row->key);
		if (r == 0)
			r = interrupt_name(interrupt, &name);
		if (r == 0)
			r = table_set(table, CELL_NAME, buf_text(&name));
		if (r == 0)
			r = table_set(table, CELL_STATE, "left");
		if (r == 0)
			r = table_set(table, CELL_REASON, plan->left[i].why);
	}
	return r;
}

static int changes_table(const struct model *model, const struct change_report *report,
			 const struct change *changes, size_t n, struct buf *out)
{
	static const struct table_column columns[CELLS] = {
		[CELL_IRQ] = {"IRQ", true, 0, 0},
		[CELL_NAME] = {"NAME", false, 2, 8},
		[CELL_BEFORE] = {"BEFORE", false, 3, 6},
		[CELL_WANTED] = {"WANTED", false, 0, 6},
		[CELL_EFFECTIVE] = {"EFFECTIVE", false, 4, 6},
		[CELL_STATE] = {"STATE", false, 0, 0},
		[CELL_REASON] = {"REASON", false, 1, 12},
	};
	const struct table_style style = output_style(true);
	_cleanup_(table_done) struct table table = {0};
	int r = table_add_columns(&table, columns, CELLS);

	for (size_t i = 0; i < n && r == 0; i++)
		r = fill_row(model, report->room, &changes[i], &table);
	if (r == 0 && report->plan)
		r = left_rows(report->plan, &table);
	return r < 0 ? r : table_print(&table, &style, out);
}

int changes_report(const struct machine *machine, const struct change_report *report,
		   const struct change_options *options, const struct change *changes, size_t n)
{
	_cleanup_(buf_done) struct buf out = {0};
	int r = options->json
			? json_print(changes_json(report, changes, n, machine->snapshot.system),
				     false, &out)
			: changes_table(&machine->model, report, changes, n, &out);

	return r < 0 ? out_of_memory() : print_out(&out);
}
