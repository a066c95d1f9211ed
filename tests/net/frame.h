/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames built from a description that may lie about any of their fields. */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <net/ethernet.h>
#include <linux/types.h>

#define FRAME_MAX   4096
#define FRAME_TAGS  3
#define FRAME_EXTRA 64 /* IPv4 options or IPv6 extension headers, bytes */

#define MAC_FMT    "%02x:%02x:%02x:%02x:%02x:%02x"
#define TRUE_VALUE (-1) /* of a field that may lie */

struct frame {
	__u32 len;
	__u16 pad; /* so that what follows the Ethernet header is aligned */
	__u8 data[FRAME_MAX];
};

_Static_assert((offsetof(struct frame, data) + ETH_HLEN) % 4 == 0, "IP headers are aligned");

enum fill { FILL_RANDOM, FILL_ZERO, FILL_ONES };

struct frame_tag {
	__u16 tpid, tci;
};

/* Numbers in host order, addresses as they stand in the frame (IPv4: 4 bytes). */
struct spec {
	__u8 dst_mac[ETH_ALEN], src_mac[ETH_ALEN];
	struct frame_tag tag[FRAME_TAGS];
	int tags;
	int ethertype; /* TRUE_VALUE: the family's */
	bool v6;
	__u8 src[16], dst[16];
	int version_ihl; /* IPv4: the first byte; IPv6: the version; or TRUE_VALUE */
	__u8 tos, ttl, proto;
	__u16 ident, frag; /* IPv4 */
	__u32 label;
	__u8 extra[FRAME_EXTRA]; /* between the IP header and the message */
	__u8 extra_len;
	__u8 next; /* IPv6: next header of the fixed header, when extra_len > 0 */
	__u8 type, code;
	__u16 id, seq;
	__u16 payload; /* bytes behind the echo header */
	enum fill fill;
	__u64 seed;    /* of random payload, trailing bytes and flips */
	int len_delta; /* added to the true length field */
	int icmp_csum; /* the identifier is chosen for this checksum, or TRUE_VALUE */
	__u16 ip_csum_xor, icmp_csum_xor;
	__u16 trailing;   /* bytes behind the datagram */
	__u16 cut;        /* bytes taken off the end */
	int flips;        /* random bits changed behind the Ethernet header ... */
	bool flips_fixed; /* ... and the IPv4 header checksum made right again */
	bool keep_source; /* the source address is spared */
};

/* Reproducible on every machine: splitmix64. */
__u64 random_next(__u64 *state);
__u32 random_below(__u64 *state, __u32 n);

__u32 csum_partial(const void *data, __u32 len, __u32 sum); /* network order in memory */
__u16 csum_finish(__u32 sum);

/* Longer frames than max_len are cut off: the device would not take them. */
void frame_build(struct frame *frame, const struct spec *spec, __u32 max_len);

/* Offset of the IP header and its protocol, behind any tags; 0 when cut short. */
__u32 frame_network(const struct frame *frame, __u16 *proto);

void frame_hex(const struct frame *frame, const char *title);

#endif
