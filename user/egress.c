// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <bpf/bpf.h>

#include "egress.h"
#include "hook_tc.h"
#include "route_dump.h"
#include "util.h"

/* From <linux/bpf.h> of kernel 6.6. */
#define TCX_INGRESS 46
#define TCX_EGRESS  47

struct dump {
	__u32 ifindex;
	bool ingress;
	struct egress *egress;
};

/* Those that a device has by itself: they queue, and do no more to a reply. */
static bool is_plain(const char *qdisc)
{
	static const char *const kinds[] = {
		"noqueue",  "noop",   "pfifo_fast", "pfifo", "bfifo", "pfifo_head_drop",
		"fq_codel", "fq",     "codel",      "sfq",   "mq",    "mqprio",
		"multiq",   "clsact", "ingress",
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(qdisc, kinds[i]))
			return true;
	return false;
}

/* Where a kind of filter has its actions. */
static __u16 actions_of(const char *kind)
{
	static const struct {
		const char *kind;
		__u16 type;
	} kinds[] = {
		{"u32", TCA_U32_ACT},           {"flower", TCA_FLOWER_ACT},
		{"matchall", TCA_MATCHALL_ACT}, {"basic", TCA_BASIC_ACT},
		{"bpf", TCA_BPF_ACT},           {"fw", TCA_FW_ACT},
		{"route", TCA_ROUTE4_ACT},      {"flow", TCA_FLOW_ACT},
		{"cgroup", TCA_CGROUP_ACT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kind, kinds[i].kind))
			return kinds[i].type;
	return 0;
}

/* NULL: none of that type. */
static const struct nlattr *nested(const struct nlattr *in, __u16 type)
{
	const struct nlattr *attr;

	if (!in || !type)
		return NULL;
	mnl_attr_for_each_nested(attr, in)
	{
		if (mnl_attr_get_type(attr) == type)
			return attr;
	}
	return NULL;
}

/* enum of TCA_EGRESS_REDIR ..., 0: no such action. */
static int mirred_of(const struct nlattr *action)
{
	const struct nlattr *kind = nested(action, TCA_ACT_KIND), *parms;

	if (!kind || strncmp(mnl_attr_get_payload(kind), "mirred", mnl_attr_get_payload_len(kind)))
		return 0;
	parms = nested(nested(action, TCA_ACT_OPTIONS), TCA_MIRRED_PARMS);
	if (!parms || mnl_attr_get_payload_len(parms) < sizeof(struct tc_mirred))
		return 0;
	return ((const struct tc_mirred *)mnl_attr_get_payload(parms))->eaction;
}

static void note(char *field, const char *kind)
{
	if (!*field)
		snprintf(field, 16, "%s", kind);
}

static void take_actions(struct egress *egress, const char *kind, const struct nlattr *actions)
{
	const struct nlattr *action;

	if (!actions) {
		note(egress->others, kind);
		return;
	}
	mnl_attr_for_each_nested(action, actions)
	{
		int mirred = mirred_of(action);

		if (mirred == TCA_EGRESS_REDIR || mirred == TCA_INGRESS_REDIR)
			note(egress->redirects, kind);
		else if (mirred)
			note(egress->mirrors, kind);
		else
			note(egress->others, kind);
	}
}

/* The kind, and its options; false where it has none. */
static bool describe(const struct nlmsghdr *message, char *kind, size_t size,
		     const struct nlattr **options)
{
	const struct nlattr *attr;

	*kind = '\0';
	*options = NULL;
	mnl_attr_for_each(attr, message, sizeof(struct tcmsg))
	{
		if (mnl_attr_get_type(attr) == TCA_KIND)
			snprintf(kind, size, "%.*s", (int)mnl_attr_get_payload_len(attr),
				 (const char *)mnl_attr_get_payload(attr));
		if (mnl_attr_get_type(attr) == TCA_OPTIONS)
			*options = attr;
	}
	return *kind;
}

static int take_qdisc(const struct nlmsghdr *message, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(message);
	const struct nlattr *options;
	struct dump *dump = data;
	char kind[16];

	if ((__u32)tcm->tcm_ifindex == dump->ifindex &&
	    describe(message, kind, sizeof(kind), &options) && !is_plain(kind))
		note(dump->egress->qdisc, kind);
	return MNL_CB_OK;
}

static int take_filter(const struct nlmsghdr *message, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(message);
	const struct nlattr *options;
	struct dump *dump = data;
	char kind[16];

	/* A classifier without a filter is listed with handle 0. */
	if ((__u32)tcm->tcm_ifindex != dump->ifindex || !tcm->tcm_handle ||
	    tc_is_learner(tcm->tcm_handle, TC_H_MAJ(tcm->tcm_info) >> 16) ||
	    !describe(message, kind, sizeof(kind), &options))
		return MNL_CB_OK;
	/* u32 lists its hash tables too. */
	if (!strcmp(kind, "u32") && nested(options, TCA_U32_DIVISOR))
		return MNL_CB_OK;
	if (dump->ingress)
		dump->egress->ingress = true;
	else
		take_actions(dump->egress, kind, nested(options, actions_of(kind)));
	return MNL_CB_OK;
}

static int ask(struct dump *dump, __u16 type, __u32 parent, mnl_cb_t take)
{
	const struct tcmsg tcm = {.tcm_ifindex = dump->ifindex, .tcm_parent = parent};

	return route_dump(type, &tcm, sizeof(tcm), take, dump);
}

/* Not where the kernel has no tcx, or does not say. */
static bool has_tcx(__u32 ifindex, int point)
{
	LIBBPF_OPTS(bpf_prog_query_opts, opts);

	return !bpf_prog_query_opts(ifindex, point, &opts) && opts.prog_cnt;
}

int egress_read(__u32 ifindex, struct egress *egress)
{
	struct dump dump = {.ifindex = ifindex, .egress = egress};
	int err;

	*egress = (struct egress){
		.tcx = has_tcx(ifindex, TCX_EGRESS),
		.ingress = has_tcx(ifindex, TCX_INGRESS),
	};
	err = ask(&dump, RTM_GETQDISC, 0, take_qdisc);
	if (!err)
		err = ask(&dump, RTM_GETTFILTER, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
			  take_filter);
	dump.ingress = true;
	if (!err)
		err = ask(&dump, RTM_GETTFILTER, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
			  take_filter);
	return err;
}
