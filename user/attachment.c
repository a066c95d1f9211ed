// SPDX-License-Identifier: GPL-2.0-only
/* Finding the fast path: what is attached, by the kernel's word, beside what
 * the pins say. */
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>

#include "device.h"
#include "hook_tc.h"
#include "hook_xdp.h"
#include "netns.h"
#include "pinned_maps.h"
#include "pins.h"
#include "refs.h"
#include "util.h"
#include "xdp.h"

/* What there is of another version's options: they are only ever added to at the end, so that the
 * rest is zero, or is left out. */
static bool read_options(int fd, struct icmpx_config *config)
{
	struct bpf_map_info info = {};
	__u32 length = sizeof(info), key = 0;
	_cleanup_(free) void *value = NULL;

	if (bpf_obj_get_info_by_fd(fd, &info, &length) ||
	    info.value_size < offsetof(struct icmpx_config, version))
		return false;
	value = malloc(info.value_size); /* the kernel writes that much */
	if (!value || bpf_map_lookup_elem(fd, &key, value))
		return false;
	*config = (struct icmpx_config){};
	memcpy(config, value, at_most(info.value_size, sizeof(*config)));
	return config->layout == ICMPX_LAYOUT;
}

/* The options of the program that is attached: a replace that was killed
 * between its steps leaves two. */
static void read_config(struct attachment *a)
{
	bool newer = a->echo_id && a->echo_id == pins_prog_id(&a->dir, "echo_new");
	_cleanup_(close) int fd = newer ? pins_read(&a->dir, "config_new") : -1;

	if (fd < 0)
		fd = pins_read(&a->dir, "config");
	a->has_config = fd >= 0 && read_options(fd, &a->config);
}

static bool is_pinned_as(const struct pin_dir *dir, __u32 id, const char *name, const char *newer)
{
	return !id || id == pins_prog_id(dir, name) || id == pins_prog_id(dir, newer);
}

static void judge(struct attachment *a)
{
	if (a->echo_id && a->learn_id && a->pinned) {
		a->state = STATE_ATTACHED;
		return;
	}
	a->state = a->echo_id || a->learn_id ? STATE_PARTIAL : STATE_STALE;
	if (a->state == STATE_STALE)
		a->reason = "its programs are not attached any more";
	else if (!a->echo_id && a->hidden && !a->hollow_id)
		a->reason = "libxdp's dispatcher is attached, whose pins are not in this bpffs";
	else if (!a->echo_id)
		a->reason = "the XDP program is missing";
	else if (!a->learn_id)
		a->reason = "the learner is missing: no lease is renewed";
	else if (!pins_has_dir(&a->dir))
		a->reason = "its pins are missing";
	else if (!is_pinned_as(&a->dir, a->echo_id, "echo", "echo_new") ||
		 !is_pinned_as(&a->dir, a->learn_id, "learn", "learn_new"))
		a->reason = "its pins are those of other programs than are attached";
	else
		a->reason = "its pins are not whole";
}

/* What is in the directory, if it is of this namespace: the next one may have its number. */
static void read_pins(struct attachment *a)
{
	if (!pins_is_here(&a->dir))
		return;
	a->made_clsact =
		a->made_clsact ||
		(pins_has(&a->dir, PIN_CLSACT) &&
		 (pins_is_surely_here(&a->dir) ||
		  (a->learn_id && is_pinned_as(&a->dir, a->learn_id, "learn", "learn_new"))));
	a->pinned = is_pinned_as(&a->dir, a->echo_id, "echo", "echo_new") &&
		    is_pinned_as(&a->dir, a->learn_id, "learn", "learn_new");
	if (!a->pinned)
		return; /* options and maps are not what is at work */
	read_config(a);
	a->pinned = (pins_has(&a->dir, "config") || pins_has(&a->dir, "config_new")) &&
		    pinned_maps_serve(&a->dir, a->echo_id, a->learn_id,
				      a->has_config && !strcmp(a->config.version, ICMPX_VERSION));
}

int xdp_find_hook(__u32 ifindex, struct attachment *a, struct xdp_hook *hook)
{
	struct device device;
	int err;

	memset(a, 0, sizeof(*a));
	err = device_get(ifindex, &device);
	if (err)
		return err;
	a->present = a->here = true;
	memcpy(a->ifname, device.name, sizeof(a->ifname));
	err = pins_dir(ifindex, &a->dir);
	if (err && err != -ENOENT)
		return err;
	a->dir.ifindex = ifindex;
	err = hook_xdp_query(ifindex, &a->dir, hook);
	if (err)
		return err;
	a->echo_id = hook->echo_id;
	a->mode = hook->echo_id ? hook->mode : MODE_AUTO;
	a->dispatcher = hook->echo_id && hook->dispatcher;
	a->hidden = hook->hidden;
	if (hook->hollow) {
		a->hollow_id = hook->top_id;
		a->hollow_mode = hook->mode;
	}
	a->learn_id = tc_learner_id(ifindex, &a->made_clsact);
	if (!a->echo_id && !a->learn_id && !(pins_has_dir(&a->dir) && pins_is_here(&a->dir)))
		return -ENOENT;
	read_pins(a);
	judge(a);
	return 0;
}

int xdp_find(__u32 ifindex, struct attachment *a)
{
	struct xdp_hook hook;

	return xdp_find_hook(ifindex, a, &hook);
}

/* Whether a program has more who hold it than pins: 1, 0, or a negative errno. In libxdp's
 * dispatcher it is held by libxdp's own pins: there the learner tells. */
static int is_held(const struct pin_dir *dir, const char *name)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int refs, err, fd = pins_read(dir, name);

	if (fd < 0)
		return 0;
	err = bpf_obj_get_info_by_fd(fd, &info, &len);
	close(fd); /* one that holds it, too */
	if (err || info.type == BPF_PROG_TYPE_EXT)
		return err;
	refs = refs_of(info.id);
	return refs < 0 ? refs : refs > (int)pins_count(dir, info.id);
}

/* The programs themselves tell whether they are attached where nobody can look. */
static int is_attached_somewhere(const struct pin_dir *dir)
{
	static const char *const names[] = {"learn", "learn_new", "echo", "echo_new"};
	int held = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !held; i++)
		held = is_held(dir, names[i]);
	return held;
}

static void judge_unseen(struct attachment *a, const char *unsure)
{
	int held = is_attached_somewhere(&a->dir);

	a->state = held ? STATE_ELSEWHERE : STATE_STALE;
	if (!held)
		a->reason = "the network namespace is gone";
	else if (held > 0)
		a->reason = "in a network namespace that is not visible from here";
	else
		a->reason = unsure;
}

/* An entry of the registry: of this namespace, of another, or of none any more. */
static void find_pinned(const struct pin_dir *dir, struct attachment *a)
{
	bool here = pins_is_here(dir);

	if (here && !xdp_find(dir->ifindex, a))
		return;
	*a = (struct attachment){.dir = *dir, .state = STATE_STALE, .here = here};
	read_config(a);
	if (a->has_config)
		memcpy(a->ifname, a->config.ifname, sizeof(a->ifname));
	if (here) {
		a->reason = "the interface is gone";
		return;
	}
	switch (netns_look(dir->netns, dir->cookie)) {
	case NETNS_SEEN:
		a->state = STATE_ELSEWHERE;
		a->reason = "in another network namespace";
		break;
	case NETNS_GONE:
		a->reason = "the network namespace is gone";
		break;
	case NETNS_UNSURE:
		judge_unseen(a, "in another network namespace, or in one that is gone");
		break;
	case NETNS_UNSEEN:
		judge_unseen(a, "its network namespace is not visible from here, or gone");
	}
}

int xdp_find_stale(const struct pin_dir *dir, struct attachment *a)
{
	struct pin_dir now = *dir;

	if (!pins_has_dir(dir) || pins_reload(&now) || now.cookie != dir->cookie)
		return -ENOENT;
	find_pinned(&now, a);
	return a->state == STATE_STALE ? 0 : -ENOENT;
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

static bool listed(const struct attachment *list, size_t count, __u32 ifindex)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].here && list[i].dir.ifindex == ifindex)
			return true;
	return false;
}

/* Programs of ours on interfaces of this namespace that lost their pins. */
static int add_unpinned(struct attachment **list, size_t *count)
{
	struct if_nameindex *names = if_nameindex();
	struct attachment a;
	int err = 0;

	if (!names)
		return -errno;
	for (struct if_nameindex *i = names; i->if_index && !err; i++) {
		if (listed(*list, *count, i->if_index) || xdp_find(i->if_index, &a))
			continue;
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
	int err = pins_list(&dirs, &pinned);

	if (err)
		return err;
	for (size_t i = 0; i < pinned && !err; i++) {
		find_pinned(&dirs[i], &a);
		err = append(&found, &n, &a);
	}
	if (!err)
		err = add_unpinned(&found, &n);
	if (err) {
		free(found);
		return err;
	}
	*list = found;
	*count = n;
	return 0;
}

const struct attachment *xdp_find_named(const struct attachment *list, size_t count,
					const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].present && !strcmp(list[i].ifname, name))
			return &list[i];
	return NULL;
}
