/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is at the other end of a Unix socket. */
#pragma once

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

/* The user that connected, as the kernel knows. 0 or -errno. */
static inline int peer_uid(int fd, uid_t *ret_uid)
{
#ifdef SO_PEERCRED
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	if (len != sizeof(peer))
		return -EINVAL;
	*ret_uid = peer.uid;
	return 0;
#else
	gid_t gid;

	return getpeereid(fd, ret_uid, &gid) < 0 ? -errno : 0;
#endif
}
