/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls that libc does not wrap, and the few helpers that every file needs.
 * No policy here.  All descriptors are CLOEXEC.
 */
#ifndef NSC_SYS_H
#define NSC_SYS_H

#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include "nsc/field.h"
#include "nsc/pool.h"

static inline void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Hand a descriptor over: the variable forgets it. */
static inline int fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define AUTO_FD __attribute__((cleanup(fd_close))) int

struct clone_request {
	uint64_t flags;	     /* CLONE_* */
	int *pidfd;	     /* with CLONE_PIDFD */
	pid_t *parent_tid, *child_tid;
	int exit_signal;
	const pid_t *set_tid;
	size_t set_tid_size;
	int cgroup;	     /* with CLONE_INTO_CGROUP */
};

/*
 * clone3(2) as fork would use it (no CLONE_VM unless CLONE_VFORK): 0 in the child,
 * the pid in the parent, -errno on failure.  Where it is missing or forbidden, clone(2) is used for
 * what that can do; a cell that is about clone3 asks for it (syscall.clone3, call.clone3).
 */
pid_t sys_clone3(const struct clone_request *req);
/*
 * clone(2) of a child that runs RUN(ARG), which does not return, in the caller's address space while
 * the caller waits for it to exit: a process that only makes others needs none of its own, and one
 * costs more than all else that such a process does.  What the child forks goes on with a copy, on
 * the same stack.  FLAGS are CLONE_* of clone(2), which has no CLONE_NEWTIME, and PIDFD is for
 * CLONE_PIDFD; the pid, or -errno, also where there is no memory for that stack.  Not for several
 * threads at once.
 */
pid_t sys_clone_lent(uint64_t flags, int *pidfd, void (*run)(void *arg), void *arg);
int sys_pidfd_open(pid_t pid, unsigned flags);			 /* fd or -errno */
int sys_pidfd_send_signal(int pidfd, int signal, unsigned flags); /* 0 or -errno */
int sys_pidfd_getfd(int pidfd, int fd);				 /* fd or -errno */
int sys_pivot_root(const char *new_root, const char *put_old);	 /* 0 or -errno */

/*
 * Close every descriptor but the N in KEEP.  Where close_range(2) is missing or forbidden, those
 * that /proc/self/fd lists, and without that all numbers that RLIMIT_NOFILE allows.
 */
void sys_close_all_but(const int *keep, size_t n);
/* As sys_close_all_but(), but mark the descriptors close-on-exec. */
void sys_cloexec_all_but(const int *keep, size_t n);

/*
 * In a mount namespace of the caller's own: make all mounts private to it, and the caller's root
 * the root of the namespace, which it is not in a chroot.  It stays the same directory; the
 * working directory is lost.  NULL, or the step that failed with errno set.
 */
const char *sys_mounts_private(void);
/*
 * Programs that take the place of others of their NAME: PROGRAMS are NAME=FILE, PROGRAMS_MAX at
 * most. The directory of FILE is opened as a mount that is attached nowhere, while it can be seen, and
 * then attached in DIR, which is made, with a link NAME to FILE: nobody can write to it there. 0, or
 * -errno with *FAILED a path; TREES are descriptors, to be closed by the caller whatever came of it.
 * Source: open_tree(2), move_mount(2), since Linux 5.2.
 */
enum { PROGRAMS_MAX = 8 };
int sys_programs_open(const struct strs *programs, int trees[PROGRAMS_MAX], const char **failed);
int sys_programs_attach(const struct strs *programs, int trees[PROGRAMS_MAX], const char *dir,
			const char **failed);
void sys_programs_close(int trees[PROGRAMS_MAX]);

/* CLOCK_MONOTONIC_RAW in nanoseconds, for durations only: a time namespace shifts it. */
int64_t sys_now_ns(void);
/* Since 1970 (CLOCK_REALTIME): for people, as it may be set meanwhile. */
int64_t sys_wall_ns(void);

/* Whole file (up to MAX bytes) as NUL-terminated text; 0, or -errno. LEN may be NULL. */
int sys_read_file(struct pool *pool, const char *path, size_t max, char **text, size_t *len);
int sys_read_fd(struct pool *pool, int fd, size_t max, char **text, size_t *len);
/* One write(2) of the whole text to an existing file; 0, or -errno (EIO when short). */
int sys_write_file(const char *path, const char *text);
int sys_write_at(int dirfd, const char *path, const char *text);

/* Remove a directory and all below it; what cannot be removed stays. */
void sys_remove_tree(const char *dir);

/*
 * The program that execvp(3) would find by NAME in the directories of PATH, but not in the current
 * one by an empty element, or NULL. A name with a slash is looked for nowhere else.
 */
const char *sys_find_program(struct pool *pool, const char *path, const char *name);

/*
 * Wait until FD is readable or DEADLINE_NS (sys_now_ns() terms): 1 readable, 0 late, or -errno,
 * which is -EBADF for an FD below zero.
 */
int sys_wait_readable(int fd, int64_t deadline_ns);

#endif
