// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "caveats.h"
#include "cmd.h"
#include "cmd_attach_live.h"
#include "kernel.h"
#include "log.h"
#include "opts.h"
#include "render_attach.h"
#include "screen.h"
#include "util.h"
#include "xdp.h"

#define LEASE_DEFAULT 10
#define LEASE_MAX     3600

enum {
	OPT_MODE = 256,
	OPT_TRUST,
	OPT_LEASE,
	OPT_LIMIT,
	OPT_LIMIT_NEW,
	OPT_OBSERVE,
	OPT_V4,
	OPT_V6,
	OPT_LIVE,
	OPT_ANY_IIF,
};

static const struct argp_option options[] = {
	{"mode", OPT_MODE, "auto|native|generic", 0,
	 "what works here (auto), or XDP in the driver or behind it", 0},
	{"trust", OPT_TRUST, "flow|address", 0,
	 "flow: answer only flows that the kernel has answered; address: any peer, for local "
	 "addresses that the kernel has answered (flow)",
	 0},
	{"lease", OPT_LEASE, "SECONDS", 0, "ask the kernel again this often, 1 to 3600 (10)", 0},
	{"limit", OPT_LIMIT, "PPS[,BURST]", 0, "drop echo requests above this rate per source", 0},
	{"limit-new", OPT_LIMIT_NEW, "PPS", 0,
	 "drop echo requests without a lease above this rate in all", 0},
	{"observe", OPT_OBSERVE, NULL, 0, "count what would be answered, answer nothing", 0},
	{"ipv4-only", OPT_V4, NULL, 0, "leave IPv6 to the kernel", 0},
	{"ipv6-only", OPT_V6, NULL, 0, "leave IPv4 to the kernel", 0},
	{"any-interface", OPT_ANY_IIF, NULL, 0,
	 "also where a request could come in by another interface: no rule here goes by the "
	 "incoming one",
	 0},
	{"live", OPT_LIVE, NULL, 0,
	 "stay, show the counters and the path of the pings as they pass, detach at the end", 0},
	{},
};

struct args {
	struct common common;
	struct attach_options attach;
	bool live;
};

static const char *const mode_names[] = {"auto", "native", "generic", NULL};
static const char *const trust_names[] = {"flow", "address", NULL};

static void parse_source_limit(struct argp_state *state, const char *text,
			       struct icmpx_config *config)
{
	if (parse_limit(text, &config->limit_pps, &config->limit_burst))
		option_refuse(state, STATUS_USAGE,
			      "--limit: '%s' is not PPS or PPS,BURST, each 1 to 10000000", text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	struct icmpx_config *config = &args->attach.config;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		break;
	case OPT_MODE:
		args->attach.mode = option_enum(state, "--mode", arg, mode_names);
		break;
	case OPT_TRUST:
		config->trust = option_enum(state, "--trust", arg, trust_names);
		break;
	case OPT_LEASE:
		config->lease_s = option_number(state, "--lease", arg, 1, LEASE_MAX);
		break;
	case OPT_LIMIT:
		parse_source_limit(state, arg, config);
		break;
	case OPT_LIMIT_NEW:
		config->limit_new_pps = option_number(state, "--limit-new", arg, 1, 10000000);
		break;
	case OPT_OBSERVE:
		config->observe = 1;
		break;
	case OPT_V4:
		config->families &= ICMPX_IPV4;
		break;
	case OPT_V6:
		config->families &= ICMPX_IPV6;
		break;
	case OPT_ANY_IIF:
		config->any_iif = 1;
		break;
	case OPT_LIVE:
		args->live = true;
		break;
	case ARGP_KEY_END:
		if (args->live && (args->common.json || args->common.count != 1))
			option_refuse(state, STATUS_USAGE,
				      "--live wants one interface, and no --json");
		if (!args->common.count)
			option_refuse(state, STATUS_USAGE, "name an interface (icmpx help attach)");
		if (!config->families)
			option_refuse(state, STATUS_USAGE,
				      "--ipv4-only and --ipv6-only exclude each other");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp attach_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "IFACE...",
	.doc = "Answer pings at the driver, as the kernel would, on these interfaces. Replaces "
	       "an icmpx that is there in one step; counters and leases stay.\v"
	       "Examples:\n"
	       "  icmpx attach eth0                  answer pings that come in by eth0\n"
	       "  icmpx attach --observe eth0        only count what would be answered\n"
	       "  icmpx attach --limit 10,20 --limit-new 1000 eth0\n"
	       "      where strangers can reach it: at most 10 replies a second to each",
	.children = common_children,
};

static int attach_one(const char *name, const struct args *args)
{
	struct attach_result result;
	struct attach_error error;
	struct caveats caveats;
	__u32 ifindex;
	int err = parse_interface(name, &ifindex);

	if (err) {
		report("%s: no such interface in this network namespace; ip link shows those there "
		       "are",
		       name);
		return STATUS_FAILED;
	}
	err = xdp_attach(ifindex, &args->attach, &result, &error);
	if (result.notice)
		report("%s", result.notice);
	if (err) {
		report("%s: %s", name, error.text);
		return error.cannot ? STATUS_CANNOT : STATUS_FAILED;
	}
	err = caveats_read(ifindex, result.mode, &caveats);
	if (err)
		report_error(name, "attached; what else is there cannot be read", err);
	caveats_of_leases(args->attach.config.families & ~result.leased, result.others,
			  result.weak_origin, &caveats);
	for (size_t i = 0; i < caveats.count; i++)
		report("warning: %s: %s", name, caveats.text[i]);
	if (args->common.json)
		render_attach_json(stdout, name, &args->attach, &result, &caveats);
	else
		render_attach_text(stdout, name, &args->attach, &result);
	return STATUS_DONE;
}

/* An interface that was attached before stays so at the end. */
static int attach_live(const char *name, const struct args *args)
{
	struct attachment before = {};
	__u32 ifindex;
	bool keep = !parse_interface(name, &ifindex) && !xdp_find(ifindex, &before) &&
		    before.state == STATE_ATTACHED;
	int status;

	/* From here on it is to be detached, even when interrupted before its probes are loaded. */
	screen_catch();
	status = attach_one(name, args);
	if (status)
		return status;
	return cmd_attach_live(name, ifindex, keep, args->common.verbose);
}

/* As the kernel wants it: none below one that has a program. */
static void order_from_below(char **names, int count)
{
	struct stack stack;

	if (!stack_read(&stack)) {
		for (int i = 1; i < count; i++) {
			char *name = names[i];
			unsigned int height = stack_height(&stack, if_nametoindex(name));
			int to = i;

			for (; to && stack_height(&stack, if_nametoindex(names[to - 1])) > height;
			     to--)
				names[to] = names[to - 1];
			names[to] = name;
		}
	}
	stack_free(&stack);
}

int cmd_attach(int argc, char **argv)
{
	struct args args = {
		.attach.config = {.lease_s = LEASE_DEFAULT, .families = ICMPX_IPV4 | ICMPX_IPV6},
	};
	const char *warnings[8];
	int status = STATUS_DONE;
	const char *missing;
	size_t n;

	cmd_parse(&attach_argp, argc, argv, 0, &args);
	log_setup(args.common.verbose);
	missing = caps_missing(TASK_ATTACH);
	if (missing) {
		report("attach: %s is missing; run it as root, or grant it", missing);
		return STATUS_FAILED;
	}
	n = kernel_echo_warnings(warnings, ARRAY_SIZE(warnings));
	for (size_t i = 0; i < n; i++)
		report("warning: %s", warnings[i]);
	order_from_below(args.common.interfaces, args.common.count);
	if (args.live)
		return attach_live(args.common.interfaces[0], &args);
	for (int i = 0; i < args.common.count; i++) {
		int one = attach_one(args.common.interfaces[i], &args);

		if (one > status)
			status = one;
	}
	return status;
}
