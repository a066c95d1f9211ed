// SPDX-License-Identifier: GPL-2.0-only
#include "../prog/oracle_lib.c"
