// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <math.h>
#include <string.h>

#include "render_trace_text.h"
#include "trace_live.h"
#include "util.h"

static void keep_slowest(struct trace_live *live, const struct ping *ping,
			 const struct budget *budget)
{
	live->slowest.known = true;
	live->slowest.packet = ping->packet;
	live->slowest.ns = budget->total;
	live->slowest.when = ping->first;
	live->slowest.longest = (struct span){.stage = STAGE_MAX};
	for (size_t i = 0; i < budget->count; i++)
		if (live->slowest.longest.stage == STAGE_MAX ||
		    budget->spans[i].ns > live->slowest.longest.ns)
			live->slowest.longest = budget->spans[i];
}

void trace_live_ping(struct trace_live *live, const struct ping *ping, const struct budget *budget)
{
	live->pings++;
	if (!ping_is_whole(ping))
		return;
	histogram_add(&live->now, budget->total);
	if (!live->slowest.known || budget->total > live->slowest.ns)
		keep_slowest(live, ping, budget);
}

void trace_live_sample(struct trace_live *live, double seconds)
{
	bool any = live->now.count;

	spark_add(&live->p50, any ? histogram_percentile(&live->now, 50) : NAN);
	spark_add(&live->p99, any ? histogram_percentile(&live->now, 99) : NAN);
	spark_add(&live->rate, seconds > 0 ? live->pings / seconds : NAN);
	memset(&live->now, 0, sizeof(live->now));
	live->pings = 0;
}

static const char *as_time(double value, struct text *text)
{
	return format_ns(value, text);
}

static void slowest_text(FILE *out, const struct trace_live *live, __s64 epoch,
			 const struct trace_view *view)
{
	const struct icmpx_packet *packet = &live->slowest.packet;
	const struct span *longest = &live->slowest.longest;
	struct text_line line = render_trace_line(out, view);
	struct text source, destination, time, when;
	__be32 address[2][4];
	char words[512];

	memcpy(address[0], packet->source, sizeof(address[0]));
	memcpy(address[1], packet->destination, sizeof(address[1]));
	snprintf(words, sizeof(words), "slowest: %s, %s -> %s, %s %u seq %u, %s",
		 format_ns(live->slowest.ns, &time),
		 format_address(packet->family == 6, address[0], false, &source),
		 format_address(packet->family == 6, address[1], false, &destination),
		 packet->kind == ICMPX_KIND_UDP ? "port" : "id", ntohs(packet->id),
		 ntohs(packet->seq), format_time((live->slowest.when + epoch) / 1000000000, &when));
	line_words(&line, STYLE_PLAIN, 2, words);
	if (longest->stage != STAGE_MAX) {
		snprintf(words, sizeof(words), "; %s of it %s, %s", format_ns(longest->ns, &time),
			 stages_name(longest->stage), trace_kind_name(longest->leg));
		line_words(&line, STYLE_PLAIN, 2, words);
	}
	line_end(&line);
}

void render_trace_live_text(FILE *out, const struct trace_live *live, __s64 epoch,
			    const struct trace_view *view)
{
	const struct spark_row rows[] = {
		{"p50, all", &live->p50, as_time},
		{"p99, all", &live->p99, as_time},
		{"pings/s", &live->rate, format_scaled},
	};

	render_sparks(out, "EACH SECOND", rows, ARRAY_SIZE(rows), TRACE_LIVE_SECONDS,
		      view->width ?: 80, view->ascii);
	if (live->slowest.known)
		slowest_text(out, live, epoch, view);
}
