/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage: thermal-event PERFORMANCE EFFICIENCY CPU...
 *
 * Tells all who listen what the kernel tells when the processor's hardware feedback interface says
 * this of these CPUs (drivers/thermal/thermal_netlink.c). Root may send to a group of the kernel's
 * (net/netlink/af_netlink.c, netlink_allowed()).
 */
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/thermal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/macros.h"

#define CPUS_MAX 16 /* of a message, as the kernel's */

struct family {
	uint16_t id;
	uint32_t group;
	uint32_t last; /* number of the group that is read now */
};

/* The kernel puts the number of a group before its name (net/netlink/genetlink.c). */
static int read_group(const struct nlattr *attr, void *ctx)
{
	struct family *family = ctx;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
		family->last = mnl_attr_get_u32(attr);
	else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
		 strcmp(mnl_attr_get_str(attr), THERMAL_GENL_EVENT_GROUP_NAME) == 0)
		family->group = family->last;
	return MNL_CB_OK;
}

static int read_groups(const struct nlattr *attr, void *ctx)
{
	return mnl_attr_parse_nested(attr, read_group, ctx);
}

static int read_attribute(const struct nlattr *attr, void *ctx)
{
	struct family *family = ctx;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		family->id = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
		return mnl_attr_parse_nested(attr, read_groups, ctx);
	return MNL_CB_OK;
}

static int read_family(const struct nlmsghdr *message, void *ctx)
{
	return mnl_attr_parse(message, sizeof(struct genlmsghdr), read_attribute, ctx);
}

static struct nlmsghdr *begin(char *room, uint16_t type, uint16_t flags, uint8_t command)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);
	struct genlmsghdr *generic;

	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	generic = mnl_nlmsg_put_extra_header(message, sizeof(*generic));
	generic->cmd = command;
	generic->version = 1;
	return message;
}

static int find(struct mnl_socket *socket, char *room, size_t size, struct family *ret)
{
	struct nlmsghdr *message = begin(room, GENL_ID_CTRL, NLM_F_REQUEST, CTRL_CMD_GETFAMILY);
	ssize_t n;

	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, THERMAL_GENL_FAMILY_NAME);
	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -1;
	n = mnl_socket_recvfrom(socket, room, size);
	if (n < 0 || mnl_cb_run(room, (size_t)n, 0, 0, read_family, ret) < 0)
		return -1;
	/* a number of more than 32 has no bit in an address */
	return ret->group && ret->group <= 32 ? 0 : -1;
}

static int tell(struct mnl_socket *socket, char *room, const struct family *family, char **words)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK,
					    .nl_groups = 1u << (family->group - 1)};
	struct nlmsghdr *message =
		begin(room, family->id, 0, THERMAL_GENL_EVENT_CPU_CAPABILITY_CHANGE);
	struct nlattr *list = mnl_attr_nest_start(message, THERMAL_GENL_ATTR_CPU_CAPABILITY);
	uint32_t performance = (uint32_t)strtoul(words[0], NULL, 10);
	uint32_t efficiency = (uint32_t)strtoul(words[1], NULL, 10);

	for (char **cpu = words + 2; *cpu; cpu++) {
		mnl_attr_put_u32(message, THERMAL_GENL_ATTR_CPU_CAPABILITY_ID,
				 (uint32_t)strtoul(*cpu, NULL, 10));
		mnl_attr_put_u32(message, THERMAL_GENL_ATTR_CPU_CAPABILITY_PERFORMANCE,
				 performance);
		mnl_attr_put_u32(message, THERMAL_GENL_ATTR_CPU_CAPABILITY_EFFICIENCY, efficiency);
	}
	mnl_attr_nest_end(message, list);
	return sendto(mnl_socket_get_fd(socket), message, message->nlmsg_len, 0,
		      (const struct sockaddr *)&address, sizeof(address)) < 0
		       ? -1
		       : 0;
}

int main(int argc, char **argv)
{
	_Alignas(struct nlmsghdr) char room[8192];
	struct mnl_socket *socket;
	struct family family = {0};

	if (argc < 4 || argc > 3 + CPUS_MAX) {
		fprintf(stderr, "usage: thermal-event PERFORMANCE EFFICIENCY CPU...\n");
		return 2;
	}
	socket = mnl_socket_open(NETLINK_GENERIC);
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    find(socket, room, sizeof(room), &family) < 0 ||
	    tell(socket, room, &family, argv + 1) < 0) {
		perror("thermal-event");
		return 1;
	}
	mnl_socket_close(socket);
	return 0;
}
