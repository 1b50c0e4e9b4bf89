/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an affinity can be set, judged from what can be read: nothing is written to find out. */
#pragma once

#include <stdbool.h>

#include "model/model.h"

/* Linux 6.12 and later take the write bits from smp_affinity where a write would fail. */
struct settable_kernel {
	bool known;
	bool mode_tells;
};

/* From a release such as "6.12.9-amd64"; NULL: not known. */
struct settable_kernel settable_kernel(const char *release);

/* Fills settable and settable_why of an item that has all its other facts. */
void settable_judge(struct interrupt *interrupt, const char *arch, struct settable_kernel kernel);
