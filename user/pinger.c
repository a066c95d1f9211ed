// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>
#include <sys/random.h>
#include <unistd.h>

#include "inet_checksum.h"
#include "pinger.h"
#include "pinger_state.h"

#define NS_PER_S 1000000000ULL

/* The kernel turns its receive stamps on with a delay when the first socket wants them. */
#define SETTLE_NS 5000000ULL

DEFINE_CLEANUP(pinger, struct pinger *, pinger_close)

struct flight *pinger_flight(const struct pinger *pinger, __be16 seq)
{
	return &pinger->flights[ntohs(seq)];
}

void pinger_settle(struct pinger *pinger, struct flight *flight, enum flight_state state)
{
	pinger->open -= flight->state == FLIGHT_OPEN;
	flight->state = state;
	pinger->open += state == FLIGHT_OPEN;
}

void pinger_emit(const struct pinger *pinger, const struct pinger_run *run, enum icmpx_probe probe,
		 __u64 time, const struct icmpx_packet *packet, __u64 error)
{
	int cpu = sched_getcpu();
	struct icmpx_event event = {
		.record = ICMPX_RECORD_EVENT,
		.probe = probe,
		.cpu = cpu < 0 ? 0 : cpu,
		.time = time,
		.tgid = getpid(),
		.tid = gettid(),
		.netns = pinger->netns,
		.syscall = -1,
		.packet = *packet,
	};

	if (pinger->size >= PINGER_COOKIE)
		memcpy(&event.cookie, pinger->message + PINGER_HEADER, sizeof(event.cookie));
	if (probe == ICMPX_TP_ERROR_REPORT) {
		event.detail[0] = error;
		event.detail[1] = (__u64)(pinger->raw ? SOCK_RAW : SOCK_DGRAM) << 16 |
				  pinger->request.protocol;
	}
	run->event(run->data, &event);
}

/* A message whose bytes 0 to 7 behind the header are random, the rest counts up. */
static int make_message(struct pinger *pinger)
{
	size_t size = PINGER_HEADER + pinger->size;
	unsigned char *data;

	pinger->message = calloc(1, size);
	if (!pinger->message)
		return -ENOMEM;
	data = pinger->message + PINGER_HEADER;
	for (size_t i = 0; i < pinger->size; i++)
		data[i] = i;
	if (pinger->size >= PINGER_COOKIE && getrandom(data, PINGER_COOKIE, 0) != PINGER_COOKIE)
		return -EIO;
	pinger->message[0] = pinger->request.type;
	memcpy(pinger->message + 4, &pinger->request.id, 2);
	return 0;
}

int pinger_open(const struct pinger_options *options, struct pinger **out, char *why, size_t size)
{
	_cleanup_(pinger) struct pinger *pinger = calloc(1, sizeof(*pinger));
	int err;

	if (!pinger)
		goto no_memory;
	pinger->fd = -1;
	pinger->count = options->count;
	pinger->size = options->size;
	pinger->interval = options->interval;
	pinger->wait = options->wait;
	err = pinger_socket_open(pinger, options, why, size);
	if (err)
		return err;
	pinger->flights = calloc(PINGER_FLIGHTS, sizeof(*pinger->flights));
	pinger->buffer = malloc(PINGER_BUFFER);
	if (!pinger->flights || !pinger->buffer)
		goto no_memory;
	err = make_message(pinger);
	if (err) {
		snprintf(why, size, "cannot make a message: %s", strerror(-err));
		return err;
	}
	pinger->due = clock_now() + SETTLE_NS;
	*out = pinger;
	pinger = NULL;
	return 0;
no_memory:
	snprintf(why, size, "out of memory");
	return -ENOMEM;
}

void pinger_close(struct pinger *pinger)
{
	if (!pinger)
		return;
	if (pinger->fd >= 0)
		close(pinger->fd);
	free(pinger->flights);
	free(pinger->message);
	free(pinger->buffer);
	free(pinger);
}

/* ICMPv6 and ping sockets' checksums are the kernel's work. */
static void number_message(struct pinger *pinger, __be16 seq)
{
	__u16 sum = 0;

	memcpy(pinger->message + 6, &seq, 2);
	memcpy(pinger->message + 2, &sum, 2);
	if (!pinger_is_v4(pinger) || !pinger->raw)
		return;
	sum = inet_checksum(pinger->message, PINGER_HEADER + pinger->size);
	memcpy(pinger->message + 2, &sum, 2);
}

/* 0, or a negative errno; *time: right before it was sent. */
static int send_message(struct pinger *pinger, __u64 *time)
{
	size_t size = PINGER_HEADER + pinger->size;
	int err = 0;

	/* The first try may fail for an ICMP error about an earlier one: that clears it. */
	for (int try = 0; try < 2; try++) {
		*time = clock_now();
		if (send(pinger->fd, pinger->message, size, MSG_DONTWAIT) >= 0)
			return 0;
		err = -errno;
		/* A failure uses up a stamp id on some kernels: 0 again, for the retry or,
		 * after that, the next request. */
		pinger_socket_restamp(pinger->fd);
		pinger->stamped = pinger->attempts + try;
	}
	return err;
}

static void send_request(struct pinger *pinger, struct pinger_run *run)
{
	struct icmpx_packet packet = pinger->request;
	struct flight *flight;
	__u64 time;
	int err;

	packet.seq = htons(pinger->attempts + 1);
	flight = pinger_flight(pinger, packet.seq);
	number_message(pinger, packet.seq);
	err = send_message(pinger, &time);
	pinger->attempts++;
	pinger->last = flight->time = time;
	pinger_settle(pinger, flight, err ? FLIGHT_FAILED : FLIGHT_OPEN);
	pinger_emit(pinger, run, ICMPX_TP_USER_SEND, time, &packet, 0);
	if (!err) {
		pinger->counts.sent++;
		return;
	}
	pinger->counts.errors++;
	pinger_emit(pinger, run, ICMPX_TP_ERROR_REPORT, clock_now(), &packet, -err);
}

static bool all_sent(const struct pinger *pinger)
{
	return pinger->count && pinger->attempts >= pinger->count;
}

int pinger_run(struct pinger *pinger, void (*event)(void *data, const struct icmpx_event *event),
	       void *data, __u64 *next)
{
	struct pinger_run run = {.event = event, .data = data};
	__u64 now;

	/* Stamps before the replies that they lead to, and those that came meanwhile. */
	pinger_take_errors(pinger, &run);
	pinger_take_replies(pinger, &run);
	pinger_take_errors(pinger, &run);

	now = clock_now();
	if (!all_sent(pinger) && now >= pinger->due) {
		if (!pinger->attempts) /* opened long ago: probes had to be loaded */
			pinger->due = now;
		send_request(pinger, &run);
		pinger->due += pinger->interval;
		if (pinger->due < now) /* stopped for a while: no burst */
			pinger->due = now;
	}
	*next = pinger->due;
	if (!all_sent(pinger))
		return 0;
	*next = pinger->last + pinger->wait;
	return !pinger->open || now >= *next;
}

int pinger_fd(const struct pinger *pinger)
{
	return pinger->fd;
}

bool pinger_is_raw(const struct pinger *pinger)
{
	return pinger->raw;
}

void pinger_address(const struct pinger *pinger, struct icmpx_packet *packet)
{
	*packet = pinger->request;
}

const struct pinger_counts *pinger_counts(const struct pinger *pinger)
{
	return &pinger->counts;
}
