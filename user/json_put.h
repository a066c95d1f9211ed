/* SPDX-License-Identifier: GPL-2.0-only */
/* json-c with one call a member. A NULL text is null; of others safe_text() is taken. */
#ifndef ICMPX_JSON_PUT_H
#define ICMPX_JSON_PUT_H

#include <stdbool.h>
#include <stdio.h>
#include <json-c/json.h>
#include <linux/types.h>

void json_put_text(struct json_object *object, const char *key, const char *text);
void json_put_number(struct json_object *object, const char *key, __u64 number);
void json_put_real(struct json_object *object, const char *key, double number);
void json_put_bool(struct json_object *object, const char *key, bool value);
void json_put_null(struct json_object *object, const char *key);

/* A number, or null where it is 0 and that means "none". */
void json_put_optional(struct json_object *object, const char *key, __u64 number);

/* New members, for filling. */
struct json_object *json_put_object(struct json_object *object, const char *key);
struct json_object *json_put_array(struct json_object *object, const char *key);
struct json_object *json_append_object(struct json_object *array);
void json_append_text(struct json_object *array, const char *text);

/* Writes the document and a newline, and frees it. */
void json_print(FILE *out, struct json_object *object, bool oneline);

#endif
