/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as irqbalance's settings: what comes of them is a configuration without errors. */
#include "fuzz.h"

#include "base/macros.h"
#include "config/config.h"
#include "config/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(import_done) struct import import = {0};
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(buf_done) struct buf out = {0}, errors = {0};

	CHECK(import_parse((const char *)data, size, &import) == 0);
	for (size_t i = 0; i < import.n; i++) {
		CHECK(import.items[i].line > 0 && import.items[i].from);
		CHECK(!import.items[i].lost || (import.items[i].why && !import.items[i].section));
	}
	CHECK(import_write(&import, "f", &out) == 0);
	CHECK(config_parse(buf_text(&out), out.len, "out", &config, &errors) == 0);
	CHECK(!errors.len);
	return 0;
}
