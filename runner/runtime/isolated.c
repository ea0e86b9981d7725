// SPDX-License-Identifier: GPL-2.0-only
/*
 * Even `--version` has side effects: firejail mounts, crun makes /run/crun.  What runs here is
 * PID 1 of its namespaces, so that killing it kills everything.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/isolated.h"
#include "runtime/launch.h"
#include "nsc/box.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"

#define APART (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | \
	       CLONE_NEWCGROUP)

/* An ordinary user makes them in a user namespace, as its root. */
static bool become_root(void)
{
	char uid[32], gid[32];

	snprintf(uid, sizeof(uid), "0 %u 1", getuid());
	snprintf(gid, sizeof(gid), "0 %u 1", getgid());
	return unshare(CLONE_NEWUSER) == 0 && sys_write_file("/proc/self/setgroups", "deny") == 0 &&
		sys_write_file("/proc/self/uid_map", uid) == 0 &&
		sys_write_file("/proc/self/gid_map", gid) == 0;
}

static bool shut_files(const struct strs *programs)
{
	static const char *const own[] = { "/run", "/tmp" };
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	int trees[PROGRAMS_MAX];
	const char *failed;

	if (sys_programs_open(programs, trees, &failed) < 0 || sys_mounts_private())
		return false;
	/* Kernels before 5.12 cannot do that to all at once: there it is only not shared. */
	sys_call(SYS_mount_setattr, -1, "/", AT_RECURSIVE, &attr, sizeof(attr));
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (mount("apart", own[i], "tmpfs", 0, "mode=755") < 0)
			return false;
	if (programs->n && (mkdir(MOAT_DIR, 0755) < 0 ||
			    sys_programs_attach(programs, trees, MOAT_PROGRAMS, &failed) < 0))
		return false;
	/* Of the PID namespace; where it may not be mounted the old one is read-only. */
	if (mount("proc", "/proc", "proc", 0, NULL) < 0)
		return errno == EPERM;
	return true;
}

struct isolated {
	char **argv;
	const struct strs *programs;
	const char *path; /* where its program is looked for */
};

static void child(const struct isolated *what, int out) __attribute__((noreturn));
static void child(const struct isolated *what, int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Drop CAP_SYS_ADMIN: a program that can mount would reach the machine's cgroups and
	 * more. */
	if (!shut_files(what->programs) || prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN) < 0)
		_exit(126);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(126);
	sys_cloexec_all_but((const int[]){ 0, 1, 2 }, 3);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (chdir("/") == 0 && setenv("PATH", what->path, 1) == 0)
		execvp(what->argv[0], what->argv);
	_exit(127);
}

/* A process between the runner and the program, because unshare(2) puts only children into a PID
 * namespace. */
static void go_between(const struct isolated *what, int out) __attribute__((noreturn));
static void go_between(const struct isolated *what, int out)
{
	struct clone_request req = { .exit_signal = SIGCHLD };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_DFL);
	if ((geteuid() && !become_root()) || unshare(APART) < 0)
		_exit(126);
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		child(what, out);
	close(out);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	_exit(pid < 0);
}

char *isolated_output(struct pool *pool, const struct value *argv, const struct strs *programs,
		      size_t max, int64_t within_ns)
{
	struct isolated what = {
		.argv = pool_array(pool, char *, argv->list.n + 1), .programs = programs,
		.path = launch_path(pool, programs),
	};
	char *text = NULL;
	int ends[2], pidfd = -1;
	struct clone_request req = { .flags = CLONE_PIDFD, .pidfd = &pidfd,
				     .exit_signal = SIGCHLD };

	for (size_t i = 0; i < argv->list.n; i++)
		what.argv[i] = (char *)value_text(argv->list.items[i]);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		go_between(&what, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		if (sys_wait_readable(pidfd, sys_now_ns() + within_ns) != 1)
			sys_pidfd_send_signal(pidfd, SIGKILL, 0);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		if (sys_read_fd(pool, ends[0], max, &text, NULL) < 0)
			text = NULL;
	}
	fd_close(&pidfd);
	close(ends[0]);
	return text;
}
