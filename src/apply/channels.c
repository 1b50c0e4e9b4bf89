/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/channels.h"

#include <errno.h>
#include <inttypes.h>

#include "base/macros.h"
#include "config.h"
#include "parse/channels.h"
#include "source/netlink.h"

uint64_t channels_pack(const struct channel_counts *counts)
{
	return counts->rx | (uint64_t)counts->tx << CHANNELS_BITS |
	       (uint64_t)counts->combined << 2 * CHANNELS_BITS;
}

struct channel_counts channels_unpack(uint64_t number)
{
	return (struct channel_counts){
		.rx = (uint32_t)number & CHANNELS_MAX,
		.tx = (uint32_t)(number >> CHANNELS_BITS) & CHANNELS_MAX,
		.combined = (uint32_t)(number >> 2 * CHANNELS_BITS) & CHANNELS_MAX,
	};
}

int channels_read(struct source *source, const char *interface, uint64_t *ret_number)
{
	_cleanup_(buf_done) struct buf dump = {0};
	struct channels channels = {0};
	int r = source_read(source, "netlink/ethtool/channels-get", &dump);

	if (r == 0)
		r = channels_find(dump.data, dump.len, interface, &channels);
	if (r < 0)
		return r;
	if (channels.rx > CHANNELS_MAX || channels.tx > CHANNELS_MAX ||
	    channels.combined > CHANNELS_MAX)
		return -ERANGE;
	*ret_number = channels_pack(
		&(const struct channel_counts){channels.rx, channels.tx, channels.combined});
	return 0;
}

int channels_format(uint64_t number, struct buf *out)
{
	struct channel_counts counts = channels_unpack(number);

	if (!counts.rx && !counts.tx)
		return buf_printf(out, "%" PRIu32, counts.combined);
	if (!counts.combined)
		return buf_printf(out, "rx %" PRIu32 ", tx %" PRIu32, counts.rx, counts.tx);
	return buf_printf(out, "combined %" PRIu32 ", rx %" PRIu32 ", tx %" PRIu32, counts.combined,
			  counts.rx, counts.tx);
}

#if HAVE_LIBMNL

#include <libmnl/libmnl.h>

/* A header with a name of up to 127 bytes (ALTIFNAMSIZ), and three numbers. */
#define ROOM 256u

int channels_write(const char *interface, uint64_t number, struct buf *said)
{
	_Alignas(struct nlmsghdr) char room[ROOM];
	struct nlmsghdr *header = mnl_nlmsg_put_header(room);
	struct channel_counts counts = channels_unpack(number);
	struct nlattr *nest = mnl_attr_nest_start(header, ETHTOOL_CHANNELS_HEADER);

	if (!mnl_attr_put_strz_check(header, ROOM, ETHTOOL_HEADER_DEV_NAME, interface))
		return -ENODEV;
	mnl_attr_nest_end(header, nest);
	if (!mnl_attr_put_u32_check(header, ROOM, ETHTOOL_CHANNELS_RX_COUNT, counts.rx) ||
	    !mnl_attr_put_u32_check(header, ROOM, ETHTOOL_CHANNELS_TX_COUNT, counts.tx) ||
	    !mnl_attr_put_u32_check(header, ROOM, ETHTOOL_CHANNELS_COMBINED_COUNT, counts.combined))
		return -ENODEV;
	return netlink_change("ethtool", ETHTOOL_COMMAND_CHANNELS_SET,
			      mnl_nlmsg_get_payload(header), mnl_nlmsg_get_payload_len(header),
			      said);
}

#else

int channels_write(const char *interface, uint64_t number, struct buf *said)
{
	(void)interface;
	(void)number;
	(void)said;
	return -ENOSYS;
}

#endif
