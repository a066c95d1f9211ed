// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "leases.h"
#include "stats.h"
#include "util.h"

void stats_free(struct stats *stats)
{
	for (size_t i = 0; i < stats->count; i++) {
		free(stats->interfaces[i].now);
		free(stats->interfaces[i].before);
	}
	free(stats->interfaces);
	*stats = (struct stats){};
}

/* The counters of the round before become this round's `before`. */
static struct counters *take_before(struct stats *last, __u32 ifindex)
{
	for (size_t i = 0; i < last->count; i++) {
		struct stats_interface *interface = &last->interfaces[i];
		struct counters *counters = interface->now;

		if (interface->attachment.dir.ifindex != ifindex)
			continue;
		interface->now = NULL;
		return counters;
	}
	return NULL;
}

/* An interface that is detached between the list and the look is left out. */
static int read_interfaces(char **names, int named, const struct attachment *list, size_t count,
			   struct stats *last, struct stats *stats, struct refusal *why)
{
	stats->interfaces = calloc(count ?: 1, sizeof(*stats->interfaces));
	if (!stats->interfaces)
		return select_refuse(why, "stats", "cannot read", -ENOMEM);
	for (size_t i = 0; i < count; i++) {
		struct stats_interface *interface = &stats->interfaces[stats->count];
		int err = counters_read(&list[i].dir, &interface->now);

		if (err == -ENOENT)
			continue;
		if (err)
			return select_refuse(why, list[i].ifname, "cannot read its counters", err);
		interface->attachment = list[i];
		interface->shown = select_has(names, named, &list[i]);
		interface->before = take_before(last, list[i].dir.ifindex);
		stats->count++;
	}
	return 0;
}

/* The kernel's counters, beside those of the round before. */
static int read_kernel(const struct stats *last, struct stats *stats)
{
	struct timespec now;
	int err = snmp_read(&stats->kernel);

	clock_gettime(CLOCK_MONOTONIC, &now);
	stats->kernel_taken = now.tv_sec + now.tv_nsec / 1e9;
	if (last->kernel_taken > 0) {
		stats->kernel_before = last->kernel;
		stats->seconds = stats->kernel_taken - last->kernel_taken;
	}
	return err;
}

int stats_read(char **names, int named, struct stats *stats, struct refusal *why)
{
	_cleanup_(free) struct attachment *list = NULL;
	struct stats last = *stats;
	size_t count;
	int err;

	*stats = (struct stats){.taken = time(NULL)};
	err = select_attached(names, named, &list, &count, why);
	if (!err)
		err = read_interfaces(names, named, list, count, &last, stats, why);
	if (!err) {
		err = read_kernel(&last, stats);
		if (err)
			select_refuse(why, "/proc/net/snmp", "cannot read", err);
	}
	stats_free(&last);
	return err;
}

static void count_leases(struct stats_interface *interface, const struct lease_row *rows,
			 size_t count)
{
	interface->has_leases = true;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].remaining <= 0)
			continue;
		interface->leases_v4 += !rows[i].v6;
		interface->leases_v6 += rows[i].v6;
	}
}

void stats_read_leases(struct stats *stats)
{
	for (size_t i = 0; i < stats->count; i++) {
		struct stats_interface *interface = &stats->interfaces[i];
		const struct attachment *a = &interface->attachment;
		_cleanup_(free) struct lease_row *rows = NULL;
		size_t count = 0;

		if (interface->shown && a->has_config &&
		    !leases_read(&a->dir, a->ifname, &a->config, &rows, &count))
			count_leases(interface, rows, count);
	}
}
