// SPDX-License-Identifier: GPL-2.0-only
/* Advice about drops, and the kernel's names for their reasons. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>
#include <bpf/btf.h>

#include "catalog.h"
#include "drop_reasons.h"
#include "drops.h"
#include "drops_list.h"
#include "util.h"

DEFINE_CLEANUP(btf, struct btf *, btf__free)

#define TEXT_MAX 72 /* columns: 80 less what stands before it */

/* All of enum skb_drop_reason of Linux 6.1, 6.12, 6.18 and 7.x that is not for TCP, CAN or
 * Unix sockets. */
static const char *const known[] = {
	"ARP_PVLAN_DISABLE",
	"BPF_CGROUP_EGRESS",
	"BRIDGE_INGRESS_STP_STATE",
	"CAKE_FLOOD",
	"CPU_BACKLOG",
	"DEV_HDR",
	"DEV_READY",
	"DUALPI2_STEP_DROP",
	"DUP_FRAG",
	"FQ_BAND_LIMIT",
	"FQ_FLOW_LIMIT",
	"FQ_HORIZON_LIMIT",
	"FRAG_REASM_TIMEOUT",
	"FRAG_TOO_FAR",
	"FULL_RING",
	"HDR_TRUNC",
	"ICMP_CSUM",
	"INVALID_PROTO",
	"IPV6DISABLED",
	"IPV6_BAD_EXTHDR",
	"IPV6_NDISC_BAD_CODE",
	"IPV6_NDISC_BAD_OPTIONS",
	"IPV6_NDISC_FRAG",
	"IPV6_NDISC_HOP_LIMIT",
	"IPV6_NDISC_NS_OTHERHOST",
	"IPV6_TOO_MANY_EXTHDRS",
	"IPVLAN_MULTICAST_BACKLOG",
	"IP_CSUM",
	"IP_INADDRERRORS",
	"IP_INHDR",
	"IP_INNOROUTES",
	"IP_INVALID_DEST",
	"IP_INVALID_SOURCE",
	"IP_LOCALNET",
	"IP_LOCAL_SOURCE",
	"IP_NOPROTO",
	"IP_OUTNOROUTES",
	"IP_RPFILTER",
	"IP_TUNNEL_ECN",
	"LOCAL_MAC",
	"MACVLAN_BROADCAST_BACKLOG",
	"MAC_IEEE_MAC_CONTROL",
	"MAC_INVALID_SOURCE",
	"NEIGH_CREATEFAIL",
	"NEIGH_DEAD",
	"NEIGH_FAILED",
	"NEIGH_HH_FILLFAIL",
	"NEIGH_QUEUEFULL",
	"NETFILTER_DROP",
	"NOMEM",
	"NOT_SPECIFIED",
	"NO_SOCKET",
	"NO_TX_TARGET",
	"OTHERHOST",
	"PACKET_SOCK_ERROR",
	"PFMEMALLOC",
	"PKT_TOO_BIG",
	"PKT_TOO_SMALL",
	"PROTO_MEM",
	"PSP_INPUT",
	"PSP_OUTPUT",
	"QDISC_BURST_DROP",
	"QDISC_CONGESTED",
	"QDISC_DROP",
	"QDISC_OVERLIMIT",
	"QUEUE_PURGE",
	"RECURSION_LIMIT",
	"SECURITY_HOOK",
	"SKB_BAD_GSO",
	"SKB_CSUM",
	"SKB_GSO_SEG",
	"SKB_UCOPY_FAULT",
	"SOCKET_BACKLOG",
	"SOCKET_CLOSE",
	"SOCKET_FILTER",
	"SOCKET_RCVBUFF",
	"TAP_FILTER",
	"TAP_TXFILTER",
	"TC_CHAIN_NOTFOUND",
	"TC_COOKIE_ERROR",
	"TC_EGRESS",
	"TC_INGRESS",
	"TC_RECLASSIFY_LOOP",
	"TUNNEL_TXINFO",
	"UDP_CSUM",
	"UNHANDLED_PROTO",
	"UNICAST_IN_L2_MULTICAST",
	"VXLAN_ENTRY_EXISTS",
	"VXLAN_INVALID_HDR",
	"VXLAN_VNI_NOT_FOUND",
	"XDP",
	"XFRM_POLICY",
};

/* Not in each kernel, or in a module. */
static const char *const known_functions[] = {
	"__netif_receive_skb_core",
	"__udp4_lib_rcv",
	"__udp6_lib_rcv",
	"br_handle_frame",
	"br_handle_frame_finish",
	"ip_fragment",
	"ip_rcv_finish_core",
	"kfree_skb_list",
	"kfree_skb_list_reason",
	"packet_rcv",
	"rawv6_rcv_skb",
	"skb_queue_purge",
	"tpacket_rcv",
	"tun_net_xmit",
	"veth_xmit",
};

#define X(name, cause, look) {#name, {cause, look}},
static const struct {
	const char *name;
	struct drop_advice advice;
} listed[] = {DROP_REASONS(X) DROP_FUNCTIONS(X)};
#undef X

#define X(name, cause, look) #name,
static const char *const reasons[] = {DROP_REASONS(X)};
static const char *const functions[] = {DROP_FUNCTIONS(X)};
#undef X

static bool has(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(names[i], name))
			return true;
	}
	return false;
}

static void each_reason_is_the_kernels(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (!has(known, ARRAY_SIZE(known), reasons[i]))
			fail_msg("no kernel has the reason %s", reasons[i]);
	}
}

static void each_of_the_kernels_reasons_has_advice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!drops_advice(known[i], NULL))
			fail_msg("nothing about %s", known[i]);
	}
}

static void each_function_is_the_kernels(void **state)
{
	_cleanup_(btf) struct btf *btf = btf__load_vmlinux_btf();

	(void)state;
	if (!btf) {
		print_message("# without the kernel's BTF: functions are not checked\n");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		if (btf__find_by_name_kind(btf, functions[i], BTF_KIND_FUNC) < 0 &&
		    !has(known_functions, ARRAY_SIZE(known_functions), functions[i]))
			fail_msg("no kernel has the function %s", functions[i]);
	}
}

static void texts_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(listed); i++) {
		const struct drop_advice *advice = &listed[i].advice;

		if (!advice->cause[0] || !advice->look[0])
			fail_msg("%s: empty", listed[i].name);
		if (strlen(advice->cause) > TEXT_MAX || strlen(advice->look) > TEXT_MAX)
			fail_msg("%s: more than %d columns", listed[i].name, TEXT_MAX);
		if (strpbrk(advice->cause, "\n\t") || strpbrk(advice->look, "\n\t"))
			fail_msg("%s: more than a line", listed[i].name);
	}
}

static void names_do_not_repeat(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(listed); i++) {
		for (size_t j = 0; j < i; j++) {
			if (!strcmp(listed[i].name, listed[j].name))
				fail_msg("%s is there twice", listed[i].name);
		}
	}
}

static void assert_cause(const char *reason, const char *function, const char *part)
{
	const struct drop_advice *advice = drops_advice(reason, function);

	assert_non_null(advice);
	if (!strstr(advice->cause, part))
		fail_msg("%s, %s: \"%s\" is not about \"%s\"", reason ?: "-", function ?: "-",
			 advice->cause, part);
}

static void reason_before_function(void **state)
{
	(void)state;
	assert_cause("NETFILTER_DROP", "nf_hook_slow", "firewall");
	assert_cause("ICMP_CSUM", "nf_hook_slow", "checksum");
	assert_cause(NULL, "nf_hook_slow", "firewall");
	assert_cause("NOT_SPECIFIED", "nf_hook_slow", "firewall");
	assert_cause("NOT_SPECIFIED", NULL, "no reason");
	assert_cause("NOT_SPECIFIED", "some_driver_xmit", "no reason");
	assert_cause("NEW_REASON", "nf_hook_slow", "firewall");
	assert_null(drops_advice("NEW_REASON", "some_driver_xmit"));
	assert_null(drops_advice(NULL, NULL));
}

static void names_are_compared_whole(void **state)
{
	(void)state;
	assert_null(drops_advice("NO_SOCK", NULL));
	assert_null(drops_advice("NO_SOCKETS", NULL));
	assert_null(drops_advice("", ""));
	assert_null(drops_advice(NULL, "ip_forwarding"));
	assert_cause(NULL, "ip_forward+0x1a3", "TTL");
	assert_cause(NULL, "ip_rcv_finish_core.constprop.0+0x10/0x200", "rp_filter");
}

/* Linux 7: QDISC_DROP_OVERLIMIT and others are no skb_drop_reason. */
static void qdisc_has_its_own(void **state)
{
	(void)state;
	assert_cause("QDISC_DROP_OVERLIMIT", NULL, "qdisc");
	assert_ptr_equal(drops_advice("QDISC_DROP_FLOW_LIMIT", NULL),
			 drops_advice("QDISC_DROP", NULL));
}

static const char *reason_name(const struct catalog *catalog, __u64 reason)
{
	return catalog_name(catalog, NAME_REASON, reason);
}

static void enum_value(struct btf *btf, const char *name, __u32 value)
{
	assert_int_equal(btf__add_enum_value(btf, name, (__s64)value), 0);
}

static void names_from_types(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	_cleanup_(btf) struct btf *btf = btf__new_empty();

	(void)state;
	assert_true(catalog && btf);
	assert_true(btf__add_enum(btf, "skb_drop_reason", 4) > 0);
	enum_value(btf, "SKB_NOT_DROPPED_YET", 0);
	enum_value(btf, "SKB_CONSUMED", 1);
	enum_value(btf, "SKB_DROP_REASON_NO_SOCKET", 3);
	enum_value(btf, "SKB_DROP_REASON_SKB_CSUM", 70);
	enum_value(btf, "SKB_DROP_REASON_MAX", 71);
	enum_value(btf, "SKB_DROP_REASON_SUBSYS_MASK", 0xffff0000);
	assert_true(btf__add_enum(btf, "qdisc_drop_reason", 4) > 0);
	enum_value(btf, "QDISC_DROP_UNSPEC", 0);
	enum_value(btf, "__QDISC_DROP_REASON", 0x30000);
	enum_value(btf, "QDISC_DROP_GENERIC", 0x30001);
	enum_value(btf, "QDISC_DROP_MAX", 0x30002);

	assert_int_equal(drop_reasons_read(btf, catalog), 0);
	assert_string_equal(reason_name(catalog, 0), "NOT_DROPPED_YET");
	assert_string_equal(reason_name(catalog, 1), "CONSUMED");
	assert_string_equal(reason_name(catalog, 3), "NO_SOCKET");
	assert_string_equal(reason_name(catalog, 70), "SKB_CSUM");
	assert_null(reason_name(catalog, 71));
	assert_null(reason_name(catalog, 0xffff0000));
	assert_null(reason_name(catalog, (__u64)-65536));
	assert_null(reason_name(catalog, 0x30000));
	assert_string_equal(reason_name(catalog, 0x30001), "QDISC_DROP_GENERIC");
	assert_null(reason_name(catalog, 0x30002));
}

/* Linux 5.10. */
static void no_reasons_no_names(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	_cleanup_(btf) struct btf *btf = btf__new_empty();

	(void)state;
	assert_true(catalog && btf);
	assert_int_equal(drop_reasons_read(btf, catalog), 0);
	assert_null(reason_name(catalog, 3));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_reason_is_the_kernels),
	cmocka_unit_test(each_of_the_kernels_reasons_has_advice),
	cmocka_unit_test(each_function_is_the_kernels),
	cmocka_unit_test(texts_fit),
	cmocka_unit_test(names_do_not_repeat),
	cmocka_unit_test(reason_before_function),
	cmocka_unit_test(names_are_compared_whole),
	cmocka_unit_test(qdisc_has_its_own),
	cmocka_unit_test(names_from_types),
	cmocka_unit_test(no_reasons_no_names),
};

UNIT_MAIN(tests)
