// SPDX-License-Identifier: GPL-2.0-only
/* What the devices below and above an interface mean for an attach. */
#include <errno.h>
#include <string.h>

#include "attach_job.h"
#include "stack.h"

void xdp_sort(struct attachment *list, size_t count)
{
	struct stack stack;

	if (!stack_read(&stack)) {
		for (size_t i = 1; i < count; i++) {
			struct attachment a = list[i];
			unsigned int height = stack_height(&stack, a.dir.ifindex);
			size_t to = i;

			for (; to && stack_height(&stack, list[to - 1].dir.ifindex) < height; to--)
				list[to] = list[to - 1];
			list[to] = a;
		}
	}
	stack_free(&stack);
}

/* Which of a bond's ports a frame may come in by is the bond's to say, and by which the reply
 * leaves: on a port icmpx would answer what the kernel drops, or never see the reply. */
static int refuse_port(struct job *job, const struct link *master)
{
	return attach_fail(job->error, -EINVAL, true,
			   "a port of %s, which chooses the port that is used: attach to "
			   "%s; --mode native or --mode generic attaches here nevertheless",
			   master->name, master->name);
}

int look_around(struct job *job)
{
	const struct link *self, *instead;
	struct stack stack;
	int err = stack_read(&stack);

	if (err) {
		attach_fail(job->error, err, false, "cannot ask the kernel for its interfaces: %s",
			    strerror(-err));
	} else {
		stack_look(&stack, job->device.ifindex);
		job->loses = stack_native_loses(&stack);
		job->doubles = stack_native_doubles(&stack);
		ways_in_find(&stack, &job->device, &job->ways);
		self = stack_find(&stack, job->device.ifindex);
		instead = self ? stack_instead(&stack, self) : NULL;
		if (instead && job->options->mode == MODE_AUTO)
			err = refuse_port(job, instead);
	}
	stack_free(&stack);
	return err;
}
