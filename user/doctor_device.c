// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "doctor.h"
#include "netdev.h"
#include "util.h"

#ifndef BPF_F_XDP_HAS_FRAGS
#define BPF_F_XDP_HAS_FRAGS (1U << 5) /* kernel 5.18 */
#endif

/* By a link: the kernel takes it away with the process, however that ends. */
static int attach_once(__u32 ifindex, __u32 xdp_flags, __u32 prog_flags)
{
	const struct bpf_insn pass[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, load, .expected_attach_type = BPF_XDP,
		    .prog_flags = prog_flags);
	LIBBPF_OPTS(bpf_link_create_opts, target, .flags = xdp_flags);
	_cleanup_(close) int prog = -1, link = -1;

	prog = bpf_prog_load(BPF_PROG_TYPE_XDP, "icmpx_trial", "GPL", pass, ARRAY_SIZE(pass),
			     &load);
	if (prog < 0)
		return -errno;
	link = bpf_link_create(prog, ifindex, BPF_XDP, &target);
	if (link < 0)
		return -errno;
	return bpf_link_detach(link) ? -errno : 0;
}

static struct xdp_trial try_mode(const struct device *device, __u32 flags)
{
	struct xdp_trial trial = {.done = true};

	trial.err = attach_once(device->ifindex, flags, 0);
	if (trial.err && device->mtu > DEVICE_PLAIN_MTU) {
		trial.frags = !attach_once(device->ifindex, flags, BPF_F_XDP_HAS_FRAGS);
		if (trial.frags)
			trial.err = 0;
	}
	return trial;
}

static int read_hook(struct device_report *report)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, opts);
	int err = bpf_xdp_query(report->device.ifindex, 0, &opts);
	struct attachment a;

	if (err)
		return err;
	report->xdp_id = opts.prog_id ?: opts.drv_prog_id ?: opts.hw_prog_id ?: opts.skb_prog_id;
	report->xdp_mode = opts.attach_mode == XDP_ATTACHED_SKB ? MODE_GENERIC : MODE_NATIVE;
	report->ours = !xdp_find(report->device.ifindex, &a) && a.echo_id;
	return 0;
}

/* What mode would bring is said where the mode is chosen. */
static int look_around(struct device_report *report)
{
	__u32 ifindex = report->device.ifindex;
	int err = stack_read(&report->stack);

	if (err)
		return err;
	stack_look(&report->stack, ifindex);
	ways_in_find(&report->stack, &report->device, &report->ways);
	return caveats_read(ifindex, report->ours ? report->xdp_mode : MODE_AUTO, &report->caveats);
}

int doctor_device(struct device_report *report, __u32 ifindex, bool try_attach)
{
	const char *why = NULL;
	int err = device_get(ifindex, &report->device);

	if (!err)
		err = read_hook(report);
	if (err)
		return err;
	err = look_around(report);
	if (err)
		return err;
	report->features_known = !netdev_xdp_features(ifindex, &report->features);
	if (!report->device.ethernet)
		why = "not an Ethernet interface";
	else if (report->xdp_id)
		why = "a program is attached";
	else if (!try_attach && strcmp(report->device.driver, "veth"))
		why = "attaching can interrupt a NIC's link; --try does it";
	if (why) {
		report->native.why = report->generic.why = why;
		return 0;
	}
	report->native = try_mode(&report->device, XDP_FLAGS_DRV_MODE);
	report->generic = try_mode(&report->device, XDP_FLAGS_SKB_MODE);
	return 0;
}
