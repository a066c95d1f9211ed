// SPDX-License-Identifier: GPL-2.0-only
/* udp receive ADDRESS PORT: says "bound", then read()s one datagram.
 * udp send ADDRESS PORT BYTES: write()s one from a connected socket while another thread sleeps
 * in recv(), for SECONDS at most; says what that thread got: bytes, or an error's name. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "errno_name.h"

#define SECONDS   1
#define MAX_BYTES 65507

static int open_socket(const char *address, const char *port,
		       int (*join)(int, const struct sockaddr *, socklen_t))
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_DGRAM};
	const struct timeval limit = {.tv_sec = join == connect ? SECONDS : 0};
	struct addrinfo *info;
	int fd = -1;

	if (getaddrinfo(address, port, &hints, &info))
		return -1;
	fd = socket(info->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && (join(fd, info->ai_addr, info->ai_addrlen) ||
			setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(info);
	return fd;
}

static int receive_one(int fd)
{
	char data[MAX_BYTES];

	puts("bound");
	fflush(stdout);
	return read(fd, data, sizeof(data)) < 0;
}

struct reader {
	int fd;
	pid_t tid;
};

static void *read_answer(void *data)
{
	struct reader *reader = data;
	char answer[64];
	ssize_t bytes;

	__atomic_store_n(&reader->tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	bytes = recv(reader->fd, answer, sizeof(answer), 0);
	if (bytes < 0)
		puts(errno_name(errno));
	else
		printf("%zd bytes\n", bytes);
	return NULL;
}

/* 'S': it sleeps. */
static char state_of(pid_t tid)
{
	char path[64], state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = tid ? fopen(path, "re") : NULL;
	if (!file)
		return state;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(file);
	return state;
}

static int send_one(int fd, size_t bytes)
{
	static const char data[MAX_BYTES];
	struct reader reader = {.fd = fd};
	pthread_t thread;
	int tries = 10000;

	if (pthread_create(&thread, NULL, read_answer, &reader))
		return 1;
	while (state_of(__atomic_load_n(&reader.tid, __ATOMIC_ACQUIRE)) != 'S' && tries--)
		usleep(100);
	if (write(fd, data, bytes) < 0)
		perror("write");
	pthread_join(thread, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	int sends = argc == 5 && !strcmp(argv[1], "send"), fd;
	size_t bytes = sends ? strtoul(argv[4], NULL, 10) : 0;

	if (argc != 4 + sends || bytes > MAX_BYTES)
		return 2;
	fd = open_socket(argv[2], argv[3], sends ? connect : bind);
	if (fd < 0) {
		perror(argv[2]);
		return 1;
	}
	return sends ? send_one(fd, bytes) : receive_one(fd);
}
