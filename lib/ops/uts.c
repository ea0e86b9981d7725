// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host name and NIS domain name, by system call.  By sysctl: lib/ops/sysctl.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "nsc/op.h"

struct setname_in {
	const char *name;
	int64_t length;
};

static const struct field setname_in_fields[] = {
	F_STR(struct setname_in, name, REQUIRED, "new name"),
	F_INT_DEF(struct setname_in, length, 0, INT_MIN, 4096,
		  "length in bytes told to the kernel, zero-padded; 0 is that of the name"),
	F_END
};

/* libc takes a size_t; the system calls take an int and have a rule for negative ones. */
static int setname(struct op_ctx *ctx, long number, const struct setname_in *in)
{
	size_t len = strlen(in->name);
	int64_t told = in->length ? in->length : (int64_t)len;
	char *bytes = pool_alloc(ctx->pool, (told > (int64_t)len ? (size_t)told : len) + 1);

	memcpy(bytes, in->name, len);
	return syscall(number, bytes, (int)told) < 0 ? -errno : 0;
}

static int sethostname_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return setname(ctx, SYS_sethostname, params);
}

static int setdomainname_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return setname(ctx, SYS_setdomainname, params);
}

struct getname_out {
	const char *name;
};

static const struct field getname_out_fields[] = {
	F_STR(struct getname_out, name, REQUIRED, "name"),
	F_END
};

static int gethostname_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct getname_out *out = results;
	char name[256];

	(void)params;
	if (gethostname(name, sizeof(name)) < 0)
		return -errno;
	out->name = pool_strdup(ctx->pool, name);
	return 0;
}

static int getdomainname_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct getname_out *out = results;
	char name[256];

	(void)params;
	if (getdomainname(name, sizeof(name)) < 0)
		return -errno;
	out->name = pool_strdup(ctx->pool, name);
	return 0;
}

struct uname_out {
	const char *sysname, *nodename, *release, *version, *machine, *domainname;
};

static const struct field uname_out_fields[] = {
	F_STR(struct uname_out, sysname, REQUIRED, "name of the operating system"),
	F_STR(struct uname_out, nodename, REQUIRED, "host name"),
	F_STR(struct uname_out, release, REQUIRED, "kernel release"),
	F_STR(struct uname_out, version, REQUIRED, "kernel version"),
	F_STR(struct uname_out, machine, REQUIRED, "hardware"),
	F_STR(struct uname_out, domainname, REQUIRED, "NIS domain name"),
	F_END
};

static int uname_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct uname_out *out = results;
	struct utsname names;

	(void)params;
	if (uname(&names) < 0)
		return -errno;
	out->sysname = pool_strdup(ctx->pool, names.sysname);
	out->nodename = pool_strdup(ctx->pool, names.nodename);
	out->release = pool_strdup(ctx->pool, names.release);
	out->version = pool_strdup(ctx->pool, names.version);
	out->machine = pool_strdup(ctx->pool, names.machine);
	out->domainname = pool_strdup(ctx->pool, names.domainname);
	return 0;
}

struct uname26_out {
	const char *release;
	int64_t stray;
};

static const struct field uname26_out_fields[] = {
	F_STR(struct uname26_out, release, REQUIRED, "kernel release in that personality"),
	F_INT(struct uname26_out, stray, REQUIRED, 0, 0,
	      "bytes behind its terminator that are neither zero nor left from the plain release"),
	F_END
};

/*
 * The kernel writes the made-up release over the plain one, so the end of a longer plain
 * one may remain; anything else there comes from the kernel's stack (CVE-2012-0957).
 */
static int64_t stray_bytes(const struct utsname *seen, const struct utsname *plain)
{
	int64_t stray = 0;

	for (size_t i = strlen(seen->release) + 1; i < sizeof(seen->release); i++)
		stray += seen->release[i] && seen->release[i] != plain->release[i];
	return stray;
}

static int uname26_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct uname26_out *out = results;
	struct utsname plain, seen;
	int persona = personality(0xffffffff);

	(void)params;
	if (uname(&plain) < 0)
		return op_broken(ctx, "uname: %m");
	memset(&seen, 0xa5, sizeof(seen));
	if (persona < 0 || personality((unsigned long)persona | UNAME26) < 0)
		return op_broken(ctx, "personality UNAME26: %m");
	int rc = uname(&seen) < 0 ? -errno : 0;

	if (personality((unsigned long)persona) < 0)
		return op_broken(ctx, "personality: %m");
	if (rc)
		return rc;
	out->release = pool_strdup(ctx->pool, seen.release);
	out->stray = stray_bytes(&seen, &plain);
	return 0;
}

const struct op uts_ops[] = {
	{
		.name = "uts.sethostname",
		.doc = "Set the host name of the actor's UTS namespace.",
		.source = "sethostname(2)",
		OP_IN(setname),
		.touches = NSM_UTS, .mutates = NSM_UTS,
		.run = sethostname_run,
	},
	{
		.name = "uts.gethostname",
		.doc = "Read the host name.",
		.source = "gethostname(2)",
		OP_OUT(getname),
		.touches = NSM_UTS,
		.run = gethostname_run,
	},
	{
		.name = "uts.setdomainname",
		.doc = "Set the NIS domain name of the actor's UTS namespace.",
		.source = "setdomainname(2)",
		OP_IN(setname),
		.touches = NSM_UTS, .mutates = NSM_UTS,
		.run = setdomainname_run,
	},
	{
		.name = "uts.getdomainname",
		.doc = "Read the NIS domain name.",
		.source = "getdomainname(2)",
		OP_OUT(getname),
		.touches = NSM_UTS,
		.run = getdomainname_run,
	},
	{
		.name = "uts.uname",
		.doc = "Read all six names of the system.",
		.source = "uname(2)",
		OP_OUT(uname),
		.touches = NSM_UTS,
		.run = uname_run,
	},
	{
		.name = "uts.uname26",
		.doc = "Read the release in personality UNAME26, and what lies behind its end.",
		.source = "personality(2)",
		OP_OUT(uname26),
		.touches = NSM_UTS,
		.run = uname26_run,
	},
	{ 0 }
};
