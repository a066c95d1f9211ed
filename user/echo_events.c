// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>

#include "config.h"
#include "echo_events.h"
#include "kernel.h"
#include "pins.h"
#include "util.h"
#include "xdp.h"

#define EMIT_SECONDS 2

/* One attachment. */
struct source {
	int lock, ring;
	struct icmpx_watch *watch; /* the programs' own */
	__u64 lost;                /* before the opening */
	__u32 hz;
};

struct echo_events {
	size_t count;
	struct source sources[];
};

static void emit_until(struct source *source, __u64 until)
{
	__atomic_store_n(&source->watch->until, until, __ATOMIC_RELAXED);
}

static __u64 lost_of(const struct source *source)
{
	return __atomic_load_n(&source->watch->lost, __ATOMIC_RELAXED) - source->lost;
}

static void source_close(struct source *source)
{
	if (source->watch) {
		emit_until(source, 0);
		munmap(source->watch, sizeof(*source->watch));
	}
	close_cleanup(&source->ring);
	close_cleanup(&source->lock);
}

static int lock(const struct pin_dir *dir)
{
	int fd = pins_open(dir);
	int err;

	if (fd < 0)
		return fd;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static int map_watch(struct source *source, const struct pin_dir *dir)
{
	_cleanup_(close) int fd = pins_get(dir, PIN_WATCH);
	void *watch;

	if (fd < 0)
		return fd;
	watch = mmap(NULL, sizeof(*source->watch), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (watch == MAP_FAILED)
		return -errno;
	source->watch = watch;
	source->lost = source->watch->lost;
	emit_until(source, 0);
	return 0;
}

static int discard(void *data, void *event, size_t size)
{
	(void)data;
	(void)event;
	(void)size;
	return 0;
}

/* What the last tracer has left in the ring is none of ours. */
static int drain(const struct source *source)
{
	struct ring_buffer *ring = ring_buffer__new(source->ring, discard, NULL, NULL);
	int err;

	if (!ring)
		return -errno;
	err = ring_buffer__consume(ring);
	ring_buffer__free(ring);
	return err < 0 ? err : 0;
}

/* 0; -ENOENT: it has none; -EWOULDBLOCK: another tracer's. */
static int source_open(struct source *source, const struct attachment *a)
{
	int err;

	*source = (struct source){.lock = -1, .ring = -1, .hz = a->config.hz};
	source->ring = pins_get(&a->dir, PIN_EVENTS);
	err = source->ring < 0 ? source->ring : 0;
	if (!err) {
		source->lock = lock(&a->dir);
		err = source->lock < 0 ? source->lock : 0;
	}
	if (!err)
		err = map_watch(source, &a->dir);
	if (!err)
		err = drain(source);
	if (err)
		source_close(source);
	return err;
}

static int open_all(struct echo_events *events, const struct attachment *list, size_t count,
		    struct echo_events_found *found)
{
	for (size_t i = 0; i < count; i++) {
		int err;

		if (list[i].state == STATE_STALE)
			continue;
		err = list[i].has_config ? source_open(&events->sources[events->count], &list[i])
					 : -ENOENT;
		if (!err)
			found->watched = ++events->count;
		else if (err == -ENOENT)
			found->silent++;
		else if (err == -EWOULDBLOCK)
			found->busy++;
		else
			return err;
	}
	return 0;
}

int echo_events_open(struct echo_events **events, struct echo_events_found *found)
{
	_cleanup_(free) struct attachment *list = NULL;
	struct echo_events *opened;
	size_t count;
	int err = xdp_list(&list, &count);

	if (err)
		return err;
	opened = calloc(1, sizeof(*opened) + count * sizeof(*opened->sources));
	if (!opened)
		return -ENOMEM;
	*found = (struct echo_events_found){};
	err = open_all(opened, list, count, found);
	if (err) {
		echo_events_close(opened);
		return err;
	}
	*events = opened;
	return 0;
}

int echo_events_add(const struct echo_events *events, struct ring_buffer *ring,
		    ring_buffer_sample_fn callback, void *data)
{
	int err = 0;

	for (size_t i = 0; i < events->count && !err; i++)
		err = ring_buffer__add(ring, events->sources[i].ring, callback, data);
	return err;
}

int echo_events_renew(struct echo_events *events)
{
	__u64 now = 0;
	int err = events && events->count ? kernel_jiffies(&now) : 0;

	for (size_t i = 0; events && i < events->count && !err; i++)
		emit_until(&events->sources[i], now + EMIT_SECONDS * events->sources[i].hz);
	return err;
}

__u64 echo_events_lost(const struct echo_events *events)
{
	__u64 lost = 0;

	for (size_t i = 0; events && i < events->count; i++)
		lost += lost_of(&events->sources[i]);
	return lost;
}

void echo_events_close(struct echo_events *events)
{
	for (size_t i = 0; events && i < events->count; i++)
		source_close(&events->sources[i]);
	free(events);
}
