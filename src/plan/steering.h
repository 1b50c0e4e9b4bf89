/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which CPU sends through which queue of a NIC (XPS), and which CPUs help a receive queue (RPS,
 * RFS): `irqctl spread --steering`. Pure: the same input gives the same plan, on any machine.
 *
 * What is advised comes from the kernel's Documentation/networking/scaling.rst.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpuset.h"
#include "topology/topology.h"

struct steering_queue {
	uint32_t index; /* N of rx-N or tx-N */
	int64_t cpu;    /* that serves it, -1: it has no interrupt, or none that is known */
	bool has_cpus;  /* there is a set of CPUs to write: xps_cpus or rps_cpus */
	bool has_flows; /* rx: there is an rps_flow_cnt */
	bool is_on;     /* rx: rps_cpus is not empty now */
};

struct steering_interface {
	const char *name;
	int32_t node;                   /* of its device, -1: none */
	struct steering_queue *tx, *rx; /* ascending by index */
	size_t n_tx, n_rx;
};

struct steering_request {
	const struct topology *topology;
	const struct cpuset *allowed;      /* the CPUs that are to be served */
	const struct cpuset *housekeeping; /* those of them that the kernel takes for RPS: neither
					      isolated nor nohz_full */
	const struct steering_interface *interfaces;
	size_t n_interfaces;
	bool has_entries;
	uint64_t entries; /* rps_sock_flow_entries now */
};

enum steering_kind {
	STEERING_XPS,     /* xps_cpus of a tx queue */
	STEERING_RPS,     /* rps_cpus of an rx queue */
	STEERING_FLOWS,   /* rps_flow_cnt of an rx queue */
	STEERING_ENTRIES, /* rps_sock_flow_entries of the machine */
};

struct steering_setting {
	enum steering_kind kind;
	const char *interface; /* the request's; NULL for STEERING_ENTRIES */
	uint32_t queue;
	struct cpuset cpus;
	uint64_t number;    /* FLOWS, ENTRIES */
	const char *reason; /* in words */
};

struct steering_plan {
	struct steering_setting *settings; /* in the order in which they are to be written */
	size_t n, cap;
	struct arena strings;
};

/*
 * Every allowed CPU sends through one tx queue of each interface: that of the nearest CPU; a single
 * queue leaves no choice, and is left out. Where there are fewer rx queues than CPUs, RPS hands
 * packets on to the CPUs of the memory that the queue's CPU has, and RFS to where they are used;
 * else RPS is put off where it is on. 0 or -ENOMEM. Free with steering_plan_done.
 */
int steering_plan_build(const struct steering_request *request, struct steering_plan *ret);
void steering_plan_done(struct steering_plan *plan);
