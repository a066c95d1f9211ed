// SPDX-License-Identifier: GPL-2.0-only
/* The sysctls of this network namespace that decide about echo, and what their
 * values mean for it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "kernel.h"
#include "safe_text.h"
#include "settings.h"
#include "util.h"

#define ECHO_REPLY_V4 0   /* bit of icmp_ratemask */
#define ECHO_REPLY_V6 129 /* of net.ipv6.icmp.ratemask */
#define REFLECT_ECHO  4   /* of flowlabel_reflect: in ICMPv6 echo replies */

struct meaning {
	const char *text;
	bool warn;
};

static struct meaning explain_ratemask_v4(const char *value)
{
	if (strtoul(value, NULL, 10) & 1UL << ECHO_REPLY_V4)
		return (struct meaning){
			"net.ipv4.icmp_ratemask holds echo replies (bit 0): replies "
			"from a lease are not under that limit; --limit sets one",
			true};
	return (struct meaning){"echo replies (bit 0) are not limited", false};
}

static struct meaning explain_ratemask_v6(const char *value)
{
	if (settings_list_has(value, ECHO_REPLY_V6))
		return (struct meaning){"net.ipv6.icmp.ratemask holds echo replies (129): replies "
					"from a lease are not under that limit; --limit sets one",
					true};
	return (struct meaning){"echo replies (129) are not limited", false};
}

static struct meaning explain_flowlabel_reflect(const char *value)
{
	if (strtoul(value, NULL, 10) & REFLECT_ECHO)
		return (struct meaning){"net.ipv6.flowlabel_reflect has bit 4: a lease holds only "
					"for the request's flow label that was verified",
					true};
	return (struct meaning){"a reply's flow label is the kernel's own", false};
}

static struct meaning explain_ping_group_range(const char *value)
{
	unsigned long first = 1, last = 0;

	if (sscanf(value, "%lu %lu", &first, &last) != 2 || first > last)
		return (struct meaning){"nobody may open a ping socket: ping needs a raw one",
					false};
	if (!first && last >= INT_MAX)
		return (struct meaning){"every group may open a ping socket", false};
	return (struct meaning){"these groups may open a ping socket", false};
}

static struct meaning explain_rp_filter(const char *value)
{
	switch (strtoul(value, NULL, 10)) {
	case 0:
		return (struct meaning){
			"sources are not checked, unless `all' or the interface say so", false};
	case 1:
		return (struct meaning){
			"a source that is routed elsewhere is dropped, but answered "
			"by icmpx with --trust address",
			false};
	default:
		return (struct meaning){
			"a source without a route is dropped, but answered by icmpx "
			"with --trust address",
			false};
	}
}

/* In /proc/sys; %s is an interface's name. Where no function explains a value,
 * it is one text for zero and one for all else, or the same for both. */
static const struct known {
	const char *path;
	const char *zero;
	const char *other;
	struct meaning (*explain)(const char *value);
} knowns[] = {
	{"net/ipv4/icmp_echo_ignore_all", "echo requests are answered",
	 "no echo request is answered; leases run out and are not renewed", NULL},
	{"net/ipv4/icmp_echo_ignore_broadcasts", "the kernel answers broadcast and multicast",
	 "broadcast and multicast requests are not answered", NULL},
	{"net/ipv4/icmp_echo_enable_probe", "extended echo (RFC 8335) is not answered",
	 "the kernel answers extended echo (RFC 8335)", NULL},
	{"net/ipv4/icmp_ratelimit", "no limit to one peer",
	 "ms between messages to one peer, of icmp_ratemask's types", NULL},
	{"net/ipv4/icmp_ratemask", NULL, NULL, explain_ratemask_v4},
	{"net/ipv4/icmp_msgs_per_sec", NULL, "a second to all peers, of icmp_ratemask's types",
	 NULL},
	{"net/ipv4/icmp_msgs_burst", NULL, "burst of icmp_msgs_per_sec", NULL},
	{"net/ipv4/icmp_ignore_bogus_error_responses", NULL,
	 "logging of bad errors; not about echo", NULL},
	{"net/ipv4/icmp_errors_use_inbound_ifaddr", NULL, "source of errors; not about echo", NULL},
	{"net/ipv4/ip_default_ttl", NULL, "TTL of replies, where their route sets none", NULL},
	{"net/ipv4/ping_group_range", NULL, NULL, explain_ping_group_range},
	{"net/ipv4/conf/all/rp_filter", NULL, NULL, explain_rp_filter},
	{"net/ipv4/conf/%s/rp_filter", NULL, NULL, explain_rp_filter},
	{"net/ipv6/icmp/echo_ignore_all", "echo requests are answered",
	 "no echo request is answered; leases run out and are not renewed", NULL},
	{"net/ipv6/icmp/echo_ignore_multicast", "the kernel answers multicast",
	 "multicast requests are not answered", NULL},
	{"net/ipv6/icmp/echo_ignore_anycast", "anycast addresses are answered",
	 "anycast addresses are not answered", NULL},
	{"net/ipv6/icmp/ratelimit", "no limit to one peer",
	 "ms between messages to one peer, of icmp.ratemask's types", NULL},
	{"net/ipv6/icmp/ratemask", NULL, NULL, explain_ratemask_v6},
	{"net/ipv6/flowlabel_reflect", NULL, NULL, explain_flowlabel_reflect},
	{"net/ipv6/conf/%s/hop_limit", NULL, "hop limit of replies, where their route sets none",
	 NULL},
	{"net/ipv6/conf/%s/disable_ipv6", "IPv6 is on", "IPv6 is off: nothing to answer", NULL},
};

bool settings_list_has(const char *list, unsigned long number)
{
	unsigned long first, last;
	char *end;

	for (; *list; list = *end ? end + 1 : end) {
		first = last = strtoul(list, &end, 10);
		if (end == list)
			return false;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (first <= number && number <= last)
			return true;
	}
	return false;
}

static struct meaning explain(const struct known *known, const char *value)
{
	bool zero = known->zero && !strtoul(value, NULL, 10);

	if (known->explain)
		return known->explain(value);
	return (struct meaning){zero ? known->zero : known->other, false};
}

bool settings_explain(const char *path, struct setting *setting)
{
	for (size_t i = 0; i < ARRAY_SIZE(knowns); i++) {
		struct meaning meaning;

		if (strcmp(knowns[i].path, path))
			continue;
		meaning = explain(&knowns[i], setting->value);
		setting->meaning = meaning.text;
		setting->warn = meaning.warn;
		return true;
	}
	return false;
}

/* As sysctl(8) writes it: dots for slashes, and slashes for an interface's dots. */
static void name_of(const char *path, char *name)
{
	do {
		*name++ = *path == '/' ? '.' : *path == '.' ? '/' : *path;
	} while (*path++);
}

/* One line, its white space single blanks. False when there is no such file. */
static bool read_value(const char *path, char *value, size_t size)
{
	char full[160], line[512], *word, *rest = line;
	FILE *file;

	snprintf(full, sizeof(full), "/proc/sys/%s", path);
	file = fopen(full, "re");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		*line = '\0';
	fclose(file);
	*value = '\0';
	while ((word = strsep(&rest, " \t\n"))) {
		size_t len = strlen(value);

		if (*word)
			snprintf(value + len, size - len, "%s%s", len ? " " : "", word);
	}
	return true;
}

static bool read_setting(const struct known *known, const char *ifname, struct setting *setting)
{
	const char *hole = strstr(known->path, "%s");
	char path[128];

	if (hole && !ifname)
		return false;
	if (hole)
		snprintf(path, sizeof(path), "%.*s%s%s", (int)(hole - known->path), known->path,
			 ifname, hole + 2);
	else
		snprintf(path, sizeof(path), "%s", known->path);
	if (!read_value(path, setting->value, sizeof(setting->value)))
		return false;
	name_of(path, setting->name);
	safe_text(setting->name); /* with an interface's in it */
	return settings_explain(known->path, setting);
}

int kernel_settings(const char *ifname, struct setting **list, size_t *count)
{
	*list = calloc(ARRAY_SIZE(knowns), sizeof(**list));
	if (!*list)
		return -ENOMEM;
	*count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(knowns); i++)
		*count += read_setting(&knowns[i], ifname, *list + *count);
	return 0;
}

size_t kernel_echo_warnings(const char **lines, size_t max)
{
	_cleanup_(free) struct setting *list = NULL;
	size_t count, found = 0;

	if (kernel_settings(NULL, &list, &count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (list[i].warn && found < max)
			lines[found++] = list[i].meaning;
	}
	return found;
}
