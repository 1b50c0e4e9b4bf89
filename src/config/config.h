/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the administrator wants: /etc/irqctl/irqctl.conf (irqctl.conf(5)).
 *
 * A configuration is plain data, made at once by config_parse() or config_defaults() and not
 * changed afterwards; it owns all its texts. CPU lists are kept as they were written, because what
 * "node:1" or "!0" means changes with the machine: config_resolve() asks again after each hot-plug.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cpuset.h"
#include "base/places.h"
#include "model/model.h"

#define CONFIG_FILE PLACE_CONFIG "/irqctl.conf"

/* Sections; of the last three a later one is the more specific, and wins. */
enum config_scope {
	CONFIG_GLOBAL, /* [global] */
	CONFIG_CPUS,   /* [cpus] */
	CONFIG_DRIVER, /* [driver GLOB] */
	CONFIG_DEVICE, /* [device GLOB] */
	CONFIG_IRQ,    /* [irq GLOB] */
};

enum config_foreign {
	CONFIG_RESPECT, /* an affinity that somebody else set is a pin */
	CONFIG_RESTORE, /* it is put back */
};

enum config_measure {
	CONFIG_MEASURE_AUTO, /* measured in the kernel by a version that can; this one cannot */
	CONFIG_MEASURE_OFF,
};

enum config_mode {
	CONFIG_SPREAD,
	CONFIG_PACK,
};

enum config_cpu_load {
	CONFIG_LOAD_IGNORE,  /* only interrupts count */
	CONFIG_LOAD_RESPECT, /* the time that other work takes counts too */
};

enum config_log_level {
	CONFIG_LOG_ERROR,
	CONFIG_LOG_WARNING,
	CONFIG_LOG_INFO,
	CONFIG_LOG_DEBUG,
};

/* CPUs that the kernel keeps away from its scheduler or its tick. */
enum config_special {
	CONFIG_AVOID,
	CONFIG_USE,
};

enum config_policy {
	CONFIG_NODE_FIRST, /* the device's node, others when it is full */
	CONFIG_NEAR,       /* only the device's node */
	CONFIG_ANYWHERE,   /* no node is better than another */
	CONFIG_IGNORE,     /* in a file only: the same as ignore = yes */
};

/* What a section can decide for an interrupt, each on its own. */
enum config_slot {
	CONFIG_PLACE, /* cpus or pin */
	CONFIG_IGNORED,
	CONFIG_POLICY,
	CONFIG_WEIGHT,
	CONFIG_NODE,
	CONFIG_N_SLOTS,
};

/* A section [irq GLOB], [device GLOB] or [driver GLOB]. */
struct config_section {
	enum config_scope scope;
	const char *glob;
	uint32_t line;      /* of its header, from 1 */
	unsigned int slots; /* a mask of 1 << enum config_slot: what it decides */
	const char *cpus;   /* list of CPUs that may serve; NULL: not given */
	const char *pin;    /* list of CPUs that are its affinity, never changed; NULL: not given */
	uint32_t place_line; /* of either */
	bool ignore;
	enum config_policy policy;
	double weight;
	const char *node; /* "auto", "none" or a number */
};

struct config {
	/* [global] */
	double interval_s; /* between samples; 0: auto */
	enum config_foreign foreign;
	enum config_measure measure;
	enum config_mode mode;
	enum config_cpu_load cpu_load;
	enum config_log_level log_level;
	double moves_per_minute;   /* a whole number; 0: auto */
	double pack_fill;          /* with CONFIG_PACK: how full a core may be, 0..1 */
	bool keep;                 /* leave the affinities at exit */
	bool thermal;              /* follow the processor's thermal hints */
	const char *global_shield; /* CPU list as below, "" for none */
	const char *socket, *socket_group, *state_dir;
	/* [cpus]: CPU lists; "" is none */
	const char *allow, *ban, *shield;
	uint32_t global_shield_line, allow_line, ban_line, shield_line; /* 0: not in the file */
	enum config_special isolated; /* isolcpus= and isolated cpuset partitions */
	enum config_special nohz_full;
	/* the other sections, in the order of the file */
	struct config_section *sections;
	size_t n_sections, cap_sections;
	const char *name; /* of the file, for messages; NULL: there is none */
	struct arena strings;
};

/* What holds without a file. 0 or -ENOMEM. Free with config_done. */
int config_defaults(struct config *ret);

/*
 * The settings in `text`; `name` is the file's, for the messages. The whole text is checked. On
 * -EINVAL `errors` has one line for each thing that is wrong, "NAME:LINE: SENTENCE\n", by line,
 * with the value and the way out, and there is no configuration. Else 0 or -ENOMEM. Free with
 * config_done.
 */
int config_parse(const char *text, size_t len, const char *name, struct config *ret,
		 struct buf *errors);

/*
 * Reads a file and parses it. Errors as above; -EINVAL (with a line in `errors`) also where it is
 * no regular file or longer than 1 MiB, and -errno (-ENOENT ...) without text where it cannot be
 * read.
 */
int config_read(const char *path, struct config *ret, struct buf *errors);
void config_done(struct config *config);

struct source;

/* The CPUs of a machine that a configuration speaks about. */
struct config_machine {
	const struct cpuset *online;
	const struct cpuset *isolated;  /* NULL: none */
	const struct cpuset *nohz_full; /* NULL: none */
	struct source *source;          /* where the topology is read from; NULL: none is known */
	bool was_resolved; /* for this configuration: parts that are missing now went offline */
};

/* The CPU lists of a configuration on one machine. */
struct config_cpus {
	struct cpuset allowed; /* may be given interrupts: neither banned nor shielded, online */
	struct cpuset shield;  /* everything that can move is to leave these */
	struct cpuset
		*sections; /* of each section: `cpus` within `allowed`, or `pin` within online;
			      empty where it has neither, or none of them is usable now */
	size_t n_sections;
};

/*
 * What the lists mean on this machine. 0, -ENOMEM, or -EINVAL: lists name parts that the machine
 * lacks, and `error` has a line for each as config_parse() writes them; or no CPU is left, and it
 * says so. The topology is only read where a list names a part of it. Free with config_cpus_done.
 */
int config_resolve(const struct config *config, const struct config_machine *machine,
		   struct config_cpus *ret, struct buf *error);
void config_cpus_done(struct config_cpus *cpus);

/* What holds for one interrupt. Borrows from the configuration and its resolved lists. */
struct config_rule {
	const char *cpus;            /* list as it was written; NULL: every allowed CPU */
	const struct cpuset *cpuset; /* what it means; NULL without list, or without `resolved` */
	bool pin;                    /* the list is to be its affinity, and nothing else */
	bool ignore;                 /* never touched */
	enum config_policy policy;   /* never CONFIG_IGNORE */
	double weight;               /* its load counts that many times */
	bool has_node;               /* `node` holds instead of what the system tells */
	int32_t node;                /* -1: no node is near */
	const struct config_section *by[CONFIG_N_SLOTS]; /* what decided; NULL: the default */
};

/*
 * The rule of an interrupt: for each slot that of the most specific section that decides it, and
 * among equals the last one. `resolved` may be NULL.
 */
void config_rule_for(const struct config *config, const struct config_cpus *resolved,
		     const struct interrupt *interrupt, struct config_rule *ret);

/*
 * Appends a line for each section that fits no interrupt of the machine, as config_parse() writes
 * them: a name may be wrong, or its device not there yet. 0 or -ENOMEM.
 */
int config_unmatched(const struct config *config, const struct model *model, struct buf *out);

/* "global", "cpus", "irq", "device", "driver". */
const char *config_scope_name(enum config_scope scope);
/* Appends "[irq eth0-*] (line 12)". 0 or -ENOMEM. */
int config_section_name(const struct config_section *section, struct buf *out);
