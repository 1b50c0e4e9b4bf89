/* SPDX-License-Identifier: BSD-2-Clause */
#include "temp_root.h"

#include "snapshot/cpus.h"

#define CPU_DIR "sys/devices/system/cpu/"

static void check_set(const struct cpuset *set, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), wanted);
}

static void reads_all(void **state)
{
	_cleanup_(temp_root_done) struct temp_root root;
	_cleanup_(cpu_sets_done) struct cpu_sets sets = {0};
	_cleanup_(cpuset_done) struct cpuset cpus = {0};

	(void)state;
	temp_root_open(&root);
	temp_root_put(&root, CPU_DIR "online", "0-15\n");
	temp_root_put(&root, CPU_DIR "isolated", "2-3\n");
	temp_root_put(&root, CPU_DIR "nohz_full", "3-4\n");
	temp_root_put(&root, "sys/fs/cgroup/cpuset.cpus.isolated", "8\n");
	assert_int_equal(cpu_sets_read(root.source, &sets), 0);
	check_set(&sets.online, "0-15");
	check_set(&sets.isolated, "2-3,8");
	check_set(&sets.nohz_full, "3-4");
	assert_int_equal(cpuset_copy(&cpus, &sets.online), 0);
	cpu_sets_remove_isolated(&sets, &cpus);
	check_set(&cpus, "0-1,5-7,9-15");
	/* what is gone the next time is not remembered */
	temp_root_put(&root, CPU_DIR "online", "0-3\n");
	temp_root_put(&root, CPU_DIR "isolated", "\n");
	temp_root_put(&root, CPU_DIR "nohz_full", "(null)\n");
	temp_root_unlink(&root, "sys/fs/cgroup/cpuset.cpus.isolated");
	assert_int_equal(cpu_sets_read(root.source, &sets), 0);
	check_set(&sets.online, "0-3");
	check_set(&sets.isolated, "");
	check_set(&sets.nohz_full, "");
}

static void reads_nothing(void **state)
{
	_cleanup_(temp_root_done) struct temp_root root;
	_cleanup_(cpu_sets_done) struct cpu_sets sets = {0};

	(void)state;
	temp_root_open(&root);
	temp_root_put(&root, CPU_DIR "isolated", "0-99999999\n");
	assert_int_equal(cpu_sets_read(root.source, &sets), 0);
	check_set(&sets.online, "");
	check_set(&sets.isolated, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all),
		cmocka_unit_test(reads_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
