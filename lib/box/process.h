/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose a process in the moat is.
 */
#ifndef NSC_PROCESS_H
#define NSC_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct pool;
struct stat;
/* The process's name, or NULL when it is gone or a zombie. */
const char *moat_process(struct pool *pool, const char *number);
/* Whether the process is an actor or belongs to the moat: such ones come and go in any cell. */
bool moat_own_process(struct pool *pool, const char *name, const char *number);
/* Whether the process executes this program; MADE is a copy of it when that was made, or zero. */
bool moat_is_agent(pid_t pid, const struct stat *made);
/* Name and number of the process that traces it (ptrace(2)), or NULL. */
const char *moat_tracer(struct pool *pool, pid_t pid);

#endif
