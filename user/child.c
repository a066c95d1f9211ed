// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static void redirect(enum child_output output, const struct tail *tail)
{
	int null;

	if (output == CHILD_TO_STDERR)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	if (output != CHILD_KEPT)
		return;
	dup2(tail->in, STDOUT_FILENO);
	dup2(tail->in, STDERR_FILENO);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null >= 0 && isatty(STDIN_FILENO))
		dup2(null, STDIN_FILENO);
}

static void run(char **argv, enum child_output output, const struct child *child, int go,
		int failed)
{
	char byte;
	int err;

	/* icmpx killed before it let the command run: not a byte, but the end of the pipe. */
	if (read(go, &byte, 1) != 1)
		_exit(0);
	signal(SIGPIPE, SIG_DFL); /* icmpx ignores it */
	redirect(output, &child->tail);
	execvp(argv[0], argv);
	err = errno;
	while (write(failed, &err, sizeof(err)) < 0 && errno == EINTR)
		;
	_exit(127);
}

int child_prepare(char **argv, enum child_output output, struct child *child)
{
	int go[2], failed[2], err;

	if (output == CHILD_KEPT && (err = tail_open(&child->tail)))
		return err;
	if (pipe2(go, O_CLOEXEC))
		return -errno;
	if (pipe2(failed, O_CLOEXEC)) {
		err = -errno;
		close(go[0]);
		close(go[1]);
		return err;
	}
	child->pid = fork();
	if (!child->pid) {
		close(go[1]);
		run(argv, output, child, go[0], failed[1]);
	}
	err = child->pid < 0 ? -errno : 0;
	close(go[0]);
	close(failed[1]);
	tail_started(&child->tail);
	child->go = go[1];
	child->failed = failed[0];
	child->pidfd = err ? -1 : syscall(SYS_pidfd_open, child->pid, 0);
	if (err) {
		close(child->go);
		close(child->failed);
	}
	return err;
}

void child_read(struct child *child)
{
	tail_read(&child->tail);
}

void child_print(struct child *child, FILE *out)
{
	tail_read(&child->tail);
	tail_print(&child->tail, out);
	tail_close(&child->tail);
}

int child_go(struct child *child)
{
	int err = 0;

	if (write(child->go, "", 1) != 1)
		err = -errno;
	close(child->go);
	child->go = -1;
	/* The pipe closes with exec; what is read before is its error. */
	if (!err && read(child->failed, &err, sizeof(err)) == sizeof(err))
		err = -err;
	close(child->failed);
	child->failed = -1;
	return err;
}

bool child_ended(struct child *child, int *status)
{
	if (!child->pid)
		return true;
	if (waitpid(child->pid, status, WNOHANG) != child->pid)
		return false;
	child->pid = 0;
	if (child->pidfd >= 0)
		close(child->pidfd);
	child->pidfd = -1;
	return true;
}

void child_end(struct child *child, int signal)
{
	struct pollfd end = {.fd = child->pidfd, .events = POLLIN};
	int status;

	if (child->go >= 0)
		close(child->go);
	if (child->failed >= 0)
		close(child->failed);
	child->go = child->failed = -1;
	if (child_ended(child, &status))
		return;
	kill(child->pid, signal);
	poll(&end, 1, 1000);
	if (!child_ended(child, &status)) {
		kill(child->pid, SIGKILL);
		waitpid(child->pid, &status, 0);
		child->pid = 0;
	}
}
