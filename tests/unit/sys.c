// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs are found as execvp(3) finds them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "nsc/sys.h"
#include "tap.h"

/* here and a/x are programs, a/plain is a file that is none, a/sub and b/x are directories. */
static const struct {
	const char *about, *path, *name, *found;
} cases[] = {
	{ "in the first directory", "a:b", "x", "a/x" },
	{ "in the last one", "b:nowhere:a", "x", "a/x" },
	{ "an element that is empty is none", ":a", "x", "a/x" },
	{ "and nothing is found by it", "::", "here", NULL },
	{ "no directories", "", "x", NULL },
	{ "not there", "a:b", "y", NULL },
	{ "not executable", "a:b", "plain", NULL },
	{ "a directory", "a", "sub", NULL },
	{ "a name with a slash", "", "a/x", "a/x" },
	{ "which is not looked for", "a", "./x", NULL },
	{ "a directory by such a name", "", "b/x", NULL },
};

/* What is in a directory before it. */
static const char *const made[] = { "here", "a/x", "a/plain", "a/sub", "a", "b/x", "b" };

static bool make_file(const char *name, mode_t mode)
{
	AUTO_FD fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, mode);

	return fd >= 0;
}

int main(void)
{
	char dir[] = "/var/tmp/nsconform-unit-XXXXXX";
	AUTO_POOL pool = { 0 };

	if (!mkdtemp(dir) || chdir(dir) < 0 || mkdir("a", 0700) < 0 || mkdir("a/sub", 0700) < 0 ||
	    mkdir("b", 0700) < 0 || mkdir("b/x", 0700) < 0 || !make_file("here", 0700) ||
	    !make_file("a/x", 0700) || !make_file("a/plain", 0600))
		return 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *found = sys_find_program(&pool, cases[i].path, cases[i].name);

		ok(found && cases[i].found ? !strcmp(found, cases[i].found) :
		   !found && !cases[i].found, "%s: %s", cases[i].about, found ? found : "none");
	}
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		remove(made[i]);
	remove(dir);
	/* Whoever asks for a descriptor that was never had is told so, and does not wait. */
	ok(sys_wait_readable(-1, sys_now_ns() + 60000000000) == -EBADF,
	   "nothing is waited for without a descriptor");
	return done();
}
