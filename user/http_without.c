// SPDX-License-Identifier: GPL-2.0-only
/* In a program without libmicrohttpd, which says so before it serves: nothing here is called. */
#include "http.h"

struct http *http_open(int fd, int (*scrape)(void *data, enum metrics_format format, FILE *out),
		       void *data)
{
	(void)scrape;
	(void)data;
	(void)fd;
	return NULL;
}

void http_close(struct http *http)
{
	(void)http;
}

int http_fd(const struct http *http)
{
	(void)http;
	return -1;
}

int http_wait(const struct http *http)
{
	(void)http;
	return -1;
}

void http_run(struct http *http)
{
	(void)http;
}

size_t http_answers(const struct http *http, const unsigned int **codes, const __u64 **counts)
{
	(void)http;
	*codes = NULL;
	*counts = NULL;
	return 0;
}

__u64 http_cut_off(const struct http *http)
{
	(void)http;
	return 0;
}
