// SPDX-License-Identifier: GPL-2.0-only
/* Replies a second: XDP's live frames go out of one end of a veth, replies are
 * counted where they come in, all on the core that this runs on. */
#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "live.h"
#include "live_lib.h"
#include "live.skel.h"

#define BATCH 64 /* frames, what NAPI takes in one poll; veth's ring has room for 256 */
#define TRIES 20
#define WAIT  1e9 /* ns, for the last replies */

/* What differs from reply to reply: IPv4 identification and with it the header's
 * checksum, IPv6 flow label. */
static void mask_reply(struct frame *mask, int family)
{
	memset(mask->data, 0xff, sizeof(mask->data));
	if (family == 4) {
		memset(mask->data + 18, 0, 2);
		memset(mask->data + 24, 0, 2);
	} else {
		memset(mask->data + 15, 0, 3);
	}
}

/* The floor leaves all but the MACs as it was. */
static void expect_reply(const struct pair *pair, const struct frame *request, struct frame *reply)
{
	if (pair->there != THERE_SWAP) {
		pair_frame(pair, request->family, true, reply);
		return;
	}
	*reply = *request;
	memcpy(reply->data, pair->mac_here, 6);
	memcpy(reply->data + 6, pair->mac_there, 6);
}

/* Replies so far; *cores that have seen some. */
static __u64 counted(const struct live *live, int *cores)
{
	int cpus = libbpf_num_possible_cpus();
	struct live_count each[cpus];
	__u64 replies = 0;
	__u32 key = 0;

	if (bpf_map_lookup_elem(bpf_map__fd(live->bpf->maps.counts), &key, each))
		die("counts: %s", strerror(errno));
	*cores = 0;
	for (int cpu = 0; cpu < cpus; cpu++) {
		replies += each[cpu].replies;
		*cores += each[cpu].replies > 0;
	}
	return replies;
}

static void count_anew(const struct live *live)
{
	int cpus = libbpf_num_possible_cpus();
	struct live_count zero[cpus];
	__u32 key = 0;

	memset(zero, 0, sizeof(zero));
	if (bpf_map_update_elem(bpf_map__fd(live->bpf->maps.counts), &key, zero, BPF_ANY))
		die("counts: %s", strerror(errno));
}

/* Sends, and waits for the replies; returns how many have come. */
static __u64 send_all(const struct live *live, const struct frame *request, int number, int *cores)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = request->data, .data_size_in = request->len,
		    .repeat = number, .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);
	double deadline;
	__u64 replies;

	count_anew(live);
	if (bpf_prog_test_run_opts(bpf_program__fd(live->bpf->progs.icmpx_live_send), &opts))
		die("live frames: %s", strerror(errno));
	if (live->bpf->bss->run.sent != (__u64)number)
		die("sent %llu of %d", live->bpf->bss->run.sent, number);
	deadline = now_ns() + WAIT;
	do
		replies = counted(live, cores);
	while (replies < (__u64)number && now_ns() < deadline);
	return replies;
}

/* The last reply whole: what is not compared of each. */
static void check_last(const struct pair *pair, const struct frame *reply, const __u8 *last)
{
	struct frame frame = *reply;

	memcpy(frame.data, last, frame.len);
	if (memcmp(frame.data + frame.icmp, reply->data + frame.icmp, frame.end - frame.icmp) ||
	    sum_fold(frame_icmp_sum(&frame)) != 0xffff)
		die("%s: wrong ICMP message or checksum", pair->name);
	if (frame.family == 4 && sum_fold(sum_add(0, frame.data + frame.ip, 20)) != 0xffff)
		die("%s: wrong header checksum", pair->name);
}

double flood(const struct live *live, const struct pair *pair, int family, int number, int *lost)
{
	struct live_run *run = &live->bpf->bss->run;
	static struct frame request, reply, mask;
	int cores = 0;

	pair_frame(pair, family, false, &request);
	expect_reply(pair, &request, &reply);
	mask_reply(&mask, family);
	/* A frame of a timer elsewhere wakes a veth end's NAPI on its core, which then
	 * may take some of these frames too. Again, then. */
	for (int try = 0; try < TRIES && cores != 1; try++) {
		*run = (struct live_run){.len = request.len, .out = pair->ifindex, .want = number};
		memcpy(run->request, request.data, sizeof(run->request));
		memcpy(run->reply, reply.data, sizeof(run->reply));
		memcpy(run->mask, mask.data, sizeof(run->mask));
		*lost = number - send_all(live, &request, number, &cores);
		if (!cores)
			return 0;
	}
	if (cores != 1)
		die("%s: more than one core took part", pair->name);
	if (*lost)
		return 0;
	check_last(pair, &reply, run->last);
	return 1e9 * number / (run->ended - run->started);
}
