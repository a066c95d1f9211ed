/* SPDX-License-Identifier: GPL-2.0-only */
/* What the running kernel calls what events number. */
#ifndef ICMPX_TRACER_NAMES_H
#define ICMPX_TRACER_NAMES_H

#include "catalog.h"
#include "event.h"
#include "symbols.h"

/* Names of system calls, which events hold by number. */
void tracer_names_syscalls(struct catalog *catalog);

/* The names that an event needs and the catalog lacks: namespace, device, function. */
void tracer_names_event(struct catalog *catalog, const struct symbols *symbols,
			const struct icmpx_event *event);

/* symbols may be NULL: then there are no names. */
void tracer_names_stack(struct catalog *catalog, const struct symbols *symbols,
			const struct icmpx_stack *stack);

void tracer_names_task(struct catalog *catalog, const struct icmpx_task *task);

#endif
