// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exporting the boxes of a cell.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../lib/box/root.h"
#include "cmd/bundles.h"
#include "cmd/load_plan.h"
#include "compile/compile.h"
#include "load/paths.h"
#include "nsc/sys.h"
#include "nsc/text.h"
#include "runtime/bundle.h"
#include "runtime/support.h"

enum { NAMED = 5 }; /* of cells too many */

struct bundles {
	struct pool *pool;
	const char *dir; /* where they are going to be, an absolute path */
	const char *made; /* where they are until all is there; or NULL */
	struct bundle *v;
	size_t n;
};

static bool complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static bool complain(const char *fmt, ...)
{
	va_list ap;

	fputs("nsconform: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

/* Of several only one that is no control or twin is meant; USER: whose launcher is not root. */
static bool is_meant(const struct plan *plan, const struct cell *cell, bool user)
{
	return plan->n == 1 || (cell->kind == CELL_PLAIN && (cell->as == AS_USER) == user);
}

/* How many are meant; the last of them, and the names of the first. */
static size_t count_meant(struct pool *pool, const struct plan *plan, bool user,
			  const struct cell **last, const char **names)
{
	size_t n = 0;

	*names = "";
	for (size_t i = 0; i < plan->n; i++) {
		const struct cell *cell = &plan->cells[i];

		if (!is_meant(plan, cell, user))
			continue;
		*last = cell;
		if (n++ < NAMED)
			*names = pool_printf(pool, "%s %s", *names, cell_name(pool, cell));
	}
	return n;
}

/* The one cell that is meant: one of root's, or else of a user's. */
static const struct cell *choose(struct pool *pool, const struct plan *plan, const char *runtime)
{
	const struct cell *chosen = NULL;
	const char *names;
	size_t n = count_meant(pool, plan, false, &chosen, &names);

	if (!n)
		n = count_meant(pool, plan, true, &chosen, &names);
	if (n == 1)
		return chosen;
	if (n)
		complain("--export-bundle takes one cell, and these are %zu:%s%s", n, names,
			 n > NAMED ? " ..." : "");
	else
		complain("--export-bundle takes one cell, and none is selected: "
			 "`nsconform plan --runtime %s` lists those there are", runtime);
	return NULL;
}

/* An absolute path for DIR, which is not there, or is an empty directory; NULL, and a message. */
static const char *take_dir(struct pool *pool, const char *dir)
{
	char parent[PATH_MAX], *path = pool_strdup(pool, dir);
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		path[--len] = 0;
	char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (!*name || !strcmp(name, ".") || !strcmp(name, "..")) {
		complain("--export-bundle takes a directory that is made, not %s", dir);
		return NULL;
	}
	if (!paths_real(!slash ? "." : slash == path ? "/" :
		      pool_strndup(pool, path, (size_t)(slash - path)), parent)) {
		complain("cannot make %s: %s", dir, strerror(errno));
		return NULL;
	}
	return pool_printf(pool, "%s/%s", strcmp(parent, "/") ? parent : "", name);
}

static bool is_free(const char *dir)
{
	DIR *there = opendir(dir);
	size_t n = 0;

	if (!there && errno == ENOENT)
		return true;
	if (!there)
		return complain("cannot make %s: %s", dir, strerror(errno));
	while (readdir(there))
		n++;
	closedir(there);
	return n <= 2 || complain("%s is there, and not empty: nothing is put into it", dir);
}

static bool describe(struct bundles *b, const struct cell *cell)
{
	struct missing missing;
	struct script script;
	size_t n = 0;

	if (!cell->runtime)
		return complain("%s is carried out without the runtime", cell_name(b->pool, cell));
	cell_compile(b->pool, cell, RELEASE_ANY, &script);
	if (support_lacks(b->pool, &script, NULL, &missing))
		return complain("%s cannot be exported: %s: %s", cell_name(b->pool, cell),
				missing.reason, missing.detail);
	for (size_t i = 0; i < script.n_steps; i++)
		n += script.steps[i].step->kind == STEP_LAUNCH;
	b->v = pool_array(b->pool, struct bundle, n + 1);
	for (size_t i = 0; i < script.n_steps; i++) {
		const char *name = script.actors[script.steps[i].actor].actor->name;

		if (script.steps[i].step->kind != STEP_LAUNCH)
			continue;
		const char *why = bundle_make(b->pool, &script, i, n > 1 ?
					      pool_printf(b->pool, "%s/%s", b->dir, name) : b->dir,
					      &b->v[b->n++]);
		if (why)
			return complain("%s cannot be exported: box %s: %s",
					cell_name(b->pool, cell), name, why);
	}
	return b->n || complain("no box is built in %s", cell_name(b->pool, cell));
}

/* Where a path is until all is there. */
static const char *for_now(const struct bundles *b, const char *path)
{
	return pool_printf(b->pool, "%s%s", b->made, path + strlen(b->dir));
}

static bool write_file(const struct bundles *b, const char *path, const struct value *text,
		       mode_t mode)
{
	AUTO_FD fd = open(for_now(b, path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0 || write(fd, text->str.s, text->str.len) != (ssize_t)text->str.len)
		return complain("cannot write %s: %s", path, strerror(errno));
	return true;
}

static bool write_bundle(const struct bundles *b, const struct bundle *one)
{
	const struct box_root root = {
		.path = for_now(b, one->root), .bare = one->bare, .directories = one->directories,
		.image = one->image,
	};
	struct stat agent;
	const char *failed = box_root_make(b->pool, &root, &agent);

	if (failed)
		return complain("cannot %s in %s: %s", failed, one->root, strerror(errno));
	for (size_t i = 0; one->files && i + 1 < one->files->list.n; i += 2)
		if (!write_file(b, value_text(one->files->list.items[i]),
				one->files->list.items[i + 1], 0644))
			return false;
	return write_file(b, one->launch, value_str(b->pool, one->script), 0755);
}

/* In another directory, which then takes the place of the one that was named. */
static bool write_all(struct bundles *b)
{
	char *made = pool_printf(b->pool, "%s.XXXXXX", b->dir);
	bool good = true;

	if (!mkdtemp(made))
		return complain("cannot make %s: %s", b->dir, strerror(errno));
	b->made = made;
	for (size_t i = 0; good && i < b->n; i++)
		good = write_bundle(b, &b->v[i]);
	if (good && (chmod(made, 0755) < 0 || rename(made, b->dir) < 0))
		good = complain("cannot make %s: %s", b->dir, strerror(errno));
	if (!good)
		sys_remove_tree(made);
	return good;
}

/* Files are as they are in the sandbox, and no signal leaves half of them. */
static bool write_undisturbed(struct bundles *b)
{
	mode_t mask = umask(022);
	sigset_t all, old;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	bool good = write_all(b);

	umask(mask);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return good;
}

int bundles_export(struct pool *pool, const struct run_options *o, char **operands)
{
	AUTO_SELECTION selection = { 0 };
	struct plan plan = { .pool = pool };
	struct runtime *runtime;
	struct bundles b = { .pool = pool };
	const struct cell *cell;

	if (!load_plan(&selection, &plan, &runtime, o, NULL, operands) ||
	    !(cell = choose(pool, &plan, o->runtime)) || !(b.dir = take_dir(pool, o->bundle)) ||
	    !is_free(b.dir) || !describe(&b, cell))
		return HAPPENED_USAGE;
	/* Where no directory can be made the wrong one is named. */
	if (!write_undisturbed(&b))
		return b.made ? HAPPENED_HARNESS : HAPPENED_USAGE;
	for (size_t i = 0; i < b.n; i++)
		printf("%s: box %s of %s\n", b.v[i].launch, b.v[i].actor, cell_name(pool, cell));
	return HAPPENED_PASSED;
}
