/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as hw.intrs. */
#include "fuzz.h"

#include "base/cpuset.h"
#include "parse/freebsd_intrs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct freebsd_sources sources;

	if (freebsd_intrs_parse((const char *)data, size, &sources) == 0) {
		for (size_t i = 0; i < sources.n; i++) {
			const struct freebsd_source *source = &sources.items[i];

			CHECK(*source->name && source->cpu < CPUSET_MAX);
			CHECK(source->irq >= -1 && source->domain >= -1);
		}
	}
	freebsd_sources_done(&sources);
	return 0;
}
