// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "prog_refs.h"
#include "refs.h"
#include "util.h"
#include "refs.skel.h"

DEFINE_CLEANUP(refs, struct refs_bpf *, refs_bpf__destroy)
DEFINE_CLEANUP(link, struct bpf_link *, bpf_link__destroy)

/* What the iterator holds itself, while it shows the program. */
#define ITERATOR 1

static int read_count(int fd, __u32 id)
{
	struct prog_refs refs;
	ssize_t length;

	while ((length = read(fd, &refs, sizeof(refs))) == sizeof(refs))
		if (refs.id == id)
			return refs.count > INT_MAX ? INT_MAX : (int)refs.count - ITERATOR;
	return length < 0 ? -errno : -ENOENT;
}

int refs_of(__u32 prog_id)
{
	_cleanup_(refs) struct refs_bpf *skel = NULL;
	_cleanup_(link) struct bpf_link *link = NULL;
	_cleanup_(close) int fd = -1;

	skel = refs_bpf__open_and_load();
	if (!skel)
		return -errno;
	link = bpf_program__attach_iter(skel->progs.icmpx_refs, NULL);
	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	return fd < 0 ? -errno : read_count(fd, prog_id);
}
