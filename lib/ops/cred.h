/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials of a process as /proc/PID/status tells them: in the reader's terms.
 */
#ifndef NSC_OPS_CRED_H
#define NSC_OPS_CRED_H

#include "nsc/op.h"
#include "nsc/place.h"

#define IDS(F, S) \
	F(S, INT, uid, REQUIRED, 0, 0, "real user id") \
	F(S, INT, euid, REQUIRED, 0, 0, "effective user id") \
	F(S, INT, suid, REQUIRED, 0, 0, "saved user id") \
	F(S, INT, fsuid, REQUIRED, 0, 0, "user id for files") \
	F(S, INT, gid, REQUIRED, 0, 0, "real group id") \
	F(S, INT, egid, REQUIRED, 0, 0, "effective group id") \
	F(S, INT, sgid, REQUIRED, 0, 0, "saved group id") \
	F(S, INT, fsgid, REQUIRED, 0, 0, "group id for files") \
	F(S, INTS, groups, REQUIRED, 0, 0, "supplementary groups")

#define STATUS(F, S) \
	IDS(F, S) \
	F(S, FLAGS, inheritable, REQUIRED, cap_symbols, "inheritable capabilities") \
	F(S, FLAGS, permitted, REQUIRED, cap_symbols, "permitted capabilities") \
	F(S, FLAGS, effective, REQUIRED, cap_symbols, "effective capabilities") \
	F(S, FLAGS, bounding, REQUIRED, cap_symbols, "bounding set") \
	F(S, FLAGS, ambient, REQUIRED, cap_symbols, "ambient capabilities") \
	F(S, BOOL, no_new_privs, "no_new_privs is set")
FIELDS(status, STATUS);

extern const struct symbol securebit_symbols[]; /* SECBIT_* */

/*
 * Credentials in the status file of the process whose directory is DIR (or OP_BROKEN, as
 * target_dir() returns it); 0, or broken.
 */
int status_read(struct op_ctx *ctx, int dir, struct status *st);

#endif
