// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <linux/rtnetlink.h>

#include "route_dump.h"
#include "util.h"

#define DUMP_SIZE 32768 /* of one message of a dump: the kernel sends no larger ones */

DEFINE_CLEANUP(mnl, struct mnl_socket *, mnl_socket_close)

int route_dump(__u16 type, const void *header, size_t size, mnl_cb_t take, void *data)
{
	_cleanup_(mnl) struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	char buf[DUMP_SIZE];
	struct nlmsghdr *message;
	int more = MNL_CB_OK;

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		return -errno;
	message = mnl_nlmsg_put_header(buf);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	message->nlmsg_seq = 1;
	memcpy(mnl_nlmsg_put_extra_header(message, size), header, size);
	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	while (more > MNL_CB_STOP) {
		ssize_t len = mnl_socket_recvfrom(socket, buf, sizeof(buf));

		if (len < 0)
			return -errno;
		more = mnl_cb_run(buf, len, 1, mnl_socket_get_portid(socket), take, data);
	}
	return more < 0 ? -errno : 0;
}
