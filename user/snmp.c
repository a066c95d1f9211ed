// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "snmp.h"
#include "util.h"

/* One counter, by its IPv4 name. */
static void take(struct echo_snmp *echo, const char *name, __u64 value)
{
	if (!strcmp(name, "InEchos")) {
		echo->in_echos = value;
		echo->known = true;
	} else if (!strcmp(name, "OutEchoReps")) {
		echo->out_replies = value;
	} else if (!strcmp(name, "InCsumErrors")) {
		echo->checksum_errors = value;
	} else if (!strcmp(name, "OutRateLimitHost")) {
		echo->limited_host = value;
		echo->has_limited_host = true;
	} else if (!strcmp(name, "OutRateLimitGlobal")) {
		echo->limited_global = value;
		echo->has_limited_global = true;
	}
}

/* The file's lines come in pairs: names, values; both begin with "Icmp:". */
static void take_pair(char *names, char *values, struct echo_snmp *echo)
{
	char *name, *value;

	while ((name = strsep(&names, " \n")) && (value = strsep(&values, " \n")))
		take(echo, name, strtoull(value, NULL, 10));
}

int snmp_parse_v4(FILE *file, struct echo_snmp *echo)
{
	char names[1024], values[1024];

	*echo = (struct echo_snmp){};
	while (fgets(names, sizeof(names), file)) {
		if (strncmp(names, "Icmp:", 5))
			continue;
		if (!fgets(values, sizeof(values), file) || strncmp(values, "Icmp:", 5))
			return -EINVAL;
		take_pair(names, values, echo);
		return echo->known ? 0 : -EINVAL;
	}
	return -EINVAL;
}

int snmp_parse_v6(FILE *file, struct echo_snmp *echo)
{
	unsigned long long value;
	char line[256], name[64];

	*echo = (struct echo_snmp){};
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Icmp6%63s %llu", name, &value) == 2)
			take(echo, strcmp(name, "OutEchoReplies") ? name : "OutEchoReps", value);
	}
	return echo->known ? 0 : -EINVAL;
}

int snmp_read(struct snmp *snmp)
{
	FILE *file = fopen("/proc/net/snmp", "re");
	int err;

	*snmp = (struct snmp){};
	if (!file)
		return -errno;
	err = snmp_parse_v4(file, &snmp->v4);
	fclose(file);
	if (err)
		return err;
	file = fopen("/proc/net/snmp6", "re");
	if (!file)
		return errno == ENOENT ? 0 : -errno;
	err = snmp_parse_v6(file, &snmp->v6);
	fclose(file);
	return err;
}
