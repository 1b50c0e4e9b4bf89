/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/netlink.h"

#include <errno.h>

#include "base/clock.h"
#include "config.h"

#if HAVE_LIBMNL

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/macros.h"
#include "source/source.h"

/* The kernel answers within microseconds. The second bound holds however the answer is cut. */
#define RECEIVE_TIMEOUT_S 1
#define DUMP_TIMEOUT_S    3

/* The kernel fills what a reader offers, up to 32 kB (af_netlink.c, netlink_dump). */
#define RECEIVE_ROOM 32768u

/* A request fits: headers, and a few names and numbers. */
#define REQUEST_ROOM 256u

struct request {
	struct mnl_socket *socket;
	uint32_t seq;
	bool is_dump;        /* the answer ends with NLMSG_DONE, not with its first message */
	struct buf *said;    /* takes the kernel's words about an error, or NULL */
	struct buf received; /* one datagram */
};

/* What one datagram meant: more follows, or the answer is complete. */
enum answer {
	ANSWER_MORE,
	ANSWER_DONE,
};

/* Takes one message that is no end and no error. 0 or -errno. */
typedef int (*answer_fn)(void *ctx, const struct nlmsghdr *message);

static void request_done(struct request *request)
{
	if (request->socket)
		mnl_socket_close(request->socket);
	buf_done(&request->received);
}

/* Free with request_done either way. */
static int request_open(struct request *request)
{
	const struct timeval timeout = {.tv_sec = RECEIVE_TIMEOUT_S};

	request->socket = mnl_socket_open(NETLINK_GENERIC);
	/* a kernel or a sandbox without netlink is a machine without such facts */
	if (!request->socket)
		return errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT ? -ENOENT : -errno;
	if (mnl_socket_bind(request->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(request->socket), SOL_SOCKET, SO_RCVTIMEO, &timeout,
		       sizeof(timeout)) < 0)
		return -errno;
	return buf_reserve(&request->received, RECEIVE_ROOM);
}

static int send_request(struct request *request, uint16_t type, uint16_t flags, uint8_t command,
			const void *attributes, size_t len)
{
	_Alignas(struct nlmsghdr) char room[REQUEST_ROOM];
	struct nlmsghdr *header = mnl_nlmsg_put_header(room);
	struct genlmsghdr *generic;

	header->nlmsg_type = type;
	header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	header->nlmsg_seq = ++request->seq;
	request->is_dump = flags & NLM_F_DUMP;
	generic = mnl_nlmsg_put_extra_header(header, sizeof(*generic));
	generic->cmd = command;
	generic->version = 1;
	if (len > sizeof(room) - header->nlmsg_len)
		return -EINVAL;
	if (len)
		memcpy(mnl_nlmsg_get_payload_tail(header), attributes, len);
	header->nlmsg_len += (uint32_t)len;
	if (mnl_socket_sendto(request->socket, header, header->nlmsg_len) < 0)
		return -errno;
	return 0;
}

/* NLMSG_ERROR and NLMSG_DONE carry an error number or zero. */
static int read_end(const struct nlmsghdr *message)
{
	const int *error = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*error))
		return message->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	return *error > 0 ? -EBADMSG : *error;
}

/*
 * What the kernel says in words about an error stands behind the message that it answers, of which
 * NLM_F_CAPPED leaves the header (net/netlink/af_netlink.c, netlink_ack).
 */
static int read_words(const struct nlmsghdr *message, struct buf *said)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);
	const char *end = mnl_nlmsg_get_payload_tail(message);
	size_t skip = sizeof(*error);
	const struct nlattr *attr;

	if (!said || !(message->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*error))
		return 0;
	if (!(message->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len >= sizeof(error->msg))
		skip += MNL_ALIGN((size_t)error->msg.nlmsg_len) - sizeof(error->msg);
	if (skip > mnl_nlmsg_get_payload_len(message))
		return 0;
	attr = (const struct nlattr *)((const char *)error + skip);
	for (; mnl_attr_ok(attr, (int)(end - (const char *)attr)); attr = mnl_attr_next(attr)) {
		const char *words = mnl_attr_get_payload(attr);

		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			return buf_append(said, words,
					  strnlen(words, mnl_attr_get_payload_len(attr)));
	}
	return 0;
}

/* Goes through a datagram. ANSWER_MORE, ANSWER_DONE or -errno. */
static int read_datagram(const struct request *request, answer_fn fn, void *ctx)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)request->received.data;
	int left = (int)request->received.len;
	int answer = ANSWER_MORE;

	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		int r;

		if (message->nlmsg_seq != request->seq)
			continue;
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
			r = read_end(message);
			if (r < 0 && read_words(message, request->said) < 0)
				r = -ENOMEM;
			return r < 0 ? r : ANSWER_DONE;
		}
		r = message->nlmsg_type >= NLMSG_MIN_TYPE ? fn(ctx, message) : 0;
		if (r < 0)
			return r;
		if (!request->is_dump)
			answer = ANSWER_DONE;
	}
	return answer;
}

static int receive(struct request *request, answer_fn fn, void *ctx)
{
	double start = clock_s(CLOCK_MONOTONIC);
	int r;

	do {
		ssize_t n =
			mnl_socket_recvfrom(request->socket, request->received.data, RECEIVE_ROOM);

		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		buf_cut(&request->received, (size_t)n);
		r = read_datagram(request, fn, ctx);
		if (r == ANSWER_MORE && clock_s(CLOCK_MONOTONIC) - start > DUMP_TIMEOUT_S)
			r = -ETIMEDOUT;
	} while (r == ANSWER_MORE);
	return r < 0 ? r : 0;
}

static int take_family(void *ctx, const struct nlmsghdr *message)
{
	const struct nlattr *attr =
		mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr));
	const char *end = mnl_nlmsg_get_payload_tail(message);
	uint16_t *id = ctx;

	for (; mnl_attr_ok(attr, (int)(end - (const char *)attr)); attr = mnl_attr_next(attr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) >= sizeof(*id))
			*id = mnl_attr_get_u16(attr);
	}
	return 0;
}

static int take_message(void *ctx, const struct nlmsghdr *message)
{
	struct buf *out = ctx;
	size_t len = MNL_ALIGN(message->nlmsg_len);
	int r;

	if (out->len + len > SOURCE_READ_MAX)
		return -EFBIG;
	r = buf_append(out, message, message->nlmsg_len);
	if (r == 0)
		r = buf_fill(out, '\0', len - message->nlmsg_len);
	return r;
}

/* Asks for a family; `fn` takes what the kernel tells of it. */
static int ask_family(struct request *request, const char *family, answer_fn fn, void *ctx)
{
	/* the padding of attributes is sent, too */
	_Alignas(struct nlmsghdr) char room[REQUEST_ROOM] = {0};
	struct nlmsghdr *header = mnl_nlmsg_put_header(room);
	int r;

	if (!mnl_attr_put_strz_check(header, sizeof(room), CTRL_ATTR_FAMILY_NAME, family))
		return -EINVAL;
	r = send_request(request, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY,
			 mnl_nlmsg_get_payload(header), mnl_nlmsg_get_payload_len(header));
	return r < 0 ? r : receive(request, fn, ctx);
}

static int find_family(struct request *request, const char *family, uint16_t *ret_id)
{
	uint16_t id = 0;
	int r = ask_family(request, family, take_family, &id);

	if (r == 0 && !id)
		r = -ENOENT;
	if (r == 0)
		*ret_id = id;
	return r;
}

static bool fits_in(const struct nlattr *attr, const struct nlattr *outer)
{
	const char *end =
		(const char *)mnl_attr_get_payload(outer) + mnl_attr_get_payload_len(outer);

	return mnl_attr_ok(attr, (int)(end - (const char *)attr));
}

struct group {
	const char *name;
	uint32_t id; /* 0: not found */
};

/* One group of a family: its name and its number. */
static void take_group(struct group *group, const struct nlattr *entry)
{
	const struct nlattr *attr;
	uint32_t id = 0;
	bool found = false;

	for (attr = mnl_attr_get_payload(entry); fits_in(attr, entry); attr = mnl_attr_next(attr)) {
		size_t len = mnl_attr_get_payload_len(attr);

		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			found = len == strlen(group->name) + 1 &&
				memcmp(mnl_attr_get_payload(attr), group->name, len) == 0;
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID && len >= sizeof(id))
			id = mnl_attr_get_u32(attr);
	}
	if (found)
		group->id = id;
}

static int take_groups(void *ctx, const struct nlmsghdr *message)
{
	const struct nlattr *attr =
		mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr));
	const char *end = mnl_nlmsg_get_payload_tail(message);
	const struct nlattr *entry;

	for (; mnl_attr_ok(attr, (int)(end - (const char *)attr)); attr = mnl_attr_next(attr)) {
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		for (entry = mnl_attr_get_payload(attr); fits_in(entry, attr);
		     entry = mnl_attr_next(entry))
			take_group(ctx, entry);
	}
	return 0;
}

static int join(uint32_t group)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC);
	int r;

	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

int netlink_listen(const char *family, const char *group)
{
	_cleanup_(request_done) struct request request = {0};
	struct group wanted = {.name = group};
	int r = request_open(&request);

	if (r == 0)
		r = ask_family(&request, family, take_groups, &wanted);
	if (r == 0 && !wanted.id)
		r = -ENOENT;
	return r < 0 ? r : join(wanted.id);
}

static int dump(struct request *request, const char *family, uint8_t command,
		const void *attributes, size_t len, struct buf *out)
{
	uint16_t id;
	int r = find_family(request, family, &id);

	if (r == 0)
		r = send_request(request, id, NLM_F_DUMP, command, attributes, len);
	if (r == 0)
		r = receive(request, take_message, out);
	return r;
}

int netlink_dump(const char *family, uint8_t command, const void *attributes, size_t len,
		 struct buf *out)
{
	_cleanup_(request_done) struct request request = {0};
	size_t start = out->len;
	int r = request_open(&request);

	if (r == 0)
		r = dump(&request, family, command, attributes, len, out);
	if (r < 0 && out->data)
		buf_cut(out, start);
	return r;
}

static int ignore_message(void *ctx, const struct nlmsghdr *message)
{
	(void)ctx;
	(void)message;
	return 0;
}

int netlink_change(const char *family, uint8_t command, const void *attributes, size_t len,
		   struct buf *said)
{
	_cleanup_(request_done) struct request request = {0};
	int on = 1;
	uint16_t id;
	int r = request_open(&request);

	if (r == 0)
		r = find_family(&request, family, &id);
	if (r == 0) {
		/* a kernel without words (before 4.12) has its error numbers still */
		mnl_socket_setsockopt(request.socket, NETLINK_EXT_ACK, &on, sizeof(on));
		request.said = said;
		r = send_request(&request, id, NLM_F_ACK, command, attributes, len);
	}
	if (r == 0)
		r = receive(&request, ignore_message, NULL);
	return r;
}

#else

int netlink_dump(const char *family, uint8_t command, const void *attributes, size_t len,
		 struct buf *out)
{
	(void)family;
	(void)command;
	(void)attributes;
	(void)len;
	(void)out;
	return -ENOSYS;
}

int netlink_change(const char *family, uint8_t command, const void *attributes, size_t len,
		   struct buf *said)
{
	(void)family;
	(void)command;
	(void)attributes;
	(void)len;
	(void)said;
	return -ENOSYS;
}

int netlink_listen(const char *family, const char *group)
{
	(void)family;
	(void)group;
	return -ENOSYS;
}

#endif
