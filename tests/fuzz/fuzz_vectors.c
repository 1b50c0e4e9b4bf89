/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as the kernel's tables of vectors and of Unix sockets, and as irqbalance's answer. */
#include "fuzz.h"

#include "base/macros.h"
#include "parse/irqbalance.h"
#include "parse/unix_sockets.h"
#include "parse/vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(irqbalance_setup_done) struct irqbalance_setup setup = {0};
	_cleanup_(cpuset_done) struct cpuset room = {0};
	const char *text = (const char *)data;

	if (vectors_parse_room(text, size, &room) == 0)
		CHECK(cpuset_count(&room) <= CPUSET_MAX);
	else
		CHECK(!room.words);
	if (irqbalance_setup_parse(text, size, &setup) < 0)
		CHECK(!setup.banned && !setup.n);
	for (size_t i = 0; i < setup.n; i++)
		CHECK(setup.banned[i] >= 0);
	CHECK(unix_sockets_waiting(text, size, "/run/a.sock") <= size);
	return 0;
}
