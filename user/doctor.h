/* SPDX-License-Identifier: GPL-2.0-only */
/* What `icmpx doctor` finds out, and what it concludes from that. */
#ifndef ICMPX_DOCTOR_H
#define ICMPX_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "caps.h"
#include "caveats.h"
#include "device.h"
#include "kernel.h"
#include "sockets.h"
#include "stack.h"
#include "ways_in.h"
#include "xdp.h"

/* One mode of XDP on the named interface. */
struct xdp_trial {
	bool done;       /* attached, and detached at once */
	int err;         /* if done: 0 or a negative errno */
	bool frags;      /* only as a multi-buffer program, because of the MTU */
	const char *why; /* if not done: static */
};

struct device_report {
	struct device device;
	bool features_known;
	__u64 features;         /* NETDEV_XDP_* */
	__u32 xdp_id;           /* program at the hook; 0: none */
	enum xdp_mode xdp_mode; /* of that one */
	bool ours;              /* icmpx is attached */
	struct xdp_trial native, generic;
	struct stack stack; /* as seen from it; owned by struct doctor */
	struct caveats caveats;
	struct ways_in ways;
};

/* One decision of `attach`, as it would be made here. */
struct choice {
	const char *about; /* "attach", "mode", "leases", "programs" */
	bool possible;
	char what[32];
	char why[192];
};

enum { CHOICES_MAX = 4 };

struct doctor {
	char release[65];
	char lockdown[32]; /* "" when the kernel does not say */
	bool btf;
	bool libxdp; /* this program has it */
	struct feature features[FEATURE_MAX];
	struct cap_state caps[CAPS_MAX];
	bool user_namespace;
	char bpffs[128];          /* where pins are or would be; "" where there is no bpffs */
	const char *bpffs_why;    /* static, or NULL */
	struct setting *settings; /* owned */
	size_t setting_count;
	struct open_socket *sockets; /* owned */
	size_t socket_count;
	bool has_device;
	struct device_report device;
	struct choice choices[CHOICES_MAX];
	size_t choice_count;
};

/* Asks everything. ifindex 0: no interface; try_attach: see doctor_device(). 0 or a
 * negative errno; then doctor_free() too. */
int doctor_examine(struct doctor *doctor, __u32 ifindex, bool try_attach);
void doctor_free(struct doctor *doctor);

/* Attaches a program that passes all, in each mode, and detaches it at once,
 * where that disturbs nobody: where nothing is attached, and on veth. A NIC's
 * driver may take its link down for it, and generic mode switches the device's
 * LRO off for good: only with try_attach. 0 or a negative errno. */
int doctor_device(struct device_report *report, __u32 ifindex, bool try_attach);

/* Fills choices from all else; pure. */
void doctor_conclude(struct doctor *doctor);

#endif
