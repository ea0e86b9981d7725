// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an instance of procfs says about processes.  The instance is named by a path or by a
 * descriptor of its root, for it belongs to the namespace of whoever mounted it, not to
 * that of the reader.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../proc.h"
#include "nsc/procdir.h"
#include "nsc/sys.h"

enum { STATUS_MAX = 64 * 1024, LIST_MAX = 4096 };

#define INSTANCE(F, S) \
	F(S, STR_DEF, path, "/proc", "mount point of the instance") \
	F(S, FD, fd, OPTIONAL, "root directory of the instance, instead of a path")

/* A descriptor of the instance's root directory that the caller closes, or broken. */
static int instance_open(struct op_ctx *ctx, const char *path, int fd)
{
	int root = openat(fd >= 0 ? fd : AT_FDCWD, fd >= 0 ? "." : path,
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return root < 0 ? op_broken(ctx, "open %s: %m", fd >= 0 ? "the descriptor" : path) : root;
}

FIELDS(list_in, INSTANCE);

#define LIST_OUT(F, S) \
	F(S, INTS, pids, REQUIRED, 0, 0, "numbers of the processes, ascending") \
	F(S, TOTAL, count, "how many there are")
FIELDS(list_out, LIST_OUT);

static int proc_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	int root = instance_open(ctx, in->path, in->fd);
	DIR *dir = root < 0 ? NULL : fdopendir(root);
	struct dirent *entry;

	if (!dir)
		return root < 0 ? root : op_broken(ctx, "fdopendir: %m");
	out->pids.v = pool_array(ctx->pool, int64_t, LIST_MAX);
	while ((entry = readdir(dir)) && out->pids.n < LIST_MAX)
		if (isdigit((unsigned char)entry->d_name[0]))
			out->pids.v[out->pids.n++] = atoll(entry->d_name);
	closedir(dir);
	out->count = (int64_t)out->pids.n;
	return out->count == LIST_MAX ? op_broken(ctx, "too many processes") : 0;
}
OP(proc_list, "proc.list", list_in, list_out,
	.doc = "List the processes that an instance of procfs shows.",
	.source = "proc(5)",
	.touches = NSM_PID | NSM_MNT, .flags = OP_PROC);

#define STATUS_IN(F, S) \
	INSTANCE(F, S) \
	F(S, STR, link, OPTIONAL, "self or thread-self instead of a number") \
	F(S, ACTOR, actor, OPTIONAL, "process, by its number in the instance") \
	F(S, PID, pid, "process by a number of the instance") \
	F(S, STR, until, OPTIONAL, "wait until the state is this letter; ETIMEDOUT at the " \
	  "step's deadline")
FIELDS(status_in, STATUS_IN);

#define STATUS_OUT(F, S) \
	F(S, STR, state, REQUIRED, "letter of the state: R S D T t Z X I") \
	F(S, INT, pid, REQUIRED, 0, 0, "Pid") \
	F(S, INT, tgid, REQUIRED, 0, 0, "Tgid") \
	F(S, INT, ppid, REQUIRED, 0, 0, "PPid, 0 if not visible in the instance") \
	F(S, INT, tracer, REQUIRED, 0, 0, "TracerPid") \
	F(S, INTS, nspid, REQUIRED, 0, 0, "NSpid, the instance's namespace first") \
	F(S, INTS, nstgid, REQUIRED, 0, 0, "NStgid") \
	F(S, INTS, nspgid, REQUIRED, 0, 0, "NSpgid") \
	F(S, INTS, nssid, REQUIRED, 0, 0, "NSsid")
FIELDS(status_out, STATUS_OUT);

/* The text behind `KEY:` and its blanks, up to the end of the line; NULL when there is none. */
static const char *value_of(struct pool *pool, const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) || line[len] != ':')
			continue;
		line += len + 1;
		line += strspn(line, " \t");
		return pool_strndup(pool, line, strcspn(line, "\n"));
	}
	return NULL;
}

static struct ints numbers_of(struct pool *pool, const char *text, const char *key)
{
	struct ints list = { .v = pool_array(pool, int64_t, 64) };
	const char *value = value_of(pool, text, key);
	char *end;

	for (const char *at = value; at && list.n < 64; at = end) {
		int64_t number = strtoll(at, &end, 10);

		if (end == at)
			break;
		list.v[list.n++] = number;
	}
	return list;
}

static int64_t number_of(struct pool *pool, const char *text, const char *key)
{
	struct ints list = numbers_of(pool, text, key);

	return list.n ? list.v[0] : -1;
}

/* The directory in which PATH leads to the file: the instance's root, or the process's own. */
static int status_dir(struct op_ctx *ctx, const struct status_in *in, int root, const char **path)
{
	int dir;

	*path = "status";
	if (in->link || in->pid != PID_NOT_GIVEN) {
		*path = in->link ? pool_printf(ctx->pool, "%s/status", in->link) :
				   pool_printf(ctx->pool, "%d/status", (int)in->pid);
		dir = fcntl(root, F_DUPFD_CLOEXEC, 3);
		return dir < 0 ? op_broken(ctx, "duplicate the descriptor: %m") : dir;
	}
	if (in->actor.pidfd < 0)
		return op_broken(ctx, "neither link nor actor nor pid is given");
	dir = procdir_of_pidfd(root, in->actor.pidfd);
	return dir < 0 ? op_broken(ctx, "find the process in the instance: %s", strerror(-dir)) :
			 dir;
}

static int status_read(struct op_ctx *ctx, int dir, const char *path, char **text)
{
	AUTO_FD file = openat(dir, path, O_RDONLY | O_CLOEXEC);

	return file < 0 ? -errno : sys_read_fd(ctx->pool, file, STATUS_MAX, text, NULL);
}

/* A state has no event to wait for, so ask again every millisecond. */
static int status_await(struct op_ctx *ctx, const struct status_in *in, int dir, const char *path,
			char **text)
{
	for (;;) {
		int rc = status_read(ctx, dir, path, text);
		const char *state = rc < 0 ? NULL : value_of(ctx->pool, *text, "State");

		if (rc < 0 || !in->until || (state && state[0] == in->until[0]))
			return rc;
		if (!op_left_ms(ctx))
			return op_timed_out(ctx, "it stays in state %.1s", state ? state : "?");
		poll(NULL, 0, 1);
	}
}

static int proc_status_run(struct op_ctx *ctx, const struct status_in *in, struct status_out *out)
{
	struct pool *pool = ctx->pool;
	const char *path = NULL, *state;
	char *text = NULL;

	AUTO_FD root = instance_open(ctx, in->path, in->fd);
	AUTO_FD dir = root < 0 ? root : status_dir(ctx, in, root, &path);

	if (dir < 0)
		return OP_BROKEN;
	int rc = status_await(ctx, in, dir, path, &text);

	if (rc < 0)
		return rc;
	state = value_of(pool, text, "State");
	out->state = pool_strndup(pool, state ? state : "?", 1);
	out->pid = number_of(pool, text, "Pid");
	out->tgid = number_of(pool, text, "Tgid");
	out->ppid = number_of(pool, text, "PPid");
	out->tracer = number_of(pool, text, "TracerPid");
	out->nspid = numbers_of(pool, text, "NSpid");
	out->nstgid = numbers_of(pool, text, "NStgid");
	out->nspgid = numbers_of(pool, text, "NSpgid");
	out->nssid = numbers_of(pool, text, "NSsid");
	return 0;
}
OP(proc_status, "proc.status", status_in, status_out,
	.doc = "Read the numbers in a process's status file.",
	.source = "proc(5) /proc/[pid]/status",
	.touches = NSM_PID | NSM_MNT, .flags = OP_PROC);
