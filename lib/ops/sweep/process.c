// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every file of another process's directory is opened and read, and held against the list of who
 * may do that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "../proc.h"
#include "lists.h"
#include "nsc/sys.h"
#include "tree.h"

#define PROCESS_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose files; default: the caller's own")
FIELDS(process_in, PROCESS_IN);

#define PROCESS_OUT(F, S) \
	F(S, STRS, guarded, REQUIRED, "the first files only for tracers that were read") \
	F(S, TOTAL, guarded_count, "how many they are") \
	F(S, STRS, owned, REQUIRED, "the first files that only the owner may read, and were read") \
	F(S, TOTAL, owned_count, "how many they are") \
	F(S, STRS, public, REQUIRED, "the first files that anybody may read, and were read") \
	F(S, TOTAL, public_count, "how many they are") \
	F(S, STRS, refused, REQUIRED, "the first files that anybody may read, and were refused") \
	F(S, STRS, unknown, REQUIRED, "the first files that were read and the list does not have") \
	F(S, TOTAL, unknown_count, "how many they are")
FIELDS(process_out, PROCESS_OUT);

struct reading {
	struct process_out *out;
	int64_t refused_count;
};

/* The first byte, or the target of a link: 0, or -errno. */
static int try(const struct sweep_file *file)
{
	char byte[PATH_MAX];

	if (S_ISLNK(file->mode))
		return readlinkat(file->dir, file->file, byte, sizeof(byte)) < 0 ? -errno : 0;
	AUTO_FD fd = openat(file->dir, file->file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* Who may read mem(5) is told that there is no page at address 0. */
	return read(fd, byte, 1) >= 0 || errno == EIO ? 0 : -errno;
}

static int look(struct op_ctx *ctx, const struct sweep_file *file, void *context)
{
	struct reading *r = context;
	struct process_out *out = r->out;
	const struct sweep_pid_row *row = sweep_pid_file(file->name);
	const struct sweep_found unknown = { &out->unknown, &out->unknown_count }, by_reader[] = {
		[READ_ANYBODY] = { &out->public, &out->public_count },
		[READ_OWNER] = { &out->owned, &out->owned_count },
		[READ_TRACER] = { &out->guarded, &out->guarded_count },
	};
	int rc;

	/* Threads have the files of the process; those of the namespace are sweep.find's. */
	if (!strncmp(file->name, "task", 4) || !strncmp(file->name, "net", 3))
		return 0;
	/* What nobody may read can only be written; of a directory what is in it is tried. */
	if (S_ISDIR(file->mode) || !(file->mode & 0444))
		return 0;
	rc = try(file);
	if (!rc)
		sweep_add(ctx, row ? &by_reader[row->reader] : &unknown, file->name);
	else if (row && row->reader == READ_ANYBODY && (rc == -EPERM || rc == -EACCES))
		sweep_add(ctx, &(struct sweep_found){ &out->refused, &r->refused_count },
			  file->name);
	return 0;
}

static int sweep_process_run(struct op_ctx *ctx, const struct process_in *in,
			     struct process_out *out)
{
	AUTO_FD dir = target_dir(ctx, &in->actor, PID_NOT_GIVEN, "/proc/self");

	return dir < 0 ? OP_BROKEN : sweep_walk(ctx, dir, look, &(struct reading){ out, 0 });
}
OP(sweep_process, "sweep.process", process_in, process_out,
	.doc = "Try to read all files of a process's directory in /proc.",
	.source = "proc(5) /proc/PID, ptrace(2) Ptrace access mode checking",
	.touches = NSM_MNT | NSM_PID, .flags = OP_PROC_OF);
