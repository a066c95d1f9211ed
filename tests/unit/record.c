// SPDX-License-Identifier: GPL-2.0-only
/* What is written, against bytes made by hand; what is read from such bytes; whole files. */
#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "record_file.h"

static struct bytes made, written;

/* --- the format ------------------------------------------------------------ */

static void crc_is_the_usual_one(void **state)
{
	(void)state;
	assert_int_equal(crc_of((const unsigned char *)"123456789", 9), 0xcbf43926);
}

/* The writer's table of probes, in which an event's number must be found. */
static const char *probe_in_table(const unsigned char *at, const unsigned char *end,
				  unsigned int probe)
{
	while (at < end) {
		const char *name = (const char *)at + 2;

		if (number_at(at, 2) == probe)
			return name;
		at += 2 + strlen(name) + 1;
	}
	return NULL;
}

static void write_sample(const struct memory_file *file)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct path_frame frames[] = {
		{.name = "icmp_rcv", .offset = 0x10},
		{.name = "ip_protocol_deliver_rcu", .offset = 0x11},
	};
	const struct icmpx_event event = sample_event(ICMPX_TP_CONSUME);
	const struct trace_header header = sample_header();
	struct record_writer *writer;

	catalog_set_name(catalog, NAME_TASK, 1, "from before");
	assert_int_equal(record_create(file->path, &header, catalog, &writer), 0);
	catalog_set_path(catalog, 0xabcdef01, frames, 2);
	catalog_set_name(catalog, NAME_DEVICE, 0xf000000000000002, "eth0");
	assert_int_equal(record_event(writer, &event), 0);
	record_ended(writer, 0x0102030405060709);
	assert_int_equal(record_close(writer), 0);
	catalog_set_name(catalog, NAME_TASK, 1, "from after");
}

static void written_bytes(void **state)
{
	struct memory_file file = memory_file_new();
	size_t at, table, length;

	(void)state;
	write_sample(&file);
	memory_file_read(&file, &written);
	close(file.fd);

	add_magic(&made);
	at = add_begin(&made, FILE_HEADER);
	add_header_fields(&made);
	table = made.size;
	length = number_at(written.data + 16, 4);
	assert_true(12 + 8 + length <= written.size && table < 12 + 8 + length);
	assert_string_equal(
		probe_in_table(written.data + table, written.data + 20 + length, ICMPX_TP_CONSUME),
		"tp:consume_skb");
	assert_string_equal(probe_in_table(written.data + table, written.data + 20 + length,
					   ICMPX_FN_CONSUME_SKB),
			    "fn:consume_skb");
	assert_null(
		probe_in_table(written.data + table, written.data + 20 + length, ICMPX_FN_BEFORE));
	add(&made, written.data + table, 20 + length - table);
	add_finish(&made, at);
	add_name(&made, 0, 1, "from before");
	add_path(&made, 0xabcdef01, 2);
	add_name(&made, 4, 0xf000000000000002, "eth0");
	add_event(&made, ICMPX_TP_CONSUME);
	add_end(&made, 1);
	assert_int_equal(written.size, made.size);
	assert_memory_equal(written.data, made.data, made.size);
}

static void assert_sample_header(const struct trace_header *header)
{
	assert_string_equal(header->kernel, "6.1.0-13-amd64");
	assert_string_equal(header->machine, "x86_64");
	assert_string_equal(header->version, "0.1.0");
	assert_string_equal(header->backend, "tp");
	assert_string_equal(header->method, "");
	assert_string_equal(header->why, "kprobe: EPERM");
	assert_string_equal(header->missing, "icmp_send netif_rx");
	assert_int_equal(header->probes, 20);
	assert_int_equal(header->possible, 22);
	assert_int_equal(header->stacks, ICMPX_STACKS_ALWAYS);
	assert_int_equal(header->started, 123456789012);
	assert_int_equal(header->epoch, -5);
	assert_string_equal(header->node, file_version > 1 ? "a.example" : "");
	assert_string_equal(header->boot,
			    file_version > 1 ? "6c8d9f5e-0b1a-4a53-9d7e-3f2a1b4c5d6e" : "");
}

static void read_made_of(unsigned int version)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct icmpx_event want = sample_event(ICMPX_FN_ICMP_RCV);
	struct memory_file file = memory_file_new();
	struct record_error error;
	struct got got = {0};

	file_version = version;
	if (version == 1)
		want.cookie = 0;
	add_head(&made);
	add_name(&made, 0, 4001, "ping\33[2J");
	add_name(&made, 0, 1, "from before");
	add_path(&made, 0xabcdef01, 2);
	add_event(&made, 7);
	add_end(&made, 1);
	memory_file_write(&file, made.data, made.size);
	assert_int_equal(read_path(file.path, catalog, &got, &error), 0);
	close(file.fd);
	assert_string_equal(error.text, "");
	assert_int_equal(got.headers, 1);
	assert_sample_header(&got.header);
	assert_int_equal(got.count, 1);
	assert_memory_equal(&got.first, &want, sizeof(want));
	assert_string_equal(catalog_name(catalog, NAME_TASK, 4001), "ping?[2J");
	assert_int_equal(catalog_path(catalog, 0xabcdef01)->count, 2);
	assert_int_equal(catalog_path(catalog, 0xabcdef01)->frames[1].offset, 0x11);
	assert_string_equal(catalog_path(catalog, 0xabcdef01)->frames[0].name, "icmp_rcv");
	assert_int_equal(got.ended, version > 1 ? 0x0102030405060709 : 0);
	file_version = 2;
}

static void read_made(void **state)
{
	(void)state;
	read_made_of(2);
}

static void read_made_by_older_ones(void **state)
{
	(void)state;
	read_made_of(1);
}

static void header_text_is_made_safe(void **state)
{
	struct record_error error;
	struct got got = {0};
	size_t start;

	(void)state;
	add_magic(&made);
	start = add_begin(&made, FILE_HEADER);
	add_header_fields(&made);
	memcpy(made.data + start + 8, "6.1.0\33[2Jamd\7\xff", 14);
	add_finish(&made, start);
	add_end(&made, 0);
	assert_int_equal(read_bytes(&made, &got, &error), 0);
	assert_string_equal(got.header.kernel, "6.1.0?[2Jamd??");
}

/* --- probes by name -------------------------------------------------------- */

static void probes_are_translated(void **state)
{
	static const struct {
		unsigned int number;
		int own;
	} cases[] = {
		{7, ICMPX_FN_ICMP_RCV},
		{8, ICMPX_TP_CONSUME},
		{9, ICMPX_FN_CONSUME_SKB},
		{11, ICMPX_FN_RAW_SK_INIT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record_error error;
		struct got got = {0};

		add_head(&made);
		add_event(&made, cases[i].number);
		add_end(&made, 1);
		assert_int_equal(read_bytes(&made, &got, &error), 0);
		assert_int_equal(got.first.probe, cases[i].own);
	}
}

static void unknown_probes_are_errors_when_used(void **state)
{
	static const struct {
		unsigned int number;
		const char *text;
	} cases[] = {
		{10, "event of probe fn:of_the_future, which this icmpx does not know"},
		{12, "event of probe tp:icmp_rcv, which this icmpx does not know"},
		{13, "event of probe fn:sys_exit, which this icmpx does not know"},
		{14, "event of probe up:user?, which this icmpx does not know"},
		{0, "event of probe 0, which the header does not name"},
		{1023, "event of probe 1023, which the header does not name"},
		{1024, "event of probe 1024, which the header does not name"},
		{65535, "event of probe 65535, which the header does not name"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record_error error;
		struct got got = {0};
		size_t at;

		add_head(&made);
		add_event(&made, 7);
		at = made.size;
		add_event(&made, cases[i].number);
		add_end(&made, 2);
		assert_int_equal(read_bytes(&made, &got, &error), -EBADMSG);
		assert_string_equal(error.text, cases[i].text);
		assert_int_equal(error.offset, at);
		assert_int_equal(got.count, 1);
	}
}

/* --- whole files ----------------------------------------------------------- */

static void file_of_its_owner_is_replaced(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	char dir[] = "/tmp/icmpx-record-XXXXXX", path[PATH_MAX];
	const struct trace_header header = sample_header();
	struct record_writer *writer;
	struct record_error error;
	struct stat status;
	struct got got = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	assert_int_equal(record_create(path, &header, catalog, &writer), 0);
	assert_int_equal(record_close(writer), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(truncate(path, 100000), 0);
	assert_int_equal(record_create(path, &header, catalog, &writer), 0);
	assert_int_equal(record_close(writer), 0);
	assert_int_equal(read_path(path, catalog, &got, &error), 0);
	assert_int_equal(got.headers, 1);
	assert_int_equal(got.count, 0);
	unlink(path);
	rmdir(dir);
}

/* The longest path that there may be. */
static void set_longest_path(struct catalog *catalog, unsigned int id)
{
	struct path_frame frames[ICMPX_STACK_MAX];
	char name[CATALOG_NAME_MAX + 1];

	memset(name, 'a' + (int)(id % 26), CATALOG_NAME_MAX);
	name[CATALOG_NAME_MAX] = '\0';
	for (size_t i = 0; i < ICMPX_STACK_MAX; i++)
		frames[i] = (struct path_frame){.name = name, .offset = id};
	assert_int_equal(catalog_set_path(catalog, id, frames, ICMPX_STACK_MAX), 0);
}

/* Each event's path must be known when it comes. */
static int event_after_its_path(void *data, const struct icmpx_event *event)
{
	const struct catalog *catalog = data;
	const struct path *path = catalog_path(catalog, event->stack);

	assert_non_null(path);
	assert_int_equal(path->count, ICMPX_STACK_MAX);
	assert_int_equal(path->frames[63].offset, event->stack);
	assert_int_equal(path->frames[63].name[CATALOG_NAME_MAX - 1], 'a' + (event->stack % 26));
	assert_int_equal(strlen(path->frames[63].name), CATALOG_NAME_MAX);
	return 0;
}

static int any_header(void *data, const struct trace_header *header)
{
	(void)data;
	(void)header;
	return 0;
}

static void more_than_the_buffer(void **state)
{
	_cleanup_(catalog) struct catalog *from = catalog_new();
	_cleanup_(catalog) struct catalog *to = catalog_new();
	const struct record_reader reader = {any_header, event_after_its_path, to};
	struct icmpx_event event = sample_event(ICMPX_TP_DROP);
	struct memory_file file = memory_file_new();
	const struct trace_header header = sample_header();
	struct record_writer *writer;
	struct record_error error;

	(void)state;
	assert_int_equal(record_create(file.path, &header, from, &writer), 0);
	for (unsigned int i = 1; i < 20000; i++) {
		event.stack = i / 100 + 1;
		if (i % 100 == 0 || i == 1)
			set_longest_path(from, event.stack);
		assert_int_equal(record_event(writer, &event), 0);
	}
	assert_int_equal(record_close(writer), 0);
	assert_int_equal(record_read(file.path, to, &reader, &error), 0);
	close(file.fd);
}

/* Texts that fill their fields. */
static void longest_header(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct memory_file file = memory_file_new();
	struct trace_header header = sample_header();
	struct record_writer *writer;
	struct record_error error;
	struct got got = {0};

	(void)state;
	memset(header.kernel, 'k', sizeof(header.kernel) - 1);
	memset(header.machine, 'm', sizeof(header.machine) - 1);
	memset(header.version, 'v', sizeof(header.version) - 1);
	memset(header.backend, 'b', sizeof(header.backend) - 1);
	memset(header.method, 'o', sizeof(header.method) - 1);
	memset(header.why, 'w', sizeof(header.why) - 1);
	memset(header.missing, 'i', sizeof(header.missing) - 1);
	memset(header.node, 'n', sizeof(header.node) - 1);
	memset(header.boot, 'x', sizeof(header.boot) - 1);
	assert_int_equal(record_create(file.path, &header, catalog, &writer), 0);
	assert_int_equal(record_close(writer), 0);
	assert_int_equal(read_path(file.path, catalog, &got, &error), 0);
	close(file.fd);
	assert_memory_equal(&got.header, &header, sizeof(header));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(crc_is_the_usual_one),
	cmocka_unit_test(written_bytes),
	cmocka_unit_test(read_made),
	cmocka_unit_test(read_made_by_older_ones),
	cmocka_unit_test(header_text_is_made_safe),
	cmocka_unit_test(probes_are_translated),
	cmocka_unit_test(unknown_probes_are_errors_when_used),
	cmocka_unit_test(file_of_its_owner_is_replaced),
	cmocka_unit_test(more_than_the_buffer),
	cmocka_unit_test(longest_header),
};

UNIT_MAIN(tests)
