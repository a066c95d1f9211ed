// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel says of all interfaces, in one dump. Not by sysfs: that of another network
 * namespace may be mounted. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "route_dump.h"
#include "stack.h"
#include "util.h"

/* By number, as in <linux/if_bonding.h>. */
static const struct {
	const char *name;
	bool ports_rest;
} bond_modes[] = {
	{"balance-rr", false}, {"active-backup", true}, {"balance-xor", false},
	{"broadcast", false},  {"802.3ad", true},       {"balance-tlb", true},
	{"balance-alb", true},
};

/* Those whose IFLA_LINK is what their frames come in by; a veth's is its peer. */
static bool is_on_another(const char *kind)
{
	static const char *const kinds[] = {"vlan",   "macvlan", "macvtap",
					    "ipvlan", "ipvtap",  "macsec"};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

static void copy_text(char *to, size_t size, const struct nlattr *attr)
{
	snprintf(to, size, "%.*s", (int)mnl_attr_get_payload_len(attr),
		 (const char *)mnl_attr_get_payload(attr));
}

static void take_bond(struct link *link, const struct nlattr *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, data)
	{
		size_t mode;

		if (mnl_attr_get_type(attr) != IFLA_BOND_MODE ||
		    mnl_attr_validate(attr, MNL_TYPE_U8) < 0)
			continue;
		mode = mnl_attr_get_u8(attr);
		/* Of one that is not known the worse is assumed. */
		link->ports_rest = mode >= ARRAY_SIZE(bond_modes) || bond_modes[mode].ports_rest;
		snprintf(link->bond_mode, sizeof(link->bond_mode), "%s",
			 mode < ARRAY_SIZE(bond_modes) ? bond_modes[mode].name : "unknown");
	}
}

static void take_bond_port(struct link *link, const struct nlattr *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, data)
	{
		if (mnl_attr_get_type(attr) == IFLA_BOND_SLAVE_STATE &&
		    mnl_attr_validate(attr, MNL_TYPE_U8) >= 0)
			link->state = mnl_attr_get_u8(attr) ? PORT_INACTIVE : PORT_ACTIVE;
	}
}

static void take_info(struct link *link, const struct nlattr *info)
{
	const struct nlattr *attr, *data = NULL, *port_data = NULL;
	char port_kind[16] = "";

	mnl_attr_for_each_nested(attr, info)
	{
		switch (mnl_attr_get_type(attr)) {
		case IFLA_INFO_KIND:
			copy_text(link->kind, sizeof(link->kind), attr);
			break;
		case IFLA_INFO_DATA:
			data = attr;
			break;
		case IFLA_INFO_SLAVE_KIND:
			copy_text(port_kind, sizeof(port_kind), attr);
			break;
		case IFLA_INFO_SLAVE_DATA:
			port_data = attr;
			break;
		}
	}
	if (data && !strcmp(link->kind, "bond"))
		take_bond(link, data);
	if (port_data && !strcmp(port_kind, "bond"))
		take_bond_port(link, port_data);
}

static bool has_xdp(const struct nlattr *xdp)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, xdp)
	{
		if (mnl_attr_get_type(attr) == IFLA_XDP_ATTACHED &&
		    mnl_attr_validate(attr, MNL_TYPE_U8) >= 0)
			return mnl_attr_get_u8(attr);
	}
	return false;
}

static void take_attrs(struct link *link, const struct nlmsghdr *message)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct ifinfomsg))
	{
		bool number = mnl_attr_validate(attr, MNL_TYPE_U32) >= 0;

		switch (mnl_attr_get_type(attr)) {
		case IFLA_IFNAME:
			copy_text(link->name, sizeof(link->name), attr);
			break;
		case IFLA_MASTER:
			link->master = number ? mnl_attr_get_u32(attr) : 0;
			break;
		case IFLA_LINK:
			link->on = number ? mnl_attr_get_u32(attr) : 0;
			break;
		case IFLA_LINK_NETNSID:
			link->elsewhere = true;
			break;
		case IFLA_LINKINFO:
			take_info(link, attr);
			break;
		case IFLA_XDP:
			link->xdp = has_xdp(attr);
			break;
		}
	}
}

static int take_link(const struct nlmsghdr *message, void *data)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	struct stack *stack = data;
	struct link *link, *grown;

	if (message->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	grown = reallocarray(stack->links, stack->count + 1, sizeof(*grown));
	if (!grown) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	stack->links = grown;
	link = &grown[stack->count++];
	*link = (struct link){
		.ifindex = info->ifi_index, .flags = info->ifi_flags, .level = STACK_NONE};
	take_attrs(link, message);
	link->elsewhere &= is_on_another(link->kind);
	if (link->elsewhere || !is_on_another(link->kind))
		link->on = 0;
	return MNL_CB_OK;
}

int stack_read(struct stack *stack)
{
	const struct ifinfomsg info = {.ifi_family = AF_UNSPEC};

	*stack = (struct stack){};
	return route_dump(RTM_GETLINK, &info, sizeof(info), take_link, stack);
}

void stack_free(struct stack *stack)
{
	free(stack->links);
	*stack = (struct stack){};
}
