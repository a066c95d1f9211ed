/* SPDX-License-Identifier: GPL-2.0-only */
/* cmocka and what it wants before; by the names that it has from 2.0 on. */
#ifndef CMOCKA_COMPAT_H
#define CMOCKA_COMPAT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#ifndef assert_uint_in_range
#define assert_uint_in_range(value, least, most) assert_in_range(value, least, most)
#endif

#endif
