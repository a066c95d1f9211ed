// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "json_put.h"
#include "safe_text.h"
#include "util.h"

/* JSON is UTF-8, and a terminal may be what it is shown on. */
static struct json_object *new_text(const char *text)
{
	_cleanup_(free) char *safe = text ? strdup(text) : NULL;

	if (!safe)
		return NULL;
	safe_text(safe);
	return json_object_new_string(safe);
}

void json_put_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, new_text(text));
}

void json_append_text(struct json_object *array, const char *text)
{
	json_object_array_add(array, new_text(text));
}

void json_put_number(struct json_object *object, const char *key, __u64 number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

/* Three decimals: no unit here needs more, and 0.1 shall read as 0.1. */
void json_put_real(struct json_object *object, const char *key, double number)
{
	char text[64];

	snprintf(text, sizeof(text), "%.3f", number);
	json_object_object_add(object, key, json_object_new_double_s(number, text));
}

void json_put_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

void json_put_null(struct json_object *object, const char *key)
{
	json_object_object_add(object, key, NULL);
}

void json_put_optional(struct json_object *object, const char *key, __u64 number)
{
	if (number)
		json_put_number(object, key, number);
	else
		json_put_null(object, key);
}

struct json_object *json_put_object(struct json_object *object, const char *key)
{
	struct json_object *member = json_object_new_object();

	json_object_object_add(object, key, member);
	return member;
}

struct json_object *json_put_array(struct json_object *object, const char *key)
{
	struct json_object *member = json_object_new_array();

	json_object_object_add(object, key, member);
	return member;
}

struct json_object *json_append_object(struct json_object *array)
{
	struct json_object *element = json_object_new_object();

	json_object_array_add(array, element);
	return element;
}

void json_print(FILE *out, struct json_object *object, bool oneline)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (!oneline)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	fprintf(out, "%s\n", json_object_to_json_string_ext(object, flags));
	json_object_put(object);
}
