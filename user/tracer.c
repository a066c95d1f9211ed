// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "caps.h"
#include "clock.h"
#include "drop_reasons.h"
#include "echo_events.h"
#include "filter.h"
#include "flow.h"
#include "kernel.h"
#include "log.h"
#include "symbols.h"
#include "tracer_fn.h"
#include "tracer_names.h"
#include "tracer_tp.h"
#include "trace_tp.skel.h"

DEFINE_CLEANUP(btf, struct btf *, btf__free)

struct tracer {
	struct trace_tp_bpf *tp;
	struct tracer_fn *fn; /* or NULL */
	struct ring_buffer *ring;
	struct echo_events *echo; /* the fast path's, in the same ring_buffer */
	struct echo_events_found echo_found;
	__u64 renewed; /* ns: when the fast path was last told to go on */
	struct {
		__u32 tid;
		__u64 entered;
	} timed[64]; /* system calls that a timer has ended, by tid */
	struct icmpx_filter filter;
	struct symbols *symbols;
	struct catalog *catalog;
	struct trace_header header;
	struct tracer_times times;
	int (*event)(void *data, const struct icmpx_event *event);
	void *data;
};

/* "": unknown. */
static void read_boot_id(char *id, size_t size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file)
		return;
	if (fgets(id, (int)size, file))
		id[strcspn(id, "\n")] = '\0';
	fclose(file);
}

void tracer_describe(struct trace_header *header, const struct tracer_options *options)
{
	struct utsname name;

	uname(&name);
	snprintf(header->kernel, sizeof(header->kernel), "%s", name.release);
	snprintf(header->machine, sizeof(header->machine), "%s", name.machine);
	snprintf(header->version, sizeof(header->version), "%s", ICMPX_VERSION);
	snprintf(header->node, sizeof(header->node), "%s", name.nodename);
	read_boot_id(header->boot, sizeof(header->boot));
	header->stacks = options->stacks;
	header->started = clock_now();
	header->epoch = clock_read(CLOCK_REALTIME) - header->started;
}

/* A timer may come on top of the softirq, and wake its own sleeper: that has nothing to do
 * with the packet. Kernels that show when a socket is given a packet do not need this. */
static bool is_by_timer(const struct tracer *tracer, const struct icmpx_event *event)
{
	static const char *const entries[] = {"hrtimer_interrupt", "common_interrupt"};
	const struct path *path;

	path = catalog_path(tracer->catalog, event->stack);
	for (__u32 i = 0; path && i < path->count; i++) {
		if (path->frames[i].probe == ICMPX_FN_HANDLE_SOFTIRQS)
			return false;
		for (size_t j = 0; j < ARRAY_SIZE(entries); j++)
			if (!strcmp(path->frames[i].name, entries[j]))
				return true;
	}
	return false;
}

/* Nor has what the sleeper does then. */
static bool is_woken_by_timer(struct tracer *tracer, const struct icmpx_event *event)
{
	__u32 at = event->tid % ARRAY_SIZE(tracer->timed);

	switch (event->probe) {
	case ICMPX_TP_WAKING:
		if (!is_by_timer(tracer, event))
			return false;
		tracer->timed[at].tid = event->tid;
		tracer->timed[at].entered = event->entered;
		return true;
	case ICMPX_TP_SWITCH_IN:
	case ICMPX_TP_SYS_EXIT:
		return event->entered && tracer->timed[at].tid == event->tid &&
		       tracer->timed[at].entered == event->entered;
	}
	return false;
}

static int on_record(void *ctx, void *data, size_t size)
{
	struct tracer *tracer = ctx;
	const __u32 *record = data;

	switch (*record) {
	case ICMPX_RECORD_STACK:
		tracer_names_stack(tracer->catalog, tracer->symbols, data);
		return 0;
	case ICMPX_RECORD_TASK:
		tracer_names_task(tracer->catalog, data);
		return 0;
	case ICMPX_RECORD_EVENT:
		break;
	default:
		return -EBADMSG;
	}
	(void)size;
	if (is_woken_by_timer(tracer, data))
		return 0;
	tracer_names_event(tracer->catalog, tracer->symbols, data);
	return tracer->event(tracer->data, data);
}

static bool has_passed(const struct tracer *tracer, const struct icmpx_packet *packet)
{
	struct icmpx_flow flow;
	__u32 value;

	icmpx_flow_set(&flow, packet);
	return !bpf_map_lookup_elem(bpf_map__fd(tracer->tp->maps.flows), &flow, &value);
}

/* The fast path knows no filter. */
static int on_echo(void *ctx, void *data, size_t size)
{
	const struct tracer *tracer = ctx;
	const struct icmpx_filter *filter = &tracer->filter;
	const struct icmpx_event *event = data;

	if (!filter_packet(filter, &event->packet))
		return 0;
	if ((filter->by_task || filter->ifindex || filter->netns) &&
	    !has_passed(tracer, &event->packet))
		return 0;
	return on_record(ctx, data, size);
}

static void add_why(struct trace_header *header, const char *text, size_t interfaces)
{
	size_t length = strlen(header->why);

	snprintf(header->why + length, sizeof(header->why) - length, "%s%s %zu interface%s",
		 length ? "; " : "", text, interfaces, interfaces == 1 ? "" : "s");
}

/* What the fast path answers is seen by no tracepoint. Without it a trace is still one. */
static void watch_echo(struct tracer *tracer)
{
	if (echo_events_open(&tracer->echo, &tracer->echo_found))
		return;
	echo_events_add(tracer->echo, tracer->ring, on_echo, tracer);
	if (tracer->echo_found.busy)
		add_why(&tracer->header, "another trace has the fast path's replies on",
			tracer->echo_found.busy);
	if (tracer->echo_found.silent)
		add_why(&tracer->header, "an older icmpx does not show its replies on",
			tracer->echo_found.silent);
}

static int refuse(char *why, size_t size, const char *what, int err)
{
	snprintf(why, size, "%s: %s", what, strerror(-err));
	return err;
}

static int load_tp(struct tracer *tracer, const struct tracer_options *options,
		   const struct btf *kernel, char *why, size_t size)
{
	__u64 start = clock_now();
	int err = tracer_tp_open(options, kernel, &tracer->header, &tracer->tp);
	const char *tail = log_verifier_tail();

	if (!err)
		err = trace_tp_bpf__load(tracer->tp);
	if (err && kernel_try(FEATURE_READ_KERNEL) == -EINVAL) {
		snprintf(why, size,
			 "this kernel lets no program read its memory, as with "
			 "lockdown=confidentiality (icmpx doctor)");
		return -EOPNOTSUPP;
	}
	if (err) {
		snprintf(why, size, "cannot load the tracing programs: %s%s%s%s", strerror(-err),
			 caps_memlock(err), *tail ? "\n" : "", tail);
		return err;
	}
	tracer->times.load = clock_now() - start;
	start = clock_now();
	err = trace_tp_bpf__attach(tracer->tp);
	if (err)
		return refuse(why, size, "cannot attach to tracepoints", err);
	tracer->times.attach = clock_now() - start;
	snprintf(tracer->header.backend, sizeof(tracer->header.backend), "tp");
	return 0;
}

static void read_symbols(struct tracer *tracer)
{
	__u64 start = clock_now();
	int err = symbols_read(&tracer->symbols);

	tracer->times.symbols = clock_now() - start;
	if (err)
		snprintf(tracer->header.why, sizeof(tracer->header.why), "no functions: %s",
			 err == -EACCES ? symbols_hidden() : strerror(-err));
}

/* Where it does not work, the tracepoints do, unless this backend was asked for. */
static int load_fn(struct tracer *tracer, const struct tracer_options *options, char *why,
		   size_t size)
{
	char reason[sizeof(tracer->header.why) - 8] = "";
	__u64 start = clock_now();
	int err;

	if (options->backend == BACKEND_TP)
		return 0;
	err = tracer_fn_open(options, tracer->symbols, tracer->tp, &tracer->header, &tracer->fn,
			     reason, sizeof(reason));
	tracer->times.attach += clock_now() - start;
	if (err && options->backend == BACKEND_FN) {
		snprintf(why, size, "backend fn: %s", reason);
		return err == -EPERM ? err : -EOPNOTSUPP;
	}
	if (err && !tracer->header.why[0])
		snprintf(tracer->header.why, sizeof(tracer->header.why), "fn: %s", reason);
	return 0;
}

int tracer_open(const struct tracer_options *options, struct catalog *catalog, struct tracer **out,
		char *why, size_t size)
{
	_cleanup_(tracer) struct tracer *tracer = calloc(1, sizeof(*tracer));
	_cleanup_(btf) struct btf *kernel = NULL;
	int err;

	if (!tracer)
		return refuse(why, size, "cannot trace", -ENOMEM);
	tracer->catalog = catalog;
	tracer->filter = options->filter;
	tracer_describe(&tracer->header, options);
	kernel = btf__load_vmlinux_btf();
	if (!kernel) {
		snprintf(why, size, "this kernel has no BTF (/sys/kernel/btf/vmlinux)");
		return -EOPNOTSUPP;
	}
	err = load_tp(tracer, options, kernel, why, size);
	if (err)
		return err;
	if (options->stacks != ICMPX_STACKS_NEVER || options->backend != BACKEND_TP)
		read_symbols(tracer);
	err = load_fn(tracer, options, why, size);
	if (err)
		return err;
	tracer_fn_names(tracer->fn, catalog);
	tracer_names_syscalls(catalog);
	drop_reasons_read(kernel, catalog);
	tracer->ring =
		ring_buffer__new(bpf_map__fd(tracer->tp->maps.events), on_record, tracer, NULL);
	if (!tracer->ring)
		return refuse(why, size, "cannot map the ring buffer", -errno);
	watch_echo(tracer);
	*out = tracer;
	tracer = NULL;
	return 0;
}

void tracer_close(struct tracer *tracer)
{
	if (!tracer)
		return;
	ring_buffer__free(tracer->ring);
	echo_events_close(tracer->echo);
	tracer_fn_close(tracer->fn);
	trace_tp_bpf__destroy(tracer->tp);
	symbols_free(tracer->symbols);
	free(tracer);
}

int tracer_follow(struct tracer *tracer, __u32 tgid)
{
	__u32 one = 1;

	if (tracer->tp->rodata->config.pidns_inode)
		tgid |= ICMPX_TGID_INNER;

	return bpf_map_update_elem(bpf_map__fd(tracer->tp->maps.tgids), &tgid, &one, BPF_ANY)
		       ? -errno
		       : 0;
}

/* It stops by itself two seconds after the last time, should this process be killed. */
static void renew_echo(struct tracer *tracer)
{
	__u64 time = clock_now();

	if (!tracer->echo_found.watched || time - tracer->renewed < 1000000000)
		return;
	tracer->renewed = time;
	echo_events_renew(tracer->echo);
}

void tracer_start(struct tracer *tracer)
{
	renew_echo(tracer);
	tracer->tp->bss->enabled = 1;
	tracer_fn_enable(tracer->fn, true);
}

void tracer_stop(struct tracer *tracer)
{
	tracer->tp->bss->enabled = 0;
	tracer_fn_enable(tracer->fn, false);
}

int tracer_read(struct tracer *tracer, int (*event)(void *data, const struct icmpx_event *event),
		void *data)
{
	int ret;

	renew_echo(tracer);
	tracer->event = event;
	tracer->data = data;
	ret = ring_buffer__consume(tracer->ring);
	return ret < 0 ? ret : 0;
}

/* The first word of each CPU's state. */
__u64 tracer_lost(const struct tracer *tracer)
{
	size_t size = (bpf_map__value_size(tracer->tp->maps.cpus) + 7) & ~7ul;
	int count = libbpf_num_possible_cpus();
	_cleanup_(free) char *states = count > 0 ? calloc(count, size) : NULL;
	__u64 lost = echo_events_lost(tracer->echo);
	__u32 zero = 0, own;

	if (!states || bpf_map_lookup_elem(bpf_map__fd(tracer->tp->maps.cpus), &zero, states))
		return lost;
	for (int i = 0; i < count; i++) {
		memcpy(&own, states + i * size, sizeof(own));
		lost += own;
	}
	return lost;
}

bool tracer_has_rings(const struct tracer *tracer)
{
	return tracer->echo_found.watched;
}

const struct trace_header *tracer_header(const struct tracer *tracer)
{
	return &tracer->header;
}

void tracer_times(const struct tracer *tracer, struct tracer_times *times)
{
	*times = tracer->times;
}

bool tracer_has_function(void *data, const char *name)
{
	const struct tracer *tracer = data;

	return !tracer->symbols || symbols_lookup(tracer->symbols, name);
}
