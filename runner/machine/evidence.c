// SPDX-License-Identifier: GPL-2.0-only
/*
 * Evidence that is independent of what is tested.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "nsc/ns.h"
#include "nsc/sys.h"
#include "machine/chroot.h"
#include "machine/confine.h"
#include "machine/evidence.h"
#include "machine/machine.h"

enum { MOUNTINFO_BYTES_MAX = 4 * 1024 * 1024 };

static const char *seen(struct pool *pool, const struct tried *t)
{
	return t->died ? pool_printf(pool, "%s: killed", t->call) :
			 pool_printf(pool, "%s: %s", t->call, strerror(t->error));
}

static bool limit_explains(struct pool *pool, const struct tried *t, struct missing *m)
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const char *name = pool_printf(pool, "user.max_%s_namespaces", ns_kinds[ns].name);

		if ((t->kinds & NS_BIT(ns)) &&
		    !machine_sysctl(pool_printf(pool, "user/max_%s_namespaces",
						 ns_kinds[ns].name)))
			return !cannot(pool, m, pool_printf(pool, "%s is 0", name), seen(pool, t),
				       pool_printf(pool, "sysctl %s=96365", name));
	}
	/* Either a limit of an outer user namespace, or one that other namespaces have used up. */
	return !cannot(pool, m, "a limit on namespaces is reached", seen(pool, t),
		       "raise user.max_*_namespaces, also outside of this container");
}

/* The switches by which distributions keep user namespaces from ordinary users. */
static const struct {
	const char *path, *name;
	long forbids;
	const char *remedy;
} switches[] = {
	{ "user/max_user_namespaces", "user.max_user_namespaces", 0,
	  "sysctl user.max_user_namespaces=96365" },
	{ "kernel/unprivileged_userns_clone", "kernel.unprivileged_userns_clone", 0,
	  "sysctl kernel.unprivileged_userns_clone=1" },
	{ "kernel/apparmor_restrict_unprivileged_userns",
	  "kernel.apparmor_restrict_unprivileged_userns", 1,
	  "sysctl kernel.apparmor_restrict_unprivileged_userns=0" },
};

/* EPERM from making a user namespace, or from using one: a module's hook may say so, too. */
static bool user_explains(struct pool *pool, const struct tried *t, struct missing *m)
{
	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++)
		if (machine_sysctl(switches[i].path) == switches[i].forbids)
			return !cannot(pool, m, pool_printf(pool, "%s is %ld", switches[i].name,
							    switches[i].forbids), seen(pool, t),
				       switches[i].remedy);
	if (chroot_entered())
		return !cannot(pool, m, "in a chroot",
			       "the kernel lets nobody in a chroot make user namespaces",
			       "run outside of the chroot, or make its directory the root of a mount "
			       "namespace (pivot_root(8), systemd-nspawn)");
	if (!(t->kinds & NSM_USER))
		return false;
	return !cannot(pool, m, "user namespaces are forbidden", seen(pool, t),
		       "allow them in the security module's policy, or run outside of a chroot");
}

bool evidence_explains_not(struct pool *pool, const struct tried *t, struct missing *m)
{
	bool right = t->error == EPERM || t->error == EACCES;

	if (!t->call || t->lied)
		return true;
	if (machine_filtered())
		return cannot(pool, m, pool_printf(pool, "seccomp forbids %s", t->call),
			      pool_printf(pool, "a filter is in place; %s", seen(pool, t)),
			      CONFINE_REMEDY);
	const char *by = right ? confinement()->profile : NULL;

	if (by)
		return cannot(pool, m, pool_printf(pool, "a security module forbids %s", t->call),
			      pool_printf(pool, "its profile is %s; %s", by, seen(pool, t)),
			      "run unconfined");
	if (right && user_explains(pool, t, m))
		return false;
	switch (t->error) {
	case ENOSPC:
		return !limit_explains(pool, t, m);
	case EUSERS:
		return cannot(pool, m, "namespaces are nested too deep", seen(pool, t),
			      "run in fewer levels of containers");
	case EAGAIN:
	case ENOMEM:
	case ENFILE:
	case EMFILE:
		return cannot(pool, m, pool_printf(pool, "too little is left for %s", t->call),
			      seen(pool, t), "raise limits on processes, files and memory");
	}
	return true;
}

struct mount_line {
	char point[512], options[256], super[512], type[64];
};

static bool mount_read(char *line, struct mount_line *m)
{
	char *dash = strstr(line, " - ");

	return dash && sscanf(line, "%*s %*s %*s %*s %511s %255s", m->point, m->options) == 2 &&
	       sscanf(dash, " - %63s %*s %511s", m->type, m->super) == 2;
}

static bool has_option(const char *options, const char *option)
{
	size_t len = strlen(option);

	for (const char *at = options; (at = strstr(at, option)); at += len)
		if ((at == options || at[-1] == ',') && (!at[len] || at[len] == ','))
			return true;
	return false;
}

/* Mounts on directories that the kernel keeps empty for them cover nothing. */
static bool covers_nothing(const char *point)
{
	static const char *const made_for_it[] = {
		"/proc/sys/fs/binfmt_misc", "/proc/fs/nfsd", "/proc/fs/nfs", "/proc/openprom",
		"/sys/fs/cgroup", "/sys/kernel/debug", "/sys/kernel/tracing",
		"/sys/kernel/security", "/sys/kernel/config", "/sys/fs/bpf", "/sys/fs/pstore",
		"/sys/fs/selinux",
		"/sys/fs/smackfs", "/sys/fs/fuse/connections", "/sys/firmware/efi/efivars",
		"/sys/fs/resctrl", "/sys/fs/dlm",
	};

	for (size_t i = 0; i < sizeof(made_for_it) / sizeof(*made_for_it); i++) {
		size_t len = strlen(made_for_it[i]);

		if (!strncmp(point, made_for_it[i], len) && (!point[len] || point[len] == '/'))
			return true;
	}
	return false;
}

const char *evidence_masked(struct pool *pool, const char *type, const char *path)
{
	size_t len = strlen(path);
	bool mounted = false;
	struct mount_line m;
	char *text;

	if (sys_read_file(pool, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text, NULL) < 0)
		return "/proc/self/mountinfo cannot be read";
	for (char *line; (line = strsep(&text, "\n"));) {
		if (!mount_read(line, &m) || strncmp(m.point, path, len))
			continue;
		if (m.point[len] == '/' && strcmp(m.type, "autofs") && !covers_nothing(m.point))
			return pool_printf(pool, "%s is mounted over", m.point);
		if (m.point[len] || strcmp(m.type, type))
			continue;
		mounted = true;
		if (has_option(m.options, "ro") || has_option(m.super, "ro"))
			return pool_printf(pool, "%s is mounted read-only", path);
		if (has_option(m.super, "subset=pid"))
			return pool_printf(pool, "%s is mounted with subset=pid", path);
	}
	return mounted ? NULL : pool_printf(pool, "no %s is mounted at %s", type, path);
}
