/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading the programs, running a frame through one, looking at the maps. */
#ifndef RUN_LIB_H
#define RUN_LIB_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "../cmocka_compat.h"
#include "frames_lib.h"
#include "table_lib.h"
#include "verdicts.h"
#include "util.h"
#include "echo.skel.h"
#include "learn.skel.h"

#define FOREVER  (1ULL << 40) /* jiffies: years */
#define HZ_NEVER 4000000U     /* jiffies a second of which a note lives: no test takes so long */

/* The usual options, with a lease that outlives the test. Where `plain` is
 * cleared, the copy of the program that knows all options serves these too. */
struct icmpx_config config_default(void);

/* The loaded programs; fail the test that asks when they do not load. The
 * learner shares the fast path's maps. */
struct echo_bpf *echo_load(const struct icmpx_config *config);
struct learn_bpf *learn_load(const struct icmpx_config *config, const struct echo_bpf *echo);
/* Fails the test with libbpf's messages. */
void load_failed(const char *what, int err);

/* Prints `1..0 # SKIP` and returns true where BPF programs cannot be loaded at all. */
bool skip_without_bpf(void);
/* Runs the tests as TAP; returns main's status. */
int tap_run(const char *name, const struct CMUnitTest *tests, size_t count);

/* Runs one frame; returns the program's verdict. out may be NULL. */
__u32 frame_run(int prog, const struct frame *in, struct frame *out);
/* As TAP comments. */
void frame_dump(const char *name, const struct frame *frame);
/* Fails with a dump of both when they differ. */
void assert_frame_equal(const struct frame *got, const struct frame *want, const char *what);

/* Sums over all CPUs. */
void counters_read(int map, struct icmpx_counter *counters, __u32 count);
void map_clear(int map);
int map_count(int map);

/* The maps of one family. */
struct table leases_of(const struct echo_bpf *skel, int family);
int requests_of(const struct echo_bpf *skel, int family);
/* table_put() and the like; what goes wrong fails the test. lease_put() seals. */
void lease_put(const struct echo_bpf *skel, int family, const union flow *flow,
	       struct icmpx_lease *lease);
bool lease_get(const struct echo_bpf *skel, int family, const union flow *flow,
	       struct icmpx_lease *lease);
int lease_count(const struct echo_bpf *skel, int family);
void leases_clear(const struct echo_bpf *skel, int family);
/* What the kernel's clock of leases says: the time of a note. Where a lease is for
 * any peer, only before it is granted. */
__u64 jiffies_now(const struct echo_bpf *skel);
/* Forgets leases, requests and buckets. */
void state_clear(const struct echo_bpf *skel);

#endif
