// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "drops.h"
#include "format.h"
#include "render_trace_text.h"
#include "util.h"

const char *render_trace_time(__u64 ns, struct trace_text *text)
{
	if (ns < 10000000)
		snprintf(text->buf, sizeof(text->buf), "%.1f us", ns / 1e3);
	else if (ns < 10000000000)
		snprintf(text->buf, sizeof(text->buf), "%.2f ms", ns / 1e6);
	else
		snprintf(text->buf, sizeof(text->buf), "%.2f s", ns / 1e9);
	return text->buf;
}

const char *render_trace_task(const struct catalog *catalog, __u32 tgid, __u32 tid,
			      struct trace_text *text)
{
	const char *name = catalog_name(catalog, NAME_TASK, tid);

	snprintf(text->buf, sizeof(text->buf), "%s[%u]", name ?: "process", tgid ?: tid);
	return text->buf;
}

/* --- ICMP errors in words ----------------------------------------------------- */

struct icmp_words {
	__u8 family, type;
	int code; /* -1: any other */
	const char *words;
};

static const struct icmp_words icmp_words[] = {
	{4, 3, 0, "destination unreachable: network unreachable"},
	{4, 3, 1, "destination unreachable: host unreachable"},
	{4, 3, 2, "destination unreachable: protocol unreachable"},
	{4, 3, 3, "destination unreachable: port unreachable"},
	{4, 3, 4, "destination unreachable: fragmentation needed"},
	{4, 3, 5, "destination unreachable: source route failed"},
	{4, 3, 6, "destination unreachable: network unknown"},
	{4, 3, 7, "destination unreachable: host unknown"},
	{4, 3, 9, "destination unreachable: network prohibited"},
	{4, 3, 10, "destination unreachable: host prohibited"},
	{4, 3, 13, "destination unreachable: prohibited by a filter"},
	{4, 3, -1, "destination unreachable"},
	{4, 4, -1, "source quench"},
	{4, 5, -1, "redirect"},
	{4, 11, 0, "time exceeded in transit"},
	{4, 11, 1, "time exceeded in reassembly"},
	{4, 12, -1, "parameter problem"},
	{6, 1, 0, "destination unreachable: no route"},
	{6, 1, 1, "destination unreachable: prohibited by a filter"},
	{6, 1, 2, "destination unreachable: beyond the source's scope"},
	{6, 1, 3, "destination unreachable: address unreachable"},
	{6, 1, 4, "destination unreachable: port unreachable"},
	{6, 1, 5, "destination unreachable: source address refused"},
	{6, 1, 6, "destination unreachable: route rejected"},
	{6, 1, -1, "destination unreachable"},
	{6, 2, -1, "packet too big"},
	{6, 3, 0, "hop limit exceeded in transit"},
	{6, 3, 1, "time exceeded in reassembly"},
	{6, 4, -1, "parameter problem"},
};

const char *render_trace_icmp(unsigned int family, unsigned int type, unsigned int code,
			      struct trace_text *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(icmp_words); i++) {
		const struct icmp_words *words = &icmp_words[i];

		if (words->family != family || words->type != type)
			continue;
		if (words->code >= 0 && (unsigned int)words->code != code)
			continue;
		if (words->code >= 0 || !code)
			snprintf(text->buf, sizeof(text->buf), "%s", words->words);
		else
			snprintf(text->buf, sizeof(text->buf), "%s, code %u", words->words, code);
		return text->buf;
	}
	snprintf(text->buf, sizeof(text->buf), "type %u, code %u", type, code);
	return text->buf;
}

/* --- details ------------------------------------------------------------------- */

static void append(struct trace_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void append(struct trace_text *text, const char *format, ...)
{
	size_t used = strlen(text->buf);
	va_list args;

	if (used && used + 2 < sizeof(text->buf)) {
		memcpy(text->buf + used, ", ", 3);
		used += 2;
	}
	va_start(args, format);
	vsnprintf(text->buf + used, sizeof(text->buf) - used, format, args);
	va_end(args);
}

static void append_device(const struct catalog *catalog, const struct icmpx_event *event,
			  struct trace_text *text)
{
	const char *name;

	if (!event->ifindex)
		return;
	name = catalog_name(catalog, NAME_DEVICE, catalog_device_key(event->netns, event->ifindex));
	if (name)
		append(text, "%s", name);
	else
		append(text, "device %u", event->ifindex);
}

static void append_result(const struct catalog *catalog, const struct icmpx_event *event,
			  struct trace_text *text)
{
	const char *name = catalog_name(catalog, NAME_SYSCALL, event->detail[1]);
	__s64 result = (__s64)event->detail[0];
	struct text number;

	if (result < 0)
		append(text, "%s: %s", name ?: "system call", format_errno((int)-result, &number));
	else
		append(text, "%s = %lld", name ?: "system call", (long long)result);
}

/* NETDEV_TX_BUSY and the NET_XMIT_ codes. */
static void append_driver(const struct icmpx_event *event, struct trace_text *text)
{
	int code = (int)event->detail[0];
	struct text number;

	if (code < 0)
		append(text, "the driver says %s", format_errno(-code, &number));
	else if (code == 16)
		append(text, "the driver is busy");
	else if (code == 1)
		append(text, "the driver has dropped it");
	else if (code)
		append(text, "the driver says %d", code);
}

static void append_woken(const struct ping_text *ping, const struct icmpx_event *event,
			 struct trace_text *text)
{
	const char *name = catalog_name(ping->catalog, NAME_SYSCALL, (__u64)event->syscall);
	struct trace_text task = {};

	append(text, "%s", render_trace_task(ping->catalog, event->tgid, event->tid, &task));
	if (event->syscall >= 0 && name)
		append(text, "in %s", name);
}

static void append_by_probe(const struct ping_text *ping, const struct icmpx_event *event,
			    struct trace_text *text)
{
	struct trace_text words = {};
	struct text number;

	switch (event->probe) {
	case HOP_SYSCALL:
		if (ping->view->verbose || event->tid != ping->ping->tid)
			append(text, "%s",
			       render_trace_task(ping->catalog, event->tgid, event->tid, &words));
		break;
	case ICMPX_TP_SYS_EXIT:
		append_result(ping->catalog, event, text);
		break;
	case ICMPX_TP_NET_DEV_XMIT:
		append_driver(event, text);
		break;
	case ICMPX_TP_COPY:
		append(text, "%llu bytes", (unsigned long long)event->detail[0]);
		break;
	case ICMPX_TP_QUEUE_FULL:
		append(text, "%llu of %llu bytes", (unsigned long long)event->detail[0],
		       (unsigned long long)event->detail[1]);
		break;
	case ICMPX_TP_ICMP_SEND:
		append(text, "%s",
		       render_trace_icmp(event->packet.family, (unsigned int)event->detail[0],
					 (unsigned int)event->detail[1], &words));
		break;
	case ICMPX_TP_ERROR_REPORT:
		if (event->detail[0])
			append(text, "%s", format_errno((int)event->detail[0], &number));
		break;
	case ICMPX_TP_WAKING:
	case ICMPX_TP_SWITCH_IN:
		append_woken(ping, event, text);
		break;
	case ICMPX_TP_XDP_REPLY:
		append(text, "answered at the driver (XDP, icmpx)");
		break;
	case ICMPX_TP_NEIGH_WAIT:
		append(text, "waits for its neighbour's MAC address");
		break;
	}
}

const char *render_trace_details(const struct ping_text *ping, const struct hop *hop,
				 struct trace_text *details)
{
	const struct icmpx_event *event = &hop->event;
	enum icmpx_layer layer = trace_probe_layer(event->probe);
	const char *netns = catalog_name(ping->catalog, NAME_NETNS, event->netns);
	bool verbose = ping->view->verbose;

	*details->buf = '\0';
	if (verbose || layer == ICMPX_LAYER_LINK || event->probe == ICMPX_TP_RECEIVE)
		append_device(ping->catalog, event, details);
	append_by_probe(ping, event, details);
	if (event->flags & ICMPX_FRAGMENT)
		append(details, "fragment");
	if (verbose || event->cpu != ping->cpu)
		append(details, "CPU %u", event->cpu);
	if (verbose && netns)
		append(details, "netns %s", netns);
	if (verbose && event->flags & ICMPX_CARRIED)
		append(details, "taken to be of the packet that this CPU was receiving");
	return details->buf;
}

/* --- drops ----------------------------------------------------------------------- */

static void put_advice(struct ping_text *text, unsigned int indent, const char *symbol,
		       const char *reason)
{
	const struct drop_advice *advice;
	char function[64];

	snprintf(function, sizeof(function), "%.*s", (int)strcspn(symbol, "+"), symbol);
	advice = drops_advice(reason, function);
	if (!advice)
		return;
	line_pad(&text->line, indent);
	line_words(&text->line, STYLE_PLAIN, indent, advice->cause);
	line_end(&text->line);
	if (!advice->look)
		return;
	line_pad(&text->line, indent);
	line_put(&text->line, STYLE_BOLD, "look further: ");
	line_words(&text->line, STYLE_PLAIN, indent, advice->look);
	line_end(&text->line);
}

void render_trace_drop(struct ping_text *text, const struct hop *hop, unsigned int indent)
{
	const struct icmpx_event *event = &hop->event;
	const char *symbol = catalog_name(text->catalog, NAME_SYMBOL, event->detail[0]);
	const char *reason = catalog_name(text->catalog, NAME_REASON, event->detail[1]);
	struct trace_text words = {};

	if (hop->benign) {
		snprintf(words.buf, sizeof(words.buf),
			 "freed in %s: a clone that nobody needed (benign)", symbol ?: "?");
		line_words(&text->line, STYLE_DIM, indent, words.buf);
		line_end(&text->line);
		return;
	}
	if (reason)
		snprintf(words.buf, sizeof(words.buf), "dropped in %s (%s)", symbol ?: "?", reason);
	else
		snprintf(words.buf, sizeof(words.buf), "dropped in %s%s", symbol ?: "?",
			 event->detail[1] ? "" : " (this kernel gives no reason)");
	line_words(&text->line, STYLE_RED, indent, words.buf);
	line_end(&text->line);
	put_advice(text, indent, symbol ?: "", reason);
}
