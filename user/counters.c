// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "counters.h"

struct counters *counters_new(int cpus)
{
	struct counters *counters =
		calloc(1, sizeof(*counters) + sizeof(*counters->cpu) * COUNTER_MAX * cpus);

	if (counters)
		counters->cpus = cpus;
	return counters;
}

void counters_add_up(struct counters *counters)
{
	for (int i = 0; i < COUNTER_MAX; i++) {
		struct icmpx_counter sum = {};

		for (int cpu = 0; cpu < counters->cpus; cpu++) {
			sum.packets += counters->cpu[cpu * COUNTER_MAX + i].packets;
			sum.bytes += counters->cpu[cpu * COUNTER_MAX + i].bytes;
		}
		counters->sum[i] = sum;
	}
}

/* Adds one map's entries to `first` and what follows. A map of an older version has
 * fewer. */
static int add_map(const struct pin_dir *dir, const char *name, struct counters *counters,
		   int first, int entries, __u32 *id)
{
	_cleanup_(close) int fd = pins_read(dir, name);
	_cleanup_(free) struct icmpx_counter *values = NULL;
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	if (info.value_size != sizeof(*values))
		return -EINVAL;
	values = calloc(counters->cpus, sizeof(*values));
	if (!values)
		return -ENOMEM;
	*id = info.id;
	for (__u32 i = 0; i < (__u32)entries && i < info.max_entries; i++) {
		if (bpf_map_lookup_elem(fd, &i, values))
			return -errno;
		for (int cpu = 0; cpu < counters->cpus; cpu++) {
			struct icmpx_counter *sum = &counters->cpu[cpu * COUNTER_MAX + first + i];

			sum->packets += values[cpu].packets;
			sum->bytes += values[cpu].bytes;
		}
	}
	return 0;
}

/* With what was counted before an upgrade for which the map was too small. */
static int read_map(const struct pin_dir *dir, const char *name, const char *old,
		    struct counters *counters, int first, int entries, __u32 *id)
{
	__u32 ignored;
	int err = add_map(dir, name, counters, first, entries, id);

	if (err)
		return err;
	err = add_map(dir, old, counters, first, entries, &ignored);
	return err == -ENOENT ? 0 : err;
}

int counters_read(const struct pin_dir *dir, struct counters **out)
{
	_cleanup_(free) struct counters *counters = NULL;
	int cpus = libbpf_num_possible_cpus(), err;
	struct timespec now;

	if (cpus < 0)
		return cpus;
	counters = counters_new(cpus);
	if (!counters)
		return -ENOMEM;
	err = read_map(dir, "verdicts", "verdicts_old", counters, 0, ICMPX_VERDICT_MAX,
		       &counters->map_ids[0]);
	if (!err)
		err = read_map(dir, "lessons", "lessons_old", counters, COUNTER_LESSONS,
			       ICMPX_LESSON_MAX, &counters->map_ids[1]);
	if (err)
		return err;
	clock_gettime(CLOCK_MONOTONIC, &now);
	counters->taken = now.tv_sec * 1000000000ULL + now.tv_nsec;
	counters_add_up(counters);
	*out = counters;
	counters = NULL;
	return 0;
}

bool counters_rate(const struct counters *before, const struct counters *now, int counter,
		   struct rate *rate)
{
	const struct icmpx_counter *old, *new = &now->sum[counter];
	double seconds;

	if (!before || before->map_ids[0] != now->map_ids[0] ||
	    before->map_ids[1] != now->map_ids[1] || now->taken <= before->taken)
		return false;
	old = &before->sum[counter];
	if (new->packets < old->packets || new->bytes < old->bytes)
		return false;
	seconds = (now->taken - before->taken) / 1e9;
	rate->frames = (new->packets - old->packets) / seconds;
	rate->bytes = (new->bytes - old->bytes) / seconds;
	return true;
}
