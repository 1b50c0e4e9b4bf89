/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as two netlink dumps: the first two bytes say where the first ends. */
#include "fuzz.h"

#include <string.h>

#include "base/macros.h"
#include "parse/netdev.h"

static bool is_before(const struct netdev_queue *a, const struct netdev_queue *b)
{
	if (a->irq != b->irq)
		return a->irq < b->irq;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex;
	return a->index <= b->index;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ struct netdev_queue *queues = NULL;
	/* netlink messages are aligned, which the bytes of the fuzzer behind two others are not */
	_cleanup_free_ char *first = NULL;
	_cleanup_free_ char *second = NULL;
	size_t cut, rest, n = 0;

	if (size < 2)
		return 0;
	cut = (size_t)(data[0] | data[1] << 8) % (size - 1);
	rest = size - 2 - cut;
	first = malloc(cut + 1);
	second = malloc(rest + 1);
	CHECK(first && second);
	memcpy(first, data + 2, cut);
	memcpy(second, data + 2 + cut, rest);
	if (netdev_queues_parse(first, cut, second, rest, &queues, &n) < 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		CHECK(queues[i].rx || queues[i].tx);
		CHECK(i == 0 || is_before(&queues[i - 1], &queues[i]));
	}
	return 0;
}
