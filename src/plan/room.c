/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/room.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"

int room_count(const struct irq_facts *irqs, size_t n, const struct cpuset *online, uint32_t limit,
	       struct cpuset *room)
{
	size_t n_cpus = online->n_words * 64;
	_cleanup_free_ uint32_t *served = calloc(n_cpus + 1, sizeof(*served));
	_cleanup_(cpuset_done) struct cpuset found = {0};
	int r = served ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && r == 0; i++) {
		cpuset_foreach (cpu, &irqs[i].effective) {
			if ((size_t)cpu < n_cpus && irqs[i].has_effective)
				served[cpu]++;
		}
	}
	for (size_t cpu = 0; cpu < n_cpus && r == 0; cpu++) {
		if (cpuset_has(online, (uint32_t)cpu) && served[cpu] < limit)
			r = cpuset_add(&found, (uint32_t)cpu);
	}
	return r < 0 ? r : cpuset_copy(room, &found);
}
