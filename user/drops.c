// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <string.h>

#include "drops.h"
#include "drops_list.h"
#include "util.h"

struct entry {
	const char *name;
	struct drop_advice advice;
};

#define X(name, cause, look) {#name, {cause, look}},
static const struct entry reasons[] = {DROP_REASONS(X)};
static const struct entry functions[] = {DROP_FUNCTIONS(X)};
#undef X

static const struct drop_advice *lookup(const struct entry *entries, size_t count, const char *name,
					size_t length)
{
	for (size_t i = 0; i < count; i++) {
		if (!strncmp(entries[i].name, name, length) && !entries[i].name[length])
			return &entries[i].advice;
	}
	return NULL;
}

static const struct drop_advice *by_reason(const char *reason)
{
	static const char qdisc[] = "QDISC_DROP_";
	size_t length = strlen(reason);

	/* 7.x has them in an enumeration of their own. */
	if (!strncmp(reason, qdisc, strlen(qdisc)))
		length = strlen(qdisc) - 1;
	return lookup(reasons, ARRAY_SIZE(reasons), reason, length);
}

const struct drop_advice *drops_advice(const char *reason, const char *function)
{
	bool unspecified = reason && !strcmp(reason, "NOT_SPECIFIED");
	const struct drop_advice *advice = reason && !unspecified ? by_reason(reason) : NULL;

	/* A symbol may come with its offset or the compiler's suffix. */
	if (!advice && function)
		advice =
			lookup(functions, ARRAY_SIZE(functions), function, strcspn(function, "+."));
	return advice || !unspecified ? advice : by_reason(reason);
}
