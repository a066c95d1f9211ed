// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <math.h>
#include <string.h>

#include "spark.h"
#include "util.h"

static void add_all(struct spark *spark, const double *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		spark_add(spark, samples[i]);
}

static void nothing_yet(void **state)
{
	struct spark spark = {};
	double cells[8];

	(void)state;
	assert_int_equal(spark_count(&spark), 0);
	assert_true(isnan(spark_last(&spark)));
	assert_true(isnan(spark_most(&spark)));
	assert_int_equal(spark_cells(&spark, cells, 8), 0);
}

static void one_cell_a_sample(void **state)
{
	static const double samples[] = {3, NAN, 0, 7, 5};
	struct spark spark = {};
	double cells[5];

	(void)state;
	add_all(&spark, samples, ARRAY_SIZE(samples));
	assert_true(spark_last(&spark) == 5);
	assert_true(spark_most(&spark) == 7);
	assert_int_equal(spark_cells(&spark, cells, 5), 5);
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		assert_true(isnan(samples[i]) ? isnan(cells[i]) : cells[i] == samples[i]);
	assert_int_equal(spark_cells(&spark, cells, 0), 0);
}

/* A cell is the highest of its samples: no peak is lost. */
static void several_samples_a_cell(void **state)
{
	static const double samples[] = {1, 2, 9, 1, NAN, NAN, NAN, 4, 3};
	struct spark spark = {};
	double cells[3];

	(void)state;
	add_all(&spark, samples, ARRAY_SIZE(samples));
	assert_int_equal(spark_cells(&spark, cells, 3), 3);
	assert_true(cells[0] == 9 && cells[1] == 1 && cells[2] == 4);
	assert_int_equal(spark_cells(&spark, cells, 1), 1);
	assert_true(cells[0] == 9);
}

static void the_ring_forgets(void **state)
{
	struct spark spark = {};
	double cells[SPARK_SAMPLES];

	(void)state;
	for (int i = 0; i < 3 * SPARK_SAMPLES + 7; i++)
		spark_add(&spark, i);
	assert_int_equal(spark_count(&spark), SPARK_SAMPLES);
	assert_true(spark_last(&spark) == 3 * SPARK_SAMPLES + 6);
	assert_int_equal(spark_cells(&spark, cells, SPARK_SAMPLES), SPARK_SAMPLES);
	assert_true(cells[0] == 2 * SPARK_SAMPLES + 7);
	assert_true(cells[SPARK_SAMPLES - 1] == 3 * SPARK_SAMPLES + 6);
}

/* At every width and fill: no more cells than asked for, and the newest is in the last; when
 * the line moves on, what is in one cell stays together. */
static void cells_stay(void **state)
{
	(void)state;
	for (unsigned int width = 1; width < 130; width += 7) {
		struct spark spark = {};
		double before[130], cells[130];
		unsigned int had = 0;

		for (int i = 0; i < 2 * SPARK_SAMPLES; i++) {
			unsigned int have;
			bool full = spark_count(&spark) == SPARK_SAMPLES;

			spark_add(&spark, i);
			have = spark_cells(&spark, cells, width);
			assert_true(have <= width && have + 1 >= had / 2);
			assert_true(cells[have - 1] == i);
			/* All but the newest: as they were, or moved by one. */
			for (unsigned int j = 1; full && j + 2 < have && j + 2 < had; j++)
				assert_true(cells[j] == before[j] || cells[j] == before[j + 1]);
			memcpy(before, cells, sizeof(before));
			had = have;
		}
	}
}

static void levels(void **state)
{
	(void)state;
	assert_int_equal(spark_level(NAN, 10), -1);
	assert_int_equal(spark_level(0, 10), 0);
	assert_int_equal(spark_level(-5, 10), 0);
	assert_int_equal(spark_level(0.001, 10), 1); /* little is more than nothing */
	assert_int_equal(spark_level(5, 10), 4);
	assert_int_equal(spark_level(10, 10), 7);
	assert_int_equal(spark_level(0, 0), 0);
	assert_int_equal(spark_level(0, NAN), 0);
	assert_int_equal(spark_level(1e300, 1e-300), 7);
}

static char *table(const struct spark_row *rows, unsigned int width, bool ascii)
{
	struct capture capture;

	render_sparks(capture_begin(&capture), "ANSWERS/S", rows, 2, 2, width, ascii);
	return capture_end(&capture);
}

static void as_text(void **state)
{
	static const double samples[] = {0, 7000, 1500};
	struct spark some = {}, none = {};
	const struct spark_row rows[] = {
		{"by icmpx", &some, format_scaled},
		{"by the kernel", &none, format_scaled},
	};
	char *text;

	(void)state;
	add_all(&some, samples, ARRAY_SIZE(samples));
	spark_add(&none, NAN);
	text = table(rows, 80, false);
	assert_string_equal(text, "ANSWERS/S           NOW      MAX  LAST 6s\n"
				  "by icmpx           1.5k     7.0k  ▁█▃\n"
				  "by the kernel         -        -   \n");
	free(text);
	text = table(rows, 80, true);
	assert_non_null(strstr(text, "7.0k  _#:\n"));
	free(text);
	text = table(rows, 30, false); /* no room for bars */
	assert_string_equal(text, "ANSWERS/S           NOW      MAX\n"
				  "by icmpx           1.5k     7.0k\n"
				  "by the kernel         -        -\n");
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(nothing_yet),
	cmocka_unit_test(one_cell_a_sample),
	cmocka_unit_test(several_samples_a_cell),
	cmocka_unit_test(the_ring_forgets),
	cmocka_unit_test(cells_stay),
	cmocka_unit_test(levels),
	cmocka_unit_test(as_text),
};

UNIT_MAIN(tests)
