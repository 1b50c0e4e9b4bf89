/* SPDX-License-Identifier: BSD-2-Clause */
/* Samples of a machine in a temporary directory, and of the live one. */
#include "temp_root.h"

#include <sys/resource.h>

#include "model/served.h"
#include "parse/cpulist.h"
#include "snapshot/sampler.h"

#define _root_    _cleanup_(temp_root_done) struct temp_root
#define _sampler_ _cleanup_(sampler_close) struct sampler
#define _set_     _cleanup_(cpuset_done) struct cpuset
#define _table_   _cleanup_(irq_table_done) struct irq_table

#define STAT "cpu  9 9\ncpu0 1 0 0 2 3 4 5\ncpu1 1 0 0 2 3 4 6\nintr 99 7 0 4294967295\nctxt 1\n"

static void begin(struct temp_root *root, struct sampler *sampler)
{
	temp_root_open(root);
	temp_root_put(root, "proc/stat", STAT);
	assert_int_equal(sampler_open(root->source, sampler), 0);
}

static void put_irq(struct temp_root *root, unsigned int irq, const char *leaf, const char *text)
{
	temp_root_putn(root, "proc/irq/", irq, leaf, text);
}

static void put_sets(struct temp_root *root, unsigned int irq, const char *requested,
		     const char *effective)
{
	put_irq(root, irq, "smp_affinity_list", requested);
	put_irq(root, irq, "effective_affinity_list", effective);
}

static void check_set(const struct cpuset *set, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), wanted);
}

static void check_affinity(struct sampler *sampler, int32_t irq, const char *requested,
			   const char *effective)
{
	_set_ asked = {0}, real = {0};

	/* what they held is replaced */
	assert_int_equal(cpuset_add(&asked, 99), 0);
	assert_int_equal(cpuset_add(&real, 99), 0);
	assert_int_equal(sampler_affinity(sampler, irq, NULL, &asked, &real), 0);
	check_set(&asked, requested);
	check_set(&real, effective);
}

static void takes_samples(void **state)
{
	_cleanup_(sample_done) struct sample sample = {0};
	_root_ root;
	_sampler_ sampler;
	uint64_t before;

	(void)state;
	begin(&root, &sampler);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	assert_int_equal(sample.n_cpus, 2);
	assert_int_equal(sample.cpus[1].softirq_ticks, 6);
	assert_int_equal(sample.cpus[1].idle_ticks, 5);
	assert_int_equal(sample.n_counts, 3);
	assert_int_equal(sample.counts[0], 7);
	assert_int_equal(sample.counts[2], 4294967295u);
	before = sample.mono_ns;
	assert_true(before > 0);
	temp_root_put(&root, "proc/stat", "cpu0 1 2 3 4\nintr 1 8\n");
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	assert_int_equal(sample.n_cpus, 1);
	assert_int_equal(sample.n_counts, 1);
	assert_int_equal(sample.counts[0], 8);
	assert_true(sample.mono_ns > before);
}

/* Where an interrupt is asked to be where it was, nobody asks where it is. */
static void known_is_not_read(void **state)
{
	_set_ known = {0}, asked = {0}, real = {0};
	_root_ root;
	_sampler_ sampler;

	(void)state;
	begin(&root, &sampler);
	put_sets(&root, 7, "3\n", "5\n");
	assert_int_equal(cpuset_add(&known, 3), 0);
	assert_int_equal(sampler_affinity(&sampler, 7, &known, &asked, &real), 1);
	check_set(&asked, "3");
	check_set(&real, "");
	put_irq(&root, 7, "smp_affinity_list", "2-3\n");
	assert_int_equal(sampler_affinity(&sampler, 7, &known, &asked, &real), 0);
	check_set(&asked, "2-3");
	check_set(&real, "5");
}

static void stat_is_replaced(void **state)
{
	_cleanup_(sample_done) struct sample sample = {0};
	_root_ root;
	_sampler_ sampler;

	(void)state;
	begin(&root, &sampler);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	temp_root_replace(&root, "proc/stat", "cpu3 1 2 3 4\nintr 1 8\n");
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	assert_int_equal(sample.cpus[0].cpu, 3);
}

static void bad_stat(void **state)
{
	_cleanup_(sample_done) struct sample sample = {0};
	_root_ root;
	_sampler_ sampler;

	(void)state;
	begin(&root, &sampler);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	temp_root_put(&root, "proc/stat", "");
	assert_int_equal(sampler_take(&sampler, &sample), -ENODATA);
	assert_int_equal(sample.n_counts, 0);
	temp_root_put(&root, "proc/stat", "cpu0 1 2 3 4\n");
	assert_int_equal(sampler_take(&sampler, &sample), -ENODATA);
	assert_int_equal(sample.n_counts, 0);
	temp_root_put(&root, "proc/stat", "intr 1 2\n");
	assert_int_equal(sampler_take(&sampler, &sample), -EINVAL);
	assert_int_equal(sample.n_cpus, 0);
	temp_root_unlink(&root, "proc/stat");
	assert_int_equal(sampler_take(&sampler, &sample), -ENOENT);
	temp_root_put(&root, "proc/stat", STAT);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
}

static void no_stat(void **state)
{
	_root_ root;
	struct sampler sampler = {.source = NULL};

	(void)state;
	temp_root_open(&root);
	assert_int_equal(sampler_open(root.source, &sampler), -ENOENT);
	assert_null(sampler.source);
}

static void reads_affinities(void **state)
{
	_root_ root;
	_sampler_ sampler;
	_set_ requested = {0}, effective = {0};

	(void)state;
	begin(&root, &sampler);
	put_sets(&root, 5, "0-3,8\n", "2\n");
	check_affinity(&sampler, 5, "0-3,8", "2");
	put_sets(&root, 5, "1\n", "1\n");
	check_affinity(&sampler, 5, "1", "1");
	assert_int_equal(sampler_affinity(&sampler, 6, NULL, &requested, &effective), -ENOENT);
	assert_int_equal(sampler_affinity(&sampler, -1, NULL, &requested, &effective), -ENOENT);
	put_irq(&root, 0, "smp_affinity_list", "7\n");
	check_affinity(&sampler, 0, "7", "7");
}

static void masks_only(void **state)
{
	_root_ root;
	_sampler_ sampler;

	(void)state;
	begin(&root, &sampler);
	put_irq(&root, 5, "smp_affinity", "00000001,0000000f\n");
	put_irq(&root, 5, "effective_affinity", "00000000,00000004\n");
	check_affinity(&sampler, 5, "0-3,32", "2");
	check_affinity(&sampler, 5, "0-3,32", "2");
}

/* Old kernels have no such file; an interrupt that was never requested is served nowhere. */
static void effective_is_unknown(void **state)
{
	_root_ root;
	_sampler_ sampler;

	(void)state;
	begin(&root, &sampler);
	put_irq(&root, 5, "smp_affinity_list", "3\n");
	put_irq(&root, 6, "smp_affinity_list", "0-3\n");
	check_affinity(&sampler, 5, "3", "3");
	check_affinity(&sampler, 6, "0-3", "");
	put_irq(&root, 5, "effective_affinity_list", "\n");
	put_irq(&root, 6, "effective_affinity_list", "\n");
	check_affinity(&sampler, 5, "3", "3");
	check_affinity(&sampler, 6, "0-3", "");
}

/* An interrupt goes and its number comes back: other files of the same names. */
static void files_are_replaced(void **state)
{
	_root_ root;
	_sampler_ sampler;
	_set_ requested = {0}, effective = {0};

	(void)state;
	begin(&root, &sampler);
	put_sets(&root, 5, "0-3\n", "2\n");
	check_affinity(&sampler, 5, "0-3", "2");
	temp_root_replace(&root, "proc/irq/5/smp_affinity_list", "4-5\n");
	temp_root_replace(&root, "proc/irq/5/effective_affinity_list", "4\n");
	check_affinity(&sampler, 5, "4-5", "4");
	temp_root_unlink(&root, "proc/irq/5/smp_affinity_list");
	assert_int_equal(sampler_affinity(&sampler, 5, NULL, &requested, &effective), -ENOENT);
	put_irq(&root, 5, "smp_affinity_list", "6\n");
	check_affinity(&sampler, 5, "6", "4");
	put_irq(&root, 5, "smp_affinity_list", "");
	assert_int_equal(sampler_affinity(&sampler, 5, NULL, &requested, &effective), -ENODATA);
	put_irq(&root, 5, "smp_affinity_list", "x\n");
	assert_int_equal(sampler_affinity(&sampler, 5, NULL, &requested, &effective), -EINVAL);
	put_irq(&root, 5, "smp_affinity_list", "9\n");
	check_affinity(&sampler, 5, "9", "4");
}

/* More interrupts than there are slots, and then than there are descriptors. */
static void many_interrupts(void **state)
{
	const unsigned int n = SAMPLER_SLOTS + 44;
	struct rlimit usual, few;
	_root_ root;
	_sampler_ sampler;

	(void)state;
	begin(&root, &sampler);
	for (unsigned int irq = 0; irq < n; irq++) {
		char text[sizeof("4294967295\n")];

		snprintf(text, sizeof(text), "%u\n", irq);
		put_sets(&root, irq, "0-999\n", text);
	}
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
	for (unsigned int round = 0; round < 4; round++) {
		if (round == 2) {
			few = usual;
			few.rlim_cur = 60;
			assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
			sampler_close(&sampler);
			assert_int_equal(sampler_open(root.source, &sampler), 0);
		}
		for (unsigned int irq = 0; irq < n; irq++) {
			char text[sizeof("4294967295")];

			snprintf(text, sizeof(text), "%u", irq);
			check_affinity(&sampler, (int32_t)irq, "0-999", text);
		}
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
}

static void reads_the_table(void **state)
{
	_root_ root;
	_sampler_ sampler;
	_table_ table = {0};
	uint64_t mono_ns = 0;

	(void)state;
	begin(&root, &sampler);
	assert_int_equal(sampler_table(&sampler, &table, &mono_ns), -ENOENT);
	assert_int_equal(mono_ns, 0);
	temp_root_put(&root, "proc/interrupts",
		      "           CPU0       CPU1\n 24:          3          0  GIC 7 Edge eth0\n");
	assert_int_equal(sampler_table(&sampler, &table, &mono_ns), 0);
	assert_int_equal(table.n_rows, 1);
	assert_int_equal(table.rows[0].total, 3);
	assert_true(mono_ns > 0);
}

/* Where a machine has /proc, it is read twice; a container may hide what it likes. */
static void live_machine(void **state)
{
	_cleanup_(sample_done) struct sample sample = {0};
	struct source *source;
	_sampler_ sampler;

	(void)state;
	assert_int_equal(source_open_live(&source), 0);
	if (sampler_open(source, &sampler) < 0) {
		source_close(source);
		sampler = (struct sampler){0};
		skip();
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sampler_take(&sampler, &sample), 0);
		assert_true(sample.n_cpus > 0 && sample.n_counts > 0);
		assert_true(sample.cpus[0].idle_ticks <= sample.cpus[0].total_ticks);
	}
	sampler_close(&sampler);
	source_close(source);
}

static void parse(struct irq_table *table, const char *text)
{
	assert_int_equal(irq_table_parse(table, text, strlen(text), NULL), 0);
}

static void who_served(void **state)
{
	_table_ before = {0}, now = {0};
	struct irq_cell cells[4];

	(void)state;
	parse(&before, "    CPU0 CPU1 CPU2\n"
		       " 4:    5    7    0  a\n"
		       " 6: 4294967290 0 9  b\n"
		       " 7:    1    1    1  c\n");
	parse(&now, "    CPU0 CPU1 CPU2 CPU3\n"
		    " 3:    0    8    0    0  new\n"
		    " 4:    5    9    1    3  a\n"
		    " 6:    4    0    2    0  b\n");
	/* new since then */
	assert_int_equal(served_since(&before, &now, 0, 1, cells), 1);
	assert_int_equal(cells[0].cpu, 1);
	assert_int_equal(cells[0].count, 8);
	/* unchanged on CPU 0; what CPU 3 counted before it was seen nobody knows */
	assert_int_equal(served_since(&before, &now, 1, 1, cells), 2);
	assert_int_equal(cells[0].cpu, 1);
	assert_int_equal(cells[0].count, 2);
	assert_int_equal(cells[1].cpu, 2);
	assert_int_equal(cells[1].count, 1);
	/* passed 2^32 on CPU 0, began again on CPU 2 */
	assert_int_equal(served_since(&before, &now, 2, 1, cells), 2);
	assert_int_equal(cells[0].count, 10);
	assert_int_equal(cells[1].count, 2);
	assert_int_equal(served_since(&now, &now, 1, 1, cells), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_samples),
		cmocka_unit_test(known_is_not_read),
		cmocka_unit_test(stat_is_replaced),
		cmocka_unit_test(bad_stat),
		cmocka_unit_test(no_stat),
		cmocka_unit_test(reads_affinities),
		cmocka_unit_test(masks_only),
		cmocka_unit_test(effective_is_unknown),
		cmocka_unit_test(files_are_replaced),
		cmocka_unit_test(many_interrupts),
		cmocka_unit_test(reads_the_table),
		cmocka_unit_test(live_machine),
		cmocka_unit_test(who_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
