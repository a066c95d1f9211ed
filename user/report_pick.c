// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "report_pick.h"

int report_pick_init(struct report_pick *pick, size_t places)
{
	*pick = (struct report_pick){.places = places / 2, .stride = 1};
	pick->highest = calloc(pick->places, sizeof(*pick->highest));
	pick->evenly = calloc(pick->places, sizeof(*pick->evenly));
	return pick->highest && pick->evenly ? 0 : -ENOMEM;
}

void report_pick_free(struct report_pick *pick)
{
	for (size_t i = 0; i < pick->highest_count; i++)
		free(pick->highest[i].text);
	for (size_t i = 0; i < pick->evenly_count; i++)
		free(pick->evenly[i].text);
	free(pick->highest);
	free(pick->evenly);
}

static bool is_high(const struct report_pick *pick, __u64 score)
{
	return pick->highest_count < pick->places || score > pick->highest[pick->lowest].score;
}

static bool is_turn(const struct report_pick *pick)
{
	return pick->seen % pick->stride == 0;
}

bool report_pick_wants(struct report_pick *pick, __u64 score)
{
	if (is_turn(pick) || is_high(pick, score))
		return true;
	pick->seen++;
	return false;
}

static void add_high(struct report_pick *pick, struct picked new)
{
	if (!is_high(pick, new.score)) {
		free(new.text);
		return;
	}
	if (pick->highest_count < pick->places) {
		pick->highest[pick->highest_count++] = new;
	} else {
		free(pick->highest[pick->lowest].text);
		pick->highest[pick->lowest] = new;
	}
	pick->lowest = 0;
	for (size_t i = 1; i < pick->highest_count; i++)
		if (pick->highest[i].score < pick->highest[pick->lowest].score)
			pick->lowest = i;
}

/* Every other one goes, unless its score keeps it. */
static void thin_out(struct report_pick *pick)
{
	size_t kept = 0;

	for (size_t i = 0; i < pick->evenly_count; i++) {
		if (i % 2)
			add_high(pick, pick->evenly[i]);
		else
			pick->evenly[kept++] = pick->evenly[i];
	}
	pick->evenly_count = kept;
	pick->stride *= 2;
}

void report_pick_add(struct report_pick *pick, __u64 score, char *text)
{
	const struct picked new = {score, text};

	if (is_turn(pick) && pick->evenly_count == pick->places)
		thin_out(pick);
	if (is_turn(pick))
		pick->evenly[pick->evenly_count++] = new;
	else
		add_high(pick, new);
	pick->seen++;
}

const char *report_pick_text(const struct report_pick *pick, size_t index)
{
	if (index < pick->evenly_count)
		return pick->evenly[index].text;
	index -= pick->evenly_count;
	return index < pick->highest_count ? pick->highest[index].text : NULL;
}
