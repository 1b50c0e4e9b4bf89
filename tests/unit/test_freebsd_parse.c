/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD's formats: hw.intrcnt with hw.intrnames, hw.intrs, and the small values. */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "parse/freebsd_dtrace.h"
#include "parse/freebsd_intr.h"
#include "parse/freebsd_intrs.h"
#include "parse/freebsd_msix.h"
#include "parse/freebsd_sysctl.h"

struct counter {
	const char *name;
	uint64_t count;
};

/* Names of `stride` bytes, padded as the kernel does; the first counters of `n`. */
static int parse(const struct counter *counters, size_t n_named, size_t n, size_t stride,
		 uint32_t n_cpus, struct irq_table *table)
{
	_cleanup_free_ char *names = calloc(n, stride);
	_cleanup_free_ uint64_t *counts = calloc(n, sizeof(*counts));
	struct irq_parse_error error = {0};
	const struct freebsd_intr intr = {.counts = (const char *)counts,
					  .counts_len = n * sizeof(*counts),
					  .names = names,
					  .names_len = n * stride,
					  .n_cpus = n_cpus};

	*table = (struct irq_table){0};
	for (size_t i = 0; i < n_named; i++) {
		memset(names + i * stride, ' ', stride - 1);
		memcpy(names + i * stride, counters[i].name, strlen(counters[i].name));
		counts[i] = counters[i].count;
	}
	return freebsd_intr_parse(&intr, table, &error);
}

static void check_row(const struct irq_row *row, const char *key, const char *text, int32_t number,
		      uint64_t total, uint32_t line)
{
	assert_string_equal(row->key, key);
	assert_string_equal(row->text, text);
	assert_int_equal(row->number, number);
	assert_int_equal(row->total, total);
	assert_int_equal(row->line, line);
}

static void test_pc(void **state)
{
	static const struct counter counters[] = {
		{"???", 0},         {"irq1: atkbd0", 2},         {"stray irq1", 7},
		{"irq3:", 0},       {"stray irq3", 0},           {"cpu0:timer", 115},
		{"cpu1:timer", 0},  {"cpu2:timer", 5},           {"irq26: nvme0:admin", 31},
		{"stray irq26", 0}, {"irq16: uhci0 ehci0+*", 9},
	};
	struct irq_table table;

	(void)state;
	assert_int_equal(parse(counters, ARRAY_SIZE(counters), 12345, 21, 4, &table), 0);
	assert_int_equal(table.n_rows, 9);
	assert_int_equal(table.n_cpus, 4);
	assert_int_equal(table.name_width, 20);
	check_row(&table.rows[0], "???", "", -1, 0, 1);
	check_row(&table.rows[1], "1", "atkbd0", 1, 2, 2);
	assert_true(table.rows[1].summary);
	assert_string_equal(table.rows[1].name, "irq1: atkbd0");
	check_row(&table.rows[2], "stray irq1", "", -1, 7, 3);
	check_row(&table.rows[3], "3", "", 3, 0, 4);
	check_row(&table.rows[5], "timer", "", -1, 120, 6);
	assert_false(table.rows[5].summary);
	assert_int_equal(table.rows[5].n_columns, 3);
	assert_int_equal(irq_table_count(&table, &table.rows[5], 0), 115);
	assert_int_equal(irq_table_count(&table, &table.rows[5], 1), 0);
	assert_int_equal(irq_table_count(&table, &table.rows[5], 2), 5);
	check_row(&table.rows[6], "26", "nvme0:admin", 26, 31, 9);
	check_row(&table.rows[8], "16", "uhci0 ehci0+*", 16, 9, 11);
	irq_table_done(&table);
}

static void test_arm(void **state)
{
	static const struct counter counters[] = {
		{"gic0,p11:-ic_timer0", 929},
		{"stray gic0,p11:", 0},
		{"gic0,s5:", 0},
		{"gpio0:", 1},
		{"stray gpio0:", 0},
		{"gpio0:", 2},
		{"its0,10:-vme0:admin", 31},
		{"cpu0:stop hard", 0},
		{"cpu1:stop hard", 3},
		{"cpu0:preempt", 1},
		{"cpu9:preempt", 4},
	};
	struct irq_table table;

	(void)state;
	assert_int_equal(parse(counters, ARRAY_SIZE(counters), 32792, 39, 4, &table), 0);
	check_row(&table.rows[0], "gic0,p11", "-ic_timer0", -1, 929, 1);
	check_row(&table.rows[1], "stray gic0,p11:", "", -1, 0, 2);
	check_row(&table.rows[2], "gic0,s5", "", -1, 0, 3);
	check_row(&table.rows[3], "gpio0", "", -1, 1, 4);
	check_row(&table.rows[5], "gpio0", "", -1, 2, 6);
	assert_int_equal(table.rows[3].occurrence, 0);
	assert_int_equal(table.rows[5].occurrence, 1);
	check_row(&table.rows[6], "its0,10", "-vme0:admin", -1, 31, 7);
	check_row(&table.rows[7], "stop hard", "", -1, 3, 8);
	check_row(&table.rows[8], "preempt", "", -1, 1, 10);
	/* no such CPU: the number is still there, as a total */
	check_row(&table.rows[9], "cpu9:preempt", "", -1, 4, 11);
	assert_true(table.rows[9].summary);
	irq_table_done(&table);
}

/* A name that fills its place has no NUL; CPUs that nobody told are counted. */
static void test_edges(void **state)
{
	static const struct counter counters[] = {
		{"irq4294967296: x", 1}, {"irq7:x", 2}, {":", 3},     {"cpu5:a", 4},
		{"cpu5:a", 5},           {"cpu3:a", 6}, {"cpu:a", 7},
	};
	struct irq_table table;

	(void)state;
	assert_int_equal(parse(counters, ARRAY_SIZE(counters), 8, 17, 0, &table), 0);
	assert_int_equal(table.n_rows, 7);
	assert_int_equal(table.n_cpus, 6);
	check_row(&table.rows[0], "irq4294967296", "x", -1, 1, 1);
	check_row(&table.rows[1], "irq7:x", "", -1, 2, 2);
	check_row(&table.rows[2], ":", "", -1, 3, 3);
	/* CPUs that do not ascend are other rows */
	check_row(&table.rows[3], "a", "", -1, 4, 4);
	check_row(&table.rows[4], "a", "", -1, 5, 5);
	check_row(&table.rows[5], "a", "", -1, 6, 6);
	assert_int_equal(table.rows[5].occurrence, 2);
	irq_table_done(&table);
}

static void test_sizes(void **state)
{
	char bytes[64] = {0};
	struct freebsd_intr intr = {.counts = bytes, .names = bytes, .n_cpus = 1};
	struct irq_parse_error error;
	struct irq_table table = {0};

	(void)state;
	assert_int_equal(freebsd_intr_parse(&intr, &table, &error), -ENODATA);
	intr.counts_len = 12;
	assert_int_equal(freebsd_intr_parse(&intr, &table, &error), -EINVAL);
	intr.counts_len = 16;
	intr.names_len = 41;
	assert_int_equal(freebsd_intr_parse(&intr, &table, &error), -EINVAL);
	intr.names_len = 2;
	assert_int_equal(freebsd_intr_parse(&intr, &table, &error), -EINVAL);
	intr.names_len = 40;
	assert_int_equal(freebsd_intr_parse(&intr, &table, &error), 0);
	assert_int_equal(table.n_rows, 0);
	irq_table_done(&table);
}

static void check_handlers(const char *text, bool cut_head, size_t n, const char *first,
			   const char *last)
{
	struct arena arena = {0};
	struct irq_desc desc;
	bool cut;

	assert_int_equal(freebsd_handlers_parse(text, &arena, &desc, &cut), 0);
	assert_int_equal(cut, cut_head);
	assert_int_equal(desc.n_actions, n);
	if (n) {
		assert_string_equal(desc.actions[0], first);
		assert_string_equal(desc.actions[n - 1], last);
	}
	arena_done(&arena);
}

static void test_handlers(void **state)
{
	(void)state;
	check_handlers("em0:rxq0", false, 1, "em0:rxq0", "em0:rxq0");
	check_handlers("-vme0:admin", true, 1, "vme0:admin", "vme0:admin");
	check_handlers("mpt0 ehci0", false, 2, "mpt0", "ehci0");
	check_handlers("mpt0  ehci0 ++*", false, 2, "mpt0", "ehci0");
	check_handlers("", false, 0, NULL, NULL);
	check_handlers("+", false, 0, NULL, NULL);
	check_handlers("-", true, 0, NULL, NULL);
}

static void check_source(const struct freebsd_source *source, const char *name, int32_t irq,
			 uint32_t index, uint32_t cpu, int32_t domain, uint64_t count)
{
	assert_string_equal(source->name, name);
	assert_int_equal(source->irq, irq);
	assert_int_equal(source->index, index);
	assert_int_equal(source->cpu, cpu);
	assert_int_equal(source->domain, domain);
	assert_int_equal(source->count, count);
}

static void test_intrs(void **state)
{
	static const char text[] = "irq25: virtio_pci0:53 @cpu3(domain0): 523\n"
				   "irq3::5 @cpu0(domain0): 0\n"
				   "irq26: nvme0:admin:55 @cpu12(domain1): 31\n"
				   "no such line\n"
				   "\n"
				   "irq1: atkbd0:1 @cpu0: 18446744073709551615\n"
				   "irq1: atkbd0:1 @cpu0: 18446744073709551616\n"
				   ":1 @cpu0(domain0): 1\n"
				   "a:b:7 @cpu1(domain0): 1 \n\0";
	struct freebsd_sources sources;

	(void)state;
	assert_int_equal(freebsd_intrs_parse(text, sizeof(text), &sources), 0);
	assert_int_equal(sources.n, 5);
	assert_int_equal(sources.n_bad, 3);
	check_source(&sources.items[0], "irq25: virtio_pci0", 25, 53, 3, 0, 523);
	check_source(&sources.items[1], "irq3:", 3, 5, 0, 0, 0);
	check_source(&sources.items[2], "irq26: nvme0:admin", 26, 55, 12, 1, 31);
	check_source(&sources.items[3], "irq1: atkbd0", 1, 1, 0, -1, UINT64_MAX);
	check_source(&sources.items[4], "a:b", -1, 7, 1, 0, 1);
	freebsd_sources_done(&sources);
}

static void test_numbers(void **state)
{
	const struct {
		int32_t hz, tick, spare, stathz, profhz;
	} clock = {100, 10000, 0, 127, 8129};
	const int64_t boot[] = {1767225597, 788000};
	uint64_t value;
	uint32_t stathz;

	(void)state;
	assert_int_equal(freebsd_number_parse("\x05", 1, &value), 0);
	assert_int_equal(value, 5);
	assert_int_equal(freebsd_number_parse("\x01\x02", 2, &value), 0);
	assert_int_equal(value, 0x201);
	assert_int_equal(freebsd_number_parse("\x01\0\0\x80", 4, &value), 0);
	assert_int_equal(value, 0x80000001);
	assert_int_equal(freebsd_number_parse("", 0, &value), -EINVAL);
	assert_int_equal(freebsd_number_parse("123", 3, &value), -EINVAL);
	assert_int_equal(freebsd_stathz_parse((const char *)&clock, sizeof(clock), &stathz), 0);
	assert_int_equal(stathz, 127);
	assert_int_equal(freebsd_stathz_parse((const char *)&clock, 16, &stathz), -EINVAL);
	assert_int_equal(freebsd_boottime_parse((const char *)boot, sizeof(boot), &value), 0);
	assert_int_equal(value, UINT64_C(1767225597788000000));
	assert_int_equal(freebsd_boottime_parse((const char *)boot, 8, &value), -EINVAL);
}

static void test_cp_times(void **state)
{
	const uint64_t ticks[] = {8, 0, 42, 4, 95, 7, 0, 42, 127, UINT64_MAX};
	const uint64_t gaps[15] = {[9] = 5};
	struct cpu_time *times;
	size_t n;

	(void)state;
	assert_int_equal(
		freebsd_cp_times_parse((const char *)ticks, sizeof(ticks), 127, &times, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(times[0].cpu, 0);
	assert_int_equal(times[0].irq_ticks, 3);
	assert_int_equal(times[0].total_ticks, 117);
	assert_int_equal(times[1].irq_ticks, 100);
	assert_true(times[1].idle_ticks > UINT64_MAX / 128 * 100);
	free(times);
	/* ids without a CPU */
	assert_int_equal(freebsd_cp_times_parse((const char *)gaps, sizeof(gaps), 127, &times, &n),
			 0);
	assert_int_equal(n, 1);
	assert_int_equal(times[0].cpu, 1);
	free(times);
	assert_int_equal(freebsd_cp_times_parse((const char *)gaps, 40, 127, &times, &n), -EINVAL);
	assert_int_equal(freebsd_cp_times_parse((const char *)ticks, 79, 127, &times, &n), -EINVAL);
	assert_int_equal(freebsd_cp_times_parse((const char *)ticks, 0, 127, &times, &n), -EINVAL);
}

static void check_mask(size_t size, const char *list)
{
	_cleanup_(cpuset_done) struct cpuset set = {0}, back = {0};
	_cleanup_(buf_done) struct buf bytes = {0}, text = {0};

	assert_int_equal(cpuset_add_range(&set, 0, 3), 0);
	assert_int_equal(cpuset_add(&set, 200), 0);
	assert_int_equal(freebsd_mask_format(&set, size, &bytes), 0);
	assert_int_equal(bytes.len, size);
	assert_int_equal(freebsd_mask_parse(bytes.data, bytes.len, &back), 0);
	assert_int_equal(cpuset_format(&back, &text), 0);
	assert_string_equal(text.data, list);
}

static void test_masks(void **state)
{
	_cleanup_(cpuset_done) struct cpuset set = {0};
	_cleanup_(buf_done) struct buf bytes = {0};

	(void)state;
	check_mask(32, "0-3,200");  /* CPU_SETSIZE of FreeBSD 13 */
	check_mask(128, "0-3,200"); /* and of 15 */
	assert_int_equal(cpuset_add(&set, 256), 0);
	assert_int_equal(freebsd_mask_format(&set, 32, &bytes), -ERANGE);
	assert_int_equal(freebsd_mask_parse("abc", 3, &set), -EINVAL);
	assert_int_equal(freebsd_mask_parse("", 0, &set), -EINVAL);
}

static void test_threads(void **state)
{
	static const char text[] = "183411 3 irq25: virtio_pci0\n"
				   "95 - swi1: netisr 0\n"
				   "x 3 irq26: em0\n"
				   "95 3\n"
				   "95 3 \n"
				   "18446744073709551615 0 a";
	struct freebsd_threads threads;

	(void)state;
	assert_int_equal(freebsd_threads_parse(text, strlen(text), &threads), 0);
	assert_int_equal(threads.n, 3);
	assert_int_equal(freebsd_threads_find(&threads, "irq25: virtio_pci0")->runtime_us, 183411);
	assert_int_equal(freebsd_threads_find(&threads, "irq25: virtio_pci0")->cpu, 3);
	assert_int_equal(freebsd_threads_find(&threads, "swi1: netisr 0")->cpu, -1);
	assert_null(freebsd_threads_find(&threads, "irq26: em0"));
	freebsd_threads_done(&threads);
}

static void test_dtrace(void **state)
{
	static const char text[] = "\n3 17 irq25: em0:rxq0\n1 5 irq26: em0:rxq1\n"
				   " 0 4 irq25: em0:rxq0\n3 1 irq25: em0:rxq0\n"
				   "dtrace: 3 drops on CPU 0\n2 0 irq1: atkbd0\nx 1 a\n1 2\n1 2 ";
	struct freebsd_measured measured;
	const struct freebsd_measured_row *row;

	(void)state;
	assert_int_equal(freebsd_dtrace_parse(text, strlen(text), &measured), 0);
	assert_int_equal(measured.n_rows, 2);
	row = freebsd_measured_find(&measured, "irq25: em0:rxq0");
	assert_int_equal(row->n_cells, 2);
	assert_int_equal(measured.cells[row->first_cell].cpu, 0);
	assert_int_equal(measured.cells[row->first_cell].count, 4);
	assert_int_equal(measured.cells[row->first_cell + 1].cpu, 3);
	assert_int_equal(measured.cells[row->first_cell + 1].count, 18);
	assert_null(freebsd_measured_find(&measured, "irq1: atkbd0"));
	freebsd_measured_done(&measured);
}

static void test_msix(void **state)
{
	/* APIC 6; masked; APIC 2; through a remapper; a group; not set up */
	static const uint32_t table[] = {
		0xfee06000, 0, 0x30, 0, 0xfee02000, 0, 0x31, 1, 0xfee02000, 0, 0x32, 0,
		0xfee00018, 0, 0,    0, 0xfee02004, 0, 0x33, 0, 0,          0, 0,    0,
	};
	static const uint32_t ids[] = {0, 2, 4, 6};
	const char *bytes = (const char *)table, *apic = (const char *)ids;
	size_t len = sizeof(table);

	(void)state;
	assert_int_equal(freebsd_msix_used(bytes, len), 4);
	assert_int_equal(freebsd_msix_cpu(bytes, len, 0, apic, sizeof(ids)), 3);
	assert_int_equal(freebsd_msix_cpu(bytes, len, 1, apic, sizeof(ids)), 1);
	assert_int_equal(freebsd_msix_cpu(bytes, len, 2, apic, sizeof(ids)), -1);
	assert_int_equal(freebsd_msix_cpu(bytes, len, 3, apic, sizeof(ids)), -1);
	assert_int_equal(freebsd_msix_cpu(bytes, len, 4, apic, sizeof(ids)), -1);
	assert_int_equal(freebsd_msix_cpu(bytes, len, 0, apic, 12), -1);
	assert_int_equal(freebsd_msix_cpu(bytes, 15, 0, apic, sizeof(ids)), -1);
}

/* Of a large machine the upper bits of the id stand in the upper half of the address. */
static void test_msix_of_many(void **state)
{
	static const uint32_t table[] = {0xfee02000, 0x100, 0x30, 0};
	static const uint32_t ids[] = {0, 2, 0x100, 0x102};

	(void)state;
	assert_int_equal(freebsd_msix_cpu((const char *)table, sizeof(table), 0, (const char *)ids,
					  sizeof(ids)),
			 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pc),           cmocka_unit_test(test_arm),
		cmocka_unit_test(test_edges),        cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_handlers),     cmocka_unit_test(test_intrs),
		cmocka_unit_test(test_numbers),      cmocka_unit_test(test_cp_times),
		cmocka_unit_test(test_masks),        cmocka_unit_test(test_threads),
		cmocka_unit_test(test_msix),         cmocka_unit_test(test_dtrace),
		cmocka_unit_test(test_msix_of_many),
	};

	return cmocka_run_group_tests_name("freebsd_parse", tests, NULL, NULL);
}
