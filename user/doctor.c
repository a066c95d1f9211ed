// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "doctor.h"
#include "format.h"
#include "netdev.h"
#include "parts.h"
#include "pins.h"
#include "safe_text.h"
#include "util.h"

/* "none [integrity] confidentiality": the one in brackets. */
static void read_lockdown(char *lockdown, size_t size)
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "", *begin, *end;

	*lockdown = '\0';
	if (!file)
		return;
	if (!fgets(line, sizeof(line), file))
		*line = '\0';
	fclose(file);
	begin = strchr(line, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (end)
		snprintf(lockdown, size, "%.*s", (int)(end - begin - 1), begin + 1);
}

static int examine_system(struct doctor *doctor)
{
	struct utsname uts;
	int err;

	if (uname(&uts))
		return -errno;
	snprintf(doctor->release, sizeof(doctor->release), "%s", uts.release);
	read_lockdown(doctor->lockdown, sizeof(doctor->lockdown));
	doctor->btf = !access("/sys/kernel/btf/vmlinux", R_OK);
	doctor->libxdp = part_built(PART_LIBXDP);
	doctor->user_namespace = caps_user_namespace();
	if (pins_base(doctor->bpffs, sizeof(doctor->bpffs), false, &doctor->bpffs_why))
		*doctor->bpffs = '\0';
	err = caps_read(doctor->caps);
	if (!err)
		kernel_try_all(doctor->features);
	return err;
}

int doctor_examine(struct doctor *doctor, __u32 ifindex, bool try_attach)
{
	int err;

	*doctor = (struct doctor){.has_device = ifindex};
	err = examine_system(doctor);
	if (!err && ifindex)
		err = doctor_device(&doctor->device, ifindex, try_attach);
	if (!err)
		err = kernel_settings(ifindex ? doctor->device.device.name : NULL,
				      &doctor->settings, &doctor->setting_count);
	if (!err)
		err = sockets_read(&doctor->sockets, &doctor->socket_count);
	if (!err)
		doctor_conclude(doctor);
	return err;
}

void doctor_free(struct doctor *doctor)
{
	free(doctor->settings);
	free(doctor->sockets);
	stack_free(&doctor->device.stack);
}

__attribute__((format(printf, 5, 6))) static void conclude(struct doctor *doctor, const char *about,
							   bool possible, const char *what,
							   const char *why, ...)
{
	struct choice *choice = &doctor->choices[doctor->choice_count++];
	va_list args;

	choice->about = about;
	choice->possible = possible;
	snprintf(choice->what, sizeof(choice->what), "%s", what);
	va_start(args, why);
	vsnprintf(choice->why, sizeof(choice->why), why, args);
	va_end(args);
	safe_text(choice->why);
}

/* A port whose master chooses the port that is used is not the place. */
static bool conclude_place(struct doctor *doctor)
{
	const struct device_report *report = &doctor->device;
	const struct link *self = stack_find(&report->stack, report->device.ifindex);
	const struct link *instead = self ? stack_instead(&report->stack, self) : NULL;

	if (!instead)
		return true;
	conclude(doctor, "attach", false, "no",
		 "%s is a port of %s, which chooses the port that is used: attach to %s "
		 "(--mode native or generic attaches to a port nevertheless)",
		 self->name, instead->name, instead->name);
	return false;
}

/* Whether this kernel and this process can attach at all. */
static bool conclude_attach(struct doctor *doctor)
{
	static const enum kernel_feature needed[] = {FEATURE_XDP, FEATURE_SCHED_CLS,
						     FEATURE_LRU_HASH, FEATURE_JIFFIES};
	static const enum cap caps[] = {CAPS_BPF, CAPS_NET_ADMIN, CAPS_PERFMON};
	struct text text;

	for (size_t i = 0; i < ARRAY_SIZE(caps); i++) {
		if (!doctor->caps[caps[i]].held) {
			conclude(doctor, "attach", false, "no", "%s is missing",
				 doctor->caps[caps[i]].name);
			return false;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		const struct feature *feature = &doctor->features[needed[i]];

		if (feature->err) {
			conclude(doctor, "attach", false, "no", "%s (%s): %s", feature->name,
				 feature->purpose, format_errno(feature->err, &text));
			return false;
		}
	}
	if (doctor->has_device && !doctor->device.device.ethernet) {
		conclude(doctor, "attach", false, "no", "%s is not an Ethernet interface",
			 doctor->device.device.name);
		return false;
	}
	if (doctor->has_device && !conclude_place(doctor))
		return false;
	conclude(doctor, "attach", true, "yes", "%s",
		 *doctor->bpffs ? "all that the fast path needs is there"
				: "all that the fast path needs is there but bpffs, which attach "
				  "mounts");
	return true;
}

static void conclude_mode(struct doctor *doctor)
{
	const struct device_report *report = &doctor->device;
	const struct xdp_trial *native = &report->native;
	const char *trouble =
		stack_native_loses(&report->stack) ?: stack_native_doubles(&report->stack);
	bool says_no = report->features_known && !(report->features & NETDEV_XDP_BASIC);
	struct text text;

	if (report->ours)
		conclude(doctor, "mode", true,
			 report->xdp_mode == MODE_GENERIC ? "generic" : "native",
			 "icmpx is attached");
	else if (trouble)
		conclude(doctor, "mode", true, "generic", "%s", trouble);
	else if (native->done && native->err)
		conclude(doctor, "mode", true, "generic", "native was refused: %s",
			 format_errno(native->err, &text));
	else if (native->done)
		conclude(doctor, "mode", true, "native", "tried, and works%s",
			 native->frags ? " as a multi-buffer program" : "");
	else if (says_no)
		conclude(doctor, "mode", true, "generic",
			 "the driver (%s) says that it has no native XDP", report->device.driver);
	else if (report->features_known)
		conclude(doctor, "mode", true, "native",
			 "the driver (%s) says that it has native XDP", report->device.driver);
	else
		conclude(doctor, "mode", true, "native",
			 "or generic, if the driver (%s) refuses: --try tells",
			 report->device.driver);
}

/* Of which family leases would be made, without --any-interface. */
static void conclude_leases(struct doctor *doctor)
{
	const struct ways_in *ways = &doctor->device.ways;

	if (ways->tied == (ICMPX_IPV4 | ICMPX_IPV6))
		conclude(doctor, "leases", true, "IPv4, IPv6",
			 "no other interface takes requests whose replies leave by this one");
	else
		conclude(doctor, "leases", ways->tied, ways->tied ? "IPv4" : "none",
			 "%s could come in by another interface (%s), past a rule by incoming "
			 "interface; --any-interface where there is none",
			 ways->tied ? "IPv6 requests" : "requests", ways->others);
}

/* Who else may be at the hook. */
static void conclude_programs(struct doctor *doctor)
{
	const struct device_report *report = &doctor->device;
	bool built = doctor->libxdp;
	int err = built ? doctor->features[FEATURE_DISPATCHER].err : -EOPNOTSUPP;
	bool foreign = doctor->has_device && report->xdp_id && !report->ours;
	bool may = doctor->caps[CAPS_SYS_ADMIN].held;
	struct text text;

	if (!err && !may && foreign)
		conclude(doctor, "programs", false, "none",
			 "program %u is attached, and libxdp's dispatcher takes CAP_SYS_ADMIN",
			 report->xdp_id);
	else if (!err && !may)
		conclude(doctor, "programs", true, "one",
			 "libxdp's dispatcher takes CAP_SYS_ADMIN: without it icmpx must be the "
			 "only XDP program");
	else if (!err)
		conclude(doctor, "programs", true, "several",
			 "libxdp's dispatcher runs icmpx behind other XDP programs%s",
			 foreign ? ", if the one that is attached is a dispatcher" : "");
	else if (foreign)
		conclude(doctor, "programs", false, "none",
			 "program %u is attached, and without %s (%s) there can be one alone",
			 report->xdp_id, built ? "freplace" : "libxdp",
			 built ? format_errno(err, &text) : "not built in");
	else
		conclude(doctor, "programs", true, "one",
			 "without %s (%s) icmpx must be the only XDP program",
			 built ? "freplace" : "libxdp",
			 built ? format_errno(err, &text) : "not built in");
}

void doctor_conclude(struct doctor *doctor)
{
	doctor->choice_count = 0;
	if (!conclude_attach(doctor))
		return;
	if (doctor->has_device) {
		conclude_mode(doctor);
		conclude_leases(doctor);
	}
	conclude_programs(doctor);
}
