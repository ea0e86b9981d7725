// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime could change of its host, as lines of text that can be compared.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../root/moat.h"
#include "nsc/cgroup.h"
#include "nsc/sys.h"
#include "process.h"

/* State that cannot be read must not pass for state that has not changed, so the op is broken
 * then. */
struct lines {
	struct pool *pool;
	struct strs v;
	size_t room;
	const char *failed; /* what could not be read, with the reason in `reason`; or NULL */
	int reason;	    /* an errno */
};

static void fail(struct lines *l, const char *what, int reason)
{
	if (l->failed)
		return;
	l->failed = what;
	l->reason = reason;
}

static DIR *open_dir(struct lines *l, const char *path)
{
	DIR *dir = opendir(path);

	if (!dir)
		fail(l, path, errno);
	return dir;
}

static void add(struct lines *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(struct lines *l, const char *fmt, ...)
{
	va_list ap;

	l->v.v = pool_grow(l->pool, l->v.v, l->v.n, &l->room, sizeof(*l->v.v));
	va_start(ap, fmt);
	l->v.v[l->v.n++] = pool_vprintf(l->pool, fmt, ap);
	va_end(ap);
}

static void read_names(struct lines *l)
{
	struct utsname uts;

	uname(&uts);
	add(l, "hostname %s", uts.nodename);
	add(l, "domainname %s", uts.domainname);
}

static void read_links(struct lines *l)
{
	DIR *dir = open_dir(l, "/sys/class/net");

	for (struct dirent *e; dir && (e = readdir(dir));) {
		char *flags;

		if (*e->d_name == '.')
			continue;
		const char *path = pool_printf(l->pool, "/sys/class/net/%s/flags", e->d_name);

		if (sys_read_file(l->pool, path, 64, &flags, NULL) < 0)
			flags = pool_strdup(l->pool, "?");
		flags[strcspn(flags, "\n")] = 0;
		add(l, "link %s %s", e->d_name, flags);
	}
	if (dir)
		closedir(dir);
}

/* Mount ids and device numbers are left out, as they differ from run to run. */
static void read_mounts(struct lines *l)
{
	char *text;
	int rc = sys_read_file(l->pool, "/proc/self/mountinfo", 4 << 20, &text, NULL);

	if (rc < 0)
		return fail(l, "mountinfo", -rc);
	for (char *line; (line = strsep(&text, "\n"));) {
		char root[512], at[512], options[512], rest[512];

		if (sscanf(line, "%*d %*d %*s %511s %511s %511s %511[^\n]", root, at, options,
			   rest) != 4)
			continue;
		const char *type = strstr(rest, "- ");
		size_t len = strlen(at);

		/* /work in a root directory is the harness's; below a box's private directory
		 * only the bundle is watched. */
		if (!strncmp(at, MOAT_DIR "/", strlen(MOAT_DIR) + 1) &&
		    (!strstr(at, "/bundle") ||
		     (len > 12 && !strcmp(at + len - 12, "/rootfs/work"))))
			continue;
		add(l, "mount %s %s %s %s%s", at, root, options,
		    strstr(rest, "shared:") ? "shared " : "", type ? type + 2 : "");
	}
}

/* Sysctls that belong to namespaces, and some of the machine's that runtimes have changed. */
static void read_sysctls(struct lines *l)
{
	static const char *const names[] = {
		"kernel/shmmax", "kernel/shmall", "kernel/shmmni", "kernel/msgmax", "kernel/msgmnb",
		"kernel/msgmni", "kernel/sem", "kernel/core_pattern", "kernel/sysrq",
		"kernel/panic", "kernel/keys/maxkeys", "kernel/threads-max", "fs/file-max",
		"fs/mqueue/msg_max", "net/ipv4/ip_forward", "net/ipv4/conf/all/rp_filter",
		"net/ipv4/ping_group_range", "net/ipv6/conf/all/forwarding", "vm/overcommit_memory",
		"user/max_user_namespaces",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *path = pool_printf(l->pool, "/proc/sys/%s", names[i]);
		char *text;

		if (sys_read_file(l->pool, path, 256, &text, NULL) < 0)
			continue;
		text[strcspn(text, "\n")] = 0;
		add(l, "sysctl %s %s", names[i], text);
	}
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* List what is below ROOT as if it were SHOWN, without MOAT_DIR and without other file systems. */
static void walk(struct lines *l, const char *category, const char *root, const char *shown,
		 bool directories_only)
{
	char *const roots[] = { (char *)root, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV | FTS_NOSTAT, by_name);

	if (!fts)
		fail(l, root, errno);
	for (FTSENT *e; fts && (e = fts_read(fts));) {
		if (e->fts_level && !strcmp(e->fts_path, MOAT_DIR)) {
			fts_set(fts, e, FTS_SKIP);
			continue;
		}
		if (e->fts_level == 0 || e->fts_info == FTS_DP ||
		    (directories_only && e->fts_info != FTS_D))
			continue;
		add(l, "%s %s%s%s", category, shown, e->fts_path + strlen(root),
		    e->fts_info == FTS_D ? "/" : "");
	}
	if (fts)
		fts_close(fts);
}

/* The directory of a cgroup has no entry in it that is a directory, which is how many links say. */
static bool has_children(const char *directory)
{
	struct stat st;

	return stat(directory, &st) < 0 || st.st_nlink != 2;
}

struct v1 {
	struct lines *l;
	struct cgroup_place places[CGROUP_HIERARCHIES];
	size_t n;
};

/*
 * In the memory of who reads the state. A mount covers the one before, and all end with this
 * process; umount(2) would take longer.
 */
static void look_at_v1(void *arg) __attribute__((noreturn));
static void look_at_v1(void *arg)
{
	struct v1 *v1 = arg;
	struct pool *pool = v1->l->pool;

	if (unshare(CLONE_NEWNS) < 0)
		_exit(1);
	for (size_t i = 0; i < v1->n; i++) {
		const struct cgroup_place *place = &v1->places[i];

		/* A hierarchy that this process may not mount is closed to the runtime as well,
		 * which has the same rights. */
		if (place->controllers && mount("v1", MOAT_DIR, "cgroup", 0,
				cgroup_mount_options(pool, place)) == 0 && has_children(MOAT_DIR))
			walk(v1->l, "cgroup", MOAT_DIR,
			     pool_printf(pool, "%s:", place->controllers), true);
	}
	v1->n = 0;
	_exit(0);
}

/*
 * v1 hierarchies are not mounted in a moat, because runtimes would take its cgroups for a hybrid
 * setup. Runtimes may mount them themselves, so a child mounts each in a namespace of its own to
 * look.
 */
static void read_v1(struct lines *l)
{
	struct v1 v1 = { .l = l };
	char *text;
	int rc = sys_read_file(l->pool, "/proc/self/cgroup", 1 << 16, &text, NULL);

	if (rc < 0)
		return fail(l, "its own cgroups", -rc);
	v1.n = cgroup_hierarchies(l->pool, text, v1.places);
	if (!v1.n || (v1.n == 1 && !v1.places[0].controllers))
		return;
	pid_t pid = sys_clone_lent(0, NULL, look_at_v1, &v1);

	/* A child that died early has not come to the end. */
	if (pid < 0 || v1.n)
		fail(l, "cgroups of version 1", pid < 0 ? -pid : EIO);
}

const char *moat_process(struct pool *pool, const char *number)
{
	char *text;

	if (sys_read_file(pool, pool_printf(pool, "/proc/%s/stat", number), 1024, &text, NULL) < 0)
		return NULL;
	char *name = strchr(text, '('), *end = strrchr(text, ')');

	if (!name || !end || end[1] != ' ' || end[2] == 'Z' || end[2] == 'X')
		return NULL;
	*end = 0;
	return name + 1;
}

/* By the file that it executes, as a name can be taken. Agents of boxes execute copies, and must
 * be gone when their box is. */
bool moat_own_process(struct pool *pool, const char *name, const char *number)
{
	struct stat theirs, ours;

	if (strcmp(name, "nsconform") && strcmp(name, MOAT_FIRST))
		return false;
	return stat("/proc/self/exe", &ours) == 0 &&
		stat(pool_printf(pool, "/proc/%s/exe", number), &theirs) == 0 &&
		theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

/* A process that is exiting has no memory, and thus no exe: it cannot be told from an agent, and
 * is as good as gone. */
static bool is_ending(struct pool *pool, const char *number)
{
	struct stat st;

	return stat(pool_printf(pool, "/proc/%s/exe", number), &st) < 0 && errno == ENOENT;
}

static void read_processes(struct lines *l)
{
	DIR *dir = open_dir(l, "/proc");

	for (struct dirent *e; dir && (e = readdir(dir));) {
		const char *name = *e->d_name >= '1' && *e->d_name <= '9' ?
			moat_process(l->pool, e->d_name) : NULL;

		if (name && !strcmp(name, MOAT_CANARY))
			add(l, "process %s %s", name, e->d_name);
		else if (name && !moat_own_process(l->pool, name, e->d_name) &&
			 !is_ending(l->pool, e->d_name))
			add(l, "process %s", name);
	}
	if (dir)
		closedir(dir);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *moat_state(struct pool *pool, unsigned kinds, struct strs *state)
{
	struct lines l = { .pool = pool };

	if (kinds & NSM_UTS)
		read_names(&l);
	if (kinds & NSM_NET)
		read_links(&l);
	if (kinds & NSM_IPC)
		read_sysctls(&l);
	if (kinds & NSM_CGROUP) {
		walk(&l, "cgroup", "/sys/fs/cgroup", "/sys/fs/cgroup", true);
		read_v1(&l);
	}
	if (kinds & NSM_PID)
		read_processes(&l);
	if (kinds & NSM_MNT) {
		read_mounts(&l);
		walk(&l, "file", MOAT_DIR "/upper", "", false);
		walk(&l, "file", "/run", "/run", false);
		walk(&l, "file", "/tmp", "/tmp", false);
		walk(&l, "file", "/dev", "/dev", false);
	}
	if (l.v.n)
		qsort(l.v.v, l.v.n, sizeof(*l.v.v), compare);
	*state = l.v;
	errno = l.reason;
	return l.failed;
}

struct strs moat_changes(struct pool *pool, const struct strs *before, const struct strs *after)
{
	struct lines l = { .pool = pool };
	size_t a = 0, b = 0;

	while (a < before->n || b < after->n) {
		int order = a == before->n ? 1 : b == after->n ? -1 :
			strcmp(before->v[a], after->v[b]);

		if (order < 0)
			add(&l, "gone: %s", before->v[a]);
		if (order > 0)
			add(&l, "new: %s", after->v[b]);
		a += order <= 0;
		b += order >= 0;
	}
	return l.v;
}

bool moat_tolerated(const char *line, const struct strs *names)
{
	const char *what = strchr(line, ' ');

	for (size_t i = 0; what && i < names->n; i++) {
		size_t len = strlen(names->v[i]);

		if (!strncmp(what + 1, names->v[i], len) &&
		    (!what[1 + len] || strchr("/ ", what[1 + len])))
			return true;
	}
	return false;
}
