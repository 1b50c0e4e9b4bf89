/* SPDX-License-Identifier: BSD-2-Clause */
/* The client of irqbalance's socket, against a daemon that is played by a thread. */
#include "cmocka_all.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "apply/irqbalance.h"
#include "base/macros.h"
#include "parse/irqbalance.h"
#include "parse/unix_sockets.h"
#include "source/source.h"

static void check_setup(const char *text, const char *wanted)
{
	_cleanup_(irqbalance_setup_done) struct irqbalance_setup setup = {0};
	_cleanup_(buf_done) struct buf got = {0};

	assert_int_equal(irqbalance_setup_parse(text, strlen(text), &setup), 0);
	for (size_t i = 0; i < setup.n; i++)
		assert_int_equal(buf_printf(&got, "%s%" PRId32, i ? " " : "", setup.banned[i]), 0);
	assert_string_equal(buf_text(&got), wanted);
}

static void test_setup(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"SLEEP",
		"SLEEP 10",
		"SLEEP 10 ",
		"TYPE 3 NUMBER 0 LOAD 0 SAVE_MODE 0",
		"SLEEP 10 IRQ 24 LOAD 0 DIFF 0 CLASS 0",
		"SLEEP 10 IRQ 24 LOAD 0 DIFF 0 CLASS BANNED 0",
		"SLEEP 10 IRQ 24 LOAD 0 DIFF 0 CLASS",
		"SLEEP 10 IRQ -1 LOAD 0 DIFF 0 CLASS 0 BANNED 0",
		"SLEEP 10 IRQ 2x LOAD 0 DIFF 0 CLASS 0 BANNED 0",
		"SLEEP 10 IRQ 99999999999 LOAD 0 DIFF 0 CLASS 0 BANNED 0",
		"SLEEP 10 IRQ LOAD 0 DIFF 0 CLASS 0 BANNED 0",
		"SLEEP 10 IRQ 24 LOAD 0 CLASS 0 BANNED 0",
		"SLEEPY 10 BANNED 0",
	};

	(void)state;
	check_setup("SLEEP 10 BANNED 00000000", "");
	check_setup("SLEEP 10 IRQ 24 LOAD 0 DIFF 0 CLASS 0 IRQ 7 LOAD 12345678901234567890 DIFF -4 "
		    "CLASS 5 BANNED 00000000,0000000c",
		    "24 7");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct irqbalance_setup setup = {0};

		assert_int_equal(irqbalance_setup_parse(bad[i], strlen(bad[i]), &setup), -EINVAL);
		assert_null(setup.banned);
	}
}

enum manner {
	MANNER_USUAL,
	MANNER_SILENT,
	MANNER_HANGS_UP,
	MANNER_MAD,
	MANNER_ENDLESS,
	MANNER_DRIPS, /* a byte now and then, and never an end */
};

/* What the thread plays, and what it heard. */
struct daemon {
	enum manner manner;
	size_t hears; /* bytes of a command */
	int listener;
	pthread_t thread;
	int32_t banned[4096];
	size_t n_banned;
	size_t n_bans; /* commands that changed the list */
	bool has_credentials;
};

static void say(int fd, const char *text, size_t len)
{
	assert_true(send(fd, text, len, MSG_NOSIGNAL) >= 0 || errno == EPIPE ||
		    errno == ECONNRESET);
}

static void answer_setup(const struct daemon *daemon, int fd)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(buf_puts(&text, "SLEEP 10 "), 0);
	for (size_t i = 0; i < daemon->n_banned; i++)
		assert_int_equal(buf_printf(&text, "IRQ %" PRId32 " LOAD 0 DIFF 0 CLASS 0 ",
					    daemon->banned[i]),
				 0);
	assert_int_equal(buf_puts(&text, "BANNED 00000000"), 0);
	say(fd, buf_text(&text), text.len);
}

static void take_bans(struct daemon *daemon, const char *list)
{
	char *end;

	daemon->n_banned = 0;
	daemon->n_bans++;
	for (long irq = strtol(list, &end, 10); irq; irq = strtol(end, &end, 10))
		daemon->banned[daemon->n_banned++] = (int32_t)irq;
}

static void misbehave(const struct daemon *daemon, int fd)
{
	static const char bytes[4096] = "SLEEP 10 ";
	const struct timespec pause = {.tv_nsec = 50000000};

	switch (daemon->manner) {
	case MANNER_MAD:
		say(fd, "hello", 5);
		return;
	case MANNER_ENDLESS:
		for (int i = 0; i < 2000; i++)
			say(fd, bytes, sizeof(bytes));
		return;
	case MANNER_DRIPS:
		for (int i = 0; i < 60; i++) {
			say(fd, "S", 1);
			nanosleep(&pause, NULL);
		}
		return;
	default:
		return;
	}
}

static void hear(struct daemon *daemon, int fd)
{
	char text[20000] = "", control[256];
	struct iovec part = {.iov_base = text, .iov_len = daemon->hears};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(fd, &message, 0);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (n <= 0)
		return;
	if (header && header->cmsg_type == SCM_CREDENTIALS)
		daemon->has_credentials = true;
	if (daemon->manner != MANNER_USUAL)
		misbehave(daemon, fd);
	else if (strncmp(text, "setup", 5) == 0)
		answer_setup(daemon, fd);
	else if (strncmp(text, "settings ban irqs ", 18) == 0)
		take_bans(daemon, text + 18);
}

static void *serve(void *arg)
{
	struct daemon *daemon = arg;
	int fd;

	while ((fd = accept(daemon->listener, NULL, NULL)) >= 0) {
		hear(daemon, fd);
		close(fd);
	}
	return NULL;
}

/* At the abstract name of versions 1.1 to 1.5, which needs no rights. */
static void start(struct daemon *daemon)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int len = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "irqbalance%d.sock",
			   getpid());
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
	int yes = 1;

	daemon->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(daemon->listener >= 0);
	assert_int_equal(bind(daemon->listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(setsockopt(daemon->listener, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)),
			 0);
	assert_int_equal(listen(daemon->listener, 1), 0);
	if (!daemon->hears)
		daemon->hears = 16384;
	if (daemon->manner != MANNER_SILENT)
		assert_int_equal(pthread_create(&daemon->thread, NULL, serve, daemon), 0);
}

static void stop(struct daemon *daemon)
{
	shutdown(daemon->listener, SHUT_RDWR);
	if (daemon->manner != MANNER_SILENT)
		pthread_join(daemon->thread, NULL);
	close(daemon->listener);
}

static enum ban_state ban_of(int32_t pid, const int32_t *irqs, size_t n, double turn_s)
{
	enum ban_state state = BAN_BAD_ANSWER;
	struct source *source;

	assert_int_equal(source_open_live(&source), 0);
	assert_int_equal(irqbalance_ban(source, pid, irqs, n, turn_s, &state), 0);
	source_close(source);
	return state;
}

static enum ban_state ban(const int32_t *irqs, size_t n, double turn_s)
{
	return ban_of(getpid(), irqs, n, turn_s);
}

/* Whoever asks a deaf daemon and hangs up kills it, and so may who hangs up without a word. */
static void check_nothing_said(const struct daemon *daemon)
{
	char text[16];
	int fd = accept(daemon->listener, NULL, NULL);

	assert_true(fd >= 0);
	assert_int_equal(recv(fd, text, sizeof(text), 0), 1);
	assert_int_equal(text[0], '-');
	assert_int_equal(recv(fd, text, sizeof(text), 0), 0);
	close(fd);
}

static void test_ban(void **state)
{
	static const int32_t irqs[] = {24, 25, 30};
	struct daemon daemon = {.banned = {7, 25}, .n_banned = 2};

	(void)state;
	start(&daemon);
	assert_int_equal(ban(irqs, 3, 5), BAN_DONE);
	assert_int_equal(ban(irqs, 3, 5), BAN_DONE);
	stop(&daemon);
	assert_true(daemon.has_credentials);
	assert_int_equal(daemon.n_bans, 1); /* nothing to say the second time */
	assert_int_equal(daemon.n_banned, 4);
	assert_int_equal(daemon.banned[0], 7);
	assert_int_equal(daemon.banned[1], 25);
	assert_int_equal(daemon.banned[2], 24);
	assert_int_equal(daemon.banned[3], 30);
}

/* Numbers of three and four digits: none may be cut where an old daemon stops to hear. */
static void test_too_many(void **state)
{
	struct daemon daemon = {.hears = 500, .banned = {7}, .n_banned = 1};
	int32_t irqs[5000];

	(void)state;
	for (int i = 0; i < 5000; i++)
		irqs[i] = 950 + i;
	start(&daemon);
	assert_int_equal(ban(irqs, 200, 5), BAN_PARTLY);
	stop(&daemon);
	assert_true(daemon.n_banned > 90 && daemon.n_banned < 200);
	assert_int_equal(daemon.banned[0], 7);
	for (size_t i = 1; i < daemon.n_banned; i++)
		assert_int_equal(daemon.banned[i], 949 + (int32_t)i);
	/* 1.9.5 takes no command of its whole buffer, and so of ours some */
	daemon = (struct daemon){0};
	start(&daemon);
	assert_int_equal(ban(irqs, 200, 5), BAN_DONE);
	assert_int_equal(ban(irqs, 5000, 5), BAN_PARTLY);
	stop(&daemon);
	assert_true(daemon.n_banned > 3000);
}

static void test_misbehaviour(void **state)
{
	static const struct {
		enum manner manner;
		enum ban_state state;
	} cases[] = {
		{MANNER_SILENT, BAN_NO_ANSWER}, {MANNER_HANGS_UP, BAN_REFUSED},
		{MANNER_MAD, BAN_BAD_ANSWER},   {MANNER_ENDLESS, BAN_BAD_ANSWER},
		{MANNER_DRIPS, BAN_NO_ANSWER},
	};
	static const int32_t irq = 24;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct daemon daemon = {.manner = cases[i].manner};

		start(&daemon);
		assert_int_equal(ban(&irq, 1, 0.3), cases[i].state);
		if (cases[i].manner == MANNER_SILENT)
			check_nothing_said(&daemon);
		stop(&daemon);
		assert_int_equal(daemon.n_bans, 0);
	}
}

/* Neither no socket at all, nor one that is another process's. */
static void test_nobody(void **state)
{
	static const int32_t irq = 24;

	(void)state;
	assert_int_equal(ban(&irq, 1, 1), BAN_NO_SOCKET);
	assert_int_equal(ban_of(INT32_MAX, &irq, 1, 1), BAN_NO_SOCKET);
}

static void test_waiting(void **state)
{
	static const char table[] =
		"Num       RefCount Protocol Flags    Type St Inode Path\n"
		"0000000000000000: 00000002 00000000 00010000 0001 01 908897 /run/a.sock\n"
		"0000000000000000: 00000002 00000000 00000000 0001 02     0 /run/a.sock\n"
		"0000000000000000: 00000002 00000000 00000000 0001 02     0 /run/a.socks\n"
		"0000000000000000: 00000003 00000000 00000000 0001 03 910347 /run/a.sock\n"
		"0000000000000000: 00000003 00000000 00000000 0001 02     0 @b.sock\n"
		"0000000000000000: 00000003 00000000 00000000 0001 02     0 @b.sock\n"
		"0000000000000000: 00000003 00000000 00000000 0001 02     0\n"
		"0000000000000000: 00000003 00000000 00000000 0001 03 910348\n"
		"0000000000000000: 00000003 00000000 00000000 0001 02     0 with blank";

	(void)state;
	assert_int_equal(unix_sockets_waiting(table, strlen(table), "/run/a.sock"), 1);
	assert_int_equal(unix_sockets_waiting(table, strlen(table), "@b.sock"), 2);
	assert_int_equal(unix_sockets_waiting(table, strlen(table), "b.sock"), 0);
	assert_int_equal(unix_sockets_waiting(table, strlen(table), "with blank"), 1);
	assert_int_equal(unix_sockets_waiting("", 0, "b.sock"), 0);
	assert_int_equal(unix_sockets_waiting(" \n  \n", 5, ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_setup),    cmocka_unit_test(test_ban),
		cmocka_unit_test(test_too_many), cmocka_unit_test(test_misbehaviour),
		cmocka_unit_test(test_nobody),   cmocka_unit_test(test_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
