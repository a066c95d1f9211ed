// SPDX-License-Identifier: GPL-2.0-only
/* Somebody else's program beside icmpx: dispatch add|remove|count IFACE native|skb */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "other.skel.h"

static int add(int ifindex, enum xdp_attach_mode mode)
{
	struct other_bpf *skel = other_bpf__open();
	struct xdp_program *prog = xdp_program__from_bpf_obj(skel->obj, "xdp");
	int err = libxdp_get_error(prog);

	return err ?: xdp_program__attach(prog, ifindex, mode, 0);
}

static struct xdp_program *find(struct xdp_multiprog *mp)
{
	struct xdp_program *prog = NULL;

	while ((prog = xdp_multiprog__next_prog(prog, mp)))
		if (!strcmp(xdp_program__name(prog), "other"))
			break;
	return prog;
}

/* How often the program has run, from its .bss. */
static int print_count(const struct xdp_program *prog)
{
	struct bpf_prog_info info = {};
	__u32 ids[8], key = 0, len = sizeof(info);
	__u64 seen;

	info.nr_map_ids = 8;
	info.map_ids = (__u64)(unsigned long)ids;
	if (bpf_obj_get_info_by_fd(xdp_program__fd(prog), &info, &len))
		return -errno;
	for (__u32 i = 0; i < info.nr_map_ids; i++) {
		int fd = bpf_map_get_fd_by_id(ids[i]);

		if (fd < 0 || bpf_map_lookup_elem(fd, &key, &seen))
			continue;
		printf("%llu\n", seen);
		return 0;
	}
	return -ENOENT;
}

int main(int argc, char **argv)
{
	enum xdp_attach_mode mode;
	struct xdp_multiprog *mp;
	struct xdp_program *prog;
	int ifindex, err;

	if (argc != 4)
		return 2;
	mode = strcmp(argv[3], "skb") ? XDP_MODE_NATIVE : XDP_MODE_SKB;
	ifindex = if_nametoindex(argv[2]);
	if (!strcmp(argv[1], "add")) {
		err = add(ifindex, mode);
	} else {
		mp = xdp_multiprog__get_from_ifindex(ifindex);
		err = libxdp_get_error(mp);
		prog = err ? NULL : find(mp);
		if (!err && !prog)
			err = -ENOENT;
		if (!err)
			err = strcmp(argv[1], "count") ? xdp_program__detach(prog, ifindex, mode, 0)
						       : print_count(prog);
	}
	if (err)
		fprintf(stderr, "dispatch: %s\n", strerror(-err));
	return !!err;
}
