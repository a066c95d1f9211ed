// SPDX-License-Identifier: GPL-2.0-only
/* peek NETNS INTERFACE [NAME...]: what the counters of the interface's fast path in the
 * namespace of that path say, each on a line of its own; with names the sum of these alone.
 * It finds the pins by itself: a test asks often, and processes are dear in a VM. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "peek.h"

static int find_counter(const char *name)
{
	for (int i = 0; i < COUNTER_MAX; i++)
		if (!strcmp(name, counter_names[i]))
			return i;
	fprintf(stderr, "%s: no such counter\n", name);
	return -1;
}

static int peek(const char *netns, const char *ifname, __u64 packets[COUNTER_MAX])
{
	_cleanup_(close) int fd = open(netns, O_RDONLY | O_CLOEXEC);
	struct pin_dir dir;
	__u32 ifindex;
	int err;

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		return -errno;
	ifindex = if_nametoindex(ifname);
	if (!ifindex)
		return -errno;
	err = pins_dir(ifindex, &dir);
	return err ?: counters_peek(dir.path, packets);
}

int main(int argc, char **argv)
{
	__u64 packets[COUNTER_MAX] = {}, sum = 0;
	int err, found;

	if (argc < 3) {
		fprintf(stderr, "usage: %s NETNS INTERFACE [NAME...]\n", argv[0]);
		return 2;
	}
	err = peek(argv[1], argv[2], packets);
	if (err) {
		fprintf(stderr, "%s: %s\n", argv[2], strerror(-err));
		return 1;
	}
	for (int i = 0; i < COUNTER_MAX && argc == 3; i++)
		printf("%s %llu\n", counter_names[i], packets[i]);
	for (int i = 3; i < argc; i++) {
		found = find_counter(argv[i]);
		if (found < 0)
			return 2;
		sum += packets[found];
	}
	if (argc > 3)
		printf("%llu\n", sum);
	return 0;
}
