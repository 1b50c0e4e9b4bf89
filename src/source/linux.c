/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Linux machine at hand: /proc and /sys as they are, and files that the kernel offers as
 * netlink messages only. A recorded root holds the same bytes in files of these names.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>

#include "base/macros.h"
#include "source/dir.h"
#include "source/netlink.h"

struct netlink_file {
	const char *path;
	const char *family;
	/* include/uapi/linux/: netdev.h, NETDEV_CMD_QUEUE_GET, NETDEV_CMD_NAPI_GET;
	 * ethtool_netlink.h, ETHTOOL_MSG_CHANNELS_GET */
	uint8_t command;
	bool has_header; /* the family asks for a header: whose device, here everyone's */
};

/* ETHTOOL_A_CHANNELS_HEADER, empty: without it Linux 6.1 answers with EINVAL. */
static const struct nlattr header = {.nla_len = sizeof(header), .nla_type = NLA_F_NESTED | 1};

static const struct netlink_file netlink_files[] = {
	{"netlink/netdev/queue-get", "netdev", 10, false},
	{"netlink/netdev/napi-get", "netdev", 11, false},
	{"netlink/ethtool/channels-get", "ethtool", 17, true},
};

static int linux_read(struct source *source, const char *path, struct buf *out)
{
	if (strncmp(path, "netlink/", 8) != 0)
		return dir_read(source, path, out);
	for (size_t i = 0; i < ARRAY_SIZE(netlink_files); i++) {
		const struct netlink_file *file = &netlink_files[i];

		if (strcmp(path, file->path) == 0)
			return netlink_dump(file->family, file->command, &header,
					    file->has_header ? sizeof(header) : 0, out);
	}
	return -ENOENT;
}

static int linux_open(struct source *source, const char *path)
{
	return strncmp(path, "netlink/", 8) == 0 ? -EOPNOTSUPP : dir_fd(source, path);
}

static const struct source_ops linux_ops = {
	.read = linux_read,
	.stream = dir_stream,
	.list = dir_list,
	.link = dir_link,
	.mode = dir_mode,
	.time = dir_time,
	.close = dir_close,
	.open = linux_open,
};

int source_open_live(struct source **ret_source)
{
	return dir_open("/", false, &linux_ops, ret_source);
}
