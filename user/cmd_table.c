// SPDX-License-Identifier: GPL-2.0-only
/* `icmpx help --table`: what the completions and their tests are made of. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "export.h"

struct row {
	FILE *out;
	const char *command;
};

/* auto|native|generic; NAME|PID is none. */
static bool is_list(const char *argument)
{
	return islower((unsigned char)*argument) && strchr(argument, '|');
}

static void put_values(FILE *out, const char *argument)
{
	if (is_list(argument)) {
		fputs(argument, out);
		return;
	}
	if (strcmp(argument, "FORMAT=FILE") != 0)
		return;
	for (size_t i = 0; export_format_name(i); i++)
		fprintf(out, "%s%s=", i ? "|" : "", export_format_name(i));
}

static bool take(void *data, const struct argp_option *option, const struct argp_option *of)
{
	const struct row *row = data;
	const char *argument = of->arg ?: "";

	if ((option->flags | of->flags) & (OPTION_HIDDEN | OPTION_ALIAS))
		return false;
	fprintf(row->out, "option\t%s\t", row->command);
	if (isgraph(option->key) && option->key < 128)
		fputc(option->key, row->out);
	fprintf(row->out, "\t%s\t%s\t%s\t", option->name ?: "", argument,
		of->flags & OPTION_ARG_OPTIONAL ? "optional" : "");
	put_values(row->out, argument);
	fprintf(row->out, "\t%s\n", of->doc);
	return false;
}

void cmd_table(FILE *out)
{
	for (const struct cmd *cmd = cmd_list; cmd->name; cmd++) {
		const struct row row = {out, cmd->name};
		const char *operands = cmd->argp->args_doc ?: "";
		struct argp_child children[2];
		struct argp whole;

		fprintf(out, "command\t%s\t%.*s\t%s\n", cmd->name, (int)strcspn(operands, "\n"),
			operands, cmd->help);
		cmd_with_help(cmd->argp, children, &whole);
		cmd_options(&whole, take, (void *)&row);
	}
}
