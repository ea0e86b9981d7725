/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a process stands in the cgroup hierarchies, read from /proc/PID/cgroup and
 * mountinfo.  Ops work in the v2 hierarchy and in one v1 hierarchy, where these exist;
 * controller and agent choose the same one.  Runtimes work in whichever they find.
 */
#ifndef NSC_CGROUP_H
#define NSC_CGROUP_H

#include <stdbool.h>

#include "nsc/pool.h"

enum cgroup_version { CGROUP_V2, CGROUP_V1, CGROUP_VERSIONS };
/* More than the kernel has controllers; further named hierarchies are ignored. */
enum { CGROUP_HIERARCHIES = 24 };

struct cgroup_place {
	const char *path;	 /* in the reader's cgroup namespace; NULL: no such hierarchy */
	const char *controllers; /* v1: what mount -o takes, such as pids or name=systemd */
};

/* Read TEXT, the contents of a /proc/PID/cgroup file. */
void cgroup_places(struct pool *pool, const char *text,
		   struct cgroup_place places[CGROUP_VERSIONS]);
/* All hierarchies, the two above first; v2 is the one without controllers. Returns their number. */
size_t cgroup_hierarchies(struct pool *pool, const char *text,
			  struct cgroup_place places[CGROUP_HIERARCHIES]);
/* What mount(2) takes for the v1 hierarchy of PLACE. */
const char *cgroup_mount_options(struct pool *pool, const struct cgroup_place *place);

/*
 * The directory of PLACE through a mount that is in MOUNTINFO (the contents of that file);
 * NULL when no mount shows it.
 */
const char *cgroup_directory(struct pool *pool, const char *mountinfo,
			     enum cgroup_version version, const struct cgroup_place *place);

/* Is a cgroup2 mount with option OPTION in MOUNTINFO?  The options are those of all mounts. */
bool cgroup_v2_option(const char *mountinfo, const char *option);

#endif
