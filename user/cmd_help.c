// SPDX-License-Identifier: GPL-2.0-only
/* The list of commands, and what each one's help says. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "pager.h"
#include "suggest.h"
#include "util.h"

#define COMMANDS_MAX 32
#define NAME_WIDTH   12

struct args {
	char **topic;
	int count;
	bool table;
};

static const struct argp_option options[] = {
	{"table", 't', NULL, OPTION_HIDDEN, "all commands and options, for docs/completion", 0},
	{},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	(void)arg;
	switch (key) {
	case 't':
		args->table = true;
		break;
	case ARGP_KEY_ARGS:
		args->topic = state->argv + state->next;
		args->count = state->argc - state->next;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp help_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[COMMAND]",
	.doc = "Explain a command, or list them all. Where that is longer than the terminal, it "
	       "goes "
	       "through $PAGER, else less; an empty PAGER turns that off.\v"
	       "Examples:\n"
	       "  icmpx help                   what commands there are\n"
	       "  icmpx help trace             the options of one, with examples\n"
	       "  icmpx help trace merge       the same as icmpx trace merge -h",
};

void cmd_contact(FILE *out)
{
	if (*ICMPX_HOMEPAGE)
		fputs("Homepage: " ICMPX_HOMEPAGE "\n", out);
	if (*ICMPX_BUGS)
		fputs("Report bugs to: " ICMPX_BUGS "\n", out);
}

void cmd_usage_line(FILE *out)
{
	fputs("Usage: icmpx COMMAND [OPTION...] [ARGUMENT...]\n", out);
}

/* With what may be below it no longer than a terminal of 24 rows, its prompt among them. */
void cmd_usage(FILE *out)
{
	cmd_usage_line(out);
	for (const struct cmd *cmd = cmd_list; cmd->name; cmd++) {
		if (cmd->group)
			fprintf(out, "\n%s\n", cmd->group);
		fprintf(out, "  %-*s %s\n", NAME_WIDTH, cmd->name, cmd->help);
	}
	fputs("\n'icmpx help COMMAND' explains one; see also 'icmpx --version', and icmpx(8).\n",
	      out);
	cmd_contact(out);
}

const struct cmd *cmd_lookup(int count, char *const *words, int *used)
{
	char two[64] = "";

	if (count > 1)
		snprintf(two, sizeof(two), "%s %s", words[0], words[1]);
	for (*used = 2; *used; --*used)
		for (const struct cmd *cmd = cmd_list; cmd->name; cmd++)
			if (!strcmp(cmd->name, *used == 2 ? two : words[0]))
				return cmd;
	return NULL;
}

int cmd_unknown(const char *name)
{
	static const char *const before[] = {"help", "usage", "version", NULL};
	const char *names[COMMANDS_MAX + 1] = {};
	struct suggestion near;
	const char *meant;
	size_t count = 0;

	for (const struct cmd *cmd = cmd_list; cmd->name && count < COMMANDS_MAX; cmd++)
		names[count++] = cmd->name;
	if (*name == '-') {
		meant = suggest(name + strspn(name, "-"), "--", before, &near);
		report("no option '%s' before the command%s", name,
		       *meant ? meant : "; icmpx help COMMAND lists those behind it");
		return STATUS_USAGE;
	}
	meant = suggest(name, "", names, &near);
	if (*meant)
		report("no command '%s'%s", name, meant);
	else
		report("no command '%s'; icmpx help lists them", name);
	return STATUS_USAGE;
}

/* "icmpx trace merge" -> icmpx-trace-merge(8) */
static void put_page(FILE *out, const char *name)
{
	fputs("\nManual page: ", out);
	for (; *name; name++)
		putc(*name == ' ' ? '-' : *name, out);
	fputs("(8)\n", out);
}

static void write_help(const struct argp *argp, const char *name, FILE *out)
{
	struct argp_child children[2];
	struct argp whole;

	if (!argp) {
		cmd_usage(out);
		return;
	}
	cmd_with_help(argp, children, &whole);
	/* Without a sentence about arguments that short options take too. */
	setenv("ARGP_HELP_FMT", "no-dup-args-note", 0);
	argp_help(&whole, out, ARGP_HELP_SHORT_USAGE, (char *)name);
	fputc('\n', out);
	argp_help(&whole, out, ARGP_HELP_LONG | ARGP_HELP_DOC, (char *)name);
	if (argp != &help_argp)
		put_page(out, name);
	cmd_contact(out);
}

int cmd_explain(const struct argp *argp, const char *name)
{
	_cleanup_(free) char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return report_error("help", "cannot explain", -errno);
	write_help(argp, name, out);
	if (fclose(out))
		return report_error("help", "cannot explain", -errno);
	pager_show(text);
	return STATUS_DONE;
}

int cmd_help(int argc, char **argv)
{
	struct args args = {};
	const struct cmd *cmd;
	char name[64];
	int used;

	cmd_parse(&help_argp, argc, argv, 0, &args);
	if (args.table) {
		cmd_table(stdout);
		return STATUS_DONE;
	}
	if (!args.count)
		return cmd_explain(NULL, NULL);
	cmd = cmd_lookup(args.count, args.topic, &used);
	if (!cmd)
		return cmd_unknown(args.topic[0]);
	if (used < args.count) {
		snprintf(name, sizeof(name), "%s %s", args.topic[0], args.topic[args.count - 1]);
		return cmd_unknown(name);
	}
	snprintf(name, sizeof(name), "icmpx %s", cmd->name);
	return cmd_explain(cmd->argp, name);
}
