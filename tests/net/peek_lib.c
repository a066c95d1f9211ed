// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "peek.h"

const char *const counter_names[COUNTER_MAX] = {
#define X(id, action, name, help) [ICMPX_##id] = name,
	ICMPX_VERDICTS(X)
#undef X
#define X(id, name, help) [COUNTER_LESSONS + ICMPX_##id] = name,
		ICMPX_LESSONS(X)
#undef X
};

int counters_peek(const char *pin_dir, __u64 packets[COUNTER_MAX])
{
	_cleanup_(free) struct counters *counters = NULL;
	struct pin_dir dir = {};
	int err;

	snprintf(dir.path, sizeof(dir.path), "%s", pin_dir); /* its end is what counts */
	err = counters_read(&dir, &counters);
	for (int i = 0; i < COUNTER_MAX && !err; i++)
		packets[i] = counters->sum[i].packets;
	return err;
}
