// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctls of UTS and IPC namespaces, by name and through a descriptor.  They differ in
 * what a descriptor means: one of kernel.hostname acts on the namespace of whoever uses it,
 * one of kernel.shmmax on the namespace in which it was opened.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/sysctl.h"

static const char *const uts_prefixes[] = {
	"kernel.hostname", "kernel.domainname", "kernel.ostype", "kernel.osrelease",
	"kernel.version", "kernel.arch", NULL
};

static const char *const ipc_prefixes[] = {
	"kernel.msg", "kernel.sem", "kernel.shm", "kernel.auto_msgmni", "fs.mqueue.", NULL
};

struct get_in {
	const char *name;
};

static const struct field get_in_fields[] = {
	F_STR(struct get_in, name, REQUIRED, "parameter, e.g. kernel.hostname"),
	F_END
};

struct value_out {
	const char *value;
};

static const struct field value_out_fields[] = {
	F_STR(struct value_out, value, REQUIRED, "its text without the final newline"),
	F_END
};

static int get(struct op_ctx *ctx, const char *const *prefixes, const struct get_in *in,
	       struct value_out *out)
{
	char *text = NULL;
	int rc = sysctl_get(ctx, prefixes, in->name, &text);

	out->value = text;
	return rc;
}

static int uts_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	return get(ctx, uts_prefixes, params, results);
}

static int ipc_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	return get(ctx, ipc_prefixes, params, results);
}

struct set_in {
	const char *name, *value;
};

static const struct field set_in_fields[] = {
	F_STR(struct set_in, name, REQUIRED, "parameter, e.g. kernel.shmmax"),
	F_STR(struct set_in, value, REQUIRED, "new text"),
	F_END
};

static int uts_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_in *in = params;

	(void)results;
	return sysctl_set(ctx, uts_prefixes, in->name, in->value);
}

static int ipc_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_in *in = params;

	(void)results;
	return sysctl_set(ctx, ipc_prefixes, in->name, in->value);
}

static const struct symbol access_modes[] = {
	{ "read", O_RDONLY, "for reading" },
	{ "write", O_WRONLY, "for writing" },
	{ "both", O_RDWR, "for reading and writing" },
	{ 0 }
};

struct open_in {
	const char *name;
	int64_t access;
};

static const struct field open_in_fields[] = {
	F_STR(struct open_in, name, REQUIRED, "parameter"),
	F_ENUM_DEF(struct open_in, access, O_RDONLY, access_modes, "what it is opened for"),
	F_END
};

struct open_out {
	int fd;
};

static const struct field open_out_fields[] = {
	F_FD(struct open_out, fd, REQUIRED, "the open parameter"),
	F_END
};

static int open_fd(struct op_ctx *ctx, const char *const *prefixes, const struct open_in *in,
		   struct open_out *out)
{
	int fd = sysctl_open(ctx, prefixes, in->name, (int)in->access);

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}

static int uts_open_run(struct op_ctx *ctx, const void *params, void *results)
{
	return open_fd(ctx, uts_prefixes, params, results);
}

static int ipc_open_run(struct op_ctx *ctx, const void *params, void *results)
{
	return open_fd(ctx, ipc_prefixes, params, results);
}

struct read_in {
	int fd;
};

static const struct field read_in_fields[] = {
	F_FD(struct read_in, fd, REQUIRED, "an open parameter"),
	F_END
};

static int read_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct read_in *in = params;
	struct value_out *out = results;
	char text[4096];
	ssize_t got = pread(in->fd, text, sizeof(text), 0);

	if (got < 0)
		return -errno;
	if (got && text[got - 1] == '\n')
		got--;
	out->value = pool_strndup(ctx->pool, text, (size_t)got);
	return 0;
}

struct write_in {
	int fd;
	const char *value;
};

static const struct field write_in_fields[] = {
	F_FD(struct write_in, fd, REQUIRED, "an open parameter"),
	F_STR(struct write_in, value, REQUIRED, "new text"),
	F_END
};

static int write_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct write_in *in = params;

	(void)ctx, (void)results;
	return pwrite(in->fd, in->value, strlen(in->value), 0) < 0 ? -errno : 0;
}

struct poll_in {
	int fd;
	bool wait;
};

static const struct field poll_in_fields[] = {
	F_FD(struct poll_in, fd, REQUIRED, "an open parameter"),
	F_BOOL(struct poll_in, wait, "wait until it changes, instead of asking once"),
	F_END
};

struct poll_out {
	bool changed;
};

static const struct field poll_out_fields[] = {
	F_BOOL(struct poll_out, changed,
	       "whether POLLPRI and POLLERR announce a change since it was opened or last polled"),
	F_END
};

static int poll_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct poll_in *in = params;
	struct poll_out *out = results;
	struct pollfd p = { .fd = in->fd, .events = POLLPRI };
	int n = poll(&p, 1, in->wait ? op_left_ms(ctx) : 0);

	if (n < 0)
		return -errno;
	if (!n && in->wait)
		return op_broken(ctx, "timed out waiting for the parameter to change");
	out->changed = (p.revents & (POLLPRI | POLLERR)) == (POLLPRI | POLLERR);
	return 0;
}

#define UTS_CODE "kernel/utsname_sysctl.c"
#define IPC_CODE "ipc/ipc_sysctl.c, ipc/mq_sysctl.c"

const struct op sysctl_ops[] = {
	{
		.name = "uts.sysctl_get",
		.doc = "Read a sysctl of the UTS namespace.",
		.source = "read(2), " UTS_CODE,
		OP_IN(get), OP_OUT(value),
		.touches = NSM_UTS,
		.run = uts_get_run,
	},
	{
		.name = "uts.sysctl_set",
		.doc = "Write a sysctl of the UTS namespace.",
		.source = "write(2), " UTS_CODE,
		OP_IN(set),
		.touches = NSM_UTS, .mutates = NSM_UTS,
		.run = uts_set_run,
	},
	{
		.name = "uts.sysctl_open",
		.doc = "Open a sysctl of the UTS namespace.",
		.source = "open(2), " UTS_CODE,
		OP_IN(open), OP_OUT(open),
		.touches = NSM_UTS,
		.run = uts_open_run,
	},
	{
		.name = "uts.sysctl_read",
		.doc = "Read an open sysctl from its start.",
		.source = "pread(2), " UTS_CODE,
		OP_IN(read), OP_OUT(value),
		.touches = NSM_UTS,
		.run = read_run,
	},
	{
		.name = "uts.sysctl_write",
		.doc = "Write an open sysctl at its start.",
		.source = "pwrite(2), " UTS_CODE,
		OP_IN(write),
		.touches = NSM_UTS, .mutates = NSM_UTS,
		.run = write_run,
	},
	{
		.name = "uts.sysctl_poll",
		.doc = "Ask whether an open sysctl has changed.",
		.source = "poll(2), " UTS_CODE,
		OP_IN(poll), OP_OUT(poll),
		.touches = NSM_UTS,
		.run = poll_run,
	},
	{
		.name = "ipc.sysctl_get",
		.doc = "Read a sysctl of the IPC namespace.",
		.source = "read(2), " IPC_CODE,
		OP_IN(get), OP_OUT(value),
		.touches = NSM_IPC,
		.run = ipc_get_run,
	},
	{
		.name = "ipc.sysctl_set",
		.doc = "Write a sysctl of the IPC namespace.",
		.source = "write(2), " IPC_CODE,
		OP_IN(set),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = ipc_set_run,
	},
	{
		.name = "ipc.sysctl_open",
		.doc = "Open a sysctl of the IPC namespace.",
		.source = "open(2), " IPC_CODE,
		OP_IN(open), OP_OUT(open),
		.touches = NSM_IPC,
		.run = ipc_open_run,
	},
	{
		.name = "ipc.sysctl_read",
		.doc = "Read an open sysctl from its start.",
		.source = "pread(2), " IPC_CODE,
		OP_IN(read), OP_OUT(value),
		.touches = NSM_IPC,
		.run = read_run,
	},
	{
		.name = "ipc.sysctl_write",
		.doc = "Write an open sysctl at its start.",
		.source = "pwrite(2), " IPC_CODE,
		OP_IN(write),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = write_run,
	},
	{ 0 }
};
