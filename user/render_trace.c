// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "path_edges.h"
#include "render_trace_text.h"
#include "util.h"

struct text_line render_trace_line(FILE *out, const struct trace_view *view)
{
	return (struct text_line){
		.out = out,
		.width = view->width ?: 80,
		.colour = view->colour,
		.ascii = view->ascii,
	};
}

static const char *stacks_words(__u32 stacks)
{
	switch (stacks) {
	case ICMPX_STACKS_PATHS:
		return "once each";
	case ICMPX_STACKS_ALWAYS:
		return "at each event";
	}
	return "off";
}

/* Cut off where it is full. */
static void append(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void append(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, size - used, format, args);
	va_end(args);
}

/* What the inferred functions come from, which may be another kernel. */
static void put_edges(struct text_line *line, const struct trace_header *header)
{
	const struct edges *edges = edges_of(header->kernel);
	char text[256] = "inferred: from the sources";

	if (edges)
		snprintf(text, sizeof(text), "inferred: as measured on %s %s", edges_kernel(edges),
			 edges_machine(edges));
	if (edges &&
	    (!edges_fit(edges, header->kernel) || strcmp(edges_machine(edges), header->machine)))
		append(text, sizeof(text), ", for this %s %s", header->kernel, header->machine);
	line_pad(line, 2);
	line_words(line, STYLE_DIM, 4, text);
	line_end(line);
}

void render_trace_header_text(FILE *out, const struct trace_header *header,
			      const struct trace_view *view)
{
	struct text_line line = render_trace_line(out, view);
	char text[2048] = "icmpx trace: ";

	if (!strcmp(header->backend, "none"))
		append(text, sizeof(text), "time stamps of its own pings alone");
	else
		append(text, sizeof(text), "backend %s%s%s%s, %u of %u probes", header->backend,
		       *header->method ? " (" : "", header->method, *header->method ? ")" : "",
		       header->probes, header->possible);
	if (*header->why)
		append(text, sizeof(text), " (%s)", header->why);
	append(text, sizeof(text), "; Linux %s %s; call paths %s", header->kernel, header->machine,
	       stacks_words(header->stacks));
	line_words(&line, STYLE_PLAIN, 2, text);
	line_end(&line);
	if (!view->verbose)
		return;
	put_edges(&line, header);
	if (!*header->missing)
		return;
	line_pad(&line, 2);
	snprintf(text, sizeof(text), "not there: %s", header->missing);
	line_words(&line, STYLE_DIM, 4, text);
	line_end(&line);
}

/* --- a ping --------------------------------------------------------------------- */

static const char *end_title(enum ping_end end)
{
	static const char *const titles[] = {
#define X(id, name, title) title,
		PING_ENDS(X)
#undef X
	};

	return titles[end < PING_END_MAX ? end : PING_INCOMPLETE];
}

/* "no_reply" -> "no reply" */
static const char *end_words(enum ping_end end, struct trace_text *text)
{
	snprintf(text->buf, sizeof(text->buf), "%s", ping_end_name(end));
	for (char *at = strchr(text->buf, '_'); at; at = strchr(at, '_'))
		*at = ' ';
	return text->buf;
}

void render_trace_identity(FILE *out, const struct ping *ping, const struct trace_view *view)
{
	const struct icmpx_packet *packet = &ping->packet;
	struct text_line line = render_trace_line(out, view);
	bool udp = packet->kind == ICMPX_KIND_UDP;
	struct text source, destination;
	__be32 address[2][4];
	char words[256];

	memcpy(address[0], packet->source, sizeof(address[0]));
	memcpy(address[1], packet->destination, sizeof(address[1]));
	format_address(packet->family == 6, address[0], false, &source);
	format_address(packet->family == 6, address[1], false, &destination);
	snprintf(words, sizeof(words), "%s %s -> %s, ", udp ? "udp" : "ping", source.buf,
		 destination.buf);
	append(words, sizeof(words), udp ? "port %u to %u" : "id %u seq %u", ntohs(packet->id),
	       ntohs(packet->seq));
	if (packet->bytes)
		append(words, sizeof(words), ",");
	line_words(&line, STYLE_BOLD, 2, words);
	if (packet->bytes) {
		snprintf(words, sizeof(words), " %u bytes", packet->bytes);
		if (packet->ttl)
			append(words, sizeof(words), ", %s %u",
			       packet->family == 6 ? "hop limit" : "ttl", packet->ttl);
		line_words(&line, STYLE_PLAIN, 2, words);
	}
	line_end(&line);
}

static void append_notes(const struct ping_text *text, char *words, size_t size)
{
	const struct ping *ping = text->ping;
	struct trace_text task = {};

	if (ping->raw_socket || ping->ping_socket)
		append(words, size, "; %s socket", ping->raw_socket ? "raw" : "ping");
	if (ping->tid)
		append(words, size, "; %s",
		       render_trace_task(text->catalog, ping->tgid, ping->tid, &task));
	if (ping->at_driver)
		append(words, size, "; answered at the driver");
	if (ping->duplicate)
		append(words, size, "; more than one reply (DUP!)");
	if (ping->lost)
		append(words, size, "; %u records lost", ping->lost);
	if (ping->left_out)
		append(words, size, "; %u hops left out", ping->left_out);
}

static void put_end(struct ping_text *text)
{
	const struct ping *ping = text->ping;
	bool good = ping->end == PING_COMPLETE || ping->end == PING_RECEIVED ||
		    ping->end == PING_ANSWERED;
	struct trace_text end = {}, time = {};
	char words[512];

	line_put(&text->line, good ? STYLE_GREEN : STYLE_RED, "%s", end_words(ping->end, &end));
	snprintf(words, sizeof(words), ", %s", render_trace_time(ping->last - ping->first, &time));
	if (ping->end != PING_COMPLETE)
		append(words, sizeof(words), ": %s", end_title(ping->end));
	append_notes(text, words, sizeof(words));
	line_words(&text->line, STYLE_PLAIN, 2, words);
	line_end(&text->line);
}

void render_trace_ping_text(FILE *out, const struct ping *ping, const struct catalog *catalog,
			    const struct trace_view *view)
{
	struct ping_text text = {
		.ping = ping,
		.catalog = catalog,
		.view = view,
		.line = render_trace_line(out, view),
		.cpu = -1,
	};

	render_trace_identity(out, ping, view);
	put_end(&text);
	render_trace_frames(&text);
	render_trace_stages(&text);
	line_end(&text.line);
}

/* --- the end -------------------------------------------------------------------- */

void render_trace_end_text(FILE *out, const struct assemble_counts *counts,
			   const struct trace_view *view)
{
	struct text_line line = render_trace_line(out, view);
	const struct {
		__u64 count;
		const char *words;
	} others[] = {
		{counts->pushed_out, "pushed out by others"},
		{counts->hops_left_out, "hops left out"},
		{counts->late, "events late"},
		{view->verbose ? counts->orphans : 0, "events of no ping"},
	};
	const char *between = ": ";
	char text[512];

	snprintf(text, sizeof(text), "%llu ping%s", (unsigned long long)counts->pings,
		 counts->pings == 1 ? "" : "s");
	for (unsigned int i = 0; i < PING_END_MAX; i++) {
		struct trace_text words = {};

		if (!counts->ends[i])
			continue;
		append(text, sizeof(text), "%s%llu %s", between,
		       (unsigned long long)counts->ends[i], end_words(i, &words));
		between = ", ";
	}
	append(text, sizeof(text), "; %llu records lost", (unsigned long long)counts->lost);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].count)
			append(text, sizeof(text), ", %llu %s", (unsigned long long)others[i].count,
			       others[i].words);
	line_words(&line, counts->lost ? STYLE_RED : STYLE_PLAIN, 2, text);
	line_end(&line);
}
