// SPDX-License-Identifier: GPL-2.0-only
/* json MEMBER...: the value that the members lead to, in the document on standard
 * input; of an array or an object its size. */
#include <stdio.h>
#include <stdlib.h>
#include <json-c/json.h>

static struct json_object *member_of(struct json_object *object, const char *name)
{
	struct json_object *member = NULL;

	if (json_object_is_type(object, json_type_array))
		return json_object_array_get_idx(object, strtoul(name, NULL, 10));
	json_object_object_get_ex(object, name, &member);
	return member;
}

static void print_value(struct json_object *value)
{
	if (json_object_is_type(value, json_type_array))
		printf("%zu\n", json_object_array_length(value));
	else if (json_object_is_type(value, json_type_object))
		printf("%d\n", json_object_object_length(value));
	else
		puts(value ? json_object_get_string(value) : "null");
}

int main(int argc, char **argv)
{
	struct json_object *document = json_object_from_fd(0);
	struct json_object *value = document;

	if (!document) {
		fputs(json_util_get_last_err(), stderr);
		return 1;
	}
	for (int i = 1; i < argc; i++)
		value = member_of(value, argv[i]);
	print_value(value);
	json_object_put(document);
	return 0;
}
