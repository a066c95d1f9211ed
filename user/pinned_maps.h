/* SPDX-License-Identifier: GPL-2.0-only */
/* The pinned maps beside the programs that use them. */
#ifndef ICMPX_PINNED_MAPS_H
#define ICMPX_PINNED_MAPS_H

#include <stdbool.h>

#include "pins.h"

/* Whether all maps that every version has (`all`: that this one has) are pinned, and what is pinned
 * is what the pinned programs of these ids use (0: not attached): others' counters stand still. */
bool pinned_maps_serve(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id, bool all);

/* Removes the pins of the maps that those programs do not use. */
void pinned_maps_keep(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id);

/* Counters with fewer entries than there are verdicts or lessons today: the map `name` is pinned as
 * name_old, and fd, which has room for all, in its stead. Who reads adds both up, so that nothing
 * is missed while one program takes the other's place. What was name_old before goes into fd,
 * which no program may use yet. 0 or a negative errno. */
int pinned_maps_outgrow(const struct pin_dir *dir, const char *name, int fd);

/* Undoes that. */
void pinned_maps_return(const struct pin_dir *dir, const char *name);

#endif
