// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <string.h>

#include "spark.h"
#include "util.h"

#define LEVELS      8
#define NUMBER      8 /* columns of a number */
#define BARS_LEAST  8 /* columns that are worth bars */
#define NAME_COLUMN 14

/* NAN where both are. fmax() would want libm. */
static double larger(double a, double b)
{
	return isnan(a) || b > a ? b : a;
}

void spark_add(struct spark *spark, double sample)
{
	spark->samples[spark->added++ % SPARK_SAMPLES] = sample;
}

unsigned int spark_count(const struct spark *spark)
{
	return spark->added < SPARK_SAMPLES ? spark->added : SPARK_SAMPLES;
}

double spark_last(const struct spark *spark)
{
	return spark->added ? spark->samples[(spark->added - 1) % SPARK_SAMPLES] : NAN;
}

double spark_most(const struct spark *spark)
{
	double most = NAN;

	for (unsigned int i = 0; i < spark_count(spark); i++)
		most = larger(most, spark->samples[i]);
	return most;
}

/* Cells begin at multiples of their length, counted from the first sample ever: what is in
 * one stays together while the line moves on. */
unsigned int spark_cells(const struct spark *spark, double *cells, unsigned int max)
{
	unsigned int count = spark_count(spark), length, used = 0;
	unsigned long first = spark->added - count, begin;

	if (!count || !max)
		return 0;
	length = (count + max - 1) / max;
	begin = first / length;
	/* One that is half gone at the left may be too many. */
	if ((spark->added - 1) / length - begin >= max)
		begin = (spark->added - 1) / length - max + 1;
	if (first < begin * length)
		first = begin * length;
	for (unsigned long i = first; i < spark->added; i++) {
		double sample = spark->samples[i % SPARK_SAMPLES];
		unsigned long cell = i / length - begin;

		if (cell >= used)
			cells[used++] = NAN;
		cells[cell] = larger(cells[cell], sample);
	}
	return used;
}

int spark_level(double value, double most)
{
	if (isnan(value))
		return -1;
	if (value <= 0 || !(most > 0))
		return 0;
	return value < most ? 1 + (int)(value / most * (LEVELS - 1)) : LEVELS - 1;
}

static void put_bars(FILE *out, const struct spark *spark, unsigned int width, bool ascii)
{
	static const char *const bars[LEVELS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const letters[LEVELS] = {"_", ".", ":", "-", "=", "+", "*", "#"};
	double cells[SPARK_SAMPLES];
	unsigned int count =
		spark_cells(spark, cells, width < SPARK_SAMPLES ? width : SPARK_SAMPLES);
	double most = spark_most(spark);

	for (unsigned int i = 0; i < count; i++) {
		int level = spark_level(cells[i], most);

		fputs(level < 0 ? " " : (ascii ? letters : bars)[level], out);
	}
}

static const char *number(const struct spark_row *row, double value, struct text *text)
{
	return isnan(value) ? "-" : row->format(value, text);
}

void render_sparks(FILE *out, const char *title, const struct spark_row *rows, unsigned int count,
		   double seconds, unsigned int width, bool ascii)
{
	unsigned int before = NAME_COLUMN + 2 * (NUMBER + 1) + 2;
	unsigned int bars = width > before ? width - before : 0;
	struct text last, most;

	if (bars < BARS_LEAST)
		bars = 0;
	fprintf(out, "%-*s %*s %*s", NAME_COLUMN, title, NUMBER, "NOW", NUMBER, "MAX");
	if (bars >= strlen("LAST 10m00s"))
		fprintf(out, "  LAST %s",
			format_duration(spark_count(rows[0].spark) * seconds, &last));
	fputc('\n', out);
	for (unsigned int i = 0; i < count; i++) {
		fprintf(out, "%-*s %*s %*s", NAME_COLUMN, rows[i].name, NUMBER,
			number(&rows[i], spark_last(rows[i].spark), &last), NUMBER,
			number(&rows[i], spark_most(rows[i].spark), &most));
		if (bars) {
			fputs("  ", out);
			put_bars(out, rows[i].spark, bars, ascii);
		}
		fputc('\n', out);
	}
}
