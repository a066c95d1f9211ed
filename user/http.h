/* SPDX-License-Identifier: GPL-2.0-only */
/* The HTTP server of `icmpx export`: one thread, the caller's, that never waits for a client.
 * Each connection is for one request and has ten seconds for it; in a crowd 100 ms, so that who
 * says nothing keeps nobody out. */
#ifndef ICMPX_HTTP_H
#define ICMPX_HTTP_H

#include <stdbool.h>
#include <stdio.h>

#include "metrics.h"

#define HTTP_LISTEN "127.0.0.1:9917"

struct http;

/* A socket that listens on "ADDRESS:PORT", "[ADDRESS]:PORT" (numbers), or -EINVAL: it is not
 * that; or another negative errno. */
int http_listen(const char *address);

/* "127.0.0.1:9917": where a socket listens. */
const char *http_address(int fd, char *text, size_t size);

/* Serves on the socket, which is the server's then. `scrape` writes the page; a negative errno:
 * it failed, and the text is why. NULL: out of memory or descriptors. */
struct http *http_open(int fd, int (*scrape)(void *data, enum metrics_format format, FILE *out),
		       void *data);
void http_close(struct http *http);

/* To be polled for input; http_run() then, and after http_wait() ms in any case. */
int http_fd(const struct http *http);
int http_wait(const struct http *http);
void http_run(struct http *http);

/* So far. Answers of each code: `codes` (static) and `counts`, http_answers() of them. */
size_t http_answers(const struct http *http, const unsigned int **codes, const __u64 **counts);
__u64 http_cut_off(const struct http *http);

/* The better of the formats by an Accept header; NULL: there is none. */
enum metrics_format http_accept(const char *accept);

/* Whether an Accept-Encoding header (RFC 9110, 12.5.3) takes gzip; NULL: there is none. */
bool http_accept_gzip(const char *encodings);

#endif
