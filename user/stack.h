/* SPDX-License-Identifier: GPL-2.0-only */
/* The interfaces of this network namespace, and which of them is made of which: the ports of a
 * bond or bridge and the device that a VLAN is on are below, what is made of them is above. */
#ifndef ICMPX_STACK_H
#define ICMPX_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum { STACK_DEPTH = 8 }; /* the kernel nests no deeper */

enum port_state {
	PORT_UNKNOWN, /* no port, or of a master that does not say */
	PORT_ACTIVE,
	PORT_INACTIVE, /* of a bond: the kernel drops what comes in there */
};

struct link {
	__u32 ifindex;
	__u32 master;   /* the bond, bridge, VRF ... that it is a port of; 0: none */
	__u32 flags;    /* IFF_* */
	__u32 on;       /* the device that a VLAN, macvlan ... is on; 0: none */
	bool elsewhere; /* the device that it is on is in another network namespace */
	char name[16];
	char kind[16]; /* "bond", "bridge", "vlan" ...; "" for a NIC, or where a driver made it */
	char bond_mode[16]; /* of a bond, by its name in ip-link(8) */
	bool ports_rest;    /* a bond that has inactive ports */
	enum port_state state;
	bool xdp;  /* a program is attached */
	int level; /* set by stack_look(): above 0 above that one, below 0 below; or STACK_NONE */
};

enum { STACK_NONE = -128 }; /* neither above nor below */

struct stack {
	struct link *links; /* owned */
	size_t count;
};

/* Asks the kernel. 0 or a negative errno; then stack_free() too. */
int stack_read(struct stack *stack);
void stack_free(struct stack *stack);

const struct link *stack_find(const struct stack *stack, __u32 ifindex); /* NULL: not here */

/* Sets level of all links, as seen from that interface; its own is 0. */
void stack_look(struct stack *stack, __u32 ifindex);

/* How many levels of devices are below that interface; 0: none, it is no stacked device. */
unsigned int stack_height(struct stack *stack, __u32 ifindex);

/* What native XDP would do on that interface that the kernel does not, which needs the levels:
 * as text, for "since ..."; NULL: nothing that is known of. */
const char *stack_native_loses(const struct stack *stack);   /* replies do not get out */
const char *stack_native_doubles(const struct stack *stack); /* answers what the kernel drops */

/* The device to attach to instead of that port, since which port its frames come in by is not
 * the port's matter; NULL: it is well where it is. Needs the levels. */
const struct link *stack_instead(const struct stack *stack, const struct link *port);

/* Why the kernel (5.15 and later) said -EEXIST or -EBUSY to a change of an interface's own XDP
 * program: one above has one. False: none has that is in this network namespace. */
bool stack_busy(__u32 ifindex, char *why, size_t size);

#endif
