/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording as a scenario: its interrupts, how often each came over time, and what one costs. */
#pragma once

#include "parse/scenario.h"

/* 0, or the exit code after a complaint. Free with scenario_done either way. */
int read_recorded_load(const char *path, struct scenario *ret);
