// SPDX-License-Identifier: GPL-2.0-only
/* events: the fast path's replies, a line each, until SIGTERM:
 * "4 ID SEQ SOURCE DESTINATION TTL BYTES NETNS IFINDEX". First how many
 * attachments are watched, silent and busy; last how many events were lost. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "echo_events.h"
#include "event.h"
#include "probes.h"

static int show(void *data, void *record, size_t size)
{
	const struct icmpx_event *event = record;
	const struct icmpx_packet *packet = &event->packet;
	int family = packet->family == 4 ? AF_INET : AF_INET6;
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];

	(void)data;
	if (size != sizeof(*event) || event->record != ICMPX_RECORD_EVENT ||
	    event->probe != ICMPX_TP_XDP_REPLY || packet->kind != ICMPX_KIND_REQUEST)
		return printf("not a reply\n") < 0;
	printf("%u %u %u %s %s %u %u %u %u\n", packet->family, ntohs(packet->id),
	       ntohs(packet->seq), inet_ntop(family, packet->source, source, sizeof(source)),
	       inet_ntop(family, packet->destination, destination, sizeof(destination)),
	       packet->ttl, packet->bytes, event->netns, event->ifindex);
	fflush(stdout);
	return 0;
}

static int fail(const char *what, int err)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-err));
	return 1;
}

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static int watch(struct echo_events *events, struct ring_buffer *ring)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	int err = 0;

	while (err >= 0 && !ended) {
		err = echo_events_renew(events);
		if (!err)
			err = ring_buffer__consume(ring);
		nanosleep(&pause, NULL);
	}
	return err < 0 ? fail("watch", err) : 0;
}

int main(void)
{
	struct echo_events_found found;
	struct echo_events *events;
	struct ring_buffer *ring;
	int err, status, map;

	err = echo_events_open(&events, &found);
	if (err)
		return fail("echo_events_open", err);
	signal(SIGTERM, end);
	map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "own", 0, 0, 4096, NULL);
	ring = map < 0 ? NULL : ring_buffer__new(map, show, NULL, NULL);
	if (!ring)
		return fail("ring_buffer__new", -1);
	err = echo_events_add(events, ring, show, NULL);
	if (!err)
		err = echo_events_renew(events);
	if (err)
		return fail("echo_events_add", err);
	printf("watched %zu silent %zu busy %zu\n", found.watched, found.silent, found.busy);
	fflush(stdout);
	status = watch(events, ring);
	printf("lost %llu\n", echo_events_lost(events));
	ring_buffer__free(ring);
	echo_events_close(events);
	return status;
}
