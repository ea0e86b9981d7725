// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ops that end the machine, for the tests of virtual machines.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

/* Only where nsconform is all there is: `-- guest` ends the command line of its kernels. */
static int panic_now_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	static const char mark[] = "-- guest\n";
	char *text;
	size_t len;

	if (sys_read_file(ctx->pool, "/proc/cmdline", 64 * 1024, &text, &len) < 0 ||
	    len < sizeof(mark) - 1 || strcmp(text + len - (sizeof(mark) - 1), mark) != 0)
		return op_broken(ctx, "refused: this is not a guest of nsconform's");
	AUTO_FD fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "c", 1) != 1)
		return op_broken(ctx, "no /proc/sysrq-trigger: %m");
	return 0;
}
OP(panic_now, "panic.now", none, none,
	.doc = "Crash the kernel.",
	.source = "tests",
	.flags = OP_HOST);

static int panic_meanwhile_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	return panic_now_run(ctx, in, out);
}
OP(panic_meanwhile, "panic.meanwhile", none, none,
	.doc = "Crash the kernel, beside other cells.",
	.source = "tests");
