// SPDX-License-Identifier: GPL-2.0-only
/* The changes that generated cases are made of. */
#include <string.h>

#include "cases.h"

#define COUNT(array)       ((__u32)(sizeof(array) / sizeof((array)[0])))
#define PICK(random, list) ((list)[random_below(random, COUNT(list))])

/* Valid changes: the kernel answers as before. */

static void vary_tos(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->tos = random_next(random);
}

static void vary_ttl(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const __u8 ttls[] = {0, 1, 2, 32, 63, 64, 128, 254, 255};

	(void)cases;
	spec->ttl = PICK(random, ttls);
}

static void vary_label(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->label = random_below(random, 1 << 20);
}

static void vary_code(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->code = random_next(random);
}

static void vary_ident(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const __u16 bits[] = {0x4000, 0x8000, 0xc000};

	(void)cases;
	spec->ident = random_next(random);
	if (random_below(random, 2))
		spec->frag = PICK(random, bits);
}

static void vary_fill(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->fill = random_below(random, 3);
	if (random_below(random, 2))
		spec->id = spec->seq = 0;
}

static void vary_sum(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const __u16 sums[] = {0, 0xff, 0x100, 0xf7ff, 0xf8ff, 0xfeff, 0xff00, 0xffff};

	(void)cases;
	spec->icmp_csum = random_below(random, 2) ? PICK(random, sums) : random_next(random);
	spec->icmp_csum &= 0xffff;
}

static void vary_size(const struct cases *cases, struct spec *spec, __u64 *random)
{
	__u32 most = cases->mtu - (spec->v6 ? 48 : 28);

	spec->payload = random_below(random, 4) ? random_below(random, most + 1) : most;
}

static void vary_trailing(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->trailing = 1 + random_below(random, 60);
}

/* Changes that mostly make something else of the frame. */

static void change_target_mac(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const __u8 macs[][ETH_ALEN] = {
		{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		{0x33, 0x33, 0, 0, 0, 1},
		{1, 0, 0x5e, 0, 0, 1},
		{2, 0, 0, 0, 0x0b, 2},
		{0, 0, 0, 0, 0, 0},
	};

	(void)cases;
	if (random_below(random, 6))
		memcpy(spec->dst_mac, PICK(random, macs), ETH_ALEN);
	else
		spec->dst_mac[random_below(random, ETH_ALEN)] ^= 1 << random_below(random, 8);
}

static void change_source_mac(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->src_mac[random_below(random, ETH_ALEN)] = random_next(random);
}

static void add_tag(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const __u16 tpids[] = {0x8100, 0x8100, 0x88a8};
	const __u16 vids[] = {0, 0, 5, 4095, cases->vid, random_below(random, 4096)};
	int tags = 1 + random_below(random, FRAME_TAGS);

	for (int i = 0; i < tags; i++) {
		spec->tag[i].tpid = PICK(random, tpids);
		spec->tag[i].tci = PICK(random, vids) | random_below(random, 16) << 12;
	}
	spec->tags = tags;
}

/* Of the tag of a VLAN's flow: the flow stays the same. */
static void change_priority(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->tag[0].tci ^= random_below(random, 16) << 12;
}

static void change_source(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const char *const v4[] = {
		"0.0.0.0",     "127.0.0.1",   "224.0.0.5",     "240.0.0.1", "255.255.255.255",
		"203.0.113.1", "203.0.113.2", "198.51.100.99", "10.77.0.1", "192.0.2.1"};
	static const char *const v6[] = {"::",          "::1",         "ff02::5", "::ffff:1.2.3.4",
					 "2001:db8::9", "2001:db8::8", "fd77::1", "2001:db8:2::1",
					 "fe80::a"};

	if (cases->any_peer && spec->tags)
		return; /* the kernel's reply leaves by another device than the VLAN's */
	if (spec->v6)
		spec_source(spec, PICK(random, v6));
	else
		spec_source(spec, PICK(random, v4));
	if (cases->any_peer)
		spec->src_mac[5] = 2; /* the router's: where the kernel sends its reply */
	else if (!random_below(random, 8))
		spec->src[(spec->v6 ? 16 : 4) - 1] = random_next(random);
}

static void change_target(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const char *const v4[] = {"10.77.0.44", "10.77.0.255", "255.255.255.255",
					 "224.0.0.1",  "127.0.0.1",   "203.0.113.1"};
	static const char *const v6[] = {"fd77::44", "ff02::1", "ff01::1", "::1",
					 "::",       "fe80::b", "fd77::"};

	(void)cases;
	if (!random_below(random, 4))
		spec->dst[(spec->v6 ? 16 : 4) - 1] ^= 1 << random_below(random, 8);
	else if (spec->v6)
		spec_target(spec, PICK(random, v6));
	else
		spec_target(spec, PICK(random, v4));
}

static void set_extra(struct spec *spec, __u8 next, const void *bytes, __u32 len)
{
	memcpy(spec->extra, bytes, len);
	spec->extra_len = len;
	spec->next = next;
}

static void add_options(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const __u8 v4[][8] = {
		{1, 1, 1, 1, 1, 1, 1, 0},   {7, 7, 4}, {0x44, 8, 5, 0}, {0x83, 7, 4, 10, 77, 0, 1},
		{0x89, 7, 4, 10, 77, 0, 1}, {0x94, 4}, {0xde, 0},       {0},
	};
	static const __u8 v6[][8] = {{58, 0, 1, 4}, {58, 0, 5, 2}, {58, 0, 0x9e, 4}, {58, 1, 1, 4}};
	static const __u8 nexts[] = {0, 60, 43, 44, 51, 135};

	(void)cases;
	if (spec->v6)
		set_extra(spec, PICK(random, nexts), PICK(random, v6), 8);
	else
		set_extra(spec, 0, PICK(random, v4), 8);
	if (random_below(random, 2))
		spec->extra[random_below(random, 8)] = random_next(random);
}

static void change_fragment(const struct cases *cases, struct spec *spec, __u64 *random)
{
	__u8 header[8] = {58};

	(void)cases;
	spec->ident = random_next(random);
	spec->frag = random_below(random, 2) ? 0x2000 : random_next(random);
	if (!spec->v6)
		return;
	header[2] = spec->frag >> 8;
	header[3] = random_below(random, 2) ? spec->frag : 0;
	memcpy(header + 6, &spec->ident, 2);
	set_extra(spec, 44, header, sizeof(header));
}

static void change_length(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const int deltas[] = {-1, 1, -8, 8, -20, 40, -56, -64, -84, 60000};

	(void)cases;
	spec->len_delta = random_below(random, 2) ? PICK(random, deltas)
						  : (int)random_below(random, 200) - 100;
	spec->trailing = random_below(random, 80);
}

static void change_ip_csum(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->ip_csum_xor = random_below(random, 4) ? 1 << random_below(random, 16) : 0xffff;
	if (spec->v6)
		spec->version_ihl = random_below(random, 16);
}

static void change_icmp_csum(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->icmp_csum_xor = random_below(random, 4) ? 1 << random_below(random, 16) : 0xffff;
}

static void change_cut(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->cut = 1 + random_below(random, spec->payload + 48);
}

/* Not those whose answer changes the host's mind: redirects, advertisements, and
 * queries that are answered by a timer. */
static void change_type(const struct cases *cases, struct spec *spec, __u64 *random)
{
	__u8 type = random_next(random);

	(void)cases;
	if (type == 5 || (type >= 130 && type <= 137))
		type = random_below(random, 2) ? 0 : 129;
	spec->type = type;
}

static void change_proto(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const __u8 protos[] = {0, 1, 6, 17, 41, 47, 58, 59, 60, 132, 253, 255};

	(void)cases;
	spec->proto = PICK(random, protos);
}

static void change_first_byte(const struct cases *cases, struct spec *spec, __u64 *random)
{
	(void)cases;
	spec->version_ihl = spec->v6 ? random_below(random, 16) : 0x40 + random_below(random, 16);
}

static void change_ethertype(const struct cases *cases, struct spec *spec, __u64 *random)
{
	static const int types[] = {0x0800, 0x86dd, 0x9100, 0x88b5, 46, 0x8864, 0x8847};

	(void)cases;
	spec->ethertype = PICK(random, types);
}

static void flip(const struct cases *cases, struct spec *spec, __u64 *random)
{
	spec->flips = 1 + random_below(random, 3);
	spec->flips_fixed = random_below(random, 2);
	spec->keep_source = cases->any_peer;
}

const struct mutation mutations[] = {
	{"target MAC", change_target_mac, false},
	{"sender MAC", change_source_mac, true},
	{"tags", add_tag, false},
	{"priority", change_priority, false},
	{"source", change_source, false},
	{"target", change_target, false},
	{"options", add_options, false},
	{"fragment", change_fragment, false},
	{"length", change_length, false},
	{"IP checksum", change_ip_csum, false},
	{"ICMP checksum", change_icmp_csum, false},
	{"cut", change_cut, false},
	{"type", change_type, false},
	{"protocol", change_proto, false},
	{"first byte", change_first_byte, false},
	{"EtherType", change_ethertype, false},
	{"flips", flip, false},
};
const __u32 mutation_count = COUNT(mutations);

const struct mutation variations[] = {
	{"TOS", vary_tos, false},     {"TTL", vary_ttl, false},
	{"label", vary_label, false}, {"code", vary_code, false},
	{"ident", vary_ident, false}, {"fill", vary_fill, false},
	{"size", vary_size, false},   {"trailing", vary_trailing, false},
	{"sum", vary_sum, false},
};
const __u32 variation_count = COUNT(variations);
