// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "table.h"

#define GAP 2 /* blanks between columns */

struct table {
	const char *columns;
	size_t width; /* columns */
	size_t count; /* cells */
	char **cells; /* NULL: out of memory, shown as empty */
	size_t wrap;  /* columns of the last one; 0: no bound */
};

struct table *table_new(const char *columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->columns = columns;
	table->width = strlen(columns);
	return table;
}

void table_cell(struct table *table, const char *format, ...)
{
	char **grown, *text;
	va_list args;

	if (!table)
		return;
	grown = reallocarray(table->cells, table->count + 1, sizeof(*grown));
	if (!grown)
		return;
	table->cells = grown;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	table->cells[table->count++] = text;
}

void table_wrap(struct table *table, unsigned int columns)
{
	if (table)
		table->wrap = columns;
}

static const char *cell(const struct table *table, size_t i)
{
	return table->cells[i] ?: "";
}

static int column_width(const struct table *table, size_t column)
{
	size_t most = 0;

	for (size_t i = column; i < table->count; i += table->width) {
		size_t len = strlen(cell(table, i));

		if (len > most)
			most = len;
	}
	return most;
}

/* How much of a text goes into one line: whole words, but of a longer one what fits. */
static size_t fitting(const char *text, size_t columns)
{
	size_t length = strlen(text);

	if (length <= columns)
		return length;
	for (length = columns; length && text[length] != ' '; length--)
		;
	return length ?: columns;
}

/* The rest of a line's last text, each line below the first one. */
static void print_rest(const char *text, size_t columns, FILE *out, int before)
{
	while (*(text += strspn(text, " "))) {
		size_t length = fitting(text, columns);

		fprintf(out, "\n%*s%.*s", before, "", (int)length, text);
		text += length;
	}
}

/* Blanks are owed until a text follows them. */
static void print_row(const struct table *table, const int *widths, size_t first, FILE *out,
		      int owed)
{
	size_t last = table->width - 1;
	int before = owed;

	for (size_t column = 0; column < table->width && first + column < table->count; column++) {
		const char *text = cell(table, first + column);
		int len = strlen(text), pad = widths[column] - len;
		bool wraps = column == last && table->wrap;

		if (table->columns[column] == 'r') {
			owed += pad;
			pad = 0;
		}
		if (wraps)
			len = fitting(text, table->wrap);
		if (len) {
			fprintf(out, "%*s%.*s", owed, "", len, text);
			owed = 0;
		}
		if (wraps)
			print_rest(text + len, table->wrap, out, before);
		owed += pad + GAP;
		before += widths[column] + GAP;
	}
	fputc('\n', out);
}

void table_print(const struct table *table, FILE *out, int indent)
{
	_cleanup_(free) int *widths = NULL;

	if (!table)
		return;
	widths = calloc(table->width, sizeof(*widths));
	if (!widths)
		return;
	for (size_t column = 0; column < table->width; column++)
		widths[column] = column_width(table, column);
	for (size_t i = 0; i < table->count; i += table->width)
		print_row(table, widths, i, out, indent);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}
