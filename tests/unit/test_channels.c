/* SPDX-License-Identifier: BSD-2-Clause */
/* Channels: what a dump says of an interface, and the one number that they are kept as. */
#include "fake_machine.h"
#include "netlink_message.h"

#include "apply/channels.h"
#include "parse/channels.h"

/* counts: rx_max, tx_max, combined_max, rx, tx, combined; zeros are left out, as the kernel does.
 */
static void put_message(struct messages *dump, uint8_t command, const char *name,
			const uint32_t counts[6])
{
	static const uint16_t types[] = {2, 3, 5, 6, 7, 9};
	size_t name_len = strlen(name) + 1, padded = (name_len + 3) & ~(size_t)3;
	size_t start = messages_begin(dump, command);
	static const char zeros[4];

	messages_put_header(dump, 4 + 8 + 4 + padded, 0x8001);
	messages_put_u32(dump, 1, 2); /* ifindex */
	messages_put_header(dump, 4 + name_len, 2);
	messages_put(dump, name, name_len);
	messages_put(dump, zeros, padded - name_len);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (counts[i % 3])
			messages_put_u32(dump, types[i], counts[i]);
	}
	messages_end(dump, start);
}

static const uint32_t virtio[] = {0, 0, 8, 0, 0, 3}, separate[] = {4, 6, 0, 1, 2, 0};

static struct messages two_nics(void)
{
	struct messages dump = {.len = 0};

	put_message(&dump, 18, "eth1", virtio);
	put_message(&dump, 18, "eth10", separate);
	return dump;
}

static void test_find(void **state)
{
	struct messages dump = two_nics();
	struct channels channels;

	(void)state;
	assert_int_equal(channels_find(dump.bytes, dump.len, "eth1", &channels), 0);
	assert_int_equal(channels.combined, 3);
	assert_int_equal(channels.combined_max, 8);
	assert_int_equal(channels.rx + channels.tx + channels.rx_max + channels.tx_max, 0);
	assert_int_equal(channels_find(dump.bytes, dump.len, "eth10", &channels), 0);
	assert_int_equal(channels.rx, 1);
	assert_int_equal(channels.tx, 2);
	assert_int_equal(channels.rx_max, 4);
	assert_int_equal(channels.tx_max, 6);
	assert_int_equal(channels.combined + channels.combined_max, 0);
}

static void test_not_found(void **state)
{
	struct messages dump = two_nics(), other = {.len = 0};
	struct channels channels = {.rx = 77};

	(void)state;
	assert_int_equal(channels_find(dump.bytes, dump.len, "eth", &channels), -ENOENT);
	assert_int_equal(channels_find(dump.bytes, dump.len, "eth100", &channels), -ENOENT);
	assert_int_equal(channels_find(dump.bytes, dump.len, "", &channels), -ENOENT);
	assert_int_equal(channels_find(NULL, 0, "eth1", &channels), -ENOENT);
	put_message(&other, 19, "eth1", virtio); /* another command's */
	assert_int_equal(channels_find(other.bytes, other.len, "eth1", &channels), -ENOENT);
	assert_int_equal(channels.rx, 77);
}

/* Cut anywhere, with any length field: nothing is read that is not there (valgrind, ASan). */
static void test_cut(void **state)
{
	struct messages dump = two_nics();

	(void)state;
	for (size_t len = 0; len < dump.len; len++) {
		unsigned char *copy = malloc(len + 1);
		struct channels channels;

		assert_non_null(copy);
		memcpy(copy, dump.bytes, len);
		assert_int_equal(channels_find(copy, len, "eth10", &channels), -ENOENT);
		for (size_t i = 0; i < len; i++) {
			copy[i] ^= 0xff;
			channels_find(copy, len, "eth10", &channels);
			copy[i] ^= 0xff;
		}
		free(copy);
	}
}

static void check_number(uint32_t rx, uint32_t tx, uint32_t combined, const char *text)
{
	struct channel_counts counts = {rx, tx, combined}, back;
	struct buf out = {0};
	uint64_t number = channels_pack(&counts);

	back = channels_unpack(number);
	assert_int_equal(back.rx, rx);
	assert_int_equal(back.tx, tx);
	assert_int_equal(back.combined, combined);
	assert_int_equal(channels_format(number, &out), 0);
	assert_string_equal(buf_text(&out), text);
	buf_done(&out);
}

static void test_number(void **state)
{
	(void)state;
	check_number(0, 0, 8, "8");
	check_number(0, 0, 0, "0");
	check_number(4, 2, 0, "rx 4, tx 2");
	check_number(1, 0, 2, "combined 2, rx 1, tx 0");
	check_number(CHANNELS_MAX, CHANNELS_MAX, CHANNELS_MAX,
		     "combined 1048575, rx 1048575, tx 1048575");
}

static void put_dump(struct fake *fake, const struct messages *dump)
{
	int file;

	fake_put(fake, "netlink/ethtool/channels-get", "");
	file = openat(fake->fd, "netlink/ethtool/channels-get", O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(write(file, dump->bytes, dump->len), (ssize_t)dump->len);
	close(file);
}

static void test_read(void **state)
{
	static const uint32_t many[] = {0, 0, 1 << 20, 0, 0, 1 << 20};
	struct fake *fake = *state;
	struct messages dump = two_nics();
	uint64_t number;

	assert_int_equal(channels_read(&fake->base, "eth1", &number), -ENOENT);
	put_message(&dump, 18, "eth2", many);
	put_dump(fake, &dump);
	assert_int_equal(channels_read(&fake->base, "eth1", &number), 0);
	assert_int_equal(channels_unpack(number).combined, 3);
	assert_int_equal(channels_read(&fake->base, "eth9", &number), -ENOENT);
	assert_int_equal(channels_read(&fake->base, "eth2", &number), -ERANGE);
}

struct written {
	char interface[16];
	uint64_t number;
	int error;
	size_t n;
};

static int write_channels(void *ctx, const char *interface, uint64_t number, struct buf *said)
{
	struct written *written = ctx;

	snprintf(written->interface, sizeof(written->interface), "%s", interface);
	written->number = number;
	written->n++;
	if (written->error)
		assert_int_equal(buf_puts(said, "no"), 0);
	return -written->error;
}

/* Channels are a setting as the others are. */
static void test_apply(void **state)
{
	struct fake *fake = *state;
	struct messages dump = two_nics();
	struct buf said = {0};
	struct written written = {.error = EINVAL};
	struct applier applier = {.source = &fake->base,
				  .write_channels = write_channels,
				  .ctx = &written,
				  .said = &said};
	struct change change = {
		.setting = {.kind = SETTING_CHANNELS, .interface = "eth1"},
		.wanted_number = channels_pack(&(const struct channel_counts){.combined = 5})};

	put_dump(fake, &dump);
	assert_int_equal(apply_read(&applier, &change), 0);
	assert_int_equal(change.state, CHANGE_PLANNED);
	assert_int_equal(channels_unpack(change.before_number).combined, 3);
	assert_int_equal(apply_write(&applier, &change, 1, false), 1);
	assert_int_equal(change.state, CHANGE_REFUSED);
	assert_string_equal(buf_text(&said), "no");
	written.error = 0;
	change.state = CHANGE_PLANNED;
	assert_int_equal(apply_write(&applier, &change, 1, false), 0);
	assert_int_equal(change.state, CHANGE_APPLIED);
	assert_string_equal(written.interface, "eth1");
	assert_int_equal(written.number, change.wanted_number);
	assert_int_equal(written.n, 2);
	change = (struct change){.setting = change.setting, .wanted_number = change.before_number};
	assert_int_equal(apply_read(&applier, &change), 0);
	assert_int_equal(change.state, CHANGE_UNCHANGED);
	buf_done(&said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_number),
		cmocka_unit_test_setup_teardown(test_read, fake_setup, fake_teardown),
		cmocka_unit_test_setup_teardown(test_apply, fake_setup, fake_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
