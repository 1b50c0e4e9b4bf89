/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/verbs.h"

/* What irqctl-full does; help and options are there, too. */
static const struct verb full_import = {
	.name = "import-irqbalance", .summary = SUMMARY_IMPORT, .run = run_full};
static const struct verb full_plan = {.name = "plan", .summary = SUMMARY_PLAN, .run = run_full};
static const struct verb full_daemon = {
	.name = "daemon", .summary = SUMMARY_DAEMON, .run = run_full};
static const struct verb full_record = {
	.name = "record", .summary = SUMMARY_RECORD, .run = run_full};
static const struct verb full_simulate = {
	.name = "simulate", .summary = SUMMARY_SIMULATE, .run = run_full};

const struct verb *const verbs[] = {
	&verb_show,   &verb_explain, &verb_get,     &verb_set,    &verb_adopt,
	&verb_spread, &verb_save,    &verb_restore, &full_plan,   &full_daemon,
	&verb_status, &verb_reload,  &full_import,  &full_record, &full_simulate,
};
const size_t n_verbs = ARRAY_SIZE(verbs);
