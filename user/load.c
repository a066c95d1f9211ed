// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "kernel.h"
#include "lease.h"
#include "load.h"
#include "pinned_maps.h"
#include "util.h"
#include "echo.skel.h"
#include "learn.skel.h"

/* A map's pin, or NULL: those maps outlive a replace, the limiter's buckets do not. The name of a
 * section's (.data.watch) is the end of its name: bpffs takes no dots. */
static const struct pin_name *pin_of(const struct bpf_map *map)
{
	const char *dot = strrchr(bpf_map__name(map), '.');
	const char *name = dot ? dot + 1 : bpf_map__name(map);

	for (const struct pin_name *pin = pin_names; pin->name; pin++)
		if ((pin->kind == PIN_MAP || pin->kind == PIN_TABLE || pin->kind == PIN_SUM) &&
		    !strcmp(name, pin->name))
			return pin;
	return NULL;
}

enum fit { FITS, OUTGROWN, DIFFERENT };

/* Whether a program of today can use the pinned map of another version. */
static enum fit fit_of(const struct bpf_map *map, const struct pin_name *pin, int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info), entries = bpf_map__max_entries(map);

	if (bpf_obj_get_info_by_fd(fd, &info, &len) || info.type != bpf_map__type(map) ||
	    info.key_size != bpf_map__key_size(map) || info.value_size != bpf_map__value_size(map))
		return DIFFERENT;
	if (info.max_entries >= entries)
		return pin->kind == PIN_SUM || info.max_entries == entries ? FITS : DIFFERENT;
	return pin->kind == PIN_SUM ? OUTGROWN : DIFFERENT;
}

/* The pinned map, where there is one that can be used; else the object's own stays, to be pinned.
 */
static int share_pinned(struct bpf_map *map, const struct pin_name *pin, const struct pin_dir *dir)
{
	_cleanup_(close) int fd = pins_get(dir, pin->name);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	switch (fit_of(map, pin, fd)) {
	case FITS:
		return bpf_map__reuse_fd(map, fd);
	case OUTGROWN:
		return 0;
	case DIFFERENT:
		break;
	}
	return pins_remove(dir, pin->name);
}

/* Gives the object's maps the elements that already are: those of `other`, or
 * the pinned ones. */
static int share_maps(struct bpf_object *obj, const struct bpf_object *other,
		      const struct pin_dir *dir)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
	{
		const struct pin_name *pin = pin_of(map);
		struct bpf_map *shared;
		int err;

		if (!pin)
			continue;
		shared = other ? bpf_object__find_map_by_name(other, bpf_map__name(map)) : NULL;
		err = shared ? bpf_map__reuse_fd(map, bpf_map__fd(shared))
			     : share_pinned(map, pin, dir);
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

int load_end_leases(const struct programs *programs, __u64 lease, bool all)
{
	int fd = bpf_map__fd(bpf_object__find_map_by_name(programs->echo->obj, ".data.epoch"));
	struct icmpx_epoch epoch;
	__u32 key = 0;
	__u64 now;
	int err = kernel_jiffies(&now);

	if (err)
		return err;
	if (bpf_map_lookup_elem(fd, &key, &epoch))
		return -errno;
	if (!all && epoch.floor <= now + lease)
		return 0;
	epoch.floor = now + lease;
	return bpf_map_update_elem(fd, &key, &epoch, BPF_EXIST) ? -errno : 0;
}

int load_neighbours_fd(const struct programs *programs)
{
	return bpf_map__fd(programs->echo->maps.neighbours);
}

struct bpf_object *load_echo_object(const struct programs *programs)
{
	return programs->echo->obj;
}

static __u32 entries_of(int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.max_entries;
}

static int pin_map(const struct bpf_map *map, const struct pin_name *pin, const struct pin_dir *dir)
{
	_cleanup_(close) int pinned = pins_read(dir, pin->name);

	if (pinned == -ENOENT)
		return pins_put(dir, pin->name, bpf_map__fd(map));
	if (pinned < 0)
		return pinned;
	if (pin->kind == PIN_SUM && entries_of(pinned) < entries_of(bpf_map__fd(map)))
		return pinned_maps_outgrow(dir, pin->name, bpf_map__fd(map));
	return 0;
}

static int pin_object(const struct bpf_object *obj, const struct pin_dir *dir)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, obj)
	{
		const struct pin_name *pin = pin_of(map);

		if (!err && pin)
			err = pin_map(map, pin, dir);
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
	for (const struct pin_name *pin = pin_names; pin->name; pin++)
		if (pin->kind == PIN_MAP || pin->kind == PIN_TABLE)
			pins_remove(dir, pin->name);
}

void load_destroy(struct programs *programs)
{
	if (programs->echo)
		echo_bpf__destroy(programs->echo);
	if (programs->learn)
		learn_bpf__destroy(programs->learn);
	*programs = (struct programs){};
}
