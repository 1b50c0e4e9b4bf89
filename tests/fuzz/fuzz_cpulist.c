/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a list and as a mask: what was read is written and read again as the same set. */
#include "fuzz.h"

#include "base/macros.h"
#include "parse/cpulist.h"

static void check_round_trip(const struct cpuset *set)
{
	_cleanup_(cpuset_done) struct cpuset again = {0};
	_cleanup_(buf_done) struct buf text = {0};

	CHECK(cpuset_format(set, &text) == 0);
	CHECK(cpulist_parse(buf_text(&text), text.len, &again) == 0);
	CHECK(cpuset_equal(set, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(cpuset_done) struct cpuset list = {0};
	_cleanup_(cpuset_done) struct cpuset mask = {0};

	if (cpulist_parse((const char *)data, size, &list) == 0)
		check_round_trip(&list);
	if (cpumask_parse((const char *)data, size, &mask) == 0)
		check_round_trip(&mask);
	return 0;
}
