// SPDX-License-Identifier: GPL-2.0-only
/* Many rounds of what `icmpx stats` does, in one process: prints descriptors
 * and resident memory (kB) after some rounds and after all. rounds IFACE COUNT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "counters.h"
#include "log.h"
#include "render.h"
#include "select.h"
#include "snmp.h"
#include "util.h"

#define WARM_UP 100 /* the C library's buffers are there then */

static int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static long resident(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static int round_of_stats(char *ifname, FILE *out)
{
	struct stats_view view = {.zeros = true, .per_cpu = true};
	_cleanup_(free) struct attachment *list = NULL;
	struct stats_interface interface = {.shown = true};
	struct stats stats = {.interfaces = &interface, .count = 1};
	struct refusal why;
	size_t count;
	int err;

	err = select_attached(&ifname, 1, &list, &count, &why);
	if (err)
		return err;
	interface.attachment = list[0];
	err = counters_read(&list[0].dir, &interface.now);
	if (!err)
		err = snmp_read(&stats.kernel);
	if (!err)
		render_stats_text(out, &stats, &view);
	if (!err)
		render_stats_json(out, &stats, &view);
	free(interface.now);
	return err;
}

int main(int argc, char **argv)
{
	FILE *out = fopen("/dev/null", "w");
	long rounds = argc == 3 ? atol(argv[2]) : 0;

	if (rounds <= WARM_UP || !out) {
		fprintf(stderr, "usage: rounds IFACE COUNT\n");
		return 2;
	}
	log_setup(false);
	for (long i = 1; i <= rounds; i++) {
		int err = round_of_stats(argv[1], out);

		if (err) {
			fprintf(stderr, "round %ld: %s\n", i, strerror(-err));
			return 1;
		}
		if (i == WARM_UP || i == rounds)
			printf("%d %ld\n", count_descriptors(), resident());
	}
	fclose(out);
	return 0;
}
