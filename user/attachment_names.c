// SPDX-License-Identifier: GPL-2.0-only
#include "xdp.h"

const char *xdp_mode_name(enum xdp_mode mode)
{
	switch (mode) {
	case MODE_NATIVE:
		return "native";
	case MODE_GENERIC:
		return "generic";
	case MODE_AUTO:
		break;
	}
	return NULL;
}

const char *xdp_state_name(enum attach_state state)
{
	static const char *const names[] = {
		[STATE_ATTACHED] = "attached",
		[STATE_PARTIAL] = "partial",
		[STATE_STALE] = "stale",
		[STATE_ELSEWHERE] = "elsewhere",
	};

	return names[state];
}

const char *xdp_trust_name(const struct icmpx_config *config)
{
	return config->trust == ICMPX_TRUST_ADDRESS ? "address" : "flow";
}
