// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of namespace kinds, and identity.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "nsc/ns.h"
#include "nsc/sys.h"
#include "uapi/pidfd.h"

#define GET(n) _IO(UAPI_PIDFD_MAGIC, UAPI_PIDFD_GET_##n)

/* Fixed inodes: include/linux/proc_ns.h; net and mnt only since 6.17. */
const struct ns_kind ns_kinds[NS_COUNT] = {
	[NS_USER] = { .name = "user", .config = "USER_NS", .title = "user",
		      .flag = CLONE_NEWUSER, .proc_ino = 0xEFFFFFFD, .get = GET(USER) },
	[NS_MNT] = { .name = "mnt", .title = "mount", .flag = CLONE_NEWNS,
		     .recent_ino = 0xEFFFFFF8, .get = GET(MNT) },
	[NS_PID] = { .name = "pid", .children = "pid_for_children", .config = "PID_NS",
		     .title = "PID", .flag = CLONE_NEWPID, .proc_ino = 0xEFFFFFFC,
		     .get = GET(PID), .get_children = GET(PID_FOR_CHILDREN) },
	[NS_NET] = { .name = "net", .config = "NET_NS", .title = "network",
		     .flag = CLONE_NEWNET, .recent_ino = 0xEFFFFFF9, .get = GET(NET) },
	[NS_IPC] = { .name = "ipc", .config = "IPC_NS", .title = "IPC",
		     .flag = CLONE_NEWIPC, .proc_ino = 0xEFFFFFFF, .get = GET(IPC) },
	[NS_UTS] = { .name = "uts", .config = "UTS_NS", .title = "UTS",
		     .flag = CLONE_NEWUTS, .proc_ino = 0xEFFFFFFE, .get = GET(UTS) },
	[NS_CGROUP] = { .name = "cgroup", .config = "CGROUPS", .title = "cgroup",
			.flag = CLONE_NEWCGROUP, .proc_ino = 0xEFFFFFFB, .get = GET(CGROUP) },
	[NS_TIME] = { .name = "time", .children = "time_for_children", .config = "TIME_NS",
		      .title = "time", .flag = CLONE_NEWTIME, .proc_ino = 0xEFFFFFFA,
		      .get = GET(TIME), .get_children = GET(TIME_FOR_CHILDREN) },
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
	char path[64] = "/proc/thread-self/ns/";
	struct stat st;

	if (stat(strcat(path, ns_kinds[ns].name), &st) < 0)
		return -errno;
	id->dev = st.st_dev;
	id->ino = st.st_ino;
	return 0;
}

int ns_of_pidfd(int pidfd, enum ns ns, struct ns_id *id)
{
	AUTO_FD fd = ioctl(pidfd, ns_kinds[ns].get, 0);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	*id = (struct ns_id){ st.st_dev, st.st_ino };
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
