// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files that make a user namespace: uid_map, gid_map, projid_map and setgroups of a
 * process.  Every write is one write(2), of exactly the bytes the scenario asks for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/agent.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "user.h"

enum { FILE_UID, FILE_GID, FILE_PROJID, FILE_SETGROUPS };

static const char *const file_names[] = { "uid_map", "gid_map", "projid_map", "setgroups" };

const struct symbol map_symbols[] = {
	{ "uid", FILE_UID, "uid_map" },
	{ "gid", FILE_GID, "gid_map" },
	{ "projid", FILE_PROJID, "projid_map" },
	{ 0 }
};

static const struct symbol file_symbols[] = {
	{ "uid", FILE_UID, "uid_map" },
	{ "gid", FILE_GID, "gid_map" },
	{ "projid", FILE_PROJID, "projid_map" },
	{ "setgroups", FILE_SETGROUPS, "setgroups" },
	{ 0 }
};

/* A descriptor, -errno when open(2) is refused, or broken. */
static int map_open(struct op_ctx *ctx, int64_t file, const struct actor_ref *actor, int flags)
{
	AUTO_FD dir = target_dir(ctx, actor, PID_NOT_GIVEN, "/proc/thread-self");
	int fd = dir < 0 ? dir : openat(dir, file_names[file], flags | O_CLOEXEC);

	if (dir < 0)
		return OP_BROKEN;
	if (fd < 0 && (errno == ENOENT || errno == ESRCH))
		return op_broken(ctx, "open %s: %m", file_names[file]);
	return fd < 0 ? -errno : fd;
}

/* The given descriptor, duplicated so that both kinds are closed alike, or the file opened. */
static int map_or_fd(struct op_ctx *ctx, int64_t file, const struct actor_ref *actor, int fd,
		     int flags)
{
	if (fd < 0)
		return map_open(ctx, file, actor, flags);
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	return copy < 0 ? op_broken(ctx, "duplicate the descriptor: %m") : copy;
}

#define READ_MAP_IN(F, S) \
	F(S, ENUM, map, OPTIONAL, map_symbols, "which map") \
	F(S, ACTOR, actor, OPTIONAL, "whose map; default the caller's own") \
	F(S, FD, fd, OPTIONAL, "descriptor of a map to read instead")
FIELDS(read_map_in, READ_MAP_IN);

#define READ_MAP_OUT(F, S) \
	F(S, STR, text, REQUIRED, "the file as it is") \
	F(S, STRS, lines, REQUIRED, "its lines, fields separated by one blank")
FIELDS(read_map_out, READ_MAP_OUT);

static const char *one_blank(struct pool *pool, const char *line, size_t len)
{
	char *out = pool_alloc(pool, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (line[i] != ' ' || (n && out[n - 1] != ' '))
			out[n++] = line[i];
	return out;
}

static struct strs split_lines(struct pool *pool, const char *text)
{
	struct strs lines = { .v = pool_array(pool, const char *, strlen(text) + 1) };

	while (*text) {
		size_t len = strcspn(text, "\n");

		lines.v[lines.n++] = one_blank(pool, text, len);
		text += len + (text[len] == '\n');
	}
	return lines;
}

static int user_read_map_run(struct op_ctx *ctx, const struct read_map_in *in,
			     struct read_map_out *out)
{
	AUTO_FD fd = map_or_fd(ctx, in->map, &in->actor, in->fd, O_RDONLY);
	char *text;

	if (fd < 0)
		return fd;
	int rc = sys_read_fd(ctx->pool, fd, 65536, &text, NULL);

	if (rc < 0)
		return rc;
	out->text = text;
	out->lines = split_lines(ctx->pool, text);
	return 0;
}
OP(user_read_map, "user.read_map", read_map_in, read_map_out,
	.doc = "Read an id map in the terms of the process that opens the file.",
	.source = "user_namespaces(7)", .config = "USER_NS",
	.flags = OP_PROC_OF);

enum { PAD_NONE, PAD_BELOW_PAGE, PAD_PAGE };

static const struct symbol pad_symbols[] = {
	{ "none", PAD_NONE, "as it is" },
	{ "below-page", PAD_BELOW_PAGE, "blanks up to one byte less than a page" },
	{ "page", PAD_PAGE, "blanks up to one page" },
	{ 0 }
};

#define WRITE_MAP_IN(F, S) \
	F(S, ENUM, map, OPTIONAL, map_symbols, "which map") \
	F(S, ACTOR, actor, OPTIONAL, "whose map; default the caller's own") \
	F(S, FD, fd, OPTIONAL, "descriptor of a map to write to instead") \
	F(S, STR_DEF, text, "", "what is written") \
	F(S, INT_DEF, count, 0, 0, 1000, "number of lines `I I 1` written after the text") \
	F(S, ENUM, pad, OPTIONAL, pad_symbols, "blanks after that") \
	F(S, STR, after_nul, OPTIONAL, "bytes written after a NUL byte") \
	F(S, INT_DEF, seek, 0, 0, 65536, "file position to seek to before, in bytes") \
	F(S, INT_DEF, pwrite, -1, -1, 65536, \
	  "file position given to pwrite, in bytes; -1: plain write")
FIELDS(write_map_in, WRITE_MAP_IN);

#define WRITTEN_OUT(F, S) \
	F(S, INT, written, REQUIRED, 0, 0, "bytes that the call reported as written")
FIELDS(written_out, WRITTEN_OUT);

struct bytes {
	const char *data;
	size_t len;
};

static struct bytes map_bytes(struct pool *pool, const struct write_map_in *in)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = page + strlen(in->text) + 16 * 1024;
	char *data = pool_alloc(pool, room);
	size_t tail = in->after_nul ? strlen(in->after_nul) + 1 : 0;
	size_t len = (size_t)snprintf(data, room, "%s", in->text);
	size_t target = in->pad == PAD_PAGE ? page : in->pad == PAD_BELOW_PAGE ? page - 1 : 0;

	for (int64_t i = 0; i < in->count; i++)
		len += (size_t)snprintf(data + len, room - len, "%lld %lld 1\n", (long long)i,
					(long long)i);
	while (len < target)
		data[len++] = ' ';
	if (!tail)
		return (struct bytes){ data, len };
	char *joined = pool_alloc(pool, len + tail);

	memcpy(joined, data, len);
	memcpy(joined + len + 1, in->after_nul, tail - 1);
	return (struct bytes){ joined, len + tail };
}

/* First and last number of a line of an id map: what is mapped in the namespace, and how many. */
static void line_inside(const char *line, unsigned long long *first, unsigned long long *count)
{
	unsigned long long outside;

	if (sscanf(line, "%llu %llu %llu", first, &outside, count) != 3)
		*first = *count = 0;
}

/*
 * Whether both maps have the same lines, in any order, as longer maps are sorted.  What they are
 * mapped to is not compared: that is shown in the terms of the reader.
 */
static bool same_lines(struct strs a, struct strs b)
{
	size_t same = 0;

	for (size_t i = 0; i < a.n; i++) {
		unsigned long long first, count, other, others;

		line_inside(a.v[i], &first, &count);
		for (size_t k = 0; k < b.n; k++) {
			line_inside(b.v[k], &other, &others);
			same += first == other && count == others;
		}
	}
	return a.n == b.n && same == a.n;
}

static int user_write_map_run(struct op_ctx *ctx, const struct write_map_in *in,
			      struct written_out *out)
{
	struct bytes bytes = map_bytes(ctx->pool, in);
	AUTO_FD fd = map_or_fd(ctx, in->map, &in->actor, in->fd, O_WRONLY);

	if (fd < 0)
		return fd;
	if (in->seek && lseek(fd, in->seek, SEEK_SET) < 0)
		return op_broken(ctx, "seek in the map: %m");
	ssize_t put = in->pwrite >= 0 ? pwrite(fd, bytes.data, bytes.len, in->pwrite) :
					write(fd, bytes.data, bytes.len);

	if (put < 0)
		return -errno;
	out->written = put;
	return 0;
}

static int user_write_map_check(struct op_ctx *ctx, const struct write_map_in *in,
			   const struct written_out *out)
{
	struct bytes bytes = map_bytes(ctx->pool, in);
	AUTO_FD fd = in->fd < 0 ? map_open(ctx, in->map, &in->actor, O_RDONLY) : -1;
	char *now;

	if (fd < 0 || sys_read_fd(ctx->pool, fd, 65536, &now, NULL) < 0 ||
	    same_lines(split_lines(ctx->pool, now), split_lines(ctx->pool, bytes.data)))
		return 0;
	return op_undone(ctx, "the map reads `%s`", pool_strndup(ctx->pool, now, 100));
}
OP_CHECK(user_write_map, write_map_in, written_out)
/* Never the host's: the initial user namespace has its maps already. */
OP(user_write_map, "user.write_map", write_map_in, written_out,
	.doc = "Write an id map with one write call.",
	.source = "user_namespaces(7)", .config = "USER_NS",
	.flags = OP_PROC_OF,
	.check = user_write_map_checked);

#define OPEN_MAP_IN(F, S) \
	F(S, ENUM, file, OPTIONAL, file_symbols, "which file") \
	F(S, ACTOR, actor, OPTIONAL, "whose file; default the caller's own") \
	F(S, BOOL, write, "open it for writing instead of reading")
FIELDS(open_map_in, OPEN_MAP_IN);

#define OPEN_MAP_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor of the file")
FIELDS(open_map_out, OPEN_MAP_OUT);

static int user_open_map_run(struct op_ctx *ctx, const struct open_map_in *in,
			     struct open_map_out *out)
{
	int fd = map_open(ctx, in->file, &in->actor, in->write ? O_WRONLY : O_RDONLY);

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}
OP(user_open_map, "user.open_map", open_map_in, open_map_out,
	.doc = "Open an id map or the setgroups file, to be used by another actor.",
	.source = "user_namespaces(7)", .config = "USER_NS",
	.flags = OP_PROC_OF);

#define READ_SETGROUPS_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose file; default the caller's own")
FIELDS(read_setgroups_in, READ_SETGROUPS_IN);

#define READ_SETGROUPS_OUT(F, S) \
	F(S, STR, text, REQUIRED, "the word in the file, allow or deny")
FIELDS(read_setgroups_out, READ_SETGROUPS_OUT);

static int user_read_setgroups_run(struct op_ctx *ctx, const struct read_setgroups_in *in,
				   struct read_setgroups_out *out)
{
	AUTO_FD fd = map_open(ctx, FILE_SETGROUPS, &in->actor, O_RDONLY);
	char *text;

	if (fd < 0)
		return fd;
	int rc = sys_read_fd(ctx->pool, fd, 4096, &text, NULL);

	if (rc < 0)
		return rc;
	out->text = pool_strndup(ctx->pool, text, strcspn(text, "\n"));
	return 0;
}
OP(user_read_setgroups, "user.read_setgroups", read_setgroups_in, read_setgroups_out,
	.doc = "Read whether setgroups(2) is allowed in a user namespace.",
	.source = "user_namespaces(7)", .config = "USER_NS",
	.flags = OP_PROC_OF);

/* Whether the file is that of the host's user namespace. */
static bool is_host(struct op_ctx *ctx, const struct actor_ref *actor)
{
	const struct ns_id *host = &ctx->agent->host[NS_USER];
	AUTO_FD dir = target_dir(ctx, actor, PID_NOT_GIVEN, "/proc/thread-self");
	struct stat st;

	if (dir < 0 || fstatat(dir, "ns/user", &st, 0) < 0)
		return false; /* another's, whom the caller may not inspect: not the host's root */
	return ctx->agent->host_known && ns_same(host, &(struct ns_id){ st.st_dev, st.st_ino });
}

#define WRITE_SETGROUPS_IN(F, S) \
	F(S, STR, text, REQUIRED, "what is written") \
	F(S, ACTOR, actor, OPTIONAL, "whose file; default the caller's own") \
	F(S, FD, fd, OPTIONAL, "descriptor of a setgroups file instead") \
	F(S, INT_DEF, seek, 0, 0, 65536, "file position to seek to before, in bytes")
FIELDS(write_setgroups_in, WRITE_SETGROUPS_IN);

static int user_write_setgroups_run(struct op_ctx *ctx, const struct write_setgroups_in *in,
				    struct written_out *out)
{
	AUTO_FD fd = map_or_fd(ctx, FILE_SETGROUPS, &in->actor, in->fd, O_WRONLY);

	if (fd < 0)
		return fd;
	/* If the kernel allowed it there, the machine could not set groups until it boots again. */
	if (in->fd < 0 && is_host(ctx, &in->actor))
		return op_broken(ctx, "refused: setgroups belongs to the host's user namespace");
	if (in->seek && lseek(fd, in->seek, SEEK_SET) < 0)
		return op_broken(ctx, "seek in setgroups: %m");
	ssize_t put = write(fd, in->text, strlen(in->text));

	if (put < 0)
		return -errno;
	out->written = put;
	return 0;
}

static int user_write_setgroups_check(struct op_ctx *ctx, const struct write_setgroups_in *in,
			   const struct written_out *out)
{
	struct read_setgroups_in whose = { .actor = in->actor };
	struct read_setgroups_out now = { 0 };

	if (in->fd >= 0 || user_read_setgroups_run(ctx, &whose, &now) ||
	    !strncmp(now.text, in->text, strlen(now.text)))
		return 0;
	return op_undone(ctx, "the file says %s", now.text);
}
OP_CHECK(user_write_setgroups, write_setgroups_in, written_out)
OP(user_write_setgroups, "user.write_setgroups", write_setgroups_in, written_out,
	.doc = "Write the setgroups file with one write call.",
	.source = "user_namespaces(7)", .config = "USER_NS",
	.flags = OP_PROC_OF,
	.check = user_write_setgroups_checked);

/*
 * The one that could make setgroups impossible on the whole machine, were it not refused:
 * only where the machine is thrown away.
 */
static int user_deny_setgroups_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	struct actor_ref self = { -1, -1 };
	AUTO_FD fd = map_open(ctx, FILE_SETGROUPS, &self, O_WRONLY);

	if (fd < 0)
		return fd;
	return write(fd, "deny", 4) < 0 ? -errno : 0;
}

static int user_deny_setgroups_check(struct op_ctx *ctx, const struct none *in,
			   const struct none *out)
{
	struct read_setgroups_in own = { .actor = { -1, -1 } };
	struct read_setgroups_out now = { 0 };

	return user_read_setgroups_run(ctx, &own, &now) || !strcmp(now.text, "deny") ? 0 :
		op_undone(ctx, "the file says %s", now.text);
}
OP_CHECK(user_deny_setgroups, none, none)
OP(user_deny_setgroups, "user.deny_setgroups", none, none,
	.doc = "Deny setgroups in the caller's own user namespace, even the initial one.",
	.source = "user_namespaces(7)", .config = "USER_NS",
	.flags = OP_HOST | OP_SPOILS,
	.check = user_deny_setgroups_checked);
