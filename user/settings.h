/* SPDX-License-Identifier: GPL-2.0-only */
/* The pure half of kernel_settings.c, for its test. */
#ifndef ICMPX_SETTINGS_H
#define ICMPX_SETTINGS_H

#include "kernel.h"

/* Fills meaning and warn from setting->value. `path` is below /proc/sys, with %s
 * for an interface's name; false when it is none of ours. */
bool settings_explain(const char *path, struct setting *setting);

/* Whether a list as the kernel prints bitmaps ("0-1,3-127") holds a number. */
bool settings_list_has(const char *list, unsigned long number);

#endif
