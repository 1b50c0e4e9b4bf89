/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/ask.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"

#define ANSWER_MAX ((size_t)64 << 20)
#define PIECE      ((size_t)16384)

/* Waits until the socket is ready. 0, -ETIMEDOUT or -errno. */
static int wait_for(int fd, short events, double end)
{
	struct pollfd poller = {.fd = fd, .events = events};

	for (;;) {
		double left = end - clock_s(CLOCK_MONOTONIC);
		int r = left > 0 ? poll(&poller, 1, (int)(left * 1000) + 1) : 0;

		if (r > 0)
			return 0;
		if (r == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

static int connect_to(const char *path, double end)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* a listener whose queue is full says EAGAIN on Linux, and poll() does not wait for it */
	while ((r = connect(fd, (const struct sockaddr *)&address, sizeof(address))) < 0 &&
	       errno == EAGAIN && clock_s(CLOCK_MONOTONIC) < end)
		nanosleep(&(const struct timespec){.tv_nsec = 10000000}, NULL);
	if (r < 0) {
		r = errno == EAGAIN ? -ETIMEDOUT : -errno;
		close(fd);
		return r;
	}
	return fd;
}

static int send_all(int fd, const struct buf *request, double end)
{
	size_t sent = 0;

	while (sent < request->len) {
		ssize_t n = send(fd, request->data + sent, request->len - sent, MSG_NOSIGNAL);

		if (n >= 0) {
			sent += (size_t)n;
		} else if (errno == EAGAIN || errno == EINTR) {
			int r = wait_for(fd, POLLOUT, end);

			if (r < 0)
				return r;
		} else {
			return -errno;
		}
	}
	return 0;
}

static int receive_all(int fd, struct buf *answer, double end)
{
	for (;;) {
		int r = wait_for(fd, POLLIN, end);
		ssize_t n;

		if (r == 0)
			r = buf_reserve(answer, PIECE);
		if (r < 0)
			return r;
		n = recv(fd, answer->data + answer->len, PIECE, 0);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n > 0)
			answer->len += (size_t)n;
		if (answer->len > ANSWER_MAX)
			return -EFBIG;
	}
}

/* "HTTP/1.0 200 OK", headers, an empty line, the body: the connection's end is its end. */
static int split(const struct buf *answer, struct buf *body)
{
	const char *text = buf_text(answer), *p, *blank;
	const char *end = text + answer->len;
	uint64_t status;
	int r;

	if (answer->len < 12 || memcmp(text, "HTTP/1.", 7) != 0 || text[8] != ' ')
		return -EPROTO;
	p = text + 9;
	r = number_read(&p, end, 999, &status);
	blank = memmem(text, answer->len, "\r\n\r\n", 4);
	if (r < 0 || !blank || status < 100)
		return -EPROTO;
	blank += 4;
	r = buf_append(body, blank, (size_t)(end - blank));
	return r < 0 ? r : (int)status;
}

int ask_daemon(const char *socket_path, const char *method, const char *path, double timeout_s,
	       struct buf *body)
{
	_cleanup_(buf_done) struct buf request = {0}, answer = {0};
	double end = clock_s(CLOCK_MONOTONIC) + timeout_s;
	_cleanup_close_ int fd = connect_to(socket_path, end);
	int r;

	if (fd < 0)
		return fd;
	/* 1.0: no pieces, and the connection ends with the answer */
	r = buf_printf(&request, "%s %s HTTP/1.0\r\nHost: irqctl\r\nContent-Length: 0\r\n\r\n",
		       method, path);
	if (r == 0)
		r = send_all(fd, &request, end);
	if (r == 0)
		r = receive_all(fd, &answer, end);
	return r < 0 ? r : split(&answer, body);
}
