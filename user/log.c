// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <bpf/libbpf.h>

#include "hook_dispatcher.h"
#include "log.h"

#define TAIL_LINES 4

static bool show;
static char kernel_message[256];
static char verifier[1024];

/* libbpf hands over netlink's extended error as a message of its own. */
static void keep_kernel_message(const char *text)
{
	static const char mark[] = "Kernel error message: ";
	const char *at = strstr(text, mark);

	if (!at)
		return;
	snprintf(kernel_message, sizeof(kernel_message), "%s", at + strlen(mark));
	kernel_message[strcspn(kernel_message, "\n")] = '\0';
}

/* The log comes whole, between two marker lines. */
static void keep_verifier_tail(const char *text)
{
	const char *end = strstr(text, "-- END PROG LOAD LOG --");
	const char *from;
	int lines = 0;

	if (!end)
		return;
	for (from = end; from > text && lines <= TAIL_LINES; from--)
		lines += from[-1] == '\n';
	snprintf(verifier, sizeof(verifier), "%.*s", (int)(end - from), from);
}

static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	static char text[1 << 16];

	(void)level;
	vsnprintf(text, sizeof(text), format, args);
	keep_kernel_message(text);
	keep_verifier_tail(text);
	if (show)
		fputs(text, stderr);
	return 0;
}

void log_setup(bool verbose)
{
	show = verbose;
	libbpf_set_print(keep);
	hook_dispatcher_log(keep);
}

void log_reset(void)
{
	kernel_message[0] = verifier[0] = '\0';
}

const char *log_kernel_message(void)
{
	return kernel_message;
}

const char *log_verifier_tail(void)
{
	return verifier;
}
