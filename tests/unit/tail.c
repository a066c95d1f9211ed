// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tail.h"

static void put(struct tail *tail, const char *text)
{
	assert_int_equal(write(tail->in, text, strlen(text)), (int)strlen(text));
	tail_read(tail);
}

static char *printed(const struct tail *tail)
{
	struct capture capture;

	tail_print(tail, capture_begin(&capture));
	return capture_end(&capture);
}

static void all_of_a_little(void **state)
{
	struct tail tail;
	char *text;

	(void)state;
	assert_int_equal(tail_open(&tail), 0);
	tail_read(&tail); /* does not wait */
	text = printed(&tail);
	assert_string_equal(text, "");
	free(text);
	put(&tail, "one\n");
	put(&tail, "two");
	tail_started(&tail);
	tail_read(&tail);
	text = printed(&tail);
	assert_string_equal(text, "one\ntwo\n");
	free(text);
	tail_close(&tail);
	tail_read(&tail);
}

static void the_last_of_much(void **state)
{
	const char *const note = "[the beginning of its output is left out]\n";
	struct tail tail;
	char *text;

	(void)state;
	assert_int_equal(tail_open(&tail), 0);
	for (int i = 0; i < 3000; i++) {
		char line[32];

		snprintf(line, sizeof(line), "line %d\n", i);
		put(&tail, line);
	}
	text = printed(&tail);
	assert_int_equal(strncmp(text, note, strlen(note)), 0);
	assert_int_equal(strncmp(text + strlen(note), "line ", 5), 0); /* a whole one */
	assert_string_equal(strrchr(text, 'l'), "line 2999\n");
	assert_true(strlen(text) > TAIL_BYTES - 32 && strlen(text) < TAIL_BYTES + 64);
	free(text);
	tail_close(&tail);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(all_of_a_little),
	cmocka_unit_test(the_last_of_much),
};

UNIT_MAIN(tests)
