// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kills, waits and removes, in either version of cgroups. Waiting is for a change of cgroup.events
 * (v2) or for the end of a process (v1), never for a time.
 */
#define _GNU_SOURCE
#include "cgroups/cgroup_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nsc/sys.h"

const char **cgroup_tree_children(struct pool *pool, int dir)
{
	size_t n = 0, room = 16;
	const char **names = pool_array(pool, const char *, room);
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);

	if (!stream) {
		fd_close(&fd);
		return names;
	}
	for (struct dirent *e = readdir(stream); e; e = readdir(stream)) {
		if (e->d_type != DT_DIR || !strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (n + 1 == room) {
			const char **more = pool_array(pool, const char *, room * 4);

			memcpy(more, names, n * sizeof(*names));
			names = more;
			room *= 4;
		}
		names[n++] = pool_strdup(pool, e->d_name);
	}
	closedir(stream);
	return names;
}

/*
 * Children first, where there are any: most have none. 0, or -1 with the errno of the first that
 * could not be removed.
 */
static int remove_empty(int parent, const char *name)
{
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	AUTO_POOL pool = { 0 };
	AUTO_FD dir = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return errno == ENOENT ? 0 : -1;
	const char **children = cgroup_tree_children(&pool, dir);

	for (size_t i = 0; children[i]; i++)
		if (remove_empty(dir, children[i]) < 0)
			return -1;
	return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -1;
}

/* v2: poll cgroup.events until no process is left in the subtree. False when it cannot be read. */
static bool wait_unpopulated(int dir, int64_t deadline_ns)
{
	AUTO_FD events = openat(dir, "cgroup.events", O_RDONLY | O_CLOEXEC);

	if (events < 0)
		return false;
	for (;;) {
		AUTO_POOL pool = { 0 };
		struct pollfd p = { .fd = events, .events = POLLPRI };
		int64_t left = deadline_ns - sys_now_ns();
		char *text;

		if (lseek(events, 0, SEEK_SET) < 0 ||
		    sys_read_fd(&pool, events, 4096, &text, NULL) < 0)
			return false;
		if (strstr(text, "populated 0") || left <= 0)
			return true;
		poll(&p, 1, (int)(left / 1000000) + 1);
	}
}

/* The pidfd is opened first, and then the number must still be a member: numbers are reused. */
static void kill_member(int dir, pid_t pid, int64_t deadline_ns)
{
	AUTO_POOL pool = { 0 };
	AUTO_FD pidfd = sys_pidfd_open(pid, 0);
	AUTO_FD procs = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	char *text;

	if (pidfd < 0 || procs < 0 || sys_read_fd(&pool, procs, 1 << 20, &text, NULL) < 0)
		return;
	const char *lines = pool_printf(&pool, "\n%s", text);

	if (strstr(lines, pool_printf(&pool, "\n%d\n", pid)) &&
	    sys_pidfd_send_signal(pidfd, SIGKILL, 0) == 0)
		sys_wait_readable(pidfd, deadline_ns);
}

/* Kill the members of this cgroup and those below. PID 0 is a process of another PID namespace,
 * which cannot be killed from here. */
static void kill_members(int dir, int64_t deadline_ns)
{
	AUTO_POOL pool = { 0 };
	AUTO_FD procs = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	const char **children = cgroup_tree_children(&pool, dir);
	char *text, *save = NULL;

	for (size_t i = 0; children[i]; i++) {
		AUTO_FD child = openat(dir, children[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (child >= 0)
			kill_members(child, deadline_ns);
	}
	if (procs < 0 || sys_read_fd(&pool, procs, 1 << 20, &text, NULL) < 0)
		return;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (atoi(line) > 0)
			kill_member(dir, atoi(line), deadline_ns);
}

/* cgroup.kill (Linux 5.14) kills all at once, also processes that are being forked. */
static void empty(int dir, int64_t deadline_ns)
{
	if (sys_write_at(dir, "cgroup.kill", "1") < 0)
		kill_members(dir, deadline_ns);
	if (!wait_unpopulated(dir, deadline_ns))
		sched_yield();
}

int cgroup_tree_remove(int parent, const char *name, int64_t deadline_ns)
{
	for (;;) {
		if (remove_empty(parent, name) == 0)
			return 0;
		if (errno != EBUSY)
			return -1;
		AUTO_FD dir = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (dir >= 0)
			empty(dir, deadline_ns);
		if (sys_now_ns() >= deadline_ns) {
			errno = EBUSY;
			return -1;
		}
	}
}
