// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's log, which the whole machine has.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define LOG_IN(F, S) \
	F(S, STR, text, REQUIRED, "what to look for in the messages")
FIELDS(log_in, LOG_IN);

#define LOG_OUT(F, S) \
	F(S, TOTAL, hits, "messages that contain the text")
FIELDS(log_out, LOG_OUT);

static int machine_log_run(struct op_ctx *ctx, const struct log_in *in, struct log_out *out)
{
	AUTO_FD fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	ssize_t len;

	if (fd < 0)
		return op_broken(ctx, "open /dev/kmsg: %m");
	/* EPIPE: records were lost before they were read, and those after them are next. */
	while ((len = read(fd, record, sizeof(record))) >= 0 || errno == EPIPE)
		out->hits += len > 0 && memmem(record, (size_t)len, in->text, strlen(in->text));
	return errno == EAGAIN ? 0 : op_broken(ctx, "read /dev/kmsg: %m");
}
OP(machine_log, "machine.log", log_in, log_out,
	.doc = "Count the messages in the kernel's log that contain a text.",
	.source = "Documentation/ABI/testing/dev-kmsg", .config = "PRINTK",
	.asks = "file./dev/kmsg");
