/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of a process in an instance of procfs.
 *
 * A number names a process only together with a PID namespace.  The instance on /proc belongs to
 * the namespace of whoever mounted it: an actor in a nested PID namespace has its parent's, and
 * /proc/NUMBER with the actor's own number is somebody else there.  No other file makes such a
 * path (tools/lint).
 *
 * PROC is the instance's root directory, or PROCDIR_MOUNTED for the one on /proc.  What is returned is
 * an O_PATH descriptor, which stays with its process when the number is used again, or -errno:
 *   -ESRCH   nobody has that number, or the process was waited for
 *   -ENOENT  the instance does not show the process, or not the caller
 */
#ifndef NSC_PROCDIR_H
#define NSC_PROCDIR_H

#include <sys/types.h>

enum { PROCDIR_MOUNTED = -1 };

/* The process (or, with PIDFD_THREAD, the thread) that PIDFD refers to. */
int procdir_of_pidfd(int proc, int pidfd);
/* The process or thread that has the number PID in the caller's PID namespace. */
int procdir_of_pid(int proc, pid_t pid);

#endif
