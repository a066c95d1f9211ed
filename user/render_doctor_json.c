// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "doctor.h"
#include "format.h"
#include "json_put.h"
#include "netdev.h"
#include "render.h"
#include "safe_text.h"

/* works, and the errno where it does not. */
static void error_json(struct json_object *object, int err)
{
	struct text text;

	json_put_bool(object, "works", !err);
	json_put_text(object, "errno", err ? format_errno(err, &text) : NULL);
}

static void features_json(struct json_object *document, const struct doctor *doctor)
{
	struct json_object *array = json_put_array(document, "features");

	for (size_t i = 0; i < FEATURE_MAX; i++) {
		struct json_object *object = json_append_object(array);

		json_put_text(object, "name", doctor->features[i].name);
		json_put_text(object, "purpose", doctor->features[i].purpose);
		error_json(object, doctor->features[i].err);
	}
}

static void caps_json(struct json_object *document, const struct doctor *doctor)
{
	struct json_object *array = json_put_array(document, "capabilities");

	for (size_t i = 0; i < CAPS_MAX; i++) {
		struct json_object *object = json_append_object(array);

		json_put_text(object, "name", doctor->caps[i].name);
		json_put_text(object, "purpose", doctor->caps[i].purpose);
		json_put_bool(object, "held", doctor->caps[i].held);
	}
	json_put_bool(document, "user_namespace", doctor->user_namespace);
}

static void trial_json(struct json_object *parent, const char *key, const struct xdp_trial *trial)
{
	struct json_object *object = json_put_object(parent, key);

	json_put_bool(object, "tried", trial->done);
	if (trial->done) {
		error_json(object, trial->err);
		json_put_bool(object, "multi_buffer", trial->frags);
	} else {
		json_put_text(object, "reason", trial->why);
	}
}

static void links_json(struct json_object *parent, const char *key, const struct stack *stack,
		       int sign)
{
	struct json_object *array = json_put_array(parent, key);

	for (int level = 1; level <= STACK_DEPTH; level++) {
		for (size_t i = 0; i < stack->count; i++) {
			const struct link *link = &stack->links[i];
			struct json_object *object;
			struct safe_name name;

			if (link->level != sign * level)
				continue;
			object = json_append_object(array);
			json_put_text(object, "interface", safe_name(link->name, &name));
			json_put_number(object, "ifindex", link->ifindex);
			json_put_text(object, "kind", *link->kind ? link->kind : NULL);
			json_put_text(object, "bond_mode",
				      *link->bond_mode ? link->bond_mode : NULL);
			if (link->state == PORT_UNKNOWN)
				json_put_null(object, "active");
			else
				json_put_bool(object, "active", link->state == PORT_ACTIVE);
			json_put_bool(object, "xdp", link->xdp);
		}
	}
}

static void stack_json(struct json_object *object, const struct device_report *report)
{
	const struct link *self = stack_find(&report->stack, report->device.ifindex);
	struct json_object *warnings;

	json_put_text(object, "kind", self && *self->kind ? self->kind : NULL);
	json_put_text(object, "bond_mode", self && *self->bond_mode ? self->bond_mode : NULL);
	links_json(object, "below", &report->stack, -1);
	links_json(object, "above", &report->stack, 1);
	warnings = json_put_array(object, "warnings");
	for (size_t i = 0; i < report->caveats.count; i++)
		json_append_text(warnings, report->caveats.text[i]);
}

static void device_json(struct json_object *document, const struct device_report *report)
{
	struct json_object *object = json_put_object(document, "interface");
	struct safe_name name;

	json_put_text(object, "interface", safe_name(report->device.name, &name));
	json_put_number(object, "ifindex", report->device.ifindex);
	json_put_text(object, "driver", *report->device.driver ? report->device.driver : NULL);
	json_put_number(object, "mtu_bytes", report->device.mtu);
	json_put_bool(object, "ethernet", report->device.ethernet);
	json_put_bool(object, "vlan_tags_stripped", report->device.strips_tags);
	json_put_bool(object, "service_tags_stripped", report->device.strips_stags);
	stack_json(object, report);
	json_put_optional(object, "xdp_prog_id", report->xdp_id);
	json_put_bool(object, "icmpx_attached", report->ours);
	if (report->features_known) {
		json_put_bool(object, "driver_has_native", report->features & NETDEV_XDP_BASIC);
		json_put_bool(object, "driver_has_multi_buffer",
			      report->features & NETDEV_XDP_RX_SG);
	} else {
		json_put_null(object, "driver_has_native");
		json_put_null(object, "driver_has_multi_buffer");
	}
	trial_json(object, "native", &report->native);
	trial_json(object, "generic", &report->generic);
}

static void settings_json(struct json_object *document, const struct doctor *doctor)
{
	struct json_object *array = json_put_array(document, "settings");

	for (size_t i = 0; i < doctor->setting_count; i++) {
		struct json_object *object = json_append_object(array);

		json_put_text(object, "name", doctor->settings[i].name);
		json_put_text(object, "value", doctor->settings[i].value);
		json_put_text(object, "meaning", doctor->settings[i].meaning);
		json_put_bool(object, "warning", doctor->settings[i].warn);
	}
}

static void sockets_json(struct json_object *document, const struct doctor *doctor)
{
	struct json_object *array = json_put_array(document, "sockets");

	for (size_t i = 0; i < doctor->socket_count; i++) {
		const struct open_socket *socket = &doctor->sockets[i];
		struct json_object *object = json_append_object(array);
		struct text text;

		json_put_text(object, "kind", socket->ping ? "ping" : "raw");
		json_put_text(object, "family", socket->v6 ? "ipv6" : "ipv4");
		json_put_text(object, "local",
			      format_address(socket->v6, socket->local, false, &text));
		if (socket->ping)
			json_put_number(object, "echo_id", socket->number);
		else
			json_put_null(object, "echo_id");
		json_put_number(object, "uid", socket->uid);
		json_put_number(object, "inode", socket->inode);
		json_put_number(object, "drops_messages", socket->drops);
	}
}

static void choices_json(struct json_object *document, const struct doctor *doctor)
{
	struct json_object *object = json_put_object(document, "attach_here");

	for (size_t i = 0; i < doctor->choice_count; i++) {
		const struct choice *choice = &doctor->choices[i];
		struct json_object *element = json_put_object(object, choice->about);

		json_put_bool(element, "possible", choice->possible);
		json_put_text(element, "choice", choice->what);
		json_put_text(element, "reason", choice->why);
	}
}

void render_doctor_json(FILE *out, const struct doctor *doctor)
{
	struct json_object *document = json_object_new_object();

	json_put_text(document, "version", ICMPX_VERSION);
	json_put_text(document, "kernel_release", doctor->release);
	json_put_text(document, "lockdown", *doctor->lockdown ? doctor->lockdown : NULL);
	json_put_bool(document, "btf", doctor->btf);
	json_put_text(document, "pins", *doctor->bpffs ? doctor->bpffs : NULL);
	caps_json(document, doctor);
	features_json(document, doctor);
	if (doctor->has_device)
		device_json(document, &doctor->device);
	else
		json_put_null(document, "interface");
	settings_json(document, doctor);
	sockets_json(document, doctor);
	choices_json(document, doctor);
	json_print(out, document, false);
}
