/* SPDX-License-Identifier: GPL-2.0-only */
/* Strict parsers of option values: all of the text, in range, or an error. */
#ifndef ICMPX_OPTS_H
#define ICMPX_OPTS_H

#include <argp.h>
#include <stddef.h>
#include <linux/types.h>

/* 0 or -EINVAL (not a number, trailing text) or -ERANGE; decimal digits only. */
int parse_number(const char *text, __u64 min, __u64 max, __u64 *value);

/* "PPS" or "PPS,BURST"; without BURST it is PPS. 0, -EINVAL or -ERANGE. */
int parse_limit(const char *text, __u32 *pps, __u32 *burst);

/* Index of `text` in `names` (NULL-terminated), or -EINVAL. */
int parse_enum(const char *text, const char *const *names);

/* Interface index of a name in this namespace; -ENODEV, or -EINVAL when no
 * interface can have that name. */
int parse_interface(const char *name, __u32 *ifindex);

/* "A" or "A-B", A not above B, 0 to 65535. 0, -EINVAL or -ERANGE. */
int parse_span(const char *text, __u16 *min, __u16 *max);

/* A time above 0 with its unit, "200us", "1.5ms", "2s"; `unit` (ns) is that of a bare number,
 * 0: there must be one. At most a day. 0, -EINVAL or -ERANGE. */
int parse_time(const char *text, __u64 unit, __u64 *ns);

/* For argp parsers: one line on stderr, and exit(status). */
void option_refuse(struct argp_state *state, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));

/* The same: the option's value as a number, or a usage error (exit 2). */
__u64 option_number(struct argp_state *state, const char *option, const char *text, __u64 min,
		    __u64 max);

/* The same: the index of one of `names`. */
int option_enum(struct argp_state *state, const char *option, const char *text,
		const char *const *names);

/* "'x' is not one of a, b, c", and what was probably meant. Returns `why`. */
const char *explain_enum(const char *text, const char *const *names, char *why, size_t size);

#endif
