// SPDX-License-Identifier: GPL-2.0-only
/*
 * What procfs and sysinfo(2) say about the time since boot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "proc.h"

#define NSEC 1000000000LL

struct uptime_out {
	int64_t up_ns, idle_ns;
};

static const struct field uptime_out_fields[] = {
	F_TIME(struct uptime_out, up_ns, REQUIRED,
	       "time since boot in nanoseconds, cut to hundredths of a second"),
	F_TIME(struct uptime_out, idle_ns, REQUIRED, "idle time of all CPUs in nanoseconds"),
	F_END
};

static int uptime_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct uptime_out *out = results;
	int64_t up, up_cs, idle, idle_cs;
	char *text;
	int rc = sys_read_file(ctx->pool, "/proc/uptime", 256, &text, NULL);

	(void)params;
	if (rc < 0)
		return rc;
	if (sscanf(text, "%" SCNd64 ".%" SCNd64 " %" SCNd64 ".%" SCNd64,
		   &up, &up_cs, &idle, &idle_cs) != 4)
		return op_broken(ctx, "/proc/uptime cannot be understood: %s", text);
	out->up_ns = up * NSEC + up_cs * (NSEC / 100);
	out->idle_ns = idle * NSEC + idle_cs * (NSEC / 100);
	return 0;
}

struct sysinfo_out {
	int64_t up_ns;
};

static const struct field sysinfo_out_fields[] = {
	F_TIME(struct sysinfo_out, up_ns, REQUIRED,
	       "time since boot in nanoseconds, rounded up to a second"),
	F_END
};

static int sysinfo_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct sysinfo_out *out = results;
	struct sysinfo info;

	(void)ctx, (void)params;
	if (sysinfo(&info) < 0)
		return -errno;
	out->up_ns = info.uptime * NSEC;
	return 0;
}

struct btime_out {
	int64_t s;
};

static const struct field btime_out_fields[] = {
	F_INT(struct btime_out, s, REQUIRED, 0, 0,
	      "wall clock time of the boot, in seconds since the Epoch"),
	F_END
};

static int btime_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct btime_out *out = results;
	char *text;
	int rc = sys_read_file(ctx->pool, "/proc/stat", 1 << 20, &text, NULL);

	(void)params;
	if (rc < 0)
		return rc;
	const char *line = strstr(text, "\nbtime ");

	if (!line || sscanf(line, " btime %" SCNd64, &out->s) != 1)
		return op_broken(ctx, "/proc/stat has no btime");
	return 0;
}

struct starttime_in {
	struct actor_ref actor;
};

static const struct field starttime_in_fields[] = {
	F_ACTOR(struct starttime_in, actor, OPTIONAL, "which process; default: the caller itself"),
	F_END
};

struct starttime_out {
	int64_t ns;
};

static const struct field starttime_out_fields[] = {
	F_TIME(struct starttime_out, ns, REQUIRED,
	       "start of the process after boot, in nanoseconds, cut to clock ticks"),
	F_END
};

static int starttime_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct starttime_in *in = params;
	struct starttime_out *out = results;
	AUTO_FD dir = target_dir(ctx, &in->actor, PID_NOT_GIVEN, "/proc/self");
	AUTO_FD file = dir < 0 ? dir : openat(dir, "stat", O_RDONLY | O_CLOEXEC);
	int64_t ticks;
	char *text;

	if (dir < 0)
		return OP_BROKEN;
	int rc = file < 0 ? -errno : sys_read_fd(ctx->pool, file, 4096, &text, NULL);

	if (rc < 0)
		return rc;
	/* Field 2 is a name in parentheses that may hold anything; 20 fields later stands ours. */
	const char *at = strrchr(text, ')');

	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, "%" SCNd64, &ticks) != 1)
		return op_broken(ctx, "the stat file cannot be understood");
	out->ns = ticks * (NSEC / sysconf(_SC_CLK_TCK));
	return 0;
}

const struct op uptime_ops[] = {
	{
		.name = "time.uptime",
		.doc = "Read /proc/uptime.",
		.source = "proc(5)",
		OP_OUT(uptime),
		.touches = NSM_TIME,
		.run = uptime_run,
	},
	{
		.name = "time.sysinfo",
		.doc = "Read the uptime of sysinfo(2).",
		.source = "sysinfo(2)",
		OP_OUT(sysinfo),
		.touches = NSM_TIME,
		.run = sysinfo_run,
	},
	{
		.name = "time.btime",
		.doc = "Read the time of boot in /proc/stat.",
		.source = "proc(5)",
		OP_OUT(btime),
		.touches = NSM_TIME,
		.run = btime_run,
	},
	{
		.name = "time.starttime",
		.doc = "Read when a process started, field 22 of /proc/PID/stat.",
		.source = "proc(5)",
		OP_IN(starttime), OP_OUT(starttime),
		.touches = NSM_TIME,
		.flags = OP_PROC,
		.run = starttime_run,
	},
	{ 0 }
};
