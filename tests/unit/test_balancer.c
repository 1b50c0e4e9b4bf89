/* SPDX-License-Identifier: BSD-2-Clause */
/* Which daemon is in charge of a machine, by its processes. */
#include "fake_machine.h"

#include "apply/balancer.h"

static void add_process(struct fake *fake, const char *pid, const char *name, const char *arguments,
			size_t len)
{
	_cleanup_(buf_done) struct buf path = {0};
	int file;

	assert_int_equal(buf_printf(&path, "proc/%s/comm", pid), 0);
	fake_put(fake, path.data, name);
	buf_cut(&path, 0);
	assert_int_equal(buf_printf(&path, "proc/%s/cmdline", pid), 0);
	fake_put(fake, path.data, "");
	file = openat(fake->fd, path.data, O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(write(file, arguments, len), (ssize_t)len);
	close(file);
}

/* The arguments are a literal, with a NUL behind each. */
#define PROCESS(fake, pid, name, arguments)                                                        \
	add_process(fake, pid, name "\n", arguments, sizeof(arguments))

static void check(struct fake *fake, const char *name, int32_t wanted)
{
	const struct balancer *found;
	int32_t pid;

	assert_int_equal(balancer_find(&fake->base, &found, &pid), 0);
	assert_int_equal(pid, wanted);
	if (name)
		assert_string_equal(found->name, name);
	else
		assert_null(found);
}

static void test_none(void **state)
{
	struct fake *fake = *state;

	check(fake, NULL, 0);
	PROCESS(fake, "1", "init", "init");
	PROCESS(fake, "self", "irqbalance", "irqbalance");
	PROCESS(fake, "7", "irqbalance-ui", "irqbalance-ui");
	PROCESS(fake, "8", "sh", "sh\0daemon");
	check(fake, NULL, 0);
	fake_put(fake, "proc/9/stat", "9 (irqbalance) S\n"); /* it ended while it was looked at */
	check(fake, NULL, 0);
}

static void test_irqbalance(void **state)
{
	struct fake *fake = *state;

	PROCESS(fake, "812", "irqbalance", "/usr/sbin/irqbalance\0--foreground");
	check(fake, "irqbalance", 812);
}

/* The program has other verbs, of which none is in charge; and an observer moves nothing. */
static void test_irqctl(void **state)
{
	struct fake *fake = *state;

	PROCESS(fake, "20", "irqctl", "irqctl\0set\00024\0003");
	PROCESS(fake, "21", "irqctl", "daemon");
	PROCESS(fake, "22", "irqctl", "irqctl\0restore\0--daemon");
	PROCESS(fake, "23", "irqctl-full", "irqctl\0daemon\0--observe");
	PROCESS(fake, "24", "irqctl", "irqctl\0daemons");
	PROCESS(fake, "25", "irqctl", "");
	fake_put(fake, "proc/26/comm", "irqctl\n");
	check(fake, NULL, 0);
	PROCESS(fake, "27", "irqctl-full", "irqctl\0daemon");
	check(fake, "irqctl daemon", 27);
	PROCESS(fake, "30", "irqbalance", "irqbalance");
	check(fake, "irqbalance", 30);
}

static void test_irqctl_alone(void **state)
{
	struct fake *fake = *state;

	PROCESS(fake, "5", "irqctl", "/usr/bin/irqctl\0daemon\0--config\0/tmp/c");
	check(fake, "irqctl daemon", 5);
}

int main(void)
{
#define EACH(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
	const struct CMUnitTest tests[] = {
		EACH(test_none),
		EACH(test_irqbalance),
		EACH(test_irqctl),
		EACH(test_irqctl_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
