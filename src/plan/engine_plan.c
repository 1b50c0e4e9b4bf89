/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine's questions to the planner, and whether the answer is worth its moves. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "plan/engine_internal.h"

#define SLACK        0.01  /* a highest load so near to the best is the best */
#define WORTH_MIN    0.004 /* CPUs that a plan must win at least */
#define WORTH_PART   0.015 /* and as a part of the highest load */
#define WORTH_FIRST  8u    /* the first moves of a plan are off the fullest CPU */
#define WORTH_WHOLE  0.25  /* a plan that wins more of the highest load is made as it is */
#define LIGHTER      0.6   /* part of what it wins that a plan with fewer moves may leave */
#define PATIENCE     2u    /* samples in a row that find a plan worth it, where it wins less */
#define WORTH_MOVE   0.05  /* and so much more where all interrupts are moved ... */
#define WORTH_FEW    16.0  /* ... times log2(moves / this), where that is above 1 */
#define WORTH_SURE   2.5   /* and in standard errors of the load that it wants to lower */
#define WORTH_NEARER 0.05  /* part of the load that comes nearer to its device, at least */
/* what the fullest thread loses, where no core is less full: the others of its core are idler */
#define WORTH_THREAD (2 - 2 / (1 + BALANCE_THREAD_GAIN))
#define REFUSED_SIZE 10e3 /* interrupts times CPUs: so many make it wait for a second ... */
#define REFUSED_REST 5.0  /* ... once all is settled for so much longer ... */
#define REFUSED_MAX  60.0 /* ... and never longer than this */

#define WORTH_AGAIN 0.1 /* more of all that for each time that its interrupts were moved lately */

#define PACK_SLACK 1.1 /* times pack_fill: a core that is fuller is to be relieved */

#define TRIM_PART 0.1 /* of the highest load: a plan that wins no more only trims */

static double rate_of(const void *ctx, uint32_t irq)
{
	return ((const struct engine *)ctx)->rates[irq].rate;
}

/*
 * How far off the fill of a CPU may be: by chance between samples, and as far as the sum of its
 * costs is unsure. That a single cost is not known well is another matter: only a move can tell,
 * and one that was wrong is seen and mended.
 */
static double noise(const struct engine *engine, uint32_t cpu)
{
	/* of one that is saturated nothing is known at all: decide() has a rule for these */
	double doubt =
		engine->saturated[cpu] ? 0 : costs_sum_doubt(&engine->costs, cpu, rate_of, engine);
	size_t n;
	const uint32_t *served = costs_served(&engine->costs, cpu, &n);
	double sum = doubt * doubt;

	for (size_t i = 0; i < n; i++) {
		const struct engine_rate *rate = &engine->rates[served[i]];
		double cost = engine->costs.slots[served[i]].cost;

		if (rate->steady >= 1)
			sum += cost * cost * rate->variance / rate->steady;
	}
	return sqrt(sum) / engine->cpus[cpu].capacity;
}

/* So much fuller cores get, or so much less full where it is about threads of a core. */
static double gain_in(double max, double own)
{
	return fmax(max, WORTH_THREAD * own);
}

static double gain_of(const struct balance_plan *plan)
{
	return gain_in(plan->before.max - plan->after.max, plan->before.own - plan->after.own);
}

static double moved_lately(const struct engine *engine, const struct balance_plan *plan)
{
	double sum = 0;

	for (size_t i = 0; i < plan->n_moves; i++)
		sum += engine->rates[plan->moves[i].irq].moved;
	return plan->n_moves ? sum / (double)plan->n_moves : 0;
}

/* What any plan must win, whatever it moves, where `max` is the highest fill before it. */
static double least_price(double max)
{
	double need = fmax(WORTH_MIN, WORTH_PART * max);

	return max > 1 ? need / 2 : need; /* work is lost there, and how much nobody knows well */
}

/* The fullest of many CPUs is the one whose error is largest. */
static double sure(const struct engine *engine)
{
	return WORTH_SURE + sqrt(2 * log((double)engine->n_cpus));
}

/* What a plan must win at least, as a highest fill. */
static double price(const struct engine *engine, const struct balance_plan *plan)
{
	double part = (double)plan->n_moves / (double)(engine_busy_count(engine) + 1);
	double many = fmax(1, log2((double)plan->n_moves / WORTH_FEW));
	double need = fmax(WORTH_MIN, (WORTH_PART + WORTH_MOVE * part * many) * plan->before.max);

	if (plan->before.max > 1)
		return need / 2;
	for (size_t i = 0; i < plan->n_moves && i < WORTH_FIRST; i++) {
		if (plan->moves[i].from != BALANCE_NOWHERE)
			need = fmax(need, sure(engine) * noise(engine, plan->moves[i].from));
	}
	return need * (1 + WORTH_AGAIN * moved_lately(engine, plan));
}

/* What a plan wins beyond its price. */
static double profit(const struct engine *engine, const struct balance_plan *plan)
{
	return gain_of(plan) - price(engine, plan);
}

static bool is_settled(const struct engine *engine)
{
	return engine->time_s >= engine->stirred_s + ENGINE_SETTLED_AFTER;
}

static bool is_answered(const struct engine *engine)
{
	return engine->answered_s > 0 && engine->time_s < engine->answered_s + ENGINE_SETTLED_AFTER;
}

static size_t count_changed(const struct engine *engine)
{
	size_t n = 0;

	for (uint32_t i = 0; i < engine->n_irqs; i++)
		n += engine_is_changed(engine, i);
	return n;
}

/*
 * How many moves a plan may take that wins so much of the highest fill. Where all was settled, K
 * interrupts that changed cause at most K moves; what else there is to win waits until it is seen
 * what these brought.
 */
static double allowance(const struct engine *engine, double gain, double max)
{
	double most = gain > TRIM_PART * max ? INFINITY : floor(engine->trim), changed;

	if (!is_settled(engine))
		return INFINITY;
	changed = (double)count_changed(engine);
	if (is_answered(engine))
		return fmin(fmax(changed - (double)engine->n_answers, 0), most);
	return changed > 0 ? fmin(changed, most) : most;
}

/* So many moves are being made. */
static void account(struct engine *engine, size_t n_moves, double gain, double max)
{
	engine->budget -= (double)n_moves;
	engine->trim = fmax(0, engine->trim - (double)n_moves);
	if (!n_moves)
		return;
	if (is_settled(engine) && count_changed(engine)) {
		engine->n_answers = is_answered(engine) ? engine->n_answers + n_moves : n_moves;
		engine->answered_s = engine->time_s;
	} else if (gain > TRIM_PART * max) {
		engine->stirred_s = engine->time_s;
	}
}

/*
 * Whether a plan brings much of the load nearer to its devices, and makes no CPU fuller than now;
 * of CPUs that are full nobody knows that.
 */
static bool is_nearer(const struct balance_plan *plan)
{
	return plan->before.remote - plan->after.remote > WORTH_NEARER && plan->before.max <= 1 &&
	       plan->after.max <= plan->before.max * (1 + SLACK);
}

/* The planner's answer, in the engine's indices. */
static int build_plan(const struct question *question, const struct balance_problem *problem,
		      struct balance_plan *ret)
{
	int r = balance_plan_build(problem, ret);

	for (size_t i = 0; r == 0 && i < ret->n_moves; i++)
		ret->moves[i].irq = question->index[ret->moves[i].irq];
	return r;
}

/* Keeps the other plan in the place of this one, or not. */
static void choose(struct balance_plan *plan, struct balance_plan *other, bool is_better)
{
	struct balance_plan worse = is_better ? *plan : *other;

	if (is_better)
		*plan = *other;
	balance_plan_done(&worse);
}

/*
 * The best plan, or one with fewer moves that wins nearly as much: the first moves of a plan bring
 * most of what it brings.
 */
static int choose_plan(const struct engine *engine, const struct question *question,
		       struct balance_problem *problem, struct balance_plan *ret)
{
	struct balance_plan lighter;
	double gain;
	int r = build_plan(question, problem, ret);

	if (r < 0)
		return r;
	gain = gain_of(ret);
	if (ret->n_moves <= 2 || gain <= 0 || gain > WORTH_WHOLE * ret->before.max ||
	    (is_nearer(ret) && profit(engine, ret) < 0))
		return 0;
	problem->slack = fmax(SLACK, LIGHTER * gain / ret->after.max);
	r = build_plan(question, problem, &lighter);
	if (r == 0)
		choose(ret, &lighter, profit(engine, &lighter) > profit(engine, ret));
	return r;
}

/* The best plan where only the interrupts that changed may be moved, if it is better than `plan`.
 */
static int prefer_changed(const struct engine *engine, const struct balance_problem *problem,
			  struct balance_plan *plan)
{
	_cleanup_(question_done) struct question question = {0};
	struct balance_problem smaller = *problem;
	struct balance_plan other;
	int r = question_ask(engine, true, &question);

	if (r < 0)
		return r;
	question_put(&question, &smaller);
	r = build_plan(&question, &smaller, &other);
	if (r == 0)
		choose(plan, &other, other.after.max < plan->after.max);
	return r;
}

/* Makes the plan anew where it has more moves than it may. */
static int make_allowed(const struct engine *engine, const struct question *question,
			struct balance_problem *problem, struct balance_plan *plan)
{
	double allowed = allowance(engine, gain_of(plan), plan->before.max);
	int r;

	if ((double)plan->n_moves <= allowed)
		return 0;
	balance_plan_done(plan);
	problem->budget = (size_t)allowed;
	problem->slack = SLACK;
	r = choose_plan(engine, question, problem, plan);
	problem->slack = SLACK;
	return r < 0 ? r : prefer_changed(engine, problem, plan);
}

/* Whether it is off a CPU that is closed: not for the load. */
static bool is_mandatory(const struct engine *engine, const struct balance_move *move)
{
	return move->from != BALANCE_NOWHERE && engine->cpus[move->from].closed;
}

static void keep_mandatory(const struct engine *engine, struct balance_plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_moves; i++) {
		if (is_mandatory(engine, &plan->moves[i]))
			plan->moves[n++] = plan->moves[i];
	}
	plan->n_moves = n;
}

/* What wins little must win it in several samples, so that no single one makes a move. */
static bool is_due(struct engine *engine, const struct balance_plan *plan)
{
	if (profit(engine, plan) < 0 && !is_nearer(plan)) {
		engine->worthy = 0;
		return false;
	}
	engine->worthy++;
	if (gain_of(plan) <= WORTH_WHOLE * plan->before.max && engine->worthy < PATIENCE)
		return false;
	engine->worthy = 0;
	return true;
}

/* What any plan must win: one that lowers the highest fill takes something off that core. */
static double price_floor(const struct engine *engine, const struct engine_outlook *outlook)
{
	double doubt = INFINITY, least = least_price(outlook->max);

	if (outlook->max > 1)
		return least;
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		if (engine_core(engine, i) == engine_core(engine, outlook->fullest))
			doubt = fmin(doubt, noise(engine, i));
	}
	return fmax(least, sure(engine) * doubt);
}

/*
 * Whether the planner need not be asked: it takes milliseconds for thousands of interrupts, and to
 * see this takes a tenth of one. Either no plan could be worth its price, not even one that reaches
 * the bound; or one was refused a short time ago, and since then neither rose the highest fill nor
 * fell the price enough.
 */
static bool is_hopeless(const struct engine *engine, const struct engine_outlook *outlook)
{
	double gain = gain_in(outlook->max - outlook->bound, outlook->own - outlook->own_bound);
	double price;
	bool is_near = outlook->remote <= WORTH_NEARER;

	if (outlook->must_move)
		return false;
	if (allowance(engine, gain, outlook->max) < 1)
		return true;
	if (is_near && gain < least_price(outlook->max))
		return true;
	price = price_floor(engine, outlook);
	if (is_near && gain < price)
		return true;
	return !engine->worthy && engine->time_s < engine->refused_until_s &&
	       (gain < price || price > engine->refused_price) &&
	       outlook->remote < engine->refused_remote + WORTH_NEARER &&
	       outlook->max < engine->refused_max + least_price(engine->refused_max);
}

/* The larger the machine is, the longer it waits. */
static void refuse(struct engine *engine, const struct question *question,
		   const struct engine_outlook *outlook, const struct balance_plan *plan)
{
	double size = (double)question->n_irqs * (double)engine->n_cpus;
	double wait_s = size / REFUSED_SIZE + (is_settled(engine) ? REFUSED_REST : 0);

	engine->refused_until_s = engine->time_s + fmin(wait_s, REFUSED_MAX);
	engine->refused_max = outlook->max;
	engine->refused_remote = outlook->remote;
	engine->refused_price = price_floor(engine, outlook) * gain_of(plan) / price(engine, plan);
}

/* How many cores serve something of what the plan is about; `at` as in struct balance_plan. */
static int count_cores(const struct engine *engine, const struct question *question,
		       const uint32_t *at, size_t *ret)
{
	_cleanup_free_ bool *used =
		calloc(engine->topology->n_cpus + engine->n_cpus + 1, sizeof(*used));
	size_t n = 0;

	if (!used)
		return -ENOMEM;
	for (size_t i = 0; i < question->n_irqs; i++) {
		uint32_t cpu = at ? at[i] : question->irqs[i].at;
		size_t core = cpu == BALANCE_NOWHERE ? 0 : engine_core(engine, cpu);

		if (cpu == BALANCE_NOWHERE || used[core])
			continue;
		used[core] = true;
		n++;
	}
	*ret = n;
	return 0;
}

/*
 * With BALANCE_PACK a plan is worth it where a core is left empty, or where one is fuller than it
 * should be and can be relieved; in several samples, so that no single one fills or empties a
 * core. 1, 0 or -ENOMEM.
 */
static int is_packing_due(struct engine *engine, const struct question *question,
			  const struct balance_plan *plan)
{
	size_t before = 0, after = 0;
	int r = count_cores(engine, question, NULL, &before);

	if (r == 0)
		r = count_cores(engine, question, plan->at, &after);
	if (r < 0)
		return r;
	if (after >= before && (plan->before.max <= PACK_SLACK * engine->options.pack_fill ||
				gain_of(plan) < least_price(plan->before.max))) {
		engine->worthy = 0;
		return 0;
	}
	if (++engine->worthy < PATIENCE)
		return 0;
	engine->worthy = 0;
	return 1;
}

/* Without anything that must move, a plan that wins next to nothing is none. */
static void drop_trifle(const struct engine *engine, struct balance_plan *plan)
{
	double bound = plan->after.bound;

	for (size_t i = 0; i < plan->n_moves; i++) {
		if (is_mandatory(engine, &plan->moves[i]))
			return;
	}
	if (is_nearer(plan) || engine->options.mode == BALANCE_PACK ||
	    gain_of(plan) >= least_price(plan->before.max))
		return;
	plan->n_moves = 0;
	plan->after = plan->before;
	plan->after.bound = bound;
}

/* What of the plan is done now. */
static int decide(struct engine *engine, const struct question *question, struct balance_plan *plan)
{
	size_t full = engine_full_count(engine);
	bool is_blind = full && engine->time_s < engine->blind_until_s;
	double gain = gain_of(plan);
	int r = engine->options.mode == BALANCE_PACK ? is_packing_due(engine, question, plan)
						     : is_due(engine, plan);

	if (r < 0)
		return r;
	if (is_blind || !r)
		keep_mandatory(engine, plan);
	r = 0;
	if (!plan->n_moves && engine->time_s >= engine->probe_until_s && engine->budget >= 1 &&
	    engine->options.mode != BALANCE_PACK)
		r = engine_probe(engine, plan);
	account(engine, plan->n_moves, gain, plan->before.max);
	if (plan->n_moves)
		engine->n_full = full;
	return r;
}

/* The planner is asked, unless it is clear that nothing comes of it. */
static int plan_spread(struct engine *engine, const struct question *question,
		       struct balance_problem *problem, struct balance_plan *ret)
{
	struct engine_outlook outlook;
	int r = engine_look_out(engine, problem, &outlook);

	if (r < 0 || is_hopeless(engine, &outlook))
		return r;
	r = choose_plan(engine, question, problem, ret);
	if (r == 0 && !outlook.must_move)
		r = make_allowed(engine, question, problem, ret);
	if (r == 0 && profit(engine, ret) < 0 && !is_nearer(ret))
		refuse(engine, question, &outlook, ret);
	return r;
}

int engine_plan(struct engine *engine, bool at_once, struct balance_plan *ret)
{
	_cleanup_(question_done) struct question question = {0};
	struct balance_problem problem = {
		.n_cpus = engine->n_cpus,
		.topology = engine->topology,
		.mode = engine->options.mode,
		.pack_fill = engine->options.pack_fill,
		.slack = SLACK,
		.budget = at_once ? BALANCE_NO_LIMIT : (size_t)engine->budget,
	};
	int r = question_ask(engine, false, &question);

	*ret = (struct balance_plan){0};
	if (r < 0 || (engine->unchecked && !at_once))
		return r;
	if (problem.mode != BALANCE_PACK)
		r = question_set_aside(engine, &question);
	if (r < 0)
		return r;
	question_put(&question, &problem);
	if (at_once || problem.mode == BALANCE_PACK)
		r = choose_plan(engine, &question, &problem, ret);
	else
		r = plan_spread(engine, &question, &problem, ret);
	if (r == 0 && at_once)
		drop_trifle(engine, ret);
	if (r == 0 && !at_once)
		r = decide(engine, &question, ret);
	question_sum_up(&question, ret);
	return r;
}
