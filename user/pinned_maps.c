// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "pinned_maps.h"
#include "util.h"
#include "verdicts.h"

#define MAPS_MAX 32 /* of a program, more than it has */

struct map_ids {
	__u32 id[2 * MAPS_MAX];
	__u32 count;
};

/* Adds the maps of the program that is pinned under one of the names with that id. */
static bool add_maps(const struct pin_dir *dir, const char *const names[2], __u32 prog_id,
		     struct map_ids *ids)
{
	for (int i = 0; i < 2; i++) {
		_cleanup_(close) int fd = pins_read(dir, names[i]);
		struct bpf_prog_info info = {
			.map_ids = (__u64)(unsigned long)&ids->id[ids->count],
			.nr_map_ids = MAPS_MAX,
		};
		__u32 len = sizeof(info);

		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) || info.id != prog_id)
			continue;
		ids->count += at_most(info.nr_map_ids, MAPS_MAX);
		return true;
	}
	return false;
}

static bool add_all_maps(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id,
			 struct map_ids *ids)
{
	static const char *const echo[] = {"echo", "echo_new"}, *const learn[] = {"learn",
										  "learn_new"};

	*ids = (struct map_ids){};
	return (!echo_id || add_maps(dir, echo, echo_id, ids)) &&
	       (!learn_id || add_maps(dir, learn, learn_id, ids));
}

static bool has(const struct map_ids *ids, __u32 id)
{
	for (__u32 i = 0; i < ids->count; i++)
		if (ids->id[i] == id)
			return true;
	return false;
}

static bool is_map(const struct pin_name *pin)
{
	return pin->kind == PIN_MAP || pin->kind == PIN_TABLE || pin->kind == PIN_SUM;
}

/* Id of a pinned map; 0: there is none. */
static __u32 map_id(const struct pin_dir *dir, const char *name)
{
	_cleanup_(close) int fd = pins_read(dir, name);
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

bool pinned_maps_serve(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id, bool all)
{
	struct map_ids ids;

	if (!add_all_maps(dir, echo_id, learn_id, &ids))
		return false;
	for (const struct pin_name *pin = pin_names; pin->name; pin++) {
		__u32 id = is_map(pin) ? map_id(dir, pin->name) : 0;

		if (!is_map(pin) || (!id && pin->kind == PIN_MAP && !all))
			continue;
		if (!id || (echo_id && learn_id && !has(&ids, id)))
			return false;
	}
	return true;
}

void pinned_maps_keep(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id)
{
	struct map_ids ids;
	bool known = add_all_maps(dir, echo_id, learn_id, &ids);

	for (const struct pin_name *pin = pin_names; pin->name; pin++)
		if (is_map(pin) && !(known && has(&ids, map_id(dir, pin->name))))
			pins_remove(dir, pin->name);
}

static void name_old(char *old, size_t size, const char *name)
{
	snprintf(old, size, "%s_old", name);
}

/* Adds a map's counters to another's. */
static int add_counters(int from, int to)
{
	int cpus = libbpf_num_possible_cpus();
	_cleanup_(free) struct icmpx_counter *sum = calloc(cpus < 0 ? 1 : 2 * cpus, sizeof(*sum));
	struct icmpx_counter *more;
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	if (cpus < 0 || !sum)
		return cpus < 0 ? cpus : -ENOMEM;
	more = sum + cpus;
	if (bpf_obj_get_info_by_fd(from, &info, &len))
		return -errno;
	if (info.value_size != sizeof(*sum))
		return -EINVAL;
	for (__u32 i = 0; i < info.max_entries; i++) {
		if (bpf_map_lookup_elem(to, &i, sum) || bpf_map_lookup_elem(from, &i, more))
			return -errno;
		for (int cpu = 0; cpu < cpus; cpu++) {
			sum[cpu].packets += more[cpu].packets;
			sum[cpu].bytes += more[cpu].bytes;
		}
		if (bpf_map_update_elem(to, &i, sum, BPF_ANY))
			return -errno;
	}
	return 0;
}

int pinned_maps_outgrow(const struct pin_dir *dir, const char *name, int fd)
{
	_cleanup_(close) int older = -1;
	char old[32];
	int err = 0;

	name_old(old, sizeof(old), name);
	older = pins_read(dir, old);
	if (older >= 0)
		err = add_counters(older, fd);
	if (!err)
		err = pins_rename(dir, name, old);
	return err ?: pins_put(dir, name, fd);
}

void pinned_maps_return(const struct pin_dir *dir, const char *name)
{
	char old[32];

	name_old(old, sizeof(old), name);
	pins_rename(dir, old, name);
}
