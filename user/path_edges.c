// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edges.h"
#include "edges-5.10.h"
#include "edges-6.1.h"
#include "edges-6.12.h"
#include "edges-6.18.h"
#include "edges-7.h"
#include "path_edges.h"
#include "trace.h"
#include "util.h"

/* X(id, major, minor): the series that there are measured edges of, the oldest first. */
#define ICMPX_EDGES_SERIES(X)                                                                      \
	X(5_10, 5, 10)                                                                             \
	X(6_1, 6, 1)                                                                               \
	X(6_12, 6, 12)                                                                             \
	X(6_18, 6, 18)                                                                             \
	X(7, 7, 0)

#define CHAIN_MAX   20
#define BETWEEN_MAX (CHAIN_MAX - 2)

struct chain {
	unsigned char family; /* 4, 6; 0: either */
	const char *names[CHAIN_MAX];
};

/* The same, looked up. */
struct links {
	struct call calls[CHAIN_MAX];
	size_t count;
};

struct pair {
	const struct call *caller, *callee; /* NULL: an empty slot */
	struct call *between;
	unsigned char family, count;
};

/* Open addressing, at most half full. */
struct pairs {
	struct pair *slots;
	size_t size, count;
};

struct edges {
	const char *kernel, *machine; /* NULL: the sources' word */
	unsigned int major, minor;
	const struct chain *chains;
	size_t chain_count;
	const char *const *hidden;
	size_t hidden_count;
	bool prepared, alike; /* alike: the kernel that was asked for last */
	struct links *links;
	struct pairs pairs;
	struct pairs unseen; /* no pairs of its functions: what cannot be seen between them */
};

static const struct chain source_chains[] = {
#define X(family, ...) {family, {__VA_ARGS__}},
	ICMPX_EDGES(X)
#undef X
};

#define SERIES_CHAIN(family, ...) {family, {__VA_ARGS__}},
#define SERIES_NAME(name)         name,
#define X(id, major, minor)                                                                        \
	static const struct chain chains_##id[] = {ICMPX_EDGES_##id(SERIES_CHAIN){}};              \
	static const char *const hidden_##id[] = {ICMPX_HIDDEN_##id(SERIES_NAME) NULL};
ICMPX_EDGES_SERIES(X)
#undef X

static struct edges source = {.chains = source_chains, .chain_count = ARRAY_SIZE(source_chains)};

static struct edges series[] = {
#define X(id, major, minor)                                                                        \
	{ICMPX_EDGES_##id##_KERNEL,                                                                \
	 ICMPX_EDGES_##id##_MACHINE,                                                               \
	 major,                                                                                    \
	 minor,                                                                                    \
	 chains_##id,                                                                              \
	 ARRAY_SIZE(chains_##id) - 1,                                                              \
	 hidden_##id,                                                                              \
	 ARRAY_SIZE(hidden_##id) - 1},
	ICMPX_EDGES_SERIES(X)
#undef X
};

/* --- pairs -------------------------------------------------------------------------- */

static size_t hash_call(const struct call *call)
{
	size_t hash = 5381;

	if (call->probe >= 0)
		return call->probe;
	for (const char *at = call->name; *at; at++)
		hash = hash * 33 + (unsigned char)*at;
	return hash;
}

/* The pair's slot, or the one where it belongs. */
static struct pair *pair_slot(const struct pairs *pairs, unsigned int family,
			      const struct call *caller, const struct call *callee)
{
	size_t at = (hash_call(caller) * 1021 + hash_call(callee)) * 2 + (family == 6);

	for (at %= pairs->size; pairs->slots[at].caller; at = (at + 1) % pairs->size)
		if (pairs->slots[at].family == family &&
		    call_same(pairs->slots[at].caller, caller) &&
		    call_same(pairs->slots[at].callee, callee))
			break;
	return &pairs->slots[at];
}

static void add_pair(struct pairs *pairs, unsigned int family, const struct call *caller,
		     const struct call *callee, const struct call *between, size_t count)
{
	struct pair *pair = pair_slot(pairs, family, caller, callee);

	if (pair->caller || pairs->count * 2 >= pairs->size)
		return;
	*pair = (struct pair){caller, callee, calloc(count + 1, sizeof(*between)), family, count};
	if (pair->between)
		memcpy(pair->between, between, count * sizeof(*between));
	else
		pair->count = 0;
	pairs->count++;
}

static const struct pair *find_pair(const struct pairs *pairs, unsigned int family,
				    const struct call *caller, const struct call *callee)
{
	const struct pair *pair = pairs->slots ? pair_slot(pairs, family, caller, callee) : NULL;

	return pair && pair->caller ? pair : NULL;
}

/* --- from chains -------------------------------------------------------------------- */

static void find_links(struct links *links, const struct chain *chain)
{
	while (links->count < CHAIN_MAX && chain->names[links->count]) {
		struct call *call = &links->calls[links->count];

		call->returned = *chain->names[links->count] == '-';
		call->name = chain->names[links->count] + call->returned;
		call->probe = trace_probe_lookup(call->name);
		links->count++;
	}
}

struct merge {
	const struct edges *edges;
	unsigned int family;
	struct call calls[BETWEEN_MAX];
	size_t count;
};

/* Whether the function cannot be seen under that name. */
static bool is_hidden(const struct edges *edges, const struct call *call)
{
	for (size_t i = 0; i < edges->hidden_count; i++)
		if (!strcmp(edges->hidden[i], call->name))
			return true;
	return false;
}

static void put(struct merge *merge, const struct call *call)
{
	if (merge->count < BETWEEN_MAX)
		merge->calls[merge->count++] = *call;
}

/* What was seen between two calls of which one calls the other, and the sources' word on what
 * cannot be seen. */
static void merge_returned(struct merge *merge, const struct call *caller,
			   const struct call *callee, const struct call *seen, size_t count)
{
	const struct pair *said = find_pair(&source.pairs, merge->family, caller, callee);
	size_t next = 0;

	for (size_t i = 0; said && i < said->count; i++) {
		size_t same = next;

		while (same < count && !call_same(&seen[same], &said->between[i]))
			same++;
		while (same < count && next <= same)
			put(merge, &seen[next++]);
		if (same == count && is_hidden(merge->edges, &said->between[i]))
			put(merge, &said->between[i]);
	}
	while (next < count)
		put(merge, &seen[next++]);
}

/* A chain that was seen, from its first call to its last one. */
static void add_seen(struct edges *edges, unsigned int family, const struct call *calls,
		     size_t count)
{
	struct merge merge = {.edges = edges, .family = family};
	size_t from = 0;

	for (size_t i = 1; i < count; i++) {
		if (calls[i].returned)
			continue;
		merge_returned(&merge, &calls[from], &calls[i], &calls[from + 1], i - from - 1);
		if (i + 1 < count)
			put(&merge, &calls[i]);
		from = i;
	}
	add_pair(&edges->pairs, family, &calls[0], &calls[count - 1], merge.calls, merge.count);
}

static void add_said(struct edges *edges, unsigned int family, const struct call *calls,
		     size_t count)
{
	add_pair(&edges->pairs, family, &calls[0], &calls[count - 1], calls + 1, count - 2);
}

/* All of the sources' word that was not contradicted: what cannot be seen. */
static void add_unseen(struct edges *edges)
{
	for (size_t i = 0; i < source.pairs.size; i++) {
		const struct pair *pair = &source.pairs.slots[i];
		struct merge merge = {};

		for (size_t j = 0; pair->caller && j < pair->count; j++)
			if (is_hidden(edges, &pair->between[j]))
				put(&merge, &pair->between[j]);
		if (pair->caller)
			add_pair(&edges->unseen, pair->family, pair->caller, pair->callee,
				 merge.calls, merge.count);
	}
}

/* Any two of a chain; `whole`: its ends. */
static void each_two(struct edges *edges, bool whole,
		     void (*add)(struct edges *edges, unsigned int family, const struct call *calls,
				 size_t count))
{
	for (size_t i = 0; i < edges->chain_count; i++) {
		const struct links *links = &edges->links[i];
		unsigned int family = edges->chains[i].family;

		for (size_t from = 0; from + 1 < links->count; from++) {
			for (size_t to = from + 1; to < links->count; to++) {
				if (links->calls[from].returned || links->calls[to].returned ||
				    (whole && (from || to + 1 < links->count)))
					continue;
				if (family != 6)
					add(edges, 4, &links->calls[from], to - from + 1);
				if (family != 4)
					add(edges, 6, &links->calls[from], to - from + 1);
			}
		}
	}
}

static void prepare(struct edges *edges)
{
	size_t pairs = source.pairs.count;

	edges->prepared = true;
	edges->links = calloc(edges->chain_count + 1, sizeof(*edges->links));
	if (!edges->links)
		return;
	for (size_t i = 0; i < edges->chain_count; i++) {
		find_links(&edges->links[i], &edges->chains[i]);
		pairs += edges->links[i].count * edges->links[i].count;
	}
	edges->pairs.size = 2 * pairs + 1;
	edges->pairs.slots = calloc(edges->pairs.size, sizeof(*edges->pairs.slots));
	if (!edges->pairs.slots)
		return;
	if (!edges->kernel) {
		each_two(edges, false, add_said);
		return;
	}
	edges->unseen.size = 2 * source.pairs.count + 1;
	edges->unseen.slots = calloc(edges->unseen.size, sizeof(*edges->unseen.slots));
	/* What is said of two alone is said before what a longer chain says of them. */
	each_two(edges, true, add_seen);
	each_two(edges, false, add_seen);
	if (edges->unseen.slots)
		add_unseen(edges);
}

/* --- which -------------------------------------------------------------------------- */

static bool read_release(const char *release, unsigned int *major, unsigned int *minor)
{
	return sscanf(release, "%u.%u", major, minor) == 2;
}

/* Of the same series, but configured and compiled by somebody else, another function may be
 * inlined, and then nothing was measured: "6.12.117+deb13-cloud-amd64", "6.12.9-200.fc41.x86_64".
 */
static bool is_alike(const struct edges *edges, const char *release)
{
	const char *measured = strrchr(edges->kernel, '-'), *other = strrchr(release, '-');

	return edges_fit(edges, release) && measured && other && !strcmp(measured, other);
}

const struct edges *edges_of(const char *release)
{
	struct edges *edges = &series[0];
	unsigned int major, minor;

	if (!read_release(release, &major, &minor))
		return NULL;
	for (size_t i = 1; i < ARRAY_SIZE(series); i++)
		if (series[i].major < major ||
		    (series[i].major == major && series[i].minor <= minor))
			edges = &series[i];
	if (!source.prepared)
		prepare(&source);
	if (!edges->prepared)
		prepare(edges);
	edges->alike = is_alike(edges, release);
	return edges;
}

const char *edges_kernel(const struct edges *edges)
{
	return edges ? edges->kernel : NULL;
}

const char *edges_machine(const struct edges *edges)
{
	return edges ? edges->machine : NULL;
}

bool edges_fit(const struct edges *edges, const char *release)
{
	unsigned int major, minor;

	/* A whole major version without a minor one is a series too. */
	return edges && read_release(release, &major, &minor) && edges->major == major &&
	       (!edges->minor || edges->minor == minor);
}

size_t edges_between(const struct edges *edges, unsigned int family, const struct call *caller,
		     const struct call *callee, const struct call **between)
{
	const struct pair *pair = NULL;

	if (!source.prepared)
		prepare(&source);
	if (edges)
		pair = find_pair(&edges->pairs, family, caller, callee);
	if (!pair)
		pair = find_pair(edges && edges->alike ? &edges->unseen : &source.pairs, family,
				 caller, callee);
	*between = pair ? pair->between : NULL;
	return pair ? pair->count : 0;
}
