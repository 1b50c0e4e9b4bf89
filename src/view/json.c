/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/macros.h"
#include "view/cells.h"

json_t *json_count(uint64_t count)
{
	return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

json_t *json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_text(const char *text)
{
	_cleanup_free_ char *clean = NULL;
	json_t *json;

	if (!text)
		return json_null();
	json = json_string(text);
	if (json)
		return json;
	clean = strdup(text);
	for (char *p = clean; p && *p; p++) {
		if ((unsigned char)*p > 0x7f)
			*p = '?';
	}
	return clean ? json_string(clean) : NULL;
}

static json_t *json_cells(const struct irq_cell *cells, size_t n)
{
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++) {
		char cpu[16];

		snprintf(cpu, sizeof(cpu), "%" PRIu32, cells[i].cpu);
		json_object_set_new(object, cpu, json_count(cells[i].count));
	}
	return object;
}

static json_t *json_cpuset(bool known, const struct cpuset *set)
{
	_cleanup_(buf_done) struct buf list = {0};

	if (!known || cpuset_format(set, &list) < 0)
		return json_null();
	return json_text(buf_text(&list));
}

json_t *json_affinity(const struct interrupt *interrupt)
{
	const struct irq_facts *facts = interrupt->facts;
	json_t *object = json_object();

	json_object_set_new(
		object, "requested",
		json_cpuset(facts && facts->has_requested, facts ? &facts->requested : NULL));
	json_object_set_new(
		object, "effective",
		json_cpuset(facts && facts->has_effective, facts ? &facts->effective : NULL));
	json_object_set_new(object, "hint",
			    json_cpuset(facts && facts->has_hint, facts ? &facts->hint : NULL));
	json_object_set_new(object, "settable",
			    interrupt->settable == SETTABLE_UNKNOWN
				    ? json_null()
				    : json_boolean(interrupt->settable == SETTABLE_YES));
	json_object_set_new(object, "reason", json_text(interrupt->settable_why));
	json_object_set_new(object, "pending", json_boolean(interrupt->pending));
	if (interrupt->row->name)
		json_object_set_new(object, "believed",
				    facts && facts->believed >= 0 ? json_integer(facts->believed)
								  : json_null());
	return object;
}

static json_t *json_device(const struct interrupt *interrupt)
{
	const struct device *device = interrupt->device;
	json_t *object;

	if (!device && !interrupt->interface)
		return json_null();
	object = json_object();
	json_object_set_new(object, "bus", json_text(device ? device->bus : NULL));
	json_object_set_new(object, "address", json_text(device ? device->address : NULL));
	json_object_set_new(object, "driver", json_text(interrupt->driver));
	json_object_set_new(object, "interface", json_text(interrupt->interface));
	json_object_set_new(object, "parent", json_text(device ? device->parent : NULL));
	return object;
}

static json_t *json_queue(const struct interrupt *interrupt)
{
	json_t *object;

	if (interrupt->queue < 0)
		return json_null();
	object = json_object();
	json_object_set_new(object, "index", json_integer(interrupt->queue));
	json_object_set_new(object, "direction",
			    json_text(queue_direction_name(interrupt->direction)));
	json_object_set_new(object, "source", json_text(interrupt->queue_source));
	return object;
}

static json_t *json_actions(const struct irq_desc *desc)
{
	json_t *array = json_array();

	for (size_t i = 0; i < desc->n_actions; i++)
		json_array_append_new(array, json_text(desc->actions[i]));
	return array;
}

static json_t *json_name(const struct interrupt *interrupt)
{
	_cleanup_(buf_done) struct buf name = {0};

	interrupt_name(interrupt, &name);
	return json_text(buf_text(&name));
}

static json_t *json_meaning(const struct interrupt *interrupt)
{
	_cleanup_(buf_done) struct buf meaning = {0};

	interrupt_meaning(interrupt, false, &meaning);
	return json_text(buf_text(&meaning));
}

/* What FreeBSD has beside: how the CPUs are known, the thread, where the queue's work is done. */
static void json_counter(const struct interrupt *interrupt, json_t *object)
{
	const struct freebsd_thread *thread = interrupt->thread;
	int32_t worker = interrupt->facts ? interrupt->facts->worker_cpu : -1;

	json_object_set_new(object, "count_source",
			    json_text(count_source_name(interrupt->count_source)));
	json_object_set_new(object, "thread_s",
			    json_number(thread ? (double)thread->runtime_us / 1e6 : NAN));
	json_object_set_new(object, "thread_cpu",
			    thread && thread->cpu >= 0 ? json_integer(thread->cpu) : json_null());
	json_object_set_new(object, "worker_cpu", worker >= 0 ? json_integer(worker) : json_null());
}

static json_t *json_interrupt(const struct model *model, const struct interrupt *interrupt)
{
	const struct irq_row *row = interrupt->row;
	json_t *object = json_object();

	json_object_set_new(object, "irq", json_text(row->key));
	json_object_set_new(object, "number",
			    row->number < 0 ? json_null() : json_integer(row->number));
	json_object_set_new(object, "total", json_count(row->total));
	json_object_set_new(object, "rate", json_number(interrupt->rate));
	json_object_set_new(
		object, "counts",
		json_cells(model->table->cells + row->first_cell, row->summary ? 0 : row->n_cells));
	json_object_set_new(object, "kind", json_text(lore_kind_name(interrupt->kind)));
	json_object_set_new(object, "name", json_name(interrupt));
	json_object_set_new(object, "chip", json_text(interrupt->desc.chip));
	json_object_set_new(object, "hwirq", json_text(interrupt->desc.hwirq));
	json_object_set_new(object, "trigger", json_text(interrupt->desc.trigger));
	json_object_set_new(object, "actions", json_actions(&interrupt->desc));
	json_object_set_new(object, "class", json_text(lore_class_name(interrupt->class)));
	json_object_set_new(object, "device", json_device(interrupt));
	json_object_set_new(object, "queue", json_queue(interrupt));
	json_object_set_new(object, "admin", json_boolean(interrupt->direction == QUEUE_ADMIN));
	json_object_set_new(object, "node",
			    interrupt->node < 0 ? json_null() : json_integer(interrupt->node));
	json_object_set_new(object, "affinity", json_affinity(interrupt));
	json_object_set_new(object, "meaning", json_meaning(interrupt));
	if (model->before)
		json_object_set_new(object, "delta",
				    json_cells(interrupt->cells, interrupt->n_cells));
	json_object_set_new(object, "share",
			    json_number(interrupt->counted ? interrupt->share : NAN));
	if (row->name)
		json_counter(interrupt, object);
	return object;
}

static json_t *json_cpus(const struct irq_table *table)
{
	json_t *array = json_array();

	for (size_t i = 0; i < table->n_cpus; i++)
		json_array_append_new(array, json_integer(table->cpus[i]));
	return array;
}

static json_t *json_cpu_times(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->n_cpu_times; i++) {
		const struct cpu_time *time = &snapshot->cpu_times[i];
		json_t *object = json_object();

		json_object_set_new(object, "cpu", json_integer(time->cpu));
		json_object_set_new(object, "irq_s",
				    json_real((double)time->irq_ticks / PROC_STAT_HZ));
		json_object_set_new(
			object, "softirq_s",
			json_number(snapshot->system == SYSTEM_FREEBSD
					    ? NAN
					    : (double)time->softirq_ticks / PROC_STAT_HZ));
		if (time->cpu < snapshot->n_cpu_interrupts)
			json_object_set_new(object, "interrupts",
					    json_count(snapshot->cpu_interrupts[time->cpu]));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *json_pressure(const struct snapshot *snapshot)
{
	const struct irq_pressure *pressure = &snapshot->pressure;
	json_t *object;

	if (!snapshot->has_pressure)
		return json_null();
	object = json_object();
	json_object_set_new(object, "avg10", json_real(pressure->avg10));
	json_object_set_new(object, "avg60", json_real(pressure->avg60));
	json_object_set_new(object, "avg300", json_real(pressure->avg300));
	json_object_set_new(object, "total_s", json_real((double)pressure->total_us / 1e6));
	return object;
}

static json_t *json_strv(const struct strv *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(array, json_text(list->items[i]));
	return array;
}

static json_t *json_groups(const struct group_list *groups, bool has_interval)
{
	json_t *array = json_array();

	for (size_t i = 0; i < groups->n; i++) {
		const struct group *group = &groups->items[i];
		json_t *object = json_object();

		json_object_set_new(object, "key",
				    *group->key ? json_text(group->key) : json_null());
		json_object_set_new(object, "interrupts", json_count(group->n_interrupts));
		json_object_set_new(object, "total", json_count(group->total));
		json_object_set_new(object, "rate", json_number(group->rate));
		json_object_set_new(object, "share", json_number(group->share));
		json_object_set_new(object, "counts", json_cells(group->counts, group->n_counts));
		if (has_interval)
			json_object_set_new(object, "delta",
					    json_cells(group->cells, group->n_cells));
		json_array_append_new(array, object);
	}
	return array;
}

json_t *json_show(const struct show_view *view)
{
	const struct snapshot *now = view->model->now;
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string("irqctl.show/1"));
	json_object_set_new(document, "time",
			    now->time_ns ? json_real((double)now->time_ns / 1e9) : json_null());
	json_object_set_new(document, "interval_s",
			    view->model->before ? json_real(view->model->interval_s) : json_null());
	json_object_set_new(document, "cpus", json_cpus(view->model->table));
	for (size_t i = 0; i < view->n_rows; i++)
		json_array_append_new(array, json_interrupt(view->model, view->rows[i]));
	json_object_set_new(document, "interrupts", array);
	if (view->groups) {
		json_object_set_new(document, "by", json_text(view->by));
		json_object_set_new(document, "groups",
				    json_groups(view->groups, view->model->before));
	}
	json_object_set_new(document, "cpus_time", json_cpu_times(now));
	json_object_set_new(document, "pressure", json_pressure(now));
	json_object_set_new(document, "missing", json_strv(&now->missing));
	return document;
}

static int append_dump(const char *bytes, size_t len, void *ctx)
{
	return buf_append(ctx, bytes, len) < 0 ? -1 : 0;
}

int json_print(json_t *document, bool lines, struct buf *out)
{
	size_t flags = lines ? JSON_COMPACT : JSON_INDENT(2);
	int r = json_dump_callback(document, append_dump, out, flags | JSON_REAL_PRECISION(15));

	json_decref(document);
	return r < 0 ? -ENOMEM : buf_putc(out, '\n');
}
