/* SPDX-License-Identifier: GPL-2.0-only */
/* A network namespace whose only wire is a tun device, of which the test is the other end:
 * it sees each byte, and answers what it likes. */
#ifndef ICMPX_PINGER_LIB_H
#define ICMPX_PINGER_LIB_H

#include "unit.h"

#include <stdbool.h>

#include "errno_name.h"
#include "pinger.h"

#define MS    1000000ULL
#define LIMIT (30000 * MS) /* of whatever should come soon */

/* What a pinger told, in its order. */
struct told {
	struct icmpx_event events[64];
	size_t count;
};

void told_add(void *data, const struct icmpx_event *event);

/* The n-th (from 0) event of a probe; told_nth() may return NULL, told_get() fails the test. */
const struct icmpx_event *told_nth(const struct told *told, enum icmpx_probe probe, size_t n);
const struct icmpx_event *told_get(const struct told *told, enum icmpx_probe probe, size_t n);

/* That all of the n-th ping is there, and in order. */
void told_whole(const struct told *told, size_t n, __u16 seq);

__u64 wire_now(void);

/* 20 ms apart. That it ends means that nothing was waited for in vain. */
struct pinger *wire_start(const char *host, unsigned int count, unsigned int size);
struct pinger *wire_start_with(const struct pinger_options *options);

/* Until something comes, to the pinger or (if `wire`) to the tun device, or it is time. */
void wire_wait(const struct pinger *pinger, bool wire, __u64 next);

/* Runs it to its end, in LIMIT; nobody reads from the tun device. */
void wire_run(struct pinger *pinger, struct told *told);

/* The next echo request that leaves by the tun device; its size. */
size_t wire_take(struct pinger *pinger, struct told *told, unsigned char *packet, size_t size);
void wire_inject(const unsigned char *packet, size_t size);

/* A request becomes its reply, with TTL 57. */
void wire_reply_v4(unsigned char *packet, size_t size);
void wire_reply_v6(unsigned char *packet, size_t size);

__u32 wire_sum(__u32 sum, const unsigned char *data, size_t size);
void wire_put_sum(unsigned char *at, __u32 sum);
/* Right checksums for an IPv4 packet, in place. */
void wire_seal_v4(unsigned char *packet, size_t size);

/* Setup functions: what this namespace's users may ping with. */
int ping_sockets(void **state);
int raw_sockets(void **state);
void allow_ping_sockets(bool allow);

void wire_set_up(const char *device, bool up);

/* The namespace and its tun0; NULL, or what is missing for it, with errno. Then, as setup of
 * the group: 192.0.2.1/24 and 2001:db8::1/64 on tun0, and no other route. */
const char *wire_make(void);
int wire_setup(void **state);
int wire_teardown(void **state);

#define WIRE_MAIN(tests)                                                                           \
	int main(void)                                                                             \
	{                                                                                          \
		const char *missing = wire_make();                                                 \
                                                                                                   \
		cmocka_set_message_output(CM_OUTPUT_TAP);                                          \
		if (missing) {                                                                     \
			printf("1..0 # SKIP needs %s: %s\n", missing, errno_name(errno));          \
			return 0;                                                                  \
		}                                                                                  \
		return cmocka_run_group_tests(tests, wire_setup, wire_teardown);                   \
	}

#endif
