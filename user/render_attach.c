// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>

#include "render_attach.h"

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
	fprintf(out, "%s: %s, %s%s%s, trust %s, lease %u s%s\n", ifname,
		result->replaced ? "replaced" : "attached", mode_name(result->mode),
		result->frags ? " (multi-buffer)" : "",
		result->dispatcher ? " in libxdp's dispatcher" : "", trust_name(options),
		options->config.lease_s, options->config.observe ? ", observing only" : "");
	if (*result->why)
		fprintf(out, "%s: %s\n", ifname, result->why);
}

void render_attach_json(FILE *out, const char *ifname, const struct attach_options *options,
			const struct attach_result *result)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "interface", json_object_new_string(ifname));
	json_object_object_add(json, "replaced", json_object_new_boolean(result->replaced));
	json_object_object_add(json, "mode", json_object_new_string(mode_name(result->mode)));
	json_object_object_add(json, "multi_buffer", json_object_new_boolean(result->frags));
	json_object_object_add(json, "dispatcher", json_object_new_boolean(result->dispatcher));
	json_object_object_add(json, "trust", json_object_new_string(trust_name(options)));
	json_object_object_add(json, "lease_seconds", json_object_new_int(options->config.lease_s));
	json_object_object_add(json, "observe", json_object_new_boolean(options->config.observe));
	json_object_object_add(json, "why", json_object_new_string(result->why));
	fprintf(out, "%s\n", json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
	json_object_put(json);
}
