/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/channels.h"

#include <errno.h>
#include <stdbool.h>

#include "config.h"

#if HAVE_LIBMNL

#include <string.h>

#include "parse/netlink.h"

#define FOUND 1

struct search {
	const char *interface;
	struct channels channels;
};

static bool is_named(const struct nlattr *header, const char *name)
{
	const char *p = mnl_attr_get_payload(header), *end = p + mnl_attr_get_payload_len(header);
	const struct nlattr *attr = (const struct nlattr *)p;
	size_t len = strlen(name);

	for (; mnl_attr_ok(attr, (int)(end - (const char *)attr)); attr = mnl_attr_next(attr)) {
		if (mnl_attr_get_type(attr) == ETHTOOL_HEADER_DEV_NAME)
			return mnl_attr_get_payload_len(attr) == len + 1 &&
			       memcmp(mnl_attr_get_payload(attr), name, len + 1) == 0;
	}
	return false;
}

static int read_message(void *ctx, const struct nlmsghdr *message)
{
	struct search *search = ctx;
	uint32_t values[ETHTOOL_CHANNELS_ATTRIBUTES] = {0};
	const struct nlattr *attr;
	bool found = false;

	for (attr = netlink_first(message); netlink_fits(attr, message);
	     attr = mnl_attr_next(attr)) {
		uint16_t type = mnl_attr_get_type(attr);

		if (type == ETHTOOL_CHANNELS_HEADER)
			found = found || is_named(attr, search->interface);
		else if (type < ETHTOOL_CHANNELS_ATTRIBUTES &&
			 mnl_attr_get_payload_len(attr) == sizeof(uint32_t))
			values[type] = mnl_attr_get_u32(attr);
	}
	if (!found)
		return 0;
	search->channels = (struct channels){
		.rx = values[ETHTOOL_CHANNELS_RX_COUNT],
		.tx = values[ETHTOOL_CHANNELS_TX_COUNT],
		.combined = values[ETHTOOL_CHANNELS_COMBINED_COUNT],
		.rx_max = values[ETHTOOL_CHANNELS_RX_MAX],
		.tx_max = values[ETHTOOL_CHANNELS_TX_MAX],
		.combined_max = values[ETHTOOL_CHANNELS_COMBINED_MAX],
	};
	return FOUND;
}

int channels_find(const void *bytes, size_t len, const char *interface, struct channels *ret)
{
	struct search search = {.interface = interface};

	if (netlink_for_each(bytes, len, ETHTOOL_ANSWER_CHANNELS_GET, read_message, &search) !=
	    FOUND)
		return -ENOENT;
	*ret = search.channels;
	return 0;
}

#else

int channels_find(const void *bytes, size_t len, const char *interface, struct channels *ret)
{
	(void)bytes;
	(void)len;
	(void)interface;
	(void)ret;
	return -ENOSYS;
}

#endif
