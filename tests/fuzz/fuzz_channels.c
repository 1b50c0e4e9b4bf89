/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a dump of channels; the first two are the name that is looked for. */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "apply/channels.h"
#include "base/macros.h"
#include "parse/channels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* netlink messages are aligned, which the bytes of the fuzzer behind others are not */
	_cleanup_free_ char *dump = NULL;
	char name[5] = "et";
	struct channels channels;
	int r;

	if (size < 2)
		return 0;
	memcpy(name + 2, data, 2);
	dump = malloc(size - 1);
	CHECK(dump);
	memcpy(dump, data + 2, size - 2);
	r = channels_find(dump, size - 2, name, &channels);
	CHECK(r == 0 || r == -ENOENT);
	if (r == 0 && channels.rx <= CHANNELS_MAX && channels.tx <= CHANNELS_MAX &&
	    channels.combined <= CHANNELS_MAX) {
		struct channel_counts counts = {channels.rx, channels.tx, channels.combined};
		struct channel_counts back = channels_unpack(channels_pack(&counts));

		CHECK(memcmp(&counts, &back, sizeof(counts)) == 0);
	}
	return 0;
}
