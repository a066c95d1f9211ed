// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "screen.h"
#include "screen_text.h"
#include "terminal.h"
#include "text_line.h"
#include "util.h"

#define HELP                                                                                       \
	"q or Ctrl-C: leave. p: hold still, and go on. Arrows, PgUp, PgDn, Home, End: move the "   \
	"text. Ctrl-L: draw anew. ?: less help."

static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
static const int on_screen[] = {SIGWINCH, SIGTSTP, SIGCONT};

static volatile sig_atomic_t ended, resized, stopped, continued;

static struct {
	bool live, caught, paused, help;
	struct screen_source source;
	char *text;    /* shown now */
	size_t top;    /* the first line of it that is seen */
	sigset_t mask; /* while waiting: the only time that signals arrive */
	struct timespec next;
} screen;

static void on_signal(int signal)
{
	if (signal == SIGWINCH)
		resized = 1;
	else if (signal == SIGTSTP)
		stopped = 1;
	else if (signal == SIGCONT)
		continued = 1;
	else
		ended = 1;
}

static void catch (const int *signals, size_t count, sigset_t *mask)
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct sigaction old;
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < count; i++) {
		if (sigaction(signals[i], NULL, &old) || old.sa_handler == SIG_IGN)
			continue; /* nohup, or a shell's background job */
		sigaddset(&block, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, mask);
}

void screen_catch(void)
{
	if (!screen.caught)
		catch (ends, ARRAY_SIZE(ends), &screen.mask);
	screen.caught = true;
}

void screen_open(bool live, const struct screen_source *source)
{
	screen_catch();
	if (live) /* without a screen to restore, stopping needs no help */
		catch (on_screen, ARRAY_SIZE(on_screen), NULL);
	screen.live = live && terminal_open();
	screen.source = *source;
	screen.top = 0;
	screen.paused = screen.help = false;
	clock_gettime(CLOCK_MONOTONIC, &screen.next);
}

void screen_close(void)
{
	if (screen.live)
		terminal_close();
	screen.live = false;
	free(screen.text);
	screen.text = NULL;
	if (screen.caught)
		sigprocmask(SIG_SETMASK, &screen.mask, NULL);
	screen.caught = false;
}

bool screen_is_open(void)
{
	return screen.live;
}

/* --- drawing -------------------------------------------------------------------- */

static char *help_text(void)
{
	struct text_line line = {.width = terminal_columns()};
	char *text = NULL;
	size_t size;

	line.out = open_memstream(&text, &size);
	if (!line.out)
		return NULL;
	line_words(&line, STYLE_PLAIN, 0, HELP);
	line_end(&line);
	fclose(line.out);
	return text;
}

/* What the keys are, or where in the text one is; all of it at the bottom. */
static unsigned int put_bottom(unsigned int rows, size_t lines)
{
	_cleanup_(free) char *help = screen.help ? help_text() : NULL;
	unsigned int columns = terminal_columns(), height = 1;
	char keys[256], place[64] = "";

	if (rows < 2)
		return 0;
	if (help) {
		height = screen_text_lines(help);
		if (height > rows - 1)
			height = rows - 1;
		for (unsigned int i = 0; i < height; i++)
			terminal_put(rows - height + i, screen_text_line(help, i), true);
		return height;
	}
	if (lines > rows - 1)
		snprintf(place, sizeof(place), "lines %zu-%zu of %zu", screen.top + 1,
			 screen.top + rows - 1, lines);
	snprintf(keys, sizeof(keys), "%s  q: leave  p: %s  ?: help",
		 screen.paused ? "HELD STILL" : "icmpx", screen.paused ? "go on" : "hold still");
	if (strlen(keys) + 2 + strlen(place) <= columns)
		snprintf(keys + strlen(keys), sizeof(keys) - strlen(keys), "%*s",
			 (int)(columns < sizeof(keys) ? columns - strlen(keys) : 0), place);
	terminal_put(rows - 1, keys, true);
	return 1;
}

static void paint(void)
{
	size_t lines = screen_text_lines(screen.text);
	unsigned int rows = terminal_rows(), height;
	const char *line;

	height = rows > 1 ? rows - 1 : rows;
	screen.top = screen_text_scroll(screen.top, lines, height, MOVE_NONE);
	line = screen_text_line(screen.text, screen.top);
	for (unsigned int row = 0; row < height; row++) {
		terminal_put(row, line, false);
		line = screen_text_line(line, 1);
	}
	put_bottom(rows, lines);
	terminal_show();
}

static char *render(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	screen.source.render(out, screen.source.data);
	fclose(out);
	return text;
}

bool screen_draw(void)
{
	char *text;

	if (screen.live && screen.paused && screen.text)
		return true;
	text = render();
	if (!text)
		return screen.live;
	if (!screen.live) {
		fputs(text, stdout);
		fflush(stdout);
		free(text);
		return !ferror(stdout);
	}
	free(screen.text);
	screen.text = text;
	paint();
	return true;
}

/* --- what happens meanwhile ----------------------------------------------------- */

static void take_move(enum screen_move move)
{
	unsigned int rows = terminal_rows();

	screen.top = screen_text_scroll(screen.top, screen_text_lines(screen.text),
					rows > 1 ? rows - 1 : rows, move);
}

static void take_key(enum terminal_key key)
{
	static const enum screen_move moves[] = {
		[KEY_IS_UP] = MOVE_UP,           [KEY_IS_DOWN] = MOVE_DOWN,
		[KEY_IS_PAGE_UP] = MOVE_PAGE_UP, [KEY_IS_PAGE_DOWN] = MOVE_PAGE_DOWN,
		[KEY_IS_FIRST] = MOVE_FIRST,     [KEY_IS_LAST] = MOVE_LAST,
	};

	if (key == KEY_IS_QUIT)
		ended = 1;
	else if (key == KEY_IS_PAUSE)
		screen.paused = !screen.paused;
	else if (key == KEY_IS_HELP)
		screen.help = !screen.help;
	else if (key == KEY_IS_REDRAW)
		terminal_show_all();
	else if (screen.text)
		take_move(moves[key]);
}

static void take_keys(short events)
{
	enum terminal_key key;
	bool was_paused = screen.paused, any = false;

	/* The terminal is gone: it would be readable for ever. */
	if (events & (POLLHUP | POLLERR | POLLNVAL))
		ended = 1;
	while ((events & POLLIN) && !ended && (key = terminal_key()) != KEY_IS_NONE) {
		take_key(key);
		any = true;
	}
	if (!any || !screen.text || ended)
		return;
	if (was_paused && !screen.paused)
		screen_draw();
	else
		paint();
}

/* Leaves the terminal to the shell for as long as the process is stopped. */
static void stop(void)
{
	terminal_leave();
	raise(SIGSTOP);
	continued = 1;
}

static void after_signal(void)
{
	if (!screen.live)
		return;
	if (stopped)
		stop();
	if (continued)
		terminal_return();
	if (resized || continued)
		terminal_resize();
	if ((resized || continued) && screen.text) {
		if (!screen.paused)
			screen_draw();
		else
			paint();
	}
	stopped = resized = continued = 0;
}

static void wait(struct pollfd *fds, nfds_t count, const struct timespec *timeout)
{
	struct pollfd all[SCREEN_POLL_MAX + 1] = {};
	int found;

	for (nfds_t i = 0; i < count; i++)
		all[i] = fds[i];
	all[count].fd = screen.live ? terminal_fd() : -1;
	all[count].events = POLLIN;
	found = ppoll(all, count + 1, timeout, &screen.mask);
	for (nfds_t i = 0; i < count; i++)
		fds[i].revents = found > 0 ? all[i].revents : 0;
	after_signal();
	if (found > 0 && all[count].revents)
		take_keys(all[count].revents);
}

bool screen_poll(struct pollfd *fds, nfds_t count, int ms)
{
	const struct timespec timeout = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	wait(fds, count, &timeout);
	return !ended;
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

bool screen_wait(unsigned int interval)
{
	struct timespec left;

	/* After a time asleep or stopped, not one round for each that was missed. */
	do
		screen.next.tv_sec += interval;
	while (past(&screen.next, &left));
	while (!ended && !past(&screen.next, &left))
		wait(NULL, 0, &left);
	return !ended;
}

unsigned int screen_columns(void)
{
	struct winsize size;

	if (screen.live)
		return terminal_columns();
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}
