// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <bpf/bpf.h>
#include <cap-ng.h>
#include <linux/capability.h>
#include <sys/resource.h>

#include "caps.h"
#include "util.h"

static bool has(unsigned int cap)
{
	return capng_have_capability(CAPNG_EFFECTIVE, cap);
}

int caps_read(struct cap_state *caps)
{
	static const struct cap_state names[] = {
#define X(id, title, use) {.name = title, .purpose = use},
		CAPS(X)
#undef X
	};
	static const unsigned int numbers[] = {
#define X(id, name, purpose) CAP_##id,
		CAPS(X)
#undef X
	};

	capng_setpid(0);
	if (capng_get_caps_process())
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		bool included = i == CAPS_BPF || i == CAPS_PERFMON;

		caps[i] = names[i];
		caps[i].held = has(numbers[i]) || (included && has(CAP_SYS_ADMIN));
	}
	return 0;
}

const char *caps_missing(enum caps_task task)
{
	static const struct {
		enum cap cap;
		unsigned int tasks; /* that want it */
	} wanted[] = {
		{CAPS_BPF, 1 << TASK_READ | 1 << TASK_TRACE | 1 << TASK_DETACH | 1 << TASK_ATTACH},
		{CAPS_NET_ADMIN, 1 << TASK_DETACH | 1 << TASK_ATTACH},
		{CAPS_PERFMON, 1 << TASK_TRACE | 1 << TASK_ATTACH},
		{CAPS_SYS_ADMIN, 1 << TASK_DISPATCH},
		{CAPS_SYSLOG, 1 << TASK_NAME},
	};
	struct cap_state caps[CAPS_MAX] = {};

	if (caps_read(caps))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (wanted[i].tasks >> task & 1 && !caps[wanted[i].cap].held)
			return caps[wanted[i].cap].name;
	return NULL;
}

/* Linux before 5.11 counts maps and programs as locked memory, and says EPERM. */
const char *caps_memlock(int err)
{
	struct rlimit limit;

	if (err == -EPERM && caps_user_namespace())
		return "; capabilities of a user namespace do not count for BPF";
	return err == -EPERM && !getrlimit(RLIMIT_MEMLOCK, &limit) &&
			       limit.rlim_cur != RLIM_INFINITY
		       ? "; perhaps RLIMIT_MEMLOCK (ulimit -l) is too low"
		       : "";
}

/* Where programs of users are forbidden, older kernels want CAP_BPF for any call; newer ones
 * leave it to the modes of the pins. */
static bool reading_takes_cap_bpf(void)
{
	int fd = bpf_obj_get("/sys/fs/bpf/icmpx/none");

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == EPERM;
}

static int apply(const struct passwd *user, bool bounds)
{
	int ret;

	if (user)
		ret = capng_change_id(user->pw_uid, user->pw_gid,
				      CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING);
	else
		ret = capng_apply(bounds ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS);
	return ret ? -EPERM : 0;
}

int caps_drop(const char *name, const char **what)
{
	static const unsigned int wanted[] = {CAP_DAC_READ_SEARCH, CAP_BPF};
	const struct passwd *user = name ? getpwnam(name) : NULL;
	bool held[ARRAY_SIZE(wanted)], bounds;

	*what = "no such user";
	if (name && !user)
		return -ENOENT;
	*what = "cannot give up privileges";
	capng_setpid(0);
	if (capng_get_caps_process())
		return -errno;
	bounds = has(CAP_SETPCAP);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		held[i] = capng_have_capability(CAPNG_PERMITTED, wanted[i]);
	capng_clear(bounds ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (held[i])
			capng_update(CAPNG_ADD, CAPNG_PERMITTED | CAPNG_EFFECTIVE, wanted[i]);
	capng_update(CAPNG_DROP, CAPNG_EFFECTIVE, CAP_BPF);
	if (apply(user, bounds) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -EPERM;
	if (!held[1])
		return 0;
	if (reading_takes_cap_bpf())
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_BPF);
	else
		capng_update(CAPNG_DROP, CAPNG_PERMITTED, CAP_BPF);
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

bool caps_user_namespace(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned long inside, outside, count;
	bool own;

	if (!file)
		return false;
	own = fscanf(file, "%lu %lu %lu", &inside, &outside, &count) != 3 || inside || outside ||
	      count != 4294967295UL;
	fclose(file);
	return own;
}
