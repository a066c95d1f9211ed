// SPDX-License-Identifier: GPL-2.0-only
/* A lease is written on one processor and read on another, word by word, in whatever order they
 * show each other's stores: what seals is one that was written whole. No barrier is part of that:
 * the seal covers every word, the expiry too. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lease.h"

#define READS 20000000
#define WORDS 6 /* the last has the seal */
#define HASH  0x9e3779b97f4a7c15ULL

static volatile __u64 shared[WORDS];
static atomic_bool done;

/* One of two leases: of a gateway's MAC that is over, and of another's that is valid. */
static void fill(struct icmpx_lease *lease, int which)
{
	memset(lease, 0, sizeof(*lease));
	lease->expires = which ? 900000 : 1000;
	memset(lease->peer_mac, 2 + which, 6);
	memset(lease->local_mac, 9, 6);
	memset(lease->from_mac, 4 + which, 6);
	lease->max_len = which ? 1500 : 84;
	lease->ttl = 64 - which;
	lease->label_want = which;
	lease->seal = icmpx_seal_of(HASH, lease);
}

static void *write_in_turns(void *unused)
{
	struct icmpx_lease lease;
	__u64 words[2][WORDS];

	(void)unused;
	for (int i = 0; i < 2; i++) {
		fill(&lease, i);
		memcpy(words[i], &lease, sizeof(words[i]));
	}
	/* Also backwards: the order must not matter. */
	for (int n = 0; !done; n++)
		for (int i = 0; i < WORDS; i++) {
			int at = n & 2 ? WORDS - 1 - i : i;

			shared[at] = words[n & 1][at];
		}
	return NULL;
}

static void sealed_is_whole(void **state)
{
	struct icmpx_lease want[2], got;
	long whole = 0, torn = 0;
	bool mixed = false;
	pthread_t writer;

	(void)state;
	fill(&want[0], 0);
	fill(&want[1], 1);
	memset(&got, 0, sizeof(got));
	assert_int_equal(pthread_create(&writer, NULL, write_in_turns, NULL), 0);
	for (long i = 0; i < READS && !mixed; i++) {
		__u64 words[WORDS];

		for (int w = 0; w < WORDS; w++)
			words[w] = shared[w];
		memcpy(&got, words, sizeof(words));
		if (!got.seal || got.seal != icmpx_seal_of(HASH, &got)) {
			torn++;
			continue;
		}
		whole++;
		mixed = memcmp(&got, &want[0], sizeof(words)) &&
			memcmp(&got, &want[1], sizeof(words));
	}
	done = true;
	pthread_join(writer, NULL);
	printf("# %ld whole, %ld torn\n", whole, torn);
	assert_true(whole > 0);
	assert_false(mixed);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sealed_is_whole),
};

UNIT_MAIN(tests)
