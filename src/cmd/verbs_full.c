/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/macros.h"
#include "cmd/verbs.h"

const struct verb *const verbs[] = {
	&verb_show,   &verb_explain, &verb_get,     &verb_set,    &verb_adopt,
	&verb_spread, &verb_save,    &verb_restore, &verb_plan,   &verb_daemon,
	&verb_status, &verb_reload,  &verb_import,  &verb_record, &verb_simulate,
};
const size_t n_verbs = ARRAY_SIZE(verbs);
