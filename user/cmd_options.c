// SPDX-License-Identifier: GPL-2.0-only
/* What argp does not do as people want it: an unknown option gets one line that says what was
 * probably meant, and -h explains. */
#include <string.h>

#include "cmd.h"
#include "safe_text.h"
#include "suggest.h"
#include "util.h"

#define NAMES_MAX 128

enum {
	OPT_USAGE = 1024, /* no command's own */
};

static const struct argp_option help_options[] = {
	{NULL, 0, NULL, 0, "Common options:", -1},
	{"help", 'h', NULL, 0, "explain this command", -1},
	{NULL, '?', NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, -1},
	{"usage", OPT_USAGE, NULL, 0, "print its options in short", -1},
	{"version", 'V', NULL, 0, "print the version", -1},
	{},
};

/* The command's own is the only child of what is parsed. */
static error_t parse_help(int key, char *arg, struct argp_state *state)
{
	const struct argp *argp = state->root_argp->children->argp;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case 'h':
	case '?':
		exit(cmd_finish(cmd_explain(argp, state->name)));
	case OPT_USAGE:
		argp_help(state->root_argp, stdout, ARGP_HELP_USAGE, state->name);
		exit(cmd_finish(STATUS_DONE));
	case 'V':
		argp_program_version_hook(stdout, state);
		exit(cmd_finish(STATUS_DONE));
	}
	return ARGP_ERR_UNKNOWN;
}

void cmd_with_help(const struct argp *argp, struct argp_child children[2], struct argp *whole)
{
	children[0] = (struct argp_child){.argp = argp};
	children[1] = (struct argp_child){};
	*whole = (struct argp){.options = help_options, .parser = parse_help, .children = children};
}

static bool is_end(const struct argp_option *option)
{
	return !option->name && !option->key && !option->doc && !option->group;
}

bool cmd_options(const struct argp *argp, cmd_option_take *take, void *data)
{
	const struct argp_option *option = argp->options, *of = NULL;
	const struct argp_child *child = argp->children;

	for (; option && !is_end(option); option++) {
		if (!(option->flags & OPTION_ALIAS))
			of = option;
		if ((option->name || option->key) && take(data, option, of))
			return true;
	}
	for (; child && child->argp; child++)
		if (cmd_options(child->argp, take, data))
			return true;
	return false;
}

/* --- options that there are not ------------------------------------------------------------- */

enum fate {
	IS_UNKNOWN,
	STANDS_ALONE,
	TAKES_NEXT, /* the next word is its value */
	ENDS,       /* explains, whatever follows */
};

struct search {
	const char *name; /* of a long option; NULL: a short one, `key` */
	size_t length;
	int key;
	const struct argp_option *found;
};

/* As getopt does, the beginning of a name will do; where it is that of several, argp says so. */
static bool take_match(void *data, const struct argp_option *option, const struct argp_option *of)
{
	struct search *search = data;
	bool same;

	if (!search->name)
		same = option->key == search->key;
	else
		same = option->name && !strncmp(option->name, search->name, search->length);
	if (!same)
		return false;
	search->found = of;
	return !search->name || !option->name[search->length];
}

static enum fate fate_of(const struct argp_option *option, bool has_value)
{
	if (!option)
		return IS_UNKNOWN;
	if (option->key == 'h')
		return ENDS;
	return option->arg && !(option->flags & OPTION_ARG_OPTIONAL) && !has_value ? TAKES_NEXT
										   : STANDS_ALONE;
}

struct names {
	const char *list[NAMES_MAX + 1];
	size_t count;
};

static bool take_name(void *data, const struct argp_option *option, const struct argp_option *of)
{
	struct names *names = data;

	if (option->name && !((option->flags | of->flags) & OPTION_HIDDEN))
		names->list[names->count++] = option->name;
	return names->count == NAMES_MAX;
}

static void report_unknown(const struct argp *argp, const char *command, const char *dashes,
			   const char *name, size_t length)
{
	_cleanup_(free) char *word = strndup(name, length);
	struct names names = {};
	struct suggestion near;
	const char *meant = "";

	cmd_options(argp, take_name, &names);
	if (word && *dashes && dashes[1])
		meant = suggest(word, dashes, names.list, &near);
	if (word)
		safe_text(word);
	fprintf(stderr, "%s: no option '%s%s'", command, dashes, word ?: "");
	if (*meant)
		fprintf(stderr, "%s\n", meant);
	else
		fprintf(stderr, "; icmpx help%s lists them\n", command + strlen("icmpx"));
}

/* As other programs have them: -json. But -help explains, being -h. */
static bool is_long_name(const struct argp *argp, const char *word)
{
	struct search search = {.name = word, .length = strcspn(word, "=")};

	return search.length > 2 && cmd_options(argp, take_match, &search) &&
	       search.found->key != 'h';
}

static enum fate check_long(const struct argp *argp, const char *command, const char *word)
{
	const size_t length = strcspn(word, "=");
	struct search search = {.name = word, .length = length};

	cmd_options(argp, take_match, &search);
	if (!search.found)
		report_unknown(argp, command, "--", word, length);
	return fate_of(search.found, word[length]);
}

/* Several in one word, the last one perhaps with its value. */
static enum fate check_short(const struct argp *argp, const char *command, const char *word)
{
	if (is_long_name(argp, word)) {
		const int length = strcspn(word, "=");

		fprintf(stderr, "%s: no option '-%.*s'; did you mean '--%.*s'?\n", command, length,
			word, length, word);
		return IS_UNKNOWN;
	}
	for (; *word; word++) {
		struct search search = {.key = (unsigned char)*word};
		enum fate fate;

		cmd_options(argp, take_match, &search);
		fate = fate_of(search.found, word[1]);
		if (fate == IS_UNKNOWN)
			report_unknown(argp, command, "-", word, 1);
		if (fate != STANDS_ALONE || search.found->arg)
			return fate;
	}
	return STANDS_ALONE;
}

/* Looks at what argp will take for options, before it complains in its own words. */
static void check_options(const struct argp *argp, int argc, char **argv, bool in_order)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *word = argv[i];
		enum fate fate;

		if (word[0] != '-' || !word[1]) {
			if (in_order)
				return;
			continue;
		}
		fate = word[1] == '-' ? check_long(argp, argv[0], word + 2)
				      : check_short(argp, argv[0], word + 1);
		if (fate == IS_UNKNOWN)
			exit(STATUS_USAGE);
		if (fate == ENDS)
			return;
		i += fate == TAKES_NEXT;
	}
}

void cmd_parse(const struct argp *argp, int argc, char **argv, unsigned int flags, void *input)
{
	struct argp_child children[2];
	struct argp whole;

	cmd_with_help(argp, children, &whole);
	check_options(&whole, argc, argv, (flags & ARGP_IN_ORDER) || getenv("POSIXLY_CORRECT"));
	if (argp_parse(&whole, argc, argv, flags | ARGP_NO_HELP, NULL, input))
		exit(STATUS_USAGE);
}
