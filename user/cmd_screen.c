// SPDX-License-Identifier: GPL-2.0-only
#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include "cmd.h"
#include "cmd_screen.h"
#include "terminal.h"
#include "util.h"

bool cmd_screen_wanted(void)
{
	const char *missing = terminal_missing();

	if (missing && *missing)
		report("no screen of its own on a terminal of type %s: %s", getenv("TERM"),
		       missing);
	return !missing;
}

bool cmd_has_colour(void)
{
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org: set and not empty */
	const char *term = getenv("TERM");

	return !(no_color && *no_color) && isatty(STDOUT_FILENO) && term && *term &&
	       strcmp(term, "dumb");
}

bool cmd_is_ascii(void)
{
	setlocale(LC_CTYPE, "");
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}
