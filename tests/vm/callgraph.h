/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls that a kernel's machine code (x86-64) holds, function by function. */
#ifndef ICMPX_CALLGRAPH_H
#define ICMPX_CALLGRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum call_kind {
	CALL_DIRECT,
	CALL_TAIL,         /* a jump to the begin of another function */
	CALL_POINTER,      /* also through a retpoline's thunk */
	CALL_TAIL_POINTER, /* a jump through a pointer */
	CALL_STATIC,       /* static_call(): its target is patched in at run time */
	CALL_KIND_MAX,
};

struct call {
	uint64_t begin, after; /* its address, and the one behind it */
	int target;            /* a function; -1: the code does not say which */
	enum call_kind kind;
};

struct function {
	uint64_t begin, end;
	char *name;
	struct call *calls;
	size_t call_count;
	bool decoded;
	bool traceable; /* by ftrace */
	int cold;       /* another one, which is a part of this one; -1 */
};

struct code {
	const uint8_t *image; /* the ELF file */
	size_t size;
	struct function *functions; /* by address */
	int count;
	size_t decoder; /* capstone's */
};

/* `symbols`: lines "ADDRESS NAME". Exits with a message when a file cannot be read. */
void code_open(struct code *code, const char *vmlinux, const char *symbols);
void code_close(struct code *code);

/* A function's index, -1: there is none. A name stands also for what the compiler made of it
 * ("name.constprop.0"). */
int code_at(const struct code *code, uint64_t address);
int code_named(const struct code *code, const char *name);

/* With its calls. */
const struct function *code_function(struct code *code, int index);

#endif
