/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/cpulist.h"

#include <errno.h>
#include <stdbool.h>

#include "base/macros.h"
#include "base/number.h"

/*
 * A list may name a CPU again and again ("0-65535,0-65535,..."). The kernel never writes such a
 * thing; this bounds what it can cost.
 */
#define MAX_ADDED (64u * CPUSET_MAX)

#define GROUP_BITS   32u
#define GROUP_DIGITS 8u

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

/* One region, "a", "a-b" or "a-b:used/group". */
struct region {
	uint64_t first, last, used, group;
};

static int read_pattern(const char **p, const char *end, struct region *region)
{
	uint64_t number;
	int r = number_read(p, end, UINT32_MAX, &number);

	if (r < 0)
		return r;
	region->group = number;
	if (*p < end && **p == '/') {
		(*p)++;
		region->used = number;
		r = number_read(p, end, UINT32_MAX, &region->group);
	}
	if (r == 0 && (!region->group || region->used > region->group))
		r = -EINVAL;
	return r;
}

static int read_region(const char **p, const char *end, struct region *ret)
{
	struct region region = {.used = 1, .group = 1};
	int r = number_read(p, end, CPUSET_MAX - 1, &region.first);

	region.last = region.first;
	if (r == 0 && *p < end && **p == '-') {
		(*p)++;
		r = number_read(p, end, CPUSET_MAX - 1, &region.last);
		if (r == 0 && *p < end && **p == ':') {
			(*p)++;
			r = read_pattern(p, end, &region);
		}
	}
	if (r < 0)
		return r;
	if (region.first > region.last || (*p < end && **p != ',' && !is_space(**p)))
		return -EINVAL;
	*ret = region;
	return 0;
}

/* Adds the region's CPUs and counts the work in *added. */
static int add_region(struct cpuset *set, const struct region *region, size_t *added)
{
	if (!region->used)
		return 0;
	*added += region->last - region->first + 1;
	if (*added > MAX_ADDED)
		return -EINVAL;
	if (region->used == region->group)
		return cpuset_add_range(set, (uint32_t)region->first, (uint32_t)region->last);
	for (uint64_t start = region->first; start <= region->last; start += region->group) {
		uint64_t stop = start + region->used - 1;
		int r = cpuset_add_range(set, (uint32_t)start,
					 (uint32_t)(stop < region->last ? stop : region->last));

		if (r < 0)
			return r;
	}
	return 0;
}

static void replace(struct cpuset *set, struct cpuset *with)
{
	cpuset_done(set);
	*set = *with;
	*with = (struct cpuset){0};
}

/* Regions end at commas or white space, as in bitmap_parselist(). */
int cpulist_parse(const char *text, size_t len, struct cpuset *set)
{
	_cleanup_(cpuset_done) struct cpuset parsed = {0};
	const char *p = text, *end = text + len;
	size_t added = 0;

	while (p < end) {
		struct region region;
		int r;

		if (*p == ',' || is_space(*p)) {
			p++;
			continue;
		}
		r = read_region(&p, end, &region);
		if (r == 0)
			r = add_region(&parsed, &region, &added);
		if (r < 0)
			return r;
	}
	replace(set, &parsed);
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int read_group(const char **p, const char *end, uint32_t *ret_bits)
{
	const char *start = *p;
	uint32_t bits = 0;

	for (; *p < end && hex_digit(**p) >= 0; (*p)++) {
		if ((size_t)(*p - start) == GROUP_DIGITS)
			return -ERANGE;
		bits = bits << 4 | (uint32_t)hex_digit(**p);
	}
	if (*p == start)
		return -EINVAL;
	*ret_bits = bits;
	return 0;
}

static int add_group(struct cpuset *set, size_t group, uint32_t bits)
{
	if (bits && group >= CPUSET_MAX / GROUP_BITS)
		return -ERANGE;
	for (; bits; bits &= bits - 1) {
		int r = cpuset_add(set,
				   (uint32_t)group * GROUP_BITS + (uint32_t)__builtin_ctz(bits));

		if (r < 0)
			return r;
	}
	return 0;
}

int cpumask_parse(const char *text, size_t len, struct cpuset *set)
{
	_cleanup_(cpuset_done) struct cpuset parsed = {0};
	const char *p = text, *end = text + len;
	size_t later = 0; /* groups behind this one */

	while (p < end && is_space(*p))
		p++;
	while (end > p && is_space(end[-1]))
		end--;
	for (const char *comma = p; comma < end; comma++)
		later += *comma == ',';
	for (;; p++, later--) {
		uint32_t bits;
		int r = read_group(&p, end, &bits);

		if (r == 0 && p < end && *p != ',')
			r = -EINVAL;
		if (r == 0)
			r = add_group(&parsed, later, bits);
		if (r < 0)
			return r;
		if (p == end)
			break;
	}
	replace(set, &parsed);
	return 0;
}
