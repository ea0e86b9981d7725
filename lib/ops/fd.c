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
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "nsc/sys.h"

struct fd_in {
	int fd;
};

static const struct field fd_in_fields[] = {
	F_FD(struct fd_in, fd, REQUIRED, "descriptor"),
	F_END
};

struct fd_read_in {
	int fd;
	int64_t max, offset;
};

static const struct field fd_read_in_fields[] = {
	F_FD(struct fd_read_in, fd, REQUIRED, "descriptor"),
	F_INT_DEF(struct fd_read_in, max, 4096, 1, 65536, "most bytes to read"),
	F_END
};

static const struct field fd_pread_in_fields[] = {
	F_FD(struct fd_read_in, fd, REQUIRED, "descriptor"),
	F_INT_DEF(struct fd_read_in, max, 4096, 1, 65536, "most bytes to read"),
	F_INT(struct fd_read_in, offset, OPTIONAL, 0, INT64_MAX, "where to start, in bytes"),
	F_END
};

struct fd_read_out {
	const char *text;
	int64_t size;
};

static const struct field fd_read_out_fields[] = {
	F_STR(struct fd_read_out, text, REQUIRED, "what was read, up to a NUL byte"),
	F_INT(struct fd_read_out, size, REQUIRED, 0, 0, "bytes read; 0 at the end"),
	F_END
};

/* 0 when FD is ready for EVENT, else OP_BROKEN: a scenario must not hang on a pipe. */
static int wait_ready(struct op_ctx *ctx, int fd, short event)
{
	struct pollfd p = { .fd = fd, .events = event };

	for (;;) {
		int n = poll(&p, 1, op_left_ms(ctx));

		if (n > 0)
			return 0;
		if (n == 0)
			return op_broken(ctx, "timed out waiting for the descriptor");
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

static int fd_read_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fd_read_in *in = params;
	char *buf = pool_alloc(ctx->pool, (size_t)in->max + 1);

	if (wait_ready(ctx, in->fd, POLLIN))
		return OP_BROKEN;
	return take_text(results, buf, read(in->fd, buf, (size_t)in->max));
}

static int fd_pread_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fd_read_in *in = params;
	char *buf = pool_alloc(ctx->pool, (size_t)in->max + 1);

	return take_text(results, buf, pread(in->fd, buf, (size_t)in->max, in->offset));
}

struct fd_write_in {
	int fd;
	const char *text;
};

static const struct field fd_write_in_fields[] = {
	F_FD(struct fd_write_in, fd, REQUIRED, "descriptor"),
	F_STR(struct fd_write_in, text, REQUIRED, "what to write, in one call"),
	F_END
};

struct fd_write_out {
	int64_t size;
};

static const struct field fd_write_out_fields[] = {
	F_INT(struct fd_write_out, size, REQUIRED, 0, 0, "bytes written"),
	F_END
};

static int put_size(struct fd_write_out *out, ssize_t put)
{
	if (put < 0)
		return -errno;
	out->size = put;
	return 0;
}

static int fd_write_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fd_write_in *in = params;

	if (wait_ready(ctx, in->fd, POLLOUT))
		return OP_BROKEN;
	return put_size(results, write(in->fd, in->text, strlen(in->text)));
}

static int fd_stat_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fd_in *in = params;

	return file_stat_at(ctx, in->fd, "", AT_EMPTY_PATH, results);
}

static int fd_list_dir_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fd_in *in = params;

	return file_list_at(ctx, in->fd, ".", results);
}

/* The agent closes its copy after every op; the controller drops its own for this one. */
static int fd_close_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)ctx, (void)params, (void)results;
	return 0;
}

static const struct symbol poll_symbols[] = {
	{ "IN", POLLIN, "something to read" },
	{ "OUT", POLLOUT, "room to write" },
	{ "PRI", POLLPRI, "an exceptional condition, such as a changed mount table" },
	{ "ERR", POLLERR, NULL },
	{ "HUP", POLLHUP, NULL },
	{ 0 }
};

struct fd_poll_in {
	int fd;
	uint64_t events;
	int64_t timeout;
};

static const struct field fd_poll_in_fields[] = {
	F_FD(struct fd_poll_in, fd, REQUIRED, "descriptor"),
	F_FLAGS(struct fd_poll_in, events, REQUIRED, poll_symbols, "what to wait for"),
	F_PATIENCE(struct fd_poll_in, timeout, 0, "how long to wait; 0 looks only"),
	F_END
};

struct fd_poll_out {
	uint64_t ready;
};

static const struct field fd_poll_out_fields[] = {
	F_FLAGS(struct fd_poll_out, ready, REQUIRED, poll_symbols,
		"what is there; empty when time ran out"),
	F_END
};

static int fd_poll_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fd_poll_in *in = params;
	struct fd_poll_out *out = results;
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

const struct op fd_ops[] = {
	{
		.name = "fd.read",
		.doc = "Read from a descriptor once, waiting until there is something.",
		.source = "read(2)",
		OP_IN(fd_read), OP_OUT(fd_read),
		.run = fd_read_run,
	},
	{
		.name = "fd.pread",
		.doc = "Read from a place in an open file.",
		.source = "pread(2)",
		.in = fd_pread_in_fields, .in_size = sizeof(struct fd_read_in),
		OP_OUT(fd_read),
		.run = fd_pread_run,
	},
	{
		.name = "fd.write",
		.doc = "Write to a descriptor once, waiting until there is room.",
		.source = "write(2)",
		OP_IN(fd_write), OP_OUT(fd_write),
		.run = fd_write_run,
	},
	{
		.name = "fd.stat",
		.doc = "Read the attributes of what a descriptor refers to.",
		.source = "statx(2) AT_EMPTY_PATH",
		OP_IN(fd),
		.out = file_stat_fields, .out_size = sizeof(struct file_stat),
		.run = fd_stat_run,
	},
	{
		.name = "fd.list_dir",
		.doc = "List the directory that a descriptor refers to.",
		.source = "getdents(2)",
		OP_IN(fd),
		.out = file_list_fields, .out_size = sizeof(struct file_list),
		.run = fd_list_dir_run,
	},
	{
		.name = "fd.poll",
		.doc = "Look, or wait, for events on a descriptor.",
		.source = "poll(2)",
		OP_IN(fd_poll), OP_OUT(fd_poll),
		.run = fd_poll_run,
	},
	{
		.name = "fd.close",
		.doc = "Give a descriptor up: the scenario's copy of it is closed, too.",
		.source = "close(2)",
		OP_IN(fd),
		.flags = OP_CONSUMES,
		.run = fd_close_run,
	},
	{ 0 }
};
