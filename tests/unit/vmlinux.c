// SPDX-License-Identifier: GPL-2.0-only
/* vmlinux.h is kept by hand: each of its types and members must be in the running kernel, and
 * where the kernel's name of a type has a flavour ("sock___backlog"), under the name without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "unit.h"

static struct btf *kernel, *ours;

/* The member of that name in a type, or in what has no name inside it. */
static const struct btf_member *find_member(const struct btf *btf, const struct btf_type *type,
					    const char *name)
{
	const struct btf_member *members = btf_members(type);

	for (int i = 0; i < btf_vlen(type); i++) {
		const char *own = btf__name_by_offset(btf, members[i].name_off);
		const struct btf_type *inner = btf__type_by_id(btf, members[i].type);
		const struct btf_member *found;

		if (!strcmp(own, name))
			return &members[i];
		while (btf_is_mod(inner) || btf_is_typedef(inner))
			inner = btf__type_by_id(btf, inner->type);
		if (*own || !btf_is_composite(inner))
			continue;
		found = find_member(btf, inner, name);
		if (found)
			return found;
	}
	return NULL;
}

static void check_type(const char *name)
{
	char kernel_name[64];
	const struct btf_type *own, *theirs;
	int id = btf__find_by_name_kind(ours, name, BTF_KIND_STRUCT);

	if (id < 0)
		return; /* of the other architecture, or not read by this program */
	own = btf__type_by_id(ours, id);
	snprintf(kernel_name, sizeof(kernel_name), "%.*s",
		 (int)(strstr(name, "___") ? strstr(name, "___") - name : (long)strlen(name)),
		 name);
	if (!strcmp(kernel_name, "backlog"))
		return; /* a type without a name there: seen as a member of its owner */
	id = btf__find_by_name_kind(kernel, kernel_name, BTF_KIND_STRUCT);
	if (id < 0)
		fail_msg("struct %s is not in this kernel", kernel_name);
	theirs = btf__type_by_id(kernel, id);
	for (int i = 0; i < btf_vlen(own); i++) {
		const char *member = btf__name_by_offset(ours, btf_members(own)[i].name_off);

		if (!find_member(kernel, theirs, member))
			fail_msg("struct %s has no %s in this kernel", kernel_name, member);
	}
}

/* "struct NAME {" at the beginning of a line: how both files begin a type. */
static int check_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256], name[64], brace;
	int count = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "struct %63[a-z_] %c", name, &brace) != 2 || brace != '{')
			continue;
		check_type(name);
		count++;
	}
	fclose(file);
	return count;
}

static void each_member_is_in_the_kernel(void **state)
{
	(void)state;
	assert_true(check_file("vmlinux.h") > 8);
	assert_true(check_file("bpf/compat.h") > 0);
}

static void a_wrong_name_is_found(void **state)
{
	const struct btf_type *type;
	int id = btf__find_by_name_kind(kernel, "sk_buff", BTF_KIND_STRUCT);

	(void)state;
	assert_true(id > 0);
	type = btf__type_by_id(kernel, id);
	assert_non_null(find_member(kernel, type, "network_header")); /* in a nameless struct */
	assert_null(find_member(kernel, type, "network_head"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_member_is_in_the_kernel),
		cmocka_unit_test(a_wrong_name_is_found),
	};
	const char *build = getenv("ICMPX_BUILD") ?: "build";
	char object[256];
	int failed;

	kernel = btf__load_vmlinux_btf();
	if (!kernel) {
		puts("1..0 # SKIP BTF of the kernel: ENOENT");
		return 0;
	}
	snprintf(object, sizeof(object), "%s/bpf/trace_tp.bpf.o", build);
	ours = btf__parse_elf(object, NULL);
	if (!ours) {
		printf("Bail out! %s: cannot be read\n", object);
		return 1;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	btf__free(ours);
	btf__free(kernel);
	return failed;
}
