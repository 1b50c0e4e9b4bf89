/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/steering.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/macros.h"
#include "plan/share.h"

/* What scaling.rst found to work well on a server of moderate load. */
#define USUAL_ENTRIES 32768u

struct steering {
	const struct steering_request *request;
	size_t n_cpus;    /* of the housekeeping ones */
	uint64_t entries; /* as they will be */
	struct steering_plan plan;
};

/* Takes `cpus` over. The reason NULL: out of memory. */
static int add(struct steering *steering, const struct steering_setting *setting)
{
	struct steering_plan *plan = &steering->plan;
	int r = setting->reason ? ARRAY_RESERVE(plan->settings, plan->n + 1, plan->cap) : -ENOMEM;

	if (r == 0)
		plan->settings[plan->n++] = *setting;
	return r;
}

static int add_set(struct steering *steering, const struct steering_setting *setting,
		   const struct cpuset *cpus)
{
	struct steering_setting copy = *setting;
	int r = cpuset_copy(&copy.cpus, cpus);

	if (r == 0)
		r = add(steering, &copy);
	if (r < 0)
		cpuset_done(&copy.cpus);
	return r;
}

static struct share *new_shares(const struct steering_queue *queues, size_t n)
{
	struct share *shares = calloc(n + 1, sizeof(*shares));

	for (size_t i = 0; i < n && shares; i++)
		shares[i].seat = queues[i].cpu;
	return shares;
}

static const char *scope(const struct steering *steering, const struct share *share)
{
	const struct topology_cpu *own =
		topology_cpu(steering->request->topology, (uint32_t)share->own);

	switch (share->farthest) {
	case NEAR_SELF:
		return "this CPU alone";
	case NEAR_CORE:
		return "the CPUs of its core";
	case NEAR_CACHE:
		return "the nearest CPUs of its cache";
	case NEAR_NODE:
		return own && own->node >= 0 ? "the nearest CPUs of its node"
					     : "its part of the CPUs";
	default:
		return "the nearest CPUs, of other nodes too";
	}
}

static const char *xps_reason(struct steering *steering, const struct share *share, size_t n_queues)
{
	struct arena *strings = &steering->plan.strings;
	const struct steering_request *request = steering->request;

	if (share->own < 0)
		return arena_printf(strings, "no CPU left: %zu CPUs, %zu tx queues",
				    cpuset_count(request->allowed), n_queues);
	if (share->seat < 0)
		return arena_printf(strings, "no interrupt known, CPU %" PRId64 " is free: %s",
				    share->own, scope(steering, share));
	if (share->seat == share->own)
		return arena_printf(strings, "CPU %" PRId64 " serves it: %s", share->seat,
				    scope(steering, share));
	return arena_printf(strings,
			    "CPU %" PRId64 " serves it and %s, CPU %" PRId64 " is next: %s",
			    share->seat,
			    cpuset_has(request->allowed, (uint32_t)share->seat) ? "has a queue"
										: "is not allowed",
			    share->own, scope(steering, share));
}

static int plan_xps(struct steering *steering, const struct steering_interface *interface)
{
	const struct steering_request *request = steering->request;
	struct share *shares;
	int r;

	if (interface->n_tx < 2)
		return 0;
	shares = new_shares(interface->tx, interface->n_tx);
	if (!shares)
		return -ENOMEM;
	r = share_out(request->topology, request->allowed, interface->node, shares,
		      interface->n_tx);
	for (size_t i = 0; i < interface->n_tx && r == 0; i++) {
		if (!interface->tx[i].has_cpus)
			continue;
		r = add_set(steering,
			    &(const struct steering_setting){
				    .kind = STEERING_XPS,
				    .interface = interface->name,
				    .queue = interface->tx[i].index,
				    .reason = xps_reason(steering, &shares[i], interface->n_tx)},
			    &shares[i].cpus);
	}
	shares_done(shares, interface->n_tx);
	return r;
}

static int32_t node_of(const struct steering_request *request, int64_t cpu)
{
	const struct topology_cpu *known =
		cpu >= 0 ? topology_cpu(request->topology, (uint32_t)cpu) : NULL;

	return known ? known->node : -1;
}

/* Whether the memory of a CPU is that of a queue of the interface. */
static bool is_near(const struct steering_request *request,
		    const struct steering_interface *interface, int64_t cpu)
{
	int32_t node = node_of(request, cpu);

	for (size_t i = 0; i < interface->n_rx; i++) {
		int64_t seat = interface->rx[i].cpu;
		int32_t home = seat >= 0 ? node_of(request, seat) : interface->node;

		if (home < 0 || home == node)
			return true;
	}
	return false;
}

/* The CPUs among which the packets stay in the memory that they came to; else all of them. */
static int helpers(const struct steering_request *request,
		   const struct steering_interface *interface, struct cpuset *set)
{
	int r = 0;

	cpuset_foreach (cpu, request->housekeeping) {
		if (r == 0 && is_near(request, interface, cpu))
			r = cpuset_add(set, (uint32_t)cpu);
	}
	if (r == 0 && cpuset_next(set, 0) < 0)
		r = cpuset_copy(set, request->housekeeping);
	return r;
}

/* A queue that would only be handed on to the CPU that has it already is better off without. */
static bool has_help(const struct share *share)
{
	return share->own >= 0 && !(share->n == 1 && share->own == share->seat);
}

static int put_rps_off(struct steering *steering, const struct steering_interface *interface,
		       const struct steering_queue *queue, const char *reason)
{
	if (!queue->has_cpus || !queue->is_on)
		return 0;
	return add(steering, &(const struct steering_setting){.kind = STEERING_RPS,
							      .interface = interface->name,
							      .queue = queue->index,
							      .reason = reason});
}

static int put_rps_on(struct steering *steering, const struct steering_interface *interface,
		      const struct steering_queue *queue, const struct share *share)
{
	if (!queue->has_cpus)
		return 0;
	return add_set(steering,
		       &(const struct steering_setting){
			       .kind = STEERING_RPS,
			       .interface = interface->name,
			       .queue = queue->index,
			       .reason = arena_printf(&steering->plan.strings,
						      "fewer rx queues than CPUs (%zu, %zu): %s",
						      interface->n_rx, steering->n_cpus,
						      scope(steering, share))},
		       &share->cpus);
}

static int plan_rps(struct steering *steering, const struct steering_interface *interface)
{
	_cleanup_(cpuset_done) struct cpuset cpus = {0};
	struct share *shares = new_shares(interface->rx, interface->n_rx);
	int r = shares ? helpers(steering->request, interface, &cpus) : -ENOMEM;

	if (r == 0)
		r = share_out(steering->request->topology, &cpus, interface->node, shares,
			      interface->n_rx);
	for (size_t i = 0; i < interface->n_rx && r == 0; i++) {
		const struct steering_queue *queue = &interface->rx[i];

		r = has_help(&shares[i]) ? put_rps_on(steering, interface, queue, &shares[i])
					 : put_rps_off(steering, interface, queue,
						       "off: every CPU of its node has a queue");
	}
	shares_done(shares, interface->n_rx);
	return r;
}

/* The next power of two, which the kernel would make of it (net/core/net-sysfs.c,
 * store_rps_dev_flow_table_cnt). */
static uint64_t flows_of(uint64_t entries, size_t n_queues)
{
	uint64_t flows = 1;

	while (flows < entries / n_queues)
		flows *= 2;
	return flows;
}

static int plan_flows(struct steering *steering, const struct steering_interface *interface)
{
	uint64_t flows = flows_of(steering->entries, interface->n_rx);
	int r = 0;

	for (size_t i = 0; i < interface->n_rx && r == 0; i++) {
		if (!interface->rx[i].has_flows)
			continue;
		r = add(steering,
			&(const struct steering_setting){
				.kind = STEERING_FLOWS,
				.interface = interface->name,
				.queue = interface->rx[i].index,
				.number = flows,
				.reason = arena_printf(&steering->plan.strings,
						       "%" PRIu64 " flows over the rx queues (%zu)",
						       steering->entries, interface->n_rx)});
	}
	return r;
}

static bool wants_help(const struct steering *steering, const struct steering_interface *interface)
{
	return interface->n_rx > 0 && interface->n_rx < steering->n_cpus;
}

/* The table of the machine comes before those of the queues: RFS is on where both are there. */
static int plan_entries(struct steering *steering)
{
	const struct steering_request *request = steering->request;
	bool is_wanted = false;

	for (size_t i = 0; i < request->n_interfaces; i++)
		is_wanted = is_wanted || wants_help(steering, &request->interfaces[i]);
	if (!is_wanted || !request->has_entries || request->entries >= USUAL_ENTRIES)
		return 0;
	steering->entries = USUAL_ENTRIES;
	return add(steering, &(const struct steering_setting){
				     .kind = STEERING_ENTRIES,
				     .number = USUAL_ENTRIES,
				     .reason = "the usual size of the table that RFS needs"});
}

static int plan_receive(struct steering *steering, const struct steering_interface *interface)
{
	int r = 0;

	if (wants_help(steering, interface)) {
		r = plan_rps(steering, interface);
		if (r == 0 && steering->request->has_entries)
			r = plan_flows(steering, interface);
		return r;
	}
	for (size_t i = 0; i < interface->n_rx && r == 0; i++)
		r = put_rps_off(steering, interface, &interface->rx[i],
				"off: there is an rx queue for each CPU");
	return r;
}

int steering_plan_build(const struct steering_request *request, struct steering_plan *ret)
{
	struct steering steering = {.request = request,
				    .n_cpus = cpuset_count(request->housekeeping),
				    .entries = request->entries};
	int r = plan_entries(&steering);

	for (size_t i = 0; i < request->n_interfaces && r == 0; i++) {
		r = plan_xps(&steering, &request->interfaces[i]);
		if (r == 0)
			r = plan_receive(&steering, &request->interfaces[i]);
	}
	if (r < 0)
		steering_plan_done(&steering.plan);
	else
		*ret = steering.plan;
	return r;
}

void steering_plan_done(struct steering_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		cpuset_done(&plan->settings[i].cpus);
	free(plan->settings);
	arena_done(&plan->strings);
	*plan = (struct steering_plan){0};
}
