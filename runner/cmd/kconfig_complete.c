// SPDX-License-Identifier: GPL-2.0-only
/*
 * make(1) of a kernel's source, with all that it writes in a directory of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/kconfig_complete.h"
#include "nsc/sys.h"

/* Programs are built before a config is read, which takes seconds. */
enum { MAKE_WITHIN_MS = 10 * 60 * 1000, LOG_BYTES_MAX = 1024 * 1024 };

struct making {
	struct pool *pool;
	const char *dir, *config, *log;
	const char *path; /* of the config that was given */
	struct problems *problems;
};

static bool fail(struct making *m, const char *what, const char *why)
{
	problem_add(m->problems, (struct mark){ .file = m->path }, "cannot complete it: %s: %s",
		    what, why);
	return false;
}

/* Its text: the file itself may be compressed, or be an image. */
static bool write_config(struct making *m, const struct kconfig *config)
{
	AUTO_FD fd = open(m->config, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t len = strlen(config->text);

	if (fd < 0 || write(fd, config->text, len) != (ssize_t)len)
		return fail(m, m->config, strerror(errno));
	return true;
}

/* The status of waitpid(2), or -errno. */
static int wait_for(pid_t pid)
{
	AUTO_FD pidfd = sys_pidfd_open(pid, 0);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int status;

	if (pidfd >= 0 && poll(&p, 1, MAKE_WITHIN_MS) == 0) {
		kill(pid, SIGTERM);
		waitpid(pid, &status, 0);
		return -ETIMEDOUT;
	}
	return waitpid(pid, &status, 0) < 0 ? -errno : status;
}

static int run_make(struct making *m, const char *tree, const char *arch)
{
	char *argv[] = {
		"make", "-s", "-C", (char *)tree, pool_printf(m->pool, "O=%s", m->dir),
		pool_printf(m->pool, "KCONFIG_CONFIG=%s", m->config), "olddefconfig",
		arch ? pool_printf(m->pool, "ARCH=%s", arch) : NULL, NULL
	};
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, m->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	int error = posix_spawnp(&pid, "make", &actions, NULL, argv, environ);

	posix_spawn_file_actions_destroy(&actions);
	return error ? -error : wait_for(pid);
}

/* What was said first that is not about make itself; the rest follows from it. */
static const char *first_line(struct making *m)
{
	char *text, *line, *rest;

	if (sys_read_file(m->pool, m->log, LOG_BYTES_MAX, &text, NULL) < 0)
		return "it failed";
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, "* \t");
		if (*line && strncmp(line, "make", 4))
			return line;
	}
	return "it failed and said nothing";
}

static bool complete(struct making *m, const char *tree, struct kconfig *config)
{
	const char *arch = config->arch;
	const char *kbuild = pool_printf(m->pool, "%s/Kbuild", tree);

	if (access(kbuild, R_OK) < 0)
		return fail(m, "no source of a kernel", kbuild);
	if (!write_config(m, config))
		return false;
	int status = run_make(m, tree, arch);

	if (status < 0)
		return fail(m, "make", strerror(-status));
	if (status)
		return fail(m, "make olddefconfig", first_line(m));
	kconfig_free(config);
	return kconfig_load(m->pool, m->config, config, m->problems);
}

bool kconfig_complete(const char *tree, const char *path, struct kconfig *config,
		      struct problems *problems)
{
	const char *tmp = getenv("TMPDIR");
	struct making m = { .pool = config->pool, .path = path, .problems = problems };
	char real[PATH_MAX];
	char *dir = pool_printf(m.pool, "%s/nsconform-kconfig.XXXXXX",
				tmp && *tmp ? tmp : P_tmpdir);
	bool image = config->image;

	if (!realpath(tree, real))
		return fail(&m, tree, strerror(errno));
	if (!mkdtemp(dir))
		return fail(&m, dir, strerror(errno));
	m.dir = dir;
	m.config = pool_printf(m.pool, "%s/.config", dir);
	m.log = pool_printf(m.pool, "%s/log", dir);
	bool good = complete(&m, real, config);

	config->image = image;
	sys_remove_tree(dir);
	return good;
}
