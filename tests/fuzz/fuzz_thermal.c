/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as events of the thermal family. */
#include "fuzz.h"

#include <string.h>

#include "base/macros.h"
#include "parse/thermal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* netlink messages are aligned, which the fuzzer's bytes need not be */
	_cleanup_free_ char *bytes = malloc(size + 1);
	_cleanup_(cpuset_done) struct cpuset hot = {0};

	CHECK(bytes);
	memcpy(bytes, data, size);
	CHECK(thermal_update(bytes, size, &hot) == 0);
	CHECK(cpuset_next(&hot, CPUSET_MAX + 1) < 0);
	/* the same once more changes nothing */
	{
		size_t n = cpuset_count(&hot);

		CHECK(thermal_update(bytes, size, &hot) == 0);
		CHECK(cpuset_count(&hot) == n);
	}
	return 0;
}
