/* SPDX-License-Identifier: GPL-2.0-only */
/* Recordings made by hand, byte by byte, from docs/trace-schema.md, "File format". */
#ifndef ICMPX_RECORD_FILE_H
#define ICMPX_RECORD_FILE_H

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "record.h"

/* Of the format: records' types. */
enum { FILE_HEADER = 1, FILE_PATH, FILE_NAME, FILE_EVENT, FILE_END };

struct bytes {
	unsigned char data[1 << 19];
	size_t size;
};

static inline void add(struct bytes *bytes, const void *data, size_t size)
{
	assert_true(bytes->size + size <= sizeof(bytes->data));
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
}

/* Little endian, of so many bytes. */
static inline void add_number(struct bytes *bytes, uint64_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		add(bytes, &(unsigned char){number >> 8 * i}, 1);
}

static inline uint64_t number_at(const unsigned char *at, size_t size)
{
	uint64_t number = 0;

	while (size--)
		number = number << 8 | at[size];
	return number;
}

static inline void add_text(struct bytes *bytes, const char *text)
{
	add(bytes, text, strlen(text) + 1);
}

/* CRC-32 of IEEE 802.3, bit by bit. */
static inline uint32_t crc_of(const unsigned char *data, size_t size)
{
	uint32_t crc = ~0U;

	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static inline size_t add_begin(struct bytes *bytes, uint32_t type)
{
	size_t start = bytes->size;

	add_number(bytes, type, 4);
	add_number(bytes, 0, 4);
	return start;
}

static inline void add_finish(struct bytes *bytes, size_t start)
{
	size_t length = bytes->size - start - 8;

	for (size_t i = 0; i < 4; i++)
		bytes->data[start + 4 + i] = length >> 8 * i;
	add_number(bytes, crc_of(bytes->data + start, length + 8), 4);
}

/* Of the format. */
static unsigned int file_version = 2;

static inline void add_magic(struct bytes *bytes)
{
	bytes->size = 0;
	add(bytes, "icmpxrec", 8);
	add_number(bytes, file_version, 4);
}

/* The payload up to the table of probes. */
static inline void add_header_fields(struct bytes *bytes)
{
	add_text(bytes, "6.1.0-13-amd64");
	add_text(bytes, "x86_64");
	add_text(bytes, "0.1.0");
	add_text(bytes, "tp");
	add_text(bytes, "");
	add_text(bytes, "kprobe: EPERM");
	add_text(bytes, "icmp_send netif_rx");
	if (file_version > 1) {
		add_text(bytes, "a.example");
		add_text(bytes, "6c8d9f5e-0b1a-4a53-9d7e-3f2a1b4c5d6e");
	}
	add_number(bytes, 20, 4);
	add_number(bytes, 22, 4);
	add_number(bytes, 1, 4);
	add_number(bytes, 123456789012, 8);
	add_number(bytes, (uint64_t)-5, 8);
}

static inline void add_probe(struct bytes *bytes, unsigned int number, const char *name)
{
	add_number(bytes, number, 2);
	add_text(bytes, name);
}

/* Magic and a header whose numbers are not this icmpx's. */
static inline void add_head(struct bytes *bytes)
{
	size_t start;

	add_magic(bytes);
	start = add_begin(bytes, FILE_HEADER);
	add_header_fields(bytes);
	add_probe(bytes, 7, "fn:icmp_rcv");
	add_probe(bytes, 8, "tp:consume_skb");
	add_probe(bytes, 9, "fn:consume_skb");
	add_probe(bytes, 10, "fn:of_the_future");
	add_probe(bytes, 11, "fn:raw_init"); /* an older name of raw_sk_init */
	add_probe(bytes, 12, "tp:icmp_rcv"); /* there is only a function of that name */
	add_probe(bytes, 13, "fn:sys_exit"); /* there is only a tracepoint of that name */
	add_probe(bytes, 14, "up:user\33");
	add_finish(bytes, start);
}

static inline void add_event(struct bytes *bytes, unsigned int probe)
{
	size_t start = add_begin(bytes, FILE_EVENT);

	add_number(bytes, 1, 4); /* record */
	add_number(bytes, probe, 2);
	add_number(bytes, 3, 2);                  /* cpu */
	add_number(bytes, 0x0102030405060708, 8); /* time */
	add_number(bytes, 0xffff888011111111, 8); /* skb */
	add_number(bytes, 0xffff888022222222, 8); /* head */
	add_number(bytes, 0xffff888033333333, 8); /* sk */
	add_number(bytes, 4000, 4);               /* tgid */
	add_number(bytes, 4001, 4);               /* tid */
	add_number(bytes, 4026531840, 4);         /* netns */
	add_number(bytes, 2, 4);                  /* ifindex */
	add_number(bytes, 0xabcdef01, 4);         /* stack */
	add_number(bytes, 17, 4);                 /* lost */
	add_number(bytes, 5, 2);                  /* flags: in softirq, carried */
	add_number(bytes, 0xffff, 2);             /* syscall: -1 */
	add_number(bytes, 6, 4);                  /* fd */
	add_number(bytes, 0x0102030405060707, 8); /* entered */
	add_number(bytes, 0xffffffff81234567, 8); /* detail */
	add_number(bytes, 60, 8);
	add(bytes, "\4\1\10\0\1\100", 6); /* IPv4, request, type 8 code 0, ICMP, TTL 64 */
	add_number(bytes, 84, 2);
	add(bytes, "\x12\x34\x00\x01", 4); /* id, seq: as on the wire */
	add(bytes, "\0\0\xbe\xef", 4);     /* ip_id */
	add(bytes, "\12\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	add(bytes, "\12\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	add(bytes, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(bytes->size - start, 8 + 160);
	if (file_version > 1)
		add(bytes, "\0\1\2\3\4\5\6\7", 8); /* cookie: as on the wire */
	add_finish(bytes, start);
}

static inline void add_path(struct bytes *bytes, unsigned int id, unsigned int count)
{
	size_t start = add_begin(bytes, FILE_PATH);

	add_number(bytes, id, 4);
	add_number(bytes, count, 4);
	for (unsigned int i = 0; i < count; i++) {
		add_number(bytes, 0x10 + i, 4);
		add_text(bytes, i ? "ip_protocol_deliver_rcu" : "icmp_rcv");
	}
	add_finish(bytes, start);
}

static inline void add_name(struct bytes *bytes, unsigned int kind, uint64_t key, const char *text)
{
	size_t start = add_begin(bytes, FILE_NAME);

	add_number(bytes, kind, 4);
	add_number(bytes, key, 8);
	add_text(bytes, text);
	add_finish(bytes, start);
}

static inline void add_end(struct bytes *bytes, uint64_t events)
{
	size_t start = add_begin(bytes, FILE_END);

	add_number(bytes, events, 8);
	if (file_version > 1)
		add_number(bytes, 0x0102030405060709, 8);
	add_finish(bytes, start);
}

/* A file in memory; its path, to be opened anew each time. */
struct memory_file {
	int fd;
	char path[32];
};

static inline struct memory_file memory_file_new(void)
{
	struct memory_file file = {.fd = memfd_create("recording", MFD_CLOEXEC)};

	assert_true(file.fd >= 0);
	snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.fd);
	return file;
}

static inline void memory_file_write(const struct memory_file *file, const void *data, size_t size)
{
	assert_int_equal(pwrite(file->fd, data, size, 0), size);
	assert_int_equal(ftruncate(file->fd, (off_t)size), 0);
}

static inline void memory_file_read(const struct memory_file *file, struct bytes *bytes)
{
	ssize_t size = pread(file->fd, bytes->data, sizeof(bytes->data), 0);

	assert_true(size >= 0 && (size_t)size < sizeof(bytes->data));
	bytes->size = (size_t)size;
}

/* The one that add_header_fields() writes. */
static inline struct trace_header sample_header(void)
{
	return (struct trace_header){
		.kernel = "6.1.0-13-amd64",
		.machine = "x86_64",
		.version = "0.1.0",
		.backend = "tp",
		.why = "kprobe: EPERM",
		.missing = "icmp_send netif_rx",
		.node = "a.example",
		.boot = "6c8d9f5e-0b1a-4a53-9d7e-3f2a1b4c5d6e",
		.probes = 20,
		.possible = 22,
		.stacks = ICMPX_STACKS_ALWAYS,
		.started = 123456789012,
		.epoch = -5,
	};
}

/* The one that add_event() writes. */
static inline struct icmpx_event sample_event(unsigned int probe)
{
	return (struct icmpx_event){
		.record = ICMPX_RECORD_EVENT,
		.probe = probe,
		.cpu = 3,
		.time = 0x0102030405060708,
		.skb = 0xffff888011111111,
		.head = 0xffff888022222222,
		.sk = 0xffff888033333333,
		.tgid = 4000,
		.tid = 4001,
		.netns = 4026531840,
		.ifindex = 2,
		.stack = 0xabcdef01,
		.lost = 17,
		.flags = ICMPX_IN_SOFTIRQ | ICMPX_CARRIED,
		.syscall = -1,
		.fd = 6,
		.entered = 0x0102030405060707,
		.detail = {0xffffffff81234567, 60},
		.packet =
			{
				.family = 4,
				.kind = ICMPX_KIND_REQUEST,
				.type = 8,
				.protocol = 1,
				.ttl = 64,
				.bytes = 84,
				.id = htons(0x1234),
				.seq = htons(1),
				.ip_id = htonl(0xbeef),
				.source = {10, 0, 0, 1},
				.destination = {10, 0, 0, 2},
			},
		.cookie = le64toh(0x0706050403020100),
	};
}

/* What a reader is given. */
struct got {
	int headers;
	struct trace_header header;
	size_t count;
	struct icmpx_event first, last;
	__u64 ended;
	int stop_at; /* the event at which it wants no more */
};

static inline int got_header(void *data, const struct trace_header *header)
{
	struct got *got = data;

	got->headers++;
	got->header = *header;
	return 0;
}

static inline int got_event(void *data, const struct icmpx_event *event)
{
	struct got *got = data;

	if (!got->count++)
		got->first = *event;
	got->last = *event;
	return got->stop_at && got->count == (size_t)got->stop_at ? 42 : 0;
}

static inline void got_end(void *data, __u64 ended)
{
	((struct got *)data)->ended = ended;
}

static inline int read_path(const char *path, struct catalog *catalog, struct got *got,
			    struct record_error *error)
{
	const struct record_reader reader = {got_header, got_event, got, got_end};

	return record_read(path, catalog, &reader, error);
}

static inline int read_bytes(const struct bytes *bytes, struct got *got, struct record_error *error)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct memory_file file = memory_file_new();
	int err;

	memory_file_write(&file, bytes->data, bytes->size);
	err = read_path(file.path, catalog, got, error);
	close(file.fd);
	return err;
}

#endif
