// SPDX-License-Identifier: GPL-2.0-only
/* Two generic netlink requests: the number of the family "netdev", a device. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "netdev.h"
#include "util.h"

/* From <linux/netdev.h>, which came with kernel 6.3. */
#define NETDEV_FAMILY         "netdev"
#define NETDEV_CMD_DEV_GET    1
#define NETDEV_A_IFINDEX      1
#define NETDEV_A_XDP_FEATURES 3

struct request {
	struct nlmsghdr header;
	struct genlmsghdr generic;
	struct nlattr attr;
	char value[16];
};

struct reply {
	struct nlmsghdr header;
	struct genlmsghdr generic;
	char attrs[8192];
};

static int exchange(int sock, const struct request *request, struct reply *reply)
{
	const struct nlmsgerr *error = (void *)&reply->generic;
	ssize_t len = send(sock, request, request->header.nlmsg_len, 0);

	if (len < 0)
		return -errno;
	len = recv(sock, reply, sizeof(*reply), 0);
	if (len < 0)
		return -errno;
	if (!NLMSG_OK(&reply->header, (size_t)len))
		return -EBADMSG;
	if (reply->header.nlmsg_type != NLMSG_ERROR)
		return 0;
	return error->error ?: -EBADMSG;
}

/* The value of one attribute, or NULL when it is not there or shorter. */
static const void *find(const struct reply *reply, __u16 type, size_t size)
{
	const char *pos = reply->attrs;
	const char *end = (const char *)reply + reply->header.nlmsg_len;

	while (pos + sizeof(struct nlattr) <= end) {
		const struct nlattr *attr = (const void *)pos;

		if (attr->nla_len < NLA_HDRLEN || pos + attr->nla_len > end)
			break;
		if ((attr->nla_type & NLA_TYPE_MASK) == type && attr->nla_len >= NLA_HDRLEN + size)
			return pos + NLA_HDRLEN;
		pos += NLA_ALIGN(attr->nla_len);
	}
	return NULL;
}

/* Asks `family` with one attribute. */
static int ask(int sock, __u16 family, __u8 command, __u16 type, const void *value, size_t size,
	       struct reply *reply)
{
	struct request request = {
		.header.nlmsg_type = family,
		.header.nlmsg_flags = NLM_F_REQUEST,
		.header.nlmsg_len = offsetof(struct request, value) + NLA_ALIGN(size),
		.generic.cmd = command,
		.generic.version = 1,
		.attr.nla_type = type,
		.attr.nla_len = NLA_HDRLEN + size,
	};

	memcpy(request.value, value, size);
	return exchange(sock, &request, reply);
}

int netdev_xdp_features(__u32 ifindex, __u64 *features)
{
	_cleanup_(close) int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct reply reply = {};
	const void *value;
	__u16 family;
	int err;

	if (sock < 0)
		return -errno;
	err = ask(sock, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY,
		  sizeof(NETDEV_FAMILY), &reply);
	if (err)
		return err == -ENOENT ? -EOPNOTSUPP : err;
	value = find(&reply, CTRL_ATTR_FAMILY_ID, sizeof(family));
	if (!value)
		return -EBADMSG;
	memcpy(&family, value, sizeof(family));
	err = ask(sock, family, NETDEV_CMD_DEV_GET, NETDEV_A_IFINDEX, &ifindex, sizeof(ifindex),
		  &reply);
	if (err)
		return err;
	value = find(&reply, NETDEV_A_XDP_FEATURES, sizeof(*features));
	if (!value)
		return -EBADMSG;
	memcpy(features, value, sizeof(*features));
	return 0;
}
