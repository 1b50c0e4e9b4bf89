/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/changes.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "parse/cpulist.h"
#include "view/cells.h"
#include "view/json.h"
#include "view/table.h"

static int read_online(struct machine *machine)
{
	_cleanup_(buf_done) struct buf text = {0};
	const struct irq_table *table = &machine->snapshot.interrupts;
	int r = source_read(machine->source, "sys/devices/system/cpu/online", &text);

	if (r == 0)
		r = cpulist_parse(buf_text(&text), text.len, &machine->online);
	if (r == 0 || r == -ENOMEM)
		return r;
	r = 0; /* the columns of the table are the online CPUs too */
	for (size_t i = 0; i < table->n_cpus && r == 0; i++)
		r = cpuset_add(&machine->online, table->cpus[i]);
	return r;
}

int machine_read(const struct context *context, struct machine *machine)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = context_open(context, &machine->source);

	if (r)
		return r;
	r = snapshot_take(machine->source, SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES, &machine->snapshot,
			  &error);
	if (r < 0) {
		complain("%s", buf_text(&error));
		return context->root ? EXIT_USAGE : EXIT_FAILED;
	}
	r = model_build(NULL, &machine->snapshot, &machine->model);
	if (r == 0)
		r = read_online(machine);
	return r < 0 ? out_of_memory() : 0;
}

void machine_done(struct machine *machine)
{
	model_done(&machine->model);
	snapshot_done(&machine->snapshot);
	cpuset_done(&machine->online);
	source_close(machine->source);
	machine->source = NULL;
}

static const char *reason(const struct change *change)
{
	if (change->why)
		return change->why;
	switch (change->state) {
	case CHANGE_GONE:
		return N_("it does not exist any more");
	case CHANGE_NO_VECTOR:
		return N_("no free vector on these CPUs; choose others");
	case CHANGE_PENDING:
		return N_("the kernel moves it when it comes the next time");
	case CHANGE_REVERTED:
		return N_("put back, because another change failed");
	case CHANGE_REFUSED:
		if (change->error == EPERM || change->error == EIO)
			return N_(
				"the kernel refuses it: managed, per-CPU, or pinned by its driver");
		return change->error == EACCES ? N_("no permission; run as root")
					       : N_("the kernel refuses this value");
	default:
		return NULL;
	}
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
	}
	return 0;
}

static int value_text(const struct setting *setting, const struct cpuset *set, uint64_t number,
		      struct buf *out)
{
	if (setting->kind == SETTING_RPS_FLOWS || setting->kind == SETTING_RFS)
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

static json_t *change_json(const struct change *change)
{
	_cleanup_(buf_done) struct buf label = {0}, path = {0}, before = {0}, wanted = {0};
	json_t *object = json_object();
	bool is_irq = change->setting.kind == SETTING_IRQ;

	setting_label(&change->setting, &label);
	setting_path(&change->setting, &path);
	value_text(&change->setting, &change->before, change->before_number, &before);
	value_text(&change->setting, &change->wanted, change->wanted_number, &wanted);
	json_object_set_new(object, "irq", is_irq ? json_text(buf_text(&label)) : json_null());
	json_object_set_new(object, "before",
			    change->has_before ? json_text(buf_text(&before)) : json_null());
	json_object_set_new(object, "wanted", json_text(buf_text(&wanted)));
	json_object_set_new(object, "requested",
			    set_json(change->has_requested, &change->requested));
	json_object_set_new(object, "effective",
			    set_json(change->has_effective, &change->effective));
	json_object_set_new(object, "state", json_text(change_state_name(change->state)));
	json_object_set_new(object, "error",
			    json_text(change_is_failure(change) ? reason(change) : NULL));
	json_object_set_new(object, "path", json_text(buf_text(&path)));
	return object;
}

static json_t *changes_json(const char *schema, const struct change *changes, size_t n)
{
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string(schema));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, change_json(&changes[i]));
	json_object_set_new(document, "results", array);
	return document;
}

static const struct interrupt *find_irq(const struct model *model, int32_t irq)
{
	for (size_t i = 0; i < model->n_items; i++) {
		if (model->items[i].row->number == irq)
			return &model->items[i];
	}
	return NULL;
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

static int fill_row(const struct model *model, const struct change *change, struct table *table)
{
	struct buf cells[CELLS] = {{0}};
	const struct setting *setting = &change->setting;
	const struct interrupt *interrupt =
		setting->kind == SETTING_IRQ ? find_irq(model, setting->irq) : NULL;
	int r = setting_label(setting, &cells[CELL_IRQ]);

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
	if (r == 0 && reason(change))
		r = buf_puts(&cells[CELL_REASON], _(reason(change)));
	if (r == 0)
		r = table_add_row(table);
	for (size_t i = 0; i < CELLS; i++) {
		if (r == 0)
			r = table_set(table, i, buf_text(&cells[i]));
		buf_done(&cells[i]);
	}
	return r;
}

static int changes_table(const struct model *model, const struct change *changes, size_t n,
			 struct buf *out)
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
	const struct table_style style = {.width = output_width(),
					  .headings = true,
					  .bold = output_colour(),
					  .utf8 = output_utf8()};
	_cleanup_(table_done) struct table table = {0};
	int r = 0;

	for (size_t i = 0; i < CELLS && r == 0; i++)
		r = table_add_column(&table, &columns[i]);
	for (size_t i = 0; i < n && r == 0; i++)
		r = fill_row(model, &changes[i], &table);
	return r < 0 ? r : table_print(&table, &style, out);
}

static int report(const struct machine *machine, const char *schema,
		  const struct change_options *options, const struct change *changes, size_t n)
{
	_cleanup_(buf_done) struct buf out = {0};
	int r = options->json ? json_print(changes_json(schema, changes, n), false, &out)
			      : changes_table(&machine->model, changes, n, &out);

	return r < 0 ? out_of_memory() : print_out(&out);
}

/* Keeps what is there before, so that a kill at any moment leaves the way back. */
static int keep_undo(const struct machine *machine, const struct change *changes, size_t n)
{
	_cleanup_(record_done) struct record record = {0};
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		if (changes[i].state == CHANGE_PLANNED)
			r = record_add_before(&record, &machine->model, &changes[i]);
	}
	if (r < 0)
		return out_of_memory();
	if (!record.n)
		return 0;
	if (mkdir(UNDO_DIR, 0755) < 0 && errno != EEXIST)
		r = -errno;
	if (r == 0)
		r = record_write(&record, UNDO_FILE);
	if (r < 0) {
		complain(_("%s: cannot keep the state before the change: %s; nothing was changed"),
			 UNDO_FILE, strerror(-r));
		return EXIT_FAILED;
	}
	return 0;
}

static int read_before(struct applier *applier, struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct change *change = &changes[i];
		int r;

		if (change->state == CHANGE_GONE)
			continue;
		r = apply_read(applier, change);
		if (r == -ENOMEM)
			return r;
		if (r < 0 && change->state == CHANGE_PLANNED) {
			change->state = r == -ENOENT ? CHANGE_GONE : CHANGE_REFUSED;
			change->error = -r;
		}
	}
	return 0;
}

/* Two programs that move the same interrupts undo each other's work. */
static void warn_of_balancer(struct machine *machine)
{
	_cleanup_(strv_done) struct strv processes = {0};

	if (source_list(machine->source, "proc", &processes) < 0)
		return;
	for (size_t i = 0; i < processes.n; i++) {
		_cleanup_(buf_done) struct buf path = {0}, name = {0};

		if (!isdigit((unsigned char)processes.items[i][0]) ||
		    buf_printf(&path, "proc/%s/comm", processes.items[i]) < 0 ||
		    source_read(machine->source, buf_text(&path), &name) < 0)
			continue;
		buf_rstrip(&name);
		if (strcmp(buf_text(&name), "irqbalance") != 0)
			continue;
		complain(_("irqbalance (process %s) runs and may move these again; stop it with "
			   "'systemctl stop irqbalance', or start it with --banirq=N for each"),
			 processes.items[i]);
		return;
	}
}

static int outcome(const struct change_options *options, const struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (change_is_failure(&changes[i]) ||
		    (options->atomic && !options->dry_run && changes[i].state == CHANGE_PLANNED))
			return EXIT_FAILED;
		if (options->wait > 0 && changes[i].state == CHANGE_PENDING)
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static int make_changes(struct machine *machine, struct applier *applier,
			const struct change_options *options, struct change *changes, size_t n)
{
	int r = options->is_undo ? 0 : keep_undo(machine, changes, n);

	if (r)
		return r;
	r = apply_write(applier, changes, n, options->atomic);
	if (r >= 0)
		r = apply_verify(applier, changes, n, options->wait);
	if (r < 0)
		return out_of_memory();
	warn_of_balancer(machine);
	return 0;
}

int changes_run(const struct context *context, struct machine *machine, const char *schema,
		const struct change_options *options, struct change *changes, size_t n)
{
	struct applier applier = applier_live(machine->source);
	int r;

	if (context->root && !options->dry_run) {
		complain(_("'%s' is a recording and cannot be changed; use --dry-run"),
			 context->root);
		return EXIT_USAGE;
	}
	if (geteuid() != 0 && !options->dry_run) {
		complain(_("only root may change affinities; nothing was changed (try sudo, or "
			   "--dry-run)"));
		return EXIT_FAILED;
	}
	if (read_before(&applier, changes, n) < 0)
		return out_of_memory();
	if (!options->dry_run) {
		r = make_changes(machine, &applier, options, changes, n);
		if (r)
			return r;
	}
	r = report(machine, schema, options, changes, n);
	return r ? r : outcome(options, changes, n);
}
