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

struct get_in {
	const char *name;
	int fd;
};

static const struct field get_in_fields[] = {
	F_STR(struct get_in, name, OPTIONAL, "parameter, e.g. `kernel.shmmax`"),
	F_FD(struct get_in, fd, OPTIONAL, "open parameter to read from its start instead"),
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

struct set_in {
	const char *name, *value;
	int fd;
};

static const struct field set_in_fields[] = {
	F_STR(struct set_in, name, OPTIONAL, "parameter, e.g. `kernel.shmmax`"),
	F_FD(struct set_in, fd, OPTIONAL, "open parameter to write at its start instead"),
	F_STR(struct set_in, value, REQUIRED, "new text"),
	F_END
};

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

/* The functions of a family, which knows its own parameters and no others. */
#define RUN(family, verb, call) \
	static int family##_##verb##_run(struct op_ctx *ctx, const void *params, void *results) \
	{ \
		(void)results; \
		return call; \
	}

RUN(uts, get, get(ctx, uts_prefixes, params, results))
RUN(uts, set, set(ctx, uts_prefixes, params))
RUN(uts, open, open_fd(ctx, uts_prefixes, params, results))
RUN(ipc, get, get(ctx, ipc_prefixes, params, results))
RUN(ipc, set, set(ctx, ipc_prefixes, params))
RUN(ipc, open, open_fd(ctx, ipc_prefixes, params, results))
RUN(net, get, get(ctx, net_prefixes, params, results))
RUN(net, set, set(ctx, net_prefixes, params))
RUN(net, open, open_fd(ctx, net_prefixes, params, results))

#define GET(family, mask, title, code) \
	{ .name = #family ".sysctl_get", .doc = "Read a sysctl of the " title " namespace.", \
	  .source = "read(2), " code, OP_IN(get), OP_OUT(value), \
	  .touches = mask, .run = family##_get_run }
#define SET(family, mask, title, code) \
	{ .name = #family ".sysctl_set", .doc = "Write a sysctl of the " title " namespace.", \
	  .source = "write(2), " code, OP_IN(set), \
	  .touches = mask, .mutates = mask, .asks = "sysctl.writable", .run = family##_set_run }
#define OPEN(family, mask, title, code) \
	{ .name = #family ".sysctl_open", .doc = "Open a sysctl of the " title " namespace.", \
	  .source = "open(2), " code, OP_IN(open), OP_OUT(open), \
	  .touches = mask, .asks = "sysctl.writable", .run = family##_open_run }

#define UTS_CODE "kernel/utsname_sysctl.c"
#define IPC_CODE "ipc/ipc_sysctl.c, ipc/mq_sysctl.c"
#define NET_CODE "net/sysctl_net.c"

const struct op sysctl_ops[] = {
	GET(uts, NSM_UTS, "UTS", UTS_CODE),
	SET(uts, NSM_UTS, "UTS", UTS_CODE),
	OPEN(uts, NSM_UTS, "UTS", UTS_CODE),
	GET(ipc, NSM_IPC, "IPC", IPC_CODE),
	SET(ipc, NSM_IPC, "IPC", IPC_CODE),
	OPEN(ipc, NSM_IPC, "IPC", IPC_CODE),
	GET(net, NSM_NET, "network", NET_CODE),
	SET(net, NSM_NET, "network", NET_CODE),
	OPEN(net, NSM_NET, "network", NET_CODE),
	{ 0 }
};
