// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network namespace as files: /proc/net of a process or thread.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "proc.h"

#define PROC_FILE_MAX (1 << 20)

enum { OF_PROC, OF_SELF, OF_THREAD };

static const struct symbol whose[] = {
	{ "proc", OF_PROC, "/proc/net" },
	{ "self", OF_SELF, "/proc/self/net" },
	{ "thread", OF_THREAD, "/proc/thread-self/net" },
	{ 0 }
};

static const char *const directories[] = {
	[OF_PROC] = "/proc/net",
	[OF_SELF] = "/proc/self/net",
	[OF_THREAD] = "/proc/thread-self/net",
};

struct proc_in {
	const char *file;
	int64_t of, inode;
	int fd, dir;
	struct actor_ref actor;
};

#define FIELD_OF F_ENUM_DEF(struct proc_in, of, OF_PROC, whose, "which directory")
#define FIELD_INODE \
	F_INT(struct proc_in, inode, OPTIONAL, 0, 0, "inode number of a socket to look for")

static const struct field proc_in_fields[] = {
	F_STR(struct proc_in, file, OPTIONAL, "file below the directory, e.g. `tcp`"),
	FIELD_OF,
	F_FD(struct proc_in, fd, OPTIONAL, "open file to read from its start instead"),
	F_FD(struct proc_in, dir, OPTIONAL, "open directory in which to open `file` instead"),
	FIELD_INODE,
	F_END
};

static const struct field proc_of_in_fields[] = {
	F_ACTOR(struct proc_in, actor, REQUIRED, "whose directory under /proc"),
	F_STR(struct proc_in, file, REQUIRED, "file below net/, e.g. `tcp`"),
	FIELD_INODE,
	F_END
};

static const struct field proc_open_in_fields[] = {
	F_STR_DEF(struct proc_in, file, ".", "file below the directory; default: itself"),
	FIELD_OF,
	F_END
};

struct proc_out {
	const char *text;
	int64_t lines;
	bool listed;
};

static const struct field proc_out_fields[] = {
	F_STR(struct proc_out, text, REQUIRED, "content"),
	F_INT(struct proc_out, lines, REQUIRED, 0, 0, "number of lines, headings included"),
	F_BOOL(struct proc_out, listed, "a line has that inode number as one of its words"),
	F_END
};

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = text; (p = strstr(p, word)); p += len) {
		if ((p == text || isspace((unsigned char)p[-1])) &&
		    (!p[len] || isspace((unsigned char)p[len])))
			return true;
	}
	return false;
}

/* Errors of read(2) are the probe's, too. */
static int read_out(struct op_ctx *ctx, int fd, int64_t inode, struct proc_out *out)
{
	char *text = NULL;
	int rc = sys_read_fd(ctx->pool, fd, PROC_FILE_MAX, &text, NULL);

	if (rc)
		return rc;
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		out->lines++;
	out->listed = inode && has_word(text, pool_printf(ctx->pool, "%lld", (long long)inode));
	out->text = text;
	return 0;
}

static int proc_open_file(struct op_ctx *ctx, const struct proc_in *in)
{
	int fd;

	if (in->dir >= 0)
		fd = openat(in->dir, in->file, O_RDONLY | O_CLOEXEC);
	else
		fd = open(pool_printf(ctx->pool, "%s/%s", directories[in->of], in->file),
			  O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int proc_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct proc_in *in = params;

	if (in->fd >= 0) {
		if (lseek(in->fd, 0, SEEK_SET) < 0)
			return op_broken(ctx, "rewind: %m");
		return read_out(ctx, in->fd, in->inode, results);
	}
	if (!in->file)
		return op_broken(ctx, "neither file nor fd is given");
	AUTO_FD fd = proc_open_file(ctx, in);
	return fd < 0 ? fd : read_out(ctx, fd, in->inode, results);
}

static int proc_of_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct proc_in *in = params;
	AUTO_FD dir = target_dir(ctx, &in->actor, PID_NOT_GIVEN, NULL);

	if (dir < 0)
		return OP_BROKEN;
	AUTO_FD fd = openat(dir, pool_printf(ctx->pool, "net/%s", in->file),
			    O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return read_out(ctx, fd, in->inode, results);
}

struct fd_out {
	int fd;
};

static const struct field fd_out_fields[] = {
	F_FD(struct fd_out, fd, REQUIRED, "the open file"),
	F_END
};

static int proc_open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct proc_in *in = params;
	struct proc_in by_path = { .file = in->file, .of = in->of, .dir = -1 };
	struct fd_out *out = results;
	int fd = proc_open_file(ctx, &by_path);

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}

#define IN(fields, type) .in = fields##_in_fields, .in_size = sizeof(struct type##_in)

const struct op netproc_ops[] = {
	{
		.name = "net.proc",
		.doc = "Read a file of the caller's own /proc/net.",
		.source = "proc(5) /proc/net",
		OP_IN(proc), OP_OUT(proc),
		.touches = NSM_NET,
		.run = proc_run,
	},
	{
		.name = "net.proc_of",
		.doc = "Read a file of another actor's /proc/PID/net.",
		.source = "proc(5) /proc/[pid]/net",
		IN(proc_of, proc), OP_OUT(proc),
		.touches = NSM_NET,
		.flags = OP_PROC,
		.run = proc_of_run,
	},
	{
		.name = "net.proc_open",
		.doc = "Open a file of the caller's own /proc/net, or the directory.",
		.source = "proc(5) /proc/net",
		IN(proc_open, proc), OP_OUT(fd),
		.touches = NSM_NET,
		.run = proc_open_run,
	},
	{ 0 }
};
