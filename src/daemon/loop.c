/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#include "apply/balancer.h"
#include "apply/freebsd.h"
#include "base/clock.h"
#include "base/heap.h"
#include "base/macros.h"
#include "base/places.h"
#include "daemon/control.h"
#include "daemon/lock.h"
#include "daemon/log.h"
#include "daemon/notify.h"
#include "daemon/thermal.h"
#include "daemon/uevent.h"

#define SETTLE_MS       300 /* after a device or CPU came, the others that come with it */
#define STATUS_AGE_NS   1000000000u
#define BACKLOG         4096 /* the kernel may allow fewer (net.core.somaxconn) */
#define ANSWERS_AT_ONCE 32
#define DESCRIPTORS     4096

struct loop {
	uv_loop_t uv;
	uv_timer_t timer, watchdog;
	uv_signal_t signals[3]; /* TERM, INT, HUP */
	uv_poll_t listen_poll, uevent_poll, thermal_poll;
	uv_async_t wake;
	struct keeper keeper;
	struct daemon_lock lock;
	int listener, uevents, thermal;
	char *socket_path;
	const struct control_ops *control_ops;
	struct control *control;
	struct control_text *status; /* the last document */
	uint64_t status_ns;
	uint64_t next_ns; /* when the next sample is due; CLOCK_MONOTONIC */
};

static void on_timer(uv_timer_t *timer);

/* Samples follow a grid, so that what a step takes does not add up. */
static void schedule(struct loop *loop, double seconds)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC), step = (uint64_t)(seconds * 1e9);

	loop->next_ns += step;
	if (loop->next_ns < now || loop->next_ns > now + step)
		loop->next_ns = now + step;
	uv_timer_start(&loop->timer, on_timer, (loop->next_ns - now + 999999) / 1000000, 0);
}

/* Timers come before what arrived: what a device told must be known when the step looks at it. */
static void step(struct loop *loop)
{
	if (loop->uevents >= 0 && uevent_read(loop->uevents))
		keeper_changed(&loop->keeper);
	schedule(loop, keeper_step(&loop->keeper));
}

static void on_timer(uv_timer_t *timer)
{
	struct loop *loop = timer->data;
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	double late = now > loop->next_ns ? (double)(now - loop->next_ns) / 1e9 : 0;

	if (late > loop->keeper.late_s)
		loop->keeper.late_s = late;
	step(loop);
}

static void on_watchdog(uv_timer_t *timer)
{
	(void)timer;
	notify_manager("WATCHDOG=1");
}

/* The time tells Type=notify-reload (systemd 253) which of its requests is meant. */
static void notify_reloading(void)
{
	_cleanup_(buf_done) struct buf text = {0};

	if (buf_printf(&text, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		       clock_ns(CLOCK_MONOTONIC) / 1000) == 0)
		notify_manager(buf_text(&text));
}

static int reload(struct loop *loop, struct buf *error)
{
	int r;

	notify_reloading();
	r = keeper_reload(&loop->keeper, error);
	if (r < 0) {
		if (!error->len)
			buf_puts(error, strerror(-r));
		log_lines(CONFIG_LOG_ERROR, buf_text(error));
		log_error("the configuration stays as it was");
	} else {
		log_info("the configuration was read again");
	}
	notify_manager("READY=1");
	return r;
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct loop *loop = signal->data;
	_cleanup_(buf_done) struct buf error = {0};

	if (number == SIGHUP)
		reload(loop, &error);
	else
		uv_stop(&loop->uv);
}

static void on_uevent(uv_poll_t *poll, int status, int events)
{
	struct loop *loop = poll->data;

	(void)events;
	if (status < 0 || !uevent_read(loop->uevents))
		return;
	keeper_changed(&loop->keeper);
	/* never later than it was due: one that comes and goes all the time delays nothing */
	if (loop->next_ns <= clock_ns(CLOCK_MONOTONIC) + SETTLE_MS * 1000000u)
		return;
	loop->next_ns = clock_ns(CLOCK_MONOTONIC);
	schedule(loop, SETTLE_MS / 1e3);
}

static void on_thermal(uv_poll_t *poll, int status, int events)
{
	struct loop *loop = poll->data;

	(void)events;
	if (status == 0 && thermal_read(loop->thermal, &loop->keeper.hot) == 1)
		keeper_hot(&loop->keeper);
}

static struct control_text *make_status(struct loop *loop)
{
	struct control_text *text = calloc(1, sizeof(*text));

	if (!text)
		return NULL;
	text->refs = 1;
	if (keeper_status(&loop->keeper, &text->text) < 0) {
		control_text_unref(text);
		return NULL;
	}
	heap_trim();
	return text;
}

/* A document is good for a second: nobody can make the daemon write more. */
static void answer_status(struct loop *loop, struct control_request *request)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (!loop->status || now - loop->status_ns > STATUS_AGE_NS) {
		if (keeper_rests(&loop->keeper)) {
			keeper_wake(&loop->keeper);
			step(loop);
		}
		control_text_unref(loop->status);
		loop->status = make_status(loop);
		loop->status_ns = now;
	}
	request->status = loop->status ? 200 : 503;
	if (loop->status)
		request->text = control_text_ref(loop->status);
}

static void answer_ban(struct loop *loop, struct control_request *request)
{
	for (size_t i = 0; i < request->n_irqs; i++) {
		uint32_t irq = engine_find(&loop->keeper.fleet.engine, request->irqs[i]);

		if (irq == ENGINE_NOWHERE) {
			request->status = 404;
			buf_printf(&request->answer, "{\"error\":\"no IRQ %d\"}\n",
				   request->irqs[i]);
			return;
		}
	}
	for (size_t i = 0; i < request->n_irqs; i++)
		keeper_ban(&loop->keeper,
			   engine_find(&loop->keeper.fleet.engine, request->irqs[i]));
	request->status = 200;
	buf_puts(&request->answer, "{\"ok\":true}\n");
}

static void answer_reload(struct loop *loop, struct control_request *request)
{
	_cleanup_(buf_done) struct buf error = {0};

	request->status = reload(loop, &error) < 0 ? 400 : 200;
	/* plain text: it is for a person, line by line */
	buf_puts(&request->answer, request->status == 200 ? "{\"ok\":true}\n" : buf_text(&error));
}

/* Some at a time: between them the timer has its turn, however many clients there are. */
static void on_wake(uv_async_t *async)
{
	struct loop *loop = async->data;
	struct control_request *request;
	unsigned int n = 0;

	while (loop->control && (request = loop->control_ops->take(loop->control)) != NULL) {
		if (request->command == CONTROL_STATUS)
			answer_status(loop, request);
		else if (request->command == CONTROL_RELOAD)
			answer_reload(loop, request);
		else
			answer_ban(loop, request);
		loop->control_ops->answer(loop->control, request);
		if (++n == ANSWERS_AT_ONCE) {
			uv_async_send(&loop->wake);
			return;
		}
	}
}

static void wake(void *ctx)
{
	uv_async_send(&((struct loop *)ctx)->wake);
}

/* The first client: from now on the module listens. */
static void on_client(uv_poll_t *poll, int status, int events)
{
	struct loop *loop = poll->data;
	int r;

	(void)status;
	(void)events;
	uv_poll_stop(poll);
	r = control_load(&loop->control_ops);
	if (r == 0)
		r = loop->control_ops->start(loop->listener, wake, loop, &loop->control);
	if (r == 0)
		return;
	log_error("%s: nobody can be answered: %s", loop->socket_path, strerror(-r));
	close(loop->listener); /* so that nobody waits for it either */
	loop->listener = -1;
}

/* Members of the group may look; only root may change (control.c looks at the credentials). */
static int bind_to(int fd, const char *path, const char *group)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct group *entry;
	struct stat old;
	mode_t mask;
	int r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	/* of a daemon that was killed: the lock says that there is no other one */
	if (lstat(path, &old) == 0 && S_ISSOCK(old.st_mode))
		unlink(path);
	mask = umask(0117);
	r = bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	umask(mask);
	if (r < 0)
		return r;
	entry = getgrnam(group);
	if (!entry)
		log_warning("socket_group = %s: there is no such group; only root may ask", group);
	if (entry && chown(path, (uid_t)-1, entry->gr_gid) < 0)
		return -errno;
	return listen(fd, BACKLOG) < 0 ? -errno : 0;
}

static int listen_at(const char *path, const char *group, int *ret)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r = fd < 0 ? -errno : bind_to(fd, path, group);

	if (r == 0)
		*ret = fd;
	else if (fd >= 0)
		close(fd);
	return r;
}

static int make_parent(const char *path)
{
	_cleanup_free_ char *dir = strdup(path);
	char *slash = dir ? strrchr(dir, '/') : NULL;

	if (!dir)
		return -ENOMEM;
	if (!slash || slash == dir)
		return 0;
	*slash = '\0';
	return mkdir(dir, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static int open_socket(struct loop *loop)
{
	const struct config *config = loop->keeper.config;
	int r = make_parent(config->socket);

	if (r == 0)
		r = listen_at(config->socket, config->socket_group, &loop->listener);
	if (r < 0) {
		log_error("%s: cannot listen: %s", config->socket, strerror(-r));
		return r;
	}
	loop->socket_path = strdup(config->socket);
	return loop->socket_path ? 0 : -ENOMEM;
}

int loop_alone(struct source *source)
{
	const struct balancer *other;
	int32_t pid;
	int r = balancer_find(source, &other, &pid);

	if (r < 0)
		return r;
	if (other && strcmp(other->name, "irqbalance") == 0) {
		log_error("irqbalance (process %d) balances this machine already; stop it first: "
			  "systemctl disable --now irqbalance",
			  pid);
		return -EBUSY;
	}
	if (freebsd_intrbalance(source)) {
		log_error("the kernel balances this machine already; switch it off first: sysctl "
			  "hw.intrbalance=0");
		return -EBUSY;
	}
	return 0;
}

/* Never two of us. */
static int lock(struct loop *loop, bool observe)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = daemon_lock_take(&loop->lock, loop->keeper.state_dir, observe, &error);

	if (r < 0)
		log_error("%s", error.len ? buf_text(&error) : strerror(-r));
	return r;
}

/*
 * One that only observes may do so beside others, and without rights; then nobody can ask it. It
 * changes nothing that another daemon left behind.
 */
static int prepare(struct loop *loop, const struct keeper_options *options)
{
	int r;

	if (options->root)
		return 0;
	r = options->observe ? 0 : loop_alone(loop->keeper.source);
	if (r == 0)
		r = lock(loop, options->observe);
	if (r == 0)
		r = open_socket(loop);
	if (r < 0 && r != -ENOMEM && options->observe) {
		log_info("'irqctl status' cannot ask this daemon");
		r = 0;
	}
	loop->uevents = r == 0 ? uevent_open() : -1;
	loop->thermal = r == 0 ? thermal_open() : -1; /* watched even if it does not count now */
	return r;
}

static int start_poll(struct loop *loop, uv_poll_t *poll, int fd, uv_poll_cb callback)
{
	int r = uv_poll_init(&loop->uv, poll, fd);

	poll->data = loop;
	return r < 0 ? r : uv_poll_start(poll, UV_READABLE, callback);
}

static int start_signals(struct loop *loop)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(numbers) && r == 0; i++) {
		r = uv_signal_init(&loop->uv, &loop->signals[i]);
		loop->signals[i].data = loop;
		if (r == 0)
			r = uv_signal_start(&loop->signals[i], on_signal, numbers[i]);
	}
	return r;
}

static int start_timers(struct loop *loop)
{
	uint64_t watchdog_ms = notify_watchdog_us() / 1000;
	int r = uv_timer_init(&loop->uv, &loop->timer);

	loop->timer.data = loop;
	if (r == 0)
		r = uv_timer_init(&loop->uv, &loop->watchdog);
	if (r == 0 && watchdog_ms)
		r = uv_timer_start(&loop->watchdog, on_watchdog, 0, watchdog_ms / 2 + 1);
	return r;
}

static int start(struct loop *loop)
{
	int r = start_timers(loop);

	if (r == 0)
		r = uv_async_init(&loop->uv, &loop->wake, on_wake);
	loop->wake.data = loop;
	if (r == 0 && loop->listener >= 0)
		r = start_poll(loop, &loop->listen_poll, loop->listener, on_client);
	if (r == 0 && loop->uevents >= 0)
		r = start_poll(loop, &loop->uevent_poll, loop->uevents, on_uevent);
	if (r == 0 && loop->thermal >= 0)
		r = start_poll(loop, &loop->thermal_poll, loop->thermal, on_thermal);
	return r;
}

/* Files that are read each second stay open, and clients come on top. */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= DESCRIPTORS)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void log_failure(const struct buf *error, int r)
{
	if (error->len)
		log_lines(CONFIG_LOG_ERROR, buf_text(error));
	else
		log_error("%s", strerror(-r));
}

static void log_start_failure(int r)
{
	log_error("the event loop cannot start: %s", uv_strerror(r));
}

static int start_keeper(struct loop *loop, const struct keeper_options *options)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = keeper_init(&loop->keeper, options, &error);

	if (r == 0) {
		r = prepare(loop, options);
		if (r < 0)
			return r; /* it was said why */
		r = keeper_start(&loop->keeper, &error);
	}
	if (r < 0)
		log_failure(&error, r);
	return r;
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void finish(struct loop *loop)
{
	if (loop->control)
		loop->control_ops->stop(loop->control);
	else if (loop->listener >= 0)
		close(loop->listener);
	if (loop->socket_path)
		unlink(loop->socket_path);
	uv_walk(&loop->uv, close_handle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	closep(&loop->uevents);
	closep(&loop->thermal);
	daemon_lock_drop(&loop->lock);
	free(loop->socket_path);
	control_text_unref(loop->status);
	keeper_done(&loop->keeper);
}

int loop_run(const struct keeper_options *options)
{
	struct loop loop = {.lock = DAEMON_LOCK_NONE, .listener = -1, .uevents = -1, .thermal = -1};
	int r = uv_loop_init(&loop.uv), stopped = 0;

	if (r < 0)
		return r;
	raise_limits();
	signal(SIGPIPE, SIG_IGN);
	/* first of all: a SIGHUP that comes meanwhile is a reload afterwards, and kills nobody */
	r = start_signals(&loop);
	if (r == 0)
		r = start_keeper(&loop, options);
	else
		log_start_failure(r);
	if (r == 0 && (r = start(&loop)) < 0)
		log_start_failure(r);
	if (r == 0) {
		notify_manager("READY=1");
		step(&loop);
		uv_run(&loop.uv, UV_RUN_DEFAULT);
		notify_manager("STOPPING=1");
		stopped = keeper_stop(&loop.keeper);
	}
	finish(&loop);
	return r < 0 ? r : stopped;
}
