// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unpacking a package with dpkg-deb, and removing it afterwards.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "vm/helper.h"
#include "vm/layout.h"
#include "vm/unpack.h"

enum { REMOVE_TRIES = 100 };
#define UNPACK_NS 300000000000ll

static void remove_tree(const char *dir)
{
	char *const roots[] = { (char *)dir, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *e;

	while (fts && (e = fts_read(fts))) {
		if (e->fts_info == FTS_D) {
			/* Directories of a package may be read-only, and must be writable to be
			 * removed. */
			chmod(e->fts_accpath, 0700);
			continue;
		}
		if (e->fts_info == FTS_DP)
			rmdir(e->fts_accpath);
		else
			unlink(e->fts_accpath);
	}
	if (fts)
		fts_close(fts);
}

/* The janitor waits for end of file on the pipe, kills what is still unpacking, and removes
 * everything. */
static _Noreturn void be_janitor(const char *dir, int held)
{
	char byte;

	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while (read(held, &byte, 1) < 0 && errno == EINTR)
		;
	kill(0, SIGTERM);
	/* A process that is being killed may still create a file, so removing is repeated. */
	for (int i = 0; i < REMOVE_TRIES && access(dir, F_OK) == 0; i++)
		remove_tree(dir);
	_exit(0);
}

static bool start_janitor(struct unpacked *u)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	u->janitor = fork();
	if (u->janitor == 0) {
		close(ends[1]);
		setpgid(0, 0);
		be_janitor(u->dir, ends[0]);
	}
	close(ends[0]);
	if (u->janitor < 0) {
		close(ends[1]);
		return false;
	}
	/* Both parent and child set the group, as either may run first; dpkg-deb joins it. */
	setpgid(u->janitor, u->janitor);
	u->hold = ends[1];
	return true;
}

/* dpkg-deb runs in the janitor's process group, which is killed with all that it has started. */
static bool run_dpkg_deb(struct pool *pool, const char *package, const struct unpacked *u)
{
	char *const argv[] = { "dpkg-deb", "-x", "--", (char *)package, (char *)u->dir, NULL };
	const struct helper h = {
		argv, .out = -1, .group = u->janitor, .within_ns = UNPACK_NS,
		.doubt = "is it a Debian package, and is there room in TMPDIR?",
	};
	const char *why = helper_run(pool, &h);

	if (why)
		fprintf(stderr, "nsconform: %s: %s\n", package, why);
	return !why;
}

bool unpack_deb(struct pool *pool, const char *package, struct unpacked *u)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = pool_printf(pool, "%s/nsconform-deb-XXXXXX", tmp && *tmp ? tmp : P_tmpdir);

	*u = (struct unpacked){ .hold = -1 };
	if (access(package, R_OK) < 0) {
		perror(package);
		return false;
	}
	u->dir = mkdtemp(dir);
	if (!u->dir || !start_janitor(u)) {
		fprintf(stderr, "nsconform: %s: %s\n", dir, strerror(errno));
		if (u->dir)
			rmdir(u->dir);
		u->dir = NULL;
		return false;
	}
	if (!run_dpkg_deb(pool, package, u))
		return false;
	u->kernel = layout_kernel(pool, u->dir);
	if (!u->kernel)
		fprintf(stderr, "nsconform: %s holds no kernel (boot/vmlinuz-*, lib/modules/*/vmlinuz): "
			"is it a package that only depends on one?\n", package);
	return u->kernel != NULL;
}

void unpack_remove(struct unpacked *u)
{
	if (u->hold < 0)
		return;
	fd_close(&u->hold);
	while (waitpid(u->janitor, NULL, 0) < 0 && errno == EINTR)
		;
}

const char *unpack_keep(struct pool *pool, const char *path)
{
	AUTO_FD from = open(path, O_RDONLY | O_CLOEXEC);
	AUTO_FD to = memfd_create("kernel", MFD_CLOEXEC);
	ssize_t n = -1;

	while (from >= 0 && to >= 0 && (n = sendfile(to, from, NULL, 1 << 30)) > 0)
		;
	if (n < 0) {
		perror(path);
		return NULL;
	}
	/* qemu opens it by this name, so that it names this process and not `self`. */
	return pool_printf(pool, "/proc/%d/fd/%d", (int)getpid(), fd_take(&to));
}
