/* SPDX-License-Identifier: BSD-2-Clause */
/* Format: lib/kobject_uevent.c, "ACTION@DEVPATH" and then "KEY=VALUE", each with a NUL. */
#include "daemon/uevent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/text.h"

#define KERNEL_GROUP 1

int uevent_open(void)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

bool uevent_matters(const char *text, size_t len)
{
	static const char *const wanted[] = {"SUBSYSTEM=pci", "SUBSYSTEM=net", "SUBSYSTEM=virtio",
					     "SUBSYSTEM=nvme", "SUBSYSTEM=cpu"};
	size_t at = 0;

	/* devices of containers and the like come by the dozen, and have no interrupts */
	if (text_has_prefix(text, "change@") || strstr(text, "@/devices/virtual/"))
		return false;
	while (at < len) {
		for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
			if (strcmp(&text[at], wanted[i]) == 0)
				return true;
		}
		at += strlen(&text[at]) + 1;
	}
	return false;
}

bool uevent_read(int fd)
{
	char text[8192 + 1];
	bool found = false;

	for (;;) {
		struct sockaddr_nl from = {0};
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(fd, text, sizeof(text) - 1, 0, (struct sockaddr *)&from,
				     &from_len);

		if (n < 0 && errno == ENOBUFS)
			return true; /* some were lost */
		if (n <= 0)
			return found;
		text[n] = '\0';
		if (from_len == sizeof(from) && from.nl_pid == 0 && uevent_matters(text, (size_t)n))
			found = true;
	}
}
