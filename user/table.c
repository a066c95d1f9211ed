// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <string.h>

#include "table.h"

#define GAP 2 /* blanks between columns */

struct table {
	const char *columns;
	size_t width; /* columns */
	size_t count; /* cells */
	char **cells; /* NULL: out of memory, shown as empty */
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

/* Blanks are owed until a text follows them. */
static void print_row(const struct table *table, const int *widths, size_t first, FILE *out,
		      int owed)
{
	for (size_t column = 0; column < table->width && first + column < table->count; column++) {
		const char *text = cell(table, first + column);
		int len = strlen(text), pad = widths[column] - len;

		if (table->columns[column] == 'r') {
			owed += pad;
			pad = 0;
		}
		if (len) {
			fprintf(out, "%*s%s", owed, "", text);
			owed = 0;
		}
		owed += pad + GAP;
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
