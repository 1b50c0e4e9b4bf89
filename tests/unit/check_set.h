/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of CPUs against the list that it should be. Includes cmocka. */
#pragma once

#include "cmocka_all.h"

#include "base/cpuset.h"
#include "base/macros.h"

static inline void check_set(const struct cpuset *set, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), wanted);
}
