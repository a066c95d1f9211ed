// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lease.h"
#include "load.h"
#include "util.h"
#include "echo.skel.h"
#include "learn.skel.h"

/* Maps that have a pin, and so outlive a replace. The limiter's buckets do not. */
static const char *const pinned_maps[] = {
	"leases_v4", "leases_v6", "requests_v4", "requests_v6", "lessons",
	"verdicts",  PIN_EVENTS,  PIN_WATCH,     "epoch",       "neighbours",
};

/* A map's pin, or NULL. That of a section (.data.watch) is the end of its name:
 * bpffs takes no dots. */
static const char *pin_of(const struct bpf_map *map)
{
	const char *dot = strrchr(bpf_map__name(map), '.');
	const char *name = dot ? dot + 1 : bpf_map__name(map);

	for (size_t i = 0; i < ARRAY_SIZE(pinned_maps); i++)
		if (!strcmp(name, pinned_maps[i]))
			return pinned_maps[i];
	return NULL;
}

/* Gives the object's maps the elements that already are: those of `other`, or
 * the pinned ones. */
static int share_maps(struct bpf_object *obj, const struct bpf_object *other,
		      const struct pin_dir *dir)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
	{
		_cleanup_(close) int pinned = -1;
		const char *pin = pin_of(map);
		struct bpf_map *shared;
		int err;

		if (!pin)
			continue;
		shared = other ? bpf_object__find_map_by_name(other, bpf_map__name(map)) : NULL;
		if (!shared) {
			pinned = pins_get(dir, pin);
			if (pinned == -ENOENT)
				continue;
			if (pinned < 0)
				return pinned;
		}
		err = bpf_map__reuse_fd(map, shared ? bpf_map__fd(shared) : pinned);
		if (err)
			return err;
	}
	return 0;
}

int load_open_learn(struct programs *programs, const struct pin_dir *dir,
		    const struct icmpx_config *config)
{
	programs->learn = learn_bpf__open();
	if (!programs->learn)
		return -errno;
	programs->learn->rodata->config = *config;
	return share_maps(programs->learn->obj, NULL, dir);
}

int load_learn(struct programs *programs)
{
	return learn_bpf__load(programs->learn);
}

int load_open_echo(struct programs *programs, const struct pin_dir *dir,
		   const struct icmpx_config *config, bool frags)
{
	struct bpf_program *prog;
	int err = 0;

	if (programs->echo)
		echo_bpf__destroy(programs->echo);
	programs->echo = echo_bpf__open();
	if (!programs->echo)
		return -errno;
	programs->echo->rodata->config = *config;
	if (!config->limit.interval)
		err = bpf_map__set_max_entries(programs->echo->maps.sources, 1);
	prog = programs->echo->progs.icmpx_echo;
	if (!err && frags)
		err = bpf_program__set_flags(prog, bpf_program__flags(prog) | BPF_F_XDP_HAS_FRAGS);
	return err ?: share_maps(programs->echo->obj, programs->learn->obj, dir);
}

int load_echo(struct programs *programs)
{
	return echo_bpf__load(programs->echo);
}

int load_echo_fd(const struct programs *programs)
{
	return bpf_program__fd(programs->echo->progs.icmpx_echo);
}

int load_learn_fd(const struct programs *programs)
{
	return bpf_program__fd(programs->learn->progs.icmpx_learn);
}

int load_neighbours_fd(const struct programs *programs)
{
	return bpf_map__fd(programs->echo->maps.neighbours);
}

struct bpf_object *load_echo_object(const struct programs *programs)
{
	return programs->echo->obj;
}

static int pin_object(const struct bpf_object *obj, const struct pin_dir *dir)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, obj)
	{
		const char *name = pin_of(map);

		if (!err && name && !pins_has(dir, name))
			err = pins_put(dir, name, bpf_map__fd(map));
	}
	return err;
}

int load_pin_maps(const struct programs *programs, const struct pin_dir *dir)
{
	int err = pin_object(programs->learn->obj, dir);

	return err ?: pin_object(programs->echo->obj, dir);
}

int load_pin_config(const struct programs *programs, const struct pin_dir *dir, const char *name)
{
	return pins_put(dir, name, bpf_map__fd(programs->echo->maps.rodata));
}

void load_forget_maps(const struct pin_dir *dir)
{
	for (size_t i = 0; i < ARRAY_SIZE(pinned_maps); i++)
		pins_remove(dir, pinned_maps[i]);
}

void load_destroy(struct programs *programs)
{
	if (programs->echo)
		echo_bpf__destroy(programs->echo);
	if (programs->learn)
		learn_bpf__destroy(programs->learn);
	*programs = (struct programs){};
}
