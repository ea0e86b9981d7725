/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children that only report and exit, for ops on processes and on PID namespaces.
 */
#ifndef NSC_OPS_REPORT_H
#define NSC_OPS_REPORT_H

#include <sys/socket.h>

#include "nsc/op.h"

/* What a child says about itself; what the numbers mean is up to the op. */
struct report {
	int64_t v[3];
};

/*
 * Fork a child that runs MAIN, which never returns; wait for what it, or its heir, sends to FD, and
 * with which credentials in the caller's terms.  0, or OP_BROKEN.
 */
int report_of(struct op_ctx *ctx, void (*main)(int fd, const void *params),
	      const void *params, struct report *report, struct ucred *creds);

/* Its parts: each returns 0, or OP_BROKEN. The reading end, and the one that the child sends to. */
int report_pair(struct op_ctx *ctx, int ends[2]);
int report_read(struct op_ctx *ctx, int fd, struct report *report, struct ucred *creds);
int report_reap(struct op_ctx *ctx, pid_t pid);

#endif
