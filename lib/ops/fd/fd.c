// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors as values: reading and writing what another step opened.  Nothing here knows
 * what a descriptor refers to, so files, pipes, sockets and nsfs files are all welcome.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../file.h"
#include "nsc/sys.h"

#define FD_IN(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor")
FIELDS(fd_in, FD_IN);

#define FD_READ_IN(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor") \
	F(S, INT_DEF, max, 4096, 1, 65536, "most bytes to read")
FIELDS(fd_read_in, FD_READ_IN);

#define FD_PREAD_IN(F, S) \
	FD_READ_IN(F, S) \
	F(S, INT, offset, OPTIONAL, 0, INT64_MAX, "where to start, in bytes")
FIELDS(fd_pread_in, FD_PREAD_IN);

#define FD_READ_OUT(F, S) \
	F(S, STR, text, REQUIRED, "what was read, up to a NUL byte") \
	F(S, INT, size, REQUIRED, 0, 0, "bytes read; 0 at the end")
FIELDS(fd_read_out, FD_READ_OUT);

/* 0 when FD is ready for EVENT; a scenario must not hang on a pipe. */
static int wait_ready(struct op_ctx *ctx, int fd, short event)
{
	struct pollfd p = { .fd = fd, .events = event };

	for (;;) {
		int n = poll(&p, 1, op_left_ms(ctx));

		if (n > 0)
			return 0;
		if (n == 0)
			return op_timed_out(ctx, "the descriptor did not get ready");
		if (errno != EINTR)
			return op_broken(ctx, "poll: %m");
	}
}

static int take_text(struct fd_read_out *out, char *buf, ssize_t got)
{
	if (got < 0)
		return -errno;
	buf[got] = 0;
	out->text = buf;
	out->size = got;
	return 0;
}

static int fd_read_run(struct op_ctx *ctx, const struct fd_read_in *in, struct fd_read_out *out)
{
	char *buf = pool_alloc(ctx->pool, (size_t)in->max + 1);

	int rc = wait_ready(ctx, in->fd, POLLIN);

	if (rc)
		return rc;
	return take_text(out, buf, read(in->fd, buf, (size_t)in->max));
}
OP(fd_read, "fd.read", fd_read_in, fd_read_out,
	.doc = "Read from a descriptor once, waiting until there is something; ETIMEDOUT at the "
	       "step's deadline.",
	.source = "read(2)");

static int fd_pread_run(struct op_ctx *ctx, const struct fd_pread_in *in, struct fd_read_out *out)
{
	char *buf = pool_alloc(ctx->pool, (size_t)in->max + 1);

	return take_text(out, buf, pread(in->fd, buf, (size_t)in->max, in->offset));
}
OP(fd_pread, "fd.pread", fd_pread_in, fd_read_out,
	.doc = "Read from a place in an open file.",
	.source = "pread(2)");

#define FD_WRITE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor") \
	F(S, STR, text, REQUIRED, "what to write, in one call")
FIELDS(fd_write_in, FD_WRITE_IN);

#define FD_WRITE_OUT(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "bytes written")
FIELDS(fd_write_out, FD_WRITE_OUT);

static int put_size(struct fd_write_out *out, ssize_t put)
{
	if (put < 0)
		return -errno;
	out->size = put;
	return 0;
}

static int fd_write_run(struct op_ctx *ctx, const struct fd_write_in *in, struct fd_write_out *out)
{
	int rc = wait_ready(ctx, in->fd, POLLOUT);

	return rc ? rc : put_size(out, write(in->fd, in->text, strlen(in->text)));
}
OP(fd_write, "fd.write", fd_write_in, fd_write_out,
	.doc = "Write to a descriptor once, waiting until there is room; ETIMEDOUT at the step's "
	       "deadline.",
	.source = "write(2)");

static int fd_stat_run(struct op_ctx *ctx, const struct fd_in *in, struct file_stat *out)
{
	return file_stat_at(ctx, in->fd, "", AT_EMPTY_PATH, out);
}
OP(fd_stat, "fd.stat", fd_in, file_stat,
	.doc = "Read the attributes of what a descriptor refers to.",
	.source = "statx(2) AT_EMPTY_PATH");

static int fd_list_dir_run(struct op_ctx *ctx, const struct fd_in *in, struct file_list *out)
{
	return file_list_at(ctx, in->fd, ".", out);
}
OP(fd_list_dir, "fd.list_dir", fd_in, file_list,
	.doc = "List the directory that a descriptor refers to.",
	.source = "getdents(2)");

/* The agent closes its copy after every op; the controller drops its own for this one. */
static int fd_close_run(struct op_ctx *ctx, const struct fd_in *in, struct none *out)
{
	return 0;
}
OP(fd_close, "fd.close", fd_in, none,
	.doc = "Give a descriptor up: the scenario's copy of it is closed, too.",
	.source = "close(2)",
	.flags = OP_CONSUMES,
	.unseen = "the controller closes the descriptors itself, and knows");

static const struct symbol poll_symbols[] = {
	{ "IN", POLLIN, "something to read" },
	{ "OUT", POLLOUT, "room to write" },
	{ "PRI", POLLPRI, "an exceptional condition, such as a changed mount table" },
	{ "ERR", POLLERR, NULL },
	{ "HUP", POLLHUP, NULL },
	{ 0 }
};

#define FD_POLL_IN(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor") \
	F(S, FLAGS, events, REQUIRED, poll_symbols, "what to wait for") \
	F(S, PATIENCE, timeout, 0, "how long to wait; 0 looks only")
FIELDS(fd_poll_in, FD_POLL_IN);

#define FD_POLL_OUT(F, S) \
	F(S, FLAGS, ready, REQUIRED, poll_symbols, "what is there; empty when time ran out")
FIELDS(fd_poll_out, FD_POLL_OUT);

static int fd_poll_run(struct op_ctx *ctx, const struct fd_poll_in *in, struct fd_poll_out *out)
{
	struct pollfd p = { .fd = in->fd, .events = (short)in->events };
	int64_t wanted_ms = in->timeout / 1000000;
	int left_ms = op_left_ms(ctx);
	int n;

	if (wanted_ms > left_ms)
		return op_broken(ctx, "the timeout is later than the step's deadline");
	do
		n = poll(&p, 1, (int)wanted_ms);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	out->ready = (uint64_t)p.revents & (POLLIN | POLLOUT | POLLPRI | POLLERR | POLLHUP);
	return 0;
}
OP(fd_poll, "fd.poll", fd_poll_in, fd_poll_out,
	.doc = "Look, or wait, for events on a descriptor.",
	.source = "poll(2)");

#define HOLD_IN(F, S) \
	F(S, INT, number, REQUIRED, 3, 1023, "lowest number of the descriptor") \
	F(S, BOOL, close, "close the descriptor of that number instead")
FIELDS(hold_in, HOLD_IN);

static int fd_hold_run(struct op_ctx *ctx, const struct hold_in *in, struct none *out)
{
	if (in->close)
		return close((int)in->number) < 0 ? -errno : 0;
	AUTO_FD null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null < 0)
		return op_broken(ctx, "open /dev/null: %m");
	return fcntl(null, F_DUPFD_CLOEXEC, (int)in->number) < 0 ? -errno : 0;
}

static int fd_hold_check(struct op_ctx *ctx, const struct hold_in *in, const struct none *out)
{
	bool open = fcntl((int)in->number, F_GETFD) >= 0;

	return open != in->close ? 0 : op_undone(ctx, "descriptor %d is %s", (int)in->number,
						 open ? "open" : "not open");
}
OP_CHECK(fd_hold, hold_in, none)
OP(fd_hold, "fd.hold", hold_in, none,
	.doc = "Keep a descriptor open in the actor itself, as long as it lives.",
	.source = "fcntl(2) F_DUPFD",
	.check = fd_hold_checked);

#define FD_INFO_OUT(F, S) \
	F(S, STR, text, REQUIRED, "the whole file")
FIELDS(fd_info_out, FD_INFO_OUT);

enum { INFO_MAX = 8192 };

static int fd_info_run(struct op_ctx *ctx, const struct fd_in *in, struct fd_info_out *out)
{
	const char *path = pool_printf(ctx->pool, "/proc/thread-self/fdinfo/%d", in->fd);
	char *text;
	int rc = sys_read_file(ctx->pool, path, INFO_MAX, &text, NULL);

	if (rc)
		return op_broken(ctx, "read %s: %s", path, strerror(-rc));
	out->text = text;
	return 0;
}
OP(fd_info, "fd.info", fd_in, fd_info_out,
	.doc = "Read what the mounted procfs tells about a descriptor of the caller.",
	.source = "proc_pid_fdinfo(5)",
	.touches = NSM_PID, .flags = OP_PROC);
