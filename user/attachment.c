// SPDX-License-Identifier: GPL-2.0-only
/* Finding the fast path: what is attached, by the kernel's word, beside what
 * the pins say. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>

#include "device.h"
#include "hook_tc.h"
#include "hook_xdp.h"
#include "netns.h"
#include "pins.h"
#include "util.h"
#include "xdp.h"

/* The kernel writes as much as the map holds: another version's options may be longer. */
static bool has_size(int fd, size_t size)
{
	struct bpf_map_info info = {};
	__u32 length = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &length) && info.value_size == size;
}

/* The options of the program that is attached: a replace that was killed
 * between its steps leaves two. */
static void read_config(struct attachment *a)
{
	bool newer = a->echo_id && a->echo_id == pins_prog_id(&a->dir, "echo_new");
	_cleanup_(close) int fd = newer ? pins_read(&a->dir, "config_new") : -1;
	__u32 key = 0;

	if (fd < 0)
		fd = pins_read(&a->dir, "config");
	a->has_config = fd >= 0 && has_size(fd, sizeof(a->config)) &&
			!bpf_map_lookup_elem(fd, &key, &a->config) &&
			a->config.layout == ICMPX_LAYOUT;
}

static void judge(struct attachment *a, bool pinned)
{
	if (a->echo_id && a->learn_id && pinned) {
		a->state = STATE_ATTACHED;
		return;
	}
	a->state = a->echo_id || a->learn_id ? STATE_PARTIAL : STATE_STALE;
	if (a->state == STATE_STALE)
		a->reason = "its programs are not attached any more";
	else if (!a->echo_id)
		a->reason = "the XDP program is missing";
	else if (!a->learn_id)
		a->reason = "the learner is missing: no lease is renewed";
	else
		a->reason = "its pins are missing";
}

int xdp_find_hook(__u32 ifindex, struct attachment *a, struct xdp_hook *hook)
{
	struct device device;
	bool pinned;
	int err;

	memset(a, 0, sizeof(*a));
	err = device_get(ifindex, &device);
	if (err)
		return err;
	a->present = true;
	memcpy(a->ifname, device.name, sizeof(a->ifname));
	pinned = !pins_dir(ifindex, &a->dir) && pins_has_dir(&a->dir);
	a->dir.ifindex = ifindex;
	err = hook_xdp_query(ifindex, &a->dir, hook);
	if (err)
		return err;
	a->echo_id = hook->echo_id;
	a->mode = hook->echo_id ? hook->mode : MODE_AUTO;
	a->dispatcher = hook->echo_id && hook->dispatcher;
	a->learn_id = tc_learner_id(ifindex);
	if (!pinned && !a->echo_id && !a->learn_id)
		return -ENOENT;
	if (pinned)
		read_config(a);
	judge(a, pinned);
	return 0;
}

int xdp_find(__u32 ifindex, struct attachment *a)
{
	struct xdp_hook hook;

	return xdp_find_hook(ifindex, a, &hook);
}

/* An entry of the registry: of this namespace, of another, or of none any more. */
static void find_pinned(const struct pin_dir *dir, __u64 netns, struct attachment *a)
{
	if (dir->netns == netns && !xdp_find(dir->ifindex, a))
		return;
	*a = (struct attachment){.dir = *dir, .state = STATE_STALE};
	read_config(a);
	if (a->has_config)
		memcpy(a->ifname, a->config.ifname, sizeof(a->ifname));
	if (dir->netns == netns) {
		a->reason = "the interface is gone";
	} else if (netns_lives(dir->netns)) {
		a->state = STATE_ELSEWHERE;
		a->reason = "in another network namespace";
	} else {
		a->reason = "the network namespace is gone";
	}
}

static int append(struct attachment **list, size_t *count, const struct attachment *a)
{
	struct attachment *grown = reallocarray(*list, *count + 1, sizeof(*a));

	if (!grown)
		return -ENOMEM;
	grown[(*count)++] = *a;
	*list = grown;
	return 0;
}

static bool listed(const struct attachment *list, size_t count, __u64 netns, __u32 ifindex)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].dir.netns == netns && list[i].dir.ifindex == ifindex)
			return true;
	return false;
}

/* Programs of ours on interfaces of this namespace that lost their pins. */
static int add_unpinned(struct attachment **list, size_t *count, __u64 netns)
{
	struct if_nameindex *names = if_nameindex();
	struct attachment a;
	int err = 0;

	if (!names)
		return -errno;
	for (struct if_nameindex *i = names; i->if_index && !err; i++) {
		if (listed(*list, *count, netns, i->if_index) || xdp_find(i->if_index, &a))
			continue;
		a.dir.netns = netns;
		err = append(list, count, &a);
	}
	if_freenameindex(names);
	return err;
}

int xdp_list(struct attachment **list, size_t *count)
{
	_cleanup_(free) struct pin_dir *dirs = NULL;
	struct attachment *found = NULL;
	struct attachment a;
	size_t pinned, n = 0;
	__u64 netns;
	int err = pins_netns(&netns);

	if (!err)
		err = pins_list(&dirs, &pinned);
	if (err)
		return err;
	for (size_t i = 0; i < pinned && !err; i++) {
		find_pinned(&dirs[i], netns, &a);
		err = append(&found, &n, &a);
	}
	if (!err)
		err = add_unpinned(&found, &n, netns);
	if (err) {
		free(found);
		return err;
	}
	*list = found;
	*count = n;
	return 0;
}
