// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ops that misbehave, for the tests of the harness; linked into build/tests/nsconform alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/op.h"
#include "nsc/sys.h"

/* Deaf to everything but the end of its namespace. */
static int hang_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)ctx, (void)in, (void)out;
	for (;;)
		pause();
	return 0;
}

/* Nothing to read ever comes of a descriptor that nobody watches anything with. */
static int linger_run(struct op_ctx *ctx, const void *in, void *out)
{
	AUTO_FD silent = inotify_init1(IN_CLOEXEC);
	int rc = silent < 0 ? -errno : sys_wait_readable(silent, ctx->deadline_ns);

	(void)in, (void)out;
	return rc ? op_broken(ctx, "cannot linger: %s", strerror(-rc)) : 0;
}

struct doze_in {
	int64_t takes, within;
};

static const struct field doze_in_fields[] = {
	F_TIME(struct doze_in, takes, REQUIRED, "how long what is waited for takes to come"),
	F_PATIENCE(struct doze_in, within, 0, "when to give up; 0: never"),
	F_END
};

struct doze_out {
	bool came;
};

static const struct field doze_out_fields[] = {
	F_BOOL(struct doze_out, came, "it came in time"),
	F_END
};

/* By the numbers alone, however busy the machine is. */
static int doze_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct doze_in *in = params;
	struct doze_out *out = results;

	(void)ctx;
	out->came = !in->within || in->takes < in->within;
	int64_t until = sys_now_ns() + (out->came ? in->takes : in->within);

	while (sys_now_ns() < until)
		poll(NULL, 0, 1);
	return 0;
}

__attribute__((no_sanitize("address", "undefined")))
static int crash_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)ctx, (void)in, (void)out;
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	/* PID 1 is not killed by its own raise(): fault for real. */
	*(volatile int *)0 = 1;
	return 0;
}

/*
 * Children that have children, until something ends it; past the bound they only stay, so
 * that the machine of a developer, or of a kernel without limits, is not the victim.
 */
enum { BOMB_NUMBER_MAX = 2000 };

static int bomb_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)ctx, (void)in, (void)out;
	for (;;) {
		pid_t child = fork();

		if (child < 0 || child > BOMB_NUMBER_MAX || getpid() > BOMB_NUMBER_MAX)
			pause();
	}
	return 0;
}

static int vanish_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)ctx, (void)in, (void)out;
	_exit(7);
}

static int garbage_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)in, (void)out;
	send(ctx->agent->channel, "\xff\xff\xff\xff garbage \x07", 16, MSG_NOSIGNAL);
	return 0;
}

struct flood_in {
	int64_t bytes;
};

struct text_out {
	const char *text;
};

static const struct field flood_in_fields[] = {
	F_INT(struct flood_in, bytes, REQUIRED, 1, 10000000, "length of the result in bytes"),
	F_END
};

static const struct field text_out_fields[] = {
	F_STR(struct text_out, text, REQUIRED, "text"),
	F_END
};

static int flood_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct flood_in *in = params;
	struct text_out *out = results;
	char *text = pool_alloc(ctx->pool, (size_t)in->bytes + 1);

	memset(text, 'x', (size_t)in->bytes);
	out->text = text;
	return 0;
}

struct refuse_in {
	int64_t error;
};

static const struct field refuse_in_fields[] = {
	F_ERRNO(struct refuse_in, error, "what to answer"),
	F_END
};

static int refuse_run(struct op_ctx *ctx, const void *params, void *out)
{
	(void)ctx, (void)out;
	return -(int)((const struct refuse_in *)params)->error;
}

static int break_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)in, (void)out;
	return op_broken(ctx, "broken on purpose");
}

static int lie_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)in, (void)out;
	return op_lied(ctx, &(struct lie){ .call = "unshare", .claim = LIE_SUCCESS,
					   .seen = "nothing has changed",
					   .clause = "api.unshare.each-type" });
}

/* Claims to change every namespace: the guard must refuse it wherever one is the host's. */
static int reckless_run(struct op_ctx *ctx, const void *in, void *out)
{
	(void)ctx, (void)in, (void)out;
	return 0;
}

const struct op harness_ops[] = {
	{ .name = "harness.hang", .doc = "Never answer.", .source = "tests", .run = hang_run },
	{ .name = "harness.linger", .doc = "Answer when the time is over.", .source = "tests", .run = linger_run },
	{ .name = "harness.doze", .doc = "Wait for what comes when it comes.", .source = "tests", .in = doze_in_fields,
	  .in_size = sizeof(struct doze_in), .out = doze_out_fields, .out_size = sizeof(struct doze_out),
	  .run = doze_run },
	{ .name = "harness.crash", .doc = "Die by SIGSEGV.", .source = "tests", .run = crash_run },
	{ .name = "harness.bomb", .doc = "Fork without end.", .source = "tests", .run = bomb_run },
	{ .name = "harness.vanish", .doc = "Exit without an answer.", .source = "tests", .run = vanish_run },
	{ .name = "harness.garbage", .doc = "Send what is no message.", .source = "tests", .run = garbage_run },
	{ .name = "harness.flood", .doc = "Answer with a long text.", .source = "tests",
	  OP_IN(flood), OP_OUT(text), .run = flood_run },
	{ .name = "harness.refuse", .doc = "Answer with that error.", .source = "tests",
	  OP_IN(refuse), .run = refuse_run },
	{ .name = "harness.break", .doc = "Report that it could not be tried.", .source = "tests", .run = break_run },
	{ .name = "harness.lie", .doc = "Report a kernel that lies.", .source = "tests", .run = lie_run },
	{ .name = "harness.reckless", .doc = "Say that it changes user namespaces.", .source = "tests",
	  .touches = NSM_USER, .mutates = NSM_USER, .run = reckless_run },
	{ .name = "harness.host", .doc = "Say that it changes the whole machine.", .source = "tests",
	  .flags = OP_HOST, .run = reckless_run },
	{ 0 }
};
