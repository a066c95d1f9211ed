// SPDX-License-Identifier: GPL-2.0-only
#include <curses.h>
#include <signal.h>
#include <string.h>
#include <term.h>
#include <termios.h>

#include "terminal.h"
#include "terminal_info.h"
#include "util.h"

/* Ctrl-\ too: it ends the process at once, as it does elsewhere. */
static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};

/* Made beforehand: in a crash write() and tcsetattr() alone may be called. */
static struct {
	struct termios modes;
	char leave[256];
	size_t length;
	struct sigaction before[ARRAY_SIZE(crashes)];
} info;

const char *terminal_missing(void)
{
	const char *name = getenv("TERM");
	bool able;
	int err;

	if (!isatty(STDOUT_FILENO) || !name || !*name || !strcmp(name, "dumb"))
		return "";
	if (setupterm(NULL, STDOUT_FILENO, &err) == ERR)
		return "it is not in the terminfo database";
	able = cursor_address && clear_screen;
	del_curterm(cur_term);
	return able ? NULL : "it cannot be drawn on";
}

void terminal_keep_modes(void)
{
	tcgetattr(STDOUT_FILENO, &info.modes);
}

static int keep(int character)
{
	if (info.length < sizeof(info.leave))
		info.leave[info.length++] = character;
	return character;
}

/* Then what it would have been without this. */
static void on_crash(int signal)
{
	ssize_t ignored = write(STDOUT_FILENO, info.leave, info.length);

	(void)ignored;
	tcsetattr(STDOUT_FILENO, TCSANOW, &info.modes);
	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++)
		if (crashes[i] == signal)
			sigaction(signal, &info.before[i], NULL);
	raise(signal);
}

void terminal_catch_crashes(void)
{
	const char *const sequences[] = {keypad_local, exit_attribute_mode, cursor_normal,
					 exit_ca_mode};
	const struct sigaction action = {.sa_handler = on_crash};

	info.length = 0;
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++)
		if (sequences[i])
			tputs(sequences[i], 1, keep);
	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++) {
		sigaction(crashes[i], NULL, &info.before[i]);
		if (info.before[i].sa_handler != SIG_IGN)
			sigaction(crashes[i], &action, NULL);
	}
}

void terminal_release_crashes(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++)
		sigaction(crashes[i], &info.before[i], NULL);
}
