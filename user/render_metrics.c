// SPDX-License-Identifier: GPL-2.0-only
#include "export_data.h"
#include "util.h"

static const char *const family_names[] = {"ipv4", "ipv6"};

static void add_label(struct metric_labels *labels, const char *name, const char *value)
{
	if (labels->count < METRIC_LABELS)
		labels->list[labels->count++] = (struct metric_label){name, value};
}

struct number_text {
	char text[24];
};

/* Those of every series of an interface. `ifindex` keeps its text. */
static void interface_labels(struct metric_labels *labels, const struct export_interface *interface,
			     struct number_text *ifindex)
{
	snprintf(ifindex->text, sizeof(ifindex->text), "%u", interface->attachment.dir.ifindex);
	labels->count = 0;
	add_label(labels, "device", interface->attachment.ifname);
	add_label(labels, "ifindex", ifindex->text);
}

/* --- attachments -------------------------------------------------------------- */

static void attachment_info(struct metrics *metrics, const struct export_interface *interface)
{
	const struct attachment *a = &interface->attachment;
	const struct icmpx_config *config = &a->config;
	struct number_text ifindex = {}, netns;
	struct metric_labels labels;

	interface_labels(&labels, interface, &ifindex);
	snprintf(netns.text, sizeof(netns.text), "%llu", a->dir.netns);
	add_label(&labels, "netns", netns.text);
	add_label(&labels, "state", xdp_state_name(a->state));
	add_label(&labels, "mode", xdp_mode_name(a->mode));
	add_label(&labels, "trust", xdp_trust_name(config));
	add_label(&labels, "families",
		  config->families == ICMPX_IPV4   ? "ipv4"
		  : config->families == ICMPX_IPV6 ? "ipv6"
						   : "ipv4,ipv6");
	add_label(&labels, "observe", config->observe ? "true" : "false");
	add_label(&labels, "dispatcher", a->dispatcher ? "true" : "false");
	add_label(&labels, "version", config->version);
	metrics_number(metrics, &labels, 1);
}

static void attachment_start(struct metrics *metrics, const struct export_interface *interface)
{
	struct metric_labels labels;
	struct number_text ifindex = {};

	interface_labels(&labels, interface, &ifindex);
	metrics_number(metrics, &labels, interface->attachment.config.attached);
}

static void attachment_lease(struct metrics *metrics, const struct export_interface *interface)
{
	struct metric_labels labels;
	struct number_text ifindex = {};

	interface_labels(&labels, interface, &ifindex);
	metrics_number(metrics, &labels, interface->attachment.config.lease_s);
}

static void attachment_limits(struct metrics *metrics, const struct export_interface *interface)
{
	const struct icmpx_config *config = &interface->attachment.config;
	const struct {
		const char *name;
		__u32 pps;
	} limits[] = {{"source", config->limit_pps}, {"new", config->limit_new_pps}};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct metric_labels labels;
		struct number_text ifindex = {};

		if (!limits[i].pps)
			continue;
		interface_labels(&labels, interface, &ifindex);
		add_label(&labels, "limit", limits[i].name);
		metrics_number(metrics, &labels, limits[i].pps);
	}
}

/* --- counters and leases --------------------------------------------------------- */

static const struct counter_name {
	const char *name;
	const char *action; /* NULL: a lesson */
} counter_names[COUNTER_MAX] = {
#define X(id, verdict_action, title, text) [ICMPX_##id] = {title, #verdict_action},
	ICMPX_VERDICTS(X)
#undef X
#define X(id, title, text) [COUNTER_LESSONS + ICMPX_##id] = {title, NULL},
		ICMPX_LESSONS(X)
#undef X
};

static void counter_samples(struct metrics *metrics, const struct export_interface *interface,
			    int from, int to, bool bytes)
{
	for (int i = from; i < to; i++) {
		const struct icmpx_counter *sum = &interface->counters->sum[i];
		struct metric_labels labels;
		struct number_text ifindex = {};

		interface_labels(&labels, interface, &ifindex);
		add_label(&labels, counter_names[i].action ? "verdict" : "lesson",
			  counter_names[i].name);
		if (counter_names[i].action)
			add_label(&labels, "action", counter_names[i].action);
		metrics_number(metrics, &labels, bytes ? sum->bytes : sum->packets);
	}
}

static void verdict_frames(struct metrics *metrics, const struct export_interface *interface)
{
	counter_samples(metrics, interface, 0, COUNTER_LESSONS, false);
}

static void verdict_bytes(struct metrics *metrics, const struct export_interface *interface)
{
	counter_samples(metrics, interface, 0, COUNTER_LESSONS, true);
}

static void lesson_frames(struct metrics *metrics, const struct export_interface *interface)
{
	counter_samples(metrics, interface, COUNTER_LESSONS, COUNTER_MAX, false);
}

static void lesson_bytes(struct metrics *metrics, const struct export_interface *interface)
{
	counter_samples(metrics, interface, COUNTER_LESSONS, COUNTER_MAX, true);
}

static void lease_sample(struct metrics *metrics, const struct export_interface *interface,
			 int family, const char *state, size_t count)
{
	struct metric_labels labels;
	struct number_text ifindex = {};

	interface_labels(&labels, interface, &ifindex);
	add_label(&labels, "family", family_names[family]);
	if (state)
		add_label(&labels, "state", state);
	metrics_number(metrics, &labels, count);
}

static void leases(struct metrics *metrics, const struct export_interface *interface)
{
	for (int family = 0; family < FAMILY_MAX; family++) {
		lease_sample(metrics, interface, family, "valid", interface->valid[family]);
		lease_sample(metrics, interface, family, "expired", interface->expired[family]);
	}
}

static void lease_slots(struct metrics *metrics, const struct export_interface *interface)
{
	for (int family = 0; family < FAMILY_MAX; family++)
		lease_sample(metrics, interface, family, NULL, ICMPX_SETS * ICMPX_WAYS);
}

static void interfaces(struct metrics *metrics, const struct export_data *data)
{
	static const struct {
		enum metric family;
		void (*samples)(struct metrics *metrics, const struct export_interface *interface);
	} families[] = {
		{METRIC_ATTACHMENT, attachment_info},
		{METRIC_ATTACHED, attachment_start},
		{METRIC_LEASE, attachment_lease},
		{METRIC_LIMIT, attachment_limits},
		{METRIC_VERDICT_FRAMES, verdict_frames},
		{METRIC_VERDICT_BYTES, verdict_bytes},
		{METRIC_LESSON_FRAMES, lesson_frames},
		{METRIC_LESSON_BYTES, lesson_bytes},
		{METRIC_LEASES, leases},
		{METRIC_LEASE_SLOTS, lease_slots},
	};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		metrics_family(metrics, families[i].family);
		for (size_t j = 0; j < data->count; j++)
			families[i].samples(metrics, &data->interfaces[j]);
	}
}

/* --- the whole ------------------------------------------------------------------- */

static void one_label(struct metrics *metrics, const char *name, const char *value, __u64 number)
{
	const struct metric_labels labels = {.list = {{name, value}}, .count = 1};

	metrics_number(metrics, &labels, number);
}

static void program(struct metrics *metrics, const struct export_data *data)
{
	metrics_family(metrics, METRIC_BUILD);
	one_label(metrics, "version", ICMPX_VERSION, 1);
	metrics_family(metrics, METRIC_ATTACHMENTS);
	for (int i = 0; i < STATE_MAX; i++)
		one_label(metrics, "state", xdp_state_name(i), data->states[i]);
	metrics_family(metrics, METRIC_UNREADABLE);
	metrics_number(metrics, NULL, data->unreadable);
}

static void limited(struct metrics *metrics, const char *family, const struct echo_snmp *echo)
{
	struct metric_labels labels = {.list = {{"family", family}, {"limit", "host"}}, .count = 2};

	if (echo->has_limited_host)
		metrics_number(metrics, &labels, echo->limited_host);
	labels.list[1].value = "global";
	if (echo->has_limited_global)
		metrics_number(metrics, &labels, echo->limited_global);
}

static void kernel(struct metrics *metrics, const struct snmp *snmp)
{
	const struct echo_snmp *echoes[] = {&snmp->v4, &snmp->v6};
	int count = snmp->v6.known ? FAMILY_MAX : 1;

	metrics_family(metrics, METRIC_KERNEL_REQUESTS);
	for (int i = 0; i < count; i++)
		one_label(metrics, "family", family_names[i], echoes[i]->in_echos);
	metrics_family(metrics, METRIC_KERNEL_REPLIES);
	for (int i = 0; i < count; i++)
		one_label(metrics, "family", family_names[i], echoes[i]->out_replies);
	metrics_family(metrics, METRIC_KERNEL_LIMITED);
	for (int i = 0; i < count; i++)
		limited(metrics, family_names[i], echoes[i]);
	metrics_family(metrics, METRIC_KERNEL_CHECKSUM);
	for (int i = 0; i < count; i++)
		one_label(metrics, "family", family_names[i], echoes[i]->checksum_errors);
}

static void server(struct metrics *metrics, const struct export_self *self)
{
	metrics_family(metrics, METRIC_ANSWERS);
	for (size_t i = 0; i < self->answer_count; i++) {
		char code[16];
		const struct metric_labels labels = {.list = {{"code", code}}, .count = 1};

		snprintf(code, sizeof(code), "%u", self->answers[i].code);
		metrics_number(metrics, &labels, self->answers[i].count);
	}
	metrics_family(metrics, METRIC_CUT_OFF);
	metrics_number(metrics, NULL, self->cut_off);
	metrics_family(metrics, METRIC_CPU);
	metrics_real(metrics, NULL, self->cpu);
	metrics_family(metrics, METRIC_MEMORY);
	metrics_number(metrics, NULL, self->memory);
	metrics_family(metrics, METRIC_STARTED);
	metrics_real(metrics, NULL, self->started);
}

void render_metrics(FILE *out, enum metrics_format format, const struct export_data *data,
		    const struct export_trace *trace, const struct export_self *self)
{
	struct metrics metrics = {.out = out, .format = format};

	program(&metrics, data);
	interfaces(&metrics, data);
	kernel(&metrics, &data->kernel);
	if (trace)
		render_metrics_trace(&metrics, trace);
	metrics_family(&metrics, METRIC_COLLECT);
	metrics_real(&metrics, NULL, data->seconds);
	if (self)
		server(&metrics, self);
	metrics_end(&metrics);
}
