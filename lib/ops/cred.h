/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials of a process as /proc/PID/status tells them: in the reader's terms.
 */
#ifndef NSC_OPS_CRED_H
#define NSC_OPS_CRED_H

#include "nsc/op.h"
#include "nsc/place.h"

struct status {
	int64_t uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	struct ints groups;
	uint64_t inheritable, permitted, effective, bounding, ambient;
	bool no_new_privs;
};

/* Results of every op that has a struct status S as its result. */
#define STATUS_FIELDS(s) \
	F_INT(s, uid, REQUIRED, 0, 0, "real user id"), \
	F_INT(s, euid, REQUIRED, 0, 0, "effective user id"), \
	F_INT(s, suid, REQUIRED, 0, 0, "saved user id"), \
	F_INT(s, fsuid, REQUIRED, 0, 0, "user id for files"), \
	F_INT(s, gid, REQUIRED, 0, 0, "real group id"), \
	F_INT(s, egid, REQUIRED, 0, 0, "effective group id"), \
	F_INT(s, sgid, REQUIRED, 0, 0, "saved group id"), \
	F_INT(s, fsgid, REQUIRED, 0, 0, "group id for files"), \
	F_INTS(s, groups, REQUIRED, 0, 0, "supplementary groups"), \
	F_FLAGS(s, inheritable, REQUIRED, cap_symbols, "inheritable capabilities"), \
	F_FLAGS(s, permitted, REQUIRED, cap_symbols, "permitted capabilities"), \
	F_FLAGS(s, effective, REQUIRED, cap_symbols, "effective capabilities"), \
	F_FLAGS(s, bounding, REQUIRED, cap_symbols, "bounding set"), \
	F_FLAGS(s, ambient, REQUIRED, cap_symbols, "ambient capabilities"), \
	F_BOOL(s, no_new_privs, "no_new_privs is set")

extern const struct symbol securebit_symbols[]; /* SECBIT_* */

/*
 * Credentials in the status file of the process whose directory is DIR (or OP_BROKEN, as
 * target_dir() returns it); 0, or broken.
 */
int status_read(struct op_ctx *ctx, int dir, struct status *st);

#endif
