// SPDX-License-Identifier: GPL-2.0-only
/*
 * Priorities, which are set for a process, a group or a user.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nsc/op.h"

static const struct symbol which_symbols[] = {
	{ "process", PRIO_PROCESS, "one process" },
	{ "group", PRIO_PGRP, "a process group" },
	{ "user", PRIO_USER, "all processes of a user id" },
	{ 0 }
};

struct setpriority_in {
	int64_t which, id, nice;
};

static const struct field setpriority_in_fields[] = {
	F_ENUM_DEF(struct setpriority_in, which, PRIO_PROCESS, which_symbols, "whose priority"),
	F_INT_DEF(struct setpriority_in, id, 0, 0, INT_MAX,
		  "number or user id, 0 for the caller's"),
	F_INT(struct setpriority_in, nice, REQUIRED, -20, 19, "nice value to set"),
	F_END
};

static int setpriority_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct setpriority_in *in = params;

	(void)ctx, (void)results;
	return setpriority((int)in->which, (id_t)in->id, (int)in->nice) < 0 ? -errno : 0;
}

struct getpriority_in {
	int64_t which, id;
};

static const struct field getpriority_in_fields[] = {
	F_ENUM_DEF(struct getpriority_in, which, PRIO_PROCESS, which_symbols, "whose priority"),
	F_INT_DEF(struct getpriority_in, id, 0, 0, INT_MAX,
		  "number or user id, 0 for the caller's"),
	F_END
};

struct getpriority_out {
	int64_t nice;
};

static const struct field getpriority_out_fields[] = {
	F_INT(struct getpriority_out, nice, REQUIRED, 0, 0, "nice value"),
	F_END
};

static int getpriority_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct getpriority_in *in = params;
	struct getpriority_out *out = results;
	long raw = syscall(SYS_getpriority, (int)in->which, (id_t)in->id);

	(void)ctx;
	if (raw < 0)
		return -errno;
	out->nice = 20 - raw; /* the system call answers 1 to 40 */
	return 0;
}

struct ioprio_set_in {
	int64_t which, id, level;
};

static const struct symbol ioprio_symbols[] = {
	{ "process", 1, "one process" },
	{ "group", 2, "a process group" },
	{ "user", 3, "all processes of a user id" },
	{ 0 }
};

static const struct field ioprio_set_in_fields[] = {
	F_ENUM_DEF(struct ioprio_set_in, which, 1, ioprio_symbols, "whose priority"),
	F_INT_DEF(struct ioprio_set_in, id, 0, 0, INT_MAX, "number or user id, 0 for the caller's"),
	F_INT(struct ioprio_set_in, level, REQUIRED, 0, 7,
	      "level in the best-effort class, 0 the highest"),
	F_END
};

enum { BEST_EFFORT = 2, CLASS_SHIFT = 13 };

static int ioprio_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct ioprio_set_in *in = params;

	(void)ctx, (void)results;
	return syscall(SYS_ioprio_set, (int)in->which, (int)in->id,
		       BEST_EFFORT << CLASS_SHIFT | (int)in->level) < 0 ? -errno : 0;
}

struct ioprio_get_out {
	int64_t level;
};

static const struct field ioprio_get_out_fields[] = {
	F_INT(struct ioprio_get_out, level, REQUIRED, 0, 0, "level of the caller in its class"),
	F_END
};

static int ioprio_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct ioprio_get_out *out = results;
	long got = syscall(SYS_ioprio_get, 1, 0);

	(void)ctx, (void)params;
	if (got < 0)
		return -errno;
	out->level = got & 7;
	return 0;
}

const struct op procprio_ops[] = {
	{
		.name = "proc.setpriority",
		.doc = "Set the nice value of processes.",
		.source = "setpriority(2)",
		OP_IN(setpriority),
		.touches = NSM_PID, .mutates = NSM_PID,
		.asks = "start.nice",
		.run = setpriority_run,
	},
	{
		.name = "proc.getpriority",
		.doc = "Read the nice value of processes, the lowest of them.",
		.source = "getpriority(2)",
		OP_IN(getpriority), OP_OUT(getpriority),
		.touches = NSM_PID,
		.asks = "start.nice",
		.run = getpriority_run,
	},
	{
		.name = "proc.ioprio_set",
		.doc = "Set the I/O priority of processes.",
		.source = "ioprio_set(2)",
		.config = "BLOCK",
		OP_IN(ioprio_set),
		.touches = NSM_PID, .mutates = NSM_PID,
		.run = ioprio_set_run,
	},
	{
		.name = "proc.ioprio_get",
		.doc = "Read the actor's I/O priority.",
		.source = "ioprio_get(2)",
		.config = "BLOCK",
		OP_OUT(ioprio_get),
		.touches = NSM_PID,
		.run = ioprio_get_run,
	},
	{ 0 }
};
