// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "record.h"
#include "record_format.h"
#include "record_payload.h"

#define FLAGS_KNOWN (ICMPX_IN_SOFTIRQ | ICMPX_RETURN | ICMPX_CARRIED | ICMPX_FRAGMENT)

/* What a number means in this file. */
struct file_probe {
	char name[64]; /* "": nothing */
	int own;       /* this icmpx's number; -1: unknown to it */
};

struct recording {
	FILE *file;
	struct catalog *catalog;
	const struct record_reader *reader;
	struct record_error *error;
	__u64 offset; /* of this record */
	__u64 events;
	bool has_header, has_end;
	__u32 version;
	__u32 type, length;
	struct file_probe probes[RECORD_PROBES];
	unsigned char record[RECORD_MAX + RECORD_EXTRA]; /* all of it */
	char buffer[RECORD_BUFFER];
};

__attribute__((format(printf, 2, 3))) static int bad(struct recording *recording,
						     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(recording->error->text, sizeof(recording->error->text), format, args);
	va_end(args);
	recording->error->offset = recording->offset;
	return -EBADMSG;
}

static int own_tracepoint(const char *name)
{
	for (int i = 0; i < ICMPX_TP_MAX; i++)
		if (!strcmp(trace_probe_name(i), name))
			return i;
	return -1;
}

static int own_probe(const char *name)
{
	int probe;

	if (!strncmp(name, RECORD_TRACEPOINT, strlen(RECORD_TRACEPOINT)))
		return own_tracepoint(name + strlen(RECORD_TRACEPOINT));
	if (strncmp(name, RECORD_FUNCTION, strlen(RECORD_FUNCTION)))
		return -1;
	probe = trace_probe_lookup(name + strlen(RECORD_FUNCTION));
	return probe >= ICMPX_FN_FIRST ? probe : -1;
}

static void take_probes(struct recording *recording, struct payload *payload)
{
	while (payload->left) {
		unsigned int number = payload_u16(payload);
		struct file_probe *probe;

		if (number >= RECORD_PROBES) {
			payload->wrong = true;
			return;
		}
		probe = &recording->probes[number];
		payload_copy(payload, probe->name, sizeof(probe->name));
		probe->own = own_probe(probe->name);
	}
}

static int read_header(struct recording *recording, struct payload *payload)
{
	struct trace_header header = {0};

	if (recording->has_header)
		return bad(recording, "a second header");
	recording->has_header = true;
	payload_copy(payload, header.kernel, sizeof(header.kernel));
	payload_copy(payload, header.machine, sizeof(header.machine));
	payload_copy(payload, header.version, sizeof(header.version));
	payload_copy(payload, header.backend, sizeof(header.backend));
	payload_copy(payload, header.method, sizeof(header.method));
	payload_copy(payload, header.why, sizeof(header.why));
	payload_copy(payload, header.missing, sizeof(header.missing));
	if (recording->version > 1) {
		payload_copy(payload, header.node, sizeof(header.node));
		payload_copy(payload, header.boot, sizeof(header.boot));
	}
	header.probes = payload_u32(payload);
	header.possible = payload_u32(payload);
	header.stacks = payload_u32(payload);
	header.started = payload_u64(payload);
	header.epoch = (__s64)payload_u64(payload);
	take_probes(recording, payload);
	if (!payload_is_whole(payload) || header.stacks > ICMPX_STACKS_NEVER)
		return bad(recording, "the header is malformed");
	if (header.started > RECORD_TIME_MAX || header.epoch > RECORD_EPOCH_MAX ||
	    header.epoch < -RECORD_TIME_MAX)
		return bad(recording, "the header is of an impossible time");
	return recording->reader->header(recording->reader->data, &header);
}

/* What the catalog says, for record_read(). */
static int catalog_result(struct recording *recording, int err)
{
	return err == -E2BIG ? bad(recording, "more entries than a recording can have") : err;
}

static int read_path(struct recording *recording, struct payload *payload)
{
	struct path_frame frames[ICMPX_STACK_MAX];
	__u32 id = payload_u32(payload);
	__u32 count = payload_u32(payload);

	if (count > ICMPX_STACK_MAX)
		return bad(recording, "call path of %u frames", count);
	for (__u32 i = 0; i < count; i++) {
		frames[i].offset = payload_u32(payload);
		frames[i].name = payload_string(payload, CATALOG_NAME_MAX + 1);
	}
	if (!payload_is_whole(payload))
		return bad(recording, "a call path is malformed");
	return catalog_result(recording, catalog_set_path(recording->catalog, id, frames, count));
}

static int read_name(struct recording *recording, struct payload *payload)
{
	__u32 kind = payload_u32(payload);
	__u64 key = payload_u64(payload);
	const char *text = payload_string(payload, CATALOG_NAME_MAX + 1);

	if (!payload_is_whole(payload))
		return bad(recording, "a name is malformed");
	if (kind >= NAME_KIND_MAX)
		return bad(recording, "name of unknown kind %u", kind);
	if (kind == NAME_FUNCTION) {
		/* Unless an event uses it, a probe that is not known here does no harm. */
		if (key >= RECORD_PROBES || recording->probes[key].own < 0)
			return 0;
		key = recording->probes[key].own;
	}
	return catalog_result(recording, catalog_set_name(recording->catalog, kind, key, text));
}

/* Puts in this icmpx's number. */
static int translate_probe(struct recording *recording, struct icmpx_event *event)
{
	const struct file_probe *probe;

	if (event->probe >= RECORD_PROBES || !recording->probes[event->probe].name[0])
		return bad(recording, "event of probe %u, which the header does not name",
			   event->probe);
	probe = &recording->probes[event->probe];
	if (probe->own < 0)
		return bad(recording, "event of probe %s, which this icmpx does not know",
			   probe->name);
	event->probe = probe->own;
	return 0;
}

/* So that nobody behind has to ask. */
static int check_event(struct recording *recording, const struct icmpx_event *event)
{
	const struct icmpx_packet *packet = &event->packet;

	if (event->record != ICMPX_RECORD_EVENT)
		return bad(recording, "event that says it is a record of type %u", event->record);
	if (packet->family && packet->family != 4 && packet->family != 6)
		return bad(recording, "event with a packet of family %u", packet->family);
	if (packet->kind >= ICMPX_KIND_MAX)
		return bad(recording, "event with a packet of unknown kind %u", packet->kind);
	if (event->flags & ~FLAGS_KNOWN)
		return bad(recording, "event with unknown flags %#x", event->flags);
	if (event->time > RECORD_TIME_MAX || event->entered > RECORD_TIME_MAX)
		return bad(recording, "event at an impossible time");
	return 0;
}

static int read_event(struct recording *recording, struct payload *payload)
{
	struct icmpx_event event = {};
	int err;

	payload_take(payload, &event, sizeof(event) - (recording->version > 1 ? 0 : RECORD_COOKIE));
	if (!payload_is_whole(payload))
		return bad(recording, "an event is malformed");
	record_event_order(&event);
	err = check_event(recording, &event);
	if (!err)
		err = translate_probe(recording, &event);
	if (err)
		return err;
	recording->events++;
	return recording->reader->event(recording->reader->data, &event);
}

static int read_end(struct recording *recording, struct payload *payload)
{
	__u64 events = payload_u64(payload);
	__u64 ended = recording->version > 1 ? payload_u64(payload) : 0;

	if (!payload_is_whole(payload) || ended > RECORD_TIME_MAX)
		return bad(recording, "the end mark is malformed");
	if (events != recording->events)
		return bad(recording, "the end mark counts %llu events, the file has %llu", events,
			   recording->events);
	recording->has_end = true;
	if (recording->reader->end && ended)
		recording->reader->end(recording->reader->data, ended);
	return 0;
}

static int read_payload(struct recording *recording)
{
	struct payload payload = {.at = recording->record + 8, .left = recording->length};

	if (!recording->has_header && recording->type != RECORD_HEADER)
		return bad(recording, "no header before it");
	switch (recording->type) {
	case RECORD_HEADER:
		return read_header(recording, &payload);
	case RECORD_PATH:
		return read_path(recording, &payload);
	case RECORD_NAME:
		return read_name(recording, &payload);
	case RECORD_EVENT:
		return read_event(recording, &payload);
	case RECORD_END:
		return read_end(recording, &payload);
	}
	return bad(recording, "record of unknown type %u", recording->type);
}

/* Bytes, less than `size` only at the end of the file; or a negative errno. */
static ssize_t read_bytes(struct recording *recording, void *to, size_t size)
{
	size_t got = fread_unlocked(to, 1, size, recording->file);

	return got < size && ferror_unlocked(recording->file) ? -errno : (ssize_t)got;
}

/* All of it, or -EBADMSG. */
static int read_rest(struct recording *recording, void *to, size_t size)
{
	ssize_t got = read_bytes(recording, to, size);

	if (got < 0)
		return (int)got;
	return (size_t)got < size ? bad(recording, "cut off in the middle of a record") : 0;
}

static __u32 u32_at(const unsigned char *at)
{
	__u32 value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

/* The record, whose first byte is there, into recording->record. */
static int read_record(struct recording *recording)
{
	unsigned char *record = recording->record;
	int err = read_rest(recording, record + 1, 7);

	if (err)
		return err;
	recording->type = u32_at(record);
	recording->length = u32_at(record + 4);
	if (recording->length > RECORD_MAX)
		return bad(recording, "record of %u bytes", recording->length);
	err = read_rest(recording, record + 8, recording->length + 4);
	if (err)
		return err;
	if (crc32(0, record, 8 + recording->length) != u32_at(record + 8 + recording->length))
		return bad(recording, "checksum is wrong");
	return 0;
}

static int read_records(struct recording *recording)
{
	int err;

	for (;;) {
		ssize_t got = read_bytes(recording, recording->record, 1);

		if (got < 0)
			return (int)got;
		if (!got)
			break;
		if (recording->has_end)
			return bad(recording, "more behind the end mark");
		err = read_record(recording);
		if (!err)
			err = read_payload(recording);
		if (err)
			return err;
		recording->offset += RECORD_EXTRA + recording->length;
	}
	return recording->has_end ? 0 : bad(recording, "cut off: no end mark");
}

static int read_magic(struct recording *recording)
{
	const size_t size = strlen(RECORD_MAGIC);
	unsigned char head[12];
	ssize_t got = read_bytes(recording, head, sizeof(head));

	if (got < 0)
		return (int)got;
	if (!got || memcmp(head, RECORD_MAGIC, (size_t)got < size ? (size_t)got : size))
		return bad(recording, "not an icmpx recording");
	if ((size_t)got < sizeof(head))
		return bad(recording, "cut off in the middle of the format version");
	recording->version = u32_at(head + size);
	if (recording->version < RECORD_OLDEST || recording->version > RECORD_VERSION)
		return bad(recording, "format version %u, this icmpx reads %u to %u",
			   recording->version, RECORD_OLDEST, RECORD_VERSION);
	recording->offset = sizeof(head);
	return 0;
}

int record_read_stream(FILE *file, struct catalog *catalog, const struct record_reader *reader,
		       struct record_error *error)
{
	struct recording *recording = calloc(1, sizeof(*recording));
	int err;

	*error = (struct record_error){0};
	if (!recording) {
		fclose(file);
		return -ENOMEM;
	}
	recording->catalog = catalog;
	recording->reader = reader;
	recording->error = error;
	recording->file = file;
	setvbuf(file, recording->buffer, _IOFBF, sizeof(recording->buffer));
	err = read_magic(recording);
	if (!err)
		err = read_records(recording);
	fclose(file);
	free(recording);
	return err;
}

int record_read(const char *path, struct catalog *catalog, const struct record_reader *reader,
		struct record_error *error)
{
	FILE *file = fopen(path, "re");

	*error = (struct record_error){0};
	return file ? record_read_stream(file, catalog, reader, error) : -errno;
}
