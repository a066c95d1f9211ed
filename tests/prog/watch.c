// SPDX-License-Identifier: GPL-2.0-only
/* The replies of the fast path as events: one each while somebody watches, else
 * none, and the reply is the same. */
#include <string.h>
#include <time.h>

#include "run_lib.h"
#include "oracle_lib.h"
#include "event.h"
#include "probes.h"

#define IFINDEX 7
#define NETNS   4026531840U /* the first one's, above 2^31 */

/* Records of 168 bytes and their headers of 8, one byte less than all of it. */
#define FULL ((ICMPX_EVENT_BYTES - 1) / 176)

enum variant { FLOW, ADDRESS, OBSERVE, VARIANTS };

static struct icmpx_event last;
static struct ring_buffer *ring;
static int received;

static int receive(void *data, void *record, size_t size)
{
	(void)data;
	assert_int_equal(size, sizeof(last));
	memcpy(&last, record, sizeof(last));
	received++;
	return 0;
}

static int events(void)
{
	received = 0;
	assert_return_code(ring_buffer__consume(ring), 0);
	return received;
}

/* Nobody watches, and the ring is empty. */
static struct echo_bpf *loaded(enum variant variant)
{
	static struct echo_bpf *skels[VARIANTS];
	static struct ring_buffer *rings[VARIANTS];
	struct icmpx_config config = config_default();

	config.trust = variant == ADDRESS ? ICMPX_TRUST_ADDRESS : ICMPX_TRUST_FLOW;
	config.observe = variant == OBSERVE;
	config.ifindex = IFINDEX;
	config.netns = NETNS;
	if (!skels[variant]) {
		skels[variant] = echo_load(&config);
		rings[variant] = ring_buffer__new(bpf_map__fd(skels[variant]->maps.events), receive,
						  NULL, NULL);
		assert_non_null(rings[variant]);
	}
	ring = rings[variant];
	state_clear(skels[variant]);
	skels[variant]->data_watch->watch = (struct icmpx_watch){};
	events();
	return skels[variant];
}

static void grant(const struct echo_bpf *skel, const struct spec *spec, struct icmpx_lease *lease)
{
	bool any_peer = skel->rodata->config.trust == ICMPX_TRUST_ADDRESS;
	union flow flow;

	flow_of(&flow, spec, any_peer);
	lease_for(lease, spec, any_peer);
	lease_put(skel, spec->family, &flow, lease);
}

static void watch_on(struct echo_bpf *skel)
{
	skel->data_watch->watch.until = jiffies_now(skel) + 3600 * 1000;
}

static __u64 monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* The event of a request; time and CPU as they came. */
static void expect(struct icmpx_event *want, const struct spec *spec, const struct frame *in)
{
	struct icmpx_packet *packet = &want->packet;
	const __u8 *ip = in->data + in->ip, *icmp = in->data + in->icmp;

	*want = (struct icmpx_event){
		.record = ICMPX_RECORD_EVENT,
		.probe = ICMPX_TP_XDP_REPLY,
		.cpu = last.cpu,
		.time = last.time,
		.netns = NETNS,
		.ifindex = IFINDEX,
		.syscall = -1,
		.packet.family = spec->family,
		.packet.kind = ICMPX_KIND_REQUEST,
		.packet.code = spec->code,
		.packet.ttl = spec->ttl,
		.packet.bytes = in->end - in->ip,
	};
	memcpy(&packet->id, icmp + 4, 2);
	memcpy(&packet->seq, icmp + 6, 2);
	if (spec->family == 4) {
		packet->type = 8;
		packet->protocol = 1;
		memcpy(&packet->ip_id, ip + 4, 2);
		memcpy(packet->source, ip + 12, 4);
		memcpy(packet->destination, ip + 16, 4);
	} else {
		packet->type = 128;
		packet->protocol = 58;
		memcpy(packet->source, ip + 8, 16);
		memcpy(packet->destination, ip + 24, 16);
	}
}

static void one_event(enum variant variant, const struct spec *spec)
{
	struct echo_bpf *skel = loaded(variant);
	struct frame in, out, answer;
	struct icmpx_event want;
	struct icmpx_lease lease;
	struct echo echo;
	__u64 before, after;

	frame_build(&in, spec);
	watch_on(skel);
	grant(skel, spec, &lease);
	before = monotonic_ns();
	assert_int_equal(frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in, &out), XDP_TX);
	after = monotonic_ns();
	assert_int_equal(events(), 1);
	assert_uint_in_range(last.time, before, after);
	assert_true(last.cpu < libbpf_num_possible_cpus());
	expect(&want, spec, &in);
	assert_memory_equal(&last, &want, sizeof(want));
	assert_true(oracle_request(&in, &echo));
	oracle_reply(&in, &echo, &lease, variant == ADDRESS, get16(out.data + echo.ip + 4),
		     &answer);
	assert_frame_equal(&out, &answer, "reply");
	assert_int_equal(skel->data_watch->watch.lost, 0);
}

static void each_reply(void **state)
{
	static const struct spec specs[] = {
		{.family = 4, .ttl = 33, .id = 0x1234, .seq = 0xfedc, .payload = 56},
		{.family = 4, .ttl = 255, .ident = 0xabcd, .code = 3, .padding = 18},
		{.family = 4, .ttl = 1, .id = 0xffff, .payload = 1000, .tag = {Q(100)}},
		{.family = 4, .ttl = 64, .tos = 0xb8, .tag = {AD(7), Q(4094)}},
		{.family = 6, .ttl = 33, .id = 0x1234, .seq = 0xfedc, .payload = 56},
		{.family = 6, .ttl = 255, .code = 3, .padding = 7},
		{.family = 6, .ttl = 1, .tos = 0xb8, .payload = 1000, .tag = {Q(100)}},
		{.family = 6, .ttl = 64, .label = LEASE_LABEL, .tag = {AD(7), Q(4094)}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
		one_event(FLOW, &specs[i]);
		one_event(ADDRESS, &specs[i]);
	}
}

static void until(struct echo_bpf *skel, __u64 jiffies, int wanted)
{
	static const struct spec specs[] = {{.family = 4}, {.family = 6}};
	struct icmpx_lease lease;
	struct frame in;

	for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
		frame_build(&in, &specs[i]);
		grant(skel, &specs[i], &lease);
		skel->data_watch->watch.until = jiffies;
		assert_int_equal(frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in, NULL),
				 XDP_TX);
		assert_int_equal(events(), wanted);
	}
}

static void nobody_watches(void **state)
{
	(void)state;
	until(loaded(FLOW), 0, 0);
	until(loaded(ADDRESS), 0, 0);
}

static void watch_ends(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);

	(void)state;
	until(skel, 1, 0);
	until(skel, jiffies_now(skel), 0); /* no more from then on */
	until(skel, jiffies_now(skel) + 3600 * 1000, 1);
	until(skel, ~0ULL, 1);
}

/* What the kernel answers, or would, is seen there. */
static void replies_only(void **state)
{
	static const struct spec specs[] = {{.family = 4}, {.family = 6}};
	struct icmpx_lease lease;
	struct echo_bpf *skel;
	struct frame in;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
		frame_build(&in, &specs[i]);
		skel = loaded(FLOW);
		watch_on(skel);
		assert_int_equal(frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in, NULL),
				 XDP_PASS);
		assert_int_equal(events(), 0);
		skel = loaded(OBSERVE);
		watch_on(skel);
		grant(skel, &specs[i], &lease);
		assert_int_equal(frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in, NULL),
				 XDP_PASS);
		assert_int_equal(events(), 0);
	}
}

static void lost_is_counted(void **state)
{
	static const struct spec spec = {.family = 4};
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct icmpx_lease lease;
	struct frame in;

	(void)state;
	frame_build(&in, &spec);
	watch_on(skel);
	grant(skel, &spec, &lease);
	for (int i = 0; i < FULL + 5; i++)
		assert_int_equal(frame_run(prog, &in, NULL), XDP_TX);
	assert_int_equal(skel->data_watch->watch.lost, 5);
	assert_int_equal(events(), FULL);
	assert_int_equal(frame_run(prog, &in, NULL), XDP_TX);
	assert_int_equal(events(), 1);
	assert_int_equal(skel->data_watch->watch.lost, 5);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reply),      cmocka_unit_test(nobody_watches),
		cmocka_unit_test(watch_ends),      cmocka_unit_test(replies_only),
		cmocka_unit_test(lost_is_counted),
	};

	return skip_without_bpf() ? 0 : tap_run("watch", tests, ARRAY_SIZE(tests));
}
