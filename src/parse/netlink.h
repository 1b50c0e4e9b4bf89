/* SPDX-License-Identifier: BSD-2-Clause */
/* Generic netlink messages, one behind the other. Private to parse/; only with libmnl. */
#pragma once

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int (*netlink_message_fn)(void *ctx, const struct nlmsghdr *message);

/*
 * Calls `fn` for every whole message of that command; stops where it returns other than 0, and
 * returns that. `bytes` must be aligned for messages. What is cut off at the end is no message.
 */
int netlink_for_each(const void *bytes, size_t len, uint8_t command, netlink_message_fn fn,
		     void *ctx);

/* The attributes of a message: `for (attr = netlink_first(m); netlink_fits(attr, m); ...)`. */
const struct nlattr *netlink_first(const struct nlmsghdr *message);
bool netlink_fits(const struct nlattr *attr, const struct nlmsghdr *message);
