/* SPDX-License-Identifier: GPL-2.0-only */
/* "Did you mean": what was probably meant by a word that is none of those there are. */
#ifndef ICMPX_SUGGEST_H
#define ICMPX_SUGGEST_H

struct suggestion {
	char text[160];
};

/* The edits (a letter more, fewer or another, two neighbours swapped) that lead from one word to
 * the other; at most 32 letters of each are looked at. */
unsigned int suggest_distance(const char *a, const char *b);

/* The names (NULL-terminated) that begin as `word` does, else those that are nearest to it, up to
 * three, as "; did you mean 'stats' or 'status'?", with `before` in front of each; "" if none is
 * near. Returns suggestion->text. */
const char *suggest(const char *word, const char *before, const char *const *names,
		    struct suggestion *suggestion);

#endif
