/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An op is one probe: usually one system call or one kernel interface.  It is declared in
 * lib/ops/FAMILY/ by its fields (FIELDS() in nsc/field.h), a function and a row, OP().
 *
 * The function gets a typed, validated parameter struct and a zeroed result struct, and returns
 *   0            the kernel accepted; the results count
 *   -errno       the kernel refused the probed call; the results do not count
 *   op_timed_out()  what it waits for has not come before the deadline
 *   op_broken()  the op could not be tried: everything around the probed call goes here
 *   op_lied()    the kernel reported success, and is seen to have done nothing
 * so that an op that could not be tried is never taken for one that was refused.
 * Results and scratch memory come from ctx->pool.  A descriptor result is handed to the
 * controller and closed here afterwards; descriptor parameters are closed after it.
 * Ops must work in several threads at once and keep no state between calls.
 *
 * An op that changes something is an act, and the row says what shows that it was done: a check of
 * its own (.check), an expectation of a later step (.seen), or why neither is wanted (.unseen).
 */
#ifndef NSC_OP_H
#define NSC_OP_H

#include <limits.h>

#include "nsc/field.h"
#include "nsc/ns.h"

struct agent;

struct op_ctx {
	struct pool *pool;
	struct agent *agent;
	uint32_t seq; /* of the call: a program that the op executes answers under it */
	int64_t within_ns;   /* what the call gives it: a blocking op gives up then as broken */
	int64_t deadline_ns; /* 0: nobody has asked for it; by op_deadline() */
	char why[256];	     /* set by op_broken() */
	const struct value *lie; /* set by op_lied() */
	const struct op *op;
	void *before;	     /* what .before of the row has noted, or NULL */
};

enum op_flags {
	OP_ENDS = 1,	 /* the actor does not answer: it exits or becomes another program */
	OP_INTERNAL = 2, /* placement; not a word of the scenario language */
	OP_PROC = 4,	 /* looks up other processes in /proc: the arena mounts its own */
	OP_HOST = 8,	 /* would change the whole machine: runs only on a disposable one */
	OP_CGROUP = 16,	 /* works in cgroups: the cell gets directories of its own */
	OP_CONSUMES = 32, /* the controller closes its copies of the descriptors it sends */
	OP_SINGLE = 64,	 /* moves the actor itself, if only for a while; with `trial: true` a child */
	OP_MOAT = 128,	 /* carried out by the moat's first process, on behalf of the actor */
	OP_UNBOXES = 256, /* the actor and all others in its box are told to exit before it runs */
	OP_SPOILS = 512, /* OP_HOST, and cannot be undone: each cell needs a boot of its own */
	OP_ASKS = 1024, /* the actor may be dead, or die of it: ESRCH is the answer then */
	OP_PROC_OF = 2048, /* OP_PROC if it names an actor or pid; else the files are the caller's */
	OP_PROCESSORS = 4096, /* may show, or chooses, on which processors its actor runs */
	OP_OUTSIDE = 8192, /* carried out by the worker, outside of the arena, on behalf of the actor */
};

_Static_assert((OP_ENDS | OP_INTERNAL | OP_PROC | OP_HOST | OP_CGROUP | OP_CONSUMES | OP_SINGLE |
		OP_MOAT | OP_UNBOXES | OP_SPOILS | OP_ASKS | OP_PROC_OF | OP_PROCESSORS |
		OP_OUTSIDE) ==
	       OP_ENDS + OP_INTERNAL + OP_PROC + OP_HOST + OP_CGROUP + OP_CONSUMES + OP_SINGLE +
		OP_MOAT + OP_UNBOXES + OP_SPOILS + OP_ASKS + OP_PROC_OF + OP_PROCESSORS +
		OP_OUTSIDE,
	       "each flag is a bit of its own");

struct op {
	const char *name;	/* family.verb */
	const char *doc;	/* one sentence with a final period */
	const char *source;	/* manual page with section, or kernel file */
	const struct field *in;
	size_t in_size;
	const struct field *out;
	size_t out_size;
	unsigned touches;	/* NSM_*: what the op reads or changes; the arena owns these */
	unsigned mutates;	/* NSM_*: refused while shared with the host */
	/* What it touches only if that parameter, an enum, matches that (text_matches()); or {}. */
	struct { const char *param, *value; unsigned touches; } chosen;
	unsigned flags;		/* enum op_flags */
	const char *config;	/* kernel option without CONFIG_ that it cannot do without, or NULL */
	/*
	 * Further needs, blanks between, or NULL.  cap.NAME is asked for where the actor has no
	 * user namespace of its own: in one of its own it has every capability.
	 */
	const char *asks;
	int (*run)(struct op_ctx *ctx, const void *in, void *out);
	/*
	 * Look whether it was done, in the actor and right after run() has returned 0: 0 if it was, or
	 * if that cannot be told here, else op_undone().  Made by OP_CHECK().  It is called in steps
	 * that are not expected to be refused, of plain cells and of twins; with .seen only where no
	 * later expectation shows as much.
	 */
	int (*check)(struct op_ctx *ctx, const void *in, const void *out);
	/* Note in ctx->before, from ctx->pool, how things are before run(), or NULL.  By OP_BEFORE(). */
	void (*before)(struct op_ctx *ctx, const void *in);
	/*
	 * Families of ops, blanks between, whose expectations show that it was done.  Where there is
	 * no check, a scenario without such an expectation after the act is refused when it is loaded.
	 */
	const char *seen;
	/* Of an op without results, why it is enough that the kernel accepts the call. */
	const char *unseen;
};

/*
 * The op ID: its row, after its function.  NAME is "family.verb" and ID is family_verb; the function
 *
 *	static int ID_run(struct op_ctx *ctx, const struct IN *in, struct OUT *out)
 *
 * is called with structs that FIELDS(IN, ...) and FIELDS(OUT, ...) declare, or with struct none,
 * and a function that takes others does not compile.  What follows are the members of struct op
 * from .doc on.  The Makefile finds every line of lib/ that begins with OP(, see lib/registry.c.
 */
#define OP(id, name_, in_, out_, ...) \
	static int id##_call(struct op_ctx *ctx, const void *params, void *results) \
	{ \
		const struct in_ *in = params; \
		struct out_ *out = results; \
\
		return id##_run(ctx, in, out); \
	} \
	const struct op id##_op = { \
		.name = name_, \
		.in = in_##_fields, .in_size = sizeof(struct in_), \
		.out = out_##_fields, .out_size = sizeof(struct out_), \
		.run = id##_call, \
		__VA_ARGS__ \
	}

/* The check of the op ID for its row, `.check = ID_checked`, and its .before, `ID_noted`, typed alike. */
#define OP_CHECK(id, in_, out_) \
	static int id##_checked(struct op_ctx *ctx, const void *params, const void *results) \
	{ \
		const struct in_ *in = params; \
		const struct out_ *out = results; \
\
		return id##_check(ctx, in, out); \
	}
#define OP_BEFORE(id, in_) \
	static void id##_noted(struct op_ctx *ctx, const void *params) \
	{ \
		const struct in_ *in = params; \
\
		id##_before(ctx, in); \
	}

#define OP_BROKEN INT_MIN
int op_broken(struct op_ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * ETIMEDOUT: what the op waits for, FMT, has not come before its deadline.  With an expectation
 * that is a failure, unless the cell is better when it is tried again alone, with more patience;
 * an op that only waits so that others come after it is broken.  None of the probed calls answers
 * so themselves.
 */
int op_timed_out(struct op_ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * A claim of the kernel that is seen to be false: a finding, also where the scenario is about
 * something else. For ops that can check by themselves whether a call did what it reports.
 */
struct lie {
	const char *call;   /* unshare(CLONE_NEWUTS) */
	const char *claim;  /* what it says */
	const char *seen;   /* what shows that this is not so */
	const char *clause; /* that covers it, or NULL */
};

/* Another process answers the call: placement alone (lib/agent/spawn.c). */
#define OP_ANSWERED (INT_MIN + 2)

#define LIE_SUCCESS "success was reported"
#define OP_LIED (INT_MIN + 1)
int op_lied(struct op_ctx *ctx, const struct lie *lie);
/* For .check: the kernel says that the op was done, and that is not what is seen, FMT. */
int op_undone(struct op_ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A lie as a map, and back; lie_of() takes only what lie_value() made. */
struct value *lie_value(struct pool *pool, const struct lie *lie);
struct lie lie_of(const struct value *map);

/*
 * The CLOCK_MONOTONIC_RAW instant at which a blocking op gives up, as sys_wait_readable() wants it:
 * .within_ns after it was first asked for.  An op that waits asks before it does anything else.
 */
int64_t op_deadline(struct op_ctx *ctx);
/* Milliseconds left until then, for poll(2); 0 when none. */
int op_left_ms(struct op_ctx *ctx);

/* The actor's number in the caller's PID namespace, 0 if it is not visible there, -errno when
 * that cannot be found out: which is no answer, and must not be taken for 0. */
pid_t actor_pid(const struct actor_ref *ref);

/* In a table of ops in the order of their names that ends with NULL, such as op_registry; NULL when
 * it has no such op. */
const struct op *op_find(const struct op *const *ops, const char *name);
/* The first contradiction in the table, or NULL; run by the unit tests. */
const char *op_self_check(struct pool *pool, const struct op *const *ops);

#endif
