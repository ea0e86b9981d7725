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

#include "nsc/agent.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "proc.h"

enum { FILE_UID, FILE_GID, FILE_PROJID, FILE_SETGROUPS };

static const char *const file_names[] = { "uid_map", "gid_map", "projid_map", "setgroups" };

static const struct symbol map_symbols[] = {
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

struct read_map_in {
	int64_t map;
	struct actor_ref actor;
	int fd;
};

static const struct field read_map_in_fields[] = {
	F_ENUM(struct read_map_in, map, OPTIONAL, map_symbols, "which map"),
	F_ACTOR(struct read_map_in, actor, OPTIONAL, "whose map; default the caller's own"),
	F_FD(struct read_map_in, fd, OPTIONAL, "descriptor of a map to read instead"),
	F_END
};

struct read_map_out {
	const char *text;
	struct strs lines;
};

static const struct field read_map_out_fields[] = {
	F_STR(struct read_map_out, text, REQUIRED, "the file as it is"),
	F_STRS(struct read_map_out, lines, REQUIRED, "its lines, fields separated by one blank"),
	F_END
};

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

static int read_map_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct read_map_in *in = params;
	struct read_map_out *out = results;
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

enum { PAD_NONE, PAD_BELOW_PAGE, PAD_PAGE };

static const struct symbol pad_symbols[] = {
	{ "none", PAD_NONE, "as it is" },
	{ "below-page", PAD_BELOW_PAGE, "blanks up to one byte less than a page" },
	{ "page", PAD_PAGE, "blanks up to one page" },
	{ 0 }
};

struct write_map_in {
	int64_t map;
	struct actor_ref actor;
	int fd;
	const char *text;
	int64_t count, pad;
	const char *after_nul;
	int64_t seek, pwrite;
};

static const struct field write_map_in_fields[] = {
	F_ENUM(struct write_map_in, map, OPTIONAL, map_symbols, "which map"),
	F_ACTOR(struct write_map_in, actor, OPTIONAL, "whose map; default the caller's own"),
	F_FD(struct write_map_in, fd, OPTIONAL, "descriptor of a map to write to instead"),
	F_STR_DEF(struct write_map_in, text, "", "what is written"),
	F_INT_DEF(struct write_map_in, count, 0, 0, 1000,
		  "number of lines `I I 1` written after the text"),
	F_ENUM(struct write_map_in, pad, OPTIONAL, pad_symbols, "blanks after that"),
	F_STR(struct write_map_in, after_nul, OPTIONAL, "bytes written after a NUL byte"),
	F_INT_DEF(struct write_map_in, seek, 0, 0, 65536,
		  "file position to seek to before, in bytes"),
	F_INT_DEF(struct write_map_in, pwrite, -1, -1, 65536,
		  "file position given to pwrite, in bytes; -1: plain write"),
	F_END
};

struct written_out {
	int64_t written;
};

static const struct field written_out_fields[] = {
	F_INT(struct written_out, written, REQUIRED, 0, 0,
	      "bytes that the call reported as written"),
	F_END
};

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

static int write_map_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct write_map_in *in = params;
	struct written_out *out = results;
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

struct open_map_in {
	int64_t file;
	struct actor_ref actor;
	bool write;
};

static const struct field open_map_in_fields[] = {
	F_ENUM(struct open_map_in, file, OPTIONAL, file_symbols, "which file"),
	F_ACTOR(struct open_map_in, actor, OPTIONAL, "whose file; default the caller's own"),
	F_BOOL(struct open_map_in, write, "open it for writing instead of reading"),
	F_END
};

struct open_map_out {
	int fd;
};

static const struct field open_map_out_fields[] = {
	F_FD(struct open_map_out, fd, REQUIRED, "descriptor of the file"),
	F_END
};

static int open_map_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_map_in *in = params;
	struct open_map_out *out = results;
	int fd = map_open(ctx, in->file, &in->actor, in->write ? O_WRONLY : O_RDONLY);

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}

struct read_setgroups_in {
	struct actor_ref actor;
};

static const struct field read_setgroups_in_fields[] = {
	F_ACTOR(struct read_setgroups_in, actor, OPTIONAL, "whose file; default the caller's own"),
	F_END
};

struct read_setgroups_out {
	const char *text;
};

static const struct field read_setgroups_out_fields[] = {
	F_STR(struct read_setgroups_out, text, REQUIRED, "the word in the file, allow or deny"),
	F_END
};

static int read_setgroups_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct read_setgroups_in *in = params;
	struct read_setgroups_out *out = results;
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

struct write_setgroups_in {
	const char *text;
	struct actor_ref actor;
	int fd;
	int64_t seek;
};

static const struct field write_setgroups_in_fields[] = {
	F_STR(struct write_setgroups_in, text, REQUIRED, "what is written"),
	F_ACTOR(struct write_setgroups_in, actor, OPTIONAL, "whose file; default the caller's own"),
	F_FD(struct write_setgroups_in, fd, OPTIONAL, "descriptor of a setgroups file instead"),
	F_INT_DEF(struct write_setgroups_in, seek, 0, 0, 65536,
		  "file position to seek to before, in bytes"),
	F_END
};

static int write_setgroups_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct write_setgroups_in *in = params;
	struct written_out *out = results;
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

struct watch_map_out {
	int64_t lines, reads;
};

static const struct field watch_map_out_fields[] = {
	F_INT(struct watch_map_out, lines, REQUIRED, 0, 0,
	      "lines when the map was first not empty"),
	F_INT(struct watch_map_out, reads, REQUIRED, 0, 0, "how often it was empty before"),
	F_END
};

static int watch_map_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct read_map_in *in = params;
	struct watch_map_out *out = results;

	while (op_left_ms(ctx) > 0) {
		AUTO_POOL pool = { 0 };
		AUTO_FD fd = map_or_fd(ctx, in->map, &in->actor, in->fd, O_RDONLY);
		char *text;
		int rc = fd < 0 ? fd : sys_read_fd(&pool, fd, 65536, &text, NULL);

		if (rc < 0)
			return rc;
		if (*text) {
			out->lines = (int64_t)split_lines(&pool, text).n;
			return 0;
		}
		out->reads++;
	}
	return op_broken(ctx, "timed out waiting for the map to be written");
}

/*
 * The one that could make setgroups impossible on the whole machine, were it not refused:
 * only where the machine is thrown away.
 */
static int deny_own_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct actor_ref self = { -1, -1 };
	AUTO_FD fd = map_open(ctx, FILE_SETGROUPS, &self, O_WRONLY);

	(void)params, (void)results;
	if (fd < 0)
		return fd;
	return write(fd, "deny", 4) < 0 ? -errno : 0;
}

const struct op user_ops[] = {
	{
		.name = "user.read_map",
		.doc = "Read an id map in the terms of the process that opens the file.",
		.source = "user_namespaces(7)",
		.config = "USER_NS",
		OP_IN(read_map), OP_OUT(read_map),
		.flags = OP_PROC,
		.run = read_map_run,
	},
	{
		/* Never the host's: the initial user namespace has its maps already. */
		.name = "user.write_map",
		.doc = "Write an id map with one write call.",
		.source = "user_namespaces(7)",
		.config = "USER_NS",
		OP_IN(write_map), OP_OUT(written),
		.flags = OP_PROC,
		.run = write_map_run,
	},
	{
		.name = "user.watch_map",
		.doc = "Read an id map again and again until it is not empty.",
		.source = "user_namespaces(7)",
		.config = "USER_NS",
		OP_IN(read_map), OP_OUT(watch_map),
		.flags = OP_PROC,
		.run = watch_map_run,
	},
	{
		.name = "user.deny_setgroups",
		.doc = "Deny setgroups in the caller's own user namespace, even the initial one.",
		.source = "user_namespaces(7)",
		.config = "USER_NS",
		.flags = OP_HOST | OP_SPOILS,
		.run = deny_own_run,
	},
	{
		.name = "user.open_map",
		.doc = "Open an id map or the setgroups file, to be used by another actor.",
		.source = "user_namespaces(7)",
		.config = "USER_NS",
		OP_IN(open_map), OP_OUT(open_map),
		.flags = OP_PROC,
		.run = open_map_run,
	},
	{
		.name = "user.read_setgroups",
		.doc = "Read whether setgroups(2) is allowed in a user namespace.",
		.source = "user_namespaces(7)",
		.config = "USER_NS",
		OP_IN(read_setgroups), OP_OUT(read_setgroups),
		.flags = OP_PROC,
		.run = read_setgroups_run,
	},
	{
		.name = "user.write_setgroups",
		.doc = "Write the setgroups file with one write call.",
		.source = "user_namespaces(7)",
		.config = "USER_NS",
		OP_IN(write_setgroups), OP_OUT(written),
		.flags = OP_PROC,
		.run = write_setgroups_run,
	},
	{ 0 }
};
