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

#define TABLE_OPEN_IN(F, S) \
	F(S, ENUM, table, REQUIRED, table_names, "which table")
FIELDS(table_open_in, TABLE_OPEN_IN);

#define TABLE_OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the open table")
FIELDS(table_open_out, TABLE_OPEN_OUT);

static int ipc_list_open_run(struct op_ctx *ctx, const struct table_open_in *in,
			     struct table_open_out *out)
{
	out->fd = open(table_kinds[in->table].path, O_RDONLY | O_CLOEXEC);
	return out->fd < 0 ? -errno : 0;
}
OP(ipc_list_open, "ipc.list_open", table_open_in, table_open_out,
	.doc = "Open a table of System V objects, to be read later.",
	.source = "proc(5) /proc/sysvipc", .config = "SYSVIPC",
	.touches = NSM_IPC);

#define TABLE_IN(F, S) \
	F(S, ENUM, table, REQUIRED, table_names, "which table") \
	F(S, FD, fd, OPTIONAL, "the table as opened before, instead of opening it")
FIELDS(table_in, TABLE_IN);

#define TABLE_OUT(F, S) \
	F(S, TOTAL, count, "number of rows") \
	F(S, INTS, keys, REQUIRED, 0, 0, "key of each object") \
	F(S, INTS, ids, REQUIRED, 0, 0, "identifier of each object") \
	F(S, INTS, creators, REQUIRED, 0, 0, \
	  "process that made each segment, as the opener numbers it") \
	F(S, INTS, last, REQUIRED, 0, 0, \
	  "process that attached or detached (shm) or sent (msg) last")
FIELDS(table_out, TABLE_OUT);

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

static int ipc_list_run(struct op_ctx *ctx, const struct table_in *in, struct table_out *out)
{
	const struct table_kind *kind = &table_kinds[in->table];
	char *text;
	int rc;

	if (in->fd >= 0 && lseek(in->fd, 0, SEEK_SET) < 0)
		return op_broken(ctx, "rewind %s: %m", kind->path);
	rc = in->fd >= 0 ? sys_read_fd(ctx->pool, in->fd, TABLE_MAX, &text, NULL) :
			   sys_read_file(ctx->pool, kind->path, TABLE_MAX, &text, NULL);
	return rc ? rc : table_parse(ctx, kind, text, out);
}
OP(ipc_list, "ipc.list", table_in, table_out,
	.doc = "Read a table of System V objects.",
	.source = "proc(5) /proc/sysvipc", .config = "SYSVIPC",
	.touches = NSM_IPC);
