/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/netdev.h"

#include <errno.h>

#include "config.h"

#if HAVE_LIBMNL

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "parse/netlink.h"

/* include/uapi/linux/netdev.h: NETDEV_A_QUEUE_*, NETDEV_A_NAPI_*, enum netdev_queue_type */
enum {
	QUEUE_ID = 1,
	QUEUE_IFINDEX = 2,
	QUEUE_TYPE = 3,
	QUEUE_NAPI_ID = 4,
	NAPI_IFINDEX = 1,
	NAPI_ID = 2,
	NAPI_IRQ = 3,
	ATTRIBUTES = 5,
	TYPE_RX = 0,
	TYPE_TX = 1,
};

struct napi {
	uint32_t id, ifindex, irq;
};

struct napis {
	struct napi *items;
	size_t n, cap;
};

struct queues {
	const struct napis *napis;
	struct netdev_queue *items;
	size_t n, cap;
};

/* The 32-bit attributes of one message, by number. */
struct attributes {
	uint32_t value[ATTRIBUTES];
	bool has[ATTRIBUTES];
};

static void read_attributes(const struct nlmsghdr *message, struct attributes *ret)
{
	const struct nlattr *attr = netlink_first(message);

	*ret = (struct attributes){0};
	for (; netlink_fits(attr, message); attr = mnl_attr_next(attr)) {
		uint16_t type = mnl_attr_get_type(attr);

		if (type >= ATTRIBUTES || mnl_attr_get_payload_len(attr) != sizeof(uint32_t))
			continue;
		ret->value[type] = mnl_attr_get_u32(attr);
		ret->has[type] = true;
	}
}

static int add_napi(void *ctx, const struct nlmsghdr *message)
{
	struct napis *napis = ctx;
	struct attributes from;
	int r;

	read_attributes(message, &from);
	if (!from.has[NAPI_ID] || !from.has[NAPI_IRQ] || !from.value[NAPI_IRQ] ||
	    from.value[NAPI_IRQ] > INT32_MAX)
		return 0;
	r = ARRAY_RESERVE(napis->items, napis->n + 1, napis->cap);
	if (r < 0)
		return r;
	napis->items[napis->n++] = (struct napi){
		.id = from.value[NAPI_ID],
		.ifindex = from.value[NAPI_IFINDEX],
		.irq = from.value[NAPI_IRQ],
	};
	return 0;
}

static int compare_napi(const void *a, const void *b)
{
	const struct napi *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int add_queue(void *ctx, const struct nlmsghdr *message)
{
	struct queues *queues = ctx;
	struct napi key, *napi = NULL;
	struct attributes from;
	int r;

	read_attributes(message, &from);
	key = (struct napi){.id = from.value[QUEUE_NAPI_ID]};
	if (!from.has[QUEUE_NAPI_ID] || !from.has[QUEUE_ID] || !from.has[QUEUE_IFINDEX] ||
	    !from.has[QUEUE_TYPE] || from.value[QUEUE_TYPE] > TYPE_TX)
		return 0;
	if (queues->napis->n)
		napi = bsearch(&key, queues->napis->items, queues->napis->n, sizeof(*napi),
			       compare_napi);
	if (!napi || napi->ifindex != from.value[QUEUE_IFINDEX])
		return 0;
	r = ARRAY_RESERVE(queues->items, queues->n + 1, queues->cap);
	if (r < 0)
		return r;
	queues->items[queues->n++] = (struct netdev_queue){
		.irq = (int32_t)napi->irq,
		.ifindex = napi->ifindex,
		.index = from.value[QUEUE_ID],
		.rx = from.value[QUEUE_TYPE] == TYPE_RX,
		.tx = from.value[QUEUE_TYPE] == TYPE_TX,
	};
	return 0;
}

static int compare_queue(const void *a, const void *b)
{
	const struct netdev_queue *x = a, *y = b;

	if (x->irq != y->irq)
		return x->irq < y->irq ? -1 : 1;
	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* Sorts, and makes one of the rx and the tx queue that share index and interrupt. */
static void merge_pairs(struct queues *queues)
{
	struct netdev_queue *items = queues->items;
	size_t n = 0;

	if (!queues->n)
		return;
	qsort(items, queues->n, sizeof(*items), compare_queue);
	for (size_t i = 1; i < queues->n; i++) {
		if (compare_queue(&items[n], &items[i]) == 0) {
			items[n].rx |= items[i].rx;
			items[n].tx |= items[i].tx;
		} else {
			items[++n] = items[i];
		}
	}
	queues->n = n + 1;
}

int netdev_queues_parse(const void *queues, size_t queues_len, const void *napis, size_t napis_len,
			struct netdev_queue **ret_queues, size_t *ret_n)
{
	struct napis known = {0};
	struct queues joined = {.napis = &known};
	int r = netlink_for_each(napis, napis_len, NETDEV_COMMAND_NAPI_GET, add_napi, &known);

	if (known.n)
		qsort(known.items, known.n, sizeof(*known.items), compare_napi);
	if (r == 0)
		r = netlink_for_each(queues, queues_len, NETDEV_COMMAND_QUEUE_GET, add_queue,
				     &joined);
	free(known.items);
	if (r < 0) {
		free(joined.items);
		return r;
	}
	merge_pairs(&joined);
	*ret_queues = joined.items;
	*ret_n = joined.n;
	return 0;
}

#else

int netdev_queues_parse(const void *queues, size_t queues_len, const void *napis, size_t napis_len,
			struct netdev_queue **ret_queues, size_t *ret_n)
{
	(void)queues;
	(void)queues_len;
	(void)napis;
	(void)napis_len;
	(void)ret_queues;
	(void)ret_n;
	return -ENOSYS;
}

#endif
