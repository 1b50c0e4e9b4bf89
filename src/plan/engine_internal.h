/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the engine share. */
#pragma once

#include "plan/engine.h"

/* How often an interrupt comes. */
struct engine_rate {
	double rate, variance; /* events a second; variance of one sample's rate */
	double idle_s;
	float moved;  /* moves of late, fading */
	float steady; /* samples behind `rate` */
	bool busy;
};

/* How many CPUs had no time left in the last sample. */
size_t engine_full_count(const struct engine *engine);
/* How many interrupts came lately. */
size_t engine_busy_count(const struct engine *engine);
