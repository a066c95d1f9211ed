// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "origin.h"
#include "util.h"

DEFINE_CLEANUP(btf, struct btf *, btf__free)

/* Adds the bits from the start of the type to its member of that name, also in what has no name
 * of its own. */
static bool add_member(const struct btf *btf, __u32 id, const char *name, __u32 *bits)
{
	const struct btf_type *type = btf__type_by_id(btf, btf__resolve_type(btf, id));
	const struct btf_member *member;

	if (!type || !btf_is_composite(type))
		return false;
	member = btf_members(type);
	for (__u32 i = 0; i < btf_vlen(type); i++, member++) {
		const char *its = btf__name_by_offset(btf, member->name_off);
		__u32 at = *bits + btf_member_bit_offset(type, i);

		if (its && *its ? !strcmp(its, name) : add_member(btf, member->type, name, &at)) {
			*bits = at;
			return true;
		}
	}
	return false;
}

static bool find(const struct btf *btf, const char *type, const char *name, __u32 *bits)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);

	*bits = 0;
	return id > 0 && add_member(btf, id, name, bits);
}

static bool find_bytes(const struct btf *btf, const char *type, const char *name, __u32 *bytes)
{
	__u32 bits;

	if (!find(btf, type, name, &bits) || bits % 8)
		return false;
	*bytes = bits / 8;
	return true;
}

/* Bits are numbered from a byte's low end on the machines that run little-endian alone. */
static bool find_bit(const struct btf *btf, const char *type, const char *name,
		     struct icmpx_origin *origin)
{
	__u32 bits;

	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || !find(btf, type, name, &bits))
		return false;
	origin->sock_kern = bits / 8;
	origin->kern_bit = 1U << bits % 8;
	return true;
}

/* struct sock starts with struct sock_common, possible_net_t is a pointer alone. */
static bool find_all(const struct btf *btf, struct icmpx_origin *origin)
{
	return find_bytes(btf, "sk_buff", "sk", &origin->skb_sk) &&
	       find_bytes(btf, "sk_buff", "dev", &origin->skb_dev) &&
	       find_bytes(btf, "net_device", "nd_net", &origin->dev_net) &&
	       find_bytes(btf, "sock_common", "skc_net", &origin->sock_net) &&
	       find_bit(btf, "sock", "sk_kern_sock", origin);
}

/* Whether a tc program may read the kernel's memory, by trial. */
static bool may_read(void)
{
	const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 1, .src_reg = 10},
		{.code = BPF_ALU64 | BPF_ADD, .dst_reg = 1, .imm = -8},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 8},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_read_kernel},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_JMP | BPF_EXIT},
	};
	_cleanup_(close) int fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "read_kernel", "GPL",
						insns, ARRAY_SIZE(insns), NULL);

	return fd >= 0;
}

const char *origin_fill(struct icmpx_origin *origin)
{
	_cleanup_(btf) struct btf *btf = NULL;

	*origin = (struct icmpx_origin){.check = ICMPX_ORIGIN_SOCKET};
	if (!may_read())
		return "the kernel lets no tc program read its memory";
	btf = btf__load_vmlinux_btf();
	if (!btf)
		return "the kernel has no BTF";
	if (!find_all(btf, origin)) {
		*origin = (struct icmpx_origin){.check = ICMPX_ORIGIN_SOCKET};
		return "the kernel's BTF does not have its sockets";
	}
	origin->check = ICMPX_ORIGIN_KERNEL;
	return NULL;
}
