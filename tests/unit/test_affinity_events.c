/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>

#include "daemon/affinity_events.h"
#include "temp_root.h"

#define DIR "proc/irq/"

struct seen {
	size_t n[32]; /* by number of interrupt */
	size_t lost;
};

static void see(void *ctx, int32_t irq)
{
	struct seen *seen = ctx;

	assert_true(irq < 32);
	if (irq < 0)
		seen->lost++;
	else
		seen->n[irq]++;
}

static struct seen look(struct affinity_events *events)
{
	struct seen seen = {0};

	affinity_events_read(events, see, &seen);
	return seen;
}

static void begin(struct temp_root *root, struct affinity_events *events)
{
	temp_root_open(root);
	for (unsigned int irq = 24; irq < 27; irq++) {
		temp_root_putn(root, DIR, irq, "smp_affinity", "ff\n");
		temp_root_putn(root, DIR, irq, "smp_affinity_list", "0-7\n");
	}
	assert_int_equal(affinity_events_open(events, root->dir), 0);
	assert_int_equal(affinity_events_add(events, 24), 0);
	assert_int_equal(affinity_events_add(events, 25), 0);
}

static void end(struct temp_root *root, struct affinity_events *events)
{
	affinity_events_close(events);
	temp_root_done(root);
}

static void test_told(void **state)
{
	struct affinity_events events;
	struct temp_root root;
	struct seen seen;

	(void)state;
	begin(&root, &events);
	assert_int_equal(look(&events).n[24], 0);
	temp_root_put(&root, DIR "25/smp_affinity", "1\n");
	temp_root_put(&root, DIR "26/smp_affinity", "1\n");
	seen = look(&events);
	assert_true(seen.n[25] > 0);
	assert_int_equal(seen.n[24] + seen.n[26] + seen.lost, 0);
	temp_root_put(&root, DIR "25/node", "1\n");
	assert_int_equal(look(&events).n[25], 0);
	temp_root_put(&root, DIR "24/smp_affinity_list", "3\n");
	assert_true(look(&events).n[24] > 0);
	end(&root, &events);
}

/* To ask again changes nothing, but for a directory that is another one now. */
static void test_asked_again(void **state)
{
	struct affinity_events events;
	struct temp_root root;
	size_t n;

	(void)state;
	begin(&root, &events);
	n = events.n_irqs;
	assert_int_equal(affinity_events_add(&events, 24), 0);
	assert_int_equal(events.n_irqs, n);
	assert_int_equal(affinity_events_add(&events, 31), -ENOENT);
	assert_int_equal(renameat(root.fd, DIR "24", root.fd, "old"), 0);
	temp_root_put(&root, DIR "24/smp_affinity", "ff\n");
	temp_root_put(&root, DIR "24/smp_affinity", "1\n");
	assert_int_equal(look(&events).n[24], 0);
	assert_int_equal(affinity_events_add(&events, 24), 0);
	temp_root_put(&root, DIR "24/smp_affinity", "2\n");
	assert_true(look(&events).n[24] > 0);
	end(&root, &events);
}

/* More than the kernel keeps: it may be any. */
static void test_lost(void **state)
{
	struct affinity_events events;
	struct temp_root root;
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
	char line[32];
	unsigned long most = 0;

	(void)state;
	if (!file || !fgets(line, sizeof(line), file) || (most = strtoul(line, NULL, 10)) > 100000)
		skip();
	begin(&root, &events);
	for (unsigned long i = 0; i <= most; i++) /* the same twice would be one */
		temp_root_put(&root, i % 2 ? DIR "24/smp_affinity" : DIR "25/smp_affinity", "1\n");
	assert_int_equal(look(&events).lost, 1);
	end(&root, &events);
}

static void test_none(void **state)
{
	struct affinity_events events = {0};

	(void)state;
	assert_int_equal(affinity_events_add(&events, 24), 0);
	assert_int_equal(look(&events).lost, 0);
	affinity_events_close(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_asked_again),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
