// SPDX-License-Identifier: GPL-2.0-only
/* ndjson TYPE[.LIST] MEMBER... <LINES: of each line whose member `type` is TYPE (or of each
 * element of its LIST) these members, blanks between; "-" stands for what is not there. */
#include <stdio.h>
#include <string.h>
#include <json-c/json.h>

#include "util.h"

static void print_members(struct json_object *object, char **names, int count)
{
	for (int i = 0; i < count; i++) {
		struct json_object *member = NULL;

		json_object_object_get_ex(object, names[i], &member);
		printf("%s%s", i ? " " : "", member ? json_object_get_string(member) : "-");
	}
	putchar('\n');
}

static void print_object(struct json_object *object, const char *list, char **names, int count)
{
	struct json_object *elements;

	if (!list) {
		print_members(object, names, count);
		return;
	}
	if (!json_object_object_get_ex(object, list, &elements))
		return;
	for (size_t i = 0; i < json_object_array_length(elements); i++)
		print_members(json_object_array_get_idx(elements, i), names, count);
}

int main(int argc, char **argv)
{
	_cleanup_(free) char *line = NULL;
	const char *list;
	size_t size = 0;

	if (argc < 3)
		return 2;
	list = strchr(argv[1], '.');
	if (list)
		argv[1][list++ - argv[1]] = '\0';
	while (getline(&line, &size, stdin) > 0) {
		struct json_object *object = json_tokener_parse(line), *type = NULL;

		if (!object) {
			fputs("not JSON\n", stderr);
			return 1;
		}
		json_object_object_get_ex(object, "type", &type);
		if (type && !strcmp(json_object_get_string(type), argv[1]))
			print_object(object, list, argv + 2, argc - 2);
		json_object_put(object);
	}
	return 0;
}
