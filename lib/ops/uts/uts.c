// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host name and NIS domain name, by system call.  By sysctl: sysctl.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/syscall.h"

#define SETNAME_IN(F, S) \
	F(S, STR, name, REQUIRED, "new name") \
	F(S, INT_DEF, length, 0, INT_MIN, 4096, \
	  "length in bytes told to the kernel, zero-padded; 0 is that of the name")
FIELDS(setname_in, SETNAME_IN);

/* libc takes a size_t; the system calls take an int and have a rule for negative ones. */
static int setname(struct op_ctx *ctx, long number, const struct setname_in *in)
{
	size_t len = strlen(in->name);
	int64_t told = in->length ? in->length : (int64_t)len;
	char *bytes = pool_alloc(ctx->pool, (told > (int64_t)len ? (size_t)told : len) + 1);

	memcpy(bytes, in->name, len);
	return sys_call(number, bytes, (int)told) < 0 ? -errno : 0;
}

/* uname(2) shows the name up to its first NUL byte. */
static int name_is_set(struct op_ctx *ctx, const struct setname_in *in, const char *now)
{
	size_t told = in->length ? (size_t)in->length : strlen(in->name);
	const char *asked = pool_strndup(ctx->pool, in->name, strnlen(in->name, told));

	return strcmp(now, asked) ? op_undone(ctx, "the name is %s", now) : 0;
}

static int uts_sethostname_run(struct op_ctx *ctx, const struct setname_in *in, struct none *out)
{
	return setname(ctx, SYS_sethostname, in);
}

static int uts_sethostname_check(struct op_ctx *ctx, const struct setname_in *in,
			   const struct none *out)
{
	struct utsname names;

	return uname(&names) < 0 ? 0 : name_is_set(ctx, in, names.nodename);
}
OP_CHECK(uts_sethostname, setname_in, none)
OP(uts_sethostname, "uts.sethostname", setname_in, none,
	.doc = "Set the host name of the actor's UTS namespace.",
	.source = "sethostname(2)",
	.touches = NSM_UTS, .mutates = NSM_UTS,
	.check = uts_sethostname_checked);

static int uts_setdomainname_run(struct op_ctx *ctx, const struct setname_in *in, struct none *out)
{
	return setname(ctx, SYS_setdomainname, in);
}

static int uts_setdomainname_check(struct op_ctx *ctx, const struct setname_in *in,
			   const struct none *out)
{
	struct utsname names;

	return uname(&names) < 0 ? 0 : name_is_set(ctx, in, names.domainname);
}
OP_CHECK(uts_setdomainname, setname_in, none)
OP(uts_setdomainname, "uts.setdomainname", setname_in, none,
	.doc = "Set the NIS domain name of the actor's UTS namespace.",
	.source = "setdomainname(2)",
	.touches = NSM_UTS, .mutates = NSM_UTS,
	.check = uts_setdomainname_checked);

#define GETNAME_OUT(F, S) \
	F(S, STR, name, REQUIRED, "name")
FIELDS(getname_out, GETNAME_OUT);

static int uts_gethostname_run(struct op_ctx *ctx, const struct none *in, struct getname_out *out)
{
	char name[256];

	if (gethostname(name, sizeof(name)) < 0)
		return -errno;
	out->name = pool_strdup(ctx->pool, name);
	return 0;
}
OP(uts_gethostname, "uts.gethostname", none, getname_out,
	.doc = "Read the host name.",
	.source = "gethostname(2)",
	.touches = NSM_UTS);

static int uts_getdomainname_run(struct op_ctx *ctx, const struct none *in, struct getname_out *out)
{
	char name[256];

	if (getdomainname(name, sizeof(name)) < 0)
		return -errno;
	out->name = pool_strdup(ctx->pool, name);
	return 0;
}
OP(uts_getdomainname, "uts.getdomainname", none, getname_out,
	.doc = "Read the NIS domain name.",
	.source = "getdomainname(2)",
	.touches = NSM_UTS);

#define UNAME_OUT(F, S) \
	F(S, STR, sysname, REQUIRED, "name of the operating system") \
	F(S, STR, nodename, REQUIRED, "host name") \
	F(S, STR, release, REQUIRED, "kernel release") \
	F(S, STR, version, REQUIRED, "kernel version") \
	F(S, STR, machine, REQUIRED, "hardware") \
	F(S, STR, domainname, REQUIRED, "NIS domain name")
FIELDS(uname_out, UNAME_OUT);

static int uts_uname_run(struct op_ctx *ctx, const struct none *in, struct uname_out *out)
{
	struct utsname names;

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
OP(uts_uname, "uts.uname", none, uname_out,
	.doc = "Read all six names of the system.",
	.source = "uname(2)",
	.touches = NSM_UTS);

#define UNAME26_OUT(F, S) \
	F(S, STR, release, REQUIRED, "kernel release in that personality") \
	F(S, INT, stray, REQUIRED, 0, 0, \
	  "bytes behind its terminator that are neither zero nor left from the plain release")
FIELDS(uname26_out, UNAME26_OUT);

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

static int uts_uname26_run(struct op_ctx *ctx, const struct none *in, struct uname26_out *out)
{
	struct utsname plain, seen;
	int persona = personality(0xffffffff);

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
OP(uts_uname26, "uts.uname26", none, uname26_out,
	.doc = "Read the release in personality UNAME26, and what lies behind its end.",
	.source = "personality(2)",
	.touches = NSM_UTS);
