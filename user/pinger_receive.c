// SPDX-License-Identifier: GPL-2.0-only
/* What comes to a pinger's socket: replies with their stamp, and on its error queue the
 * requests' stamps and ICMP errors. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>

#include "inet_checksum.h"
#include "pinger_state.h"

#define NS_PER_S 1000000000LL

#define BATCH 256 /* messages a run: others want their turn */

/* How far the clocks may have been misread, or have been slewed since the stamp. */
#define SLACK_NS 1000000

/* A message and what came with it. */
struct received {
	__u64 time; /* right after it was received */
	size_t size;
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} from;
	int ttl;     /* 0: unknown */
	__s64 stamp; /* CLOCK_REALTIME, ns; 0: none */
	bool has_error;
	struct sock_extended_err error;
	__u8 offender[16];
};

/* CLOCK_REALTIME - CLOCK_MONOTONIC, by the reading that was interrupted least. Each run
 * anew, since the former can be set. */
static __s64 clock_offset(struct pinger_run *run)
{
	__s64 best = INT64_MAX;

	for (int i = 0; i < 5 && !run->has_offset; i++) {
		__s64 before = clock_read(CLOCK_MONOTONIC);
		__s64 real = clock_read(CLOCK_REALTIME);
		__s64 took = clock_read(CLOCK_MONOTONIC) - before;

		if (took < best) {
			best = took;
			run->offset = real - (before + took / 2);
		}
	}
	run->has_offset = true;
	return run->offset;
}

/* A stamp between two times that it must be between; if it is not nearly, the clock was
 * set meanwhile and it says nothing. */
static void emit_stamp(const struct pinger *pinger, struct pinger_run *run, enum icmpx_probe probe,
		       const struct received *message, __u64 from,
		       const struct icmpx_packet *packet)
{
	__u64 time;

	if (!message->stamp)
		return;
	time = message->stamp - clock_offset(run);
	if (time + SLACK_NS < from || time > message->time + SLACK_NS)
		return;
	if (time < from)
		time = from;
	else if (time > message->time)
		time = message->time;
	pinger_emit(pinger, run, probe, time, packet, 0);
}

static void read_error(struct received *message, const struct cmsghdr *control)
{
	size_t size = control->cmsg_len - CMSG_LEN(0);
	struct {
		struct sock_extended_err error;
		union {
			struct sockaddr_in v4;
			struct sockaddr_in6 v6;
		} offender;
	} from = {};

	if (size < sizeof(from.error))
		return;
	memcpy(&from, CMSG_DATA(control), size < sizeof(from) ? size : sizeof(from));
	message->has_error = true;
	message->error = from.error;
	if (from.offender.v4.sin_family == AF_INET)
		memcpy(message->offender, &from.offender.v4.sin_addr, 4);
	else if (from.offender.v4.sin_family == AF_INET6)
		memcpy(message->offender, &from.offender.v6.sin6_addr, 16);
}

static void read_control(struct received *message, const struct cmsghdr *control)
{
	struct scm_timestamping stamps;

	switch (control->cmsg_level) {
	case SOL_SOCKET:
		if (control->cmsg_type != SCM_TIMESTAMPING)
			return;
		memcpy(&stamps, CMSG_DATA(control), sizeof(stamps));
		message->stamp = stamps.ts[0].tv_sec * NS_PER_S + stamps.ts[0].tv_nsec;
		return;
	case IPPROTO_IP:
		if (control->cmsg_type == IP_RECVERR)
			read_error(message, control);
		else if (control->cmsg_type == IP_TTL)
			memcpy(&message->ttl, CMSG_DATA(control), sizeof(message->ttl));
		return;
	case IPPROTO_IPV6:
		if (control->cmsg_type == IPV6_RECVERR)
			read_error(message, control);
		else if (control->cmsg_type == IPV6_HOPLIMIT)
			memcpy(&message->ttl, CMSG_DATA(control), sizeof(message->ttl));
		return;
	}
}

/* 1, 0 when there is none, or -1: an error that was pending, whose message is another one. */
static int receive(const struct pinger *pinger, int flags, struct received *message)
{
	_Alignas(struct cmsghdr) char control[512];
	struct iovec buffer = {.iov_base = pinger->buffer, .iov_len = PINGER_BUFFER};
	struct msghdr header = {
		.msg_name = &message->from,
		.msg_namelen = sizeof(message->from),
		.msg_iov = &buffer,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t size;

	memset(message, 0, sizeof(*message));
	size = recvmsg(pinger->fd, &header, flags | MSG_DONTWAIT);
	message->time = clock_now();
	if (size < 0)
		return errno == EAGAIN ? 0 : -1;
	message->size = size;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at; at = CMSG_NXTHDR(&header, at))
		read_control(message, at);
	return 1;
}

static void turn_round(struct icmpx_packet *packet, const struct icmpx_packet *request)
{
	*packet = *request;
	memcpy(packet->source, request->destination, sizeof(packet->source));
	memcpy(packet->destination, request->source, sizeof(packet->destination));
	packet->kind = ICMPX_KIND_REPLY;
}

static bool is_from_peer(const struct pinger *pinger, const struct received *message)
{
	if (pinger_is_v4(pinger))
		return !memcmp(&message->from.v4.sin_addr, pinger->request.destination, 4);
	return !memcmp(&message->from.v6.sin6_addr, pinger->request.destination, 16);
}

/* The ICMP message in what a raw IPv4 socket gives; NULL: it is none that counts. */
static const unsigned char *skip_ip(const unsigned char *data, size_t *size,
				    struct icmpx_packet *packet)
{
	size_t skip = *size ? (data[0] & 15) * 4 : 0;
	__be16 id;

	if (skip < 20 || *size < skip)
		return NULL;
	memcpy(&id, data + 4, 2);
	packet->ip_id = id;
	*size -= skip;
	/* A raw socket gets it before the kernel has looked at the checksum. */
	return inet_checksum(data + skip, *size) ? NULL : data + skip;
}

/* Whether it is a reply to one of ours, then *packet is its identity. */
static bool read_reply(const struct pinger *pinger, const struct received *message,
		       struct icmpx_packet *packet)
{
	bool v4 = pinger_is_v4(pinger);
	const unsigned char *data = pinger->buffer;
	size_t size = message->size;

	turn_round(packet, &pinger->request);
	if (v4 && pinger->raw)
		data = skip_ip(data, &size, packet);
	if (!data || size < PINGER_HEADER || !is_from_peer(pinger, message))
		return false;
	packet->type = data[0];
	packet->code = data[1];
	packet->ttl = message->ttl;
	packet->bytes = message->size + (v4 && pinger->raw ? 0 : v4 ? 20 : 40);
	memcpy(&packet->seq, data + 6, 2);
	if (packet->type != (v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY) ||
	    memcmp(data + 4, &packet->id, 2))
		return false;
	if (pinger->size >= PINGER_COOKIE &&
	    (size < PINGER_HEADER + PINGER_COOKIE ||
	     memcmp(data + PINGER_HEADER, pinger->message + PINGER_HEADER, PINGER_COOKIE)))
		return false;
	return pinger_flight(pinger, packet->seq)->state != FLIGHT_NONE;
}

static void count_reply(struct pinger *pinger, struct flight *flight, __u64 time)
{
	struct pinger_counts *counts = &pinger->counts;
	__u64 rtt = time - flight->time;

	if (flight->state == FLIGHT_ANSWERED) {
		counts->duplicates++;
		return;
	}
	pinger_settle(pinger, flight, FLIGHT_ANSWERED);
	if (!counts->received || rtt < counts->rtt_min)
		counts->rtt_min = rtt;
	if (rtt > counts->rtt_max)
		counts->rtt_max = rtt;
	counts->rtt_sum += rtt;
	counts->received++;
}

void pinger_take_replies(struct pinger *pinger, struct pinger_run *run)
{
	struct received message;
	struct icmpx_packet packet;
	struct flight *flight;
	int got = 1;

	for (int i = 0; i < BATCH && got; i++) {
		got = receive(pinger, 0, &message);
		if (got <= 0 || !read_reply(pinger, &message, &packet))
			continue;
		flight = pinger_flight(pinger, packet.seq);
		emit_stamp(pinger, run, ICMPX_TP_STAMP_RECEIVED, &message, flight->time, &packet);
		pinger_emit(pinger, run, ICMPX_TP_USER_RECEIVE, message.time, &packet, 0);
		count_reply(pinger, flight, message.time);
	}
}

/* The kernel numbers its stamps as the packets were sent. */
static void take_stamp(const struct pinger *pinger, struct pinger_run *run,
		       const struct received *message)
{
	__u64 attempt = pinger->stamped + message->error.ee_data;
	struct icmpx_packet packet = pinger->request;
	enum icmpx_probe probe;

	if (message->error.ee_info == SCM_TSTAMP_SCHED)
		probe = ICMPX_TP_STAMP_SCHED;
	else if (message->error.ee_info == SCM_TSTAMP_SND)
		probe = ICMPX_TP_STAMP_SENT;
	else
		return;
	if (attempt >= pinger->attempts || pinger->attempts - attempt > PINGER_FLIGHTS)
		return;
	packet.seq = htons(attempt + 1);
	emit_stamp(pinger, run, probe, message, pinger_flight(pinger, packet.seq)->time, &packet);
}

/* One that ends the packet's way; a redirect, say, does not. */
static bool is_final(const struct sock_extended_err *error)
{
	if (error->ee_origin == SO_EE_ORIGIN_ICMP)
		return error->ee_type == ICMP_DEST_UNREACH ||
		       error->ee_type == ICMP_TIME_EXCEEDED || error->ee_type == ICMP_PARAMETERPROB;
	return error->ee_origin == SO_EE_ORIGIN_ICMP6 && error->ee_type >= ICMP6_DST_UNREACH &&
	       error->ee_type <= ICMP6_PARAM_PROB;
}

/* The message holds the ICMP header that the error is about: a raw socket gets those about
 * others' pings too. */
static void take_error(struct pinger *pinger, struct pinger_run *run,
		       const struct received *message)
{
	struct icmpx_packet packet = pinger->request;
	struct flight *flight;

	if (!is_final(&message->error) || message->size < PINGER_HEADER ||
	    pinger->buffer[0] != packet.type || memcmp(pinger->buffer + 4, &packet.id, 2))
		return;
	memcpy(&packet.seq, pinger->buffer + 6, 2);
	flight = pinger_flight(pinger, packet.seq);
	if (flight->state == FLIGHT_NONE)
		return;
	packet.kind = ICMPX_KIND_ERROR;
	packet.type = message->error.ee_type;
	packet.code = message->error.ee_code;
	packet.bytes = 0;
	memcpy(packet.reporter, message->offender, sizeof(packet.reporter));
	pinger->counts.errors++;
	if (flight->state == FLIGHT_OPEN)
		pinger_settle(pinger, flight, FLIGHT_FAILED);
	pinger_emit(pinger, run, ICMPX_TP_ERROR_REPORT, message->time, &packet,
		    message->error.ee_errno);
}

void pinger_take_errors(struct pinger *pinger, struct pinger_run *run)
{
	struct received message;
	int got = 1;

	for (int i = 0; i < BATCH && got; i++) {
		got = receive(pinger, MSG_ERRQUEUE, &message);
		if (got <= 0 || !message.has_error)
			continue;
		if (message.error.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
			take_stamp(pinger, run, &message);
		else
			take_error(pinger, run, &message);
	}
}
