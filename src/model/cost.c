/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/cost_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"

#define TICK             0.01  /* s: what /proc/stat counts in, USER_HZ */
#define JOINT_MAX        192u  /* interrupts of one CPU whose covariances are kept */
#define DRIFT            0.005 /* relative change of a cost that a second may bring */
#define MODEL_ERROR      0.01  /* part of a CPU's time that no cost explains */
#define GUESS_SPREAD     1.0   /* how far a guessed cost may be off, as part of it */
#define GUESS_FLOOR      0.3   /* part of its CPU's time that any interrupt may have caused, ... */
#define GUESS_FEW        4.0   /* ... where they are so few: each of many causes less */
#define BACKGROUND_DOUBT 0.005 /* in CPUs */
#define SURPRISE         25.0 /* squared residual over its variance: the costs are not what they were */
#define TICK_NOISE_MAX   0.01
#define PROJECTIONS      16
#define HIDDEN_MOST      2.0 /* CPUs */
#define GROUP_SECONDS    3.0 /* time constant of what the interrupts of a group cost on average */

int costs_init(struct costs *costs, size_t n_slots, size_t n_cpus, size_t n_groups)
{
	*costs = (struct costs){
		.slots = calloc(n_slots + 1, sizeof(*costs->slots)),
		.cpus = calloc(n_cpus + 1, sizeof(*costs->cpus)),
		.groups = calloc(n_groups + 1, sizeof(*costs->groups)), /* the last: all of them */
		.n_slots = n_slots,
		.n_cpus = n_cpus,
		.n_groups = n_groups,
	};
	if (!costs->slots || !costs->cpus || !costs->groups)
		return -ENOMEM;
	for (size_t i = 0; i < n_slots; i++)
		costs->slots[i].cpu = costs->slots[i].at = COST_NOWHERE;
	return 0;
}

void costs_done(struct costs *costs)
{
	for (size_t i = 0; costs->cpus && i < costs->n_cpus; i++) {
		free(costs->cpus[i].slots);
		free(costs->cpus[i].matrix);
	}
	free(costs->slots);
	free(costs->cpus);
	free(costs->groups);
	free(costs->scratch);
	*costs = (struct costs){0};
}

static float *cell(const struct cost_cpu *cpu, size_t row, size_t column)
{
	return &cpu->matrix[row * cpu->stride + column];
}

/* Place 0 is the background; a slot is at its place behind that. */
static bool is_joint(const struct cost_cpu *cpu, size_t place)
{
	return place < cpu->joint;
}

static double variance_at(const struct costs *costs, const struct cost_cpu *cpu, size_t place)
{
	if (is_joint(cpu, place))
		return *cell(cpu, place, place);
	return costs->slots[cpu->slots[place - 1]].variance;
}

static void set_variance(struct costs *costs, struct cost_cpu *cpu, size_t place, double variance)
{
	if (is_joint(cpu, place))
		*cell(cpu, place, place) = (float)variance;
	else
		costs->slots[cpu->slots[place - 1]].variance = (float)variance;
}

static int matrix_reserve(struct cost_cpu *cpu, size_t places)
{
	size_t stride = cpu->stride ? cpu->stride : 4;
	float *matrix;

	if (places <= cpu->stride)
		return 0;
	while (stride < places)
		stride *= 2;
	matrix = calloc(stride * stride, sizeof(*matrix));
	if (!matrix)
		return -ENOMEM;
	for (size_t row = 0; row < cpu->joint; row++)
		memcpy(&matrix[row * stride], cell(cpu, row, 0), cpu->joint * sizeof(*matrix));
	free(cpu->matrix);
	cpu->matrix = matrix;
	cpu->stride = stride;
	return 0;
}

/* A new place at the end of the matrix, which knows nothing of the others. */
static void join(struct cost_cpu *cpu, float variance)
{
	size_t place = cpu->joint++;

	for (size_t i = 0; i < place; i++)
		*cell(cpu, place, i) = *cell(cpu, i, place) = 0;
	*cell(cpu, place, place) = variance;
}

static int add_slot(struct costs *costs, struct cost_cpu *cpu, uint32_t index)
{
	struct cost_slot *slot = &costs->slots[index];
	int r = ARRAY_RESERVE(cpu->slots, cpu->n + 1, cpu->cap);

	if (r == 0 && cpu->n + 2 <= JOINT_MAX)
		r = matrix_reserve(cpu, cpu->n + 2);
	if (r < 0)
		return r;
	if (cpu->joint == 0)
		join(cpu, (float)(BACKGROUND_DOUBT * BACKGROUND_DOUBT));
	cpu->slots[cpu->n++] = index;
	slot->at = (uint32_t)cpu->n;
	if (cpu->joint == cpu->n && cpu->n < JOINT_MAX)
		join(cpu, slot->variance);
	return 0;
}

/* The last place of the matrix takes the place of the one that goes. */
static void matrix_remove(struct cost_cpu *cpu, size_t place)
{
	size_t last = cpu->joint - 1;

	for (size_t i = 0; i < cpu->joint && place != last; i++) {
		if (i != place)
			*cell(cpu, place, i) = *cell(cpu, i, place) = *cell(cpu, last, i);
	}
	*cell(cpu, place, place) = *cell(cpu, last, last);
	cpu->joint = last;
}

void costs_rest(struct costs *costs, uint32_t index)
{
	struct cost_slot *slot = &costs->slots[index];
	struct cost_cpu *cpu;
	size_t place = slot->at, heir;

	if (slot->at == COST_NOWHERE)
		return;
	cpu = &costs->cpus[slot->cpu];
	cpu->settled = false;
	slot->variance = (float)variance_at(costs, cpu, place);
	if (is_joint(cpu, place)) {
		heir = cpu->joint - 1; /* moves into the hole, and the last of all into its place */
		matrix_remove(cpu, place);
		cpu->slots[place - 1] = cpu->slots[heir - 1];
		costs->slots[cpu->slots[place - 1]].at = (uint32_t)place;
		place = heir;
	}
	cpu->n--;
	if (place - 1 < cpu->n) {
		cpu->slots[place - 1] = cpu->slots[cpu->n];
		costs->slots[cpu->slots[place - 1]].at = (uint32_t)place;
	}
	slot->at = COST_NOWHERE;
	slot->cpu = COST_NOWHERE;
}

void costs_unsettle(struct costs *costs, uint32_t index)
{
	struct cost_slot *slot = &costs->slots[index];

	slot->unsettled = true;
	if (slot->cpu != COST_NOWHERE)
		costs->cpus[slot->cpu].settled = false;
}

int costs_place(struct costs *costs, uint32_t index, uint32_t cpu)
{
	struct cost_slot *slot = &costs->slots[index];
	int r;

	if (slot->cpu == cpu && slot->at != COST_NOWHERE)
		return 0;
	costs_rest(costs, index);
	if (cpu == COST_NOWHERE)
		return 0;
	r = add_slot(costs, &costs->cpus[cpu], index);
	if (r == 0)
		slot->cpu = cpu;
	costs->cpus[cpu].settled = false;
	return r;
}

const uint32_t *costs_served(const struct costs *costs, uint32_t cpu, size_t *ret_n)
{
	*ret_n = costs->cpus[cpu].n;
	return costs->cpus[cpu].slots;
}

double costs_doubt(const struct costs *costs, uint32_t index)
{
	const struct cost_slot *slot = &costs->slots[index];
	double variance = slot->at == COST_NOWHERE
				  ? slot->variance
				  : variance_at(costs, &costs->cpus[slot->cpu], slot->at);

	return sqrt(fmax(variance, 0));
}

double costs_background(const struct costs *costs, uint32_t cpu)
{
	return costs->cpus[cpu].background;
}

double costs_sum_doubt(const struct costs *costs, uint32_t index,
		       double (*rate)(const void *ctx, uint32_t slot), const void *ctx)
{
	const struct cost_cpu *cpu = &costs->cpus[index];
	double sum = 0;

	for (size_t i = 0; i <= cpu->n; i++) {
		double own = i ? rate(ctx, cpu->slots[i - 1]) : 1;

		if (!is_joint(cpu, i)) {
			sum += i ? own * own * variance_at(costs, cpu, i) : 0;
			continue;
		}
		sum += own * own * *cell(cpu, i, i);
		for (size_t k = 0; k < i; k++)
			sum += 2 * own * (k ? rate(ctx, cpu->slots[k - 1]) : 1) * *cell(cpu, i, k);
	}
	return sqrt(fmax(sum, 0));
}

/* One CPU's equation while it is solved; place 0 is the background. */
struct equation {
	struct costs *costs;
	struct cost_cpu *cpu;
	const struct cost_sample *sample;
	size_t n;        /* places */
	double *weight;  /* what each place's cost is multiplied with: events, or seconds */
	double *cost;    /* the solution */
	double *product; /* matrix x weight */
	double busy;     /* s */
	double noise;    /* variance of `busy`, s^2 */
	double residual; /* s */
	double variance; /* of the residual, s^2 */
};

static int equation_init(struct equation *eq)
{
	struct costs *costs = eq->costs;
	struct cost_cpu *cpu = eq->cpu;
	int r;

	eq->n = cpu->n + 1;
	r = ARRAY_RESERVE(costs->scratch, 3 * eq->n, costs->cap_scratch);
	if (r < 0)
		return r;
	eq->weight = costs->scratch;
	eq->cost = eq->weight + eq->n;
	eq->product = eq->cost + eq->n;
	eq->weight[0] = eq->sample->seconds;
	eq->cost[0] = cpu->background;
	for (size_t i = 1; i < eq->n; i++) {
		eq->weight[i] = eq->sample->events[cpu->slots[i - 1]];
		eq->cost[i] = costs->slots[cpu->slots[i - 1]].cost;
	}
	return 0;
}

static void equation_noise(struct equation *eq, double blur)
{
	double seconds = eq->sample->seconds;
	double part = fmin(fmax(eq->busy / seconds, 0), 1);

	/* two fields, each the difference of two values that were rounded down to a tick */
	eq->noise = 2 * TICK * TICK / 6;
	eq->noise += eq->costs->tick_noise * seconds * part * (1 - part);
	eq->noise += MODEL_ERROR * eq->busy * MODEL_ERROR * eq->busy;
	eq->noise += blur * blur;
}

/* product = matrix x weight; the residual and its variance. */
static void equation_residual(struct equation *eq)
{
	const struct cost_cpu *cpu = eq->cpu;

	eq->residual = eq->busy;
	eq->variance = eq->noise;
	for (size_t i = 0; i < eq->n; i++) {
		double sum = 0;

		if (is_joint(cpu, i)) {
			const float *row = cell(cpu, i, 0);

			for (size_t k = 0; k < cpu->joint; k++)
				sum += row[k] * eq->weight[k];
		} else {
			sum = variance_at(eq->costs, cpu, i) * eq->weight[i];
		}
		eq->product[i] = sum;
		eq->residual -= eq->cost[i] * eq->weight[i];
		eq->variance += sum * eq->weight[i];
	}
}

/* The step towards the solution, and what is surer now. */
static void equation_solve(struct equation *eq)
{
	struct cost_cpu *cpu = eq->cpu;

	for (size_t i = 0; i < eq->n; i++)
		eq->cost[i] += eq->product[i] / eq->variance * eq->residual;
	for (size_t i = 0; i < cpu->joint; i++) {
		float *row = cell(cpu, i, 0);

		for (size_t k = 0; k < cpu->joint; k++)
			row[k] -= (float)(eq->product[i] * eq->product[k] / eq->variance);
	}
	for (size_t i = cpu->joint; i < eq->n; i++)
		set_variance(eq->costs, cpu, i,
			     variance_at(eq->costs, cpu, i) -
				     eq->product[i] * eq->product[i] / eq->variance);
}

/* A cost below zero becomes zero, and those that it stood against give the difference back. */
static void equation_project(struct equation *eq)
{
	struct cost_cpu *cpu = eq->cpu;

	for (int pass = 0; pass < PROJECTIONS; pass++) {
		size_t worst = eq->n;
		double below = 0;

		for (size_t i = 0; i < eq->n; i++) {
			if (eq->cost[i] * eq->weight[i] < below) {
				below = eq->cost[i] * eq->weight[i];
				worst = i;
			}
		}
		if (worst == eq->n)
			break;
		if (is_joint(cpu, worst) && *cell(cpu, worst, worst) > 0) {
			double step = -eq->cost[worst] / *cell(cpu, worst, worst);

			for (size_t i = 0; i < cpu->joint; i++)
				eq->cost[i] += step * *cell(cpu, i, worst);
		}
		eq->cost[worst] = 0;
	}
	for (size_t i = 0; i < eq->n; i++)
		eq->cost[i] = fmax(eq->cost[i], 0);
}

/* How far a place's cost may be off when nothing but the CPU's time is known. */
static double open_variance(const struct equation *eq, size_t place)
{
	double spread, floor = 0;

	if (place == 0)
		return BACKGROUND_DOUBT * BACKGROUND_DOUBT;
	spread = GUESS_SPREAD * eq->cost[place];
	if (eq->weight[place] > 0)
		floor = GUESS_FLOOR * eq->busy / eq->weight[place] /
			fmax(1, (double)(eq->n - 1) / GUESS_FEW);
	return spread * spread + floor * floor;
}

/* Costs drift; nothing is ever surer than the tick allows, or less sure than a guess. */
static void equation_age(struct equation *eq)
{
	double seconds = eq->sample->seconds;

	for (size_t i = 0; i < eq->n; i++) {
		double drift = DRIFT * eq->cost[i];
		double now = variance_at(eq->costs, eq->cpu, i), most = open_variance(eq, i);

		if (i == 0)
			drift = BACKGROUND_DOUBT / 100;
		if (now < most)
			now = fmin(fmax(now, 0) + drift * drift * seconds, most);
		set_variance(eq->costs, eq->cpu, i, now);
	}
}

/* What was learned holds no more: all places are as unsure as when they were new. */
static void equation_forget(struct equation *eq)
{
	struct cost_cpu *cpu = eq->cpu;

	for (size_t i = 0; i < cpu->joint; i++)
		memset(cell(cpu, i, 0), 0, cpu->joint * sizeof(float));
	for (size_t i = 0; i < eq->n; i++)
		set_variance(eq->costs, cpu, i, open_variance(eq, i));
}

static double group_cost(const struct costs *costs, uint32_t group)
{
	const struct cost_group *own = &costs->groups[group];
	const struct cost_group *all = &costs->groups[costs->n_groups];

	if (own->events > 0)
		return own->time / own->events;
	return all->events > 0 ? all->time / all->events : 0;
}

/* What was known of one place, and what it had to do with the others, is no more. */
static void open_place(struct equation *eq, size_t place)
{
	struct cost_cpu *cpu = eq->cpu;

	for (size_t i = 0; i < cpu->joint && is_joint(cpu, place); i++)
		*cell(cpu, place, i) = *cell(cpu, i, place) = 0;
	set_variance(eq->costs, cpu, place, open_variance(eq, place));
}

/* Those that are new get the cost that their group has on average. */
static void equation_guess(struct equation *eq)
{
	struct cost_cpu *cpu = eq->cpu;

	for (size_t i = 1; i < eq->n; i++) {
		struct cost_slot *slot = &eq->costs->slots[cpu->slots[i - 1]];

		if ((slot->known && !slot->unsettled) || eq->weight[i] <= 0)
			continue;
		if (!slot->known)
			eq->cost[i] = group_cost(eq->costs, slot->group);
		slot->known = true;
		slot->unsettled = slot->measured = false;
		open_place(eq, i);
	}
}

/*
 * What one costs that was never seen on a CPU with time left: as others of its group do, but it is
 * not believed to ask for more than a few CPUs.
 */
static double hidden_cost(const struct equation *eq, size_t place)
{
	const struct cost_slot *slot = &eq->costs->slots[eq->cpu->slots[place - 1]];

	return slot->measured ? slot->cost
			      : fmin(group_cost(eq->costs, slot->group),
				     HIDDEN_MOST * eq->sample->seconds / eq->weight[place]);
}

/*
 * The CPU was asked for more than it could do, as expected; how much more, nobody knows. It is not
 * so little that the CPU would have time left.
 */
static void equation_doubt(struct equation *eq)
{
	struct cost_cpu *cpu = eq->cpu;
	double sum = 0;

	for (size_t i = 1; i < eq->n; i++)
		sum += eq->weight[i] * hidden_cost(eq, i);
	if (sum <= eq->busy)
		return;
	for (size_t i = 1; i < eq->n; i++) {
		if (eq->weight[i] > 0)
			eq->costs->slots[cpu->slots[i - 1]].cost = (float)hidden_cost(eq, i);
	}
}

static void equation_store(const struct equation *eq, bool is_saturated)
{
	struct cost_cpu *cpu = eq->cpu;

	cpu->background = (float)eq->cost[0];
	for (size_t i = 1; i < eq->n; i++) {
		struct cost_slot *slot = &eq->costs->slots[cpu->slots[i - 1]];

		slot->cost = (float)eq->cost[i];
		slot->measured = slot->measured || (!is_saturated && eq->weight[i] > 0);
	}
}

/* How much the residuals scatter beyond what is expected, where the costs are well known. */
static void learn_tick_noise(struct equation *eq)
{
	double seconds = eq->sample->seconds, part = eq->busy / seconds;
	double scale = seconds * part * (1 - part), seen;

	if (part < 0.05 || part > 0.95 || eq->variance > 4 * eq->noise)
		return;
	seen = (eq->residual * eq->residual - eq->variance) / scale + eq->costs->tick_noise;
	seen = fmin(fmax(seen, 0), TICK_NOISE_MAX);
	eq->costs->tick_noise += 0.02 * (seen - eq->costs->tick_noise);
}

static int learn_cpu(struct costs *costs, const struct cost_sample *sample, size_t index)
{
	struct equation eq = {.costs = costs,
			      .cpu = &costs->cpus[index],
			      .sample = sample,
			      .busy = sample->busy[index]};
	int r;

	if (eq.busy < 0)
		return 0;
	if (!eq.cpu->joint) {
		r = matrix_reserve(eq.cpu, 1);
		if (r < 0)
			return r;
		join(eq.cpu, (float)(BACKGROUND_DOUBT * BACKGROUND_DOUBT));
	}
	r = equation_init(&eq);
	if (r < 0)
		return r;
	equation_guess(&eq);
	equation_age(&eq);
	equation_noise(&eq, sample->blur[index]);
	equation_residual(&eq);
	if (sample->saturated[index] && eq.residual < 0) {
		equation_doubt(&eq);
		return 0;
	}
	if (eq.cpu->learned && eq.residual * eq.residual > SURPRISE * eq.variance) {
		/* once may be an accident, such as a host that took this CPU away */
		if (eq.cpu->settled) {
			eq.cpu->settled = false;
			return 0;
		}
		equation_forget(&eq);
		equation_residual(&eq);
	} else if (eq.cpu->learned) {
		learn_tick_noise(&eq);
	}
	eq.cpu->learned = eq.cpu->settled = true;
	equation_solve(&eq);
	equation_project(&eq);
	equation_store(&eq, sample->saturated[index]);
	return 0;
}

/* What an event costs on average, in each group and in all: the guess for those that are new. */
static void learn_groups(struct costs *costs, const struct cost_sample *sample)
{
	struct cost_group *all = &costs->groups[costs->n_groups];
	double fade = exp(-sample->seconds / GROUP_SECONDS);

	for (size_t i = 0; i <= costs->n_groups; i++) {
		costs->groups[i].time *= fade;
		costs->groups[i].events *= fade;
	}
	for (size_t i = 0; i < costs->n_slots; i++) {
		const struct cost_slot *slot = &costs->slots[i];

		if (!slot->known || slot->at == COST_NOWHERE || sample->events[i] <= 0 ||
		    sample->saturated[slot->cpu])
			continue;
		costs->groups[slot->group].time += slot->cost * sample->events[i];
		costs->groups[slot->group].events += sample->events[i];
		all->time += slot->cost * sample->events[i];
		all->events += sample->events[i];
	}
}

/* Before anything is learned: every event of the machine costs the same. */
static void guess_all(struct costs *costs, const struct cost_sample *sample)
{
	struct cost_group *all = &costs->groups[costs->n_groups];

	if (all->events > 0)
		return;
	for (size_t i = 0; i < costs->n_cpus; i++)
		all->time += fmax(sample->busy[i], 0);
	for (size_t i = 0; i < costs->n_slots; i++) {
		if (costs->slots[i].at != COST_NOWHERE)
			all->events += sample->events[i];
	}
}

int costs_learn(struct costs *costs, const struct cost_sample *sample)
{
	guess_all(costs, sample);
	for (size_t i = 0; i < costs->n_cpus; i++) {
		int r = learn_cpu(costs, sample, i);

		if (r < 0)
			return r;
	}
	learn_groups(costs, sample);
	return 0;
}
