// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "format.h"
#include "json_put.h"
#include "render.h"
#include "safe_text.h"

void render_options_text(FILE *out, const struct icmpx_config *config)
{
	fprintf(out, "trust %s, lease %u s", xdp_trust_name(config), config->lease_s);
	if (config->limit_pps)
		fprintf(out, ", limit %u/s (burst %u) a source", config->limit_pps,
			config->limit_burst);
	if (config->limit_new_pps)
		fprintf(out, ", limit-new %u/s", config->limit_new_pps);
	if (config->families == ICMPX_IPV4)
		fputs(", IPv4 only", out);
	if (config->families == ICMPX_IPV6)
		fputs(", IPv6 only", out);
	if (config->any_iif)
		fputs(", any interface", out);
	if (config->observe)
		fputs(", observe: answers nothing", out);
}

static void programs_text(FILE *out, const struct attachment *a)
{
	fputs("  programs", out);
	if (a->echo_id)
		fprintf(out, " %u (XDP %s%s)", a->echo_id, xdp_mode_name(a->mode) ?: "",
			a->dispatcher ? ", in libxdp's dispatcher" : "");
	if (a->learn_id)
		fprintf(out, "%s %u (tc egress)", a->echo_id ? "," : "", a->learn_id);
	fputc('\n', out);
}

/* What there are no leases of, and why. */
static void leased_text(FILE *out, const struct icmpx_config *config)
{
	__u32 left = config->families & ~config->leased;

	if (left)
		fprintf(out,
			"  no leases of %s: when it was attached, such requests could come in by "
			"another interface, too\n",
			left == ICMPX_IPV4   ? "IPv4"
			: left == ICMPX_IPV6 ? "IPv6"
					     : "IPv4 and IPv6");
}

static const char *advice(const struct attachment *a)
{
	switch (a->state) {
	case STATE_PARTIAL:
		return "attach again to complete, or detach";
	case STATE_STALE:
		return "`icmpx detach --all` removes it";
	case STATE_ELSEWHERE:
		return "look from there: nsenter --net=...";
	case STATE_ATTACHED:
	case STATE_MAX:
		break;
	}
	return NULL;
}

static void attachment_text(FILE *out, const struct attachment *a)
{
	struct safe_name name;
	struct text since;

	fprintf(out, "%s: %s", *a->ifname ? safe_name(a->ifname, &name) : "(unknown name)",
		xdp_state_name(a->state));
	if (a->reason)
		fprintf(out, ": %s", a->reason);
	else if (xdp_mode_name(a->mode))
		fprintf(out, ", %s", xdp_mode_name(a->mode));
	if (a->has_config)
		fprintf(out, ", since %s", format_time(a->config.attached, &since));
	fputc('\n', out);
	if (a->has_config && a->state != STATE_STALE) {
		fputs("  ", out);
		render_options_text(out, &a->config);
		fputc('\n', out);
	}
	if (a->has_config && a->state != STATE_STALE)
		leased_text(out, &a->config);
	if (*a->others)
		fprintf(out,
			"  since it was attached, requests can come in by %s, too, past a rule by "
			"incoming interface: attach again\n",
			a->others);
	if (a->echo_id || a->learn_id)
		programs_text(out, a);
	if (a->has_config || a->state != STATE_PARTIAL) /* else they are what is missing */
		fprintf(out, "  pins %s\n", a->dir.path);
	if (advice(a))
		fprintf(out, "  %s\n", advice(a));
}

void render_status_text(FILE *out, const struct attachment *list, size_t count)
{
	if (!count)
		fputs("icmpx is attached nowhere\n", out);
	for (size_t i = 0; i < count; i++)
		attachment_text(out, &list[i]);
}

static void families_json(struct json_object *object, __u32 families)
{
	struct json_object *array = json_put_array(object, "families");

	if (families & ICMPX_IPV4)
		json_object_array_add(array, json_object_new_string("ipv4"));
	if (families & ICMPX_IPV6)
		json_object_array_add(array, json_object_new_string("ipv6"));
}

static void config_json(struct json_object *object, const struct icmpx_config *config)
{
	struct safe_name name;

	json_put_text(object, "trust", xdp_trust_name(config));
	families_json(object, config->families);
	json_put_bool(object, "observe", config->observe);
	json_put_bool(object, "any_interface", config->any_iif);
	json_put_bool(object, "leases_ipv4", config->leased & ICMPX_IPV4);
	json_put_bool(object, "leases_ipv6", config->leased & ICMPX_IPV6);
	json_put_number(object, "lease_seconds", config->lease_s);
	json_put_optional(object, "limit_frames_per_second", config->limit_pps);
	json_put_optional(object, "limit_burst_frames",
			  config->limit_pps ? config->limit_burst : 0);
	json_put_optional(object, "limit_new_frames_per_second", config->limit_new_pps);
	json_put_text(object, "interface_when_attached", safe_name(config->ifname, &name));
	json_put_text(object, "version", config->version);
}

static void attachment_json(struct json_object *object, const struct attachment *a)
{
	struct safe_name name;

	json_put_text(object, "interface", safe_name(a->ifname, &name));
	json_put_number(object, "ifindex", a->dir.ifindex);
	json_put_number(object, "netns", a->dir.netns);
	json_put_text(object, "state", xdp_state_name(a->state));
	json_put_text(object, "reason", a->reason);
	json_put_text(object, "mode", xdp_mode_name(a->mode));
	json_put_bool(object, "dispatcher", a->dispatcher);
	json_put_optional(object, "echo_prog_id", a->echo_id);
	json_put_optional(object, "learn_prog_id", a->learn_id);
	json_put_optional(object, "attached_at", a->has_config ? a->config.attached : 0);
	json_put_text(object, "pins", a->dir.path);
	json_put_text(object, "other_interfaces", *a->others ? a->others : NULL);
	if (a->has_config)
		config_json(json_put_object(object, "options"), &a->config);
	else
		json_put_null(object, "options");
}

void render_status_json(FILE *out, const struct attachment *list, size_t count)
{
	struct json_object *document = json_object_new_object();
	struct json_object *array = json_put_array(document, "attachments");

	for (size_t i = 0; i < count; i++)
		attachment_json(json_append_object(array), &list[i]);
	json_print(out, document, false);
}
