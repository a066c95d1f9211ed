// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "errno_name.h"
#include "format.h"
#include "lease.h"
#include "util.h"

const char *format_scaled(double value, struct text *text)
{
	static const char units[] = "kMGTPE";
	const char *unit = NULL;

	while (value >= 999.95 && (!unit || unit[1])) {
		value /= 1000;
		unit = unit ? unit + 1 : units;
	}
	if (unit)
		snprintf(text->buf, sizeof(text->buf), "%.1f%c", value, *unit);
	else
		snprintf(text->buf, sizeof(text->buf), "%.*f", value > 0 && value < 9.95, value);
	return text->buf;
}

const char *format_ns(__u64 ns, struct text *text)
{
	static const char *const units[] = {"us", "ms", "s"};
	double value = ns;
	size_t unit = 0;

	if (ns < 1000) {
		snprintf(text->buf, sizeof(text->buf), "%lluns", ns);
		return text->buf;
	}
	for (value /= 1000; value >= 999.5 && unit + 1 < ARRAY_SIZE(units); unit++)
		value /= 1000;
	snprintf(text->buf, sizeof(text->buf), "%.*f%s",
		 value < 9.995   ? 2
		 : value < 99.95 ? 1
				 : 0,
		 value, units[unit]);
	return text->buf;
}

const char *format_duration(double seconds, struct text *text)
{
	unsigned long s = seconds < 0 ? 0 : seconds;

	if (s < 60)
		snprintf(text->buf, sizeof(text->buf), "%lus", s);
	else if (s < 3600)
		snprintf(text->buf, sizeof(text->buf), "%lum%02lus", s / 60, s % 60);
	else if (s < 86400)
		snprintf(text->buf, sizeof(text->buf), "%luh%02lum", s / 3600, s / 60 % 60);
	else
		snprintf(text->buf, sizeof(text->buf), "%lud%02luh", s / 86400, s / 3600 % 24);
	return text->buf;
}

const char *format_time(__u64 epoch, struct text *text)
{
	time_t when = epoch;
	struct tm tm;

	if (!localtime_r(&when, &tm) ||
	    !strftime(text->buf, sizeof(text->buf), "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(text->buf, sizeof(text->buf), "@%llu", epoch);
	return text->buf;
}

const char *format_address(bool v6, const __be32 *address, bool any, struct text *text)
{
	if (any && !address[0] && (!v6 || (!address[1] && !address[2] && !address[3])))
		snprintf(text->buf, sizeof(text->buf), "any");
	else
		inet_ntop(v6 ? AF_INET6 : AF_INET, address, text->buf, sizeof(text->buf));
	return text->buf;
}

const char *format_vlan(__u32 vlan, struct text *text)
{
	size_t len = 0;

	snprintf(text->buf, sizeof(text->buf), "-");
	for (int i = 0; i < ICMPX_VLAN_TAGS; i++, vlan >>= 16) {
		if (!(vlan & ICMPX_VLAN_PRESENT))
			break;
		len += snprintf(text->buf + len, sizeof(text->buf) - len, "%s%u%s", i ? "." : "",
				vlan & ICMPX_VLAN_VID, vlan & ICMPX_VLAN_AD ? "ad" : "");
	}
	return text->buf;
}

const char *format_errno(int err, struct text *text)
{
	const char *name = errno_name(err);

	if (name)
		snprintf(text->buf, sizeof(text->buf), "%s", name);
	else
		snprintf(text->buf, sizeof(text->buf), "errno %d", abs(err));
	return text->buf;
}
