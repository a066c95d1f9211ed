// SPDX-License-Identifier: GPL-2.0-only
/* hidden: whether this kernel runs no tracing programs while certain tasks are the current one,
 * as some vendors' kernels do. Whatever happens on top of these is seen by no tracer. Watches
 * for some seconds. Exit status 0 and a line: it does; 1: not that one saw. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "hidden.h"
#include "hidden.skel.h"

#define SECONDS 4u
#define ENOUGH  3 /* one that begins and does not cease may be running still */

int main(void)
{
	struct hidden_bpf *skel = hidden_bpf__open_and_load();
	unsigned int tid, *previous = NULL, tasks = 0, begins = 0;
	struct switches switches;
	int fd;

	if (!skel || hidden_bpf__attach(skel)) {
		fprintf(stderr, "hidden: cannot attach to sched_switch\n");
		hidden_bpf__destroy(skel);
		return 2;
	}
	sleep(SECONDS);
	fd = bpf_map__fd(skel->maps.tasks);
	while (!bpf_map_get_next_key(fd, previous, &tid)) {
		previous = &tid;
		if (bpf_map_lookup_elem(fd, &tid, &switches) || switches.ceases ||
		    switches.begins < ENOUGH)
			continue;
		tasks++;
		begins += switches.begins;
	}
	hidden_bpf__destroy(skel);
	if (!tasks)
		return 1;
	printf("this kernel hides %u tasks from tracing: %u times in %u s one ran unseen\n", tasks,
	       begins, SECONDS);
	return 0;
}
