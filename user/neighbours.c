// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "config.h"
#include "neighbours.h"
#include "util.h"

DEFINE_CLEANUP(mnl, struct mnl_socket *, mnl_socket_close)

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
	_cleanup_(mnl) struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);
	char buf[32768]; /* what the kernel fills at most */
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ndmsg *message;
	__u32 seq = time(NULL);
	int more = 1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	nlh->nlmsg_type = RTM_GETNEIGH;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = seq;
	message = mnl_nlmsg_put_extra_header(nlh, sizeof(*message));
	message->ndm_family = AF_UNSPEC;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	while (more > 0) {
		ssize_t len = mnl_socket_recvfrom(nl, buf, sizeof(buf));

		if (len < 0)
			return -errno;
		more = mnl_cb_run(buf, len, seq, mnl_socket_get_portid(nl), see_neighbour, &map);
	}
	return more < 0 ? -errno : 0;
}
