// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of facts about the machine and about this process on it.
 */
#define _GNU_SOURCE
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cgroups/cgroups.h"
#include "nsc/begin.h"
#include "nsc/ns.h"
#include "nsc/sys.h"
#include "machine/facts.h"
#include "machine/machine.h"

enum { FILE_BYTES_MAX = 4 * 1024 * 1024 };

/* Its first line, or NULL. */
static const char *line_of(struct pool *pool, const char *path)
{
	char *text;

	if (sys_read_file(pool, path, FILE_BYTES_MAX, &text, NULL) < 0)
		return NULL;
	text[strcspn(text, "\n")] = 0;
	return text;
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

static const char *join(struct pool *pool, const char *list, const char *between, const char *more)
{
	return *list ? pool_printf(pool, "%s%s%s", list, between, more) : more;
}

static const char *ids(struct pool *pool)
{
	return pool_printf(pool, "uid %u, gid %u, %d supplementary groups", geteuid(), getegid(),
			   getgroups(0, NULL));
}

static const char *privilege(struct pool *pool)
{
	struct machine m;

	(void)pool;
	machine_read(&m);
	return m.root ? "root of the machine" : "not root of the machine";
}

static int64_t as_found(const char *attribute)
{
	return begin_recall(begin_find(attribute)).found;
}

/* Capabilities missing from the bounding set are listed, as they are fewer than those in it. */
static const char *bounding(struct pool *pool)
{
	const char *last = line_of(pool, "/proc/sys/kernel/cap_last_cap");
	int64_t all = last ? (INT64_C(2) << atoi(last)) - 1 : 0;
	const struct begin_attribute *a = begin_find("bounding");
	int64_t without = all & ~as_found(a->name);

	return !last	? begin_show(pool, a, as_found(a->name)) :
	       !without ? "all that there are" :
	       without == all ? "none" :
	       pool_printf(pool, "all but %s", begin_show(pool, a, without));
}

/* The namespaces of this process that are not the machine's first. */
static const char *own_namespaces(struct pool *pool)
{
	const char *list = "";

	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct ns_id id;

		if (ns_self((enum ns)ns, &id) == 0 && ns_initial((enum ns)ns, &id) == 0)
			list = join(pool, list, " ", ns_kinds[ns].name);
	}
	return text_or(list, "none");
}

static const char *container(struct pool *pool)
{
	static const struct {
		const char *path, *means;
	} marks[] = {
		{ "/run/systemd/container", NULL },
		{ "/run/.containerenv", "podman" },
		{ "/.dockerenv", "docker" },
		{ "/run/host/container-manager", NULL },
		{ "/.flatpak-info", "flatpak" },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (access(marks[i].path, F_OK) == 0)
			return text_or(marks[i].means,
				       text_or(line_of(pool, marks[i].path), "of some kind"));
	return "no sign of one";
}

static const char *release(struct pool *pool)
{
	struct utsname uts;

	uname(&uts);
	return pool_printf(pool, "%s %s", uts.release, uts.machine);
}

static const char *config(struct pool *pool)
{
	const char *source;

	(void)pool;
	return machine_config(&source) ? source : "cannot be read";
}

static const char *kinds(struct pool *pool)
{
	const char *list = "";

	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct ns_id id;

		if (ns_self((enum ns)ns, &id) == 0)
			list = join(pool, list, " ", ns_kinds[ns].name);
	}
	return text_or(list, "none, or /proc is not mounted");
}

static const char *taint(struct pool *pool)
{
	const char *text = line_of(pool, "/proc/sys/kernel/tainted");

	return !text ? "unknown" : !strcmp(text, "0") ? "no" : text;
}

static const char *user_namespaces(struct pool *pool)
{
	static const char *const files[] = {
		"user/max_user_namespaces", "kernel/unprivileged_userns_clone",
		"kernel/apparmor_restrict_unprivileged_userns",
	};
	const char *list = "";

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		const char *text = line_of(pool, pool_printf(pool, "/proc/sys/%s", files[i]));
		const char *name = strchr(files[i], '/') + 1;

		if (text)
			list = join(pool, list, ", ", pool_printf(pool, "%s %s", name, text));
	}
	return text_or(list, "unknown");
}

static const char *started(struct pool *pool, const char *attribute)
{
	const struct begin_attribute *a = begin_find(attribute);
	struct begin_record r = begin_recall(a);

	return r.found_error ? "not known to this kernel" : begin_show(pool, a, r.found);
}

static const char *seccomp(struct pool *pool)
{
	static const char *const modes[] = { "none", "strict", "a filter" };
	int64_t mode = as_found("seccomp");

	(void)pool;
	return mode >= 0 && mode <= 2 ? modes[mode] : "unknown";
}

static const char *no_new_privs(struct pool *pool)
{
	(void)pool;
	return as_found("no-new-privs") ? "set: exec gains no privilege" : "clear";
}

static const char *label(struct pool *pool)
{
	return text_or(line_of(pool, "/proc/self/attr/current"), "none");
}

static const char *modules(struct pool *pool)
{
	return text_or(line_of(pool, "/sys/kernel/security/lsm"),
		       "unknown: securityfs is not mounted");
}

static const char *processes(struct pool *pool)
{
	return started(pool, "rlimit-nproc");
}

static const char *descriptors(struct pool *pool)
{
	return started(pool, "rlimit-nofile");
}

static const char *file_size(struct pool *pool)
{
	return started(pool, "rlimit-fsize");
}

static const char *nice_value(struct pool *pool)
{
	return started(pool, "nice");
}


static const char *processors(struct pool *pool)
{
	struct machine m;

	machine_read(&m);
	return pool_printf(pool, "%d", m.cpus);
}

/* The last mount on PATH, which is the one that is seen; in POOL. */
static const struct mntent *mounted_on(struct pool *pool, const char *path)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct mntent *last = NULL, *m;

	while (f && (m = getmntent(f)))
		if (!strcmp(m->mnt_dir, path)) {
			last = pool_new(pool, struct mntent);
			last->mnt_type = pool_strdup(pool, m->mnt_type);
			last->mnt_opts = pool_strdup(pool, m->mnt_opts);
		}
	if (f)
		endmntent(f);
	return last;
}

static const char *mount_of(struct pool *pool, const char *path)
{
	const struct mntent *m = mounted_on(pool, path);

	return m ? pool_printf(pool, "%s, %s", m->mnt_type, m->mnt_opts) : NULL;
}

static const char *root_mount(struct pool *pool)
{
	return text_or(mount_of(pool, "/"), "no mount point: this is a chroot");
}

static const char *proc_mount(struct pool *pool)
{
	return text_or(mount_of(pool, "/proc"), "not mounted");
}

static const char *sys_mount(struct pool *pool)
{
	return text_or(mount_of(pool, "/sys"), "not mounted");
}

/* A mount over part of /proc forbids a fresh one to a user namespace. */
static const char *masked(struct pool *pool)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	const char *list = "";
	const struct mntent *m;

	while (f && (m = getmntent(f)))
		if (!strncmp(m->mnt_dir, "/proc/", 6) && strcmp(m->mnt_type, "binfmt_misc") &&
		    strcmp(m->mnt_type, "autofs"))
			list = join(pool, list, " ", pool_strdup(pool, m->mnt_dir));
	if (f)
		endmntent(f);
	return text_or(list, "nothing");
}

static const char *writable(struct pool *pool, const char *path)
{
	struct statvfs st;

	(void)pool;
	return statvfs(path, &st) < 0 ? "not there" : st.f_flag & ST_RDONLY ? "read-only" :
	       access(path, W_OK) < 0 ? "not for this user" : "writable";
}

static const char *proc_sys(struct pool *pool)
{
	struct statvfs st;

	(void)pool;
	return statvfs("/proc/sys/kernel", &st) < 0 ? "not there" :
	       st.f_flag & ST_RDONLY ? "read-only" : "writable";
}

static const char *tmp(struct pool *pool)
{
	return writable(pool, "/tmp");
}

static const char *v2(struct pool *pool)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	const char *where = NULL;
	const struct mntent *m;

	while (f && (m = getmntent(f)))
		if (!strcmp(m->mnt_type, "cgroup2"))
			where = pool_printf(pool, "%s, %s", m->mnt_dir, m->mnt_opts);
	if (f)
		endmntent(f);
	return text_or(where, "not mounted");
}

static const char *v1(struct pool *pool)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	const char *list = "";
	const struct mntent *m;

	while (f && (m = getmntent(f)))
		if (!strcmp(m->mnt_type, "cgroup"))
			list = join(pool, list, " ", pool_strdup(pool, m->mnt_dir));
	if (f)
		endmntent(f);
	return text_or(list, "none mounted");
}

static const char *cgroup_directories(struct pool *pool)
{
	const char *why = cgroups_unwritable(pool);

	return why ? pool_printf(pool, "cannot be made: %s", why) : "can be made";
}

static const struct {
	const char *section, *name;
	const char *(*text)(struct pool *pool);
} facts[] = {
	{ "identity", "ids", ids },
	{ "identity", "privilege", privilege },
	{ "identity", "bounding set", bounding },
	{ "identity", "own namespaces", own_namespaces },
	{ "identity", "container", container },
	{ "kernel", "release", release },
	{ "kernel", "config", config },
	{ "kernel", "namespace kinds", kinds },
	{ "kernel", "user namespaces", user_namespaces },
	{ "kernel", "taint", taint },
	{ "filters", "seccomp", seccomp },
	{ "filters", "no_new_privs", no_new_privs },
	{ "filters", "LSM label", label },
	{ "filters", "LSMs", modules },
	{ "limits", "processors", processors },
	{ "limits", "processes", processes },
	{ "limits", "descriptors", descriptors },
	{ "limits", "file size", file_size },
	{ "limits", "nice", nice_value },
	{ "mounts", "/", root_mount },
	{ "mounts", "/proc", proc_mount },
	{ "mounts", "over /proc", masked },
	{ "mounts", "/proc/sys", proc_sys },
	{ "mounts", "/sys", sys_mount },
	{ "mounts", "/tmp", tmp },
	{ "cgroups", "v2", v2 },
	{ "cgroups", "v1", v1 },
	{ "cgroups", "directories", cgroup_directories },
};

/* What other parts of the suite use; nothing of it is needed for `nsconform run`. */
static const char *const tools[] = {
	"qemu-system-x86_64", "qemu-system-aarch64", "strace", "prove", "bwrap", "runc", "crun",
	"runsc", "podman", "docker", "systemd-nspawn", "lxc-start", "unshare", "nsenter",
};

static struct value *describe_tools(struct pool *pool)
{
	struct value *map = value_map(pool);
	const char *path = text_or(getenv("PATH"), "");

	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		const char *found = sys_find_program(pool, path, tools[i]);

		value_put(pool, map, tools[i], value_str(pool, text_or(found, "not found")));
	}
	return map;
}

struct value *facts_describe(struct pool *pool)
{
	struct value *map = value_map(pool), *section = NULL;
	const char *last = "";

	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		if (strcmp(last, facts[i].section)) {
			section = value_map(pool);
			last = facts[i].section;
			value_put(pool, map, last, section);
		}
		value_put(pool, section, facts[i].name,
			  value_str(pool, facts[i].text(pool)));
	}
	value_put(pool, map, "tools", describe_tools(pool));
	return map;
}
