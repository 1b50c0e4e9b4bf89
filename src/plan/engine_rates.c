/* SPDX-License-Identifier: BSD-2-Clause */
/* How often interrupts come, and when they begin to come at another rate. */
#include <math.h>

#include "model/rates.h"
#include "plan/engine_internal.h"

#define STEADY_SAMPLES 16   /* a steady rate is the mean of so many samples, at most */
#define RATE_JUMP      4.0  /* standard deviations that no steady rate is off by */
#define RATE_SLACK     0.15 /* and what is no jump either, as a part of the rate */
#define UNSETTLED      2.0  /* so many times the rate before, or less, is another kind of work */
#define REST_SECONDS   30.0 /* an interrupt that did not come for so long is idle */
#define AGAIN_SECONDS  60.0
#define REGIME_SAMPLES 3 /* steady samples that make a rate worth remembering */

/*
 * The rate of an interrupt: the mean of many samples while it is steady, the last one otherwise.
 * True where it is steady no more.
 */
static bool learn_rate(struct engine_rate *rate, double seen)
{
	double off = seen - rate->rate, part;

	if (rate->steady < 1 ||
	    fabs(off) > RATE_JUMP * sqrt((double)rate->variance) + RATE_SLACK * rate->rate) {
		double doubt = 0.1 * seen;

		rate->variance = (float)(doubt * doubt);
		rate->rate = seen;
		rate->steady = 1;
		return true;
	}
	if (rate->steady < STEADY_SAMPLES)
		rate->steady++;
	part = 1 / rate->steady;
	rate->rate += part * off;
	rate->variance += (float)(part * (off * off - (double)rate->variance));
	return false;
}

static bool is_near(const struct engine_regime *regime, double rate)
{
	return regime->rate > 0 &&
	       fabs(rate - (double)regime->rate) <= RATE_SLACK * (double)regime->rate;
}

/* Whether it came at this rate before; puts that first. */
static bool find_regime(struct engine_regime *regimes, double rate)
{
	struct engine_regime other = regimes[0];

	if (is_near(&regimes[0], rate))
		return true;
	if (!is_near(&regimes[1], rate))
		return false;
	regimes[0] = regimes[1];
	regimes[1] = other;
	return true;
}

static void remember_regime(struct engine_regime *regimes, double rate, float cost)
{
	if (!find_regime(regimes, rate))
		regimes[1] = regimes[0];
	regimes[0] = (struct engine_regime){(float)rate, cost};
}

/*
 * One that comes far more often, or less, may do another kind of work: at another cost. Loads that
 * go to and fro between two kinds are known again at once.
 */
static void learn_change(struct engine *engine, uint32_t index, double seen)
{
	struct engine_rate *rate = &engine->rates[index];
	struct cost_slot *slot = &engine->costs.slots[index];
	double before = rate->rate, steady = (double)rate->steady;

	if (!learn_rate(rate, seen))
		return;
	rate->changed_s = (float)engine->time_s;
	if (steady >= REGIME_SAMPLES && slot->known)
		remember_regime(rate->regimes, before, slot->cost);
	if (find_regime(rate->regimes, seen))
		slot->cost = rate->regimes[0].cost;
	else if (seen > UNSETTLED * before || before > UNSETTLED * seen)
		costs_unsettle(&engine->costs, index);
}

int engine_learn_rates(struct engine *engine, const struct sample *sample, double seconds)
{
	const float fade = (float)exp(-seconds / AGAIN_SECONDS);
	int r = 0;

	for (uint32_t i = 0; i < engine->n_irqs && r == 0; i++) {
		struct engine_rate *rate = &engine->rates[i];
		size_t irq = (size_t)engine->irqs[i].irq;
		uint32_t now = irq < sample->n_counts ? (uint32_t)sample->counts[irq] : 0;
		uint32_t before = engine->last_counts[i];
		double events = (double)rates_delta(before, now, seconds);

		engine->last_counts[i] = now;
		/* a counter that began again tells nothing of this interval, nor one that leapt */
		if ((now < before && events == (double)now) || events > RATES_MAX * seconds)
			events = rate->rate * seconds;
		engine->events[i] = events;
		if (events > 0) {
			rate->idle_s = 0;
			rate->busy = true;
			r = costs_place(&engine->costs, i, engine->irqs[i].cpu);
		} else if (rate->busy) {
			rate->idle_s += (float)seconds;
			if (rate->idle_s > REST_SECONDS) {
				rate->busy = false;
				costs_rest(&engine->costs, i);
			}
		}
		rate->moved *= fade;
		if (rate->busy)
			learn_change(engine, i, events / seconds);
	}
	return r;
}

bool engine_is_changed(const struct engine *engine, uint32_t irq)
{
	float changed_s = engine->rates[irq].changed_s;

	return changed_s > 0 && engine->time_s < (double)changed_s + ENGINE_SETTLED_AFTER;
}
