/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/thermal.h"

#include <errno.h>
#include <stdbool.h>

#include "config.h"

#if HAVE_LIBMNL

#include "parse/netlink.h"

/* What was read of one CPU so far; its number comes first. */
struct capability {
	struct cpuset *hot;
	uint32_t cpu, performance;
	bool has_cpu, has_performance;
};

static int take_cpu(struct capability *capability, uint32_t efficiency)
{
	int r = 0;

	if (!capability->has_cpu || !capability->has_performance)
		return 0;
	if (capability->performance || efficiency)
		cpuset_del(capability->hot, capability->cpu);
	else
		r = cpuset_add(capability->hot, capability->cpu);
	capability->has_cpu = capability->has_performance = false;
	return r == -ENOMEM ? r : 0;
}

static int take_value(struct capability *capability, uint16_t type, uint32_t value)
{
	switch (type) {
	case THERMAL_CPU_ID:
		capability->cpu = value;
		capability->has_cpu = true;
		capability->has_performance = false;
		return 0;
	case THERMAL_CPU_PERFORMANCE:
		capability->performance = value;
		capability->has_performance = true;
		return 0;
	case THERMAL_CPU_EFFICIENCY:
		return take_cpu(capability, value);
	default:
		return 0;
	}
}

static int read_cpus(const struct nlattr *list, struct cpuset *hot)
{
	struct capability capability = {.hot = hot};
	const char *p = mnl_attr_get_payload(list), *end = p + mnl_attr_get_payload_len(list);
	const struct nlattr *attr = (const struct nlattr *)p;
	int r = 0;

	for (; r == 0 && mnl_attr_ok(attr, (int)(end - (const char *)attr));
	     attr = mnl_attr_next(attr)) {
		if (mnl_attr_get_payload_len(attr) == sizeof(uint32_t))
			r = take_value(&capability, mnl_attr_get_type(attr),
				       mnl_attr_get_u32(attr));
	}
	return r;
}

static int read_message(void *ctx, const struct nlmsghdr *message)
{
	const struct nlattr *attr;
	int r = 0;

	for (attr = netlink_first(message); r == 0 && netlink_fits(attr, message);
	     attr = mnl_attr_next(attr)) {
		if (mnl_attr_get_type(attr) == THERMAL_CPU_CAPABILITY)
			r = read_cpus(attr, ctx);
	}
	return r;
}

int thermal_update(const void *bytes, size_t len, struct cpuset *hot)
{
	return netlink_for_each(bytes, len, THERMAL_CPU_CAPABILITY_CHANGE, read_message, hot);
}

#else

int thermal_update(const void *bytes, size_t len, struct cpuset *hot)
{
	(void)bytes;
	(void)len;
	(void)hot;
	return -ENOSYS;
}

#endif
