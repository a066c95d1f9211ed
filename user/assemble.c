// SPDX-License-Identifier: GPL-2.0-only
#include "assemble_open.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MS 1000000ULL
#define S  1000000000ULL

#define ICMP_ECHO_REQUEST   8
#define ICMPV6_ECHO_REQUEST 128

/* Above this a recycled ping gives its memory back, else those few that had many hops would
 * make all that are ever open as large. */
#define KEEP_CAPACITY 64

/* --- open pings --- */

static void make_request(struct icmpx_packet *request, const struct icmpx_packet *seen)
{
	*request = *seen;
	if (is_outward(seen))
		return;
	*request = (struct icmpx_packet){
		.family = seen->family,
		.kind = ICMPX_KIND_REQUEST,
		.protocol = seen->protocol,
		.id = seen->id,
		.seq = seen->seq,
	};
	for (int i = 0; i < 16; i++) {
		bool turned = seen->kind == ICMPX_KIND_REPLY;

		request->source[i] = turned ? seen->destination[i] : seen->source[i];
		request->destination[i] = turned ? seen->source[i] : seen->destination[i];
	}
	if (seen->kind == ICMPX_KIND_REPLY)
		request->bytes = seen->bytes;
	if (seen->protocol == IPPROTO_UDP)
		request->kind = ICMPX_KIND_UDP;
	else
		request->type = seen->family == 4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST;
}

static struct open_ping *take_spare(struct assembler *assembler)
{
	struct open_ping *open = TAILQ_FIRST(&assembler->spare);
	struct hop *hops;
	__u32 capacity;

	if (!open)
		return calloc(1, sizeof(*open));
	TAILQ_REMOVE(&assembler->spare, open, by_age);
	hops = open->ping.hops;
	capacity = open->capacity;
	if (capacity > KEEP_CAPACITY) {
		free(hops);
		hops = NULL;
		capacity = 0;
	}
	*open = (struct open_ping){.ping.hops = hops, .capacity = capacity};
	return open;
}

/* One that has ended goes before its silence is over; else the oldest, unfinished. */
static void make_room(struct assembler *assembler)
{
	struct open_ping *ended = TAILQ_FIRST(&assembler->silent[WAIT_LINGER]);

	if (ended)
		open_ping_close(assembler, ended, false);
	else
		open_ping_close(assembler, TAILQ_FIRST(&assembler->by_age), true);
}

struct open_ping *open_ping_new(struct assembler *assembler, const struct icmpx_event *event)
{
	struct open_ping *open;

	if (assembler->open_count >= assembler->options.max_open)
		make_room(assembler);
	open = take_spare(assembler);
	if (!open)
		return NULL;
	make_request(&open->ping.packet, &event->packet);
	open->serial = ++assembler->serial;
	open->lost_before = is_beginning(event) ? assembler->lost_before : assembler->lost_long_ago;
	open->active = assembler->now;
	open->wait = WAIT_REPLY;
	open->alias.identity = identity_of(&event->packet);
	open->alias.ping = open;
	open->aliases = &open->alias;
	LIST_INIT(&open->pointers);
	identity_add(&assembler->identities, &open->alias);
	TAILQ_INSERT_TAIL(&assembler->by_age, open, by_age);
	TAILQ_INSERT_TAIL(&assembler->silent[open->wait], open, by_silence);
	assembler->open_count++;
	return open;
}

static void unlink_ping(struct assembler *assembler, struct open_ping *open)
{
	struct pointer *pointer;

	TAILQ_REMOVE(&assembler->by_age, open, by_age);
	TAILQ_REMOVE(&assembler->silent[open->wait], open, by_silence);
	assembler->open_count--;
	while ((pointer = LIST_FIRST(&open->pointers)))
		pointer_drop(assembler, pointer);
	while (open->aliases) {
		struct alias *alias = open->aliases;

		open->aliases = alias->next;
		identity_remove(&assembler->identities, alias);
		if (alias != &open->alias)
			free(alias);
	}
	open->serial = 0;
}

struct recent *recent_find(const struct assembler *assembler, const struct identity *identity)
{
	struct recent *set =
		&assembler->recent[identity_hash(identity) % (RECENT / RECENT_WAYS) * RECENT_WAYS];
	struct recent *oldest = set;

	for (int i = 0; i < RECENT_WAYS; i++) {
		if (set[i].time && !memcmp(&set[i].identity, identity, sizeof(*identity)))
			return &set[i];
		if (set[i].time < oldest->time)
			oldest = &set[i];
	}
	return oldest;
}

static void keep_recent(struct assembler *assembler, const struct identity *identity)
{
	struct recent *recent = recent_find(assembler, identity);

	recent->identity = *identity;
	recent->time = assembler->now;
}

void open_ping_close(struct assembler *assembler, struct open_ping *open, bool pushed_out)
{
	struct assemble_counts *counts = &assembler->counts;

	if (open->ping.packet.protocol != IPPROTO_UDP)
		keep_recent(assembler, &open->alias.identity);
	unlink_ping(assembler, open);
	open->ping.lost = counts->lost - open->lost_before;
	open_ping_finish(open, pushed_out, assembler->options.max_hops);
	open->ping.number = ++counts->pings;
	counts->ends[open->ping.end]++;
	counts->pushed_out += pushed_out;
	assembler->done(assembler->data, &open->ping);
	TAILQ_INSERT_HEAD(&assembler->spare, open, by_age);
}

/* Hands on what has been silent long enough at `now`. */
static void expire(struct assembler *assembler, __u64 now)
{
	for (int i = 0; i < WAIT_MAX; i++) {
		struct open_ping *open;

		while ((open = TAILQ_FIRST(&assembler->silent[i])) && now > open->active &&
		       now - open->active >= assembler->wait[i])
			open_ping_close(assembler, open, false);
	}
}

/* --- events --- */

static struct cpu *cpu_of(struct assembler *assembler, __u16 number)
{
	size_t count = (size_t)number + 1;
	struct cpu *cpus;

	if (count <= assembler->cpu_count)
		return &assembler->cpus[number];
	cpus = reallocarray(assembler->cpus, count, sizeof(*cpus));
	if (!cpus)
		return NULL;
	for (size_t i = assembler->cpu_count; i < count; i++)
		cpus[i] = (struct cpu){};
	assembler->cpus = cpus;
	assembler->cpu_count = count;
	return &cpus[number];
}

static int add_to_ping(struct assembler *assembler, struct cpu *cpu, struct open_ping *open,
		       const struct icmpx_event *event, bool late)
{
	enum wait before = open->wait;
	int err = open_ping_add(assembler, open, event, late);

	if (err)
		return err;
	TAILQ_REMOVE(&assembler->silent[before], open, by_silence);
	TAILQ_INSERT_TAIL(&assembler->silent[open->wait], open, by_silence);
	open->active = assembler->now;
	if (!late)
		wait_watch(assembler, cpu, open, event);
	if (event->skb && !late) {
		cpu->current = open;
		cpu->serial = open->serial;
	}
	return 0;
}

static int process(struct assembler *assembler, struct icmpx_event *event, bool late)
{
	struct cpu *cpu = cpu_of(assembler, event->cpu);
	struct open_ping *open = NULL;
	int err = 0;

	if (!cpu)
		return -ENOMEM;
	assembler->lost_before = assembler->counts.lost;
	if (event->time - assembler->lost_marked > S) {
		assembler->lost_marked = event->time;
		assembler->lost_long_ago = assembler->lost_lately;
		assembler->lost_lately = assembler->counts.lost;
	}
	if (event->lost > cpu->lost) {
		assembler->counts.lost += event->lost - cpu->lost;
		cpu->lost = event->lost;
	}
	if (!late && event->time > assembler->now)
		assembler->now = event->time;
	if (event->packet.kind < ICMPX_KIND_MAX)
		err = join_event(assembler, event, late, &open);
	if (!err && open)
		err = add_to_ping(assembler, cpu, open, event, late);
	if (err)
		return err;
	assembler->counts.events++;
	assembler->counts.orphans += !open;
	assembler->counts.late += late && !is_remembered(event);
	if (!late)
		pointers_forget(assembler, event);
	return 0;
}

static void process_counting(struct assembler *assembler, struct icmpx_event *event, bool late)
{
	int err = process(assembler, event, late);

	if (!err)
		return;
	assembler->counts.lost++;
	assembler->error = err;
}

/* In order, what happened until then. */
static void release(struct assembler *assembler, __u64 until)
{
	struct icmpx_event event;

	while (reorder_pop(&assembler->reorder, until, &event)) {
		expire(assembler, event.time);
		process_counting(assembler, &event, false);
	}
	if (until > assembler->sorted)
		assembler->sorted = until;
	if (assembler->now < assembler->sorted && assembler->sorted != ~0ULL)
		assembler->now = assembler->sorted;
	expire(assembler, assembler->now);
}

static void advance(struct assembler *assembler, __u64 time)
{
	if (time > assembler->newest)
		assembler->newest = time;
	if (assembler->newest > assembler->options.reorder)
		release(assembler, assembler->newest - assembler->options.reorder);
}

int assembler_event(struct assembler *assembler, const struct icmpx_event *event)
{
	struct icmpx_event oldest;

	assembler->error = 0;
	if (event->time < assembler->sorted) {
		oldest = *event;
		process_counting(assembler, &oldest, true);
		return assembler->error;
	}
	if (assembler->reorder.count >= REORDER_MAX &&
	    reorder_pop(&assembler->reorder, ~0ULL, &oldest)) {
		assembler->sorted = oldest.time;
		process_counting(assembler, &oldest, false);
	}
	if (reorder_push(&assembler->reorder, event)) {
		assembler->counts.lost++;
		return -ENOMEM;
	}
	advance(assembler, event->time);
	return assembler->error;
}

void assembler_tick(struct assembler *assembler, __u64 now)
{
	advance(assembler, now);
}

void assembler_lost(struct assembler *assembler, __u64 total)
{
	if (total > assembler->counts.lost)
		assembler->counts.lost = total;
}

void assembler_flush(struct assembler *assembler)
{
	struct open_ping *open;

	release(assembler, ~0ULL);
	assembler->sorted = assembler->now;
	while ((open = TAILQ_FIRST(&assembler->by_age)))
		open_ping_close(assembler, open, false);
}

const struct assemble_counts *assembler_counts(const struct assembler *assembler)
{
	return &assembler->counts;
}

/* --- the whole --- */

static void set_options(struct assembler *assembler, const struct assemble_options *options)
{
	struct assemble_options *own = &assembler->options;

	if (options)
		*own = *options;
	if (!own->reorder)
		own->reorder = 2 * MS;
	if (!own->linger)
		own->linger = 10 * MS;
	if (!own->timeout)
		own->timeout = 10 * S;
	if (!own->max_open)
		own->max_open = 8192;
	if (!own->max_hops)
		own->max_hops = 256;
	wait_begin(assembler);
}

struct assembler *assembler_new(const struct assemble_options *options,
				void (*done)(void *data, const struct ping *ping), void *data)
{
	_cleanup_(assembler) struct assembler *assembler = calloc(1, sizeof(*assembler));
	struct assembler *made = assembler;

	if (!assembler)
		return NULL;
	set_options(assembler, options);
	assembler->done = done;
	assembler->data = data;
	LIST_INIT(&assembler->spare_pointers);
	TAILQ_INIT(&assembler->by_age);
	TAILQ_INIT(&assembler->spare);
	for (int i = 0; i < WAIT_MAX; i++)
		TAILQ_INIT(&assembler->silent[i]);
	assembler->recent = calloc(RECENT, sizeof(*assembler->recent));
	if (!assembler->recent ||
	    identity_table_init(&assembler->identities, 2 * (size_t)assembler->options.max_open) ||
	    pointer_table_init(&assembler->skbs, 4 * (size_t)assembler->options.max_open) ||
	    pointer_table_init(&assembler->heads, 4 * (size_t)assembler->options.max_open))
		return NULL;
	assembler = NULL;
	return made;
}

static void free_pings(struct ping_queue *queue)
{
	struct open_ping *open;

	while ((open = TAILQ_FIRST(queue))) {
		TAILQ_REMOVE(queue, open, by_age);
		free(open->ping.hops);
		free(open);
	}
}

void assembler_free(struct assembler *assembler)
{
	struct pointer *pointer;
	struct open_ping *open;

	if (!assembler)
		return;
	while ((open = TAILQ_FIRST(&assembler->by_age))) {
		unlink_ping(assembler, open);
		TAILQ_INSERT_HEAD(&assembler->spare, open, by_age);
	}
	free_pings(&assembler->spare);
	while ((pointer = LIST_FIRST(&assembler->spare_pointers))) {
		LIST_REMOVE(pointer, of_ping);
		free(pointer);
	}
	free(assembler->recent);
	free(assembler->identities.buckets);
	free(assembler->skbs.buckets);
	free(assembler->heads.buckets);
	reorder_free(&assembler->reorder);
	free(assembler->cpus);
	free(assembler);
}
