/* SPDX-License-Identifier: BSD-2-Clause */
/* NIC queues as the kernel tells them; most drivers and older kernels do not, and that is normal.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/number.h"
#include "parse/netdev.h"
#include "snapshot/internal.h"

/* Gives the queues of interface `ifindex` their name. */
static void name_queues(struct snapshot *snapshot, uint64_t ifindex, const char *name)
{
	for (size_t i = 0; i < snapshot->n_queues; i++) {
		if (snapshot->queues[i].ifindex == ifindex)
			snapshot->queues[i].interface = name;
	}
}

static int read_names(struct device_reader *reader)
{
	struct reading *reading = reader->reading;
	struct snapshot *snapshot = reading->snapshot;
	_cleanup_(strv_done) struct strv names = {0};
	int r = source_list(reading->source, "sys/class/net", &names);

	for (size_t i = 0; r == 0 && i < names.n; i++) {
		uint64_t ifindex;
		const char *name;

		r = reading_enter(reading, "sys/class/net", names.items[i]);
		if (r < 0)
			break;
		if (reading_read(reading, "ifindex") < 0 ||
		    number_parse(buf_text(&reading->bytes), UINT32_MAX, &ifindex) < 0)
			continue;
		name = arena_strdup(&snapshot->strings, names.items[i]);
		if (!name)
			return -ENOMEM;
		name_queues(snapshot, ifindex, name);
	}
	return r == -ENOMEM ? r : 0;
}

static int add_queues(struct snapshot *snapshot, const struct netdev_queue *queues, size_t n)
{
	int r = ARRAY_RESERVE(snapshot->queues, n, snapshot->cap_queues);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		snapshot->queues[i] = (struct nic_queue){
			.irq = queues[i].irq,
			.ifindex = queues[i].ifindex,
			.index = queues[i].index,
			.rx = queues[i].rx,
			.tx = queues[i].tx,
		};
	}
	snapshot->n_queues = n;
	return 0;
}

int devices_read_queues(struct device_reader *reader)
{
	struct reading *reading = reader->reading;
	_cleanup_(buf_done) struct buf napis = {0}, queues = {0};
	_cleanup_free_ struct netdev_queue *items = NULL;
	size_t n = 0;
	int r = source_read(reading->source, "netlink/netdev/napi-get", &napis);

	if (r == 0 && napis.len)
		r = source_read(reading->source, "netlink/netdev/queue-get", &queues);
	if (r == 0)
		r = netdev_queues_parse(queues.data, queues.len, napis.data, napis.len, &items, &n);
	if (r == 0 && n)
		r = add_queues(reading->snapshot, items, n);
	if (r == 0 && n)
		r = read_names(reader);
	return r == -ENOMEM ? r : 0;
}
