// SPDX-License-Identifier: GPL-2.0-only
/* A capture file, draft-ietf-opsawg-pcapng: a frame for each hop that had the packet, an interface
 * for each place where it was seen. */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "export.h"
#include "export_frame.h"
#include "export_text.h"
#include "numbering.h"
#include "safe_text.h"

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6, /* "enhanced" */
	BLOCK_SECTION = 0x0a0d0d0a,
};

enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_HARDWARE = 2,
	SECTION_OS = 3,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_DESCRIPTION = 3,
	INTERFACE_RESOLUTION = 9,
	PACKET_FLAGS = 2,
	PACKET_ID = 5,
	PACKET_VERDICT = 7,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define LINKTYPE_RAW     101 /* begins with the IP header */
#define NANOSECONDS      9
#define INBOUND          1
#define OUTBOUND         2
#define VERDICT_XDP      2
#define VERDICT_XDP_TX   3

#define COMMENT_MAX 2048

struct pcapng {
	FILE *out;
	const struct catalog *catalog;
	__s64 epoch;
	struct numbering interfaces;
	size_t used;
	unsigned char
		block[3 * COMMENT_MAX]; /* the longest: a packet, an interface with two names */
};

static void put(struct pcapng *file, const void *data, size_t size)
{
	memcpy(file->block + file->used, data, size);
	file->used += size;
}

static void put_u16(struct pcapng *file, __u16 value)
{
	__u16 ordered = htole16(value);

	put(file, &ordered, sizeof(ordered));
}

static void put_u32(struct pcapng *file, __u32 value)
{
	__u32 ordered = htole32(value);

	put(file, &ordered, sizeof(ordered));
}

static void pad(struct pcapng *file)
{
	while (file->used % 4)
		file->block[file->used++] = 0;
}

static void put_option(struct pcapng *file, enum option option, const void *data, size_t size)
{
	put_u16(file, option);
	put_u16(file, size);
	put(file, data, size);
	pad(file);
}

static void put_text(struct pcapng *file, enum option option, const char *text)
{
	if (*text)
		put_option(file, option, text, strlen(text));
}

static void begin(struct pcapng *file, enum block_type type)
{
	file->used = 0;
	put_u32(file, type);
	put_u32(file, 0); /* the length, known at the end */
}

static void end(struct pcapng *file)
{
	__u32 length;

	put_u16(file, OPTION_END);
	put_u16(file, 0);
	length = htole32(file->used + sizeof(length));
	memcpy(file->block + 4, &length, sizeof(length));
	put(file, &length, sizeof(length));
	fwrite(file->block, 1, file->used, file->out);
}

static void *open_file(FILE *out, const struct catalog *catalog)
{
	struct pcapng *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->out = out;
	file->catalog = catalog;
	return file;
}

static void close_file(void *state)
{
	struct pcapng *file = state;

	numbering_free(&file->interfaces);
	free(file);
}

/* The header of a recording is foreign text. */
static int put_section(void *state, const struct trace_header *header)
{
	static const __s64 unknown_length = -1;
	struct pcapng *file = state;
	char words[COMMENT_MAX];

	file->epoch = header->epoch;
	begin(file, BLOCK_SECTION);
	put_u32(file, BYTE_ORDER_MAGIC);
	put_u16(file, 1); /* version 1.0 */
	put_u16(file, 0);
	put(file, &unknown_length, sizeof(unknown_length));
	put_text(
		file, OPTION_COMMENT,
		"A trace of the kernel: a frame for each hop of a packet, ping by ping. Headers "
		"are "
		"rebuilt from what the trace has of them, data are left out; what it does not have "
		"is 0, checksums over data too. Times are the clock's of when the trace began.");
	snprintf(words, sizeof(words), "%s", header->machine);
	safe_text(words);
	put_text(file, SECTION_HARDWARE, words);
	snprintf(words, sizeof(words), "Linux %s", header->kernel);
	safe_text(words);
	put_text(file, SECTION_OS, words);
	snprintf(words, sizeof(words), "icmpx %s, backend %s", header->version, header->backend);
	safe_text(words);
	put_text(file, SECTION_APPLICATION, words);
	end(file);
	return 0;
}

static void describe(const struct pcapng *file, const struct hop *hop, char *name,
		     char *description)
{
	const struct icmpx_event *event = &hop->event;
	const char *netns = catalog_name(file->catalog, NAME_NETNS, event->netns);
	const char *probe = export_hop_name(file->catalog, hop);
	struct export_text text = {};
	const char *device = export_device(file->catalog, event, &text) ?: "none";

	snprintf(name, COMMENT_MAX, "%u/%s/%s", event->netns, device, probe);
	snprintf(description, COMMENT_MAX, "netns %s (%u), device %s (%u), probe %s",
		 netns ?: "unknown", event->netns, device, event->ifindex, probe);
}

static void put_interface(struct pcapng *file, const struct hop *hop, bool others)
{
	static const __u8 resolution = NANOSECONDS;
	char name[COMMENT_MAX] = "others", description[COMMENT_MAX] = "too many to be told apart";

	if (!others)
		describe(file, hop, name, description);
	begin(file, BLOCK_INTERFACE);
	put_u16(file, LINKTYPE_RAW);
	put_u16(file, 0);
	put_u32(file, 0); /* no limit to the length */
	put_text(file, INTERFACE_NAME, name);
	put_text(file, INTERFACE_DESCRIPTION, description);
	put_option(file, INTERFACE_RESOLUTION, &resolution, sizeof(resolution));
	end(file);
}

static int find_interface(struct pcapng *file, const struct hop *hop)
{
	const struct numbering_key key = {
		.word = {hop->event.netns, hop->event.ifindex, hop->event.probe},
	};
	bool fresh;
	int number = numbering_find(&file->interfaces, &key, &fresh);

	if (number >= 0 && fresh)
		put_interface(file, hop, number == NUMBERING_MAX);
	return number;
}

static __u64 wall_clock(const struct pcapng *file, __u64 time)
{
	if (file->epoch < 0 && time < -(__u64)file->epoch)
		return 0;
	return time + (__u64)file->epoch;
}

static void put_comment(struct pcapng *file, const struct ping *ping, const struct hop *hop)
{
	struct export_text context = {}, words = {};
	const char *fate = export_fate(file->catalog, hop, &words);
	char comment[COMMENT_MAX];

	snprintf(comment, sizeof(comment), "ping %llu (%s): %s, %s, %s, %s%s%s%s%s",
		 (unsigned long long)ping->number, ping_end_name(ping->end),
		 export_hop_name(file->catalog, hop), trace_kind_name(hop->leg),
		 hop_side_name(hop->side), export_context(file->catalog, &hop->event, &context),
		 hop->event.flags & ICMPX_FRAGMENT ? ", fragment" : "", hop->copy ? ", DUP!" : "",
		 fate ? ": " : "", fate ?: "");
	put_text(file, OPTION_COMMENT, comment);
}

/* Only where it is certain. */
static __u32 direction(const struct hop *hop)
{
	switch (hop->event.probe) {
	case ICMPX_TP_NET_DEV_QUEUE:
	case ICMPX_TP_NET_DEV_START:
	case ICMPX_TP_NET_DEV_XMIT:
		return OUTBOUND;
	case ICMPX_TP_NETIF_RX:
	case ICMPX_TP_RECEIVE:
		return INBOUND;
	}
	return 0;
}

static void put_packet_options(struct pcapng *file, const struct ping *ping, const struct hop *hop)
{
	__u64 number = htole64(ping->number), action = htole64(VERDICT_XDP_TX);
	__u32 flags = htole32(direction(hop));
	unsigned char verdict[1 + sizeof(action)] = {VERDICT_XDP};

	put_comment(file, ping, hop);
	if (flags)
		put_option(file, PACKET_FLAGS, &flags, sizeof(flags));
	put_option(file, PACKET_ID, &number, sizeof(number));
	if (hop->event.probe == ICMPX_TP_XDP_REPLY) {
		memcpy(verdict + 1, &action, sizeof(action));
		put_option(file, PACKET_VERDICT, verdict, sizeof(verdict));
	}
}

static int put_packet(struct pcapng *file, const struct ping *ping, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;
	__u64 time = wall_clock(file, event->time);
	int interface = find_interface(file, hop);
	struct export_frame frame;

	if (interface < 0)
		return interface;
	export_frame_make(&event->packet, event->flags & ICMPX_FRAGMENT, &ping->packet, &frame);
	begin(file, BLOCK_PACKET);
	put_u32(file, interface);
	put_u32(file, time >> 32);
	put_u32(file, (__u32)time);
	put_u32(file, frame.captured);
	put_u32(file, frame.length);
	put(file, frame.bytes, frame.captured);
	pad(file);
	put_packet_options(file, ping, hop);
	end(file);
	return 0;
}

/* Whether the packet itself was there, and not only something that is about it: a system call
 * or function without one at hand, a wakeup, the return of a function. */
static bool has_packet(const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;

	if (hop->synthetic || event->flags & (ICMPX_CARRIED | ICMPX_RETURN))
		return false;
	switch (event->probe) {
	case ICMPX_TP_SYS_EXIT:
	case ICMPX_TP_WAKING:
	case ICMPX_TP_SWITCH_IN:
		return false;
	}
	return event->probe < ICMPX_FN_FIRST || event->skb;
}

static int put_ping(void *state, const struct ping *ping)
{
	int err = 0;

	for (__u32 i = 0; i < ping->count && !err; i++)
		if (has_packet(&ping->hops[i]))
			err = put_packet(state, ping, &ping->hops[i]);
	return err;
}

const struct export_format export_pcapng = {
	.name = "pcapng",
	.binary = true,
	.open = open_file,
	.header = put_section,
	.ping = put_ping,
	.close = close_file,
};
