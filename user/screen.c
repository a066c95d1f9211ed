// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "screen.h"
#include "util.h"

#define ENTER "\033[?1049h\033[?25l" /* alternate screen, no cursor */
#define LEAVE "\033[?25h\033[?1049l"

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP};

static volatile sig_atomic_t ended, resized, stopped;

static struct {
	bool live;
	char *text;    /* shown now */
	sigset_t mask; /* while waiting: the only time that signals arrive */
	struct timespec next;
} screen;

static void on_signal(int signal)
{
	if (signal == SIGWINCH)
		resized = 1;
	else if (signal == SIGTSTP)
		stopped = 1;
	else
		ended = 1;
}

bool screen_is_live(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

static void put(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

void screen_open(bool live)
{
	struct sigaction action = {.sa_handler = on_signal}, old;
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++) {
		/* Without a screen to restore, stopping needs no help. */
		if (!live && (caught[i] == SIGTSTP || caught[i] == SIGWINCH))
			continue;
		if (sigaction(caught[i], NULL, &old) || old.sa_handler == SIG_IGN)
			continue; /* nohup, or a shell's background job */
		sigaddset(&block, caught[i]);
		sigaction(caught[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, &screen.mask);
	screen.live = live;
	clock_gettime(CLOCK_MONOTONIC, &screen.next);
	if (live)
		put(ENTER);
}

void screen_close(void)
{
	if (screen.live)
		put(LEAVE);
	screen.live = false;
	free(screen.text);
	screen.text = NULL;
	sigprocmask(SIG_SETMASK, &screen.mask, NULL);
}

static size_t line_count(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* How many bytes of a line fill so many columns: colours and the later bytes of a UTF-8
 * character take none. */
static int clip(const char *line, const char *end, unsigned int columns)
{
	const char *at = line;
	bool escape = false;

	for (; at < end; at++) {
		if (*at == '\033')
			escape = true;
		if (!escape && (*at & 0xc0) != 0x80 && !columns--)
			break;
		if (escape && *at == 'm')
			escape = false;
	}
	return at - line;
}

/* The last line has no newline: it would scroll the screen. */
static void draw(void)
{
	const char *line = screen.text;
	struct winsize size = {};
	size_t lines = line_count(line), rows;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	rows = lines > size.ws_row ? size.ws_row - 1U : lines;
	fputs("\033[H", stdout);
	for (size_t row = 0; row < rows; row++) {
		const char *end = strchr(line, '\n');

		printf("%s%.*s\033[0m\033[K", row ? "\r\n" : "", clip(line, end, size.ws_col),
		       line);
		line = end + 1;
	}
	if (rows < lines)
		printf("%s%.*s\033[K", rows ? "\r\n" : "", size.ws_col,
		       "(the window is too small for the rest)");
	fputs("\033[J", stdout);
	fflush(stdout);
}

bool screen_show(const char *text)
{
	if (!screen.live) {
		put(text);
	} else {
		free(screen.text);
		screen.text = strdup(text);
		if (screen.text)
			draw();
	}
	return !ferror(stdout);
}

/* Leaves the terminal to the shell for as long as the process is stopped. */
static void stop(void)
{
	put(LEAVE);
	raise(SIGSTOP);
	put(ENTER);
	resized = 1;
}

static bool past(const struct timespec *then, struct timespec *left)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left->tv_sec = then->tv_sec - now.tv_sec;
	left->tv_nsec = then->tv_nsec - now.tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_sec--;
		left->tv_nsec += 1000000000;
	}
	return left->tv_sec < 0;
}

static void after_signal(void)
{
	if (stopped && screen.live)
		stop();
	if (resized && screen.live && screen.text)
		draw();
	stopped = resized = 0;
}

bool screen_poll(struct pollfd *fds, nfds_t count, int ms)
{
	const struct timespec timeout = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	ppoll(fds, count, &timeout, &screen.mask);
	after_signal();
	return !ended;
}

unsigned int screen_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

bool screen_wait(unsigned int interval)
{
	struct timespec left;

	/* After a time asleep or stopped, not one round for each that was missed. */
	do
		screen.next.tv_sec += interval;
	while (past(&screen.next, &left));
	while (!ended && !past(&screen.next, &left)) {
		ppoll(NULL, 0, &left, &screen.mask);
		after_signal();
	}
	return !ended;
}
