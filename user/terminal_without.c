// SPDX-License-Identifier: GPL-2.0-only
/* In a program without ncurses: no terminal is a screen, and nothing else here is called. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

const char *terminal_missing(void)
{
	const char *name = getenv("TERM");

	if (!isatty(STDOUT_FILENO) || !name || !*name || !strcmp(name, "dumb"))
		return "";
	return "this icmpx was built without screens (ncurses)";
}

bool terminal_open(void)
{
	return false;
}

void terminal_close(void)
{
}

void terminal_leave(void)
{
}

void terminal_return(void)
{
}

void terminal_resize(void)
{
}

unsigned int terminal_rows(void)
{
	return 0;
}

unsigned int terminal_columns(void)
{
	return 0;
}

void terminal_put(unsigned int row, const char *line, bool inverse)
{
	(void)row;
	(void)line;
	(void)inverse;
}

void terminal_show(void)
{
}

void terminal_show_all(void)
{
}

int terminal_fd(void)
{
	return -1;
}

enum terminal_key terminal_key(void)
{
	return KEY_IS_NONE;
}
