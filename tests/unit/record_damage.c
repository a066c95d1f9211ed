// SPDX-License-Identifier: GPL-2.0-only
/* Recordings that are wrong: what is said about them, and where. */
#include "unit.h"

#include <errno.h>

#include "record_file.h"

static struct bytes made;

static void empty(void)
{
	made.size = 0;
}

static void not_ours(void)
{
	made.size = 0;
	add(&made, "#!/bin/sh\nexec true\n", 20);
}

static void half_magic(void)
{
	made.size = 0;
	add(&made, "icmpxrec\1\0", 10);
}

static void newer_version(void)
{
	made.size = 0;
	add(&made, "icmpxrec\7\0\0\0", 12);
}

static void no_header(void)
{
	add_magic(&made);
	add_event(&made, 7);
}

static void only_magic(void)
{
	add_magic(&made);
}

static void two_headers(void)
{
	static struct bytes again;
	size_t size;

	add_head(&again);
	add_head(&made);
	size = again.size - 12;
	add(&made, again.data + 12, size);
}

static void header_too_short(void)
{
	size_t start;

	add_magic(&made);
	start = add_begin(&made, FILE_HEADER);
	add_header_fields(&made);
	made.size--;
	add_finish(&made, start);
}

static void header_with(unsigned int probe, const char *name)
{
	size_t start;

	add_magic(&made);
	start = add_begin(&made, FILE_HEADER);
	add_header_fields(&made);
	add_probe(&made, probe, name);
	add_finish(&made, start);
}

static void probe_too_high(void)
{
	header_with(1024, "tp:x");
}

static void probe_name_too_long(void)
{
	header_with(1, "fn:0123456789012345678901234567890123456789012345678901234567890");
}

static void bad_stacks(void)
{
	size_t start;

	add_magic(&made);
	start = add_begin(&made, FILE_HEADER);
	add_header_fields(&made);
	made.data[made.size - 20] = 3;
	add_finish(&made, start);
}

/* The last bytes of started_ns and of epoch_offset_ns are `at` bytes before the end. */
static void header_of(size_t at, unsigned char value)
{
	size_t start;

	add_magic(&made);
	start = add_begin(&made, FILE_HEADER);
	add_header_fields(&made);
	made.data[made.size - at] = value;
	add_finish(&made, start);
}

static void started_late(void)
{
	header_of(9, 0x11);
}

static void epoch_late(void)
{
	header_of(1, 0x41);
}

static void epoch_early(void)
{
	header_of(1, 0xef);
}

static void long_kernel(void)
{
	size_t start;

	add_magic(&made);
	start = add_begin(&made, FILE_HEADER);
	for (int i = 0; i < 65; i++)
		add(&made, "6", 1);
	add_header_fields(&made);
	add_finish(&made, start);
}

static void unknown_type(void)
{
	add_head(&made);
	add_finish(&made, add_begin(&made, 9));
}

static void wrong_checksum(void)
{
	add_head(&made);
	add_event(&made, 7);
	made.data[made.size - 1] ^= 1;
}

static void wrong_payload(void)
{
	add_head(&made);
	add_event(&made, 7);
	made.data[made.size - 80] ^= 0x40;
}

static void huge_record(void)
{
	add_head(&made);
	add_number(&made, FILE_EVENT, 4);
	add_number(&made, 65537, 4);
}

static void endless_record(void)
{
	add_head(&made);
	add_number(&made, FILE_EVENT, 4);
	add_number(&made, 0xfffffffc, 4);
}

static void cut_event(void)
{
	add_head(&made);
	add_event(&made, 7);
	made.size -= 40;
}

static void no_end(void)
{
	add_head(&made);
}

static void wrong_count(void)
{
	add_head(&made);
	add_end(&made, 3);
}

static void short_end(void)
{
	add_head(&made);
	add_finish(&made, add_begin(&made, FILE_END));
}

static void unknown_kind_of_name(void)
{
	add_head(&made);
	add_name(&made, NAME_KIND_MAX, 1, "x");
}

static void long_name(void)
{
	char text[513] = "";

	memset(text, 'a', 512);
	add_head(&made);
	add_name(&made, NAME_TASK, 1, text);
}

static void name_without_end(void)
{
	size_t start;

	add_head(&made);
	start = add_begin(&made, FILE_NAME);
	add_number(&made, NAME_TASK, 4);
	add_number(&made, 1, 8);
	add(&made, "ping", 4);
	add_finish(&made, start);
}

static void name_and_more(void)
{
	size_t start;

	add_head(&made);
	start = add_begin(&made, FILE_NAME);
	add_number(&made, NAME_TASK, 4);
	add_number(&made, 1, 8);
	add(&made, "ping\0x", 7);
	add_finish(&made, start);
}

static void path_of_65(void)
{
	add_head(&made);
	add_path(&made, 1, 65);
}

static void path_count_lies(void)
{
	size_t start;

	add_head(&made);
	start = add_begin(&made, FILE_PATH);
	add_number(&made, 1, 4);
	add_number(&made, 2, 4);
	add_number(&made, 0x10, 4);
	add_text(&made, "ip_rcv");
	add_finish(&made, start);
}

static void short_event(void)
{
	size_t start;

	add_head(&made);
	start = made.size;
	add_event(&made, 7);
	made.size -= 5; /* checksum, one byte */
	add_finish(&made, start);
}

static void wrong_files(void **state)
{
	static const struct {
		void (*make)(void);
		const char *text;
		bool at_start; /* the offset: of the file, or of the record behind the header */
	} cases[] = {
		{empty, "not an icmpx recording", true},
		{not_ours, "not an icmpx recording", true},
		{half_magic, "cut off in the middle of the format version", true},
		{newer_version, "format version 7, this icmpx reads 1 to 2", true},
		{unknown_type, "record of unknown type 9"},
		{wrong_checksum, "checksum is wrong"},
		{wrong_payload, "checksum is wrong"},
		{huge_record, "record of 65537 bytes"},
		{endless_record, "record of 4294967292 bytes"},
		{cut_event, "cut off in the middle of a record"},
		{no_end, "cut off: no end mark"},
		{two_headers, "a second header"},
		{wrong_count, "the end mark counts 3 events, the file has 0"},
		{short_end, "the end mark is malformed"},
		{unknown_kind_of_name, "name of unknown kind 8"},
		{long_name, "a name is malformed"},
		{name_without_end, "a name is malformed"},
		{name_and_more, "a name is malformed"},
		{path_of_65, "call path of 65 frames"},
		{path_count_lies, "a call path is malformed"},
		{short_event, "an event is malformed"},
	};
	size_t head;

	(void)state;
	add_head(&made);
	head = made.size;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record_error error;
		struct got got = {0};

		cases[i].make();
		assert_int_equal(read_bytes(&made, &got, &error), -EBADMSG);
		assert_string_equal(error.text, cases[i].text);
		assert_int_equal(error.offset, cases[i].at_start ? 0 : head);
		assert_int_equal(got.count, 0);
		assert_int_equal(got.headers, !cases[i].at_start);
	}
}

static void wrong_headers(void **state)
{
	static const struct {
		void (*make)(void);
		const char *text;
	} cases[] = {
		{only_magic, "cut off: no end mark"},
		{no_header, "no header before it"},
		{header_too_short, "the header is malformed"},
		{probe_too_high, "the header is malformed"},
		{probe_name_too_long, "the header is malformed"},
		{bad_stacks, "the header is malformed"},
		{started_late, "the header is of an impossible time"},
		{epoch_late, "the header is of an impossible time"},
		{epoch_early, "the header is of an impossible time"},
		{long_kernel, "the header is malformed"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record_error error;
		struct got got = {0};

		cases[i].make();
		assert_int_equal(read_bytes(&made, &got, &error), -EBADMSG);
		assert_string_equal(error.text, cases[i].text);
		assert_int_equal(error.offset, 12);
		assert_int_equal(got.headers, 0);
	}
}

static void behind_the_end(void **state)
{
	struct record_error error;
	struct got got = {0};

	(void)state;
	add_head(&made);
	add_end(&made, 0);
	add(&made, "", 1);
	assert_int_equal(read_bytes(&made, &got, &error), -EBADMSG);
	assert_string_equal(error.text, "more behind the end mark");
	assert_int_equal(error.offset, made.size - 1);
}

/* Fields that others take as indices; their offsets in the event, by the documentation. */
static void wrong_events(void **state)
{
	static const struct {
		size_t offset;
		unsigned char value;
		const char *text; /* NULL: that is right */
	} cases[] = {
		{0, 2, "event that says it is a record of type 2"},
		{96, 0, NULL}, /* family */
		{96, 6, NULL},
		{96, 5, "event with a packet of family 5"},
		{96, 255, "event with a packet of family 255"},
		{97, 4, NULL}, /* kind */
		{97, 5, "event with a packet of unknown kind 5"},
		{64, 15, NULL}, /* flags */
		{64, 16, "event with unknown flags 0x10"},
		{65, 128, "event with unknown flags 0x8005"},
		{15, 15, NULL}, /* time */
		{15, 16, "event at an impossible time"},
		{15, 128, "event at an impossible time"},
		{79, 16, "event at an impossible time"}, /* entered */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record_error error;
		struct got got = {0};
		size_t start;
		int err;

		add_head(&made);
		start = made.size;
		add_event(&made, 7);
		made.data[start + 8 + cases[i].offset] = cases[i].value;
		made.size -= 4;
		add_finish(&made, start);
		add_end(&made, 1);
		err = read_bytes(&made, &got, &error);
		assert_int_equal(err, cases[i].text ? -EBADMSG : 0);
		assert_int_equal(got.count, !cases[i].text);
		if (cases[i].text) {
			assert_string_equal(error.text, cases[i].text);
			assert_int_equal(error.offset, start);
		}
	}
}

static void too_many_names(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct memory_file file = memory_file_new();
	struct record_error error;
	struct got got = {0};
	size_t at;

	(void)state;
	for (unsigned int i = 0; i < CATALOG_MAX; i++)
		catalog_set_name(catalog, NAME_TASK, i, "x");
	add_head(&made);
	add_name(&made, NAME_TASK, 3, "replaced");
	at = made.size;
	add_name(&made, NAME_TASK, CATALOG_MAX, "one more");
	memory_file_write(&file, made.data, made.size);
	assert_int_equal(read_path(file.path, catalog, &got, &error), -EBADMSG);
	close(file.fd);
	assert_string_equal(error.text, "more entries than a recording can have");
	assert_int_equal(error.offset, at);
}

/* Where a record begins that has a byte at `at`; counts the events that end before. */
static size_t record_at(const struct bytes *bytes, size_t at, size_t *events)
{
	size_t start = 12;

	*events = 0;
	while (start < bytes->size) {
		size_t next = start + 12 + number_at(bytes->data + start + 4, 4);

		if (at < next)
			break;
		*events += bytes->data[start] == FILE_EVENT;
		start = next;
	}
	return start;
}

static void each_cut_is_known(void **state)
{
	static struct bytes whole;

	(void)state;
	add_head(&whole);
	add_name(&whole, NAME_TASK, 4001, "ping");
	add_event(&whole, 7);
	add_path(&whole, 0xabcdef01, 2);
	add_event(&whole, 9);
	add_end(&whole, 2);
	for (size_t size = 0; size < whole.size; size++) {
		struct record_error error;
		struct got got = {0};
		size_t start, events;
		const char *text;

		made.size = 0;
		add(&made, whole.data, size);
		start = record_at(&whole, size, &events);
		text = size == start ? "cut off: no end mark" : "cut off in the middle of a record";
		if (size < 12)
			text = size ? "cut off in the middle of the format version"
				    : "not an icmpx recording";
		assert_int_equal(read_bytes(&made, &got, &error), -EBADMSG);
		assert_string_equal(error.text, text);
		assert_int_equal(error.offset, size < 12 ? 0 : start);
		assert_int_equal(got.count, events);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(wrong_files),    cmocka_unit_test(wrong_headers),
	cmocka_unit_test(behind_the_end), cmocka_unit_test(wrong_events),
	cmocka_unit_test(too_many_names), cmocka_unit_test(each_cut_is_known),
};

UNIT_MAIN(tests)
