// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything below a directory: what the files are, whose, what is in them, who may write.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../file.h"
#include "nsc/sys.h"

enum { DEPTH_MAX = 16, TEXT_MAX = 128 };

#define WALK_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR_DEF, path, ".", "directory; of symbolic links only it itself is followed") \
	F(S, STRS, skip, OPTIONAL, "names that are left out, with what is below them")
FIELDS(walk_in, WALK_IN);

#define WALK_OUT(F, S) \
	F(S, STRS, files, REQUIRED, \
	  "`PATH TYPE MODE` of each file, by names in byte order, the directory itself not among them") \
	F(S, STRS, owners, REQUIRED, \
	  "`UID:GID`, as the caller sees them, each once, of the directory and the files; not of " \
	  "symbolic links, whose owner gives no rights") \
	F(S, STRS, contents, REQUIRED, \
	  "`PATH TEXT` of each regular file that can be read: its first line, or the error of read(2)") \
	F(S, STRS, writable, REQUIRED, "regular files that the caller may open for writing") \
	F(S, TOTAL, count, "how many files")
FIELDS(walk_out, WALK_OUT);

struct walk {
	struct op_ctx *ctx;
	const struct walk_in *in;
	struct walk_out *out;
	int depth;
};

static void push(struct pool *pool, struct strs *list, const char *text)
{
	if (list->n % 32 == 0) {
		const char **v = pool_array(pool, const char *, list->n + 32);

		if (list->n)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
	}
	list->v[list->n++] = text;
}

static bool has(const struct strs *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], text))
			return true;
	return false;
}

static void see_owner(struct walk *w, const struct file_stat *st)
{
	const char *owner = pool_printf(w->ctx->pool, "%lld:%lld", (long long)st->uid,
					(long long)st->gid);

	if (!has(&w->out->owners, owner))
		push(w->ctx->pool, &w->out->owners, owner);
}

/* A file of sysfs that has nothing to say gives an error, as the speed of a link that is down. */
static void see_content(struct walk *w, int at, const char *name, const char *path)
{
	AUTO_FD fd = openat(at, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	char text[TEXT_MAX + 1] = "";

	if (fd < 0)
		return;
	ssize_t n = read(fd, text, TEXT_MAX);

	const char *said = n < 0 ? errno_name(w->ctx->pool, errno) : text;

	text[strcspn(text, "\n")] = '\0';
	push(w->ctx->pool, &w->out->contents, pool_printf(w->ctx->pool, "%s %s", path, said));
}

static int see_dir(struct walk *w, int at, const char *name, const char *path);

static int see_file(struct walk *w, int at, const char *name, const char *path)
{
	struct file_stat st = { 0 };
	int ret = file_stat_at(w->ctx, at, name, AT_SYMLINK_NOFOLLOW, &st);

	if (ret < 0)
		return ret;
	push(w->ctx->pool, &w->out->files,
	     pool_printf(w->ctx->pool, "%s %s %s", path, st.type, st.mode));
	if (strcmp(st.type, "link"))
		see_owner(w, &st);
	if (!strcmp(st.type, "file")) {
		see_content(w, at, name, path);
		AUTO_FD fd = openat(at, name, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);

		if (fd >= 0)
			push(w->ctx->pool, &w->out->writable, path);
	}
	return strcmp(st.type, "dir") ? 0 : see_dir(w, at, name, path);
}

static int see_dir(struct walk *w, int at, const char *name, const char *path)
{
	AUTO_FD dir = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	struct file_list names = { 0 };
	int ret;

	if (dir < 0)
		return errno == EACCES && w->depth ? 0 : -errno;
	if (w->depth == DEPTH_MAX)
		return op_broken(w->ctx, "%s: too deep", path);
	ret = file_list_at(w->ctx, dir, ".", &names);
	w->depth++;
	for (size_t i = 0; i < names.names.n && !ret; i++) {
		const char *below = names.names.v[i];

		if (!has(&w->in->skip, below))
			ret = see_file(w, dir, below, *path ?
				       pool_printf(w->ctx->pool, "%s/%s", path, below) : below);
	}
	w->depth--;
	return ret;
}

static int file_walk_run(struct op_ctx *ctx, const struct walk_in *in, struct walk_out *out)
{
	struct walk w = { ctx, in, out, 0 };
	struct file_stat st = { 0 };
	int ret = file_stat_at(ctx, file_at(in->at), in->path, 0, &st);

	if (ret < 0)
		return ret;
	see_owner(&w, &st);
	ret = see_dir(&w, file_at(in->at), in->path, "");
	out->count = (int64_t)out->files.n;
	return ret;
}
OP(file_walk, "file.walk", walk_in, walk_out,
	.doc = "Look at all files below a directory.",
	.source = "getdents(2), stat(2), open(2)",
	.touches = NSM_MNT);
