// SPDX-License-Identifier: GPL-2.0-only
/* Damaged recordings, at random: an error that says something or a file that is right, all
 * that came before the damage, and nothing handed on that is out of range. About 3 s;
 * ICMPX_SEED and ICMPX_ROUNDS repeat a run or make it longer. */
#include "unit.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "record.h"
#include "record_file.h"

#define SECONDS 3
#define RECORDS 64

static struct bytes original, mutant;
static size_t record_starts[RECORDS + 1], records; /* of the original; the last one: its end */
static struct memory_file file;
static uint64_t seed, state_now;

static uint64_t next_random(void)
{
	uint64_t z = state_now += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static size_t below(size_t limit)
{
	return limit ? next_random() % limit : 0;
}

/* --- what comes out -------------------------------------------------------- */

struct seen {
	struct icmpx_event events[RECORDS];
	size_t count;
};

static struct seen intact, seen;

static void assert_safe(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	assert_true(length < size);
	for (size_t i = 0; i < length; i++)
		assert_true((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
}

static int see_header(void *data, const struct trace_header *header)
{
	(void)data;
	assert_safe(header->kernel, sizeof(header->kernel));
	assert_safe(header->machine, sizeof(header->machine));
	assert_safe(header->version, sizeof(header->version));
	assert_safe(header->backend, sizeof(header->backend));
	assert_safe(header->method, sizeof(header->method));
	assert_safe(header->why, sizeof(header->why));
	assert_safe(header->missing, sizeof(header->missing));
	assert_uint_in_range(header->stacks, 0, ICMPX_STACKS_NEVER);
	return 0;
}

static int see_event(void *data, const struct icmpx_event *event)
{
	struct seen *to = data;
	const struct icmpx_packet *packet = &event->packet;

	assert_int_equal(event->record, ICMPX_RECORD_EVENT);
	assert_non_null(trace_probe_name(event->probe));
	assert_true(packet->family == 0 || packet->family == 4 || packet->family == 6);
	assert_true(packet->kind < ICMPX_KIND_MAX);
	assert_true(event->flags < 16);
	assert_true(event->time >> 63 == 0 && event->entered >> 63 == 0);
	if (to->count < RECORDS)
		to->events[to->count] = *event;
	to->count++;
	return 0;
}

static void see_path(void *data, const struct path *path)
{
	(void)data;
	assert_true(path->count <= ICMPX_STACK_MAX);
	for (__u32 i = 0; i < path->count; i++) {
		assert_safe(path->frames[i].name, CATALOG_NAME_MAX + 1);
		assert_true(path->frames[i].probe == -1 ||
			    trace_probe_name(path->frames[i].probe) != NULL);
	}
}

static void see_name(void *data, enum name_kind kind, __u64 key, const char *text)
{
	(void)data;
	(void)key;
	assert_true(kind < NAME_KIND_MAX);
	assert_safe(text, CATALOG_NAME_MAX + 1);
}

static int read_file(struct seen *to, struct record_error *error)
{
	const struct record_reader reader = {see_header, see_event, to};
	const struct catalog_listener listener = {see_path, see_name, NULL};
	_cleanup_(catalog) struct catalog *catalog = catalog_new();

	to->count = 0;
	catalog_listen(catalog, &listener);
	return record_read(file.path, catalog, &reader, error);
}

/* --- what goes in ---------------------------------------------------------- */

static void write_original(void)
{
	static const int probes[] = {ICMPX_TP_NET_DEV_QUEUE, ICMPX_TP_DROP, ICMPX_FN_ICMP_RCV};
	const struct trace_header header = {.kernel = "6.1", .backend = "tp", .missing = "a b"};
	const struct path_frame frames[] = {{"icmp_rcv", 1, -1}, {"raw_rcv", 2, -1}, {"x", 3, -1}};
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct record_writer *writer;

	assert_int_equal(record_create(file.path, &header, catalog, &writer), 0);
	for (unsigned int i = 0; i < 12; i++) {
		struct icmpx_event event = {
			.record = ICMPX_RECORD_EVENT,
			.probe = probes[i % 3],
			.time = 1000 + i,
			.stack = i,
			.packet = {.family = i % 2 ? 4 : 6, .kind = 1 + i % 4, .seq = i},
		};

		catalog_set_path(catalog, i, frames, 1 + i % 3);
		catalog_set_name(catalog, i % NAME_KIND_MAX, i, "gr\xc3\xbc\xc3\x9f");
		assert_int_equal(record_event(writer, &event), 0);
	}
	assert_int_equal(record_close(writer), 0);
	memory_file_read(&file, &original);
	for (size_t at = 12; at < original.size; at += 12 + number_at(original.data + at + 4, 4))
		record_starts[records++] = at;
	record_starts[records] = original.size;
}

/* Moves what is behind `at`, by `grow` new bytes or away over what is to be deleted. */
static void insert(size_t at, const unsigned char *data, size_t grow)
{
	static struct bytes tail;

	tail.size = 0;
	add(&tail, mutant.data + at, mutant.size - at);
	mutant.size = at;
	for (size_t i = 0; i < grow; i++)
		add(&mutant, data ? data + i : &(unsigned char){next_random()}, 1);
	add(&mutant, tail.data, tail.size);
}

static void delete (size_t at, size_t length)
{
	memmove(mutant.data + at, mutant.data + at + length, mutant.size - at - length);
	mutant.size -= length;
}

/* Values at which comparisons turn. */
static uint64_t edge(void)
{
	static const uint64_t edges[] = {0,          1,         4,         5,
					 63,         64,        65,        127,
					 128,        255,       511,       512,
					 1023,       1024,      65535,     65536,
					 65537,      INT32_MAX, 1U << 31,  UINT32_MAX - 11,
					 UINT32_MAX, INT64_MAX, UINT64_MAX};

	return edges[below(ARRAY_SIZE(edges))];
}

static void put_edge(size_t at)
{
	static const size_t sizes[] = {1, 2, 4, 8};
	size_t size = sizes[below(4)];
	uint64_t value = edge();

	for (size_t i = 0; i < size && at + i < mutant.size; i++)
		mutant.data[at + i] = value >> 8 * i;
}

/* One change within [from, to), of which the second may grow or shrink. */
static void mutate_bytes(size_t from, size_t to)
{
	size_t at = from + below(to - from);
	size_t length = 1 + below(below(8) ? 16 : 600);
	size_t other = below(original.size);

	switch (below(7)) {
	case 0:
		mutant.data[at] ^= 1 << below(8);
		break;
	case 1:
		put_edge(at);
		break;
	case 2: /* most often a field */
		put_edge(at - (at - from) % 4);
		break;
	case 3:
		insert(at, NULL, length);
		break;
	case 4:
		delete (at, length < to - at ? length : to - at);
		break;
	case 5:
		if (length > original.size - other)
			length = original.size - other;
		insert(at, original.data + other, length);
		break;
	case 6:
		memset(mutant.data + at, below(2) ? 0 : 0xff, length < to - at ? length : to - at);
		break;
	}
}

/* The file as bytes: truncated, or changed anywhere. */
static void mutate_file(void)
{
	for (size_t i = 1 + below(3); i; i--) {
		if (!mutant.size)
			return;
		if (below(8))
			mutate_bytes(0, mutant.size);
		else
			mutant.size = below(mutant.size);
	}
}

/* A record whose payload has changed, with length and checksum that are right. */
static void add_mutated(size_t from, size_t to)
{
	size_t start = mutant.size;

	add(&mutant, original.data + from, to - from - 4);
	if (!below(16))
		mutant.data[start] = below(7);
	for (size_t i = 1 + below(2); i && mutant.size > start + 8; i--)
		mutate_bytes(start + 8, mutant.size);
	add_finish(&mutant, start);
}

/* The file as records: changed, left out, doubled, swapped with any other. */
static void mutate_records(void)
{
	size_t chosen = below(records);

	mutant.size = record_starts[0];
	for (size_t i = 0; i < records; i++) {
		size_t from = record_starts[i], to = record_starts[i + 1], other = below(records);

		switch (i == chosen ? below(8) : 7) {
		case 0:
			break;
		case 1:
			add(&mutant, original.data + from, to - from);
			add(&mutant, original.data + from, to - from);
			break;
		case 2:
			add(&mutant, original.data + record_starts[other],
			    record_starts[other + 1] - record_starts[other]);
			break;
		case 3:
		case 4:
		case 5:
		case 6:
			add_mutated(from, to);
			break;
		case 7:
			add(&mutant, original.data + from, to - from);
			break;
		}
	}
}

/* --- the tests ------------------------------------------------------------- */

static size_t first_difference(void)
{
	size_t at = 0;

	while (at < original.size && at < mutant.size && original.data[at] == mutant.data[at])
		at++;
	return at;
}

/* Events of the original that end at or before that byte. */
static size_t events_before(size_t at)
{
	size_t count = 0;

	for (size_t i = 0; i < records && record_starts[i + 1] <= at; i++)
		count += original.data[record_starts[i]] == FILE_EVENT;
	return count;
}

/* Reads the mutant; returns what record_read() does. */
static int read_mutant(void)
{
	size_t whole = events_before(first_difference());
	struct record_error error;
	int err;

	memory_file_write(&file, mutant.data, mutant.size);
	err = read_file(&seen, &error);
	assert_true(err == 0 || err == -EBADMSG);
	assert_int_equal(err == 0, error.text[0] == '\0');
	assert_safe(error.text, sizeof(error.text));
	assert_true(error.offset <= mutant.size);
	assert_true(seen.count >= whole);
	assert_memory_equal(seen.events, intact.events, whole * sizeof(*seen.events));
	return err;
}

static void original_is_read(void **state)
{
	struct record_error error;

	(void)state;
	write_original();
	assert_int_equal(read_file(&intact, &error), 0);
	assert_int_equal(intact.count, 12);
	assert_int_equal(records, 1 + 3 * 12 + 1);
	assert_int_equal(intact.events[11].time, 1011);
	assert_int_equal(intact.events[11].probe, ICMPX_FN_ICMP_RCV);
}

/* No byte of the file is without a check. */
static void each_byte_counts(void **state)
{
	(void)state;
	for (size_t at = 0; at < original.size; at++) {
		mutant = original;
		mutant.data[at] ^= 1 << below(8);
		assert_int_equal(read_mutant(), -EBADMSG);
	}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t round_now, errors, right;

static void random_damage(void **state)
{
	const char *rounds = getenv("ICMPX_ROUNDS");
	uint64_t limit = rounds && *rounds ? strtoull(rounds, NULL, 0) : UINT64_MAX;
	double end = limit == UINT64_MAX ? now() + SECONDS : 1e18;

	(void)state;
	for (; round_now < limit && now() < end; round_now++) {
		int err;

		state_now = seed + round_now;
		mutant.size = 0;
		add(&mutant, original.data, original.size);
		if (below(2))
			mutate_records();
		else
			mutate_file();
		err = read_mutant();
		errors += err != 0;
		right += err == 0;
	}
}

/* Also where it failed: ICMPX_SEED= that one, ICMPX_ROUNDS=1 repeats it. */
static int say_rounds(void **state)
{
	(void)state;
	printf("# seed %" PRIu64 " after %" PRIu64 " errors, %" PRIu64 " still right\n",
	       seed + round_now, errors, right);
	return 0;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(original_is_read),
	cmocka_unit_test(each_byte_counts),
	cmocka_unit_test_teardown(random_damage, say_rounds),
};

int main(void)
{
	const char *given = getenv("ICMPX_SEED");

	seed = given && *given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) << 20;
	state_now = seed;
	printf("# ICMPX_SEED=%" PRIu64 "\n", seed);
	fflush(stdout);
	file = memory_file_new();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
