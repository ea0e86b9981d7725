// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a map is seen while it is being written.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/text.h"
#include "user.h"

#define RACE_IN(F, S) \
	F(S, ENUM, map, OPTIONAL, map_symbols, "which map") \
	F(S, INT_DEF, lines, 340, 1, 340, "lines `I I 1` that are written") \
	F(S, INT_DEF, rounds, 20, 1, 1000, "user namespaces whose maps are written")
FIELDS(race_in, RACE_IN);

#define RACE_OUT(F, S) \
	F(S, INT, least, REQUIRED, 0, 0, "fewest lines of a map that was not empty") \
	F(S, INT, empty, REQUIRED, 0, 0, "reads that found an empty map, at least one a round")
FIELDS(race_out, RACE_OUT);

struct race {
	struct op_ctx *ctx;
	const char *file;  /* of the map */
	int dir;	   /* of the process that has it */
	const char *text;  /* what is written to it */
	int go[2];	   /* the writer waits for a byte */
	pid_t member, writer;
};

/* Ends when nobody has the other end any more. */
static void stay(int until) __attribute__((noreturn));
static void stay(int until)
{
	char byte;

	while (read(until, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static void write_when_told(const struct race *r) __attribute__((noreturn));
static void write_when_told(const struct race *r)
{
	char byte;
	int fd = openat(r->dir, r->file, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(r->text);

	_exit(fd < 0 || read(r->go[0], &byte, 1) != 1 ||
	      write(fd, r->text, len) != (ssize_t)len);
}

static int64_t lines_of(const char *text)
{
	int64_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Read until there is something; the writer begins after the first read. */
static int read_on(const struct race *r, struct race_out *out)
{
	for (bool told = false; op_left_ms(r->ctx) > 0; told = true) {
		AUTO_POOL pool = { 0 };
		AUTO_FD fd = openat(r->dir, r->file, O_RDONLY | O_CLOEXEC);
		char *text;
		int rc = fd < 0 ? -errno : sys_read_fd(&pool, fd, 65536, &text, NULL);

		if (rc < 0)
			return op_broken(r->ctx, "read %s: %s", r->file, strerror(-rc));
		int64_t lines = lines_of(text);

		if (lines) {
			out->least = !out->least || lines < out->least ? lines : out->least;
			return 0;
		}
		out->empty++;
		if (!told && write(r->go[1], "", 1) != 1)
			return op_broken(r->ctx, "tell the writer: %m");
	}
	return op_broken(r->ctx, "timed out waiting for the map to be written");
}

static int await(struct race *r, pid_t pid)
{
	int status = 1;

	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	return status && pid == r->writer ?
		       op_broken(r->ctx, "the map of %d lines was not written",
				 (int)lines_of(r->text)) : 0;
}

/* The writer writes and the caller reads the map of the process, which is there. */
static int race(struct race *r, struct race_out *out)
{
	struct clone_request writer = { 0 };
	AUTO_FD dir = number_dir(r->ctx, r->member);

	if (dir < 0)
		return OP_BROKEN;
	r->dir = dir;
	r->writer = sys_clone3(&writer);
	if (r->writer == 0)
		write_when_told(r);
	if (r->writer < 0)
		return op_broken(r->ctx, "clone3: %s", strerror(-r->writer));
	int rc = read_on(r, out);

	if (rc)
		kill(r->writer, SIGKILL);
	return await(r, r->writer) && !rc ? OP_BROKEN : rc;
}

static int one_round(struct race *r, struct race_out *out)
{
	struct clone_request member = { .flags = CLONE_NEWUSER };
	int until[2], rc;

	if (pipe2(until, O_CLOEXEC) < 0)
		return op_broken(r->ctx, "pipe2: %m");
	AUTO_FD end = until[0], keep = until[1];

	r->member = sys_clone3(&member);
	if (r->member == 0) {
		close(keep);
		stay(end);
	}
	if (r->member < 0)
		return op_broken(r->ctx, "clone3: %s", strerror(-r->member));
	rc = race(r, out);
	fd_close(&keep);
	await(r, r->member);
	return rc;
}

static int user_race_map_run(struct op_ctx *ctx, const struct race_in *in, struct race_out *out)
{
	struct text text = { .pool = ctx->pool };
	struct race r = {
		.ctx = ctx, .file = symbol_of(map_symbols, in->map)->doc,
	};
	int rc = 0;

	for (int64_t i = 0; i < in->lines; i++)
		text_printf(&text, "%lld %lld 1\n", (long long)i, (long long)i);
	r.text = text.s;
	if (pipe2(r.go, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	for (int64_t i = 0; i < in->rounds && !rc; i++)
		rc = one_round(&r, out);
	close(r.go[0]);
	close(r.go[1]);
	return rc;
}
OP(user_race_map, "user.race_map", race_in, race_out,
	.doc = "Read id maps of new user namespaces while another process writes them.",
	.source = "user_namespaces(7)", .config = "USER_NS", .asks = "user",
	.flags = OP_PROC);
