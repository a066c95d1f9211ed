// SPDX-License-Identifier: GPL-2.0-only
/* xdp_pass IFACE native|generic: attaches a program that passes every frame. It
 * stays when this exits; `ip link set IFACE xdp off` removes it. */
#include <stdio.h>
#include <string.h>
#include <net/if.h>
#include <linux/if_link.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "pass.skel.h"

int main(int argc, char **argv)
{
	struct pass_bpf *pass;
	unsigned int ifindex, flags;
	int err;

	if (argc != 3 || (strcmp(argv[2], "native") && strcmp(argv[2], "generic"))) {
		fprintf(stderr, "usage: %s IFACE native|generic\n", argv[0]);
		return 2;
	}
	ifindex = if_nametoindex(argv[1]);
	flags = strcmp(argv[2], "native") ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
	pass = pass_bpf__open_and_load();
	if (!ifindex || !pass) {
		perror(ifindex ? "load" : argv[1]);
		return 1;
	}
	err = bpf_xdp_attach(ifindex, bpf_program__fd(pass->progs.foreign_pass),
			     flags | XDP_FLAGS_UPDATE_IF_NOEXIST, NULL);
	if (err)
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-err));
	pass_bpf__destroy(pass);
	return err != 0;
}
