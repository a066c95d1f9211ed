// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http.h"
#include "opts.h"
#include "util.h"

/* Numbers alone: a name would have to be looked up, and may stand for several addresses. */
static int parse_address(const char *text, struct sockaddr_storage *address, socklen_t *length)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
	struct sockaddr_in *v4 = (struct sockaddr_in *)address;
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	size_t size = colon ? (size_t)(colon - text) : 0;
	__u64 port;

	memset(address, 0, sizeof(*address));
	if (!colon || size >= sizeof(host) || parse_number(colon + 1, 0, 65535, &port))
		return -EINVAL;
	memcpy(host, text, size);
	host[size] = '\0';
	if (size > 2 && host[0] == '[' && host[size - 1] == ']') {
		host[size - 1] = '\0';
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		*length = sizeof(*v6);
		return inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1 ? 0 : -EINVAL;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	*length = sizeof(*v4);
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1 ? 0 : -EINVAL;
}

int http_listen(const char *text)
{
	_cleanup_(close) int fd = -1;
	struct sockaddr_storage address;
	int one = 1, ret, err;
	socklen_t length;

	err = parse_address(text, &address, &length);
	if (err)
		return err;
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* A restart need not wait for old connections to be forgotten. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		return -errno;
	/* [::] is IPv6 alone, whatever the sysctl says: 0.0.0.0 can be another exporter's. */
	if (address.ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)))
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, SOMAXCONN))
		return -errno;
	ret = fd;
	fd = -1;
	return ret;
}

const char *http_address(int fd, char *text, size_t size)
{
	struct sockaddr_storage address = {};
	const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
	const struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
	socklen_t length = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "?";

	getsockname(fd, (struct sockaddr *)&address, &length);
	if (address.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
		snprintf(text, size, "[%s]:%u", host, ntohs(v6->sin6_port));
	} else {
		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
		snprintf(text, size, "%s:%u", host, ntohs(v4->sin_port));
	}
	return text;
}
