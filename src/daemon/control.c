/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.so (or linked, where all is one program): the only part that needs libmicrohttpd. A
 * request is put into a list and its connection suspended; the loop answers, and the connection
 * goes on.
 */
#include "daemon/control.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/peer.h"

#define MAX_CLIENTS      1200u
#define CLIENT_TIMEOUT_S 5u
#define CLIENT_MEMORY    ((size_t)4096)
#define MAX_BANS         4096u

struct control {
	struct MHD_Daemon *http;
	pthread_mutex_t lock;
	struct control_request *first, **last; /* those that nobody has taken yet */
	void (*wake)(void *ctx);
	void *ctx;
	bool is_ending; /* nothing is put into the list any more */
};

static void request_free(struct control_request *request)
{
	if (!request)
		return;
	free(request->irqs);
	control_text_unref(request->text);
	buf_done(&request->answer);
	free(request);
}

/* Takes the response over, which may be NULL: out of memory. */
static enum MHD_Result queue(struct MHD_Connection *connection, unsigned int status,
			     struct MHD_Response *response)
{
	enum MHD_Result result = MHD_NO;

	if (!response)
		return MHD_NO;
	if (MHD_add_response_header(response, "Content-Type", "application/json") == MHD_YES)
		result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned int status,
			     const char *text, size_t len)
{
	return queue(connection, status,
		     MHD_create_response_from_buffer(len, (void *)text, MHD_RESPMEM_MUST_COPY));
}

static void sent(void *ctx)
{
	control_text_unref(ctx);
}

/* The text goes to the response, and ends with it. */
static enum MHD_Result reply_shared(struct MHD_Connection *connection, unsigned int status,
				    struct control_text *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
		text->text.len, text->text.data, sent, text);

	if (!response)
		control_text_unref(text);
	return queue(connection, status, response);
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned int status,
			      const char *why)
{
	_cleanup_(buf_done) struct buf text = {0};

	if (buf_printf(&text, "{\"error\":\"%s\"}\n", why) < 0)
		return MHD_NO;
	return reply(connection, status, buf_text(&text), text.len);
}

static bool is_root(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	uid_t uid = (uid_t)-1;

	return info && peer_uid(info->connect_fd, &uid) == 0 && (uid == 0 || uid == geteuid());
}

struct bans {
	struct control_request *request;
	size_t cap;
	int error;
};

static enum MHD_Result add_ban(void *ctx, enum MHD_ValueKind kind, const char *key,
			       const char *value)
{
	struct bans *bans = ctx;
	struct control_request *request = bans->request;
	uint64_t irq;

	(void)kind;
	if (strcmp(key, "irq") != 0 || !value || number_parse(value, INT32_MAX, &irq) < 0 ||
	    request->n_irqs == MAX_BANS) {
		bans->error = -EINVAL;
		return MHD_NO;
	}
	bans->error = ARRAY_RESERVE(request->irqs, request->n_irqs + 1, bans->cap);
	if (bans->error < 0)
		return MHD_NO;
	request->irqs[request->n_irqs++] = (int32_t)irq;
	return MHD_YES;
}

/* Puts a request into the list, and its connection to sleep. */
static enum MHD_Result enqueue(struct control *control, struct MHD_Connection *connection,
			       enum control_command command, void **state)
{
	struct control_request *request = calloc(1, sizeof(*request));
	struct bans bans = {.request = request};

	if (!request)
		return MHD_NO;
	request->command = command;
	request->connection = connection;
	if (command == CONTROL_BAN)
		MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_ban, &bans);
	if (bans.error < 0 || (command == CONTROL_BAN && !request->n_irqs)) {
		request_free(request);
		return refuse(connection, MHD_HTTP_BAD_REQUEST,
			      "which interrupts? /ban?irq=24&irq=25");
	}
	pthread_mutex_lock(&control->lock);
	if (control->is_ending) {
		pthread_mutex_unlock(&control->lock);
		request_free(request);
		return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "the daemon ends");
	}
	*state = request;
	MHD_suspend_connection(connection);
	*control->last = request;
	control->last = &request->next;
	pthread_mutex_unlock(&control->lock);
	control->wake(control->ctx);
	return MHD_YES;
}

struct route {
	const char *method, *path;
	enum control_command command;
	bool writes;
};

static const struct route routes[] = {
	{"GET", "/status", CONTROL_STATUS, false},
	{"POST", "/reload", CONTROL_RELOAD, true},
	{"POST", "/ban", CONTROL_BAN, true},
};

static const struct route *find_route(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	}
	return NULL;
}

/* What a connection's state points at before there is a request. */
static char began;

/* libmicrohttpd calls it for the headers, for each piece of a body, and at the end. */
static enum MHD_Result handle(void *ctx, struct MHD_Connection *connection, const char *path,
			      const char *method, const char *version, const char *body,
			      size_t *body_len, void **state)
{
	struct control_request *request;
	const struct route *route;

	(void)version;
	(void)body;
	if (!*state) {
		*state = &began;
		return MHD_YES;
	}
	if (*body_len) {
		*body_len = 0; /* nobody needs it */
		return MHD_YES;
	}
	if (*state != &began) {
		struct control_text *text;

		request = *state;
		text = request->text;
		request->text = NULL;
		return text ? reply_shared(connection, request->status, text)
			    : reply(connection, request->status, buf_text(&request->answer),
				    request->answer.len);
	}
	route = find_route(path);
	if (!route)
		return refuse(connection, MHD_HTTP_NOT_FOUND, "there is /status, /reload and /ban");
	if (strcmp(route->method, method) != 0)
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "another method is wanted");
	if (route->writes && !is_root(connection))
		return refuse(connection, MHD_HTTP_FORBIDDEN, "only root may do this");
	return enqueue(ctx, connection, route->command, state);
}

static void completed(void *ctx, struct MHD_Connection *connection, void **state,
		      enum MHD_RequestTerminationCode code)
{
	(void)ctx;
	(void)connection;
	(void)code;
	if (*state != &began)
		request_free(*state);
	*state = NULL;
}

static int start(int listener, void (*wake)(void *ctx), void *ctx, struct control **ret)
{
	struct control *control = calloc(1, sizeof(*control));

	if (!control)
		return -ENOMEM;
	control->last = &control->first;
	control->wake = wake;
	control->ctx = ctx;
	pthread_mutex_init(&control->lock, NULL);
	control->http = MHD_start_daemon(
		MHD_USE_AUTO_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL,
		NULL, handle, control, MHD_OPTION_LISTEN_SOCKET, listener,
		MHD_OPTION_CONNECTION_LIMIT, MAX_CLIENTS, MHD_OPTION_CONNECTION_TIMEOUT,
		CLIENT_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CLIENT_MEMORY,
		MHD_OPTION_NOTIFY_COMPLETED, completed, control, MHD_OPTION_END);
	if (!control->http) {
		pthread_mutex_destroy(&control->lock);
		free(control);
		return -EIO;
	}
	*ret = control;
	return 0;
}

static struct control_request *take(struct control *control)
{
	struct control_request *request;

	pthread_mutex_lock(&control->lock);
	request = control->first;
	if (request) {
		control->first = request->next;
		if (!control->first)
			control->last = &control->first;
		request->next = NULL;
	}
	pthread_mutex_unlock(&control->lock);
	return request;
}

static void answer(struct control *control, struct control_request *request)
{
	(void)control;
	MHD_resume_connection(request->connection);
}

static void stop(struct control *control)
{
	struct control_request *request;

	/* libmicrohttpd wants every connection awake, and aborts where one is not */
	pthread_mutex_lock(&control->lock);
	control->is_ending = true;
	pthread_mutex_unlock(&control->lock);
	while ((request = take(control)) != NULL) {
		request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
		answer(control, request);
	}
	MHD_stop_daemon(control->http);
	pthread_mutex_destroy(&control->lock);
	free(control);
}

const struct control_ops irqctl_control = {start, take, answer, stop};
