// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "compare_documents.h"
#include "trace.h"
#include "util.h"

const struct document documents[] = {
#define X(path, name, layer) {DOCUMENTED_##path, name, ICMPX_LAYER_##layer},
	ICMPX_DOCUMENTED(X)
#undef X
};
const size_t documents_count = ARRAY_SIZE(documents);

/* Not a function, but one of many. */
enum document_class {
	CLASS_FUNCTION,
	CLASS_CALL, /* a system call as programs name it */
	CLASS_DRIVER,
	CLASS_INTERRUPT,
};

static enum document_class class_of(const struct document *document)
{
	if (!strcmp(document->name, "driver"))
		return CLASS_DRIVER;
	if (!strcmp(document->name, "interrupt"))
		return CLASS_INTERRUPT;
	if (document->layer == ICMPX_LAYER_SYSCALL && !strchr(document->name, '_'))
		return CLASS_CALL;
	return CLASS_FUNCTION;
}

static int probe_of(const struct document *document)
{
	char name[64];
	int probe = trace_probe_lookup(document->name);

	if (class_of(document) != CLASS_CALL)
		return probe;
	snprintf(name, sizeof(name), "__sys_%s", document->name);
	return trace_probe_lookup(name);
}

static bool begins_with(const char *text, const char *beginning)
{
	return !strncmp(text, beginning, strlen(beginning));
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && !strcmp(text + length - end_length, end);
}

/* Of icmpx's list the two that most pings meet; others by the names that drivers' transmit
 * functions have. */
static bool is_driver(const char *name, int probe)
{
	static const char *const cores[] = {"__dev", "dev_",      "netdev_",   "__netdev_",
					    "xmit_", "validate_", "sch_",      "ip_",
					    "ip6_",  "__ip",      "iptunnel_", "udp"};

	if (probe == ICMPX_FN_LOOPBACK_XMIT || probe == ICMPX_FN_VETH_XMIT)
		return true;
	if (probe >= 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(cores); i++)
		if (begins_with(name, cores[i]))
			return false;
	return ends_with(name, "_xmit") || ends_with(name, "_xmit_frame") ||
	       !strcmp(name, "start_xmit");
}

static bool is_interrupt(const char *name)
{
	return (strstr(name, "common_interrupt") || !strcmp(name, "do_IRQ") ||
		begins_with(name, "handle_irq_event") || begins_with(name, "__handle_irq_event"));
}

bool document_is_function(const struct document *document)
{
	return class_of(document) == CLASS_FUNCTION;
}

bool document_is(const struct document *document, const char *name, bool function, int probe)
{
	switch (class_of(document)) {
	case CLASS_DRIVER:
		return function && is_driver(name, probe);
	case CLASS_INTERRUPT:
		return function && is_interrupt(name);
	default:
		return !strcmp(name, document->name) ||
		       (function && probe >= 0 && probe == probe_of(document));
	}
}

/* Of names with "|" between. */
static bool exists_any(const char *names, bool (*exists)(void *data, const char *name), void *data)
{
	char name[64];

	while (*names) {
		size_t length = strcspn(names, "|");

		snprintf(name, sizeof(name), "%.*s", (int)length, names);
		if (exists(data, name))
			return true;
		names += length + (names[length] == '|');
	}
	return false;
}

bool document_exists(const struct document *document, bool (*exists)(void *data, const char *name),
		     void *data)
{
	static const char *const names[] = {
#define X(id, text, layer, skb, help) [ICMPX_FN_##id - ICMPX_FN_FIRST] = text,
		ICMPX_FUNCTIONS(X)
#undef X
	};
	int probe = probe_of(document);

	if (!exists || class_of(document) != CLASS_FUNCTION || exists(data, document->name))
		return true;
	return probe >= ICMPX_FN_FIRST && exists_any(names[probe - ICMPX_FN_FIRST], exists, data);
}
