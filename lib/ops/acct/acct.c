// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process accounting, which belongs to a PID namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/acct.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#define START_IN(F, S) \
	F(S, STR, path, OPTIONAL, "file, made if it is not there; without it accounting ends")
FIELDS(start_in, START_IN);

static int acct_start_run(struct op_ctx *ctx, const struct start_in *in, struct none *out)
{
	if (in->path) {
		AUTO_FD fd = open(in->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		if (fd < 0)
			return op_broken(ctx, "open %s: %m", in->path);
	}
	return sys_call(SYS_acct, in->path) < 0 ? -errno : 0;
}
OP(acct_start, "acct.start", start_in, none,
	.doc = "Account the processes that end in the caller's PID namespace.",
	.source = "acct(2)", .config = "BSD_PROCESS_ACCT_V3", .asks = "root",
	.touches = NSM_MNT | NSM_PID, .mutates = NSM_PID,
	.seen = "acct");

#define RECORDS_IN(F, S) \
	F(S, STR, path, REQUIRED, "file that accounting writes")
FIELDS(records_in, RECORDS_IN);

#define RECORDS_OUT(F, S) \
	F(S, INTS, pids, REQUIRED, 0, 0, "processes that have ended") \
	F(S, INTS, ppids, REQUIRED, 0, 0, "their parents, 0 where they are not visible") \
	F(S, INTS, uids, REQUIRED, 0, 0, "their user ids")
FIELDS(records_out, RECORDS_OUT);

enum { RECORDS_MAX = 256 };

static int acct_records_run(struct op_ctx *ctx, const struct records_in *in,
			    struct records_out *out)
{
	struct acct_v3 record;
	AUTO_FD fd = open(in->path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -errno;
	out->pids.v = pool_array(ctx->pool, int64_t, RECORDS_MAX);
	out->ppids.v = pool_array(ctx->pool, int64_t, RECORDS_MAX);
	out->uids.v = pool_array(ctx->pool, int64_t, RECORDS_MAX);
	while ((got = read(fd, &record, sizeof(record))) == sizeof(record) &&
	       out->pids.n < RECORDS_MAX) {
		if ((record.ac_version & 0x0f) != 3)
			return op_broken(ctx, "a record of version %d", record.ac_version & 0x0f);
		out->pids.v[out->pids.n++] = record.ac_pid;
		out->ppids.v[out->ppids.n++] = record.ac_ppid;
		out->uids.v[out->uids.n++] = record.ac_uid;
	}
	return got ? op_broken(ctx, "%s ends within a record, or has more than %d", in->path,
			       RECORDS_MAX) : 0;
}
OP(acct_records, "acct.records", records_in, records_out,
	.doc = "Read the records of processes that have ended.",
	.source = "acct(5)",
	.touches = NSM_MNT);
