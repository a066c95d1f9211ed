// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "symbols.h"

struct symbols {
	char *text; /* the file; names point into it */
	struct symbol *by_address;
	size_t count;
	__u32 *by_name; /* indices of by_address */
};

/* All of a file whose size is not known; NULL with errno. */
static char *read_all(const char *path)
{
	_cleanup_(close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 0, room = 16 << 20;
	char *all = fd < 0 ? NULL : malloc(room);
	ssize_t got = 0;

	while (all && (got = read(fd, all + size, room - size - 1)) > 0) {
		char *grown;

		size += got;
		if (room - size >= 4096)
			continue;
		room *= 2;
		grown = realloc(all, room);
		if (!grown)
			free(all);
		all = grown;
	}
	if (all && got < 0) {
		free(all);
		return NULL;
	}
	if (all)
		all[size] = '\0';
	return all;
}

/* "ffffffff81000000 T name.constprop.0\t[module]": cuts the line up. */
static bool parse_line(char *line, struct symbol *symbol)
{
	char *end, *name, *dot;

	symbol->address = strtoull(line, &end, 16);
	if (*end != ' ' || !strchr("tTwW", end[1]) || end[2] != ' ')
		return false;
	name = end + 3;
	name[strcspn(name, "\t")] = '\0';
	symbol->name = name;
	symbol->suffix = "";
	dot = strchr(name, '.');
	if (dot && dot != name) {
		/* The name gets room for an end of its own by taking the blank before it. */
		symbol->name = memmove(name - 1, name, dot - name);
		dot[-1] = '\0';
		symbol->suffix = dot;
	}
	return true;
}

static int compare_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static int compare_name(const void *a, const void *b, void *symbols)
{
	const struct symbol *by_address = symbols;
	const struct symbol *x = &by_address[*(const __u32 *)a];
	const struct symbol *y = &by_address[*(const __u32 *)b];
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->suffix, y->suffix);
}

static int parse_all(struct symbols *symbols)
{
	size_t room = 1 << 17;
	char *next;

	symbols->by_address = malloc(room * sizeof(*symbols->by_address));
	if (!symbols->by_address)
		return -ENOMEM;
	for (char *line = symbols->text; *line; line = next) {
		next = strchrnul(line, '\n');
		if (*next)
			*next++ = '\0';
		if (symbols->count == room) {
			struct symbol *grown = reallocarray(symbols->by_address, room *= 2,
							    sizeof(*symbols->by_address));
			if (!grown)
				return -ENOMEM;
			symbols->by_address = grown;
		}
		if (parse_line(line, &symbols->by_address[symbols->count]))
			symbols->count++;
	}
	if (!symbols->count || !symbols->by_address[symbols->count / 2].address)
		return -EACCES;
	qsort(symbols->by_address, symbols->count, sizeof(*symbols->by_address), compare_address);
	return 0;
}

static int index_names(struct symbols *symbols)
{
	symbols->by_name = malloc(symbols->count * sizeof(*symbols->by_name));
	if (!symbols->by_name)
		return -ENOMEM;
	for (size_t i = 0; i < symbols->count; i++)
		symbols->by_name[i] = i;
	qsort_r(symbols->by_name, symbols->count, sizeof(*symbols->by_name), compare_name,
		symbols->by_address);
	return 0;
}

int symbols_read(struct symbols **out)
{
	_cleanup_(symbols) struct symbols *symbols = calloc(1, sizeof(*symbols));
	int err;

	if (!symbols)
		return -ENOMEM;
	symbols->text = read_all("/proc/kallsyms");
	err = symbols->text ? parse_all(symbols) : -EACCES;
	if (!err)
		err = index_names(symbols);
	if (err)
		return err;
	*out = symbols;
	symbols = NULL;
	return 0;
}

const char *symbols_hidden(void)
{
	return caps_missing(TASK_NAME) ? "/proc/kallsyms takes CAP_SYSLOG"
				       : "/proc/kallsyms hides addresses (kernel.kptr_restrict)";
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->text);
	free(symbols->by_address);
	free(symbols->by_name);
	free(symbols);
}

const struct symbol *symbols_at(const struct symbols *symbols, __u64 address, __u32 *offset)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->by_address[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - symbols->by_address[low - 1].address > 1 << 20)
		return NULL;
	*offset = address - symbols->by_address[low - 1].address;
	return &symbols->by_address[low - 1];
}

const struct symbol *symbols_lookup(const struct symbols *symbols, const char *name)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(symbols->by_address[symbols->by_name[middle]].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == symbols->count ||
	    strcmp(symbols->by_address[symbols->by_name[low]].name, name) != 0)
		return NULL;
	return &symbols->by_address[symbols->by_name[low]];
}
