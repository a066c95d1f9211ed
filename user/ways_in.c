// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "config.h"
#include "device.h"
#include "safe_text.h"
#include "util.h"
#include "ways_in.h"

DEFINE_CLEANUP(mnl, struct mnl_socket *, mnl_socket_close)

struct link {
	char name[16];
	char kind[16];
	__u32 ifindex;
	__u32 flags;
	__u32 master; /* what it is a port of; 0: of nothing */
	__u32 below;  /* what it stands on, in this namespace */
};

struct links {
	struct link *all;
	size_t count;
	bool no_memory;
};

static int see_kind(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
		snprintf(link->kind, sizeof(link->kind), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int see_attr(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		snprintf(link->name, sizeof(link->name), "%s", mnl_attr_get_str(attr));
		break;
	case IFLA_MASTER:
		link->master = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINK:
		link->below = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINK_NETNSID:
		link->below = 0; /* an index of another namespace */
		break;
	case IFLA_LINKINFO:
		mnl_attr_parse_nested(attr, see_kind, link);
		break;
	}
	return MNL_CB_OK;
}

static int see_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	struct link *grown, link = {.ifindex = info->ifi_index, .flags = info->ifi_flags};
	struct links *links = data;
	const struct nlattr *attr;

	mnl_attr_parse(nlh, sizeof(*info), see_attr, &link);
	mnl_attr_for_each(attr, nlh,
			  sizeof(*info)) if (mnl_attr_get_type(attr) == IFLA_LINK_NETNSID)
		link.below = 0; /* in whichever order the two come */
	grown = reallocarray(links->all, links->count + 1, sizeof(link));
	if (!grown) {
		links->no_memory = true;
		return MNL_CB_STOP;
	}
	links->all = grown;
	grown[links->count++] = link;
	return MNL_CB_OK;
}

static int dump_links(struct links *links)
{
	_cleanup_(mnl) struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);
	char buf[32768]; /* what the kernel fills at most */
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *info;
	__u32 seq = time(NULL);
	int more = 1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = seq;
	info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	while (more > 0) {
		ssize_t len = mnl_socket_recvfrom(nl, buf, sizeof(buf));

		if (len < 0)
			return -errno;
		more = mnl_cb_run(buf, len, seq, mnl_socket_get_portid(nl), see_link, links);
	}
	if (links->no_memory)
		return -ENOMEM;
	return more < 0 ? -errno : 0;
}

static const struct link *link_of(const struct links *links, __u32 ifindex)
{
	for (size_t i = 0; i < links->count; i++)
		if (links->all[i].ifindex == ifindex)
			return &links->all[i];
	return NULL;
}

static bool is_kind(const struct link *link, const char *kind)
{
	return link && !strcmp(link->kind, kind);
}

/* Whether frames of a port are its master's: all masters but a VRF, whose ports keep their
 * addresses and stay the incoming interface. */
static bool is_port(const struct links *links, const struct link *link)
{
	return link->master && !is_kind(link_of(links, link->master), "vrf");
}

static __u32 vrf_of(const struct links *links, const struct link *link)
{
	return is_kind(link_of(links, link->master), "vrf") ? link->master : 0;
}

/* Whether all frames of `other` come in by `self`'s program first, where the same request that
 * comes twice is seen: what stands on it, unless its tags are taken off before. */
static bool is_seen(const struct link *self, const struct link *other, bool strips_tags)
{
	return other->below == self->ifindex && !(strips_tags && is_kind(other, "vlan"));
}

/* Whether a request by the other interface could have its reply leave by this one. */
static bool leads_in(const struct links *links, const struct link *self, const struct link *other,
		     bool strips_tags)
{
	const struct link *master = is_port(links, self) ? link_of(links, self->master) : NULL;

	if (other == self || !(other->flags & IFF_UP) || other->flags & IFF_LOOPBACK ||
	    is_kind(other, "dummy") || is_kind(other, "vrf"))
		return false;
	if (vrf_of(links, other) != vrf_of(links, self))
		return false; /* its replies are routed by another table */
	if (master && other->ifindex == master->ifindex)
		return false; /* its frames are those of its ports */
	if (master && other->master == master->ifindex)
		return is_kind(master, "bridge"); /* of a bond or a team, all ports are one way */
	return !is_port(links, other) && !is_seen(self, other, strips_tags);
}

/* The number in a file of the directory of that sysctl and interface; -1: there is none. */
static long setting_of(const char *family, const char *name, const char *setting)
{
	_cleanup_(close) int fd = -1;
	char path[128], text[16] = "";

	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", family, name, setting);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	return strtol(text, NULL, 10);
}

/* The families whose packets the interface takes from sources that are routed elsewhere. An
 * interface without IPv4 or IPv6 has no settings of it. The kernel goes by the larger of its own
 * rp_filter and that of `all' (IN_DEV_RPFILTER). */
static __u32 loose_families(const char *name)
{
	long own = setting_of("ipv4", name, "rp_filter"),
	     all = setting_of("ipv4", "all", "rp_filter");
	__u32 families = 0;

	if (own >= 0 && (own > all ? own : all) != 1)
		families |= ICMPX_IPV4;
	if (!setting_of("ipv6", name, "disable_ipv6"))
		families |= ICMPX_IPV6;
	return families;
}

/* Appends a name, or "..." once where there is no room for it. */
static void add_name(char *names, size_t size, const char *name)
{
	size_t used = strlen(names);
	const char *comma = used ? ", " : "";
	char safe[32];

	snprintf(safe, sizeof(safe), "%s", name);
	safe_text(safe);
	if (used + strlen(comma) + strlen(safe) + sizeof(", ...") <= size)
		snprintf(names + used, size - used, "%s%s", comma, safe);
	else if (used < 3 || strcmp(names + used - 3, "..."))
		snprintf(names + used, size - used, "%s...", comma);
}

static int look(const struct links *links, __u32 ifindex, struct ways_in *ways)
{
	const struct link *self = link_of(links, ifindex);
	struct device device;
	int err = device_get(ifindex, &device);

	if (!self || err)
		return err ?: -ENODEV;
	for (size_t i = 0; i < links->count; i++) {
		const struct link *other = &links->all[i];
		__u32 loose = 0;

		if (leads_in(links, self, other, device.strips_tags))
			loose = is_port(links, other) ? ICMPX_IPV4 | ICMPX_IPV6
						      : loose_families(other->name);
		if (loose)
			add_name(ways->others, sizeof(ways->others), other->name);
		ways->tied &= ~loose;
	}
	return 0;
}

int ways_in_find(__u32 ifindex, struct ways_in *ways)
{
	struct links links = {};
	int err = dump_links(&links);

	*ways = (struct ways_in){.tied = ICMPX_IPV4 | ICMPX_IPV6};
	if (!err)
		err = look(&links, ifindex, ways);
	free(links.all);
	return err;
}
