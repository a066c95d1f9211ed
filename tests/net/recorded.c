// SPDX-License-Identifier: GPL-2.0-only
/* recorded FILE: the events of a recording, a line each, as docs/trace-schema.md says where what
 * is: "PROBE KIND ID SEQ SOURCE DESTINATION NETNS IFINDEX TGID"; all that the kernel handed over.
 * KIND is that of the packet: 0 none, 1 request, 2 reply, 3 error, 4 UDP. Without icmpx's own
 * reader, checks nothing. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum {
	MAGIC_BYTES = 12,
	TYPE_EVENT = 4,
	EVENT_BYTES = 168,
	CRC_BYTES = 4,
};

static unsigned int u32(const unsigned char *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (unsigned int)at[3] << 24;
}

static unsigned int u16(const unsigned char *at, int big)
{
	return at[!big] << 8 | at[big];
}

static void print_event(const unsigned char *event)
{
	int family = event[96] == 6 ? AF_INET6 : AF_INET;
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];

	printf("%u %u %u %u %s %s %u %u %u\n", u16(event + 4, 0), (unsigned int)event[97],
	       u16(event + 104, 1), u16(event + 106, 1),
	       inet_ntop(family, event + 112, source, sizeof(source)),
	       inet_ntop(family, event + 128, destination, sizeof(destination)), u32(event + 48),
	       u32(event + 52), u32(event + 40));
}

int main(int argc, char **argv)
{
	unsigned char head[MAGIC_BYTES], payload[65536 + CRC_BYTES];
	FILE *file = argc == 2 ? fopen(argv[1], "re") : NULL;

	if (!file || fread(head, MAGIC_BYTES, 1, file) != 1 || memcmp(head, "icmpxrec", 8)) {
		fputs("not a recording\n", stderr);
		return 1;
	}
	while (fread(head, 8, 1, file) == 1) {
		unsigned int length = u32(head + 4);

		if (length > 65536 || fread(payload, length + CRC_BYTES, 1, file) != 1) {
			fputs("cut off\n", stderr);
			fclose(file);
			return 1;
		}
		if (u32(head) == TYPE_EVENT && length == EVENT_BYTES)
			print_event(payload);
	}
	fclose(file);
	return 0;
}
