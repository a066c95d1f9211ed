// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http.h"
#include "opts.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Numbers alone: a name would have to be looked up, and may stand for several addresses. */
static int parse_address(const char *text, union address *address, socklen_t *length)
{
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
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(port);
		*length = sizeof(address->v6);
		return inet_pton(AF_INET6, host + 1, &address->v6.sin6_addr) == 1 ? 0 : -EINVAL;
	}
	address->v4.sin_family = AF_INET;
	address->v4.sin_port = htons(port);
	*length = sizeof(address->v4);
	return inet_pton(AF_INET, host, &address->v4.sin_addr) == 1 ? 0 : -EINVAL;
}

static int begin(int fd, const union address *address, socklen_t length)
{
	int one = 1;

	/* A restart need not wait for old connections to be forgotten. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		return -errno;
	/* [::] is IPv6 alone, whatever the sysctl says: 0.0.0.0 can be another exporter's. */
	if (address->any.sa_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)))
		return -errno;
	return bind(fd, &address->any, length) || listen(fd, SOMAXCONN) ? -errno : 0;
}

int http_listen(const char *text)
{
	union address address;
	socklen_t length;
	int fd, err = parse_address(text, &address, &length);

	if (err)
		return err;
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	err = begin(fd, &address, length);
	if (!err)
		return fd;
	close(fd);
	return err;
}

const char *http_address(int fd, char *text, size_t size)
{
	union address address = {};
	socklen_t length = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "?";

	getsockname(fd, &address.any, &length);
	if (address.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &address.v6.sin6_addr, host, sizeof(host));
		snprintf(text, size, "[%s]:%u", host, ntohs(address.v6.sin6_port));
	} else {
		inet_ntop(AF_INET, &address.v4.sin_addr, host, sizeof(host));
		snprintf(text, size, "%s:%u", host, ntohs(address.v4.sin_port));
	}
	return text;
}
