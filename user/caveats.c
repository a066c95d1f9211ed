// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>

#include "caveats.h"
#include "safe_text.h"

__attribute__((format(printf, 2, 3))) static void add(struct caveats *caveats, const char *format,
						      ...)
{
	va_list args;

	if (caveats->count == CAVEATS_MAX)
		return;
	va_start(args, format);
	vsnprintf(caveats->text[caveats->count], sizeof(caveats->text[0]), format, args);
	va_end(args);
	safe_text(caveats->text[caveats->count++]);
}

static const struct link *self_of(const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (!stack->links[i].level)
			return &stack->links[i];
	return NULL;
}

static const struct link *below_with_program(const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct link *link = &stack->links[i];

		if (link->xdp && link->level < 0 && link->level != STACK_NONE)
			return link;
	}
	return NULL;
}

void caveats_of_leases(__u32 missing, const char *others, const char *weak_origin,
		       struct caveats *caveats)
{
	if (missing)
		add(caveats,
		    "no leases of %s, so nothing of it is answered at the driver: such a request "
		    "could come in by %s, too, past a rule by incoming interface; "
		    "%s--any-interface where there is no such rule",
		    missing == ICMPX_IPV4   ? "IPv4"
		    : missing == ICMPX_IPV6 ? "IPv6"
					    : "IPv4 and IPv6",
		    others, missing & ICMPX_IPV4 ? "rp_filter=1 there for IPv4, or " : "");
	if (weak_origin)
		add(caveats,
		    "replies that root's programs send through raw sockets are taken for the "
		    "kernel's, since %s",
		    weak_origin);
}

void caveats_of_stack(const struct stack *stack, enum xdp_mode mode, struct caveats *caveats)
{
	const struct link *self = self_of(stack);
	const struct link *instead = self ? stack_instead(stack, self) : NULL;
	const struct link *below = below_with_program(stack);

	if (mode == MODE_NATIVE && stack_native_loses(stack))
		add(caveats, "%s", stack_native_loses(stack));
	if (mode == MODE_NATIVE && stack_native_doubles(stack))
		add(caveats, "%s", stack_native_doubles(stack));
	if (instead)
		add(caveats,
		    "a port of %s: what comes in while the port is not active may be answered, and "
		    "replies that leave by another port are never learned; attach to %s",
		    instead->name, instead->name);
	if (below)
		add(caveats,
		    "%s below it has an XDP program too, which the kernel (5.15 and later) lets "
		    "nobody change or detach while this one is attached",
		    below->name);
}

void caveats_of_egress(const struct egress *egress, struct caveats *caveats)
{
	if (*egress->qdisc)
		add(caveats,
		    "qdisc %s: replies made at the driver leave past it, so that it shapes, "
		    "delays, drops or copies the kernel's replies alone",
		    egress->qdisc);
	if (*egress->redirects)
		add(caveats,
		    "a tc filter (%s) before the learner redirects: nothing is learned of the "
		    "replies that it takes, and the kernel goes on answering",
		    egress->redirects);
	if (*egress->mirrors)
		add(caveats,
		    "a tc filter (%s) mirrors what leaves: nothing is learned of replies that it "
		    "ends on, as it does without \"continue\"; with it, those made at the driver "
		    "have no copies",
		    egress->mirrors);
	if (*egress->others || egress->tcx)
		add(caveats,
		    "a tc %s (%s) at egress is before the learner: nothing is learned of what it "
		    "drops or ends on, and replies made at the driver do not meet it",
		    *egress->others ? "filter" : "program",
		    *egress->others ? egress->others : "tcx");
	if (egress->ingress)
		add(caveats,
		    "tc at ingress has filters or programs: they do not see the requests that "
		    "are answered at the driver");
}

int caveats_read(__u32 ifindex, enum xdp_mode mode, struct caveats *caveats)
{
	struct egress egress;
	struct stack stack;
	int err;

	*caveats = (struct caveats){};
	err = stack_read(&stack);
	if (!err) {
		stack_look(&stack, ifindex);
		caveats_of_stack(&stack, mode, caveats);
		err = egress_read(ifindex, &egress);
	}
	if (!err)
		caveats_of_egress(&egress, caveats);
	stack_free(&stack);
	return err;
}
