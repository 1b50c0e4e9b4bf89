/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/macros.h"
#include "cmd/verbs.h"

const struct verb *const verbs[] = {
	&verb_show, &verb_explain, &verb_get, &verb_set, &verb_spread, &verb_save, &verb_restore,
};
const size_t n_verbs = ARRAY_SIZE(verbs);
