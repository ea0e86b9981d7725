// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is common to the families of IPC: the tables in /proc/sysvipc and the resource
 * limits that their objects are charged to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define TABLE_MAX (1 << 20)

/* Which column holds what, from 0; -1 where the table has none. */
static const struct table_kind {
	const char *path;
	int key, id, creator, last;
} table_kinds[] = {
	{ .path = "/proc/sysvipc/shm", .key = 0, .id = 1, .creator = 4, .last = 5 },
	{ .path = "/proc/sysvipc/sem", .key = 0, .id = 1, .creator = -1, .last = -1 },
	{ .path = "/proc/sysvipc/msg", .key = 0, .id = 1, .creator = -1, .last = 5 },
};

static const struct symbol table_names[] = {
	{ "shm", 0, "shared memory segments" },
	{ "sem", 1, "semaphore sets" },
	{ "msg", 2, "message queues" },
	{ 0 }
};

struct table_open_in {
	int64_t table;
};

static const struct field table_open_in_fields[] = {
	F_ENUM(struct table_open_in, table, REQUIRED, table_names, "which table"),
	F_END
};

struct table_open_out {
	int fd;
};

static const struct field table_open_out_fields[] = {
	F_FD(struct table_open_out, fd, REQUIRED, "the open table"),
	F_END
};

static int table_open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct table_open_in *in = params;
	struct table_open_out *out = results;

	(void)ctx;
	out->fd = open(table_kinds[in->table].path, O_RDONLY | O_CLOEXEC);
	return out->fd < 0 ? -errno : 0;
}

struct table_in {
	int64_t table;
	int fd;
};

static const struct field table_in_fields[] = {
	F_ENUM(struct table_in, table, REQUIRED, table_names, "which table"),
	F_FD(struct table_in, fd, OPTIONAL, "the table as opened before, instead of opening it"),
	F_END
};

struct table_out {
	int64_t count;
	struct ints keys, ids, creators, last;
};

static const struct field table_out_fields[] = {
	F_INT(struct table_out, count, REQUIRED, 0, 0, "number of rows"),
	F_INTS(struct table_out, keys, REQUIRED, 0, 0, "key of each object"),
	F_INTS(struct table_out, ids, REQUIRED, 0, 0, "identifier of each object"),
	F_INTS(struct table_out, creators, REQUIRED, 0, 0,
	       "process that made each segment, as the opener numbers it"),
	F_INTS(struct table_out, last, REQUIRED, 0, 0,
	       "process that attached or detached (shm) or sent (msg) last"),
	F_END
};

static void table_put(struct ints *list, int column, int wanted, const char *text)
{
	if (column == wanted)
		list->v[list->n++] = strtoll(text, NULL, 10);
}

static void table_row(const struct table_kind *kind, char *line, struct table_out *out)
{
	char *save, *word = strtok_r(line, " ", &save);

	for (int column = 0; word; column++, word = strtok_r(NULL, " ", &save)) {
		table_put(&out->keys, column, kind->key, word);
		table_put(&out->ids, column, kind->id, word);
		table_put(&out->creators, column, kind->creator, word);
		table_put(&out->last, column, kind->last, word);
	}
	out->count++;
}

static int table_parse(struct op_ctx *ctx, const struct table_kind *kind, char *text,
		       struct table_out *out)
{
	char *save, *line = strtok_r(text, "\n", &save);
	size_t lines = 0;

	if (!line || !strstr(line, "key"))
		return op_broken(ctx, "%s: no heading", kind->path);
	for (const char *p = save; p && *p; p++)
		lines += *p == '\n';
	out->keys.v = pool_array(ctx->pool, int64_t, lines + 1);
	out->ids.v = pool_array(ctx->pool, int64_t, lines + 1);
	out->creators.v = pool_array(ctx->pool, int64_t, lines + 1);
	out->last.v = pool_array(ctx->pool, int64_t, lines + 1);
	while ((line = strtok_r(NULL, "\n", &save)))
		table_row(kind, line, out);
	return 0;
}

static int table_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct table_in *in = params;
	const struct table_kind *kind = &table_kinds[in->table];
	char *text;
	int rc;

	if (in->fd >= 0 && lseek(in->fd, 0, SEEK_SET) < 0)
		return op_broken(ctx, "rewind %s: %m", kind->path);
	rc = in->fd >= 0 ? sys_read_fd(ctx->pool, in->fd, TABLE_MAX, &text, NULL) :
			   sys_read_file(ctx->pool, kind->path, TABLE_MAX, &text, NULL);
	return rc ? rc : table_parse(ctx, kind, text, results);
}

const struct op ipc_ops[] = {
	{
		.name = "ipc.list",
		.doc = "Read a table of System V objects.",
		.source = "proc(5) /proc/sysvipc",
		.config = "SYSVIPC",
		OP_IN(table), OP_OUT(table),
		.touches = NSM_IPC,
		.run = table_run,
	},
	{
		.name = "ipc.list_open",
		.doc = "Open a table of System V objects, to be read later.",
		.source = "proc(5) /proc/sysvipc",
		.config = "SYSVIPC",
		OP_IN(table_open), OP_OUT(table_open),
		.touches = NSM_IPC,
		.run = table_open_run,
	},
	{ 0 }
};
