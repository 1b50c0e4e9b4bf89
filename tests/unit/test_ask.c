/* SPDX-License-Identifier: BSD-2-Clause */
/* The daemon is asked: good answers, bad ones, none. The other end is a thread of the test. */
#include "cmocka_all.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "source/ask.h"

struct server {
	char path[sizeof("/tmp/irqctl-test-XXXXXX")];
	int listener;
	const char *answer; /* NULL: it says nothing and keeps the connection */
	size_t len, piece;  /* sent in pieces of so many bytes */
	char request[512];
	pthread_t thread;
};

static void send_pieces(const struct server *server, int fd)
{
	for (size_t at = 0; at < server->len; at += server->piece) {
		size_t left = server->len - at;

		if (send(fd, server->answer + at, left < server->piece ? left : server->piece,
			 MSG_NOSIGNAL) < 0)
			return;
	}
}

static void *serve(void *ctx)
{
	struct server *server = ctx;
	_cleanup_close_ int fd = accept(server->listener, NULL, NULL);
	char rest[64];

	if (fd < 0)
		return NULL;
	if (recv(fd, server->request, sizeof(server->request) - 1, 0) < 0)
		return NULL;
	if (server->answer)
		send_pieces(server, fd);
	else
		(void)!recv(fd, rest, sizeof(rest), 0); /* until the other one gives up */
	return NULL;
}

static void start(struct server *server, const char *answer, size_t len, size_t piece)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*server = (struct server){
		.path = "/tmp/irqctl-test-XXXXXX", .answer = answer, .len = len, .piece = piece};
	close(mkstemp(server->path));
	unlink(server->path);
	memcpy(address.sun_path, server->path, sizeof(server->path));
	server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server->listener, 1), 0);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void stop(struct server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->listener);
	unlink(server->path);
}

static int ask(const char *answer, size_t len, size_t piece, struct buf *body)
{
	struct server server;
	int r;

	start(&server, answer, len, piece);
	r = ask_daemon(server.path, "GET", "/status", 2, body);
	stop(&server);
	return r;
}

static void test_answer(void **state)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

	(void)state;
	for (size_t piece = 1; piece < 50; piece += 7) {
		_cleanup_(buf_done) struct buf body = {0};

		assert_int_equal(ask(text, strlen(text), piece, &body), 200);
		assert_string_equal(buf_text(&body), "hello");
	}
}

static void test_request(void **state)
{
	static const char text[] = "HTTP/1.0 403 Forbidden\r\n\r\n";
	_cleanup_(buf_done) struct buf body = {0};
	struct server server;

	(void)state;
	start(&server, text, strlen(text), 100);
	assert_int_equal(ask_daemon(server.path, "POST", "/ban?irq=24", 2, &body), 403);
	stop(&server);
	assert_int_equal(strncmp(server.request, "POST /ban?irq=24 HTTP/1.0\r\n", 27), 0);
	assert_int_equal(body.len, 0);
}

static void test_no_http(void **state)
{
	static const char *const texts[] = {
		"",
		"220 ready\r\n",
		"HTTP/1.0",
		"HTTP/1.0 200 OK\r\n",
		"HTTP/1.0 OK\r\n\r\n",
		"HTTP/1.0 99 X\r\n\r\n",
		"HTTP/1.0 1000 X\r\n\r\n",
		"HTTP/2.0 200 OK\r\n\r\n",
		"HTTP/1.0 \r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(buf_done) struct buf body = {0};

		assert_int_equal(ask(texts[i], strlen(texts[i]), 100, &body), -EPROTO);
	}
}

static void test_nobody(void **state)
{
	_cleanup_(buf_done) struct buf body = {0};
	char path[200];

	(void)state;
	assert_int_equal(ask_daemon("/tmp/irqctl-no-such-socket", "GET", "/", 1, &body), -ENOENT);
	assert_int_equal(ask_daemon("/dev/null", "GET", "/", 1, &body), -ECONNREFUSED);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(ask_daemon(path, "GET", "/", 1, &body), -ENAMETOOLONG);
}

/* One that accepts and says nothing, and one that does not even accept. */
static void test_silence(void **state)
{
	_cleanup_(buf_done) struct buf body = {0};
	struct server server;
	struct timespec before, after;

	(void)state;
	start(&server, NULL, 0, 1);
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(ask_daemon(server.path, "GET", "/status", 0.3, &body), -ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec <= 2);
	stop(&server);
}

/* More than any status is: the client does not collect it for ever. */
static void test_endless(void **state)
{
	static const char head[] = "HTTP/1.0 200 OK\r\n\r\n";
	size_t len = ((size_t)64 << 20) + 4096;
	_cleanup_(buf_done) struct buf body = {0};
	_cleanup_free_ char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	for (size_t i = 0; i < sizeof(head) - 1; i++)
		text[i] = head[i];
	assert_int_equal(ask(text, len, 1 << 20, &body), -EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),  cmocka_unit_test(test_request),
		cmocka_unit_test(test_no_http), cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_silence), cmocka_unit_test(test_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
