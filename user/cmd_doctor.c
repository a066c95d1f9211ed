// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cmd.h"
#include "doctor.h"
#include "log.h"
#include "opts.h"
#include "render.h"

static const struct argp_option options[] = {
	{"try", 't', NULL, 0,
	 "attach to the interface for a moment, where that may interrupt its link too", 0},
	{},
};

struct args {
	struct common common;
	const char *interface;
	bool try_attach;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		break;
	case 't':
		args->try_attach = true;
		break;
	case ARGP_KEY_ARG:
		if (args->interface)
			option_refuse(state, STATUS_USAGE, "one interface at a time");
		args->interface = arg;
		break;
	case ARGP_KEY_END:
		if (args->try_attach && !args->interface)
			option_refuse(state, STATUS_USAGE, "--try: on which interface?");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp doctor_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[IFACE]",
	.doc = "Show what this kernel offers, by trying, the settings that decide about echo, and "
	       "what attach would use and why. Nothing stays loaded.\v"
	       "Examples:\n"
	       "  icmpx doctor                 this kernel and its settings\n"
	       "  icmpx doctor eth0            what attach would do on eth0\n"
	       "  icmpx doctor --try eth0      by trying it, which may interrupt the link",
	.children = common_children,
};

/* What is missing decides: a privilege can be had, a capability of the kernel not. */
static int status_of(const struct doctor *doctor)
{
	if (doctor->choices[0].possible)
		return STATUS_DONE;
	return caps_missing(TASK_ATTACH) ? STATUS_FAILED : STATUS_CANNOT;
}

int cmd_doctor(int argc, char **argv)
{
	struct args args = {};
	struct doctor doctor;
	__u32 ifindex = 0;
	int err, status;

	cmd_parse(&doctor_argp, argc, argv, 0, &args);
	log_setup(args.common.verbose);
	if (args.interface && parse_interface(args.interface, &ifindex)) {
		report("%s: no such interface in this network namespace", args.interface);
		return STATUS_FAILED;
	}
	err = doctor_examine(&doctor, ifindex, args.try_attach);
	if (err) {
		status = report_error(args.interface ?: "doctor", "cannot be examined", err);
	} else {
		if (args.common.json)
			render_doctor_json(stdout, &doctor);
		else
			render_doctor_text(stdout, &doctor);
		status = status_of(&doctor);
	}
	doctor_free(&doctor);
	return status;
}
