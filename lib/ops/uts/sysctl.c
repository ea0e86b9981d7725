// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctls of UTS, IPC and network namespaces, by name and through a descriptor.  They
 * differ in what a descriptor means: one of kernel.hostname acts on the namespace of whoever
 * uses it, one of kernel.shmmax or net.core.somaxconn on that in which it was opened.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/sysctl.h"

#define VALUE_MAX (1 << 20)

static const char *const uts_prefixes[] = {
	"kernel.hostname", "kernel.domainname", "kernel.ostype", "kernel.osrelease",
	"kernel.version", "kernel.arch", NULL
};

static const char *const ipc_prefixes[] = {
	"kernel.msg", "kernel.sem", "kernel.shm", "kernel.auto_msgmni", "fs.mqueue.", NULL
};

static const char *const net_prefixes[] = { "net.", NULL };

#define GET_IN(F, S) \
	F(S, STR, name, OPTIONAL, "parameter, e.g. `kernel.shmmax`") \
	F(S, FD, fd, OPTIONAL, "open parameter to read from its start instead")
FIELDS(get_in, GET_IN);

#define VALUE_OUT(F, S) \
	F(S, STR, value, REQUIRED, "its text without the final newline")
FIELDS(value_out, VALUE_OUT);

static int get(struct op_ctx *ctx, const char *const *prefixes, const struct get_in *in,
	       struct value_out *out)
{
	char *text = NULL;
	size_t len = 0;
	int rc;

	if (in->fd < 0 && !in->name)
		return op_broken(ctx, "neither name nor fd is given");
	if (in->fd < 0) {
		rc = sysctl_get(ctx, prefixes, in->name, &text);
	} else if (lseek(in->fd, 0, SEEK_SET) < 0) {
		return op_broken(ctx, "rewind: %m");
	} else {
		rc = sys_read_fd(ctx->pool, in->fd, VALUE_MAX, &text, &len);
		if (!rc && len && text[len - 1] == '\n')
			text[len - 1] = '\0';
	}
	out->value = text;
	return rc;
}

#define SET_IN(F, S) \
	F(S, STR, name, OPTIONAL, "parameter, e.g. `kernel.shmmax`") \
	F(S, FD, fd, OPTIONAL, "open parameter to write at its start instead") \
	F(S, STR, value, REQUIRED, "new text")
FIELDS(set_in, SET_IN);

static int set(struct op_ctx *ctx, const char *const *prefixes, const struct set_in *in)
{
	size_t len = strlen(in->value);

	if (in->fd < 0 && !in->name)
		return op_broken(ctx, "neither name nor fd is given");
	if (in->fd < 0)
		return sysctl_set(ctx, prefixes, in->name, in->value);
	ssize_t put = pwrite(in->fd, in->value, len, 0);

	if (put < 0)
		return -errno;
	return (size_t)put == len ? 0 : op_broken(ctx, "short write");
}

static const struct symbol access_modes[] = {
	{ "read", O_RDONLY, "for reading" },
	{ "write", O_WRONLY, "for writing" },
	{ "both", O_RDWR, "for reading and writing" },
	{ 0 }
};

#define OPEN_IN(F, S) \
	F(S, STR, name, REQUIRED, "parameter") \
	F(S, ENUM_DEF, access, O_RDONLY, access_modes, "what it is opened for")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the open parameter")
FIELDS(open_out, OPEN_OUT);

static int open_fd(struct op_ctx *ctx, const char *const *prefixes, const struct open_in *in,
		   struct open_out *out)
{
	int fd = sysctl_open(ctx, prefixes, in->name, (int)in->access);

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}

static int uts_sysctl_get_run(struct op_ctx *ctx, const struct get_in *in, struct value_out *out)
{
	return get(ctx, uts_prefixes, in, out);
}
OP(uts_sysctl_get, "uts.sysctl_get", get_in, value_out,
	.doc = "Read a sysctl of the UTS namespace.",
	.source = "read(2), kernel/utsname_sysctl.c",
	.touches = NSM_UTS);

static int uts_sysctl_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	return set(ctx, uts_prefixes, in);
}
OP(uts_sysctl_set, "uts.sysctl_set", set_in, none,
	.doc = "Write a sysctl of the UTS namespace.",
	.source = "write(2), kernel/utsname_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_UTS, .mutates = NSM_UTS);

static int uts_sysctl_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	return open_fd(ctx, uts_prefixes, in, out);
}
OP(uts_sysctl_open, "uts.sysctl_open", open_in, open_out,
	.doc = "Open a sysctl of the UTS namespace.",
	.source = "open(2), kernel/utsname_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_UTS);

static int ipc_sysctl_get_run(struct op_ctx *ctx, const struct get_in *in, struct value_out *out)
{
	return get(ctx, ipc_prefixes, in, out);
}
OP(ipc_sysctl_get, "ipc.sysctl_get", get_in, value_out,
	.doc = "Read a sysctl of the IPC namespace.",
	.source = "read(2), ipc/ipc_sysctl.c, ipc/mq_sysctl.c",
	.touches = NSM_IPC);

static int ipc_sysctl_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	return set(ctx, ipc_prefixes, in);
}
OP(ipc_sysctl_set, "ipc.sysctl_set", set_in, none,
	.doc = "Write a sysctl of the IPC namespace.",
	.source = "write(2), ipc/ipc_sysctl.c, ipc/mq_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_IPC, .mutates = NSM_IPC);

static int ipc_sysctl_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	return open_fd(ctx, ipc_prefixes, in, out);
}
OP(ipc_sysctl_open, "ipc.sysctl_open", open_in, open_out,
	.doc = "Open a sysctl of the IPC namespace.",
	.source = "open(2), ipc/ipc_sysctl.c, ipc/mq_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_IPC);

static int net_sysctl_get_run(struct op_ctx *ctx, const struct get_in *in, struct value_out *out)
{
	return get(ctx, net_prefixes, in, out);
}
OP(net_sysctl_get, "net.sysctl_get", get_in, value_out,
	.doc = "Read a sysctl of the network namespace.",
	.source = "read(2), net/sysctl_net.c",
	.touches = NSM_NET);

static int net_sysctl_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	return set(ctx, net_prefixes, in);
}
OP(net_sysctl_set, "net.sysctl_set", set_in, none,
	.doc = "Write a sysctl of the network namespace.",
	.source = "write(2), net/sysctl_net.c", .asks = "sysctl.writable",
	.touches = NSM_NET, .mutates = NSM_NET);

static int net_sysctl_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	return open_fd(ctx, net_prefixes, in, out);
}
OP(net_sysctl_open, "net.sysctl_open", open_in, open_out,
	.doc = "Open a sysctl of the network namespace.",
	.source = "open(2), net/sysctl_net.c", .asks = "sysctl.writable",
	.touches = NSM_NET);
