// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files below a directory of /proc: all are read twice and compared, or searched for a text.  What
 * is read the first time is kept in a memfd, which the scenario has as a value.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../file.h"
#include "lists.h"
#include "nsc/sys.h"
#include "tree.h"

enum { TEXT_MAX = 1 << 18, DEPTH_MAX = 8, KEPT_MAX = 64 << 20, VALUE_SHOWN = 60 };

static const char *error_text(struct op_ctx *ctx, int error, size_t *len)
{
	const char *text = pool_printf(ctx->pool, "[%s]", errno_name(ctx->pool, error));

	*len = strlen(text);
	return text;
}

/*
 * What reading the file says, as text of LEN bytes from the op's pool: its contents up to some
 * length, or the target of a link, or the name of the error in brackets. Never waits.
 */
static const char *read_text(struct op_ctx *ctx, const struct sweep_file *file, size_t *len)
{
	char link[PATH_MAX], *text = NULL;

	if (S_ISLNK(file->mode)) {
		ssize_t got = readlinkat(file->dir, file->file, link, sizeof(link));

		*len = got < 0 ? 0 : (size_t)got;
		return got < 0 ? error_text(ctx, errno, len) :
				 pool_strndup(ctx->pool, link, *len);
	}
	AUTO_FD fd = openat(file->dir, file->file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int rc = fd < 0 ? -errno : sys_read_fd(ctx->pool, fd, TEXT_MAX, &text, len);

	return rc < 0 ? error_text(ctx, -rc, len) : text;
}

void sweep_add(struct op_ctx *ctx, const struct sweep_found *to, const char *text)
{
	if (!to->names->v)
		to->names->v = pool_array(ctx->pool, const char *, SWEEP_SHOWN);
	if (to->names->n < SWEEP_SHOWN)
		to->names->v[to->names->n++] = text;
	++*to->count;
}

static int walk(struct op_ctx *ctx, int dir, const char *above, int depth, sweep_visit *visit,
		void *context)
{
	struct file_list list = { 0 };
	int rc = file_list_at(ctx, dir, ".", &list);

	/* Directories that may not be read, or are gone, have no files to visit. */
	for (size_t i = 0; (!rc || list.names.n) && i < list.names.n; i++) {
		const char *file = list.names.v[i];
		struct sweep_file at = { .dir = dir, .file = file,
			.name = pool_printf(ctx->pool, "%s%s", above, file) };
		struct stat st;

		if (fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		at.mode = st.st_mode;
		int stop = visit(ctx, &at, context);

		if (stop)
			return stop;
		if (!S_ISDIR(st.st_mode) || depth == DEPTH_MAX)
			continue;
		AUTO_FD below = openat(dir, file, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (below < 0)
			continue;
		stop = walk(ctx, below, pool_printf(ctx->pool, "%s/", at.name), depth + 1, visit,
			    context);
		if (stop)
			return stop;
	}
	return rc == OP_BROKEN ? rc : 0;
}

int sweep_walk(struct op_ctx *ctx, int dir, sweep_visit *visit, void *context)
{
	return walk(ctx, dir, "", 0, visit, context);
}

static const struct symbol list_symbols[] = {
	{ "sysctls", SWEEP_SYSCTLS, "/proc/sys: what is the machine's by its documentation" },
	{ "net", SWEEP_NET_FILES, "/proc/net: what tells of the machine, too" },
	{ 0 }
};

static const char *const tops[SWEEP_LISTS] = {
	[SWEEP_SYSCTLS] = "/proc/sys",
	[SWEEP_NET_FILES] = "/proc/self/net",
};

#define LOOK_IN(F, S) \
	F(S, ENUM, of, REQUIRED, list_symbols, "which files")
FIELDS(look_in, LOOK_IN);

#define LOOK_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "what was read, for sweep.changed") \
	F(S, TOTAL, count, "how many files were read")
FIELDS(look_out, LOOK_OUT);

/* One file as it was: a name, and LEN bytes behind its NUL. */
struct kept {
	const char *name, *text;
	size_t len;
	bool met;
};

struct kepts {
	enum sweep_list of;
	struct kept *v;
	size_t n, room;
};

/* Only what can be written is a parameter; the others of /proc/sys tell of the machine's state. */
static bool is_meant(enum sweep_list of, const struct sweep_file *file)
{
	return S_ISREG(file->mode) && (of != SWEEP_SYSCTLS || file->mode & 0222);
}

static void push(struct pool *pool, struct kepts *kepts, const struct kept *one)
{
	if (kepts->n == kepts->room) {
		size_t room = kepts->room ? kepts->room * 2 : 256;
		struct kept *grown = pool_array(pool, struct kept, room);

		if (kepts->n)
			memcpy(grown, kepts->v, kepts->n * sizeof(*grown));
		kepts->v = grown;
		kepts->room = room;
	}
	kepts->v[kepts->n++] = *one;
}

static int keep(struct op_ctx *ctx, const struct sweep_file *file, void *context)
{
	struct kepts *kepts = context;
	struct kept one = { .name = file->name };

	if (!is_meant(kepts->of, file))
		return 0;
	one.text = read_text(ctx, file, &one.len);
	push(ctx->pool, kepts, &one);
	return 0;
}

static int take(struct op_ctx *ctx, enum sweep_list of, struct kepts *kepts)
{
	AUTO_FD top = open(tops[of], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*kepts = (struct kepts){ .of = of };
	return top < 0 ? op_broken(ctx, "open %s: %m", tops[of]) :
			 sweep_walk(ctx, top, keep, kepts);
}

static int put(int fd, const void *from, size_t len)
{
	return write(fd, from, len) == (ssize_t)len ? 0 : -1;
}

static int sweep_look_run(struct op_ctx *ctx, const struct look_in *in, struct look_out *out)
{
	AUTO_FD fd = memfd_create("sweep", MFD_CLOEXEC);
	struct kepts kepts;

	if (fd < 0)
		return op_broken(ctx, "memfd_create: %m");
	if (take(ctx, (enum sweep_list)in->of, &kepts))
		return OP_BROKEN;
	for (size_t i = 0; i < kepts.n; i++) {
		const struct kept *one = &kepts.v[i];

		if (put(fd, one->name, strlen(one->name) + 1) ||
		    put(fd, &one->len, sizeof(one->len)) || put(fd, one->text, one->len))
			return op_broken(ctx, "write: %m");
	}
	out->count = (int64_t)kepts.n;
	out->fd = fd_take(&fd);
	return 0;
}
OP(sweep_look, "sweep.look", look_in, look_out,
	.doc = "Read all files of a kind, to be compared later.",
	.source = "proc(5)",
	.touches = NSM_MNT | NSM_NET | NSM_IPC | NSM_UTS | NSM_PID);

/* What a memfd of sweep.look has; false when it is none. */
static bool parse(struct op_ctx *ctx, const char *at, size_t left, struct kepts *kepts)
{
	while (left) {
		struct kept one = { .name = at };
		size_t len = strnlen(at, left) + 1;

		if (len + sizeof(one.len) > left)
			return false;
		memcpy(&one.len, at + len, sizeof(one.len));
		len += sizeof(one.len);
		if (one.len > left - len)
			return false;
		one.text = at + len;
		push(ctx->pool, kepts, &one);
		at += len + one.len;
		left -= len + one.len;
	}
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct kept *)a)->name, ((const struct kept *)b)->name);
}

#define CHANGED_IN(F, S) \
	LOOK_IN(F, S) \
	F(S, FD, since, REQUIRED, "what sweep.look has read before") \
	F(S, STRS, shared, OPTIONAL, \
	  "patterns of files, to be left out, that belong to what the actor shares with the writer")
FIELDS(changed_in, CHANGED_IN);

#define CHANGED_OUT(F, S) \
	F(S, STRS, changed, REQUIRED, "the first files that say something else, each with what it \
says now, but for those that the list has as the machine's") \
	F(S, TOTAL, count, "how many they are") \
	F(S, STRS, listed, REQUIRED, "the first of those that the list has, by name") \
	F(S, TOTAL, listed_count, "how many they are")
FIELDS(changed_out, CHANGED_OUT);

/* As much of the line from AT on as is shown of it. */
static int line_len(const struct kept *one, size_t at)
{
	size_t len = one->len - at < VALUE_SHOWN ? one->len - at : VALUE_SHOWN;
	const char *end = memchr(one->text + at, '\n', len);

	return (int)(end ? (size_t)(end - one->text) - at : len);
}

static const char *shown(struct op_ctx *ctx, const struct kept *was, const struct kept *is)
{
	if (!was)
		return pool_printf(ctx->pool, "%s: new", is->name);
	if (!is)
		return pool_printf(ctx->pool, "%s: gone", was->name);
	size_t at = 0, end = was->len < is->len ? was->len : is->len;

	while (at < end && was->text[at] == is->text[at])
		at++;
	at -= at < VALUE_SHOWN / 2 ? at : VALUE_SHOWN / 2;
	return pool_printf(ctx->pool, "%s: %.*s, was %.*s", is->name, line_len(is, at),
			   is->text + at, line_len(was, at), was->text + at);
}

static void tell(struct op_ctx *ctx, const struct changed_in *in, const char *name,
		 const struct kept *was, const struct kept *is, struct changed_out *out)
{
	enum sweep_list of = (enum sweep_list)in->of;

	for (size_t i = 0; i < in->shared.n; i++)
		if (!fnmatch(in->shared.v[i], name, 0))
			return;
	if (sweep_global(of, name))
		sweep_add(ctx, &(struct sweep_found){ &out->listed, &out->listed_count }, name);
	else
		sweep_add(ctx, &(struct sweep_found){ &out->changed, &out->count },
			  shown(ctx, was, is));
}

static int sweep_changed_run(struct op_ctx *ctx, const struct changed_in *in,
			     struct changed_out *out)
{
	enum sweep_list of = (enum sweep_list)in->of;
	struct kepts before = { .of = of }, now;
	char *bytes = NULL;
	size_t len = 0;

	if (lseek(in->since, 0, SEEK_SET) < 0 ||
	    sys_read_fd(ctx->pool, in->since, KEPT_MAX, &bytes, &len) ||
	    !parse(ctx, bytes, len, &before))
		return op_broken(ctx, "the descriptor is not one of sweep.look");
	if (take(ctx, of, &now))
		return OP_BROKEN;
	qsort(before.v, before.n, sizeof(*before.v), by_name);
	for (size_t i = 0; i < now.n; i++) {
		const struct kept *is = &now.v[i];
		struct kept *was = bsearch(is, before.v, before.n, sizeof(*is), by_name);

		if (was)
			was->met = true;
		if (!was || was->len != is->len || memcmp(was->text, is->text, is->len))
			tell(ctx, in, is->name, was, is, out);
	}
	for (size_t i = 0; i < before.n; i++)
		if (!before.v[i].met)
			tell(ctx, in, before.v[i].name, &before.v[i], NULL, out);
	return 0;
}
OP(sweep_changed, "sweep.changed", changed_in, changed_out,
	.doc = "Read all files of a kind again, and tell which say something else than before.",
	.source = "proc(5)",
	.touches = NSM_MNT | NSM_NET | NSM_IPC | NSM_UTS | NSM_PID);

#define FIND_IN(F, S) \
	LOOK_IN(F, S) \
	F(S, STRS, words, REQUIRED, "texts to look for")
FIELDS(find_in, FIND_IN);

#define FIND_OUT(F, S) \
	F(S, STRS, files, REQUIRED, "the first files that have one of them") \
	F(S, TOTAL, count, "how many they are") \
	F(S, INT, read, REQUIRED, 0, 0, "how many files were looked at")
FIELDS(find_out, FIND_OUT);

static int sweep_find_run(struct op_ctx *ctx, const struct find_in *in, struct find_out *out)
{
	struct kepts now;

	if (take(ctx, (enum sweep_list)in->of, &now))
		return OP_BROKEN;
	for (size_t i = 0; i < now.n; i++) {
		const struct kept *is = &now.v[i];
		bool has = false;

		for (size_t w = 0; w < in->words.n && !has; w++)
			has = memmem(is->text, is->len, in->words.v[w], strlen(in->words.v[w]));
		if (has)
			sweep_add(ctx, &(struct sweep_found){ &out->files, &out->count }, is->name);
	}
	out->read = (int64_t)now.n;
	return 0;
}
OP(sweep_find, "sweep.find", find_in, find_out,
	.doc = "Read all files of a kind, and tell which have one of some texts.",
	.source = "proc(5)",
	.touches = NSM_MNT | NSM_NET | NSM_IPC | NSM_UTS | NSM_PID);
