// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "opts.h"
#include "cmd.h"
#include "safe_text.h"
#include "suggest.h"
#include "util.h"

#define LIMIT_MAX 10000000 /* packets a second, and a burst */

/* At most `end`; NULL there means the end of the text. */
static int parse_digits(const char *text, const char *end, __u64 *value)
{
	__u64 number = 0;

	if (text == end)
		return -EINVAL;
	for (; text != end; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, *text - '0', &number))
			return -ERANGE;
	}
	*value = number;
	return 0;
}

static int parse_range(const char *text, const char *end, __u64 min, __u64 max, __u64 *value)
{
	__u64 number;
	int err = parse_digits(text, end, &number);

	if (err)
		return err;
	if (number < min || number > max)
		return -ERANGE;
	*value = number;
	return 0;
}

int parse_number(const char *text, __u64 min, __u64 max, __u64 *value)
{
	return parse_range(text, text + strlen(text), min, max, value);
}

int parse_limit(const char *text, __u32 *pps, __u32 *burst)
{
	const char *comma = strchrnul(text, ',');
	__u64 rate, most;
	int err = parse_range(text, comma, 1, LIMIT_MAX, &rate);

	if (err)
		return err;
	most = rate;
	if (*comma)
		err = parse_number(comma + 1, 1, LIMIT_MAX, &most);
	if (err)
		return err;
	*pps = rate;
	*burst = most;
	return 0;
}

int parse_enum(const char *text, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(text, names[i]))
			return i;
	return -EINVAL;
}

int parse_interface(const char *name, __u32 *ifindex)
{
	size_t len = strlen(name);

	if (!len || len >= IFNAMSIZ || strchr(name, '/'))
		return -EINVAL;
	*ifindex = if_nametoindex(name);
	return *ifindex ? 0 : -errno;
}

int parse_span(const char *text, __u16 *min, __u16 *max)
{
	const char *dash = strchrnul(text, '-');
	__u64 first, last;
	int err = parse_range(text, dash, 0, 65535, &first);

	if (err)
		return err;
	last = first;
	if (*dash)
		err = parse_number(dash + 1, first, 65535, &last);
	if (err)
		return err;
	*min = first;
	*max = last;
	return 0;
}

int parse_time(const char *text, __u64 unit, __u64 *ns)
{
	static const struct {
		const char *name;
		__u64 ns;
	} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
	double value;
	char *end;

	if (!isdigit((unsigned char)*text) || text[strspn(text, "0123456789.")] == 'e')
		return -EINVAL; /* strtod() would take signs, exponents, 0x and names too */
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return -EINVAL;
	value = strtod(text, &end);
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(end, units[i].name))
			unit = units[i].ns, end = "";
	if (*end || !unit)
		return -EINVAL;
	value *= unit;
	if (value < 1 || value > 86400e9)
		return -ERANGE;
	*ns = value;
	return 0;
}

void option_refuse(struct argp_state *state, int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	safe_report(state->name, format, args);
	va_end(args);
	exit(status);
}

__u64 option_number(struct argp_state *state, const char *option, const char *text, __u64 min,
		    __u64 max)
{
	__u64 value = 0;
	int err = parse_number(text, min, max, &value);

	if (err)
		option_refuse(state, STATUS_USAGE, "%s: '%s' is not %s %llu to %llu", option, text,
			      err == -ERANGE ? "in the range" : "a whole number from", min, max);
	return value;
}

const char *explain_enum(const char *text, const char *const *names, char *why, size_t size)
{
	struct suggestion near;
	size_t used = snprintf(why, size, "'%s' is not one of", text);

	for (size_t i = 0; names[i] && used < size; i++)
		used += snprintf(why + used, size - used, "%s %s", i ? "," : "", names[i]);
	if (used < size)
		snprintf(why + used, size - used, "%s", suggest(text, "", names, &near));
	return why;
}

int option_enum(struct argp_state *state, const char *option, const char *text,
		const char *const *names)
{
	int index = parse_enum(text, names);
	char why[256];

	if (index < 0)
		option_refuse(state, STATUS_USAGE, "%s: %s", option,
			      explain_enum(text, names, why, sizeof(why)));
	return index;
}
