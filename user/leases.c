// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>

#include "kernel.h"
#include "leases.h"
#include "util.h"

#define BATCH 256 /* sets a system call */

/* Where the leases of one table go. */
struct reader {
	const char *ifname;
	const struct icmpx_config *config;
	struct lease_clock clock;
	struct lease_row **rows;
	size_t *count;
};

static double at_most_0(double value)
{
	return value < 0 ? value : 0;
}

void lease_set_times(struct lease_row *row, const struct lease_clock *clock, __u32 lease_s)
{
	const struct icmpx_lease *lease = &row->lease;

	__u32 now = clock->monotonic;

	row->age = now > lease->learned ? now - lease->learned : 0;
	if (clock->jiffies)
		row->remaining = (double)(__s64)(lease->expires - clock->jiffies) / clock->hz;
	else
		row->remaining = (double)lease->renewed + lease_s - clock->monotonic;
	/* Made with a longer --lease, or ended with all others: not valid any more, as in the
	 * fast path. */
	if (row->remaining > lease_s || lease->expires <= clock->floor)
		row->remaining = at_most_0(row->remaining);
}

bool lease_row_v4(const struct icmpx_entry4 *entry, const __u64 *multipliers, struct lease_row *row)
{
	__u64 addrs;

	memcpy(&addrs, &entry->flow.peer, sizeof(addrs));
	*row = (struct lease_row){
		.flow.peer = {entry->flow.peer},
		.flow.local = {entry->flow.local},
		.flow.vlan = entry->flow.vlan,
		.lease = entry->lease,
	};
	return entry->lease.seal ==
	       icmpx_seal_of(icmpx_hash4(multipliers, addrs, entry->flow.vlan), &entry->lease);
}

bool lease_row_v6(const struct icmpx_entry6 *entry, const __u64 *multipliers, struct lease_row *row)
{
	__u64 addrs[4];

	memcpy(addrs, entry->flow.peer, sizeof(addrs));
	*row = (struct lease_row){.v6 = true, .flow = entry->flow, .lease = entry->lease};
	return entry->lease.seal ==
	       icmpx_seal_of(icmpx_hash6(multipliers, addrs, entry->flow.vlan), &entry->lease);
}

static int append(const struct reader *reader, struct lease_row *row)
{
	struct lease_row *grown = reallocarray(*reader->rows, *reader->count + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	*reader->rows = grown;
	row->ifname = reader->ifname;
	row->any_peer = reader->config->trust == ICMPX_TRUST_ADDRESS;
	lease_set_times(row, &reader->clock, reader->config->lease_s);
	grown[(*reader->count)++] = *row;
	return 0;
}

static int take_sets_v4(const struct reader *reader, const void *sets, __u32 count)
{
	const struct icmpx_entry4 *entries = sets;
	struct lease_row row;
	int err = 0;

	for (__u32 i = 0; i < count * ICMPX_WAYS && !err; i++) {
		if (lease_row_v4(&entries[i], reader->config->multipliers, &row))
			err = append(reader, &row);
	}
	return err;
}

static int take_sets_v6(const struct reader *reader, const void *sets, __u32 count)
{
	const struct icmpx_entry6 *entries = sets;
	struct lease_row row;
	int err = 0;

	for (__u32 i = 0; i < count * ICMPX_WAYS && !err; i++) {
		if (lease_row_v6(&entries[i], reader->config->multipliers, &row))
			err = append(reader, &row);
	}
	return err;
}

/* The next sets from *position on; moves it. */
static int read_sets(int fd, __u32 *position, void *sets, __u32 *keys, __u32 *count)
{
	bool first = !*position;

	*count = BATCH;
	if (!bpf_map_lookup_batch(fd, first ? NULL : position, position, keys, sets, count, NULL))
		return 0;
	if (errno == ENOENT) {
		*position = ICMPX_SETS;
		return 0;
	}
	return -errno;
}

/* One table. Every call into the kernel takes many sets. */
static int read_table(const struct pin_dir *dir, const char *name, size_t set_size,
		      const struct reader *reader,
		      int take(const struct reader *reader, const void *sets, __u32 count))
{
	_cleanup_(free) void *sets = NULL;
	_cleanup_(close) int fd = pins_read(dir, name);
	struct bpf_map_info info = {};
	__u32 keys[BATCH], position = 0, count, len = sizeof(info);
	int err = 0;

	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	if (info.value_size != set_size || info.max_entries != ICMPX_SETS)
		return -EINVAL;
	sets = calloc(BATCH, set_size);
	if (!sets)
		return -ENOMEM;
	while (!err && position < ICMPX_SETS) {
		err = read_sets(fd, &position, sets, keys, &count);
		if (!err)
			err = take(reader, sets, count);
	}
	return err;
}

/* What has ended all leases, where an icmpx that keeps it is attached. */
static __u64 read_floor(const struct pin_dir *dir)
{
	_cleanup_(close) int fd = pins_read(dir, PIN_EPOCH);
	struct icmpx_epoch epoch = {};
	__u32 key = 0;

	return fd >= 0 && !bpf_map_lookup_elem(fd, &key, &epoch) ? epoch.floor : 0;
}

static struct lease_clock clock_now(const struct icmpx_config *config, const struct pin_dir *dir)
{
	struct lease_clock clock = {.hz = config->hz, .floor = read_floor(dir)};
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
	const struct reader reader = {
		.ifname = ifname,
		.config = config,
		.clock = clock_now(config, dir),
		.rows = rows,
		.count = count,
	};
	int err = read_table(dir, "leases_v4", sizeof(struct icmpx_set4), &reader, take_sets_v4);

	return err
		       ?: read_table(dir, "leases_v6", sizeof(struct icmpx_set6), &reader,
				     take_sets_v6);
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
		order = (left->flow.vlan > right->flow.vlan) - (left->flow.vlan < right->flow.vlan);
	return order;
}

void leases_sort(struct lease_row *rows, size_t count)
{
	if (count)
		qsort(rows, count, sizeof(*rows), by_flow);
}
