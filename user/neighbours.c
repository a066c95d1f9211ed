// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <bpf/bpf.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "config.h"
#include "neighbours.h"
#include "route_dump.h"

struct entry {
	struct icmpx_neighbour who;
	struct icmpx_mac mac;
	bool has_addr, has_mac;
};

static int see_attr(const struct nlattr *attr, void *data)
{
	const void *payload = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	struct entry *entry = data;

	if (mnl_attr_get_type(attr) == NDA_DST && (len == 4 || len == 16)) {
		memcpy((char *)entry->who.addr + 16 - len, payload, len);
		entry->has_addr = true;
	}
	if (mnl_attr_get_type(attr) == NDA_LLADDR && len == sizeof(entry->mac.mac)) {
		memcpy(entry->mac.mac, payload, len);
		entry->has_mac = true;
	}
	return MNL_CB_OK;
}

static int see_neighbour(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *message = mnl_nlmsg_get_payload(nlh);
	const int *map = data;
	struct entry entry = {};

	if (message->ndm_family != AF_INET && message->ndm_family != AF_INET6)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(*message), see_attr, &entry);
	if (entry.has_addr && entry.has_mac &&
	    bpf_map_update_elem(*map, &entry.who, &entry.mac, BPF_NOEXIST) && errno != EEXIST)
		return MNL_CB_ERROR;
	return MNL_CB_OK;
}

int neighbours_fill(int map)
{
	const struct ndmsg message = {.ndm_family = AF_UNSPEC};

	return route_dump(RTM_GETNEIGH, &message, sizeof(message), see_neighbour, &map);
}
