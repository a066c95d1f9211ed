// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cmd.h"
#include "leases.h"
#include "log.h"
#include "render.h"
#include "select.h"
#include "util.h"

const struct argp leases_argp = {
	.parser = cmd_parse_common,
	.args_doc = "[IFACE...]",
	.doc = "Show the flows that are answered at the driver now. -v shows expired leases too: "
	       "the next request of such a flow goes to the kernel.\v"
	       "Examples:\n"
	       "  icmpx leases                 whom icmpx answers now, on all interfaces\n"
	       "  icmpx leases -v eth0         on one, expired leases too\n"
	       "  icmpx leases --json eth0     for other programs",
	.children = common_children,
};

/* An interface that is detached meanwhile is left out. */
static int read_all(const struct common *args, const struct attachment *list, size_t count,
		    struct lease_row **rows, size_t *found, struct refusal *why)
{
	for (size_t i = 0; i < count; i++) {
		int err;

		if (!select_has(args->interfaces, args->count, &list[i]))
			continue;
		err = leases_read(&list[i].dir, list[i].ifname, &list[i].config, rows, found);
		if (err && err != -ENOENT)
			return select_refuse(why, list[i].ifname, "cannot read its leases", err);
	}
	leases_sort(*rows, *found);
	return 0;
}

int cmd_leases(int argc, char **argv)
{
	_cleanup_(free) struct attachment *list = NULL;
	_cleanup_(free) struct lease_row *rows = NULL;
	struct common args = {};
	size_t count, found = 0;
	struct refusal why;
	int err;

	cmd_parse(&leases_argp, argc, argv, 0, &args);
	log_setup(false); /* -v is about rows here */
	err = select_attached(args.interfaces, args.count, &list, &count, &why);
	if (!err)
		err = read_all(&args, list, count, &rows, &found, &why);
	if (err) {
		report("%s", why.text);
		return STATUS_FAILED;
	}
	if (args.json)
		render_leases_json(stdout, rows, found);
	else
		render_leases_text(stdout, rows, found, args.verbose);
	return STATUS_DONE;
}
