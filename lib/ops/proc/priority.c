// SPDX-License-Identifier: GPL-2.0-only
/*
 * Priorities, which are set for a process, a group or a user.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/syscall.h"

static const struct symbol which_symbols[] = {
	{ "process", PRIO_PROCESS, "one process" },
	{ "group", PRIO_PGRP, "a process group" },
	{ "user", PRIO_USER, "all processes of a user id" },
	{ 0 }
};

#define SETPRIORITY_IN(F, S) \
	F(S, ENUM_DEF, which, PRIO_PROCESS, which_symbols, "whose priority") \
	F(S, INT_DEF, id, 0, 0, INT_MAX, "number or user id, 0 for the caller's") \
	F(S, INT, nice, REQUIRED, -20, 19, "nice value to set")
FIELDS(setpriority_in, SETPRIORITY_IN);

static int proc_setpriority_run(struct op_ctx *ctx, const struct setpriority_in *in,
				struct none *out)
{
	return setpriority((int)in->which, (id_t)in->id, (int)in->nice) < 0 ? -errno : 0;
}

static int proc_setpriority_check(struct op_ctx *ctx, const struct setpriority_in *in,
			   const struct none *out)
{
	/* Of several processes it is the lowest value that is read. */
	long now = sys_call(SYS_getpriority, (int)in->which, (id_t)in->id);

	return now < 0 || now == 20 - in->nice ? 0 : op_undone(ctx, "it is %ld", 20 - now);
}
OP_CHECK(proc_setpriority, setpriority_in, none)
OP(proc_setpriority, "proc.setpriority", setpriority_in, none,
	.doc = "Set the nice value of processes.",
	.source = "setpriority(2)", .asks = "start.nice",
	.touches = NSM_PID, .mutates = NSM_PID,
	.check = proc_setpriority_checked);

#define GETPRIORITY_IN(F, S) \
	F(S, ENUM_DEF, which, PRIO_PROCESS, which_symbols, "whose priority") \
	F(S, INT_DEF, id, 0, 0, INT_MAX, "number or user id, 0 for the caller's")
FIELDS(getpriority_in, GETPRIORITY_IN);

#define GETPRIORITY_OUT(F, S) \
	F(S, INT, nice, REQUIRED, 0, 0, "nice value")
FIELDS(getpriority_out, GETPRIORITY_OUT);

static int proc_getpriority_run(struct op_ctx *ctx, const struct getpriority_in *in,
				struct getpriority_out *out)
{
	long raw = sys_call(SYS_getpriority, (int)in->which, (id_t)in->id);

	if (raw < 0)
		return -errno;
	out->nice = 20 - raw; /* the system call answers 1 to 40 */
	return 0;
}
OP(proc_getpriority, "proc.getpriority", getpriority_in, getpriority_out,
	.doc = "Read the nice value of processes, the lowest of them.",
	.source = "getpriority(2)", .asks = "start.nice",
	.touches = NSM_PID);

static const struct symbol ioprio_symbols[] = {
	{ "process", 1, "one process" },
	{ "group", 2, "a process group" },
	{ "user", 3, "all processes of a user id" },
	{ 0 }
};

#define IOPRIO_SET_IN(F, S) \
	F(S, ENUM_DEF, which, 1, ioprio_symbols, "whose priority") \
	F(S, INT_DEF, id, 0, 0, INT_MAX, "number or user id, 0 for the caller's") \
	F(S, INT, level, REQUIRED, 0, 7, "level in the best-effort class, 0 the highest")
FIELDS(ioprio_set_in, IOPRIO_SET_IN);

enum { BEST_EFFORT = 2, CLASS_SHIFT = 13 };

static int proc_ioprio_set_run(struct op_ctx *ctx, const struct ioprio_set_in *in, struct none *out)
{
	return sys_call(SYS_ioprio_set, (int)in->which, (int)in->id,
			BEST_EFFORT << CLASS_SHIFT | (int)in->level) < 0 ? -errno : 0;
}

static int proc_ioprio_set_check(struct op_ctx *ctx, const struct ioprio_set_in *in,
			   const struct none *out)
{
	long now = sys_call(SYS_ioprio_get, (int)in->which, (int)in->id);

	return now < 0 || (now & 7) == in->level ? 0 : op_undone(ctx, "it is level %ld", now & 7);
}
OP_CHECK(proc_ioprio_set, ioprio_set_in, none)
OP(proc_ioprio_set, "proc.ioprio_set", ioprio_set_in, none,
	.doc = "Set the I/O priority of processes.",
	.source = "ioprio_set(2)", .config = "BLOCK",
	.touches = NSM_PID, .mutates = NSM_PID,
	.check = proc_ioprio_set_checked);

#define IOPRIO_GET_OUT(F, S) \
	F(S, INT, level, REQUIRED, 0, 0, "level of the caller in its class")
FIELDS(ioprio_get_out, IOPRIO_GET_OUT);

static int proc_ioprio_get_run(struct op_ctx *ctx, const struct none *in,
			       struct ioprio_get_out *out)
{
	long got = sys_call(SYS_ioprio_get, 1, 0);

	if (got < 0)
		return -errno;
	out->level = got & 7;
	return 0;
}
OP(proc_ioprio_get, "proc.ioprio_get", none, ioprio_get_out,
	.doc = "Read the actor's I/O priority.",
	.source = "ioprio_get(2)", .config = "BLOCK",
	.touches = NSM_PID);
