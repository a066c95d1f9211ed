// SPDX-License-Identifier: GPL-2.0-only
/* The sysctls of this network namespace that decide about echo, and what their
 * values mean for it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel.h"
#include "settings.h"
#include "util.h"

#define ECHO_REPLY_V4 0	  /* bit of icmp_ratemask */
#define ECHO_REPLY_V6 129 /* of net.ipv6.icmp.ratemask */
#define REFLECT_ECHO  4	  /* of flowlabel_reflect: in ICMPv6 echo replies */

struct meaning {
	const char *text;
	bool warn;
};

typedef struct meaning explain_fn(const char *value);

static struct meaning either(const char *value, const char *zero, const char *other)
{
	return (struct meaning){.text = strtoul(value, NULL, 10) ? other : zero};
}

static struct meaning ignore_all(const char *value)
{
	return either(value, "echo requests are answered",
		      "no echo request is answered; leases run out and are not renewed");
}

static struct meaning ignore_broadcasts(const char *value)
{
	return either(value, "the kernel answers broadcast and multicast; icmpx leaves it to it",
		      "broadcast and multicast requests are not answered");
}

static struct meaning ignore_multicast(const char *value)
{
	return either(value, "the kernel answers multicast requests; icmpx leaves it to it",
		      "multicast requests are not answered");
}

static struct meaning ignore_anycast(const char *value)
{
	return either(value, "anycast addresses are answered", "anycast addresses are not answered");
}

static struct meaning enable_probe(const char *value)
{
	return either(value, "extended echo (RFC 8335) is not answered",
		      "the kernel answers extended echo (RFC 8335); icmpx leaves it to it");
}

static struct meaning ratelimit(const char *value)
{
	return either(value, "no limit to one peer",
		      "ms between messages to one peer, of the mask's types only");
}

static struct meaning ratemask_v4(const char *value)
{
	if (strtoul(value, NULL, 10) & 1UL << ECHO_REPLY_V4)
		return (struct meaning){"net.ipv4.icmp_ratemask holds echo replies (bit 0): replies "
					"from a lease are not under that limit; --limit sets one",
					true};
	return (struct meaning){"echo replies (bit 0) are not limited"};
}

static struct meaning ratemask_v6(const char *value)
{
	if (settings_list_has(value, ECHO_REPLY_V6))
		return (struct meaning){"net.ipv6.icmp.ratemask holds echo replies (129): replies "
					"from a lease are not under that limit; --limit sets one",
					true};
	return (struct meaning){"echo replies (129) are not limited"};
}

static struct meaning messages_per_second(const char *value)
{
	(void)value;
	return (struct meaning){"a second to all peers, of icmp_ratemask's types only"};
}

static struct meaning messages_burst(const char *value)
{
	(void)value;
	return (struct meaning){"burst of icmp_msgs_per_sec"};
}

static struct meaning bogus_errors(const char *value)
{
	return either(value, "bogus error messages are logged; nothing to do with echo",
		      "bogus error messages are not logged; nothing to do with echo");
}

static struct meaning inbound_ifaddr(const char *value)
{
	return either(value, "source of error messages; nothing to do with echo",
		      "source of error messages; nothing to do with echo");
}

static struct meaning default_ttl(const char *value)
{
	(void)value;
	return (struct meaning){"TTL of replies where the route sets none; a lease has the reply's"};
}

static struct meaning hop_limit(const char *value)
{
	(void)value;
	return (struct meaning){"hop limit of replies where the route sets none; a lease has the "
				"reply's"};
}

static struct meaning ping_group_range(const char *value)
{
	unsigned long first = 1, last = 0;

	if (sscanf(value, "%lu %lu", &first, &last) != 2 || first > last)
		return (struct meaning){"nobody may open a ping socket: ping needs a raw one"};
	if (!first && last >= 0x7fffffff)
		return (struct meaning){"every group may open a ping socket"};
	return (struct meaning){"these groups may open a ping socket"};
}

static struct meaning flowlabel_reflect(const char *value)
{
	if (strtoul(value, NULL, 10) & REFLECT_ECHO)
		return (struct meaning){"net.ipv6.flowlabel_reflect has bit 4: a lease holds only "
					"for the request's flow label that was verified",
					true};
	return (struct meaning){"a reply's flow label is the kernel's own"};
}

static struct meaning rp_filter(const char *value)
{
	switch (strtoul(value, NULL, 10)) {
	case 0:
		return (struct meaning){"sources are not checked, if `all` and the interface say so"};
	case 1:
		return (struct meaning){"a source routed elsewhere is dropped; not so by icmpx with "
					"--trust address"};
	default:
		return (struct meaning){"a source without a route is dropped; not so by icmpx with "
					"--trust address"};
	}
}

static struct meaning disable_ipv6(const char *value)
{
	return either(value, "IPv6 is on", "IPv6 is off: nothing to answer");
}

/* In /proc/sys; %s is an interface's name. */
static const struct known {
	const char *path;
	explain_fn *explain;
} knowns[] = {
	{"net/ipv4/icmp_echo_ignore_all", ignore_all},
	{"net/ipv4/icmp_echo_ignore_broadcasts", ignore_broadcasts},
	{"net/ipv4/icmp_echo_enable_probe", enable_probe},
	{"net/ipv4/icmp_ratelimit", ratelimit},
	{"net/ipv4/icmp_ratemask", ratemask_v4},
	{"net/ipv4/icmp_msgs_per_sec", messages_per_second},
	{"net/ipv4/icmp_msgs_burst", messages_burst},
	{"net/ipv4/icmp_ignore_bogus_error_responses", bogus_errors},
	{"net/ipv4/icmp_errors_use_inbound_ifaddr", inbound_ifaddr},
	{"net/ipv4/ip_default_ttl", default_ttl},
	{"net/ipv4/ping_group_range", ping_group_range},
	{"net/ipv4/conf/all/rp_filter", rp_filter},
	{"net/ipv4/conf/%s/rp_filter", rp_filter},
	{"net/ipv6/icmp/echo_ignore_all", ignore_all},
	{"net/ipv6/icmp/echo_ignore_multicast", ignore_multicast},
	{"net/ipv6/icmp/echo_ignore_anycast", ignore_anycast},
	{"net/ipv6/icmp/ratelimit", ratelimit},
	{"net/ipv6/icmp/ratemask", ratemask_v6},
	{"net/ipv6/flowlabel_reflect", flowlabel_reflect},
	{"net/ipv6/conf/%s/hop_limit", hop_limit},
	{"net/ipv6/conf/%s/disable_ipv6", disable_ipv6},
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

bool settings_explain(const char *path, struct setting *setting)
{
	for (size_t i = 0; i < ARRAY_SIZE(knowns); i++) {
		struct meaning meaning;

		if (strcmp(knowns[i].path, path))
			continue;
		meaning = knowns[i].explain(setting->value);
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
