/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cgroup directories for cells.
 *
 * A cgroup directory is the one thing that no namespace confines: it stays when the last
 * process has gone.  So a run that needs any works below one directory, nsconform.PID in the
 * runner's own cgroup, in the v2 hierarchy and in one v1 hierarchy where these are mounted
 * (for moats, in which runtimes use what they find, in every v1 hierarchy that is mounted),
 * and a janitor process removes that directory with all that is in it, processes included,
 * when the run is over or the runner has died, be it by SIGKILL.  What even the janitor
 * left (both were killed) is removed by the next run's start: a lock on the directory
 * tells a dead run's from a living one's.
 *
 * A cell gets one sub-directory in each hierarchy.  The arena's first process enters them
 * (writes 0 to cgroup.procs) before it makes its namespaces, so that the directory is the
 * root of the arena's cgroup namespace.
 */
#ifndef NSC_CGROUPS_H
#define NSC_CGROUPS_H

#include <sys/types.h>

#include "nsc/cgroup.h"
#include "nsc/pool.h"

struct cgroups;

/*
 * NULL when directories can be made here, else why not, from POOL or static.  Tries: makes
 * a directory in each hierarchy, opens its cgroup.procs, and removes it.  For the need
 * `cgroup.writable`.
 */
const char *cgroups_unwritable(struct pool *pool);

/*
 * Sweep away what dead runs left, start the janitor, make this run's directories.  NULL on
 * failure, with the reason in *WHY.  Everything lives in POOL until cgroups_stop().
 * Forks; no descriptor is inherited over exec.
 */
struct cgroups *cgroups_start(struct pool *pool, const char **why);

struct cgroups_cell {
	unsigned number; /* of this run, not used before */
	uid_t owner;	 /* may make cgroups inside: 0, or the uid of an unprivileged arena */
	bool moat;	 /* in every hierarchy, of which the further ones stay the runner's own */
};

/*
 * Make the directories of the cell and open them for openat(2): O_PATH, one for each
 * hierarchy, the caller's to close.  Returns how many there are, or -1 with the reason in *WHY;
 * then none is left open, and cgroups_remove() may still be called.
 */
int cgroups_make(struct cgroups *cgroups, const struct cgroups_cell *cell,
		 int dirs[CGROUP_HIERARCHIES], const char **why);

/*
 * Remove the directories of cell NUMBER with everything below.  Its processes should be dead;
 * those that are not are killed, and waited for up to two seconds.  0, or -1 with the
 * reason in *WHY; the janitor tries again at the end.
 */
int cgroups_remove(struct cgroups *cgroups, unsigned number, const char **why);

/* End the run: the janitor removes everything; waits for it. 0, or -1 when something is left. */
int cgroups_stop(struct cgroups *cgroups);

#endif
