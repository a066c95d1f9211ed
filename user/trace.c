// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "trace.h"
#include "util.h"

struct probe_info {
	const char *name; /* of a function: "today's|others" */
	const char *help;
	enum icmpx_layer layer;
};

static const struct probe_info probes[ICMPX_PROBE_MAX] = {
#define X(id, name, layer, help) [ICMPX_TP_##id] = {name, help, ICMPX_LAYER_##layer},
	ICMPX_TRACEPOINTS(X)
#undef X
#define X(id, names, layer, skb, help) [ICMPX_FN_##id] = {names, help, ICMPX_LAYER_##layer},
		ICMPX_FUNCTIONS(X)
#undef X
};

/* The first name of each function, cut off from the others. */
static const char *first_name(unsigned int probe)
{
	static char names[ICMPX_PROBE_MAX][48];
	size_t length;

	if (!names[probe][0]) {
		length = strcspn(probes[probe].name, "|");
		if (length >= sizeof(names[probe]))
			length = sizeof(names[probe]) - 1;
		memcpy(names[probe], probes[probe].name, length);
	}
	return names[probe];
}

static bool is_probe(unsigned int probe)
{
	return probe < ICMPX_PROBE_MAX && probes[probe].name;
}

const char *trace_probe_name(unsigned int probe)
{
	if (!is_probe(probe))
		return NULL;
	return probe < ICMPX_FN_FIRST ? probes[probe].name : first_name(probe);
}

enum icmpx_layer trace_probe_layer(unsigned int probe)
{
	return is_probe(probe) ? probes[probe].layer : ICMPX_LAYER_OTHER;
}

const char *trace_probe_help(unsigned int probe)
{
	return is_probe(probe) ? probes[probe].help : NULL;
}

static bool has_name(const char *names, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = names; at; at = strchr(at, '|')) {
		at += *at == '|';
		if (!strncmp(at, name, length) && (at[length] == '|' || !at[length]))
			return true;
	}
	return false;
}

int trace_probe_lookup(const char *name)
{
	/* A function before a tracepoint of the same name: it is functions that stacks show. */
	for (unsigned int i = ICMPX_FN_FIRST; i < ICMPX_PROBE_MAX; i++)
		if (has_name(probes[i].name, name))
			return i;
	for (unsigned int i = 0; i < ICMPX_TP_MAX; i++)
		if (!strcmp(probes[i].name, name))
			return i;
	return -1;
}

const char *trace_layer_name(enum icmpx_layer layer)
{
	static const char *const names[] = {
#define X(id, name, title) name,
		ICMPX_LAYERS(X)
#undef X
	};

	return names[layer < ICMPX_LAYER_MAX ? layer : ICMPX_LAYER_OTHER];
}

const char *trace_layer_title(enum icmpx_layer layer)
{
	static const char *const titles[] = {
#define X(id, name, title) title,
		ICMPX_LAYERS(X)
#undef X
	};

	return titles[layer < ICMPX_LAYER_MAX ? layer : ICMPX_LAYER_OTHER];
}

const char *trace_kind_name(enum icmpx_kind kind)
{
	static const char *const names[] = {"none", "request", "reply", "error", "udp"};

	_Static_assert(ARRAY_SIZE(names) == ICMPX_KIND_MAX, "a name for each kind");
	return names[kind < ICMPX_KIND_MAX ? kind : ICMPX_KIND_NONE];
}

bool trace_has_task(const struct icmpx_event *event)
{
	if (!event->tid)
		return false;
	return !(event->flags & ICMPX_IN_SOFTIRQ) || event->probe == ICMPX_TP_WAKING ||
	       event->probe == ICMPX_TP_SWITCH_IN;
}
