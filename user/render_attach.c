// SPDX-License-Identifier: GPL-2.0-only
#include "json_put.h"
#include "render_attach.h"
#include "safe_text.h"

static const char *mode_name(enum xdp_mode mode)
{
	return mode == MODE_NATIVE ? "native" : "generic";
}

static const char *trust_name(const struct attach_options *options)
{
	return options->config.trust == ICMPX_TRUST_ADDRESS ? "address" : "flow";
}

void render_attach_text(FILE *out, const char *ifname, const struct attach_options *options,
			const struct attach_result *result)
{
	struct safe_name name;

	fprintf(out, "%s: %s, %s%s%s, trust %s, lease %u s%s\n", safe_name(ifname, &name),
		result->replaced ? "replaced" : "attached", mode_name(result->mode),
		result->frags ? " (multi-buffer)" : "",
		result->dispatcher ? " in libxdp's dispatcher" : "", trust_name(options),
		options->config.lease_s, options->config.observe ? ", observing only" : "");
	if (*result->why)
		fprintf(out, "%s: %s\n", name.text, result->why);
}

void render_attach_json(FILE *out, const char *ifname, const struct attach_options *options,
			const struct attach_result *result, const struct caveats *caveats)
{
	struct json_object *warnings;
	struct safe_name name;
	struct json_object *json = json_object_new_object();

	json_put_text(json, "interface", safe_name(ifname, &name));
	json_put_bool(json, "replaced", result->replaced);
	json_put_text(json, "mode", mode_name(result->mode));
	json_put_bool(json, "multi_buffer", result->frags);
	json_put_bool(json, "dispatcher", result->dispatcher);
	json_put_text(json, "trust", trust_name(options));
	json_put_number(json, "lease_seconds", options->config.lease_s);
	json_put_bool(json, "observe", options->config.observe);
	json_put_bool(json, "any_interface", options->config.any_iif);
	json_put_bool(json, "leases_ipv4", result->leased & ICMPX_IPV4);
	json_put_bool(json, "leases_ipv6", result->leased & ICMPX_IPV6);
	json_put_text(json, "why", result->why);
	warnings = json_put_array(json, "warnings");
	for (size_t i = 0; i < caveats->count; i++)
		json_append_text(warnings, caveats->text[i]);
	json_print(out, json, true);
}

void render_detach_text(FILE *out, const char *ifname, const struct attachment *a)
{
	struct safe_name name;

	fprintf(out, "%s: detached%s\n", safe_name(ifname, &name),
		a->state == STATE_STALE ? " (was stale)" : "");
}

void render_detach_json(FILE *out, const char *ifname, const struct attachment *a)
{
	struct json_object *json = json_object_new_object();
	struct safe_name name;

	json_put_text(json, "interface", safe_name(ifname, &name));
	json_put_bool(json, "detached", true);
	json_put_bool(json, "was_stale", a->state == STATE_STALE);
	json_print(out, json, true);
}
