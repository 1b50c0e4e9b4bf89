/* SPDX-License-Identifier: BSD-2-Clause */
/* What the service manager is told. */
#include "cmocka_all.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/macros.h"
#include "daemon/notify.h"

/* A socket with this name, which notify_manager() will find; '@' stands for the NUL in front. */
static int listen_as(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path, name, strlen(name));
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
			 0);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static void check_heard(int fd, const char *wanted)
{
	char text[64] = "";

	assert_int_equal(recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT), (int)strlen(wanted));
	assert_string_equal(text, wanted);
}

static void test_path(void **state)
{
	char name[] = "/tmp/irqctl-test-XXXXXX";
	_cleanup_close_ int fd = -1;

	(void)state;
	close(mkstemp(name));
	unlink(name);
	fd = listen_as(name);
	notify_manager("READY=1");
	check_heard(fd, "READY=1");
	unlink(name);
	notify_manager("WATCHDOG=1"); /* nobody is there any more */
}

static void test_abstract(void **state)
{
	char name[64];
	_cleanup_close_ int fd = -1;

	(void)state;
	snprintf(name, sizeof(name), "@irqctl-test-%d", (int)getpid());
	fd = listen_as(name);
	notify_manager("STOPPING=1");
	check_heard(fd, "STOPPING=1");
}

/* None, or none that makes sense: nothing happens. */
static void test_no_socket(void **state)
{
	char name[300];

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	notify_manager("READY=1");
	setenv("NOTIFY_SOCKET", "", 1);
	notify_manager("READY=1");
	setenv("NOTIFY_SOCKET", "relative", 1);
	notify_manager("READY=1");
	memset(name, 'x', sizeof(name));
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	setenv("NOTIFY_SOCKET", name, 1);
	notify_manager("READY=1");
}

/* A manager that does not read: it is not waited for. */
static void test_full(void **state)
{
	char name[64];
	_cleanup_close_ int fd = -1;

	(void)state;
	snprintf(name, sizeof(name), "@irqctl-full-%d", (int)getpid());
	fd = listen_as(name);
	for (int i = 0; i < 10000; i++)
		notify_manager("WATCHDOG=1");
	check_heard(fd, "WATCHDOG=1");
}

static uint64_t watchdog(const char *usec, const char *pid)
{
	if (usec)
		setenv("WATCHDOG_USEC", usec, 1);
	else
		unsetenv("WATCHDOG_USEC");
	if (pid)
		setenv("WATCHDOG_PID", pid, 1);
	else
		unsetenv("WATCHDOG_PID");
	return notify_watchdog_us();
}

static void test_watchdog(void **state)
{
	char pid[16];

	(void)state;
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	assert_int_equal(watchdog(NULL, NULL), 0);
	assert_int_equal(watchdog("30000000", NULL), 30000000);
	assert_int_equal(watchdog("30000000", pid), 30000000);
	assert_int_equal(watchdog("30000000", "1"), 0);
	assert_int_equal(watchdog("30000000", "x"), 0);
	assert_int_equal(watchdog("-1", NULL), 0);
	assert_int_equal(watchdog("", NULL), 0);
	assert_int_equal(watchdog("1 s", NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),      cmocka_unit_test(test_abstract),
		cmocka_unit_test(test_no_socket), cmocka_unit_test(test_full),
		cmocka_unit_test(test_watchdog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
