// SPDX-License-Identifier: GPL-2.0-only
/* The socket that icmpx pings through: who, from where, with which identifier. */
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "pinger_state.h"

/* Without the packet (TSONLY), which unprivileged users may not have on each machine; the
 * id then tells whose stamp it is. */
#define STAMPS                                                                                     \
	(SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE | \
	 SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY)

DEFINE_CLEANUP(addrinfo, struct addrinfo *, freeaddrinfo)

/* Where the pings go. */
struct target {
	const char *host;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	socklen_t length;
	char text[INET6_ADDRSTRLEN];
	char *why;
	size_t size;
};

__attribute__((format(printf, 3, 4))) static int refuse(const struct target *target, int err,
							const char *format, ...)
{
	int used = snprintf(target->why, target->size, "%s: ", target->host);
	va_list args;

	va_start(args, format);
	if (used >= 0 && (size_t)used < target->size)
		vsnprintf(target->why + used, target->size - used, format, args);
	va_end(args);
	return err;
}

static bool is_v4(const struct target *target)
{
	return target->address.any.sa_family == AF_INET;
}

/* One host's, so that each request has one reply and that comes from there. */
static int check_address(const struct target *target)
{
	const struct in6_addr *v6 = &target->address.v6.sin6_addr;
	__u32 v4 = ntohl(target->address.v4.sin_addr.s_addr);

	if (is_v4(target) ? !v4 || v4 >= 0xe0000000
			  : IN6_IS_ADDR_UNSPECIFIED(v6) || IN6_IS_ADDR_MULTICAST(v6))
		return refuse(target, -EINVAL, "%s is not one host's address", target->text);
	if (!is_v4(target) && IN6_IS_ADDR_LINKLOCAL(v6) && !target->address.v6.sin6_scope_id)
		return refuse(target, -EINVAL, "%s is link-local: name the device too, %s%%eth0",
			      target->text, target->text);
	return 0;
}

static int resolve(struct target *target, int family)
{
	const struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_DGRAM};
	_cleanup_(addrinfo) struct addrinfo *found = NULL;
	int err = getaddrinfo(target->host, NULL, &hints, &found);

	if (err == EAI_SYSTEM)
		return refuse(target, -errno, "cannot be resolved: %s", strerror(errno));
	if (err)
		return refuse(target, err == EAI_MEMORY ? -ENOMEM : -ENOENT,
			      "cannot be resolved: %s", gai_strerror(err));
	if (found->ai_addrlen > sizeof(target->address))
		return refuse(target, -EAFNOSUPPORT, "neither IPv4 nor IPv6");
	memcpy(&target->address, found->ai_addr, found->ai_addrlen);
	target->length = found->ai_addrlen;
	inet_ntop(found->ai_family,
		  is_v4(target) ? (void *)&target->address.v4.sin_addr
				: (void *)&target->address.v6.sin6_addr,
		  target->text, sizeof(target->text));
	return check_address(target);
}

static int option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) ? -errno : 0;
}

void pinger_socket_restamp(int fd)
{
	option(fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS & ~SOF_TIMESTAMPING_OPT_ID);
	option(fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS);
}

static int open_socket(struct pinger *pinger, const struct target *target)
{
	int family = target->address.any.sa_family;
	int protocol = is_v4(target) ? IPPROTO_ICMP : IPPROTO_ICMPV6;

	pinger->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
	if (pinger->fd >= 0)
		return 0;
	pinger->raw = true;
	pinger->fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (pinger->fd >= 0)
		return 0;
	if (errno == EPERM || errno == EACCES)
		return refuse(
			target, -EPERM,
			"may not ping: needs CAP_NET_RAW (for a raw socket), or this group (%u) "
			"in net.ipv4.ping_group_range (for a ping socket)",
			(unsigned int)getegid());
	return refuse(target, -errno, "cannot make an %s socket: %s",
		      is_v4(target) ? "ICMP" : "ICMPv6", strerror(errno));
}

/* A raw socket sees all of the machine's ICMP: of it, only replies. */
static int filter_replies(int fd, bool v4)
{
	const struct icmp_filter filter = {.data = ~(1U << ICMP_ECHOREPLY)};
	struct icmp6_filter filter6;

	if (v4)
		return setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter)) ? -errno : 0;
	ICMP6_FILTER_SETBLOCKALL(&filter6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter6);
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6, sizeof(filter6)) ? -errno : 0;
}

static int set_options(const struct pinger *pinger, bool v4)
{
	int err = option(pinger->fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS);

	if (!err && v4)
		err = option(pinger->fd, IPPROTO_IP, IP_RECVERR, 1)
			      ?: option(pinger->fd, IPPROTO_IP, IP_RECVTTL, 1);
	else if (!err)
		err = option(pinger->fd, IPPROTO_IPV6, IPV6_RECVERR, 1)
			      ?: option(pinger->fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	if (!err && pinger->raw)
		err = filter_replies(pinger->fd, v4);
	return err;
}

/* A ping socket's identifier is its port: binding chooses it. Connecting chooses the source. */
static int name_socket(struct pinger *pinger, const struct target *target)
{
	struct target own = {.address.any.sa_family = target->address.any.sa_family,
			     .length = target->length};

	if (!pinger->raw && bind(pinger->fd, &own.address.any, own.length))
		return refuse(target, -errno, "cannot bind a ping socket: %s", strerror(errno));
	if (connect(pinger->fd, &target->address.any, target->length))
		return refuse(target, -errno, "%s cannot be reached: %s; see: ip route get %s",
			      target->text, strerror(errno), target->text);
	if (getsockname(pinger->fd, &own.address.any, &own.length))
		return refuse(target, -errno, "getsockname: %s", strerror(errno));
	if (is_v4(target)) {
		memcpy(pinger->request.source, &own.address.v4.sin_addr, 4);
		memcpy(pinger->request.destination, &target->address.v4.sin_addr, 4);
		pinger->request.id = own.address.v4.sin_port;
	} else {
		memcpy(pinger->request.source, &own.address.v6.sin6_addr, 16);
		memcpy(pinger->request.destination, &target->address.v6.sin6_addr, 16);
		pinger->request.id = own.address.v6.sin6_port;
	}
	if (pinger->raw && getrandom(&pinger->request.id, sizeof(pinger->request.id), 0) < 0)
		return refuse(target, -errno, "getrandom: %s", strerror(errno));
	return 0;
}

static int describe_request(struct pinger *pinger, const struct target *target)
{
	struct icmpx_packet *request = &pinger->request;
	__u32 bytes = (is_v4(target) ? 20 : 40) + PINGER_HEADER + pinger->size;
	struct stat netns;

	if (pinger->size > 65535 || bytes > 65535)
		return refuse(target, -EMSGSIZE, "%u bytes do not fit into a packet: at most %u",
			      pinger->size, 65535 - (bytes - pinger->size));
	request->family = is_v4(target) ? 4 : 6;
	request->kind = ICMPX_KIND_REQUEST;
	request->type = is_v4(target) ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	request->protocol = is_v4(target) ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	request->bytes = bytes;
	pinger->netns = stat("/proc/self/ns/net", &netns) ? 0 : netns.st_ino;
	return 0;
}

int pinger_socket_open(struct pinger *pinger, const struct pinger_options *options, char *why,
		       size_t size)
{
	struct target target = {.host = options->host, .why = why, .size = size};
	int err = resolve(&target, options->family);

	if (!err)
		err = describe_request(pinger, &target);
	if (!err)
		err = open_socket(pinger, &target);
	if (err)
		return err;
	err = set_options(pinger, is_v4(&target));
	if (err)
		return refuse(&target, err, "cannot set up the socket: %s", strerror(-err));
	return name_socket(pinger, &target);
}
