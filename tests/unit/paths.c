// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the data is, from wherever the program is executed; and paths below directories that may not be searched.
 * The test executes copies of itself, which print what they find.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load/configured.h"
#include "load/paths.h"
#include "nsc/sys.h"
#include "nsc/text.h"
#include "tap.h"

static struct pool pool;
static const char *root; /* of the trees; = stands for it in what follows */

static const char *in_root(const char *path)
{
	return pool_printf(&pool, "%s%s", root, path + 1);
}

/* What a copy of the test prints. */
static int print(void)
{
	printf("%s %s %s", paths_data(&pool, "x"), paths_glob(&pool, "x/*"), paths_program(&pool));
	return 0;
}

/* False where nobody may have a mount namespace of its own. */
static bool hide_procfs(void)
{
	if (unshare(CLONE_NEWNS) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return false;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && mount("none", "/proc", "tmpfs", 0, NULL) == 0;
}

enum { NO_NAMESPACE = 77 };

static const struct run {
	const char *program; /* NULL: one that has no path any more */
	const char *given;   /* NSCONFORM_DATA */
	const char *printed;
	bool no_procfs;
} runs[] = {
	{ "=/near/prog", NULL, "=/near/x =/near/x/* prog", false },
	{ "=/near/a/b/c/prog", NULL, "=/near/x =/near/x/* prog", false },
	{ "=/near/a/b/c/d/prog", NULL, "DATADIR/x DATADIR/x/* prog", false },
	{ "=/near/prog", "", "=/near/x =/near/x/* prog", false },
	{ "=/near/prog", "=/other", "=/other/x =/other/x/* NSCONFORM_DATA==/other prog", false },
	{ "=/near/prog", "=/near", "=/near/x =/near/x/* prog", false },
	{ "=/near/prog", "=/near/a/..", "=/near/a/../x =/near/a/../x/* prog", false },
	{ "=/near/prog", "=/nowhere", "=/nowhere/x =/nowhere/x/* NSCONFORM_DATA==/nowhere prog", false },
	{ "=/near/a/b/c/d/prog", "=/near", "=/near/x =/near/x/* NSCONFORM_DATA==/near prog", false },
	{ NULL, NULL, "DATADIR/x DATADIR/x/* prog", false },
	{ "=/near/a/prog", NULL, "=/near/x =/near/x/* prog", true },
	{ NULL, NULL, "DATADIR/x DATADIR/x/* prog", true },
};

static void execute(const struct run *run, int program)
{
	char *argv[] = { "prog", "print", NULL };
	const char *given = run->given && *run->given ? in_root(run->given) : run->given;
	const char *path = run->program ? in_root(run->program) : NULL;

	if (given ? setenv("NSCONFORM_DATA", given, 1) : unsetenv("NSCONFORM_DATA"))
		_exit(1);
	if (run->no_procfs && !hide_procfs())
		_exit(NO_NAMESPACE);
	if (path)
		execv(path, argv);
	else
		fexecve(program, argv, environ);
	_exit(1);
}

/* TEXT with FOR in the place of each WORD. */
static const char *replaced(const char *text, const char *word, const char *by)
{
	struct text t = { .pool = &pool };

	for (const char *at; (at = strstr(text, word)); text = at + strlen(word))
		text_printf(&t, "%.*s%s", (int)(at - text), text, by);
	text_puts(&t, text);
	return t.s;
}

static void test_run(const struct run *run, int program)
{
	const char *name = run->program ? run->program : "a program without a path";
	int out = memfd_create("out", MFD_CLOEXEC), status;
	char *printed = NULL;
	pid_t pid = fork();

	if (!pid) {
		if (dup2(out, STDOUT_FILENO) < 0)
			_exit(1);
		execute(run, program);
	}
	waitpid(pid, &status, 0);
	if (!ok(lseek(out, 0, SEEK_SET) == 0 && sys_read_fd(&pool, out, 1 << 16, &printed, NULL) == 0, "%s is executed", name))
		return;
	close(out);
	const char *is = replaced(replaced(printed, root, "="), configured_datadir, "DATADIR");

	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_NAMESPACE)
		ok(true, "... without a procfs # SKIP no mount namespaces");
	else
		ok(!strcmp(is, run->printed), "... %s, given %s: %s", run->no_procfs ? "without a procfs" : "as ever",
		   run->given ? run->given : "nothing", is);
}

static const struct real {
	const char *path, *real; /* NULL: none, and ERROR */
	int error;
	bool closed; /* who looks may not search the directory above its own */
	bool no_procfs;
} reals[] = {
	{ "sub", "=/open/in/sub", 0, false, false }, { "nowhere", NULL, ENOENT, false, false },
	{ "sub", "=/open/in/sub", 0, true, false }, { "link", "=/open/in/sub/deeper", 0, true, false }, { "=/open/in/sub", NULL, EACCES, true, false },
	/* What is open has no path then. */
	{ "pipe", NULL, EACCES, true, false }, { "sub", NULL, EACCES, true, true },
};

/* As a child that has nothing to lose; its exit status is what is wrong. */
static int look(const struct real *r)
{
	char real[PATH_MAX];
	const char *path = *r->path == '=' ? in_root(r->path) : r->path;
	const char *wanted = r->real ? in_root(r->real) : NULL;
	/* Root can search every directory. */
	const bool is_root = !geteuid();

	memset(real, 'x', sizeof(real));
	/* The first descriptor may be what opens it. */
	close(STDIN_FILENO);
	if (chdir(in_root("=/open/in")) < 0)
		return 1;
	if (r->no_procfs && !hide_procfs())
		return NO_NAMESPACE;
	if (r->closed && (chmod(in_root("=/open"), 0) < 0 || (is_root && seteuid(65534) < 0)))
		return 2;
	const bool found = paths_real(path, real);
	const int error = errno;

	if (is_root && seteuid(0) < 0)
		return 3;
	if (found != !!wanted)
		return 4;
	return wanted ? strcmp(real, wanted) != 0 : error != r->error;
}

static void test_real(const struct real *r)
{
	int status;

	/* What counts branches does so at a proper exit. */
	fflush(stdout);
	pid_t pid = fork();

	if (!pid)
		exit(look(r));
	waitpid(pid, &status, 0);
	chmod(in_root("=/open"), 0755);
	const int rc = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (rc == NO_NAMESPACE)
		ok(true, "%s # SKIP no mount namespaces", r->path);
	else
		ok(!rc, "%s%s%s: %d", r->path, r->closed ? ", below a closed directory" : "", r->no_procfs ? ", without a procfs" : "", rc);
}

static bool copy(const char *text, size_t len, const char *path)
{
	const int fd = open(in_root(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	return fd >= 0 && write(fd, text, len) == (ssize_t)len && close(fd) == 0;
}

/* The trees, and a copy that has no path. */
static int make(const char *tmp)
{
	static const char *const directories[] = {
		"=/near", "=/near/suites", "=/near/suites/clauses", "=/near/a", "=/near/a/b", "=/near/a/b/c", "=/near/a/b/c/d",
		"=/other", "=/open", "=/open/in", "=/open/in/sub", "=/open/in/sub/deeper",
	};
	static const char *const programs[] = { "=/near/prog", "=/near/a/prog", "=/near/a/b/c/prog", "=/near/a/b/c/d/prog" };
	char *made = pool_printf(&pool, "%s/paths-XXXXXX", tmp ? tmp : "/tmp"), real[PATH_MAX], *text;
	size_t len;
	bool good = mkdtemp(made) && chmod(made, 0755) == 0 && realpath(made, real);

	root = pool_strdup(&pool, real);
	for (size_t i = 0; good && i < sizeof(directories) / sizeof(*directories); i++)
		good = mkdir(in_root(directories[i]), 0755) == 0;
	good = good && sys_read_file(&pool, "/proc/self/exe", 1 << 28, &text, &len) == 0;
	for (size_t i = 0; good && i < sizeof(programs) / sizeof(*programs); i++)
		good = i ? link(in_root(programs[0]), in_root(programs[i])) == 0 : copy(text, len, programs[i]);
	int ends[2], program = memfd_create("prog", MFD_CLOEXEC);

	good = good && pipe(ends) == 0 && symlink(pool_printf(&pool, "/proc/self/fd/%d", ends[0]), in_root("=/open/in/pipe")) == 0 &&
	       symlink("sub/deeper", in_root("=/open/in/link")) == 0;
	return good && write(program, text, len) == (ssize_t)len ? program : -1;
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return print();
	umask(022);
	const int program = make(getenv("TMPDIR"));

	if (ok(program >= 0, "trees in %s", root)) {
		for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
			test_run(&runs[i], program);
		for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++)
			test_real(&reals[i]);
	}
	ok(nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS) == 0, "and nothing is left");
	return done();
}
