// SPDX-License-Identifier: GPL-2.0-only
/* Which files a recording may be written to, and whose they are then. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "private_file.h"

static char dir[] = "/tmp/icmpx-private-XXXXXX";

static const char *in_dir(const char *name)
{
	static char paths[2][64];
	static int next;

	next = !next;
	snprintf(paths[next], sizeof(paths[0]), "%s/%s", dir, name);
	return paths[next];
}

static void fill(const char *name, mode_t mode)
{
	int fd = open(in_dir(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "kept", 4), 4);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static off_t size_of(const char *name)
{
	struct stat file;

	assert_int_equal(stat(in_dir(name), &file), 0);
	return file.st_size;
}

static mode_t mode_of(const char *name)
{
	struct stat file;

	assert_int_equal(stat(in_dir(name), &file), 0);
	return file.st_mode & 07777;
}

static void new_file(void **state)
{
	int fd = private_file_open(in_dir("new"));

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(mode_of("new"), 0600);
}

static void old_file(void **state)
{
	int fd;

	(void)state;
	fill("old", 0666);
	fd = private_file_open(in_dir("old"));
	assert_true(fd >= 0);
	assert_int_equal(mode_of("old"), 0600);
	assert_int_equal(size_of("old"), 0);
	close(fd);
}

static void link_is_not_followed(void **state)
{
	(void)state;
	fill("target", 0644);
	assert_int_equal(symlink(in_dir("target"), in_dir("link")), 0);
	assert_int_equal(private_file_open(in_dir("link")), -ELOOP);
	assert_int_equal(size_of("target"), 4);
	assert_int_equal(mode_of("target"), 0644);
	assert_int_equal(symlink(in_dir("nothing"), in_dir("dangling")), 0);
	assert_true(private_file_open(in_dir("dangling")) < 0);
	assert_int_not_equal(access(in_dir("nothing"), F_OK), 0);
}

static void hard_link_is_not_taken(void **state)
{
	(void)state;
	fill("one", 0644);
	assert_int_equal(link(in_dir("one"), in_dir("other")), 0);
	assert_int_equal(private_file_open(in_dir("other")), -EMLINK);
	assert_int_equal(size_of("one"), 4);
	assert_int_equal(mode_of("one"), 0644);
}

static void others_file_is_not_taken(void **state)
{
	(void)state;
	if (geteuid())
		return; /* only root can give files away */
	fill("others", 0666);
	assert_int_equal(chown(in_dir("others"), 65534, 65534), 0);
	assert_int_equal(private_file_open(in_dir("others")), -EPERM);
	assert_int_equal(size_of("others"), 4);
	assert_int_equal(mode_of("others"), 0666);
}

/* What /dev/stdout and /dev/fd/N are links to. */
static void open_file_is_written_to(void **state)
{
	char path[32];
	int fd, out;

	(void)state;
	fill("redirected", 0644);
	out = open(in_dir("redirected"), O_WRONLY);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", out);
	assert_int_equal(symlink(path, in_dir("stdout")), 0);
	fd = private_file_open(in_dir("stdout"));
	assert_true(fd >= 0);
	close(fd);
	close(out);
}

static void pipe_and_device(void **state)
{
	int fds[2], fd;
	char path[32];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[1]);
	fd = private_file_open(path);
	assert_true(fd >= 0);
	close(fd);
	fd = private_file_open("/dev/null");
	assert_true(fd >= 0);
	close(fd);
	close(fds[0]);
	close(fds[1]);
}

static void what_is_not_there(void **state)
{
	(void)state;
	assert_int_equal(private_file_open(dir), -EISDIR);
	assert_int_equal(private_file_open(in_dir("no/file")), -ENOENT);
}

static int make_dir(void **state)
{
	(void)state;
	umask(0);
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	static const char *const names[] = {"new", "old",   "target", "link",       "dangling",
					    "one", "other", "others", "redirected", "stdout"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(in_dir(names[i]));
	return rmdir(dir);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(new_file),
	cmocka_unit_test(old_file),
	cmocka_unit_test(link_is_not_followed),
	cmocka_unit_test(hard_link_is_not_taken),
	cmocka_unit_test(others_file_is_not_taken),
	cmocka_unit_test(open_file_is_written_to),
	cmocka_unit_test(pipe_and_device),
	cmocka_unit_test(what_is_not_there),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
