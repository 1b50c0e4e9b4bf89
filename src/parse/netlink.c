/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#if HAVE_LIBMNL

#include <linux/genetlink.h>

#include "parse/netlink.h"

static bool is_command(const struct nlmsghdr *message, uint8_t command)
{
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(message);

	return message->nlmsg_type >= NLMSG_MIN_TYPE &&
	       mnl_nlmsg_get_payload_len(message) >= sizeof(*header) && header->cmd == command;
}

/* mnl_nlmsg_ok() takes lengths as signed numbers, and a recording may hold any. */
static bool message_fits(const struct nlmsghdr *message, size_t left)
{
	return left >= sizeof(*message) && message->nlmsg_len >= sizeof(*message) &&
	       message->nlmsg_len <= left;
}

int netlink_for_each(const void *bytes, size_t len, uint8_t command, netlink_message_fn fn,
		     void *ctx)
{
	const char *p = bytes;
	int r = 0;

	while (r == 0 && message_fits((const struct nlmsghdr *)p, len)) {
		const struct nlmsghdr *message = (const struct nlmsghdr *)p;
		size_t step = MNL_ALIGN((size_t)message->nlmsg_len);

		if (is_command(message, command))
			r = fn(ctx, message);
		p += step < len ? step : len;
		len -= step < len ? step : len;
	}
	return r;
}

const struct nlattr *netlink_first(const struct nlmsghdr *message)
{
	return mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr));
}

bool netlink_fits(const struct nlattr *attr, const struct nlmsghdr *message)
{
	const char *end = mnl_nlmsg_get_payload_tail(message);

	return mnl_attr_ok(attr, (int)(end - (const char *)attr));
}

#endif
