/* SPDX-License-Identifier: GPL-2.0-only */
/* Pings of the tests' own, and the lines that become of them. */
#ifndef ICMPX_TRACE_JSON_H
#define ICMPX_TRACE_JSON_H

#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "render_trace.h"

#define SYMBOL   0xffffffff81a0c1f3
#define SENDER   4026532001u
#define ANSWERER 4026532002u

static inline struct catalog *new_catalog(void)
{
	const struct path_frame frames[] = {{"__dev_queue_xmit", 0x4d}, {"some_driver_xmit", 0}};
	struct catalog *catalog = catalog_new();

	assert_non_null(catalog);
	assert_int_equal(catalog_set_path(catalog, 0xfffffff0, frames, ARRAY_SIZE(frames)), 0);
	catalog_set_name(catalog, NAME_TASK, 31, "ping");
	catalog_set_name(catalog, NAME_TASK, 32, "a\"b\\c \303\251");
	catalog_set_name(catalog, NAME_DEVICE, catalog_device_key(SENDER, 2), "eth0");
	catalog_set_name(catalog, NAME_DEVICE, catalog_device_key(ANSWERER, 2), "peer0");
	catalog_set_name(catalog, NAME_NETNS, SENDER, "left");
	catalog_set_name(catalog, NAME_SYSCALL, 44, "sendto");
	catalog_set_name(catalog, NAME_SYMBOL, SYMBOL, "icmp_rcv+0x1a3");
	catalog_set_name(catalog, NAME_REASON, 7, "NO_SOCKET");
	return catalog;
}

static inline struct icmpx_packet request_packet(void)
{
	return (struct icmpx_packet){
		.family = 4,
		.kind = ICMPX_KIND_REQUEST,
		.type = 8,
		.protocol = IPPROTO_ICMP,
		.ttl = 64,
		.bytes = 84,
		.id = htons(4660),
		.seq = htons(1),
		.source = {10, 0, 0, 1},
		.destination = {10, 0, 0, 2},
	};
}

/* A hop with nothing to be told but what each has. */
static inline struct hop plain_hop(unsigned int probe)
{
	return (struct hop){
		.event = {.probe = probe,
			  .time = 1000000007,
			  .tid = 33,
			  .syscall = -1,
			  .packet = request_packet()},
		.leg = ICMPX_KIND_REQUEST,
		.side = SIDE_SENDER,
	};
}

static inline struct ping ping_of(struct hop *hops, __u32 count)
{
	return (struct ping){
		.number = 1,
		.packet = request_packet(),
		.hops = hops,
		.count = count,
		.first = count ? hops[0].event.time : 0,
		.last = count ? hops[count - 1].event.time : 0,
	};
}

/* The text of some calls, which the caller frees. */
struct stream {
	struct capture capture;
	struct catalog *catalog;
	struct trace_json *json;
};

static inline void stream_begin(struct stream *stream)
{
	stream->catalog = new_catalog();
	stream->json = render_trace_json_new(capture_begin(&stream->capture), stream->catalog);
	assert_non_null(stream->json);
}

static inline char *stream_end(struct stream *stream)
{
	render_trace_json_free(stream->json);
	catalog_free(stream->catalog);
	return capture_end(&stream->capture);
}

static inline char *render_ping(const struct ping *ping)
{
	struct stream stream;

	stream_begin(&stream);
	render_trace_json_ping(stream.json, ping);
	return stream_end(&stream);
}

static inline void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in: %s", part, text);
}

static inline void assert_has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' in: %s", part, text);
}

#endif
