/* SPDX-License-Identifier: BSD-2-Clause */
/* cmocka.h wants these four in front of it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
