// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filter.h"
#include "netns.h"
#include "opts.h"
#include "util.h"

static bool is_host(const struct icmpx_filter *filter, const struct icmpx_packet *packet)
{
	for (__u32 i = 0; i < filter->host_count; i++) {
		const __u8 *host = filter->hosts[i];

		if (filter->host_family[i] == packet->family &&
		    (!memcmp(host, packet->source, 16) || !memcmp(host, packet->destination, 16) ||
		     (packet->kind == ICMPX_KIND_ERROR && !memcmp(host, packet->reporter, 16))))
			return true;
	}
	return false;
}

bool filter_packet(const struct icmpx_filter *filter, const struct icmpx_packet *packet)
{
	__u16 id = ntohs(packet->id), seq = ntohs(packet->seq);

	if (!(filter->kinds >> packet->kind & 1))
		return false;
	if (filter->udp_port && (packet->protocol != IPPROTO_UDP ||
				 (id != filter->udp_port && seq != filter->udp_port)))
		return false;
	if (filter->id_set && id != filter->id)
		return false;
	if (filter->seq_set && (seq < filter->seq_min || seq > filter->seq_max))
		return false;
	return !filter->host_count || is_host(filter, packet);
}

static int refuse(char *why, size_t size, const char *what, const char *name, const char *reason)
{
	snprintf(why, size, "%s: '%s': %s", what, name, reason);
	return -EINVAL;
}

int filter_add_host(struct icmpx_filter *filter, const char *host, char *why, size_t size)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int err = getaddrinfo(host, NULL, &hints, &list);

	if (err)
		return refuse(why, size, "--host", host, gai_strerror(err));
	for (const struct addrinfo *one = list; one; one = one->ai_next) {
		const struct sockaddr_in *v4 = (const void *)one->ai_addr;
		const struct sockaddr_in6 *v6 = (const void *)one->ai_addr;
		__u32 at = filter->host_count;

		if (at == ARRAY_SIZE(filter->hosts)) {
			freeaddrinfo(list);
			return refuse(why, size, "--host", host, "more than 8 addresses in all");
		}
		if (one->ai_family == AF_INET) {
			filter->host_family[at] = 4;
			memcpy(filter->hosts[at], &v4->sin_addr, 4);
		} else if (one->ai_family == AF_INET6) {
			filter->host_family[at] = 6;
			memcpy(filter->hosts[at], &v6->sin6_addr, 16);
		} else {
			continue;
		}
		filter->host_count++;
	}
	freeaddrinfo(list);
	return 0;
}

int filter_add_type(struct icmpx_filter *filter, const char *type, char *why, size_t size)
{
	static const char *const names[] = {"echo", "reply", "error", NULL};
	static const __u32 kinds[] = {1 << ICMPX_KIND_REQUEST, 1 << ICMPX_KIND_REPLY,
				      1 << ICMPX_KIND_ERROR};
	int index = parse_enum(type, names);
	char reason[192];

	if (index < 0) {
		snprintf(why, size, "--type: %s",
			 explain_enum(type, names, reason, sizeof(reason)));
		return -EINVAL;
	}
	filter->kinds |= kinds[index];
	return 0;
}

static void netns_path(const char *netns, char *path, size_t size)
{
	__u64 pid;

	if (strchr(netns, '/'))
		snprintf(path, size, "%s", netns);
	else if (!parse_number(netns, 1, 1 << 22, &pid))
		snprintf(path, size, "/proc/%s/ns/net", netns);
	else
		snprintf(path, size, "/run/netns/%s", netns);
}

int filter_set_netns(struct icmpx_filter *filter, const char *netns, char *why, size_t size)
{
	char path[256];
	struct stat st;

	netns_path(netns, path, sizeof(path));
	if (stat(path, &st))
		return refuse(why, size, "--netns", netns, strerror(errno));
	filter->netns = st.st_ino;
	return 0;
}

struct lookup {
	const char *name;
	__u32 ifindex;
	int err;
};

static void look_up(void *data)
{
	struct lookup *lookup = data;

	lookup->err = parse_interface(lookup->name, &lookup->ifindex);
}

int filter_set_device(struct icmpx_filter *filter, const char *netns, const char *device, char *why,
		      size_t size)
{
	struct lookup lookup = {.name = device};
	char path[256] = "/proc/thread-self/ns/net";
	struct stat st;
	int err = 0;

	if (netns) {
		netns_path(netns, path, sizeof(path));
		err = netns_enter(path, look_up, &lookup);
	} else {
		look_up(&lookup);
	}
	if (!err)
		err = lookup.err;
	if (!err && stat(path, &st))
		err = -errno;
	if (err)
		return refuse(why, size, "--dev", device, strerror(-err));
	filter->ifindex = lookup.ifindex;
	filter->netns = st.st_ino;
	return 0;
}

void filter_complete(struct icmpx_filter *filter)
{
	if (filter->udp_port)
		filter->kinds = 1 << ICMPX_KIND_UDP | 1 << ICMPX_KIND_ERROR;
	else if (!filter->kinds)
		filter->kinds =
			1 << ICMPX_KIND_REQUEST | 1 << ICMPX_KIND_REPLY | 1 << ICMPX_KIND_ERROR;
}
