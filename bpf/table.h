/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of leases: find, and for the learner, store. */
#ifndef ICMPX_TABLE_H
#define ICMPX_TABLE_H

#include "maps.h"
#include "parse.h"

/* Each word is loaded once: what was sealed is what is used. */
#define ONCE(x) (*(const volatile __typeof__(x) *)&(x))

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FIRST_WORD(dword)    ((__u32)(dword))
#define SECOND_WORD(dword)   ((__u32)((dword) >> 32))
#define DWORD(first, second) ((__u64)(first) | (__u64)(second) << 32)
#else
#define FIRST_WORD(dword)    ((__u32)((dword) >> 32))
#define SECOND_WORD(dword)   ((__u32)(dword))
#define DWORD(first, second) ((__u64)(first) << 32 | (__u64)(second))
#endif

/* Whether leases are for all peers, so that their keys have none. */
static __always_inline bool any_peer(void)
{
	return config.trust == ICMPX_TRUST_ADDRESS;
}

/* How long a lease has to go, in jiffies; false: it is over, or ended with all others, or further
 * off than a lease that is made now would end: one that was made with a longer --lease does not
 * outlive a replace by more. */
static __always_inline bool is_valid(__u64 expires, __u64 now, __u64 *left)
{
	*left = expires - now;
	return *left - 1 < config.lease && expires > epoch.floor;
}

/* A lease as it was found, in words. */
struct found {
	struct icmpx_lease *lease; /* the flow's, perhaps of another source MAC; NULL: has none */
	__u32 *asked;              /* its entry's */
	bool other;                /* but for another source MAC there is one */
	__u64 hash;
	__u64 expires;
	__u64 macs;        /* peer_mac, first two bytes of local_mac */
	__u64 tail;        /* the rest of it, tci */
	__u64 params;      /* max_len, ident, ttl, first two bytes of from_mac */
	__u64 rest;        /* the rest of it, label */
	__be32 label_want; /* IPv6 */
};

static __always_inline bool load_lease(struct icmpx_lease *lease, struct found *found)
{
	const __u64 *words = (const __u64 *)lease;
	__u64 sealed[5], want_seal = ONCE(words[5]);

	sealed[0] = found->expires = ONCE(words[0]);
	sealed[1] = found->macs = ONCE(words[1]);
	sealed[2] = found->tail = ONCE(words[2]);
	sealed[3] = found->params = ONCE(words[3]);
	sealed[4] = found->rest = ONCE(words[4]);
	found->label_want = FIRST_WORD(want_seal);
	return SECOND_WORD(want_seal) ==
	       icmpx_seal(icmpx_sum(found->hash, sealed, found->label_want));
}

static __always_inline __u16 found_max_len(const struct found *found)
{
	return FIRST_HALF(FIRST_WORD(found->params));
}

static __always_inline __u16 found_ident(const struct found *found)
{
	return SECOND_HALF(FIRST_WORD(found->params));
}

static __always_inline __u8 found_ttl(const struct found *found)
{
	return bpf_ntohs(FIRST_HALF(SECOND_WORD(found->params))) >> 8;
}

/* Whether a request whose frame has that source MAC is the lease's. */
static __always_inline bool found_is_from(const struct found *found, const void *mac)
{
	return SECOND_HALF(SECOND_WORD(found->params)) == get16(mac) &&
	       FIRST_WORD(found->rest) == get32(mac + 2);
}

/* A flow in words that are loaded and stored whole; its bytes are those of
 * struct icmpx_flow4 and icmpx_flow6. */
struct key4 {
	__u64 addrs;
	__u32 vlan;
};

struct key6 {
	__u64 addrs[4];
	__u32 vlan;
};

_Static_assert(offsetof(struct icmpx_entry4, flow) % 8 == 0, "its addresses are read as a word");
_Static_assert(offsetof(struct icmpx_entry6, flow) % 8 == 0, "as are these, as four");

/* Those of the requests, likewise. */
struct asked4 {
	__u64 addrs;
	__be32 id_seq;
};

struct asked6 {
	__u64 addrs[4];
	__be32 id_seq;
};

static __always_inline bool is_flow4(const struct icmpx_entry4 *entry, const struct key4 *key)
{
	return *(const __u64 *)&entry->flow.peer == key->addrs && entry->flow.vlan == key->vlan;
}

static __always_inline bool is_flow6(const struct icmpx_entry6 *entry, const struct key6 *key)
{
	const __u64 *words = (const __u64 *)entry->flow.peer;

	return words[0] == key->addrs[0] && words[1] == key->addrs[1] &&
	       words[2] == key->addrs[2] && words[3] == key->addrs[3] &&
	       entry->flow.vlan == key->vlan;
}

/* Generates find_v4() and find_v6(): the lease of a flow whose requests come from that MAC (NULL:
 * from any), sealed, maybe expired. False: there is none; found->lease is one of another MAC then,
 * or NULL. */
#define DEFINE_FIND(family)                                                                        \
	static __always_inline bool find_v##family(const struct key##family *key, const void *mac, \
						   struct found *found)                            \
	{                                                                                          \
		__u64 hash = icmpx_hash##family(config.multipliers, key->addrs, key->vlan);        \
		__u32 index = icmpx_set_of(hash);                                                  \
		struct icmpx_set##family *set = bpf_map_lookup_elem(&leases_v##family, &index);    \
                                                                                                   \
		found->hash = hash;                                                                \
		if (!set)                                                                          \
			return false;                                                              \
		_Pragma("unroll") for (int i = 0; i < ICMPX_WAYS; i++)                             \
		{                                                                                  \
			struct icmpx_entry##family *entry = &set->way[i];                          \
                                                                                                   \
			if (!is_flow##family(entry, key))                                          \
				continue;                                                          \
			if (mac && !mac_equal(entry->lease.from_mac, mac)) {                       \
				found->other = true;                                               \
				continue;                                                          \
			}                                                                          \
			found->lease = &entry->lease;                                              \
			found->asked = &entry->asked;                                              \
			return load_lease(&entry->lease, found);                                   \
		}                                                                                  \
		return false;                                                                      \
	}

DEFINE_FIND(4)
DEFINE_FIND(6)

#endif
