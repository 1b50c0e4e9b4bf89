/* SPDX-License-Identifier: BSD-2-Clause */
/* Netlink messages as the kernel sends them, host order. Includes cmocka. */
#pragma once

#include "cmocka_all.h"

#include <string.h>

struct messages {
	_Alignas(8) unsigned char bytes[1024];
	size_t len;
};

static inline void messages_put(struct messages *messages, const void *bytes, size_t len)
{
	assert_true(messages->len + len <= sizeof(messages->bytes));
	memcpy(messages->bytes + messages->len, bytes, len);
	messages->len += len;
}

/* The beginning of an attribute of `len` bytes, these four among them. */
static inline void messages_put_header(struct messages *messages, size_t len, uint16_t type)
{
	const uint16_t header[] = {(uint16_t)len, type};

	messages_put(messages, header, sizeof(header));
}

static inline void messages_put_u32(struct messages *messages, uint16_t type, uint32_t value)
{
	messages_put_header(messages, 8, type);
	messages_put(messages, &value, sizeof(value));
}

/* Returns what messages_end() wants, which fills in the length. */
static inline size_t messages_begin(struct messages *messages, uint8_t command)
{
	const struct {
		uint32_t len;
		uint16_t type, flags;
		uint32_t seq, port;
		uint8_t command, version;
		uint16_t reserved;
	} head = {.type = 32, .command = command, .version = 1};

	messages_put(messages, &head, sizeof(head));
	return messages->len - sizeof(head);
}

static inline void messages_end(struct messages *messages, size_t start)
{
	const uint32_t len = (uint32_t)(messages->len - start);

	memcpy(messages->bytes + start, &len, sizeof(len));
}
