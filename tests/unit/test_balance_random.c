/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The planner against the exact optimum on small machines, against its own bound on large ones, and
 * what must hold for any plan.
 */
#include "balance_helper.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define N_MACHINES 1000u
#else
#define N_MACHINES 10000u
#endif

#define CPUS_MAX 6u
#define IRQS_MAX 12u

static void draw_cpus(struct random *random, struct stage *stage)
{
	size_t n = stage->problem.n_cpus;
	bool is_hybrid = one_in(random, 4), has_base = one_in(random, 3);
	bool is_tight = one_in(random, 5), has_closed = one_in(random, 3);

	for (size_t i = 0; i < n; i++) {
		struct balance_cpu *cpu = &stage->cpus[i];

		/* threads of a core are alike */
		if (i > 0 && cpu->core == cpu[-1].core)
			cpu->capacity = cpu[-1].capacity;
		else if (is_hybrid && one_in(random, 2))
			cpu->capacity = 0.5;
		if (has_base)
			cpu->base = draw_between(random, 0, 0.4);
		if (is_tight)
			cpu->room = draw(random, 4);
		cpu->closed = has_closed && i > 0 && one_in(random, 4);
	}
}

static double draw_load(struct random *random, uint32_t kind)
{
	static const double steps[] = {0.1, 0.2, 0.3};

	if (kind == 0)
		return draw_between(random, 0.02, 0.5);
	if (kind == 1)
		return one_in(random, 3) ? draw_between(random, 0.3, 0.9)
					 : draw_between(random, 0.02, 0.1);
	if (kind == 2)
		return steps[draw(random, ARRAY_SIZE(steps))];
	return one_in(random, 3) ? 0 : draw_between(random, 0.2, 0.3);
}

static void draw_allowed(struct random *random, struct stage *stage, struct balance_irq *irq)
{
	size_t n = stage->problem.n_cpus;

	if (!one_in(random, 3))
		return;
	irq->allowed = &stage->sets[irq - stage->irqs];
	for (uint32_t cpu = 0; cpu < n; cpu++) {
		if (!one_in(random, 3))
			assert_int_equal(cpuset_add(&stage->sets[irq - stage->irqs], cpu), 0);
	}
}

/* Up to 6 CPUs and 12 interrupts, with every kind of constraint. */
static struct stage draw_machine(uint64_t seed)
{
	struct random random = {seed};
	uint32_t threads = 1 + one_in(&random, 3), nodes = 1 + one_in(&random, 3);
	uint32_t cores = 1 + draw(&random, CPUS_MAX / threads / nodes);
	struct stage stage = stage_of(nodes, cores, threads, IRQS_MAX);
	uint32_t n = 1 + draw(&random, IRQS_MAX), kind = draw(&random, 4), pile = draw(&random, 3);
	bool has_groups = one_in(&random, 3), has_sets = one_in(&random, 2);

	draw_cpus(&random, &stage);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = pile == 0 ? 0 : draw(&random, (uint32_t)stage.problem.n_cpus);
		struct balance_irq *irq =
			add_irq(&stage, draw_load(&random, kind),
				pile == 1 && one_in(&random, 4) ? BALANCE_NOWHERE : at);

		irq->node = (int32_t)draw(&random, nodes + 1) - 1;
		irq->device = draw(&random, 3);
		if (has_groups && i % 2 == 1 && one_in(&random, 2)) {
			irq->group = irq[-1].group = 1 + i / 2;
			irq->allowed = irq[-1].allowed;
			if (one_in(&random, 2))
				irq->at = irq[-1].at;
		} else if (has_sets) {
			draw_allowed(&random, &stage, irq);
		}
	}
	return stage;
}

/* What has to go to one CPU. */
struct lump {
	double load;
	uint32_t may, n;
};

/* Tries everything below `best`. */
struct oracle {
	const struct stage *stage;
	struct lump lumps[IRQS_MAX];
	uint32_t n;
	double own[CPUS_MAX], core[CPUS_MAX], core_capacity[CPUS_MAX];
	uint32_t core_of[CPUS_MAX], threads[CPUS_MAX], slots[CPUS_MAX];
	double rest[IRQS_MAX + 1];
	double best;
	bool is_found;
};

/* Interrupts that are not free to go are a load of their CPU; the others are lumps. */
static void add_lump(struct oracle *oracle, size_t first, const bool *is_free)
{
	const struct stage *stage = oracle->stage;
	struct lump lump = {0, (1u << stage->problem.n_cpus) - 1, 0};

	for (size_t i = first; i < stage->problem.n_irqs; i++) {
		const struct balance_irq *irq = &stage->irqs[i];

		if (!is_free[i] ||
		    (i != first && (irq->group == 0 || irq->group != stage->irqs[first].group)))
			continue;
		lump.load += irq->load;
		lump.n++;
		for (uint32_t cpu = 0; cpu < stage->problem.n_cpus; cpu++) {
			if (!may_serve(stage, irq, cpu))
				lump.may &= ~(1u << cpu);
		}
	}
	oracle->lumps[oracle->n++] = lump;
}

static bool is_first_of_group(const struct stage *stage, size_t at, const bool *is_free)
{
	for (size_t i = 0; i < at; i++) {
		if (is_free[i] && stage->irqs[at].group &&
		    stage->irqs[i].group == stage->irqs[at].group)
			return false;
	}
	return true;
}

static int compare_lumps(const void *a, const void *b)
{
	const struct lump *x = a, *y = b;

	return (x->load < y->load) - (x->load > y->load);
}

static void set_cpus(struct oracle *oracle)
{
	const struct stage *stage = oracle->stage;

	for (uint32_t i = 0; i < stage->problem.n_cpus; i++) {
		const struct balance_cpu *cpu = &stage->cpus[i];
		uint32_t core = i;

		while (core > 0 && stage->cpus[core - 1].core == cpu->core)
			core--;
		oracle->core_of[i] = core;
		oracle->threads[core]++;
		oracle->core_capacity[core] =
			cpu->capacity * (1 + BALANCE_THREAD_GAIN * (oracle->threads[core] - 1));
		oracle->own[i] += cpu->base;
		oracle->core[core] += cpu->base;
		oracle->slots[i] = cpu->room;
	}
}

static struct oracle oracle_of(const struct stage *stage, double best)
{
	struct oracle oracle = {.stage = stage, .best = best};
	bool is_free[IRQS_MAX] = {false};

	set_cpus(&oracle);
	for (size_t i = 0; i < stage->problem.n_irqs; i++) {
		const struct balance_irq *irq = &stage->irqs[i];
		bool is_served = irq->at != BALANCE_NOWHERE;

		for (uint32_t cpu = 0; cpu < stage->problem.n_cpus; cpu++)
			is_free[i] |= may_serve(stage, irq, cpu);
		if (irq->load <= 0 && (!is_served || may_serve(stage, irq, irq->at)))
			is_free[i] = false;
		if (is_served && is_free[i] && oracle.slots[irq->at] != BALANCE_NO_LIMIT)
			oracle.slots[irq->at]++;
		if (is_served && !is_free[i]) {
			oracle.own[irq->at] += irq->load;
			oracle.core[oracle.core_of[irq->at]] += irq->load;
		}
	}
	for (size_t i = 0; i < stage->problem.n_irqs; i++) {
		if (is_free[i] && is_first_of_group(stage, i, is_free))
			add_lump(&oracle, i, is_free);
	}
	qsort(oracle.lumps, oracle.n, sizeof(*oracle.lumps), compare_lumps);
	for (uint32_t i = oracle.n; i-- > 0;)
		oracle.rest[i] = oracle.rest[i + 1] + oracle.lumps[i].load;
	return oracle;
}

/* No CPU before it is in the same state and serves the same lumps. */
static bool is_news(const struct oracle *oracle, uint32_t cpu, uint32_t lump)
{
	for (uint32_t i = 0; i < cpu; i++) {
		bool is_same = oracle->threads[oracle->core_of[i]] == 1 &&
			       oracle->threads[oracle->core_of[cpu]] == 1 &&
			       fabs(oracle->own[i] - oracle->own[cpu]) < 1e-12 &&
			       fabs(oracle->stage->cpus[i].capacity -
				    oracle->stage->cpus[cpu].capacity) < 1e-12 &&
			       oracle->slots[i] == oracle->slots[cpu];

		for (uint32_t j = lump; j < oracle->n && is_same; j++)
			is_same = (oracle->lumps[j].may >> i & 1) ==
				  (oracle->lumps[j].may >> cpu & 1);
		if (is_same)
			return false;
	}
	return true;
}

static bool is_room(const struct oracle *oracle, uint32_t lump)
{
	double room = 0;

	for (uint32_t i = 0; i < oracle->stage->problem.n_cpus; i++) {
		if (!oracle->stage->cpus[i].closed)
			room += fmax(0, oracle->best * oracle->stage->cpus[i].capacity -
						oracle->own[i]);
	}
	return room > oracle->rest[lump] - 1e-9;
}

static void try_all(struct oracle *oracle, uint32_t at, double highest)
{
	const struct lump *lump = &oracle->lumps[at];

	if (highest >= oracle->best - 1e-9 || !is_room(oracle, at))
		return;
	if (at == oracle->n) {
		oracle->best = highest;
		oracle->is_found = true;
		return;
	}
	for (uint32_t cpu = 0; cpu < oracle->stage->problem.n_cpus; cpu++) {
		uint32_t core = oracle->core_of[cpu];
		double own = oracle->own[cpu], on_core = oracle->core[core], fill;

		if (!(lump->may >> cpu & 1) || oracle->slots[cpu] < lump->n ||
		    !is_news(oracle, cpu, at))
			continue;
		fill = fmax((own + lump->load) / oracle->stage->cpus[cpu].capacity,
			    (on_core + lump->load) / oracle->core_capacity[core]);
		oracle->own[cpu] += lump->load;
		oracle->core[core] += lump->load;
		oracle->slots[cpu] -= lump->n;
		try_all(oracle, at + 1, fmax(highest, fill));
		oracle->slots[cpu] += lump->n;
		oracle->own[cpu] = own;
		oracle->core[core] = on_core;
	}
}

/* The lowest highest fill; `known` if there is none below. */
static double solve(const struct stage *stage, double known, bool *ret_found)
{
	struct oracle oracle = oracle_of(stage, known);
	double highest = 0;

	for (uint32_t i = 0; i < stage->problem.n_cpus; i++) {
		if (!stage->cpus[i].closed)
			highest = fmax(highest,
				       fmax(oracle.own[i] / stage->cpus[i].capacity,
					    oracle.core[oracle.core_of[i]] /
						    oracle.core_capacity[oracle.core_of[i]]));
	}
	try_all(&oracle, 0, highest);
	*ret_found = oracle.is_found;
	return oracle.best;
}

/* Whether everything that can be served is where it may be; groups are together. */
static bool is_all_placed(const struct stage *stage)
{
	for (size_t i = 0; i < stage->problem.n_irqs; i++) {
		const struct balance_irq *irq = &stage->irqs[i];
		uint32_t at = stage->plan.at[i];
		bool can_be = false;

		for (uint32_t cpu = 0; cpu < stage->problem.n_cpus; cpu++)
			can_be |= may_serve(stage, irq, cpu);
		if (!can_be || (irq->load <= 0 && irq->at == BALANCE_NOWHERE))
			continue;
		if (at == BALANCE_NOWHERE || !may_serve(stage, irq, at))
			return false;
		for (size_t j = 0; j < i; j++) {
			if (irq->group && stage->irqs[j].group == irq->group && irq->load > 0 &&
			    stage->irqs[j].load > 0 && stage->plan.at[j] != at)
				return false;
		}
	}
	return true;
}

static void check_slots(const struct stage *stage)
{
	for (uint32_t cpu = 0; cpu < stage->problem.n_cpus; cpu++) {
		uint64_t before = 0, after = 0;

		for (size_t i = 0; i < stage->problem.n_irqs; i++) {
			before += stage->irqs[i].at == cpu;
			after += stage->plan.at[i] == cpu;
		}
		assert_true(after <= before + stage->cpus[cpu].room);
	}
}

/* What the plan says of itself, from its moves. */
static void check_figures(const struct stage *stage)
{
	const struct balance_plan *plan = &stage->plan;
	uint32_t at[IRQS_MAX];

	for (size_t i = 0; i < stage->problem.n_irqs; i++)
		at[i] = stage->irqs[i].at;
	assert_true(fabs(plan->before.max - max_at(stage, at)) < 1e-6);
	for (size_t i = 0; i < plan->n_moves; i++) {
		const struct balance_move *move = &plan->moves[i];

		assert_int_equal(at[move->irq], move->from);
		assert_true(may_serve(stage, &stage->irqs[move->irq], move->to));
		assert_true(move->reason && move->reason[0]);
		at[move->irq] = move->to;
	}
	assert_memory_equal(at, plan->at, stage->problem.n_irqs * sizeof(*at));
	assert_true(fabs(plan->after.max - max_at(stage, at)) < 1e-6);
	assert_true(plan->after.bound <= plan->after.max + 1e-6);
	for (size_t i = 0; i < plan->n_moves; i++) {
		const struct balance_move *move = &plan->moves[i];

		assert_true(fabs(move->to_fill - fill_at(stage, at, move->to)) < 1e-6);
	}
}

struct tally {
	uint32_t n, n_unplaced, n_missed, n_bound_wrong;
	double sum, worst, bound_sum;
	uint64_t worst_seed, moves;
};

static void judge(uint64_t seed, double slack, struct tally *tally)
{
	struct stage stage = draw_machine(seed);
	double exact, ratio;
	bool is_found;

	stage.problem.slack = slack;
	plan_stage(&stage);
	check_slots(&stage);
	check_figures(&stage);
	tally->moves += stage.plan.n_moves;
	if (!is_all_placed(&stage)) {
		solve(&stage, INFINITY, &is_found);
		tally->n_unplaced++;
		tally->n_missed += is_found;
		stage_done(&stage);
		return;
	}
	exact = solve(&stage, stage.plan.after.max, &is_found);
	ratio = exact > 1e-9 ? stage.plan.after.max / exact : 1;
	tally->n++;
	tally->sum += ratio;
	tally->bound_sum += exact > 1e-9 ? stage.plan.after.bound / exact : 1;
	tally->n_bound_wrong += stage.plan.after.bound > exact + 1e-6;
	if (ratio > tally->worst) {
		tally->worst = ratio;
		tally->worst_seed = seed;
	}
	stage_done(&stage);
}

static void judge_all(double slack, double worst, double mean)
{
	struct tally tally = {0};

	for (uint64_t seed = 1; seed <= N_MACHINES; seed++)
		judge(seed * 7919, slack, &tally);
	print_message(
		"# slack %.2f, %u machines: highest fill %.4f of the optimum in the mean, %.4f "
		"at worst (seed %llu); bound %.4f of the optimum; %u without room for all, %u of "
		"them wrongly; %.2f moves "
		"each\n",
		slack, tally.n, tally.sum / tally.n, tally.worst,
		(unsigned long long)tally.worst_seed, tally.bound_sum / tally.n, tally.n_unplaced,
		tally.n_missed, (double)tally.moves / N_MACHINES);
	assert_true(tally.n > N_MACHINES * 8 / 10);
	assert_int_equal(tally.n_bound_wrong, 0);
	assert_int_equal(tally.n_missed, 0);
	assert_true(tally.worst <= worst);
	assert_true(tally.sum / tally.n <= mean);
}

/* Of the slack, and of the moves that it saves, no more than is meant to be used. */
static void test_optimum(void **state)
{
	(void)state;
	judge_all(0, 1.05, 1.002);
	judge_all(0.01, 1.05, 1.005);
}

/* All moves are done. */
static void take_place(struct stage *stage)
{
	for (size_t i = 0; i < stage->problem.n_irqs; i++) {
		struct balance_irq *irq = &stage->irqs[i];
		uint32_t to = stage->plan.at[i];

		if (irq->at == to)
			continue;
		if (irq->at != BALANCE_NOWHERE && stage->cpus[irq->at].room != BALANCE_NO_LIMIT)
			stage->cpus[irq->at].room++;
		if (stage->cpus[to].room != BALANCE_NO_LIMIT)
			stage->cpus[to].room--;
		irq->at = to;
	}
}

/* A second plan on top of the first has nothing to do. */
static void test_settles(void **state)
{
	uint32_t n_restless = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= N_MACHINES / 5; seed++) {
		struct stage stage = draw_machine(seed * 104729);

		plan_stage(&stage);
		take_place(&stage);
		plan_stage(&stage);
		n_restless += stage.plan.n_moves > 0 &&
			      stage.plan.before.max <= stage.plan.after.max + 1e-9;
		stage_done(&stage);
	}
	print_message("# %u of %u machines moved again for nothing\n", n_restless, N_MACHINES / 5);
	assert_true(n_restless <= N_MACHINES / 500);
}

/* The same machine with its interrupts in another order of the array. */
static void test_order(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= N_MACHINES / 10; seed++) {
		struct stage one = draw_machine(seed * 15485863),
			     other = draw_machine(seed * 15485863);
		size_t n = one.problem.n_irqs;

		for (size_t i = 0; i < n / 2; i++) {
			struct balance_irq irq = other.irqs[i];

			other.irqs[i] = other.irqs[n - 1 - i];
			other.irqs[n - 1 - i] = irq;
		}
		plan_stage(&one);
		plan_stage(&other);
		assert_int_equal(one.plan.n_moves, other.plan.n_moves);
		for (size_t i = 0; i < one.plan.n_moves; i++) {
			assert_int_equal(one.plan.moves[i].irq, n - 1 - other.plan.moves[i].irq);
			assert_int_equal(one.plan.moves[i].to, other.plan.moves[i].to);
			assert_string_equal(one.plan.moves[i].reason, other.plan.moves[i].reason);
		}
		stage_done(&one);
		stage_done(&other);
	}
}

static bool is_forced(const struct stage *stage)
{
	for (size_t i = 0; i < stage->problem.n_irqs; i++) {
		const struct balance_irq *irq = &stage->irqs[i];

		if (irq->at == BALANCE_NOWHERE || !may_serve(stage, irq, irq->at))
			return true;
		/* pairs that are brought together are no choice either */
		if (irq->group && i > 0 && irq[-1].group == irq->group && irq[-1].at != irq->at)
			return true;
	}
	return false;
}

/* However few moves are allowed, they do no harm. */
static void test_budgets(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= N_MACHINES / 10; seed++) {
		struct stage stage = draw_machine(seed * 7919);

		for (size_t budget = 0; budget < 8 && !is_forced(&stage); budget++) {
			stage.problem.budget = budget;
			plan_stage(&stage);
			assert_true(stage.plan.n_moves <= budget);
			assert_true(stage.plan.after.max <= stage.plan.before.max * 1.01 + 1e-6);
		}
		stage_done(&stage);
	}
}

/* Two threads in each core, with a score that knows nothing of cores. */
static void test_plain_score(void **state)
{
	double sum = 0, worst = 0;
	uint32_t n = N_MACHINES / 10;

	(void)state;
	for (uint64_t seed = 1; seed <= n; seed++) {
		struct random random = {seed};
		struct stage stage = stage_of(1, 2 + draw(&random, 2), 2, IRQS_MAX);
		double highest, exact;
		bool is_found;

		for (int i = 0; i < 12; i++)
			add_irq(&stage, draw_between(&random, 0.05, 0.4), 0);
		plan_stage(&stage);
		/* the same CPUs, each a core of its own */
		for (size_t i = 0; i < stage.problem.n_cpus; i++)
			stage.cpus[i].core = (int32_t)i;
		highest = max_at(&stage, stage.plan.at);
		exact = solve(&stage, highest, &is_found);
		sum += highest / exact;
		worst = fmax(worst, highest / exact);
		stage_done(&stage);
	}
	print_message("# threads: highest load %.4f of the optimum in the mean, %.4f at worst\n",
		      sum / n, worst);
	assert_true(sum / n <= 1.03);
	assert_true(worst <= 1.2);
}

/* From 8 to 64 CPUs, against the bound; and then with loads that are a little different. */
static void test_larger(void **state)
{
	double sum = 0, worst = 0, remote = 0;
	uint64_t moves = 0, again = 0, n_irqs = 0;
	uint32_t n = N_MACHINES / 100;

	(void)state;
	for (uint64_t seed = 1; seed <= n; seed++) {
		struct random random = {seed};
		uint32_t nodes = 1 + draw(&random, 2), cores = 8 * (1 + draw(&random, 4));
		uint32_t n_cpus = nodes * cores, n_all = n_cpus * (3 + draw(&random, 5));
		struct stage stage = stage_of(nodes, cores, 1, n_all);
		double ratio;

		for (uint32_t i = 0; i < n_all; i++)
			add_irq(&stage, draw_between(&random, 0.01, 0.3), draw(&random, n_cpus))
				->node = (int32_t)draw(&random, nodes);
		plan_stage(&stage);
		ratio = stage.plan.after.max / stage.plan.after.bound;
		sum += ratio;
		worst = fmax(worst, ratio);
		moves += stage.plan.n_moves;
		remote += stage.plan.after.remote / n;
		n_irqs += n_all;
		for (uint32_t i = 0; i < n_all; i++) {
			stage.irqs[i].at = stage.plan.at[i];
			stage.irqs[i].load *= draw_between(&random, 0.999, 1.001);
		}
		plan_stage(&stage);
		again += stage.plan.n_moves;
		stage_done(&stage);
	}
	print_message("# larger: highest fill %.4f of the bound in the mean, %.4f at worst; %.3f "
		      "moves for an interrupt, then %.3f; %.3f of the load is remote\n",
		      sum / n, worst, (double)moves / (double)n_irqs,
		      (double)again / (double)n_irqs, remote);
	assert_true(sum / n <= 1.02);
	assert_true(worst <= 1.025);
	assert_true((double)moves <= 0.48 * (double)n_irqs);
	assert_true(again * 20 <= n_irqs);
	assert_true(remote <= 0.06);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_optimum),     cmocka_unit_test(test_settles),
		cmocka_unit_test(test_order),       cmocka_unit_test(test_budgets),
		cmocka_unit_test(test_plain_score), cmocka_unit_test(test_larger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
