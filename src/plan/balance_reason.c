/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_emit.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"

static const struct balance_cpu *cpu_at(const struct balance_problem *problem, uint32_t index)
{
	return &problem->cpus[index];
}

/* The digits of a number, with a point in front of the last n: printf() takes its time. */
static int put_digits(uint64_t value, int n, struct buf *out)
{
	char digits[24];
	char *end = digits + sizeof(digits), *first = end;

	for (int i = 0; i <= n || value > 0; i++) {
		if (i > 0 && i == n)
			*--first = '.';
		*--first = (char)('0' + value % 10);
		value /= 10;
	}
	return buf_append(out, first, (size_t)(end - first));
}

/* "CPU 5 at 0.12" */
static int put_cpu(const struct balance_problem *problem, uint32_t index, const char *verb,
		   double fill, struct buf *out)
{
	int r = buf_puts(out, "CPU ");

	if (r == 0)
		r = put_digits(cpu_at(problem, index)->cpu, 0, out);
	if (r == 0)
		r = buf_puts(out, verb);
	/* rounding of what was added and taken away may leave a little less than nothing */
	return r == 0 ? put_digits(fill > 0 ? (uint64_t)(fill * 100 + 0.5) : 0, 2, out) : r;
}

/* The interrupt by its name, or by its number where it has none. */
static int put_name(const struct balance_irq *irq, struct buf *out)
{
	if (irq->name && irq->name[0])
		return buf_puts(out, irq->name);
	return buf_printf(out, "interrupt %" PRId32, irq->irq);
}

static int put_number(const char *before, uint64_t number, const char *behind, struct buf *out)
{
	int r = buf_puts(out, before);

	if (r == 0)
		r = put_digits(number, 0, out);
	return r == 0 ? buf_puts(out, behind) : r;
}

/* "on the same node", as seen from the device, or else from the CPU that it leaves. */
static int put_where(const struct balance_problem *problem, const struct planned_move *move,
		     struct buf *out)
{
	int32_t home = problem->irqs[move->irq].node, to = cpu_at(problem, move->to)->node;
	int32_t from = move->from == BALANCE_NOWHERE ? -1 : cpu_at(problem, move->from)->node;

	if (to < 0)
		return 0;
	if (home >= 0 && to == home)
		return put_number(" on the device's node ", (uint64_t)to, "", out);
	if (home >= 0 && from == home)
		return put_number(" on node ", (uint64_t)to, " is the nearest", out);
	if (from == to)
		return buf_puts(out, " on the same node");
	return put_number(" on node ", (uint64_t)to, "", out);
}

/* "CPU 5 at 0.12 on the same node has room" */
static int put_target(const struct balance_problem *problem, const struct planned_move *move,
		      struct buf *out)
{
	int r = buf_puts(out, "; ");
	size_t before;

	if (r == 0)
		r = put_cpu(problem, move->to, " at ", move->to_fill, out);
	before = out->len;
	if (r == 0)
		r = put_where(problem, move, out);
	if (r < 0)
		return r;
	return buf_puts(out, out->len > before && strstr(out->data + before, "nearest")
				     ? " with room"
				     : " has room");
}

static int put_nearer(const struct balance_problem *problem, const struct planned_move *move,
		      struct buf *out)
{
	const struct balance_irq *irq = &problem->irqs[move->irq];
	int32_t from = cpu_at(problem, move->from)->node, to = cpu_at(problem, move->to)->node;

	if (from != to && to == irq->node)
		return buf_printf(out,
				  "closer to its device: node %" PRId32 ", from node %" PRId32
				  "; CPU %" PRIu32 " at %.2f has room",
				  to, from, cpu_at(problem, move->to)->cpu, move->to_fill);
	if (from != to)
		return buf_printf(out,
				  "closer to its device on node %" PRId32 ": from node %" PRId32
				  " to node %" PRId32 "; CPU %" PRIu32 " at %.2f has room",
				  irq->node, from, to, cpu_at(problem, move->to)->cpu,
				  move->to_fill);
	return buf_printf(out,
			  "closer to its device: the cache of CPU %" PRIu32
			  ", which is at %.2f and has room",
			  cpu_at(problem, move->to)->cpu, move->to_fill);
}

static int put_swap(const struct balance_problem *problem, const struct planned_move *move,
		    struct buf *out)
{
	int r = buf_puts(out, "changes places with ");

	if (r == 0)
		r = put_name(&problem->irqs[move->partner], out);
	if (r < 0)
		return r;
	return buf_printf(out, ": CPU %" PRIu32 " at %.2f, CPU %" PRIu32 " at %.2f",
			  cpu_at(problem, move->from)->cpu, move->from_fill,
			  cpu_at(problem, move->to)->cpu, move->to_fill);
}

static int put_together(const struct balance_problem *problem, const struct planned_move *move,
			struct buf *out)
{
	int r = buf_puts(out, "goes with ");

	if (r == 0)
		r = put_name(&problem->irqs[move->partner], out);
	return r == 0 ? buf_printf(out, ", to CPU %" PRIu32, cpu_at(problem, move->to)->cpu) : r;
}

static int put_cause(const struct balance_problem *problem, const struct planned_move *move,
		     struct buf *out)
{
	uint32_t from = move->from == BALANCE_NOWHERE ? 0 : cpu_at(problem, move->from)->cpu;
	int r;

	switch (move->cause) {
	case MOVE_TOGETHER:
		return put_together(problem, move, out);
	case MOVE_SWAP:
		return put_swap(problem, move, out);
	case MOVE_NEARER:
		return put_nearer(problem, move, out);
	case MOVE_CLOSED:
		return put_number("CPU ", from, " takes no interrupts (closed)", out);
	case MOVE_NOT_ALLOWED:
		return put_number("CPU ", from, " is not one of its allowed CPUs", out);
	case MOVE_NOWHERE:
		return buf_puts(out, "no CPU that may be used serves it");
	case MOVE_PACK:
		return buf_printf(out, "CPU %" PRIu32 " at %.2f is to be left idle", from,
				  move->from_fill);
	case MOVE_LOAD:
		r = put_cpu(problem, move->from, move->is_busiest ? " at " : " is at ",
			    move->from_fill, out);
		return r == 0 && move->is_busiest ? buf_puts(out, " is the busiest") : r;
	}
	return 0;
}

static bool names_target(enum move_cause cause)
{
	return cause == MOVE_TOGETHER || cause == MOVE_SWAP || cause == MOVE_NEARER;
}

int reason_of_move(const struct balance_problem *problem, const struct planned_move *move,
		   struct buf *out)
{
	int r = put_cause(problem, move, out);

	if (r == 0 && !names_target(move->cause))
		r = put_target(problem, move, out);
	return r;
}
