// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "sockets.h"
#include "util.h"

/* "0: 00000000:0001 00000000:0000 07 ...": addresses are words as the machine
 * stores them, the number behind the local one is the protocol or identifier. */
static bool parse_line(const char *line, struct open_socket *socket)
{
	char address[33];
	int end = 0;

	if (sscanf(line,
		   " %*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %*x %*x:%*x %*x:%*x %*x %u %*d %lu"
		   " %*d %*s %u%n",
		   address, &socket->number, &socket->uid, &socket->inode, &socket->drops,
		   &end) != 5 ||
	    !end)
		return false;
	for (size_t i = 0; i < strlen(address) / 8; i++) {
		unsigned int word;

		sscanf(address + i * 8, "%8x", &word);
		socket->local[i] = word;
	}
	return true;
}

int sockets_parse(FILE *file, bool ping, bool v6, struct open_socket **list, size_t *count)
{
	char line[512];

	while (fgets(line, sizeof(line), file)) {
		struct open_socket socket = {.ping = ping, .v6 = v6}, *grown;

		if (!parse_line(line, &socket))
			continue;
		if (!ping && socket.number != (v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
			continue;
		grown = reallocarray(*list, *count + 1, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		*list = grown;
		grown[(*count)++] = socket;
	}
	return 0;
}

int sockets_read(struct open_socket **list, size_t *count)
{
	static const struct {
		const char *path;
		bool ping, v6;
	} files[] = {
		{"/proc/net/raw", false, false},
		{"/proc/net/raw6", false, true},
		{"/proc/net/icmp", true, false},
		{"/proc/net/icmp6", true, true},
	};

	*list = NULL;
	*count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		FILE *file = fopen(files[i].path, "re");
		int err;

		if (!file)
			continue; /* this kernel has no IPv6 */
		err = sockets_parse(file, files[i].ping, files[i].v6, list, count);
		fclose(file);
		if (err)
			return err;
	}
	return 0;
}
