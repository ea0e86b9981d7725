// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of namespace kinds, and identity.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "nsc/ns.h"

/* Fixed inodes: include/linux/proc_ns.h; net and mnt only since 6.17. */
const struct ns_kind ns_kinds[NS_COUNT] = {
	[NS_USER] = { .name = "user", .config = "USER_NS", .title = "user",
		      .flag = CLONE_NEWUSER, .proc_ino = 0xEFFFFFFD },
	[NS_MNT] = { .name = "mnt", .title = "mount", .flag = CLONE_NEWNS,
		     .recent_ino = 0xEFFFFFF8 },
	[NS_PID] = { .name = "pid", .children = "pid_for_children", .config = "PID_NS",
		     .title = "PID", .flag = CLONE_NEWPID, .proc_ino = 0xEFFFFFFC },
	[NS_NET] = { .name = "net", .config = "NET_NS", .title = "network",
		     .flag = CLONE_NEWNET, .recent_ino = 0xEFFFFFF9 },
	[NS_IPC] = { .name = "ipc", .config = "IPC_NS", .title = "IPC",
		     .flag = CLONE_NEWIPC, .proc_ino = 0xEFFFFFFF },
	[NS_UTS] = { .name = "uts", .config = "UTS_NS", .title = "UTS",
		     .flag = CLONE_NEWUTS, .proc_ino = 0xEFFFFFFE },
	[NS_CGROUP] = { .name = "cgroup", .config = "CGROUPS", .title = "cgroup",
			.flag = CLONE_NEWCGROUP, .proc_ino = 0xEFFFFFFB },
	[NS_TIME] = { .name = "time", .children = "time_for_children", .config = "TIME_NS",
		      .title = "time", .flag = CLONE_NEWTIME, .proc_ino = 0xEFFFFFFA },
};

int ns_find(const char *name)
{
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (!strcmp(ns_kinds[ns].name, name))
			return ns;
	return -1;
}

uint64_t ns_flags(unsigned mask)
{
	uint64_t flags = 0;

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (mask & NS_BIT(ns))
			flags |= ns_kinds[ns].flag;
	return flags;
}

int ns_self(enum ns ns, struct ns_id *id)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", ns_kinds[ns].name);
	if (stat(path, &st) < 0)
		return -errno;
	id->dev = st.st_dev;
	id->ino = st.st_ino;
	return 0;
}

int ns_initial(enum ns ns, const struct ns_id *id)
{
	int version = 0, patchlevel = 0;
	struct utsname uts;

	if (!id->ino)
		return -1;
	if (ns_kinds[ns].proc_ino)
		return id->ino == ns_kinds[ns].proc_ino;
	/* No other namespace has that inode; but before 6.17 initial net and mnt namespaces may
	 * have any. */
	if (id->ino == ns_kinds[ns].recent_ino)
		return 1;
	if (uname(&uts) < 0 || sscanf(uts.release, "%d.%d", &version, &patchlevel) != 2)
		return -1;
	return version * 1000 + patchlevel >= 6017 ? 0 : -1;
}

bool ns_same(const struct ns_id *a, const struct ns_id *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}
