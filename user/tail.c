// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tail.h"

int tail_open(struct tail *tail)
{
	int ends[2];

	*tail = (struct tail){.in = -1, .out = -1};
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	/* This end alone: the command's own writes are to wait. */
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	tail->out = ends[0];
	tail->in = ends[1];
	return 0;
}

void tail_started(struct tail *tail)
{
	if (tail->in >= 0)
		close(tail->in);
	tail->in = -1;
}

void tail_close(struct tail *tail)
{
	tail_started(tail);
	if (tail->out >= 0)
		close(tail->out);
	tail->out = -1;
}

static void keep(struct tail *tail, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		tail->kept[tail->count++ % TAIL_BYTES] = bytes[i];
}

void tail_read(struct tail *tail)
{
	char bytes[4096];
	ssize_t length = 1;

	/* No more than a pipe holds: the command may write faster than that. */
	for (int i = 0; i < 16 && length > 0 && tail->out >= 0; i++) {
		length = read(tail->out, bytes, sizeof(bytes));
		if (length > 0)
			keep(tail, bytes, length);
	}
}

void tail_print(const struct tail *tail, FILE *out)
{
	size_t at = tail->count > TAIL_BYTES ? tail->count - TAIL_BYTES : 0;

	if (at) {
		while (at < tail->count && tail->kept[at++ % TAIL_BYTES] != '\n')
			;
		fputs("[the beginning of its output is left out]\n", out);
	}
	for (; at < tail->count; at++)
		fputc(tail->kept[at % TAIL_BYTES], out);
	if (tail->count && tail->kept[(tail->count - 1) % TAIL_BYTES] != '\n')
		fputc('\n', out);
}
