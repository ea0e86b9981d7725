// SPDX-License-Identifier: GPL-2.0-only
/*
 * An op that remembers how often it was done, for tests of cells that are tried several times.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define COUNT_IN(F, S) \
	F(S, STR, file, REQUIRED, "where it is kept: a file that gets longer by a byte")
FIELDS(count_in, COUNT_IN);

#define COUNT_OUT(F, S) \
	F(S, INT, count, REQUIRED, 0, INT32_MAX, "how often, this time included") \
	F(S, BOOL, even, "whether that is an even number")
FIELDS(count_out, COUNT_OUT);

static int harness_count_run(struct op_ctx *ctx, const struct count_in *in, struct count_out *out)
{
	AUTO_FD fd = open(in->file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0 || write(fd, ".", 1) != 1)
		return op_broken(ctx, "cannot count in %s: %m", in->file);
	out->count = lseek(fd, 0, SEEK_CUR);
	out->even = out->count % 2 == 0;
	return 0;
}
OP(harness_count, "harness.count", count_in, count_out,
	.doc = "Count how often this is done.",
	.source = "tests");
