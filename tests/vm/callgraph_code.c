// SPDX-License-Identifier: GPL-2.0-only
#include <capstone/capstone.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "callgraph.h"

#define LONGEST 0x20000 /* of the last function, whose end no symbol tells */

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void *grow(void *list, size_t count, size_t size)
{
	if (count & (count - 1)) /* doubled each time that it is a power of two */
		return list;
	list = realloc(list, (count ? 2 * count : 1) * size);
	if (!list)
		die("callgraph");
	return list;
}

static void map_image(struct code *code, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *image;

	if (fd < 0 || fstat(fd, &status))
		die(path);
	image = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (image == MAP_FAILED)
		die(path);
	close(fd);
	code->image = image;
	code->size = status.st_size;
	if (code->size < sizeof(Elf64_Ehdr) || memcmp(image, ELFMAG, SELFMAG)) {
		fprintf(stderr, "%s: no ELF file\n", path);
		exit(2);
	}
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* Names for code that runs before relocation come last: "__pi_name" is the same as "name". */
static int by_address(const void *a, const void *b)
{
	const struct function *left = a, *right = b;
	bool early = starts_with(left->name, "__pi_");

	if (left->begin != right->begin)
		return left->begin < right->begin ? -1 : 1;
	if (early != starts_with(right->name, "__pi_"))
		return early ? 1 : -1;
	return strcmp(left->name, right->name);
}

static void read_symbols(struct code *code, const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned long long address;
	char name[512];

	if (!file)
		die(path);
	while (fscanf(file, "%llx %511s", &address, name) == 2) {
		code->functions = grow(code->functions, code->count, sizeof(*code->functions));
		code->functions[code->count++] =
			(struct function){.begin = address, .name = strdup(name), .cold = -1};
	}
	fclose(file);
	if (!code->count) {
		fprintf(stderr, "%s: no symbols\n", path);
		exit(2);
	}
}

/* One function of all names of an address. */
static void join_symbols(struct code *code)
{
	int kept = 0;

	qsort(code->functions, code->count, sizeof(*code->functions), by_address);
	for (int i = 1; i < code->count; i++) {
		if (code->functions[i].begin == code->functions[kept].begin)
			free(code->functions[i].name);
		else
			code->functions[++kept] = code->functions[i];
	}
	code->count = kept + 1;
	for (int i = 0; i < code->count; i++)
		code->functions[i].end = i + 1 < code->count ? code->functions[i + 1].begin
							     : code->functions[i].begin + LONGEST;
}

void code_open(struct code *code, const char *vmlinux, const char *symbols)
{
	*code = (struct code){};
	map_image(code, vmlinux);
	read_symbols(code, symbols);
	join_symbols(code);
	if (cs_open(CS_ARCH_X86, CS_MODE_64, &code->decoder) != CS_ERR_OK ||
	    cs_option(code->decoder, CS_OPT_SKIPDATA, CS_OPT_ON) != CS_ERR_OK) {
		fputs("capstone does not work\n", stderr);
		exit(2);
	}
}

void code_close(struct code *code)
{
	for (int i = 0; i < code->count; i++) {
		free(code->functions[i].name);
		free(code->functions[i].calls);
	}
	free(code->functions);
	cs_close(&code->decoder);
	munmap((void *)code->image, code->size);
}

int code_at(const struct code *code, uint64_t address)
{
	int low = 0, high = code->count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (code->functions[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < code->count && code->functions[low].begin <= address ? low : -1;
}

static bool is_cold(const struct code *code, int index)
{
	return strstr(code->functions[index].name, ".cold") != NULL;
}

int code_named(const struct code *code, const char *name)
{
	size_t length = strlen(name);
	int other = -1;

	for (int i = 0; i < code->count; i++) {
		const char *found = code->functions[i].name;

		if (!strcmp(found, name))
			return i;
		if (starts_with(found, name) && found[length] == '.' && !is_cold(code, i))
			other = i;
	}
	return other;
}

/* NULL: not in the file. */
static const uint8_t *bytes_at(const struct code *code, uint64_t address, size_t length)
{
	const Elf64_Ehdr *elf = (const void *)code->image;
	const Elf64_Phdr *part = (const void *)(code->image + elf->e_phoff);

	for (int i = 0; i < elf->e_phnum; i++, part++)
		if (part->p_type == PT_LOAD && address >= part->p_vaddr &&
		    address + length <= part->p_vaddr + part->p_filesz)
			return code->image + part->p_offset + (address - part->p_vaddr);
	return NULL;
}

/* Where a branch leads. False: it is none. *target 0: through a register or memory. */
static bool branch_target(const cs_insn *insn, uint64_t *target, bool *jump)
{
	const uint8_t *byte = insn->bytes, *end = insn->bytes + insn->size;
	uint64_t after = insn->address + insn->size;
	int32_t offset;

	while (byte < end && (*byte == 0x2e || *byte == 0x3e || *byte == 0x66 || *byte == 0xf2 ||
			      (*byte & 0xf0) == 0x40))
		byte++;
	if (byte == end)
		return false;
	*jump = *byte != 0xe8;
	if (*byte == 0xff && byte + 1 < end &&
	    ((byte[1] >> 3 & 7) == 2 || (byte[1] >> 3 & 7) == 4)) {
		*jump = (byte[1] >> 3 & 7) == 4;
		*target = 0;
		return true;
	}
	if (*byte == 0xeb || (*byte & 0xf0) == 0x70) {
		*target = after + (int8_t)end[-1];
		return true;
	}
	if (*byte == 0xe8 || *byte == 0xe9 ||
	    (*byte == 0x0f && byte + 1 < end && (byte[1] & 0xf0) == 0x80)) {
		memcpy(&offset, end - sizeof(offset), sizeof(offset));
		*target = after + offset;
		return true;
	}
	return false;
}

/* False: of no interest. */
static bool named_kind(const char *name, bool jump, enum call_kind *kind)
{
	if (strstr(name, "return_thunk"))
		return false;
	if (starts_with(name, "__x86_indirect_"))
		*kind = jump ? CALL_TAIL_POINTER : CALL_POINTER;
	else if (starts_with(name, "__SCT__"))
		*kind = CALL_STATIC;
	else
		*kind = jump ? CALL_TAIL : CALL_DIRECT;
	return true;
}

static void add_call(struct function *function, const cs_insn *insn, int target,
		     enum call_kind kind)
{
	function->calls = grow(function->calls, function->call_count, sizeof(*function->calls));
	function->calls[function->call_count++] =
		(struct call){insn->address, insn->address + insn->size, target, kind};
}

static void add_branch(struct code *code, int index, const cs_insn *insn)
{
	struct function *function = &code->functions[index];
	enum call_kind kind;
	uint64_t address;
	bool jump;
	int target;

	if (!branch_target(insn, &address, &jump))
		return;
	if (!address) {
		add_call(function, insn, -1, jump ? CALL_TAIL_POINTER : CALL_POINTER);
		return;
	}
	target = code_at(code, address);
	if (target < 0 || (jump && (target == index || target == function->cold)))
		return;
	if (jump && is_cold(code, target)) {
		function->cold = target;
		return;
	}
	if (!strcmp(code->functions[target].name, "__fentry__")) {
		function->traceable = true;
		return;
	}
	if (!named_kind(code->functions[target].name, jump, &kind))
		return;
	/* a jump elsewhere than to the begin is from a part of a function back into it */
	if (kind == CALL_TAIL && address > code->functions[target].begin + 4)
		return;
	add_call(function, insn, kind == CALL_DIRECT || kind == CALL_TAIL ? target : -1, kind);
}

static void decode(struct code *code, int index, uint64_t begin, uint64_t end)
{
	const uint8_t *bytes = bytes_at(code, begin, end - begin);
	cs_insn *insn = cs_malloc(code->decoder);
	size_t left = end - begin;

	while (bytes && cs_disasm_iter(code->decoder, &bytes, &left, &begin, insn))
		add_branch(code, index, insn);
	cs_free(insn, 1);
}

const struct function *code_function(struct code *code, int index)
{
	struct function *function = &code->functions[index];
	int cold;

	if (function->decoded)
		return function;
	function->decoded = true;
	decode(code, index, function->begin, function->end);
	cold = function->cold;
	if (cold >= 0)
		decode(code, index, code->functions[cold].begin, code->functions[cold].end);
	return function;
}
