// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/PID/timens_offsets: the offsets of the time namespace that the next child of that
 * process will be born in.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "proc.h"

static const char offsets_file[] = "timens_offsets";

/*
 * The file belongs to a process; a thread sees that of its leader.  Descriptor, -errno when
 * open(2) is refused, or broken.
 */
static int offsets_file_open(struct op_ctx *ctx, const struct actor_ref *actor, int flags)
{
	AUTO_FD dir = target_dir(ctx, actor, PID_NOT_GIVEN, "/proc/self");
	int fd = dir < 0 ? dir : openat(dir, offsets_file, flags | O_CLOEXEC);

	return dir < 0 ? OP_BROKEN : fd < 0 ? -errno : fd;
}

struct offsets_read_in {
	struct actor_ref actor;
};

static const struct field offsets_read_in_fields[] = {
	F_ACTOR(struct offsets_read_in, actor, OPTIONAL, "whose file; default: the caller's own"),
	F_END
};

struct offsets_read_out {
	const char *text;
	int64_t monotonic, boottime;
};

static const struct field offsets_read_out_fields[] = {
	F_STR(struct offsets_read_out, text, REQUIRED,
	      "the file as it is, with runs of blanks made one"),
	F_TIME(struct offsets_read_out, monotonic, REQUIRED,
	       "offset of CLOCK_MONOTONIC in nanoseconds"),
	F_TIME(struct offsets_read_out, boottime, REQUIRED,
	       "offset of CLOCK_BOOTTIME in nanoseconds"),
	F_END
};

/* Columns are padded: `monotonic           0         0`. */
static char *squeeze(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != ' ' || (to > text && to[-1] != ' '))
			*to++ = *from;
	*to = 0;
	return text;
}

static bool offset_of(const char *text, const char *clock, int64_t *ns)
{
	int64_t sec, nsec;
	const char *line = strstr(text, clock);

	if (!line || sscanf(line + strlen(clock), "%" SCNd64 " %" SCNd64, &sec, &nsec) != 2)
		return false;
	/* Offsets beyond 292 years are refused by the kernel. */
	*ns = sec * 1000000000 + nsec;
	return true;
}

static int offsets_read_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct offsets_read_in *in = params;
	struct offsets_read_out *out = results;
	AUTO_FD file = offsets_file_open(ctx, &in->actor, O_RDONLY);
	char *text;
	int rc = file < 0 ? file : sys_read_fd(ctx->pool, file, 4096, &text, NULL);

	if (rc < 0)
		return rc;
	if (!offset_of(text, "monotonic", &out->monotonic) ||
	    !offset_of(text, "boottime", &out->boottime))
		return op_broken(ctx, "%s cannot be understood: %s", offsets_file, text);
	out->text = squeeze(text);
	return 0;
}

struct offsets_open_out {
	int fd;
};

static const struct field offsets_open_out_fields[] = {
	F_FD(struct offsets_open_out, fd, REQUIRED, "open for writing"),
	F_END
};

static int offsets_open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct offsets_read_in *in = params;
	struct offsets_open_out *out = results;
	out->fd = offsets_file_open(ctx, &in->actor, O_WRONLY);
	return out->fd < 0 ? out->fd : 0;
}

struct offsets_write_in {
	const char *text;
	struct actor_ref actor;
	int fd;
	int64_t pad_to;
};

static const struct field offsets_write_in_fields[] = {
	F_STR(struct offsets_write_in, text, REQUIRED,
	      "what is written: up to two lines of CLOCK SECONDS NANOSECONDS"),
	F_ACTOR(struct offsets_write_in, actor, OPTIONAL, "whose file; default: the caller's own"),
	F_FD(struct offsets_write_in, fd, OPTIONAL, "the open file instead"),
	F_INT(struct offsets_write_in, pad_to, OPTIONAL, 0, 1 << 20,
	      "length in bytes that the text is filled up to with line ends"),
	F_END
};

struct offsets_write_out {
	int64_t written;
};

static const struct field offsets_write_out_fields[] = {
	F_INT(struct offsets_write_out, written, REQUIRED, 0, 0, "bytes that the kernel took"),
	F_END
};

static int offsets_write_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct offsets_write_in *in = params;
	struct offsets_write_out *out = results;
	size_t len = strlen(in->text), full = (size_t)in->pad_to > len ? (size_t)in->pad_to : len;
	char *text = pool_alloc(ctx->pool, full + 1);

	memset(text, '\n', full);
	memcpy(text, in->text, len);
	AUTO_FD own = in->fd < 0 ? offsets_file_open(ctx, &in->actor, O_WRONLY) : -1;

	if (own == OP_BROKEN)
		return OP_BROKEN;
	if (in->fd < 0 && own < 0)
		return op_broken(ctx, "open %s: %s", offsets_file, strerror(-own));
	ssize_t put = write(in->fd < 0 ? own : in->fd, text, full);

	if (put < 0)
		return -errno;
	out->written = put;
	return 0;
}

const struct op timens_ops[] = {
	{
		.name = "time.offsets_read",
		.doc = "Read the offsets of the time namespace for a process's children.",
		.source = "time_namespaces(7)",
		.config = "TIME_NS",
		OP_IN(offsets_read), OP_OUT(offsets_read),
		.touches = NSM_TIME,
		.flags = OP_PROC,
		.asks = "start.time-offsets",
		.run = offsets_read_run,
	},
	{
		.name = "time.offsets_open",
		.doc = "Open a timens_offsets file for writing.",
		.source = "time_namespaces(7)",
		.config = "TIME_NS",
		OP_IN(offsets_read), OP_OUT(offsets_open),
		.touches = NSM_TIME,
		.flags = OP_PROC,
		.run = offsets_open_run,
	},
	{
		.name = "time.offsets_write",
		.doc = "Set the offsets of a process's namespace for children by one write(2).",
		.source = "time_namespaces(7)",
		.config = "TIME_NS",
		OP_IN(offsets_write), OP_OUT(offsets_write),
		.touches = NSM_TIME, .mutates = NSM_TIME,
		.flags = OP_PROC,
		.asks = "start.time-offsets cap.SYS_TIME",
		.run = offsets_write_run,
	},
	{ 0 }
};
