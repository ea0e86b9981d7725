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

#include "../ns.h"
#include "../proc.h"
#include "nsc/sys.h"
#include "uapi/pidfd.h"

#define OPEN_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "process, by the number that the caller sees") \
	F(S, PID, pid, "process by number") \
	F(S, BOOL, thread, "the number may be that of any thread (Linux 6.9)")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor") \
	F(S, BOOL, cloexec, "whether it was close-on-exec when it was returned")
FIELDS(open_out, OPEN_OUT);

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

static int pidfd_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	return opened(ctx, sys_pidfd_open(pid, in->thread ? PIDFD_THREAD : 0), out);
}
OP(pidfd_open, "pidfd.open", open_in, open_out,
	.doc = "Open a pidfd by number.",
	.source = "pidfd_open(2)",
	.touches = NSM_PID);

/* The descriptor that was given, or the harness's own of that actor; -1 and broken when none. */
static int pidfd_given(struct op_ctx *ctx, int fd, const struct actor_ref *actor)
{
	int given = fd >= 0 ? fd : actor->pidfd;

	if (given < 0)
		op_broken(ctx, "neither `actor` nor `fd` is given");
	return given;
}

#define GET_NS_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "process, by the pidfd that the harness holds") \
	F(S, FD, fd, OPTIONAL, "pidfd") \
	F(S, ENUM, type, REQUIRED, ns_type_symbols, "which namespace") \
	F(S, BOOL, children, "the namespace that future children get; pid and time only") \
	F(S, INT, argument, OPTIONAL, 0, INT64_MAX, "argument of the ioctl, which must be 0")
FIELDS(get_ns_in, GET_NS_IN);

int pidfd_open_ns(int pidfd, enum ns ns)
{
	int fd = ioctl(pidfd, ns_kinds[ns].get, 0);

	return fd < 0 ? -errno : fd;
}

static int pidfd_get_ns_run(struct op_ctx *ctx, const struct get_ns_in *in, struct open_out *out)
{
	const struct ns_kind *kind = &ns_kinds[in->type];
	unsigned request = in->children ? kind->get_children : kind->get;
	int pidfd = pidfd_given(ctx, in->fd, &in->actor);

	if (pidfd < 0)
		return OP_BROKEN;
	if (!request)
		return op_broken(ctx, "%s has no namespace for children", kind->name);
	int fd = ioctl(pidfd, request, (unsigned long)in->argument);

	return opened(ctx, fd < 0 ? -errno : fd, out);
}
OP(pidfd_get_ns, "pidfd.get_ns", get_ns_in, open_out,
	.doc = "Open a namespace of a process by PIDFD_GET_*_NAMESPACE (Linux 6.11).",
	.source = "fs/pidfs.c");

static const struct symbol info_symbols[] = {
	{ "pid", UAPI_PIDFD_INFO_PID, "numbers" },
	{ "creds", UAPI_PIDFD_INFO_CREDS, "user and group ids" },
	{ "cgroupid", UAPI_PIDFD_INFO_CGROUPID, "id of the cgroup" },
	{ "exit", UAPI_PIDFD_INFO_EXIT,
	  "exit status of a process that was waited for (Linux 6.15)" },
	{ 0 }
};

#define INFO_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "process, by the pidfd that the harness holds") \
	F(S, FD, fd, OPTIONAL, "pidfd") \
	F(S, FLAGS, ask, OPTIONAL, info_symbols, "what to ask for beyond the numbers") \
	F(S, INT_DEF, size, sizeof(struct uapi_pidfd_info), 0, 256, \
	  "size encoded in the request, in bytes")
FIELDS(info_in, INFO_IN);

#define INFO_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "number of the thread as the caller sees it") \
	F(S, INT, tgid, REQUIRED, 0, 0, "number of the process as the caller sees it") \
	F(S, INT, ppid, REQUIRED, 0, 0, "number of its parent as the caller sees it") \
	F(S, INT, uid, REQUIRED, 0, 0, "real user id in the caller's terms") \
	F(S, INT, gid, REQUIRED, 0, 0, "real group id in the caller's terms") \
	F(S, INT, euid, REQUIRED, 0, 0, "effective user id in the caller's terms") \
	F(S, INT, egid, REQUIRED, 0, 0, "effective group id in the caller's terms") \
	F(S, INT, exit_code, REQUIRED, 0, 0, "status as wait(2) tells it, with `exit`") \
	F(S, FLAGS, given, REQUIRED, info_symbols, "what the kernel filled in")
FIELDS(info_out, INFO_OUT);

static int pidfd_info_run(struct op_ctx *ctx, const struct info_in *in, struct info_out *out)
{
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
OP(pidfd_info, "pidfd.info", info_in, info_out,
	.doc = "Numbers and ids of a process by its pidfd, PIDFD_GET_INFO (Linux 6.13).",
	.source = "fs/pidfs.c",
	.touches = NSM_PID);

#define GETFD_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "process, by the pidfd that the harness holds") \
	F(S, FD, fd, OPTIONAL, "pidfd") \
	F(S, INT, number, REQUIRED, 0, INT_MAX, "descriptor number there")
FIELDS(getfd_in, GETFD_IN);

static int pidfd_getfd_run(struct op_ctx *ctx, const struct getfd_in *in, struct open_out *out)
{
	int pidfd = pidfd_given(ctx, in->fd, &in->actor);

	if (pidfd < 0)
		return OP_BROKEN;
	return opened(ctx, sys_pidfd_getfd(pidfd, (int)in->number), out);
}
OP(pidfd_getfd, "pidfd.getfd", getfd_in, open_out,
	.doc = "Take a copy of another process's descriptor.",
	.source = "pidfd_getfd(2)");

#define FDINFO_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "process, by the pidfd that the harness holds") \
	F(S, FD, fd, OPTIONAL, "pidfd")
FIELDS(fdinfo_in, FDINFO_IN);

#define FDINFO_OUT(F, S) \
	F(S, STR, pid, REQUIRED, "line Pid: number as the procfs instance sees it, 0 or -1") \
	F(S, STR, ns_pid, REQUIRED, "line NSpid: numbers inwards, separated by one space")
FIELDS(fdinfo_out, FDINFO_OUT);

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

static int pidfd_fdinfo_run(struct op_ctx *ctx, const struct fdinfo_in *in, struct fdinfo_out *out)
{
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
OP(pidfd_fdinfo, "pidfd.fdinfo", fdinfo_in, fdinfo_out,
	.doc = "Numbers of a pidfd's process in the terms of the mounted procfs.",
	.source = "proc(5)",
	.touches = NSM_PID, .flags = OP_PROC);
