// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mount tables say (/proc/PID/mountinfo).  By system call: mnt_stat.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mnt.h"
#include "nsc/sys.h"
#include "proc.h"

/* One line of mountinfo (proc(5)). Text stays as it is, escapes included. */
struct mount_line {
	int64_t id, parent, peer_group, master, propagate_from;
	const char *root, *point, *options, *fstype, *source, *super_options;
	bool unbindable;
};

/* The next blank-separated word; the line keeps the rest. */
static const char *word(char **line)
{
	const char *w = strsep(line, " ");

	return w ? w : "";
}

/* Optional fields are tag:number or a bare tag, up to a lone hyphen. */
static void take_tags(struct mount_line *m, char **line)
{
	for (const char *tag = word(line); *tag && strcmp(tag, "-"); tag = word(line)) {
		sscanf(tag, "shared:%" SCNd64, &m->peer_group);
		sscanf(tag, "master:%" SCNd64, &m->master);
		sscanf(tag, "propagate_from:%" SCNd64, &m->propagate_from);
		m->unbindable |= !strcmp(tag, "unbindable");
	}
}

static void parse_line(struct mount_line *m, char *line)
{
	*m = (struct mount_line) { .id = atoll(word(&line)) };
	m->parent = atoll(word(&line));
	word(&line); /* device number */
	m->root = word(&line);
	m->point = word(&line);
	m->options = word(&line);
	take_tags(m, &line);
	m->fstype = word(&line);
	m->source = word(&line);
	m->super_options = word(&line);
}

struct mount_table {
	struct mount_line *v;
	size_t n;
};

static int read_table(struct op_ctx *ctx, const struct actor_ref *actor, struct mount_table *table)
{
	AUTO_FD dir = target_dir(ctx, actor, PID_NOT_GIVEN, "/proc/thread-self");
	AUTO_FD file = dir < 0 ? dir : openat(dir, "mountinfo", O_RDONLY | O_CLOEXEC);
	char *text;

	if (dir < 0)
		return OP_BROKEN;
	int rc = file < 0 ? -errno : sys_read_fd(ctx->pool, file, 1 << 20, &text, NULL);

	if (rc < 0)
		return actor->pidfd >= 0 ? rc : op_broken(ctx, "read mountinfo: %s", strerror(-rc));
	size_t room = 1;

	for (const char *c = text; *c; c++)
		room += *c == '\n';
	table->v = pool_array(ctx->pool, struct mount_line, room);
	for (char *line; (line = strsep(&text, "\n")) && *line;)
		parse_line(&table->v[table->n++], line);
	return 0;
}

static const char *propagation_name(const struct mount_line *m)
{
	if (m->unbindable)
		return "unbindable";
	if (m->peer_group)
		return m->master ? "slave-shared" : "shared";
	return m->master ? "slave" : "private";
}

static struct strs split(struct op_ctx *ctx, const char *list)
{
	char *text = pool_strdup(ctx->pool, list);
	struct strs out = { .v = pool_array(ctx->pool, const char *, strlen(list) / 2 + 1) };

	for (char *item; (item = strsep(&text, ",")) && *item;)
		out.v[out.n++] = item;
	return out;
}

struct info_in {
	const char *path;
	struct actor_ref actor;
};

static const struct field info_in_fields[] = {
	F_STR(struct info_in, path, REQUIRED,
	      "mount point as the table shows it; relative ones start from the working directory"),
	F_ACTOR(struct info_in, actor, OPTIONAL, "whose table; default the actor's own"),
	F_END
};

struct info_out {
	bool present;
	int64_t id, parent, peer_group, master, propagate_from, layers;
	const char *propagation, *root, *fstype, *source;
	struct strs options, super_options;
};

static const struct field info_out_fields[] = {
	F_BOOL(struct info_out, present, "something is mounted there"),
	F_STR(struct info_out, propagation, REQUIRED,
	      "private, shared, slave, slave-shared or unbindable"),
	F_INT(struct info_out, peer_group, REQUIRED, 0, 0,
	      "number of the peer group, 0 when not shared"),
	F_INT(struct info_out, master, REQUIRED, 0, 0,
	      "number of the master's peer group, 0 when not a slave"),
	F_INT(struct info_out, propagate_from, REQUIRED, 0, 0,
	      "nearest dominating peer group under the reader's root, 0 when not shown"),
	F_STRS(struct info_out, options, REQUIRED, "options of the mount"),
	F_STRS(struct info_out, super_options, REQUIRED, "options of the superblock"),
	F_STR(struct info_out, root, REQUIRED, "directory of the file system that is its root"),
	F_STR(struct info_out, fstype, REQUIRED, "file system type"),
	F_STR(struct info_out, source, REQUIRED, "what was mounted"),
	F_INT(struct info_out, id, REQUIRED, 0, 0, "mount ID"),
	F_INT(struct info_out, parent, REQUIRED, 0, 0, "mount ID of the parent"),
	F_INT(struct info_out, layers, REQUIRED, 0, 0, "mounts stacked at that place"),
	F_END
};

static const char *absolute(struct op_ctx *ctx, const char *path)
{
	char cwd[PATH_MAX];

	if (*path == '/')
		return path;
	if (syscall(SYS_getcwd, cwd, sizeof(cwd)) < 0)
		return NULL;
	return pool_printf(ctx->pool, "%s/%s", strcmp(cwd, "/") ? cwd : "", path);
}

/* The mount at POINT that no other one there covers: order says nothing (mounts beneath). */
static const struct mount_line *topmost(const struct mount_table *table, const char *point,
					int64_t *layers)
{
	const struct mount_line *top = NULL;

	for (size_t i = 0; i < table->n; i++) {
		const struct mount_line *m = &table->v[i];
		bool covered = false;

		if (strcmp(m->point, point))
			continue;
		for (size_t j = 0; j < table->n; j++)
			covered |= j != i && table->v[j].parent == m->id &&
				!strcmp(table->v[j].point, point);
		if (!covered)
			top = m;
		++*layers;
	}
	return top;
}

static int info_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct info_in *in = params;
	struct info_out *out = results;
	struct mount_table table = { 0 };
	const char *point = absolute(ctx, in->path);
	int rc = point ? read_table(ctx, &in->actor, &table) : op_broken(ctx, "getcwd: %m");
	const struct mount_line *m = rc ? NULL : topmost(&table, point, &out->layers);

	if (rc || !m)
		return rc;
	out->present = true;
	out->id = m->id;
	out->parent = m->parent;
	out->peer_group = m->peer_group;
	out->master = m->master;
	out->propagate_from = m->propagate_from;
	out->propagation = propagation_name(m);
	out->root = m->root;
	out->fstype = m->fstype;
	out->source = m->source;
	out->options = split(ctx, m->options);
	out->super_options = split(ctx, m->super_options);
	return 0;
}

struct list_in {
	struct actor_ref actor;
	const char *below;
};

static const struct field list_in_fields[] = {
	F_ACTOR(struct list_in, actor, OPTIONAL, "whose table; default the actor's own"),
	F_STR_DEF(struct list_in, below, "/", "only this mount point and those below it"),
	F_END
};

struct list_out {
	struct strs points, mounts;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_STRS(struct list_out, points, REQUIRED, "mount points, in byte order"),
	F_STRS(struct list_out, mounts, REQUIRED,
	       "what two namespaces can have in common: `point root fstype source options "
	       "super-options`, in byte order"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "number of mounts"),
	F_END
};

static bool is_below(const char *point, const char *top)
{
	size_t len = strlen(top);

	if (!strcmp(top, "/"))
		return true;
	return !strncmp(point, top, len) && (!point[len] || point[len] == '/');
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct list_in *in = params;
	struct list_out *out = results;
	struct mount_table table = { 0 };
	const char *below = absolute(ctx, in->below);
	int rc = below ? read_table(ctx, &in->actor, &table) : op_broken(ctx, "getcwd: %m");

	if (rc)
		return rc;
	out->points.v = pool_array(ctx->pool, const char *, table.n + 1);
	out->mounts.v = pool_array(ctx->pool, const char *, table.n + 1);
	for (size_t i = 0; i < table.n; i++) {
		const struct mount_line *m = &table.v[i];

		if (!is_below(m->point, below))
			continue;
		out->points.v[out->points.n++] = m->point;
		out->mounts.v[out->mounts.n++] =
			pool_printf(ctx->pool, "%s %s %s %s %s %s", m->point, m->root, m->fstype,
				    m->source, m->options, m->super_options);
	}
	qsort(out->points.v, out->points.n, sizeof(char *), by_text);
	qsort(out->mounts.v, out->mounts.n, sizeof(char *), by_text);
	out->count = (int64_t)out->points.n;
	return 0;
}

const struct op mnt_info_ops[] = {
	{
		.name = "mnt.info",
		.doc = "Look up the topmost mount at a place in a mount table.",
		.source = "proc(5) /proc/[pid]/mountinfo",
		OP_IN(info), OP_OUT(info),
		.touches = NSM_MNT,
		.flags = OP_PROC,
		.run = info_run,
	},
	{
		.name = "mnt.list",
		.doc = "List a mount table.",
		.source = "proc(5) /proc/[pid]/mountinfo",
		OP_IN(list), OP_OUT(list),
		.touches = NSM_MNT,
		.flags = OP_PROC,
		.run = list_run,
	},
	{ 0 }
};
