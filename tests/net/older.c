// SPDX-License-Identifier: GPL-2.0-only
/* older IFACE VERDICTS LESSONS: attaches as an icmpx that knew so many verdicts and lessons would
 * have: its counters have no room for more. Generic, by the modules that icmpx attaches with. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "hook_tc.h"
#include "hook_xdp.h"
#include "load.h"
#include "pins.h"
#include "pins_lock.h"
#include "util.h"
#include "learn.skel.h"

static struct icmpx_config config_of(__u32 ifindex)
{
	struct icmpx_config config = {
		.layout = ICMPX_LAYOUT,
		.families = ICMPX_IPV4 | ICMPX_IPV6,
		.lease_s = 3600,
		.hz = 100,
		.lease = 360000,
		.ifindex = ifindex,
		.attached = 1,
		.version = "0.0.1",
	};

	for (int i = 0; i < ICMPX_MULTIPLIERS; i++)
		config.multipliers[i] = 2 * i + 0x9e3779b97f4a7c15;
	config.plain = icmpx_plain(&config);
	return config;
}

static int shrink(struct bpf_object *obj, const char *name, __u32 entries)
{
	return bpf_map__set_max_entries(bpf_object__find_map_by_name(obj, name), entries);
}

static int load(struct programs *programs, struct pin_dir *dir, __u32 verdicts, __u32 lessons)
{
	struct icmpx_config config = config_of(dir->ifindex);
	int err = load_open_learn(programs, dir, &config);

	if (!err)
		err = shrink(programs->learn->obj, "lessons", lessons);
	if (!err)
		err = load_learn(programs);
	if (!err)
		err = load_open_echo(programs, dir, &config, false);
	if (!err)
		err = shrink(load_echo_object(programs), "verdicts", verdicts);
	return err ?: load_echo(programs);
}

static int pin(const struct programs *programs, struct pin_dir *dir)
{
	int err = pins_make_dir(dir, load_learn_fd(programs));

	if (!err)
		err = pins_put(dir, "learn", load_learn_fd(programs));
	if (!err)
		err = pins_put(dir, PIN_CLSACT, load_learn_fd(programs));
	if (!err)
		err = load_pin_config(programs, dir, "config");
	if (!err)
		err = pins_put(dir, "echo", load_echo_fd(programs));
	return err ?: load_pin_maps(programs, dir);
}

static int attach(__u32 ifindex, __u32 verdicts, __u32 lessons)
{
	_cleanup_(pins_lock) struct pins_lock lock = PINS_UNLOCKED;
	struct programs programs = {};
	struct pin_dir dir;
	int err = pins_lock(&lock, true, NULL);

	if (!err)
		err = pins_dir(ifindex, &dir);
	if (!err)
		err = load(&programs, &dir, verdicts, lessons);
	if (!err)
		err = pin(&programs, &dir);
	if (!err)
		err = tc_make_clsact(ifindex);
	if (!err)
		err = tc_attach(ifindex, load_learn_fd(&programs), true);
	if (!err)
		err = hook_xdp_attach(ifindex, load_echo_fd(&programs), MODE_GENERIC);
	load_destroy(&programs);
	return err;
}

int main(int argc, char **argv)
{
	__u32 ifindex = argc == 4 ? if_nametoindex(argv[1]) : 0;
	int err;

	if (!ifindex) {
		fprintf(stderr, "usage: %s IFACE VERDICTS LESSONS\n", argv[0]);
		return 2;
	}
	err = attach(ifindex, strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
	if (err)
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-err));
	return !!err;
}
