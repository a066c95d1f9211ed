// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <bpf/btf.h>

#include "catalog.h"
#include "drop_reasons.h"
#include "util.h"

#define SUBSYSTEM 0xffff0000U /* the bits of a reason that say whose it is; 0: the core's */

/* "NO_SOCKET" of SKB_DROP_REASON_NO_SOCKET, "CONSUMED" of SKB_CONSUMED. */
static const char *strip_prefix(const char *name)
{
	static const char *const prefixes[] = {"SKB_DROP_REASON_", "SKB_"};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return name + strlen(prefixes[i]);
	}
	return name;
}

/* Not the enumerations' ends and masks. */
static bool is_reason(const char *name, __u32 value, bool core)
{
	size_t length = strlen(name);

	if (!strncmp(name, "__", 2) || (length >= 4 && !strcmp(name + length - 4, "_MAX")))
		return false;
	return core == !(value & SUBSYSTEM);
}

static int read_enum(const struct btf *btf, const char *enumeration, bool core,
		     struct catalog *catalog)
{
	int id = btf__find_by_name_kind(btf, enumeration, BTF_KIND_ENUM), err = 0;
	const struct btf_type *type;
	const struct btf_enum *values;

	if (id < 0)
		return 0;
	type = btf__type_by_id(btf, id);
	values = btf_enum(type);
	for (int i = 0; i < btf_vlen(type) && !err; i++) {
		const char *name = btf__name_by_offset(btf, values[i].name_off);

		if (name && is_reason(name, values[i].val, core))
			err = catalog_set_name(catalog, NAME_REASON, (__u32)values[i].val,
					       strip_prefix(name));
	}
	return err;
}

int drop_reasons_read(const struct btf *btf, struct catalog *catalog)
{
	/* Subsystems with numbers of their own; only if they are built in. */
	static const char *const others[] = {"qdisc_drop_reason", "ovs_drop_reason",
					     "mac80211_drop_reason"};
	int err = read_enum(btf, "skb_drop_reason", true, catalog);

	for (size_t i = 0; i < ARRAY_SIZE(others) && !err; i++)
		err = read_enum(btf, others[i], false, catalog);
	return err;
}
