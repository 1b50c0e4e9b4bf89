/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "settings ban irqs N M ..." replaces the daemon's list, so the list is asked for before, and
 * again behind it: the command itself has no answer.
 *
 * Up to 1.9.4 at least the daemon sleeps for a whole interval (10 s) after each such command, and
 * hears nothing. Who asks it something and hangs up before the answer kills it: it writes to a
 * closed connection, and SIGPIPE ends it. To hang up without a word is no better: it takes what its
 * buffer held before for the command. So the wait is for a byte that is no command, after which it
 * hangs up itself; a question is sent only when it is awake and has accepted the connection.
 */
#include "apply/irqbalance.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/macros.h"
#include "parse/irqbalance.h"
#include "parse/unix_sockets.h"

#define ANSWER_MAX ((size_t)4 << 20) /* about 50,000 interrupts */
/* Up to 1.9.4 it hears only so many bytes of a command, and from 1.9.5 on takes none above. */
#define HEARD_OLD 500u
#define HEARD_MAX 16383u
#define READ_STEP 4096u
#define ANSWER_S  1.0
#define POLL_NS   10000000

struct client {
	struct source *source;
	int32_t pid;
	double turn_s;
	double end_s; /* of what is waited for at present, CLOCK_MONOTONIC */
};

/* A place where the socket may be. */
struct place {
	struct sockaddr_un address;
	size_t len;
};

/* The next call on the socket may take what is left of the time. 0 or -ETIMEDOUT. */
static int limit_time(const struct client *client, int fd)
{
	double left_s = client->end_s - clock_s(CLOCK_MONOTONIC);
	time_t seconds = (time_t)left_s;
	struct timeval left = {.tv_sec = seconds,
			       .tv_usec = (suseconds_t)((left_s - (double)seconds) * 999999) + 1};

	if (left_s <= 0)
		return -ETIMEDOUT;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &left, sizeof(left)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &left, sizeof(left)) < 0)
		return -errno;
	return 0;
}

static int error_of_call(void)
{
	return errno == EAGAIN || errno == EINPROGRESS ? -ETIMEDOUT : -errno;
}

/* Anybody may make an abstract socket of that name: it must be the daemon's, and root's. */
static bool is_the_daemon(const struct client *client, int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       peer.pid == client->pid && (peer.uid == 0 || peer.uid == geteuid());
}

/* Returns a connected socket or -errno. */
static int connect_to(const struct client *client, const struct place *place)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r = fd < 0 ? -errno : limit_time(client, fd);

	if (r == 0 &&
	    connect(fd, (const struct sockaddr *)&place->address, (socklen_t)place->len) < 0)
		r = error_of_call();
	if (r == 0 && !is_the_daemon(client, fd))
		r = -ECONNREFUSED;
	if (r < 0 && fd >= 0)
		close(fd);
	return r < 0 ? r : fd;
}

/* `skip` bytes of the address, NULs, stand before the name of an abstract socket. */
static int make_place(const char *folder, size_t skip, int32_t pid, struct place *ret)
{
	struct place place = {.address.sun_family = AF_UNIX};
	_cleanup_(buf_done) struct buf name = {0};
	int r = buf_printf(&name, "%sirqbalance%" PRId32 ".sock", folder, pid);

	if (r < 0)
		return r;
	memcpy(place.address.sun_path + skip, buf_text(&name), name.len);
	place.len = offsetof(struct sockaddr_un, sun_path) + skip + name.len;
	*ret = place;
	return 0;
}

/* Returns a connected socket or -errno. */
static int connect_daemon(const struct client *client, struct place *ret_place)
{
	struct place places[] = {
		[2] = {.address.sun_family = AF_UNIX, .len = sizeof(struct sockaddr_un)},
	};
	int r = make_place("/run/irqbalance/", 0, client->pid, &places[0]);

	if (r == 0)
		r = make_place("", 1, client->pid, &places[1]);
	if (r < 0)
		return r;
	/* the last is that of 1.6 and later where /run/irqbalance is missing: a name of NULs */
	r = -ENOENT;
	for (size_t i = 0; i < ARRAY_SIZE(places) && r < 0 && r != -ETIMEDOUT; i++) {
		r = connect_to(client, &places[i]);
		*ret_place = places[i];
	}
	return r;
}

/* The name as /proc/net/unix writes it. */
static int place_name(const struct place *place, struct buf *out)
{
	size_t len = place->len - offsetof(struct sockaddr_un, sun_path);
	int r = 0;

	for (size_t i = 0; i < len && r == 0; i++)
		r = buf_putc(out, place->address.sun_path[i] ? place->address.sun_path[i] : '@');
	return r;
}

/* Until the daemon has accepted all connections, ours among them. */
static int wait_for_turn(const struct client *client, const struct place *place)
{
	const struct timespec pause = {.tv_nsec = POLL_NS};
	_cleanup_(buf_done) struct buf path = {0}, text = {0}, name = {0};
	int r = buf_printf(&path, "proc/%" PRId32 "/net/unix", client->pid);

	if (r == 0)
		r = place_name(place, &name);
	while (r == 0) {
		buf_cut(&text, 0);
		r = source_read(client->source, buf_text(&path), &text);
		if (r == 0 && !unix_sockets_waiting(buf_text(&text), text.len, buf_text(&name)))
			return 0;
		if (r == 0 && clock_s(CLOCK_MONOTONIC) >= client->end_s)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
	return r;
}

/* The daemon looks at the credentials of the first message. */
static int send_command(const struct client *client, int fd, const struct buf *command)
{
	const struct ucred self = {.pid = getpid(), .uid = geteuid(), .gid = getegid()};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control = {0};
	struct iovec text = {.iov_base = command->data, .iov_len = command->len};
	struct msghdr message = {.msg_iov = &text,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int r = limit_time(client, fd);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_CREDENTIALS;
	header->cmsg_len = CMSG_LEN(sizeof(self));
	memcpy(CMSG_DATA(header), &self, sizeof(self));
	if (r == 0 && sendmsg(fd, &message, MSG_NOSIGNAL) != (ssize_t)command->len)
		r = error_of_call();
	return r;
}

/* Until the daemon hangs up. It does so before it has heard all of a long command. */
static int read_answer(const struct client *client, int fd, struct buf *answer)
{
	for (;;) {
		ssize_t n;
		int r = limit_time(client, fd);

		if (r == 0)
			r = buf_reserve(answer, READ_STEP);
		if (r < 0)
			return r;
		n = recv(fd, answer->data + answer->len, READ_STEP, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == ECONNRESET ? 0 : error_of_call();
		if (n == 0)
			return 0;
		buf_cut(answer, answer->len + (size_t)n);
		if (answer->len > ANSWER_MAX)
			return -EFBIG;
	}
}

/* What is no command: it is read, and has no answer. */
static int send_nothing(const struct client *client, int fd)
{
	char byte = '-';
	const struct buf nothing = {.data = &byte, .len = 1};

	return send_command(client, fd, &nothing);
}

/* Until the daemon takes a connection again. */
static int wait_until_awake(const struct client *client)
{
	_cleanup_(buf_done) struct buf nothing = {0};
	_cleanup_close_ int fd = -1;
	struct place place;
	int r;

	fd = connect_daemon(client, &place);
	r = fd < 0 ? fd : send_nothing(client, fd);
	return r < 0 ? r : read_answer(client, fd, &nothing);
}

/* One question to a daemon that was awake just now. -EAGAIN where it has fallen asleep since. */
static int ask_now(struct client *client, const struct buf *command, struct buf *answer)
{
	_cleanup_close_ int fd = -1;
	struct place place;
	int r;

	client->end_s = clock_s(CLOCK_MONOTONIC) + ANSWER_S;
	fd = connect_daemon(client, &place);
	r = fd < 0 ? fd : wait_for_turn(client, &place);
	if (r < 0 && fd >= 0) {
		client->end_s = clock_s(CLOCK_MONOTONIC) + ANSWER_S;
		send_nothing(client, fd);
	}
	if (r < 0)
		return r == -ETIMEDOUT ? -EAGAIN : r;
	client->end_s = clock_s(CLOCK_MONOTONIC) + ANSWER_S;
	r = send_command(client, fd, command);
	return r < 0 ? r : read_answer(client, fd, answer);
}

static int ask(struct client *client, const struct buf *command, struct buf *answer)
{
	double end_s = clock_s(CLOCK_MONOTONIC) + client->turn_s;
	int r;

	do {
		client->end_s = end_s;
		r = wait_until_awake(client);
		if (r == 0)
			r = ask_now(client, command, answer);
	} while (r == -EAGAIN);
	return r;
}

static int ask_setup(struct client *client, struct irqbalance_setup *setup)
{
	_cleanup_(buf_done) struct buf command = {0}, answer = {0};
	int r = buf_puts(&command, "setup");

	if (r == 0)
		r = ask(client, &command, &answer);
	if (r == 0 && !answer.len)
		r = -EPERM;
	return r < 0 ? r : irqbalance_setup_parse(buf_text(&answer), answer.len, setup);
}

static bool is_banned(const struct irqbalance_setup *setup, int32_t irq)
{
	for (size_t i = 0; i < setup->n; i++) {
		if (setup->banned[i] == irq)
			return true;
	}
	return false;
}

static bool are_banned(const struct irqbalance_setup *setup, const int32_t *irqs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_banned(setup, irqs[i]))
			return false;
	}
	return true;
}

/*
 * Appends a number, unless the command is full. An old daemon's ear ends amid a command, and what
 * it hears of a number there is another number: blanks keep that from happening.
 */
static int add_number(int32_t irq, struct buf *command)
{
	_cleanup_(buf_done) struct buf word = {0};
	int r = buf_printf(&word, " %" PRId32, irq);

	if (r == 0 && command->len < HEARD_OLD && command->len + word.len > HEARD_OLD)
		r = buf_fill(command, ' ', HEARD_OLD - command->len);
	if (r < 0 || command->len + word.len > HEARD_MAX)
		return r;
	return buf_append(command, word.data, word.len);
}

/* What is banned already goes first: of a command that is too long the end is lost. */
static int ban_command(const struct irqbalance_setup *setup, const int32_t *irqs, size_t n,
		       struct buf *command)
{
	int r = buf_puts(command, "settings ban irqs");

	for (size_t i = 0; i < setup->n && r == 0; i++)
		r = add_number(setup->banned[i], command);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (!is_banned(setup, irqs[i]))
			r = add_number(irqs[i], command);
	}
	return r;
}

static int ban(struct client *client, const int32_t *irqs, size_t n, bool *ret_all)
{
	_cleanup_(irqbalance_setup_done) struct irqbalance_setup before = {0}, after = {0};
	_cleanup_(buf_done) struct buf command = {0}, nothing = {0};
	int r = ask_setup(client, &before);

	if (r < 0)
		return r;
	if (are_banned(&before, irqs, n)) {
		*ret_all = true; /* each command makes the daemon place everything anew */
		return 0;
	}
	r = ban_command(&before, irqs, n, &command);
	if (r == 0)
		r = ask(client, &command, &nothing);
	if (r == 0)
		r = ask_setup(client, &after);
	if (r == 0)
		*ret_all =
			are_banned(&after, irqs, n) && are_banned(&after, before.banned, before.n);
	return r;
}

int irqbalance_ban(struct source *source, int32_t pid, const int32_t *irqs, size_t n, double turn_s,
		   enum ban_state *ret_state)
{
	struct client client = {.source = source, .pid = pid, .turn_s = turn_s};
	bool all = false;
	int r = ban(&client, irqs, n, &all);

	switch (r) {
	case -ENOMEM:
		return r;
	case 0:
		*ret_state = all ? BAN_DONE : BAN_PARTLY;
		break;
	case -ETIMEDOUT:
		*ret_state = BAN_NO_ANSWER;
		break;
	case -EPERM:
		*ret_state = BAN_REFUSED;
		break;
	case -EINVAL:
	case -EFBIG:
		*ret_state = BAN_BAD_ANSWER;
		break;
	default:
		*ret_state = BAN_NO_SOCKET;
	}
	return 0;
}
