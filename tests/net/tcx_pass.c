// SPDX-License-Identifier: GPL-2.0-only
/* tcx_pass IFACE egress|ingress COMMAND...: attaches a program that goes on to the next one by
 * tcx (kernel 6.6), runs the command, and detaches. Exit status 3: the kernel has none. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "util.h"

#define TCX_INGRESS 46
#define TCX_EGRESS  47

int main(int argc, char **argv)
{
	const struct bpf_insn next[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = -1}, /* TCX_NEXT */
		{.code = BPF_JMP | BPF_EXIT},
	};
	int point, prog, status;
	unsigned int ifindex;
	pid_t child;

	if (argc < 4)
		return 2;
	point = strcmp(argv[2], "egress") ? TCX_INGRESS : TCX_EGRESS;
	ifindex = if_nametoindex(argv[1]);
	prog = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "foreign_tcx", "GPL", next, ARRAY_SIZE(next),
			     NULL);
	if (!ifindex || prog < 0) {
		perror(ifindex ? "load" : argv[1]);
		return 1;
	}
	if (bpf_prog_attach(prog, ifindex, point, 0)) {
		perror("tcx");
		return errno == EINVAL ? 3 : 1;
	}
	child = fork();
	if (!child) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		status = -1;
	if (bpf_prog_detach2(prog, ifindex, point))
		perror("tcx: detach");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
