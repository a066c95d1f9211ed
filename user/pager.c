// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pager.h"

#define NOT_FOUND 127 /* what a shell exits with */

bool pager_is_long(const char *text, unsigned int rows, unsigned int columns)
{
	unsigned int lines = 1; /* the prompt's */

	if (!rows || !columns)
		return false;
	for (const char *end; *text; text = end + (*end == '\n')) {
		size_t length;

		end = strchrnul(text, '\n');
		length = end - text;
		lines += length ? (length + columns - 1) / columns : 1;
	}
	return lines > rows;
}

static bool is_wanted(const char *text)
{
	const char *term = getenv("TERM");
	struct winsize size;

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") &&
	       !getauxval(AT_SECURE) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
	       pager_is_long(text, size.ws_row, size.ws_col);
}

/* Its standard input is `from`; the other end is not its own (O_CLOEXEC). 0 or an errno. */
static int start(const char *pager, int from, pid_t *pid)
{
	char *shell[] = {"sh", "-c", (char *)pager, NULL}, *less[] = {"less", NULL};
	posix_spawn_file_actions_t actions;
	char **argv = pager ? shell : less;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return err;
	/* As git: leave at once what fits, colours, and the text on the screen at the end. */
	if (!pager)
		setenv("LESS", "FRX", 0);
	err = posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
	if (!err)
		err = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

/* Until it has all or wants no more. */
static void feed(int to, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(to, text, left);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			left -= n;
		}
	}
}

/* Whether it has run. Ctrl-C is the pager's meanwhile, and one that is left early no error. */
static bool show_by(const char *pager, const char *text)
{
	static const int held[] = {SIGINT, SIGQUIT, SIGPIPE};
	void (*before[3])(int);
	int ends[2], status = 0;
	bool run = false;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	if (!start(pager, ends[0], &pid)) {
		for (size_t i = 0; i < 3; i++)
			before[i] = signal(held[i], SIG_IGN);
		close(ends[0]);
		ends[0] = -1;
		feed(ends[1], text);
		close(ends[1]);
		ends[1] = -1;
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		for (size_t i = 0; i < 3; i++)
			signal(held[i], before[i]);
		run = !WIFEXITED(status) || WEXITSTATUS(status) != NOT_FOUND;
	}
	if (ends[0] >= 0)
		close(ends[0]);
	if (ends[1] >= 0)
		close(ends[1]);
	return run;
}

void pager_show(const char *text)
{
	const char *pager = getenv("PAGER");
	bool off = pager && (!*pager || !strcmp(pager, "cat"));

	fflush(stdout);
	if (off || !is_wanted(text) || !show_by(pager, text))
		fputs(text, stdout);
}
