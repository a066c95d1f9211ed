// SPDX-License-Identifier: GPL-2.0-only
#include "path_lib.h"
#include "oracle_lib.h"

static struct echo_bpf *skel;
static int prog;
static struct icmpx_lease lease;

void path_grant(const struct spec *spec)
{
	union flow flow;

	if (!skel) {
		struct icmpx_config config = config_default();

		skel = echo_load(&config);
		prog = bpf_program__fd(skel->progs.icmpx_echo);
	}
	state_clear(skel);
	flow_of(&flow, spec, false);
	lease_for(&lease, spec, false);
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
	oracle_reply(in, &echo, &lease, false, get16(out.data + echo.ip + 4), &want);
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
