// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "opts.h"
#include "cmd.h"

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

__u64 option_number(struct argp_state *state, const char *option, const char *text, __u64 min,
		    __u64 max)
{
	__u64 value = 0;
	int err = parse_number(text, min, max, &value);

	if (err)
		argp_failure(state, STATUS_USAGE, 0, "%s: '%s' is not %s %llu to %llu", option,
			     text, err == -ERANGE ? "in the range" : "a whole number from", min,
			     max);
	return value;
}
