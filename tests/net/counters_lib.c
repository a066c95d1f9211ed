// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "counters.h"

const char *const verdict_names[ICMPX_VERDICT_MAX] = {
#define X(id, action, name, help) [ICMPX_##id] = name,
	ICMPX_VERDICTS(X)
#undef X
};

const char *const lesson_names[ICMPX_LESSON_MAX] = {
#define X(id, name, help) [ICMPX_##id] = name,
	ICMPX_LESSONS(X)
#undef X
};

static int read_map(const char *pin_dir, const char *map, __u64 *packets, __u32 count)
{
	int cpus = libbpf_num_possible_cpus(), fd, err = 0;
	struct icmpx_counter *values;
	char path[256];

	if (cpus < 0)
		return cpus;
	snprintf(path, sizeof(path), "%s/%s", pin_dir, map);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return -errno;
	values = calloc(cpus, sizeof(*values));
	if (!values)
		err = -ENOMEM;
	for (__u32 key = 0; key < count && !err; key++) {
		packets[key] = 0;
		if (bpf_map_lookup_elem(fd, &key, values))
			err = -errno;
		for (int cpu = 0; cpu < cpus; cpu++)
			packets[key] += values[cpu].packets;
	}
	free(values);
	close(fd);
	return err;
}

int counters_read(const char *pin_dir, struct counters *counters)
{
	int err = read_map(pin_dir, "verdicts", counters->verdict, ICMPX_VERDICT_MAX);

	return err ?: read_map(pin_dir, "lessons", counters->lesson, ICMPX_LESSON_MAX);
}
