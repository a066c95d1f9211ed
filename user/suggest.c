// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "suggest.h"

#define LETTERS 32
#define NAMES   3

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

unsigned int suggest_distance(const char *a, const char *b)
{
	unsigned int rows[3][LETTERS + 1], *before = rows[0], *last = rows[1], *row = rows[2];
	size_t rows_wanted = strnlen(a, LETTERS), columns = strnlen(b, LETTERS);

	for (size_t j = 0; j <= columns; j++)
		before[j] = last[j] = j;
	for (size_t i = 1; i <= rows_wanted; i++) {
		unsigned int *oldest = before;

		row[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			row[j] = least(last[j], row[j - 1]) + 1;
			row[j] = least(row[j], last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = oldest;
	}
	return last[columns];
}

/* Of a name of two words, the second one may be what was typed. */
static unsigned int distance_of(const char *word, const char *name)
{
	const char *space = strrchr(name, ' ');
	unsigned int whole = suggest_distance(word, name);

	return space ? least(whole, suggest_distance(word, space + 1)) : whole;
}

/* Farther words are no slips of the finger. */
static unsigned int farthest(const char *word)
{
	size_t length = strlen(word);

	return length < 3 ? 0 : length < 5 ? 1 : length < 9 ? 2 : 3;
}

/* 0 for those that begin so. */
static unsigned int score(const char *word, const char *name)
{
	return strncmp(name, word, strlen(word)) ? distance_of(word, name) : 0;
}

static void put_names(const char *const *found, size_t count, const char *before,
		      struct suggestion *suggestion)
{
	size_t used = 0;

	for (size_t i = 0; i < count && used < sizeof(suggestion->text); i++) {
		const char *between = !i ? "; did you mean " : i + 1 < count ? ", " : " or ";

		used += snprintf(suggestion->text + used, sizeof(suggestion->text) - used,
				 "%s'%s%s'", between, before, found[i]);
	}
	if (used < sizeof(suggestion->text))
		snprintf(suggestion->text + used, sizeof(suggestion->text) - used, "?");
}

const char *suggest(const char *word, const char *before, const char *const *names,
		    struct suggestion *suggestion)
{
	unsigned int best = farthest(word);
	const char *found[NAMES];
	size_t count = 0;

	*suggestion->text = '\0';
	if (!*word)
		return suggestion->text;
	for (size_t i = 0; names[i]; i++) {
		unsigned int edits = score(word, names[i]);

		if (edits > best)
			continue;
		if (edits < best)
			count = 0;
		best = edits;
		if (count < NAMES)
			found[count++] = names[i];
	}
	if (count)
		put_names(found, count, before, suggestion);
	return suggestion->text;
}
