/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading the two programs around one set of maps. */
#ifndef ICMPX_LOAD_H
#define ICMPX_LOAD_H

#include <stdbool.h>

#include "config.h"
#include "pins.h"

struct echo_bpf;
struct learn_bpf;

struct programs {
	struct learn_bpf *learn;
	struct echo_bpf *echo;
};

/* Opens the learner, on the maps that are pinned in dir where there are such,
 * else on new ones; then load_learn(). 0 or a negative errno. */
int load_open_learn(struct programs *programs, const struct pin_dir *dir,
		    const struct icmpx_config *config);
int load_learn(struct programs *programs);

/* Opens the fast path on the loaded learner's maps, in place of one opened before;
 * frags: able to take multi-buffer frames (kernel 5.18). Then load_echo(), or
 * libxdp, which loads it for its dispatcher. 0 or a negative errno. */
int load_open_echo(struct programs *programs, const struct pin_dir *dir,
		   const struct icmpx_config *config, bool frags);
int load_echo(struct programs *programs);

int load_echo_fd(const struct programs *programs);
/* Ends the leases that were made up to now, of `lease` jiffies at most: all, or if a former program
 * with longer ones has ended them for longer than that. 0 or a negative errno. */
int load_end_leases(const struct programs *programs, __u64 lease, bool all);

int load_neighbours_fd(const struct programs *programs);
int load_learn_fd(const struct programs *programs);
struct bpf_object *load_echo_object(const struct programs *programs);

/* Pins all maps that are not pinned yet. */
int load_pin_maps(const struct programs *programs, const struct pin_dir *dir);

/* Pins the options of the fast path under a name. */
int load_pin_config(const struct programs *programs, const struct pin_dir *dir, const char *name);

/* Removes the maps' pins but the counters': those of another version's layout cannot be shared. */
void load_forget_maps(const struct pin_dir *dir);

void load_destroy(struct programs *programs);

#endif
