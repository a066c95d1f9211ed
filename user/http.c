// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <microhttpd.h>

#include "clock.h"
#include "gzip.h"
#include "http.h"
#include "util.h"

#define CONNECTIONS 64          /* at once; others wait in the kernel */
#define CROWD       48          /* from so many on there is haste */
#define PATIENCE    10000000000 /* ns that a connection may take, ... */
#define HASTE       100000000   /* ... and in a crowd */
#define REQUEST_MAX (8 << 10)   /* bytes of a request's head */
#define FRESH       100000000   /* ns that a page is good for: a storm reads it once */
#define CLIENT_MS   250         /* how often those that are late are looked for, ... */
#define CROWD_MS    20          /* ... and in a crowd */
#define IDLE_MS     60000

struct client {
	struct client *next; /* the younger one */
	__u64 since;
	int fd;
	bool cut_off;
};

static const unsigned int codes[] = {200, 404, 405, 500};

struct page {
	struct MHD_Response *response; /* NULL: none yet */
	unsigned int code;
	__u64 made;
};

struct http {
	struct MHD_Daemon *daemon;
	int (*scrape)(void *data, enum metrics_format format, FILE *out);
	void *data;
	struct page pages[METRICS_FORMAT_MAX][2]; /* [gzip] */
	struct client *clients;                   /* the oldest first */
	size_t count;
	bool again; /* a connection ended: only the next round accepts others in its place */
	__u64 answers[ARRAY_SIZE(codes)];
	__u64 cut_off;
};

/* --- connections ------------------------------------------------------------------ */

/* The server sees its end in the next round. */
static void cut_off(struct http *http, struct client *client)
{
	if (client->cut_off)
		return;
	client->cut_off = true;
	http->cut_off++;
	shutdown(client->fd, SHUT_RDWR);
}

static void cut_off_late(struct http *http)
{
	__u64 patience = http->count < CROWD ? PATIENCE : HASTE;
	__u64 now = clock_now();

	for (struct client *client = http->clients; client; client = client->next)
		if (now - client->since > patience)
			cut_off(http, client);
}

static struct client *add_client(struct http *http, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct client *client = calloc(1, sizeof(*client)), **end = &http->clients;

	if (!client)
		return NULL;
	client->since = clock_now();
	client->fd = info ? info->connect_fd : -1;
	while (*end)
		end = &(*end)->next;
	*end = client;
	http->count++;
	return client;
}

static void remove_client(struct http *http, struct client *client)
{
	struct client **at = &http->clients;

	while (*at && *at != client)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = client->next;
	http->count--;
	free(client);
}

static void on_connection(void *data, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct http *http = data;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = add_client(http, connection);
	} else {
		remove_client(http, *context);
		http->again = true;
		*context = NULL;
	}
}

/* --- answers ---------------------------------------------------------------------- */

static enum MHD_Result answer(struct http *http, struct MHD_Connection *connection,
			      unsigned int code, struct MHD_Response *response)
{
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		http->answers[i] += codes[i] == code;
	return MHD_queue_response(connection, code, response);
}

static struct MHD_Response *response_of(char *text, size_t size, enum MHD_ResponseMemoryMode mode,
					const char *type)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(size, text, mode);

	if (!response) {
		if (mode == MHD_RESPMEM_MUST_FREE)
			free(text);
		return NULL;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	return response;
}

static enum MHD_Result answer_text(struct http *http, struct MHD_Connection *connection,
				   unsigned int code, const char *text, const char *type)
{
	struct MHD_Response *response =
		response_of((char *)text, strlen(text), MHD_RESPMEM_PERSISTENT, type);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = answer(http, connection, code, response);
	MHD_destroy_response(response);
	return result;
}

/* NULL: out of memory. */
static char *page_text(struct http *http, enum metrics_format format, size_t *size, int *err)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		return NULL;
	*err = http->scrape(http->data, format, out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static struct MHD_Response *packed_response(char *text, size_t size, const char *type)
{
	size_t packed_size;
	char *packed = gzip_pack(text, size, &packed_size);
	struct MHD_Response *response;

	free(text);
	if (!packed)
		return NULL;
	response = response_of(packed, packed_size, MHD_RESPMEM_MUST_FREE, type);
	if (response)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	return response;
}

static void make_page(struct http *http, enum metrics_format format, bool gzip)
{
	struct page *page = &http->pages[format][gzip];
	const char *type = metrics_content_type(format);
	size_t size = 0;
	char *text;
	int err;

	if (page->response)
		MHD_destroy_response(page->response);
	page->response = NULL;
	text = page_text(http, format, &size, &err);
	if (!text)
		return;
	page->code = err ? MHD_HTTP_INTERNAL_SERVER_ERROR : MHD_HTTP_OK;
	if (err)
		page->response =
			response_of(text, size, MHD_RESPMEM_MUST_FREE, "text/plain; charset=utf-8");
	else if (gzip)
		page->response = packed_response(text, size, type);
	else
		page->response = response_of(text, size, MHD_RESPMEM_MUST_FREE, type);
	if (page->response) /* what the answer depends on, for caches between */
		MHD_add_response_header(page->response, MHD_HTTP_HEADER_VARY,
					"Accept, Accept-Encoding");
	page->made = clock_now();
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer_metrics(struct http *http, struct MHD_Connection *connection)
{
	enum metrics_format format = http_accept(header(connection, MHD_HTTP_HEADER_ACCEPT));
	bool gzip = http_accept_gzip(header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
	struct page *page = &http->pages[format][gzip];

	if (!page->response || clock_now() - page->made > FRESH)
		make_page(http, format, gzip);
	if (!page->response)
		return MHD_NO;
	return answer(http, connection, page->code, page->response);
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *body,
				  size_t *size, void **context)
{
	static const char plain[] = "text/plain; charset=utf-8";
	struct http *http = data;

	(void)version, (void)body, (void)size, (void)context;
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return answer_text(http, connection, MHD_HTTP_METHOD_NOT_ALLOWED,
				   "only GET and HEAD\n", plain);
	if (!strcmp(url, "/metrics"))
		return answer_metrics(http, connection);
	if (!strcmp(url, "/-/healthy"))
		return answer_text(http, connection, MHD_HTTP_OK, "icmpx is healthy\n", plain);
	if (!strcmp(url, "/"))
		return answer_text(http, connection, MHD_HTTP_OK,
				   "<!DOCTYPE html><html lang=\"en\"><title>icmpx</title>"
				   "<h1>icmpx " ICMPX_VERSION "</h1>"
				   "<p><a href=\"/metrics\">Metrics</a></html>\n",
				   "text/html; charset=utf-8");
	return answer_text(http, connection, MHD_HTTP_NOT_FOUND, "nothing here; see /metrics\n",
			   plain);
}

/* --- the server -------------------------------------------------------------------- */

struct http *http_open(int fd, int (*scrape)(void *data, enum metrics_format format, FILE *out),
		       void *data)
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http)
		return NULL;
	http->scrape = scrape;
	http->data = data;
	http->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, http,
					MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
					CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
					(size_t)REQUEST_MAX, MHD_OPTION_NOTIFY_CONNECTION,
					on_connection, http, MHD_OPTION_END);
	if (http->daemon)
		return http;
	free(http);
	return NULL;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	MHD_stop_daemon(http->daemon);
	for (int i = 0; i < METRICS_FORMAT_MAX; i++)
		for (int gzip = 0; gzip < 2; gzip++)
			if (http->pages[i][gzip].response)
				MHD_destroy_response(http->pages[i][gzip].response);
	free(http);
}

int http_fd(const struct http *http)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info ? info->epoll_fd : -1;
}

int http_wait(const struct http *http)
{
	int most = !http->count ? IDLE_MS : http->count < CROWD ? CLIENT_MS : CROWD_MS;
	MHD_UNSIGNED_LONG_LONG ms;

	if (http->again)
		return 0;
	if (MHD_get_timeout(http->daemon, &ms) == MHD_YES && ms < (unsigned int)most)
		return ms;
	return most;
}

void http_run(struct http *http)
{
	http->again = false;
	cut_off_late(http);
	MHD_run(http->daemon);
}

size_t http_answers(const struct http *http, const unsigned int **list, const __u64 **counts)
{
	*list = codes;
	*counts = http->answers;
	return ARRAY_SIZE(codes);
}

__u64 http_cut_off(const struct http *http)
{
	return http->cut_off;
}
