// SPDX-License-Identifier: GPL-2.0-only
#include "path_lib.h"
#include "oracle_lib.h"

static bool trust_address;
static struct echo_bpf *skel;
static int prog;
static struct icmpx_lease lease;

void path_trust(bool any_peer)
{
	static struct echo_bpf *skels[2];
	struct icmpx_config config = config_default();

	config.trust = any_peer ? ICMPX_TRUST_ADDRESS : ICMPX_TRUST_FLOW;
	if (!skels[any_peer])
		skels[any_peer] = echo_load(&config);
	skel = skels[any_peer];
	prog = bpf_program__fd(skel->progs.icmpx_echo);
	trust_address = any_peer;
}

void path_grant(const struct spec *spec)
{
	union flow flow;

	if (!skel)
		path_trust(false);
	state_clear(skel);
	flow_of(&flow, spec, trust_address);
	lease_for(&lease, spec, trust_address);
	lease_put(skel, spec->family, &flow, &lease);
}

void path_must_reply(const struct frame *in)
{
	struct frame out, want;
	struct echo echo;

	if (!oracle_request(in, &echo))
		fail_msg("the test's own frame is no request");
	if (frame_run(prog, in, &out) != XDP_TX) {
		frame_dump("in", in);
		fail_msg("a request is not answered");
	}
	oracle_reply(in, &echo, &lease, trust_address, get16(out.data + echo.ip + 4), &want);
	assert_frame_equal(&out, &want, "reply");
}

void path_must_pass(const struct frame *in)
{
	struct frame out;

	if (frame_run(prog, in, &out) != XDP_PASS) {
		frame_dump("in", in);
		fail_msg("a frame is not passed on");
	}
	assert_frame_equal(&out, in, "passed");
}

__u64 path_counted(enum icmpx_verdict verdict)
{
	struct icmpx_counter counters[ICMPX_VERDICT_MAX];

	counters_read(bpf_map__fd(skel->maps.verdicts), counters, ICMPX_VERDICT_MAX);
	return counters[verdict].packets;
}
