// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cmd.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **topic = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (*topic)
		argp_failure(state, STATUS_USAGE, 0, "one command at a time");
	*topic = arg;
	return 0;
}

const struct argp help_argp = {
	.parser = parse,
	.args_doc = "[COMMAND]",
	.doc = "Explain a command, or list them all.",
};

int cmd_help(int argc, char **argv)
{
	const struct cmd *cmd;
	const char *topic = NULL;
	char name[64];

	if (argp_parse(&help_argp, argc, argv, 0, NULL, &topic))
		return STATUS_USAGE;
	if (!topic) {
		cmd_usage(stdout);
		return STATUS_DONE;
	}
	cmd = cmd_lookup(topic);
	if (!cmd) {
		report("no command '%s'; icmpx help lists them", topic);
		return STATUS_USAGE;
	}
	snprintf(name, sizeof(name), "icmpx %s", cmd->name);
	argp_help(cmd->argp, stdout, ARGP_HELP_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC, name);
	return STATUS_DONE;
}
