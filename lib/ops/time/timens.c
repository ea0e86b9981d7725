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

#include "../proc.h"
#include "nsc/op.h"
#include "nsc/sys.h"

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

#define OFFSETS_READ_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose file; default: the caller's own")
FIELDS(offsets_read_in, OFFSETS_READ_IN);

#define OFFSETS_READ_OUT(F, S) \
	F(S, STR, text, REQUIRED, "the file as it is, with runs of blanks made one") \
	F(S, TIME, monotonic, REQUIRED, "offset of CLOCK_MONOTONIC in nanoseconds") \
	F(S, TIME, boottime, REQUIRED, "offset of CLOCK_BOOTTIME in nanoseconds")
FIELDS(offsets_read_out, OFFSETS_READ_OUT);

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

static int time_offsets_read_run(struct op_ctx *ctx, const struct offsets_read_in *in,
				 struct offsets_read_out *out)
{
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
OP(time_offsets_read, "time.offsets_read", offsets_read_in, offsets_read_out,
	.doc = "Read the offsets of the time namespace for a process's children.",
	.source = "time_namespaces(7)", .config = "TIME_NS", .asks = "start.time-offsets",
	.touches = NSM_TIME, .flags = OP_PROC_OF);

#define OFFSETS_OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "open for writing")
FIELDS(offsets_open_out, OFFSETS_OPEN_OUT);

static int time_offsets_open_run(struct op_ctx *ctx, const struct offsets_read_in *in,
				 struct offsets_open_out *out)
{
	out->fd = offsets_file_open(ctx, &in->actor, O_WRONLY);
	return out->fd < 0 ? out->fd : 0;
}
OP(time_offsets_open, "time.offsets_open", offsets_read_in, offsets_open_out,
	.doc = "Open a timens_offsets file for writing.",
	.source = "time_namespaces(7)", .config = "TIME_NS",
	.touches = NSM_TIME, .flags = OP_PROC_OF);

#define OFFSETS_WRITE_IN(F, S) \
	F(S, STR, text, REQUIRED, "what is written: up to two lines of CLOCK SECONDS NANOSECONDS") \
	F(S, ACTOR, actor, OPTIONAL, "whose file; default: the caller's own") \
	F(S, FD, fd, OPTIONAL, "the open file instead") \
	F(S, INT, pad_to, OPTIONAL, 0, 1 << 20, \
	  "length in bytes that the text is filled up to with line ends")
FIELDS(offsets_write_in, OFFSETS_WRITE_IN);

#define OFFSETS_WRITE_OUT(F, S) \
	F(S, INT, written, REQUIRED, 0, 0, "bytes that the kernel took")
FIELDS(offsets_write_out, OFFSETS_WRITE_OUT);

static int time_offsets_write_run(struct op_ctx *ctx, const struct offsets_write_in *in,
				  struct offsets_write_out *out)
{
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

/* Whether TEXT has just one line of CLOCK, of which the offset is another one than NOW. */
static bool is_other(const char *text, const char *clock, int64_t now)
{
	const char *line = strstr(text, clock);
	int64_t asked;

	return line && !strstr(line + 1, clock) && offset_of(text, clock, &asked) && asked != now;
}

static int time_offsets_write_check(struct op_ctx *ctx, const struct offsets_write_in *in,
				    const struct offsets_write_out *out)
{
	struct offsets_read_in whose = { .actor = in->actor };
	struct offsets_read_out now = { 0 };

	if (in->fd >= 0 || time_offsets_read_run(ctx, &whose, &now) ||
	    (!is_other(in->text, "monotonic", now.monotonic) &&
	     !is_other(in->text, "boottime", now.boottime)))
		return 0;
	return op_undone(ctx, "the offsets are %s", now.text);
}
OP_CHECK(time_offsets_write, offsets_write_in, offsets_write_out)
OP(time_offsets_write, "time.offsets_write", offsets_write_in, offsets_write_out,
	.doc = "Set the offsets of a process's namespace for children by one write(2).",
	.source = "time_namespaces(7)", .config = "TIME_NS",
	.asks = "start.time-offsets cap.SYS_TIME",
	.touches = NSM_TIME, .mutates = NSM_TIME, .flags = OP_PROC_OF,
	.check = time_offsets_write_checked);
