// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if.h>

#include "config.h"
#include "safe_text.h"
#include "util.h"
#include "ways_in.h"

static bool is_kind(const struct link *link, const char *kind)
{
	return link && !strcmp(link->kind, kind);
}

/* Whether frames of a port are its master's: all masters but a VRF, whose ports keep their
 * addresses and stay the incoming interface. */
static bool is_port(const struct stack *links, const struct link *link)
{
	return link->master && !is_kind(stack_find(links, link->master), "vrf");
}

static __u32 vrf_of(const struct stack *links, const struct link *link)
{
	return is_kind(stack_find(links, link->master), "vrf") ? link->master : 0;
}

/* Whether all frames of `other` come in by `self`'s program first, where the same request that
 * comes twice is seen: those of a MAC or VLAN on it, unless its tags are taken off before. What is
 * wrapped or encrypted comes out later. */
static bool is_seen(const struct link *self, const struct link *other, bool strips_tags)
{
	static const char *const plain[] = {"macvlan", "macvtap", "ipvlan", "ipvtap"};

	if (other->elsewhere || other->on != self->ifindex)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (is_kind(other, plain[i]))
			return true;
	return is_kind(other, "vlan") && !strips_tags;
}

/* Whether a request by the other interface could have its reply leave by this one. */
static bool leads_in(const struct stack *links, const struct link *self, const struct link *other,
		     bool strips_tags)
{
	const struct link *master = is_port(links, self) ? stack_find(links, self->master) : NULL;

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

void ways_in_find(const struct stack *links, const struct device *device, struct ways_in *ways)
{
	const struct link *self = stack_find(links, device->ifindex);

	*ways = (struct ways_in){.tied = ICMPX_IPV4 | ICMPX_IPV6};
	for (size_t i = 0; self && i < links->count; i++) {
		const struct link *other = &links->links[i];
		__u32 loose = 0;

		if (leads_in(links, self, other, device->strips_tags))
			loose = is_port(links, other) ? ICMPX_IPV4 | ICMPX_IPV6
						      : loose_families(other->name);
		if (loose)
			add_name(ways->others, sizeof(ways->others), other->name);
		ways->tied &= ~loose;
	}
}
