/* SPDX-License-Identifier: GPL-2.0-only */
/* yajl with one call a member: one JSON object a line, for streams of many. */
#ifndef ICMPX_NDJSON_H
#define ICMPX_NDJSON_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>
#include <yajl/yajl_gen.h>

struct ndjson {
	FILE *out;
	yajl_gen gen;
};

/* 0 or -ENOMEM. Errors of writing are the caller's to see, with ferror(). */
int ndjson_init(struct ndjson *json, FILE *out);
void ndjson_destroy(struct ndjson *json);

/* A line: an object whose first member is its type. */
void ndjson_begin(struct ndjson *json, const char *type);
void ndjson_end(struct ndjson *json);

/* Members; in arrays key is NULL. A NULL text is null; others are valid UTF-8 (safe_text.h). */
void ndjson_text(struct ndjson *json, const char *key, const char *text);
/* Foreign text, as a recording's: made safe, cut at 1,023 bytes. */
void ndjson_safe(struct ndjson *json, const char *key, const char *text);
/* The same, but "" is null. */
void ndjson_foreign(struct ndjson *json, const char *key, const char *text);
void ndjson_number(struct ndjson *json, const char *key, __u64 number);
void ndjson_signed(struct ndjson *json, const char *key, __s64 number);
void ndjson_bool(struct ndjson *json, const char *key, bool value);
void ndjson_null(struct ndjson *json, const char *key);

/* A number, or null where it is 0 and that means "none". */
void ndjson_optional(struct ndjson *json, const char *key, __u64 number);

/* A value that is JSON text already. */
void ndjson_verbatim(struct ndjson *json, const char *key, const char *text, size_t length);

void ndjson_open_object(struct ndjson *json, const char *key);
void ndjson_close_object(struct ndjson *json);
void ndjson_open_array(struct ndjson *json, const char *key);
void ndjson_close_array(struct ndjson *json);

#endif
