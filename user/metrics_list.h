/* SPDX-License-Identifier: GPL-2.0-only */
/* Every metric of `icmpx export`. The one list behind what is written and the check of
 * docs/metrics.md. A name never changes its meaning: dashboards and alerts hold it. */
#ifndef ICMPX_METRICS_LIST_H
#define ICMPX_METRICS_LIST_H

/* clang-format off */
/* X(id, type, family, unit (the family's last word; "": none), labels, help). Samples are the
 * family with _total (COUNTER), _info (INFO), _bucket, _sum and _count (HISTOGRAM), or as it is. */
#define METRICS(X)                                                                                 \
	X(BUILD, INFO, "icmpx_build", "", "version", "The program that answers.")                  \
	X(ATTACHMENTS, GAUGE, "icmpx_attachments", "", "state",                                    \
	  "Interfaces that pins or programs are known of, in all network namespaces.")             \
	X(ATTACHMENT, INFO, "icmpx_attachment", "",                                                \
	  "device, ifindex, netns, state, mode, trust, families, observe, dispatcher, version",    \
	  "An interface of this network namespace that icmpx is attached to.")                     \
	X(ATTACHED, GAUGE, "icmpx_attachment_start_time_seconds", "seconds", "device, ifindex",    \
	  "When it was attached, since the epoch.")                                                \
	X(LEASE, GAUGE, "icmpx_attachment_lease_seconds", "seconds", "device, ifindex",            \
	  "How long a lease holds (--lease).")                                                     \
	X(LIMIT, GAUGE, "icmpx_attachment_limit_frames_per_second", "", "device, ifindex, limit",  \
	  "Echo requests a second from one source (--limit) or of all without a lease "            \
	  "(--limit-new); absent without a limit.")                                                \
	X(UNREADABLE, GAUGE, "icmpx_attachments_unreadable", "", "",                               \
	  "Attachments whose maps could not be read; their series are missing.")                   \
	X(VERDICT_FRAMES, COUNTER, "icmpx_verdict_frames", "frames",                               \
	  "device, ifindex, verdict, action", "What became of the frames that came in.")           \
	X(VERDICT_BYTES, COUNTER, "icmpx_verdict_bytes", "bytes",                                  \
	  "device, ifindex, verdict, action", "Bytes of those frames, Ethernet header included.")  \
	X(LESSON_FRAMES, COUNTER, "icmpx_lesson_frames", "frames", "device, ifindex, lesson",      \
	  "What the learner made of the kernel's echo replies.")                                   \
	X(LESSON_BYTES, COUNTER, "icmpx_lesson_bytes", "bytes", "device, ifindex, lesson",         \
	  "Bytes of those frames, Ethernet header included.")                                      \
	X(LEASES, GAUGE, "icmpx_leases", "", "device, ifindex, family, state",                     \
	  "Flows in the table, by whether they are answered at the driver now.")                   \
	X(LEASE_SLOTS, GAUGE, "icmpx_lease_slots", "", "device, ifindex, family",                  \
	  "Flows that the table has room for.")                                                    \
	X(KERNEL_REQUESTS, COUNTER, "icmpx_kernel_echo_requests", "", "family",                    \
	  "Echo requests that reached the kernel of this network namespace.")                      \
	X(KERNEL_REPLIES, COUNTER, "icmpx_kernel_echo_replies", "", "family",                      \
	  "Echo replies that this kernel made.")                                                   \
	X(KERNEL_LIMITED, COUNTER, "icmpx_kernel_icmp_rate_limited", "", "family, limit",          \
	  "ICMP messages that the kernel's own rate limits held back, where it counts them.")     \
	X(KERNEL_CHECKSUM, COUNTER, "icmpx_kernel_icmp_checksum_errors", "", "family",             \
	  "ICMP messages that the kernel dropped for their checksum.")                             \
	X(TRACE, INFO, "icmpx_trace", "", "backend, method, probes", "The probes of --trace.")     \
	X(TRACE_PINGS, COUNTER, "icmpx_trace_pings", "", "end",                                    \
	  "Pings that were traced, by how they ended.")                                            \
	X(TRACE_EVENTS, COUNTER, "icmpx_trace_events", "", "", "Events of the probes.")            \
	X(TRACE_LOST, COUNTER, "icmpx_trace_lost_events", "", "",                                  \
	  "Events that were lost: their pings are incomplete.")                                    \
	X(PING_SECONDS, HISTOGRAM, "icmpx_trace_ping_duration_seconds", "seconds", "",             \
	  "From a ping's first hop to its last, of those that ended well.")                        \
	X(STAGE_SECONDS, HISTOGRAM, "icmpx_trace_stage_duration_seconds", "seconds",               \
	  "stage, leg, side", "Time that pings spent at a stage of their way.")                    \
	X(COLLECT, GAUGE, "icmpx_export_collect_duration_seconds", "seconds", "",                  \
	  "What it took to read all this from the kernel.")                                        \
	X(ANSWERS, COUNTER, "icmpx_export_http_responses", "", "code", "Answers to HTTP requests.") \
	X(CUT_OFF, COUNTER, "icmpx_export_http_cut_off", "", "",                                   \
	  "Connections that were ended before they had asked and taken the answer.")               \
	X(CPU, COUNTER, "process_cpu_seconds", "seconds", "",                                      \
	  "Processor time of the exporter.")                                                       \
	X(MEMORY, GAUGE, "process_resident_memory_bytes", "bytes", "", "Its memory.")              \
	X(STARTED, GAUGE, "process_start_time_seconds", "seconds", "", "Its start, since the epoch.")

enum metric {
#define X(id, type, family, unit, labels, help) METRIC_##id,
	METRICS(X)
#undef X
	METRIC_MAX,
};
/* clang-format on */

#endif
