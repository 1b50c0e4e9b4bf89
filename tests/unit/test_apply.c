/* SPDX-License-Identifier: BSD-2-Clause */
/* The only room that writes, against a machine that answers as the kernel does. */
#include "fake_machine.h"

#include <time.h>

#define IRQ_PATH(n) "proc/irq/" #n "/smp_affinity_list"

static struct change change_of(const struct setting *setting, const char *cpus)
{
	struct change change = {.setting = *setting};

	assert_int_equal(cpulist_parse(cpus, strlen(cpus), &change.wanted), 0);
	return change;
}

static struct change irq_change(int32_t irq, const char *cpus)
{
	return change_of(&(const struct setting){.kind = SETTING_IRQ, .irq = irq}, cpus);
}

static void check_set(const struct cpuset *set, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), wanted);
}

/* The states of all changes as words: "applied refused planned". */
static void check_states(const struct change *changes, size_t n, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	for (size_t i = 0; i < n; i++)
		assert_int_equal(buf_printf(&text, "%s%s", i ? " " : "",
					    change_state_name(changes[i].state)),
				 0);
	assert_string_equal(buf_text(&text), wanted);
}

static void check_log(const struct fake *fake, const char *wanted)
{
	assert_string_equal(buf_text(&fake->log), wanted);
}

static void done(struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		change_done(&changes[i]);
}

/* IRQs 24, 25 and 26, on CPU 0, 1 and 2 of four; all are to go to CPU 3. */
#define THREE 3
static void three(struct fake *fake, struct change changes[THREE])
{
	static const char *const before[THREE] = {"0", "1", "0-2"};
	static const char *const effective[THREE] = {"0", "1", "2"};

	for (int i = 0; i < THREE; i++) {
		fake_irq(fake, 24 + i, before[i], effective[i]);
		changes[i] = irq_change(24 + i, "3");
		assert_int_equal(apply_read(&fake->applier, &changes[i]), 0);
	}
}

static void check_three(struct fake *fake, const char *a, const char *b, const char *c)
{
	fake_check(fake, IRQ_PATH(24), a);
	fake_check(fake, IRQ_PATH(25), b);
	fake_check(fake, IRQ_PATH(26), c);
}

static void test_paths(void **state)
{
	static const struct {
		struct setting setting;
		const char *path;
	} cases[] = {
		{{.kind = SETTING_IRQ, .irq = 24}, "proc/irq/24/smp_affinity_list"},
		{{.kind = SETTING_IRQ, .irq = INT32_MAX}, "proc/irq/2147483647/smp_affinity_list"},
		{{.kind = SETTING_DEFAULT}, "proc/irq/default_smp_affinity"},
		{{.kind = SETTING_XPS, .interface = "eth0", .queue = 3},
		 "sys/class/net/eth0/queues/tx-3/xps_cpus"},
		{{.kind = SETTING_RPS, .interface = "eth0", .queue = UINT32_MAX},
		 "sys/class/net/eth0/queues/rx-4294967295/rps_cpus"},
		{{.kind = SETTING_RPS_FLOWS, .interface = "br-0.7", .queue = 0},
		 "sys/class/net/br-0.7/queues/rx-0/rps_flow_cnt"},
		{{.kind = SETTING_RFS}, "proc/sys/net/core/rps_sock_flow_entries"},
	};
	_cleanup_(buf_done) struct buf path = {0};
	struct setting unknown = {.kind = (enum setting_kind)99};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		buf_cut(&path, 0);
		assert_int_equal(setting_path(&cases[i].setting, &path), 0);
		assert_string_equal(buf_text(&path), cases[i].path);
	}
	assert_int_equal(setting_path(&unknown, &path), -EINVAL);
}

static void test_names(void **state)
{
	static const char *const names[] = {"planned", "unchanged", "applied", "pending",
					    "refused", "no-vector", "gone",    "reverted"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(change_state_name((enum change_state)i), names[i]);
}

static void test_applied(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	check_set(&changes[2].before, "0-2");
	assert_int_equal(apply_write(&fake->applier, changes, THREE, false), 0);
	assert_int_equal(apply_verify(&fake->applier, changes, THREE, 0), 0);
	check_states(changes, THREE, "applied applied applied");
	check_log(fake, IRQ_PATH(24) "=3\n" IRQ_PATH(25) "=3\n" IRQ_PATH(26) "=3\n");
	check_set(&changes[0].requested, "3");
	check_set(&changes[0].effective, "3");
	check_set(&changes[2].before, "0-2");
	assert_true(changes[0].written);
	assert_int_equal(changes[0].error, 0);
	done(changes, THREE);
}

/* One of several requested CPUs serves, and the one that does stays. */
static void test_effective_within(void **state)
{
	struct fake *fake = *state;
	struct change change = irq_change(24, "0-1,3");

	fake_irq(fake, 24, "0-3", "1");
	assert_int_equal(apply_read(&fake->applier, &change), 0);
	assert_int_equal(apply_write(&fake->applier, &change, 1, false), 0);
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 0), 0);
	check_states(&change, 1, "applied");
	check_set(&change.requested, "0-1,3");
	check_set(&change.effective, "1");
	change_done(&change);
}

/* A kernel without effective affinities, and an interrupt that nobody has asked for yet. */
static void test_effective_unknown(void **state)
{
	struct fake *fake = *state;
	struct change changes[2];

	fake_irq(fake, 24, "0", NULL);
	fake_irq(fake, 25, "0", "\n");
	changes[0] = irq_change(24, "3");
	changes[1] = irq_change(25, "3");
	fake->deferred = true;
	assert_int_equal(apply_write(&fake->applier, changes, 2, false), 0);
	assert_int_equal(apply_verify(&fake->applier, changes, 2, 0), 0);
	check_states(changes, 2, "applied applied");
	assert_false(changes[0].has_effective);
	assert_false(changes[1].has_effective);
	done(changes, 2);
}

static void test_unchanged(void **state)
{
	struct fake *fake = *state;
	struct change changes[2];

	fake_irq(fake, 24, "0-3\n", "2\n");
	fake_irq(fake, 25, "0-3\n", "2\n");
	changes[0] = irq_change(24, "0-3");
	changes[1] = irq_change(25, "0-2,3,200");
	cpuset_del(&changes[1].wanted, 200); /* longer, and the same */
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(apply_read(&fake->applier, &changes[i]), 0);
	check_states(changes, 2, "unchanged unchanged");
	assert_int_equal(apply_write(&fake->applier, changes, 2, true), 0);
	assert_int_equal(apply_verify(&fake->applier, changes, 2, 0), 0);
	check_states(changes, 2, "unchanged unchanged");
	check_set(&changes[0].effective, "2");
	check_log(fake, "");
	done(changes, 2);
}

/* Reading again replaces what was read; a change that is judged already keeps its state. */
static void test_read_again(void **state)
{
	struct fake *fake = *state;
	struct change change = irq_change(24, "0-3");

	change.state = CHANGE_REFUSED;
	fake_irq(fake, 24, "0-3", NULL);
	assert_int_equal(apply_read(&fake->applier, &change), 0);
	assert_int_equal(change.state, CHANGE_REFUSED);
	fake_irq(fake, 24, "1", NULL);
	change.state = CHANGE_PLANNED;
	assert_int_equal(apply_read(&fake->applier, &change), 0);
	check_set(&change.before, "1");
	assert_int_equal(change.state, CHANGE_PLANNED);
	change_done(&change);
}

static void test_cannot_be_read(void **state)
{
	struct fake *fake = *state;
	struct change change = irq_change(24, "0");

	change.has_before = true;
	assert_int_equal(apply_read(&fake->applier, &change), -ENOENT);
	assert_false(change.has_before);
	fake_irq(fake, 24, "0-x", NULL);
	assert_int_equal(apply_read(&fake->applier, &change), -EINVAL);
	fake_irq(fake, 24, "99999999", NULL);
	assert_int_equal(apply_read(&fake->applier, &change), -ERANGE);
	assert_false(change.has_before);
	assert_int_equal(change.state, CHANGE_PLANNED);
	change_done(&change);
}

static void test_errors(void **state)
{
	static const struct {
		int error;
		enum change_state state;
	} cases[] = {
		{EPERM, CHANGE_REFUSED},  {EIO, CHANGE_REFUSED},      {EACCES, CHANGE_REFUSED},
		{EINVAL, CHANGE_REFUSED}, {ERANGE, CHANGE_REFUSED},   {EOVERFLOW, CHANGE_REFUSED},
		{EROFS, CHANGE_REFUSED},  {ENOSPC, CHANGE_NO_VECTOR}, {ENOENT, CHANGE_GONE},
		{ENODEV, CHANGE_GONE},
	};
	struct fake *fake = *state;

	fake_irq(fake, 24, "0", "0");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct change change = irq_change(24, "3");

		fake->refusals[0] = (struct refusal){IRQ_PATH(24), cases[i].error, 0, 0};
		assert_int_equal(apply_read(&fake->applier, &change), 0);
		assert_int_equal(apply_write(&fake->applier, &change, 1, false), 1);
		assert_int_equal(change.state, cases[i].state);
		assert_int_equal(change.error, cases[i].error);
		assert_false(change.written);
		assert_true(change_is_failure(&change));
		assert_int_equal(apply_verify(&fake->applier, &change, 1, 10), 0);
		assert_int_equal(change.state, cases[i].state);
		change_done(&change);
	}
}

/* Without --atomic the others are still made. */
static void test_partly(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	fake->refusals[0] = (struct refusal){IRQ_PATH(25), EPERM, 0, 0};
	assert_int_equal(apply_write(&fake->applier, changes, THREE, false), 1);
	assert_int_equal(apply_verify(&fake->applier, changes, THREE, 0), 0);
	check_states(changes, THREE, "applied refused applied");
	check_three(fake, "3", "1", "3");
	check_set(&changes[1].requested, "1");
	done(changes, THREE);
}

static void test_failed_before(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	changes[2].state = CHANGE_REFUSED;
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 1);
	check_states(changes, THREE, "planned planned refused");
	check_log(fake, "");
	assert_int_equal(apply_write(&fake->applier, changes, THREE, false), 1);
	check_states(changes, THREE, "applied applied refused");
	check_three(fake, "3", "3", "0-2");
	done(changes, THREE);
}

static void test_atomic(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	fake->refusals[0] = (struct refusal){IRQ_PATH(26), ENOSPC, 0, 0};
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 1);
	assert_int_equal(apply_verify(&fake->applier, changes, THREE, 0), 0);
	check_states(changes, THREE, "reverted reverted no-vector");
	check_three(fake, "0", "1", "0-2");
	check_log(fake, IRQ_PATH(24) "=3\n" IRQ_PATH(25) "=3\n" IRQ_PATH(26) "=3\n" IRQ_PATH(
				25) "=1\n" IRQ_PATH(24) "=0\n");
	check_set(&changes[0].effective, "0");
	assert_true(change_is_failure(&changes[0]));
	done(changes, THREE);
}

static void test_atomic_stops(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	fake->refusals[0] = (struct refusal){IRQ_PATH(24), EIO, 0, 0};
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 1);
	check_states(changes, THREE, "refused planned planned");
	check_log(fake, IRQ_PATH(24) "=3\n");
	done(changes, THREE);
}

static void test_atomic_succeeds(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 0);
	check_states(changes, THREE, "applied applied applied");
	check_three(fake, "3", "3", "3");
	done(changes, THREE);
}

/* What cannot be put back is not said to be, and does not keep the others from it. */
static void test_revert_fails(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	fake->refusals[0] = (struct refusal){IRQ_PATH(25), ENOSPC, 1, 0};
	fake->refusals[1] = (struct refusal){IRQ_PATH(26), EPERM, 0, 0};
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 1);
	assert_int_equal(apply_verify(&fake->applier, changes, THREE, 0), 0);
	check_states(changes, THREE, "reverted applied refused");
	check_three(fake, "0", "3", "0-2");
	assert_true(changes[1].written);
	done(changes, THREE);
}

/* Where nothing was read before there is nothing to put back. */
static void test_revert_unknown(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	changes[0].has_before = false;
	fake->refusals[0] = (struct refusal){IRQ_PATH(26), EPERM, 0, 0};
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 1);
	check_states(changes, THREE, "applied reverted refused");
	check_three(fake, "3", "1", "0-2");
	done(changes, THREE);
}

/* Stopped in the middle, what was read before brings it back exactly. */
static void test_interrupted(void **state)
{
	struct fake *fake = *state;

	for (int stop = 0; stop < THREE; stop++) {
		struct change changes[THREE], back[THREE];

		three(fake, changes);
		fake->refusals[0] = (struct refusal){stop == 0   ? IRQ_PATH(24)
						     : stop == 1 ? IRQ_PATH(25)
								 : IRQ_PATH(26),
						     ENOMEM, 0, 0};
		assert_int_equal(apply_write(&fake->applier, changes, THREE, false), -ENOMEM);
		fake->refusals[0] = (struct refusal){0};
		for (int i = 0; i < THREE; i++) {
			assert_int_equal(changes[i].written, i < stop);
			assert_int_equal(changes[i].state,
					 i < stop ? CHANGE_APPLIED : CHANGE_PLANNED);
			back[i] = (struct change){.setting = changes[i].setting};
			assert_int_equal(cpuset_copy(&back[i].wanted, &changes[i].before), 0);
			assert_int_equal(apply_read(&fake->applier, &back[i]), 0);
			assert_int_equal(back[i].state,
					 i < stop ? CHANGE_PLANNED : CHANGE_UNCHANGED);
		}
		assert_int_equal(apply_write(&fake->applier, back, THREE, false), 0);
		check_three(fake, "0", "1", "0-2");
		done(changes, THREE);
		done(back, THREE);
	}
}

/* The interrupt was there when the plan was made. */
static void test_vanishes(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	assert_int_equal(unlinkat(fake->fd, IRQ_PATH(25), 0), 0);
	assert_int_equal(apply_write(&fake->applier, changes, THREE, false), 1);
	check_states(changes, THREE, "applied gone applied");
	assert_int_equal(unlinkat(fake->fd, IRQ_PATH(26), 0), 0);
	assert_int_equal(apply_verify(&fake->applier, changes, THREE, 0), 0);
	assert_true(changes[0].has_requested);
	assert_false(changes[1].has_requested);
	assert_false(changes[2].has_requested);
	done(changes, THREE);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void test_pending(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];
	double start = seconds();

	fake->deferred = true;
	three(fake, changes);
	assert_int_equal(apply_write(&fake->applier, changes, THREE, false), 0);
	assert_int_equal(apply_verify(&fake->applier, changes, THREE, 0), 0);
	check_states(changes, THREE, "pending pending pending");
	check_set(&changes[0].requested, "3");
	check_set(&changes[0].effective, "0");
	assert_false(change_is_failure(&changes[0]));
	assert_true(seconds() - start < 1);
	done(changes, THREE);
}

static void test_wait(void **state)
{
	struct fake *fake = *state;
	struct change change = irq_change(24, "3");
	double start = seconds();

	fake->deferred = true;
	fake->arrives_look = 3;
	fake_irq(fake, 24, "0", "0");
	assert_int_equal(apply_read(&fake->applier, &change), 0);
	assert_int_equal(apply_write(&fake->applier, &change, 1, false), 0);
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 60), 0);
	check_states(&change, 1, "applied");
	check_set(&change.effective, "3");
	assert_int_equal(fake->n_looks, 3);
	assert_true(seconds() - start < 10);
	change_done(&change);
}

static void test_wait_in_vain(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];
	double start = seconds();

	fake->deferred = true;
	fake->refusals[0] = (struct refusal){IRQ_PATH(25), EPERM, 0, 0};
	three(fake, changes);
	fake_irq(fake, 26, "0-3", "3");
	assert_int_equal(apply_write(&fake->applier, changes, THREE, false), 1);
	assert_int_equal(apply_verify(&fake->applier, changes, THREE, 0.2), 0);
	check_states(changes, THREE, "pending refused applied");
	assert_true(seconds() - start >= 0.2);
	assert_true(seconds() - start < 10);
	done(changes, THREE);
}

/* Pending since an earlier look, arrived when asked again. */
static void test_verify_again(void **state)
{
	struct fake *fake = *state;
	struct change change = irq_change(24, "3");

	fake->deferred = true;
	fake_irq(fake, 24, "0", "0");
	assert_int_equal(apply_write(&fake->applier, &change, 1, false), 0);
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 0), 0);
	check_states(&change, 1, "pending");
	fake_move(fake, "proc/irq/24");
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 0), 0);
	check_states(&change, 1, "applied");
	change_done(&change);
}

static enum change_state state_after_drop(struct fake *fake, const char *dropped_to)
{
	struct change change = irq_change(24, "3");
	enum change_state result;

	fake->deferred = true;
	fake->n_looks = 0;
	fake->arrives_look = 2;
	fake->dropped_to = dropped_to;
	fake_irq(fake, 24, "0-1", "0");
	assert_int_equal(apply_read(&fake->applier, &change), 0);
	assert_int_equal(apply_write(&fake->applier, &change, 1, false), 0);
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 60), 0);
	result = change.state;
	assert_int_equal(fake->n_looks, 3);
	assert_true(result == CHANGE_APPLIED || (change.why && change_is_failure(&change)));
	assert_true(change.written); /* something to take back, if only a request */
	change_done(&change);
	return result;
}

/* The kernel took the write, and gave the move up when the interrupt came. */
static void test_dropped(void **state)
{
	struct fake *fake = *state;
	double start = seconds();

	assert_int_equal(state_after_drop(fake, "0-1"), CHANGE_NO_VECTOR);
	assert_int_equal(state_after_drop(fake, "2"), CHANGE_REFUSED);
	assert_true(seconds() - start < 10);
}

/* Nothing was written, and what an earlier write began has come to nothing. */
static void test_unchanged_dropped(void **state)
{
	struct fake *fake = *state;
	struct change change = irq_change(24, "3");

	fake_irq(fake, 24, "3", "0");
	assert_int_equal(apply_read(&fake->applier, &change), 0);
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 0), 0);
	check_states(&change, 1, "pending");
	fake_irq(fake, 24, "0", "0");
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 0), 0);
	check_states(&change, 1, "refused");
	assert_non_null(change.why);
	check_log(fake, "");
	change_done(&change);
}

/* Lists for interrupts, masks for all else; the kernel refuses groups beyond its CPUs. */
static void test_masks(void **state)
{
	static const struct {
		const char *list, *mask;
	} cases[] = {
		{"", "0"},
		{"0", "1"},
		{"0-3", "f"},
		{"0-31", "ffffffff"},
		{"31", "80000000"},
		{"32", "1,00000000"},
		{"0,32", "1,00000001"},
		{"63", "80000000,00000000"},
		{"64", "1,00000000,00000000"},
		{"4,64", "1,00000000,00000010"},
		{"0-127", "ffffffff,ffffffff,ffffffff,ffffffff"},
		{"255", "80000000,00000000,00000000,00000000,00000000,00000000,00000000,00000000"},
	};
	static const struct setting setting = {
		.kind = SETTING_XPS, .interface = "eth0", .queue = 1};
	const char *path = "sys/class/net/eth0/queues/tx-1/xps_cpus";
	struct fake *fake = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct change change = change_of(&setting, cases[i].list);

		fake_put(fake, path, "00000000,00000000,00000000,00000000,00000000,00000100\n");
		assert_int_equal(apply_read(&fake->applier, &change), 0);
		check_set(&change.before, "8");
		/* words without a CPU must not show */
		assert_int_equal(cpuset_add(&change.wanted, 1000), 0);
		cpuset_del(&change.wanted, 1000);
		assert_int_equal(apply_write(&fake->applier, &change, 1, false), 0);
		assert_int_equal(apply_verify(&fake->applier, &change, 1, 0), 0);
		check_states(&change, 1, "applied");
		fake_check(fake, path, cases[i].mask);
		check_set(&change.requested, cases[i].list);
		assert_false(change.has_effective);
		change_done(&change);
	}
}

static void test_default(void **state)
{
	static const struct setting setting = {.kind = SETTING_DEFAULT};
	const char *path = "proc/irq/default_smp_affinity";
	struct fake *fake = *state;
	struct change changes[2] = {change_of(&setting, "0-3"), change_of(&setting, "0-1")};

	fake_put(fake, path, "f\n");
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(apply_read(&fake->applier, &changes[i]), 0);
	assert_int_equal(apply_write(&fake->applier, changes, 2, true), 0);
	check_states(changes, 2, "unchanged applied");
	fake_check(fake, path, "3");
	done(changes, 2);
}

/* Off is an empty set, which was and may be; it is put back as "0". */
static void test_empty_set(void **state)
{
	static const struct setting setting = {.kind = SETTING_RPS, .interface = "eth0"};
	const char *path = "sys/class/net/eth0/queues/rx-0/rps_cpus";
	struct fake *fake = *state;
	struct change changes[2] = {change_of(&setting, "0-1"), irq_change(24, "3")};

	fake_put(fake, path, "00\n");
	fake_irq(fake, 24, "0", "0");
	fake->refusals[0] = (struct refusal){IRQ_PATH(24), EPERM, 0, 0};
	assert_int_equal(apply_read(&fake->applier, &changes[0]), 0);
	assert_true(changes[0].has_before);
	assert_int_equal(apply_write(&fake->applier, changes, 2, true), 1);
	check_states(changes, 2, "reverted refused");
	fake_check(fake, path, "0");
	done(changes, 2);
}

static void test_numbers(void **state)
{
	const char *flows = "sys/class/net/eth0/queues/rx-2/rps_flow_cnt";
	const char *entries = "proc/sys/net/core/rps_sock_flow_entries";
	const char *others = "sys/class/net/eth0/queues/rx-0/rps_flow_cnt";
	struct fake *fake = *state;
	struct change changes[] = {
		{.setting = {.kind = SETTING_RPS_FLOWS, .interface = "eth0", .queue = 2},
		 .wanted_number = 4096},
		{.setting = {.kind = SETTING_RPS_FLOWS, .interface = "eth0"},
		 .wanted_number = 32768},
		{.setting = {.kind = SETTING_RFS}, .wanted_number = 0},
	};

	fake_put(fake, flows, "0\n");
	fake_put(fake, others, "32768\n");
	fake_put(fake, entries, "32768\n");
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		assert_int_equal(apply_read(&fake->applier, &changes[i]), 0);
	assert_int_equal(changes[1].before_number, 32768);
	assert_int_equal(apply_write(&fake->applier, changes, 3, false), 0);
	assert_int_equal(apply_verify(&fake->applier, changes, 3, 0), 0);
	check_states(changes, 3, "applied unchanged applied");
	fake_check(fake, flows, "4096");
	fake_check(fake, entries, "0");
	assert_true(changes[0].has_requested);
	assert_int_equal(changes[0].requested_number, 4096);
	done(changes, 3);
}

/* Of a number of flows the kernel makes the next power of two, and that is no change the next time.
 */
static void test_numbers_rounded(void **state)
{
	static const struct {
		uint64_t wanted;
		const char *kept, *states;
	} cases[] = {
		{1000, "1024\n", "applied unchanged"}, {1024, "2048\n", "refused planned"},
		{1000, "512\n", "refused planned"},    {0, "1\n", "refused planned"},
		{1, "1\n", "applied unchanged"},       {1, "2\n", "refused planned"},
	};
	struct fake *fake = *state;

	fake->kept_path = "proc/sys/net/core/rps_sock_flow_entries";
	fake_put(fake, fake->kept_path, "64\n");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct change changes[2] = {
			{.setting = {.kind = SETTING_RFS}, .wanted_number = cases[i].wanted},
			{.setting = {.kind = SETTING_RFS}, .wanted_number = cases[i].wanted},
		};

		fake->kept = cases[i].kept;
		assert_int_equal(apply_write(&fake->applier, changes, 1, false), 0);
		assert_int_equal(apply_verify(&fake->applier, changes, 1, 0), 0);
		assert_int_equal(apply_read(&fake->applier, &changes[1]), 0);
		check_states(changes, 2, cases[i].states);
		assert_int_equal(!changes[0].why, changes[0].state == CHANGE_APPLIED);
	}
}

/* The kernel leaves isolated CPUs out of RPS, and those that are offline out of XPS. */
static void test_part_is_kept(void **state)
{
	const char *path = "sys/class/net/eth0/queues/rx-0/rps_cpus";
	struct fake *fake = *state;
	struct change change =
		change_of(&(const struct setting){.kind = SETTING_RPS, .interface = "eth0"}, "0-3");

	fake_put(fake, path, "0\n");
	fake->kept_path = path;
	fake->kept = "7\n";
	assert_int_equal(apply_read(&fake->applier, &change), 0);
	assert_int_equal(apply_write(&fake->applier, &change, 1, false), 0);
	assert_int_equal(apply_verify(&fake->applier, &change, 1, 0), 0);
	check_states(&change, 1, "refused");
	check_set(&change.requested, "0-2");
	assert_non_null(strstr(change.why, "offline or isolated"));
	assert_true(change.written);
	change_done(&change);
}

/* Written once, and again after the daemon in charge was told: what fails then goes back too. */
static void test_atomic_again(void **state)
{
	struct fake *fake = *state;
	struct change changes[THREE];

	three(fake, changes);
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 0);
	for (size_t i = 0; i < THREE; i++)
		changes[i].state = CHANGE_PLANNED;
	fake->refusals[0] = (struct refusal){.path = IRQ_PATH(25), .error = ENOSPC, .from = 0};
	assert_int_equal(apply_write(&fake->applier, changes, THREE, true), 1);
	check_states(changes, THREE, "reverted no-vector reverted");
	fake_check(fake, IRQ_PATH(24), "0");
	fake_check(fake, IRQ_PATH(26), "0-2");
	done(changes, THREE);
}

static void test_numbers_revert(void **state)
{
	const char *flows = "sys/class/net/eth0/queues/rx-0/rps_flow_cnt";
	struct fake *fake = *state;
	struct change changes[] = {
		{.setting = {.kind = SETTING_RPS_FLOWS, .interface = "eth0"},
		 .wanted_number = UINT64_MAX},
		{.setting = {.kind = SETTING_RFS}, .wanted_number = 1},
	};

	fake_put(fake, flows, "2048\n");
	assert_int_equal(apply_read(&fake->applier, &changes[0]), 0);
	assert_int_equal(apply_write(&fake->applier, changes, 2, true), 1);
	check_states(changes, 2, "reverted gone");
	fake_check(fake, flows, "2048");
	assert_non_null(strstr(buf_text(&fake->log), "=18446744073709551615\n"));
	done(changes, 2);
}

static void test_bad_numbers(void **state)
{
	static const char *const texts[] = {"",    "-1", "0x10", "1 2", "18446744073709551616",
					    "many"};
	const char *path = "proc/sys/net/core/rps_sock_flow_entries";
	struct fake *fake = *state;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct change change = {.setting = {.kind = SETTING_RFS}};

		fake_put(fake, path, texts[i]);
		assert_true(apply_read(&fake->applier, &change) < 0);
		assert_false(change.has_before);
		assert_int_equal(change.state, CHANGE_PLANNED);
	}
}

static void test_nothing(void **state)
{
	struct fake *fake = *state;

	assert_int_equal(apply_write(&fake->applier, NULL, 0, true), 0);
	assert_int_equal(apply_verify(&fake->applier, NULL, 0, 5), 0);
}

int main(void)
{
#define EACH(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
	const struct CMUnitTest tests[] = {
		EACH(test_paths),
		EACH(test_names),
		EACH(test_applied),
		EACH(test_effective_within),
		EACH(test_effective_unknown),
		EACH(test_unchanged),
		EACH(test_read_again),
		EACH(test_cannot_be_read),
		EACH(test_errors),
		EACH(test_partly),
		EACH(test_failed_before),
		EACH(test_atomic),
		EACH(test_atomic_stops),
		EACH(test_atomic_succeeds),
		EACH(test_revert_fails),
		EACH(test_revert_unknown),
		EACH(test_interrupted),
		EACH(test_vanishes),
		EACH(test_pending),
		EACH(test_wait),
		EACH(test_wait_in_vain),
		EACH(test_verify_again),
		EACH(test_dropped),
		EACH(test_unchanged_dropped),
		EACH(test_masks),
		EACH(test_default),
		EACH(test_empty_set),
		EACH(test_numbers),
		EACH(test_numbers_rounded),
		EACH(test_part_is_kept),
		EACH(test_atomic_again),
		EACH(test_numbers_revert),
		EACH(test_bad_numbers),
		EACH(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
