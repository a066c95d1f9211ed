// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "private_file.h"
#include "record.h"
#include "record_format.h"

struct record_writer {
	int fd;
	int error; /* the first one, negative; 0: none */
	__u64 events;
	__u64 ended; /* 0: unknown */
	struct catalog *catalog;
	size_t used;
	unsigned char buffer[RECORD_BUFFER];
};

static void writer_flush(struct record_writer *writer)
{
	size_t done = 0;

	while (!writer->error && done < writer->used) {
		ssize_t n = write(writer->fd, writer->buffer + done, writer->used - done);

		if (n >= 0)
			done += n;
		else if (errno != EINTR)
			writer->error = -errno;
	}
	writer->used = 0;
}

static void put(struct record_writer *writer, const void *data, size_t length)
{
	memcpy(writer->buffer + writer->used, data, length);
	writer->used += length;
}

static void put_u16(struct record_writer *writer, __u16 value)
{
	__u16 ordered = htole16(value);

	put(writer, &ordered, sizeof(ordered));
}

static void put_u32(struct record_writer *writer, __u32 value)
{
	__u32 ordered = htole32(value);

	put(writer, &ordered, sizeof(ordered));
}

static void put_u64(struct record_writer *writer, __u64 value)
{
	__u64 ordered = htole64(value);

	put(writer, &ordered, sizeof(ordered));
}

static void put_string(struct record_writer *writer, const char *text)
{
	put(writer, text, strlen(text) + 1);
}

/* Makes room for `most` bytes of payload. Returns where the record begins in the buffer. */
static size_t record_begin(struct record_writer *writer, enum record_type type, size_t most)
{
	size_t start;

	if (writer->used + most + RECORD_EXTRA > sizeof(writer->buffer))
		writer_flush(writer);
	start = writer->used;
	put_u32(writer, type);
	put_u32(writer, 0); /* the length, known at the end */
	return start;
}

static void record_end(struct record_writer *writer, size_t start)
{
	unsigned char *record = writer->buffer + start;
	__u32 length = htole32(writer->used - start - 8);

	memcpy(record + 4, &length, sizeof(length));
	put_u32(writer, crc32(0, record, writer->used - start));
}

static void write_path(void *data, const struct path *path)
{
	struct record_writer *writer = data;
	size_t start = record_begin(writer, RECORD_PATH, RECORD_MAX);

	put_u32(writer, path->id);
	put_u32(writer, path->count);
	for (__u32 i = 0; i < path->count; i++) {
		put_u32(writer, path->frames[i].offset);
		put_string(writer, path->frames[i].name);
	}
	record_end(writer, start);
}

static void write_name(void *data, enum name_kind kind, __u64 key, const char *text)
{
	struct record_writer *writer = data;
	size_t start = record_begin(writer, RECORD_NAME, RECORD_MAX);

	put_u32(writer, kind);
	put_u64(writer, key);
	put_string(writer, text);
	record_end(writer, start);
}

/* What the numbers of probes mean here; in other versions of icmpx they mean others. */
static void put_probes(struct record_writer *writer)
{
	for (unsigned int i = 0; i < ICMPX_PROBE_MAX; i++) {
		const char *name = trace_probe_name(i);
		const char *group = i < ICMPX_FN_FIRST ? RECORD_TRACEPOINT : RECORD_FUNCTION;

		if (!name)
			continue;
		put_u16(writer, i);
		put(writer, group, strlen(group));
		put_string(writer, name);
	}
}

static void write_header(struct record_writer *writer, const struct trace_header *header)
{
	size_t start = record_begin(writer, RECORD_HEADER, RECORD_MAX);

	put_string(writer, header->kernel);
	put_string(writer, header->machine);
	put_string(writer, header->version);
	put_string(writer, header->backend);
	put_string(writer, header->method);
	put_string(writer, header->why);
	put_string(writer, header->missing);
	put_string(writer, header->node);
	put_string(writer, header->boot);
	put_u32(writer, header->probes);
	put_u32(writer, header->possible);
	put_u32(writer, header->stacks);
	put_u64(writer, header->started);
	put_u64(writer, header->epoch);
	put_probes(writer);
	record_end(writer, start);
}

int record_create(const char *path, const struct trace_header *header, struct catalog *catalog,
		  struct record_writer **writer)
{
	_cleanup_(free) struct record_writer *new = malloc(sizeof(*new));
	struct catalog_listener listener = {.path = write_path, .name = write_name, .data = new};

	if (!new)
		return -ENOMEM;
	new->error = 0;
	new->events = 0;
	new->ended = 0;
	new->used = 0;
	new->catalog = catalog;
	/* The owner's alone: it has addresses of kernel memory. */
	new->fd = private_file_open(path);
	if (new->fd < 0)
		return new->fd;
	put(new, RECORD_MAGIC, strlen(RECORD_MAGIC));
	put_u32(new, RECORD_VERSION);
	write_header(new, header);
	/* At once: a file that cannot be written is to be known before the trace begins. */
	writer_flush(new);
	if (new->error) {
		close(new->fd);
		return new->error;
	}
	catalog_listen(catalog, &listener);
	*writer = new;
	new = NULL;
	return 0;
}

int record_event(struct record_writer *writer, const struct icmpx_event *event)
{
	struct icmpx_event ordered = *event;
	size_t start;

	if (writer->error)
		return writer->error;
	start = record_begin(writer, RECORD_EVENT, sizeof(ordered));
	record_event_order(&ordered);
	put(writer, &ordered, sizeof(ordered));
	record_end(writer, start);
	writer->events++;
	return writer->error;
}

void record_ended(struct record_writer *writer, __u64 time)
{
	writer->ended = time;
}

int record_close(struct record_writer *writer)
{
	size_t start = record_begin(writer, RECORD_END, 2 * sizeof(__u64));
	int err;

	put_u64(writer, writer->events);
	put_u64(writer, writer->ended);
	record_end(writer, start);
	writer_flush(writer);
	if (close(writer->fd) && !writer->error)
		writer->error = -errno;
	err = writer->error;
	catalog_listen(writer->catalog, NULL);
	free(writer);
	return err;
}
