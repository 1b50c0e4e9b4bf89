/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devd(8) hands on what the kernel says on /dev/devctl, an event a packet: "+DEVICE at ..." when a
 * driver attached, "-DEVICE at ..." when it detached, "!system=..." for all else (sys/kern/
 * subr_bus.c, devadded and devremoved). CPUs do not come and go.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/uevent.h"

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int uevent_open(void)
{
	const struct sockaddr_un address = {.sun_family = AF_UNIX,
					    .sun_path = "/var/run/devd.seqpacket.pipe"};
	int fd = open_socket();

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

/* devd ended. The end of its socket could be read for ever, that of a socket without peer cannot.
 */
static void fall_silent(int fd)
{
	int silent = open_socket();

	if (silent < 0)
		return;
	dup3(silent, fd, O_CLOEXEC);
	close(silent);
}

bool uevent_read(int fd)
{
	bool found = false;
	char text[8192]; /* the first character decides, so a longer event may be cut */

	for (;;) {
		ssize_t n = recv(fd, text, sizeof(text), 0);

		if (n == 0)
			fall_silent(fd);
		if (n <= 0)
			return found;
		if (text[0] == '+' || text[0] == '-')
			found = true;
	}
}
