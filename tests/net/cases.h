/* SPDX-License-Identifier: GPL-2.0-only */
/* The frames of the differential test, and the hosts that they speak of.
 * differential.t sets up the same hosts. */
#ifndef NET_CASES_H
#define NET_CASES_H

#include "frame.h"

#define CASE_FRAMES 2 /* the pieces of a fragmented datagram */
#define CASE_NAME   160

struct test_case {
	char name[CASE_NAME];
	__u32 count;
	struct frame frame[CASE_FRAMES];
};

struct cases {
	__u64 seed;
	__u32 mtu;
	__u16 vid;     /* a VLAN device with this VID has the VLAN's addresses; 0: none */
	bool any_peer; /* --trust address: only from senders that the kernel answers */
};

/* An echo request, valid in all, of a flow that the kernel answers. Flows are
 * numbered 0 ... flow_count() - 1. */
__u32 flow_count(const struct cases *cases);
void flow_spec(const struct cases *cases, __u32 flow, struct spec *spec);

/* Whether the kernel fragments this flow's replies where the MTU would not. */
bool flow_is_narrow(const struct cases *cases, __u32 flow);

/* A request whose flow gets no lease: it has IPv4 options. */
void barrier_spec(struct spec *spec);

/* Case `index` of the list made by hand, false behind its end. */
bool odd_case(const struct cases *cases, __u32 index, struct test_case *test);

/* Case `index` of the seed. */
void random_case(const struct cases *cases, __u32 index, struct test_case *test);

/* The parts of which generated cases are made; each changes the description in
 * one way and says so. */
struct mutation {
	const char *name;
	void (*apply)(const struct cases *cases, struct spec *spec, __u64 *random);
	bool other_sender; /* not with --trust address */
};

/* Valid ones first: the kernel answers as before. */
extern const struct mutation variations[], mutations[];
extern const __u32 variation_count, mutation_count;

/* Sets an address from text, of the spec's family. */
void spec_source(struct spec *spec, const char *address);
void spec_target(struct spec *spec, const char *address);

#endif
