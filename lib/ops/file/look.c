// SPDX-License-Identifier: GPL-2.0-only
/*
 * What several paths are, at once: what a runtime was asked to make of files is compared whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../file.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#define LOOK_IN(F, S) \
	F(S, STRS, paths, REQUIRED, "files and directories")
FIELDS(look_in, LOOK_IN);

#define LOOK_OUT(F, S) \
	F(S, STRS, there, REQUIRED, "those that lead to something") \
	F(S, STRS, empty, REQUIRED, "those of which nothing can be read or listed") \
	F(S, STRS, readonly, REQUIRED, "those on file systems that are read-only there (EROFS)") \
	F(S, STRS, writable, REQUIRED, "those that the caller may write to") \
	F(S, STRS, devices, REQUIRED, "devices: PATH MAJOR:MINOR, with c or b before it") \
	F(S, STRS, texts, REQUIRED, "PATH=TEXT: the first line of files that are no devices")
FIELDS(look_out, LOOK_OUT);

enum { LINE = 80 };

static void add(struct strs *list, const char *text)
{
	list->v[list->n++] = text;
}

/* The first line, shortened; NULL when nothing can be read. */
static const char *first_line(struct op_ctx *ctx, const char *path)
{
	AUTO_FD fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char text[LINE + 1];
	ssize_t n = fd < 0 ? -1 : read(fd, text, LINE);

	if (n <= 0)
		return NULL;
	text[n] = 0;
	return pool_strndup(ctx->pool, text, strcspn(text, "\n"));
}

static bool is_empty_directory(struct op_ctx *ctx, const char *path)
{
	struct file_list list = { .count = 0 };
	int rc = file_list_at(ctx, AT_FDCWD, path, &list);

	return rc < 0 || !list.count;
}

static void look_at(struct op_ctx *ctx, const char *path, struct look_out *out)
{
	const char *line;
	struct stat st;

	if (stat(path, &st) < 0)
		return;
	add(&out->there, path);
	if (sys_call(SYS_faccessat2, AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
		add(&out->writable, path);
	else if (errno == EROFS)
		add(&out->readonly, path);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		add(&out->devices, pool_printf(ctx->pool, "%c %s %u:%u",
					       S_ISCHR(st.st_mode) ? 'c' : 'b', path,
					       major(st.st_rdev), minor(st.st_rdev)));
	if (S_ISDIR(st.st_mode)) {
		if (is_empty_directory(ctx, path))
			add(&out->empty, path);
		return;
	}
	/* A device may wait for its user; the one that masks is always at its end. */
	if (!S_ISREG(st.st_mode) && st.st_rdev != makedev(1, 3))
		return;
	line = first_line(ctx, path);
	if (!line)
		add(&out->empty, path);
	else
		add(&out->texts, pool_printf(ctx->pool, "%s=%s", path, line));
}

static int file_look_run(struct op_ctx *ctx, const struct look_in *in, struct look_out *out)
{
	struct strs *lists[] = { &out->there, &out->empty, &out->readonly, &out->writable,
				 &out->devices, &out->texts };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		lists[i]->v = pool_array(ctx->pool, const char *, in->paths.n + 1);
	for (size_t i = 0; i < in->paths.n; i++)
		look_at(ctx, in->paths.v[i], out);
	return 0;
}
OP(file_look, "file.look", look_in, look_out,
	.doc = "Look at several paths: which are there, empty, read-only, devices, and what they begin with.",
	.source = "stat(2), faccessat2(2), read(2), getdents(2)",
	.touches = NSM_MNT);
