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

#include "../proc.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define PROC_FILE_MAX (1 << 20)

enum { OF_PROC, OF_SELF, OF_THREAD };

static const struct symbol whose[] = {
	{ "proc", OF_PROC, "/proc/net" },
	{ "self", OF_SELF, "/proc/self/net" },
	{ "thread", OF_THREAD, "/proc/thread-self/net" },
	{ 0 }
};

static const char *const directories[] = {
	[OF_PROC] = "/proc",
	[OF_SELF] = "/proc/self",
	[OF_THREAD] = "/proc/thread-self",
};

#define PROC_WHOSE(F, S) \
	F(S, ENUM_DEF, of, OF_PROC, whose, "which of the caller's directories")
#define PROC_INODE(F, S) \
	F(S, INT, inode, OPTIONAL, 0, 0, "inode number of a socket to look for")

#define PROC_IN(F, S) \
	F(S, STR, file, OPTIONAL, "file below the directory, e.g. `tcp`") \
	F(S, ACTOR, actor, OPTIONAL, "whose /proc/PID/net; default: the caller's own") \
	PROC_WHOSE(F, S) \
	F(S, FD, fd, OPTIONAL, "open file to read from its start instead") \
	F(S, FD, dir, OPTIONAL, "open directory in which to open `file` instead") \
	PROC_INODE(F, S)
FIELDS(proc_in, PROC_IN);

#define PROC_OPEN_IN(F, S) \
	F(S, STR_DEF, file, ".", "file below the directory; default: itself") \
	PROC_WHOSE(F, S)
FIELDS(proc_open_in, PROC_OPEN_IN);

#define PROC_OUT(F, S) \
	F(S, STR, text, REQUIRED, "content") \
	F(S, INT, lines, REQUIRED, 0, 0, "number of lines, headings included") \
	F(S, BOOL, listed, "a line has that inode number as one of its words")
FIELDS(proc_out, PROC_OUT);

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

/* A file of the actor's, or of the caller's directory OF: a descriptor, -errno, or broken. */
static int proc_open_file(struct op_ctx *ctx, const struct actor_ref *actor, int64_t of,
			  const char *file)
{
	AUTO_FD dir = target_dir(ctx, actor, PID_NOT_GIVEN, directories[of]);
	int fd = dir < 0 ? dir : openat(dir, pool_printf(ctx->pool, "net/%s", file),
					O_RDONLY | O_CLOEXEC);

	return dir < 0 ? OP_BROKEN : fd < 0 ? -errno : fd;
}

static int net_proc_run(struct op_ctx *ctx, const struct proc_in *in, struct proc_out *out)
{
	if (in->fd >= 0) {
		if (lseek(in->fd, 0, SEEK_SET) < 0)
			return op_broken(ctx, "rewind: %m");
		return read_out(ctx, in->fd, in->inode, out);
	}
	if (!in->file)
		return op_broken(ctx, "neither file nor fd is given");
	AUTO_FD fd = in->dir < 0 ? proc_open_file(ctx, &in->actor, in->of, in->file) :
				   openat(in->dir, in->file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return in->dir < 0 ? fd : -errno;
	return read_out(ctx, fd, in->inode, out);
}
OP(net_proc, "net.proc", proc_in, proc_out,
	.doc = "Read a file of /proc/net, or of a process's directory net.",
	.source = "proc(5) /proc/net, /proc/[pid]/net",
	.touches = NSM_NET, .flags = OP_PROC_OF);

#define FD_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the open file")
FIELDS(fd_out, FD_OUT);

static int net_proc_open_run(struct op_ctx *ctx, const struct proc_open_in *in, struct fd_out *out)
{
	static const struct actor_ref nobody = { -1, -1 };
	int fd = proc_open_file(ctx, &nobody, in->of, in->file);

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}
OP(net_proc_open, "net.proc_open", proc_open_in, fd_out,
	.doc = "Open a file of the caller's own /proc/net, or the directory.",
	.source = "proc(5) /proc/net",
	.touches = NSM_NET);
