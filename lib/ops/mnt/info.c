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
#include <unistd.h>

#include "../proc.h"
#include "mnt.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

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

/*
 * Optional fields are tag:number or a bare tag, up to a lone hyphen. Where there are none gVisor
 * has a blank too many, which makes an empty one.
 */
static void take_tags(struct mount_line *m, char **line)
{
	for (const char *tag = word(line); *line && strcmp(tag, "-"); tag = word(line)) {
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

	/* gVisor begins a list with a comma. */
	for (char *item; (item = strsep(&text, ","));)
		if (*item)
			out.v[out.n++] = item;
	return out;
}

#define INFO_IN(F, S) \
	F(S, STR, path, REQUIRED, \
	  "mount point as the table shows it; relative ones start from the working directory") \
	F(S, ACTOR, actor, OPTIONAL, "whose table; default the actor's own") \
	F(S, STR, other, OPTIONAL, "a second mount point, for same_group and receives") \
	F(S, ACTOR, other_actor, OPTIONAL, "whose table has that; default the actor's own")
FIELDS(info_in, INFO_IN);

#define INFO_OUT(F, S) \
	F(S, BOOL, present, "something is mounted there") \
	F(S, STR, propagation, REQUIRED, "private, shared, slave, slave-shared or unbindable") \
	F(S, INT, peer_group, REQUIRED, 0, 0, "number of the peer group, 0 when not shared") \
	F(S, INT, master, REQUIRED, 0, 0, "number of the master's peer group, 0 when not a slave") \
	F(S, INT, propagate_from, REQUIRED, 0, 0, \
	  "nearest dominating peer group under the reader's root, 0 when not shown") \
	F(S, STRS, options, REQUIRED, "options of the mount") \
	F(S, STRS, super_options, REQUIRED, "options of the superblock") \
	F(S, STR, root, REQUIRED, "directory of the file system that is its root") \
	F(S, STR, fstype, REQUIRED, "file system type") \
	F(S, STR, source, REQUIRED, "what was mounted") \
	F(S, INT, id, REQUIRED, 0, 0, "mount ID") \
	F(S, INT, parent, REQUIRED, 0, 0, "mount ID of the parent") \
	F(S, INT, layers, REQUIRED, 0, 0, "mounts stacked at that place") \
	F(S, BOOL, same_group, "it and the other one are in one peer group") \
	F(S, BOOL, receives, "it is a slave, and the other one is in its master's peer group")
FIELDS(info_out, INFO_OUT);

static const char *absolute(struct op_ctx *ctx, const char *path)
{
	char cwd[PATH_MAX];

	if (*path == '/')
		return path;
	if (sys_call(SYS_getcwd, cwd, sizeof(cwd)) < 0)
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

/* The topmost mount at PATH in an actor's table, or NULL, and how many are stacked there. */
static int look_up(struct op_ctx *ctx, const char *path, const struct actor_ref *actor,
		   const struct mount_line **found, int64_t *layers)
{
	struct mount_table table = { 0 };
	const char *point = absolute(ctx, path);
	int rc = point ? read_table(ctx, actor, &table) : op_broken(ctx, "getcwd: %m");

	*found = rc ? NULL : topmost(&table, point, layers);
	return rc;
}

static int compare(struct op_ctx *ctx, const struct info_in *in, const struct mount_line *m,
		   struct info_out *out)
{
	const struct mount_line *other;
	int64_t layers = 0;
	int rc = look_up(ctx, in->other, &in->other_actor, &other, &layers);

	if (rc < 0)
		return rc;
	if (!other)
		return op_broken(ctx, "nothing is mounted at the other place, %s", in->other);
	out->same_group = m->peer_group && m->peer_group == other->peer_group;
	out->receives = m->master && m->master == other->peer_group;
	return 0;
}

static int mnt_info_run(struct op_ctx *ctx, const struct info_in *in, struct info_out *out)
{
	const struct mount_line *m;
	int rc = look_up(ctx, in->path, &in->actor, &m, &out->layers);

	if (!rc && in->other)
		rc = m ? compare(ctx, in, m, out) :
			 op_broken(ctx, "nothing is mounted at %s, to be compared", in->path);
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
OP(mnt_info, "mnt.info", info_in, info_out,
	.doc = "Look up the topmost mount at a place in a mount table.",
	.source = "proc(5) /proc/[pid]/mountinfo",
	.touches = NSM_MNT, .flags = OP_PROC_OF);

static const struct actor_ref caller = { -1, -1 };

bool mnt_find(struct op_ctx *ctx, int64_t id, struct mount_seen *seen)
{
	struct mount_table table = { 0 };

	if (read_table(ctx, &caller, &table))
		return false;
	for (size_t i = 0; i < table.n; i++) {
		const struct mount_line *m = &table.v[i];

		if (m->id != id)
			continue;
		*seen = (struct mount_seen){
			.parent = m->parent, .point = m->point, .shared = m->peer_group,
			.slave = m->master, .unbindable = m->unbindable,
			.rdonly = !strncmp(m->options, "ro", 2) && strchr(",", m->options[2]),
		};
		return true;
	}
	return false;
}

bool mnt_is_mounted_on(struct op_ctx *ctx, int64_t parent, const char *point)
{
	struct mount_table table = { 0 };
	bool unknown = read_table(ctx, &caller, &table);

	for (size_t i = 0; i < table.n; i++)
		if (table.v[i].parent == parent && !strcmp(table.v[i].point, point))
			return true;
	return unknown;
}

#define LIST_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose table; default the actor's own") \
	F(S, STR_DEF, below, "/", "only this mount point and those below it")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, points, REQUIRED, "mount points, in byte order") \
	F(S, STRS, mounts, REQUIRED, \
	  "what two namespaces can have in common: `point root fstype source options " \
	  "super-options`, in byte order") \
	F(S, TOTAL, count, "number of mounts")
FIELDS(list_out, LIST_OUT);

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

static int mnt_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
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
OP(mnt_list, "mnt.list", list_in, list_out,
	.doc = "List a mount table.",
	.source = "proc(5) /proc/[pid]/mountinfo",
	.touches = NSM_MNT, .flags = OP_PROC_OF);
