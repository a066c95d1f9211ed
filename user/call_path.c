// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "call_path.h"
#include "trace.h"
#include "util.h"

/* How the kernel is entered, and what runs threads, interrupts and softirqs: on each path, and
 * no part of a packet's way. Those that end in '*' are beginnings. */
static const char *const noise[] = {
	"__arm64_sys_*",
	"__do_softirq",
	"__do_sys_*",
	"__ia32_sys_*",
	"__irq_exit_rcu",
	"__local_bh_enable_ip",
	"__se_sys_*",
	"__softirqentry_text_start",
	"__sysvec_*",
	"__x64_sys_*",
	"____do_softirq",
	"arch_call_rest_init",
	"arch_cpu_idle",
	"asm_*",
	"call_cpuidle",
	"call_on_irq_stack",
	"common_interrupt",
	"common_startup_64",
	"cpu_startup_entry",
	"cpuidle_*",
	"default_enter_idle",
	"default_idle*",
	"do_el0_svc",
	"do_idle",
	"do_interrupt_handler",
	"do_softirq",
	"do_softirq_own_stack",
	"do_syscall_64",
	"el0_*",
	"el0t_64_*",
	"el1_*",
	"el1h_64_*",
	"entry_*",
	"gic_handle_irq",
	"invoke_softirq",
	"invoke_syscall",
	"irq_exit*",
	"kthread",
	"pv_native_safe_halt",
	"ret_from_fork*",
	"run_ksoftirqd",
	"secondary_startup*",
	"smpboot_thread_fn",
	"start_secondary",
	"sysvec_*",
	"x64_sys_call",
};

static bool is_noise(const struct path_frame *frame)
{
	if (frame->probe >= 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(noise); i++) {
		size_t length = strlen(noise[i]);

		if (noise[i][length - 1] == '*' ? !strncmp(frame->name, noise[i], length - 1)
						: !strcmp(frame->name, noise[i]))
			return true;
	}
	return false;
}

static bool is_softirq(const struct path_frame *frame)
{
	return frame->probe == ICMPX_FN_HANDLE_SOFTIRQS;
}

bool call_path_in_softirq(const struct path *path)
{
	for (__u32 i = 0; i < path->count; i++)
		if (is_softirq(&path->frames[i]))
			return true;
	return false;
}

/* Softirqs do not nest: below the first one there is what it came on top of. */
static __u32 softirq_end(const struct path *path)
{
	__u32 end = 0;

	while (end < path->count && !is_softirq(&path->frames[end]))
		end++;
	return end < path->count ? end + 1 : end;
}

/* Of the frames from `begin` up to `end`, innermost first. */
static size_t clean(const struct path *path, __u32 begin, __u32 end, struct call *calls)
{
	size_t count = 0;

	for (__u32 i = end; i > begin && count < ICMPX_STACK_MAX; i--) {
		const struct path_frame *frame = &path->frames[i - 1];

		if (is_noise(frame))
			continue;
		/* A part of a function that is out of line has its name. */
		if (count && !strcmp(calls[count - 1].name, frame->name))
			continue;
		calls[count++] = (struct call){.name = frame->name, .probe = frame->probe};
	}
	return count;
}

size_t call_path_clean(const struct path *path, struct call *calls)
{
	return clean(path, 0, softirq_end(path), calls);
}

size_t call_path_clean_below(const struct path *path, struct call *calls)
{
	return clean(path, softirq_end(path), path->count, calls);
}

bool call_same(const struct call *a, const struct call *b)
{
	return a->probe >= 0 && b->probe >= 0 ? a->probe == b->probe : !strcmp(a->name, b->name);
}
