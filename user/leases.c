// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>
#include <bpf/bpf.h>

#include "kernel.h"
#include "leases.h"
#include "util.h"

#define BATCH 1024 /* elements a system call, and so at least a bucket's */

/* What the elements of one map become. */
struct reader {
	int fd;
	bool v6;
	__u32 key_size;
	const char *ifname;
	const struct icmpx_config *config;
	const struct lease_clock *clock;
	struct lease_row **rows;
	size_t *count;
};

void lease_set_times(struct lease_row *row, const struct lease_clock *clock, __u32 lease_s)
{
	const struct icmpx_lease *lease = &row->lease;

	row->age = clock->monotonic - lease->learned;
	if (row->age < 0)
		row->age = 0;
	if (clock->jiffies)
		row->remaining = (double)(__s64)(lease->expires - clock->jiffies) / clock->hz;
	else
		row->remaining = (double)lease->renewed + lease_s - clock->monotonic;
}

static int append(const struct reader *reader, const void *keys, const struct icmpx_lease *leases,
		  size_t count)
{
	struct lease_row *grown =
		reallocarray(*reader->rows, *reader->count + count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	*reader->rows = grown;
	for (size_t i = 0; i < count; i++) {
		const void *key = (const char *)keys + i * reader->key_size;
		struct lease_row *row = &grown[(*reader->count)++];

		*row = (struct lease_row){
			.ifname = reader->ifname,
			.v6 = reader->v6,
			.any_peer = reader->config->trust == ICMPX_TRUST_ADDRESS,
			.lease = leases[i],
		};
		if (reader->v6) {
			memcpy(&row->flow, key, sizeof(row->flow));
		} else {
			const struct icmpx_flow4 *flow = key;

			row->flow.peer[0] = flow->peer;
			row->flow.local[0] = flow->local;
			row->flow.vlan = flow->vlan;
		}
		lease_set_times(row, reader->clock, reader->config->lease_s);
	}
	return 0;
}

/* A thousand elements a call, and none twice while the map changes. -EINVAL or
 * -ENOTSUPP (524) at the first call: the kernel has no batches (before 5.6). */
static int read_batches(const struct reader *reader, void *keys, struct icmpx_lease *leases)
{
	__u32 position, count;
	bool first = true;
	int err, end;

	do {
		count = BATCH;
		end = bpf_map_lookup_batch(reader->fd, first ? NULL : &position, &position, keys,
					   leases, &count, NULL);
		if (end && errno != ENOENT)
			return -errno;
		err = count ? append(reader, keys, leases, count) : 0;
		first = false;
	} while (!err && !end);
	return err;
}

/* An element that goes while it is looked at restarts the walk at the first
 * one; so there is an end to the patience. */
static int read_one_by_one(const struct reader *reader)
{
	char key[sizeof(struct icmpx_flow6)], next[sizeof(key)];
	struct icmpx_lease lease;
	void *previous = NULL;

	for (size_t steps = 0; steps < 2 * ICMPX_MAX_LEASES; steps++) {
		int err;

		if (bpf_map_get_next_key(reader->fd, previous, next))
			return errno == ENOENT ? 0 : -errno;
		memcpy(key, next, sizeof(key));
		previous = key;
		if (bpf_map_lookup_elem(reader->fd, key, &lease))
			continue;
		err = append(reader, key, &lease, 1);
		if (err)
			return err;
	}
	return 0;
}

static int read_map(const struct pin_dir *dir, const char *name, struct reader *reader)
{
	_cleanup_(free) struct icmpx_lease *leases = malloc(BATCH * sizeof(*leases));
	_cleanup_(free) void *keys = malloc(BATCH * sizeof(struct icmpx_flow6));
	_cleanup_(close) int fd = pins_get(dir, name);
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int err;

	if (fd < 0)
		return fd;
	if (!leases || !keys)
		return -ENOMEM;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	if (info.key_size != reader->key_size || info.value_size != sizeof(*leases))
		return -EINVAL;
	reader->fd = fd;
	err = read_batches(reader, keys, leases);
	if (err == -EINVAL || err == -524)
		err = read_one_by_one(reader);
	return err;
}

static struct lease_clock clock_now(const struct icmpx_config *config)
{
	struct lease_clock clock = {.hz = config->hz};
	struct timespec now;

	if (!clock.hz || kernel_jiffies(&clock.jiffies))
		clock.jiffies = 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	clock.monotonic = now.tv_sec + now.tv_nsec / 1e9;
	return clock;
}

int leases_read(const struct pin_dir *dir, const char *ifname, const struct icmpx_config *config,
		struct lease_row **rows, size_t *count)
{
	const struct lease_clock clock = clock_now(config);
	struct reader reader = {
		.ifname = ifname,
		.config = config,
		.clock = &clock,
		.rows = rows,
		.count = count,
		.key_size = sizeof(struct icmpx_flow4),
	};
	int err = read_map(dir, "leases_v4", &reader);

	if (err)
		return err;
	reader.v6 = true;
	reader.key_size = sizeof(struct icmpx_flow6);
	return read_map(dir, "leases_v6", &reader);
}

static int by_flow(const void *a, const void *b)
{
	const struct lease_row *left = a, *right = b;
	int order = strcmp(left->ifname, right->ifname);

	if (!order)
		order = left->v6 - right->v6;
	if (!order)
		order = memcmp(left->flow.peer, right->flow.peer, sizeof(left->flow.peer));
	if (!order)
		order = memcmp(left->flow.local, right->flow.local, sizeof(left->flow.local));
	if (!order)
		order = (left->flow.vlan > right->flow.vlan) -
			(left->flow.vlan < right->flow.vlan);
	return order;
}

void leases_sort(struct lease_row *rows, size_t count)
{
	if (count)
		qsort(rows, count, sizeof(*rows), by_flow);
}
