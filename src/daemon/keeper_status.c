/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "daemon/keeper_moves.h"

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(const char *value)
{
	json_t *string = value ? json_string(value) : json_null();

	return string ? string : json_null(); /* what is no UTF-8 */
}

static json_t *list(const struct cpuset *set)
{
	_cleanup_(buf_done) struct buf out = {0};

	return cpuset_format(set, &out) < 0 ? NULL : text(buf_text(&out));
}

static json_t *key(int32_t irq)
{
	return json_sprintf("%" PRId32, irq);
}

static json_t *cpus(const struct engine *engine)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < engine->n_cpus; i++) {
		const struct engine_cpu *cpu = &engine->cpus[i];

		json_array_append_new(array, json_pack("{s:I,s:f,s:f,s:b,s:i}", "cpu",
						       (json_int_t)cpu->place.cpu, "load",
						       engine_cpu_load(engine, i), "capacity",
						       cpu->capacity, "closed", cpu->closed, "node",
						       (int)cpu->place.node));
	}
	return array;
}

/* The last reason that moved it to where it is. */
static const char *why(const struct keeper *keeper, int32_t irq)
{
	size_t n = keeper->n_moves < KEEPER_MOVES ? keeper->n_moves : KEEPER_MOVES;

	for (size_t i = 0; i < n; i++) {
		const struct keeper_move *move =
			&keeper->moves[(keeper->n_moves - 1 - i) % KEEPER_MOVES];

		if (move->irq == irq &&
		    !change_is_failure(&(const struct change){.state = move->state}))
			return move->reason;
	}
	return NULL;
}

/* What each CPU is known to have served since the daemon began. */
static void add_counts(json_t *object, const struct attributed *attributed)
{
	json_t *counts = json_object();

	for (size_t i = 0; attributed && i < attributed->n_cells; i++) {
		_cleanup_(buf_done) struct buf cpu = {0};

		if (buf_printf(&cpu, "%" PRIu32, attributed->cells[i].cpu) == 0)
			json_object_set_new(counts, buf_text(&cpu),
					    json_integer((json_int_t)attributed->cells[i].count));
	}
	if (attributed && object) {
		json_object_set_new(object, "count_source", json_string("attributed"));
		json_object_set(object, "counts", counts);
		json_object_set_new(object, "unattributed",
				    json_integer((json_int_t)attributed->unknown));
	}
	json_decref(counts);
}

static json_t *interrupt(const struct keeper *keeper, uint32_t i)
{
	const struct engine *engine = &keeper->fleet.engine;
	const struct engine_irq *irq = &engine->irqs[i];
	const struct fleet_irq *known = &keeper->fleet.irqs[i];
	struct engine_load load = engine_load(engine, i);
	json_t *object;

	object = json_pack("{s:o,s:o,s:o,s:o,s:o,s:f,s:f,s:f,s:o}", "irq", key(irq->irq), "name",
			   text(known->name), "device", text(known->owner), "cpu",
			   irq->cpu == ENGINE_NOWHERE
				   ? json_null()
				   : json_integer((json_int_t)engine->cpus[irq->cpu].place.cpu),
			   "affinity", list(&known->expected), "rate", load.rate, "load", load.load,
			   "doubt", load.doubt, "why", text(why(keeper, irq->irq)));
	add_counts(object, keeper_counts(keeper, irq->irq));
	return object;
}

static json_t *interrupts(const struct keeper *keeper)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < keeper->fleet.n_irqs; i++) {
		if (engine_load(&keeper->fleet.engine, i).busy ||
		    cpuset_next(&keeper->fleet.irqs[i].original, 0) >= 0)
			json_array_append_new(array, interrupt(keeper, i));
	}
	return array;
}

static json_t *moves(const struct keeper *keeper)
{
	json_t *array = json_array();
	size_t n = keeper->n_moves < KEEPER_MOVES ? keeper->n_moves : KEEPER_MOVES;

	for (size_t i = 0; array && i < n; i++) {
		const struct keeper_move *move =
			&keeper->moves[(keeper->n_moves - n + i) % KEEPER_MOVES];

		json_array_append_new(
			array,
			json_pack("{s:f,s:o,s:o,s:o,s:o,s:o,s:s,s:b,s:o,s:o,s:o}", "time",
				  (double)move->time_ns / 1e9, "irq", key(move->irq), "name",
				  text(move->name), "from", text(move->from), "to", text(move->to),
				  "reason", text(move->reason), "state",
				  change_state_name(move->state), "foreign", move->foreign,
				  "before", number(move->before), "predicted",
				  number(move->predicted), "measured", number(move->measured)));
	}
	return array;
}

static json_t *unmanaged(const struct keeper *keeper)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < keeper->fleet.n_irqs; i++) {
		const struct engine_irq *irq = &keeper->fleet.engine.irqs[i];

		if (irq->fixed)
			json_array_append_new(
				array, json_pack("{s:o,s:o,s:o}", "irq", key(irq->irq), "name",
						 text(irq->name), "why", text(irq->fixed)));
	}
	return array;
}

int keeper_status(const struct keeper *keeper, struct buf *out)
{
	const struct engine *engine = &keeper->fleet.engine;
	json_t *document = json_pack("{s:s,s:b,s:I,s:f,s:I,s:o,s:o,s:o,s:o}", "schema",
				     "irqctl.status/1", "observe", keeper->options.observe,
				     "samples", (json_int_t)keeper->n_steps, "late_s",
				     keeper->late_s, "moves_total", (json_int_t)keeper->n_moves,
				     "cpus", cpus(engine), "interrupts", interrupts(keeper),
				     "moves", moves(keeper), "unmanaged", unmanaged(keeper));
	char *dump = document ? json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(13)) : NULL;
	int r = dump ? buf_puts(out, dump) : -ENOMEM;

	if (r == 0)
		r = buf_putc(out, '\n');
	free(dump);
	json_decref(document);
	return r;
}
