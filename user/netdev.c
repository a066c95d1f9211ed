// SPDX-License-Identifier: GPL-2.0-only
/* Two generic netlink requests: the number of the family "netdev", a device. */
#include <errno.h>
#include <stdbool.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "netdev.h"
#include "util.h"

DEFINE_CLEANUP(socket, struct mnl_socket *, mnl_socket_close)

/* From <linux/netdev.h>, which came with kernel 6.3. */
#define NETDEV_FAMILY         "netdev"
#define NETDEV_CMD_DEV_GET    1
#define NETDEV_A_IFINDEX      1
#define NETDEV_A_XDP_FEATURES 3

/* The one attribute that is looked for. */
struct wanted {
	__u16 type;
	enum mnl_attr_data_type kind;
	__u64 value;
	bool found;
};

static int take_attr(const struct nlattr *attr, void *data)
{
	struct wanted *wanted = data;

	if (mnl_attr_get_type(attr) != wanted->type || mnl_attr_validate(attr, wanted->kind) < 0)
		return MNL_CB_OK;
	wanted->value =
		wanted->kind == MNL_TYPE_U64 ? mnl_attr_get_u64(attr) : mnl_attr_get_u16(attr);
	wanted->found = true;
	return MNL_CB_OK;
}

static int take_message(const struct nlmsghdr *message, void *data)
{
	return mnl_attr_parse(message, sizeof(struct genlmsghdr), take_attr, data);
}

static struct nlmsghdr *request(void *buf, __u16 family, __u8 command)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));

	message->nlmsg_type = family;
	message->nlmsg_flags = NLM_F_REQUEST;
	message->nlmsg_seq = 1;
	header->cmd = command;
	header->version = 1;
	return message;
}

static int ask(struct mnl_socket *socket, struct nlmsghdr *message, struct wanted *wanted)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	ssize_t len = mnl_socket_sendto(socket, message, message->nlmsg_len);

	if (len >= 0)
		len = mnl_socket_recvfrom(socket, buf, sizeof(buf));
	if (len < 0)
		return -errno;
	if (mnl_cb_run(buf, len, 1, mnl_socket_get_portid(socket), take_message, wanted) < 0)
		return -errno;
	return wanted->found ? 0 : -EBADMSG;
}

int netdev_xdp_features(__u32 ifindex, __u64 *features)
{
	_cleanup_(socket) struct mnl_socket *socket =
		mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	struct wanted family = {.type = CTRL_ATTR_FAMILY_ID, .kind = MNL_TYPE_U16};
	struct wanted device = {.type = NETDEV_A_XDP_FEATURES, .kind = MNL_TYPE_U64};
	char buf[256] = {}; /* attributes are padded: with zeros */
	struct nlmsghdr *message;
	int err;

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		return -errno;
	message = request(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY);
	err = ask(socket, message, &family);
	if (err)
		return err == -ENOENT ? -EOPNOTSUPP : err;
	message = request(buf, family.value, NETDEV_CMD_DEV_GET);
	mnl_attr_put_u32(message, NETDEV_A_IFINDEX, ifindex);
	err = ask(socket, message, &device);
	if (!err)
		*features = device.value;
	return err;
}
