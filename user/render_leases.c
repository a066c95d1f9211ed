// SPDX-License-Identifier: GPL-2.0-only
#include "format.h"
#include "json_put.h"
#include "render.h"
#include "safe_text.h"
#include "table.h"

static const char *const headings[] = {"IFACE",   "PEER", "LOCAL",  "VLAN",  "AGE",
				       "EXPIRES", "TTL",  "MAXLEN", "SERVED"};

static void lease_row(struct table *table, const struct lease_row *row)
{
	const struct icmpx_lease *lease = &row->lease;
	struct safe_name name;
	struct text text;

	table_cell(table, "%s", safe_name(row->ifname, &name));
	table_cell(table, "%s", format_address(row->v6, row->flow.peer, row->any_peer, &text));
	table_cell(table, "%s", format_address(row->v6, row->flow.local, false, &text));
	table_cell(table, "%s", format_vlan(row->flow.vlan, &text));
	table_cell(table, "%s", format_duration(row->age, &text));
	if (row->remaining > 0)
		table_cell(table, "%.1fs", row->remaining);
	else
		table_cell(table, "expired");
	table_cell(table, "%u", lease->ttl);
	table_cell(table, "%u", lease->max_len);
	table_cell(table, "%llu", lease->served);
}

void render_leases_text(FILE *out, const struct lease_row *rows, size_t count, bool expired)
{
	_cleanup_(table) struct table *table = table_new("lllrrrrrr");
	size_t valid = 0;

	for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
		table_cell(table, "%s", headings[i]);
	for (size_t i = 0; i < count; i++) {
		valid += rows[i].remaining > 0;
		if (rows[i].remaining > 0 || expired)
			lease_row(table, &rows[i]);
	}
	if (valid || (expired && count))
		table_print(table, out, 0);
	fprintf(out, "%zu valid, %zu expired%s\n", valid, count - valid,
		count > valid && !expired ? " (-v shows them)" : "");
}

static void mac_json(struct json_object *object, const char *key, const __u8 *mac)
{
	char text[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	json_put_text(object, key, text);
}

/* Outermost first, as everywhere. */
static void vlan_json(struct json_object *object, __u32 vlan)
{
	struct json_object *array = json_put_array(object, "vlan");

	for (; vlan & ICMPX_VLAN_PRESENT; vlan >>= 16) {
		struct json_object *tag = json_append_object(array);

		json_put_number(tag, "id", vlan & ICMPX_VLAN_VID);
		json_put_text(tag, "protocol", vlan & ICMPX_VLAN_AD ? "802.1ad" : "802.1Q");
	}
}

static void lease_json(struct json_object *object, const struct lease_row *row)
{
	const struct icmpx_lease *lease = &row->lease;
	struct safe_name name;
	struct text text;

	json_put_text(object, "interface", safe_name(row->ifname, &name));
	json_put_text(object, "family", row->v6 ? "ipv6" : "ipv4");
	json_put_text(object, "peer",
		      row->any_peer ? NULL : format_address(row->v6, row->flow.peer, false, &text));
	json_put_text(object, "local", format_address(row->v6, row->flow.local, false, &text));
	vlan_json(object, row->flow.vlan);
	json_put_number(object, "age_seconds", row->age);
	json_put_real(object, "expires_in_seconds", row->remaining);
	json_put_bool(object, "expired", row->remaining <= 0);
	json_put_number(object, "ttl", lease->ttl);
	json_put_number(object, "served_frames", lease->served);
	json_put_number(object, "max_length_bytes", lease->max_len);
	if (row->any_peer)
		json_put_null(object, "peer_mac");
	else
		mac_json(object, "peer_mac", lease->peer_mac);
	mac_json(object, "local_mac", lease->local_mac);
	if (row->any_peer)
		json_put_null(object, "request_mac");
	else
		mac_json(object, "request_mac", lease->from_mac);
}

void render_leases_json(FILE *out, const struct lease_row *rows, size_t count)
{
	struct json_object *document = json_object_new_object();
	struct json_object *array = json_put_array(document, "leases");

	for (size_t i = 0; i < count; i++)
		lease_json(json_append_object(array), &rows[i]);
	json_print(out, document, false);
}
