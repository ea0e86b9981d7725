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

#include "../proc.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define NSEC 1000000000LL

#define UPTIME_OUT(F, S) \
	F(S, TIME, up_ns, REQUIRED, \
	  "time since boot in nanoseconds, cut to hundredths of a second") \
	F(S, TIME, idle_ns, REQUIRED, "idle time of all CPUs in nanoseconds")
FIELDS(uptime_out, UPTIME_OUT);

static int time_uptime_run(struct op_ctx *ctx, const struct none *in, struct uptime_out *out)
{
	int64_t up, up_cs, idle, idle_cs;
	char *text;
	int rc = sys_read_file(ctx->pool, "/proc/uptime", 256, &text, NULL);

	if (rc < 0)
		return rc;
	if (sscanf(text, "%" SCNd64 ".%" SCNd64 " %" SCNd64 ".%" SCNd64,
		   &up, &up_cs, &idle, &idle_cs) != 4)
		return op_broken(ctx, "/proc/uptime cannot be understood: %s", text);
	out->up_ns = up * NSEC + up_cs * (NSEC / 100);
	out->idle_ns = idle * NSEC + idle_cs * (NSEC / 100);
	return 0;
}
OP(time_uptime, "time.uptime", none, uptime_out,
	.doc = "Read /proc/uptime.",
	.source = "proc(5)",
	.touches = NSM_TIME);

#define SYSINFO_OUT(F, S) \
	F(S, TIME, up_ns, REQUIRED, "time since boot in nanoseconds, rounded up to a second")
FIELDS(sysinfo_out, SYSINFO_OUT);

static int time_sysinfo_run(struct op_ctx *ctx, const struct none *in, struct sysinfo_out *out)
{
	struct sysinfo info;

	if (sysinfo(&info) < 0)
		return -errno;
	out->up_ns = info.uptime * NSEC;
	return 0;
}
OP(time_sysinfo, "time.sysinfo", none, sysinfo_out,
	.doc = "Read the uptime of sysinfo(2).",
	.source = "sysinfo(2)",
	.touches = NSM_TIME);

#define BTIME_OUT(F, S) \
	F(S, INT, s, REQUIRED, 0, 0, "wall clock time of the boot, in seconds since the Epoch")
FIELDS(btime_out, BTIME_OUT);

static int time_btime_run(struct op_ctx *ctx, const struct none *in, struct btime_out *out)
{
	char *text;
	int rc = sys_read_file(ctx->pool, "/proc/stat", 1 << 20, &text, NULL);

	if (rc < 0)
		return rc;
	const char *line = strstr(text, "\nbtime ");

	if (!line || sscanf(line, " btime %" SCNd64, &out->s) != 1)
		return op_broken(ctx, "/proc/stat has no btime");
	return 0;
}
OP(time_btime, "time.btime", none, btime_out,
	.doc = "Read the time of boot in /proc/stat.",
	.source = "proc(5)",
	.touches = NSM_TIME);

#define STARTTIME_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "which process; default: the caller itself")
FIELDS(starttime_in, STARTTIME_IN);

#define STARTTIME_OUT(F, S) \
	F(S, TIME, ns, REQUIRED, \
	  "start of the process after boot, in nanoseconds, cut to clock ticks")
FIELDS(starttime_out, STARTTIME_OUT);

static int time_starttime_run(struct op_ctx *ctx, const struct starttime_in *in,
			      struct starttime_out *out)
{
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
OP(time_starttime, "time.starttime", starttime_in, starttime_out,
	.doc = "Read when a process started, field 22 of /proc/PID/stat.",
	.source = "proc(5)",
	.touches = NSM_TIME, .flags = OP_PROC_OF);
