// SPDX-License-Identifier: GPL-2.0-only
/* The hosts of the differential test: who may ask whom and be answered. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>

#include "cases.h"

#define COUNT(array) ((__u32)(sizeof(array) / sizeof((array)[0])))

static const __u8 target_mac[ETH_ALEN] = {2, 0, 0, 0, 0x0b, 1};

struct host {
	const char *address;
	__u8 mac; /* last byte, of the sender's 02:00:00:00:0a:xx */
};

/* The last one of each family is behind the router 02:00:00:00:0a:02. */
static const struct host peers_v4[] = {{"10.77.0.2", 2}, {"10.77.0.3", 3}, {"198.51.100.7", 2}};
static const struct host peers_v6[] = {{"fd77::2", 2}, {"fd77::3", 3}, {"2001:db8:1::7", 2}};
static const char *const locals_v4[] = {"10.77.0.1", "10.77.0.99", "192.0.2.1"};
static const char *const locals_v6[] = {"fd77::1", "fd77::99", "2001:db8:2::1"};
static const struct host link_v6 = {"fe80::a", 2};
static const char *const link_local = "fe80::b";
/* Behind routes whose MTU is smaller than the link's; not with --trust address, where
 * what one sender was answered holds for all. */
static const struct host narrow_v4 = {"198.51.100.200", 2}, narrow_v6 = {"2001:db8:8::7", 2};
/* On the VLAN, if there is one. */
static const struct host vlan_v4 = {"10.77.5.2", 2}, vlan_v6 = {"fd77:5::2", 2};
static const char *const vlan_local_v4 = "10.77.5.1", *const vlan_local_v6 = "fd77:5::1";

#define FLOWS_V4    (COUNT(peers_v4) * COUNT(locals_v4))
#define FLOWS_V6    (COUNT(peers_v6) * COUNT(locals_v6))
#define FLOWS_PLAIN (FLOWS_V4 + FLOWS_V6 + 1)

static void set_address(const struct spec *spec, __u8 *to, const char *address)
{
	if (inet_pton(spec->v6 ? AF_INET6 : AF_INET, address, to) == 1)
		return;
	fprintf(stderr, "%s: not an address of that family\n", address);
	abort();
}

void spec_source(struct spec *spec, const char *address)
{
	set_address(spec, spec->src, address);
}

void spec_target(struct spec *spec, const char *address)
{
	set_address(spec, spec->dst, address);
}

static void base_spec(struct spec *spec, bool v6, const struct host *peer, const char *local)
{
	*spec = (struct spec){
		.v6 = v6,
		.ethertype = TRUE_VALUE,
		.version_ihl = TRUE_VALUE,
		.icmp_csum = TRUE_VALUE,
		.src_mac = {2, 0, 0, 0, 0x0a, peer->mac},
		.ttl = 64,
		.proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
		.type = v6 ? 128 : 8,
		.id = 0x1234,
		.seq = 1,
		.payload = 56,
	};
	memcpy(spec->dst_mac, target_mac, ETH_ALEN);
	spec_source(spec, peer->address);
	spec_target(spec, local);
}

__u32 flow_count(const struct cases *cases)
{
	return FLOWS_PLAIN + (cases->any_peer ? 0 : 2) + (cases->vid ? 2 : 0);
}

static void special_spec(const struct cases *cases, __u32 flow, struct spec *spec)
{
	bool v6 = flow & 1;

	if (flow < 2 && !cases->any_peer) {
		base_spec(spec, v6, v6 ? &narrow_v6 : &narrow_v4, v6 ? locals_v6[0] : locals_v4[0]);
		return;
	}
	base_spec(spec, v6, v6 ? &vlan_v6 : &vlan_v4, v6 ? vlan_local_v6 : vlan_local_v4);
	spec->tags = 1;
	spec->tag[0] = (struct frame_tag){ETHERTYPE_VLAN, cases->vid};
}

void flow_spec(const struct cases *cases, __u32 flow, struct spec *spec)
{
	__u32 v6 = flow - FLOWS_V4;

	if (flow < FLOWS_V4) {
		base_spec(spec, false, &peers_v4[flow % COUNT(peers_v4)],
			  locals_v4[flow / COUNT(peers_v4)]);
	} else if (v6 < FLOWS_V6) {
		base_spec(spec, true, &peers_v6[v6 % COUNT(peers_v6)],
			  locals_v6[v6 / COUNT(peers_v6)]);
	} else if (v6 == FLOWS_V6) {
		base_spec(spec, true, &link_v6, link_local);
	} else {
		special_spec(cases, flow - FLOWS_PLAIN, spec);
	}
}

bool flow_is_narrow(const struct cases *cases, __u32 flow)
{
	return !cases->any_peer && (flow == FLOWS_PLAIN || flow == FLOWS_PLAIN + 1);
}

void barrier_spec(struct spec *spec)
{
	base_spec(spec, false, &(struct host){"10.77.0.5", 5}, locals_v4[0]);
	spec->fill = FILL_ZERO;
}
