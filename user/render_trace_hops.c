// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "errno_name.h"
#include "render_trace_hops.h"
#include "trace.h"
#include "util.h"

int hop_names_init(struct hop_names *names, const struct catalog *catalog)
{
	*names = (struct hop_names){.catalog = catalog};
	for (size_t i = 0; i < ARRAY_SIZE(names->last); i++) {
		names->last[i].gen = yajl_gen_alloc(NULL);
		if (!names->last[i].gen)
			return -ENOMEM;
	}
	return 0;
}

void hop_names_destroy(struct hop_names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(names->last); i++)
		if (names->last[i].gen)
			yajl_gen_free(names->last[i].gen);
}

/* Between two pings the catalog may have changed. */
static void forget_names(struct hop_names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(names->last); i++)
		names->last[i].valid = false;
}

static const struct last_name *find_name(struct hop_names *names, enum name_kind kind, __u64 key)
{
	struct last_name *last = &names->last[kind];
	const char *name;

	if (last->valid && last->key == key)
		return last;
	last->valid = true;
	last->key = key;
	last->text = NULL;
	name = catalog_name(names->catalog, kind, key);
	if (name) {
		yajl_gen_reset(last->gen, NULL);
		yajl_gen_clear(last->gen);
		yajl_gen_string(last->gen, (const unsigned char *)name, strlen(name));
		yajl_gen_get_buf(last->gen, &last->text, &last->length);
	}
	return last;
}

/* In all of these `lead` is what comes before the value, a literal. */
#define hot inline __attribute__((always_inline))

static hot void put_number(struct json_text *text, const char *lead, __u64 number)
{
	json_put_text(text, lead);
	json_put_digits(text, number);
}

/* For numbers that stand where a name would. */
static hot void put_quoted_number(struct json_text *text, const char *lead, __u64 number)
{
	put_number(text, lead, number);
	json_put_text(text, "\"");
}

/* For icmpx's own words, which need no escapes. */
static hot void put_word(struct json_text *text, const char *lead, const char *word)
{
	json_put_text(text, lead);
	json_put_text(text, word);
	json_put_text(text, "\"");
}

static hot void put_flag(struct json_text *text, const char *lead, bool flag)
{
	if (!flag)
		return;
	json_put_text(text, lead);
	json_put_text(text, "true");
}

/* False: it has no name, and nothing was put. */
static hot bool put_name(struct json_text *text, const char *lead, struct hop_names *names,
			 enum name_kind kind, __u64 key)
{
	const struct last_name *name = find_name(names, kind, key);

	if (!name->text)
		return false;
	json_put_text(text, lead);
	json_put(text, (const char *)name->text, name->length);
	return true;
}

static void put_errno(struct json_text *text, __u64 number)
{
	const char *name = number <= 4095 ? errno_name((int)number) : NULL;

	if (name)
		put_word(text, ",\"errno\":\"", name);
	else
		put_quoted_number(text, ",\"errno\":\"", number);
}

static void put_result(struct json_text *text, __s64 result)
{
	json_put_text(text, ",\"result\":");
	json_put_signed_digits(text, result);
	if (result < 0 && result >= -4095)
		put_errno(text, -result);
}

static void put_icmp(struct json_text *text, __u64 type, __u64 code)
{
	put_number(text, ",\"icmp_type\":", type);
	put_number(text, ",\"icmp_code\":", code);
}

/* Kernels that give no reason leave it 0. */
static void put_drop(struct json_text *text, struct hop_names *names, const __u64 *detail)
{
	put_name(text, ",\"location\":", names, NAME_SYMBOL, detail[0]);
	if (!put_name(text, ",\"reason\":", names, NAME_REASON, detail[1]) && detail[1])
		put_quoted_number(text, ",\"reason\":\"", detail[1]);
}

/* What detail[] holds at each probe: see ICMPX_TRACEPOINTS. */
static void put_detail(struct json_text *text, struct hop_names *names,
		       const struct icmpx_event *event)
{
	const __u64 *detail = event->detail;

	switch (event->probe) {
	case ICMPX_TP_SYS_EXIT:
		put_result(text, (__s64)detail[0]);
		break;
	case ICMPX_TP_NET_DEV_XMIT:
		put_result(text, (__s32)detail[0]);
		break;
	case ICMPX_TP_CONSUME:
		put_name(text, ",\"location\":", names, NAME_SYMBOL, detail[0]);
		break;
	case ICMPX_TP_DROP:
		put_drop(text, names, detail);
		break;
	case ICMPX_TP_COPY:
		put_number(text, ",\"copied_bytes\":", detail[0]);
		break;
	case ICMPX_TP_QUEUE_FULL:
		put_number(text, ",\"queue_bytes\":", detail[0]);
		put_number(text, ",\"queue_limit\":", detail[1]);
		break;
	case ICMPX_TP_ICMP_SEND:
		put_icmp(text, detail[0], detail[1]);
		break;
	case ICMPX_TP_ERROR_REPORT:
		if (detail[0])
			put_errno(text, detail[0]);
		break;
	default:
		if (event->flags & ICMPX_RETURN) {
			put_result(text, (__s32)detail[0]);
			put_number(text, ",\"took_ns\":", detail[1]);
		}
	}
}

static void put_packet(struct json_text *text, const struct icmpx_event *event)
{
	const struct icmpx_packet *packet = &event->packet;

	/* Where the error is made, the packet is not it yet, and `detail` tells. */
	if (packet->kind == ICMPX_KIND_ERROR && event->probe != ICMPX_TP_ICMP_SEND)
		put_icmp(text, packet->type, packet->code);
	put_flag(text, ",\"carried\":", event->flags & ICMPX_CARRIED);
	put_flag(text, ",\"fragment\":", event->flags & ICMPX_FRAGMENT);
}

static void put_task(struct json_text *text, struct hop_names *names,
		     const struct icmpx_event *event)
{
	put_flag(text, ",\"softirq\":", event->flags & ICMPX_IN_SOFTIRQ);
	if (!trace_has_task(event))
		return;
	put_number(text, ",\"tid\":", event->tid);
	put_name(text, ",\"task\":", names, NAME_TASK, event->tid);
	if (event->syscall >= 0 &&
	    !put_name(text, ",\"syscall\":", names, NAME_SYSCALL, event->syscall))
		put_quoted_number(text, ",\"syscall\":\"", event->syscall);
}

/* The namespace only where the ping's own members do not tell it by the side. */
static void put_place(struct json_text *text, struct hop_names *names, const struct ping *ping,
		      const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;
	__u32 usual = hop->side == SIDE_SENDER      ? ping->sender_netns
		      : hop->side == SIDE_RESPONDER ? ping->responder_netns
						    : 0;

	put_number(text, ",\"cpu\":", event->cpu);
	if (event->netns && event->netns != usual)
		put_number(text, ",\"netns\":", event->netns);
	if (!event->ifindex)
		return;
	put_number(text, ",\"ifindex\":", event->ifindex);
	put_name(text, ",\"device\":", names, NAME_DEVICE,
		 catalog_device_key(event->netns, event->ifindex));
}

static void put_probe(struct json_text *text, struct hop_names *names, const struct hop *hop)
{
	const char *name = trace_probe_name(hop->event.probe);
	enum icmpx_layer layer = trace_probe_layer(hop->event.probe);

	if (hop->synthetic) {
		name = "sys_enter";
		layer = ICMPX_LAYER_SYSCALL;
	}
	put_word(text, ",\"probe\":\"", name ? name : "unknown");
	if (hop->event.probe >= ICMPX_FN_FIRST)
		put_name(text, ",\"function\":", names, NAME_FUNCTION, hop->event.probe);
	put_word(text, ",\"layer\":\"", trace_layer_name(layer));
	put_word(text, ",\"leg\":\"", trace_kind_name(hop->leg));
	put_word(text, ",\"side\":\"", hop_side_name(hop->side));
}

static void put_hop(struct json_text *text, struct hop_names *names, const struct id_set *paths,
		    const struct ping *ping, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;

	put_number(text, "{\"time_ns\":", event->time);
	put_probe(text, names, hop);
	put_place(text, names, ping, hop);
	put_task(text, names, event);
	if (event->stack && id_set_has(paths, event->stack))
		put_number(text, ",\"path\":", event->stack);
	put_packet(text, event);
	if (!hop->synthetic)
		put_detail(text, names, event);
	put_flag(text, ",\"benign\":", hop->benign);
	if (hop->copy)
		put_number(text, ",\"copy\":", hop->copy);
	json_put_text(text, "}");
}

void render_hops_json(struct json_text *text, struct hop_names *names, const struct id_set *paths,
		      const struct ping *ping)
{
	forget_names(names);
	json_put_text(text, "[");
	for (__u32 i = 0; i < ping->count; i++) {
		if (i)
			json_put_text(text, ",");
		put_hop(text, names, paths, ping, &ping->hops[i]);
	}
	json_put_text(text, "]");
}

void render_stages_json(struct json_text *text, const struct budget *budget)
{
	json_put_text(text, "[");
	for (size_t i = 0; i < budget->count; i++) {
		const struct span *span = &budget->spans[i];

		if (i)
			json_put_text(text, ",");
		put_word(text, "{\"stage\":\"", stages_name(span->stage));
		put_word(text, ",\"leg\":\"", trace_kind_name(span->leg));
		put_word(text, ",\"side\":\"", hop_side_name(span->side));
		put_number(text, ",\"ns\":", span->ns);
		json_put_text(text, "}");
	}
	json_put_text(text, "]");
}
