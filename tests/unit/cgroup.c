// SPDX-License-Identifier: GPL-2.0-only
/* Where a process stands in the hierarchies: texts of procfs as they occur. */
#include <stdio.h>
#include <string.h>

#include "nsc/cgroup.h"

static int number, failed;

static void check(int good, const char *name)
{
	printf("%sok %d %s\n", good ? "" : "not ", ++number, name);
	failed += !good;
}

static int same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static const struct {
	const char *name, *text, *v2, *v1, *controllers;
} places[] = {
	{ "v2 only", "0::/user.slice\n", "/user.slice", NULL, NULL },
	{ "hybrid, pids before others",
	  "9:name=systemd:/s\n8:pids:/p\n6:freezer:/f\n0::/u\n", "/u", "/p", "pids" },
	{ "hybrid, the better choice last", "8:freezer:/f\n2:pids:/p\n0::/\n", "/", "/p", "pids" },
	{ "controllers mounted together",
	  "3:net_cls,net_prio:/n\n0::/\n", "/", "/n", "net_cls,net_prio" },
	{ "a named hierarchy alone", "1:name=systemd:/s\n0::/\n", "/", "/s", "name=systemd" },
	{ "unsuitable controllers", "4:cpuset:/c\n3:memory:/m\n", NULL, NULL, NULL },
	{ "a name that begins like one", "4:pidsomething:/x\n0::/\n", "/", NULL, NULL },
	{ "colons in the path", "0::/a:b:c\n", "/a:b:c", NULL, NULL },
	{ "outside of the root", "5:pids:/../x\n0::/..\n", "/..", "/../x", "pids" },
	{ "nothing", "", NULL, NULL, NULL },
	{ "garbage", "what is this\n::\n", NULL, NULL, NULL },
};

static const struct {
	const char *name, *mountinfo;
	enum cgroup_version version;
	struct cgroup_place place;
	const char *directory;
} directories[] = {
	{ "root of the hierarchy", "41 31 0:38 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n",
	  CGROUP_V2, { "/", NULL }, "/sys/fs/cgroup" },
	{ "below it", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
	  CGROUP_V2, { "/a/b", NULL }, "/sys/fs/cgroup/a/b" },
	{ "a mount of a part", "41 31 0:38 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
	  CGROUP_V2, { "/docker/1/x", NULL }, "/sys/fs/cgroup/x" },
	{ "that part itself", "41 31 0:38 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
	  CGROUP_V2, { "/docker/1", NULL }, "/sys/fs/cgroup" },
	{ "a mount of another part",
	  "41 31 0:38 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
	  CGROUP_V2, { "/docker/12", NULL }, NULL },
	{ "outside of the namespace", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
	  CGROUP_V2, { "/../x", NULL }, NULL },
	{ "blanks in the mount point", "41 31 0:38 / /my\\040cg rw - cgroup2 cgroup2 rw\n",
	  CGROUP_V2, { "/a", NULL }, "/my cg/a" },
	{ "v1 by controller",
	  "32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu\n"
	  "40 31 0:36 / /cg/pids rw - cgroup cgroup rw,pids\n",
	  CGROUP_V1, { "/a", "pids" }, "/cg/pids/a" },
	{ "v1 by name", "40 31 0:37 / /cg/s rw - cgroup cgroup rw,name=systemd\n",
	  CGROUP_V1, { "/a", "name=systemd" }, "/cg/s/a" },
	{ "v1 of controllers together",
	  "40 31 0:37 / /cg/n rw - cgroup cgroup rw,net_cls,net_prio\n",
	  CGROUP_V1, { "/", "net_cls,net_prio" }, "/cg/n" },
	{ "v1 is not v2", "40 31 0:36 / /cg/pids rw - cgroup cgroup rw,pids\n",
	  CGROUP_V2, { "/", NULL }, NULL },
	{ "not mounted", "27 1 254:0 / / rw - ext4 /dev/vda rw\n", CGROUP_V2, { "/", NULL }, NULL },
	{ "no such hierarchy", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
	  CGROUP_V2, { NULL, NULL }, NULL },
};

/* Controllers in the order in which they must come, - for v2. */
static const struct {
	const char *name, *text, *order;
} hierarchies[] = {
	{ "all, those that ops work in first",
	  "9:name=systemd:/s\n8:pids:/p\n3:cpu,cpuacct:/c\n0::/u\n",
	  "- pids name=systemd cpu,cpuacct " },
	{ "all of v1", "3:cpuset:/c\n2:freezer:/f\n", "freezer cpuset " },
	{ "two with a name", "3:name=a:/\n2:name=b:/\n", "name=a name=b " },
	{ "only v2", "0::/\n", "- " },
	{ "no hierarchy", "::\nwhat\n", "" },
};

static void check_hierarchies(struct pool *pool)
{
	for (size_t i = 0; i < sizeof(hierarchies) / sizeof(*hierarchies); i++) {
		struct cgroup_place got[CGROUP_HIERARCHIES];
		size_t n = cgroup_hierarchies(pool, hierarchies[i].text, got);
		const char *order = "";

		for (size_t k = 0; k < n; k++)
			order = pool_printf(pool, "%s%s ", order,
					    got[k].controllers ? got[k].controllers : "-");
		check(same(order, hierarchies[i].order), hierarchies[i].name);
	}
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	const char *off = "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,favordynmods\n";
	const char *on = "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n";

	printf("TAP version 13\n");
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct cgroup_place got[CGROUP_VERSIONS];

		cgroup_places(&pool, places[i].text, got);
		check(same(got[CGROUP_V2].path, places[i].v2) &&
		      same(got[CGROUP_V1].path, places[i].v1) &&
		      same(got[CGROUP_V1].controllers, places[i].controllers), places[i].name);
	}
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		check(same(cgroup_directory(&pool, directories[i].mountinfo, directories[i].version,
					    &directories[i].place), directories[i].directory),
		      directories[i].name);
	check_hierarchies(&pool);
	check(cgroup_v2_option(on, "nsdelegate") && !cgroup_v2_option(off, "nsdelegate") &&
	      !cgroup_v2_option("", "nsdelegate"), "mount options");
	printf("1..%d\n", number);
	return failed != 0;
}
