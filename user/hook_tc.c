// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <bpf/libbpf.h>

#include "hook_tc.h"
#include "route_dump.h"

#define HANDLE      0x69636d70 /* "icmp" */
#define HANDLE_MADE 0x69636d78 /* "icmx": the same, in a clsact that icmpx made */
#define PRIORITY    0xffff     /* the last */

struct dump {
	__u32 ifindex;
	int result;
	__u32 handle, prog_id; /* of our filter */
};

static int see_qdisc(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	struct dump *dump = data;
	const struct nlattr *attr;

	if ((__u32)tcm->tcm_ifindex != dump->ifindex || tcm->tcm_parent != TC_H_CLSACT)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, nlh, sizeof(*tcm))
	{
		if (mnl_attr_get_type(attr) != TCA_KIND)
			continue;
		dump->result = strcmp(mnl_attr_get_str(attr), "clsact") ? TC_QDISC_INGRESS
									: TC_QDISC_CLSACT;
	}
	return MNL_CB_OK;
}

static int see_filter(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	struct dump *dump = data;

	/* A classifier without a filter is listed with handle 0. */
	if ((__u32)tcm->tcm_ifindex == dump->ifindex && tcm->tcm_handle)
		dump->result++;
	return MNL_CB_OK;
}

/* Walks a dump of traffic control objects; the callback sets dump->result. */
static int tc_dump(__u16 type, __u32 parent, struct dump *dump, mnl_cb_t see)
{
	const struct tcmsg tcm = {.tcm_ifindex = dump->ifindex, .tcm_parent = parent};

	return route_dump(type, &tcm, sizeof(tcm), see, dump);
}

int tc_qdisc(__u32 ifindex)
{
	struct dump dump = {.ifindex = ifindex, .result = TC_QDISC_NONE};
	int err = tc_dump(RTM_GETQDISC, 0, &dump, see_qdisc);

	return err ?: dump.result;
}

static int tc_filters(__u32 ifindex)
{
	struct dump dump = {.ifindex = ifindex};
	int err = tc_dump(RTM_GETTFILTER, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), &dump,
			  see_filter);

	if (!err)
		err = tc_dump(RTM_GETTFILTER, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS), &dump,
			      see_filter);
	return err ?: dump.result;
}

int tc_make_clsact(__u32 ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_EGRESS);

	return bpf_tc_hook_create(&hook);
}

int tc_remove_clsact(__u32 ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	int filters;

	if (tc_qdisc(ifindex) != TC_QDISC_CLSACT)
		return 0;
	filters = tc_filters(ifindex);
	if (filters)
		return filters < 0 ? filters : 0;
	return bpf_tc_hook_destroy(&hook);
}

bool tc_is_learner(__u32 handle, __u32 priority)
{
	return (handle == HANDLE || handle == HANDLE_MADE) && priority == PRIORITY;
}

/* Our filter, as the kernel lists it: asked for one that is not there, it complains. */
static int see_learner(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *option;
	struct dump *dump = data;

	if ((__u32)tcm->tcm_ifindex != dump->ifindex ||
	    !tc_is_learner(tcm->tcm_handle, tcm->tcm_info >> 16))
		return MNL_CB_OK;
	mnl_attr_for_each(attr, nlh, sizeof(*tcm))
	{
		if (mnl_attr_get_type(attr) != TCA_OPTIONS)
			continue;
		mnl_attr_for_each_nested(option, attr)
		{
			if (mnl_attr_get_type(option) != TCA_BPF_ID)
				continue;
			dump->prog_id = mnl_attr_get_u32(option);
			dump->handle = tcm->tcm_handle;
		}
	}
	return MNL_CB_OK;
}

/* Of our filter: 0 or its handle. */
static __u32 find_learner(__u32 ifindex, __u32 *prog_id)
{
	struct dump dump = {.ifindex = ifindex};

	if (tc_qdisc(ifindex) != TC_QDISC_CLSACT ||
	    tc_dump(RTM_GETTFILTER, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS), &dump, see_learner))
		return 0;
	*prog_id = dump.prog_id;
	return dump.handle;
}

__u32 tc_learner_id(__u32 ifindex, bool *made)
{
	__u32 id = 0, handle = find_learner(ifindex, &id);

	if (made)
		*made = handle == HANDLE_MADE;
	return id;
}

int tc_attach(__u32 ifindex, int prog_fd, bool made)
{
	__u32 id, handle = find_learner(ifindex, &id);
	__u32 new_handle = made ? HANDLE_MADE : HANDLE;
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = handle ?: new_handle, .priority = PRIORITY,
		    .prog_fd = prog_fd, .flags = BPF_TC_F_REPLACE);

	return bpf_tc_attach(&hook, &opts);
}

int tc_detach(__u32 ifindex)
{
	__u32 id, handle = find_learner(ifindex, &id);
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = handle, .priority = PRIORITY);

	return handle ? bpf_tc_detach(&hook, &opts) : 0;
}
