// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wrappers without policy.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "nsc/sys.h"
#include "nsc/syscall.h"

/*
 * Kernels before 5.3 have no clone3(2), and filters answer it with ENOSYS or EPERM, as they cannot
 * see its flags. With CLONE_NEW* flags EPERM may be the kernel's own answer.
 */
static bool may_be_clone(const struct clone_request *req, int error)
{
	uint64_t lent = CLONE_PIDFD | CLONE_PARENT | CLONE_FS | CLONE_FILES | CLONE_VM |
			CLONE_VFORK | CLONE_SIGHAND;

	if (req->set_tid_size || req->child_tid || (req->parent_tid && req->pidfd) ||
	    (req->flags & (CLONE_INTO_CGROUP | CLONE_NEWTIME | CLONE_CLEAR_SIGHAND)))
		return false;
	return error == ENOSYS || !(req->flags & ~lent);
}

static long old_clone(const struct clone_request *req)
{
	unsigned long flags = req->flags | (unsigned)req->exit_signal;
	void *out = req->pidfd ? (void *)req->pidfd : (void *)req->parent_tid;

#ifdef __s390x__
	return sys_call(SYS_clone, NULL, flags, out, NULL, NULL);
#else
	return sys_call(SYS_clone, flags, NULL, out, NULL, NULL);
#endif
}

pid_t sys_clone3(const struct clone_request *req)
{
	struct clone_args args = {
		.flags = req->flags,
		.pidfd = (uintptr_t)req->pidfd,
		.parent_tid = (uintptr_t)req->parent_tid,
		.child_tid = (uintptr_t)req->child_tid,
		.exit_signal = (uint64_t)req->exit_signal,
		.set_tid = (uintptr_t)req->set_tid,
		.set_tid_size = req->set_tid_size,
		.cgroup = (uint64_t)req->cgroup,
	};
	long pid = sys_call(SYS_clone3, &args, sizeof(args));

	if (pid < 0 && (errno == ENOSYS || errno == EPERM) && may_be_clone(req, errno))
		pid = old_clone(req);
	return pid < 0 ? -errno : (pid_t)pid;
}

int sys_pidfd_open(pid_t pid, unsigned flags)
{
	long fd = sys_call(SYS_pidfd_open, pid, flags);

	return fd < 0 ? -errno : (int)fd;
}

int sys_pidfd_send_signal(int pidfd, int signal, unsigned flags)
{
	return sys_call(SYS_pidfd_send_signal, pidfd, signal, NULL, flags) < 0 ? -errno : 0;
}

int sys_pidfd_getfd(int pidfd, int fd)
{
	long got = sys_call(SYS_pidfd_getfd, pidfd, fd, 0);

	return got < 0 ? -errno : (int)got;
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return sys_call(SYS_pivot_root, new_root, put_old) < 0 ? -errno : 0;
}

/* The lowest descriptor of KEEP that is not below FROM, or NONE. */
static unsigned next_kept(const int *keep, size_t n, unsigned from, unsigned none)
{
	unsigned next = none;

	for (size_t i = 0; i < n; i++)
		if (keep[i] >= 0 && (unsigned)keep[i] >= from && (unsigned)keep[i] < next)
			next = (unsigned)keep[i];
	return next;
}

static bool in_ranges(const int *keep, size_t n, unsigned flags)
{
	for (unsigned from = 0;;) {
		unsigned next = next_kept(keep, n, from, ~0u);

		if (next > from && sys_call(SYS_close_range, from, next - 1, flags) < 0)
			return false;
		if (next == ~0u)
			return true;
		from = next + 1;
	}
}

static void one_by_one(const int *keep, size_t n, unsigned fd, unsigned flags)
{
	if (next_kept(keep, n, fd, ~0u) == fd)
		return;
	if (flags & CLOSE_RANGE_CLOEXEC)
		fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	else
		close((int)fd);
}

static bool in_list(const int *keep, size_t n, unsigned flags)
{
	DIR *dir = opendir("/proc/self/fd");

	if (!dir)
		return false;
	for (struct dirent *e; (e = readdir(dir));)
		if (isdigit((unsigned char)*e->d_name) && atoi(e->d_name) != dirfd(dir))
			one_by_one(keep, n, (unsigned)atoi(e->d_name), flags);
	closedir(dir);
	return true;
}

static void all_but(const int *keep, size_t n, unsigned flags)
{
	struct rlimit limit = { .rlim_cur = 1024 };

	if (in_ranges(keep, n, flags) || in_list(keep, n, flags))
		return;
	getrlimit(RLIMIT_NOFILE, &limit);
	for (unsigned fd = 0; fd < limit.rlim_cur; fd++)
		one_by_one(keep, n, fd, flags);
}

void sys_close_all_but(const int *keep, size_t n)
{
	all_but(keep, n, 0);
}

void sys_cloexec_all_but(const int *keep, size_t n)
{
	all_but(keep, n, CLOSE_RANGE_CLOEXEC);
}

int64_t sys_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int64_t sys_wall_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* What to make room for when ROOM bytes have come and there may be more. */
static size_t larger_than(int fd, size_t room, size_t max)
{
	struct stat st;
	/* With a byte for the read that finds the end. */
	size_t larger = fstat(fd, &st) == 0 && (uintmax_t)st.st_size >= room &&
			(uintmax_t)st.st_size < max ? (size_t)st.st_size + 1 : room * 4;

	return larger < max ? larger : max;
}

int sys_read_fd(struct pool *pool, int fd, size_t max, char **text, size_t *len)
{
	size_t used = 0, room = max < 4096 ? max : 4096;
	char *buf = pool_alloc(pool, room + 1);

	for (;;) {
		if (used == room && room < max) {
			size_t larger = larger_than(fd, room, max);
			char *grown = pool_alloc(pool, larger + 1);

			memcpy(grown, buf, used);
			buf = grown;
			room = larger;
		}
		if (used == room)
			break;
		ssize_t got = read(fd, buf + used, room - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	buf[used] = 0;
	*text = buf;
	if (len)
		*len = used;
	return 0;
}

int sys_read_file(struct pool *pool, const char *path, size_t max, char **text, size_t *len)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : sys_read_fd(pool, fd, max, text, len);
}

int sys_write_at(int dirfd, const char *path, const char *text)
{
	AUTO_FD fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0)
		return -errno;
	ssize_t put = write(fd, text, len);

	if (put < 0)
		return -errno;
	return (size_t)put == len ? 0 : -EIO;
}

int sys_write_file(const char *path, const char *text)
{
	return sys_write_at(AT_FDCWD, path, text);
}

/* access(2) grants X_OK on directories, too, so that only regular files count. */
static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

const char *sys_find_program(struct pool *pool, const char *path, const char *name)
{
	char *rest = pool_strdup(pool, path);

	if (strchr(name, '/'))
		return is_program(name) ? name : NULL;
	for (const char *dir; (dir = strsep(&rest, ":"));) {
		const char *file = pool_printf(pool, "%s/%s", dir, name);

		if (*dir && is_program(file))
			return file;
	}
	return NULL;
}

int sys_wait_readable(int fd, int64_t deadline_ns)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	/* poll(2) ignores descriptors below zero, and would wait until the deadline. */
	if (fd < 0)
		return -EBADF;
	for (;;) {
		int64_t left = deadline_ns - sys_now_ns();
		int n = poll(&p, 1, left <= 0 ? 0 : (int)((left + 999999) / 1000000));

		if (n < 0 && errno == EINTR)
			continue;
		return n < 0 ? -errno : n;
	}
}
