// SPDX-License-Identifier: GPL-2.0-only
#include "answered.h"

struct answered answered_by_icmpx(const struct stats *stats)
{
	struct answered answered = {
		.has_rate = stats->seconds > 0,
		.counts_anew = stats->count,
	};

	for (size_t i = 0; i < stats->count; i++) {
		const struct stats_interface *interface = &stats->interfaces[i];
		struct rate v4, v6;

		answered.v4 += interface->now->sum[ICMPX_REPLIED_V4].packets;
		answered.v6 += interface->now->sum[ICMPX_REPLIED_V6].packets;
		if (!counters_rate(interface->before, interface->now, ICMPX_REPLIED_V4, &v4) ||
		    !counters_rate(interface->before, interface->now, ICMPX_REPLIED_V6, &v6))
			continue;
		answered.rate += v4.frames + v6.frames;
		answered.counts_anew = false;
	}
	return answered;
}

struct answered answered_by_kernel(const struct stats *stats)
{
	const struct snmp *now = &stats->kernel, *before = &stats->kernel_before;
	struct answered answered = {
		.v4 = now->v4.out_replies,
		.v6 = now->v6.out_replies,
		.has_rate = stats->seconds > 0,
	};

	/* They wrap on 32-bit machines. */
	if (answered.v4 < before->v4.out_replies || answered.v6 < before->v6.out_replies)
		answered.has_rate = false;
	if (answered.has_rate)
		answered.rate = (answered.v4 - before->v4.out_replies + answered.v6 -
				 before->v6.out_replies) /
				stats->seconds;
	return answered;
}
