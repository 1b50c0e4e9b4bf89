/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/array.h"

#include <errno.h>

int array_reserve(void **items, size_t *cap, size_t need, size_t size)
{
	size_t wanted = *cap ? *cap : 16;
	size_t bytes;
	void *grown;

	if (need <= *cap)
		return 0;
	while (wanted < need) {
		if (__builtin_mul_overflow(wanted, 2, &wanted))
			return -ENOMEM;
	}
	if (__builtin_mul_overflow(wanted, size, &bytes))
		return -ENOMEM;
	grown = realloc(*items, bytes);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*cap = wanted;
	return 0;
}
