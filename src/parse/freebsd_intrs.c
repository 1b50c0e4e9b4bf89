/* SPDX-License-Identifier: BSD-2-Clause */
/* Every line is read from its end: what stands before ":INDEX @cpu" is the name, whatever it holds.
 */
#include "parse/freebsd_intrs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cpuset.h"
#include "base/number.h"
#include "base/text.h"

/* Cuts the digits at the end off. False where there are none. */
static bool take_number(const char *start, const char **end, uint64_t max, uint64_t *ret)
{
	const char *p = *end;

	while (p > start && is_digit(p[-1]))
		p--;
	if (number_read(&(const char *){p}, *end, max, ret) < 0)
		return false;
	*end = p;
	return true;
}

/* Cuts `word` off the end. */
static bool take_word(const char *start, const char **end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(*end - start) < len || memcmp(*end - len, word, len) != 0)
		return false;
	*end -= len;
	return true;
}

static int32_t irq_of(const char *start, const char *end)
{
	const char *p = start + 3;
	uint64_t irq;

	if (end - start < 5 || memcmp(start, "irq", 3) != 0 ||
	    number_read(&p, end, INT32_MAX, &irq) < 0 || p == end || *p != ':')
		return -1;
	return (int32_t)irq;
}

/* Kernels without NUMA domains print "@cpu3: 5" (before FreeBSD 12). */
static bool parse_line(const char *start, const char *end, struct freebsd_source *source,
		       const char **ret_name_end)
{
	uint64_t number;

	source->domain = -1;
	if (!take_number(start, &end, UINT64_MAX, &source->count) || !take_word(start, &end, ": "))
		return false;
	if (take_word(start, &end, ")")) {
		if (!take_number(start, &end, INT32_MAX, &number) ||
		    !take_word(start, &end, "(domain"))
			return false;
		source->domain = (int32_t)number;
	}
	if (!take_number(start, &end, CPUSET_MAX - 1, &number) || !take_word(start, &end, " @cpu"))
		return false;
	source->cpu = (uint32_t)number;
	if (!take_number(start, &end, UINT32_MAX, &number) || !take_word(start, &end, ":") ||
	    end == start)
		return false;
	source->index = (uint32_t)number;
	source->irq = irq_of(start, end);
	*ret_name_end = end;
	return true;
}

static int add_line(struct freebsd_sources *sources, const char *start, const char *end)
{
	struct freebsd_source source = {0};
	const char *name_end;
	int r;

	if (!parse_line(start, end, &source, &name_end)) {
		sources->n_bad++;
		return 0;
	}
	source.name = arena_strndup(&sources->strings, start, (size_t)(name_end - start));
	if (!source.name)
		return -ENOMEM;
	r = ARRAY_RESERVE(sources->items, sources->n + 1, sources->cap);
	if (r == 0)
		sources->items[sources->n++] = source;
	return r;
}

static bool is_padding(char c)
{
	return is_blank(c) || c == '\0';
}

int freebsd_intrs_parse(const char *text, size_t len, struct freebsd_sources *ret)
{
	const char *p = text, *end = text + len;
	int r = 0;

	*ret = (struct freebsd_sources){0};
	while (p < end && r == 0) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline ? newline : end;

		while (p < stop && is_padding(*p))
			p++;
		while (stop > p && is_padding(stop[-1]))
			stop--;
		if (stop > p)
			r = add_line(ret, p, stop);
		p = newline ? newline + 1 : end;
	}
	return r;
}

void freebsd_sources_done(struct freebsd_sources *sources)
{
	free(sources->items);
	arena_done(&sources->strings);
	*sources = (struct freebsd_sources){0};
}
