// SPDX-License-Identifier: GPL-2.0-only
/* Replies a second: XDP's live frames go out of one end of a veth, replies are
 * counted where they come in, all on the core that this runs on. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "live_lib.h"
#include "live.skel.h"

#define BATCH 64 /* what NAPI takes in one poll; veth's ring has room for 256 */

/* What is not the same in each reply: IPv4 identification and with it the
 * header's checksum; IPv6 flow label. */
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
static void expect(const struct pair *pair, int family, const struct frame *sent,
		   struct frame *reply)
{
	if (pair->there != THERE_SWAP) {
		pair_frame(pair, family, true, reply);
		return;
	}
	*reply = *sent;
	memcpy(reply->data, pair->mac_here, 6);
	memcpy(reply->data + 6, pair->mac_there, 6);
}

static struct live_count counted(const struct live *live)
{
	int cpus = libbpf_num_possible_cpus();
	struct live_count each[cpus], sum = {};
	__u32 key = 0;

	if (bpf_map_lookup_elem(bpf_map__fd(live->bpf->maps.counts), &key, each))
		die("counts: %s", strerror(errno));
	for (int cpu = 0; cpu < cpus; cpu++) {
		sum.replies += each[cpu].replies;
		sum.others += each[cpu].others;
	}
	return sum;
}

static void reset(const struct live *live)
{
	struct live_count zero[libbpf_num_possible_cpus()];
	__u32 key = 0;

	memset(zero, 0, sizeof(zero));
	if (bpf_map_update_elem(bpf_map__fd(live->bpf->maps.counts), &key, zero, BPF_ANY))
		die("counts: %s", strerror(errno));
}

/* The last reply, whole: headers as expected, and checksums that are right. */
static void check_last(const struct pair *pair, const struct frame *want, const __u8 *last)
{
	struct frame frame = *want;

	memcpy(frame.data, last, frame.len);
	if (memcmp(frame.data + frame.icmp, want->data + want->icmp, frame.end - frame.icmp)) {
		for (__u32 i = 0; i < frame.len; i++) printf("%02x%s", frame.data[i], i % 16 == 15 ? "\n" : " ");
		puts("\nwant");
		for (__u32 i = 0; i < frame.len; i++) printf("%02x%s", want->data[i], i % 16 == 15 ? "\n" : " ");
	}
	if (sum_fold(frame_icmp_sum(&frame)) != 0xffff)
		die("%s: wrong ICMP checksum", pair->name);
	if (frame.family == 4 && sum_fold(sum_add(0, frame.data + frame.ip, 20)) != 0xffff)
		die("%s: wrong header checksum", pair->name);
	if (memcmp(frame.data + frame.icmp, want->data + want->icmp, frame.end - frame.icmp))
		die("%s: wrong ICMP message", pair->name);
}

double flood(struct live *live, const struct pair *pair, int family, int number, int *lost)
{
	struct live_run *run = &live->bpf->bss->run;
	static struct frame request, reply, mask;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = request.data, .repeat = number,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);
	double deadline;

	pair_frame(pair, family, false, &request);
	expect(pair, family, &request, &reply);
	mask_reply(&mask, family);
	*run = (struct live_run){.len = request.len, .out = pair->ifindex, .want = number};
	memcpy(run->request, request.data, sizeof(run->request));
	memcpy(run->reply, reply.data, sizeof(run->reply));
	memcpy(run->mask, mask.data, sizeof(run->mask));
	reset(live);
	opts.data_size_in = request.len;
	if (bpf_prog_test_run_opts(bpf_program__fd(live->bpf->progs.icmpx_live_send), &opts))
		die("%s: live frames: %s", pair->name, strerror(errno));
	deadline = now_ns() + 1e9;
	while (counted(live).replies < (__u64)number && now_ns() < deadline)
		;
	if (run->sent != (__u64)number)
		die("%s: sent %llu of %d", pair->name, run->sent, number);
	*lost = number - counted(live).replies;
	if (*lost)
		return 0;
	check_last(pair, &reply, run->last);
	return run->ended - run->started;
}
