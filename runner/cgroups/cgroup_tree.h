/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Removing a cgroup with everything in it.
 */
#ifndef NSC_CGROUP_TREE_H
#define NSC_CGROUP_TREE_H

#include <stdint.h>

#include "nsc/pool.h"

/* Names of the directory's sub-directories, NULL-terminated, from POOL. */
const char **cgroup_tree_children(struct pool *pool, int dir);

/*
 * Kill what runs in cgroup NAME of directory PARENT or below, wait until it is dead or
 * DEADLINE_NS (sys_now_ns() terms) has come, and remove the directories.  0 also when there
 * is none of that name; -1 with errno when something is left.
 */
int cgroup_tree_remove(int parent, const char *name, int64_t deadline_ns);

#endif
