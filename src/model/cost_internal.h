/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the costs share. */
#pragma once

#include "model/cost.h"

/* Place 0 of the matrix is the background. */
struct cost_cpu {
	uint32_t *slots; /* its interrupts; place i of the matrix is slots[i - 1] */
	size_t n, cap;
	float *matrix; /* covariances of the first `joint` places, row by row, `stride` apart */
	size_t joint, stride;
	float background; /* in CPUs */
	bool learned;
	bool settled; /* serves what it did at the last equation, and that was no surprise */
};

struct cost_group {
	double time, events; /* of all its slots, fading */
};
