// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "doctor.h"
#include "format.h"
#include "json_put.h"
#include "netdev.h"
#include "render.h"
#include "safe_text.h"
#include "table.h"

enum { BESIDE_MAX = 16 }; /* devices above or below that are named */

static const char *works(int err, struct text *text)
{
	return err ? format_errno(err, text) : "ok";
}

static void system_text(FILE *out, const struct doctor *doctor)
{
	_cleanup_(table) struct table *table = table_new("ll");

	table_cell(table, "kernel");
	table_cell(table, "%s", doctor->release);
	table_cell(table, "lockdown");
	table_cell(table, "%s",
		   *doctor->lockdown ? doctor->lockdown : "unknown: no securityfs, or not in it");
	table_cell(table, "BTF");
	table_cell(table, "%s",
		   doctor->btf ? "yes" : "no: trace needs it, the fast path does without");
	table_cell(table, "pins");
	table_cell(table, "%s",
		   *doctor->bpffs ? doctor->bpffs : "no bpffs: attach mounts it on /sys/fs/bpf");
	fputs("SYSTEM\n", out);
	table_print(table, out, 2);
	if (doctor->bpffs_why)
		fprintf(out, "  %s\n", doctor->bpffs_why);
}

static void caps_text(FILE *out, const struct doctor *doctor)
{
	_cleanup_(table) struct table *table = table_new("lll");

	for (size_t i = 0; i < CAPS_MAX; i++) {
		table_cell(table, "%s", doctor->caps[i].name);
		table_cell(table, "%s", doctor->caps[i].held ? "yes" : "no");
		table_cell(table, "%s", doctor->caps[i].purpose);
	}
	fputs("\nCAPABILITIES of this process\n", out);
	table_print(table, out, 2);
	if (doctor->user_namespace)
		fputs("  in a user namespace: they do not count for BPF\n", out);
}

static void features_text(FILE *out, const struct doctor *doctor)
{
	_cleanup_(table) struct table *table = table_new("lll");
	struct text text;

	for (size_t i = 0; i < FEATURE_MAX; i++) {
		table_cell(table, "%s", doctor->features[i].name);
		table_cell(table, "%s", works(doctor->features[i].err, &text));
		table_cell(table, "%s", doctor->features[i].purpose);
	}
	fputs("\nKERNEL, by trial\n", out);
	table_print(table, out, 2);
}

static void trial_cells(struct table *table, const char *name, const struct xdp_trial *trial)
{
	struct text text;

	table_cell(table, "%s", name);
	if (trial->done)
		table_cell(table, "%s%s", works(trial->err, &text),
			   trial->frags ? " as a multi-buffer program, because of the MTU" : "");
	else
		table_cell(table, "not tried: %s", trial->why);
}

static const char *driver_says(const struct device_report *report)
{
	if (!report->features_known)
		return "unknown: needs kernel 6.3";
	if (!(report->features & NETDEV_XDP_BASIC))
		return "no native XDP";
	return report->features & NETDEV_XDP_RX_SG ? "native XDP, also multi-buffer" : "native XDP";
}

/* Whether XDP sees a frame's VLAN tags. */
static const char *tags(const struct device *device)
{
	if (device->strips_tags && device->strips_stags)
		return "taken off before XDP: answered there without tag only "
		       "(ethtool -K rxvlan off rx-vlan-stag-hw-parse off)";
	if (device->strips_tags)
		return "taken off before XDP: answered there without tag only "
		       "(ethtool -K rxvlan off)";
	if (device->strips_stags)
		return "seen by XDP, but those of 802.1ad are taken off before "
		       "(ethtool -K rx-vlan-stag-hw-parse off)";
	return "seen by XDP";
}

/* "bond0 (bond active-backup)", "eth1 (not active)", "eth2". */
static void link_text(FILE *out, const struct link *link)
{
	static const char *const states[] = {
		[PORT_ACTIVE] = "active", [PORT_INACTIVE] = "not active", [PORT_UNKNOWN] = ""};
	const char *const words[] = {link->kind, link->bond_mode, states[link->state]};
	struct safe_name name;
	int shown = 0;

	fputs(safe_name(link->name, &name), out);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (*words[i])
			fprintf(out, "%s%s", shown++ ? " " : " (", words[i]);
	if (shown)
		fputc(')', out);
}

/* Those above (sign 1) or below (-1), the nearest first. */
static char *beside_text(const struct stack *stack, int sign)
{
	size_t size, shown = 0, left = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (int level = 1; level <= STACK_DEPTH; level++) {
		for (size_t i = 0; i < stack->count; i++) {
			const struct link *link = &stack->links[i];

			if (link->level != sign * level)
				continue;
			if (shown == BESIDE_MAX) {
				left++;
				continue;
			}
			fputs(shown++ ? ", " : "", out);
			link_text(out, link);
		}
	}
	if (left)
		fprintf(out, " and %zu more", left);
	fclose(out);
	return text;
}

static void stack_cells(struct table *table, const struct device_report *report)
{
	const struct link *self = stack_find(&report->stack, report->device.ifindex);
	_cleanup_(free) char *above = beside_text(&report->stack, 1);
	_cleanup_(free) char *below = beside_text(&report->stack, -1);

	if (self && *self->bond_mode) {
		table_cell(table, "bond");
		table_cell(table, "mode %s%s", self->bond_mode,
			   self->ports_rest ? ": the kernel drops what comes in by a port that is "
					      "not active"
					    : "");
	}
	if (below && *below) {
		table_cell(table, "below it");
		table_cell(table, "%s", below);
	}
	if (self && self->elsewhere) {
		table_cell(table, "below it");
		table_cell(table, "a device of another network namespace");
	}
	if (above && *above) {
		table_cell(table, "above it");
		table_cell(table, "%s", above);
	}
}

static void device_text(FILE *out, const struct device_report *report)
{
	_cleanup_(table) struct table *table = table_new("ll");
	struct safe_name name;

	table_cell(table, "driver");
	table_cell(table, "%s, MTU %u%s",
		   *report->device.driver ? report->device.driver : "unknown", report->device.mtu,
		   report->device.ethernet ? "" : ", not Ethernet");
	table_cell(table, "attached");
	if (report->xdp_id)
		table_cell(table, "program %u, %s%s", report->xdp_id,
			   report->xdp_mode == MODE_GENERIC ? "generic" : "native",
			   report->ours ? ": icmpx" : "");
	else
		table_cell(table, "nothing");
	table_cell(table, "driver says");
	table_cell(table, "%s", driver_says(report));
	table_cell(table, "VLAN tags");
	table_cell(table, "%s", tags(&report->device));
	stack_cells(table, report);
	trial_cells(table, "native", &report->native);
	trial_cells(table, "generic", &report->generic);
	fprintf(out, "\nINTERFACE %s\n", safe_name(report->device.name, &name));
	table_print(table, out, 2);
	for (size_t i = 0; i < report->caveats.count; i++)
		fprintf(out, "! %s\n", report->caveats.text[i]);
}

static void settings_text(FILE *out, const struct doctor *doctor)
{
	fputs("\nSETTINGS of this network namespace\n", out);
	for (size_t i = 0; i < doctor->setting_count; i++) {
		const struct setting *setting = &doctor->settings[i];

		fprintf(out, "%c %s = %s\n      %s\n", setting->warn ? '!' : ' ', setting->name,
			setting->value, setting->meaning);
	}
}

static void sockets_text(FILE *out, const struct doctor *doctor)
{
	_cleanup_(table) struct table *table = table_new("lllrrr");
	static const char *const headings[] = {"KIND", "LOCAL", "ID", "UID", "INODE", "DROPS"};
	struct text text;

	fputs("\nSOCKETS for ICMP; one that waits for echo requests misses those icmpx answers\n",
	      out);
	if (!doctor->socket_count) {
		fputs("  none\n", out);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
		table_cell(table, "%s", headings[i]);
	for (size_t i = 0; i < doctor->socket_count; i++) {
		const struct open_socket *socket = &doctor->sockets[i];

		table_cell(table, "%s%s", socket->ping ? "ping" : "raw", socket->v6 ? "6" : "");
		table_cell(table, "%s", format_address(socket->v6, socket->local, true, &text));
		if (socket->ping)
			table_cell(table, "%u", socket->number);
		else
			table_cell(table, "-");
		table_cell(table, "%u", socket->uid);
		table_cell(table, "%lu", socket->inode);
		table_cell(table, "%u", socket->drops);
	}
	table_print(table, out, 2);
}

static void choices_text(FILE *out, const struct doctor *doctor)
{
	_cleanup_(table) struct table *table = table_new("lll");
	struct safe_name name;

	for (size_t i = 0; i < doctor->choice_count; i++) {
		table_cell(table, "%s", doctor->choices[i].about);
		table_cell(table, "%s", doctor->choices[i].what);
		table_cell(table, "%s", doctor->choices[i].why);
	}
	fprintf(out, "\nATTACH%s%s, as it would be here\n", doctor->has_device ? " to " : "",
		doctor->has_device ? safe_name(doctor->device.device.name, &name) : "");
	table_print(table, out, 2);
	for (size_t i = 0; i < doctor->setting_count; i++) {
		if (doctor->settings[i].warn)
			fprintf(out, "! %s\n", doctor->settings[i].meaning);
	}
}

void render_doctor_text(FILE *out, const struct doctor *doctor)
{
	system_text(out, doctor);
	caps_text(out, doctor);
	features_text(out, doctor);
	if (doctor->has_device)
		device_text(out, &doctor->device);
	settings_text(out, doctor);
	sockets_text(out, doctor);
	choices_text(out, doctor);
}
