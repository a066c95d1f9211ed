/* SPDX-License-Identifier: GPL-2.0-only */
/* Attaching, replacing, detaching and finding the fast path. The only module
 * that calls libxdp and tc. */
#ifndef ICMPX_XDP_H
#define ICMPX_XDP_H

#include <stdbool.h>
#include <linux/types.h>

#include "config.h"
#include "pins.h"

enum xdp_mode { MODE_AUTO, MODE_NATIVE, MODE_GENERIC };

struct attach_options {
	enum xdp_mode mode;
	struct icmpx_config
		config; /* trust, families, observe, lease_s, limit_*, any_iif are given */
};

struct xdp_hook;

enum attach_state {
	STATE_ATTACHED,  /* XDP and learner are ours */
	STATE_PARTIAL,   /* one of them, or without their pins: an interrupted attach or detach, or
			  * somebody removed or replaced one */
	STATE_STALE,     /* pins without interface or namespace, or with neither program attached */
	STATE_ELSEWHERE, /* in another namespace, which lives or may live; not looked into */
	STATE_MAX,
};

/* What is known of one interface's fast path. */
struct attachment {
	struct pin_dir dir;
	enum attach_state state;
	const char *reason; /* why partial or stale; static, NULL when attached */
	char ifname[16];    /* today's; for stale or elsewhere the name when attached */
	enum xdp_mode mode; /* MODE_AUTO: no XDP program of ours */
	bool dispatcher;    /* beside others, through libxdp's dispatcher */
	__u32 echo_id;      /* program ids; 0: not attached */
	__u32 learn_id;
	bool hidden;     /* libxdp's dispatcher is there, and its pins are not in this bpffs */
	__u32 hollow_id; /* libxdp's dispatcher without a program in it, and its mode; 0: none */
	enum xdp_mode hollow_mode;
	bool here;        /* of this network namespace */
	bool present;     /* the interface is in it */
	bool pinned;      /* its pins are whole, and those of the programs that are attached */
	bool made_clsact; /* icmpx made the clsact qdisc, as far as that is known */
	bool has_config;
	struct icmpx_config config; /* of the attached program */
	char others[96]; /* interfaces that a request of its leases could come in by, by now; set by
			  * who asks ways_in_find() */
};

/* As JSON has them. NULL: none. */
const char *xdp_mode_name(enum xdp_mode mode);
const char *xdp_state_name(enum attach_state state);
const char *xdp_trust_name(const struct icmpx_config *config);

/* Fills *a for an interface of this namespace. 0; -ENOENT: nothing of icmpx
 * there; or another negative errno. */
int xdp_find(__u32 ifindex, struct attachment *a);

/* The same, and who is at the XDP hook: *hook is filled with -ENOENT, too. */
int xdp_find_hook(__u32 ifindex, struct attachment *a, struct xdp_hook *hook);

/* The same for pins that were found stale. -ENOENT: they are gone, or not stale any more. */
int xdp_find_stale(const struct pin_dir *dir, struct attachment *a);

/* Every attachment that a pin or an interface of this namespace knows of.
 * *list is the caller's to free. 0 or a negative errno. */
int xdp_list(struct attachment **list, size_t *count);

/* The one of the interface of that name in this namespace, or NULL. */
const struct attachment *xdp_find_named(const struct attachment *list, size_t count,
					const char *name);

/* Sorts a list from the top of stacked devices down: the kernel lets none be changed that is
 * below one with a program. Those that are equal keep their order. */
void xdp_sort(struct attachment *list, size_t count);

/* What attach did, for the report. */
struct attach_result {
	enum xdp_mode mode;
	bool replaced;
	bool dispatcher;
	bool frags;              /* multi-buffer aware: needed for this MTU */
	char why[256];           /* why this mode; why no dispatcher */
	__u32 leased;            /* ICMPX_IPV4 | ICMPX_IPV6: of which leases are made */
	char others[96];         /* why not of the rest: interfaces that they could come by */
	const char *weak_origin; /* why replies of programs are told worse; NULL: they are not */
	const char *notice;      /* where bpffs was found or mounted, if worth a line */
};

/* What went wrong, in words: what, on what, why, what to do. */
struct attach_error {
	int err;     /* negative errno */
	bool cannot; /* this kernel, machine or device cannot do it */
	char text[512];
};

/* Attaches or replaces in one step; on failure nothing is changed. */
int xdp_attach(__u32 ifindex, const struct attach_options *options, struct attach_result *result,
	       struct attach_error *error);

/* Removes all of icmpx from one interface, or stale pins; never what is
 * somebody else's. */
int xdp_detach(const struct attachment *a, struct attach_error *error);

/* A descriptor of the program that is attached, by its pin or else its id, for
 * "replace, remove this one only"; or a negative errno. */
int xdp_echo_fd(const struct attachment *a);

/* xdp_detach() for who holds the registry's lock. */
int xdp_remove(const struct attachment *a, struct attach_error *error);

/* Fills *error and returns err. */
int attach_fail(struct attach_error *error, int err, bool cannot, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
