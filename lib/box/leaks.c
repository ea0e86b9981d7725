// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a launcher has although its box was not asked to have it, to see runtimes that pass it on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/box.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "leaks.h"

static int have_groups(const struct circumstances *c)
{
	const gid_t group = LEAK_GROUP;

	(void)c;
	return setgroups(1, &group);
}

/* The first terminal that a session leader opens becomes its controlling terminal. */
static int have_terminal(const struct circumstances *c)
{
	AUTO_FD fd = c->terminal ? open(c->terminal, O_RDWR | O_CLOEXEC) : -1;

	return fd < 0 || dup2(fd, 0) < 0 ? -1 : 0;
}

static int have_inheritable(const struct circumstances *c)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2];

	(void)c;
	if (sys_call(SYS_capget, &header, d) < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		d[i].inheritable = d[i].permitted;
	return (int)sys_call(SYS_capset, &header, d);
}

static int have_keyring(const struct circumstances *c)
{
	(void)c;
	if (sys_call(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		return -1;
	long key = sys_call(SYS_add_key, "user", LEAK_KEY, "x", 1, KEY_SPEC_SESSION_KEYRING);

	return key < 0 ? -1 : 0;
}

static int have_oom(const struct circumstances *c)
{
	char text[16];

	(void)c;
	snprintf(text, sizeof(text), "%d", LEAK_OOM);
	errno = -sys_write_file("/proc/self/oom_score_adj", text);
	return errno ? -1 : 0;
}

static int have_umask(const struct circumstances *c)
{
	(void)c;
	umask(LEAK_UMASK);
	return 0;
}

/* Soft limits alone: what it raises again has its hard limit for that. */
static int have_limits(const struct circumstances *c)
{
	static const struct {
		int resource;
		rlim_t soft;
	} rows[] = { { RLIMIT_CORE, LEAK_CORE }, { RLIMIT_STACK, 4 << 20 } };

	(void)c;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rlimit limit;

		if (getrlimit(rows[i].resource, &limit) < 0)
			return -1;
		limit.rlim_cur = rows[i].soft < limit.rlim_max ? rows[i].soft : limit.rlim_max;
		if (setrlimit(rows[i].resource, &limit) < 0)
			return -1;
	}
	return 0;
}

static int have_personality(const struct circumstances *c)
{
	(void)c;
	return personality(PER_LINUX32);
}

static int have_ambient(const struct circumstances *c)
{
	if (have_inheritable(c) < 0)
		return -1;
	/* Those that the launcher does not have cannot be raised. */
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0) == 1 ? 0 : -1;
}

static int have_directory(const struct circumstances *c)
{
	(void)c;
	return chdir("/var");
}

static const struct {
	uint64_t bit;
	const char *name;
	int (*have)(const struct circumstances *c);
} rows[] = {
	{ WITH_GROUPS, "groups", have_groups },
	{ WITH_TERMINAL, "terminal", have_terminal },
	{ WITH_INHERITABLE, "inheritable", have_inheritable },
	{ WITH_KEYRING, "keyring", have_keyring },
	{ WITH_OOM, "oom", have_oom },
	{ WITH_UMASK, "umask", have_umask },
	{ WITH_LIMITS, "limits", have_limits },
	{ WITH_PERSONALITY, "personality", have_personality },
	{ WITH_AMBIENT, "ambient", have_ambient },
	{ WITH_DIRECTORY, "directory", have_directory },
};

const char *leaks_take(const struct circumstances *c)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if ((c->with & rows[i].bit) && rows[i].have(c) < 0)
			return rows[i].name;
	return NULL;
}

int leaks_terminal(struct circumstances *c)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || unlockpt(master) < 0 ||
	    ptsname_r(master, c->name, sizeof(c->name)) != 0) {
		fd_close(&master);
		return -1;
	}
	c->terminal = c->name;
	return master;
}
