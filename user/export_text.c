// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>

#include "export_text.h"
#include "safe_text.h"
#include "trace.h"

/* A name that is cut may be cut within a character. */
static const char *put(struct export_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static const char *put(struct export_text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text->buf, sizeof(text->buf), format, args);
	va_end(args);
	safe_text(text->buf);
	return text->buf;
}

const char *export_hop_name(const struct catalog *catalog, const struct hop *hop)
{
	unsigned int probe = hop->event.probe;
	const char *name = NULL;

	if (hop->synthetic)
		return "sys_enter";
	if (probe >= ICMPX_FN_FIRST)
		name = catalog_name(catalog, NAME_FUNCTION, probe);
	return name ?: trace_probe_name(probe) ?: "unknown";
}

const char *export_packet(const struct icmpx_packet *packet, struct export_text *text)
{
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];
	int family = packet->family == 6 ? AF_INET6 : AF_INET;
	bool udp = packet->protocol == IPPROTO_UDP;

	inet_ntop(family, packet->source, source, sizeof(source));
	inet_ntop(family, packet->destination, destination, sizeof(destination));
	return put(text, "%s > %s, %s %u, %s %u", source, destination, udp ? "port" : "id",
		   ntohs(packet->id), udp ? "to" : "seq", ntohs(packet->seq));
}

const char *export_context(const struct catalog *catalog, const struct icmpx_event *event,
			   struct export_text *text)
{
	if (!trace_has_task(event))
		return put(text, "CPU %u%s", event->cpu,
			   event->flags & ICMPX_IN_SOFTIRQ ? ", softirq" : "");
	return put(text, "%s[%u]", catalog_name(catalog, NAME_TASK, event->tid) ?: "process",
		   event->tid);
}

const char *export_device(const struct catalog *catalog, const struct icmpx_event *event,
			  struct export_text *text)
{
	const char *name;

	if (!event->ifindex)
		return NULL;
	name = catalog_name(catalog, NAME_DEVICE, catalog_device_key(event->netns, event->ifindex));
	return name ? put(text, "%s", name) : put(text, "device %u", event->ifindex);
}

const char *export_fate(const struct catalog *catalog, const struct hop *hop,
			struct export_text *text)
{
	const struct icmpx_event *event = &hop->event;
	const char *symbol, *reason;

	if (hop->synthetic)
		return NULL;
	if (event->probe == ICMPX_TP_XDP_REPLY)
		return "answered at the driver";
	if (event->probe != ICMPX_TP_DROP)
		return NULL;
	symbol = catalog_name(catalog, NAME_SYMBOL, event->detail[0]) ?: "?";
	reason = catalog_name(catalog, NAME_REASON, event->detail[1]);
	if (hop->benign)
		return put(text, "freed in %.300s (benign)", symbol);
	return reason ? put(text, "dropped in %.300s (%.300s)", symbol, reason)
		      : put(text, "dropped in %.300s", symbol);
}
