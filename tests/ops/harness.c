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
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/op.h"
#include "nsc/sys.h"

/* Deaf to everything but the end of its namespace. */
static int harness_hang_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	for (;;)
		pause();
	return 0;
}
OP(harness_hang, "harness.hang", none, none,
	.doc = "Never answer.",
	.source = "tests");

/* Nothing to read ever comes of a descriptor that nobody watches anything with. */
static int harness_linger_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	AUTO_FD silent = inotify_init1(IN_CLOEXEC);
	int rc = silent < 0 ? -errno : sys_wait_readable(silent, op_deadline(ctx));

	return rc ? op_broken(ctx, "cannot linger: %s", strerror(-rc)) : 0;
}
OP(harness_linger, "harness.linger", none, none,
	.doc = "Answer when the time is over.",
	.source = "tests");

#define DOZE_IN(F, S) \
	F(S, TIME, takes, REQUIRED, "how long what is waited for takes to come") \
	F(S, PATIENCE, within, 0, "when to give up; 0: never")
FIELDS(doze_in, DOZE_IN);

#define DOZE_OUT(F, S) \
	F(S, BOOL, came, "it came in time")
FIELDS(doze_out, DOZE_OUT);

/* By the numbers alone, however busy the machine is. Tests find the process by its name. */
static int harness_doze_run(struct op_ctx *ctx, const struct doze_in *in, struct doze_out *out)
{
	prctl(PR_SET_NAME, "dozes");
	out->came = !in->within || in->takes < in->within;
	int64_t until = sys_now_ns() + (out->came ? in->takes : in->within);

	while (sys_now_ns() < until)
		poll(NULL, 0, 1);
	return 0;
}
OP(harness_doze, "harness.doze", doze_in, doze_out,
	.doc = "Wait for what comes when it comes.",
	.source = "tests");

__attribute__((no_sanitize("address", "undefined")))
static int harness_crash_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	/* PID 1 is not killed by its own raise(): fault for real. */
	*(volatile int *)0 = 1;
	return 0;
}
OP(harness_crash, "harness.crash", none, none,
	.doc = "Die by SIGSEGV.",
	.source = "tests");

/*
 * Children that have children, until something ends it; past the bound they only stay, so
 * that the machine of a developer, or of a kernel without limits, is not the victim.
 */
enum { BOMB_NUMBER_MAX = 2000 };

static int harness_bomb_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	for (;;) {
		pid_t child = fork();

		if (child < 0 || child > BOMB_NUMBER_MAX || getpid() > BOMB_NUMBER_MAX)
			pause();
	}
	return 0;
}
OP(harness_bomb, "harness.bomb", none, none,
	.doc = "Fork without end.",
	.source = "tests");

static int harness_vanish_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	_exit(7);
}
OP(harness_vanish, "harness.vanish", none, none,
	.doc = "Exit without an answer.",
	.source = "tests");

static int harness_garbage_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	send(ctx->agent->channel, "\xff\xff\xff\xff garbage \x07", 16, MSG_NOSIGNAL);
	return 0;
}
OP(harness_garbage, "harness.garbage", none, none,
	.doc = "Send what is no message.",
	.source = "tests");

#define FLOOD_IN(F, S) \
	F(S, INT, bytes, REQUIRED, 1, 10000000, "length of the result in bytes")
FIELDS(flood_in, FLOOD_IN);

#define TEXT_OUT(F, S) \
	F(S, STR, text, REQUIRED, "text")
FIELDS(text_out, TEXT_OUT);

static int harness_flood_run(struct op_ctx *ctx, const struct flood_in *in, struct text_out *out)
{
	char *text = pool_alloc(ctx->pool, (size_t)in->bytes + 1);

	memset(text, 'x', (size_t)in->bytes);
	out->text = text;
	return 0;
}
OP(harness_flood, "harness.flood", flood_in, text_out,
	.doc = "Answer with a long text.",
	.source = "tests");

#define REFUSE_IN(F, S) \
	F(S, ERRNO, error, "what to answer")
FIELDS(refuse_in, REFUSE_IN);

static int harness_refuse_run(struct op_ctx *ctx, const struct refuse_in *in, struct none *out)
{
	return -(int)((const struct refuse_in *)in)->error;
}
OP(harness_refuse, "harness.refuse", refuse_in, none,
	.doc = "Answer with that error.",
	.source = "tests");

static int harness_break_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	return op_broken(ctx, "broken on purpose");
}
OP(harness_break, "harness.break", none, none,
	.doc = "Report that it could not be tried.",
	.source = "tests");

static int harness_lie_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	return op_lied(ctx, &(struct lie){ .call = "unshare", .claim = LIE_SUCCESS,
					   .seen = "nothing has changed",
					   .clause = "api.unshare.each-type" });
}
OP(harness_lie, "harness.lie", none, none,
	.doc = "Report a kernel that lies.",
	.source = "tests");

#define CHANGE_IN(F, S) \
	F(S, BOOL, done, "whether its check will find it done") \
	F(S, ERRNO, error, "what to answer")
FIELDS(change_in, CHANGE_IN);

static int harness_change_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return -(int)in->error;
}

static void harness_change_before(struct op_ctx *ctx, const struct change_in *in)
{
	ctx->before = pool_strdup(ctx->pool, "as it was");
}
OP_BEFORE(harness_change, change_in)

static int harness_change_check(struct op_ctx *ctx, const struct change_in *in,
				const struct none *out)
{
	return in->done ? 0 : op_undone(ctx, "everything is %s", (const char *)ctx->before);
}
OP_CHECK(harness_change, change_in, none)
OP(harness_change, "harness.change", change_in, none,
	.doc = "Change something, and look whether that was done.",
	.source = "tests",
	.check = harness_change_checked, .before = harness_change_noted);

static int harness_change_seen_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return harness_change_run(ctx, in, out);
}
OP(harness_change_seen, "harness.change_seen", change_in, none,
	.doc = "Change something that others of the family show.",
	.source = "tests",
	.check = harness_change_checked, .before = harness_change_noted, .seen = "harness");

static int harness_change_shown_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return harness_change_run(ctx, in, out);
}
OP(harness_change_shown, "harness.change_shown", change_in, none,
	.doc = "Change something that only others of the family show.",
	.source = "tests", .seen = "harness");

/* Claims to change every namespace: the guard must refuse it wherever one is the host's. */
static int harness_reckless_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	return 0;
}
OP(harness_reckless, "harness.reckless", none, none,
	.doc = "Say that it changes user namespaces.",
	.source = "tests",
	.touches = NSM_USER, .mutates = NSM_USER);

static int harness_host_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	return 0;
}
OP(harness_host, "harness.host", none, none,
	.doc = "Say that it changes the whole machine.",
	.source = "tests",
	.flags = OP_HOST);

#define OUTSIDE_OUT(F, S) \
	F(S, INT, ino, REQUIRED, 0, 0, "inode number of the PID namespace that it is carried out in")
FIELDS(outside_out, OUTSIDE_OUT);

static int harness_outside_run(struct op_ctx *ctx, const struct none *in, struct outside_out *out)
{
	struct ns_id own;
	int rc = ns_self(NS_PID, &own);

	out->ino = (int64_t)own.ino;
	return rc < 0 ? op_broken(ctx, "%s", strerror(-rc)) : 0;
}
OP(harness_outside, "harness.outside", none, outside_out,
	.doc = "Tell in which PID namespace it is carried out.",
	.source = "tests",
	.flags = OP_OUTSIDE);
