// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/if_packet.h>
#include <linux/ip.h>

#include "wire.h"

#define BARRIER_TRIES   5
#define BARRIER_MS      1000
#define BARRIER_OPTIONS 8 /* bytes: no-operations and the option list's end */

static int set_option(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) ? -errno : 0;
}

static int read_mtu(int fd, const char *ifname, __u32 *mtu)
{
	struct ifreq request = {};

	strncpy(request.ifr_name, ifname, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCGIFMTU, &request))
		return -errno;
	*mtu = request.ifr_mtu;
	return 0;
}

static int wire_setup(struct wire *wire, const char *ifname)
{
	struct sockaddr_ll addr = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	struct packet_mreq promisc = {.mr_type = PACKET_MR_PROMISC};
	int size = 4 << 20, err;

	addr.sll_ifindex = promisc.mr_ifindex = if_nametoindex(ifname);
	if (!addr.sll_ifindex)
		return -errno;
	if (bind(wire->fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    setsockopt(wire->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promisc, sizeof(promisc)) ||
	    setsockopt(wire->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		return -errno;
	err = set_option(wire->fd, PACKET_AUXDATA, 1);
	if (!err)
		err = set_option(wire->fd, PACKET_IGNORE_OUTGOING, 1);
	if (!err)
		err = set_option(wire->fd, PACKET_QDISC_BYPASS, 1);
	return err ?: read_mtu(wire->fd, ifname, &wire->mtu);
}

int wire_open(struct wire *wire, const char *ifname, const struct spec *barrier)
{
	int err;

	*wire = (struct wire){.barrier = *barrier, .first = getpid()};
	wire->cookie = wire->first;
	wire->barrier.extra_len = BARRIER_OPTIONS;
	memset(wire->barrier.extra, 1, BARRIER_OPTIONS - 1);
	wire->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (wire->fd < 0)
		return -errno;
	err = wire_setup(wire, ifname);
	if (err)
		wire_close(wire);
	return err;
}

void wire_close(struct wire *wire)
{
	close(wire->fd);
}

static int wire_send(struct wire *wire, const struct frame *frame)
{
	ssize_t sent;

	do
		sent = send(wire->fd, frame->data, frame->len, 0);
	while (sent < 0 && errno == ENOBUFS);
	return sent < 0 ? -errno : 0;
}

/* Puts the tag, which the kernel keeps beside the frame, back into it. */
static void restore_tag(struct frame *frame, struct msghdr *msg)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	struct tpacket_auxdata *aux;
	__be16 tag[2];

	if (!cmsg || cmsg->cmsg_level != SOL_PACKET || cmsg->cmsg_type != PACKET_AUXDATA)
		return;
	aux = (struct tpacket_auxdata *)CMSG_DATA(cmsg);
	if (!(aux->tp_status & TP_STATUS_VLAN_VALID) || frame->len > FRAME_MAX - sizeof(tag))
		return;
	tag[0] = htons(aux->tp_status & TP_STATUS_VLAN_TPID_VALID ? aux->tp_vlan_tpid
								  : ETHERTYPE_VLAN);
	tag[1] = htons(aux->tp_vlan_tci);
	memmove(frame->data + 16, frame->data + 12, frame->len - 12);
	memcpy(frame->data + 12, tag, sizeof(tag));
	frame->len += sizeof(tag);
}

/* 1: a frame, 0: none there, or a negative errno. */
static int wire_receive(struct wire *wire, struct frame *frame)
{
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov = {.iov_base = frame->data, .iov_len = FRAME_MAX};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(wire->fd, &msg, MSG_DONTWAIT);

	if (len < 0)
		return errno == EAGAIN ? 0 : -errno;
	frame->len = len;
	restore_tag(frame, &msg);
	return 1;
}

/* Of an answer, which is without the options: there is nothing in them to be answered.
 * 0: it is none. */
static __u64 barrier_cookie(const struct wire *wire, const struct frame *frame)
{
	__u32 len = ETH_HLEN + sizeof(struct iphdr);
	const __u8 *echo = frame->data + len;
	__u64 cookie;

	if (frame->len < len + 8 + sizeof(cookie) || frame->data[12] != 8 || frame->data[13] ||
	    frame->data[ETH_HLEN] != 0x45 || echo[0] != 0)
		return 0;
	memcpy(&cookie, echo + 8, sizeof(cookie));
	return cookie > wire->first && cookie <= wire->cookie ? cookie : 0;
}

/* What a host sends when its timers say so: ARP requests, router and neighbour
 * solicitations, multicast reports. No frame of ours is answered with them. */
static bool is_unasked(const struct frame *frame)
{
	const __u8 *net;
	__u16 proto = 0;
	__u32 at = frame_network(frame, &proto);

	net = frame->data + at;
	if (proto == ETHERTYPE_ARP)
		return frame->len >= at + 8 && net[7] == 1;
	if (proto == ETHERTYPE_IP)
		return frame->len >= at + 20 && net[9] == IPPROTO_IGMP;
	if (proto != ETHERTYPE_IPV6 || frame->len < at + 48)
		return false;
	if (net[6] == IPPROTO_HOPOPTS && net[40] == IPPROTO_ICMPV6)
		return true; /* router alert: a multicast report */
	return net[6] == IPPROTO_ICMPV6 && (net[40] == 133 || net[40] == 135);
}

/* Collects frames up to the barrier's answer: 1; 0: it did not come. */
static int collect(struct wire *wire, struct replies *replies)
{
	struct pollfd poller = {.fd = wire->fd, .events = POLLIN};
	struct frame *next;
	__u64 cookie;
	int got;

	for (;;) {
		if (replies->count == WIRE_REPLIES)
			return -E2BIG;
		next = &replies->frame[replies->count];
		got = wire_receive(wire, next);
		if (got < 0)
			return got;
		cookie = got ? barrier_cookie(wire, next) : 0;
		if (cookie == wire->cookie)
			return 1;
		if (got && !cookie && !is_unasked(next)) /* a cookie: one that was given up, late */
			replies->count++;
		if (!got && poll(&poller, 1, BARRIER_MS) <= 0)
			return 0;
	}
}

static int wire_barrier(struct wire *wire, struct replies *replies)
{
	__u32 echo = ETH_HLEN + sizeof(struct iphdr) + BARRIER_OPTIONS;
	struct frame frame;
	int err = 0;

	for (int try = 0; try < BARRIER_TRIES && !err; try++) {
		wire->cookie++;
		wire->barrier.payload = sizeof(wire->cookie);
		frame_build(&frame, &wire->barrier, wire->mtu + ETH_HLEN);
		memcpy(frame.data + echo + 8, &wire->cookie, sizeof(wire->cookie));
		memset(frame.data + echo + 2, 0, 2);
		*(__u16 *)(frame.data + echo + 2) =
			csum_finish(csum_partial(frame.data + echo, frame.len - echo, 0));
		err = wire_send(wire, &frame) ?: collect(wire, replies);
	}
	return err > 0 ? 0 : err ?: -ETIMEDOUT;
}

/* Two barriers: what XDP transmits leaves at the end of a NAPI poll, behind what the
 * kernel answers in the same poll. The second one is sent when that poll is over, or is
 * polled after it. */
int wire_ask(struct wire *wire, const struct frame *frames, __u32 count, struct replies *replies)
{
	int err = 0;

	replies->count = 0;
	for (__u32 i = 0; i < count && !err; i++)
		err = wire_send(wire, &frames[i]);
	if (!err)
		err = wire_barrier(wire, replies);
	if (!err)
		err = wire_barrier(wire, replies);
	return err;
}
