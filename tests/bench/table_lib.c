// SPDX-License-Identifier: GPL-2.0-only
#include "../prog/table_lib.c"
