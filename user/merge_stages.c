// SPDX-License-Identifier: GPL-2.0-only
#include "merge_stages.h"

static void add_stage(struct merge_budget *budget, const struct merge_stage *stage)
{
	budget->list[budget->count++] = *stage;
	if (stage->known)
		budget->total += stage->ns;
}

/* What lies on one machine. */
static void add_part(struct merge_budget *budget, enum machine machine, const struct ping *ping,
		     __u64 from, __u64 to)
{
	struct ping part = *ping;
	struct budget plain;

	if (from >= to)
		return;
	part.first = from;
	part.last = to;
	stages_budget(&part, &plain);
	for (size_t i = 0; i < plain.count; i++)
		add_stage(budget, &(struct merge_stage){
					  .stage = plain.spans[i].stage,
					  .leg = plain.spans[i].leg,
					  .machine = machine,
					  .known = true,
					  .ns = plain.spans[i].ns,
				  });
}

static __u64 not_below(__s64 ns)
{
	return ns < 0 ? 0 : (__u64)ns;
}

/* It left one machine at `out`, and came to the other one at `in`, by the clocks of each. */
static struct merge_stage one_way(const struct merged *merged, enum machine from, __u8 leg,
				  __u64 out, __u64 in)
{
	const struct clock_span *offset = &merged->offset;
	struct merge_stage stage = {.stage = STAGE_ONE_WAY, .leg = leg, .machine = ON_THE_WIRE};
	__s64 ns = (__s64)(in - out), min = offset->min, max = offset->max;

	if (!clock_span_is_known(offset))
		return stage;
	stage.known = true;
	if (from == MACHINE_A) {
		min = -offset->max;
		max = -offset->min;
	}
	stage.min = not_below(ns + min);
	stage.max = not_below(ns + max);
	stage.ns = stage.min + (stage.max - stage.min) / 2;
	return stage;
}

/* One way is not more than both. */
static void limit(struct merge_stage *stage, __u64 both)
{
	stage->min = at_most(stage->min, both);
	stage->max = at_most(stage->max, both);
	stage->ns = at_most(stage->ns, both);
}

/* Both ways together are known to the nanosecond: what is not one way is the other. */
static void share(const struct merge_ping *sender, const struct merge_ping *responder,
		  struct merge_budget *budget, struct merge_stage *there, struct merge_stage *back)
{
	__s64 away = (__s64)(sender->reply.in - sender->request.out);
	__s64 answered = (__s64)(responder->reply.out - responder->request.in);

	budget->wire = not_below(away - answered);
	if (!there->known)
		return;
	limit(there, budget->wire);
	limit(back, budget->wire);
	back->ns = budget->wire - there->ns;
}

void merge_budget_make(const struct merged *merged, struct merge_budget *budget)
{
	enum machine other = machine_other(merged->sender);
	const struct merge_ping *sender = merged->seen[merged->sender];
	const struct merge_ping *responder = merged->seen[other];
	struct merge_stage there, back = {};

	budget->count = 0;
	budget->total = budget->wire = 0;
	budget->whole = responder && responder->reply.left && sender->reply.arrived;
	add_part(budget, merged->sender, &sender->ping, sender->ping.first, sender->request.out);
	if (!responder)
		return;
	there = one_way(merged, merged->sender, ICMPX_KIND_REQUEST, sender->request.out,
			responder->request.in);
	if (budget->whole) {
		back = one_way(merged, other, ICMPX_KIND_REPLY, responder->reply.out,
			       sender->reply.in);
		share(sender, responder, budget, &there, &back);
	}
	add_stage(budget, &there);
	add_part(budget, other, &responder->ping, responder->request.in,
		 responder->reply.left ? responder->reply.out : responder->ping.last);
	if (!budget->whole)
		return;
	add_stage(budget, &back);
	add_part(budget, merged->sender, &sender->ping, sender->reply.in, sender->ping.last);
}

void merge_budget_plain(const struct merge_budget *budget, struct budget *plain)
{
	const size_t room = ARRAY_SIZE(plain->spans);

	plain->count = 0;
	plain->total = budget->total;
	for (size_t i = 0; i < budget->count && plain->count < room; i++)
		if (budget->list[i].known)
			plain->spans[plain->count++] = (struct span){
				.stage = budget->list[i].stage,
				.leg = budget->list[i].leg,
				.ns = budget->list[i].ns,
			};
}
