// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a pidfd tells about its process: namespaces and numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ns.h"
#include "nsc/sys.h"
#include "proc.h"
#include "uapi/pidfd.h"

struct open_in {
	struct actor_ref actor;
	int64_t pid;
	bool thread;
};

static const struct field open_in_fields[] = {
	F_ACTOR(struct open_in, actor, OPTIONAL, "process, by the number that the caller sees"),
	F_PID(struct open_in, pid, "process by number"),
	F_BOOL(struct open_in, thread, "the number may be that of any thread (Linux 6.9)"),
	F_END
};

struct open_out {
	int fd;
	bool cloexec;
};

static const struct field open_out_fields[] = {
	F_FD(struct open_out, fd, REQUIRED, "descriptor"),
	F_BOOL(struct open_out, cloexec, "whether it was close-on-exec when it was returned"),
	F_END
};

static int opened(struct op_ctx *ctx, int fd, struct open_out *out)
{
	if (fd < 0)
		return fd;
	out->fd = fd;
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0)
		return op_broken(ctx, "fcntl: %m");
	out->cloexec = flags & FD_CLOEXEC;
	return 0;
}

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_in *in = params;
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	return opened(ctx, sys_pidfd_open(pid, in->thread ? PIDFD_THREAD : 0), results);
}

/* The descriptor that was given, or the harness's own of that actor; -1 and broken when none. */
static int pidfd_given(struct op_ctx *ctx, int fd, const struct actor_ref *actor)
{
	int given = fd >= 0 ? fd : actor->pidfd;

	if (given < 0)
		op_broken(ctx, "neither `actor` nor `fd` is given");
	return given;
}

struct get_ns_in {
	struct actor_ref actor;
	int fd;
	int64_t type, argument;
	bool children;
};

static const struct field get_ns_in_fields[] = {
	F_ACTOR(struct get_ns_in, actor, OPTIONAL, "process, by the pidfd that the harness holds"),
	F_FD(struct get_ns_in, fd, OPTIONAL, "pidfd"),
	F_ENUM(struct get_ns_in, type, REQUIRED, ns_type_symbols, "which namespace"),
	F_BOOL(struct get_ns_in, children,
	       "the namespace that future children get; pid and time only"),
	F_INT(struct get_ns_in, argument, OPTIONAL, 0, INT64_MAX,
	      "argument of the ioctl, which must be 0"),
	F_END
};

static const struct {
	unsigned own, children;
} get_requests[NS_COUNT] = {
	[NS_USER] = { UAPI_PIDFD_GET_USER, 0 },
	[NS_MNT] = { UAPI_PIDFD_GET_MNT, 0 },
	[NS_PID] = { UAPI_PIDFD_GET_PID, UAPI_PIDFD_GET_PID_FOR_CHILDREN },
	[NS_NET] = { UAPI_PIDFD_GET_NET, 0 },
	[NS_IPC] = { UAPI_PIDFD_GET_IPC, 0 },
	[NS_UTS] = { UAPI_PIDFD_GET_UTS, 0 },
	[NS_CGROUP] = { UAPI_PIDFD_GET_CGROUP, 0 },
	[NS_TIME] = { UAPI_PIDFD_GET_TIME, UAPI_PIDFD_GET_TIME_FOR_CHILDREN },
};

int pidfd_open_ns(int pidfd, enum ns ns)
{
	int fd = ioctl(pidfd, _IO(UAPI_PIDFD_MAGIC, get_requests[ns].own), 0);

	return fd < 0 ? -errno : fd;
}

static int get_ns_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct get_ns_in *in = params;
	unsigned nr = in->children ? get_requests[in->type].children : get_requests[in->type].own;
	int pidfd = pidfd_given(ctx, in->fd, &in->actor);

	if (pidfd < 0)
		return OP_BROKEN;
	if (!nr)
		return op_broken(ctx, "%s has no namespace for children", ns_kinds[in->type].name);
	int fd = ioctl(pidfd, _IO(UAPI_PIDFD_MAGIC, nr), (unsigned long)in->argument);

	return opened(ctx, fd < 0 ? -errno : fd, results);
}

static const struct symbol info_symbols[] = {
	{ "pid", UAPI_PIDFD_INFO_PID, "numbers" },
	{ "creds", UAPI_PIDFD_INFO_CREDS, "user and group ids" },
	{ "cgroupid", UAPI_PIDFD_INFO_CGROUPID, "id of the cgroup" },
	{ "exit", UAPI_PIDFD_INFO_EXIT,
	  "exit status of a process that was waited for (Linux 6.15)" },
	{ 0 }
};

struct info_in {
	struct actor_ref actor;
	int fd;
	uint64_t ask;
	int64_t size;
};

static const struct field info_in_fields[] = {
	F_ACTOR(struct info_in, actor, OPTIONAL, "process, by the pidfd that the harness holds"),
	F_FD(struct info_in, fd, OPTIONAL, "pidfd"),
	F_FLAGS(struct info_in, ask, OPTIONAL, info_symbols, "what to ask for beyond the numbers"),
	F_INT_DEF(struct info_in, size, sizeof(struct uapi_pidfd_info), 0, 256,
		  "size encoded in the request, in bytes"),
	F_END
};

struct info_out {
	int64_t pid, tgid, ppid, uid, gid, euid, egid, exit_code;
	uint64_t given;
};

static const struct field info_out_fields[] = {
	F_INT(struct info_out, pid, REQUIRED, 0, 0, "number of the thread as the caller sees it"),
	F_INT(struct info_out, tgid, REQUIRED, 0, 0, "number of the process as the caller sees it"),
	F_INT(struct info_out, ppid, REQUIRED, 0, 0, "number of its parent as the caller sees it"),
	F_INT(struct info_out, uid, REQUIRED, 0, 0, "real user id in the caller's terms"),
	F_INT(struct info_out, gid, REQUIRED, 0, 0, "real group id in the caller's terms"),
	F_INT(struct info_out, euid, REQUIRED, 0, 0, "effective user id in the caller's terms"),
	F_INT(struct info_out, egid, REQUIRED, 0, 0, "effective group id in the caller's terms"),
	F_INT(struct info_out, exit_code, REQUIRED, 0, 0,
	      "status as wait(2) tells it, with `exit`"),
	F_FLAGS(struct info_out, given, REQUIRED, info_symbols, "what the kernel filled in"),
	F_END
};

static int info_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct info_in *in = params;
	struct info_out *out = results;
	union {
		struct uapi_pidfd_info info;
		char room[256];
	} got = { .room = { 0 } };
	int pidfd = pidfd_given(ctx, in->fd, &in->actor);

	if (pidfd < 0)
		return OP_BROKEN;
	got.info.mask = in->ask | UAPI_PIDFD_INFO_PID;
	if (ioctl(pidfd, _IOC(_IOC_READ | _IOC_WRITE, UAPI_PIDFD_MAGIC, UAPI_PIDFD_GET_INFO,
			      (unsigned)in->size), &got) < 0)
		return -errno;
	out->given = got.info.mask & (UAPI_PIDFD_INFO_PID | UAPI_PIDFD_INFO_CREDS |
				      UAPI_PIDFD_INFO_CGROUPID | UAPI_PIDFD_INFO_EXIT);
	out->pid = got.info.pid;
	out->tgid = got.info.tgid;
	out->ppid = got.info.ppid;
	out->uid = got.info.ruid;
	out->gid = got.info.rgid;
	out->euid = got.info.euid;
	out->egid = got.info.egid;
	out->exit_code = got.info.exit_code;
	return 0;
}

struct getfd_in {
	struct actor_ref actor;
	int fd;
	int64_t number;
};

static const struct field getfd_in_fields[] = {
	F_ACTOR(struct getfd_in, actor, OPTIONAL, "process, by the pidfd that the harness holds"),
	F_FD(struct getfd_in, fd, OPTIONAL, "pidfd"),
	F_INT(struct getfd_in, number, REQUIRED, 0, INT_MAX, "descriptor number there"),
	F_END
};

static int getfd_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct getfd_in *in = params;
	int pidfd = pidfd_given(ctx, in->fd, &in->actor);

	if (pidfd < 0)
		return OP_BROKEN;
	return opened(ctx, sys_pidfd_getfd(pidfd, (int)in->number), results);
}

struct fdinfo_in {
	struct actor_ref actor;
	int fd;
};

static const struct field fdinfo_in_fields[] = {
	F_ACTOR(struct fdinfo_in, actor, OPTIONAL, "process, by the pidfd that the harness holds"),
	F_FD(struct fdinfo_in, fd, OPTIONAL, "pidfd"),
	F_END
};

struct fdinfo_out {
	const char *pid, *ns_pid;
};

static const struct field fdinfo_out_fields[] = {
	F_STR(struct fdinfo_out, pid, REQUIRED,
	      "line Pid: number as the procfs instance sees it, 0 or -1"),
	F_STR(struct fdinfo_out, ns_pid, REQUIRED,
	      "line NSpid: numbers inwards, separated by one space"),
	F_END
};

/* The value of a line "NAME:\tVALUE", with tabs made spaces; empty when there is no such line. */
static const char *line_value(struct pool *pool, const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		if (strncmp(line, name, len) || line[len] != ':')
			continue;
		const char *value = line + len + 1 + strspn(line + len + 1, "\t ");
		char *copy = pool_strndup(pool, value, strcspn(value, "\n"));

		for (char *c = strchr(copy, '\t'); c; c = strchr(c, '\t'))
			*c = ' ';
		return copy;
	}
	return "";
}

static int fdinfo_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fdinfo_in *in = params;
	struct fdinfo_out *out = results;
	int pidfd = pidfd_given(ctx, in->fd, &in->actor);
	char *text;

	if (pidfd < 0)
		return OP_BROKEN;
	const char *path = pool_printf(ctx->pool, "/proc/thread-self/fdinfo/%d", pidfd);
	int rc = sys_read_file(ctx->pool, path, 4096, &text, NULL);

	if (rc)
		return op_broken(ctx, "read %s: errno %d", path, -rc);
	out->pid = line_value(ctx->pool, text, "Pid");
	out->ns_pid = line_value(ctx->pool, text, "NSpid");
	return 0;
}

const struct op pidfd_ops[] = {
	{
		.name = "pidfd.open",
		.doc = "Open a pidfd by number.",
		.source = "pidfd_open(2)",
		OP_IN(open), OP_OUT(open),
		.touches = NSM_PID,
		.run = open_run,
	},
	{
		.name = "pidfd.get_ns",
		.doc = "Open a namespace of a process by PIDFD_GET_*_NAMESPACE (Linux 6.11).",
		.source = "fs/pidfs.c",
		OP_IN(get_ns), OP_OUT(open),
		.run = get_ns_run,
	},
	{
		.name = "pidfd.info",
		.doc = "Numbers and ids of a process by its pidfd, PIDFD_GET_INFO (Linux 6.13).",
		.source = "fs/pidfs.c",
		OP_IN(info), OP_OUT(info),
		.touches = NSM_PID,
		.run = info_run,
	},
	{
		.name = "pidfd.getfd",
		.doc = "Take a copy of another process's descriptor.",
		.source = "pidfd_getfd(2)",
		OP_IN(getfd), OP_OUT(open),
		.run = getfd_run,
	},
	{
		.name = "pidfd.fdinfo",
		.doc = "Numbers of a pidfd's process in the terms of the mounted procfs.",
		.source = "proc(5)",
		OP_IN(fdinfo), OP_OUT(fdinfo),
		.touches = NSM_PID, .flags = OP_PROC,
		.run = fdinfo_run,
	},
	{ 0 }
};
