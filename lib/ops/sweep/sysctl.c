// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every parameter below /proc/sys is written: its own value, one step further. What that changes
 * elsewhere sweep.changed tells.  Parameters of the whole machine are among them, so that this is
 * for disposable machines, and the old values are written back by sweep.restore.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lists.h"
#include "nsc/sys.h"
#include "tree.h"

enum { VALUE_MAX = 4096, KEPT_MAX = 4 << 20 };

/* What a step would take away for good, or with it the machine. */
static const struct {
	const char *pattern, *why;
} left_alone[] = {
	{ "fs/binfmt_misc/*", "a file system of its own, of which -1 clears the formats" },
	{ "kernel/kexec_load_*", "never goes back" },
	{ "kernel/modules_disabled", "never goes back" },
	{ "kernel/panic_on_*", "what a step causes elsewhere would end the machine" },
	{ "kernel/hung_task_panic", "the same" },
	{ "kernel/softlockup_panic", "the same" },
	{ "kernel/hardlockup_panic", "the same" },
	{ "kernel/tainted", "never goes back" },
	{ "kernel/unprivileged_bpf_disabled", "never goes back" },
	{ "kernel/usermodehelper/*", "never goes back" },
	{ "kernel/yama/ptrace_scope", "never goes back from 3" },
	{ "kernel/sysrq", "may be what ends a machine that hangs" },
	{ "kernel/printk", "the log is read by the runner" },
	{ "kernel/ftrace_enabled", "waits for each processor" },
	{ "kernel/stack_tracer_enabled", "waits for each processor" },
	{ "kernel/tracepoint_printk", "waits for each processor" },
	{ "kernel/watchdog*", "waits for each processor" },
	{ "kernel/nmi_watchdog", "waits for each processor" },
	{ "kernel/soft_watchdog", "waits for each processor" },
	{ "net/core/bpf_jit_enable", "2 is logged as a mistake" },
	{ "net/netfilter/nf_hooks_lwtunnel", "never goes back: see sweep.spoil" },
};

static bool is_left_alone(const char *name)
{
	const struct sweep_row *row = sweep_global(SWEEP_SYSCTLS, name);

	if (row && row->whole)
		return true;
	for (size_t i = 0; i < sizeof(left_alone) / sizeof(*left_alone); i++)
		if (!fnmatch(left_alone[i].pattern, name, 0))
			return true;
	return false;
}

/* TEXT with BY added to the number that it ends with, or NULL if it ends with none. */
static const char *stepped(struct pool *pool, const char *text, int by)
{
	const char *at = text + strlen(text);
	char *end;

	while (at > text && isdigit((unsigned char)at[-1]))
		at--;
	if (at > text && at[-1] == '-')
		at--;
	errno = 0;
	long long value = strtoll(at, &end, 10);

	if (end == at || *end || errno)
		return NULL;
	return pool_printf(pool, "%.*s%lld", (int)(at - text), text, value + by);
}

static int write_value(const struct sweep_file *file, const char *value)
{
	AUTO_FD fd = openat(file->dir, file->file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, value, strlen(value)) < 0 ? -errno : 0;
}

/* The value without its last line end; NULL when it cannot be read or has several lines. */
static char *read_value(struct op_ctx *ctx, const struct sweep_file *file)
{
	AUTO_FD fd = openat(file->dir, file->file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char *text = NULL;
	size_t len = 0;

	if (fd < 0 || sys_read_fd(ctx->pool, fd, VALUE_MAX, &text, &len))
		return NULL;
	if (len && text[len - 1] == '\n')
		text[len - 1] = 0;
	return strchr(text, '\n') ? NULL : text;
}

#define STEP_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the old values, for sweep.restore") \
	F(S, TOTAL, stepped, "how many parameters have another value now") \
	F(S, TOTAL, refused, "how many could not be changed") \
	F(S, STRS, names, REQUIRED, "the first of those that have another value")
FIELDS(step_out, STEP_OUT);

struct stepping {
	struct step_out *out;
	int fd;
};

/* Name and old value of what was changed, a NUL behind each. */
static int note(struct op_ctx *ctx, int fd, const char *name, const char *value)
{
	size_t n = strlen(name) + 1, v = strlen(value) + 1;

	return write(fd, name, n) == (ssize_t)n && write(fd, value, v) == (ssize_t)v ?
		       0 : op_broken(ctx, "write: %m");
}

/* The value before, where it is another one now, else NULL. */
static const char *step_one(struct op_ctx *ctx, const struct sweep_file *file)
{
	const char *was = read_value(ctx, file), *is = NULL;

	if (!was)
		return NULL;
	const char *const tries[] = { stepped(ctx->pool, was, 1), stepped(ctx->pool, was, -1),
				      pool_printf(ctx->pool, "%sx", was) };

	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		/* A word at the end of a list of numbers is none of its values. */
		if (!tries[i] || (i == 2 && tries[0]) || write_value(file, tries[i]))
			continue;
		is = read_value(ctx, file);
		if (is && strcmp(is, was))
			return was;
	}
	return NULL;
}

static int step(struct op_ctx *ctx, const struct sweep_file *file, void *context)
{
	struct stepping *s = context;

	if (!S_ISREG(file->mode) || (file->mode & 0600) != 0600 || is_left_alone(file->name))
		return 0;
	const char *was = step_one(ctx, file);

	if (!was) {
		s->out->refused++;
		return 0;
	}
	sweep_add(ctx, &(struct sweep_found){ &s->out->names, &s->out->stepped }, file->name);
	return note(ctx, s->fd, file->name, was);
}

static int sweep_step_run(struct op_ctx *ctx, const struct none *in, struct step_out *out)
{
	AUTO_FD top = open("/proc/sys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD fd = memfd_create("sweep", MFD_CLOEXEC);

	if (top < 0 || fd < 0)
		return op_broken(ctx, "%s: %m", top < 0 ? "open /proc/sys" : "memfd_create");
	if (sweep_walk(ctx, top, step, &(struct stepping){ out, fd }))
		return OP_BROKEN;
	out->fd = fd_take(&fd);
	return 0;
}
OP(sweep_step, "sweep.step", none, step_out,
	.doc = "Write all sysctls that can be written, each its own value and one step more.",
	.source = "proc(5) /proc/sys", .asks = "sysctl.writable",
	.touches = NSM_MNT | NSM_NET | NSM_IPC | NSM_UTS | NSM_PID,
	.mutates = NSM_NET | NSM_IPC | NSM_UTS | NSM_PID, .flags = OP_HOST);

#define SPOIL_IN(F, S) \
	F(S, STR, name, REQUIRED, "file below /proc/sys, as `net/core/bpf_jit_enable`")
FIELDS(spoil_in, SPOIL_IN);

#define SPOIL_OUT(F, S) \
	F(S, BOOL, stepped, "it has another value now")
FIELDS(spoil_out, SPOIL_OUT);

static int sweep_spoil_run(struct op_ctx *ctx, const struct spoil_in *in, struct spoil_out *out)
{
	AUTO_FD top = open("/proc/sys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sweep_file file = { .dir = top, .file = in->name, .name = in->name };

	if (top < 0)
		return op_broken(ctx, "open /proc/sys: %m");
	out->stepped = step_one(ctx, &file);
	return 0;
}
OP(sweep_spoil, "sweep.spoil", spoil_in, spoil_out,
	.doc = "Write one sysctl that may never go back, its own value and one step more.",
	.source = "proc(5) /proc/sys", .asks = "sysctl.writable",
	.touches = NSM_MNT | NSM_NET | NSM_IPC | NSM_UTS | NSM_PID,
	.mutates = NSM_NET | NSM_IPC | NSM_UTS | NSM_PID, .flags = OP_HOST | OP_SPOILS);

#define RESTORE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "what sweep.step has given")
FIELDS(restore_in, RESTORE_IN);

#define RESTORE_OUT(F, S) \
	F(S, STRS, left, REQUIRED, "the first that do not have their old value") \
	F(S, TOTAL, count, "how many they are")
FIELDS(restore_out, RESTORE_OUT);

/* The text whose NUL is the byte before END; BEGIN is the first of them all. */
static const char *text_before(const char *begin, const char *end)
{
	const char *at = end - 1;

	while (at > begin && at[-1])
		at--;
	return at;
}

static int sweep_restore_run(struct op_ctx *ctx, const struct restore_in *in,
			     struct restore_out *out)
{
	AUTO_FD top = open("/proc/sys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *bytes = NULL;
	size_t len = 0;

	if (top < 0 || lseek(in->fd, 0, SEEK_SET) < 0 ||
	    sys_read_fd(ctx->pool, in->fd, KEPT_MAX, &bytes, &len))
		return op_broken(ctx, "read the old values: %m");
	/* From the last to the first, as two files may be the same parameter. */
	for (const char *value, *name; len; len = (size_t)(name - bytes)) {
		value = text_before(bytes, bytes + len);
		name = text_before(bytes, value);
		struct sweep_file file = { .dir = top, .file = name, .name = name };

		write_value(&file, value);
		const char *is = read_value(ctx, &file);

		if (!is || strcmp(is, value))
			sweep_add(ctx, &(struct sweep_found){ &out->left, &out->count }, name);
	}
	return 0;
}
OP(sweep_restore, "sweep.restore", restore_in, restore_out,
	.doc = "Write the old values of the sysctls that sweep.step has changed.",
	.source = "proc(5) /proc/sys",
	.touches = NSM_MNT | NSM_NET | NSM_IPC | NSM_UTS | NSM_PID,
	.mutates = NSM_NET | NSM_IPC | NSM_UTS | NSM_PID, .flags = OP_HOST);
