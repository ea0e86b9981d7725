// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a process to its directory: the instance itself says in the fdinfo of a pidfd which
 * number the process has in the instance's PID namespace (fs/pidfs.c, pidfd_show_fdinfo()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nsc/procdir.h"
#include "nsc/sys.h"
#include "uapi/pidfd.h"

enum { TEXT_MAX = 64 * 1024 };

/* The instance's own root: PROC, or what is opened into *OPENED. */
static int root_of(int proc, int *opened)
{
	if (proc != PROCDIR_MOUNTED)
		return proc;
	*opened = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return *opened < 0 ? -errno : *opened;
}

/* The text behind `\nKEY:` of a file below the root, or NULL and *ERROR (0: no such line). */
static const char *line_of(struct pool *pool, int root, const char *path, const char *key,
			   int *error)
{
	AUTO_FD fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	char *text;

	*error = fd < 0 ? -errno : sys_read_fd(pool, fd, TEXT_MAX, &text, NULL);
	const char *line = *error ? NULL : strstr(text, key);

	return line ? line + strlen(key) : NULL;
}

/* The number of the pidfd's process in the instance, or -errno. */
static int number_shown(int root, int pidfd, pid_t *number)
{
	AUTO_POOL pool = { 0 };
	int error;
	const char *line = line_of(&pool, root,
				   pool_printf(&pool, "thread-self/fdinfo/%d", pidfd), "\nPid:",
				   &error);

	if (!line)
		return error ? error : -EBADF; /* no pidfd */
	*number = atoi(line);
	if (*number < 0)
		return -ESRCH;
	return *number ? 0 : -ENOENT;
}

/* Whether the instance belongs to the caller's own PID namespace: NSpid has one level then. */
static int numbers_are_own(int root, bool *own)
{
	AUTO_POOL pool = { 0 };
	int error;
	const char *line = line_of(&pool, root, "thread-self/status", "\nNSpid:", &error);

	/* A kernel without PID namespaces has no such line. */
	*own = !line || !memchr(line + 1, '\t', strcspn(line + 1, "\n"));
	return error;
}

static int open_number(int root, pid_t number)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", number);
	int dir = openat(root, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return dir < 0 ? -errno : dir;
}

int procdir_of_pidfd(int proc, int pidfd)
{
	AUTO_FD opened = -1;
	int root = root_of(proc, &opened);
	pid_t number, again;
	int rc = root < 0 ? root : number_shown(root, pidfd, &number);

	if (rc)
		return rc;
	AUTO_FD dir = open_number(root, number);

	if (dir < 0)
		return dir;
	/* Read again: the number could be reused only after the process was gone, which the
	 * pidfd tells. */
	rc = number_shown(root, pidfd, &again);
	return rc ? rc : fd_take(&dir);
}

int procdir_of_pid(int proc, pid_t pid)
{
	AUTO_FD opened = -1;
	int root = root_of(proc, &opened);
	bool own;
	int rc = root < 0 ? root : numbers_are_own(root, &own);

	if (rc)
		return rc;
	if (own)
		return open_number(root, pid);
	AUTO_FD pidfd = sys_pidfd_open(pid, PIDFD_THREAD);

	/* Linux before 6.9 has pidfds of processes only, not of threads. */
	if (pidfd == -EINVAL)
		pidfd = sys_pidfd_open(pid, 0);
	return pidfd < 0 ? pidfd : procdir_of_pidfd(root, pidfd);
}
