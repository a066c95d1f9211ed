/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_UNIT_H
#define ICMPX_UNIT_H

#include <stdio.h>

#include "../cmocka_compat.h"

#define UNIT_MAIN(tests)                                                                           \
	int main(void)                                                                             \
	{                                                                                          \
		cmocka_set_message_output(CM_OUTPUT_TAP);                                          \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

/* What is written to it becomes a string at capture_end(), which the caller frees. */
struct capture {
	FILE *file;
	char *text;
	size_t size;
};

static inline FILE *capture_begin(struct capture *capture)
{
	capture->file = open_memstream(&capture->text, &capture->size);
	assert_non_null(capture->file);
	return capture->file;
}

static inline char *capture_end(struct capture *capture)
{
	fclose(capture->file);
	return capture->text;
}

/* A file with that content. */
static inline FILE *file_of(const char *text)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	fputs(text, file);
	rewind(file);
	return file;
}

#endif
