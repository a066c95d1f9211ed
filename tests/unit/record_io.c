// SPDX-License-Identifier: GPL-2.0-only
/* Recordings on what is no ordinary file, and what happens when it cannot be written. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "record_file.h"

static struct bytes made;

static void callback_stops(void **state)
{
	struct got got = {.stop_at = 2};
	struct record_error error;

	(void)state;
	add_head(&made);
	for (int i = 0; i < 3; i++)
		add_event(&made, 7);
	add_end(&made, 3);
	assert_int_equal(read_bytes(&made, &got, &error), 42);
	assert_int_equal(got.count, 2);
}

/* A writer that gives a few bytes at a time. */
static void dribble(int fd)
{
	for (size_t at = 0; at < made.size; at += 7)
		if (write(fd, made.data + at, made.size - at < 7 ? made.size - at : 7) < 0)
			_exit(1);
	_exit(0);
}

static void reads_a_pipe(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct record_error error;
	struct got got = {0};
	char path[32];
	int fds[2], status;
	pid_t child;

	(void)state;
	add_head(&made);
	add_event(&made, 7);
	add_end(&made, 1);
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (!child)
		dribble(fds[1]);
	close(fds[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[0]);
	assert_int_equal(read_path(path, catalog, &got, &error), 0);
	assert_int_equal(got.count, 1);
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void cannot_open(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct trace_header header = sample_header();
	struct record_writer *writer = NULL;
	struct record_error error;
	struct got got = {0};

	(void)state;
	assert_int_equal(read_path("/nonexistent/file", catalog, &got, &error), -ENOENT);
	assert_int_equal(read_path("/", catalog, &got, &error), -EISDIR);
	assert_int_equal(record_create("/nonexistent/file", &header, catalog, &writer), -ENOENT);
	assert_int_equal(record_create("/", &header, catalog, &writer), -EISDIR);
	assert_null(writer);
}

static void full_device(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct trace_header header = sample_header();
	struct record_writer *writer = NULL;
	struct stat status;

	(void)state;
	assert_int_equal(record_create("/dev/full", &header, catalog, &writer), -ENOSPC);
	assert_null(writer);
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, 1, "nobody listens"), 0);
	assert_int_equal(stat("/dev/full", &status), 0);
	assert_true(S_ISCHR(status.st_mode));
}

static void first_error_stays(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct icmpx_event event = sample_event(ICMPX_FN_ICMP_RCV);
	const struct trace_header header = sample_header();
	struct record_writer *writer;
	int fds[2], err = 0, calls = 0;
	char path[32];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[1]);
	assert_int_equal(record_create(path, &header, catalog, &writer), 0);
	close(fds[0]);
	while (!err && calls++ < 100000)
		err = record_event(writer, &event);
	assert_int_equal(err, -EPIPE);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(record_event(writer, &event), -EPIPE);
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, 1, "ping"), 0);
	assert_int_equal(record_close(writer), -EPIPE);
	close(fds[1]);
	signal(SIGPIPE, SIG_DFL);
}

static void error_at_close(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct icmpx_event event = sample_event(ICMPX_FN_ICMP_RCV);
	const struct trace_header header = sample_header();
	struct record_writer *writer;
	char path[32];
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[1]);
	assert_int_equal(record_create(path, &header, catalog, &writer), 0);
	close(fds[0]);
	assert_int_equal(record_event(writer, &event), 0);
	assert_int_equal(record_close(writer), -EPIPE);
	close(fds[1]);
	signal(SIGPIPE, SIG_DFL);
}

static int alarm_pipe[2];

static void on_alarm(int signal_number)
{
	(void)signal_number;
	(void)!write(alarm_pipe[1], "", 1);
}

/* Copies a piece for each alarm of the writer, which so waits for room most of the time. */
static void read_slowly(int from, int to)
{
	char piece[16384], byte;
	ssize_t n;

	close(alarm_pipe[1]);
	do {
		if (read(alarm_pipe[0], &byte, 1) < 0)
			_exit(1);
		n = read(from, piece, sizeof(piece));
		if (n < 0 || write(to, piece, (size_t)n) != n)
			_exit(1);
	} while (n);
	_exit(0);
}

/* 8 buffers' worth, each of whose writes is interrupted in its middle. */
static void write_with_alarms(const char *path)
{
	const struct itimerval often = {.it_interval.tv_usec = 500, .it_value.tv_usec = 500};
	const struct sigaction action = {.sa_handler = on_alarm}; /* no SA_RESTART */
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct icmpx_event event = sample_event(ICMPX_FN_ICMP_RCV);
	const struct trace_header header = sample_header();
	struct record_writer *writer;

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_int_equal(record_create(path, &header, catalog, &writer), 0);
	for (event.lost = 0; event.lost < 12000; event.lost++)
		assert_int_equal(record_event(writer, &event), 0);
	assert_int_equal(record_close(writer), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL), 0);
	signal(SIGALRM, SIG_DFL);
}

static void signals_tear_nothing(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct memory_file file = memory_file_new();
	struct record_error error;
	struct got got = {0};
	int fds[2], status;
	char path[32];
	pid_t child;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(pipe(alarm_pipe), 0);
	assert_int_equal(fcntl(alarm_pipe[1], F_SETFL, O_NONBLOCK), 0);
	child = fork();
	if (!child) {
		close(fds[1]);
		read_slowly(fds[0], file.fd);
	}
	close(fds[0]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[1]);
	write_with_alarms(path);
	close(fds[1]);
	close(alarm_pipe[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(alarm_pipe[0]);
	assert_int_equal(read_path(file.path, catalog, &got, &error), 0);
	assert_int_equal(got.count, 12000);
	assert_int_equal(got.last.lost, 11999);
	close(file.fd);
}

/* As on a disk that becomes full. */
static void partial_file_is_cut_off(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct icmpx_event event = sample_event(ICMPX_FN_ICMP_RCV);
	struct memory_file file = memory_file_new();
	const struct trace_header header = sample_header();
	struct record_writer *writer;
	struct record_error error;
	struct rlimit old, limit;
	struct got got = {0};
	int err = 0;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = (struct rlimit){.rlim_cur = 1000000, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(record_create(file.path, &header, catalog, &writer), 0);
	for (int i = 0; i < 10000 && !err; i++)
		err = record_event(writer, &event);
	assert_int_equal(record_close(writer), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(err, -EFBIG);
	assert_int_equal(read_path(file.path, catalog, &got, &error), -EBADMSG);
	assert_string_equal(error.text, "cut off in the middle of a record");
	/* All that fit, and none else. */
	assert_uint_in_range(got.count, 5400, 1000000 / 180);
	assert_memory_equal(&got.last, &event, sizeof(event));
	close(file.fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(callback_stops),       cmocka_unit_test(reads_a_pipe),
	cmocka_unit_test(cannot_open),          cmocka_unit_test(full_device),
	cmocka_unit_test(first_error_stays),    cmocka_unit_test(error_at_close),
	cmocka_unit_test(signals_tear_nothing), cmocka_unit_test(partial_file_is_cut_off),
};

UNIT_MAIN(tests)
